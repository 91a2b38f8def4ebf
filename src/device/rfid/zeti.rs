//! Zebra's ASCII interface (ZETI) as RFD8500 sleds speak it over a serial link. Public facts are thin: the order of
//! the columns depends on the fields that were asked for, so only what [`Speech::start`] asks for is read.

use super::frames::{Bad, Lines, unhex};
use super::{Event, Seen, Signal, Speech};
use crate::warehouse::SafeText;

/// One line of a sled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZetiLine {
    /// The answer to an order.
    Answer {
        /// Which order.
        command: String,
        /// What became of it, in the sled's words.
        status: String,
    },
    /// A tag: two empty columns, EPC, signal, phase, channel.
    Tag {
        /// EPC.
        epc: Vec<u8>,
        /// In dBm.
        rssi: Option<i8>,
        /// In degrees.
        phase: Option<u16>,
        /// Of the radio.
        channel: Option<u16>,
    },
    /// Something else, such as the battery.
    Other(String),
}

impl ZetiLine {
    /// Reads a line without its end; none if it is empty.
    pub fn read(line: &[u8]) -> Result<Option<Self>, Bad> {
        let text = std::str::from_utf8(line)
            .map_err(|_| Bad::Parts)?
            .trim_end();
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(rest) = text.strip_prefix("Command:") {
            let (command, rest) = rest.split_once(',').unwrap_or((rest, ""));
            let status = rest.trim_start().strip_prefix("Status:").unwrap_or("");
            return Ok(Some(Self::Answer {
                command: command.trim().to_owned(),
                status: status.split(',').next().unwrap_or("").trim().to_owned(),
            }));
        }
        let columns: Vec<&str> = text.splitn(16, ',').map(str::trim).collect();
        match columns.as_slice() {
            [_, _, epc, rest @ ..] if !epc.is_empty() => {
                let number = |at: usize| rest.get(at).and_then(|text| text.parse().ok());
                Ok(Some(Self::Tag {
                    epc: unhex(epc).ok_or(Bad::Parts)?,
                    rssi: rest.first().and_then(|text| text.parse().ok()),
                    phase: number(1),
                    channel: number(2),
                }))
            }
            _ => Ok(Some(Self::Other(text.to_owned()))),
        }
    }

    /// Whether a status says that the order was carried out.
    pub fn is_good(status: &str) -> bool {
        status == "OK" || status.ends_with("Successful")
    }
}

/// How these sleds speak.
#[derive(Debug, Default)]
pub(super) struct Zeti {
    lines: Lines,
    /// In tenths of a dBm; goes along with the order to read.
    power: Option<u16>,
}

impl Speech for Zeti {
    fn hear(&mut self, bytes: &[u8], _: &mut Vec<u8>, tell: &mut dyn FnMut(Event)) {
        self.lines.feed(bytes, |line| {
            match line.ok_or(Bad::Length).and_then(ZetiLine::read) {
                Ok(Some(ZetiLine::Tag { epc, rssi, .. })) => {
                    let seen = Seen::of(&epc).map(|seen| Seen {
                        signal: rssi.map(Signal::dbm),
                        ..seen
                    });
                    tell(seen.map_or(Event::Corrupt, Event::Seen));
                }
                Ok(Some(ZetiLine::Answer { command, status })) => answered(&command, &status, tell),
                Ok(Some(ZetiLine::Other(_)) | None) => {}
                Err(_) => tell(Event::Corrupt),
            }
        });
    }

    fn ask(&self) -> Vec<u8> {
        b"\r\ncn\r\n".to_vec()
    }

    fn start(&self) -> Vec<Vec<u8>> {
        let power = self.power.map(|power| format!(" .power {power}"));
        let order = "in .batchmode disable .ez .ir .ik .ih .ec";
        vec![format!("{order}{}\r\n", power.unwrap_or_default()).into_bytes()]
    }

    fn stop(&self) -> Vec<u8> {
        b"a\r\n".to_vec()
    }

    fn power(&mut self, dbm: u8) -> Option<Vec<u8>> {
        self.power = Some(u16::from(dbm.min(30)) * 10);
        // It takes effect with the next start; nothing is sent.
        Some(Vec::new())
    }
}

fn answered(command: &str, status: &str, tell: &mut dyn FnMut(Event)) {
    match (command, ZetiLine::is_good(status)) {
        ("connect", true) => tell(Event::Version(SafeText::new("Zebra sled"))),
        // Stopping what does not run is as good.
        (_, true) | ("abort", false) => tell(Event::Answer(Ok(()))),
        (_, false) => tell(Event::Answer(Err(0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_without_signal_is_still_a_tag() {
        let line = ZetiLine::read(b",,3034257BF7194E4000001A85,,,\r");
        assert!(matches!(line, Ok(Some(ZetiLine::Tag { rssi: None, epc, .. })) if epc.len() == 12));
        assert_eq!(ZetiLine::read(b",,303,-50,1,1"), Err(Bad::Parts));
        assert_eq!(ZetiLine::read(b"\r"), Ok(None));
    }
}
