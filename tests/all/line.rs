//! The real line to a real office, through a wire that cuts connections off, swallows them, or answers with rubbish:
//! in the end everything is there once.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use stockhand::office::Office;
use stockhand::office::api::{Serving, TlsIdentity};
use stockhand::office::import::Sheet;
use stockhand::store::{Act, Cache, Identity, Journal, Reader};
use stockhand::sync::{Brought, CallFailed, Enrol, Link, NotPushed, Puller, Pusher, Welcome};
use stockhand::warehouse::{self, Fact, Timestamp};

fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn sheets() -> Vec<Sheet> {
    let bins: String = (1..=900)
        .map(|n| format!("W1,A-{:02}-{:02},A,pick_face,{n}\n", n / 60 + 1, n % 60))
        .collect();
    [
        ("warehouses.csv", "code,name\nW1,Main\n".to_owned()),
        (
            "bins.csv",
            format!("warehouse,code,zone,kind,sequence\n{bins}"),
        ),
    ]
    .into_iter()
    .map(|(file, text)| Sheet::new(file, text).unwrap())
    .collect()
}

/// What a connection is good for, one after another.
#[derive(Clone, Copy)]
enum Wire {
    /// It carries everything.
    Whole,
    /// It is cut after so many bytes in this direction.
    CutUp(usize),
    CutDown(usize),
    /// Something else answers.
    Rubbish,
    /// It is closed at once.
    Closed,
}

const STORY: &[Wire] = &[
    Wire::Closed,
    Wire::Rubbish,
    Wire::CutUp(100),
    Wire::CutDown(50),
    Wire::CutDown(1500),
    Wire::CutUp(700),
    Wire::CutDown(2500),
    Wire::CutUp(3000),
    Wire::CutDown(6000),
    Wire::Closed,
    Wire::CutUp(9000),
    Wire::CutDown(20_000),
    Wire::CutDown(40_000),
];

/// A wire to the office; after the story every connection is whole.
fn wire_to(office: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let story = STORY.iter().copied().chain(std::iter::repeat(Wire::Whole));
        for (near, wire) in listener.incoming().zip(story) {
            let near = near.unwrap();
            std::thread::spawn(move || carry(near, office, wire));
        }
    });
    address
}

fn carry(mut near: TcpStream, office: SocketAddr, wire: Wire) {
    let (up, down) = match wire {
        Wire::Whole => (usize::MAX, usize::MAX),
        Wire::CutUp(bytes) => (bytes, usize::MAX),
        Wire::CutDown(bytes) => (usize::MAX, bytes),
        Wire::Closed => return,
        Wire::Rubbish => {
            // Whoever called may have hung up by now.
            let _ = near.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
            return;
        }
    };
    let far = TcpStream::connect(office).unwrap();
    let (near_back, far_back) = (near.try_clone().unwrap(), far.try_clone().unwrap());
    let upward = std::thread::spawn(move || pump(near, far, up));
    pump(far_back, near_back, down);
    upward.join().unwrap();
}

/// Carries so many bytes, then cuts both ways.
fn pump(mut from: TcpStream, mut to: TcpStream, most: usize) {
    let (mut bytes, mut left) = ([0; 1024], most);
    while left > 0 {
        let room = left.min(bytes.len());
        match from.read(&mut bytes[..room]) {
            Ok(len @ 1..) if to.write_all(&bytes[..len]).is_ok() => left -= len,
            _ => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn recorded(journal: &mut Journal, facts: u32) {
    for line in 1..=facts {
        let facts = [Fact::LineSkipped { line }];
        let act = Act {
            at: noon(),
            worker: None,
            task: None,
            cause: Some("a cause long enough that a push is more than a few packets of bytes"),
            facts: &facts,
            hold: None,
        };
        journal.record(&act).unwrap();
    }
}

fn open(dir: &Path) -> (Office, Serving, TlsIdentity) {
    let office = crate::postgres::open(&dir.join("office.db"));
    office.import(noon(), &sheets()).unwrap();
    let identity = TlsIdentity::in_folder(dir).unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let serving = Serving::start(office.clone(), any, &identity).unwrap();
    (office, serving, identity)
}

#[test]
fn a_line_that_drops_and_lies_loses_nothing_and_doubles_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (office, serving, tls) = open(home.path());
    let invited = office
        .invite(chrono::Utc::now(), &"W1".parse().unwrap(), 10)
        .unwrap();
    let ask = Enrol {
        code: invited.code,
        name: "H".into(),
        was: None,
    };
    let pin = Some(tls.fingerprint());
    let straight = serving.address().to_string();
    let enrolled = Link::new(&straight, pin).unwrap().enrol(&ask).unwrap();
    let mut link = Link::new(&wire_to(serving.address()).to_string(), pin)
        .unwrap()
        .with_token(&enrolled.token);
    let dir = home.path().join("handheld");
    let (mut journal, _) = Journal::open(&dir, noon()).unwrap();
    let identity = Identity {
        device: enrolled.device.clone(),
        token: enrolled.token,
        warehouse: enrolled.warehouse,
        warehouse_name: enrolled.warehouse_name,
        office: straight,
        fingerprint: Some(warehouse::Link(tls.fingerprint()).to_string()),
    };
    journal.enrol(&identity, noon(), None).unwrap();
    recorded(&mut journal, 400);
    let mut pusher = Pusher::new(Reader::open(&dir).unwrap()).unwrap();
    let mut puller = Puller::new(&dir, Cache::open(&dir).unwrap());
    let (mut failures, mut sent, mut here) = (0, false, false);
    for _ in 0..300 {
        match pusher.step(&mut link) {
            Ok(heard) => sent = !heard.more,
            Err(NotPushed::Call(CallFailed::Unreachable(_) | CallFailed::Garbled(_))) => {
                failures += 1;
            }
            Err(why) => panic!("{why}"),
        }
        match puller.step(&mut link, 0) {
            Ok(brought) => here = brought == Brought::Nothing,
            Err(_) => failures += 1,
        }
        if sent && here {
            break;
        }
    }
    assert!(sent && here && failures >= 8, "{sent} {here} {failures}");
    let there = office.journal_of(&enrolled.device).unwrap();
    let lines: Vec<(u64, String)> = journal
        .read()
        .entries_since(0)
        .unwrap()
        .iter()
        .map(|entry| (entry.seq, entry.line()))
        .collect();
    assert_eq!(there, lines);
    assert_eq!(office.verify().unwrap().findings, []);
    let cache = stockhand::store::CacheReader::open(&dir).unwrap();
    assert!(cache.bin(&"A-15-59".parse().unwrap()).unwrap().is_some());
}

#[test]
fn another_certificate_is_not_our_office() {
    let home = tempfile::tempdir().unwrap();
    let (_office, serving, _) = open(home.path());
    let ask = Enrol {
        code: "0".repeat(32),
        name: "H".into(),
        was: None,
    };
    let mut link = Link::new(&serving.address().to_string(), Some([7; 32])).unwrap();
    let why = link.enrol(&ask).unwrap_err().to_string();
    assert!(why.contains("not the office"), "{why}");
}
