//! Releasing a wave by hand: first what it would be, then the button.

use super::super::acts::{self, Act};
use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell;
use super::super::users::Role;
use super::{either, filled, ground_of, show};
use crate::office::wave::{self, Planned};
use crate::warehouse::{OrderCode, WarehouseCode};
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Orders of a wave unless someone says otherwise, and most of them.
const USUAL: usize = 100;
const MOST: usize = 1000;

/// What asks for a wave.
pub(super) fn form(here: &WarehouseCode, role: Role) -> Markup {
    html! {
        @if role >= Role::Manager {
            section.act {
                h2 { "Release a wave" }
                form.row method="post" action="/wave" {
                    input type="hidden" name="warehouse" value=(here);
                    label for="orders" { "Of so many open orders at most, the most urgent first" }
                    input id="orders" name="orders" type="number" min="1" max=(MOST) value=(USUAL) required;
                    button name="act" value="try" { "What would it be?" }
                }
            }
        }
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Wish {
    warehouse: String,
    orders: usize,
    act: String,
}

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Wish>, FormRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Manager)?;
        let Wish {
            warehouse,
            orders,
            act,
        } = filled(form)?;
        let ground = ground_of(&desk, Some(&warehouse)).await?;
        if !(1..=MOST).contains(&orders) {
            let text = format!("A wave has 1 to {MOST} orders.");
            return Err(shell::refusal(StatusCode::BAD_REQUEST, &text));
        }
        let here = ground.here.clone();
        if act == "release" {
            let who = signed.person.name.clone();
            let place = here.clone();
            desk.ask(move |desk| {
                desk.office.write(|tx| {
                    let now = chrono::Utc::now();
                    let planned = wave::released(tx, now, place.as_str(), orders)?;
                    let note = format!("{} orders, {} tasks", many(&planned), planned.carts.len());
                    let act = Act::new("wave_released", place.as_str(), &note);
                    acts::note(tx, now, Some(&who), &act)
                })
            })
            .await?;
            return Ok(Redirect::to(&shell::at("/tasks", &here)).into_response());
        }
        let planned = desk
            .ask(move |desk| {
                let rules = desk.office.rules(&here)?;
                desk.office
                    .plan_wave(chrono::Utc::now(), &here, rules, orders)
            })
            .await?;
        let main = drawn(&planned, &ground.here, orders);
        let title = ("What the wave would be", "/tasks");
        Ok(show(title, &signed, &ground, &main))
    };
    either(done.await)
}

fn many(planned: &Planned) -> usize {
    planned.carts.iter().map(|cart| cart.orders.len()).sum()
}

fn drawn(planned: &Planned, here: &WarehouseCode, orders: usize) -> Markup {
    if planned.carts.is_empty() {
        return html! {
            p { "Nothing would be released: no open order has stock that is free." }
            p { a href=(shell::at("/tasks", here)) { "Back to the tasks" } }
        };
    }
    html! {
        p {
            strong { (many(planned)) " orders in " (planned.carts.len()) " tasks, " (metres(planned.walk_cm)) " to walk. " }
            "First come, first served it were " (metres(planned.first_come_cm)) "; each order alone, " (metres(planned.alone_cm)) "."
        }
        div.scroll role="region" aria-label="Tasks of the wave" tabindex="0" {
            table {
                caption { "Tasks of the wave" }
                thead { tr { th scope="col" { "Orders" } th.n scope="col" { "Lines" } th.n scope="col" { "To walk" } } }
                tbody {
                    @for cart in &planned.carts {
                        tr {
                            th scope="row" { (cart.orders.iter().map(OrderCode::as_str).collect::<Vec<_>>().join(" ")) }
                            td.n { (cart.lines) }
                            td.n { (metres(cart.walk_cm)) }
                        }
                    }
                }
            }
        }
        @for short in planned.shorts.iter().chain(&planned.substituted) { p { (short) } }
        form.row.act method="post" action="/wave" {
            input type="hidden" name="warehouse" value=(here);
            input type="hidden" name="orders" value=(orders);
            button name="act" value="release" { "Release it" }
            a href=(shell::at("/tasks", here)) { "Leave it" }
        }
    }
}

fn metres(centimetres: Option<u64>) -> String {
    centimetres.map_or_else(|| "? m".to_owned(), |cm| format!("{} m", cm / 100))
}
