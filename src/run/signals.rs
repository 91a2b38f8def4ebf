//! What the system says: end now. The terminal is given back and the program ends as if a person had left it.

use super::{Happened, Stamped};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::sync::mpsc::SyncSender;

/// Starts a thread that ends the program when the system asks for it.
pub fn end_on_signals(out: &SyncSender<Stamped>) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let out = out.clone();
    std::thread::spawn(move || {
        for _ in signals.forever() {
            if out.send((chrono::Utc::now(), Happened::Quit)).is_err() {
                return;
            }
        }
    });
    Ok(())
}
