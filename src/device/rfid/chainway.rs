//! Chainway UR4 and its kin: frames between A5 5A and CR LF, 115,200 baud.

use super::frames::{Bad, Cut, Held};
use super::{Event, Seen, Signal, Speech};
use crate::warehouse::SafeText;
use std::time::Duration;

/// One frame whose checksum was right.
///
/// ```text
/// A5 5A  length, two bytes  command  data …  checksum  CR LF
///        └───── the checksum is the XOR of these ───┘
/// ```
/// The length counts the whole frame. `C8 8C` is the start too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainwayFrame {
    /// What it is; an answer is one above its order.
    pub command: u8,
    /// At most 2,040 bytes.
    pub data: Vec<u8>,
}

/// A tag record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainwayTag<'a> {
    /// Protocol control word.
    pub pc: u16,
    /// EPC.
    pub epc: &'a [u8],
    /// Tag id, where the reader is set to read it.
    pub tid: Option<&'a [u8]>,
    /// In tenths of a dBm.
    pub rssi: i16,
    /// From 1.
    pub antenna: u8,
}

impl ChainwayFrame {
    /// Reads the frame at the front.
    pub fn read(bytes: &[u8]) -> Cut<Self> {
        match bytes {
            [0xa5 | 0xc8] | [0xa5, 0x5a] | [0xc8, 0x8c] | [0xa5, 0x5a, _] | [0xc8, 0x8c, _] => {
                return Err(Bad::NeedMore);
            }
            [0xa5, 0x5a, ..] | [0xc8, 0x8c, ..] => {}
            _ => return Err(Bad::Noise),
        }
        let len = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
        if !(8..=2048).contains(&len) {
            return Err(Bad::Length);
        }
        let whole = bytes.get(..len).ok_or(Bad::NeedMore)?;
        if !whole.ends_with(b"\r\n") {
            return Err(Bad::End);
        }
        let body = &whole[2..len - 3];
        if body.iter().fold(0, |xor, byte| xor ^ byte) != whole[len - 3] {
            return Err(Bad::Checksum);
        }
        let frame = Self {
            command: body[2],
            data: body[3..].to_vec(),
        };
        Ok((frame, len))
    }

    /// The tag of a record: PC, EPC of the length that the PC tells, TID of 12 bytes and user data if there, RSSI,
    /// antenna. None in other frames; errors if it ends too early.
    pub fn tag(&self) -> Option<Result<ChainwayTag<'_>, Bad>> {
        (self.command == 0x83).then(|| record(&self.data).ok_or(Bad::Parts))
    }
}

fn record(data: &[u8]) -> Option<ChainwayTag<'_>> {
    let (&pc, rest) = data.split_first_chunk::<2>()?;
    let (rest, &[high, low, antenna]) = rest.split_last_chunk::<3>()?;
    let pc = u16::from_be_bytes(pc);
    let (epc, rest) = rest.split_at_checked(usize::from(pc >> 11) * 2)?;
    Some(ChainwayTag {
        pc,
        epc,
        tid: rest.get(..12),
        rssi: i16::from_be_bytes([high, low]),
        antenna,
    })
}

fn order(command: u8, data: &[u8]) -> Vec<u8> {
    let len = u16::try_from(data.len() + 8).expect("orders are short");
    let mut bytes = vec![0xa5, 0x5a];
    bytes.extend(len.to_be_bytes());
    bytes.push(command);
    bytes.extend_from_slice(data);
    bytes.push(bytes[2..].iter().fold(0, |xor, byte| xor ^ byte));
    bytes.extend(b"\r\n");
    bytes
}

/// How these readers speak.
#[derive(Debug, Default)]
pub(super) struct Chainway {
    held: Held,
}

fn told(frame: Option<ChainwayFrame>, tell: &mut dyn FnMut(Event)) {
    let Some(frame) = frame else {
        return tell(Event::Corrupt);
    };
    if let Some(tag) = frame.tag() {
        let seen = tag.ok().and_then(|tag| {
            Some(Seen {
                pc: Some(tag.pc),
                signal: Some(Signal::Tenths(tag.rssi)),
                antenna: Some(tag.antenna.into()),
                ..Seen::of(tag.epc)?
            })
        });
        return tell(seen.map_or(Event::Corrupt, Event::Seen));
    }
    match (frame.command, frame.data.as_slice()) {
        (0x03, [major, minor, patch]) => {
            let version = format!("{major}.{minor}.{patch}");
            tell(Event::Version(SafeText::new(&version)));
        }
        (0xe5, &[1, percent]) if percent <= 100 => tell(Event::Battery(percent)),
        (_, [1, ..]) => tell(Event::Answer(Ok(()))),
        (_, &[code, ..]) => tell(Event::Answer(Err(code.into()))),
        _ => {}
    }
}

impl Speech for Chainway {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        self.held
            .feed(bytes, ChainwayFrame::read, |frame| told(frame, tell));
    }

    fn silence(&mut self, tell: &mut dyn FnMut(Event)) {
        self.held
            .silence(ChainwayFrame::read, |frame| told(frame, tell));
    }

    fn is_amid(&self) -> bool {
        !self.held.is_empty()
    }

    fn ask(&self) -> Vec<u8> {
        order(0x02, &[])
    }

    fn start(&self) -> Vec<Vec<u8>> {
        vec![order(0x82, &[0, 0])]
    }

    fn stop(&self) -> Vec<u8> {
        order(0x8c, &[])
    }

    fn power(&mut self, dbm: u8) -> Option<Vec<u8>> {
        let [high, low] = (u16::from(dbm) * 100).to_be_bytes();
        Some(order(0x10, &[2, 1, high, low, high, low]))
    }

    /// It is silent without tags; starting it anew does no harm while it reads.
    fn silent_at_most(&self) -> Option<Duration> {
        Some(Duration::from_secs(5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_those_of_the_vendor() {
        let speech = Chainway::default();
        assert_eq!(speech.ask(), *b"\xa5\x5a\x00\x08\x02\x0a\r\n");
        assert_eq!(
            speech.start(),
            [b"\xa5\x5a\x00\x0a\x82\x00\x00\x88\r\n".to_vec()]
        );
        assert_eq!(speech.stop(), *b"\xa5\x5a\x00\x08\x8c\x84\r\n");
    }
}
