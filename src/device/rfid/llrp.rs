//! LLRP 1.0.1, as fixed portals speak it over TCP port 5084: messages with a header of ten bytes, of parameters.

use super::frames::{Bad, Cut, Held};
use super::{Event, Seen, Signal, Speech};
use crate::warehouse::SafeText;
use std::time::Duration;

/// Longest message; a garbage header can claim four gigabytes.
const LONGEST: usize = 256 * 1024;
/// The number of our one reading order.
const ROSPEC: u32 = 1;

/// One message.
///
/// ```text
/// 3 bits reserved, 3 version, 10 type │ length, 4 bytes │ id, 4 bytes │ parameters …
/// └─────────────────────── the length counts all of these ──────────────────────┘
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LlrpMessage {
    /// What it is.
    pub kind: u16,
    /// Pairs orders and answers.
    pub id: u32,
    /// Its parameters, not taken apart.
    pub body: Vec<u8>,
}

/// A tag in a report, each part if the reader tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LlrpTag<'a> {
    /// EPC.
    pub epc: &'a [u8],
    /// From 1.
    pub antenna: Option<u16>,
    /// Peak, in dBm.
    pub rssi: Option<i8>,
    /// Index of the radio channel.
    pub channel: Option<u16>,
    /// How often it was heard for this report.
    pub seen: Option<u16>,
    /// Microseconds since 1970.
    pub first_seen_utc_us: Option<u64>,
    /// Microseconds since 1970.
    pub last_seen_utc_us: Option<u64>,
    /// Protocol control word.
    pub pc: Option<u16>,
}

impl LlrpMessage {
    /// Reads the message at the front.
    pub fn read(bytes: &[u8]) -> Cut<Self> {
        let (&head, rest) = bytes.split_first_chunk::<2>().ok_or(Bad::NeedMore)?;
        let (&len, rest) = rest.split_first_chunk::<4>().ok_or(Bad::NeedMore)?;
        let &id = rest.first_chunk::<4>().ok_or(Bad::NeedMore)?;
        let head = u16::from_be_bytes(head);
        if head >> 13 != 0 || head >> 10 == 0 {
            return Err(Bad::Noise);
        }
        let len = usize::try_from(u32::from_be_bytes(len)).unwrap_or(usize::MAX);
        if !(10..=LONGEST).contains(&len) {
            return Err(Bad::Length);
        }
        let message = Self {
            kind: head & 0x3ff,
            id: u32::from_be_bytes(id),
            body: bytes.get(10..len).ok_or(Bad::NeedMore)?.to_vec(),
        };
        Ok((message, len))
    }

    /// The tags of a report. Errors if its parameters do not fit into one another.
    pub fn tags(&self) -> Result<Vec<LlrpTag<'_>>, Bad> {
        let mut tags = Vec::new();
        let mut rest = self.body.as_slice();
        while !rest.is_empty() {
            let (parameter, after) = next(rest)?;
            if let Parameter::Tlv(240, body) = parameter {
                tags.extend(tag(body));
            }
            rest = after;
        }
        Ok(tags)
    }

    /// The status of an answer, if it is one: 0 is good.
    fn status(&self) -> Option<u16> {
        match next(&self.body).ok()? {
            (Parameter::Tlv(287, &[high, low, ..]), _) => Some(u16::from_be_bytes([high, low])),
            _ => None,
        }
    }
}

/// One parameter: numbered and with its length, or of a known length.
enum Parameter<'a> {
    Tlv(u16, &'a [u8]),
    Tv(u8, &'a [u8]),
}

/// Lengths of the short parameters 1 to 20 (LLRP 1.0.1 §17.2.3).
const TV_LENGTHS: [usize; 20] = [2, 8, 8, 8, 8, 1, 2, 2, 4, 2, 2, 2, 12, 2, 2, 4, 2, 4, 2, 2];

/// The first parameter and what follows. A short one of unknown type cannot be passed over, so it is an error.
fn next(bytes: &[u8]) -> Result<(Parameter<'_>, &[u8]), Bad> {
    let &first = bytes.first().ok_or(Bad::Parts)?;
    if first & 0x80 != 0 {
        let kind = first & 0x7f;
        let at = usize::from(kind).checked_sub(1).ok_or(Bad::Parts)?;
        let &len = TV_LENGTHS.get(at).ok_or(Bad::Parts)?;
        let (body, rest) = bytes[1..].split_at_checked(len).ok_or(Bad::Parts)?;
        return Ok((Parameter::Tv(kind, body), rest));
    }
    let &[high, low, len_high, len_low, ..] = bytes else {
        return Err(Bad::Parts);
    };
    let len = usize::from(u16::from_be_bytes([len_high, len_low]));
    let (whole, rest) = bytes.split_at_checked(len).ok_or(Bad::Parts)?;
    let body = whole.get(4..).ok_or(Bad::Parts)?;
    let kind = u16::from_be_bytes([high, low]) & 0x3ff;
    Ok((Parameter::Tlv(kind, body), rest))
}

/// A tag, as far as its parameters can be read; none without an EPC.
fn tag(mut rest: &[u8]) -> Option<LlrpTag<'_>> {
    let mut tag = LlrpTag::default();
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0u64, |value, &byte| value << 8 | u64::from(byte))
    };
    while let Ok((parameter, after)) = next(rest) {
        match parameter {
            Parameter::Tv(13, epc) => tag.epc = epc,
            Parameter::Tlv(241, &[high, low, ref bytes @ ..]) => {
                let bits = usize::from(u16::from_be_bytes([high, low]));
                tag.epc = bytes.get(..bits.div_ceil(8))?;
            }
            Parameter::Tv(1, bytes) => tag.antenna = u16::try_from(number(bytes)).ok(),
            Parameter::Tv(2, bytes) => tag.first_seen_utc_us = Some(number(bytes)),
            Parameter::Tv(4, bytes) => tag.last_seen_utc_us = Some(number(bytes)),
            Parameter::Tv(6, &[rssi]) => tag.rssi = Some(i8::from_be_bytes([rssi])),
            Parameter::Tv(7, bytes) => tag.channel = u16::try_from(number(bytes)).ok(),
            Parameter::Tv(8, bytes) => tag.seen = u16::try_from(number(bytes)).ok(),
            Parameter::Tv(12, bytes) => tag.pc = u16::try_from(number(bytes)).ok(),
            _ => {}
        }
        rest = after;
    }
    (!tag.epc.is_empty()).then_some(tag)
}

/// The standard's name of a message type (LLRP 1.0.1 §16.1).
pub fn message_name(kind: u16) -> Option<&'static str> {
    Some(match kind {
        1 => "GET_READER_CAPABILITIES",
        2 => "GET_READER_CONFIG",
        3 => "SET_READER_CONFIG",
        4 => "CLOSE_CONNECTION_RESPONSE",
        11 => "GET_READER_CAPABILITIES_RESPONSE",
        12 => "GET_READER_CONFIG_RESPONSE",
        13 => "SET_READER_CONFIG_RESPONSE",
        14 => "CLOSE_CONNECTION",
        20 => "ADD_ROSPEC",
        21 => "DELETE_ROSPEC",
        22 => "START_ROSPEC",
        23 => "STOP_ROSPEC",
        24 => "ENABLE_ROSPEC",
        25 => "DISABLE_ROSPEC",
        26 => "GET_ROSPECS",
        30 => "ADD_ROSPEC_RESPONSE",
        31 => "DELETE_ROSPEC_RESPONSE",
        32 => "START_ROSPEC_RESPONSE",
        33 => "STOP_ROSPEC_RESPONSE",
        34 => "ENABLE_ROSPEC_RESPONSE",
        35 => "DISABLE_ROSPEC_RESPONSE",
        36 => "GET_ROSPECS_RESPONSE",
        40 => "ADD_ACCESSSPEC",
        41 => "DELETE_ACCESSSPEC",
        42 => "ENABLE_ACCESSSPEC",
        43 => "DISABLE_ACCESSSPEC",
        44 => "GET_ACCESSSPECS",
        50 => "ADD_ACCESSSPEC_RESPONSE",
        51 => "DELETE_ACCESSSPEC_RESPONSE",
        52 => "ENABLE_ACCESSSPEC_RESPONSE",
        53 => "DISABLE_ACCESSSPEC_RESPONSE",
        54 => "GET_ACCESSSPECS_RESPONSE",
        60 => "GET_REPORT",
        61 => "RO_ACCESS_REPORT",
        62 => "KEEPALIVE",
        63 => "READER_EVENT_NOTIFICATION",
        64 => "ENABLE_EVENTS_AND_REPORTS",
        72 => "KEEPALIVE_ACK",
        100 => "ERROR_MESSAGE",
        1023 => "CUSTOM_MESSAGE",
        _ => return None,
    })
}

fn message(kind: u16, id: u32, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 10).expect("orders are short");
    let mut bytes = (1 << 10 | kind).to_be_bytes().to_vec();
    bytes.extend(len.to_be_bytes());
    bytes.extend(id.to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn tlv(kind: u16, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let len = u16::try_from(body.len() + 4).expect("orders are short");
    let mut bytes = kind.to_be_bytes().to_vec();
    bytes.extend(len.to_be_bytes());
    bytes.extend(body);
    bytes
}

/// Read without end on all antennas, and tell every tag at once with antenna, channel, signal, times, count and PC.
fn rospec() -> Vec<u8> {
    let start = tlv(179, &[&[0]]);
    let stop = tlv(182, &[&[0], &[0; 4]]);
    let boundary = tlv(178, &[&start, &stop]);
    let stop_never = tlv(184, &[&[0], &[0; 4]]);
    let gen2 = tlv(186, &[&[0, 1], &[1]]);
    let antennas = tlv(183, &[&[0, 1, 0, 0], &stop_never, &gen2]);
    let memory = tlv(348, &[&[0b0100_0000]]);
    let content = tlv(238, &[&0b0001_1111_1000_0000u16.to_be_bytes(), &memory]);
    let report = tlv(237, &[&[1, 0, 1], &content]);
    tlv(
        177,
        &[
            &ROSPEC.to_be_bytes(),
            &[0, 0],
            &boundary,
            &antennas,
            &report,
        ],
    )
}

/// How these readers speak.
#[derive(Debug, Default)]
pub(super) struct Llrp {
    held: Held,
}

fn told(message_in: Option<LlrpMessage>, out: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
    let Some(it) = message_in else {
        return tell(Event::Corrupt);
    };
    match it.kind {
        61 => match it.tags() {
            Ok(tags) => tags.iter().for_each(|tag| {
                let seen = Seen::of(tag.epc).map(|seen| Seen {
                    pc: tag.pc,
                    signal: tag.rssi.map(Signal::dbm),
                    antenna: tag.antenna,
                    ..seen
                });
                tell(seen.map_or(Event::Corrupt, Event::Seen));
            }),
            Err(_) => tell(Event::Corrupt),
        },
        62 => out.extend(message(72, it.id, &[])),
        11 => tell(Event::Version(version(&it.body))),
        30..=36 | 13 | 100 => match it.status() {
            Some(0) => tell(Event::Answer(Ok(()))),
            Some(code) => tell(Event::Answer(Err(code))),
            None => tell(Event::Corrupt),
        },
        _ => {}
    }
}

/// Maker and model numbers and firmware, from the general capabilities (parameter 137).
fn version(mut rest: &[u8]) -> SafeText {
    while let Ok((parameter, after)) = next(rest) {
        if let Parameter::Tlv(
            137,
            &[_, _, _, _, a, b, c, d, e, f, g, h, high, low, ref text @ ..],
        ) = parameter
        {
            let maker = u32::from_be_bytes([a, b, c, d]);
            let model = u32::from_be_bytes([e, f, g, h]);
            let len = usize::from(u16::from_be_bytes([high, low]));
            let firmware = SafeText::from_bytes(text.get(..len).unwrap_or(text));
            return SafeText::new(&format!("maker {maker}, model {model}, {firmware}"));
        }
        rest = after;
    }
    SafeText::default()
}

impl Speech for Llrp {
    fn hear(&mut self, bytes: &[u8], out: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        self.held
            .feed(bytes, LlrpMessage::read, |it| told(it, out, tell));
    }

    fn silence(&mut self, tell: &mut dyn FnMut(Event)) {
        self.held
            .silence(LlrpMessage::read, |it| told(it, &mut Vec::new(), tell));
    }

    fn is_amid(&self) -> bool {
        !self.held.is_empty()
    }

    fn ask(&self) -> Vec<u8> {
        message(1, 1, &[1])
    }

    fn start(&self) -> Vec<Vec<u8>> {
        // A sign of life every ten seconds, so that a dead line is noticed.
        let alive = tlv(220, &[&[1], &10_000u32.to_be_bytes()]);
        vec![
            message(3, 7, &[&[0], alive.as_slice()].concat()),
            message(21, 2, &[0; 4]),
            message(20, 3, &rospec()),
            message(24, 4, &ROSPEC.to_be_bytes()),
            message(22, 5, &ROSPEC.to_be_bytes()),
        ]
    }

    fn stop(&self) -> Vec<u8> {
        message(23, 6, &ROSPEC.to_be_bytes())
    }

    fn silent_at_most(&self) -> Option<Duration> {
        Some(Duration::from_secs(30))
    }

    /// Its power is an index into a table of its own.
    fn power(&mut self, _: u8) -> Option<Vec<u8>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_orders_are_messages_of_parameters_that_fit() {
        for (bytes, kind) in Llrp::default().start().iter().zip([3, 21, 20, 24, 22]) {
            let (it, len) = LlrpMessage::read(bytes).expect("it is whole");
            assert_eq!((it.kind, len), (kind, bytes.len()));
        }
        let order = rospec();
        let Ok((Parameter::Tlv(177, body), [])) = next(&order) else {
            panic!("a reading order");
        };
        let mut rest = &body[6..];
        let mut kinds = Vec::new();
        while let Ok((Parameter::Tlv(kind, _), after)) = next(rest) {
            kinds.push(kind);
            rest = after;
        }
        assert_eq!(kinds, [178, 183, 237]);
        assert!(rest.is_empty());
    }

    #[test]
    fn a_keepalive_is_acknowledged_with_its_own_number() {
        let mut out = Vec::new();
        let mut speech = Llrp::default();
        speech.hear(&message(62, 77, &[]), &mut out, &mut |_| {});
        assert_eq!(out, message(72, 77, &[]));
    }

    #[test]
    fn a_report_stops_at_a_parameter_that_cannot_be_passed_over() {
        let known = [&[0x8d][..], &[7; 12]].concat();
        let first = tlv(240, &[&known, &[0xff, 1, 2], &[0x81, 0, 1]]);
        let second = tlv(240, &[&known, &[0x81, 0, 2]]);
        let it = LlrpMessage {
            kind: 61,
            id: 1,
            body: [first, second].concat(),
        };
        let antennas: Vec<_> = it
            .tags()
            .expect("both are tags")
            .iter()
            .map(|tag| tag.antenna)
            .collect();
        assert_eq!(antennas, [None, Some(2)]);
    }

    #[test]
    fn a_length_of_four_gigabytes_is_refused() {
        let head = [4, 61, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1];
        assert_eq!(LlrpMessage::read(&head), Err(Bad::Length));
    }
}
