//! The floor of a warehouse, read off the coordinates of its bins; the rules may say where the cross aisles are.

use super::Error;
use super::database::{Tx, values};
use super::rules::FloorRules;
use crate::warehouse::{BinCode, Floor, Point};

/// A gap between bins along the aisles is a cross aisle from this width on, if it is wide for this floor. Centimetres.
const CROSS_CM: i32 = 250;
/// How far before the first and behind the last bin one walks across, at least. Centimetres.
const EDGE_CM: i32 = 100;
/// More aisles are no floor that anyone walks.
const MOST_AISLES: usize = 1000;

/// The floor of a warehouse. None if its bins have no places of their own.
pub(super) fn of(tx: &Tx, warehouse: &str, rules: &FloorRules) -> Result<Option<Floor>, Error> {
    let sql = "SELECT DISTINCT x_cm, y_cm FROM bins WHERE warehouse = ?1 AND kind IN ('pick_face', 'reserve')";
    let (mut across, mut along) = (Vec::new(), Vec::new());
    tx.each(sql, values![warehouse], |row| {
        across.push(centimetres(row.int("x_cm")?));
        along.push(centimetres(row.int("y_cm")?));
        Ok::<(), Error>(())
    })?;
    for axis in [&mut across, &mut along] {
        axis.sort_unstable();
        axis.dedup();
    }
    if across.len() + along.len() < 3 || across.len() > MOST_AISLES {
        return Ok(None);
    }
    let cross = match rules.cross_aisles_cm.as_slice() {
        [] => cross_aisles(&along),
        said => said.to_vec(),
    };
    Ok(Some(Floor {
        aisles_cm: across,
        cross_aisles_cm: cross,
        start: rules.start,
    }))
}

fn centimetres(value: i64) -> i32 {
    i32::try_from(value).unwrap_or_default()
}

/// Where one can cross: before the first bin, behind the last, and where no bin is for longer than usual.
fn cross_aisles(along: &[i32]) -> Vec<i32> {
    let gap = |pair: &[i32]| pair[1].saturating_sub(pair[0]);
    let mut gaps: Vec<i32> = along.windows(2).map(gap).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(EDGE_CM);
    let wide = usual.saturating_mul(2).max(CROSS_CM);
    let between = along.windows(2).filter(|pair| gap(pair) > wide);
    let between = between.map(|pair| pair[0] + gap(pair) / 2);
    let edge = usual.max(EDGE_CM);
    let front = along.first().map(|first| first.saturating_sub(edge));
    let back = along.last().map(|last| last.saturating_add(edge));
    front.into_iter().chain(between).chain(back).collect()
}

/// Where a bin is.
pub(super) fn place(tx: &Tx, warehouse: &str, bin: &BinCode) -> Result<Option<Point>, Error> {
    let sql = "SELECT x_cm, y_cm FROM bins WHERE warehouse = ?1 AND code = ?2";
    let row = tx.first(sql, values![warehouse, bin.as_str()])?;
    row.map(|row| {
        Ok(Point {
            x_cm: centimetres(row.int("x_cm")?),
            y_cm: centimetres(row.int("y_cm")?),
        })
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_crosses_at_both_ends_and_where_no_bin_is_for_longer_than_usual() {
        let along = [0, 120, 240, 360, 800, 920, 1040];
        assert_eq!(cross_aisles(&along), [-120, 580, 1160]);
        assert_eq!(cross_aisles(&[0]), [-100, 100]);
    }
}
