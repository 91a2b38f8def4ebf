//! A scale on a serial port: asked for a weight, it answers with one that is stable, in grams, or with why it has none.

use super::serial::{Framed, open_framed};
use super::{Flow, ParityBit};
use crate::warehouse::SafeText;
use serde::Deserialize;
use std::io::{Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a scale may take until the weight is stable.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest answer.
const LONGEST: usize = 64;

/// A scale as configured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScaleSettings {
    /// A device file.
    pub device: String,
    /// How it speaks.
    pub protocol: ScaleProtocol,
    /// The unit of a weight that says none.
    pub unit: WeightUnit,
    /// Baud rate.
    pub baud: u32,
    /// 5 to 8.
    pub data_bits: u8,
    /// `none`, `odd` or `even`.
    pub parity: ParityBit,
    /// 1 or 2.
    pub stop_bits: u8,
}

/// How a scale speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleProtocol {
    /// Mettler Toledo's standard command set: `S` is answered when the weight is stable.
    #[default]
    Sics,
    /// Toledo 8217: `W` is answered at once, by digits or by a status.
    Toledo8217,
    /// It sends a line with a number and a unit by itself, over and over.
    Lines,
}

/// A unit of weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightUnit {
    /// Grams.
    G,
    /// Kilograms.
    #[default]
    Kg,
    /// Pounds.
    Lb,
}

impl Default for ScaleSettings {
    fn default() -> Self {
        Self {
            device: String::new(),
            protocol: ScaleProtocol::Sics,
            unit: WeightUnit::Kg,
            baud: 9600,
            data_bits: 8,
            parity: ParityBit::None,
            stop_bits: 1,
        }
    }
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// So many grams, and it rests.
    Stable(u32),
    /// It still moves.
    Moves,
    /// It cannot; why.
    Cannot(&'static str),
}

/// Asks a scale for a stable weight in grams, more than zero. Error: why there is none, for people.
pub fn weigh(settings: &ScaleSettings) -> Result<u32, SafeText> {
    let framed = Framed {
        baud: settings.baud,
        data_bits: settings.data_bits,
        parity: settings.parity,
        stop_bits: settings.stop_bits,
        flow: Flow::None,
    };
    let said = |why: &dyn std::fmt::Display| SafeText::new(&why.to_string());
    let port = open_framed(
        &framed,
        Path::new(&settings.device),
        Duration::from_millis(500),
    );
    let mut port = port.map_err(|why| said(&why))?;
    let until = Instant::now() + PATIENCE;
    let mut why = "it says nothing";
    while Instant::now() < until {
        match settings.protocol {
            ScaleProtocol::Sics => port.write_all(b"S\r\n").map_err(|why| said(&why))?,
            ScaleProtocol::Toledo8217 => port.write_all(b"W").map_err(|why| said(&why))?,
            ScaleProtocol::Lines => {}
        }
        let Some(answer) = answer(&mut *port, until) else {
            continue;
        };
        match read(settings, &answer) {
            Some(Said::Stable(0)) => why = "nothing is on it",
            Some(Said::Stable(grams)) => return Ok(grams),
            Some(Said::Moves) => why = "it does not come to rest",
            Some(Said::Cannot(reason)) => return Err(reason.into()),
            None => why = "it says what is no weight",
        }
    }
    Err(why.into())
}

/// The bytes up to the end of a line; none if nothing came.
fn answer(port: &mut (impl Read + ?Sized), until: Instant) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0; 1];
    while Instant::now() < until && line.len() < LONGEST {
        match port.read(&mut byte) {
            Ok(1) if matches!(byte[0], b'\r' | b'\n' | b'\x03') => {
                if !line.is_empty() {
                    return Some(line);
                }
            }
            Ok(1) => line.push(byte[0]),
            Err(why) if why.kind() == std::io::ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => return None,
        }
    }
    None
}

fn read(settings: &ScaleSettings, answer: &[u8]) -> Option<Said> {
    let text = std::str::from_utf8(answer).ok().unwrap_or_default();
    match settings.protocol {
        ScaleProtocol::Sics => sics(text, settings.unit),
        ScaleProtocol::Toledo8217 => toledo(answer, settings.unit),
        ScaleProtocol::Lines => line(text, settings.unit),
    }
}

/// `S S 100.00 g`: stable; `S D`: moves; `S I`, `S +`, `S -`: cannot, too much, too little.
fn sics(text: &str, unit: WeightUnit) -> Option<Said> {
    let mut words = text.split_whitespace();
    if words.next() != Some("S") {
        return None;
    }
    match words.next()? {
        "S" => grams(words.next()?, words.next(), unit).map(Said::Stable),
        "D" | "I" => Some(Said::Moves),
        "+" => Some(Said::Cannot("it is too heavy for the scale")),
        "-" => Some(Said::Cannot("the scale is not at zero: take all off")),
        _ => None,
    }
}

/// STX and digits: a weight. STX, `?` and a byte of flags: 1 moves, 2 out of range, 4 below zero.
fn toledo(answer: &[u8], unit: WeightUnit) -> Option<Said> {
    let text = answer.strip_prefix(b"\x02")?;
    if let [b'?', status, ..] = text {
        return Some(match status {
            status if status & 2 != 0 => Said::Cannot("it is too heavy for the scale"),
            status if status & 4 != 0 => Said::Cannot("the scale is not at zero: take all off"),
            _ => Said::Moves,
        });
    }
    let digits = std::str::from_utf8(text).ok()?.trim_end_matches('N').trim();
    grams(digits, None, unit).map(Said::Stable)
}

/// The last number of a line, with the unit behind it; `US` in front says that it moves.
fn line(text: &str, unit: WeightUnit) -> Option<Said> {
    let head = text
        .split(|c: char| c == ',' || c.is_whitespace())
        .find(|word| !word.is_empty())?;
    if head == "US" {
        return Some(Said::Moves);
    }
    if head == "OL" {
        return Some(Said::Cannot("it is too heavy for the scale"));
    }
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let start = text.find(is_number)?;
    if text[..start].trim_end().ends_with('-') {
        return Some(Said::Cannot("the scale is not at zero: take all off"));
    }
    let rest = &text[start..];
    let end = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    let unit_word = rest[end..].split_whitespace().next();
    grams(&rest[..end], unit_word, unit).map(Said::Stable)
}

/// A decimal number with a unit as whole grams, rounded; none if it is no weight that a scale can have.
fn grams(number: &str, word: Option<&str>, unit: WeightUnit) -> Option<u32> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() > 9 || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let micro = format!("{:0<6}", &part[..part.len().min(6)]);
    let millionths = whole.parse::<u64>().unwrap_or(0) * 1_000_000 + micro.parse::<u64>().ok()?;
    let unit = match word.map(str::to_ascii_lowercase).as_deref() {
        Some("g") => WeightUnit::G,
        Some("kg") => WeightUnit::Kg,
        Some("lb" | "lbs") => WeightUnit::Lb,
        None => unit,
        Some(_) => return None,
    };
    // In hundred-thousandths of a gram. A pound is 453.59237 g (NIST Handbook 44, Appendix C).
    let each: u128 = match unit {
        WeightUnit::G => 100_000,
        WeightUnit::Kg => 100_000_000,
        WeightUnit::Lb => 45_359_237,
    };
    let hundred_thousandths = u128::from(millionths) * each;
    u32::try_from((hundred_thousandths + 50_000_000_000) / 100_000_000_000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn every_protocol_says_weights_and_why_there_is_none() {
        let cannot = |why| Some(Said::Cannot(why));
        let heavy = "it is too heavy for the scale";
        for (text, said) in [
            ("S S     100.00 g", Some(Said::Stable(100))),
            ("S S      2.3456 kg", Some(Said::Stable(2346))),
            ("S D      2.3 kg", Some(Said::Moves)),
            ("S I", Some(Said::Moves)),
            ("S +", cannot(heavy)),
            ("S S 12.0 oz", None),
            ("ES", None),
        ] {
            assert_eq!(sics(text, WeightUnit::Kg), said, "{text}");
        }
        for (bytes, said) in [
            (&b"\x0212.34"[..], Some(Said::Stable(5597))),
            (b"\x02?\x01", Some(Said::Moves)),
            (b"\x02?\x02", cannot(heavy)),
            (b"12.34", None),
            (b"\x02\xff\xff", None),
        ] {
            assert_eq!(toledo(bytes, WeightUnit::Lb), said, "{bytes:?}");
        }
        for (text, said) in [
            ("ST,GS,+  1.234kg", Some(Said::Stable(1234))),
            ("US,GS,+  1.234kg", Some(Said::Moves)),
            ("  750 g", Some(Said::Stable(750))),
            (
                "ST,NT,- 0.010kg",
                cannot("the scale is not at zero: take all off"),
            ),
            ("OL", cannot(heavy)),
            ("hello", None),
            ("99999999999999 kg", None),
        ] {
            assert_eq!(line(text, WeightUnit::Kg), said, "{text}");
        }
    }

    #[test]
    fn a_scale_is_asked_until_it_rests() {
        let (mut scale, wire) = serialport::TTYPort::pair().unwrap();
        let device = serialport::SerialPort::name(&wire).unwrap();
        serialport::SerialPort::set_timeout(&mut scale, Duration::from_secs(20)).unwrap();
        let answers = thread::spawn(move || {
            for answer in ["S D 1.1 kg\r\n", "S S 1.250 kg\r\n"] {
                let mut question = [0; 3];
                scale.read_exact(&mut question).unwrap();
                assert_eq!(&question, b"S\r\n");
                scale.write_all(answer.as_bytes()).unwrap();
            }
            // Kept open until its last word is read.
            scale
        });
        let settings = ScaleSettings {
            device,
            ..ScaleSettings::default()
        };
        assert_eq!(weigh(&settings), Ok(1250));
        drop(answers.join().unwrap());
        drop(wire);
    }
}
