//! Keys of the terminal become keys of the handheld, here and nowhere else.

use crate::handheld::Key;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a terminal key means; none for keys that mean nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// A key of the handheld.
    Key(Key),
    /// Leave the program. All that was acknowledged is on disk.
    Quit,
}

/// Reads a key event. Releases mean nothing; Ctrl-C and Ctrl-Q leave.
pub fn read(event: &KeyEvent) -> Option<Pressed> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let key = match event.code {
        KeyCode::Char('c' | 'q') if control => return Some(Pressed::Quit),
        KeyCode::Char(_) if control || event.modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Backspace | KeyCode::Delete => Key::Backspace,
        KeyCode::Up | KeyCode::Left => Key::Up,
        KeyCode::Down | KeyCode::Right => Key::Down,
        KeyCode::F(number @ 1..=4) => Key::F(number),
        _ => return None,
    };
    Some(Pressed::Key(key))
}
