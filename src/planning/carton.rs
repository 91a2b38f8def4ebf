//! Which carton, and what goes into it: a first-fit of the largest units first, at extreme points, in up to six positions.
//!
//! ```text
//!      z │  ┌────┐          a unit stands in the corner that touches most; from its three
//!        │  │ a  │──┐       far edges new corners begin (extreme points), slid back
//!        │  │    │b │       until something stops them
//!        └──┴────┴──┴── x
//! ```
//!
//! After T. G. Crainic, G. Perboli, R. Tadei: "Extreme point-based heuristics for three-dimensional bin packing" (2008).
//! A heuristic: what it places fits, but a person may fit more. The same input always gives the same answer.

use crate::warehouse::{CartonCode, CartonType, Item, LineNo, Quantity};

/// More units than this are not placed one by one: the answer would come too late.
pub const MOST_UNITS: usize = 400;

/// Most corners that are looked at for one unit.
const MOST_CORNERS: usize = 400;

/// So much of a line's item is to be packed.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The line.
    pub line: LineNo,
    /// Its item.
    pub item: &'a Item,
    /// How much.
    pub quantity: Quantity,
}

/// A carton, and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The kind of carton.
    pub kind: CartonCode,
    /// Lines, each with how many units, in the order of the lines.
    pub lines: Vec<(LineNo, u32)>,
    /// What the contents weigh in grams.
    pub weight_g: u64,
}

/// One unit to be placed.
#[derive(Clone, Copy, Debug)]
struct Unit {
    line: LineNo,
    size: [u32; 3],
    weight_g: u32,
    upright: bool,
    fragile: bool,
}

/// A unit where it stands: its near lower corner and its size as it is turned. Millimetres.
#[derive(Clone, Copy, Debug)]
struct Placed {
    at: [u32; 3],
    size: [u32; 3],
    fragile: bool,
}

/// Proposes cartons for goods: one if one takes all, the cheapest such; else one after another, each the one that takes most.
///
/// None where that cannot be told: an item has no size, is counted in parts of a unit, fits no carton, or there are
/// more than [`MOST_UNITS`] units.
pub fn propose(wanted: &[Wanted], kinds: &[CartonType]) -> Option<Vec<Filled>> {
    let mut left = units(wanted)?;
    let mut filled = Vec::new();
    while !left.is_empty() {
        let (kind, taken) = best(&left, kinds)?;
        filled.push(describe(kind, &left, &taken));
        let mut at = 0;
        left.retain(|_| {
            at += 1;
            !taken.contains(&(at - 1))
        });
    }
    Some(filled)
}

/// What of these goods goes into one carton of a kind; none where that cannot be told.
pub fn fits(wanted: &[Wanted], kind: &CartonType) -> Option<Filled> {
    let left = units(wanted)?;
    let taken = fill(&left, kind);
    Some(describe(kind, &left, &taken))
}

/// The units, heavy and large before small: what carries stands below what is carried, the fragile on top.
fn units(wanted: &[Wanted]) -> Option<Vec<Unit>> {
    let mut units = Vec::new();
    for wanted in wanted {
        let handling = &wanted.item.handling;
        let size = handling.size_mm?;
        let whole = wanted.quantity.is_whole() && !size.contains(&0);
        let count = usize::try_from(wanted.quantity.thousandths() / 1000)
            .ok()
            .filter(|_| whole)?;
        if units.len() + count > MOST_UNITS {
            return None;
        }
        let unit = Unit {
            line: wanted.line,
            size,
            weight_g: wanted.item.weight_g.unwrap_or(0),
            upright: handling.upright,
            fragile: handling.fragile,
        };
        units.extend(std::iter::repeat_n(unit, count));
    }
    let volume = |unit: &Unit| {
        unit.size
            .iter()
            .map(|&side| u128::from(side))
            .product::<u128>()
    };
    units.sort_by_key(|unit| {
        (
            unit.fragile,
            std::cmp::Reverse(volume(unit)),
            std::cmp::Reverse(unit.weight_g),
            unit.line,
        )
    });
    Some(units)
}

/// The carton that takes all that is left at the least cost, or else the one that takes most of it.
fn best<'a>(units: &[Unit], kinds: &'a [CartonType]) -> Option<(&'a CartonType, Vec<usize>)> {
    let volume = |kind: &CartonType| {
        kind.inner_mm
            .iter()
            .map(|&side| u128::from(side))
            .product::<u128>()
    };
    let mut kinds: Vec<&CartonType> = kinds.iter().collect();
    kinds.sort_by_key(|kind| (kind.cost, volume(kind), kind.code.clone()));
    let mut most: Option<(&CartonType, Vec<usize>)> = None;
    for kind in kinds {
        let taken = fill(units, kind);
        if taken.len() == units.len() {
            return Some((kind, taken));
        }
        if taken.len() > most.as_ref().map_or(0, |(_, taken)| taken.len()) {
            most = Some((kind, taken));
        }
    }
    most
}

/// Which of these units find room in one carton.
fn fill(units: &[Unit], kind: &CartonType) -> Vec<usize> {
    let mut placed: Vec<Placed> = Vec::new();
    let mut corners = vec![[0, 0, 0]];
    let mut taken = Vec::new();
    let mut weight = 0_u64;
    let mut failed = None;
    for (at, unit) in units.iter().enumerate() {
        let heavier = weight + u64::from(unit.weight_g);
        // One like the one before that found no room finds none either.
        let same = |other: &Unit| (other.line, other.size) == (unit.line, unit.size);
        if heavier > u64::from(kind.max_weight_g) || failed.as_ref().is_some_and(same) {
            continue;
        }
        let Some(spot) = spot(unit, kind, &placed, &corners) else {
            failed = Some(*unit);
            continue;
        };
        corners.retain(|corner| *corner != spot.at);
        placed.push(spot);
        for corner in extremes(&spot, &placed) {
            if !corners.contains(&corner) && corners.len() < MOST_CORNERS {
                corners.push(corner);
            }
        }
        corners.sort_unstable_by_key(|[x, y, z]| (*z, *y, *x));
        weight = heavier;
        taken.push(at);
    }
    taken
}

/// The first corner, lowest and nearest first, where the unit fits in one of its positions.
fn spot(unit: &Unit, kind: &CartonType, placed: &[Placed], corners: &[[u32; 3]]) -> Option<Placed> {
    for &at in corners {
        for size in positions(unit) {
            let new = Placed {
                at,
                size,
                fragile: unit.fragile,
            };
            let inside = (0..3).all(|axis| {
                at[axis]
                    .checked_add(size[axis])
                    .is_some_and(|end| end <= kind.inner_mm[axis])
            });
            if inside && placed.iter().all(|other| !overlap(other, &new)) && rests(&new, placed) {
                return Some(new);
            }
        }
    }
    None
}

/// All ways in which a unit may stand, flat ones first; what must stay upright is only turned.
fn positions(unit: &Unit) -> Vec<[u32; 3]> {
    let [x, y, z] = unit.size;
    let mut positions = vec![[x, y, z], [y, x, z]];
    if !unit.upright {
        positions.extend([[x, z, y], [z, x, y], [y, z, x], [z, y, x]]);
        positions.sort_unstable_by_key(|[x, y, z]| (*z, std::cmp::Reverse(*x), *y));
    }
    positions.dedup();
    positions
}

fn overlap(a: &Placed, b: &Placed) -> bool {
    (0..3).all(|axis| {
        a.at[axis] < b.at[axis] + b.size[axis] && b.at[axis] < a.at[axis] + a.size[axis]
    })
}

/// Whether a unit stands on the floor or with most of its base on others, none of them fragile.
fn rests(new: &Placed, placed: &[Placed]) -> bool {
    if new.at[2] == 0 {
        return true;
    }
    let below = placed
        .iter()
        .filter(|other| other.at[2] + other.size[2] == new.at[2]);
    let (mut held, base) = (0, u64::from(new.size[0]) * u64::from(new.size[1]));
    for other in below {
        let shared = shared(new, other);
        if shared > 0 && other.fragile {
            return false;
        }
        held += shared;
    }
    held * 10 >= base * 7
}

/// The area that two share, seen from above.
fn shared(a: &Placed, b: &Placed) -> u64 {
    (0..2)
        .map(|axis| {
            let end = (a.at[axis] + a.size[axis]).min(b.at[axis] + b.size[axis]);
            u64::from(end.saturating_sub(a.at[axis].max(b.at[axis])))
        })
        .product()
}

/// The corners that a new unit makes: from each of its three far ends, slid along the two other axes as far as they go.
fn extremes(new: &Placed, placed: &[Placed]) -> Vec<[u32; 3]> {
    let mut corners = Vec::new();
    for axis in 0..3 {
        let mut end = new.at;
        end[axis] += new.size[axis];
        for along in (0..3).filter(|along| *along != axis) {
            let mut corner = end;
            corner[along] = stop(end, along, placed);
            corners.push(corner);
        }
        corners.push(end);
    }
    corners
}

/// How far a point can be slid towards the wall along an axis.
fn stop(from: [u32; 3], along: usize, placed: &[Placed]) -> u32 {
    let ends = placed.iter().filter(|other| {
        let beside = (0..3).filter(|axis| *axis != along).all(|axis| {
            other.at[axis] <= from[axis] && from[axis] < other.at[axis] + other.size[axis]
        });
        beside && other.at[along] + other.size[along] <= from[along]
    });
    ends.map(|other| other.at[along] + other.size[along])
        .max()
        .unwrap_or(0)
}

fn describe(kind: &CartonType, units: &[Unit], taken: &[usize]) -> Filled {
    let mut lines: Vec<(LineNo, u32)> = Vec::new();
    let mut weight_g = 0;
    for &at in taken {
        let unit = &units[at];
        weight_g += u64::from(unit.weight_g);
        match lines.iter_mut().find(|(line, _)| *line == unit.line) {
            Some((_, count)) => *count += 1,
            None => lines.push((unit.line, 1)),
        }
    }
    lines.sort_unstable();
    Filled {
        kind: kind.code.clone(),
        lines,
        weight_g,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(size: [u32; 3], weight_g: u32, upright: bool, fragile: bool) -> Item {
        let mut item: Item =
            serde_json::from_value(serde_json::json!({ "code": "A", "name": "A", "unit": "each" }))
                .unwrap();
        item.weight_g = Some(weight_g);
        item.handling.size_mm = Some(size);
        item.handling.upright = upright;
        item.handling.fragile = fragile;
        item
    }

    fn kind(code: &str, inner_mm: [u32; 3], max_weight_g: u32, cost: u32) -> CartonType {
        CartonType {
            code: code.parse().unwrap(),
            name: code.into(),
            inner_mm,
            max_weight_g,
            tare_g: 100,
            cost,
        }
    }

    fn proposed(items: &[(Item, u32)], kinds: &[CartonType]) -> Option<Vec<String>> {
        let wanted: Vec<Wanted> = items
            .iter()
            .zip(1..)
            .map(|((item, count), line)| Wanted {
                line,
                item,
                quantity: Quantity::units(*count),
            })
            .collect();
        let say = |filled: Filled| {
            let lines: Vec<String> = filled
                .lines
                .iter()
                .map(|(line, count)| format!("{line}x{count}"))
                .collect();
            format!("{} {}", filled.kind, lines.join(" "))
        };
        propose(&wanted, kinds).map(|filled| filled.into_iter().map(say).collect())
    }

    #[test]
    fn eight_cubes_fill_the_carton_that_is_twice_as_long_each_way_and_the_ninth_needs_another() {
        let kinds = [
            kind("S", [100, 100, 100], 5000, 10),
            kind("M", [200, 200, 200], 5000, 30),
        ];
        let cube = item([100, 100, 100], 10, false, false);
        assert_eq!(proposed(&[(cube.clone(), 8)], &kinds).unwrap(), ["M 1x8"]);
        assert_eq!(
            proposed(&[(cube.clone(), 9)], &kinds).unwrap(),
            ["M 1x8", "S 1x1"]
        );
        assert_eq!(proposed(&[(cube, 1)], &kinds).unwrap(), ["S 1x1"]);
    }

    #[test]
    fn what_goes_into_a_carton_that_somebody_took_is_told_too() {
        let cube = item([100, 100, 100], 10, false, false);
        let wanted = [Wanted {
            line: 7,
            item: &cube,
            quantity: Quantity::units(9),
        }];
        let filled = fits(&wanted, &kind("M", [200, 200, 200], 5000, 30)).unwrap();
        assert_eq!((filled.lines, filled.weight_g), (vec![(7, 8)], 80));
        assert_eq!(
            fits(&wanted, &kind("XS", [50, 50, 50], 5000, 1))
                .unwrap()
                .lines,
            []
        );
    }

    #[test]
    fn what_must_stay_upright_is_not_laid_down() {
        let flat = [kind("FLAT", [300, 300, 100], 5000, 1)];
        let bottle = |upright| item([90, 90, 290], 10, upright, false);
        assert_eq!(
            proposed(&[(bottle(false), 3)], &flat).unwrap(),
            ["FLAT 1x3"]
        );
        assert_eq!(proposed(&[(bottle(true), 3)], &flat), None);
    }

    #[test]
    fn nothing_stands_on_what_is_fragile_and_weight_has_its_limit() {
        let tall = [kind("TALL", [100, 100, 300], 5000, 1)];
        let (glass, brick) = (
            item([100, 100, 100], 10, false, true),
            item([100, 100, 100], 2000, false, false),
        );
        assert_eq!(
            proposed(&[(glass.clone(), 1), (brick.clone(), 2)], &tall).unwrap(),
            ["TALL 1x1 2x2"]
        );
        assert_eq!(
            proposed(&[(glass, 2)], &tall).unwrap(),
            ["TALL 1x1", "TALL 1x1"]
        );
        assert_eq!(
            proposed(&[(brick, 3)], &tall).unwrap(),
            ["TALL 1x2", "TALL 1x1"]
        );
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        let kinds = [kind("S", [100, 100, 100], 5000, 1)];
        let mut unknown = item([1, 1, 1], 1, false, false);
        unknown.handling.size_mm = None;
        assert_eq!(proposed(&[(unknown, 1)], &kinds), None);
        let huge = item([u32::MAX, u32::MAX, u32::MAX], 1, false, false);
        assert_eq!(proposed(&[(huge, 1)], &kinds), None);
        let small = item([1, 1, 1], 0, false, false);
        assert_eq!(
            proposed(
                &[(small.clone(), u32::try_from(MOST_UNITS).unwrap() + 1)],
                &kinds
            ),
            None
        );
        assert_eq!(proposed(&[(small, 1)], &[]), None);
        assert_eq!(proposed(&[], &kinds), Some(Vec::new()));
    }

    proptest! {
        #[test]
        fn whatever_is_proposed_fits_and_holds_everything(
            sizes in prop::collection::vec((10_u32..200, 10_u32..200, 10_u32..200, 1_u32..4, any::<bool>(), any::<bool>()), 1..8)
        ) {
            let kinds = [kind("S", [200, 200, 200], 3000, 10), kind("L", [400, 300, 250], 9000, 30)];
            let items: Vec<(Item, u32)> = sizes
                .iter()
                .map(|&(x, y, z, count, upright, fragile)| (item([x, y, z], 500, upright, fragile), count))
                .collect();
            let wanted: Vec<Wanted> = items
                .iter()
                .zip(1..)
                .map(|((item, count), line)| Wanted { line, item, quantity: Quantity::units(*count) })
                .collect();
            let filled = propose(&wanted, &kinds).unwrap();
            prop_assert_eq!(&filled, &propose(&wanted, &kinds).unwrap());
            for wanted in &wanted {
                let packed = filled.iter().flat_map(|carton| &carton.lines).filter(|(line, _)| *line == wanted.line);
                prop_assert_eq!(Quantity::units(packed.map(|(_, count)| count).sum()), wanted.quantity);
            }
            for carton in &filled {
                let kind = kinds.iter().find(|kind| kind.code == carton.kind).unwrap();
                prop_assert!(carton.weight_g <= u64::from(kind.max_weight_g));
            }
        }

        #[test]
        fn no_two_units_are_in_the_same_place(
            sizes in prop::collection::vec((20_u32..150, 20_u32..150, 20_u32..150, any::<bool>(), any::<bool>()), 1..25)
        ) {
            let units: Vec<Unit> = sizes
                .iter()
                .zip(1..)
                .map(|(&(x, y, z, upright, fragile), line)| Unit { line, size: [x, y, z], weight_g: 1, upright, fragile })
                .collect();
            let carton = kind("L", [400, 300, 250], 9000, 30);
            let mut placed: Vec<Placed> = Vec::new();
            let mut corners = vec![[0, 0, 0]];
            for unit in &units {
                if let Some(new) = spot(unit, &carton, &placed, &corners) {
                    prop_assert!(placed.iter().all(|other| !overlap(other, &new)));
                    prop_assert!((0..3).all(|axis| new.at[axis] + new.size[axis] <= carton.inner_mm[axis]));
                    prop_assert!(!unit.upright || new.size[2] == unit.size[2]);
                    placed.push(new);
                    corners.extend(extremes(&new, &placed));
                }
            }
        }
    }
}
