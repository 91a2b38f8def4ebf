//! ThingMagic's Mercury serial protocol, as in Nano, Micro and M7E modules: FF first, CRC last, 115,200 baud.

use super::frames::{Bad, Cut, Held};
use super::{Event, Seen, Signal, Speech, Warning};
use crate::warehouse::SafeText;
use std::time::Duration;

/// One frame of the reader whose CRC was right.
///
/// ```text
/// FF  length  opcode  status, two bytes  data …  CRC, high byte first
///     └────────────── the CRC covers these ───┘
/// ```
/// The length counts the data alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MercuryFrame {
    /// What it answers; 22h is the stream of reads.
    pub opcode: u8,
    /// 0 is good.
    pub status: u16,
    /// At most 255 bytes.
    pub data: Vec<u8>,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MercuryKind<'a> {
    /// A tag.
    Tag(MercuryTag<'a>),
    /// Still reading, without tags.
    KeepAlive,
    /// Too hot.
    TempThrottle,
    /// The antenna sends back what it should send out.
    HighReturnLoss,
    /// A temperature.
    Temperature,
    /// An answer to an order.
    Reply,
    /// Something else in the stream.
    Other,
}

/// A tag record with the metadata that [`Speech::start`] asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MercuryTag<'a> {
    /// In dBm.
    pub rssi: i8,
    /// Antenna that heard it, from 1.
    pub antenna: u8,
    /// Frequency in kHz.
    pub freq_khz: u32,
    /// Since reading began, in milliseconds.
    pub timestamp_ms: u32,
    /// Bytes of tag memory that were read along.
    pub embedded: &'a [u8],
    /// Protocol control word.
    pub pc: u16,
    /// EPC.
    pub epc: &'a [u8],
}

impl MercuryFrame {
    /// Reads the frame at the front.
    pub fn read(bytes: &[u8]) -> Cut<Self> {
        if bytes.first() != Some(&0xff) {
            return Err(Bad::Noise);
        }
        let len = usize::from(*bytes.get(1).ok_or(Bad::NeedMore)?);
        let whole = bytes.get(..len + 7).ok_or(Bad::NeedMore)?;
        let (body, found) = whole.split_at(len + 5);
        if crc(&body[1..]).to_be_bytes() != found {
            return Err(Bad::Checksum);
        }
        let frame = Self {
            opcode: body[2],
            status: u16::from_be_bytes([body[3], body[4]]),
            data: body[5..].to_vec(),
        };
        Ok((frame, len + 7))
    }

    /// What it is. Errors if a tag record ends within its parts.
    pub fn kind(&self) -> Result<MercuryKind<'_>, Bad> {
        Ok(match (self.opcode, self.data.len(), self.status) {
            (0x22, 0, 0x0400) => MercuryKind::KeepAlive,
            (0x22, 0, 0x0504) => MercuryKind::TempThrottle,
            (0x22, 0, 0x0505) => MercuryKind::HighReturnLoss,
            (0x22, 0 | 8, _) => MercuryKind::Other,
            (0x22, 10, _) => MercuryKind::Temperature,
            (0x22, ..) => MercuryKind::Tag(record(&self.data).ok_or(Bad::Parts)?),
            _ => MercuryKind::Reply,
        })
    }
}

/// Data of a stream record: 7 bytes of no use here, then signal, antenna, frequency (3), time (4), phase (2),
/// protocol, bits of embedded data (2) and that data, a byte, bits of PC, EPC and CRC (2), PC, EPC, CRC.
fn record(data: &[u8]) -> Option<MercuryTag<'_>> {
    let number = |from: usize, len: usize| {
        let bytes = data.get(from..from + len)?;
        Some(
            bytes
                .iter()
                .fold(0, |value: u32, &byte| value << 8 | u32::from(byte)),
        )
    };
    let embedded_bits = usize::try_from(number(19, 2)?).ok()?;
    let (embedded, rest) = data
        .get(21..)?
        .split_at_checked(embedded_bits.div_ceil(8))?;
    let &[_, high, low, pc_high, pc_low, ref rest @ ..] = rest else {
        return None;
    };
    let bits = usize::from(u16::from_be_bytes([high, low]));
    // PC and CRC are two bytes each.
    let epc = rest.get(..(bits / 8).checked_sub(4)?)?;
    Some(MercuryTag {
        rssi: i8::from_be_bytes([*data.get(7)?]),
        antenna: data.get(8)? & 15,
        freq_khz: number(9, 3)?,
        timestamp_ms: number(12, 4)?,
        embedded,
        pc: u16::from_be_bytes([pc_high, pc_low]),
        epc,
    })
}

/// CCITT's polynomial four bits at a time, start FFFF, the message's bits pushed in from below.
fn crc(bytes: &[u8]) -> u16 {
    let nibble = |crc: u16, nibble: u8| {
        let top = crc >> 12;
        // The table of the polynomial 1021h: each value times it, without carries.
        let folded = (0..4).fold(0, |sum, bit| {
            sum ^ if top >> bit & 1 == 1 {
                0x1021 << bit
            } else {
                0
            }
        });
        (crc << 4 | u16::from(nibble)) ^ folded
    };
    bytes.iter().fold(0xffff, |crc, &byte| {
        nibble(nibble(crc, byte >> 4), byte & 15)
    })
}

fn order(opcode: u8, data: &[u8]) -> Vec<u8> {
    let len = u8::try_from(data.len()).expect("orders are short");
    let mut bytes = vec![0xff, len, opcode];
    bytes.extend_from_slice(data);
    bytes.extend(crc(&bytes[1..]).to_be_bytes());
    bytes
}

/// How these modules speak.
#[derive(Debug)]
pub(super) struct Mercury {
    held: Held,
    /// The radio region, as the vendor numbers it.
    region: u8,
    /// How many take turns, from the first.
    antennas: u8,
}

impl Mercury {
    pub(super) fn new(region: u8, antennas: u8) -> Self {
        Self {
            held: Held::default(),
            region,
            antennas,
        }
    }
}

fn told(frame: Option<MercuryFrame>, tell: &mut dyn FnMut(Event)) {
    let Some(frame) = frame else {
        return tell(Event::Corrupt);
    };
    match frame.kind() {
        Ok(MercuryKind::Tag(tag)) => {
            let seen = Seen::of(tag.epc).map(|seen| Seen {
                pc: Some(tag.pc),
                signal: Some(Signal::dbm(tag.rssi)),
                antenna: Some(tag.antenna.into()),
                ..seen
            });
            tell(seen.map_or(Event::Corrupt, Event::Seen));
        }
        Ok(MercuryKind::TempThrottle) => tell(Event::Warning(Warning::TooHot)),
        Ok(MercuryKind::HighReturnLoss) => tell(Event::Warning(Warning::Antenna)),
        Ok(MercuryKind::Reply) if frame.status != 0 => tell(Event::Answer(Err(frame.status))),
        Ok(MercuryKind::Reply) if frame.opcode == 0x03 => {
            let version: String = frame
                .data
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect();
            tell(Event::Version(SafeText::new(&version)));
        }
        Ok(MercuryKind::Reply) => tell(Event::Answer(Ok(()))),
        Ok(MercuryKind::KeepAlive | MercuryKind::Temperature | MercuryKind::Other) => {}
        Err(_) => tell(Event::Corrupt),
    }
}

impl Speech for Mercury {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        self.held
            .feed(bytes, MercuryFrame::read, |frame| told(frame, tell));
    }

    fn silence(&mut self, tell: &mut dyn FnMut(Event)) {
        self.held
            .silence(MercuryFrame::read, |frame| told(frame, tell));
    }

    fn is_amid(&self) -> bool {
        !self.held.is_empty()
    }

    fn ask(&self) -> Vec<u8> {
        order(0x03, &[])
    }

    /// Protocol Gen2, antennas, region; then reading without end.
    fn start(&self) -> Vec<Vec<u8>> {
        // One antenna is a pair of ports to send and to hear with; a list of pairs begins with 2.
        let antennas = match self.antennas {
            0 | 1 => vec![1, 1],
            many => std::iter::once(2)
                .chain((1..=many).flat_map(|port| [port, port]))
                .collect(),
        };
        vec![
            order(0x93, &[0, 5]),
            order(0x91, &antennas),
            order(0x97, &[self.region]),
            order(
                0x2f,
                &[
                    0, 0, 1, 0x22, 0, 0, 5, 7, 0x22, 0x10, 0, 0x1b, 0x03, 0xe8, 1, 0xff,
                ],
            ),
        ]
    }

    fn stop(&self) -> Vec<u8> {
        order(0x2f, &[0, 0, 2])
    }

    fn power(&mut self, dbm: u8) -> Option<Vec<u8>> {
        Some(order(0x92, &(u16::from(dbm) * 100).to_be_bytes()))
    }

    /// It says every second that it lives.
    fn silent_at_most(&self) -> Option<Duration> {
        Some(Duration::from_secs(3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_vendors_not_ccitts() {
        assert_eq!(crc(&[0x00, 0x03]), 0x1d0c);
        assert_eq!(Mercury::new(1, 1).ask(), [0xff, 0x00, 0x03, 0x1d, 0x0c]);
    }

    #[test]
    fn several_antennas_take_turns() {
        let antennas = |count| Mercury::new(1, count).start()[1].clone();
        assert_eq!(antennas(1)[..5], [0xff, 2, 0x91, 1, 1]);
        assert_eq!(antennas(3)[..10], [0xff, 7, 0x91, 2, 1, 1, 2, 2, 3, 3]);
    }
}
