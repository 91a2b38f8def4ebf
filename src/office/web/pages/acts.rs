//! Who did what at the web page.

use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell::when;
use super::super::users::Role;
use super::{Asked, either, ground, show};
use axum::extract::State;
use axum::response::Response;
use maud::html;
use std::sync::Arc;

/// Most acts that are listed.
const MOST: u32 = 200;

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
) -> Response {
    let done = async {
        signed.needs(Role::Administrator)?;
        let ground = ground(&desk, asked).await?;
        let acts = desk.ask(|desk| desk.office.acts(None, MOST)).await?;
        let main = html! {
            table {
                thead { tr { th scope="col" { "When" } th scope="col" { "Who" } th scope="col" { "What" } th scope="col" { "Of what" } th scope="col" { "Why" } } }
                tbody {
                    @for done in &acts {
                        tr {
                            td { (when(done.at)) }
                            td { @if done.name.is_empty() { "at the office's machine" } @else { (done.name) } }
                            td { (done.act.act.as_str().replace('_', " ")) }
                            td { (done.act.thing) }
                            td { (done.act.note) }
                        }
                    }
                }
            }
        };
        Ok(show(("Who did what", "/acts"), &signed, &ground, &main))
    };
    either(done.await)
}
