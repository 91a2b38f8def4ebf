//! Finding out what is on a port: each profile's question in turn, and whoever answers in its own way is it.

use super::{Event, Profile, Protocol, Speech};
use std::time::Duration;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_millis(400);

/// A question to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// At this baud rate.
    pub baud: u32,
    /// These bytes.
    pub bytes: Vec<u8>,
    /// An answer comes within this time or not at all.
    pub within: Duration,
}

/// The dialogue. Asks the profiles in order of their baud rates, so that a port is seldom set anew.
pub struct Probe {
    left: Vec<Profile>,
    asked: Option<(Profile, Box<dyn Speech>)>,
}

impl Probe {
    /// Asks these profiles; LLRP is not spoken on serial ports and left out.
    pub fn new(profiles: &[Profile]) -> Self {
        let serial = |it: &&Profile| it.protocol != Protocol::Llrp;
        let mut left: Vec<Profile> = profiles.iter().filter(serial).cloned().collect();
        // From the end: the first profile of the most usual baud rate is asked first.
        left.reverse();
        left.sort_by_key(|it| it.baud);
        Self { left, asked: None }
    }

    /// The next question; none when all were asked.
    pub fn ask(&mut self) -> Option<Asked> {
        let profile = self.left.pop()?;
        let speech = profile.speech();
        let asked = Asked {
            baud: profile.baud,
            bytes: speech.ask(),
            within: ANSWER,
        };
        self.asked = Some((profile, speech));
        Some(asked)
    }

    /// Takes what comes. The profile, when it is an answer to the last question or what only such a reader tells.
    pub fn hear(&mut self, bytes: &[u8]) -> Option<Profile> {
        let (profile, speech) = self.asked.as_mut()?;
        let mut known = false;
        speech.hear(bytes, &mut Vec::new(), &mut |event| {
            known |= matches!(
                event,
                Event::Version(_) | Event::Seen(_) | Event::Battery(_)
            );
        });
        known.then(|| profile.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::profile::built_in;
    use super::*;

    /// What each kind answers to its own question.
    fn answer_of(protocol: Protocol) -> &'static [u8] {
        match protocol {
            Protocol::Tsl => b"CS: .vr\r\nMF: TSL\r\nUS: 1128-EU-1\r\nOK:\r\n\r\n",
            Protocol::R200 => &[0xbb, 1, 3, 0, 3, 0, b'M', b'1', 0x85, 0x7e],
            Protocol::Zeti => b"Command:connect,Status:Connection Successful\r\n\r\n",
            Protocol::Chainway => b"\xa5\x5a\x00\x0b\x03\x07\x01\x02\x0c\r\n",
            Protocol::Uhf288 => &[
                0x11, 0, 0x21, 0, 0, 0x16, 0x0c, 3, 0x4e, 0, 0x1e, 0x0a, 1, 0, 0, 0, 0xe6, 0x51,
            ],
            // The same of type 9.
            Protocol::Uhf18 => &[0x08, 0, 0x21, 0, 1, 1, 9, 0x73, 0x18],
            Protocol::Mercury | Protocol::Llrp => &[],
        }
    }

    /// A port with a reader of this kind: which profile is found, and after how many questions.
    fn found(protocol: Protocol) -> (Option<Protocol>, usize) {
        let mut probe = Probe::new(&built_in());
        let mut asked = 0;
        let mine = built_in().into_iter().find(|it| it.protocol == protocol);
        let mine = mine.expect("there is one").speech().ask();
        while let Some(question) = probe.ask() {
            asked += 1;
            // A reader that is asked in a foreign way says nothing, or something that is no answer.
            let heard = if question.bytes == mine {
                answer_of(protocol)
            } else {
                b"ER: 001\r\n\r\n"
            };
            if let Some(profile) = probe.hear(heard) {
                return (Some(profile.protocol), asked);
            }
        }
        (None, asked)
    }

    #[test]
    fn each_kind_is_known_by_its_own_answer_only() {
        for protocol in [
            Protocol::Tsl,
            Protocol::R200,
            Protocol::Zeti,
            Protocol::Chainway,
            Protocol::Uhf18,
            Protocol::Uhf288,
        ] {
            assert_eq!(found(protocol).0, Some(protocol));
        }
    }

    #[test]
    fn a_port_without_a_reader_is_asked_once_by_every_profile() {
        let serial = built_in()
            .iter()
            .filter(|it| it.protocol != Protocol::Llrp)
            .count();
        assert_eq!(found(Protocol::Mercury), (None, serial));
    }
}
