//! Taking in what handhelds push: every row once, in order, byte for byte, in one transaction with all that follows from it.
//! What a row says is never a reason to refuse it.

use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{
    Device, Document, Error, Office, count, counting, enrol, feed, hook, incarnation, lease,
    ledger, message, recall, records, stock_steps, twice, work,
};
use crate::fault::{self, Fault};
use crate::sync::{Limits, Outcome, OutcomeKind, Push, Pushed, RefusedKind, Row};
use crate::warehouse::{DeviceId, Entry, Link, Move, Place, Quantity, SafeText, Timestamp};
use serde::Deserialize;

/// What every row says, however new the program that wrote it.
#[derive(Deserialize)]
struct Head {
    seq: u64,
}

/// What was sent before with another content.
struct Fork {
    seq: u64,
}

impl Office {
    /// Takes rows in. Saying the same again changes nothing; a gap is answered by how far the journal has come.
    ///
    /// Refused only if the rows are no journal: too many, out of order, the chain broken. A row that was sent before
    /// with another content freezes the device: two handhelds share one name, and a person must look.
    pub fn push(&self, now: Timestamp, device: &Device, push: &Push) -> Result<Pushed, Error> {
        check(push)?;
        let done = self.write_in(device.warehouse.as_str(), |tx| take(tx, now, device, push))?;
        match done {
            Ok(pushed) => Ok(pushed),
            Err(Fork { seq }) => {
                let why = format!(
                    "Row {seq} was sent before with another content. A person must look at this handheld."
                );
                self.freeze(&device.id, &why)?;
                Err(Error::refused(RefusedKind::Fork, why))
            }
        }
    }
}

fn check(push: &Push) -> Result<(), Error> {
    let body = |note: &str| Err(Error::refused(RefusedKind::Body, note));
    if push.first == 0 || push.first > i64::MAX as u64 / 2 {
        return body("Rows are numbered from 1.");
    }
    if push.rows.len() > Limits::ROWS || push.rows.iter().any(|row| row.line.len() > Limits::LINE) {
        return Err(Error::refused(
            RefusedKind::Size,
            "Too many rows, or one too long.",
        ));
    }
    for (row, seq) in push.rows.iter().zip(push.first..) {
        match serde_json::from_str::<Head>(&row.line) {
            Ok(head) if head.seq == seq => {}
            _ => return body("A row is not the one its number says."),
        }
    }
    Ok(())
}

fn take(
    tx: &Tx,
    now: Timestamp,
    device: &Device,
    push: &Push,
) -> Result<Result<Pushed, Fork>, Error> {
    let (name, epoch) = (device.id.as_str(), push.epoch);
    enrol::seen(tx, now, &device.id)?;
    lease::renew(tx, now, device)?;
    let known = tx.first(
        "SELECT acked, head FROM journals WHERE device = ?1 AND epoch = ?2",
        values![name, epoch],
    )?;
    let (mut acked, mut link) = match &known {
        Some(row) => (
            row.count("acked")?,
            Link::from_hex(row.text("head")?).unwrap_or(Link::START),
        ),
        None => (0, Link::START),
    };
    let before = acked;
    let mut outcomes = Vec::new();
    for (row, seq) in push.rows.iter().zip(push.first..) {
        if seq <= acked {
            if !is_known(tx, name, epoch, seq, row)? {
                return Ok(Err(Fork { seq }));
            }
            if fault::is(Fault::PostedTwice)
                && let Ok(entry) = serde_json::from_str(&row.line)
            {
                let from = From::row(device, epoch, seq, now);
                outcomes.extend(settle(tx, &from, &entry)?.1);
            }
            continue;
        }
        let takes_gaps = fault::is(Fault::GapTaken);
        if seq > acked + 1 && !takes_gaps {
            break;
        }
        let next = link.next(&row.line);
        if next.to_string() != row.chain && !takes_gaps {
            return Err(Error::refused(
                RefusedKind::Body,
                format!("The chain is broken at row {seq}."),
            ));
        }
        outcomes.extend(append(tx, now, device, epoch, seq, row)?);
        (acked, link) = (seq, next);
    }
    if acked > before {
        let sql = "INSERT INTO journals (device, epoch, acked, head) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (device, epoch) DO UPDATE SET acked = excluded.acked, head = excluded.head";
        tx.run(sql, values![name, epoch, acked, link.to_string()])?;
        let warehouse = device.warehouse.as_str();
        feed::announce_posted(tx, warehouse, name, epoch, acked)?;
        hook::facts_arrived(tx, warehouse, name, epoch, (before + 1, acked))?;
    }
    Ok(Ok(Pushed {
        acked: acked.min(seen(push)),
        incarnation: incarnation(tx)?,
        outcomes,
        time: now,
    }))
}

/// The last row that a push lets be compared. What is known beyond it may be another handheld's of the same name:
/// only a handheld that shows its own row is told that it is here.
fn seen(push: &Push) -> u64 {
    match push.rows.len() as u64 {
        0 => u64::MAX,
        count => push.first + count - 1,
    }
}

fn is_known(tx: &Tx, device: &str, epoch: u32, seq: u64, row: &Row) -> Result<bool, Error> {
    let sql = "SELECT line, chain FROM journal WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
    let known = tx.first(sql, values![device, epoch, seq])?;
    if fault::is(Fault::ForkUnseen) {
        return Ok(true);
    }
    let same = |known: &super::database::Row| {
        Ok::<_, Error>(known.text("line")? == row.line && known.text("chain")? == row.chain)
    };
    known.as_ref().map_or(Ok(false), same)
}

fn append(
    tx: &Tx,
    now: Timestamp,
    device: &Device,
    epoch: u32,
    seq: u64,
    row: &Row,
) -> Result<Vec<Outcome>, Error> {
    let (name, received) = (device.id.as_str(), now.to_rfc3339());
    let from = From::row(device, epoch, seq, now);
    let (posted, outcomes) = match serde_json::from_str::<Entry>(&row.line) {
        Ok(entry) => settle(tx, &from, &entry)?,
        Err(_) => (false, vec![parked(seq)]),
    };
    let sql = "INSERT INTO journal (device, epoch, seq, line, chain, received_at, posted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let changed = if fault::is(Fault::RowChanged) {
        " "
    } else {
        ""
    };
    let line = format!("{}{changed}", row.line);
    let row = values![name, epoch, seq, line, &row.chain, received, posted];
    tx.run(sql, row)?;
    Ok(outcomes)
}

fn parked(seq: u64) -> Outcome {
    let note =
        "This office is too old to know what this says; it is kept and posted after an upgrade.";
    Outcome {
        seq,
        kind: OutcomeKind::Parked,
        note: SafeText::new(note),
    }
}

/// Which row.
#[derive(Clone, Copy)]
struct From<'a> {
    warehouse: &'a str,
    device: &'a str,
    epoch: u32,
    seq: u64,
    now: Timestamp,
}

impl<'a> From<'a> {
    fn row(device: &'a Device, epoch: u32, seq: u64, now: Timestamp) -> Self {
        Self {
            warehouse: device.warehouse.as_str(),
            device: device.id.as_str(),
            epoch,
            seq,
            now,
        }
    }

    fn posting(self, task: &'a str) -> Posting<'a> {
        let Self {
            warehouse,
            device,
            epoch,
            seq,
            now,
        } = self;
        Posting {
            warehouse,
            device,
            epoch,
            seq,
            task,
            now,
            outcomes: Vec::new(),
        }
    }
}

/// Posts a row, all that follows from it or nothing. A row that cannot be posted stays parked and a person is told:
/// no row may stand in the way of those behind it. Says whether it was posted.
fn settle(tx: &Tx, from: &From, entry: &Entry) -> Result<(bool, Vec<Outcome>), Error> {
    let task = entry.task.as_ref().map_or("", |task| task.as_str());
    match tx.whole(|| post(tx, from.posting(task), entry)) {
        Ok(outcomes) => Ok((true, outcomes)),
        Err(why) if why.is_of_the_data() => {
            let mut posting = from.posting(task);
            let note = format!(
                "row {} of {} cannot be posted: {why}",
                from.seq, from.device
            );
            posting.exception(tx, ExceptionKind::Unknown, &note)?;
            Ok((false, posting.outcomes))
        }
        Err(why) => Err(why),
    }
}

/// Does all that follows from a row that can be read.
fn post(tx: &Tx, mut posting: Posting, entry: &Entry) -> Result<Vec<Outcome>, Error> {
    let Some(steps) = ledger::moves(&entry.fact) else {
        let note = "a quantity that cannot be: nothing followed from it";
        posting.exception(tx, ExceptionKind::Unknown, note)?;
        return Ok(posting.outcomes);
    };
    let (warehouse, now) = (posting.warehouse, posting.now.to_rfc3339());
    let document = Document::Fact {
        device: posting.device.to_owned(),
        epoch: posting.epoch,
        seq: posting.seq,
    };
    for step in steps {
        check_known(tx, &mut posting, &step)?;
        recall::make_way(tx, warehouse, posting.now, &step)?;
        for step in ledger::off_plates(tx, warehouse, step)? {
            let left = ledger::post(tx, warehouse, &now, &document, &step)?;
            if left < Quantity::ZERO && step.source.place.is_inside() {
                let (item, place) = (&step.goods.item, &step.source.place);
                let note = format!("{place} holds {left} of {item} by the book: count it");
                posting.exception(tx, ExceptionKind::BelowZero, &note)?;
                if let Place::Bin(bin) = place {
                    stock_steps::look(tx, &posting, bin, item)?;
                }
            }
        }
    }
    count::compare(tx, &mut posting, entry)?;
    twice::look(tx, &mut posting, entry)?;
    counting::hear(tx, &mut posting, entry)?;
    stock_steps::judged(tx, &mut posting, entry)?;
    message::note(tx, &posting, entry)?;
    work::advance(tx, &mut posting, entry)?;
    recall::hear(tx, &mut posting, entry)?;
    Ok(posting.outcomes)
}

fn check_known(tx: &Tx, posting: &mut Posting, step: &Move) -> Result<(), Error> {
    if records::item(tx, step.goods.item.as_str())?.is_none() {
        posting.exception(
            tx,
            ExceptionKind::Unknown,
            &format!("there is no item {}", step.goods.item),
        )?;
    }
    if let Place::Bin(bin) = &step.target.place
        && records::bin(tx, posting.warehouse, bin.as_str())?.is_none()
    {
        posting.exception(
            tx,
            ExceptionKind::Unknown,
            &format!("there is no bin {bin}"),
        )?;
    }
    Ok(())
}

impl Office {
    /// What a device has pushed, in order: each row's number in its journal, and its line byte for byte.
    pub fn journal_of(&self, device: &DeviceId) -> Result<Vec<(u64, String)>, Error> {
        self.database().read(|tx| {
            let sql = "SELECT seq, line FROM journal WHERE device = ?1 ORDER BY epoch, seq";
            let rows = tx.rows(sql, values![device.as_str()])?;
            rows.iter()
                .map(|row| Ok((row.count("seq")?, row.text("line")?.to_owned())))
                .collect()
        })
    }

    /// Posts rows that were parked and can be read by now. Says how many.
    pub fn post_parked(&self, now: Timestamp) -> Result<u64, Error> {
        self.write(|tx| {
            let sql = "SELECT j.device, j.epoch, j.seq, j.line, d.warehouse FROM journal j JOIN devices d ON d.device = j.device
                       WHERE j.posted = 0 ORDER BY j.device, j.epoch, j.seq";
            let mut count = 0;
            for row in tx.rows(sql, &[])? {
                let Ok(entry) = serde_json::from_str::<Entry>(row.text("line")?) else { continue };
                let task = entry.task.as_ref().map_or("", |task| task.as_str());
                let from = From {
                    warehouse: row.text("warehouse")?,
                    device: row.text("device")?,
                    epoch: u32::try_from(row.count("epoch")?).unwrap_or(u32::MAX),
                    seq: row.count("seq")?,
                    now,
                };
                // One that still cannot be posted was told of when it came in.
                match tx.whole(|| post(tx, from.posting(task), &entry)) {
                    Ok(_) => {}
                    Err(why) if why.is_of_the_data() => continue,
                    Err(why) => return Err(why),
                }
                let sql = "UPDATE journal SET posted = 1 WHERE device = ?1 AND epoch = ?2 AND seq = ?3";
                tx.run(sql, values![from.device, from.epoch, from.seq])?;
                count += 1;
            }
            Ok(count)
        })
    }
}
