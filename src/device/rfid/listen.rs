//! A thread per RFID reader: opens it, finds out what it is, reads, and opens it again when it was lost.
//! What it hears is folded for a tenth of a second before it is handed on; a barcode never waits for that.

use super::profile::Profile;
use super::tls::{self, Fingerprint};
use super::{Event, Fold, Folded, Probe, Protocol, Reader, Warning};
use crate::device::Taken;
use crate::device::serial::{candidates, claim};
use crate::scan::{Frame, Source};
use crate::warehouse::{SafeText, Timestamp};
use chrono::Utc;
use rustls::{ClientConnection, StreamOwned};
use serde::Deserialize;
use serialport::SerialPort;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// How long tags are folded together, and how often orders are looked for.
const FOLD: Duration = Duration::from_millis(100);
/// First wait before a lost reader is tried again; it doubles up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// Longest wait before a lost reader is tried again.
const LAST_WAIT: Duration = Duration::from_secs(5);
/// How long a portal may take to take a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// One reader as configured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReaderSettings {
    /// What people call it.
    pub name: String,
    /// A device file, `host:port` of a portal, or `auto` for the first port on which a reader answers.
    pub device: String,
    /// The name of its profile or protocol, or `auto` to find out.
    pub profile: String,
    /// Power to read with, in dBm; the profile's if not given.
    pub power_dbm: Option<u8>,
    /// How many antennas take turns, 1 to 4, for readers that must be told; the profile's if not given.
    pub antennas: Option<u8>,
    /// The certificate of a portal that is spoken to over TLS; none: plainly.
    pub certificate: Option<Fingerprint>,
    /// Whether it reads at once, or when it is told to.
    #[serde(skip)]
    pub reads_at_once: bool,
}

impl Default for ReaderSettings {
    fn default() -> Self {
        Self {
            name: "reader".to_owned(),
            device: "auto".to_owned(),
            profile: "auto".to_owned(),
            power_dbm: None,
            antennas: None,
            certificate: None,
            reads_at_once: false,
        }
    }
}

/// What a reader can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderOrder {
    /// Read.
    Start,
    /// Stop reading.
    Stop,
    /// Read with this power, in dBm.
    Power(u8),
}

/// What a reader tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReaderHeard {
    /// Tags of a tenth of a second.
    Tags(Folded),
    /// A barcode, from a reader that has a scanner too.
    Frame(Frame),
    /// The charge of its battery, in percent.
    Battery(u8),
    /// Something it complains of.
    Warning(Warning),
    /// It is open on this device and of this kind.
    Opened {
        /// Device file or address.
        device: SafeText,
        /// Name of its profile.
        profile: SafeText,
    },
    /// It is gone, or not there; why.
    Lost(SafeText),
}

/// A line to a reader.
trait Line: Read + Write {
    fn wait_at_most(&mut self, wait: Duration) -> io::Result<()>;
}

impl Line for Box<dyn SerialPort> {
    fn wait_at_most(&mut self, wait: Duration) -> io::Result<()> {
        self.set_timeout(wait).map_err(io::Error::from)
    }
}

impl Line for StreamOwned<ClientConnection, TcpStream> {
    fn wait_at_most(&mut self, wait: Duration) -> io::Result<()> {
        self.sock.wait_at_most(wait)
    }
}

impl Line for TcpStream {
    fn wait_at_most(&mut self, wait: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(wait))
    }
}

/// Listens to a reader until `hear` says to stop. Never returns for a lost reader: it is tried again, ever less often.
pub fn listen_reader(
    settings: &ReaderSettings,
    profiles: &[Profile],
    taken: &Taken,
    orders: &Receiver<ReaderOrder>,
    mut hear: impl FnMut(ReaderHeard) -> ControlFlow<()>,
) {
    let mut wait = FIRST_WAIT;
    let mut told = None;
    let mut reads = settings.reads_at_once;
    loop {
        let why = match open(settings, profiles, taken) {
            Ok(opened) => {
                wait = FIRST_WAIT;
                told = None;
                let claimed = opened.claimed.clone();
                let ended = serve(settings, opened, orders, &mut reads, &mut hear);
                if let Some(path) = claimed {
                    taken
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .remove(&path);
                }
                match ended {
                    Ok(()) => return,
                    Err(why) => why.to_string(),
                }
            }
            Err(why) => why,
        };
        if told.as_ref() != Some(&why) && hear(ReaderHeard::Lost(SafeText::new(&why))).is_break() {
            return;
        }
        told = Some(why);
        // Whoever wants tags now need not wait for the next try.
        match orders.recv_timeout(wait) {
            Ok(ReaderOrder::Start) => reads = true,
            Ok(ReaderOrder::Stop) => reads = false,
            Ok(ReaderOrder::Power(_)) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        wait = (wait * 2).min(LAST_WAIT);
    }
}

/// A reader that answers.
struct Opened {
    line: Box<dyn Line>,
    profile: Profile,
    device: String,
    claimed: Option<PathBuf>,
}

fn open(settings: &ReaderSettings, profiles: &[Profile], taken: &Taken) -> Result<Opened, String> {
    let named = profiles.iter().find(|it| it.is_called(&settings.profile));
    if named.is_none() && settings.profile != "auto" {
        let known: Vec<&str> = profiles.iter().map(|it| it.protocol.name()).collect();
        return Err(format!(
            "there is no reader profile {:?}; there are auto, {}",
            settings.profile,
            known.join(", ")
        ));
    }
    let is_portal = named.is_some_and(|it| it.protocol == Protocol::Llrp)
        || (!settings.device.starts_with('/') && settings.device.contains(':'));
    if is_portal {
        let llrp = || profiles.iter().find(|it| it.protocol == Protocol::Llrp);
        let profile = named
            .or_else(llrp)
            .ok_or("there is no reader profile for LLRP")?;
        return connect(&settings.device, settings.certificate, profile);
    }
    let paths = if settings.device == "auto" {
        candidates()
    } else {
        vec![settings.device.clone().into()]
    };
    let wanted = named.map_or(profiles, std::slice::from_ref);
    let sure = named.is_some() && settings.device != "auto";
    let mut why = "no reader is plugged in".to_owned();
    for path in paths {
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !claim(taken, &real) {
            continue;
        }
        match find(&real, wanted, sure) {
            Ok((line, profile)) => {
                return Ok(Opened {
                    line: Box::new(line),
                    profile,
                    device: path.display().to_string(),
                    claimed: Some(real),
                });
            }
            Err(reason) => why = format!("{}: {reason}", path.display()),
        }
        taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&real);
    }
    Err(why)
}

fn connect(
    address: &str,
    certificate: Option<Fingerprint>,
    profile: &Profile,
) -> Result<Opened, String> {
    let why = |why: io::Error| format!("{address}: {why}");
    let mut found = address.to_socket_addrs().map_err(why)?;
    let first = found
        .next()
        .ok_or_else(|| format!("{address}: no such address"))?;
    let line = TcpStream::connect_timeout(&first, CONNECT).map_err(why)?;
    line.set_write_timeout(Some(CONNECT)).map_err(why)?;
    line.set_read_timeout(Some(CONNECT)).map_err(why)?;
    let line: Box<dyn Line> = match certificate {
        Some(certificate) => Box::new(tls::over(line, certificate).map_err(why)?),
        None => Box::new(line),
    };
    Ok(Opened {
        line,
        profile: profile.clone(),
        device: address.to_owned(),
        claimed: None,
    })
}

/// Opens a port and asks who is there, unless that is sure.
fn find(
    path: &Path,
    wanted: &[Profile],
    sure: bool,
) -> Result<(Box<dyn SerialPort>, Profile), String> {
    if let [only] = wanted
        && sure
    {
        return Ok((open_at(path, only.baud)?, only.clone()));
    }
    let mut probe = Probe::new(wanted);
    let mut port: Option<(u32, Box<dyn SerialPort>)> = None;
    let why = |why: io::Error| why.to_string();
    while let Some(asked) = probe.ask() {
        // A port is open once only: the one at the old baud rate goes first.
        port = port.filter(|(baud, _)| *baud == asked.baud);
        let mut line = match port.take() {
            Some((_, line)) => line,
            None => open_at(path, asked.baud)?,
        };
        line.write_all(&asked.bytes).map_err(why)?;
        let until = Instant::now() + asked.within;
        let mut bytes = [0; 1024];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            line.wait_at_most(left).map_err(why)?;
            let heard = match line.read(&mut bytes) {
                Ok(0) => return Err("unplugged".to_owned()),
                Ok(len) => &bytes[..len],
                Err(it) if is_nothing(&it) => continue,
                Err(it) => return Err(it.to_string()),
            };
            if let Some(profile) = probe.hear(heard) {
                return Ok((line, profile));
            }
        }
        port = Some((asked.baud, line));
    }
    Err("no known reader answers".to_owned())
}

fn open_at(path: &Path, baud: u32) -> Result<Box<dyn SerialPort>, String> {
    serialport::new(path.to_string_lossy(), baud)
        .dtr_on_open(true)
        .timeout(FOLD)
        .open()
        .map_err(|why| why.to_string())
}

/// Nothing came, which is no loss.
fn is_nothing(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}

/// Reads until the reader is lost (an error) or `hear` says to stop. `reads` outlives a loss.
fn serve(
    settings: &ReaderSettings,
    opened: Opened,
    orders: &Receiver<ReaderOrder>,
    reads: &mut bool,
    hear: &mut impl FnMut(ReaderHeard) -> ControlFlow<()>,
) -> io::Result<()> {
    let Opened {
        mut line,
        mut profile,
        device,
        ..
    } = opened;
    profile.antennas = settings.antennas.unwrap_or(profile.antennas);
    let began = Instant::now();
    let mut reader = Reader::new(&profile);
    let mut fold = Fold::default();
    let mut folded = began;
    let opened = ReaderHeard::Opened {
        device: SafeText::new(&device),
        profile: SafeText::new(&profile.name),
    };
    if hear(opened).is_break() {
        return Ok(());
    }
    if let Some(dbm) = settings.power_dbm.or(profile.power_dbm) {
        reader.power(began.elapsed(), dbm);
    }
    if *reads {
        reader.start(began.elapsed());
    }
    let mut bytes = [0; 4096];
    loop {
        if obey(&mut reader, began.elapsed(), orders, reads).is_break() {
            reader.stop(began.elapsed());
            return line.write_all(&reader.to_send());
        }
        line.write_all(&reader.to_send())?;
        let due = reader.due().map(|due| due.saturating_sub(began.elapsed()));
        let wait = due.unwrap_or(FOLD).clamp(Duration::from_millis(1), FOLD);
        line.wait_at_most(wait)?;
        let mut heard = Vec::new();
        let len = match line.read(&mut bytes) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "unplugged")),
            Ok(len) => len,
            Err(why) if is_nothing(&why) => 0,
            Err(why) => return Err(why),
        };
        let now = Utc::now();
        let mut tell = |event| heard.extend(sorted(event, now, settings, &mut fold));
        if len > 0 {
            reader.hear(began.elapsed(), &bytes[..len], &mut tell);
        }
        reader.tick(began.elapsed(), &mut tell);
        if reader.is_dead() {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "it says nothing any more",
            ));
        }
        if folded.elapsed() >= FOLD && !fold.is_empty() {
            folded = Instant::now();
            heard.push(ReaderHeard::Tags(fold.take()));
        }
        for heard in heard {
            if hear(heard).is_break() {
                reader.stop(began.elapsed());
                return line.write_all(&reader.to_send());
            }
        }
    }
}

/// Carries out what was ordered. Break: nobody orders any more.
fn obey(
    reader: &mut Reader,
    now: Duration,
    orders: &Receiver<ReaderOrder>,
    reads: &mut bool,
) -> ControlFlow<()> {
    loop {
        match orders.try_recv() {
            Ok(ReaderOrder::Start) => {
                *reads = true;
                reader.start(now);
            }
            Ok(ReaderOrder::Stop) => {
                *reads = false;
                reader.stop(now);
            }
            Ok(ReaderOrder::Power(dbm)) => {
                reader.power(now, dbm);
            }
            Err(TryRecvError::Empty) => return ControlFlow::Continue(()),
            Err(TryRecvError::Disconnected) => return ControlFlow::Break(()),
        }
    }
}

/// Tags and errors go into the fold; all else is handed on at once.
fn sorted(
    event: Event,
    now: Timestamp,
    settings: &ReaderSettings,
    fold: &mut Fold,
) -> Option<ReaderHeard> {
    match event {
        Event::Seen(seen) => {
            fold.add(now, &seen);
            None
        }
        Event::Corrupt => {
            fold.corrupt();
            None
        }
        Event::Barcode(bytes) => Some(ReaderHeard::Frame(Frame {
            source: Source::Scanner,
            port: settings.name.as_str().into(),
            bytes,
        })),
        Event::Battery(percent) => Some(ReaderHeard::Battery(percent)),
        Event::Warning(warning) => Some(ReaderHeard::Warning(warning)),
        Event::Version(_) | Event::Answer(_) | Event::RoundOver => None,
    }
}
