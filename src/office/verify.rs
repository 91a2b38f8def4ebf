//! Checking the books: does the stock equal the moves added up, do an item's moves sum to zero,
//! is every journal without a gap and its chain whole, and was every row posted or parked?

use super::database::{Database, Tx, values};
use super::{Error, Office, ledger};
use crate::warehouse::{Entry, Link};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// What is wrong, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding(pub String);

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Rows of journals.
    pub rows: u64,
    /// Moves.
    pub moves: u64,
    /// Stock rows.
    pub stock: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Most findings that are reported.
const MOST: usize = 1000;

impl Office {
    /// Looks at everything, in one consistent state.
    pub fn verify(&self) -> Result<Verified, Error> {
        self.database().read_at_length(look)
    }
}

/// The same for a database file that no office has open. It is not changed.
pub(super) fn file(path: &Path) -> Result<Verified, Error> {
    Database::read_file(path, look)
}

fn look(tx: &Tx) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    sound(tx, &mut verified)?;
    balances(tx, &mut verified)?;
    journals(tx, &mut verified)?;
    posted(tx, &mut verified)?;
    verified.findings.truncate(MOST);
    Ok(verified)
}

/// Is the file itself whole?
fn sound(tx: &Tx, verified: &mut Verified) -> Result<(), Error> {
    let damage = tx.damage()?;
    verified.findings.extend(damage.into_iter().map(Finding));
    Ok(())
}

type Key = [String; 7];

fn balances(tx: &Tx, verified: &mut Verified) -> Result<(), Error> {
    let mut sums: HashMap<Key, i64> = HashMap::new();
    let sql =
        "SELECT warehouse, item, lot, serial, quantity, source_place, source_plate, source_status,
                   target_place, target_plate, target_status FROM moves";
    tx.each(sql, &[], |row| {
        verified.moves += 1;
        let quantity = row.int("quantity")?;
        if quantity <= 0 {
            verified.findings.push(Finding(format!(
                "a move of {} is of {quantity} thousandths",
                row.text("item")?
            )));
        }
        let key = |place, plate, status| {
            let columns = ["warehouse", place, plate, status, "item", "lot", "serial"];
            let mut key = Key::default();
            for (slot, column) in key.iter_mut().zip(columns) {
                row.text(column)?.clone_into(slot);
            }
            Ok::<Key, Error>(key)
        };
        *sums
            .entry(key("source_place", "source_plate", "source_status")?)
            .or_default() -= quantity;
        *sums
            .entry(key("target_place", "target_plate", "target_status")?)
            .or_default() += quantity;
        Ok::<(), Error>(())
    })?;
    tx.each(
        "SELECT warehouse, place, plate, status, item, lot, serial, quantity FROM stock",
        &[],
        |row| {
            verified.stock += 1;
            let mut key = Key::default();
            for (slot, column) in key.iter_mut().zip([
                "warehouse",
                "place",
                "plate",
                "status",
                "item",
                "lot",
                "serial",
            ]) {
                row.text(column)?.clone_into(slot);
            }
            let (book, moved) = (row.int("quantity")?, sums.remove(&key).unwrap_or(0));
            if book != moved {
                verified.findings.push(Finding(format!(
                    "{} of {} at {} in {}: the book says {book} thousandths, the moves say {moved}",
                    key[5], key[4], key[1], key[0]
                )));
            }
            Ok::<(), Error>(())
        },
    )?;
    for (key, moved) in sums.into_iter().filter(|(_, moved)| *moved != 0) {
        verified.findings.push(Finding(format!(
            "{} at {} in {}: moves say {moved} thousandths, the book has no row",
            key[4], key[1], key[0]
        )));
    }
    zero_sums(tx, verified)
}

/// Stock appears from nowhere and vanishes to nowhere only on paper: with the accounts outside, each item sums to zero.
fn zero_sums(tx: &Tx, verified: &mut Verified) -> Result<(), Error> {
    let sql = "SELECT warehouse, item, SUM(quantity) AS sum FROM stock GROUP BY warehouse, item HAVING SUM(quantity) <> 0";
    for row in tx.rows(sql, &[])? {
        let text = format!(
            "{} in {} sums to {} thousandths, not to 0",
            row.text("item")?,
            row.text("warehouse")?,
            row.int("sum")?
        );
        verified.findings.push(Finding(text));
    }
    Ok(())
}

fn journals(tx: &Tx, verified: &mut Verified) -> Result<(), Error> {
    let sql = "SELECT DISTINCT device, epoch FROM journal j WHERE NOT EXISTS (
                   SELECT 1 FROM journals k WHERE k.device = j.device AND k.epoch = j.epoch)";
    for row in tx.rows(sql, &[])? {
        let (device, epoch) = (row.text("device")?, row.int("epoch")?);
        let text =
            format!("journal {epoch} of {device} has rows, but is not known to be acknowledged");
        verified.findings.push(Finding(text));
    }
    for head in tx.rows(
        "SELECT device, epoch, acked, head FROM journals ORDER BY device, epoch",
        &[],
    )? {
        let (device, epoch, acked) = (
            head.text("device")?,
            head.int("epoch")?,
            head.count("acked")?,
        );
        let mut link = Link::START;
        let mut expected = 1;
        let sql =
            "SELECT seq, line, chain FROM journal WHERE device = ?1 AND epoch = ?2 ORDER BY seq";
        tx.each(sql, values![device, epoch], |row| {
            verified.rows += 1;
            let seq = row.count("seq")?;
            if seq != expected {
                verified.findings.push(Finding(format!(
                    "journal {epoch} of {device}: row {expected} is missing"
                )));
            }
            link = link.next(row.text("line")?);
            if link.to_string() != row.text("chain")? {
                verified.findings.push(Finding(format!(
                    "journal {epoch} of {device}: row {seq} or one before it was changed"
                )));
                link = Link::from_hex(row.text("chain")?).unwrap_or(link);
            }
            expected = seq + 1;
            Ok::<(), Error>(())
        })?;
        if expected != acked + 1 {
            verified.findings.push(Finding(format!(
                "journal {epoch} of {device}: {acked} rows were acknowledged, {} are here",
                expected - 1
            )));
        }
        if link.to_string() != head.text("head")? {
            verified.findings.push(Finding(format!(
                "journal {epoch} of {device}: it does not end as was acknowledged"
            )));
        }
    }
    Ok(())
}

/// What moves of one row come to: item, lot, serial, from place, to place. Which plates they came off is the book's own affair.
type Sums = BTreeMap<[String; 5], i64>;

/// Every row that moves stock has just those moves in the ledger, and no move names a row that is not there.
fn posted(tx: &Tx, verified: &mut Verified) -> Result<(), Error> {
    let mut known = moves_of_rows(tx)?;
    let mut strange = BTreeSet::new();
    let sql = "SELECT device, epoch, seq, line, posted FROM journal";
    tx.each(sql, &[], |row| {
        let (device, epoch, seq) = key(&row)?;
        let moved = known
            .remove(&(device.clone(), epoch, seq))
            .unwrap_or_default();
        let wanted = match (
            row.flag("posted")?,
            serde_json::from_str::<Entry>(row.text("line")?),
        ) {
            (true, Ok(entry)) => sums(&entry),
            (true, Err(_)) => {
                strange.insert(format!(
                    "row {seq} of {device}: posted, but it cannot be read"
                ));
                moved.clone()
            }
            (false, _) => Sums::new(),
        };
        if moved != wanted {
            strange.insert(format!(
                "row {seq} of journal {epoch} of {device}: its moves are not what it says"
            ));
        }
        Ok::<(), Error>(())
    })?;
    strange.extend(known.keys().map(|(device, epoch, seq)| {
        format!("moves of row {seq} of journal {epoch} of {device}, which is not there")
    }));
    verified.findings.extend(strange.into_iter().map(Finding));
    Ok(())
}

fn key(row: &super::database::Row) -> Result<(String, i64, u64), Error> {
    let device = row.text("device")?.to_owned();
    Ok((device, row.int("epoch")?, row.count("seq")?))
}

fn moves_of_rows(tx: &Tx) -> Result<HashMap<(String, i64, u64), Sums>, Error> {
    let mut known: HashMap<_, Sums> = HashMap::new();
    let sql = "SELECT device, epoch, seq, item, lot, serial, source_place, target_place, quantity FROM moves
               WHERE device <> ''";
    tx.each(sql, &[], |row| {
        let mut what = <[String; 5]>::default();
        let columns = ["item", "lot", "serial", "source_place", "target_place"];
        for (slot, column) in what.iter_mut().zip(columns) {
            row.text(column)?.clone_into(slot);
        }
        let sums = known.entry(key(&row)?).or_default();
        *sums.entry(what).or_default() += row.int("quantity")?;
        Ok::<(), Error>(())
    })?;
    Ok(known)
}

fn sums(entry: &Entry) -> Sums {
    let mut sums = Sums::new();
    for step in ledger::moves(&entry.fact).unwrap_or_default() {
        let goods = &step.goods;
        let what = [
            goods.item.to_string(),
            ledger::text(goods.lot.as_ref()),
            ledger::text(goods.serial.as_ref()),
            step.source.place.to_string(),
            step.target.place.to_string(),
        ];
        *sums.entry(what).or_default() += step.quantity.thousandths();
    }
    sums
}
