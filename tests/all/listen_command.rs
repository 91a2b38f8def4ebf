//! `stockhand listen --reader` as whoever sets a reader up runs it: the real binary, a simulated reader at the other end.

use super::simulators::{Wire, plug_in, simulator};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use stockhand::device::rfid::{Protocol, Signal};

/// Nothing here takes longer, unless it hangs.
const LONG: Duration = Duration::from_secs(30);

/// The command while it runs.
struct Listening {
    child: Child,
    lines: Receiver<String>,
}

impl Listening {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_stockhand"))
            .arg("listen")
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (say, lines) = channel();
        std::thread::spawn(move || {
            let said = out.lines().map_while(Result::ok);
            said.map_while(|line| say.send(line).ok()).for_each(drop);
        });
        Self { child, lines }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(LONG).expect("it says something")
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has seen by then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn strength(signal: Option<Signal>) -> String {
    match signal {
        Some(Signal::Tenths(tenths)) => format!("{:.1} dBm", f32::from(tenths) / 10.0),
        Some(Signal::Raw(raw)) => format!("strength {raw}"),
        None => "strength not told".to_owned(),
    }
}

#[test]
fn what_a_reader_hears_is_printed_as_it_comes() {
    for (protocol, wire) in [
        (Protocol::R200, Wire::Whole),
        (Protocol::Tsl, Wire::ByteByByte),
        (Protocol::Mercury, Wire::Merged),
        (Protocol::Uhf18, Wire::Corrupted),
        (Protocol::Uhf288, Wire::Truncated),
        (Protocol::Chainway, Wire::Whole),
        (Protocol::Zeti, Wire::Merged),
    ] {
        let (simulator, epc, signal) = simulator(protocol, wire);
        let plugged = plug_in(simulator);
        let port = plugged.path.display().to_string();
        let listening = Listening::start(&["--port", &port, "--reader", protocol.name()]);
        let opened = listening.next();
        assert!(
            opened.starts_with(&format!("listening to {port}: ")),
            "{opened}"
        );
        let mut heard = listening.next();
        // Frames that were broken on the wire may be told of before the first tag.
        while heard.contains("corrupted") {
            heard = listening.next();
        }
        assert!(
            heard.starts_with(&format!("{epc}  {}", strength(signal))),
            "{protocol:?}: {heard}"
        );
        assert!(
            listening.next().starts_with("    "),
            "what it means stands below it"
        );
    }
}

#[test]
fn a_reader_that_is_not_named_is_found_and_one_that_nobody_makes_is_refused_with_those_there_are() {
    let (simulator, epc, _) = simulator(Protocol::Tsl, Wire::Whole);
    let plugged = plug_in(simulator);
    let port = plugged.path.display().to_string();
    let listening = Listening::start(&["--port", &port, "--reader", "--power", "20"]);
    assert_eq!(
        listening.next(),
        format!("listening to {port}: TSL 1128, 1153, 2128, 2166")
    );
    assert!(listening.next().starts_with(epc));
    drop(listening);
    let listening = Listening::start(&["--port", &port, "--reader", "morse"]);
    let said = listening.next();
    assert!(
        said.starts_with("not there: ") && said.contains("tsl"),
        "{said}"
    );
}
