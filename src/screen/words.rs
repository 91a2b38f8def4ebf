//! Every sentence a worker can read, in English. A sentence says what to do next, and fits three rows of twenty columns.

mod labels;
mod tags;

pub(super) use labels::*;
pub(super) use tags::*;

use crate::flow::{Ask, Choice, Refusal, Said, SaidKind};
use crate::handheld::{Extra, Link, MenuItem, Model, Notice, Panel, PortNews, Screen, Tally, Tone};
use crate::warehouse::{
    Bin, BinKind, Fact, Item, JobKind, LotCode, OrderCode, Place, Quantity, Reason, SafeText,
    SerialCode, StockRow, Timestamp, ToteCode,
};
use chrono::NaiveDate;

pub(super) const MORE: &str = "What else?";
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
pub(super) const SCAN_BIN_TO_COUNT: &str = "Scan or key the bin to count:";
pub(super) const NO_PORT: &str = "No scanner port found. Plug a scanner in, or key codes.";

/// How things stand with the office, in few letters or in full.
pub(super) const fn link(link: &Link, in_full: bool) -> &'static str {
    match (link, in_full) {
        (Link::Online, false) => "on",
        (Link::Online, true) => "online",
        (Link::Offline(_), false) => "OFF",
        (Link::Offline(_), true) => "OFFLINE",
        (Link::Barred(_), _) => "BARRED",
        (Link::Unknown, _) => "?",
    }
}

/// What the office lacks; nothing if it lacks nothing.
pub(super) fn unsent(count: u64, in_full: bool) -> String {
    match (count, in_full) {
        (0, _) => String::new(),
        (count, false) => format!(" ^{count}"),
        (count, true) => format!("  {count} unsent"),
    }
}

/// A tone as a word.
pub(super) const fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "OK",
        Tone::Bad => "NO:",
        Tone::Note => "--",
    }
}

/// Where am I?
pub(super) fn title(model: &Model) -> String {
    match &model.screen {
        Screen::SetUp(_) => "SET-UP".to_owned(),
        Screen::SignIn(_) if model.has_open_work() => "LOCKED".to_owned(),
        Screen::SignIn(_) => "SIGN IN".to_owned(),
        Screen::Menu { .. } => "MENU".to_owned(),
        Screen::Queue(_) => "WORK".to_owned(),
        Screen::LookUp(_) => "LOOK UP".to_owned(),
        Screen::Find(_) => "FIND".to_owned(),
        Screen::Count(_) => "COUNT".to_owned(),
        Screen::Shift(_) => "SHIFT".to_owned(),
        Screen::Labels(_) => "LABELS".to_owned(),
        Screen::Work(_) => match &model.work {
            Some(work) => format!("{} {}", kind(work.kind()), work.task().order()),
            None => "WORK".to_owned(),
        },
    }
}

/// What the keys do here.
pub(super) fn key_line(model: &Model) -> Vec<(&'static str, String)> {
    let word = |text: &str| text.to_owned();
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
        Screen::Queue(_) => vec![
            ("Enter", word("Begin")),
            ("Esc", word("Menu")),
            ("F1", word("Look")),
            ("F2", word("Sync")),
        ],
        Screen::Count(count) if count.bin.is_some() => {
            vec![("Enter", word("Record")), ("Esc", word("Back"))]
        }
        Screen::Count(_) => vec![("Enter", word("Use")), ("Esc", word("Menu"))],
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
        Screen::Work(draft) if draft.panel != Panel::None => {
            vec![("Enter", word("Take")), ("Esc", word("Back"))]
        }
        Screen::Work(_) => {
            let first = model
                .first_extra()
                .map(|extra| short_extra(extra).to_owned());
            let mut keys = vec![("F1", word("Look"))];
            keys.extend(first.map(|first| ("F2", first)));
            keys.extend([("F3", word("Undo")), ("F4", word("More"))]);
            keys
        }
    }
}

const fn short_extra(extra: Extra) -> &'static str {
    match extra {
        Extra::Choice(Choice::Short) => "Short",
        Extra::Choice(Choice::Skip) => "Skip",
        Extra::Choice(Choice::OtherBin) => "Bin",
        Extra::Choice(Choice::CloseCarton) => "Close",
        Extra::Insist => "Take",
        Extra::Undo => "Undo",
        Extra::ReadTags => "Tags",
        Extra::TypeCode => "Key",
        Extra::LookUp => "Look",
        Extra::Leave => "Leave",
    }
}

/// What else can be done, in full.
pub(super) fn extra(extra: Extra) -> String {
    match extra {
        Extra::Choice(Choice::Short) => "Not enough here",
        Extra::Choice(Choice::Skip) => "Skip to the end",
        Extra::Choice(Choice::OtherBin) => "Use another bin",
        Extra::Choice(Choice::CloseCarton) => "Close carton",
        Extra::Insist => "Take it anyway",
        Extra::Undo => "Undo last step",
        Extra::ReadTags => "Read tags",
        Extra::TypeCode => "Key a code",
        Extra::LookUp => "Look up",
        Extra::Leave => "Put task back",
    }
    .to_owned()
}

/// The question before a list of reasons.
pub(super) const fn why(choice: Choice) -> &'static str {
    match choice {
        Choice::Short => "Why not enough?",
        Choice::OtherBin => "Why another bin?",
        Choice::Skip | Choice::CloseCarton => "Why?",
    }
}

/// A reason.
pub(super) const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::BinEmpty => "Bin is empty",
        Reason::TooFew => "Too few there",
        Reason::Damaged => "Damaged",
        Reason::WrongGoods => "Wrong goods there",
        Reason::BinFull => "Bin is full",
        Reason::Blocked => "Can't reach it",
        Reason::DoesNotFit => "Does not fit",
        Reason::BetterPlace => "Better place",
    }
}

/// A kind of work.
pub(super) const fn kind(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Putaway => "PUT",
        JobKind::Pick => "PICK",
        JobKind::Pack => "PACK",
    }
}

pub(super) const fn menu_item(item: MenuItem) -> &'static str {
    match item {
        MenuItem::Next => "Next task",
        MenuItem::Queue => "All tasks",
        MenuItem::LookUp => "Look up",
        MenuItem::Count => "Count by tags",
        MenuItem::Labels => "Labels, printer",
        MenuItem::Shift => "Shift end, sync",
        MenuItem::Lock => "Lock",
        MenuItem::SignOut => "Sign out",
        MenuItem::SetUp => "Set-up, scans",
    }
}

pub(super) fn go_on(work: JobKind) -> String {
    format!("Go on: {}", kind(work))
}

pub(super) fn open_work(order: &OrderCode, work: JobKind) -> String {
    format!("{} {order} is open here. Sign in to go on.", kind(work))
}

pub(super) fn tasks(count: usize) -> String {
    match count {
        1 => "1 task: x taken, ~ waits".to_owned(),
        count => format!("{count} tasks: x taken, ~ waits"),
    }
}

/// When a task should be done, behind it on a list.
pub(super) fn due(due: Timestamp) -> String {
    let due = due.with_timezone(&chrono::Local);
    format!(", due {}", due.format("%m-%d %H:%M"))
}

/// How many lines a task has.
pub(super) fn line_count(lines: usize) -> String {
    match lines {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    }
}

pub(super) fn lines(done: usize, all: usize) -> String {
    format!("{done}/{all} lines")
}

/// What is to be done now, and the one thing to read from afar.
pub(super) fn ask(ask: &Ask) -> (String, Option<String>) {
    match ask {
        Ask::GoToBin(bin) => ("Go to, scan bin:".to_owned(), Some(bin.to_string())),
        Ask::TakeGoods(bin) => (format!("Take from {bin}:"), None),
        Ask::IsBinEmpty(bin) => ("Is it empty now?".to_owned(), Some(bin.to_string())),
        Ask::BringTo(bin) => ("Bring to, scan:".to_owned(), Some(bin.to_string())),
        Ask::NothingPicked => ("Nothing to bring.".to_owned(), None),
        Ask::ScanGoods(bin) => ("Scan goods at:".to_owned(), Some(bin.to_string())),
        Ask::PutInto(bin) => ("Put into, scan bin:".to_owned(), Some(bin.to_string())),
        Ask::HowMany(bin) => (format!("How many into {bin}?"), None),
        Ask::FillCarton(carton) => (format!("Scan into carton {carton}:"), None),
        Ask::CloseCarton(carton, Some(plate)) => {
            (format!("Label carton {carton}:"), Some(plate.to_string()))
        }
        Ask::CloseCarton(carton, None) => (format!("Scan carton {carton} label:"), None),
        Ask::Done => ("All done.".to_owned(), None),
    }
}

/// The rule of the step, for whoever waits a moment.
pub(super) const fn hint(ask: &Ask, has_printer: bool) -> Option<&'static str> {
    match ask {
        Ask::CloseCarton(_, Some(_)) if has_printer => Some("Enter prints it. Or scan another."),
        Ask::TakeGoods(_) | Ask::FillCarton(_) => Some("Scan each, or key the total + scan."),
        Ask::IsBinEmpty(_) => Some("1 Yes, empty   2 No"),
        Ask::HowMany(_) => Some("Enter: all. Or key how many."),
        Ask::CloseCarton(_, Some(_)) => Some("Stick it on, Enter. Or scan another."),
        Ask::NothingPicked => Some("Enter ends the task."),
        Ask::Done => Some("Enter: what next?"),
        Ask::GoToBin(_)
        | Ask::BringTo(_)
        | Ask::ScanGoods(_)
        | Ask::PutInto(_)
        | Ask::CloseCarton(_, None) => None,
    }
}

pub(super) fn count(done: Quantity, wanted: Quantity, unit: &str) -> String {
    format!("{done} of {wanted} {unit}")
}

pub(super) fn into_tote(tote: &ToteCode) -> String {
    format!("Into tote {tote}")
}

pub(super) fn lot(lot: &LotCode) -> String {
    format!("Lot {lot}")
}

pub(super) fn serial(serial: &SerialCode) -> String {
    format!("Serial {serial}")
}

pub(super) fn expiry(date: NaiveDate) -> String {
    format!("Use by {date}")
}

pub(super) fn holds(item: &Item, holds: Quantity) -> String {
    format!("{}, this is {holds} {}", item.code, item.unit)
}

pub(super) fn bin(bin: &Bin) -> String {
    let kind = match bin.kind {
        BinKind::PickFace => "pick face",
        BinKind::Reserve => "reserve",
        BinKind::Receiving => "receiving",
        BinKind::Packing => "packing",
        BinKind::Dock => "dock",
    };
    let frozen = if bin.frozen { ", FROZEN" } else { "" };
    format!("Zone {}, {kind}{frozen}", bin.zone)
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
        Place::Tote(tote) => format!("tote {tote}"),
        Place::Worker(worker) => format!("with {worker}"),
        Place::Order(order) => format!("packed {order}"),
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

/// What a scan is.
pub(super) fn said(said: &Said) -> String {
    let text = &said.text;
    match said.kind {
        SaidKind::Bin => format!("bin {text}"),
        SaidKind::Badge => format!("badge {text}"),
        SaidKind::Tote => format!("tote {text}"),
        SaidKind::Order => format!("order {text}"),
        SaidKind::Plate => format!("pallet label {text}"),
        SaidKind::Goods => format!("goods {text}"),
        SaidKind::Details if text.is_empty() => "a label without an item".to_owned(),
        SaidKind::Details => format!("lot or serial {text}"),
        SaidKind::Enrolment => "an enrolment code".to_owned(),
        SaidKind::Code => format!("code {text}"),
    }
}

/// A refusal, with what to do next.
pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotNow(what) => format!("That is {}. Not now: do what stands above.", said(what)),
        Refusal::WrongBin { said, wanted } => format!("That is {said}. Go to {wanted}."),
        Refusal::OtherLine { said, line } => {
            format!("{said} is line {line}. Scan again to do that first.")
        }
        Refusal::BinFirst { wanted } => format!("First scan the bin {wanted}."),
        Refusal::GoodsFirst => "First scan the goods.".to_owned(),
        Refusal::OtherGoods { said: what, wanted } => {
            format!("Wrong: {}. Take {wanted}.", said(what))
        }
        Refusal::NotInWork(what) => format!("Not in this work: {}. Put it aside.", said(what)),
        Refusal::WrongLot { said, wanted } => format!("Lot {said}. Wanted: lot {wanted}."),
        Refusal::WrongSerial { said, wanted } => format!("Serial {said}. Wanted: {wanted}."),
        Refusal::SerialTwice(serial) => format!("Serial {serial} is in already. Take another."),
        Refusal::LotMissing => "Now scan the lot code.".to_owned(),
        Refusal::SerialMissing => "Now scan the serial.".to_owned(),
        Refusal::TooMany { said, left } => {
            format!("That is {said}, only {left} wanted. Key how many.")
        }
        Refusal::FewerThanCounted { counted } => {
            format!("{counted} are in already. Undo to take back.")
        }
        Refusal::Nothing => "Key how many, more than 0.".to_owned(),
        Refusal::ScanEach => "Each has a serial: scan each one.".to_owned(),
        Refusal::AnswerFirst => "First answer: 1 Yes, 2 No.".to_owned(),
        Refusal::OnlyLine => "It is the only line left. Short it, or put the task back.".to_owned(),
        Refusal::AllPacked(item) => format!("All of {item} is done. Put it aside."),
        Refusal::CartonEmpty => "Nothing is in this carton. Scan a unit into it.".to_owned(),
        Refusal::NoPlateLeft => "No label left. Scan a printed SSCC label.".to_owned(),
        Refusal::PlateUsed(plate) => format!("{plate} is on another carton. Take a new label."),
        Refusal::NotSeen => "Nothing of it was read. Go closer, or scan it.".to_owned(),
        Refusal::OtherPlate(plate) => {
            let end = plate.to_string().split_off(12);
            format!("Label …{end} is not this order's. Scan again to use it.")
        }
        Refusal::NotHere => "Not at this step. Do what stands above.".to_owned(),
        Refusal::AllDone => "All done. Press Enter.".to_owned(),
    }
}

/// A notice.
pub(super) fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Refused(why) | Notice::PartRead(why) => refusal(why),
        Notice::NotWanted(_, name) => format!("{name} is not wanted here. Put it back."),
        Notice::Recorded(facts) => facts.first().map_or_else(String::new, fact),
        Notice::Finished(order) => format!("{order} is done."),
        Notice::TakenBack => "Last step undone.".to_owned(),
        Notice::NothingToTakeBack => "Nothing to undo here.".to_owned(),
        Notice::DoubleRead => "Read twice, counted once. For one more, scan again.".to_owned(),
        Notice::Unreadable(why) => format!("{why}"),
        Notice::NotRecorded(why) => {
            format!("NOT SAVED: {why}. Scan again; if it stays, call your lead.")
        }
        Notice::Trouble(why) => format!("Memory trouble: {why}. Call your lead."),
        Notice::GoingOn => "Going on where you stopped.".to_owned(),
        Notice::PutBack => "Task put back.".to_owned(),
        Notice::NoWork => "No task is free. F2 asks the office.".to_owned(),
        Notice::TakenByOther(device) => format!("{device} has it. Take another."),
        Notice::NotReady => "Still being picked. Take another.".to_owned(),
        Notice::FinishFirst => "First finish the open task.".to_owned(),
        Notice::NoTaskFor(what) => format!("No task for {}.", said(what)),
        Notice::NoSuchBin(bin) => format!("There is no bin {bin}. Scan another."),
        Notice::BinFrozen(bin) => format!("{bin} is frozen. Scan another."),
        Notice::ScanOtherBin => "Now scan the bin you use.".to_owned(),
        Notice::UnknownBadge(badge) => format!("Badge {badge} is not known here. Ask your lead."),
        Notice::NotFetched => "Not ready: the office's data is on its way. Wait.".to_owned(),
        Notice::BadgeFirst => "First scan your badge.".to_owned(),
        Notice::NotABadge(what) => format!("That is {}. Scan your badge.", said(what)),
        Notice::WrongPin(left) => format!("Wrong PIN. {left} tries left."),
        Notice::WaitForPin(seconds) => format!("Too many wrong PINs. Wait {seconds} s."),
        Notice::NoPin => "No PIN is set for you. Ask the office.".to_owned(),
        Notice::SignOutFirst => "Someone is signed in. Sign out first.".to_owned(),
        Notice::Syncing => "Asking the office …".to_owned(),
        Notice::Enrolled(warehouse) => format!("This handheld belongs to {warehouse} now."),
        Notice::NotEnrolled(why) => format!("Not taken in: {why}"),
        Notice::NotAnEnrolment(what) => format!("That is {}. Scan the office's code.", said(what)),
        Notice::Barred(why) => format!("The office bars this handheld: {why}"),
        Notice::AtOffice(note) => format!("Office: {note}"),
        Notice::PrinterAway(name, why) => format!("Label waits for {name}: {why}."),
        Notice::LabelTakenBack => "What it was for was taken back. Nothing to print.".to_owned(),
        Notice::LeadOnly => "Only a lead may do this.".to_owned(),
        Notice::Healed(what) => format!("Memory made whole: {what}."),
        Notice::NotReached(why) => format!("Office not reached, all is kept here: {why}"),
        Notice::AllAtOffice => "Everything is at the office.".to_owned(),
        Notice::StillSending(count) => format!("Sending, {count} to go."),
    }
}

/// A fact that was just put on disk.
fn fact(fact: &Fact) -> String {
    match fact {
        Fact::BinConfirmed { bin, .. } => format!("Bin {bin}."),
        Fact::GoodsConfirmed { .. } => "Goods found.".to_owned(),
        Fact::Picked {
            quantity, goods, ..
        } => format!("{quantity} x {} taken.", goods.item),
        Fact::PickedShort { missing, .. } => format!("{missing} short, noted."),
        Fact::LineSkipped { .. } => "Moved to the end.".to_owned(),
        Fact::BinChecked { empty: true, .. } => "Bin is empty, noted.".to_owned(),
        Fact::BinChecked { empty: false, .. } => {
            "Bin not empty, noted: it will be counted.".to_owned()
        }
        Fact::Dropped { bin, .. } => format!("Brought to {bin}."),
        Fact::PutAway { quantity, to, .. } => format!("{quantity} put into {to}."),
        Fact::Packed {
            quantity,
            goods,
            carton,
            ..
        } => format!("{quantity} x {} in carton {carton}.", goods.item),
        Fact::PutShort { missing, .. } | Fact::PackedShort { missing, .. } => {
            format!("{missing} missing, noted.")
        }
        Fact::CartonClosed { carton, sscc, .. } => format!("Carton {carton} closed: {sscc}"),
        Fact::TagsCounted { bin, .. } => format!("Count of {bin} noted. Next bin?"),
        Fact::LabelWanted { .. } => "The label goes to the printer.".to_owned(),
        Fact::SignedIn { .. }
        | Fact::SignedOut { .. }
        | Fact::TaskStarted { .. }
        | Fact::TaskLeft
        | Fact::TaskFinished
        | Fact::Undone { .. } => "Noted.".to_owned(),
    }
}

pub(super) fn tally(tally: &Tally) -> Vec<String> {
    let since = tally.since.map_or_else(String::new, |since| {
        format!(
            "Since {}",
            since.with_timezone(&chrono::Local).format("%H:%M")
        )
    });
    vec![
        since,
        format!("Tasks done   {}", tally.tasks),
        format!("Put away     {}", tally.put_away),
        format!("Picked       {}", tally.picked),
        format!("Cartons      {}", tally.cartons),
        format!("Given up     {}", tally.short),
    ]
}

/// Whether everything is at the office: said only when the office said so.
pub(super) fn office_has(model: &Model) -> String {
    if model.is_everything_at_office() {
        return "Everything is at the office.".to_owned();
    }
    let age = model.unsent.oldest.map_or_else(String::new, |oldest| {
        format!(", oldest {}", ago(model, oldest))
    });
    format!("{} unsent{age}. Enter sends.", model.unsent.count)
}

pub(super) fn last_word(model: &Model) -> String {
    let last = model.last_word.map_or_else(
        || "not yet".to_owned(),
        |at| format!("{} ago", ago(model, at)),
    );
    match &model.link {
        Link::Offline(why) | Link::Barred(why) => format!("Office last heard: {last}. {why}"),
        Link::Online | Link::Unknown => format!("Office last heard: {last}"),
    }
}

fn ago(model: &Model, at: Timestamp) -> String {
    let seconds = (model.now - at).num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

pub(super) fn port(port: &PortNews) -> String {
    match &port.open_on {
        Some(device) if port.why.is_empty() => format!("{}: {device}", port.name),
        Some(device) => format!("{}: {device}. {}", port.name, port.why),
        None => format!("{}: not there. {}", port.name, port.why),
    }
}
