//! The terminal as the handheld's screen: taken over at the start, given back at the end, whatever the end is.

use crate::demo::Scanner;
use crate::handheld::Model;
use crate::screen::{self, Theme};
use crate::warehouse::SafeText;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use std::io::{self, Stdout, Write};

/// The whole terminal.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Screen {
    /// Takes the terminal over.
    pub fn open() -> io::Result<Self> {
        enable_raw_mode()?;
        let opened = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)
            .and_then(|()| Terminal::new(CrosstermBackend::new(io::stdout())));
        match opened {
            Ok(terminal) => Ok(Self { terminal }),
            Err(why) => {
                give_back();
                Err(why)
            }
        }
    }

    /// Draws the handheld; below it, in the demo, the make-believe scanner.
    pub fn draw(
        &mut self,
        model: &Model,
        theme: Theme,
        scanner: Option<&Scanner>,
    ) -> io::Result<()> {
        self.terminal.draw(|frame| {
            let whole = frame.area();
            let rows = scanner.map_or(0, |scanner| scanner.rows(whole.width));
            let (above, below) = screen::split(whole, rows);
            screen::draw(model, theme, frame, above);
            if let Some(scanner) = scanner {
                scanner.draw(model, frame, below);
            }
        })?;
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back. What fails here fails because there is no terminal any more.
fn give_back() {
    let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen);
    let _ = disable_raw_mode();
    let _ = execute!(io::stdout(), crossterm::cursor::Show);
}

/// A fault of the program, on whatever thread, gives the terminal back, says what happened and ends the program:
/// the restart stands where the journal stands.
pub fn restore_on_panic() {
    std::panic::set_hook(Box::new(|fault| {
        give_back();
        let said = SafeText::new(&fault.to_string().replace('\n', " "));
        let _ = writeln!(
            io::stderr(),
            "Stockhand met a fault of its own and ended. All that was acknowledged is saved; start it again.\n{said}"
        );
        std::process::exit(101);
    }));
}
