//! Colours by name. Colour never carries meaning alone: a sign and a word always stand beside it.

use crate::handheld::Tone;
use ratatui::style::{Color, Modifier, Style};

/// How the screen is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// Sixteen colours on the terminal's own ground.
    #[default]
    Colour,
    /// No colours at all: bold and reverse only.
    Mono,
    /// White and yellow on black, for sunlight and tired eyes.
    HighContrast,
}

impl Theme {
    /// What everything stands on.
    pub const fn ground(self) -> Style {
        match self {
            Self::Colour | Self::Mono => Style::new(),
            Self::HighContrast => Style::new().fg(Color::White).bg(Color::Black),
        }
    }

    /// The bars at top and bottom.
    pub const fn bar(self) -> Style {
        match self {
            Self::Colour => Style::new().fg(Color::White).bg(Color::Blue),
            Self::Mono => Style::new().add_modifier(Modifier::REVERSED),
            Self::HighContrast => Style::new().fg(Color::Black).bg(Color::White),
        }
    }

    /// What to do now.
    pub const fn ask(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The one thing that must be read from an arm's length.
    pub const fn big(self) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        match self {
            Self::Mono => bold.add_modifier(Modifier::REVERSED),
            Self::Colour | Self::HighContrast => bold.fg(Color::Black).bg(Color::Yellow),
        }
    }

    /// What is less important.
    pub const fn quiet(self) -> Style {
        match self {
            Self::Colour => Style::new().fg(Color::DarkGray),
            Self::Mono | Self::HighContrast => Style::new(),
        }
    }

    /// The line that Enter takes.
    pub const fn cursor(self) -> Style {
        match self {
            Self::Colour | Self::Mono => Style::new().add_modifier(Modifier::REVERSED),
            Self::HighContrast => Style::new().fg(Color::Black).bg(Color::Yellow),
        }
    }

    /// The band that says what was accepted or refused.
    pub const fn notice(self, tone: Tone) -> Style {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        match (self, tone) {
            (Self::Colour, Tone::Good) => bold.fg(Color::Black).bg(Color::Green),
            (Self::Colour, Tone::Bad) => bold.fg(Color::White).bg(Color::Red),
            (Self::Colour, Tone::Note) => bold.fg(Color::Black).bg(Color::Cyan),
            (Self::Mono, Tone::Bad) => bold.add_modifier(Modifier::REVERSED),
            (Self::Mono, Tone::Good | Tone::Note) => bold,
            (Self::HighContrast, Tone::Bad) => bold.fg(Color::Black).bg(Color::Yellow),
            (Self::HighContrast, Tone::Good) => bold.fg(Color::Black).bg(Color::White),
            (Self::HighContrast, Tone::Note) => bold.fg(Color::White).bg(Color::Black),
        }
    }
}
