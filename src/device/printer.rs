//! Label printers on a serial port or on the network (raw, TCP port 9100): one thread a printer, which holds one job at a time
//! and tries until the printer has taken it or the job is called off.

use super::ParityBit;
use super::serial::{Framed, open_framed};
use crate::label::{Dialect, LabelKind};
use crate::warehouse::SafeText;
use serde::Deserialize;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long opening, one write and one answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a network printer has to say that it has everything, where it says so at all.
const FAREWELL: Duration = Duration::from_secs(2);
/// First wait before a printer is tried again; it doubles up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Longest wait before a printer is tried again.
const LAST_WAIT: Duration = Duration::from_secs(10);
/// Longest answer to a question after its status.
const LONGEST_STATUS: usize = 512;

/// One printer as configured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrinterSettings {
    /// What people call it.
    pub name: String,
    /// A device file, or host:port of a network printer.
    pub device: String,
    /// What it understands.
    pub language: Dialect,
    /// What it prints; the first printer of the file that prints a kind gets it.
    pub labels: Vec<LabelKind>,
    /// Whether it is asked before each label if it can print (ZPL `~HS`).
    pub asks_status: bool,
    /// Baud rate of a serial one.
    pub baud: u32,
    /// 5 to 8.
    pub data_bits: u8,
    /// `none`, `odd` or `even`.
    pub parity: ParityBit,
    /// 1 or 2.
    pub stop_bits: u8,
    /// How a serial one says that it can take no more for now.
    pub flow: Flow,
}

/// How a printer on a serial port holds the sender back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// Not at all.
    None,
    /// By XON and XOFF.
    #[default]
    Software,
    /// By RTS and CTS.
    Hardware,
}

impl Default for PrinterSettings {
    fn default() -> Self {
        Self {
            name: "printer".to_owned(),
            device: String::new(),
            language: Dialect::Zpl,
            labels: LabelKind::ALL
                .into_iter()
                .filter(|kind| *kind != LabelKind::Shipping)
                .collect(),
            asks_status: false,
            baud: 9600,
            data_bits: 8,
            parity: ParityBit::None,
            stop_bits: 1,
            flow: Flow::Software,
        }
    }
}

impl PrinterSettings {
    /// Whether it is on the network.
    pub fn is_on_network(&self) -> bool {
        let has_port = |(_, port): (&str, &str)| port.parse::<u16>().is_ok();
        !self.device.starts_with('/') && self.device.rsplit_once(':').is_some_and(has_port)
    }
}

/// What a printer is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintOrder {
    /// Print this.
    Print {
        /// The job's number.
        id: i64,
        /// The whole of it in the printer's language.
        bytes: Vec<u8>,
    },
    /// This job is not wanted any more, if it is not printed yet.
    Forget(i64),
    /// Try at once instead of waiting.
    Hurry,
}

/// What a printer tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Printing {
    /// It took the whole job.
    Printed(i64),
    /// It does not take it yet; why. The job is kept and tried again. Told once for each reason.
    Away(SafeText),
    /// The job was called off in time.
    Forgotten(i64),
}

/// Serves a printer until nobody orders any more or `tell` says to stop. A job that broke off in the middle is sent again
/// from its beginning: it may be printed twice, never not at all.
pub fn print(
    settings: &PrinterSettings,
    orders: &Receiver<PrintOrder>,
    mut tell: impl FnMut(Printing) -> ControlFlow<()>,
) {
    while let Ok(order) = orders.recv() {
        let PrintOrder::Print { id, bytes } = order else {
            continue;
        };
        if serve(settings, orders, id, &bytes, &mut tell).is_break() {
            return;
        }
    }
}

fn serve(
    settings: &PrinterSettings,
    orders: &Receiver<PrintOrder>,
    id: i64,
    bytes: &[u8],
    tell: &mut impl FnMut(Printing) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let (mut wait, mut told, mut broke_off) = (FIRST_WAIT, None, false);
    loop {
        let why = match attempt(settings, bytes, &mut broke_off) {
            Ok(()) => return tell(Printing::Printed(id)),
            Err(why) => why,
        };
        if told.as_ref() != Some(&why) {
            tell(Printing::Away(SafeText::new(&why)))?;
            told = Some(why);
        }
        match rest(orders, id, wait) {
            Rested::Over => wait = (wait * 2).min(LAST_WAIT),
            Rested::Hurried => wait = FIRST_WAIT,
            Rested::Forgotten => return tell(Printing::Forgotten(id)),
            Rested::Alone => return ControlFlow::Break(()),
        }
    }
}

enum Rested {
    Over,
    Hurried,
    Forgotten,
    Alone,
}

fn rest(orders: &Receiver<PrintOrder>, id: i64, wait: Duration) -> Rested {
    let until = Instant::now() + wait;
    loop {
        match orders.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(PrintOrder::Hurry) => return Rested::Hurried,
            Ok(PrintOrder::Forget(other)) if other == id => return Rested::Forgotten,
            // Whoever orders waits until this job is told to be over.
            Ok(PrintOrder::Forget(_) | PrintOrder::Print { .. }) => {}
            Err(RecvTimeoutError::Timeout) => return Rested::Over,
            Err(RecvTimeoutError::Disconnected) => return Rested::Alone,
        }
    }
}

/// Sends a job once. `broke_off`: the attempt before ended in the middle, and then so does this one's beginning.
fn attempt(settings: &PrinterSettings, bytes: &[u8], broke_off: &mut bool) -> Result<(), String> {
    let is_zpl = settings.language == Dialect::Zpl;
    // ZPL II: ~JX forgets a format that was begun and not ended.
    let first: &[u8] = if is_zpl && *broke_off { b"~JX" } else { b"" };
    let whole = [first, bytes].concat();
    if settings.is_on_network() {
        let mut line = connect(&settings.device)?;
        if settings.asks_status && is_zpl {
            ask(&mut line)?;
        }
        *broke_off = true;
        line.write_all(&whole).map_err(|why| said(&why))?;
        line.flush().map_err(|why| said(&why))?;
        farewell(&mut line)?;
    } else {
        let framed = Framed {
            baud: settings.baud,
            data_bits: settings.data_bits,
            parity: settings.parity,
            stop_bits: settings.stop_bits,
            flow: settings.flow,
        };
        let mut port = open_framed(&framed, std::path::Path::new(&settings.device), PATIENCE)
            .map_err(|why| format!("{}: {why}", settings.device))?;
        if settings.asks_status && is_zpl {
            ask(&mut *port)?;
        }
        *broke_off = true;
        port.write_all(&whole).map_err(|why| said(&why))?;
        drain(&*port)?;
    }
    *broke_off = false;
    Ok(())
}

fn said(why: &io::Error) -> String {
    match why.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "it takes nothing more".to_owned(),
        io::ErrorKind::ConnectionRefused => "it refuses the connection".to_owned(),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => "it broke off".to_owned(),
        _ => why.to_string(),
    }
}

fn connect(address: &str) -> Result<TcpStream, String> {
    let mut why = "nobody has that name".to_owned();
    for address in address.to_socket_addrs().map_err(|why| said(&why))? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(line) => {
                let settings = line
                    .set_write_timeout(Some(PATIENCE))
                    .and_then(|()| line.set_read_timeout(Some(PATIENCE)));
                return settings.map(|()| line).map_err(|why| said(&why));
            }
            Err(reason) => why = said(&reason),
        }
    }
    Err(why)
}

/// Waits until the port has sent all of it. A printer that holds it back for too long does not take it.
fn drain(port: &dyn serialport::SerialPort) -> Result<(), String> {
    let (mut left, mut since) = (u32::MAX, Instant::now());
    loop {
        let now = port.bytes_to_write().map_err(|why| why.to_string())?;
        if now == 0 {
            return Ok(());
        }
        if now < left {
            (left, since) = (now, Instant::now());
        } else if since.elapsed() > PATIENCE {
            return Err("it takes nothing more".to_owned());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Everything is sent: a printer that breaks off now did not take it. One that stays silent has.
fn farewell(line: &mut TcpStream) -> Result<(), String> {
    line.shutdown(Shutdown::Write).map_err(|why| said(&why))?;
    line.set_read_timeout(Some(FAREWELL))
        .map_err(|why| said(&why))?;
    let until = Instant::now() + FAREWELL;
    let mut bytes = [0; 256];
    while Instant::now() < until {
        match line.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(why)
                if matches!(
                    why.kind(),
                    io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
                ) =>
            {
                return Ok(());
            }
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(said(&why)),
        }
    }
    Ok(())
}

/// Asks whether it can print. ZPL II, `~HS`: some printers stay silent while paper or ribbon is out or the head is open.
fn ask(line: &mut (impl Read + Write + ?Sized)) -> Result<(), String> {
    line.write_all(b"~HS").map_err(|why| said(&why))?;
    let mut answer = Vec::new();
    let mut bytes = [0; 128];
    // Two of the three strings say it all.
    while answer.split(|&byte| byte == b'\x03').nth(2).is_none() && answer.len() < LONGEST_STATUS {
        match line.read(&mut bytes) {
            Ok(0) => return Err("it broke off".to_owned()),
            Ok(len) => answer.extend(&bytes[..len]),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err("it does not say that it can print: look at it".to_owned()),
        }
    }
    complaint(&answer).map_or(Ok(()), |why| Err(why.to_owned()))
}

/// Why a printer cannot print, by its answer to `~HS`: three strings between STX and ETX, of which the first has
/// paper out and pause as its second and third value, the second head open and ribbon out.
fn complaint(answer: &[u8]) -> Option<&'static str> {
    let strings = answer.split(|&byte| byte == b'\x02').skip(1);
    let strings: Vec<Vec<&[u8]>> = strings
        .map(|string| {
            let end = string
                .iter()
                .position(|&byte| byte == b'\x03')
                .unwrap_or(string.len());
            string[..end].split(|&byte| byte == b',').collect()
        })
        .collect();
    let is_set = |string: usize, value: usize| {
        let value = strings.get(string).and_then(|values| values.get(value));
        value.is_some_and(|value| value.ends_with(b"1"))
    };
    [
        (0, 1, "paper is out"),
        (1, 2, "its head is open"),
        (1, 3, "ribbon is out"),
        (0, 2, "it is paused"),
    ]
    .into_iter()
    .find(|(string, value, _)| is_set(*string, *value))
    .map(|(.., why)| why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printer_says_what_is_the_matter_with_it() {
        let fine = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n";
        assert_eq!(complaint(fine), None);
        let paper = b"\x02030,1,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,1,0,0,2,6,0,00000000,1,000\x03\r\n";
        assert_eq!(complaint(paper), Some("paper is out"));
        let head = b"\x02030,0,1,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,1,0,0,2,6,0,00000000,1,000\x03\r\n";
        assert_eq!(complaint(head), Some("its head is open"));
        assert_eq!(complaint(b"\x02\x03\x02,,\xff"), None);
    }

    #[test]
    fn a_printer_is_on_the_network_if_its_address_says_so() {
        for (device, on_network) in [
            ("10.0.0.7:9100", true),
            ("printer.local:9100", true),
            ("[::1]:9100", true),
            ("/dev/ttyUSB3", false),
            ("/dev/serial/by-id/usb-A:1", false),
            ("printer", false),
        ] {
            let settings = PrinterSettings {
                device: device.to_owned(),
                ..PrinterSettings::default()
            };
            assert_eq!(settings.is_on_network(), on_network, "{device}");
        }
    }
}
