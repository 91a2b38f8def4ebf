//! Label printers on wires: what they get, whole, however often they break off; and what they say about themselves.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::time::Duration;
use stockhand::device::{PrintOrder, PrinterSettings, Printing, print};
use stockhand::handheld::{Event, PrinterState, Record};
use stockhand::label::{LabelKind, LabelState, Templates};
use stockhand::run::{Happened, Memory, Printers, channel as loop_channel};
use stockhand::warehouse::{Fact, LabelOf, Timestamp};

const LONG: Duration = Duration::from_secs(20);

/// A printer's thread, and what it tells.
fn started(
    settings: PrinterSettings,
) -> (std::sync::mpsc::SyncSender<PrintOrder>, Receiver<Printing>) {
    let (orders, ordered) = sync_channel(8);
    let (tell, told) = channel();
    std::thread::spawn(move || {
        print(&settings, &ordered, |news| match tell.send(news) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        });
    });
    (orders, told)
}

fn at(address: String) -> PrinterSettings {
    PrinterSettings {
        device: address,
        ..PrinterSettings::default()
    }
}

fn job(id: i64, text: &str) -> PrintOrder {
    PrintOrder::Print {
        id,
        bytes: text.as_bytes().to_vec(),
    }
}

fn everything(line: &mut TcpStream) -> String {
    let mut got = String::new();
    line.read_to_string(&mut got).unwrap();
    got
}

#[test]
fn a_label_that_broke_off_in_the_middle_is_sent_again_from_its_beginning() {
    let printer = TcpListener::bind("127.0.0.1:0").unwrap();
    let (orders, told) = started(at(printer.local_addr().unwrap().to_string()));
    // Far more than the wire holds: the printer is gone before all of it is written.
    let long = format!("^XA^FX{}^XZ", "x".repeat(8 << 20));
    orders.send(job(7, &long)).unwrap();
    let (mut line, _) = printer.accept().unwrap();
    line.read_exact(&mut [0; 1000]).unwrap();
    drop(line);
    assert!(matches!(told.recv_timeout(LONG), Ok(Printing::Away(_))));
    let (mut line, _) = printer.accept().unwrap();
    let got = everything(&mut line);
    assert!(
        got.starts_with("~JX^XA"),
        "what was begun is forgotten first"
    );
    assert_eq!(got.len(), long.len() + 3);
    drop(line);
    assert_eq!(told.recv_timeout(LONG), Ok(Printing::Printed(7)));
}

#[test]
fn labels_wait_for_a_printer_that_is_not_there_and_can_be_called_off() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap().to_string();
    drop(nobody);
    let (orders, told) = started(at(address.clone()));
    orders.send(job(1, "^XA^XZ")).unwrap();
    let why = told.recv_timeout(LONG).unwrap();
    assert_eq!(why, Printing::Away("it refuses the connection".into()));
    orders.send(PrintOrder::Forget(1)).unwrap();
    assert_eq!(told.recv_timeout(LONG), Ok(Printing::Forgotten(1)));
    // It comes back, and the next one is printed at once when that is asked for.
    orders.send(job(2, "^XA2^XZ")).unwrap();
    assert!(matches!(told.recv_timeout(LONG), Ok(Printing::Away(_))));
    let printer = TcpListener::bind(&address).unwrap();
    orders.send(PrintOrder::Hurry).unwrap();
    let (mut line, _) = printer.accept().unwrap();
    assert_eq!(everything(&mut line), "^XA2^XZ");
    drop(line);
    assert_eq!(told.recv_timeout(LONG), Ok(Printing::Printed(2)));
}

#[test]
fn a_printer_that_is_asked_says_why_it_cannot_print_and_gets_nothing_until_it_can() {
    let printer = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = PrinterSettings {
        asks_status: true,
        ..at(printer.local_addr().unwrap().to_string())
    };
    let (orders, told) = started(settings);
    orders.send(job(1, "^XA^XZ")).unwrap();
    let status = |line: &mut TcpStream, paper: u8| {
        let mut question = [0; 3];
        line.read_exact(&mut question).unwrap();
        assert_eq!(&question, b"~HS");
        let answer = format!(
            "\x02030,{paper},0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
        );
        line.write_all(answer.as_bytes()).unwrap();
    };
    let (mut line, _) = printer.accept().unwrap();
    status(&mut line, 1);
    assert_eq!(
        told.recv_timeout(LONG),
        Ok(Printing::Away("paper is out".into()))
    );
    assert_eq!(everything(&mut line), "");
    orders.send(PrintOrder::Hurry).unwrap();
    let (mut line, _) = printer.accept().unwrap();
    status(&mut line, 0);
    assert_eq!(everything(&mut line), "^XA^XZ");
    drop(line);
    assert_eq!(told.recv_timeout(LONG), Ok(Printing::Printed(1)));
}

#[test]
fn a_serial_printer_gets_the_whole_label() {
    let (mut printer, wire) = serialport::TTYPort::pair().unwrap();
    let device = serialport::SerialPort::name(&wire).unwrap();
    let (orders, told) = started(at(device));
    orders.send(job(3, "^XA^FH^FDA_5Eb^FS^XZ")).unwrap();
    serialport::SerialPort::set_timeout(&mut printer, LONG).unwrap();
    let mut got = vec![0; 20];
    printer.read_exact(&mut got).unwrap();
    assert_eq!(got, b"^XA^FH^FDA_5Eb^FS^XZ");
    assert_eq!(told.recv_timeout(LONG), Ok(Printing::Printed(3)));
    drop(wire);
}

fn now() -> Timestamp {
    "2026-11-24T09:30:00Z".parse().unwrap()
}

fn want(memory: &mut Memory, bin: &str) {
    let of = LabelOf::Bin {
        bin: bin.parse().unwrap(),
    };
    let record = Record {
        worker: None,
        task: None,
        cause: None,
        facts: vec![Fact::LabelWanted { of: Box::new(of) }],
        hold: None,
    };
    assert!(matches!(
        memory.record(now(), &record)[..],
        [Event::Recorded(_)]
    ));
}

fn states(memory: &Memory) -> BTreeMap<String, LabelState> {
    let rows = memory.labels().unwrap().into_iter();
    rows.map(|row| (row.label.name.as_str().to_owned(), row.state))
        .collect()
}

#[test]
fn what_waits_is_printed_after_the_handheld_was_off_once_each_and_in_turn() {
    let dir = tempfile::tempdir().unwrap();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap().to_string();
    drop(nobody);
    let (mut memory, _, _) = Memory::open(dir.path(), now()).unwrap();
    memory.print(vec![LabelKind::Bin]).unwrap();
    want(&mut memory, "A-01");
    want(&mut memory, "A-02");
    drop(memory);
    // The queue is lost as a power cut may lose it: back to before the second label. The fact is there.
    std::fs::remove_file(dir.path().join("labels.db")).unwrap();
    let (mut memory, _, _) = Memory::open(dir.path(), now()).unwrap();
    memory.print(vec![LabelKind::Bin]).unwrap();
    assert!(
        states(&memory).is_empty(),
        "a queue begun anew prints nothing of old"
    );
    want(&mut memory, "A-03");
    want(&mut memory, "A-04");
    let (out, happened) = loop_channel();
    let settings = vec![at(address.clone())];
    let mut printers = Printers::start(settings, Templates::built_in(), &out);
    printers.feed(&mut memory).unwrap();
    let told = |printers: &mut Printers, memory: &mut Memory| loop {
        let (_, Happened::Printer(from)) = happened.recv_timeout(LONG).unwrap() else {
            continue;
        };
        return printers.told(memory, from).unwrap();
    };
    let away = told(&mut printers, &mut memory);
    assert!(
        matches!(&away[..], [Event::Printer(news)] if matches!(news.state, PrinterState::Away(_)))
    );
    let printer = TcpListener::bind(&address).unwrap();
    printers.hurry();
    for bin in ["A-03", "A-04"] {
        let (mut line, _) = printer.accept().unwrap();
        assert!(everything(&mut line).contains(bin));
        drop(line);
        let news = told(&mut printers, &mut memory);
        assert!(matches!(&news[..], [Event::Printer(news)] if news.state == PrinterState::Ready));
        printers.feed(&mut memory).unwrap();
    }
    assert!(
        states(&memory)
            .values()
            .all(|state| *state == LabelState::Printed)
    );
    drop(memory);
    let (mut memory, _, _) = Memory::open(dir.path(), now()).unwrap();
    memory.print(vec![LabelKind::Bin]).unwrap();
    assert_eq!(memory.next_label(&[LabelKind::Bin]).unwrap(), None);
}
