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
    /// The folder to which changes are carried while the office is served, for [`super::changes`].
    pub changes: Option<PathBuf>,
    /// How what happens is written on standard error.
    pub log: Option<Log>,
}

/// How what happens is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object a line: `at`, `message`, and what it is about.
    Json,
}

impl std::str::FromStr for Log {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("log is text or json"),
        }
    }
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
    /// A variable of the environment says something else.
    #[error("{name} in the environment cannot be used: {why}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// Why.
        why: String,
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

    /// What the environment says counts more than the file: each setting is also a variable, `STOCKHAND_` and its name in
    /// capitals. One that is empty says nothing.
    pub fn or_variables(mut self, look: impl Fn(&str) -> Option<String>) -> Result<Self, NoConfig> {
        fn read<T>(
            into: &mut Option<T>,
            (name, text): (&'static str, Option<String>),
            parse: impl Fn(String) -> Result<T, String>,
        ) -> Result<(), NoConfig> {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                let value = parse(text).map_err(|why| NoConfig::Variable { name, why })?;
                *into = Some(value);
            }
            Ok(())
        }
        let said = |name: &'static str| (name, look(name));
        let prefix = |text| CompanyPrefix::try_from(text).map_err(str::to_owned);
        read(&mut self.data, said("STOCKHAND_DATA"), |text| {
            Ok(text.into())
        })?;
        read(&mut self.database, said("STOCKHAND_DATABASE"), Ok)?;
        read(&mut self.listen, said("STOCKHAND_LISTEN"), |text| {
            let bad = |_| format!("{text:?} is no address such as [::]:7443");
            text.parse().map_err(bad)
        })?;
        read(&mut self.address, said("STOCKHAND_ADDRESS"), Ok)?;
        read(
            &mut self.company_prefix,
            said("STOCKHAND_COMPANY_PREFIX"),
            prefix,
        )?;
        read(&mut self.changes, said("STOCKHAND_CHANGES"), |text| {
            Ok(text.into())
        })?;
        read(&mut self.log, said("STOCKHAND_LOG"), |text| {
            text.parse().map_err(str::to_owned)
        })?;
        Ok(self)
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
    fn every_setting_is_a_variable_too_and_counts_more_than_the_file() {
        let example = include_str!("../../config/office.toml");
        let names = example
            .lines()
            .filter_map(|line| line.strip_prefix('#')?.split_once(" = "))
            .map(|(name, _)| name);
        for name in names {
            let value = match name {
                "listen" => "127.0.0.1:1",
                "company_prefix" => "12345",
                "log" => "json",
                _ => "here",
            };
            let variable = format!("STOCKHAND_{}", name.to_uppercase());
            let look = |asked: &str| (asked == variable).then(|| value.to_owned());
            let file: Config = toml::from_str("listen = \"[::]:9\"").unwrap();
            let said = file.clone().or_variables(look).unwrap();
            assert_ne!(said, file, "{variable}");
        }
        let empty = |_: &str| Some(String::new());
        assert_eq!(
            Config::default().or_variables(empty).unwrap(),
            Config::default()
        );
        for (variable, value) in [
            ("STOCKHAND_LISTEN", "7443"),
            ("STOCKHAND_COMPANY_PREFIX", "95x"),
            ("STOCKHAND_LOG", "xml"),
        ] {
            let look = |asked: &str| (asked == variable).then(|| value.to_owned());
            let why = Config::default().or_variables(look).unwrap_err();
            assert!(why.to_string().contains(variable), "{why}");
        }
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
