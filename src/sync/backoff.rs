//! How long to leave an office alone that did not answer: ever longer, and by chance, so that a hundred handhelds
//! that lost it together do not come back together.

use std::time::Duration;

/// First bound of the wait.
const FIRST: Duration = Duration::from_secs(1);
/// Last bound of the wait: a picker who steps out of a steel aisle should not wait for minutes.
const LAST: Duration = Duration::from_secs(60);

/// Waits with full jitter: anything between nothing and a bound that doubles with every failure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The office answered.
    pub const fn answered(&mut self) {
        self.failures = 0;
    }

    /// Whether the office did not answer last time.
    pub const fn is_waiting(self) -> bool {
        self.failures > 0
    }

    /// It did not: how long to wait. `chance` is any random number; `asked` is what the office asked for.
    pub fn failed(&mut self, chance: u32, asked: Option<Duration>) -> Duration {
        let bound = FIRST.saturating_mul(1 << self.failures.min(10)).min(LAST);
        self.failures = self.failures.saturating_add(1);
        let jittered = bound.mul_f64(f64::from(chance) / f64::from(u32::MAX));
        // Never quite nothing: an office that refuses at once must not be called in a tight loop.
        jittered
            .max(Duration::from_millis(100))
            .max(asked.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_begin_anew_after_an_answer() {
        let mut backoff = Backoff::default();
        let mut wait = || backoff.failed(u32::MAX, None).as_secs();
        assert_eq!(
            [
                wait(),
                wait(),
                wait(),
                wait(),
                wait(),
                wait(),
                wait(),
                wait()
            ],
            [1, 2, 4, 8, 16, 32, 60, 60]
        );
        backoff.answered();
        assert_eq!(backoff.failed(u32::MAX, None).as_secs(), 1);
    }

    #[test]
    fn what_the_office_asks_for_is_obeyed() {
        let asked = Some(Duration::from_secs(7));
        assert_eq!(Backoff::default().failed(0, asked), Duration::from_secs(7));
    }
}
