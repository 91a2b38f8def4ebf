//! The listener of RFID readers and simulated readers, over pseudo-terminals and TCP.

use super::simulators::{Simulator, Wire, hex, plug_in, simulator};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use stockhand::device::Taken;
use stockhand::device::rfid::{
    Fingerprint, Folded, Profile, Protocol, ReaderHeard, ReaderOrder, ReaderSettings, built_in,
    listen_reader,
};
use stockhand::handheld::Event;
use stockhand::run::{Happened, listen_to_readers};

/// Nothing here takes longer, unless it hangs.
const LONG: Duration = Duration::from_secs(20);

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

/// Both ends of a TLS connection, for a simulator that reads and writes in turn.
#[derive(Clone)]
struct Secured(Rc<RefCell<StreamOwned<ServerConnection, TcpStream>>>);

impl Read for Secured {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(bytes)
    }
}

impl Write for Secured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// A portal over TLS for so many connections: where it is, and what its certificate is.
fn secured_portal(connections: usize) -> (String, Fingerprint, JoinHandle<()>) {
    let made = rcgen::generate_simple_self_signed(["portal".to_owned()]).expect("a certificate");
    let certificate = made.cert.der().clone();
    let fingerprint = Fingerprint::of(&certificate);
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("they fit");
    let portal = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = portal.local_addr().expect("it has one").to_string();
    let config = Arc::new(config);
    let thread = std::thread::spawn(move || {
        for _ in 0..connections {
            let (stream, _) = portal.accept().expect("it is connected to");
            let tls = ServerConnection::new(Arc::clone(&config)).expect("a server");
            let line = Secured(Rc::new(RefCell::new(StreamOwned::new(tls, stream))));
            let (simulator, _, _) = simulator(Protocol::Llrp, Wire::Whole);
            simulator.run(line.clone(), line);
        }
    });
    (address, fingerprint, thread)
}

#[test]
fn a_portal_is_heard_over_tls_and_only_the_one_whose_certificate_is_known() {
    let (address, fingerprint, portal) = secured_portal(2);
    let to = |certificate| ReaderSettings {
        certificate: Some(certificate),
        ..settings(address.clone(), "auto", true)
    };
    let listening = listen(to(Fingerprint::of(b"another")), built_in());
    let ReaderHeard::Lost(why) = listening.next() else {
        panic!("it is another one");
    };
    assert!(why.as_str().contains(&fingerprint.to_string()), "{why}");
    listening.end();
    let listening = listen(to(fingerprint), built_in());
    assert!(matches!(listening.next(), ReaderHeard::Opened { .. }));
    let heard = listening.tags_until(|all| !all.tags.is_empty());
    let (_, epc, _) = simulator(Protocol::Llrp, Wire::Whole);
    assert_eq!(heard.tags[0].epc.to_string(), epc);
    listening.end();
    portal.join().expect("it ends without a fault");
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

#[test]
fn a_reader_of_the_handheld_is_silent_until_the_radio_is_on_and_again_when_it_is_off() {
    let (simulator, epc, signal) = simulator(Protocol::Tsl, Wire::Whole);
    let plugged = plug_in(simulator);
    let readers = vec![settings(plugged.path.display().to_string(), "auto", false)];
    let (out, happened) = stockhand::run::channel();
    let radio = listen_to_readers(readers, &built_in(), &Taken::default(), &out);
    let next = || happened.recv_timeout(LONG).expect("something happens").1;
    match next() {
        Happened::Event(Event::Port(news)) => assert!(news.is_reader && news.open_on.is_some()),
        other => panic!("it is open before it reads: {other:?}"),
    }
    assert!(happened.recv_timeout(Duration::from_millis(500)).is_err());
    radio.send(true);
    let tags = loop {
        if let Happened::Tags(waiting) = next() {
            break waiting.take();
        }
    };
    assert_eq!(tags.len(), 1);
    assert_eq!(
        (tags[0].epc.to_string().as_str(), tags[0].signal),
        (epc, signal)
    );
    radio.send(false);
    // What was on its way still comes.
    while happened.recv_timeout(Duration::from_millis(700)).is_ok() {}
    assert!(happened.recv_timeout(Duration::from_millis(500)).is_err());
}
