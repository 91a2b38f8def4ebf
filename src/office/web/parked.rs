//! Sheets that were sent through the page and looked at, until whoever sent them says that they shall come in.

use super::users::UserName;
use crate::office::import::Sheet;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most uploads that wait at once; the oldest gives way.
const MOST: usize = 4;
/// How long an upload waits.
const AGE: Duration = Duration::from_secs(15 * 60);

struct Waiting {
    token: String,
    who: UserName,
    since: Instant,
    sheets: Arc<Vec<Sheet>>,
}

/// What waits.
#[derive(Default)]
pub(super) struct Parked(Mutex<VecDeque<Waiting>>);

impl Parked {
    /// Keeps sheets for whoever sent them.
    pub fn keep(&self, token: String, who: UserName, since: Instant, sheets: Arc<Vec<Sheet>>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.pop_front();
        }
        all.push_back(Waiting {
            token,
            who,
            since,
            sheets,
        });
    }

    /// Hands sheets out once, to whom they belong, while they are fresh.
    pub fn take(&self, token: &str, who: &UserName, now: Instant) -> Option<Arc<Vec<Sheet>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|waiting| now.saturating_duration_since(waiting.since) < AGE);
        let at = all
            .iter()
            .position(|waiting| waiting.token == token && waiting.who == *who)?;
        Some(all.remove(at)?.sheets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> UserName {
        text.parse().expect("a name")
    }

    #[test]
    fn sheets_are_handed_out_once_to_their_sender_in_time_and_few_wait() {
        let (parked, now) = (Parked::default(), Instant::now());
        let keep = |token: &str| parked.keep(token.to_owned(), name("max"), now, Arc::default());
        keep("a");
        assert!(parked.take("a", &name("eve"), now).is_none());
        assert!(parked.take("a", &name("max"), now).is_some());
        assert!(parked.take("a", &name("max"), now).is_none());
        keep("b");
        assert!(parked.take("b", &name("max"), now + AGE).is_none());
        for token in ["1", "2", "3", "4", "5"] {
            keep(token);
        }
        assert!(parked.take("1", &name("max"), now).is_none());
        assert!(parked.take("5", &name("max"), now).is_some());
    }
}
