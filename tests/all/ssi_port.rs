//! A simulated SSI scanner on a pseudo-terminal: it waits for an answer to each packet, sends corrupted packets again
//! when asked to, and does what it is told.

use portable_pty::{PtySize, native_pty_system};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use stockhand::device::{Heard, Order, PortSettings, Protocol, Taken, listen_and_order};

const LONG: Duration = Duration::from_secs(20);
const ACK: [u8; 6] = [0x04, 0xd0, 0x04, 0x00, 0xff, 0x28];
const NAK: [u8; 7] = [0x05, 0xd1, 0x04, 0x00, 0x01, 0xff, 0x25];

/// A packet of the scanner, its checksum as the guide has it.
fn packet(opcode: u8, status: u8, data: &[u8]) -> Vec<u8> {
    let len = u8::try_from(data.len() + 4).expect("short");
    let mut bytes = [&[len, opcode, 0, status], data].concat();
    let sum = bytes.iter().map(|byte| u16::from(*byte)).sum::<u16>();
    bytes.extend(0u16.wrapping_sub(sum).to_be_bytes());
    bytes
}

/// The scanner: what it wants to send, and a wire that gives each first copy a wrong bit.
struct Scanner {
    queue: VecDeque<(u8, Vec<u8>)>,
    corrupts: bool,
    /// It is unplugged when it has sent all and was told so many orders.
    orders: usize,
}

impl Scanner {
    /// Sends what it has, each when the one before was acknowledged, and acknowledges all else that it hears.
    /// Says what it was told.
    fn run(mut self, mut input: impl Read, mut output: impl Write) -> Vec<u8> {
        let mut told = Vec::new();
        let mut heard = Vec::new();
        let mut copies = 0;
        let mut bytes = [0; 64];
        while !self.queue.is_empty() || told.len() < self.orders {
            if copies == 0
                && let Some((status, data)) = self.queue.front()
            {
                let mut first = packet(0xf3, *status, data);
                if self.corrupts {
                    first[5] ^= 0x20;
                }
                copies = 1;
                first
                    .chunks(3)
                    .for_each(|part| output.write_all(part).expect("it listens"));
            }
            let Ok(len @ 1..) = input.read(&mut bytes) else {
                break;
            };
            heard.extend_from_slice(&bytes[..len]);
            // A zero wakes a scanner and is no packet.
            while let Some(at) = heard.iter().position(|byte| *byte != 0) {
                let len = usize::from(heard[at]) + 2;
                if heard.len() < at + len {
                    break;
                }
                let packet_in: Vec<u8> = heard.drain(..at + len).skip(at).collect();
                if packet_in == ACK {
                    self.queue.pop_front();
                    copies = 0;
                } else if packet_in == NAK {
                    let (status, data) = self.queue.front().expect("only what was sent is refused");
                    output
                        .write_all(&packet(0xf3, status | 1, data))
                        .expect("it listens");
                } else {
                    told.push(packet_in[1]);
                    output.write_all(&packet(0xd0, 0, &[])).expect("it listens");
                }
            }
        }
        told
    }
}

/// Plugs a scanner in, listens to it, gives these orders, and hears this many scans. What it heard, what it was told.
fn dialogue(scanner: Scanner, orders: &[Order], scans: usize) -> (Vec<Vec<u8>>, Vec<u8>) {
    let pair = native_pty_system()
        .openpty(PtySize::default())
        .expect("a pseudo-terminal");
    let device = pair
        .master
        .tty_name()
        .expect("it has a name")
        .display()
        .to_string();
    let input = pair.master.try_clone_reader().expect("to read");
    let output = pair.master.take_writer().expect("to write");
    let settings = PortSettings {
        device,
        protocol: Protocol::Ssi,
        ..PortSettings::default()
    };
    let (order, to_obey) = channel();
    let (tell, heard) = channel();
    let listener = std::thread::spawn(move || {
        listen_and_order(
            &settings,
            &Taken::default(),
            Some(&to_obey),
            |heard| match tell.send(heard) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            },
        );
    });
    // The scanner speaks once the port is set up; before that the terminal would echo.
    assert!(matches!(next(&heard), Heard::Opened(_)));
    let scanner = std::thread::spawn(move || scanner.run(input, output));
    for each in orders {
        order.send(*each).expect("it listens");
    }
    let mut frames = Vec::new();
    while frames.len() < scans {
        if let Heard::Frame(frame) = next(&heard) {
            frames.push(frame.bytes);
        }
    }
    let told = scanner.join().expect("it ends without a fault");
    // Unplugged: the port tells so, hears that nobody listens, and ends.
    drop(heard);
    drop(pair);
    listener.join().expect("it ends without a fault");
    (frames, told)
}

fn next(heard: &Receiver<Heard>) -> Heard {
    heard.recv_timeout(LONG).expect("the port tells something")
}

fn scan(status: u8, code: u8, text: &str) -> (u8, Vec<u8>) {
    (status, [&[code], text.as_bytes()].concat())
}

#[test]
fn scans_over_ssi_are_delivered_once_whole_and_in_order() {
    for corrupts in [false, true] {
        let queue = VecDeque::from([
            scan(0, 0x0b, "9506000134352"),
            scan(0, 0x0b, "9506000134352"),
            scan(2, 0x1c, "https://id.gs1.org"),
            scan(0, 0x1c, "/01/09506000134352"),
            scan(0, 0x0f, "10LOT7"),
        ]);
        let scanner = Scanner {
            queue,
            corrupts,
            orders: 0,
        };
        let (frames, _) = dialogue(scanner, &[], 4);
        let wanted: [&[u8]; 4] = [
            b"9506000134352",
            b"9506000134352",
            b"https://id.gs1.org/01/09506000134352",
            b"]C110LOT7",
        ];
        assert_eq!(frames, wanted, "corrupted: {corrupts}");
    }
}

#[test]
fn a_scanner_is_told_to_beep_to_light_up_and_to_scan_one_after_another() {
    let scanner = Scanner {
        queue: VecDeque::from([scan(0, 1, "A-01-03")]),
        corrupts: false,
        orders: 3,
    };
    let orders = [Order::Beep(1), Order::LedOn(1), Order::Trigger];
    let (frames, told) = dialogue(scanner, &orders, 1);
    assert_eq!(frames, [b"A-01-03"]);
    assert_eq!(told, [0xe6, 0xe7, 0xe4]);
}
