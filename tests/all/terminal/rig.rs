//! The real binaries: an office in a process of its own, a handheld under a pseudo-terminal, another one as its scanner.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use serialport::{SerialPort, TTYPort};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Longest wait for anything that must come; so long that a busy machine is no failure.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn office_command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stockhand-office"));
    command.arg("--data").arg(data);
    command
}

/// Runs one command of the office; its standard output.
pub fn office(data: &Path, args: &[&str]) -> String {
    let done = office_command(data).args(args).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    let why = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{args:?}: {text}{why}");
    text
}

/// An office being served.
pub struct Serving {
    child: process::Child,
    pub address: String,
}

impl Serving {
    /// Serves at this address (port 0: any), and waits until it does.
    pub fn start(data: &Path, listen: &str) -> Self {
        let mut child = office_command(data)
            .args(["serve", "--listen", listen])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut notes = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = notes
            .find_map(|note| Some(note.ok()?.split_once("listening at ")?.1.to_owned()))
            .expect("it says where it listens");
        // Whoever closed this end would stop the office at its next note.
        std::thread::spawn(move || notes.for_each(drop));
        Self { child, address }
    }

    /// The office dies without a word.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Already dead after `kill`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A scanner at the other end of a pseudo-terminal.
pub struct Scanner {
    port: TTYPort,
    wire: TTYPort,
}

impl Scanner {
    pub fn new() -> Self {
        let (port, wire) = TTYPort::pair().unwrap();
        Self { port, wire }
    }

    pub fn device(&self) -> String {
        self.wire.name().unwrap()
    }

    pub fn scan(&mut self, label: &str) {
        self.write(format!("{label}\r").as_bytes());
    }

    pub fn write(&mut self, bytes: &[u8]) {
        self.port.write_all(bytes).unwrap();
    }
}

/// A handheld under a pseudo-terminal.
pub struct Handheld {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    // Held open: the terminal is gone when this is.
    _master: Box<dyn MasterPty + Send>,
    said: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// All that the terminal was sent, as it came.
    pub raw: Vec<u8>,
}

impl Handheld {
    /// Switches a handheld on, with its memory and configuration in this folder.
    pub fn start(home: &Path, scanner: &str, size: (u16, u16)) -> Self {
        Self::start_with(home, &[scanner], size)
    }

    /// The same with several scanners.
    pub fn start_with(home: &Path, scanners: &[&str], size: (u16, u16)) -> Self {
        Self::start_configured(home, &ports(scanners), size)
    }

    /// The same with these devices in its configuration.
    pub fn start_configured(home: &Path, devices: &str, (columns, rows): (u16, u16)) -> Self {
        let config = home.join("handheld.toml");
        std::fs::write(&config, format!("theme = \"mono\"\n{devices}")).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_stockhand"));
        command.arg("--config");
        command.arg(&config);
        command.arg("--data");
        command.arg(memory(home));
        command.env("TERM", "xterm-256color");
        command.env("TZ", "UTC");
        Self::spawn(command, columns, rows)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pty = native_pty_system().openpty(size).unwrap();
        let child = pty.slave.spawn_command(command).unwrap();
        let mut out = pty.master.try_clone_reader().unwrap();
        let (say, said) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(len @ 1..) = out.read(&mut bytes) {
                if say.send(bytes[..len].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            keys: pty.master.take_writer().unwrap(),
            _master: pty.master,
            said,
            screen: vt100::Parser::new(cells(rows), cells(columns), 0),
            raw: Vec::new(),
        }
    }

    /// Takes in what the terminal is sent until then, or until it is closed.
    pub fn look_until(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.said.recv_timeout(left) {
            Ok(bytes) => {
                self.screen.process(&bytes);
                self.raw.extend(bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Looks at the screen for so long.
    pub fn look_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.look_until(until);
        }
    }

    /// What stands on the screen, blanks folded.
    pub fn text(&self) -> String {
        let contents = self.screen.screen().contents();
        let words: Vec<&str> = contents.split_whitespace().collect();
        words.join(" ")
    }

    /// The screen, row by row.
    pub fn rows(&self) -> Vec<String> {
        let contents = self.screen.screen().contents();
        contents.lines().map(str::to_owned).collect()
    }

    /// Waits until the screen says this.
    pub fn wait_for(&mut self, words: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !self.text().contains(words) {
            assert!(
                self.look_until(deadline),
                "the screen never said {words:?}:\n{}",
                self.screen.screen().contents()
            );
        }
    }

    /// Waits until the screen says something else than this.
    pub fn wait_for_change(&mut self, from: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.text() == from {
            assert!(
                self.look_until(deadline),
                "the screen stays as it is: {from}"
            );
        }
    }

    pub fn keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn sign_in(&mut self, scanner: &mut Scanner) {
        self.wait_for("Scan your badge");
        scanner.scan("BADGE-101");
        self.wait_for("Key your PIN");
        self.keys("1101\r");
    }

    /// How often the bell was struck.
    pub fn strokes(&self) -> usize {
        self.raw.split(|&byte| byte == 7).count() - 1
    }

    /// The battery is pulled: SIGKILL, nothing is closed first.
    pub fn kill(mut self) {
        let id = self.id().to_string();
        let killed = Command::new("kill").args(["-9", &id]).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap();
    }

    /// The program is told to end, and does.
    pub fn leave(&mut self) {
        self.keys("\u{3}");
        let deadline = Instant::now() + PATIENCE;
        while self.look_until(deadline) {}
        assert!(self.child.wait().unwrap().success());
    }
}

/// The scanners of a configuration.
fn ports(scanners: &[&str]) -> String {
    let ports = scanners.iter().zip(1..).map(|(device, number)| {
        format!("[[port]]\nname = \"scanner-{number}\"\ndevice = \"{device}\"\n")
    });
    ports.collect()
}

fn cells(count: u16) -> std::num::NonZero<u16> {
    count.try_into().expect("a screen has cells")
}

/// The folder of a handheld's memory.
pub fn memory(home: &Path) -> PathBuf {
    home.join("memory")
}

/// Records for an office, from sheets by name.
pub fn import(data: &Path, home: &Path, sheets: &[(&str, impl AsRef<str>)]) {
    let folder = home.join("sheets");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in sheets {
        std::fs::write(folder.join(name), text.as_ref()).unwrap();
    }
    office(data, &["import", folder.to_str().unwrap()]);
}

/// Enrols the handheld of this folder by hand, as the set-up screen does: keys the office's text.
pub fn enrol(
    home: &Path,
    data: &Path,
    address: &str,
    scanner: &mut Scanner,
    size: (u16, u16),
) -> Handheld {
    let said = office(data, &["enrol", "--warehouse", "W1", "--address", address]);
    let invitation = said
        .lines()
        .find(|line| line.starts_with("stockhand:"))
        .unwrap();
    let mut handheld = Handheld::start(home, &scanner.device(), size);
    handheld.wait_for("Scan the enrolment code");
    handheld.wait_for(&scanner.device());
    scanner.scan(invitation);
    handheld.wait_for("This handheld belongs to");
    handheld
}
