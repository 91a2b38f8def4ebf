//! The warehouse as a map with heat: how often each bin was picked from, or how full it is; and the same as a table.

use super::super::look::{Look, Part, View};
use super::super::table::{Cell, Column, Table};
use super::parts::{choice, search, words};
use crate::office::Error;
use crate::office::report::heat::Spot;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Days of picks that are counted unless someone asks for others.
const DAYS: u64 = 30;
/// Shades from cold to hot.
const SHADES: u64 = 5;
/// The map's width, and its greatest height, in its own units.
const WIDTH: f64 = 1000.0;
const TALLEST: f64 = 900.0;
const EDGE: f64 = 24.0;

const WHAT: [(&str, &str); 2] = [("", "picks"), ("full", "how full")];

pub(in super::super) fn look(look: &Look) -> Result<View, Error> {
    let (from, until) = look.period(DAYS)?;
    let spots = look.office.heat(look.here, from, until)?;
    let by_full = look.wish.get("show") == Some("full");
    let fields = html! {
        (choice(look, "show", "Heat by", &WHAT))
        (super::parts::period(look))
    };
    let drawn = Map::of(&spots, by_full);
    Ok(View {
        title: "Map".to_owned(),
        path: "/map",
        section: "/map",
        parts: vec![
            Part::Words(
                html! { (search(look, "/map", &fields)) (drawn.picture(&finding(&spots, by_full))) },
            ),
            Part::Table(table(look, &spots)),
        ],
    })
}

/// What the map shows, in a sentence.
fn finding(spots: &[Spot], by_full: bool) -> String {
    if by_full {
        let known: Vec<u64> = spots.iter().filter_map(|spot| spot.full).collect();
        let used = spots.iter().filter(|spot| spot.rows > 0).count();
        let tight = known.iter().filter(|full| **full >= 90).count();
        return format!(
            "{used} of {} bins hold goods; of {} whose room is known, {tight} are nine tenths full or more.",
            spots.len(),
            known.len()
        );
    }
    let all: u64 = spots.iter().map(|spot| spot.picks).sum();
    if all == 0 {
        return "Nothing was picked in these days.".to_owned();
    }
    let mut picks: Vec<u64> = spots.iter().map(|spot| spot.picks).collect();
    picks.sort_unstable_by(|one, other| other.cmp(one));
    let tenth = picks.len().div_ceil(10);
    let hot: u64 = picks.iter().take(tenth).sum();
    format!(
        "{all} picks; the {tenth} busiest of {} bins had {} % of them.",
        picks.len(),
        hot * 100 / all
    )
}

fn table(look: &Look, spots: &[Spot]) -> Table {
    let after = look.after(0);
    let begin: usize = after.first().and_then(|at| at.parse().ok()).unwrap_or(0);
    let mut sorted: Vec<&Spot> = spots.iter().collect();
    sorted.sort_by_key(|spot| std::cmp::Reverse(spot.picks));
    let row = |spot: &&Spot| {
        let full = spot
            .full
            .map_or_else(String::new, |full| format!("{full} %"));
        let place = format!("bin:{}", spot.bin);
        vec![
            super::parts::place(look, &place),
            Cell::text(&spot.zone),
            Cell::text(words(&spot.kind)),
            Cell::NumberLink(
                spot.picks.to_string(),
                look.to("/moves", &[("bin", &spot.bin), ("way", "fetched")]),
            ),
            Cell::count(spot.rows),
            Cell::text(full),
            if spot.frozen {
                Cell::Bad("frozen".into())
            } else {
                Cell::text("")
            },
        ]
    };
    let end = (begin + look.most).min(sorted.len());
    Table {
        caption: format!("Bins of {}, the busiest first", look.here),
        columns: vec![
            Column::text("Bin"),
            Column::text("Zone"),
            Column::text("Kind"),
            Column::number("Picks"),
            Column::number("Kinds of stock in it"),
            Column::text("Full"),
            Column::text("State"),
        ],
        rows: sorted
            .get(begin..end)
            .unwrap_or_default()
            .iter()
            .map(row)
            .collect(),
        next: (end < sorted.len()).then(|| vec![end.to_string()]),
        empty: "There are no bins yet.",
    }
}

/// One place on the floor: the bins above each other there.
struct Stand<'a> {
    x: f64,
    y: f64,
    bins: Vec<&'a Spot>,
}

/// The floor, scaled to the picture.
struct Map<'a> {
    stands: Vec<Stand<'a>>,
    side: (f64, f64),
    height: f64,
    most: u64,
    by_full: bool,
}

impl<'a> Map<'a> {
    fn of(spots: &'a [Spot], by_full: bool) -> Self {
        let mut by_place: BTreeMap<(i64, i64), Vec<&Spot>> = BTreeMap::new();
        for spot in spots {
            by_place
                .entry((spot.x_cm, spot.y_cm))
                .or_default()
                .push(spot);
        }
        let xs = ordered(by_place.keys().map(|(x, _)| *x));
        let ys = ordered(by_place.keys().map(|(_, y)| *y));
        let (left, wide) = span(&xs);
        let (low, deep) = span(&ys);
        let scale = ((WIDTH - 2.0 * EDGE) / wide).min((TALLEST - 2.0 * EDGE) / deep);
        let side = (gap(&xs) * scale * 0.86, gap(&ys) * scale * 0.86);
        let side = (side.0.clamp(4.0, 60.0), side.1.clamp(4.0, 60.0));
        let stands = by_place.into_iter().map(|((x, y), mut bins)| {
            bins.sort_by_key(|spot| spot.level);
            Stand {
                x: EDGE + (number(x) - left) * scale,
                // The floor's north is the picture's top.
                y: EDGE + (low + deep - number(y)) * scale,
                bins,
            }
        });
        Self {
            stands: stands.collect(),
            side,
            height: deep * scale + 2.0 * EDGE,
            most: spots.iter().map(|spot| spot.picks).max().unwrap_or(0),
            by_full,
        }
    }

    /// From 0, cold, to the last shade; none where nothing is known.
    fn shade(&self, spot: &Spot) -> Option<u64> {
        if self.by_full {
            return spot
                .full
                .map(|full| full.div_ceil(100 / SHADES).min(SHADES));
        }
        Some((spot.picks * SHADES).div_ceil(self.most.max(1)))
    }

    fn picture(&self, finding: &str) -> Markup {
        html! {
            figure.picture {
                figcaption { (finding) " What the map shows stands in the table below it, bin by bin." }
                @if self.stands.len() < 2 { p { "The bins have no places on the floor yet: their sheet has the columns x_cm and y_cm." } }
                @else {
                    svg.map viewBox={ "0 0 " (WIDTH) " " (format!("{:.0}", self.height)) } role="img" aria-label=(finding) {
                        @for stand in &self.stands { (self.stand(stand)) }
                    }
                    (self.legend())
                }
            }
        }
    }

    /// Bins above each other stand side by side, the lowest on the left.
    fn stand(&self, stand: &Stand) -> Markup {
        let many = u32::try_from(stand.bins.len()).unwrap_or(1).max(1);
        let wide = self.side.0 / f64::from(many);
        html! {
            @for (at, spot) in (0u32..).zip(&stand.bins) {
                @let x = stand.x - self.side.0 / 2.0 + wide * f64::from(at);
                rect class=(self.class(spot)) x=(format!("{x:.1}")) y=(format!("{:.1}", stand.y - self.side.1 / 2.0))
                    width=(format!("{:.1}", (wide - 0.6).max(0.8))) height=(format!("{:.1}", self.side.1)) rx="1" {
                    title { (spot.bin) ": " (spot.picks) " picks" @if let Some(full) = spot.full { ", " (full) " % full" } }
                }
            }
        }
    }

    fn class(&self, spot: &Spot) -> String {
        self.shade(spot).map_or_else(
            || "heat unknown".to_owned(),
            |shade| format!("heat h{shade}"),
        )
    }

    fn legend(&self) -> Markup {
        let name = |shade: u64| {
            if self.by_full {
                return format!("up to {} %", shade * 100 / SHADES);
            }
            format!("up to {}", shade * self.most / SHADES)
        };
        // Where little was picked, several shades would mean the same.
        let means = |shade: u64| {
            self.by_full || shade * self.most / SHADES > (shade - 1) * self.most / SHADES
        };
        html! {
            p.legend {
                span { svg.key viewBox="0 0 10 10" aria-hidden="true" { rect.heat.h0 width="10" height="10" {} } " none" }
                @for shade in (1..=SHADES).filter(|shade| means(*shade)) {
                    span { svg.key viewBox="0 0 10 10" aria-hidden="true" { rect class={ "heat h" (shade) } width="10" height="10" {} } " " (name(shade)) }
                }
                @if self.by_full { span { svg.key viewBox="0 0 10 10" aria-hidden="true" { rect.heat.unknown width="10" height="10" {} } " nobody said how much it takes" } }
            }
        }
    }
}

fn number(cm: i64) -> f64 {
    f64::from(i32::try_from(cm).unwrap_or_default())
}

fn ordered(all: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut all: Vec<i64> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Where they begin, and how far they reach.
fn span(all: &[i64]) -> (f64, f64) {
    let (first, last) = (
        all.first().copied().unwrap_or(0),
        all.last().copied().unwrap_or(0),
    );
    (number(first), (number(last) - number(first)).max(1.0))
}

/// The usual distance between neighbours: bins are drawn a little smaller than that.
fn gap(all: &[i64]) -> f64 {
    let mut gaps: Vec<i64> = all.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    number(gaps.get(gaps.len() / 2).copied().unwrap_or(100))
}
