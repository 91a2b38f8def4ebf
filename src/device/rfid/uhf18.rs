//! UHFReader18 and 288, as in many low-cost desk and vehicle readers: length first, CRC last, 57,600 baud.

use super::frames::{Bad, Cut, Held};
use super::{Event, Seen, Signal, Speech, Warning};
use crate::warehouse::SafeText;
use std::time::Duration;

/// How a tag is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uhf18Dialect {
    /// Count, then length and EPC of each.
    Uhf18,
    /// Antenna, count, then length, EPC and signal of each.
    Uhf288,
}

/// One answer whose CRC was right.
///
/// ```text
/// length  address  command  status  data …  CRC, low byte first
///         └────────── length counts these ─────────┘
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uhf18Frame {
    /// Of the reader.
    pub address: u8,
    /// What it answers.
    pub command: u8,
    /// 1 done, 2 time is up, 3 more frames follow, 4 full, F8 antenna, FB no tag.
    pub status: u8,
    /// At most 250 bytes.
    pub data: Vec<u8>,
}

/// A tag in an answer: its EPC, and its signal where the dialect has it.
pub type Uhf18Tag<'a> = (&'a [u8], Option<u8>);

impl Uhf18Frame {
    /// Reads the frame at the front.
    pub fn read(bytes: &[u8]) -> Cut<Self> {
        let &len = bytes.first().ok_or(Bad::NeedMore)?;
        let len = usize::from(len);
        if len < 5 {
            return Err(Bad::Length);
        }
        let whole = bytes.get(..=len).ok_or(Bad::NeedMore)?;
        let (body, found) = whole.split_at(len - 1);
        if crc(body).to_le_bytes() != found {
            return Err(Bad::Checksum);
        }
        let frame = Self {
            address: body[1],
            command: body[2],
            status: body[3],
            data: body[4..].to_vec(),
        };
        Ok((frame, len + 1))
    }

    /// Whether it lists tags.
    pub const fn is_inventory(&self) -> bool {
        matches!(self.command, 0x01 | 0x0f)
    }

    /// The antenna of the tags, from 1.
    pub fn antenna(&self, dialect: Uhf18Dialect) -> Option<u16> {
        let mask = self
            .data
            .first()
            .filter(|_| dialect == Uhf18Dialect::Uhf288)?;
        u16::try_from(mask.trailing_zeros() + 1)
            .ok()
            .filter(|&number| number <= 8)
    }

    /// The tags of an inventory. Errors if the data ends within one.
    pub fn tags(&self, dialect: Uhf18Dialect) -> Result<Vec<Uhf18Tag<'_>>, Bad> {
        let counted = match dialect {
            Uhf18Dialect::Uhf18 => self.data.as_slice(),
            Uhf18Dialect::Uhf288 => self.data.get(1..).unwrap_or_default(),
        };
        let Some((&count, mut rest)) = counted.split_first() else {
            return Ok(Vec::new());
        };
        (0..count)
            .map(|_| {
                let (&len, after) = rest.split_first().ok_or(Bad::Parts)?;
                let (epc, after) = after.split_at_checked(len.into()).ok_or(Bad::Parts)?;
                let (signal, after) = match dialect {
                    Uhf18Dialect::Uhf18 => (None, after),
                    Uhf18Dialect::Uhf288 => {
                        let (&signal, after) = after.split_first().ok_or(Bad::Parts)?;
                        (Some(signal), after)
                    }
                };
                rest = after;
                Ok((epc, signal))
            })
            .collect()
    }
}

/// CRC-16, reflected polynomial 8408, start FFFF.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc: u16, &byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0x8408 } else { 0 }
        })
    })
}

fn order(command: u8, data: &[u8]) -> Vec<u8> {
    let len = u8::try_from(data.len() + 4).expect("orders are short");
    let mut bytes = vec![len, 0xff, command];
    bytes.extend_from_slice(data);
    bytes.extend(crc(&bytes).to_le_bytes());
    bytes
}

/// How these readers speak.
#[derive(Debug)]
pub(super) struct Uhf18 {
    held: Held,
    dialect: Uhf18Dialect,
}

impl Uhf18 {
    pub(super) fn new(dialect: Uhf18Dialect) -> Self {
        Self {
            held: Held::default(),
            dialect,
        }
    }
}

fn told(dialect: Uhf18Dialect, frame: Option<Uhf18Frame>, tell: &mut dyn FnMut(Event)) {
    let Some(frame) = frame else {
        return tell(Event::Corrupt);
    };
    match (frame.is_inventory(), frame.command, frame.status) {
        (true, _, status) => {
            tags(dialect, &frame, tell);
            if status == 0xf8 {
                tell(Event::Warning(Warning::Antenna));
            }
            if status != 3 {
                tell(Event::RoundOver);
            }
        }
        (_, 0x21, 0) => {
            if let [major, minor, kind, ..] = frame.data.as_slice() {
                let version = format!("type {kind:02X}, {major}.{minor}");
                // A reader of the other dialect is none of ours.
                tell(if spoken_by(*kind) == dialect {
                    Event::Version(SafeText::new(&version))
                } else {
                    Event::Answer(Ok(()))
                });
            }
        }
        (_, _, 0) => tell(Event::Answer(Ok(()))),
        // What came to it was corrupted; it is asked again.
        (_, 0, _) => tell(Event::RoundOver),
        (.., status) => tell(Event::Answer(Err(status.into()))),
    }
}

/// Which dialect a reader of this type speaks: UHFReader18 and RRU9803 the first, all later ones the second.
const fn spoken_by(kind: u8) -> Uhf18Dialect {
    match kind {
        0x03 | 0x08 | 0x09 => Uhf18Dialect::Uhf18,
        _ => Uhf18Dialect::Uhf288,
    }
}

fn tags(dialect: Uhf18Dialect, frame: &Uhf18Frame, tell: &mut dyn FnMut(Event)) {
    let Ok(tags) = frame.tags(dialect) else {
        return tell(Event::Corrupt);
    };
    for (epc, signal) in tags {
        let seen = Seen::of(epc).map(|seen| Seen {
            signal: signal.map(Signal::Raw),
            antenna: frame.antenna(dialect),
            ..seen
        });
        tell(seen.map_or(Event::Corrupt, Event::Seen));
    }
}

impl Speech for Uhf18 {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        let dialect = self.dialect;
        self.held
            .feed(bytes, Uhf18Frame::read, |frame| told(dialect, frame, tell));
    }

    fn silence(&mut self, tell: &mut dyn FnMut(Event)) {
        let dialect = self.dialect;
        self.held
            .silence(Uhf18Frame::read, |frame| told(dialect, frame, tell));
    }

    fn is_amid(&self) -> bool {
        !self.held.is_empty()
    }

    fn ask(&self) -> Vec<u8> {
        order(0x21, &[])
    }

    fn start(&self) -> Vec<Vec<u8>> {
        self.next_round().into_iter().collect()
    }

    fn next_round(&self) -> Option<Vec<u8>> {
        Some(match self.dialect {
            Uhf18Dialect::Uhf18 => order(0x01, &[]),
            // Q 4, session 0, mask in the EPC bank of no bits, target A, antenna 1, two seconds.
            Uhf18Dialect::Uhf288 => order(0x01, &[4, 0, 1, 0, 0, 0, 0, 0x80, 0x14]),
        })
    }

    /// Rounds that are not asked for do not come; nothing runs that could be stopped.
    fn stop(&self) -> Vec<u8> {
        Vec::new()
    }

    fn power(&mut self, dbm: u8) -> Option<Vec<u8>> {
        Some(order(0x2f, &[dbm.min(30)]))
    }

    /// A round takes two seconds at most.
    fn silent_at_most(&self) -> Option<Duration> {
        Some(Duration::from_secs(3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_checks_out_what_it_was_sent() {
        // The order has the same form as an answer, but for the status.
        let bytes = order(0x21, &[]);
        assert_eq!(bytes[..3], [4, 0xff, 0x21]);
        assert_eq!(crc(&bytes), 0);
    }

    #[test]
    fn a_count_beyond_the_data_is_refused() {
        let frame = Uhf18Frame {
            address: 0,
            command: 1,
            status: 1,
            data: vec![9, 2, 1, 2],
        };
        assert_eq!(frame.tags(Uhf18Dialect::Uhf18), Err(Bad::Parts));
        assert_eq!(frame.tags(Uhf18Dialect::Uhf288), Err(Bad::Parts));
    }
}
