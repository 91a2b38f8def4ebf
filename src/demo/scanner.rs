//! A make-believe scanner: writes to a real pseudo-terminal, which the handheld opens as its serial port.

use super::labels;
use super::reader::Reader;
use crate::handheld::{Key, Model, Screen};
use crate::screen::keys::Trigger;
use crate::warehouse::SafeText;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::widgets::Paragraph;
use serialport::{SerialPort, TTYPort};
use std::io::Write;

/// Longest code that can be typed.
const LONGEST: usize = 200;

/// The scanner, with its strip at the bottom of the screen.
pub struct Scanner {
    port: TTYPort,
    // Held open: a pseudo-terminal that nobody has open at this end would be lost between two readers.
    wire: TTYPort,
    pin: String,
    typing: Option<String>,
    said: String,
    wrongs: usize,
    reader: Reader,
}

impl Scanner {
    /// A scanner on a new pseudo-terminal, and its RFID reader on another. `pin` is what the strip says to key after the badge.
    pub fn new(pin: &str) -> serialport::Result<Self> {
        let (port, wire) = TTYPort::pair()?;
        Ok(Self {
            port,
            wire,
            pin: pin.to_owned(),
            typing: None,
            said: String::new(),
            wrongs: 0,
            reader: Reader::new()?,
        })
    }

    /// The device file that the handheld is to open.
    pub fn device(&self) -> String {
        self.wire.name().unwrap_or_default()
    }

    /// The device file of the RFID reader that is built into it; it speaks TSL's ASCII protocol.
    pub fn reader_device(&self) -> String {
        self.reader.device()
    }

    /// Lets the reader hear what is around where the worker is now.
    pub fn watch(&self, model: &Model) {
        self.reader.watch(model);
    }

    /// Pulls the trigger.
    pub fn pull(&mut self, trigger: Trigger, model: &Model) {
        match trigger {
            Trigger::Right => match labels::right(model) {
                Some(label) => self.send(&label),
                None => self.said = self.tip(model),
            },
            Trigger::Wrong => {
                let label = labels::wrong(model, self.wrongs);
                self.wrongs += 1;
                self.send(&label);
            }
            Trigger::Typed => self.typing = Some(String::new()),
        }
    }

    fn tip(&self, model: &Model) -> String {
        match &model.screen {
            Screen::SignIn(_) => format!("PIN {}, Enter", self.pin),
            Screen::Menu { .. } => "key 1: next task".to_owned(),
            _ => "no label: key, or F7".to_owned(),
        }
    }

    /// Takes a key if a code is being typed; whether it did.
    pub fn typed(&mut self, key: Key) -> bool {
        let Some(typing) = &mut self.typing else {
            return false;
        };
        match key {
            Key::Char(c) if typing.len() < LONGEST => typing.push(c),
            Key::Backspace => {
                typing.pop();
            }
            Key::Enter => {
                let code = self.typing.take().unwrap_or_default();
                if !code.is_empty() {
                    self.send(&code);
                }
            }
            Key::Esc => self.typing = None,
            Key::Char(_) | Key::Up | Key::Down | Key::F(_) => {}
        }
        true
    }

    fn send(&mut self, label: &str) {
        let sent = self
            .port
            .write_all(label.as_bytes())
            .and_then(|()| self.port.write_all(b"\r"));
        self.said = match sent {
            Ok(()) => SafeText::new(label).to_string(),
            Err(why) => format!("the wire is stuck: {why}"),
        };
    }

    /// How many rows the strip needs at this width.
    pub const fn rows(&self, width: u16) -> u16 {
        if width >= 60 { 1 } else { 2 }
    }

    /// Draws the strip.
    pub fn draw(&self, model: &Model, frame: &mut Frame, area: Rect) {
        let said = match (&self.typing, &model.screen) {
            (Some(typing), _) => format!("code: {typing}_"),
            (None, Screen::SignIn(sign_in)) if sign_in.who.is_some() => self.tip(model),
            (None, _) => self.said.clone(),
        };
        let keys = if area.width >= 30 {
            "F5 scan F6 wrong F7 type"
        } else {
            "F5scan F6wrong F7typ"
        };
        let gap = if area.height > 1 { "\n" } else { " | " };
        let style = Style::new().fg(Color::Black).bg(Color::Gray);
        frame.render_widget(
            Paragraph::new(format!("{keys}{gap}{said}")).style(style),
            area,
        );
    }
}
