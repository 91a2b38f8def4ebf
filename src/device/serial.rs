//! Scanners on serial ports: one thread a port, which opens it, cuts what it hears into frames, and opens it again
//! when it was unplugged.

use super::ssi::aim;
use super::{Flow, Order, SsiEvent, SsiHost};
use crate::scan::{Cut, Frame, LineEnd, LineFramer, LineRules, Source};
use crate::warehouse::SafeText;
use serde::Deserialize;
use serialport::{DataBits, FlowControl, Parity, SerialPort, StopBits};
use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a read waits when silence means nothing: only so that a thread can end.
const LONG: Duration = Duration::from_secs(60);
/// First wait before a lost port is tried again; it doubles up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// Longest wait before a lost port is tried again.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// How often orders are looked for on a port that takes them.
const ORDERS: Duration = Duration::from_millis(100);

/// One port as configured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortSettings {
    /// What people call it.
    pub name: String,
    /// A device file, or `auto` for the first that looks like a scanner.
    pub device: String,
    /// How the scanner speaks.
    pub protocol: Protocol,
    /// Baud rate.
    pub baud: u32,
    /// 5 to 8.
    pub data_bits: u8,
    /// `none`, `odd` or `even`.
    pub parity: ParityBit,
    /// 1 or 2.
    pub stop_bits: u8,
    /// What comes before every scan.
    pub prefix: String,
    /// What comes after every scan, before its end.
    pub suffix: String,
    /// What ends a scan.
    pub end: LineEnd,
    /// Silence that ends a scan, in milliseconds.
    pub idle_ms: Option<u32>,
}

/// How a scanner on a port speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Each scan is a line.
    #[default]
    Line,
    /// Symbol and Zebra's packets, each of them answered.
    Ssi,
}

/// Parity of a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParityBit {
    /// No parity bit.
    #[default]
    None,
    /// Odd.
    Odd,
    /// Even.
    Even,
}

impl Default for PortSettings {
    fn default() -> Self {
        Self {
            name: "scanner".to_owned(),
            device: "auto".to_owned(),
            protocol: Protocol::Line,
            baud: 9600,
            data_bits: 8,
            parity: ParityBit::None,
            stop_bits: 1,
            prefix: String::new(),
            suffix: String::new(),
            end: LineEnd::Auto,
            idle_ms: None,
        }
    }
}

impl PortSettings {
    fn rules(&self) -> LineRules {
        LineRules {
            end: self.end,
            prefix: self.prefix.clone().into_bytes(),
            suffix: self.suffix.clone().into_bytes(),
            idle_ms: self.idle_ms,
            max_len: None,
        }
    }
}

/// What a port tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A scan.
    Frame(Frame),
    /// More than a scan can be; it was dropped up to its end.
    TooLong,
    /// It is open on this device file.
    Opened(SafeText),
    /// It is gone, or not there; why.
    Lost(SafeText),
}

/// Device files that a port of this program has open, so that two `auto` ports do not fight over one.
pub type Taken = Arc<Mutex<BTreeSet<PathBuf>>>;

/// Listens to a port until `hear` says to stop. Never returns for a lost port: it is tried again, ever less often.
pub fn listen(settings: &PortSettings, taken: &Taken, hear: impl FnMut(Heard) -> ControlFlow<()>) {
    listen_and_order(settings, taken, None, hear);
}

/// The same, and passes `orders` on to a scanner that speaks SSI: trigger, beep, LED. Such a port wakes up
/// ten times a second; without `orders` only when it hears something.
pub fn listen_and_order(
    settings: &PortSettings,
    taken: &Taken,
    orders: Option<&Receiver<Order>>,
    mut hear: impl FnMut(Heard) -> ControlFlow<()>,
) {
    let mut wait = FIRST_WAIT;
    let mut told = None;
    loop {
        let why = match open(settings, taken) {
            Ok((path, mut port)) => {
                wait = FIRST_WAIT;
                told = None;
                let opened = Heard::Opened(SafeText::new(&path.display().to_string()));
                let ended = if hear(opened).is_break() {
                    Ok(())
                } else if settings.protocol == Protocol::Ssi {
                    read_ssi(settings, &mut *port, orders, &mut hear)
                } else {
                    read(settings, &mut *port, &mut hear)
                };
                taken
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .remove(&path);
                match ended {
                    Ok(()) => return,
                    Err(why) => why.to_string(),
                }
            }
            Err(why) => why,
        };
        if told.as_ref() != Some(&why) && hear(Heard::Lost(SafeText::new(&why))).is_break() {
            return;
        }
        told = Some(why);
        std::thread::sleep(wait);
        wait = (wait * 2).min(LAST_WAIT);
    }
}

fn open(settings: &PortSettings, taken: &Taken) -> Result<(PathBuf, Box<dyn SerialPort>), String> {
    let candidates = if settings.device == "auto" {
        candidates()
    } else {
        vec![settings.device.clone().into()]
    };
    let mut why = "no scanner is plugged in".to_owned();
    for path in candidates {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !claim(taken, &real) {
            continue;
        }
        match open_one(settings, &real) {
            Ok(port) => return Ok((real, port)),
            Err(reason) => why = format!("{}: {reason}", path.display()),
        }
        taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&real);
    }
    Err(why)
}

/// Takes a device file for oneself; false if another port of this program has it.
pub(super) fn claim(taken: &Taken, path: &Path) -> bool {
    taken
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(path.to_owned())
}

fn open_one(settings: &PortSettings, path: &Path) -> serialport::Result<Box<dyn SerialPort>> {
    let framed = Framed {
        baud: settings.baud,
        data_bits: settings.data_bits,
        parity: settings.parity,
        stop_bits: settings.stop_bits,
        flow: Flow::None,
    };
    open_framed(&framed, path, LONG)
}

/// How the characters of a port are framed.
pub(super) struct Framed {
    pub baud: u32,
    pub data_bits: u8,
    pub parity: ParityBit,
    pub stop_bits: u8,
    pub flow: Flow,
}

/// Opens a port. No read or write takes longer than `timeout`.
pub(super) fn open_framed(
    framed: &Framed,
    path: &Path,
    timeout: Duration,
) -> serialport::Result<Box<dyn SerialPort>> {
    let data_bits = match framed.data_bits {
        5 => DataBits::Five,
        6 => DataBits::Six,
        7 => DataBits::Seven,
        _ => DataBits::Eight,
    };
    let parity = match framed.parity {
        ParityBit::None => Parity::None,
        ParityBit::Odd => Parity::Odd,
        ParityBit::Even => Parity::Even,
    };
    let stop_bits = if framed.stop_bits == 2 {
        StopBits::Two
    } else {
        StopBits::One
    };
    let flow = match framed.flow {
        Flow::None => FlowControl::None,
        Flow::Software => FlowControl::Software,
        Flow::Hardware => FlowControl::Hardware,
    };
    serialport::new(path.to_string_lossy(), framed.baud)
        .data_bits(data_bits)
        .parity(parity)
        .stop_bits(stop_bits)
        .flow_control(flow)
        // Some USB scanners stay silent until the host raises DTR.
        .dtr_on_open(true)
        .timeout(timeout)
        .open()
}

/// Device files of this machine that look like scanners, the stable names first.
pub fn candidates() -> Vec<PathBuf> {
    candidates_in(Path::new("/dev"))
}

fn candidates_in(dev: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path, prefixes: &[&str]| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut found: Vec<PathBuf> = entries
            .filter(|entry| {
                prefixes
                    .iter()
                    .any(|prefix| entry.file_name().to_string_lossy().starts_with(prefix))
            })
            .map(|entry| entry.path())
            .collect();
        found.sort();
        found
    };
    let mut found = list(&dev.join("serial/by-id"), &[""]);
    found.extend(list(dev, &["ttyACM", "ttyUSB", "rfcomm"]));
    found
}

/// Reads until the port is lost (an error) or `hear` says to stop.
fn read(
    settings: &PortSettings,
    port: &mut dyn SerialPort,
    hear: &mut impl FnMut(Heard) -> ControlFlow<()>,
) -> io::Result<()> {
    let rules = settings.rules();
    let idle = rules
        .idle_ms()
        .map(|ms| Duration::from_millis(u64::from(ms)));
    let mut framer = LineFramer::new(rules);
    let name: Arc<str> = settings.name.as_str().into();
    let mut bytes = [0; 1024];
    loop {
        let wait = idle
            .filter(|_| !framer.pending().is_empty())
            .unwrap_or(LONG);
        port.set_timeout(wait).map_err(io::Error::from)?;
        let mut cuts = Vec::new();
        match port.read(&mut bytes) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "unplugged")),
            Ok(len) => framer.push(&bytes[..len], |cut| cuts.push(cut)),
            Err(why) if why.kind() == io::ErrorKind::TimedOut => {
                framer.silence(|cut| cuts.push(cut));
            }
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
        for cut in cuts {
            let heard = match cut {
                Cut::Scan(bytes) => Heard::Frame(Frame {
                    source: Source::Scanner,
                    port: name.clone(),
                    bytes,
                }),
                Cut::TooLong => Heard::TooLong,
            };
            if hear(heard).is_break() {
                return Ok(());
            }
        }
    }
}

/// The same for a scanner that speaks SSI: every packet is answered on the port.
fn read_ssi(
    settings: &PortSettings,
    port: &mut dyn SerialPort,
    mut orders: Option<&Receiver<Order>>,
    hear: &mut impl FnMut(Heard) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut host = SsiHost::default();
    let name: Arc<str> = settings.name.as_str().into();
    let began = Instant::now();
    let mut bytes = [0; 1024];
    loop {
        while let Some(receiver) = orders {
            match receiver.try_recv() {
                // An order too many is one that nobody waits for: the next beep is as good.
                Ok(order) => drop(host.order(began.elapsed(), order)),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => orders = None,
            }
        }
        port.write_all(&host.to_send())?;
        let most = if orders.is_some() { ORDERS } else { LONG };
        let due = host.due().map(|due| due.saturating_sub(began.elapsed()));
        let wait = due.unwrap_or(most).clamp(Duration::from_millis(1), most);
        port.set_timeout(wait).map_err(io::Error::from)?;
        let mut heard = Vec::new();
        match port.read(&mut bytes) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "unplugged")),
            Ok(len) => host.hear(began.elapsed(), &bytes[..len], |event| {
                heard.extend(frame(event, &name));
            }),
            Err(why) if why.kind() == io::ErrorKind::TimedOut => {}
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
        host.tick(began.elapsed(), |event| heard.extend(frame(event, &name)));
        port.write_all(&host.to_send())?;
        for heard in heard {
            if hear(heard).is_break() {
                return Ok(());
            }
        }
    }
}

/// A scan as a frame, with the AIM identifier that its code type stands for, if it has none.
fn frame(event: SsiEvent, port: &Arc<str>) -> Option<Heard> {
    match event {
        SsiEvent::Scan { code, bytes } => {
            let aim = aim(code).filter(|_| bytes.first() != Some(&b']'));
            Some(Heard::Frame(Frame {
                source: Source::Scanner,
                port: port.clone(),
                bytes: [aim.unwrap_or_default(), &bytes].concat(),
            }))
        }
        SsiEvent::TooLong => Some(Heard::TooLong),
        _ => None,
    }
}
