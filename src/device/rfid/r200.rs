//! R200, YRM100 and M100 modules: frames between BB and 7E, 115,200 baud.

use super::frames::{Bad, Cut, Held};
use super::{Event, Seen, Signal, Speech};
use crate::warehouse::SafeText;
use std::time::Duration;

/// Longest data of a frame; a length beyond it is noise.
const LONGEST: usize = 512;

/// One frame whose checksum was right.
///
/// ```text
/// BB  type  command  length, two bytes  data …  checksum  7E
///     └─────────── the checksum sums these ───┘
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct R200Frame {
    /// 0 an order, 1 an answer, 2 a notice.
    pub kind: u8,
    /// What it is about.
    pub command: u8,
    /// At most 512 bytes.
    pub data: Vec<u8>,
}

impl R200Frame {
    /// Reads the frame at the front.
    pub fn read(bytes: &[u8]) -> Cut<Self> {
        if bytes.first() != Some(&0xbb) {
            return Err(Bad::Noise);
        }
        let &[_, kind, command, high, low, ..] = bytes else {
            return Err(Bad::NeedMore);
        };
        let len = usize::from(u16::from_be_bytes([high, low]));
        if len > LONGEST || kind > 2 {
            return Err(Bad::Length);
        }
        let whole = bytes.get(..len + 7).ok_or(Bad::NeedMore)?;
        if whole[len + 6] != 0x7e {
            return Err(Bad::End);
        }
        if whole[len + 5] != sum(&whole[1..len + 5]) {
            return Err(Bad::Checksum);
        }
        let data = whole[5..len + 5].to_vec();
        Ok((
            Self {
                kind,
                command,
                data,
            },
            len + 7,
        ))
    }

    /// The tag of a notice: its EPC bytes lie between PC and CRC, whatever length the PC claims.
    pub fn tag(&self) -> Option<R200Tag<'_>> {
        match (self.kind, self.command, self.data.as_slice()) {
            (2, 0x22, &[rssi, high, low, ref rest @ ..]) => {
                let (epc, crc) = rest.split_at_checked(rest.len().checked_sub(2)?)?;
                Some(R200Tag {
                    rssi: i8::from_be_bytes([rssi]),
                    pc: u16::from_be_bytes([high, low]),
                    epc,
                    crc: u16::from_be_bytes([crc[0], crc[1]]),
                })
            }
            _ => None,
        }
    }
}

/// A tag in a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct R200Tag<'a> {
    /// In dBm.
    pub rssi: i8,
    /// Protocol control word.
    pub pc: u16,
    /// EPC.
    pub epc: &'a [u8],
    /// The tag's own checksum, as it was heard.
    pub crc: u16,
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, &byte| sum.wrapping_add(byte))
}

fn order(command: u8, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len()).expect("orders are short");
    let mut bytes = vec![0xbb, 0, command];
    bytes.extend(len.to_be_bytes());
    bytes.extend_from_slice(data);
    bytes.push(sum(&bytes[1..]));
    bytes.push(0x7e);
    bytes
}

/// How these modules speak.
#[derive(Debug, Default)]
pub(super) struct R200 {
    held: Held,
}

fn told(frame: Option<R200Frame>, tell: &mut dyn FnMut(Event)) {
    let Some(frame) = frame else {
        return tell(Event::Corrupt);
    };
    if let Some(tag) = frame.tag() {
        let seen = Seen::of(tag.epc).map(|seen| Seen {
            pc: Some(tag.pc),
            signal: Some(Signal::dbm(tag.rssi)),
            ..seen
        });
        return tell(seen.map_or(Event::Corrupt, Event::Seen));
    }
    match (frame.kind, frame.command, frame.data.as_slice()) {
        // No tag in this round: the way it says that it lives.
        (1, 0xff, [0x15]) => {}
        (1, 0xff, &[code, ..]) => tell(Event::Answer(Err(code.into()))),
        (1, 0x03, text) => {
            tell(Event::Version(SafeText::from_bytes(
                text.get(1..).unwrap_or(text),
            )));
        }
        (1, ..) => tell(Event::Answer(Ok(()))),
        _ => {}
    }
}

impl Speech for R200 {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        self.held
            .feed(bytes, R200Frame::read, |frame| told(frame, tell));
    }

    fn silence(&mut self, tell: &mut dyn FnMut(Event)) {
        self.held
            .silence(R200Frame::read, |frame| told(frame, tell));
    }

    fn is_amid(&self) -> bool {
        !self.held.is_empty()
    }

    fn ask(&self) -> Vec<u8> {
        order(0x03, &[0])
    }

    fn start(&self) -> Vec<Vec<u8>> {
        vec![order(0x27, &[0x22, 0x27, 0x10])]
    }

    fn stop(&self) -> Vec<u8> {
        order(0x28, &[])
    }

    fn power(&mut self, dbm: u8) -> Option<Vec<u8>> {
        Some(order(0xb6, &(u16::from(dbm) * 100).to_be_bytes()))
    }

    /// Ten thousand rounds, then it stops; while it reads, every round tells something.
    fn silent_at_most(&self) -> Option<Duration> {
        Some(Duration::from_secs(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_those_of_the_manual() {
        let speech = R200::default();
        let start = [0xbb, 0, 0x27, 0, 3, 0x22, 0x27, 0x10, 0x83, 0x7e];
        assert_eq!(speech.start(), [start.to_vec()]);
        assert_eq!(speech.stop(), [0xbb, 0, 0x28, 0, 0, 0x28, 0x7e]);
        assert_eq!(speech.ask(), [0xbb, 0, 3, 0, 1, 0, 4, 0x7e]);
        let power = [0xbb, 0, 0xb6, 0, 2, 0x07, 0xd0, 0x8f, 0x7e];
        assert_eq!(R200::default().power(20), Some(power.to_vec()));
    }
}
