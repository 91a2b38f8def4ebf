//! Sums that the methods share: mean, median, quantile, a small system of equations, and the search for a minimum.

/// A count as a number to reckon with.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of periods and series stay far below 2^52"
)]
pub fn number(count: usize) -> f64 {
    count as f64
}

/// 0 of nothing.
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / number(values.len())
}

/// 0 of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(&sorted, 0.5)
}

/// The value below which the share `part` of sorted values lies, with straight lines between; 0 of nothing.
pub fn quantile(sorted: &[f64], part: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let at = part.clamp(0.0, 1.0) * number(last);
    let below = whole(at).min(last);
    let above = (below + 1).min(last);
    let share = at - number(below);
    sorted[below] * (1.0 - share) + sorted[above] * share
}

/// A number that is not negative, cut to a count.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cut is what is wanted, and `as` saturates"
)]
pub fn whole(value: f64) -> usize {
    value as usize
}

/// Solves `matrix · x = right` for a symmetric positive definite matrix, row by row; a row that says nothing gives 0.
pub fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let n = right.len();
    for pivot in 0..n {
        let head = matrix[pivot][pivot];
        if head.abs() < 1e-12 {
            continue;
        }
        for row in pivot + 1..n {
            let share = matrix[row][pivot] / head;
            let (upper, lower) = matrix.split_at_mut(row);
            for (cell, from) in lower[0].iter_mut().zip(&upper[pivot]).skip(pivot) {
                *cell -= share * from;
            }
            right[row] -= share * right[pivot];
        }
    }
    for row in (0..n).rev() {
        let head = matrix[row][row];
        let known: f64 = (row + 1..n).map(|col| matrix[row][col] * right[col]).sum();
        right[row] = if head.abs() < 1e-12 {
            0.0
        } else {
            (right[row] - known) / head
        };
    }
    right
}

/// The point of the unit cube where `cost` is least, as far as `rounds` steps of Nelder and Mead find it from `start`.
/// Deterministic; a cost that is not a number counts as the worst.
pub fn least<const N: usize>(
    start: [f64; N],
    rounds: usize,
    mut cost: impl FnMut(&[f64; N]) -> f64,
) -> [f64; N] {
    let mut judge = |point: [f64; N]| {
        let cost = cost(&point);
        (if cost.is_nan() { f64::MAX } else { cost }, point)
    };
    let mut corners = vec![judge(start)];
    for axis in 0..N {
        let mut corner = start;
        corner[axis] += if corner[axis] > 0.5 { -0.3 } else { 0.3 };
        corners.push(judge(corner));
    }
    for _ in 0..rounds {
        corners.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (best, worst) = (corners[0], corners[N]);
        if worst.0 - best.0 <= 1e-7 * best.0.abs() {
            break;
        }
        let next_worst = corners[N - 1].0;
        let centre: [f64; N] = std::array::from_fn(|axis| {
            corners[..N]
                .iter()
                .map(|corner| corner.1[axis])
                .sum::<f64>()
                / number(N)
        });
        let toward = |reach: f64| -> [f64; N] {
            std::array::from_fn(|axis| {
                (centre[axis] + reach * (worst.1[axis] - centre[axis])).clamp(0.0, 1.0)
            })
        };
        let mut tried = judge(toward(-1.0));
        if tried.0 < best.0 {
            let further = judge(toward(-2.0));
            if further.0 < tried.0 {
                tried = further;
            }
        } else if tried.0 >= next_worst {
            tried = judge(toward(0.5));
        }
        if tried.0 < worst.0 {
            corners[N] = tried;
            continue;
        }
        for corner in &mut corners[1..] {
            let half = std::array::from_fn(|axis| f64::midpoint(corner.1[axis], best.1[axis]));
            *corner = judge(half);
        }
    }
    corners.sort_by(|a, b| a.0.total_cmp(&b.0));
    corners[0].1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-3
    }

    #[test]
    fn quantiles_lie_on_straight_lines_between_values() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert!(near(quantile(&sorted, 0.5), 3.0));
        assert!(near(quantile(&sorted, 1.0), 8.0));
        assert!(near(quantile(&[], 0.5), 0.0));
        assert!(near(median(&[5.0, 1.0, 3.0]), 3.0));
    }

    #[test]
    fn equations_are_solved_and_empty_rows_give_nothing() {
        let solved = solve(vec![vec![2.0, 1.0], vec![1.0, 3.0]], vec![5.0, 10.0]);
        assert!(near(solved[0], 1.0) && near(solved[1], 3.0));
        let solved = solve(vec![vec![2.0, 0.0], vec![0.0, 0.0]], vec![4.0, 0.0]);
        assert!(near(solved[0], 2.0) && near(solved[1], 0.0));
    }

    #[test]
    fn the_least_is_found_inside_and_at_the_border() {
        let at = least([0.5, 0.5], 200, |[x, y]| {
            (x - 0.2).powi(2) + (y - 0.7).powi(2)
        });
        assert!(near(at[0], 0.2) && near(at[1], 0.7), "{at:?}");
        let at = least([0.5], 200, |[x]| (x - 2.0).powi(2));
        assert!(near(at[0], 1.0), "{at:?}");
        assert!(least([0.5], 9, |_| f64::NAN)[0].is_finite());
    }
}
