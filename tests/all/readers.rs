//! RFID readers over pseudo-terminals and TCP: small simulators that understand the orders of their vendor and answer
//! with frames that were captured from real readers, whole, byte by byte, merged, corrupted and truncated.

use portable_pty::{MasterPty, PtySize, SlavePty, native_pty_system};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use stockhand::device::Taken;
use stockhand::device::rfid::{
    Folded, Profile, Protocol, ReaderHeard, ReaderOrder, ReaderSettings, Signal, built_in,
    listen_reader,
};

/// Nothing here takes longer, unless it hangs.
const LONG: Duration = Duration::from_secs(20);

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex"))
        .collect()
}

/// How a simulator's bytes reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
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
struct Simulator {
    answers: Vec<(Vec<u8>, Vec<Vec<u8>>)>,
    tags: Vec<u8>,
    wire: Wire,
    /// It is unplugged after so many answers.
    life: usize,
}

impl Simulator {
    /// Answers until the other side is gone.
    fn run(mut self, mut input: impl Read, mut output: impl Write) {
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

/// What a simulator of this kind understands, and the tag that it sees: EPC and signal.
fn simulator(protocol: Protocol, wire: Wire) -> (Simulator, &'static str, Option<Signal>) {
    let answer = |order: &[u8], reply: &[&[u8]]| {
        let reply = reply.iter().map(|frame| frame.to_vec()).collect();
        (order.to_vec(), reply)
    };
    let (tags, epc, signal, mut answers) = match protocol {
        Protocol::R200 => (
            hex("BB02220011C9340030751FEB705C5904E3D50D703A76EF7E"),
            "30751FEB705C5904E3D50D70",
            Some(Signal::Tenths(-550)),
            vec![
                answer(
                    &hex("BB00030001 00 04 7E"),
                    &[&hex("BB 01 03 00 03 00 4D 31 85 7E")],
                ),
                answer(&hex("BB00280000287E"), &[&hex("BB 01 28 00 01 00 2A 7E")]),
                answer(
                    &hex("BB00B6000207D08F7E"),
                    &[&hex("BB 01 B6 00 01 00 B8 7E")],
                ),
            ],
        ),
        Protocol::Tsl => (
            b"CS: .iv -r on\r\nPC: 3000\r\nEP: 0AC20D2DE3206279\r\nRI: -37\r\nOK:\r\n\r\n".to_vec(),
            "0AC20D2DE3206279",
            Some(Signal::Tenths(-370)),
            vec![
                answer(
                    b".vr\r\n",
                    &[b"CS: .vr\r\nMF: TSL\r\nUS: 1128\r\nOK:\r\n\r\n"],
                ),
                answer(b".ab\r\n", &[b"CS: .ab\r\nOK:\r\n\r\n"]),
                answer(b".iv -o20 -n\r\n", &[b"CS: .iv -o20 -n\r\nOK:\r\n\r\n"]),
            ],
        ),
        Protocol::Mercury => (
            hex(
                "FF2822000010001B01FF0101C4110E16400000012700000500000F00803000000000000000000000001545E94A561D",
            ),
            "000000000000000000001545",
            Some(Signal::Tenths(-600)),
            vec![answer(
                &hex("FF00031D0C"),
                &[&mercury_reply(0x03, &[1, 2, 3, 4])],
            )],
        ),
        Protocol::Uhf18 => (
            hex("13000101010C000000000000000000000313 0000"),
            "000000000000000000000313",
            None,
            Vec::new(),
        ),
        Protocol::Uhf288 => (
            hex("1500010101010C0000000000000000000003136B 0000"),
            "000000000000000000000313",
            Some(Signal::Raw(0x6b)),
            Vec::new(),
        ),
        Protocol::Chainway => (
            hex("A55A00198330008A3F0047ACCED1E2442D7AF7FD1203010D0A"),
            "8A3F0047ACCED1E2442D7AF7",
            Some(Signal::Tenths(-750)),
            vec![
                answer(
                    &hex("A55A0008020A0D0A"),
                    &[&hex("A55A000B03 070102 0C 0D0A")],
                ),
                answer(&hex("A55A00088C840D0A"), &[&hex("A55A00098D01 85 0D0A")]),
            ],
        ),
        Protocol::Zeti => (
            b",,3034257BF7194E4000001A85,-50,10,3,\r\n".to_vec(),
            "3034257BF7194E4000001A85",
            Some(Signal::Tenths(-500)),
            vec![
                answer(
                    b"cn\r\n",
                    &[b"Command:connect,Status:Connection Successful\r\n\r\n"],
                ),
                answer(b"a\r\n", &[b"Command:abort,Status:OK\r\n\r\n"]),
            ],
        ),
        Protocol::Llrp => (
            hex(
                "043D00000029000003E900F0001F8D3000ABCDEF0000000000000381000186D0820005A9E4BEF862E0",
            ),
            "3000ABCDEF00000000000003",
            Some(Signal::Tenths(-480)),
            [21u8, 20, 24]
                .iter()
                .map(|&kind| answer(&llrp_head(kind), &[&llrp_good(kind + 10)]))
                .collect(),
        ),
    };
    let tags = with_crc(protocol, tags);
    if matches!(protocol, Protocol::Uhf18 | Protocol::Uhf288) {
        let info = hex("1100210000160C034E001E0A01000000E651");
        answers.push(answer(&crc_16(&hex("04FF21")), &[&info]));
    }
    if protocol == Protocol::Mercury {
        for opcode in [0x93, 0x91, 0x97, 0x92] {
            answers.push(answer(
                &[0xff, if opcode == 0x97 { 1 } else { 2 }, opcode],
                &[&mercury_reply(opcode, &[])],
            ));
        }
    }
    let start = match protocol {
        Protocol::R200 => hex("BB00270003222710837E"),
        Protocol::Tsl => b".iv -r on\r\n".to_vec(),
        Protocol::Mercury => hex("FF102F 000001220000050722 10001B03E801FF"),
        Protocol::Uhf18 => crc_16(&hex("04FF01")),
        Protocol::Uhf288 => crc_16(&hex("0DFF01 040001000000008014")),
        Protocol::Chainway => hex("A55A000A820000880D0A"),
        Protocol::Zeti => b"in .batchmode disable .ez .ir .ik .ih .ec\r\n".to_vec(),
        Protocol::Llrp => llrp_head(22),
    };
    answers.push((start, vec![tags.clone(); 3]));
    (
        Simulator {
            answers,
            tags,
            wire,
            life: usize::MAX,
        },
        epc,
        signal,
    )
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

fn with_crc(protocol: Protocol, tags: Vec<u8>) -> Vec<u8> {
    match protocol {
        Protocol::Uhf18 | Protocol::Uhf288 => crc_16(&tags[..tags.len() - 2]),
        _ => tags,
    }
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
struct Plugged {
    path: PathBuf,
    // Held so that the terminal stays as the other side set it.
    _near: Box<dyn SlavePty + Send>,
    _far: Box<dyn MasterPty + Send>,
}

fn plug_in(simulator: Simulator) -> Plugged {
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

/// A listener on a thread.
struct Listening {
    orders: Sender<ReaderOrder>,
    heard: Receiver<ReaderHeard>,
    thread: JoinHandle<()>,
}

fn listen(settings: ReaderSettings, profiles: Vec<Profile>) -> Listening {
    let (orders, to_obey) = channel();
    let (tell, heard) = channel();
    let thread = std::thread::spawn(move || {
        listen_reader(
            &settings,
            &profiles,
            &Taken::default(),
            &to_obey,
            |heard| match tell.send(heard) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            },
        );
    });
    Listening {
        orders,
        heard,
        thread,
    }
}

impl Listening {
    fn next(&self) -> ReaderHeard {
        self.heard
            .recv_timeout(LONG)
            .expect("the reader tells something")
    }

    /// Everything up to a sign, tags put together.
    fn tags_until(&self, enough: impl Fn(&Folded) -> bool) -> Folded {
        let mut all = Folded::default();
        while !enough(&all) {
            if let ReaderHeard::Tags(folded) = self.next() {
                all.tags.extend(folded.tags);
                all.corrupt += folded.corrupt;
                all.beyond += folded.beyond;
            }
        }
        all
    }

    /// The listener ends when nobody orders any more.
    fn end(self) {
        drop(self.orders);
        self.thread.join().expect("it ends without a fault");
    }
}

fn settings(device: String, profile: &str, reads_at_once: bool) -> ReaderSettings {
    ReaderSettings {
        device,
        profile: profile.to_owned(),
        reads_at_once,
        ..ReaderSettings::default()
    }
}

fn profile_of(protocol: Protocol) -> Profile {
    let known = built_in();
    let found = known.into_iter().find(|it| it.protocol == protocol);
    found.expect("it comes along")
}

const SERIAL: [Protocol; 7] = [
    Protocol::R200,
    Protocol::Tsl,
    Protocol::Mercury,
    Protocol::Uhf18,
    Protocol::Uhf288,
    Protocol::Chainway,
    Protocol::Zeti,
];

/// The tag that a simulator sees, and no other, is heard at its strength.
fn is_heard(protocol: Protocol, wire: Wire) {
    let (simulator, epc, signal) = simulator(protocol, wire);
    let plugged = plug_in(simulator);
    let device = plugged.path.display().to_string();
    let listening = listen(
        settings(device, &profile_of(protocol).name, true),
        built_in(),
    );
    assert!(matches!(listening.next(), ReaderHeard::Opened { .. }));
    let heard = listening.tags_until(|all| all.tags.iter().map(|tag| tag.count).sum::<u32>() >= 3);
    for tag in &heard.tags {
        assert_eq!(tag.epc.to_string(), epc, "{protocol:?} {wire:?}");
        assert_eq!(tag.signal, signal, "{protocol:?} {wire:?}");
    }
    listening.end();
}

#[test]
fn every_reader_is_heard_however_its_bytes_come() {
    for protocol in SERIAL {
        for wire in [Wire::Whole, Wire::ByteByByte, Wire::Merged] {
            is_heard(protocol, wire);
        }
    }
}

#[test]
fn corrupted_and_truncated_frames_of_a_reader_are_dropped_and_the_good_ones_heard() {
    // Text has no checksum: a wrong bit in it is a wrong tag, which only the tag's own CRC could tell.
    for protocol in [
        Protocol::R200,
        Protocol::Mercury,
        Protocol::Uhf18,
        Protocol::Uhf288,
        Protocol::Chainway,
    ] {
        for wire in [Wire::Corrupted, Wire::Truncated] {
            is_heard(protocol, wire);
        }
    }
}

#[test]
fn a_reader_on_an_unknown_port_is_found_by_asking() {
    for protocol in [
        Protocol::R200,
        Protocol::Tsl,
        Protocol::Mercury,
        Protocol::Chainway,
        Protocol::Zeti,
        Protocol::Uhf288,
    ] {
        let (simulator, epc, _) = simulator(protocol, Wire::Whole);
        let plugged = plug_in(simulator);
        let device = plugged.path.display().to_string();
        let listening = listen(settings(device, "auto", false), built_in());
        let ReaderHeard::Opened { profile, .. } = listening.next() else {
            panic!("{protocol:?} is not found");
        };
        assert_eq!(profile.as_str(), profile_of(protocol).name);
        listening
            .orders
            .send(ReaderOrder::Start)
            .expect("it listens");
        let heard = listening.tags_until(|all| !all.tags.is_empty());
        assert_eq!(heard.tags[0].epc.to_string(), epc);
        listening.end();
    }
}

#[test]
fn a_reader_is_started_stopped_and_set_to_a_power() {
    let (simulator, epc, _) = simulator(Protocol::Tsl, Wire::Whole);
    let plugged = plug_in(simulator);
    let device = plugged.path.display().to_string();
    let name = profile_of(Protocol::Tsl).name;
    let listening = listen(settings(device, &name, false), built_in());
    assert!(matches!(listening.next(), ReaderHeard::Opened { .. }));
    for order in [
        ReaderOrder::Start,
        ReaderOrder::Power(20),
        ReaderOrder::Stop,
        ReaderOrder::Start,
    ] {
        listening.orders.send(order).expect("it listens");
    }
    let heard = listening.tags_until(|all| all.tags.len() >= 2);
    assert!(heard.tags.iter().all(|tag| tag.epc.to_string() == epc));
    listening.end();
}

#[test]
fn a_lost_reader_is_opened_again_and_goes_on_reading() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("reader");
    let name = profile_of(Protocol::R200).name;
    let (mut first, epc, _) = simulator(Protocol::R200, Wire::Whole);
    first.life = 1;
    let plugged = plug_in(first);
    std::os::unix::fs::symlink(&plugged.path, &link).expect("a link");
    let listening = listen(
        settings(link.display().to_string(), &name, true),
        built_in(),
    );
    listening.tags_until(|all| !all.tags.is_empty());
    drop(plugged);
    std::fs::remove_file(&link).expect("it is there");
    while !matches!(listening.next(), ReaderHeard::Lost(_)) {}
    let (second, _, _) = simulator(Protocol::R200, Wire::Whole);
    let plugged = plug_in(second);
    std::os::unix::fs::symlink(&plugged.path, &link).expect("a link");
    while !matches!(listening.next(), ReaderHeard::Opened { .. }) {}
    let heard = listening.tags_until(|all| !all.tags.is_empty());
    assert_eq!(heard.tags[0].epc.to_string(), epc);
    listening.end();
}

#[test]
fn a_portal_is_heard_over_tcp() {
    for wire in [Wire::Whole, Wire::ByteByByte, Wire::Merged] {
        let portal = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = portal.local_addr().expect("it has one").to_string();
        let (simulator, epc, signal) = simulator(Protocol::Llrp, wire);
        let server = std::thread::spawn(move || {
            let (mut stream, _) = portal.accept().expect("it is connected to");
            let hello = hex("043F000000203AFB30A700F600160080000C00058880119F8EAD010000060000");
            stream.write_all(&hello).expect("it listens");
            let input = stream.try_clone().expect("to read");
            simulator.run(input, stream);
        });
        let listening = listen(settings(address, "auto", true), built_in());
        let heard = listening.tags_until(|all| !all.tags.is_empty());
        assert_eq!(heard.tags[0].epc.to_string(), epc);
        assert_eq!(
            (heard.tags[0].signal, heard.tags[0].antenna),
            (signal, Some(1))
        );
        listening.end();
        server.join().expect("it ends without a fault");
    }
}

#[test]
fn a_flood_is_folded_without_loss_and_a_barcode_does_not_wait_for_it() {
    const TAGS: u32 = 300;
    const ROUNDS: u32 = 100;
    let mut flood = Vec::new();
    for round in 0..ROUNDS {
        flood.extend(b"CS: .iv -r on\r\n");
        for tag in 0..TAGS {
            flood.extend(
                format!(
                    "EP: 3034257BF7194E40{tag:08X}\r\nRI: -{}\r\n",
                    40 + round % 9
                )
                .bytes(),
            );
        }
        flood.extend(b"OK:\r\n\r\n");
        if round == ROUNDS / 2 {
            flood.extend(b"CS: .bc\r\nBC: 9506000134352\r\nOK:\r\n\r\n");
        }
    }
    let simulator = Simulator {
        answers: vec![(b".iv -r on\r\n".to_vec(), vec![flood])],
        tags: Vec::new(),
        wire: Wire::Whole,
        life: usize::MAX,
    };
    let plugged = plug_in(simulator);
    let device = plugged.path.display().to_string();
    let name = profile_of(Protocol::Tsl).name;
    let listening = listen(settings(device, &name, true), built_in());
    let (mut reads, mut before, mut barcodes) = (0, None, 0);
    while reads < ROUNDS * TAGS {
        match listening.next() {
            ReaderHeard::Tags(folded) => {
                assert!(
                    folded.tags.len() <= TAGS as usize,
                    "each tag once in a fold"
                );
                assert_eq!((folded.beyond, folded.corrupt), (0, 0));
                reads += folded.tags.iter().map(|tag| tag.count).sum::<u32>();
            }
            ReaderHeard::Frame(frame) => {
                assert_eq!(frame.bytes, b"9506000134352");
                barcodes += 1;
                before.get_or_insert(reads);
            }
            ReaderHeard::Opened { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    // It overtakes the tags that are still being folded.
    assert!(
        before.is_some_and(|before| before <= ROUNDS / 2 * TAGS + TAGS),
        "{before:?}"
    );
    assert!(barcodes >= 1);
    listening.end();
}
