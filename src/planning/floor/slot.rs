//! What may stand where: a pick face and an article, every reason why the one does not suit the other, and a layout
//! from nothing.

use crate::warehouse::{BinCode, ItemCode};
use std::collections::BTreeSet;

/// How warm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Temperature {
    /// As the hall is.
    #[default]
    Ambient,
    /// Chilled.
    Chilled,
    /// Frozen.
    Frozen,
}

/// What goods need, or a place offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// How warm.
    pub temperature: Temperature,
    /// Classes of dangerous goods (ADR, IMDG: 1 to 9): those that goods have, or a place is meant for.
    pub hazards: BTreeSet<u8>,
}

/// A pick face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// Its bin.
    pub bin: BinCode,
    /// Its room, in cubic centimetres.
    pub room_cm3: u64,
    /// What it carries, in grams.
    pub carries_g: u64,
    /// How high: 0 on the floor.
    pub level: u8,
    /// What it offers.
    pub offers: Conditions,
}

/// An item that wants a pick face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Which.
    pub item: ItemCode,
    /// How often it is picked a week.
    pub picks_a_week: u32,
    /// The room that its stock in the face takes, in cubic centimetres.
    pub cube_cm3: u64,
    /// What that stock weighs, in grams.
    pub weight_g: u64,
    /// What one unit weighs, in grams.
    pub unit_weight_g: u64,
    /// What it needs.
    pub needs: Conditions,
}

/// What people decide about slotting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotRules {
    /// A unit of this weight or more is heavy, in grams.
    pub heavy_from_g: u64,
    /// Heavy units stand no higher than this level.
    pub heavy_up_to_level: u8,
    /// Minutes of work to clear one face and fill it anew.
    pub minutes_a_move: f64,
    /// How far a picker walks in a minute.
    pub metres_a_minute: f64,
    /// A move must pay for itself in so many weeks.
    pub payback_weeks: f64,
    /// How many moves are proposed at most.
    pub most_moves: usize,
}

impl Default for SlotRules {
    fn default() -> Self {
        Self {
            heavy_from_g: 12_000,
            heavy_up_to_level: 1,
            minutes_a_move: 12.0,
            metres_a_minute: 60.0,
            payback_weeks: 4.0,
            most_moves: 50,
        }
    }
}

/// Why an article may not stand at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Another temperature is needed.
    #[error("it needs another temperature")]
    Temperature,
    /// Dangerous goods where they may not be, or others where they should be.
    #[error("the place is not meant for goods of its danger class, or for none")]
    Hazard,
    /// Too little room.
    #[error("its stock does not fit in")]
    Room,
    /// Too weak.
    #[error("its stock is too heavy for the place")]
    Weight,
    /// Too high.
    #[error("its units are too heavy to be lifted that high")]
    TooHigh,
}

/// Whether an article may stand at a place; the first reason against it. A place for dangerous goods takes no others.
pub fn fits(article: &Article, location: &Location, rules: &SlotRules) -> Result<(), Unfit> {
    let (needs, offers) = (&article.needs, &location.offers);
    let is_heavy = article.unit_weight_g >= rules.heavy_from_g;
    let hazards_suit = needs.hazards.is_subset(&offers.hazards)
        && needs.hazards.is_empty() == offers.hazards.is_empty();
    let tests = [
        (needs.temperature == offers.temperature, Unfit::Temperature),
        (hazards_suit, Unfit::Hazard),
        (article.cube_cm3 <= location.room_cm3, Unfit::Room),
        (article.weight_g <= location.carries_g, Unfit::Weight),
        (
            !is_heavy || location.level <= rules.heavy_up_to_level,
            Unfit::TooHigh,
        ),
    ];
    match tests.into_iter().find(|(holds, _)| !holds) {
        Some((_, unfit)) => Err(unfit),
        None => Ok(()),
    }
}

/// The cube-per-order index (Heskett 1963): room taken for each pick a week. The lowest belongs nearest; without end for
/// what is never picked.
pub fn coi(article: &Article) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "an index to sort by")]
    let cube = article.cube_cm3 as f64;
    if article.picks_a_week == 0 {
        f64::INFINITY
    } else {
        cube / f64::from(article.picks_a_week)
    }
}

/// A layout from nothing: the article of the lowest cube-per-order index gets the nearest place that suits it, and so on.
/// None for an article that no free place suits.
pub fn nearest_first(
    articles: &[Article],
    locations: &[Location],
    rules: &SlotRules,
    distance: impl Fn(Option<&BinCode>, &BinCode) -> f64,
) -> Vec<Option<usize>> {
    let metres: Vec<f64> = locations
        .iter()
        .map(|place| distance(None, &place.bin))
        .collect();
    let mut free: Vec<usize> = (0..locations.len()).collect();
    free.sort_by(|&a, &b| metres[a].total_cmp(&metres[b]));
    let mut order: Vec<usize> = (0..articles.len()).collect();
    order.sort_by(|&a, &b| coi(&articles[a]).total_cmp(&coi(&articles[b])));
    let mut places = vec![None; articles.len()];
    for article in order {
        let suits = |&at: &usize| fits(&articles[article], &locations[at], rules).is_ok();
        if let Some(nearest) = free.iter().position(suits) {
            places[article] = Some(free.remove(nearest));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(item: &str, picks_a_week: u32) -> Article {
        Article {
            item: item.parse().unwrap(),
            picks_a_week,
            cube_cm3: 1000,
            weight_g: 5000,
            unit_weight_g: 100,
            needs: Conditions::default(),
        }
    }

    fn location(bin: &str) -> Location {
        Location {
            bin: bin.parse().unwrap(),
            room_cm3: 2000,
            carries_g: 10_000,
            level: 2,
            offers: Conditions::default(),
        }
    }

    #[test]
    fn every_reason_against_a_place_is_found() {
        let rules = SlotRules::default();
        let good = (article("A", 1), location("B"));
        assert_eq!(fits(&good.0, &good.1, &rules), Ok(()));
        let cold = Conditions {
            temperature: Temperature::Chilled,
            ..Conditions::default()
        };
        let flammable = Conditions {
            hazards: [3].into(),
            ..Conditions::default()
        };
        let against = |change: fn(&mut Article), offers: &Conditions| {
            let (mut article, mut location) = good.clone();
            change(&mut article);
            location.offers = offers.clone();
            fits(&article, &location, &rules).unwrap_err()
        };
        let plain = Conditions::default();
        assert_eq!(against(|_| {}, &cold), Unfit::Temperature);
        assert_eq!(against(|_| {}, &flammable), Unfit::Hazard);
        assert_eq!(
            against(|article| article.needs.hazards = [3].into(), &plain),
            Unfit::Hazard
        );
        assert_eq!(
            against(|article| article.needs.hazards = [3, 8].into(), &flammable),
            Unfit::Hazard
        );
        assert_eq!(
            against(|article| article.cube_cm3 = 2001, &plain),
            Unfit::Room
        );
        assert_eq!(
            against(|article| article.weight_g = 10_001, &plain),
            Unfit::Weight
        );
        assert_eq!(
            against(|article| article.unit_weight_g = 12_000, &plain),
            Unfit::TooHigh
        );
    }

    /// Bins are named by their metres.
    fn metres(bin: &BinCode) -> f64 {
        bin.as_str().parse().unwrap()
    }

    #[test]
    fn from_nothing_the_lowest_index_is_nearest() {
        let mut articles = [
            article("BULKY", 10),
            article("SMALL", 10),
            article("NEVER", 0),
        ];
        articles[0].cube_cm3 = 2000;
        let locations = ["30", "10", "20"].map(location);
        let places = nearest_first(&articles, &locations, &SlotRules::default(), |_, to| {
            metres(to)
        });
        assert_eq!(places, [Some(2), Some(1), Some(0)]);
        articles[1].cube_cm3 = 5000;
        let places = nearest_first(&articles, &locations, &SlotRules::default(), |_, to| {
            metres(to)
        });
        assert_eq!(places, [Some(1), None, Some(2)]);
    }
}
