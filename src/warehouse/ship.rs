//! The words of packing and shipping: cartons, and labels that are asked for.

use super::{BadgeCode, BinCode, CartonCode, SafeText, Sscc, ToteCode, WorkerCode};
use serde::{Deserialize, Serialize};

/// A label that somebody asked for, with all that stands on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "label", rename_all = "snake_case")]
pub enum LabelOf {
    /// A bin's.
    Bin {
        /// The bin.
        bin: BinCode,
    },
    /// A tote's.
    Tote {
        /// The tote.
        tote: ToteCode,
    },
    /// A worker's badge.
    Badge {
        /// Who.
        worker: WorkerCode,
        /// What the badge says.
        badge: BadgeCode,
        /// What people call them.
        name: SafeText,
    },
    /// A license plate's.
    Plate {
        /// The plate.
        plate: Sscc,
        /// What stands on it.
        rows: Vec<SafeText>,
    },
    /// What a fact of this device called for, once more.
    Again {
        /// The fact's number.
        seq: u64,
    },
}

/// A kind of carton that goods are packed into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartonType {
    /// Its code, as its stack of blanks is labelled.
    pub code: CartonCode,
    /// What people call it.
    pub name: SafeText,
    /// Inner length, width and height in millimetres, standing as it is shipped.
    pub inner_mm: [u32; 3],
    /// Most that may go in, in grams, without the carton itself.
    pub max_weight_g: u32,
    /// What it weighs empty, in grams.
    pub tare_g: u32,
    /// What one costs to use, in hundredths of the currency; the cheaper of two that fit is taken.
    pub cost: u32,
}

/// How far a carton's weight may be from what it should be: whichever of the two is more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    /// In grams.
    pub tolerance_g: u32,
    /// In percent of what it should be.
    pub tolerance_percent: u32,
}

impl Weighing {
    /// Whether a weight is as it should be. Grams.
    pub fn allows(self, weight_g: u32, expected_g: u32) -> bool {
        let percent = u64::from(expected_g) * u64::from(self.tolerance_percent) / 100;
        u64::from(weight_g.abs_diff(expected_g)) <= percent.max(u64::from(self.tolerance_g))
    }
}

/// How an order is to be packed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Packing {
    /// The address it goes to, line by line, four at most.
    pub ship_to: Vec<SafeText>,
    /// The kinds of carton there are; none: nobody asks which.
    pub cartons: Vec<CartonType>,
    /// Closed cartons are weighed, and may be so far off.
    pub weighing: Option<Weighing>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_may_be_off_by_grams_or_percent_whichever_is_more() {
        let weighing = Weighing {
            tolerance_g: 50,
            tolerance_percent: 2,
        };
        for (weight, expected, fine) in [
            (1050, 1000, true),
            (1051, 1000, false),
            (9800, 10_000, true),
            (9799, 10_000, false),
            (u32::MAX, 0, false),
        ] {
            assert_eq!(weighing.allows(weight, expected), fine, "{weight}");
        }
    }
}
