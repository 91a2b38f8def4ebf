//! What a worker chose by themselves out of bins: loose goods, a plate, all of a bin. Held against what the handheld's
//! memory knows of it; a worker who sees better may insist.

use super::named::{self, Missing, Named, Names};
use super::refusal::{Refusal, Said};
use crate::scan::Scan;
use crate::warehouse::{
    Bin, BinCode, Fact, Goods, Known, Place, Quantity, SafeText, Sscc, Status, StockRow,
};

/// Goods chosen out of a bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Out of which bin.
    pub bin: BinCode,
    /// The license plate, if it was chosen as a whole.
    pub plate: Option<Sscc>,
    /// In which status.
    pub status: Status,
    /// What.
    pub goods: Goods,
    /// How much.
    pub quantity: Quantity,
}

/// All that was chosen so far; the last of it last.
#[derive(Clone, Debug, Default)]
pub(super) struct Hand(pub Vec<Held>);

/// What a scan adds to it; first what has to be recorded of its name.
pub(super) struct Found {
    pub name: Option<Fact>,
    pub held: Vec<Held>,
}

impl Hand {
    fn had(&self, goods: &Goods) -> Quantity {
        let loose = self.0.iter().filter(|held| held.plate.is_none());
        let same = loose.filter(|held| named::same(&held.goods, goods));
        same.map(|held| held.quantity).sum()
    }

    /// Adds what was recorded.
    pub fn add(&mut self, more: Held) {
        let same = |held: &Held| {
            (&held.bin, held.plate, held.status) == (&more.bin, more.plate, more.status)
                && named::same(&held.goods, &more.goods)
        };
        match self.0.iter().position(same) {
            Some(at) => {
                let mut held = self.0.remove(at);
                held.quantity = held.quantity.plus(more.quantity);
                self.0.push(held);
            }
            None => self.0.push(more),
        }
    }

    /// Takes off what was recorded as gone.
    pub fn take_off(&mut self, goods: &Goods, plate: Option<Sscc>, quantity: Quantity) {
        let mut left = quantity;
        for held in &mut self.0 {
            if held.plate == plate && named::same(&held.goods, goods) {
                let part = left.min(held.quantity);
                held.quantity = held.quantity.minus(part);
                left = left.minus(part);
            }
        }
        self.0.retain(|held| held.quantity.is_positive());
    }

    /// What a scan of goods adds, at a bin. `total`: how many were keyed for it.
    pub fn goods(
        &self,
        names: &Names,
        bin: &BinCode,
        scan: &Scan,
        known: Option<&Known>,
        (total, insisted): (Option<Quantity>, bool),
    ) -> Result<Found, Refusal> {
        let mut named = names.read(scan, known, total)?;
        let stock: &[StockRow] = match known {
            Some(Known::Item { stock, .. }) => stock,
            _ => &[],
        };
        let here =
            |row: &&StockRow| row.spot.place.bin() == Some(bin) && row.quantity.is_positive();
        only_lot(&mut named, stock.iter().filter(here));
        if named.missing.is_some() {
            return Ok(Found {
                name: named.fact,
                held: Vec::new(),
            });
        }
        let quantity = named::more(&named, self.had(&named.goods))?;
        let of_it = |row: &&StockRow| named::same(&row.goods, &named.goods);
        let mut rows: Vec<&StockRow> = stock.iter().filter(here).filter(of_it).collect();
        rows.sort_by_key(|row| (row.spot.status, row.spot.plate));
        // What was taken loose here and stands on a plate by the book counts against it: less than nothing, loose.
        let all = stock.iter().filter(|row| row.spot.place.bin() == Some(bin));
        let there: Quantity = all.filter(of_it).map(|row| row.quantity).sum();
        if matches!(known, Some(Known::Item { .. })) && quantity > there && !insisted {
            return Err(Refusal::NotByTheBook {
                there,
                bin: bin.clone(),
            });
        }
        let mut goods = named.goods;
        goods.expiry = goods
            .expiry
            .or_else(|| rows.first().and_then(|row| row.goods.expiry));
        Ok(Found {
            name: named.fact,
            held: vec![Held {
                bin: bin.clone(),
                plate: None,
                status: rows
                    .first()
                    .map_or(Status::Available, |row| row.spot.status),
                goods,
                quantity,
            }],
        })
    }

    /// A number alone: how many there are in all of what was chosen last.
    pub fn keyed(&self, total: Quantity) -> Result<Held, Refusal> {
        let last = self.0.last().ok_or(Refusal::GoodsFirst)?;
        if last.goods.serial.is_some() || last.plate.is_some() {
            return Err(Refusal::ScanEach);
        }
        let quantity = named::more_than(total, self.had(&last.goods))?;
        Ok(Held {
            quantity,
            ..last.clone()
        })
    }

    /// What the last of it is, for a look.
    pub fn last(&self) -> Option<&Held> {
        self.0.last()
    }
}

/// A label without its lot is of the only lot that lies here.
fn only_lot<'a>(named: &mut Named, here: impl Iterator<Item = &'a StockRow>) {
    if named.missing != Some(Missing::Lot) || named.goods.serial.is_some() {
        return;
    }
    let mut lots: Vec<&Goods> = Vec::new();
    for row in here.filter(|row| row.goods.item == named.goods.item) {
        if !lots.iter().any(|lot| lot.lot == row.goods.lot) {
            lots.push(&row.goods);
        }
    }
    if let [only] = lots[..]
        && only.lot.is_some()
        && only.serial.is_none()
    {
        named.goods.lot.clone_from(&only.lot);
        named.goods.expiry = named.goods.expiry.or(only.expiry);
        named.missing = None;
    }
}

/// A plate as a whole: where it stands by the book, which should be the bin where the worker is.
pub(super) fn plate(
    scan: &Scan,
    stock: &[(StockRow, SafeText)],
    at: Option<&BinCode>,
    insisted: bool,
) -> Result<Vec<Held>, Refusal> {
    let held: Vec<Held> = held(stock.iter().map(|(row, _)| row)).collect();
    let Some(first) = held.first() else {
        return Err(Refusal::NotKnown(Said::of(scan)));
    };
    match at {
        Some(at) if first.bin != *at && !insisted => Err(Refusal::StandsElsewhere {
            said: Said::of(scan),
            bin: first.bin.clone(),
        }),
        _ => Ok(held),
    }
}

/// All that lies in a bin by the book.
pub(super) fn all_in(bin: &Bin, stock: &[(StockRow, SafeText)]) -> Result<Vec<Held>, Refusal> {
    let held: Vec<Held> = held(stock.iter().map(|(row, _)| row)).collect();
    if held.is_empty() {
        return Err(Refusal::NotByTheBook {
            there: Quantity::ZERO,
            bin: bin.code.clone(),
        });
    }
    Ok(held)
}

fn held<'a>(rows: impl Iterator<Item = &'a StockRow>) -> impl Iterator<Item = Held> {
    rows.filter(|row| row.quantity.is_positive())
        .filter_map(|row| match &row.spot.place {
            Place::Bin(bin) => Some(Held {
                bin: bin.clone(),
                plate: row.spot.plate,
                status: row.spot.status,
                goods: row.goods.clone(),
                quantity: row.quantity,
            }),
            _ => None,
        })
}

/// A bin that was looked up. A frozen one takes and gives nothing, unless a worker insists.
pub(super) fn bin<'a>(scan: &Scan, known: &'a Known, insisted: bool) -> Result<&'a Bin, Refusal> {
    match known {
        Known::Bin { bin, .. } if bin.frozen && !insisted => {
            Err(Refusal::BinFrozen(bin.code.clone()))
        }
        Known::Bin { bin, .. } => Ok(bin),
        _ => Err(Refusal::NotKnown(Said::of(scan))),
    }
}
