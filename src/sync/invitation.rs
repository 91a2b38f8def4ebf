//! The invitation that the office shows and a new handheld scans: where the office is, a one-time code,
//! and which certificate to trust.

use std::net::Ipv6Addr;

/// An invitation for one handheld.
///
/// As text: `stockhand:HOST:PORT:CODE:FINGERPRINT`, the last part and its colon left out if the office's certificate is
/// one that the system trusts. HOST is a name, an IPv4 address, or an IPv6 address in brackets.
/// The whole text is at most 200 characters, so that it passes as a scan.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Where the office listens: `HOST:PORT`, fit to stand in a URL.
    pub office: String,
    /// The one-time code: 32 hexadecimal digits. A secret until it is used.
    pub code: String,
    /// SHA-256 of the office's certificate (DER), to be pinned.
    pub fingerprint: Option<[u8; 32]>,
}

/// Why a text is no invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadInvitation {
    /// It is some other text.
    #[error("an invitation begins with stockhand:")]
    NotOne,
    /// The office's address cannot be one.
    #[error("the office's address is written HOST:PORT, with an IPv6 address in brackets")]
    Office,
    /// The code cannot be one.
    #[error("the one-time code has 32 hexadecimal digits")]
    Code,
    /// The fingerprint cannot be one.
    #[error("the certificate's fingerprint has 64 hexadecimal digits")]
    Fingerprint,
}

const BEGIN: &str = "stockhand:";
/// Longest host that leaves the whole text below 200 characters.
const HOST_MAX: usize = 85;

impl Invitation {
    /// Puts an invitation together; checks that it can be read again.
    pub fn new(
        office: &str,
        code: &str,
        fingerprint: Option<[u8; 32]>,
    ) -> Result<Self, BadInvitation> {
        if !is_hex(code, 32) {
            return Err(BadInvitation::Code);
        }
        if !is_office(office) {
            return Err(BadInvitation::Office);
        }
        Ok(Self {
            office: office.to_owned(),
            code: code.to_ascii_lowercase(),
            fingerprint,
        })
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_office(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else {
        return false;
    };
    let inside = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let host_fits = match inside {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        }
    };
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    host_fits && host.len() <= HOST_MAX && digits && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn read_fingerprint(text: &str) -> Option<[u8; 32]> {
    if !is_hex(text, 64) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(bytes)
}

impl std::str::FromStr for Invitation {
    type Err = BadInvitation;

    fn from_str(text: &str) -> Result<Self, BadInvitation> {
        let rest = text.strip_prefix(BEGIN).ok_or(BadInvitation::NotOne)?;
        let (before, last) = rest.rsplit_once(':').ok_or(BadInvitation::Office)?;
        // Code and fingerprint are told apart by their length; a text that ends in neither names what it lacks.
        if last.len() == 32 {
            return Self::new(before, last, None);
        }
        let (office, code) = before.rsplit_once(':').ok_or(BadInvitation::Code)?;
        let fingerprint = read_fingerprint(last).ok_or(BadInvitation::Fingerprint)?;
        Self::new(office, code, Some(fingerprint))
    }
}

impl std::fmt::Display for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{BEGIN}{}:{}", self.office, self.code)?;
        if let Some(fingerprint) = self.fingerprint {
            f.write_str(":")?;
            fingerprint
                .iter()
                .try_for_each(|byte| write!(f, "{byte:02x}"))?;
        }
        Ok(())
    }
}

// The code is a secret: it stays out of logs and panics.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invitation({})", self.office)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn what_the_office_shows_the_handheld_reads() {
        for office in [
            "office.example:7443",
            "192.0.2.7:443",
            "[2001:db8::7]:7443",
            "[::1]:1",
        ] {
            for fingerprint in [None, Some([0xa5; 32])] {
                let shown = Invitation::new(office, CODE, fingerprint).unwrap();
                assert_eq!(shown.to_string().parse(), Ok(shown));
            }
        }
        let longest = format!("{}:65535", "h".repeat(HOST_MAX));
        let text = Invitation::new(&longest, CODE, Some([1; 32])).unwrap();
        assert!(text.to_string().len() <= 200);
    }

    #[test]
    fn a_text_that_is_none_is_refused_by_what_it_lacks() {
        let mark = "ab".repeat(32);
        for (text, why) in [
            (String::new(), BadInvitation::NotOne),
            ("SO-1".to_owned(), BadInvitation::NotOne),
            ("stockhand:".to_owned(), BadInvitation::Office),
            (format!("stockhand:{CODE}"), BadInvitation::Office),
            (format!("stockhand:host:{CODE}"), BadInvitation::Office),
            (format!("stockhand:host:0:{CODE}"), BadInvitation::Office),
            (format!("stockhand:host:+1:{CODE}"), BadInvitation::Office),
            (
                format!("stockhand:host:70000:{CODE}"),
                BadInvitation::Office,
            ),
            (
                format!("stockhand:2001:db8::7:1:{CODE}"),
                BadInvitation::Office,
            ),
            (format!("stockhand:[host]:1:{CODE}"), BadInvitation::Office),
            (format!("stockhand:a/b:1:{CODE}"), BadInvitation::Office),
            (
                format!("stockhand:a@b:1:{CODE}:{mark}"),
                BadInvitation::Office,
            ),
            (
                format!("stockhand:ho\u{202e}st:1:{CODE}"),
                BadInvitation::Office,
            ),
            (format!("stockhand:host:1:{mark}"), BadInvitation::Code),
            (format!("stockhand:host:1:zz:{mark}"), BadInvitation::Code),
            (
                format!("stockhand:host:1:{}:{mark}", "é".repeat(16)),
                BadInvitation::Code,
            ),
            (
                format!("stockhand:host:1:{CODE}:abc"),
                BadInvitation::Fingerprint,
            ),
            (
                format!("stockhand:host:1:{CODE}:{}", "é".repeat(32)),
                BadInvitation::Fingerprint,
            ),
        ] {
            assert_eq!(text.parse::<Invitation>(), Err(why), "{text}");
        }
    }

    #[test]
    fn the_code_is_not_shown_in_a_log() {
        let shown = Invitation::new("host:1", CODE, None).unwrap();
        assert!(!format!("{shown:?}").contains(CODE));
    }
}
