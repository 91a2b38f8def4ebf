//! Tags held against a step: what was seen of what is expected, what is missing, and what has no business here.

use super::parts::Page;
use super::{plain, words};
use crate::flow::{Aboard, Arriving, Swept, Work};
use crate::handheld::{Model, Spotted, Sweep};
use crate::scan::{RawEpc, Scan};
use crate::warehouse::JobKind;

pub(super) fn draw(model: &Model, sweep: &Sweep, page: &mut Page) {
    let Some(work) = &model.work else { return };
    let tags = model.tags_at_step(sweep);
    let scans: Vec<&Scan> = tags.iter().map(|it| &it.scan).collect();
    let read = words::tags_read(model, sweep.spotted.len(), sweep.is_full);
    page.text(&read, page.theme().quiet(), 2);
    if work.kind() == JobKind::Receive {
        return receive(model, sweep, work, page);
    }
    if let Some(aboard) = work.aboard(&scans) {
        return load(sweep, &tags, &aboard, page);
    }
    let (rows, strays) = work.sweep(&scans);
    let chooses = work.kind() == JobKind::Putaway;
    // What is not wanted must be seen, however long the list of what is.
    let spare = strays.len().min(2) + usize::from(!strays.is_empty());
    let first = if chooses { sweep.cursor } else { 0 };
    for (at, row) in rows.iter().enumerate().skip(first) {
        if page.left() < spare + 2 {
            break;
        }
        expected(row, chooses && at == sweep.cursor, page);
        for serial in row.missing(&scans) {
            if page.left() > spare {
                page.line(&words::missing(serial), page.theme().ask());
            }
        }
    }
    not_wanted(sweep, &tags, &strays, page);
}

fn not_wanted(sweep: &Sweep, tags: &[&Spotted], strays: &[usize], page: &mut Page) {
    if !strays.is_empty() {
        page.line(&words::unexpected(strays.len()), page.theme().ask());
    }
    for &at in strays {
        page.line(&stray(sweep, tags[at]), plain());
    }
}

/// The cartons of a stop: how many are heard, which are not; Up and Down move through the latter.
fn load(sweep: &Sweep, tags: &[&Spotted], aboard: &Aboard, page: &mut Page) {
    let spare = aboard.strays.len().min(2) + usize::from(!aboard.strays.is_empty());
    page.text(&words::stop_by_tags(aboard.stop), plain(), 2);
    let (seen, all) = (aboard.seen(), aboard.cartons.len());
    page.line(&words::cartons_seen(seen, all), page.theme().ask());
    let first = sweep.cursor.min((all - seen).saturating_sub(1));
    for plate in aboard.missing().skip(first) {
        if page.left() > spare {
            page.line(&words::carton_missing(plate), page.theme().ask());
        }
    }
    not_wanted(sweep, tags, &aboard.strays, page);
}

/// A delivery: what was heard comes first, each pallet with what it bears; Up and Down move through it.
fn receive(model: &Model, sweep: &Sweep, work: &Work, page: &mut Page) {
    let (tags, here) = model.tags_to_receive(sweep);
    let heard: Vec<(RawEpc, &Scan)> = tags.iter().map(|it| (it.tag.epc, &it.scan)).collect();
    let Some(arrived) = work.arrived(&heard) else {
        return;
    };
    let known = arrived.known + here;
    if known > 0 {
        page.line(&words::in_already(known), page.theme().quiet());
    }
    let spare = arrived.strays.len().min(2) + usize::from(!arrived.strays.is_empty());
    let mut rows: Vec<&Arriving> = arrived.rows.iter().collect();
    rows.sort_by_key(|row| !row.is_seen());
    let first = sweep.cursor.min(rows.len().saturating_sub(1));
    let mut plate = None;
    for row in rows.into_iter().skip(first) {
        if page.left() < spare + 2 {
            break;
        }
        match (row.is.plate, plate) {
            (Some(its), before) if before != Some(its) => {
                page.line(
                    &words::pallet_heard(its, row.plate_seen),
                    page.theme().quiet(),
                );
            }
            (None, Some(_)) => page.line(words::tr(words::ON_NO_PALLET), page.theme().quiet()),
            _ => {}
        }
        plate = row.is.plate;
        arriving(row, page);
    }
    not_wanted(sweep, &tags, &arrived.strays, page);
}

fn arriving(row: &Arriving, page: &mut Page) {
    page.line(row.is.item.name.as_str(), plain());
    let seen = if row.as_announced {
        words::as_announced(row.seen)
    } else {
        words::seen_of(row.seen, row.left)
    };
    page.line(&seen, page.theme().ask());
    if row.nested() > 0 {
        page.line(&words::nested(row.nested()), page.theme().quiet());
    }
}

fn expected(row: &Swept, is_chosen: bool, page: &mut Page) {
    let style = if is_chosen {
        page.theme().cursor()
    } else {
        plain()
    };
    page.line(row.expected.item.name.as_str(), style);
    if row.expected.plate.is_some() {
        page.line(words::plate_seen(row.plate_seen), page.theme().ask());
    }
    let seen = words::seen_of(row.seen, row.expected.wanted);
    page.line(&seen, page.theme().ask());
    if row.nested > 0 {
        page.line(&words::nested(row.nested), page.theme().quiet());
    }
}

fn stray(sweep: &Sweep, spotted: &Spotted) -> String {
    let name = sweep.item(spotted).map(|(item, _)| &item.name);
    words::stray(spotted, name)
}
