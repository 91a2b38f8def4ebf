//! Planning: what is to be ordered, what is proposed and what a planner says to it, and what is expected of an item.

use super::super::acts::{self, Act};
use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell::{self, when};
use super::super::users::Role;
use super::chart;
use super::{Asked, either, filled, ground, show};
use crate::office::database::Tx;
use crate::office::plan::{
    self, DemandRow, ForecastRecord, Kind, LevelRecord, ProposalRecord, ReminderRecord,
};
use crate::office::{Error, Office};
use crate::planning::value::Money;
use crate::warehouse::{ItemCode, Quantity, SafeText, WarehouseCode};
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveDate, Utc};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const PATH: &str = "/planning";
/// Most reminders, and most proposals, on a page.
const MOST: usize = 200;
/// So much of its past stands in an item's picture, in periods.
const PAST: usize = 24;

/// Which item is looked at.
#[derive(Default, Deserialize)]
pub(in super::super) struct Look {
    item: Option<String>,
}

/// What is shown of an item.
struct Shown {
    item: ItemCode,
    past: Vec<DemandRow>,
    forecast: Option<ForecastRecord>,
    level: Option<LevelRecord>,
}

impl Shown {
    fn of(office: &Office, warehouse: &WarehouseCode, item: ItemCode) -> Result<Self, Error> {
        let mut past = office.known_demand(Utc::now(), warehouse, &item)?;
        past.drain(..past.len().saturating_sub(PAST));
        Ok(Self {
            past,
            forecast: office.forecast_of(warehouse, &item)?,
            level: office.levels(warehouse, Some(&item))?.into_iter().next(),
            item,
        })
    }
}

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
    look: Result<Query<Look>, QueryRejection>,
) -> Response {
    let done = async {
        let ground = ground(&desk, asked).await?;
        let item = look
            .ok()
            .and_then(|Query(look)| look.item)
            .filter(|item| !item.is_empty());
        let item = item
            .map(|item| item.trim().parse::<ItemCode>())
            .transpose()
            .map_err(|_| refused("This is no item."))?;
        let here = ground.here.clone();
        let (reminders, proposals, shown) = desk
            .ask(move |desk| {
                let reminders = desk.office.reminders(&here, false)?;
                let proposals = desk.office.proposals(&here, false)?;
                let item = item.or_else(|| reminders.first().map(|first| first.item.clone()));
                let shown = item
                    .map(|item| Shown::of(&desk.office, &here, item))
                    .transpose()?;
                Ok((reminders, proposals, shown))
            })
            .await?;
        let may = signed.person.role >= Role::Manager;
        let here = &ground.here;
        let main = html! {
            section.wide { h2 { "Time to order" } (to_order(here, &reminders)) }
            section.wide { h2 { "Proposals" } (proposed(here, &proposals, may)) }
            section.wide { h2 { "What is expected" } (item_form(here, shown.as_ref())) (expected(here, shown.as_ref(), may)) }
        };
        let main = html! { div.grid { (main) } };
        Ok(show(("Planning", PATH), &signed, &ground, &main))
    };
    either(done.await)
}

fn refused(text: &str) -> Response {
    shell::refusal(StatusCode::BAD_REQUEST, text)
}

fn to_order(here: &WarehouseCode, reminders: &[ReminderRecord]) -> Markup {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    html! {
        @if reminders.is_empty() { p { "Nothing is to be ordered." } } @else {
            @if reminders.len() > MOST { p { "The most urgent " (MOST) " of " (reminders.len()) "." } }
            table {
                thead { tr {
                    th { "Item" } th.n { "There and coming" } th.n { "Order" } th { "Lasts until" } th { "Ordered now, here on" } th { "Why" }
                    th { "Since" } th { "Answer" }
                } }
                tbody {
                    @for known in reminders.iter().take(MOST) {
                        tr {
                            td { a href=(at_item(here, &known.item)) { (known.item) } }
                            td.n { (known.position) }
                            td.n { (known.wanted) }
                            td { @if known.spare_days.is_some_and(|days| days < 0) { strong.bad { (day(known.stock_out)) ": too late" } } @else { (day(known.stock_out)) } }
                            td { (day(known.arrives_on)) }
                            td { (known.why) }
                            td { (when(known.opened_at)) }
                            td { (known.answer) }
                        }
                    }
                }
            }
        }
    }
}

fn at_item(here: &WarehouseCode, item: &ItemCode) -> String {
    let page = shell::at(PATH, here);
    // Codes are written as in any other query.
    let item = shell::written(item.as_str());
    format!("{page}&item={item}")
}

fn proposed(here: &WarehouseCode, proposals: &[ProposalRecord], may: bool) -> Markup {
    html! {
        @if proposals.is_empty() { p { "Nothing waits for a planner." } }
        @for known in proposals.iter().take(MOST) {
            h3 { (headline(known)) }
            table {
                thead { tr { th { "Item" } th.n { "Proposed" } th.n { "Quantity" } th.n { "Costs" } th { "Why" } @if may { th.act { "Change" } } } }
                tbody {
                    @for line in &known.lines {
                        tr {
                            td { a href=(at_item(here, &line.item)) { (line.item) } }
                            td.n { (line.proposed) }
                            td.n { (line.quantity) }
                            td.n { (line.value) }
                            td { (line.why) }
                            @if may { td.act {
                                form.row method="post" action="/planning/change" {
                                    (which(here, known.id))
                                    input type="hidden" name="item" value=(line.item);
                                    input name="quantity" required inputmode="decimal" size="7" value=(line.quantity) aria-label={ "Quantity of " (line.item) };
                                    button { "Change" }
                                }
                            } }
                        }
                    }
                }
            }
            @if may {
                div.row.act {
                    form.row method="post" action="/planning/accept" { (which(here, known.id)) button { "Accept number " (known.id) } }
                    form.row method="post" action="/planning/refuse" {
                        (which(here, known.id))
                        input name="why" required maxlength="200" placeholder="Why not" aria-label={ "Why not number " (known.id) };
                        button { "Refuse" }
                    }
                }
            }
        }
    }
}

fn which(here: &WarehouseCode, id: u64) -> Markup {
    html! {
        input type="hidden" name="warehouse" value=(here);
        input type="hidden" name="id" value=(id);
    }
}

fn headline(known: &ProposalRecord) -> Markup {
    let what = match known.kind {
        Kind::Purchase => "Buy from",
        Kind::Transfer => "Bring from",
    };
    html! {
        (what) " " (known.source) " for " (known.value())
        @if let Some(day) = known.order_on { ", order on " (day) }
        @if let Some(day) = known.arrives_on { ", here on " (day) }
        @if known.below_minimum > Money::ZERO { ": " (known.below_minimum) " below its smallest order" }
        @if !known.planner.is_empty() { " (changed by " (known.planner) ")" }
    }
}

fn item_form(here: &WarehouseCode, shown: Option<&Shown>) -> Markup {
    html! {
        form.row method="get" action=(PATH) {
            input type="hidden" name="warehouse" value=(here);
            label for="item" { "Item" }
            input id="item" name="item" required value=[shown.map(|shown| shown.item.as_str())];
            button { "Show" }
        }
    }
}

fn expected(here: &WarehouseCode, shown: Option<&Shown>, may: bool) -> Markup {
    let Some(shown) = shown else {
        return html! { p { "Name an item." } };
    };
    let Some(forecast) = &shown.forecast else {
        return html! { p { "There is no forecast of " (shown.item) ": nothing is known of it, or planning was not done yet." } };
    };
    html! {
        p { (forecast.why) "." }
        @if let Some(level) = &shown.level {
            p { "Order at " (level.levels.reorder_point) ", up to " (level.levels.preferred) ", as a rule " (level.levels.lot) ". " (level.why()) "." }
        }
        (chart::picture(&shown.past, forecast))
        p { "What was wanted, what is expected, and between what four of five and nineteen of twenty come." }
        table {
            thead { tr { th { "Period" } th.n { "Expected" } th.n { "Four of five" } th.n { "Nineteen of twenty" } th { "Planner" } } }
            tbody {
                @for step in &forecast.steps {
                    tr {
                        td { (step.name) }
                        td.n { (step.mean) }
                        td.n { (step.often.0) " – " (step.often.1) }
                        td.n { (step.nearly.0) " – " (step.nearly.1) }
                        td {
                            @if let Some(said) = step.planner { strong { (said) } }
                            @if may {
                                form.row.act method="post" action="/planning/override" {
                                    input type="hidden" name="warehouse" value=(here);
                                    input type="hidden" name="item" value=(shown.item);
                                    input type="hidden" name="period" value=(step.day);
                                    input name="quantity" required inputmode="decimal" size="7" aria-label={ "Expected instead in " (step.name) };
                                    input name="why" required maxlength="200" placeholder="Why" aria-label={ "Why in " (step.name) };
                                    button { "Expect" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Which proposal, and what is said to it.
#[derive(Deserialize)]
pub(in super::super) struct Wish {
    warehouse: String,
    id: u64,
    #[serde(default)]
    why: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    quantity: String,
}

type Wished = Result<Form<Wish>, FormRejection>;

/// Does what a form wishes and notes it with the name of who did, all or nothing.
async fn decide(
    desk: &Arc<Desk>,
    signed: &Signed,
    form: Wished,
    act: &'static str,
    work: impl FnOnce(&Tx, &WarehouseCode, &Wish, &str) -> Result<String, Error> + Send + 'static,
) -> Result<Response, Response> {
    signed.needs(Role::Manager)?;
    let wish = filled(form)?;
    let warehouse: WarehouseCode = wish
        .warehouse
        .parse()
        .map_err(|_| refused("This is no warehouse."))?;
    let (who, place) = (signed.person.name.clone(), warehouse.clone());
    desk.ask(move |desk| {
        desk.office.write(|tx| {
            let note = work(tx, &place, &wish, who.as_str())?;
            let act = Act::new(act, &format!("{place}/{}", wish.id), &note);
            acts::note(tx, Utc::now(), Some(&who), &act)
        })
    })
    .await?;
    Ok(Redirect::to(&shell::at(PATH, &warehouse)).into_response())
}

pub(in super::super) async fn accept(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Wished,
) -> Response {
    let work = |tx: &Tx, place: &WarehouseCode, wish: &Wish, who: &str| {
        let made = plan::accept(tx, Utc::now(), place, wish.id, None, who)?;
        Ok(made.map(|order| order.to_string()).unwrap_or_default())
    };
    either(decide(&desk, &signed, form, "proposal_accepted", work).await)
}

pub(in super::super) async fn refuse(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Wished,
) -> Response {
    let work = |tx: &Tx, place: &WarehouseCode, wish: &Wish, who: &str| {
        plan::refuse(tx, Utc::now(), place, wish.id, (who, &wish.why))?;
        Ok(wish.why.clone())
    };
    either(decide(&desk, &signed, form, "proposal_refused", work).await)
}

pub(in super::super) async fn change(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Wished,
) -> Response {
    let work = |tx: &Tx, place: &WarehouseCode, wish: &Wish, who: &str| {
        let unknown = |what, code: &str| Error::Unknown {
            what,
            code: SafeText::new(code).to_string(),
        };
        let item: ItemCode = wish.item.parse().map_err(|_| unknown("item", &wish.item))?;
        let quantity: Quantity = wish
            .quantity
            .trim()
            .parse()
            .map_err(|_| unknown("quantity", &wish.quantity))?;
        plan::change(tx, place, wish.id, &item, quantity, who)?;
        Ok(format!("{quantity} of {item}"))
    };
    either(decide(&desk, &signed, form, "proposal_changed", work).await)
}

/// What is expected instead.
#[derive(Deserialize)]
pub(in super::super) struct Word {
    warehouse: String,
    item: String,
    period: String,
    quantity: String,
    why: String,
}

pub(in super::super) async fn expect(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Word>, FormRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Manager)?;
        let word = filled(form)?;
        let warehouse: WarehouseCode = word
            .warehouse
            .parse()
            .map_err(|_| refused("This is no warehouse."))?;
        let item: ItemCode = word.item.parse().map_err(|_| refused("This is no item."))?;
        let quantity: Quantity = word
            .quantity
            .trim()
            .parse()
            .map_err(|_| refused("This is no quantity."))?;
        let (who, place, to) = (
            signed.person.name.clone(),
            warehouse.clone(),
            at_item(&warehouse, &item),
        );
        desk.ask(move |desk| {
            let by = (who.as_str(), word.why.as_str());
            let now = Utc::now();
            desk.office
                .override_forecast(now, &place, (&item, &word.period), Some(quantity), by)
        })
        .await?;
        Ok(Redirect::to(&to).into_response())
    };
    either(done.await)
}
