//! How long a supplier takes, and how reliably: from what came in, not from what was promised.

use crate::planning::policy::{Amount, Positive};
use chrono::NaiveDate;

/// An order that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// The day it was ordered.
    pub ordered: NaiveDate,
    /// The day most of it was here.
    pub received: NaiveDate,
}

/// Days from order to receipt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeadTime {
    /// On average.
    pub mean_days: Positive,
    /// Standard deviation.
    pub sd_days: Amount,
    /// From how many receipts; with fewer than two the promise stands, and no spread is known.
    pub receipts: usize,
}

impl LeadTime {
    /// What a supplier promises.
    pub const fn promised(days: Positive) -> Self {
        Self {
            mean_days: days,
            sd_days: Amount::ZERO,
            receipts: 0,
        }
    }

    /// Mean and sample standard deviation (n − 1) over the receipts, or the promise where there are fewer than two.
    /// What came before it was ordered is a slip of the pen and passed over; what came the same day took a day.
    pub fn from_receipts(receipts: &[Received], promised_days: Positive) -> Self {
        let days: Vec<f64> = receipts
            .iter()
            .filter_map(|receipt| {
                let days = (receipt.received - receipt.ordered).num_days();
                i32::try_from(days).ok().filter(|&days| days >= 0)
            })
            .map(|days| f64::from(days.max(1)))
            .collect();
        let known = Self::of(&days);
        known.unwrap_or(Self::promised(promised_days))
    }

    fn of(days: &[f64]) -> Option<Self> {
        let count = f64::from(u32::try_from(days.len()).ok()?);
        if count < 2.0 {
            return None;
        }
        let mean = days.iter().sum::<f64>() / count;
        let squares: f64 = days.iter().map(|days| (days - mean).powi(2)).sum();
        Some(Self {
            mean_days: Positive::new(mean).ok()?,
            sd_days: Amount::new((squares / (count - 1.0)).sqrt()).ok()?,
            receipts: days.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(days: &[i64]) -> LeadTime {
        let ordered = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let receipts: Vec<Received> = days
            .iter()
            .map(|&days| Received {
                ordered,
                received: ordered + chrono::Duration::days(days),
            })
            .collect();
        LeadTime::from_receipts(&receipts, Positive::new(14.0).unwrap())
    }

    #[test]
    fn mean_and_spread_come_from_what_came_in() {
        // 7, 9, 11: squares 4 + 0 + 4 over two.
        let lead = took(&[7, 9, 11, -3]);
        assert!((lead.mean_days.get() - 9.0).abs() < 1e-12);
        assert!((lead.sd_days.get() - 2.0).abs() < 1e-12);
        assert_eq!(lead.receipts, 3);
    }

    #[test]
    fn one_receipt_proves_nothing() {
        assert_eq!(
            took(&[30]),
            LeadTime::promised(Positive::new(14.0).unwrap())
        );
        assert!((took(&[0, 0]).mean_days.get() - 1.0).abs() < 1e-12);
    }
}
