//! Every sentence a worker can read, in English. A sentence says what to do next, and fits three rows of twenty columns.

mod asks;
mod labels;
mod notices;
mod pick;
mod receive;
mod several;
mod shift;
mod ship;
mod stock;
mod tags;

pub(super) use asks::*;
pub(super) use labels::*;
pub(super) use notices::*;
pub(super) use pick::{instead, only};
pub(super) use receive::{
    HOW_MANY_IN_IT, LEAD_WANTED, ON_NO_PALLET, ONE_IF_EMPTY, WHICH_ITEM, bin_kind, lead_pin,
    on_pallet,
};
pub(super) use shift::*;
pub(super) use ship::*;
pub(super) use stock::task_name;
pub(super) use tags::*;

use super::speech::say;
pub(super) use super::speech::tr;
use crate::flow::Choice;
use crate::handheld::{Extra, Link, MenuItem, Model, OwnWork, Panel, Screen, Tone};
use crate::warehouse::{
    Bin, Item, JobKind, LotCode, Place, Quantity, Reason, SafeText, SerialCode, StockRow, Task,
    Timestamp, ToteCode,
};
use chrono::NaiveDate;

pub(super) const MORE: &str = "What else?";
pub(super) const TAKE_INSTEAD: &str = "Take instead?";
pub(super) const TYPE_CODE: &str = "Key the code:";
pub(super) const SCAN_BADGE: &str = "Scan your badge";
pub(super) const FETCHING: &str = "Fetching from the office …";
pub(super) const KEY_PIN: &str = "Key your PIN, Enter";
pub(super) const LOOKING: &str = "Looking …";
pub(super) const QUEUE_EMPTY: &str = "Nothing is waiting. F2 asks the office again.";
pub(super) const LOOK_UP: &str = "Scan or key anything:";
pub(super) const NOT_KNOWN: &str = "Not known on this handheld. Sync, then try again.";
pub(super) const NOTHING_THERE: &str = "Nothing there.";
pub(super) const SCAN_OFFICE_CODE: &str = "Scan the enrolment code that the office shows.";
pub(super) const SCAN_BIN_TO_COUNT: &str = "Scan a bin, or key a bin or zone to count:";
pub(super) const NO_PORT: &str = "No scanner port found. Plug a scanner in, or key codes.";

/// How things stand with the office, in few letters or in full.
pub(super) fn link(link: &Link, in_full: bool) -> &'static str {
    tr(match (link, in_full) {
        (Link::Online, false) => "on",
        (Link::Online, true) => "online",
        (Link::Offline(_), false) => "OFF",
        (Link::Offline(_), true) => "OFFLINE",
        (Link::Barred(_), _) => "BARRED",
        (Link::Unknown, _) => "?",
    })
}

/// What stands on every screen of a practice.
pub(super) fn practice(in_full: bool) -> String {
    if in_full {
        return say!("PRACTICE: nothing counts");
    }
    say!("PRACTICE")
}

/// What the office lacks; nothing if it lacks nothing.
pub(super) fn unsent(count: u64, in_full: bool) -> String {
    match (count, in_full) {
        (0, _) => String::new(),
        (count, false) => format!(" ^{count}"),
        (count, true) => say!("  {count} unsent", count),
    }
}

/// A tone as a word.
pub(super) fn sign(tone: Tone) -> &'static str {
    tr(match tone {
        Tone::Good => "OK",
        Tone::Bad => "NO:",
        Tone::Note => "--",
    })
}

/// Where am I?
pub(super) fn title(model: &Model) -> String {
    match &model.screen {
        Screen::SetUp(_) => say!("SET-UP"),
        Screen::SignIn(_) if model.has_open_work() => say!("LOCKED"),
        Screen::SignIn(_) => say!("SIGN IN"),
        Screen::Menu { .. } => say!("MENU"),
        Screen::Own { .. } => say!("OTHER WORK"),
        Screen::Queue(_) => say!("WORK"),
        Screen::LookUp(_) => say!("LOOK UP"),
        Screen::Find(_) => say!("FIND"),
        Screen::Count(_) => say!("COUNT"),
        Screen::Messages => say!("OFFICE SAYS"),
        Screen::Shift(_) => say!("SHIFT"),
        Screen::Labels(_) => say!("LABELS"),
        Screen::Work(_) => match &model.work {
            Some(work) => task_name(work.task()),
            None => say!("WORK"),
        },
    }
}

/// What the keys do here.
pub(super) fn key_line(model: &Model) -> Vec<(&'static str, String)> {
    let word = |text: &'static str| tr(text).to_owned();
    match &model.screen {
        Screen::SetUp(set_up) => {
            let mut keys = if model.identity.is_none() {
                vec![("Enter", word("Use")), ("F4", word("Quit"))]
            } else {
                vec![("Esc", word("Back"))]
            };
            if model.settings.has_reader {
                let tags = if set_up.reads_tags {
                    "Tags off"
                } else {
                    "Tags"
                };
                keys.push(("F2", word(tags)));
            }
            keys
        }
        Screen::Find(_) => vec![("Esc", word("Back"))],
        Screen::SignIn(sign_in) if sign_in.who.is_some() => {
            vec![("Enter", word("Go")), ("Esc", word("Not me"))]
        }
        Screen::SignIn(_) => vec![("F4", word("Set-up"))],
        Screen::Menu { .. } => vec![("Enter", word("Take")), ("F1", word("Look up"))],
        Screen::Messages => vec![("Enter", word("Read")), ("Esc", word("Later"))],
        Screen::Own { .. } => vec![
            ("Enter", word("Begin")),
            ("Esc", word("Menu")),
            ("F1", word("Look")),
        ],
        Screen::Queue(_) => vec![
            ("Enter", word("Begin")),
            ("Esc", word("Menu")),
            ("F1", word("Look")),
            ("F2", word("Sync")),
        ],
        Screen::Count(count) => count_keys(count),
        Screen::LookUp(_) if model.can_print() => vec![
            ("Enter", word("Look")),
            ("F3", word("Label")),
            ("Esc", word("Back")),
        ],
        Screen::LookUp(_) if model.can_find() => vec![
            ("Enter", word("Look")),
            ("F2", word("Find")),
            ("Esc", word("Back")),
        ],
        Screen::LookUp(_) => vec![("Enter", word("Look")), ("Esc", word("Back"))],
        Screen::Labels(_) => vec![
            ("Enter", word("Print")),
            ("F2", word("Try now")),
            ("Esc", word("Menu")),
        ],
        Screen::Shift(_) => vec![
            ("Enter", word("Sync")),
            ("Esc", word("Menu")),
            ("F4", word("Sign out")),
        ],
        Screen::Work(draft) if matches!(draft.panel, Panel::Tags(_)) => {
            vec![("Enter", word("Confirm")), ("Esc", word("Back"))]
        }
        Screen::Work(draft) if draft.panel == Panel::Map => vec![("Esc", word("Back"))],
        Screen::Work(draft) if draft.panel != Panel::None => {
            vec![("Enter", word("Take")), ("Esc", word("Back"))]
        }
        Screen::Work(_) => {
            let first = model
                .first_extra()
                .map(|extra| short_extra(model.work.as_ref().map(|work| work.kind()), extra));
            let first = first.map(str::to_owned);
            let mut keys = vec![("F1", word("Look"))];
            keys.extend(first.map(|first| ("F2", first)));
            keys.extend([("F3", word("Undo")), ("F4", word("More"))]);
            keys
        }
    }
}

fn short_extra(work: Option<JobKind>, extra: Extra) -> &'static str {
    tr(match extra {
        Extra::Choice(Choice::Short) => match work {
            Some(JobKind::Load) => "Stays",
            Some(JobKind::Deliver) => "No",
            _ => "Short",
        },
        Extra::Choice(Choice::Skip) => "Skip",
        Extra::Choice(Choice::OtherBin) => "Bin",
        Extra::Choice(Choice::CloseCarton) => "Close",
        Extra::Choice(Choice::ToteFull) => "Full",
        Extra::Choice(Choice::HandOver) => "Hand on",
        Extra::Choice(Choice::Finish | Choice::EndBin) => "End",
        Extra::Choice(Choice::BinIsEmpty) => "Empty",
        Extra::Choice(Choice::Good) => "Good",
        Extra::Choice(Choice::Hold) => "Hold",
        Extra::Choice(Choice::Release) => "Release",
        Extra::Choice(Choice::Scrap) => "Waste",
        Extra::Choice(other) => receive::choice(other).1,
        Extra::Learn => "Learn",
        Extra::Insist => "Take",
        Extra::Undo => "Undo",
        Extra::ReadTags => "Tags",
        Extra::TypeCode => "Key",
        Extra::LookUp => "Look",
        Extra::Map => "Map",
        Extra::Leave => "Leave",
    })
}

/// What else can be done, in full.
pub(super) fn extra(work: JobKind, extra: Extra) -> String {
    tr(match extra {
        Extra::Choice(Choice::Short) => match work {
            JobKind::Load => "It stays behind",
            JobKind::Deliver => "None of it",
            _ => "Not enough here",
        },
        Extra::Choice(Choice::Skip) => "Skip to the end",
        Extra::Choice(Choice::OtherBin) => "Use another bin",
        Extra::Choice(Choice::CloseCarton) => "Close carton",
        Extra::Choice(Choice::ToteFull) => "Tote is full",
        Extra::Choice(Choice::HandOver) => "Leave it standing",
        Extra::Choice(Choice::HoldLine) => "Let office decide",
        Extra::Choice(Choice::Finish) => "I am finished",
        Extra::Choice(Choice::EndBin) => "Bin is counted",
        Extra::Choice(Choice::BinIsEmpty) => "Bin is empty",
        Extra::Choice(Choice::Good) => "It is good",
        Extra::Choice(Choice::Hold) => "Keep it back",
        Extra::Choice(Choice::Release) => "Release it",
        Extra::Choice(Choice::Scrap) => "Throw it away",
        Extra::Choice(other) => receive::choice(other).0,
        Extra::Learn => "I know this label",
        Extra::Insist => "Take it anyway",
        Extra::Undo => "Undo last step",
        Extra::ReadTags => "Read tags",
        Extra::TypeCode => "Key a code",
        Extra::LookUp => "Look up",
        Extra::Map => "Show the walk",
        Extra::Leave => "Put task back",
    })
    .to_owned()
}

/// The question before a list of reasons.
pub(super) fn why(choice: Choice, work: JobKind) -> &'static str {
    tr(match choice {
        Choice::Short if matches!(work, JobKind::Load) => "Why not loaded?",
        Choice::Short if matches!(work, JobKind::Deliver) => "Why not taken?",
        Choice::Short => "Why not enough?",
        Choice::OtherBin => "Why another bin?",
        Choice::HandOver | Choice::HoldLine => "Why leave it?",
        Choice::Hold => "Why keep it back?",
        Choice::Damaged => "What happened?",
        Choice::Release => "Why release it?",
        Choice::Scrap => "Why throw it away?",
        Choice::Close | Choice::Part => "Why not all?",
        _ => "Why?",
    })
}

/// A reason, as it is said of cartons on their way or of goods.
pub(super) fn reason_of(work: JobKind, why: Reason) -> &'static str {
    tr(match (work, why) {
        (JobKind::Load | JobKind::Deliver, Reason::TooFew) => "It is not there",
        (JobKind::Load | JobKind::Deliver, Reason::WrongGoods) => "Wrong goods",
        (_, why) => reason(why),
    })
}

/// A reason.
pub(super) fn reason(reason: Reason) -> &'static str {
    tr(match reason {
        Reason::BinEmpty => "Bin is empty",
        Reason::TooFew => "Too few there",
        Reason::Damaged => "Damaged",
        Reason::WrongGoods => "Wrong goods there",
        Reason::BinFull => "Bin is full",
        Reason::Blocked => "Can't reach it",
        Reason::DoesNotFit => "Does not fit",
        Reason::BetterPlace => "Better place",
        Reason::ShiftEnds => "My shift ends",
        Reason::NextZone => "Rest: other zone",
        Reason::OtherWork => "Wanted elsewhere",
        Reason::NotWanted => "Customer refuses",
        Reason::Suspect => "Something is off",
        Reason::FoundGood => "Looked: it is good",
        Reason::PastItsDate => "Past its date",
        Reason::Used => "Opened or used",
        Reason::NotDelivered => "Not delivered",
        Reason::ComesLater => "Comes later",
    })
}

/// A kind of work.
pub(super) fn kind(kind: JobKind) -> &'static str {
    tr(match kind {
        JobKind::Receive => "RECV",
        JobKind::Putaway => "PUT",
        JobKind::Pick => "PICK",
        JobKind::Pack => "PACK",
        JobKind::Load => "LOAD",
        JobKind::Deliver => "TOUR",
        JobKind::Move => "MOVE",
        JobKind::Replenish => "FILL",
        JobKind::Count => "COUNT",
        JobKind::Restate => "STATUS",
        JobKind::Return => "RETURN",
        JobKind::Assemble => "MAKE",
        JobKind::Disassemble => "APART",
    })
}

pub(super) fn menu_item(item: MenuItem) -> &'static str {
    tr(match item {
        MenuItem::Next => "Next task",
        MenuItem::Queue => "All tasks",
        MenuItem::Own => "Other work",
        MenuItem::LookUp => "Look up",
        MenuItem::Count => "Count by tags",
        MenuItem::Labels => "Labels, printer",
        MenuItem::Messages => "Office says …",
        MenuItem::Shift => "Shift end, sync",
        MenuItem::Lock => "Lock",
        MenuItem::SignOut => "Sign out",
        MenuItem::SetUp => "Set-up, scans",
        MenuItem::Practise => "Practise",
        MenuItem::EndPractice => "End practice",
    })
}

pub(super) fn own_work(item: OwnWork) -> &'static str {
    tr(match item {
        OwnWork::Move => "Move goods",
        OwnWork::Count => "Count bins",
        OwnWork::Restate => "Hold, damaged",
        OwnWork::Return => "Take a return",
        OwnWork::Receive => "Receive, no order",
    })
}

pub(super) fn go_on(work: JobKind) -> String {
    say!("Go on: {work}", work = kind(work))
}

pub(super) fn open_work(task: &Task) -> String {
    say!(
        "{task} is open here. Sign in to go on.",
        task = task_name(task)
    )
}

pub(super) fn tasks(count: usize, some_not_theirs: bool) -> String {
    match (count, some_not_theirs) {
        (1, false) => say!("1 task: x taken, ~ waits"),
        (1, true) => say!("1 task: x taken, ~ waits, - not yours"),
        (count, false) => say!("{count} tasks: x taken, ~ waits", count),
        (count, true) => say!("{count} tasks: x taken, ~ waits, - not yours", count),
    }
}

/// When a task should be done, behind it on a list.
pub(super) fn due(due: Timestamp) -> String {
    let due = due.with_timezone(&chrono::Local);
    say!(", due {due}", due = due.format("%m-%d %H:%M"))
}

/// How many lines a task has.
pub(super) fn line_count(lines: usize) -> String {
    match lines {
        1 => say!("1 line"),
        lines => say!("{lines} lines", lines),
    }
}

/// What the signs on a map mean.
pub(super) const MAP_SIGNS: &str = "@ you 1 next E end";

/// How far is still to walk.
pub(super) fn walk_left(centimetres: u64) -> String {
    say!(
        "Still to walk: {centimetres} m",
        centimetres = centimetres / 100
    )
}

/// Of how many orders work is.
pub(super) fn orders(count: usize) -> String {
    say!("{count} orders", count)
}

pub(super) fn cartons(done: usize, all: usize) -> String {
    say!("{done}/{all} cartons", done, all)
}

pub(super) fn lines(done: usize, all: usize) -> String {
    say!("{done}/{all} lines", done, all)
}

pub(super) fn count(done: Quantity, wanted: Quantity, unit: &str) -> String {
    say!("{done} of {wanted} {unit}", done, wanted, unit)
}

pub(super) fn with_tote(tote: &ToteCode) -> String {
    say!("with {tote}", tote)
}

pub(super) fn into_tote(tote: &ToteCode) -> String {
    say!("Into tote {tote}", tote)
}

pub(super) fn lot(lot: &LotCode) -> String {
    say!("Lot {lot}", lot)
}

pub(super) fn serial(serial: &SerialCode) -> String {
    say!("Serial {serial}", serial)
}

pub(super) fn expiry(date: NaiveDate) -> String {
    say!("Use by {date}", date)
}

pub(super) fn holds(item: &Item, holds: Quantity) -> String {
    say!(
        "{code}, this is {holds} {unit}",
        holds,
        code = item.code,
        unit = item.unit
    )
}

pub(super) fn bin(bin: &Bin) -> String {
    let kind = bin_kind(bin.kind);
    let frozen = tr(if bin.frozen { ", FROZEN" } else { "" });
    say!("Zone {zone}, {kind}{frozen}", kind, frozen, zone = bin.zone)
}

pub(super) fn stock_at(row: &StockRow) -> String {
    let lot = row
        .goods
        .lot
        .as_ref()
        .map_or_else(String::new, |lot| format!(" {lot}"));
    format!("{} x{}{lot}", place(row), row.quantity)
}

fn place(row: &StockRow) -> String {
    match &row.spot.place {
        Place::Bin(bin) => bin.to_string(),
        Place::Tote(tote) => say!("tote {tote}", tote),
        Place::Worker(worker) => say!("with {worker}", worker),
        Place::Order(order) => say!("packed {order}", order),
        Place::Truck(shipment) => say!("truck {shipment}", shipment),
        other => other.to_string(),
    }
}

pub(super) fn stock_of(row: &StockRow, name: &SafeText) -> String {
    let lot = row
        .goods
        .lot
        .as_ref()
        .map_or_else(String::new, |lot| format!(" {lot}"));
    format!("{} x {name}{lot}", row.quantity)
}
