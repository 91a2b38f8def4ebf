//! Classes of items: ABC by what they turn over in a year, XYZ by how steadily, and the service that each pair is due.

use super::number::{Amount, Share};
use serde::Serialize;

/// How much an item turns over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Abc {
    /// One of the few that make up most of it.
    A,
    /// In between.
    B,
    /// One of the many that make up little.
    C,
}

/// How steady its demand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Xyz {
    /// Steady.
    X,
    /// Varying.
    Y,
    /// Erratic, or none at all.
    Z,
}

/// Both classes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Class {
    /// By turnover.
    pub abc: Abc,
    /// By steadiness.
    pub xyz: Xyz,
}

impl Class {
    /// The cycle service that is due unless someone decides otherwise: much for what is steady and earns,
    /// less for what is erratic and earns little.
    pub fn service_target(self) -> Share {
        let target = match (self.abc, self.xyz) {
            (Abc::A, Xyz::X) => 0.98,
            (Abc::A, Xyz::Y) | (Abc::B, Xyz::X) => 0.97,
            (Abc::A, Xyz::Z) | (Abc::B, Xyz::Y) | (Abc::C, Xyz::X) => 0.95,
            (Abc::B, Xyz::Z) | (Abc::C, Xyz::Y) => 0.93,
            (Abc::C, Xyz::Z) => 0.90,
        };
        Share::new(target).expect("each is between 0 and 1")
    }
}

/// What an item is classified by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Money a year at cost.
    pub annual_value: Amount,
    /// Units a period.
    pub demand_mean: Amount,
    /// Its standard deviation over periods. From a sample of periods divide by their number less one.
    pub demand_sd: Amount,
}

impl Usage {
    /// The coefficient of variation of demand; none where there is no demand.
    pub fn cv(&self) -> Option<f64> {
        let mean = self.demand_mean.get();
        (mean > 0.0)
            .then(|| self.demand_sd.get() / mean)
            .filter(|cv| cv.is_finite())
    }
}

/// Where one class ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassCuts {
    /// Shares of turnover: below the first A, below the second B.
    abc: [Share; 2],
    /// Coefficients of variation: up to the first X, up to the second Y.
    xyz: [Amount; 2],
}

impl Default for ClassCuts {
    /// 80 and 95 % of turnover; coefficients of 0.5 and 1.
    fn default() -> Self {
        let share = |cut| Share::new(cut).expect("a number between 0 and 1");
        let amount = |cut| Amount::new(cut).expect("a small number");
        Self {
            abc: [share(0.8), share(0.95)],
            xyz: [amount(0.5), amount(1.0)],
        }
    }
}

impl ClassCuts {
    /// Takes cuts if each pair rises; none otherwise.
    pub fn new(abc: [Share; 2], xyz: [Amount; 2]) -> Option<Self> {
        (abc[0] <= abc[1] && xyz[0] <= xyz[1]).then_some(Self { abc, xyz })
    }

    /// The shares of turnover below which items are A, and B.
    pub const fn abc(&self) -> [Share; 2] {
        self.abc
    }

    /// The coefficients of variation up to which items are X, and Y.
    pub const fn xyz(&self) -> [Amount; 2] {
        self.xyz
    }

    fn abc_of(&self, share_before: f64) -> Abc {
        // A sum of shares that should meet a cut misses it by rounding: nearer than this is met.
        let share = share_before + 1e-12;
        if share < self.abc[0].get() {
            Abc::A
        } else if share < self.abc[1].get() {
            Abc::B
        } else {
            Abc::C
        }
    }

    fn xyz_of(&self, cv: Option<f64>) -> Xyz {
        match cv.map(|cv| cv - 1e-12) {
            Some(cv) if cv <= self.xyz[0].get() => Xyz::X,
            Some(cv) if cv <= self.xyz[1].get() => Xyz::Y,
            _ => Xyz::Z,
        }
    }
}

/// An item's classes and what they follow from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AbcXyz {
    /// The share of all turnover up to and with this item, largest first.
    pub cum_share: f64,
    /// By the share before this item, so that the item that crosses a cut stays in the better class.
    pub abc: Abc,
    /// The coefficient of variation of demand; none without demand.
    pub cv: Option<f64>,
    /// By it: a coefficient that is just the cut is in the steadier class. Without demand Z.
    pub xyz: Xyz,
}

impl AbcXyz {
    /// Both classes.
    pub const fn class(&self) -> Class {
        Class {
            abc: self.abc,
            xyz: self.xyz,
        }
    }
}

/// Classifies items against each other; answers in the order in which they were given. Items of the same value keep their order. Where nothing turned over, all are C.
pub fn abc_xyz(items: &[Usage], cuts: &ClassCuts) -> Vec<AbcXyz> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (items[a].annual_value.get(), items[b].annual_value.get());
        b.total_cmp(&a)
    });
    let total: f64 = order.iter().map(|&at| items[at].annual_value.get()).sum();
    let share = |sum: f64| if total > 0.0 { sum / total } else { 1.0 };
    let mut classified: Vec<Option<AbcXyz>> = vec![None; items.len()];
    let mut sum = 0.0;
    for at in order {
        let before = share(sum);
        sum += items[at].annual_value.get();
        let cv = items[at].cv();
        classified[at] = Some(AbcXyz {
            cum_share: share(sum),
            abc: cuts.abc_of(before),
            cv,
            xyz: cuts.xyz_of(cv),
        });
    }
    classified.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::float_cmp, reason = "round numbers come out exact")]
    use super::*;

    fn usage(value: f64, mean: f64, sd: f64) -> Usage {
        let amount = |number| Amount::new(number).unwrap();
        Usage {
            annual_value: amount(value),
            demand_mean: amount(mean),
            demand_sd: amount(sd),
        }
    }

    fn abc(values: &[f64]) -> String {
        let items: Vec<Usage> = values.iter().map(|&value| usage(value, 1.0, 0.0)).collect();
        let classes = abc_xyz(&items, &ClassCuts::default());
        classes
            .iter()
            .map(|item| format!("{:?}", item.abc))
            .collect()
    }

    #[test]
    fn the_item_that_crosses_a_cut_stays_in_the_better_class() {
        assert_eq!(abc(&[10.0, 79.0, 11.0]), "BAA");
        assert_eq!(abc(&[96.0, 3.0, 1.0]), "ACC");
        assert_eq!(abc(&[100.0]), "A");
    }

    #[test]
    fn a_share_that_is_just_the_cut_begins_the_next_class() {
        assert_eq!(abc(&[80.0, 15.0, 5.0]), "ABC");
        // Ten times 0.1 is not 1 in floating point: 0.8 here is 0.7999999999999999.
        assert_eq!(abc(&[0.1; 10]), "AAAAAAAABB");
    }

    #[test]
    fn items_of_the_same_value_keep_their_order_and_nothing_is_c() {
        assert_eq!(abc(&[1.0, 1.0, 1.0, 1.0]), "AAAA");
        assert_eq!(abc(&[0.0, 0.0]), "CC");
        assert_eq!(abc(&[]), "");
    }

    #[test]
    fn a_coefficient_that_is_just_the_cut_is_the_steadier_class() {
        let items = [
            usage(1.0, 10.0, 5.0),
            usage(1.0, 10.0, 10.0),
            usage(1.0, 10.0, 10.1),
            usage(1.0, 0.0, 3.0),
        ];
        let classes = abc_xyz(&items, &ClassCuts::default());
        let xyz: Vec<Xyz> = classes.iter().map(|item| item.xyz).collect();
        assert_eq!(xyz, [Xyz::X, Xyz::Y, Xyz::Z, Xyz::Z]);
        assert_eq!(classes[3].cv, None);
    }

    #[test]
    fn service_falls_with_both_classes() {
        let target = |abc, xyz| Class { abc, xyz }.service_target().get();
        assert_eq!(target(Abc::A, Xyz::X), 0.98);
        assert_eq!(target(Abc::C, Xyz::Z), 0.90);
        for abc in [Abc::A, Abc::B, Abc::C] {
            assert!(target(abc, Xyz::X) > target(abc, Xyz::Y));
            assert!(target(abc, Xyz::Y) > target(abc, Xyz::Z));
        }
    }
}
