//! Which articles should change places: each move with the metres that it saves a week and the minutes that it takes,
//! the best first, none that does not pay for itself in time.

use super::Affinity;
use super::slot::{Article, Location, SlotRules, fits};
use crate::warehouse::{BinCode, ItemCode};
use std::collections::BTreeMap;

/// What stands where. At most one article a location; articles without one are waiting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The pick faces.
    pub locations: Vec<Location>,
    /// The articles.
    pub articles: Vec<Article>,
    /// For each article, which of the locations is its own. One that is not there, or has another article already, is none.
    pub places: Vec<Option<usize>>,
}

/// A move that is proposed.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotMove {
    /// What is moved.
    pub item: ItemCode,
    /// From here.
    pub from: BinCode,
    /// To there.
    pub to: BinCode,
    /// What stands there now and goes the other way.
    pub swapped_with: Option<ItemCode>,
    /// Metres that pickers walk less in a week.
    pub metres_saved_a_week: f64,
    /// Minutes of work.
    pub minutes: f64,
    /// Weeks until the walk saved is worth the work.
    pub payback_weeks: f64,
}

/// A layout that is worked on: walks are measured once, and what is together with what is known by position.
struct Plan<'a, D> {
    layout: Layout,
    rules: &'a SlotRules,
    /// Metres from the depot to each location and back.
    round_trip: Vec<f64>,
    /// For each article its partners, and how often a week they are picked together.
    partners: Vec<Vec<(usize, f64)>>,
    distance: D,
}

/// Where an article would go.
#[derive(Clone, Copy)]
struct Candidate {
    article: usize,
    target: usize,
    /// The article that stands there.
    other: Option<usize>,
    metres: f64,
    minutes: f64,
}

/// The moves that shorten the walk, one after another: each is worth what it says once those before it are made.
///
/// `distance` is in metres, from the depot where the first bin is none. A week's walk is taken to be a round trip for each
/// pick, and the way between two partners for each time they are picked together (`affinities` with how many `weeks` of orders
/// they are from). Ranked by metres saved a minute of work; the list ends where work would no longer pay for itself in time.
pub fn slot_moves(
    layout: Layout,
    affinities: &[Affinity],
    weeks: f64,
    rules: &SlotRules,
    distance: impl Fn(Option<&BinCode>, &BinCode) -> f64,
) -> Vec<SlotMove> {
    let mut plan = Plan::new(layout, affinities, weeks, rules, distance);
    let mut moves = Vec::new();
    while moves.len() < rules.most_moves {
        let Some(best) = plan.best() else { break };
        let made = plan.said(&best);
        // Written so that nonsense for a number ends the list too.
        if !(best.metres > 1e-9 && made.payback_weeks <= rules.payback_weeks) {
            break;
        }
        plan.make(&best);
        moves.push(made);
    }
    moves
}

impl<'a, D: Fn(Option<&BinCode>, &BinCode) -> f64> Plan<'a, D> {
    fn new(
        mut layout: Layout,
        affinities: &[Affinity],
        weeks: f64,
        rules: &'a SlotRules,
        distance: D,
    ) -> Self {
        layout.places.resize(layout.articles.len(), None);
        let mut is_taken = vec![false; layout.locations.len()];
        for place in &mut layout.places {
            // Where nothing is, or somebody else, nothing stands.
            *place = place.filter(|&at| is_taken.get(at) == Some(&false));
            if let Some(at) = place {
                is_taken[*at] = true;
            }
        }
        let round_trip = layout
            .locations
            .iter()
            .map(|location| 2.0 * distance(None, &location.bin))
            .collect();
        let index: BTreeMap<&ItemCode, usize> =
            layout.articles.iter().map(|a| &a.item).zip(0..).collect();
        let mut partners = vec![Vec::new(); layout.articles.len()];
        for pair in affinities {
            if let (Some(&a), Some(&b)) = (index.get(&pair.first), index.get(&pair.second)) {
                let often = f64::from(pair.together) / weeks.max(1e-3);
                partners[a].push((b, often));
                partners[b].push((a, often));
            }
        }
        Self {
            layout,
            rules,
            round_trip,
            partners,
            distance,
        }
    }

    /// Who stands at each location.
    fn tenants(&self) -> Vec<Option<usize>> {
        let mut tenants = vec![None; self.layout.locations.len()];
        for (article, place) in self.layout.places.iter().enumerate() {
            if let Some(place) = place {
                tenants[*place] = Some(article);
            }
        }
        tenants
    }

    fn best(&self) -> Option<Candidate> {
        let tenants = self.tenants();
        let mut best: Option<Candidate> = None;
        for article in 0..self.layout.articles.len() {
            let Some(here) = self.layout.places[article] else {
                continue;
            };
            for (target, &other) in tenants.iter().enumerate() {
                // A swap is looked at once, from the article that comes nearer.
                let is_nearer = self.round_trip[target] < self.round_trip[here];
                if target == here || (other.is_some() && !is_nearer) {
                    continue;
                }
                let Some(found) = self.candidate(article, here, target, other) else {
                    continue;
                };
                let is_better =
                    |best: &Candidate| found.metres / found.minutes > best.metres / best.minutes;
                if best.as_ref().is_none_or(is_better) {
                    best = Some(found);
                }
            }
        }
        best
    }

    fn candidate(
        &self,
        article: usize,
        here: usize,
        target: usize,
        other: Option<usize>,
    ) -> Option<Candidate> {
        let moved = if other.is_some() { 2.0 } else { 1.0 };
        let minutes = moved * self.rules.minutes_a_move.max(1e-3);
        let metres = self.saved(article, here, target, other);
        // Most pairs are out at once, before their fit is looked at.
        let (layout, rules) = (&self.layout, self.rules);
        let goes = |article: usize, at: usize| {
            fits(&layout.articles[article], &layout.locations[at], rules).is_ok()
        };
        let can =
            metres > 0.0 && goes(article, target) && other.is_none_or(|other| goes(other, here));
        can.then_some(Candidate {
            article,
            target,
            other,
            metres,
            minutes,
        })
    }

    /// Metres a week that pickers walk less.
    fn saved(&self, article: usize, here: usize, target: usize, other: Option<usize>) -> f64 {
        let nearer = self.round_trip[here] - self.round_trip[target];
        let picks = |article: usize| f64::from(self.layout.articles[article].picks_a_week);
        let mut saved = picks(article) * nearer + self.drawn(article, here, target, other);
        if let Some(other) = other {
            saved += self.drawn(other, target, here, Some(article)) - picks(other) * nearer;
        }
        saved
    }

    /// Metres a week less between an article and its partners; one that it changes places with is as far as before.
    fn drawn(&self, article: usize, here: usize, target: usize, swapped: Option<usize>) -> f64 {
        let bin = |at: usize| &self.layout.locations[at].bin;
        let others = self.partners[article]
            .iter()
            .filter(|(partner, _)| Some(*partner) != swapped);
        others
            .filter_map(|&(partner, often)| {
                let there = bin(self.layout.places[partner]?);
                let between = |at: usize| (self.distance)(Some(bin(at)), there);
                Some(often * (between(here) - between(target)))
            })
            .sum()
    }

    fn said(&self, made: &Candidate) -> SlotMove {
        let item = |article: usize| self.layout.articles[article].item.clone();
        let bin = |at: usize| self.layout.locations[at].bin.clone();
        let here = self.layout.places[made.article].expect("a candidate stands somewhere");
        SlotMove {
            item: item(made.article),
            from: bin(here),
            to: bin(made.target),
            swapped_with: made.other.map(item),
            metres_saved_a_week: made.metres,
            minutes: made.minutes,
            payback_weeks: made.minutes * self.rules.metres_a_minute / made.metres,
        }
    }

    fn make(&mut self, made: &Candidate) {
        let here = self.layout.places[made.article].replace(made.target);
        if let Some(other) = made.other {
            self.layout.places[other] = here;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::slot::Conditions;
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

    /// Bins named by their metres from the depot, all on one line.
    fn metres(from: Option<&BinCode>, to: &BinCode) -> f64 {
        let at = |bin: &BinCode| bin.as_str().parse::<f64>().unwrap();
        (at(to) - from.map_or(0.0, at)).abs()
    }

    fn layout(places: &[(&str, u32, &str)], empty: &[&str]) -> Layout {
        let bins = places
            .iter()
            .map(|(_, _, bin)| *bin)
            .chain(empty.iter().copied());
        Layout {
            locations: bins.map(location).collect(),
            articles: places
                .iter()
                .map(|(item, picks, _)| article(item, *picks))
                .collect(),
            places: (0..places.len()).map(Some).collect(),
        }
    }

    fn moves(layout: Layout, affinities: &[Affinity]) -> Vec<String> {
        slot_moves(layout, affinities, 1.0, &SlotRules::default(), metres)
            .into_iter()
            .map(|made| {
                let other = made
                    .swapped_with
                    .map_or(String::new(), |item| format!(" for {item}"));
                format!(
                    "{} {}>{}{other} {:.0} m",
                    made.item, made.from, made.to, made.metres_saved_a_week
                )
            })
            .collect()
    }

    #[test]
    fn what_is_picked_often_comes_near_and_what_is_not_makes_room() {
        let found = moves(layout(&[("SLOW", 1, "5"), ("FAST", 100, "50")], &[]), &[]);
        // 99 round trips of 45 m less.
        assert_eq!(found, ["FAST 50>5 for SLOW 8910 m"]);
        let found = moves(
            layout(&[("SLOW", 1, "5"), ("FAST", 100, "50")], &["10"]),
            &[],
        );
        // The empty place is half the work for nearly the walk; after it a swap saves 990 m for 24 minutes of work.
        assert_eq!(found, ["FAST 50>10 8000 m", "FAST 10>5 for SLOW 990 m"]);
    }

    #[test]
    fn a_move_that_does_not_pay_for_itself_is_not_proposed() {
        // 12 minutes are 720 m of walk; in four weeks 180 m a week pay for it: one pick a week over 89 m does not.
        assert_eq!(
            moves(layout(&[("RARE", 1, "95")], &["6"]), &[]),
            Vec::<String>::new()
        );
        assert_eq!(
            moves(layout(&[("RARE", 1, "95")], &["5"]), &[]),
            ["RARE 95>5 180 m"]
        );
    }

    #[test]
    fn partners_are_drawn_together() {
        let pair = Affinity {
            first: "BOLT".parse().unwrap(),
            second: "NUT".parse().unwrap(),
            together: 20,
            lift: 3.0,
        };
        let places = [("BOLT", 20, "5"), ("NUT", 20, "80")];
        let found = moves(layout(&places, &["10"]), &[pair]);
        // 20 round trips of 70 m less, and 20 ways of 70 m less between them.
        assert_eq!(found, ["NUT 80>10 4200 m"]);
    }

    #[test]
    fn no_one_is_moved_to_where_it_may_not_stand() {
        let mut heavy = layout(&[("SLOW", 1, "5"), ("FAST", 100, "50")], &["10"]);
        heavy.articles[1].unit_weight_g = 20_000;
        heavy.locations[1].level = 0;
        assert_eq!(moves(heavy.clone(), &[]), Vec::<String>::new());
        heavy.locations[2].level = 1;
        assert_eq!(moves(heavy, &[]), ["FAST 50>10 8000 m"]);
    }

    #[test]
    fn every_move_makes_the_whole_walk_shorter_by_what_it_says() {
        let picks = |n: u32| 1 + (n * 7919) % 101;
        let names: Vec<(String, String)> = (0..30)
            .map(|n| (format!("I{n}"), format!("{}", 5 + n * 3)))
            .collect();
        let places: Vec<(&str, u32, &str)> = names
            .iter()
            .zip(0..)
            .map(|((item, bin), n)| (item.as_str(), picks(n), bin.as_str()))
            .collect();
        let layout = layout(&places, &["4", "6"]);
        let mut at: BTreeMap<ItemCode, BinCode> = layout
            .articles
            .iter()
            .map(|a| a.item.clone())
            .zip(layout.locations.iter().map(|l| l.bin.clone()))
            .collect();
        let often: BTreeMap<ItemCode, u32> = layout
            .articles
            .iter()
            .map(|a| (a.item.clone(), a.picks_a_week))
            .collect();
        let walk = |at: &BTreeMap<ItemCode, BinCode>| -> f64 {
            at.iter()
                .map(|(item, bin)| 2.0 * f64::from(often[item]) * metres(None, bin))
                .sum()
        };
        let found = slot_moves(layout, &[], 1.0, &SlotRules::default(), metres);
        assert!(found.len() > 5, "{}", found.len());
        for made in found {
            let before = walk(&at);
            at.insert(made.item.clone(), made.to.clone());
            if let Some(other) = made.swapped_with {
                at.insert(other, made.from);
            }
            assert!((before - walk(&at) - made.metres_saved_a_week).abs() < 1e-6);
        }
    }

    #[test]
    fn a_place_that_is_not_there_or_taken_is_none() {
        let mut odd = layout(&[("SLOW", 1, "5"), ("FAST", 100, "50")], &[]);
        odd.places = vec![Some(1), Some(1)];
        assert_eq!(moves(odd.clone(), &[]), Vec::<String>::new());
        odd.places = vec![Some(9)];
        assert_eq!(moves(odd, &[]), Vec::<String>::new());
    }
}
