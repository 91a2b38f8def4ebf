//! Counts by tags: what was counted in a bin or a zone against the book. Nothing is moved; a person decides what a difference
//! means, and the bins that it can be in are counted by hand.

use super::count_task::{self, Wanted};
use super::database::{Tx, values};
use super::exception::{ExceptionKind, Posting};
use super::{Error, records};
use crate::warehouse::{Area, BinCode, Entry, Fact, Goods, Place, Quantity};
use std::collections::{BTreeMap, BTreeSet};

/// Most differences that a note names.
const NAMED: usize = 5;
/// Most facts of one count that are put together.
const MOST_PARTS: u64 = 400;
/// Most bins that one count has counted by hand.
const MOST_BINS: usize = 40;

/// What is held against the book: an item by itself, or one lot or unit of it where all of it was counted so.
type Key = (String, String);

/// One of these.
#[derive(Default)]
struct Held {
    count: Quantity,
    book: Quantity,
    /// Where it lies by the book, as far as that is in what was counted.
    bins: BTreeSet<BinCode>,
}

/// How closely the tags of an item tell its goods apart.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    #[default]
    Item,
    Lot,
    Serial,
}

impl Level {
    const fn of(goods: &Goods) -> Self {
        match (&goods.serial, &goods.lot) {
            (Some(_), _) => Self::Serial,
            (None, Some(_)) => Self::Lot,
            (None, None) => Self::Item,
        }
    }

    fn key(self, goods: &Goods) -> Key {
        let part = match self {
            Self::Item => None,
            Self::Lot => goods.lot.as_ref().map(|lot| format!(" lot {lot}")),
            Self::Serial => goods
                .serial
                .as_ref()
                .map(|serial| format!(" serial {serial}")),
        };
        (goods.item.to_string(), part.unwrap_or_default())
    }
}

/// Holds a count against the book when its last part is here, and tells a person where they differ.
/// Other facts are no counts.
pub(super) fn compare(tx: &Tx, posting: &mut Posting, entry: &Entry) -> Result<(), Error> {
    let Fact::TagsCounted {
        area,
        counted,
        unknown,
        more: false,
    } = &entry.fact
    else {
        return Ok(());
    };
    let mut all = parts_before(tx, posting, entry, |fact| match fact {
        Fact::TagsCounted {
            counted,
            more: true,
            ..
        } => Some(counted),
        _ => None,
    })?;
    all.extend(counted.iter().cloned());
    let differ = differences(&all, &book(tx, posting.warehouse, area)?);
    if differ.is_empty() {
        return Ok(());
    }
    posting.exception(
        tx,
        ExceptionKind::CountDiffers,
        &note(area, &differ, *unknown),
    )?;
    // Tags can be out of reach: a hand count is held against the book and corrects it.
    let bins = to_count(tx, posting.warehouse, area, &differ)?;
    let wanted = Wanted {
        bins: &bins,
        item: None,
        not_by: None,
        checks: 0,
        priority: 70,
        tells: false,
    };
    count_task::make(tx, posting.warehouse, &wanted).map(|_| ())
}

fn note(area: &Area, differ: &BTreeMap<Key, Held>, unknown: u32) -> String {
    let named = differ.iter().take(NAMED);
    let named: Vec<String> = named
        .map(|((item, part), held)| format!("{} of {item}{part} and not {}", held.count, held.book))
        .collect();
    let more = match differ.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more items differ"),
    };
    let strange = match unknown {
        0 => String::new(),
        unknown => format!("; not known: {unknown}"),
    };
    format!(
        "{area} by its tags holds {}{more}{strange}",
        named.join(", ")
    )
}

/// What the earlier facts of the same act and count name.
pub(super) fn parts_before(
    tx: &Tx,
    posting: &Posting,
    entry: &Entry,
    part_of: impl Fn(Fact) -> Option<Vec<(Goods, Quantity)>>,
) -> Result<Vec<(Goods, Quantity)>, Error> {
    let first = entry.act.max(posting.seq.saturating_sub(MOST_PARTS));
    let sql = "SELECT line FROM journal WHERE device = ?1 AND epoch = ?2 AND seq >= ?3 AND seq < ?4 ORDER BY seq";
    let mut parts = Vec::new();
    for row in tx.rows(
        sql,
        values![posting.device, posting.epoch, first, posting.seq],
    )? {
        // What cannot be read is no part of a count that can.
        let Ok(part) = serde_json::from_str::<Entry>(row.text("line")?) else {
            continue;
        };
        if part.act == entry.act {
            parts.extend(part_of(part.fact).into_iter().flatten());
        }
    }
    Ok(parts)
}

/// What there is by the book in a bin or zone, and in which bin.
fn book(tx: &Tx, warehouse: &str, area: &Area) -> Result<Vec<(Goods, BinCode, Quantity)>, Error> {
    let rows = match area {
        Area::Bin(bin) => {
            let place = Place::Bin(bin.clone()).to_string();
            let sql = "SELECT SUBSTR(place, 5) AS code, item, lot, serial, NULL AS expiry, quantity FROM stock
                       WHERE warehouse = ?1 AND place = ?2 AND quantity <> 0";
            tx.rows(sql, values![warehouse, place])
        }
        Area::Zone(zone) => {
            let sql =
                "SELECT b.code, s.item, s.lot, s.serial, NULL AS expiry, s.quantity FROM bins b
                       JOIN stock s ON s.warehouse = b.warehouse AND s.place = 'bin:' || b.code
                       WHERE b.warehouse = ?1 AND b.zone = ?2 AND s.quantity <> 0";
            tx.rows(sql, values![warehouse, zone.as_str()])
        }
    }?;
    let held = |row: &super::database::Row| {
        let quantity = Quantity::from_thousandths(row.int("quantity")?);
        Ok((records::goods(row)?, row.parse("code")?, quantity))
    };
    rows.iter().map(held).collect()
}

/// What was counted otherwise than the book has it. Lots and units are compared where every tag of their item tells them.
fn differences(
    counted: &[(Goods, Quantity)],
    book: &[(Goods, BinCode, Quantity)],
) -> BTreeMap<Key, Held> {
    let mut levels: BTreeMap<&str, Level> = BTreeMap::new();
    for (goods, _) in counted {
        let level = levels.entry(goods.item.as_str()).or_insert(Level::Serial);
        *level = (*level).min(Level::of(goods));
    }
    let level = |goods: &Goods| levels.get(goods.item.as_str()).copied().unwrap_or_default();
    let mut all: BTreeMap<Key, Held> = BTreeMap::new();
    for (goods, quantity) in counted {
        let held = all.entry(level(goods).key(goods)).or_default();
        held.count = held.count.plus(*quantity);
    }
    for (goods, bin, quantity) in book {
        let held = all.entry(level(goods).key(goods)).or_default();
        held.book = held.book.plus(*quantity);
        held.bins.insert(bin.clone());
    }
    all.retain(|_, held| held.count != held.book);
    all
}

/// The bins that differences can be in: the one that was counted; of a zone those where what is missing lies by the book, as
/// far as there is one only; and where a unit that was counted here lies by the book.
fn to_count(
    tx: &Tx,
    warehouse: &str,
    area: &Area,
    differ: &BTreeMap<Key, Held>,
) -> Result<Vec<BinCode>, Error> {
    let mut bins: BTreeSet<BinCode> = match area {
        Area::Bin(bin) => [bin.clone()].into(),
        Area::Zone(_) => {
            let sure = differ.values().filter(|held| held.bins.len() == 1);
            sure.flat_map(|held| held.bins.clone()).collect()
        }
    };
    for ((item, part), held) in differ {
        let Some(serial) = part.strip_prefix(" serial ") else {
            continue;
        };
        if held.count > held.book && bins.len() < MOST_BINS {
            bins.extend(bins_of(tx, warehouse, item, serial)?);
        }
    }
    Ok(bins.into_iter().take(MOST_BINS).collect())
}

fn bins_of(tx: &Tx, warehouse: &str, item: &str, serial: &str) -> Result<Vec<BinCode>, Error> {
    let sql = "SELECT place FROM stock WHERE warehouse = ?1 AND item = ?2 AND serial = ?3 AND quantity > 0 ORDER BY place";
    let mut bins = Vec::new();
    for row in tx.rows(sql, values![warehouse, item, serial])? {
        bins.extend(row.parse::<Place>("place")?.bin().cloned());
    }
    Ok(bins)
}
