//! How well it goes: service, accuracy, and work done in an hour, as counts whose shares are never rounded to a hundred.

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many were good.
    pub good: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// Counts one more.
    #[must_use]
    pub const fn with(self, is_good: bool) -> Self {
        Self {
            good: self.good.saturating_add(is_good as u64),
            of: self.of.saturating_add(1),
        }
    }

    /// The share in hundredths of a per cent, rounded down: 9999 is 99.99 %, and only all of all is 10000. None of nothing.
    pub fn basis_points(self) -> Option<u32> {
        if self.of == 0 {
            return None;
        }
        let points = u128::from(self.good.min(self.of)) * 10_000 / u128::from(self.of);
        u32::try_from(points).ok()
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.basis_points() {
            Some(points) => f.pad(&format!("{}.{:02} %", points / 100, points % 100)),
            None => f.pad("-"),
        }
    }
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderOutcome {
    /// Its lines.
    pub lines: u32,
    /// Those that were shipped whole.
    pub lines_whole: u32,
    /// Whether it left in time.
    pub on_time: bool,
    /// Whether nothing in it was wrong or broken.
    pub faultless: bool,
}

/// Service over many orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceRates {
    /// Lines shipped whole.
    pub lines: Rate,
    /// Orders shipped whole.
    pub complete: Rate,
    /// Orders that left in time.
    pub on_time: Rate,
    /// Orders without fault.
    pub accurate: Rate,
    /// Orders that were all of that.
    pub perfect: Rate,
}

/// The service over these orders.
pub fn service_rates(orders: &[OrderOutcome]) -> ServiceRates {
    orders.iter().fold(ServiceRates::default(), |rates, order| {
        let whole = order.lines_whole >= order.lines;
        ServiceRates {
            lines: Rate {
                good: rates
                    .lines
                    .good
                    .saturating_add(order.lines_whole.min(order.lines).into()),
                of: rates.lines.of.saturating_add(order.lines.into()),
            },
            complete: rates.complete.with(whole),
            on_time: rates.on_time.with(order.on_time),
            accurate: rates.accurate.with(order.faultless),
            perfect: rates
                .perfect
                .with(whole && order.on_time && order.faultless),
        }
    })
}

/// How many in an hour, in tenths and rounded down; none in no time.
pub fn per_hour(count: u32, minutes: u32) -> Option<u64> {
    (u64::from(count) * 600).checked_div(minutes.into())
}

/// The middle of so many durations, as dock to stock is judged by; the lower of the two in the middle. None of none.
pub fn median_minutes(mut minutes: Vec<u32>) -> Option<u32> {
    let middle = minutes.len().checked_sub(1)? / 2;
    Some(*minutes.select_nth_unstable(middle).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_fault_in_many_is_not_rounded_away() {
        let rate = Rate {
            good: 99_999,
            of: 100_000,
        };
        assert_eq!(rate.to_string(), "99.99 %");
        assert_eq!(Rate { good: 7, of: 7 }.to_string(), "100.00 %");
        assert_eq!(Rate::default().to_string(), "-");
        assert_eq!(
            Rate {
                good: u64::MAX,
                of: u64::MAX
            }
            .basis_points(),
            Some(10_000)
        );
    }

    #[test]
    fn an_order_is_perfect_only_if_everything_was() {
        let order = |lines_whole, on_time, faultless| OrderOutcome {
            lines: 4,
            lines_whole,
            on_time,
            faultless,
        };
        let rates = service_rates(&[
            order(4, true, true),
            order(3, true, true),
            order(4, false, true),
            order(4, true, false),
        ]);
        assert_eq!(rates.lines, Rate { good: 15, of: 16 });
        assert_eq!(rates.complete.to_string(), "75.00 %");
        assert_eq!(rates.perfect, Rate { good: 1, of: 4 });
    }

    #[test]
    fn work_is_measured_by_the_hour_and_waiting_by_its_middle() {
        assert_eq!(per_hour(100, 40), Some(1500));
        assert_eq!(per_hour(1, 0), None);
        assert_eq!(median_minutes(vec![90, 10, 200, 30]), Some(30));
        assert_eq!(median_minutes(Vec::new()), None);
    }
}
