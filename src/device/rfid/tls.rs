//! LLRP over TLS (port 5085): a portal's certificate is made by itself, so it is known by its fingerprint or not at all.

use crate::pinned;
use rustls::pki_types::{IpAddr, ServerName};
use rustls::{ClientConnection, StreamOwned};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::io;
use std::net::TcpStream;
use std::sync::Arc;

/// The SHA-256 of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint([u8; 32]);

/// Why a text is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a certificate is named by its SHA-256: 64 hex digits, with or without colons")]
pub struct BadFingerprint;

impl Fingerprint {
    /// That of a certificate.
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = BadFingerprint;

    fn from_str(text: &str) -> Result<Self, BadFingerprint> {
        let digits: Vec<char> = text.chars().filter(|c| *c != ':').collect();
        let mut bytes = [0; 32];
        if digits.len() != bytes.len() * 2 {
            return Err(BadFingerprint);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            for digit in pair {
                let value = digit
                    .to_digit(16)
                    .and_then(|value| u8::try_from(value).ok());
                *byte = *byte << 4 | value.ok_or(BadFingerprint)?;
            }
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = BadFingerprint;
    fn try_from(text: String) -> Result<Self, BadFingerprint> {
        text.parse()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Shakes hands over a connection. Errors if the other side has another certificate; which one it has is said.
pub(super) fn over(
    mut stream: TcpStream,
    certificate: Fingerprint,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let told = |found| format!("another certificate: {}", Fingerprint(found));
    let config = pinned::client(certificate.0, told).map_err(io::Error::other)?;
    let name = ServerName::IpAddress(IpAddr::from(stream.peer_addr()?.ip()));
    let mut tls = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    while tls.is_handshaking() {
        tls.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(tls, stream))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_tools_write_it() {
        let plain = "0A".repeat(32);
        let colons = vec!["0a"; 32].join(":");
        let read: Fingerprint = plain.parse().unwrap();
        assert_eq!(colons.parse(), Ok(read));
        assert_eq!(read.to_string(), plain);
        for bad in ["", "0A", &"0G".repeat(32), &"0A".repeat(33)] {
            assert_eq!(bad.parse::<Fingerprint>(), Err(BadFingerprint), "{bad}");
        }
    }
}
