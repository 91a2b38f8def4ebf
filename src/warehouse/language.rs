//! The languages that the handheld speaks.

use serde::{Deserialize, Serialize};

/// A language that the handheld speaks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
    /// German.
    #[serde(rename = "de")]
    German,
    /// Polish.
    #[serde(rename = "pl")]
    Polish,
    /// French.
    #[serde(rename = "fr")]
    French,
}

/// Why a text is no language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is en, es, de, pl or fr")]
pub struct BadLanguage;

impl Language {
    /// All there are.
    pub const ALL: [Self; 5] = [
        Self::English,
        Self::Spanish,
        Self::German,
        Self::Polish,
        Self::French,
    ];

    /// Its ISO 639-1 code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
            Self::German => "de",
            Self::Polish => "pl",
            Self::French => "fr",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = BadLanguage;

    fn from_str(text: &str) -> Result<Self, BadLanguage> {
        let found = Self::ALL.into_iter().find(|it| it.as_str() == text);
        found.ok_or(BadLanguage)
    }
}
