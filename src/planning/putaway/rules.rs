//! The hard rules of putaway: whether a bin may take goods at all, and how much of them.
//! What nobody said of a bin or an item sets no limit.

use super::{Held, Load, Shelf};
use crate::warehouse::{Bin, BinKind, Item, Mixing, Quantity, Status, Unfit};

/// How much of a load a bin may take, in its units; at least something, all of it for a plate.
/// Error: the first rule that bars it. `has_quarantine`: goods that may not be used have bins of their own.
pub fn room(load: &Load, shelf: &Shelf, has_quarantine: bool) -> Result<Quantity, Unfit> {
    for (item, held) in &load.lines {
        may_lie(item, held, &shelf.bin, has_quarantine)?;
        beside(held, shelf)?;
    }
    with_each_other(load, &shelf.bin)?;
    let now: Vec<&Held> = shelf.held.iter().collect();
    let later: Vec<&Held> = shelf.all().collect();
    let fits = |there: &[&Held]| space(load, &shelf.bin, there);
    match fits(&later) {
        Ok(room) => Ok(room),
        // Told apart, so that whoever reads it knows that the room is there but given away.
        Err(why) => Err(match fits(&now) {
            Ok(else_room) => Unfit::Promised { else_room },
            Err(_) => why,
        }),
    }
}

/// Whether goods may lie in a bin of this sort, whatever else lies there.
fn may_lie(item: &Item, held: &Held, bin: &Bin, has_quarantine: bool) -> Result<(), Unfit> {
    if bin.frozen {
        return Err(Unfit::Frozen);
    }
    let kept_back = held.status != Status::Available && has_quarantine;
    let fits = match bin.kind {
        BinKind::PickFace | BinKind::Reserve => !kept_back,
        BinKind::Quarantine => kept_back,
        BinKind::Receiving
        | BinKind::Packing
        | BinKind::Dock
        | BinKind::Staging
        | BinKind::Returns => false,
    };
    if !fits {
        return Err(Unfit::Kind { kind: bin.kind });
    }
    unfit_alone(item, bin).map_or(Ok(()), Err)
}

/// What of a bin alone bars an item from it: how warm it is, how high.
pub fn unfit_alone(item: &Item, bin: &Bin) -> Option<Unfit> {
    let (is, wanted) = (bin.limits.temperature, item.handling.temperature);
    if is != wanted {
        return Some(Unfit::Temperature { is, wanted });
    }
    let (size, most) = (item.handling.size_mm?, bin.limits.height_mm?);
    // What may be laid on its side needs no more than its smallest side.
    let is = if item.handling.upright {
        size[2]
    } else {
        size.into_iter().min().unwrap_or(size[2])
    };
    (is > most).then_some(Unfit::Height { is, most })
}

/// Whether goods may lie beside what is there or comes.
fn beside(new: &Held, shelf: &Shelf) -> Result<(), Unfit> {
    shelf
        .all()
        .try_for_each(|there| together(new, there, shelf.bin.limits.mixing))
}

fn with_each_other(load: &Load, bin: &Bin) -> Result<(), Unfit> {
    for (at, (_, one)) in load.lines.iter().enumerate() {
        for (_, other) in &load.lines[..at] {
            together(one, other, bin.limits.mixing)?;
        }
    }
    Ok(())
}

fn together(new: &Held, there: &Held, mixing: Mixing) -> Result<(), Unfit> {
    // Damaged goods beside good ones would be picked for them.
    if there.status != new.status {
        let there = there.status;
        return Err(Unfit::Status { there });
    }
    if there.hazard != new.hazard {
        let there = there.hazard.clone();
        return Err(Unfit::Hazard { there });
    }
    if mixing != Mixing::Any && there.item != new.item {
        let there = there.item.clone();
        return Err(Unfit::OtherItem { there });
    }
    if mixing == Mixing::OneLot && there.lot != new.lot {
        let there = there.lot.clone();
        return Err(Unfit::OtherLot { there });
    }
    Ok(())
}

/// How much of the load goes in beside `there` by weight and volume.
fn space(load: &Load, bin: &Bin, there: &[&Held]) -> Result<Quantity, Unfit> {
    let lines: Vec<&Held> = load.lines.iter().map(|(_, held)| held).collect();
    let all: Quantity = lines.iter().map(|held| held.quantity).sum();
    let mut room = all;
    if let Some(most) = bin.limits.weight_g {
        let each = |held: &Held| held.weight_g;
        let unfit = |would, most| Unfit::Weight { would, most };
        room = room.min(share(load, &lines, there, most, 1, each, unfit)?);
    }
    if let Some(most) = bin.limits.volume_cm3 {
        let each = |held: &Held| held.volume_mm3;
        let unfit = |would, most| Unfit::Volume { would, most };
        room = room.min(share(load, &lines, there, most, 1000, each, unfit)?);
    }
    Ok(room)
}

/// How much of the load goes in by one measure; `each`: that of one unit, of which `scale` make one of `most`.
fn share(
    load: &Load,
    lines: &[&Held],
    there: &[&Held],
    most: u64,
    scale: u64,
    each: impl Fn(&Held) -> Option<u64>,
    unfit: impl Fn(u64, u64) -> Unfit,
) -> Result<Quantity, Unfit> {
    let scaled = |sum: u128| u64::try_from(sum.div_ceil(u128::from(scale))).unwrap_or(u64::MAX);
    let sum = |held: &[&Held]| -> u128 { held.iter().map(|held| measure(held, &each)).sum() };
    let (used, new) = (sum(there), sum(lines));
    let limit = u128::from(most) * u128::from(scale);
    let all: Quantity = lines.iter().map(|held| held.quantity).sum();
    if used + new <= limit || new == 0 {
        return Ok(all);
    }
    let barred = || Err(unfit(scaled(used + new), most));
    let [one] = lines else { return barred() };
    let Some(each) = each(one).filter(|each| *each > 0 && !load.on_plate) else {
        return barred();
    };
    let free = limit.saturating_sub(used);
    let whole = i64::try_from(free / u128::from(each)).unwrap_or(i64::MAX);
    let room = Quantity::from_thousandths(whole.saturating_mul(1000));
    if room.is_positive() {
        Ok(room.min(all))
    } else {
        barred()
    }
}

/// A measure of so many units; what is not known counts as nothing.
fn measure(held: &Held, each: impl Fn(&Held) -> Option<u64>) -> u128 {
    let count = u128::try_from(held.quantity.thousandths()).unwrap_or(0);
    (u128::from(each(held).unwrap_or(0)) * count).div_ceil(1000)
}
