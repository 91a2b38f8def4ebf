//! Opening a reader: on its device file, on whichever port it answers, or at its address, plainly or over TLS.

use super::profile::Profile;
use super::settings::ReaderSettings;
use super::tls::{self, Fingerprint};
use super::{Probe, Protocol};
use crate::device::Taken;
use crate::device::serial::{candidates, claim};
use rustls::{ClientConnection, StreamOwned};
use serialport::SerialPort;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How long a portal may take to take a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a port just opened is read from, until whoever reads says otherwise.
const AT_FIRST: Duration = Duration::from_millis(100);

/// A line to a reader.
pub(super) trait Line: Read + Write {
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

/// A reader that answers.
pub(super) struct Opened {
    pub line: Box<dyn Line>,
    pub profile: Profile,
    pub device: String,
    pub claimed: Option<PathBuf>,
}

/// Opens a reader where it is configured to be, or on the first port on which one answers. Errors say why in words.
pub(super) fn open(
    settings: &ReaderSettings,
    profiles: &[Profile],
    taken: &Taken,
) -> Result<Opened, String> {
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
        .timeout(AT_FIRST)
        .open()
        .map_err(|why| why.to_string())
}

/// Nothing came, which is no loss.
pub(super) fn is_nothing(why: &io::Error) -> bool {
    matches!(
        why.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}
