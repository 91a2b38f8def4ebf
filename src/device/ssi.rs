//! SSI, the packets of Symbol and Zebra scanners: what they look like, and what their first byte of data means.
//! Knows neither port nor clock.

use std::fmt;

/// Longest packet without its checksum, in bytes; its length is one byte.
const LONGEST: usize = 255;

/// What a packet is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Opcode(pub u8);

impl Opcode {
    /// The other side has understood.
    pub const ACK: Self = Self(0xd0);
    /// The other side has not; one byte says why.
    pub const NAK: Self = Self(0xd1);
    /// A scan.
    pub const DECODE_DATA: Self = Self(0xf3);
    /// Something happened at the scanner.
    pub const EVENT: Self = Self(0xf6);
    /// The scanner's version.
    pub const REPLY_REVISION: Self = Self(0xa4);
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

impl fmt::Debug for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One packet whose checksum was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// What it is for.
    pub opcode: Opcode,
    /// 0 is the scanner, 4 the host.
    pub source: u8,
    /// Bit 0: sent again; bit 1: more of the same follows; bit 3: a change that stays.
    pub status: u8,
    /// At most 251 bytes.
    pub data: Vec<u8>,
}

/// Why bytes are no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPacket {
    /// It has not fully arrived.
    #[error("there is more to come")]
    NeedMore,
    /// A packet is never this short.
    #[error("length")]
    Length,
    /// It was corrupted on the way.
    #[error("checksum")]
    Checksum,
}

impl Packet {
    /// A packet from the host.
    pub fn from_host(opcode: u8, data: &[u8]) -> Self {
        Self {
            opcode: Opcode(opcode),
            source: 4,
            status: 0,
            data: data.to_vec(),
        }
    }

    /// Reads the packet at the front. Says how long it was on the wire.
    ///
    /// ```text
    /// length  opcode  source  status  data …  checksum, two bytes
    /// └──────── length counts these ────────┘  (the two's complement of their sum)
    /// ```
    pub fn read(bytes: &[u8]) -> Result<(Self, usize), BadPacket> {
        let &len = bytes.first().ok_or(BadPacket::NeedMore)?;
        let len = usize::from(len);
        if len < 4 {
            return Err(BadPacket::Length);
        }
        let (body, rest) = bytes.split_at_checked(len).ok_or(BadPacket::NeedMore)?;
        let &[high, low, ..] = rest else {
            return Err(BadPacket::NeedMore);
        };
        if checksum(body) != u16::from_be_bytes([high, low]) {
            return Err(BadPacket::Checksum);
        }
        let packet = Self {
            opcode: Opcode(body[1]),
            source: body[2],
            status: body[3],
            data: body[4..].to_vec(),
        };
        Ok((packet, len + 2))
    }

    /// The bytes on the wire. Data beyond 251 bytes is left out.
    pub fn write(&self) -> Vec<u8> {
        let data = &self.data[..self.data.len().min(LONGEST - 4)];
        let len = u8::try_from(data.len() + 4).expect("it was cut to fit");
        let mut bytes = vec![len, self.opcode.0, self.source, self.status];
        bytes.extend_from_slice(data);
        let sum = checksum(&bytes);
        bytes.extend(sum.to_be_bytes());
        bytes
    }

    /// Whether it was sent before.
    pub const fn is_again(&self) -> bool {
        self.status & 1 != 0
    }

    /// Whether more packets of the same message follow.
    pub const fn more_follows(&self) -> bool {
        self.status & 2 != 0
    }
}

fn checksum(bytes: &[u8]) -> u16 {
    let sum = bytes.iter().map(|&byte| u16::from(byte));
    sum.fold(0, u16::wrapping_add).wrapping_neg()
}

/// The name of a code type, where a public table confirms it. With 40h it has two more digits, with 80h five.
pub fn code_name(code: u8) -> Option<&'static str> {
    Some(match code {
        0x01 => "Code 39",
        0x02 => "Codabar",
        0x03 => "Code 128",
        0x04 => "Discrete 2 of 5",
        0x05 => "IATA 2 of 5",
        0x06 => "Interleaved 2 of 5",
        0x07 => "Code 93",
        0x08 => "UPC-A",
        0x09 => "UPC-E0",
        0x0a => "EAN-8",
        0x0b => "EAN-13",
        0x0c => "Code 11",
        0x0e => "MSI",
        0x0f => "GS1-128",
        0x10 => "UPC-E1",
        0x15 => "Trioptic Code 39",
        0x16 => "Bookland",
        0x17 => "Coupon Code",
        0x23 => "GS1 DataBar Limited",
        0x24 => "GS1 DataBar-14",
        0x25 => "GS1 DataBar Expanded",
        0x48 => "UPC-A + 2 supplemental",
        0x49 => "UPC-E0 + 2 supplemental",
        0x4a => "EAN-8 + 2 supplemental",
        0x4b => "EAN-13 + 2 supplemental",
        0x50 => "UPC-E1 + 2 supplemental",
        0x72 => "Chinese 2 of 5",
        0x88 => "UPC-A + 5 supplemental",
        0x89 => "UPC-E0 + 5 supplemental",
        0x8a => "EAN-8 + 5 supplemental",
        0x8b => "EAN-13 + 5 supplemental",
        0x90 => "UPC-E1 + 5 supplemental",
        _ => return None,
    })
}

/// The AIM identifier of a code type that is always GS1 (ISO/IEC 15424); the others say it in the data or not at all.
pub fn aim(code: u8) -> Option<&'static [u8]> {
    match code {
        0x0f => Some(b"]C1"),
        0x23..=0x25 => Some(b"]e0"),
        _ => None,
    }
}

/// Why the other side has not understood.
pub fn nak_cause(cause: u8) -> Option<&'static str> {
    Some(match cause {
        0x01 => "resend",
        0x02 => "bad context",
        0x06 => "denied",
        0x0a => "undesired message",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    #[test]
    fn packets_of_the_host_have_the_checksums_of_the_guide() {
        for (opcode, data, wanted) in [
            (0xd0, &[][..], "04D00400FF28"),
            (0xd1, &[1], "05D1040001FF25"),
            (0xe4, &[], "04E40400FF14"),
            (0xe6, &[0], "05E6040000FF11"),
            (0xa3, &[], "04A30400FF55"),
            (0xc6, &[0, 0xee, 1], "07C6040000EE01FE40"),
        ] {
            assert_eq!(hex(&Packet::from_host(opcode, data).write()), wanted);
        }
    }

    #[test]
    fn a_packet_comes_back_as_it_was_written_and_not_when_a_bit_is_wrong() {
        let packet = Packet::from_host(0xf3, &[7; 251]);
        let mut bytes = packet.write();
        assert_eq!(Packet::read(&bytes), Ok((packet, 257)));
        assert_eq!(Packet::read(&bytes[..256]), Err(BadPacket::NeedMore));
        bytes[100] ^= 4;
        assert_eq!(Packet::read(&bytes), Err(BadPacket::Checksum));
        assert_eq!(Packet::read(&[3, 0, 0, 0, 0]), Err(BadPacket::Length));
        assert_eq!(Packet::from_host(0xf3, &[7; 400]).write().len(), 257);
    }
}
