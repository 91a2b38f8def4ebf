//! Strategies and scores of putaway: by which rule a bin that may take goods would be chosen, and how good it is.

use super::{Held, Load, Shelf, Verdict, point, rules};
use crate::warehouse::{BinKind, ItemCode, Point, PutBy, Quantity};

/// What lifting goods one shelf level up is worth in walked centimetres.
const LEVEL_CM: u32 = 150;
/// What one more place for an item that stands elsewhere is worth.
const APART_CM: u32 = 1000;
/// What a bin that stays all but empty is worth; half for one that is half filled.
const WASTE_CM: u32 = 500;
/// What a pick face is worth that reserve goods would block.
const FACE_CM: u32 = 1_000_000;

/// How good a bin is for a load: all in walked centimetres, lower is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// From where the goods stand to the bin, and up to its level.
    pub walk_cm: u32,
    /// From the bin to where the item is picked, if it is picked anywhere.
    pub to_face_cm: Option<u32>,
    /// What it costs that the item gets one more place.
    pub apart_cm: u32,
    /// What it costs that much of the bin stays unused, or that a pick face is blocked.
    pub waste_cm: u32,
}

impl Score {
    /// All of it.
    pub const fn total(&self) -> u32 {
        let face = match self.to_face_cm {
            Some(face) => face,
            None => 0,
        };
        self.walk_cm
            .saturating_add(face)
            .saturating_add(self.apart_cm)
            .saturating_add(self.waste_cm)
    }
}

/// What is the same for all bins that are looked at for a load.
pub(super) struct Context<'a> {
    from: Point,
    strategies: &'a [PutBy],
    face: Option<Point>,
    has_quarantine: bool,
    stands_somewhere: bool,
}

impl<'a> Context<'a> {
    pub fn new(load: &Load, from: Point, shelves: &[Shelf], strategies: &'a [PutBy]) -> Self {
        let first = load.lines.first().map(|(item, _)| &item.code);
        let face = first.and_then(|item| face(item, shelves));
        let stands = |shelf: &Shelf| shelf.all().any(|held| Some(&held.item) == first);
        Self {
            from,
            strategies,
            face: face.map(|shelf| point(&shelf.bin)),
            has_quarantine: shelves
                .iter()
                .any(|shelf| shelf.bin.kind == BinKind::Quarantine && !shelf.bin.frozen),
            stands_somewhere: shelves.iter().any(stands),
        }
    }

    pub fn judge(&self, load: &Load, shelf: &Shelf) -> Verdict {
        match rules::room(load, shelf, self.has_quarantine) {
            Err(why) => Verdict::Unfit(why),
            Ok(room) => Verdict::Fit {
                by: self.strategy(load, shelf),
                room,
                score: self.score(load, shelf, room),
            },
        }
    }

    /// The first strategy by which the bin would be chosen.
    fn strategy(&self, load: &Load, shelf: &Shelf) -> PutBy {
        let is = |by: &&PutBy| match by {
            PutBy::Fixed => is_fixed(load, shelf),
            PutBy::OwnKind => is_own_kind(load, shelf),
            PutBy::NearFace => {
                self.face.is_some() && shelf.is_empty() && shelf.bin.kind == BinKind::Reserve
            }
            PutBy::Empty => shelf.is_empty(),
            PutBy::Room => true,
        };
        let found = self.strategies.iter().find(is);
        found.copied().unwrap_or(PutBy::Room)
    }

    fn score(&self, load: &Load, shelf: &Shelf, room: Quantity) -> Score {
        let at = point(&shelf.bin);
        let lift = u32::from(shelf.bin.level) * LEVEL_CM;
        let same = |held: &Held| load.lines.iter().any(|(item, _)| item.code == held.item);
        let is_new_place = !shelf.all().any(same);
        let apart = self.stands_somewhere && is_new_place;
        let blocks =
            shelf.bin.kind == BinKind::PickFace && !shelf.all().any(same) && !is_fixed(load, shelf);
        let waste = unused(load, shelf, room) * WASTE_CM / 100;
        Score {
            walk_cm: walk(self.from, at).saturating_add(lift),
            to_face_cm: self.face.map(|face| walk(at, face)),
            apart_cm: if apart { APART_CM } else { 0 },
            waste_cm: waste.saturating_add(if blocks { FACE_CM } else { 0 }),
        }
    }
}

fn walk(from: Point, to: Point) -> u32 {
    u32::try_from(from.walk_cm(to)).unwrap_or(u32::MAX)
}

/// Where an item is picked: its own bin, else the pick face that holds most of it.
pub(super) fn face<'a>(item: &ItemCode, shelves: &'a [Shelf]) -> Option<&'a Shelf> {
    let faces = || {
        let is_face = |shelf: &&Shelf| shelf.bin.kind == BinKind::PickFace;
        shelves.iter().filter(is_face)
    };
    let holds = |shelf: &Shelf| -> Quantity {
        let of_it = shelf.held.iter().filter(|held| held.item == *item);
        of_it.map(|held| held.quantity).sum()
    };
    let own = faces().find(|shelf| shelf.fixed.contains(item));
    own.or_else(|| {
        let held = faces().filter(|shelf| holds(shelf).is_positive());
        held.max_by_key(|shelf| (holds(shelf), std::cmp::Reverse(shelf.bin.sequence)))
    })
}

/// Whether it is the own bin of all of it. A pallet blocks the face it stands in: a face is for loose goods.
fn is_fixed(load: &Load, shelf: &Shelf) -> bool {
    let may = !load.on_plate || shelf.bin.kind != BinKind::PickFace;
    may && (load.lines.iter()).all(|(item, _)| shelf.fixed.contains(&item.code))
}

/// Whether the very same goods lie there. Loose goods join those that are picked from; pallets a bin of known size.
fn is_own_kind(load: &Load, shelf: &Shelf) -> bool {
    let joins = if load.on_plate {
        shelf.bin.limits.volume_cm3.is_some() && shelf.bin.kind != BinKind::PickFace
    } else {
        shelf.bin.kind != BinKind::Reserve || shelf.bin.limits.volume_cm3.is_some()
    };
    let same = |(_, new): &(_, Held)| {
        let like = |held: &Held| held.item == new.item && held.lot == new.lot;
        !shelf.is_empty() && shelf.all().all(like)
    };
    joins && load.lines.iter().all(same)
}

/// How much of a bin of known size stays unused, in percent.
fn unused(load: &Load, shelf: &Shelf, room: Quantity) -> u32 {
    let Some(most) = shelf.bin.limits.volume_cm3.filter(|most| *most > 0) else {
        return 0;
    };
    let volume = |held: &Held, quantity: Quantity| {
        let count = u128::try_from(quantity.thousandths()).unwrap_or(0);
        u128::from(held.volume_mm3.unwrap_or(0)) * count / 1_000_000
    };
    let there: u128 = shelf.all().map(|held| volume(held, held.quantity)).sum();
    let new: u128 = load
        .lines
        .iter()
        .map(|(_, held)| volume(held, held.quantity.min(room)))
        .sum();
    let percent = (there + new) * 100 / u128::from(most);
    100 - u32::try_from(percent.min(100)).unwrap_or(100)
}
