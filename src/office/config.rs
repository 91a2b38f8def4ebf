//! The head office's settings: a TOML file, of which every line may be left out.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What can be set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The folder of the database, the certificate and the snapshots.
    pub data: Option<PathBuf>,
    /// The database on a PostgreSQL server, as `postgres://user@host/database`; without it, a file in the folder.
    pub database: Option<String>,
    /// Where the office listens for handhelds.
    pub listen: Option<SocketAddr>,
    /// How handhelds reach it: HOST:PORT, as invitations say it.
    pub address: Option<String>,
    /// The company's GS1 prefix, under which cartons get their license plates.
    pub company_prefix: Option<CompanyPrefix>,
}

/// A GS1 company prefix: 4 to 12 digits. GS1 General Specifications §1.4.4.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct CompanyPrefix(String);

impl CompanyPrefix {
    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CompanyPrefix {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if (4..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err("a company prefix has 4 to 12 digits")
        }
    }
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NoConfig {
    /// The file cannot be read.
    #[error("the settings {path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something else.
    #[error("the settings {path} cannot be used: {source}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        source: toml::de::Error,
    },
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, NoConfig> {
        let text = std::fs::read_to_string(path).map_err(|source| NoConfig::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| NoConfig::Parse {
            path: path.to_owned(),
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_sets_nothing_and_every_line_of_it_can_be_used() {
        let example = include_str!("../../config/office.toml");
        let read = |text: &str| toml::from_str::<Config>(text).unwrap();
        assert_eq!(read(example), Config::default());
        let used: String = example
            .lines()
            .filter_map(|line| line.strip_prefix('#').filter(|rest| rest.contains(" = ")))
            .map(|line| format!("{line}\n"))
            .collect();
        let all = read(&used);
        assert!(all.data.is_some() && all.listen.is_some() && all.address.is_some());
        assert!(all.company_prefix.is_some());
    }

    #[test]
    fn what_is_no_setting_is_refused() {
        for text in [
            "listn = \"[::]:7443\"",
            "company_prefix = \"95x\"",
            "listen = \"7443\"",
        ] {
            assert!(toml::from_str::<Config>(text).is_err(), "{text}");
        }
    }
}
