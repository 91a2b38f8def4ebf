//! The handheld's configuration file: read once at the start, every wrong line named with what would be right.

use crate::device::rfid::{ReaderSettings, built_in};
use crate::device::{PortSettings, PrinterSettings, ScaleSettings};
use crate::handheld::Settings;
use crate::label::{BadTemplate, Dialect, LabelKind, Template, Templates};
use crate::scan::Labels;
use crate::screen::Theme;
use crate::warehouse::Language;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The configuration as it is without a file, and the file that a new device begins with.
pub const EXAMPLE: &str = include_str!("../config/handheld.toml");

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadConfig {
    /// The file cannot be read.
    #[error("the configuration {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file says something that is not understood.
    #[error("the configuration {} is wrong: {source}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// A label template cannot be used.
    #[error("the label template {} is wrong: {source}", path.display())]
    Template {
        /// The file.
        path: PathBuf,
        /// Why.
        source: BadTemplate,
    },
    /// A value is out of its range.
    #[error("the configuration {} is wrong: {why}", path.display())]
    Range {
        /// The file.
        path: PathBuf,
        /// Which, and what would be right.
        why: &'static str,
    },
}

/// What the file says. What it leaves out is as in [`EXAMPLE`].
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folder of the handheld's memory; none: the user's data folder.
    pub data: Option<PathBuf>,
    /// What the office calls this handheld at enrolment; none: its host name.
    pub name: Option<String>,
    /// How the screen is coloured.
    pub theme: Theme,
    /// What it speaks to whoever wants no other language: en, es, de, pl or fr.
    pub language: Language,
    /// Whether the terminal bell rings.
    pub bell: bool,
    /// The same label from the same port within this many milliseconds is a double read; 0 to 5000.
    pub double_read_ms: u32,
    /// Seconds without a touch after which the handheld locks; 10 to 86400.
    pub lock_after_s: u32,
    /// How the warehouse's own labels look.
    pub labels: Labels,
    /// Scanners.
    pub port: Vec<PortSettings>,
    /// RFID readers.
    pub reader: Vec<ReaderSettings>,
    /// A scale, to weigh cartons.
    pub scale: Option<ScaleSettings>,
    /// Label printers.
    pub printer: Vec<PrinterSettings>,
    /// Folder of label templates that take the place of the built-in ones.
    pub templates: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            data: None,
            name: None,
            theme: Theme::default(),
            language: Language::default(),
            bell: true,
            double_read_ms: settings.double_read_ms,
            lock_after_s: settings.lock_after_s,
            labels: settings.labels,
            port: vec![PortSettings::default()],
            reader: Vec::new(),
            printer: Vec::new(),
            scale: None,
            templates: None,
        }
    }
}

impl Config {
    /// Reads a configuration file.
    pub fn read(path: &Path) -> Result<Self, BadConfig> {
        let text = std::fs::read_to_string(path).map_err(|source| BadConfig::Read {
            path: path.to_owned(),
            source,
        })?;
        let config: Self = toml::from_str(&text).map_err(|source| BadConfig::Parse {
            path: path.to_owned(),
            source: Box::new(source),
        })?;
        match config.out_of_range() {
            None => Ok(config),
            Some(why) => Err(BadConfig::Range {
                path: path.to_owned(),
                why,
            }),
        }
    }

    fn out_of_range(&self) -> Option<&'static str> {
        let framed = |port: &PortSettings| {
            (5..=8).contains(&port.data_bits) && (1..=2).contains(&port.stop_bits)
        };
        let is_printer = |printer: &PrinterSettings| {
            let names = self
                .printer
                .iter()
                .filter(|other| other.name == printer.name);
            !printer.device.is_empty()
                && names.count() == 1
                && (5..=8).contains(&printer.data_bits)
                && (1..=2).contains(&printer.stop_bits)
        };
        let is_too_strong = |reader: &ReaderSettings| reader.power_dbm.is_some_and(|dbm| dbm > 36);
        let is_odd =
            |reader: &ReaderSettings| reader.antennas.is_some_and(|it| !(1..=4).contains(&it));
        let profiles = built_in();
        let is_known = |reader: &ReaderSettings| {
            reader.profile == "auto" || profiles.iter().any(|it| it.is_called(&reader.profile))
        };
        if self.double_read_ms > 5000 {
            Some("double_read_ms goes from 0 to 5000")
        } else if !(10..=86_400).contains(&self.lock_after_s) {
            Some("lock_after_s goes from 10 to 86400")
        } else if !self.port.iter().all(framed) {
            Some("a port has data_bits 5 to 8 and stop_bits 1 or 2")
        } else if !self.printer.iter().all(is_printer) {
            Some("a printer has a name of its own, a device, data_bits 5 to 8 and stop_bits 1 or 2")
        } else if self.reader.iter().any(is_too_strong) {
            Some("a reader has power_dbm 0 to 36")
        } else if self.reader.iter().any(is_odd) {
            Some("a reader has antennas 1 to 4")
        } else if !self.reader.iter().all(is_known) {
            Some("a reader's profile is auto, or a name or protocol from config/readers.toml")
        } else {
            None
        }
    }

    /// What the handheld itself must know.
    pub fn settings(&self) -> Settings {
        Settings {
            labels: self.labels.clone(),
            double_read_ms: self.double_read_ms,
            lock_after_s: self.lock_after_s,
            has_reader: !self.reader.is_empty(),
            language: self.language,
            has_printer: !self.printer.is_empty(),
            has_scale: self.scale.is_some(),
        }
    }

    /// The theme, where an environment that asks for no colours gets none (<https://no-color.org>).
    pub fn theme(&self, no_color: bool) -> Theme {
        match self.theme {
            Theme::Colour if no_color => Theme::Mono,
            theme => theme,
        }
    }
}

/// The built-in templates, with those of a folder in their place where it has some.
pub fn templates(folder: Option<&Path>) -> Result<Templates, BadConfig> {
    let mut templates = Templates::built_in();
    let Some(folder) = folder else {
        return Ok(templates);
    };
    for kind in LabelKind::ALL {
        for dialect in [Dialect::Zpl, Dialect::Text] {
            let path = folder.join(kind.name()).with_extension(dialect.ending());
            if !path.exists() {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|source| BadConfig::Read {
                path: path.clone(),
                source,
            })?;
            let template = Template::parse(&text, dialect);
            let template = template.map_err(|source| BadConfig::Template { path, source })?;
            templates.put(kind, template);
        }
    }
    Ok(templates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, BadConfig> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Config::read(file.path())
    }

    #[test]
    fn the_example_says_what_holds_without_it() {
        let example = read(EXAMPLE).unwrap();
        assert_eq!(format!("{example:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn a_reader_is_there_when_it_is_configured_and_is_silent_until_it_is_wanted() {
        assert!(!Config::default().settings().has_reader);
        let config = read("[[reader]]\nname = \"gun\"\ndevice = \"/dev/ttyUSB7\"").unwrap();
        assert!(config.settings().has_reader);
        assert_eq!(config.reader[0].profile, "auto");
        assert!(!config.reader[0].reads_at_once);
    }

    #[test]
    fn a_template_of_ones_own_takes_the_place_of_the_built_in_one_and_what_is_wrong_with_it_is_said()
     {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bin.zpl");
        std::fs::write(&path, "^XA^FH^FDMine {code}^FS^XZ").unwrap();
        let own = templates(Some(folder.path())).unwrap();
        let built_in = templates(None).unwrap();
        let of = |templates: &Templates, kind| templates.of(kind, Dialect::Zpl).cloned();
        assert_ne!(of(&own, LabelKind::Bin), of(&built_in, LabelKind::Bin));
        assert_eq!(of(&own, LabelKind::Tote), of(&built_in, LabelKind::Tote));
        std::fs::write(&path, "^XA^FD{code}^XZ").unwrap();
        let why = templates(Some(folder.path())).unwrap_err().to_string();
        assert!(why.contains("bin.zpl") && why.contains("^FH^FD"), "{why}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, told) in [
            ("lock_after_s = 1", "lock_after_s"),
            ("colour = true", "unknown field `colour`"),
            ("[[port]]\nname = \"a\"\ndata_bits = 9", "data_bits"),
            ("theme = \"pink\"", "pink"),
            ("[[printer]]\nname = \"a\"", "a device"),
            (
                "[[printer]]\ndevice = \"h:1\"\n[[printer]]\ndevice = \"h:2\"",
                "a name of its own",
            ),
            ("[[printer]]\nlabels = [\"cake\"]", "cake"),
            ("[[reader]]\npower_dbm = 40", "power_dbm"),
            ("[[reader]]\nantennas = 0", "antennas"),
            ("[[reader]]\nprofile = \"morse\"", "profile"),
            ("[[reader]]\nchannel = 4", "unknown field `channel`"),
        ] {
            let why = read(text).unwrap_err().to_string();
            assert!(why.contains(told), "{why}");
        }
    }
}
