//! Days: when a supplier takes orders, when it delivers, and so when goods can be here.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::BTreeSet;

/// How far ahead an open day is looked for: whoever is closed for longer is closed for good.
const FURTHEST_DAYS: u64 = 400;

/// Which days count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Monday first.
    open: [bool; 7],
    closed: BTreeSet<NaiveDate>,
}

impl Default for Calendar {
    /// Every day.
    fn default() -> Self {
        Self {
            open: [true; 7],
            closed: BTreeSet::new(),
        }
    }
}

impl Calendar {
    /// These days of the week.
    pub fn on(weekdays: &[Weekday]) -> Self {
        let mut open = [false; 7];
        for day in weekdays {
            open[day.num_days_from_monday() as usize] = true;
        }
        let closed = BTreeSet::new();
        Self { open, closed }
    }

    /// The same without these dates.
    #[must_use]
    pub fn closed_on(mut self, dates: impl IntoIterator<Item = NaiveDate>) -> Self {
        self.closed.extend(dates);
        self
    }

    /// Whether a date counts.
    pub fn is_open(&self, date: NaiveDate) -> bool {
        self.open[date.weekday().num_days_from_monday() as usize] && !self.closed.contains(&date)
    }

    /// The first date that counts, this one or a later one; none within 400 days.
    pub fn next_open(&self, from: NaiveDate) -> Option<NaiveDate> {
        (0..FURTHEST_DAYS)
            .filter_map(|days| from.checked_add_days(Days::new(days)))
            .find(|&date| self.is_open(date))
    }
}

/// How a supplier supplies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supply {
    /// When it takes orders.
    pub orders: Calendar,
    /// When goods can come in here.
    pub deliveries: Calendar,
    /// Calendar days from order to delivery.
    pub lead_days: u32,
}

impl Supply {
    /// The next day to order, today or later.
    pub fn next_order(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.orders.next_open(today)
    }

    /// When an order of that day is here.
    pub fn arrival(&self, ordered: NaiveDate) -> Option<NaiveDate> {
        let due = ordered.checked_add_days(Days::new(self.lead_days.into()))?;
        self.deliveries.next_open(due)
    }

    /// Days from one order day to the one after it: how long a decision not to order has to last.
    pub fn review_days(&self, ordered: NaiveDate) -> Option<u32> {
        let next = self.next_order(ordered.succ_opt()?)?;
        u32::try_from((next - ordered).num_days()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_order_waits_for_its_day_and_a_delivery_for_an_open_door() {
        let weekdays = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ];
        let supply = Supply {
            orders: Calendar::on(&[Weekday::Mon, Weekday::Thu]).closed_on([date("2026-11-26")]),
            deliveries: Calendar::on(&weekdays),
            lead_days: 5,
        };
        // 24 November 2026 is a Tuesday; the Thursday after it is a holiday.
        let ordered = supply.next_order(date("2026-11-24")).unwrap();
        assert_eq!(ordered, date("2026-11-30"));
        // Five days later is a Saturday.
        assert_eq!(supply.arrival(ordered), Some(date("2026-12-07")));
        assert_eq!(supply.review_days(ordered), Some(3));
    }

    #[test]
    fn whoever_is_never_open_is_never_waited_for() {
        assert_eq!(Calendar::on(&[]).next_open(date("2026-11-24")), None);
        assert_eq!(
            Calendar::default().next_open(NaiveDate::MAX),
            Some(NaiveDate::MAX)
        );
        let supply = Supply {
            lead_days: u32::MAX,
            ..Supply::default()
        };
        assert_eq!(supply.arrival(NaiveDate::MAX), None);
    }
}
