//! An RFID reader as the configuration has it.

use super::tls::Fingerprint;
use serde::Deserialize;

/// One reader as configured.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReaderSettings {
    /// What people call it.
    pub name: String,
    /// A device file, `host:port` of a portal, or `auto` for the first port on which a reader answers.
    pub device: String,
    /// The name of its profile or protocol, or `auto` to find out.
    pub profile: String,
    /// Power to read with, in dBm; the profile's if not given.
    pub power_dbm: Option<u8>,
    /// How many antennas take turns, 1 to 4, for readers that must be told; the profile's if not given.
    pub antennas: Option<u8>,
    /// The certificate of a portal that is spoken to over TLS; none: plainly.
    pub certificate: Option<Fingerprint>,
    /// Whether it reads at once, or when it is told to.
    #[serde(skip)]
    pub reads_at_once: bool,
}

impl Default for ReaderSettings {
    fn default() -> Self {
        Self {
            name: "reader".to_owned(),
            device: "auto".to_owned(),
            profile: "auto".to_owned(),
            power_dbm: None,
            antennas: None,
            certificate: None,
            reads_at_once: false,
        }
    }
}
