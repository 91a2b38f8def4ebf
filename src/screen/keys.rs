//! Keys of the terminal become keys of the handheld, here and nowhere else.

use crate::handheld::Key;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What a terminal key means; none for keys that mean nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// A key of the handheld.
    Key(Key),
    /// What some scanners type after a label, and no handheld asks for.
    ScanEnd,
    /// A key of the demo's make-believe scanner.
    Trigger(Trigger),
    /// Leave the program. All that was acknowledged is on disk.
    Quit,
}

/// What the demo's make-believe scanner can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Scan what the step expects.
    Right,
    /// Scan something that the step does not expect.
    Wrong,
    /// Scan a code that is typed.
    Typed,
}

/// Reads a key event. Releases mean nothing; Ctrl-C and Ctrl-Q leave.
pub fn read(event: &KeyEvent) -> Option<Pressed> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let key = match event.code {
        KeyCode::Char('c' | 'q') if control => return Some(Pressed::Quit),
        // Ctrl-] is how a scanner that types sends the GS1 separator; terminals name that byte Ctrl-5.
        KeyCode::Char(']' | '5') if control => Key::Char('\u{1d}'),
        KeyCode::Char(_) if control || event.modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Backspace | KeyCode::Delete => Key::Backspace,
        KeyCode::Up | KeyCode::Left => Key::Up,
        KeyCode::Down | KeyCode::Right => Key::Down,
        KeyCode::F(number @ 1..=4) => Key::F(number),
        KeyCode::F(5) => return Some(Pressed::Trigger(Trigger::Right)),
        KeyCode::F(6) => return Some(Pressed::Trigger(Trigger::Wrong)),
        KeyCode::F(7) => return Some(Pressed::Trigger(Trigger::Typed)),
        KeyCode::Tab => return Some(Pressed::ScanEnd),
        _ => return None,
    };
    Some(Pressed::Key(key))
}
