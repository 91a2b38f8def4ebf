//! Simulated RFID readers: they understand the orders of their vendor and answer with frames that were captured from
//! real readers, whole, byte by byte, merged, corrupted and truncated.

use portable_pty::{MasterPty, PtySize, SlavePty, native_pty_system};
use std::io::{Read, Write};
use std::path::PathBuf;
use stockhand::device::rfid::{Protocol, Signal};

pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex"))
        .collect()
}

/// How a simulator's bytes reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Whole,
    ByteByByte,
    Merged,
    /// A copy of each frame with a wrong bit comes first.
    Corrupted,
    /// The first half of each frame comes first.
    Truncated,
}

impl Wire {
    fn send(self, out: &mut impl Write, frames: &[Vec<u8>]) -> std::io::Result<()> {
        for frame in frames {
            match self {
                Self::Whole => out.write_all(frame)?,
                Self::ByteByByte => frame.iter().try_for_each(|byte| {
                    out.write_all(&[*byte])?;
                    out.flush()
                })?,
                Self::Merged => {}
                Self::Corrupted => {
                    let mut broken = frame.clone();
                    let middle = broken.len() / 2;
                    broken[middle] ^= 0x10;
                    out.write_all(&broken)?;
                    out.write_all(frame)?;
                }
                Self::Truncated => {
                    out.write_all(&frame[..frame.len() / 2])?;
                    out.write_all(frame)?;
                }
            }
        }
        if self == Self::Merged {
            out.write_all(&frames.concat())?;
        }
        out.flush()
    }
}

/// A reader: which order makes it say what. Tags come through the wire as it is, all else whole.
pub(super) struct Simulator {
    pub(super) answers: Vec<Answer>,
    pub(super) tags: Vec<u8>,
    pub(super) wire: Wire,
    /// It is unplugged after so many answers.
    pub(super) life: usize,
}

impl Simulator {
    /// Answers until the other side is gone.
    pub(super) fn run(mut self, mut input: impl Read, mut output: impl Write) {
        let mut heard = Vec::new();
        let mut bytes = [0; 256];
        while let Ok(len @ 1..) = input.read(&mut bytes) {
            heard.extend_from_slice(&bytes[..len]);
            while let Some((end, reply)) = self.order_in(&heard) {
                heard.drain(..end);
                let wire = if reply.first() == Some(&self.tags) {
                    self.wire
                } else {
                    Wire::Whole
                };
                self.life -= 1;
                if wire.send(&mut output, &reply).is_err() || self.life == 0 {
                    return;
                }
            }
        }
    }

    /// The first known order in what was heard: where it ends and what it is answered with.
    fn order_in(&self, heard: &[u8]) -> Option<(usize, Vec<Vec<u8>>)> {
        let ends = self.answers.iter().filter_map(|(order, reply)| {
            let at = heard
                .windows(order.len())
                .position(|window| window == order)?;
            Some((at + order.len(), reply.clone()))
        });
        ends.min_by_key(|(end, _)| *end)
    }
}

/// An order and what it is answered with.
type Answer = (Vec<u8>, Vec<Vec<u8>>);

fn answer(order: &[u8], reply: &[u8]) -> Answer {
    (order.to_vec(), vec![reply.to_vec()])
}

/// The tag that a simulator of this kind sees: its frame as it was captured, its EPC and its signal.
fn tag_of(protocol: Protocol) -> (Vec<u8>, &'static str, Option<Signal>) {
    let dbm = |dbm: i8| Some(Signal::dbm(dbm));
    match protocol {
        Protocol::R200 => (
            hex("BB02220011C9340030751FEB705C5904E3D50D703A76EF7E"),
            "30751FEB705C5904E3D50D70",
            dbm(-55),
        ),
        Protocol::Tsl => (
            b"CS: .iv -r on\r\nPC: 3000\r\nEP: 0AC20D2DE3206279\r\nRI: -37\r\nOK:\r\n\r\n".to_vec(),
            "0AC20D2DE3206279",
            dbm(-37),
        ),
        Protocol::Mercury => (
            hex(
                "FF28220000 10001B01FF0101 C4 11 0E1640 00000127 0000 05 0000 0F 0080 3000
                 000000000000000000001545 E94A 561D",
            ),
            "000000000000000000001545",
            dbm(-60),
        ),
        Protocol::Uhf18 => (
            crc_16(&hex("13000101010C 000000000000000000000313")),
            "000000000000000000000313",
            None,
        ),
        Protocol::Uhf288 => (
            crc_16(&hex("1500010101010C 000000000000000000000313 6B")),
            "000000000000000000000313",
            Some(Signal::Raw(0x6b)),
        ),
        Protocol::Chainway => (
            hex("A55A0019833000 8A3F0047ACCED1E2442D7AF7 FD12 03 01 0D0A"),
            "8A3F0047ACCED1E2442D7AF7",
            dbm(-75),
        ),
        Protocol::Zeti => (
            b",,3034257BF7194E4000001A85,-50,10,3,\r\n".to_vec(),
            "3034257BF7194E4000001A85",
            dbm(-50),
        ),
        Protocol::Llrp => (
            hex(
                "043D00000029000003E9 00F0001F 8D 3000ABCDEF00000000000003 810001 86D0 820005A9E4BEF862E0",
            ),
            "3000ABCDEF00000000000003",
            dbm(-48),
        ),
    }
}

/// The orders that it understands beside the one that starts reading.
fn orders_of(protocol: Protocol) -> Vec<Answer> {
    match protocol {
        Protocol::R200 => vec![
            answer(&hex("BB00030001 00 047E"), &hex("BB0103000300 4D31 857E")),
            answer(&hex("BB00280000 287E"), &hex("BB01280001 00 2A7E")),
            answer(&hex("BB00B60002 07D0 8F7E"), &hex("BB01B60001 00 B87E")),
        ],
        Protocol::Tsl => vec![
            answer(b".vr\r\n", b"CS: .vr\r\nMF: TSL\r\nUS: 1128\r\nOK:\r\n\r\n"),
            answer(b".ab\r\n", b"CS: .ab\r\nOK:\r\n\r\n"),
            answer(b".iv -o20 -n\r\n", b"CS: .iv -o20 -n\r\nOK:\r\n\r\n"),
        ],
        Protocol::Mercury => [(0, 0x03), (2, 0x93), (2, 0x91), (1, 0x97), (2, 0x92)]
            .into_iter()
            .map(|(len, opcode)| answer(&[0xff, len, opcode], &mercury_reply(opcode, &[7])))
            .collect(),
        Protocol::Uhf18 | Protocol::Uhf288 => vec![answer(
            &crc_16(&hex("04FF21")),
            &hex("1100210000160C034E001E0A01000000E651"),
        )],
        Protocol::Chainway => vec![
            answer(&hex("A55A0008020A0D0A"), &hex("A55A000B03 070102 0C0D0A")),
            answer(&hex("A55A00088C840D0A"), &hex("A55A00098D 01 850D0A")),
        ],
        Protocol::Zeti => vec![
            answer(
                b"cn\r\n",
                b"Command:connect,Status:Connection Successful\r\n\r\n",
            ),
            answer(b"a\r\n", b"Command:abort,Status:OK\r\n\r\n"),
        ],
        Protocol::Llrp => [3u8, 21, 20, 24]
            .into_iter()
            .map(|kind| answer(&llrp_head(kind), &llrp_good(kind + 10)))
            .collect(),
    }
}

/// The order that starts reading, or asks for a round of it.
fn start_of(protocol: Protocol) -> Vec<u8> {
    match protocol {
        Protocol::R200 => hex("BB00270003222710837E"),
        Protocol::Tsl => b".iv -r on\r\n".to_vec(),
        Protocol::Mercury => hex("FF102F 00000122000005072210001B03E801FF"),
        Protocol::Uhf18 => crc_16(&hex("04FF01")),
        Protocol::Uhf288 => crc_16(&hex("0DFF01 040001000000008014")),
        Protocol::Chainway => hex("A55A000A820000880D0A"),
        Protocol::Zeti => b"in .batchmode disable .ez .ir .ik .ih .ec\r\n".to_vec(),
        Protocol::Llrp => llrp_head(22),
    }
}

/// A simulator of this kind, and the tag that it sees: EPC and signal.
pub(super) fn simulator(
    protocol: Protocol,
    wire: Wire,
) -> (Simulator, &'static str, Option<Signal>) {
    let (tags, epc, signal) = tag_of(protocol);
    let mut answers = orders_of(protocol);
    answers.push((start_of(protocol), vec![tags.clone(); 3]));
    let simulator = Simulator {
        answers,
        tags,
        wire,
        life: usize::MAX,
    };
    (simulator, epc, signal)
}

/// CRC-16 of the UHFReader18 manual, low byte first.
fn crc_16(bytes: &[u8]) -> Vec<u8> {
    let mut crc: u16 = 0xffff;
    for byte in bytes {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0x8408
            } else {
                crc >> 1
            };
        }
    }
    [bytes, &crc.to_le_bytes()].concat()
}

fn mercury_reply(opcode: u8, data: &[u8]) -> Vec<u8> {
    let len = u8::try_from(data.len()).expect("short");
    let body = [&[len, opcode, 0, 0], data].concat();
    let mut crc: u32 = 0xffff;
    for bit in body
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
    {
        let top = crc >> 15 & 1;
        crc = (crc << 1 | u32::from(bit)) & 0xffff;
        crc ^= top * 0x1021;
    }
    [&[0xff], body.as_slice(), &crc.to_be_bytes()[2..]].concat()
}

/// The first two bytes of an LLRP message of version 1, and its length's high half.
fn llrp_head(kind: u8) -> Vec<u8> {
    vec![4, kind, 0, 0]
}

fn llrp_good(kind: u8) -> Vec<u8> {
    let status = [0x01, 0x1f, 0, 8, 0, 0, 0, 0];
    [&[4, kind, 0, 0, 0, 18, 0, 0, 0, 9], status.as_slice()].concat()
}

/// A pseudo-terminal with a simulator at its far end.
pub(super) struct Plugged {
    pub(super) path: PathBuf,
    // Held so that the terminal stays as the other side set it.
    _near: Box<dyn SlavePty + Send>,
    _far: Box<dyn MasterPty + Send>,
}

pub(super) fn plug_in(simulator: Simulator) -> Plugged {
    let pair = native_pty_system()
        .openpty(PtySize::default())
        .expect("a pseudo-terminal");
    let path = pair.master.tty_name().expect("it has a name");
    let input = pair.master.try_clone_reader().expect("to read");
    let output = pair.master.take_writer().expect("to write");
    std::thread::spawn(move || simulator.run(input, output));
    Plugged {
        path,
        _near: pair.slave,
        _far: pair.master,
    }
}
