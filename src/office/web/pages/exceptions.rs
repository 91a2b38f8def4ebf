//! What did not square, and who closed it why.

use super::super::acts::{self, Act};
use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell::{self, when};
use super::super::users::Role;
use super::{Asked, either, filled, ground, show};
use crate::office::{ExceptionRecord, exception};
use crate::warehouse::{SafeText, WarehouseCode};
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Most open exceptions on a page, and most that were closed lately.
const MOST: usize = 200;
const CLOSED: u32 = 20;

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
) -> Response {
    let done = async {
        let ground = ground(&desk, asked).await?;
        let mut open = desk.ask(|desk| desk.office.exceptions()).await?;
        open.retain(|known| known.warehouse == ground.here);
        let closed = desk
            .ask(|desk| desk.office.acts(Some("exception_closed"), CLOSED))
            .await?;
        let main = html! {
            (open_ones(&open, signed.person.role >= Role::Manager))
            h2 { "Closed lately, in all warehouses" }
            table {
                thead { tr { th scope="col" { "When" } th scope="col" { "Which" } th scope="col" { "By whom" } th scope="col" { "Why" } } }
                tbody {
                    @for done in &closed {
                        tr { td { (when(done.at)) } td { (done.act.thing) } td { (done.name) } td { (done.act.note) } }
                    }
                }
            }
        };
        Ok(show(("Exceptions", "/exceptions"), &signed, &ground, &main))
    };
    either(done.await)
}

fn open_ones(open: &[ExceptionRecord], may_close: bool) -> Markup {
    if open.is_empty() {
        return html! { p { "Nothing waits for a decision." } };
    }
    html! {
        @if open.len() > MOST { p { "The oldest " (MOST) " of " (open.len()) "." } }
        table {
            thead {
                tr {
                    th { "Number" } th { "Since" } th { "What" } th { "In words" } th { "Handheld" } th { "Task" }
                    @if may_close { th.act { "Decision" } }
                }
            }
            tbody {
                @for known in open.iter().take(MOST) {
                    tr {
                        td { (known.id) }
                        td { (when(known.at)) }
                        td { (known.kind.as_str().replace('_', " ")) }
                        td { (known.note) }
                        td { (known.device) }
                        td { (known.task) }
                        @if may_close { td.act { (close_form(known)) } }
                    }
                }
            }
        }
    }
}

fn close_form(known: &ExceptionRecord) -> Markup {
    html! {
        form.row method="post" action="/exceptions/close" {
            input type="hidden" name="warehouse" value=(known.warehouse);
            input type="hidden" name="id" value=(known.id);
            input name="why" required maxlength="200" placeholder="What was decided" aria-label={ "What was decided on " (known.id) };
            button { "Close" }
        }
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Wish {
    warehouse: String,
    id: u64,
    why: String,
}

pub(in super::super) async fn close(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Wish>, FormRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Manager)?;
        let Wish { warehouse, id, why } = filled(form)?;
        let refused = |text| shell::refusal(StatusCode::BAD_REQUEST, text);
        let warehouse: WarehouseCode = warehouse
            .parse()
            .map_err(|_| refused("This is no warehouse."))?;
        let why = SafeText::new(why.trim());
        if why.is_empty() {
            return Err(refused("Say what was decided: it is kept with your name."));
        }
        let (who, place) = (signed.person.name.clone(), warehouse.clone());
        desk.ask(move |desk| {
            desk.office.write(|tx| {
                exception::close(tx, &place, id)?;
                let act = Act::new("exception_closed", &format!("{place}/{id}"), why.as_str());
                acts::note(tx, chrono::Utc::now(), Some(&who), &act)
            })
        })
        .await?;
        Ok(Redirect::to(&shell::at("/exceptions", &warehouse)).into_response())
    };
    either(done.await)
}
