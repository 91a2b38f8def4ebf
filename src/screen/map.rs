//! The walk as a map: aisles stand side by side, the back is at the top.

use super::parts::Page;
use super::{plain, words};
use crate::flow::{Map, Mark};
use crate::warehouse::Point;

/// Widest gap between two aisles, in columns.
const WIDEST: usize = 8;

pub(super) fn draw(map: &Map, page: &mut Page) {
    page.line(&words::walk_left(map.walk_cm), page.theme().ask());
    let (width, height) = (page.width(), page.left().saturating_sub(1));
    for row in picture(map, width, height) {
        page.line(&row, plain());
    }
    page.line(words::tr(words::MAP_SIGNS), page.theme().quiet());
}

/// The floor in so many columns and rows.
fn picture(map: &Map, width: usize, height: usize) -> Vec<String> {
    let scale = Scale::of(map, width, height);
    let mut cells = vec![vec![' '; width]; height];
    for &aisle in scale.aisles {
        let column = scale.column(aisle);
        cells.iter_mut().for_each(|row| row[column] = '|');
    }
    for &cross in map.cross_aisles {
        let (from, to) = (scale.column(i32::MIN), scale.column(i32::MAX));
        let row = scale.row(cross);
        cells[row][from..=to]
            .iter_mut()
            .for_each(|cell| *cell = '-');
    }
    // Drawn backwards, so that of two at one place the first is seen.
    for (at, mark) in map.marks.iter().rev() {
        cells[scale.row(at.y_cm)][scale.column(at.x_cm)] = sign(*mark);
    }
    cells
        .into_iter()
        .map(|row| row.into_iter().collect())
        .collect()
}

fn sign(mark: Mark) -> char {
    match mark {
        Mark::Here => '@',
        Mark::Turn(turn) => u32::try_from(turn)
            .ok()
            .and_then(|turn| char::from_digit(turn, 10))
            .unwrap_or('+'),
        Mark::End => 'E',
    }
}

/// How places become cells.
struct Scale<'a> {
    /// The aisles from the first to the last one that matters.
    aisles: &'a [i32],
    step: usize,
    margin: usize,
    columns: usize,
    front: i32,
    back: i32,
    rows: usize,
}

impl<'a> Scale<'a> {
    fn of(map: &'a Map, columns: usize, rows: usize) -> Self {
        let across = map.marks.iter().map(|(at, _)| at.x_cm);
        let along = |of: fn(&Point) -> i32| map.marks.iter().map(move |(at, _)| of(at));
        let ys = along(|at| at.y_cm).chain(map.cross_aisles.iter().copied());
        let (least, most) = (across.clone().min().unwrap_or(0), across.max().unwrap_or(0));
        let first = map
            .aisles
            .partition_point(|&aisle| aisle < least)
            .saturating_sub(1);
        let last = map.aisles.partition_point(|&aisle| aisle <= most) + 1;
        let aisles = &map.aisles[first..last.min(map.aisles.len())];
        let step = (columns / aisles.len().max(1)).clamp(1, WIDEST);
        let used = (aisles.len().saturating_sub(1) * step + 1).min(columns);
        Self {
            aisles,
            step,
            margin: (columns - used) / 2,
            columns,
            front: ys.clone().min().unwrap_or(0),
            back: ys.max().unwrap_or(0),
            rows,
        }
    }

    /// The column of the aisle that is nearest. Several aisles share one where there are more than columns.
    fn column(&self, x: i32) -> usize {
        let near = |at: &usize| self.aisles[*at].abs_diff(x);
        let nearest = (0..self.aisles.len()).min_by_key(near).unwrap_or(0);
        let at = match self.aisles.len() {
            many if many > self.columns => nearest * self.columns / many,
            _ => nearest * self.step,
        };
        (self.margin + at).min(self.columns.saturating_sub(1))
    }

    fn row(&self, y: i32) -> usize {
        let last = self.rows.saturating_sub(1);
        let depth = u64::from(self.back.abs_diff(self.front)).max(1);
        let from_back = u64::from(self.back.abs_diff(y.clamp(self.front, self.back)));
        let row = from_back * last as u64 / depth;
        usize::try_from(row).unwrap_or(last).min(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_aisles_there_are_the_map_fits() {
        let aisles: Vec<i32> = (0..90).map(|aisle| aisle * 300).collect();
        let at = |x_cm, y_cm| Point { x_cm, y_cm };
        let map = Map {
            aisles: &aisles,
            cross_aisles: &[0, 2000],
            marks: vec![
                (at(0, 0), Mark::Here),
                (at(89 * 300, 1000), Mark::Turn(12)),
                (at(i32::MAX, i32::MIN), Mark::End),
            ],
            walk_cm: 0,
        };
        for (width, height) in [(20, 9), (1, 1), (80, 20)] {
            let rows = picture(&map, width, height);
            assert_eq!(rows.len(), height);
            assert!(rows.iter().all(|row| row.chars().count() == width));
        }
        assert!(picture(&map, 20, 9).iter().any(|row| row.contains('@')));
    }
}
