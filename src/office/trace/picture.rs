//! An answer as a picture of the flow: from left to right how goods came in, what became of them, who has them and where the
//! rest is. What is only possible is drawn with a broken line and says so.

use super::sheet::named;
use super::{Exposure, Traced};
use std::collections::HashMap;
use std::fmt::Write as _;

/// So many boxes in a column; what is more is one box that says how many.
const MOST: usize = 16;
const WIDTH: usize = 190;
const HEIGHT: usize = 44;
const GAP: (usize, usize) = (90, 14);

struct Drawn {
    column: usize,
    row: usize,
    lines: [String; 2],
}

#[derive(Default)]
struct Flow {
    boxes: Vec<Drawn>,
    known: HashMap<(usize, String), usize>,
    in_column: HashMap<usize, Vec<usize>>,
    arrows: HashMap<(usize, usize), Exposure>,
}

impl Flow {
    /// The box of this name in this column, or the one for all that have no room there.
    fn place(&mut self, column: usize, name: &str, below: &str) -> usize {
        let key = (column, name.to_owned());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let there = self.in_column.entry(column).or_default();
        if there.len() > MOST {
            let last = there[MOST];
            self.known.insert(key, last);
            return last;
        }
        let is_last = there.len() == MOST;
        let lines = if is_last {
            ["and others".to_owned(), "see the table".to_owned()]
        } else {
            [name.to_owned(), below.to_owned()]
        };
        let next = self.boxes.len();
        self.boxes.push(Drawn {
            column,
            row: there.len(),
            lines,
        });
        there.push(next);
        self.known.insert(key, next);
        next
    }

    fn arrow(&mut self, from: usize, to: usize, amount: Exposure) {
        let sum = self.arrows.entry((from, to)).or_default();
        *sum = sum.plus(amount);
    }
}

fn flow(traced: &Traced) -> Flow {
    let mut flow = Flow::default();
    let deepest = traced.goods.iter().map(|it| it.level).max().unwrap_or(0);
    let column = |level: u32| {
        let steps = if traced.asked.forward {
            level
        } else {
            deepest - level.min(deepest)
        };
        1 + usize::try_from(steps).unwrap_or(usize::MAX - 3)
    };
    let end = column(if traced.asked.forward { deepest } else { 0 }) + 1;
    let mut at = HashMap::new();
    for it in &traced.goods {
        let below = amount(it.came);
        let name = named(&it.goods);
        at.insert(name.clone(), flow.place(column(it.level), &name, &below));
    }
    for it in &traced.came {
        let below = if it.partner.is_empty() {
            it.how.name()
        } else {
            it.partner.as_str()
        };
        let name = if it.order.is_empty() {
            it.how.name()
        } else {
            it.order.as_str()
        };
        let from = flow.place(0, name, below);
        if let Some(to) = at.get(&named(&it.goods)) {
            flow.arrow(from, *to, it.amount);
        }
    }
    for it in &traced.made {
        if let (Some(from), Some(to)) = (at.get(&named(&it.from)), at.get(&named(&it.into))) {
            flow.arrow(*from, *to, it.used);
        }
    }
    for it in &traced.sent {
        let name = if it.customer.is_empty() {
            "a customer"
        } else {
            it.customer.as_str()
        };
        let to = flow.place(end, name, it.stage.name());
        if let Some(from) = at.get(&named(&it.goods)) {
            flow.arrow(*from, to, it.amount);
        }
    }
    for it in &traced.stands {
        let to = flow.place(end, &format!("in {}", it.warehouse), "there still");
        if let Some(from) = at.get(&named(&it.goods)) {
            flow.arrow(*from, to, it.amount);
        }
    }
    flow
}

fn amount(amount: Exposure) -> String {
    match (amount.certain.is_zero(), amount.possible.is_zero()) {
        (_, true) => amount.certain.to_string(),
        (true, false) => format!("perhaps {}", amount.possible),
        (false, false) => format!("{} and perhaps {}", amount.certain, amount.possible),
    }
}

/// The picture as SVG, which holds no script and names nothing outside itself.
pub fn picture(traced: &Traced) -> String {
    let flow = flow(traced);
    let columns = flow.boxes.iter().map(|it| it.column + 1).max().unwrap_or(1);
    let rows = flow.boxes.iter().map(|it| it.row + 1).max().unwrap_or(1);
    let (width, height) = (
        columns * (WIDTH + GAP.0) - GAP.0 + 20,
        rows * (HEIGHT + GAP.1) - GAP.1 + 20,
    );
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"13\" role=\"img\" aria-label=\"How the goods went\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let corner = |it: &Drawn| {
        (
            10 + it.column * (WIDTH + GAP.0),
            10 + it.row * (HEIGHT + GAP.1),
        )
    };
    let mut arrows: Vec<_> = flow.arrows.iter().collect();
    arrows.sort_unstable_by_key(|(ends, _)| **ends);
    for ((from, to), share) in arrows {
        let (x, y) = corner(&flow.boxes[*from]);
        let (u, v) = corner(&flow.boxes[*to]);
        let (x, y, v, middle) = (
            x + WIDTH,
            y + HEIGHT / 2,
            v + HEIGHT / 2,
            x + WIDTH + GAP.0 / 2,
        );
        let dash = if share.certain.is_zero() {
            " stroke-dasharray=\"5 4\""
        } else {
            ""
        };
        let says = text(&amount(*share));
        // Writing to a String cannot fail.
        let _ = writeln!(
            svg,
            "<path d=\"M{x} {y} C{middle} {y} {middle} {v} {u} {v}\" fill=\"none\" stroke=\"#4a5568\" \
             stroke-width=\"1.5\"{dash}><title>{says}</title></path>"
        );
    }
    for it in &flow.boxes {
        let (x, y) = corner(it);
        let [first, second] = it.lines.each_ref().map(|line| text(&cut(line)));
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"5\" fill=\"#edf2f7\" stroke=\"#2d3748\"/>\
             <text x=\"{}\" y=\"{}\" fill=\"#1a202c\">{first}</text>\
             <text x=\"{}\" y=\"{}\" fill=\"#4a5568\">{second}</text>",
            x + 8,
            y + 18,
            x + 8,
            y + 35
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// What has room in a box.
fn cut(line: &str) -> String {
    const ROOM: usize = 25;
    if line.chars().count() <= ROOM {
        return line.to_owned();
    }
    line.chars().take(ROOM - 1).chain(['…']).collect()
}

fn text(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
