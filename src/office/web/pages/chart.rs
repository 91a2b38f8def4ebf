//! A picture of an item: what was wanted, what is expected, and between what it will be.

use crate::office::plan::{DemandRow, ForecastRecord};
use crate::warehouse::Quantity;
use maud::{Markup, html};

/// The picture's size, in its own units; room at the left for numbers, below for names.
const SIZE: (i64, i64) = (720, 240);
const LEFT: i64 = 60;
const BELOW: i64 = 24;
const ABOVE: i64 = 10;

/// Where what lies.
struct Scale {
    /// What the top of the picture stands for, in thousandths; more than none.
    most: i64,
    /// Periods from the left end to the right one; more than none.
    steps: i64,
}

impl Scale {
    fn x(&self, at: usize) -> i64 {
        let at = i64::try_from(at).unwrap_or(self.steps).min(self.steps);
        LEFT + (SIZE.0 - LEFT - 10) * at / self.steps
    }

    fn y(&self, value: Quantity) -> i64 {
        let height = SIZE.1 - BELOW - ABOVE;
        let value = value.thousandths().clamp(0, self.most);
        let share = i128::from(height) * i128::from(value) / i128::from(self.most);
        SIZE.1 - BELOW - i64::try_from(share).unwrap_or(height)
    }

    fn line(&self, values: impl Iterator<Item = (usize, Quantity)>) -> String {
        let points: Vec<String> = values
            .map(|(at, value)| format!("{},{}", self.x(at), self.y(value)))
            .collect();
        points.join(" ")
    }
}

pub(super) fn picture(past: &[DemandRow], forecast: &ForecastRecord) -> Markup {
    let first = past.len();
    let tops = forecast
        .steps
        .iter()
        .map(|step| step.nearly.1.max(step.planned()));
    let most = past
        .iter()
        .map(|row| row.demand)
        .chain(tops)
        .max()
        .unwrap_or(Quantity::ONE);
    let scale = Scale {
        most: most.thousandths().max(1),
        steps: i64::try_from(first + forecast.steps.len())
            .unwrap_or(i64::MAX)
            .saturating_sub(1)
            .max(1),
    };
    let band = |low: fn(&crate::office::plan::ForecastStep) -> (Quantity, Quantity)| {
        let there = forecast
            .steps
            .iter()
            .enumerate()
            .map(|(at, step)| (first + at, low(step).1));
        let back = forecast
            .steps
            .iter()
            .enumerate()
            .rev()
            .map(|(at, step)| (first + at, low(step).0));
        scale.line(there.chain(back))
    };
    let wanted = scale.line(past.iter().enumerate().map(|(at, row)| (at, row.demand)));
    let expected = scale.line(
        forecast
            .steps
            .iter()
            .enumerate()
            .map(|(at, step)| (first + at, step.mean)),
    );
    let planners = forecast
        .steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| Some((first + at, step.planner?)));
    let bottom = SIZE.1 - BELOW;
    html! {
        svg.chart viewBox={ "0 0 " (SIZE.0) " " (SIZE.1) } role="img" aria-label={ "Demand and forecast of " (forecast.item) ": " (forecast.why) } {
            polygon.band points=(band(|step| step.nearly)) {}
            polygon.band points=(band(|step| step.often)) {}
            line.axis x1=(LEFT) y1=(bottom) x2=(SIZE.0 - 10) y2=(bottom) {}
            polyline.past points=(wanted) {}
            polyline.mean points=(expected) {}
            @for (at, value) in planners { circle.planner cx=(scale.x(at)) cy=(scale.y(value)) r="4" {} }
            text x=(LEFT - 6) y=(ABOVE + 8) text-anchor="end" { (most) }
            text x=(LEFT - 6) y=(bottom) text-anchor="end" { "0" }
            @if let Some(row) = past.first() { text x=(LEFT) y=(SIZE.1 - 6) { (row.name) } }
            @if let Some(step) = forecast.steps.first() { text x=(scale.x(first)) y=(SIZE.1 - 6) text-anchor="middle" { (step.name) } }
            @if let Some(step) = forecast.steps.last() { text x=(SIZE.0 - 10) y=(SIZE.1 - 6) text-anchor="end" { (step.name) } }
        }
    }
}
