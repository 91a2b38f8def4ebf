//! The normal distribution to near machine precision: tail, quantile, and the loss function with its inverse.
//! By series and continued fraction, so that there are no tables of coefficients to trust.

use std::f64::consts::PI;

use super::number::Share;

/// The density φ(x).
pub fn density(x: f64) -> f64 {
    (-x * x / 2.0).exp() / (2.0 * PI).sqrt()
}

/// The probability Φ(x) of at most `x`.
pub fn cumulative(x: f64) -> f64 {
    upper(-x)
}

/// The probability 1 − Φ(x) of more than `x`; exact to about a part in 10¹⁵ near the middle and 10¹³ far in the tail.
pub fn upper(x: f64) -> f64 {
    if x < 0.0 {
        1.0 - upper(-x)
    } else if x < 1.0 {
        0.5 - density(x) * series(x)
    } else {
        density(x) / (x + fraction(x))
    }
}

/// (Φ(x) − ½) / φ(x) = x + x³/3 + x⁵/(3·5) + …, all of one sign.
fn series(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for odd in 1..40 {
        term *= x * x / f64::from(2 * odd + 1);
        sum += term;
    }
    sum
}

/// The continued fraction c = 1/(x + 2/(x + 3/(x + …))), for which (1 − Φ(x)) / φ(x) = 1/(x + c). For `x` from 1 on.
fn fraction(x: f64) -> f64 {
    let mut tail = x;
    for k in (2..400).rev() {
        tail = x + f64::from(k) / tail;
    }
    1.0 / tail
}

/// The quantile Φ⁻¹(p): the z that is exceeded with probability 1 − p.
pub fn quantile(p: Share) -> f64 {
    let p = p.get();
    if p > 0.5 {
        upper_quantile(1.0 - p)
    } else {
        -upper_quantile(p)
    }
}

/// The x ≥ 0 that is exceeded with probability `tail`, which is above 0 and at most ½.
///
/// A first guess good to 0.00045 (Abramowitz & Stegun 26.2.23), then Halley's steps, each of which triples the digits.
fn upper_quantile(tail: f64) -> f64 {
    let t = (-2.0 * tail.ln()).sqrt();
    let over = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let under = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = t - over / under;
    for _ in 0..3 {
        let step = (tail - upper(x)) / density(x);
        x -= step / (1.0 - x * step / 2.0);
    }
    x
}

/// The loss G(k) = φ(k) − k·(1 − Φ(k)): how much a standard normal exceeds `k` on average.
pub fn loss(k: f64) -> f64 {
    if k < 0.0 {
        loss(-k) - k
    } else if k < 1.0 {
        density(k) - k * upper(k)
    } else {
        // The same without the difference of two like numbers.
        let c = fraction(k);
        density(k) * c / (k + c)
    }
}

/// The k whose loss G(k) is `wanted`, a number from about 10⁻²⁰⁰ on; negative from G(0) = 0.3989 on.
pub fn loss_inverse(wanted: f64) -> f64 {
    if wanted < loss(0.0) {
        return loss_inverse_above_zero(wanted);
    }
    // G is convex and falls, and G(−wanted) is above wanted: from there Newton's steps never pass the root.
    let mut k = -wanted;
    for _ in 0..100 {
        let step = (loss(k) - wanted) / upper(k);
        k += step;
        if step.abs() <= f64::EPSILON * k.abs() {
            break;
        }
    }
    k
}

/// Newton's steps on ln G, which is nearly a parabola: few are needed however small the loss. They begin where G is
/// too small, so that none passes the root.
fn loss_inverse_above_zero(wanted: f64) -> f64 {
    let mut k = (-2.0 * wanted.ln()).sqrt();
    for _ in 0..60 {
        let lost = loss(k);
        let step = (lost / wanted).ln() * lost / upper(k);
        k = (k + step).max(0.0);
        if step.abs() <= 2.0 * f64::EPSILON * k {
            break;
        }
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a` and `b` agree to so many parts in 10¹⁶.
    fn agree(a: f64, b: f64, parts: f64) {
        let apart = (a - b).abs() / b.abs().max(f64::MIN_POSITIVE);
        assert!(apart <= parts * 1e-16, "{a:e} is not {b:e}: {apart:e}");
    }

    /// x, 1 − Φ(x), G(x), computed to forty digits.
    const TAILS: [(f64, f64, f64); 10] = [
        (-6.0, 0.999_999_999_013_412_4, 6.000_000_000_156_357),
        (-1.25, 0.894_350_226_333_144_7, 1.300_586_868_305_453),
        (0.0, 0.5, 0.398_942_280_401_432_7),
        (0.5, 0.308_537_538_725_986_9, 0.197_796_557_401_306_03),
        (0.999, 0.158_897_345_641_318_3, 0.083_474_246_867_308_47),
        (1.0, 0.158_655_253_931_457_05, 0.083_315_470_587_686_3),
        (1.001, 0.158_413_404_192_280_02, 0.083_156_936_278_788_65),
        (2.5, 0.006_209_665_325_776_135, 0.002_004_137_179_128_199_4),
        (5.0, 2.866_515_718_791_939e-7, 5.346_165_533_832_815e-8),
        (20.0, 2.753_624_118_606_233_7e-89, 1.370_012_494_729_58e-90),
    ];

    #[test]
    fn tail_and_loss_are_right_near_to_the_last_digit() {
        for (x, tail, lost) in TAILS {
            let parts = 30.0 + 2.0 * x * x;
            agree(upper(x), tail, parts);
            agree(loss(x), lost, parts);
        }
        agree(upper(37.0), 5.725_571_222_524_577e-300, 3_000.0);
        agree(cumulative(1.25), 0.894_350_226_333_144_7, 5.0);
    }

    #[test]
    fn quantiles_are_right_to_the_last_digits() {
        let known = [
            (0.95, 1.644_853_626_951_472_3),
            (0.97, 1.880_793_608_151_250_5),
            (0.7, 0.524_400_512_708_040_6),
            (0.001, -3.090_232_306_167_813_5),
            (1e-10, -6.361_340_902_404_056),
            (1e-100, -21.273_453_560_965_324),
            (0.999_999, 4.753_424_308_817_088),
            (0.024_25, -1.972_961_051_311_884_8),
        ];
        for (p, z) in known {
            agree(quantile(Share::new(p).unwrap()), z, 8.0);
        }
        assert!(quantile(Share::new(0.5).unwrap()).abs() < 1e-16);
    }

    #[test]
    fn the_inverse_of_the_loss_is_right_on_both_sides_of_zero() {
        let known = [
            (0.015, 1.780_271_031_543_560_9),
            (0.05, 1.255_581_715_301_822_8),
            (1e-6, 4.424_892_300_505_839),
            (1e-30, 11.251_185_889_347_143),
            (2.5, -2.497_983_304_110_019_3),
            (100.0, -100.0),
        ];
        for (lost, k) in known {
            agree(loss_inverse(lost), k, 10.0);
        }
        assert!(loss_inverse(0.398_942_280_401_432_7).abs() < 1e-15);
    }

    #[test]
    fn quantile_and_inverse_undo_what_they_invert() {
        for step in 1..1000 {
            let p = f64::from(step) / 1000.0;
            let z = quantile(Share::new(p).unwrap());
            assert!((cumulative(z) - p).abs() < 2e-15, "{p}");
            let back = loss_inverse(loss(z));
            assert!((back - z).abs() < 1e-13, "{z} came back as {back}");
        }
    }
}
