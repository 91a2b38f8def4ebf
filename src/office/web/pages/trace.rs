//! Following goods: the question as a form, the answer as tables and as a picture of the flow, and the same as CSV.

use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell::{self, when};
use super::{Asked, either, ground, show};
use crate::office::trace::{self, Exposure, Grouping, Traced, picture, write_sheet};
use crate::warehouse::{Goods, Timestamp};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use std::sync::Arc;

/// Most rows of a table; all of them are in the CSV.
const MOST: usize = 200;

/// What can be asked for: its name in the address, on the page, and how it is written.
const BY: [(&str, &str); 10] = [
    ("lot", "Lot (ITEM/LOT)"),
    ("serial", "Unit (ITEM/SERIAL)"),
    ("expiry", "Last day (FROM..TO)"),
    ("order", "Order or receipt"),
    ("supplier", "Supplier"),
    ("customer", "Customer"),
    ("shipment", "Shipment"),
    ("plate", "License plate"),
    ("worker", "Worker"),
    ("device", "Handheld"),
];

#[derive(Clone, Debug, Default, Deserialize)]
pub(in super::super) struct Form {
    #[serde(default)]
    by: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    way: String,
    #[serde(default)]
    until: String,
}

type Filled = Result<Query<Form>, QueryRejection>;

impl Form {
    /// The question. None: nothing was asked yet.
    fn question(&self) -> Result<Option<trace::Asked>, &'static str> {
        if self.of.trim().is_empty() {
            return Ok(None);
        }
        let goods = Grouping::read(&self.by, self.of.trim())
            .ok_or("This is not written as it should be: see the words beside the field.")?;
        let until = match self.until.trim() {
            "" => None,
            text => Some(text.parse::<Timestamp>().map_err(
                |_| "A moment is written with its offset, such as 2027-03-01T10:00:00Z.",
            )?),
        };
        Ok(Some(trace::Asked {
            goods,
            forward: self.way != "backward",
            until,
            warehouse: None,
        }))
    }
}

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
    form: Filled,
) -> Response {
    let done = async {
        let ground = ground(&desk, asked).await?;
        let form = form.map(|Query(form)| form).unwrap_or_default();
        let (answer, wrong) = match form.question() {
            Ok(Some(question)) => {
                let traced = desk.ask(move |desk| desk.office.trace(&question)).await?;
                (Some(traced), None)
            }
            Ok(None) => (None, None),
            Err(why) => (None, Some(why)),
        };
        let main = html! {
            (asks(&form, ground.here.as_str()))
            @if let Some(why) = wrong { p.alert role="alert" { (why) } }
            @if let Some(traced) = &answer { (answered(traced, &form)) }
        };
        Ok(show(("Trace", "/trace"), &signed, &ground, &main))
    };
    either(done.await)
}

/// The same answer as CSV.
pub(in super::super) async fn sheet(
    State(desk): State<Arc<Desk>>,
    _: Signed,
    form: Filled,
) -> Response {
    let done = async {
        let refused = |why| shell::refusal(StatusCode::BAD_REQUEST, why);
        let form = form.map(|Query(form)| form).unwrap_or_default();
        let question = form.question().map_err(refused)?;
        let question = question.ok_or_else(|| refused("Say which goods."))?;
        let traced = desk.ask(move |desk| desk.office.trace(&question)).await?;
        let mut text = Vec::new();
        write_sheet(&traced, &mut text).map_err(|why| refused_sheet(&why.to_string()))?;
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"trace.csv\"",
            ),
        ];
        Ok((headers, text).into_response())
    };
    either(done.await)
}

fn refused_sheet(why: &str) -> Response {
    shell::refusal(StatusCode::INTERNAL_SERVER_ERROR, why)
}

fn asks(form: &Form, warehouse: &str) -> Markup {
    html! {
        form.row method="get" action="/trace" {
            input type="hidden" name="warehouse" value=(warehouse);
            label { "Goods by "
                select name="by" {
                    @for (name, words) in BY { option value=(name) selected[form.by == name] { (words) } }
                }
            }
            label { "which "
                input name="of" required maxlength="120" value=(form.of);
            }
            label { "and "
                select name="way" {
                    option value="forward" { "what became of them" }
                    option value="backward" selected[form.way == "backward"] { "what they came from" }
                }
            }
            label { "as of "
                input name="until" maxlength="40" placeholder="now" value=(form.until);
            }
            button { "Follow" }
        }
    }
}

/// A value of a query as it is written in an address.
fn written(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn answered(traced: &Traced, form: &Form) -> Markup {
    if traced.goods.is_empty() {
        return html! { p { "Nothing in the books fits that." } };
    }
    let fields = [
        ("by", &form.by),
        ("of", &form.of),
        ("way", &form.way),
        ("until", &form.until),
    ];
    let query: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", written(value)))
        .collect();
    html! {
        p { a href={ "/trace.csv?" (query.join("&")) } { "All of it as CSV" } }
        div.wide { (PreEscaped(picture(traced))) }
        @if !traced.sent.is_empty() { (sent(traced)) }
        @if !traced.stands.is_empty() { (stands(traced)) }
        @if !traced.came.is_empty() { (came(traced)) }
        @if !traced.balance.is_empty() { (balance(traced)) }
    }
}

fn more(all: usize) -> Markup {
    html! { @if all > MOST { p { "The first " (MOST) " of " (all) "; the others are in the CSV." } } }
}

fn sent(traced: &Traced) -> Markup {
    html! {
        h2 { "With customers, or on the way" }
        table {
            thead { tr { th { "Customer" } th { "Order" } th { "Goods" } th { "Certain" } th { "Possible" } th { "Where" } th { "Carton" } } }
            tbody {
                @for it in traced.sent.iter().take(MOST) {
                    tr {
                        td { (it.customer) }
                        td { @if let Some(order) = &it.order { (order) } }
                        td { (named(&it.goods)) }
                        (amounts(it.amount))
                        td { (it.stage.name()) }
                        td { (it.plate) }
                    }
                }
            }
        }
        (more(traced.sent.len()))
    }
}

fn stands(traced: &Traced) -> Markup {
    html! {
        h2 { "There still" }
        table {
            thead { tr { th { "Warehouse" } th { "Place" } th { "Goods" } th { "Certain" } th { "Possible" } } }
            tbody {
                @for it in traced.stands.iter().take(MOST) {
                    tr {
                        td { (it.warehouse) }
                        td { (it.place.to_string()) }
                        td { (named(&it.goods)) }
                        (amounts(it.amount))
                    }
                }
            }
        }
        (more(traced.stands.len()))
    }
}

fn came(traced: &Traced) -> Markup {
    html! {
        h2 { "How they came in" }
        table {
            thead { tr { th { "When" } th { "How" } th { "Order" } th { "From" } th { "Goods" } th { "Certain" } th { "Possible" } } }
            tbody {
                @for it in traced.came.iter().take(MOST) {
                    tr {
                        td { (when(it.at)) }
                        td { (it.how.name()) }
                        td { (it.order) }
                        td { (it.partner) }
                        td { (named(&it.goods)) }
                        (amounts(it.amount))
                    }
                }
            }
        }
        (more(traced.came.len()))
    }
}

fn balance(traced: &Traced) -> Markup {
    html! {
        h2 { "Mass balance" }
        table {
            thead {
                tr {
                    th { "Item" } th { "Came" } th { "Made" } th { "Sent" } th { "Used" } th { "Written off" } th { "Unknown" }
                    th { "Left" } th { "Not accounted for" }
                }
            }
            tbody {
                @for it in traced.balance.iter().take(MOST) {
                    tr {
                        td { (it.item) }
                        @for part in [it.came, it.made, it.sent, it.used, it.lost, it.unknown, it.left] {
                            td { (part.certain.to_string()) @if part.possible.is_positive() { " + perhaps " (part.possible.to_string()) } }
                        }
                        td { (it.open.to_string()) }
                    }
                }
            }
        }
    }
}

fn amounts(amount: Exposure) -> Markup {
    html! { td { (amount.certain.to_string()) } td { (amount.possible.to_string()) } }
}

fn named(goods: &Goods) -> String {
    let lot = goods.lot.as_ref().map(|lot| format!("/{lot}"));
    let serial = goods.serial.as_ref().map(|serial| format!("/{serial}"));
    let (lot, serial) = (lot.unwrap_or_default(), serial.unwrap_or_default());
    format!("{}{lot}{serial}", goods.item)
}
