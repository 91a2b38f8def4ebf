//! The host's side of SSI: answers every packet, joins what comes in parts, delivers once what was sent twice, and
//! gives orders one after another. Time is an argument, since any fixed moment; bytes go in and come out.

use super::ssi::{BadPacket, Opcode, Packet};
use super::ssi_order::Order;
use crate::scan::LONGEST_FRAME;
use std::collections::VecDeque;
use std::time::Duration;

/// A packet that has not gone on for this long is given up.
const BETWEEN_BYTES: Duration = Duration::from_millis(200);
/// How long the scanner may take to answer an order.
const ANSWER: Duration = Duration::from_secs(2);
/// How often an order is sent.
const TRIES: u8 = 3;
/// A scanner may sleep when the line was silent for this long.
const DROWSY: Duration = Duration::from_secs(1);
/// How long it takes to wake up.
const WAKE: Duration = Duration::from_millis(15);
/// Orders that may wait; more are refused.
const QUEUE: usize = 16;

/// What became of bytes and orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SsiEvent {
    /// A scan.
    Scan {
        /// The code type.
        code: u8,
        /// What was read, at most [`LONGEST_FRAME`] bytes.
        bytes: Vec<u8>,
    },
    /// More than a scan can be; it was dropped.
    TooLong,
    /// A packet came corrupted or not to its end; it was asked for again.
    Corrupt,
    /// Any other packet of the scanner: an event, a version.
    Told(Packet),
    /// The scanner does what it was told.
    Done(Order),
    /// The scanner does not; the cause it gave.
    Refused(Order, u8),
    /// The scanner did not answer.
    NoAnswer(Order),
}

#[derive(Clone, Debug)]
struct Pending {
    order: Order,
    sent: u8,
    /// When it is sent (again), or given up.
    due: Duration,
}

/// The host. Holds at most one packet, one scan and a few orders.
#[derive(Clone, Debug, Default)]
pub struct SsiHost {
    held: Vec<u8>,
    /// When the last byte came or went.
    busy: Duration,
    /// The last packet that was taken, without the bit that says it was sent again.
    last: Option<Packet>,
    parts: Vec<u8>,
    overflowed: bool,
    pending: Option<Pending>,
    orders: VecDeque<Order>,
    out: Vec<u8>,
    replies: Vec<Opcode>,
}

impl SsiHost {
    /// Takes bytes as they come, split anyhow.
    pub fn hear(&mut self, now: Duration, bytes: &[u8], mut tell: impl FnMut(SsiEvent)) {
        self.give_up_partial(now, &mut tell);
        self.busy = now;
        for &byte in bytes {
            self.held.push(byte);
            match Packet::read(&self.held) {
                Err(BadPacket::NeedMore) => {}
                // A packet is never this short: the byte is noise, such as the zero that wakes.
                Err(BadPacket::Length) => self.held.clear(),
                Err(BadPacket::Checksum) => self.refuse(&mut tell),
                Ok((packet, _)) => {
                    self.held.clear();
                    self.take(now, packet, &mut tell);
                }
            }
        }
    }

    /// Time went on: partial packets are given up, orders are sent, sent again or given up.
    pub fn tick(&mut self, now: Duration, mut tell: impl FnMut(SsiEvent)) {
        self.give_up_partial(now, &mut tell);
        let Some(pending) = self.pending.as_mut().filter(|pending| now >= pending.due) else {
            return;
        };
        if pending.sent == TRIES {
            let order = pending.order;
            self.pending = None;
            tell(SsiEvent::NoAnswer(order));
            self.next_order(now);
        } else {
            self.send_order(now);
        }
    }

    /// When [`Self::tick`] has something to do, if nothing else comes.
    pub fn due(&self) -> Option<Duration> {
        let partial = (!self.held.is_empty()).then(|| self.busy + BETWEEN_BYTES);
        let order = self.pending.as_ref().map(|pending| pending.due);
        partial.into_iter().chain(order).min()
    }

    /// Gives an order; it is sent when those before it are answered. False if too many wait.
    pub fn order(&mut self, now: Duration, order: Order) -> bool {
        if self.orders.len() >= QUEUE {
            return false;
        }
        self.orders.push_back(order);
        if self.pending.is_none() {
            self.next_order(now);
        }
        true
    }

    /// The bytes that must go out now.
    pub fn to_send(&mut self) -> Vec<u8> {
        self.replies.clear();
        std::mem::take(&mut self.out)
    }

    /// The answers among the bytes that must go out now.
    pub fn replies(&self) -> &[Opcode] {
        &self.replies
    }

    fn reply(&mut self, opcode: Opcode, data: &[u8]) {
        self.replies.push(opcode);
        self.out.extend(Packet::from_host(opcode.0, data).write());
    }

    /// The packet is asked for again. If it was a new one, the copy that comes must not be taken for an old one.
    fn refuse(&mut self, tell: &mut impl FnMut(SsiEvent)) {
        self.forget_last();
        self.held.clear();
        self.reply(Opcode::NAK, &[1]);
        tell(SsiEvent::Corrupt);
    }

    fn forget_last(&mut self) {
        if self.held.get(3).is_none_or(|status| status & 1 == 0) {
            self.last = None;
        }
    }

    /// No NAK here: the scanner sends again by itself, and may not be at a packet at all.
    fn give_up_partial(&mut self, now: Duration, tell: &mut impl FnMut(SsiEvent)) {
        if !self.held.is_empty() && now.saturating_sub(self.busy) >= BETWEEN_BYTES {
            self.forget_last();
            self.held.clear();
            tell(SsiEvent::Corrupt);
        }
    }

    fn take(&mut self, now: Duration, packet: Packet, tell: &mut impl FnMut(SsiEvent)) {
        match packet.opcode {
            // Our own bytes, echoed.
            _ if packet.source == 4 => {}
            Opcode::ACK => self.answered(now, None, tell),
            Opcode::NAK => self.answered(now, packet.data.first().copied().or(Some(0)), tell),
            Opcode::DECODE_DATA => {
                self.reply(Opcode::ACK, &[]);
                self.take_scan(packet, tell);
            }
            _ => {
                self.reply(Opcode::ACK, &[]);
                tell(SsiEvent::Told(packet));
            }
        }
    }

    fn take_scan(&mut self, packet: Packet, tell: &mut impl FnMut(SsiEvent)) {
        let again = packet.is_again();
        let packet = Packet {
            status: packet.status & !1,
            ..packet
        };
        if again && self.last.as_ref() == Some(&packet) {
            return;
        }
        if let Some((&code, text)) = packet.data.split_first() {
            if self.overflowed || self.parts.len() + text.len() > LONGEST_FRAME {
                self.overflowed = true;
            } else {
                self.parts.extend_from_slice(text);
            }
            if !packet.more_follows() {
                let bytes = std::mem::take(&mut self.parts);
                tell(if std::mem::take(&mut self.overflowed) {
                    SsiEvent::TooLong
                } else {
                    SsiEvent::Scan { code, bytes }
                });
            }
        }
        self.last = Some(packet);
    }

    /// The scanner has answered the order that was sent: yes, or no with its cause.
    fn answered(&mut self, now: Duration, no: Option<u8>, tell: &mut impl FnMut(SsiEvent)) {
        let Some(pending) = self.pending.as_mut().filter(|pending| pending.sent > 0) else {
            return;
        };
        let order = pending.order;
        match no {
            Some(1) if pending.sent < TRIES => return self.send_order(now),
            Some(cause) => tell(SsiEvent::Refused(order, cause)),
            None => tell(SsiEvent::Done(order)),
        }
        self.pending = None;
        self.next_order(now);
    }

    fn next_order(&mut self, now: Duration) {
        let Some(order) = self.orders.pop_front() else {
            return;
        };
        let asleep = now.saturating_sub(self.busy) >= DROWSY || self.busy.is_zero();
        let due = if asleep { now + WAKE } else { now };
        self.pending = Some(Pending {
            order,
            sent: 0,
            due,
        });
        if asleep {
            self.out.push(0);
        } else {
            self.send_order(now);
        }
    }

    fn send_order(&mut self, now: Duration) {
        let Some(pending) = &mut self.pending else {
            return;
        };
        let mut packet = pending.order.packet();
        packet.status = u8::from(pending.sent > 0);
        pending.sent += 1;
        pending.due = now + ANSWER;
        self.busy = now;
        self.out.extend(packet.write());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACK: [u8; 6] = [0x04, 0xd0, 0x04, 0x00, 0xff, 0x28];

    fn at(ms: u64) -> Duration {
        Duration::from_secs(100) + Duration::from_millis(ms)
    }

    fn scanned(text: &str, status: u8) -> Vec<u8> {
        let data = [&[11], text.as_bytes()].concat();
        let packet = Packet {
            opcode: Opcode::DECODE_DATA,
            source: 0,
            status,
            data,
        };
        packet.write()
    }

    fn answer(opcode: u8, data: &[u8]) -> Vec<u8> {
        let packet = Packet {
            source: 0,
            ..Packet::from_host(opcode, data)
        };
        packet.write()
    }

    fn heard(host: &mut SsiHost, ms: u64, bytes: &[u8]) -> Vec<SsiEvent> {
        let mut events = Vec::new();
        host.hear(at(ms), bytes, |event| events.push(event));
        events
    }

    fn ticked(host: &mut SsiHost, ms: u64) -> Vec<SsiEvent> {
        let mut events = Vec::new();
        host.tick(at(ms), |event| events.push(event));
        events
    }

    fn scan(text: &str) -> SsiEvent {
        SsiEvent::Scan {
            code: 11,
            bytes: text.into(),
        }
    }

    #[test]
    fn a_scan_is_acknowledged_and_delivered_however_its_bytes_are_split() {
        let bytes = scanned("9506000134352", 0);
        for split in 0..bytes.len() {
            let mut host = SsiHost::default();
            let mut events = heard(&mut host, 0, &bytes[..split]);
            events.extend(heard(&mut host, 199, &bytes[split..]));
            assert_eq!(events, [scan("9506000134352")]);
            assert_eq!(host.to_send(), ACK);
        }
    }

    #[test]
    fn the_same_label_scanned_twice_counts_twice_though_its_second_copy_was_corrupted() {
        let mut host = SsiHost::default();
        heard(&mut host, 0, &scanned("A", 0));
        let mut broken = scanned("A", 0);
        broken[5] = b'Q';
        assert_eq!(heard(&mut host, 500, &broken), [SsiEvent::Corrupt]);
        assert_eq!(heard(&mut host, 900, &scanned("A", 1)), [scan("A")]);
        // Now its acknowledgement is lost, and the copy that was sent again is corrupted too.
        broken[3] = 1;
        assert_eq!(heard(&mut host, 2900, &broken), [SsiEvent::Corrupt]);
        assert_eq!(heard(&mut host, 3000, &scanned("A", 1)), []);
        assert_eq!(heard(&mut host, 3100, &scanned("A", 0)), [scan("A")]);
    }

    #[test]
    fn a_packet_that_stops_halfway_does_not_swallow_the_next() {
        let mut host = SsiHost::default();
        let bytes = scanned("9506000134352", 0);
        heard(&mut host, 0, &bytes[..9]);
        assert_eq!(host.due(), Some(at(200)));
        assert_eq!(ticked(&mut host, 200), [SsiEvent::Corrupt]);
        assert_eq!(host.to_send(), [0; 0]);
        let again = scanned("9506000134352", 1);
        assert_eq!(heard(&mut host, 2000, &again), [scan("9506000134352")]);
    }

    #[test]
    fn a_message_without_end_is_dropped_and_the_next_is_heard() {
        let mut host = SsiHost::default();
        let part = scanned(&"x".repeat(250), 2);
        let mut other = scanned(&"y".repeat(250), 2);
        for i in 0..200 {
            let part = if i % 2 == 0 { &part } else { &mut other };
            assert_eq!(heard(&mut host, i, part), []);
            host.to_send();
            assert!(host.parts.len() <= LONGEST_FRAME);
        }
        assert_eq!(heard(&mut host, 300, &scanned("z", 0)), [SsiEvent::TooLong]);
        assert_eq!(heard(&mut host, 400, &scanned("A", 0)), [scan("A")]);
    }

    #[test]
    fn an_order_wakes_the_scanner_waits_for_its_answer_and_lets_the_next_one_go() {
        let mut host = SsiHost::default();
        assert!(host.order(at(0), Order::Trigger));
        assert!(host.order(at(0), Order::Beep(1)));
        assert_eq!(host.to_send(), [0]);
        ticked(&mut host, 15);
        assert_eq!(host.to_send(), Order::Trigger.packet().write());
        assert_eq!(
            heard(&mut host, 20, &answer(0xd0, &[])),
            [SsiEvent::Done(Order::Trigger)]
        );
        assert_eq!(host.to_send(), Order::Beep(1).packet().write());
        let no = heard(&mut host, 30, &answer(0xd1, &[6]));
        assert_eq!(no, [SsiEvent::Refused(Order::Beep(1), 6)]);
        assert_eq!(host.due(), None);
    }

    #[test]
    fn an_order_without_answer_is_sent_three_times_marked_as_sent_again() {
        let mut host = SsiHost::default();
        heard(&mut host, 0, &scanned("A", 0));
        host.to_send();
        host.order(at(1), Order::LedOn(1));
        let first = host.to_send();
        assert_eq!(first[3], 0);
        // Asked for again at once, then silence.
        heard(&mut host, 10, &answer(0xd1, &[1]));
        assert_eq!(host.to_send()[3], 1);
        assert_eq!(ticked(&mut host, 2010), []);
        assert_eq!(host.to_send()[3], 1);
        assert_eq!(
            ticked(&mut host, 4010),
            [SsiEvent::NoAnswer(Order::LedOn(1))]
        );
        assert_eq!(host.due(), None);
    }

    #[test]
    fn more_orders_than_can_wait_are_refused() {
        let mut host = SsiHost::default();
        let taken = (0..100)
            .filter(|_| host.order(at(0), Order::Aim(true)))
            .count();
        assert_eq!(taken, QUEUE + 1);
    }
}
