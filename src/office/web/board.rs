//! The first page: what a warehouse does now. It refreshes itself whenever the office changes.

use super::desk::Desk;
use super::figures::{Board, DueOrder, Hourly};
use super::gate::Signed;
use super::pages::{self, Asked, either, ground};
use super::shell::{self, Frame, when};
use crate::office::Error;
use crate::warehouse::{Timestamp, WarehouseCode};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{Local, NaiveTime, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// How old lines an hour may be: they are read from all of today's journals.
const PACE_AGE: Duration = Duration::from_secs(60);
/// How long a browser waits for news before it asks again.
const WAIT: Duration = Duration::from_secs(25);

pub(super) async fn page(State(desk): State<Arc<Desk>>, signed: Signed, asked: Asked) -> Response {
    let done = async {
        // Before the figures are read: what changes meanwhile is news.
        let seen = *desk.news.borrow();
        let ground = ground(&desk, asked).await?;
        let here = ground.here.clone();
        let (now, board, paces) = desk
            .ask(move |desk| {
                let (now, today) = (Utc::now(), today());
                let board = desk.office.board(&here, now, today)?;
                Ok((now, board, paces(desk, &here, today)?))
            })
            .await?;
        let frame = Frame {
            title: "Activity",
            path: "/",
            person: &signed.person,
            here: &ground.here,
            warehouses: &ground.all,
            seen: Some(seen),
        };
        Ok(shell::page(
            &frame,
            &drawn(&board, &ground.here, &paces, now),
        ))
    };
    either(done.await)
}

/// When this day began, where the office stands.
fn today() -> Timestamp {
    let now = Local::now();
    let midnight = now.with_time(NaiveTime::MIN).earliest();
    // Where the clocks are put forward at midnight, the day begins a little later.
    midnight.map_or_else(Utc::now, |at| at.with_timezone(&Utc))
}

fn paces(desk: &Desk, here: &WarehouseCode, today: Timestamp) -> Result<Vec<Hourly>, Error> {
    let mut known = desk.paces.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, paces)) = known.get(here)
        && at.elapsed() < PACE_AGE
    {
        return Ok(paces.clone());
    }
    let paces = desk.office.hourly(here, today)?;
    known.insert(here.clone(), (Instant::now(), paces.clone()));
    Ok(paces)
}

fn drawn(board: &Board, here: &WarehouseCode, paces: &[Hourly], now: Timestamp) -> Markup {
    html! {
        div.grid {
            section { h2 { "Tasks" } (tasks(board)) }
            section { h2 { "Exceptions" } (exceptions(board)) }
            section { h2 { "Handhelds" } (devices(board)) }
            section { h2 { "Lines an hour today" } (hourly(paces)) }
        }
        section { h2 { "Orders that are not out" } (orders(board, here, now)) }
    }
}

fn tasks(board: &Board) -> Markup {
    html! {
        @if board.tasks.is_empty() { p { "There is no work, and none was done today." } } @else {
            table {
                thead { tr { th scope="col" { "Kind" } th.n scope="col" { "Waiting" } th.n scope="col" { "Begun" } th.n scope="col" { "Done today" } } }
                tbody {
                    @for (kind, count) in &board.tasks {
                        tr { td { (kind) } td.n { (count.waiting) } td.n { (count.started) } td.n { (count.done) } }
                    }
                }
            }
        }
    }
}

fn exceptions(board: &Board) -> Markup {
    html! {
        @if board.exceptions.is_empty() { p { "Nothing waits for a decision." } } @else {
            table {
                thead { tr { th scope="col" { "Kind" } th.n scope="col" { "Open" } } }
                tbody {
                    @for (kind, many) in &board.exceptions {
                        tr { td { (kind.replace('_', " ")) } td.n { (many) } }
                    }
                }
            }
        }
    }
}

fn devices(board: &Board) -> Markup {
    html! {
        @if board.devices.is_empty() { p { "No handheld is taken in here yet." } } @else {
            table {
                thead { tr { th scope="col" { "Handheld" } th scope="col" { "State" } th scope="col" { "Last heard" } } }
                tbody {
                    @for known in &board.devices {
                        tr {
                            td { (known.device.id) " " (known.name) }
                            td { (pages::devices::state(known)) }
                            td { (when(known.seen_at)) }
                        }
                    }
                }
            }
        }
    }
}

fn hourly(paces: &[Hourly]) -> Markup {
    html! {
        @if paces.is_empty() { p { "Nobody has worked today." } } @else {
            table {
                thead { tr { th scope="col" { "Worker" } th.n scope="col" { "Lines" } th.n scope="col" { "An hour" } } }
                tbody {
                    @for pace in paces {
                        tr {
                            td { (pace.worker) }
                            td.n { (pace.lines) }
                            td.n { @if let Some(an_hour) = pace.an_hour { (an_hour) } @else { "–" } }
                        }
                    }
                }
            }
        }
    }
}

fn orders(board: &Board, here: &WarehouseCode, now: Timestamp) -> Markup {
    html! {
        p { (board.open_orders) " open, " (board.late_orders) " late." }
        @if !board.orders.is_empty() {
            table {
                thead { tr { th scope="col" { "Order" } th scope="col" { "Customer" } th scope="col" { "State" } th scope="col" { "Due" } } }
                tbody {
                    @for order in &board.orders {
                        tr { th scope="row" { a href=(order_at(here, &order.code)) { (order.code) } } td { (order.partner) } td { (order.state) } td { (due(order, now)) } }
                    }
                }
            }
        }
    }
}

fn order_at(here: &WarehouseCode, order: &crate::warehouse::SafeText) -> String {
    shell::address(
        "/order",
        &[("warehouse", here.as_str()), ("order", order.as_str())],
    )
}

fn due(order: &DueOrder, now: Timestamp) -> Markup {
    html! {
        @match order.due {
            None => { "–" }
            Some(at) => { (when(at)) @if at < now { " " strong.bad { "late" } } }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Seen {
    seen: u64,
}

/// Answers with the office's state as a number, once it is another than the one that was seen, or after a while.
pub(super) async fn news(
    State(desk): State<Arc<Desk>>,
    _signed: Signed,
    Query(Seen { seen }): Query<Seen>,
) -> Response {
    let Ok(_place) = desk.waiting.clone().try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut news = desk.news.clone();
    let changed = news.wait_for(|now| *now != seen);
    // Nothing new in time is an answer too.
    let _ = tokio::time::timeout(WAIT, changed).await;
    let now = *desk.news.borrow();
    now.to_string().into_response()
}
