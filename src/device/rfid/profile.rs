//! What is known of each kind of reader: `config/readers.toml`.

use super::Speech;
use super::chainway::Chainway;
use super::llrp::Llrp;
use super::mercury::Mercury;
use super::r200::R200;
use super::tsl::Tsl;
use super::uhf18::{Uhf18, Uhf18Dialect};
use super::zeti::Zeti;
use serde::Deserialize;

/// Most profiles of one file.
const MOST: usize = 64;

/// How readers speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// TSL ASCII 2.0.
    Tsl,
    /// ThingMagic's Mercury serial protocol.
    Mercury,
    /// UHFReader18.
    Uhf18,
    /// UHFReader288.
    Uhf288,
    /// R200, YRM100, M100.
    R200,
    /// Chainway UR4.
    Chainway,
    /// Zebra's ASCII interface.
    Zeti,
    /// LLRP over TCP.
    Llrp,
}

impl Protocol {
    /// Its name in `config/readers.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tsl => "tsl",
            Self::Mercury => "mercury",
            Self::Uhf18 => "uhf18",
            Self::Uhf288 => "uhf288",
            Self::R200 => "r200",
            Self::Chainway => "chainway",
            Self::Zeti => "zeti",
            Self::Llrp => "llrp",
        }
    }
}

/// A kind of reader.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What people call it.
    pub name: String,
    /// How it speaks.
    pub protocol: Protocol,
    /// Baud rate; without meaning for LLRP.
    #[serde(default = "usual_baud")]
    pub baud: u32,
    /// Power to read with, in dBm; none leaves it as it is.
    #[serde(default)]
    pub power_dbm: Option<u8>,
    /// The radio region as the vendor numbers it, for readers that must be told.
    #[serde(default = "usual_region")]
    pub region: u8,
    /// How many antennas take turns, 1 to 4, for readers that must be told.
    #[serde(default = "usual_antennas")]
    pub antennas: u8,
}

const fn usual_baud() -> u32 {
    115_200
}

const fn usual_region() -> u8 {
    1
}

const fn usual_antennas() -> u8 {
    1
}

/// Why a file is no list of profiles.
#[derive(Debug, thiserror::Error)]
pub enum BadProfile {
    /// It is no TOML, or a field is unknown.
    #[error("the reader profiles cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// Too many, or one that can reach nobody.
    #[error(
        "reader profile {0:?} has a baud rate, power or number of antennas that no reader has, or there are too many"
    )]
    Value(String),
}

impl Profile {
    /// Whether it is meant by this name: its own, or that of its protocol.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.protocol.name() == name
    }

    /// Someone who speaks so.
    pub fn speech(&self) -> Box<dyn Speech> {
        match self.protocol {
            Protocol::Tsl => Box::new(Tsl::default()),
            Protocol::Mercury => Box::new(Mercury::new(self.region, self.antennas)),
            Protocol::Uhf18 => Box::new(Uhf18::new(Uhf18Dialect::Uhf18)),
            Protocol::Uhf288 => Box::new(Uhf18::new(Uhf18Dialect::Uhf288)),
            Protocol::R200 => Box::new(R200::default()),
            Protocol::Chainway => Box::new(Chainway::default()),
            Protocol::Zeti => Box::new(Zeti::default()),
            Protocol::Llrp => Box::new(Llrp::default()),
        }
    }
}

/// Reads profiles from TOML: a list of `[[reader]]`.
pub fn profiles(text: &str) -> Result<Vec<Profile>, BadProfile> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        reader: Vec<Profile>,
    }
    let file: File = toml::from_str(text)?;
    let bad = |it: &Profile| {
        !(300..=4_000_000).contains(&it.baud)
            || it.power_dbm.is_some_and(|dbm| dbm > 36)
            || !(1..=4).contains(&it.antennas)
    };
    let first_bad = file
        .reader
        .iter()
        .find(|it| bad(it))
        .or_else(|| file.reader.get(MOST));
    match first_bad {
        Some(it) => Err(BadProfile::Value(it.name.clone())),
        None => Ok(file.reader),
    }
}

/// The profiles that come with the program.
pub fn built_in() -> Vec<Profile> {
    profiles(include_str!("../../../config/readers.toml")).expect("a test reads the file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profiles_that_come_along_cover_every_protocol() {
        let known = built_in();
        for protocol in [
            Protocol::Tsl,
            Protocol::Mercury,
            Protocol::Uhf18,
            Protocol::Uhf288,
            Protocol::R200,
            Protocol::Chainway,
            Protocol::Zeti,
            Protocol::Llrp,
        ] {
            let called = known.iter().find(|it| it.is_called(protocol.name()));
            assert_eq!(called.map(|it| it.protocol), Some(protocol));
        }
    }

    #[test]
    fn a_profile_that_can_reach_nobody_is_refused() {
        for text in [
            "[[reader]]\nname = \"x\"\nprotocol = \"tsl\"\nbaud = 0",
            "[[reader]]\nname = \"x\"\nprotocol = \"tsl\"\npower_dbm = 200",
            "[[reader]]\nname = \"x\"\nprotocol = \"mercury\"\nantennas = 5",
            "[[reader]]\nname = \"x\"\nprotocol = \"morse\"",
            "[[reader]]\nname = \"x\"\nprotocol = \"tsl\"\nspeed = 1",
        ] {
            assert!(profiles(text).is_err(), "{text}");
        }
    }
}
