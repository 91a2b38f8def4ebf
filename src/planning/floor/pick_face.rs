//! How full a pick face should be: refill it at the minimum, in full cases, up to the maximum.

use crate::planning::policy::{Amount, Positive, Share, VaryingDemand, safety_stock};
use crate::warehouse::Quantity;

/// What a pick face is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceNeed {
    /// Units picked a working hour.
    pub hourly: Positive,
    /// Its standard deviation, in units.
    pub hourly_sd: Amount,
    /// Hours from the prompt to refill until it is full.
    pub refill_hours: Positive,
    /// The wanted probability that it does not run empty meanwhile.
    pub service: Share,
    /// What fits in.
    pub capacity: Quantity,
    /// Units in a full case; refills are made of these.
    pub case: Quantity,
}

/// When to refill a face, and up to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Face {
    /// Refill at this or below.
    pub min: Quantity,
    /// Refill up to this.
    pub max: Quantity,
    /// Units in a full case.
    pub case: Quantity,
}

/// Why a face cannot do what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the face holds {capacity}, and needs {needed} for the time until it is refilled and one case"
)]
pub struct TooSmall {
    /// What fits in.
    pub capacity: Quantity,
    /// What would have to.
    pub needed: Quantity,
}

/// The levels of a face: the minimum covers what is picked until a refill is there, the maximum is what fits.
pub fn face(need: &FaceNeed) -> Result<Face, TooSmall> {
    let demand = VaryingDemand {
        daily_demand_mean: need.hourly,
        daily_demand_sd: need.hourly_sd,
        lead_time_mean_days: need.refill_hours,
        lead_time_sd_days: Amount::ZERO,
    };
    let level = safety_stock(&demand, need.service)
        .reorder_point
        .max(0.0)
        .ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not below zero, and stops at the end"
    )]
    let min = Quantity::units(level as u32);
    let needed = min.plus(need.case);
    if needed > need.capacity || !need.case.is_positive() {
        return Err(TooSmall {
            capacity: need.capacity,
            needed,
        });
    }
    Ok(Face {
        min,
        max: need.capacity,
        case: need.case,
    })
}

/// What to bring to a face: full cases that fit, as far as the reserve goes; none above the minimum.
pub fn refill(face: &Face, there: Quantity, coming: Quantity, reserve: Quantity) -> Quantity {
    let position = there.plus(coming);
    let case = face.case.thousandths();
    if position > face.min || case <= 0 {
        return Quantity::ZERO;
    }
    let room = face.max.minus(position.max(Quantity::ZERO)).min(reserve);
    let cases = (room.thousandths() / case).max(0);
    Quantity::from_thousandths(cases * case)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(capacity: u32) -> FaceNeed {
        FaceNeed {
            hourly: Positive::new(10.0).unwrap(),
            hourly_sd: Amount::new(3.0).unwrap(),
            refill_hours: Positive::new(4.0).unwrap(),
            service: Share::new(0.975).unwrap(),
            capacity: Quantity::units(capacity),
            case: Quantity::units(12),
        }
    }

    #[test]
    fn the_minimum_lasts_until_the_refill_is_there() {
        // 40 and 1.96 · 3 · √4 = 11.76: 52.
        let found = face(&need(100)).unwrap();
        assert_eq!(
            (found.min, found.max),
            (Quantity::units(52), Quantity::units(100))
        );
        let needed = Quantity::units(64);
        let capacity = Quantity::units(60);
        assert_eq!(face(&need(60)), Err(TooSmall { capacity, needed }));
    }

    #[test]
    fn full_cases_are_brought_as_far_as_the_reserve_goes() {
        let face = face(&need(100)).unwrap();
        let units = Quantity::units;
        assert_eq!(refill(&face, units(53), units(0), units(999)), units(0));
        assert_eq!(refill(&face, units(40), units(13), units(999)), units(0));
        assert_eq!(refill(&face, units(52), units(0), units(999)), units(48));
        assert_eq!(refill(&face, units(0), units(0), units(30)), units(24));
        assert_eq!(refill(&face, units(0), units(0), units(11)), units(0));
    }
}
