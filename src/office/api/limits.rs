//! How often someone may call: a bucket of calls that fills again with time.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Callers that are remembered at most; those whose buckets are full again are forgotten first.
const CALLERS: usize = 10_000;

/// A bucket for every caller.
pub(in crate::office) struct Buckets<K> {
    burst: f64,
    per_second: f64,
    callers: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
    left: f64,
    seen: Instant,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Buckets that hold `burst` calls and fill again by so many a second.
    pub fn new(burst: u32, per_second: f64) -> Self {
        Self {
            burst: f64::from(burst),
            per_second,
            callers: Mutex::default(),
        }
    }

    /// Takes a call out of a caller's bucket. False: it is empty, or there are too many callers to remember.
    pub fn take(&self, caller: K, now: Instant) -> bool {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        let (burst, per_second) = (self.burst, self.per_second);
        let filled = |bucket: &Bucket| {
            let passed = now.saturating_duration_since(bucket.seen).as_secs_f64();
            (bucket.left + passed * per_second).min(burst)
        };
        if callers.len() >= CALLERS && !callers.contains_key(&caller) {
            callers.retain(|_, bucket| filled(bucket) < burst);
            if callers.len() >= CALLERS {
                return false;
            }
        }
        let bucket = callers.entry(caller).or_insert(Bucket {
            left: burst,
            seen: now,
        });
        bucket.left = filled(bucket);
        bucket.seen = now;
        let enough = bucket.left >= 1.0;
        if enough {
            bucket.left -= 1.0;
        }
        enough
    }
}

/// Whom an address stands for: itself, or for IPv6 its network, of which one machine has many addresses.
pub(in crate::office) fn peer(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_bucket_gives_its_burst_and_then_what_time_brings() {
        let (buckets, start) = (Buckets::new(3, 2.0), Instant::now());
        let taken = (0..9).filter(|_| buckets.take("a", start)).count();
        assert_eq!(taken, 3);
        assert!(
            buckets.take("b", start),
            "another caller has another bucket"
        );
        let later = start + Duration::from_secs(1);
        assert_eq!((0..9).filter(|_| buckets.take("a", later)).count(), 2);
        let much_later = start + Duration::from_secs(1000);
        assert_eq!((0..9).filter(|_| buckets.take("a", much_later)).count(), 3);
    }

    #[test]
    fn many_callers_are_forgotten_once_they_are_quiet() {
        let (buckets, start) = (Buckets::new(1, 1.0), Instant::now());
        let flood = (0..CALLERS * 2)
            .filter(|&caller| buckets.take(caller, start))
            .count();
        assert_eq!(flood, CALLERS);
        assert!(buckets.take(CALLERS * 3, start + Duration::from_secs(2)));
    }

    #[test]
    fn a_machine_with_many_ipv6_addresses_is_one_peer() {
        let peer = |text: &str| peer(text.parse().unwrap());
        assert_eq!(peer("2001:db8::1"), peer("2001:db8::2"));
        assert_ne!(peer("2001:db8::1"), peer("2001:db8:0:1::1"));
        assert_ne!(peer("192.0.2.1"), peer("192.0.2.2"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
    }
}
