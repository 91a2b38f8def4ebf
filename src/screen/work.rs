//! The one work screen: draws every flow's prompt.

use super::parts::Page;
use super::{plain, words};
use crate::flow::{Ask, Prompt, Work};
use crate::handheld::{Draft, Extra, Model, Panel};
use crate::warehouse::{CartonType, Goods, JobKind, Quantity, SafeText, ShipCarton, Stop};

pub(super) fn draw(model: &Model, draft: &Draft, page: &mut Page) {
    let Some(work) = &model.work else { return };
    let prompt = work.prompt();
    match &draft.panel {
        Panel::More { cursor } => {
            let rows = model.extras().into_iter();
            let rows: Vec<String> = rows.map(|row| words::extra(work.kind(), row)).collect();
            page.line(words::tr(words::MORE), page.theme().ask());
            page.list(&numbered(&rows), *cursor);
        }
        Panel::Reasons { choice, cursor } => {
            let rows: Vec<String> = work
                .reasons(*choice)
                .iter()
                .map(|reason| words::reason_of(work.kind(), *reason).to_owned())
                .collect();
            page.line(words::why(*choice, work.kind()), page.theme().ask());
            page.list(&numbered(&rows), *cursor);
        }
        Panel::Instead { cursor, .. } => {
            let rows = words::instead(work.instead(), page.width());
            page.line(words::tr(words::TAKE_INSTEAD), page.theme().ask());
            page.list(&numbered(&rows), *cursor);
        }
        Panel::Typing(keyed) => {
            let verb = match &prompt.ask {
                Ask::Tell(_) => words::ask(&prompt.ask).0,
                ask => words::type_what(ask).to_owned(),
            };
            page.line(&verb, page.theme().ask());
            page.gap();
            page.line(&format!("> {keyed}_"), page.theme().big());
        }
        Panel::Map => {
            if let Some(map) = work.map() {
                super::map::draw(&map, page);
            }
        }
        Panel::Tags(sweep) => super::tags::draw(model, sweep, page),
        Panel::Lead(lead) => super::receive::draw_lead(lead, page),
        Panel::Learn(learn) => super::receive::draw_learn(work, learn, page),
        Panel::None => step(model, work, &prompt, draft, page),
    }
}

/// Rows behind the digits that choose them: 1 to 9, and 0 for the tenth.
pub(super) fn numbered(rows: &[String]) -> Vec<String> {
    rows.iter()
        .enumerate()
        .map(|(at, row)| match at {
            0..=8 => format!("{} {row}", at + 1),
            9 => format!("0 {row}"),
            _ => format!("  {row}"),
        })
        .collect()
}

fn step(model: &Model, work: &Work, prompt: &Prompt, draft: &Draft, page: &mut Page) {
    let (verb, big) = words::ask(&prompt.ask);
    progress(work.kind(), prompt, page);
    page.breathe();
    page.text(&verb, page.theme().ask(), 2);
    match (big, count(prompt)) {
        (Some(big), _) => page.big(&big),
        (None, Some(_)) if matches!(prompt.ask, Ask::HowMany(_)) => {
            left(prompt).iter().for_each(|left| page.big(left));
        }
        (None, Some(count)) if prompt.ask.is_about_count() => page.big(&count),
        (None, _) => {}
    }
    if let (Ask::BringTo(_) | Ask::PassOn(..), Some(tote)) = (&prompt.ask, prompt.tote) {
        page.line(&words::with_tote(tote), page.theme().ask());
    }
    if prompt.ask.is_choice() {
        let rows = prompt.choices.iter().copied().map(Extra::Choice);
        let rows: Vec<String> = rows.map(|row| words::extra(work.kind(), row)).collect();
        numbered(&rows)
            .iter()
            .for_each(|row| page.line(row, plain()));
    }
    page.breathe();
    if let Ask::TakeCarton(_, kind, contents) = &prompt.ask {
        carton(*kind, contents, page);
    }
    match &prompt.ask {
        Ask::CheckPlate(plate) => super::receive::announced(work, *plate, page),
        Ask::GoToDoor(shipment) => page.text(shipment.carrier.as_str(), plain(), 2),
        Ask::LoadCarton(_, carton, _) => page.line(carton.order.as_str(), plain()),
        Ask::HandOver(stop, carton) => {
            page.line(carton.order.as_str(), plain());
            address(stop, page);
        }
        Ask::NotTaken(_, carton) => contents(carton, page),
        Ask::Receiver(stop) | Ask::DeliveryCode(stop) => address(stop, page),
        _ => {}
    }
    if !matches!(prompt.ask, Ask::CheckPlate(_)) {
        item(prompt, page);
    }
    page.breathe();
    if !draft.digits.is_empty() {
        page.line(&format!("> {}_", draft.digits), page.theme().big());
    } else if let Some(hint) = words::hint(&prompt.ask, model.settings.has_printer) {
        page.text(words::tr(hint), page.theme().quiet(), 2);
    }
}

/// Whom a stop is at.
fn address(stop: &Stop, page: &mut Page) {
    page.text(stop.customer.as_str(), page.theme().ask(), 2);
    let most = page.left().saturating_sub(3);
    for line in stop.ship_to.iter().take(most) {
        page.line(line.as_str(), plain());
    }
}

/// What was packed into a carton.
fn contents(carton: &ShipCarton, page: &mut Page) {
    let most = page.left().saturating_sub(2);
    for (goods, quantity) in carton.goods.iter().take(most) {
        page.line(&format!("{quantity} x {}", goods.item), plain());
    }
}

/// A carton by its name, and what is to go into it.
fn carton(kind: Option<&CartonType>, contents: &[(Quantity, SafeText)], page: &mut Page) {
    if let Some(kind) = kind {
        page.line(kind.name.as_str(), plain());
    }
    let most = page.left().saturating_sub(3);
    for (quantity, name) in contents.iter().take(most) {
        page.line(&format!("{quantity} x {name}"), page.theme().quiet());
    }
}

fn count(prompt: &Prompt) -> Option<String> {
    let (item, (done, wanted)) = (prompt.item?, prompt.count?);
    let is_open = match prompt.ask {
        Ask::CountGoods(_) | Ask::PutInto(_) | Ask::MakeInto(_) | Ask::NameLot => true,
        // Nobody said how many would come.
        Ask::Receive | Ask::ReceiveOnto(_) => prompt.lines.1 == 0,
        _ => false,
    };
    if is_open && done == wanted {
        return Some(format!("{done} {}", item.unit));
    }
    Some(words::count(done, wanted, item.unit.as_str()))
}

/// What is left to do of the line in hand.
fn left(prompt: &Prompt) -> Option<String> {
    let (item, (done, wanted)) = (prompt.item?, prompt.count?);
    Some(format!("{} {}", wanted.minus(done), item.unit))
}

fn progress(work: JobKind, prompt: &Prompt, page: &mut Page) {
    let (done, all) = prompt.lines;
    if matches!(prompt.ask, Ask::Done) || all == 0 {
        return;
    }
    let text = match work {
        JobKind::Load | JobKind::Deliver => words::cartons(done, all),
        _ => words::lines(done, all),
    };
    let room = page
        .width()
        .saturating_sub(text.chars().count() + 3)
        .min(40);
    if room >= 10 {
        let full = room * done / all;
        page.line(
            &format!("{text} [{}{}]", "#".repeat(full), ".".repeat(room - full)),
            page.theme().quiet(),
        );
    } else {
        page.line(&text, page.theme().quiet());
    }
}

fn item(prompt: &Prompt, page: &mut Page) {
    let Some(item) = prompt.item else { return };
    if let Some(count) = count(prompt).filter(|_| !prompt.ask.is_about_count()) {
        page.line(&count, page.theme().ask());
    }
    if let Some(tote) = prompt.tote {
        page.line(&words::into_tote(tote), plain());
    }
    page.text(item.name.as_str(), plain(), 2);
    page.line(item.code.as_str(), page.theme().quiet());
    if let Some(goods) = &prompt.goods {
        details(goods, page);
    }
}

fn details(goods: &Goods, page: &mut Page) {
    if let Some(lot) = &goods.lot {
        page.line(&words::lot(lot), page.theme().ask());
    }
    if let Some(serial) = &goods.serial {
        page.line(&words::serial(serial), page.theme().ask());
    }
    if let Some(expiry) = &goods.expiry {
        page.line(&words::expiry(*expiry), plain());
    }
}
