//! Pictures of figures, drawn by us as SVG: bars side by side, and columns day by day. Each has words that say what it shows;
//! its numbers stand in a table beside it.

use maud::{Markup, html};

/// Width of every picture in its own units.
const WIDTH: u32 = 800;
const ROW: u32 = 30;
/// Where bars begin and how long the longest is.
const LABEL: u32 = 210;
const LONGEST: u32 = 470;
/// Height of the columns of days.
const TALL: u32 = 150;
/// Most labels under columns.
const LABELS: usize = 12;

/// A bar.
pub(super) struct Bar {
    pub label: String,
    pub value: u64,
    /// What stands at its end.
    pub text: String,
    pub is_bad: bool,
}

/// Bars, one a row. `finding`: what they show, in a sentence.
pub(super) fn bars(finding: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let height = ROW * u32::try_from(bars.len()).unwrap_or(1).max(1) + 6;
    html! {
        figure.picture {
            figcaption { (finding) }
            svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(finding) {
                @for (at, bar) in bars.iter().enumerate() {
                    @let y = 3 + ROW * u32::try_from(at).unwrap_or(0);
                    @let length = scaled(bar.value, most, LONGEST);
                    text x=(LABEL - 10) y=(y + 20) text-anchor="end" { (short(&bar.label)) }
                    rect x=(LABEL) y=(y + 4) width=(length.max(1)) height=(ROW - 10) rx="3" class=(if bar.is_bad { "warn" } else { "bar" }) {}
                    text.value x=(LABEL + length + 8) y=(y + 20) { (bar.text) }
                }
            }
        }
    }
}

/// One day's columns: its label, and two amounts of which the second stands on the first.
pub(super) struct Day {
    pub label: String,
    pub good: u64,
    pub bad: u64,
}

/// Columns day by day. `names`: of the two amounts.
pub(super) fn days(finding: &str, names: (&str, &str), days: &[Day]) -> Markup {
    let most = days
        .iter()
        .map(|day| day.good + day.bad)
        .max()
        .unwrap_or(0)
        .max(1);
    let count = u32::try_from(days.len().max(1)).unwrap_or(1);
    let step = f64::from(WIDTH - 60) / f64::from(count);
    let each = days.len().div_ceil(LABELS).max(1);
    html! {
        figure.picture {
            figcaption { (finding) }
            svg viewBox={ "0 0 " (WIDTH) " " (TALL + 50) } role="img" aria-label=(finding) {
                line.axis x1="50" y1=(TALL + 10) x2=(WIDTH - 10) y2=(TALL + 10) {}
                text x="44" y="20" text-anchor="end" { (most) }
                text x="44" y=(TALL + 14) text-anchor="end" { "0" }
                @for (at, day) in days.iter().enumerate() {
                    @let x = 52.0 + step * f64::from(u32::try_from(at).unwrap_or(0));
                    @let (good, bad) = (scaled(day.good, most, TALL), scaled(day.bad, most, TALL));
                    @let wide = (step * 0.8).clamp(1.0, 60.0);
                    rect.bar x={ (format!("{x:.1}")) } y=(TALL + 10 - good) width={ (format!("{wide:.1}")) } height=(good) {}
                    @if day.bad > 0 {
                        rect.warn x={ (format!("{x:.1}")) } y=(TALL + 10 - good - bad) width={ (format!("{wide:.1}")) } height=(bad.max(2)) {}
                    }
                    @if at % each == 0 { text x={ (format!("{:.1}", x + wide / 2.0)) } y=(TALL + 30) text-anchor="middle" { (day.label) } }
                }
            }
            p.legend {
                span { svg.key viewBox="0 0 10 10" aria-hidden="true" { rect.bar width="10" height="10" {} } " " (names.0) }
                @if !names.1.is_empty() { span { svg.key viewBox="0 0 10 10" aria-hidden="true" { rect.warn width="10" height="10" {} } " " (names.1) } }
            }
        }
    }
}

/// A label that has room.
fn short(label: &str) -> String {
    let mut kept: String = label.chars().take(26).collect();
    if label.chars().nth(26).is_some() {
        kept.push('…');
    }
    kept
}

fn scaled(value: u64, most: u64, length: u32) -> u32 {
    let part = u128::from(value) * u128::from(length) / u128::from(most.max(1));
    u32::try_from(part).unwrap_or(length).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_is_as_long_as_there_is_room_and_half_is_half() {
        assert_eq!(scaled(u64::MAX, u64::MAX, 470), 470);
        assert_eq!(scaled(5, 10, 470), 235);
        assert_eq!(scaled(0, 0, 470), 0);
    }
}
