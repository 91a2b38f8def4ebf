//! One reader, whichever way it speaks: orders go out one after another, reading goes on until it is stopped.
//! Time is an argument, since any fixed moment.

use super::{Event, Profile, Speech};
use std::collections::VecDeque;
use std::time::Duration;

/// How long an order may take before the next one goes out.
const ANSWER: Duration = Duration::from_millis(500);
/// A reader that stays silent through so many new starts is opened anew: the line to it may be dead.
const STARTS: u8 = 3;
/// A frame that has not gone on for this long is given up.
const BETWEEN_BYTES: Duration = Duration::from_millis(200);

/// A reader.
pub struct Reader {
    speech: Box<dyn Speech>,
    /// Orders that wait for the one before to be answered. Bounded: a new start, stop or power drops what waits.
    orders: VecDeque<Vec<u8>>,
    /// Since when the last order is unanswered.
    asked: Option<Duration>,
    /// When something was last heard, or reading was started.
    heard: Duration,
    reading: bool,
    /// How often it was started anew since it was last heard.
    restarts: u8,
    out: Vec<u8>,
}

impl Reader {
    /// A reader that is not reading.
    pub fn new(profile: &Profile) -> Self {
        Self {
            speech: profile.speech(),
            orders: VecDeque::new(),
            asked: None,
            heard: Duration::ZERO,
            reading: false,
            restarts: 0,
            out: Vec::new(),
        }
    }

    /// Whether it shall be reading.
    pub const fn is_reading(&self) -> bool {
        self.reading
    }

    /// Whether it said nothing for so long, however often it was started, that it must be opened anew.
    pub const fn is_dead(&self) -> bool {
        self.reading && self.restarts > STARTS
    }

    /// Asks what it is; [`Event::Version`] is the answer.
    pub fn ask(&mut self, now: Duration) {
        let order = self.speech.ask();
        self.give(now, [order]);
    }

    /// Starts reading.
    pub fn start(&mut self, now: Duration) {
        self.reading = true;
        self.heard = now;
        self.orders.clear();
        let start = self.speech.start();
        self.give(now, start);
    }

    /// Stops reading.
    pub fn stop(&mut self, now: Duration) {
        self.reading = false;
        self.orders.clear();
        let stop = self.speech.stop();
        self.give(now, [stop]);
    }

    /// Sets the power, in dBm; while it reads, it is stopped and started again for that. False if it is not known how.
    pub fn power(&mut self, now: Duration, dbm: u8) -> bool {
        let Some(power) = self.speech.power(dbm) else {
            return false;
        };
        let reading = self.reading;
        if reading {
            self.stop(now);
        }
        self.give(now, [power]);
        if reading {
            self.reading = true;
            self.heard = now;
            let start = self.speech.start();
            self.give(now, start);
        }
        true
    }

    /// Takes bytes as they come, split anyhow. Rounds go on by themselves.
    pub fn hear(&mut self, now: Duration, bytes: &[u8], mut tell: impl FnMut(Event)) {
        self.heard = now;
        self.restarts = 0;
        let (mut answered, mut round_over) = (false, false);
        self.speech
            .hear(bytes, &mut self.out, &mut |event| match event {
                Event::RoundOver => {
                    answered = true;
                    round_over = true;
                }
                event => {
                    answered |= matches!(event, Event::Answer(_) | Event::Version(_));
                    tell(event);
                }
            });
        if answered {
            self.asked = None;
        }
        if round_over && self.reading && self.orders.is_empty() {
            self.orders.extend(self.speech.next_round());
        }
        self.send_next(now);
    }

    /// Time went on: half frames and unanswered orders are given up, a reader that fell silent is started anew.
    pub fn tick(&mut self, now: Duration, mut tell: impl FnMut(Event)) {
        if self.speech.is_amid() && now.saturating_sub(self.heard) >= BETWEEN_BYTES {
            self.speech.silence(&mut tell);
        }
        if self
            .asked
            .is_some_and(|asked| now.saturating_sub(asked) >= ANSWER)
        {
            self.asked = None;
        }
        let silent = now.saturating_sub(self.heard);
        if self.reading
            && self
                .speech
                .silent_at_most()
                .is_some_and(|most| silent >= most)
        {
            self.start(now);
            self.restarts = self.restarts.saturating_add(1);
        }
        self.send_next(now);
    }

    /// When [`Self::tick`] has something to do, if nothing else comes.
    pub fn due(&self) -> Option<Duration> {
        let amid = self.speech.is_amid().then(|| self.heard + BETWEEN_BYTES);
        let asked = self.asked.filter(|_| !self.orders.is_empty());
        let silent = self.speech.silent_at_most().filter(|_| self.reading);
        [
            amid,
            asked.map(|asked| asked + ANSWER),
            silent.map(|most| self.heard + most),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The bytes that must go out now.
    pub fn to_send(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    fn give(&mut self, now: Duration, orders: impl IntoIterator<Item = Vec<u8>>) {
        // Some orders are no bytes: where there is nothing to stop, for one.
        let orders = orders.into_iter().filter(|order| !order.is_empty());
        self.orders.extend(orders);
        self.send_next(now);
    }

    fn send_next(&mut self, now: Duration) {
        if self.asked.is_some() {
            return;
        }
        if let Some(order) = self.orders.pop_front() {
            self.out.extend(order);
            self.asked = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Protocol, profile::built_in};
    use super::*;

    const START: [u8; 10] = [0xbb, 0, 0x27, 0, 3, 0x22, 0x27, 0x10, 0x83, 0x7e];
    const STOP: [u8; 7] = [0xbb, 0, 0x28, 0, 0, 0x28, 0x7e];
    const STOPPED: [u8; 8] = [0xbb, 1, 0x28, 0, 1, 0, 0x2a, 0x7e];

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn reader(protocol: Protocol) -> Reader {
        let profile = built_in().into_iter().find(|it| it.protocol == protocol);
        Reader::new(&profile.expect("there is one"))
    }

    #[test]
    fn orders_wait_for_their_answers_but_not_for_ever() {
        let mut reader = reader(Protocol::R200);
        reader.start(ms(0));
        assert_eq!(reader.to_send(), START);
        assert!(reader.power(ms(10), 20));
        assert!(reader.to_send().is_empty());
        reader.tick(ms(510), |_| {});
        assert_eq!(reader.to_send(), STOP);
        reader.hear(ms(520), &STOPPED, |_| {});
        assert_eq!(
            reader.to_send(),
            [0xbb, 0, 0xb6, 0, 2, 0x07, 0xd0, 0x8f, 0x7e]
        );
        reader.hear(ms(530), &[0xbb, 1, 0xb6, 0, 1, 0, 0xb8, 0x7e], |_| {});
        assert_eq!(reader.to_send(), START);
    }

    #[test]
    fn a_reader_that_stops_by_itself_is_started_anew() {
        let mut reader = reader(Protocol::R200);
        reader.start(ms(0));
        reader.to_send();
        assert_eq!(reader.due(), Some(ms(1000)));
        reader.tick(ms(999), |_| {});
        assert!(reader.to_send().is_empty());
        reader.tick(ms(1000), |_| {});
        assert_eq!(reader.to_send(), START);
        reader.stop(ms(1001));
        reader.tick(ms(60_000), |_| {});
        assert_eq!(reader.to_send(), STOP);
        reader.tick(ms(120_000), |_| {});
        assert!(reader.to_send().is_empty());
    }

    #[test]
    fn a_reader_that_no_start_wakes_is_dead_and_one_word_of_it_is_life() {
        let mut reader = reader(Protocol::Llrp);
        reader.start(ms(0));
        for second in 1..=119 {
            reader.tick(ms(second * 1000), |_| {});
        }
        assert!(!reader.is_dead());
        reader.tick(ms(120_000), |_| {});
        assert!(reader.is_dead());
        // A keepalive.
        reader.hear(ms(120_001), &[4, 62, 0, 0, 0, 10, 0, 0, 0, 1], |_| {});
        assert!(!reader.is_dead());
        reader.stop(ms(120_002));
        reader.tick(ms(900_000), |_| {});
        assert!(!reader.is_dead(), "who is not asked may be silent");
    }

    #[test]
    fn a_reader_that_reads_in_rounds_is_asked_round_by_round() {
        let mut reader = reader(Protocol::Tsl);
        reader.start(ms(0));
        assert_eq!(reader.to_send(), b".iv -r on\r\n");
        reader.hear(ms(1), b"CS: .iv -r on\r\nER: 005\r\n\r\n", |_| {});
        assert_eq!(reader.to_send(), b".iv -r on\r\n");
        reader.stop(ms(2));
        reader.hear(ms(3), b"CS: .iv -r on\r\nOK:\r\n\r\n", |_| {});
        assert_eq!(reader.to_send(), b".ab\r\n");
    }
}
