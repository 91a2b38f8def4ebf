//! A thread per RFID reader: opens it, finds out what it is, reads, and opens it again when it was lost.
//! What it hears is folded for a tenth of a second before it is handed on; a barcode never waits for that.

use super::open::{Opened, is_nothing, open};
use super::profile::Profile;
use super::settings::ReaderSettings;
use super::{Event, Fold, Folded, Reader, Warning};
use crate::device::Taken;
use crate::scan::{Frame, Source};
use crate::warehouse::{SafeText, Timestamp};
use chrono::Utc;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

/// How long tags are folded together, and how often orders are looked for.
const FOLD: Duration = Duration::from_millis(100);
/// First wait before a lost reader is tried again; it doubles up to [`LAST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// Longest wait before a lost reader is tried again.
const LAST_WAIT: Duration = Duration::from_secs(5);

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
