//! Transfers before purchases: what another warehouse has over its own preferred level is moved before more is bought.

use super::Lot;
use crate::warehouse::{Quantity, WarehouseCode};

/// How one item stands at one warehouse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Which.
    pub warehouse: WarehouseCode,
    /// There, usable, and not promised.
    pub free: Quantity,
    /// On hand + on order − promised.
    pub position: Quantity,
    /// At or below this it needs more.
    pub reorder_point: Quantity,
    /// It needs more up to this, and has too much above it.
    pub preferred: Quantity,
}

impl Site {
    /// What it could give: above the preferred level, and there to be given.
    fn surplus(&self) -> Quantity {
        let above = self.position.minus(self.preferred);
        above.min(self.free).max(Quantity::ZERO)
    }

    fn shortfall(&self) -> Quantity {
        if self.position > self.reorder_point {
            return Quantity::ZERO;
        }
        self.preferred.minus(self.position).max(Quantity::ZERO)
    }
}

/// A transfer that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// From here.
    pub source: WarehouseCode,
    /// To there.
    pub target: WarehouseCode,
    /// How much.
    pub quantity: Quantity,
}

/// Transfers of one item: whoever is furthest below its reorder point first, from whoever has most to spare, in multiples of
/// the lot and of at least its minimum. What remains to be bought is what a site still lacks once they are made.
pub fn transfers(sites: &[Site], lot: &Lot) -> Vec<Transfer> {
    let mut surplus: Vec<Quantity> = sites.iter().map(Site::surplus).collect();
    let mut needy: Vec<usize> = (0..sites.len())
        .filter(|&at| sites[at].shortfall().is_positive())
        .collect();
    needy.sort_by_key(|&at| (sites[at].position.minus(sites[at].reorder_point), at));
    let mut found = Vec::new();
    for target in needy {
        let mut wanted = sites[target].shortfall();
        while wanted.is_positive() {
            let most = (0..sites.len()).max_by_key(|&at| (surplus[at], std::cmp::Reverse(at)));
            let Some(source) = most.filter(|&at| surplus[at].is_positive()) else {
                break;
            };
            let there = surplus[source];
            // The larger of two multiples fills the need; if there is not enough for it, the smaller helps.
            let fits = [lot.up(wanted), lot.down(wanted.min(there))];
            let Some(&quantity) = fits
                .iter()
                .find(|&&size| size.is_positive() && size <= there)
            else {
                surplus[source] = Quantity::ZERO;
                continue;
            };
            surplus[source] = there.minus(quantity);
            wanted = wanted.minus(quantity);
            found.push(Transfer {
                source: sites[source].warehouse.clone(),
                target: sites[target].warehouse.clone(),
                quantity,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(warehouse: &str, free: u32, position: u32) -> Site {
        Site {
            warehouse: warehouse.parse().unwrap(),
            free: Quantity::units(free),
            position: Quantity::units(position),
            reorder_point: Quantity::units(20),
            preferred: Quantity::units(50),
        }
    }

    fn made(sites: &[Site], multiple: u32) -> Vec<(String, String, String)> {
        let lot = Lot {
            minimum: Quantity::units(multiple),
            multiple: Quantity::units(multiple),
        };
        transfers(sites, &lot)
            .into_iter()
            .map(|made| {
                (
                    made.source.to_string(),
                    made.target.to_string(),
                    made.quantity.to_string(),
                )
            })
            .collect()
    }

    fn transfer(source: &str, target: &str, quantity: &str) -> (String, String, String) {
        (source.to_owned(), target.to_owned(), quantity.to_owned())
    }

    #[test]
    fn a_surplus_goes_to_whoever_is_furthest_below() {
        let sites = [
            site("W1", 10, 10),
            site("W2", 90, 90),
            site("W3", 0, 0),
            site("W4", 70, 70),
        ];
        // W3 lacks 50, W1 lacks 40; W2 can give 40, W4 can give 20.
        let wanted = [
            transfer("W2", "W3", "40"),
            transfer("W4", "W3", "10"),
            transfer("W4", "W1", "10"),
        ];
        assert_eq!(made(&sites, 1), wanted);
    }

    #[test]
    fn nobody_gives_what_it_needs_or_what_has_not_come() {
        assert_eq!(made(&[site("W1", 0, 5), site("W2", 50, 50)], 1), []);
        let wanted = [transfer("W2", "W1", "7")];
        assert_eq!(made(&[site("W1", 0, 5), site("W2", 7, 200)], 1), wanted);
    }

    #[test]
    fn whole_cases_are_moved() {
        let wanted = [transfer("W2", "W1", "48")];
        assert_eq!(made(&[site("W1", 5, 5), site("W2", 100, 100)], 12), wanted);
        let wanted = [transfer("W2", "W1", "12")];
        assert_eq!(made(&[site("W1", 5, 5), site("W2", 65, 65)], 12), wanted);
        assert_eq!(made(&[site("W1", 5, 5), site("W2", 60, 60)], 12), []);
    }
}
