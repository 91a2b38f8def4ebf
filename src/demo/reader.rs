//! A make-believe RFID reader: speaks TSL's ASCII protocol on a real pseudo-terminal, which the handheld opens as its reader.

use super::tags::{Goods, Near};
use crate::handheld::Model;
use serialport::{SerialPort, TTYPort};
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long a round of reading takes.
const ROUND: Duration = Duration::from_millis(100);
/// From the far end of an aisle to a tag and back, in rounds.
const WALK: u32 = 160;
/// How strongly a tag is heard at the far end of that walk, in dBm, and how much stronger beside it.
const FAR: i8 = -78;
const NEARER: u32 = 44;
/// Orders are short; more than this is noise.
const LONGEST_ORDER: usize = 64;

/// The reader.
pub(super) struct Reader {
    goods: Goods,
    near: Arc<Mutex<Vec<Near>>>,
    // Held open, as the scanner's.
    wire: TTYPort,
}

impl Reader {
    /// A reader on a new pseudo-terminal.
    pub fn new() -> serialport::Result<Self> {
        let (mut port, wire) = TTYPort::pair()?;
        // Whoever waits for orders may wait long.
        port.set_timeout(Duration::from_secs(24 * 3600))?;
        let near = Arc::default();
        let heard = Arc::clone(&near);
        // It ends with the program: what it holds is its end of the wire.
        std::thread::spawn(move || serve(port, &heard));
        Ok(Self {
            goods: Goods::new(),
            near,
            wire,
        })
    }

    /// The device file that the handheld is to open.
    pub fn device(&self) -> String {
        self.wire.name().unwrap_or_default()
    }

    /// Hears what is around where the worker is now.
    pub fn watch(&self, model: &Model) {
        let around = if model.radio {
            self.goods.around(model)
        } else {
            Vec::new()
        };
        *self.near.lock().unwrap_or_else(PoisonError::into_inner) = around;
    }
}

/// Answers orders until the wire is gone.
fn serve(mut port: TTYPort, near: &Mutex<Vec<Near>>) {
    let (mut order, mut rounds) = (Vec::new(), 0);
    let mut byte = [0];
    while let Ok(1) = port.read(&mut byte) {
        if byte != *b"\n" {
            order.push(byte[0]);
            order.truncate(LONGEST_ORDER);
            continue;
        }
        let line = String::from_utf8_lossy(&order).trim().to_owned();
        order.clear();
        if answer(&mut port, &line, near, &mut rounds).is_err() {
            return;
        }
    }
}

fn answer(
    port: &mut TTYPort,
    order: &str,
    near: &Mutex<Vec<Near>>,
    rounds: &mut u32,
) -> io::Result<()> {
    let mut text = format!("CS: {order}\r\n");
    match order.get(..3) {
        Some(".vr") => text += "MF: TSL\r\nUS: make-believe\r\nOK:\r\n\r\n",
        Some(".iv") if !order.contains("-n") => {
            std::thread::sleep(ROUND);
            *rounds = (*rounds + 1) % WALK;
            text += &round(near, *rounds);
        }
        _ => text += "OK:\r\n\r\n",
    }
    port.write_all(text.as_bytes())
}

fn round(near: &Mutex<Vec<Near>>, rounds: u32) -> String {
    let near = near.lock().unwrap_or_else(PoisonError::into_inner);
    if near.is_empty() {
        // No transponder.
        return "ER: 005\r\n\r\n".to_owned();
    }
    let mut text = String::new();
    for tag in near.iter() {
        let dbm = tag.dbm.unwrap_or_else(|| walked(rounds));
        write!(text, "EP: {}\r\nRI: {dbm}\r\n", tag.epc).expect("a string takes all");
    }
    text + "OK:\r\n\r\n"
}

/// The strength of a tag that one walks to and away from.
fn walked(rounds: u32) -> i8 {
    let half = WALK / 2;
    let way = half - rounds.abs_diff(half);
    let nearer = i8::try_from(way * NEARER / half).unwrap_or_default();
    FAR + nearer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_goes_to_the_tag_and_away_again() {
        assert_eq!([0, WALK / 2, WALK - 1].map(walked), [-78, -34, -78]);
        assert!((1..WALK / 2).all(|round| walked(round) >= walked(round - 1)));
    }

    #[test]
    fn a_round_without_tags_says_so() {
        assert!(round(&Mutex::default(), 1).starts_with("ER: 005"));
    }
}
