//! The pages beside the first one.

pub(super) mod account;
pub(super) mod acts;
pub(super) mod aged;
mod chart;
pub(super) mod counted;
pub(super) mod devices;
pub(super) mod exceptions;
pub(super) mod flows;
pub(super) mod import;
pub(super) mod item;
pub(super) mod map;
pub(super) mod moves;
pub(super) mod orders;
pub(super) mod parts;
pub(super) mod planning;
pub(super) mod reports;
pub(super) mod stock;
pub(super) mod tasks;
pub(super) mod wave;
pub(super) mod workers;

use super::desk::Desk;
use super::gate::Signed;
use super::shell::{self, Frame};
use crate::warehouse::WarehouseCode;
use axum::Form;
use axum::extract::Query;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::Response;
use maud::Markup;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Default, Deserialize)]
pub(super) struct Which {
    warehouse: Option<String>,
}

pub(super) type Asked = Result<Query<Which>, QueryRejection>;

/// Which warehouse is shown, and which there are.
#[derive(Clone)]
pub(super) struct Ground {
    pub here: WarehouseCode,
    pub all: Vec<WarehouseCode>,
}

/// The warehouse that was asked for, or the first. Error: a page that says that there is no such one.
pub(super) async fn ground(desk: &Arc<Desk>, asked: Asked) -> Result<Ground, Response> {
    let wanted = asked.ok().and_then(|Query(which)| which.warehouse);
    ground_of(desk, wanted.as_deref()).await
}

/// The same, by its code.
pub(super) async fn ground_of(desk: &Arc<Desk>, wanted: Option<&str>) -> Result<Ground, Response> {
    let all = desk.ask(|desk| desk.office.warehouse_codes()).await?;
    let here = match wanted {
        Some(code) => all.iter().find(|known| known.as_str() == code),
        None => all.first(),
    };
    let Some(here) = here.cloned() else {
        let text = "There is no such warehouse here. Import one first.";
        return Err(shell::refusal(StatusCode::NOT_FOUND, text));
    };
    Ok(Ground { here, all })
}

pub(super) fn show(
    (title, path): (&str, &str),
    signed: &Signed,
    ground: &Ground,
    main: &Markup,
) -> Response {
    let frame = Frame {
        title,
        path,
        person: &signed.person,
        here: &ground.here,
        warehouses: &ground.all,
        seen: None,
    };
    shell::page(&frame, main)
}

/// What a form says. Error: a page that says that it is not filled in.
#[expect(
    clippy::result_large_err,
    reason = "the error is the page that is sent"
)]
pub(super) fn filled<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Response> {
    form.map(|Form(filled)| filled).map_err(|_| {
        let text = "This form is not filled in as it should be.";
        shell::refusal(StatusCode::BAD_REQUEST, text)
    })
}

pub(super) fn either(done: Result<Response, Response>) -> Response {
    done.unwrap_or_else(|page| page)
}
