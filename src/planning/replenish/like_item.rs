//! A forecast for an item that is new: the beginning of a like item, scaled, and less and less so as its own sales come in.

use crate::planning::policy::Positive;

/// How many periods of the like item's sales the scale that people gave is worth, against periods that were seen.
const TRUST_PERIODS: f64 = 4.0;

/// What a new item is expected to sell in the periods after those `seen`: the like item's sales in the same periods of its
/// own life, scaled. The scale is what people gave, drawn towards what was seen by as much as was seen.
///
/// Numbers below zero or without end count as none. Empty where the like item is not older.
pub fn from_like_item(like: &[f64], scale: Positive, seen: &[f64]) -> Vec<f64> {
    let sound = |sales: &f64| {
        if sales.is_finite() {
            sales.max(0.0)
        } else {
            0.0
        }
    };
    let sum = |sales: &[f64]| sales.iter().map(sound).sum::<f64>();
    let same = like.len().min(seen.len());
    let count = f64::from(u32::try_from(like.len()).unwrap_or(u32::MAX));
    let trust = TRUST_PERIODS * sum(like) / count.max(1.0);
    let under = sum(&like[..same]) + trust;
    let scale = if under > 0.0 {
        (sum(&seen[..same]) + trust * scale.get()) / under
    } else {
        scale.get()
    };
    like[same..]
        .iter()
        .map(|sales| scale * sound(sales))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forecast(like: &[f64], scale: f64, seen: &[f64]) -> Vec<f64> {
        from_like_item(like, Positive::new(scale).unwrap(), seen)
    }

    #[test]
    fn before_its_first_sale_a_new_item_is_a_scaled_like_item() {
        let found = forecast(&[10.0, 20.0, 30.0, 40.0], 0.5, &[]);
        let wanted = [5.0, 10.0, 15.0, 20.0];
        assert!(
            found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12),
            "{found:?}"
        );
    }

    #[test]
    fn its_own_sales_draw_the_scale_towards_them() {
        // Trust is worth four periods of 10. Two periods seen at 20: (40 + 40) / (20 + 40).
        let found = forecast(&[10.0; 4], 1.0, &[20.0, 20.0]);
        assert!((found[0] - 40.0 / 3.0).abs() < 1e-12, "{found:?}");
        assert_eq!(found.len(), 2);
        assert_eq!(forecast(&[10.0], 1.0, &[1.0, 2.0, 3.0]), Vec::<f64>::new());
    }

    #[test]
    fn nonsense_counts_as_nothing() {
        let found = forecast(&[f64::NAN, -5.0, f64::INFINITY], 2.0, &[f64::NAN]);
        assert!(found.iter().all(|sales| *sales == 0.0));
    }
}
