//! TSL ASCII 2.0: lines of a two-letter key and a value, a response from `CS:` to `OK:` or `ER:`. A trigger pull
//! makes the reader send a response unasked, so nothing here waits for an order.

use super::frames::{Bad, Lines, unhex};
use super::{Event, Seen, Signal, Speech};
use crate::warehouse::SafeText;
use std::collections::BTreeMap;
use std::time::Duration;

/// Tags of one response that are kept when a whole response is read at once; more are counted on no screen.
const MOST_TAGS: usize = 10_000;
/// Other fields of one response that are kept.
const MOST_FIELDS: usize = 64;

/// A tag of an inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TslTag {
    /// EPC.
    pub epc: Vec<u8>,
    /// Protocol control word.
    pub pc: Option<u16>,
    /// The tag's own checksum.
    pub crc: Option<u16>,
    /// In dBm; none if it was not told or cannot be read.
    pub rssi: Option<i8>,
}

/// What a line, with those before it, amounts to.
#[derive(Debug, PartialEq, Eq)]
enum Item {
    Command(String),
    Tag(TslTag),
    Barcode(Vec<u8>),
    Field(String, String),
    Corrupt,
    /// It is over: well, or with the error's number.
    End(Option<String>),
}

/// Puts lines together. A tag is over when a key comes again, or one that stands before the next EPC.
#[derive(Debug, Default)]
struct Grouping {
    tag: TslTag,
    has_epc: bool,
    keys: [bool; 5],
}

const TAG_KEYS: [&[u8]; 5] = [b"IX", b"CR", b"PC", b"EP", b"RI"];

impl Grouping {
    fn line(&mut self, line: &[u8], mut on: impl FnMut(Item)) {
        let Some((key, value)) = parted(line) else {
            if !line.is_empty() {
                on(Item::Corrupt);
            }
            return;
        };
        if let Some(at) = TAG_KEYS.iter().position(|of| *of == key) {
            if self.keys[at] || (self.has_epc && at < 4) {
                self.flush(&mut on);
            }
            self.keys[at] = true;
            if !self.field(key, value) {
                on(Item::Corrupt);
            }
            return;
        }
        let text = || String::from_utf8_lossy(value).into_owned();
        match key {
            b"CS" => {
                self.flush(&mut on);
                on(Item::Command(text()));
            }
            b"OK" => {
                self.flush(&mut on);
                on(Item::End(None));
            }
            b"ER" => {
                self.flush(&mut on);
                on(Item::End(Some(text())));
            }
            b"BC" => on(Item::Barcode(value.to_vec())),
            b"DT" | b"ME" => {}
            key => on(Item::Field(
                String::from_utf8_lossy(key).into_owned(),
                text(),
            )),
        }
    }

    /// False if an EPC is no hex of whole bytes. Other fields that cannot be read are left out.
    fn field(&mut self, key: &[u8], value: &[u8]) -> bool {
        let text = std::str::from_utf8(value).unwrap_or("").trim();
        let word = || u16::from_str_radix(text, 16).ok();
        match key {
            b"EP" => {
                let epc = unhex(text).filter(|epc| !epc.is_empty());
                self.has_epc = epc.is_some();
                self.tag.epc = epc.unwrap_or_default();
                return self.has_epc;
            }
            b"CR" => self.tag.crc = word(),
            b"PC" => self.tag.pc = word(),
            b"RI" => self.tag.rssi = text.parse().ok(),
            _ => {}
        }
        true
    }

    fn flush(&mut self, on: &mut impl FnMut(Item)) {
        let done = std::mem::take(self);
        if done.has_epc {
            on(Item::Tag(done.tag));
        }
    }
}

/// Key and value of a line. Only the one space behind the colon belongs to neither.
fn parted(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, rest) = line.split_at_checked(2)?;
    let value = rest.strip_prefix(b":")?;
    let letters = key.iter().all(u8::is_ascii_uppercase);
    letters.then(|| (key, value.strip_prefix(b" ").unwrap_or(value)))
}

/// A whole response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TslResponse {
    /// What was asked, without its options: `.iv`.
    pub command: String,
    /// The number of the error, if it ended in one.
    pub error: Option<String>,
    /// Tags.
    pub tags: Vec<TslTag>,
    /// Barcode.
    pub barcode: Option<Vec<u8>>,
    /// All other fields.
    pub fields: BTreeMap<String, String>,
    /// A line could not be read.
    pub corrupt: bool,
}

impl TslResponse {
    /// Reads a response. Errors if it does not end.
    pub fn read(text: &[u8]) -> Result<Self, Bad> {
        let mut response = Self::default();
        let mut grouping = Grouping::default();
        let mut lines = Lines::default();
        let mut ended = false;
        lines.feed(text, |line| {
            let Some(line) = line else {
                response.corrupt = true;
                return;
            };
            grouping.line(line, |item| match item {
                _ if ended => {}
                Item::Command(echo) => {
                    let name = echo.split(' ').next().unwrap_or("");
                    name.clone_into(&mut response.command);
                }
                Item::Tag(tag) if response.tags.len() < MOST_TAGS => response.tags.push(tag),
                Item::Field(key, value) if response.fields.len() < MOST_FIELDS => {
                    response.fields.insert(key, value);
                }
                Item::Barcode(bytes) => response.barcode = Some(bytes),
                Item::End(error) => {
                    ended = true;
                    response.error = error;
                }
                Item::Corrupt | Item::Tag(_) | Item::Field(..) => response.corrupt = true,
            });
        });
        ended.then_some(response).ok_or(Bad::NeedMore)
    }
}

/// How these readers speak.
#[derive(Debug, Default)]
pub(super) struct Tsl {
    lines: Lines,
    grouping: Grouping,
    command: String,
    version: String,
}

impl Speech for Tsl {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        let Self {
            lines,
            grouping,
            command,
            version,
        } = self;
        lines.feed(bytes, |line| {
            let Some(line) = line else {
                return tell(Event::Corrupt);
            };
            grouping.line(line, |item| match item {
                Item::Command(echo) => {
                    command.clear();
                    command.extend(echo.chars().take(3));
                    version.clear();
                }
                Item::Tag(tag) => tell(seen(&tag).map_or(Event::Corrupt, Event::Seen)),
                Item::Barcode(bytes) => tell(Event::Barcode(bytes)),
                Item::Field(key, value) if key == "BP" => {
                    let percent = value.trim_end_matches('%').trim().parse();
                    tell(percent.map_or(Event::Corrupt, Event::Battery));
                }
                Item::Field(..) if version.len() > SafeText::MAX => {}
                Item::Field(_, value) => {
                    version.push_str(if version.is_empty() { "" } else { " " });
                    version.extend(value.chars().take(SafeText::MAX));
                }
                Item::Corrupt => tell(Event::Corrupt),
                Item::End(error) => ended(command, version, error, tell),
            });
        });
    }

    fn ask(&self) -> Vec<u8> {
        b".vr\r\n".to_vec()
    }

    fn start(&self) -> Vec<Vec<u8>> {
        self.next_round().into_iter().collect()
    }

    fn next_round(&self) -> Option<Vec<u8>> {
        Some(b".iv -r on\r\n".to_vec())
    }

    fn stop(&self) -> Vec<u8> {
        b".ab\r\n".to_vec()
    }

    fn power(&mut self, dbm: u8) -> Option<Vec<u8>> {
        Some(format!(".iv -o{} -n\r\n", dbm.clamp(10, 29)).into_bytes())
    }

    /// A round takes less.
    fn silent_at_most(&self) -> Option<Duration> {
        Some(Duration::from_secs(3))
    }
}

fn ended(command: &str, version: &str, error: Option<String>, tell: &mut dyn FnMut(Event)) {
    let error = error.map(|number| number.trim().parse().unwrap_or(0));
    match (command, error) {
        (".vr", None) => tell(Event::Version(SafeText::new(version))),
        // 5: no transponder; 6: no barcode.
        (".iv", None | Some(5)) => tell(Event::RoundOver),
        (".bc", Some(6)) => {}
        (_, None) => tell(Event::Answer(Ok(()))),
        (_, Some(number)) => tell(Event::Answer(Err(number))),
    }
}

fn seen(tag: &TslTag) -> Option<Seen> {
    Some(Seen {
        pc: tag.pc,
        signal: tag.rssi.map(Signal::dbm),
        ..Seen::of(&tag.epc)?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&[u8]]) -> Vec<Event> {
        let mut speech = Tsl::default();
        let mut events = Vec::new();
        for piece in pieces {
            speech.hear(piece, &mut Vec::new(), &mut |event| events.push(event));
        }
        events
    }

    #[test]
    fn a_tag_is_told_only_when_its_lines_are_whole() {
        let whole = b"CS: .iv\r\nEP: 3034257BF7194E4000001A85\r\nRI: -50\r\nOK:\r\n\r\n";
        let wanted = heard(&[whole]);
        assert!(
            matches!(wanted.as_slice(), [Event::Seen(seen), Event::RoundOver]
            if seen.signal == Some(Signal::Tenths(-500)))
        );
        for split in 0..whole.len() {
            assert_eq!(heard(&[&whole[..split], &whole[split..]]), wanted);
        }
        assert_eq!(heard(&[&whole[..40]]), []);
    }

    #[test]
    fn a_barcode_keeps_its_colons_and_spaces() {
        let barcode = Event::Barcode(b" a:b ".to_vec());
        assert_eq!(heard(&[b"CS: .bc\r\nBC:  a:b \r\n"]), [barcode]);
    }

    #[test]
    fn a_signal_that_is_missing_is_none() {
        let events = heard(&[b"CS: .iv\nEP: 3034\nEP: 3035\nRI: x\nER: 005\n"]);
        let signals: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::Seen(seen) => Some(seen.signal),
                _ => None,
            })
            .collect();
        assert_eq!(signals, [None, None]);
        assert_eq!(events.last(), Some(&Event::RoundOver));
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let mut speech = Tsl::default();
        let mut events = Vec::new();
        for _ in 0..1000 {
            speech.hear(&[b'x'; 4096], &mut Vec::new(), &mut |event| {
                events.push(event);
            });
        }
        assert_eq!(events, []);
        speech.hear(b"\nCS: .iv\nOK:\n", &mut Vec::new(), &mut |event| {
            events.push(event);
        });
        assert_eq!(events, [Event::Corrupt, Event::RoundOver]);
    }
}
