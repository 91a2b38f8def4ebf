//! A tape as text: what happened, and in between what must be seen.
//!
//! ```text
//! size 20x16                         the screen (this is the size if none is given)
//! task pick SO-1: A-01-03 BOLT x2    what there is to do; see `world::task`
//! reader                             an RFID reader belongs to the handheld
//! printer                            a label printer belongs to the handheld; `printer away why`: it takes nothing
//! scale 1250                         the scale says so many grams, or why it does not
//! printed                            it took the label that has waited longest
//! label carton waiting order=SO-1    the next label since the last such line: its kind, where it stands, what it says
//! begin                              Picker 1 signs in and takes the first task
//! heard ]C0A-01-03                   a label; <1D> is a byte by its number
//! soon 100ms ]C0A-01-03              a label, so soon after what was before (all else takes a second)
//! port scanner /dev/ttyACM0           a port is open on a device; without a device it is lost
//! tags 3034…@-52 E280…               what a reader heard in a tenth of a second: EPC in hex, dBm if it tells
//! keys 1 2 Enter F3                  keys
//! wait 200ms                         time
//! offline no signal                  the sync threads' news; also: online, changed, outcome and what the office says
//! called MILK L1                     the office calls goods back: an item, or a lot of it
//! restart                            the battery is gone and comes back
//! screen                             the whole screen, row by row, between bars
//! |...|
//! says Go to A-01-03                 the screen holds these words
//! bells good bad                     what was rung since the last such line
//! radio on                           whether the reader sends
//! fact picked line=1 quantity=2      the next row of the journal since the last such line
//! nothing                            no more rows than those named
//! ```

use super::player::{Input, Player};
use super::world;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use stockhand::handheld::{Bell, Framing, Key, PortNews, SyncNews};
use stockhand::scan::{LineEnd, RawEpc, Signal, Tag};
use stockhand::warehouse::{Fact, Task};

pub struct Tape {
    pub name: String,
    path: PathBuf,
    pub lines: Vec<String>,
    pub tasks: Vec<Task>,
    /// Whether an RFID reader belongs to the handheld.
    pub has_reader: bool,
    /// Whether a label printer belongs to it.
    pub has_printer: bool,
    size: (u16, u16),
}

/// All tapes below a folder.
pub fn all() -> Vec<Tape> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tapes");
    let mut tapes = Vec::new();
    for folder in std::fs::read_dir(&root).unwrap().flatten() {
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            if file.path().extension().is_some_and(|end| end == "tape") {
                tapes.push(Tape::read(&root, &file.path()));
            }
        }
    }
    tapes.sort_by(|a, b| a.name.cmp(&b.name));
    tapes
}

impl Tape {
    fn read(root: &Path, path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.strip_prefix(root).unwrap().with_extension("");
        let mut tape = Self {
            name: name.to_string_lossy().into_owned(),
            path: path.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
            tasks: Vec::new(),
            has_reader: false,
            has_printer: false,
            size: (20, 16),
        };
        for line in text.lines() {
            tape.has_reader |= line == "reader";
            tape.has_printer |= line == "printer";
            if let Some(task) = line.strip_prefix("task ") {
                let number = u32::try_from(tape.tasks.len()).unwrap() + 1;
                tape.tasks.push(world::task(task, number));
            }
            if let Some(size) = line.strip_prefix("size ") {
                let (width, height) = size.split_once('x').unwrap();
                tape.size = (width.parse().unwrap(), height.parse().unwrap());
            }
        }
        tape
    }

    /// Plays the tape and compares all that must be seen. With `STOCKHAND_BLESS` set, the drawings are written anew.
    pub fn play(&self) -> (Player, Vec<String>) {
        let bless = std::env::var_os("STOCKHAND_BLESS").is_some();
        let mut wrong = Vec::new();
        let mut player = Player::new(&self.tasks, self.hardware(), None);
        let mut checked = Checked::default();
        let mut blessed = String::new();
        let mut at = 0;
        while at < self.lines.len() {
            let line = &self.lines[at];
            let _ = writeln!(blessed, "{line}");
            at += 1;
            let (word, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            if word == "screen" {
                let drawn = self.lines[at..]
                    .iter()
                    .take_while(|line| line.starts_with('|'));
                let drawn: Vec<&String> = drawn.collect();
                at += drawn.len();
                let shown: Vec<String> = player
                    .screen(self.size.0, self.size.1)
                    .into_iter()
                    .map(|row| format!("|{row}|"))
                    .collect();
                shown.iter().for_each(|row| {
                    let _ = writeln!(blessed, "{row}");
                });
                let drawn: Vec<String> = drawn.into_iter().cloned().collect();
                if !bless && drawn != shown {
                    let (shown, drawn) = (shown.join("\n"), drawn.join("\n"));
                    wrong.push(format!(
                        "{} line {at}: the screen is\n{shown}\nand not\n{drawn}",
                        self.name
                    ));
                }
                continue;
            }
            for input in inputs(word, rest) {
                player.input(&input);
            }
            if let Err(why) = checked.look(&player, self, word, rest) {
                wrong.push(format!("{} line {at}: {line}: {why}", self.name));
            }
        }
        if bless {
            std::fs::write(&self.path, blessed).unwrap();
        }
        (player, wrong)
    }

    /// Whether it has a reader, and a printer.
    pub const fn hardware(&self) -> (bool, bool) {
        (self.has_reader, self.has_printer)
    }

    /// What happened, without what must be seen.
    pub fn inputs(&self) -> Vec<Input> {
        let split = |line: &String| {
            let (word, rest) = line.split_once(' ').unwrap_or((line.as_str(), ""));
            inputs(word, rest)
        };
        self.lines.iter().flat_map(split).collect()
    }
}

/// How far a tape's checks have come.
#[derive(Default)]
struct Checked {
    bells: usize,
    facts: usize,
    labels: usize,
}

impl Checked {
    fn look(&mut self, player: &Player, tape: &Tape, word: &str, rest: &str) -> Result<(), String> {
        match word {
            "says" => {
                let rows = player.screen(tape.size.0, tape.size.1);
                let text = rows.join(" ");
                let text: Vec<&str> = text.split_whitespace().collect();
                if !text.join(" ").contains(rest) {
                    return Err(format!("the screen is\n{}", rows.join("\n")));
                }
            }
            "bells" => {
                let rung: Vec<&str> = player.bells[self.bells..]
                    .iter()
                    .copied()
                    .map(bell)
                    .collect();
                self.bells = player.bells.len();
                if rung.join(" ") != rest.trim_start_matches("none") {
                    return Err(format!("rung were {}", rung.join(" ")));
                }
            }
            "fact" => {
                let journal = player.journal();
                let entry = journal.get(self.facts).ok_or("there is no such row")?;
                self.facts += 1;
                if !says(&entry.fact, rest) {
                    return Err(format!("it is {:?}", entry.fact));
                }
            }
            "label" => {
                let labels = player.labels();
                let label = labels.get(self.labels).ok_or("there is no such label")?;
                self.labels += 1;
                if !rest.split(", ").all(|part| label.contains(part)) {
                    return Err(format!("it is {label}"));
                }
            }
            "nothing" => {
                let more = player.journal().split_off(self.facts);
                if let Some(entry) = more.first() {
                    return Err(format!("there is {:?}", entry.fact));
                }
            }
            "radio" => {
                let radio = if player.radio { "on" } else { "off" };
                if radio != rest {
                    return Err(format!("it is {radio}"));
                }
            }
            "" | "#" | "size" | "task" | "reader" | "printer" | "printed" | "scale" | "tags"
            | "port" | "heard" | "soon" | "keys" | "wait" | "restart" | "offline" | "online"
            | "changed" | "called" | "outcome" | "sign" | "begin" => {}
            _ => return Err("that is no word of a tape".to_owned()),
        }
        if matches!(word, "begin" | "sign") {
            self.facts = player.journal().len();
            self.bells = player.bells.len();
        }
        Ok(())
    }
}

const fn bell(bell: Bell) -> &'static str {
    match bell {
        Bell::Good => "good",
        Bell::Bad => "bad",
        Bell::Done => "done",
    }
}

/// Whether a fact has this name and these values, `goods.lot=L1` for those inside.
fn says(fact: &Fact, words: &str) -> bool {
    let json = serde_json::to_value(fact).unwrap();
    words.split_whitespace().enumerate().all(|(at, word)| {
        let (path, wanted) = if at == 0 {
            ("fact", word)
        } else {
            word.split_once('=').expect("name=value")
        };
        let pointer = format!("/{}", path.replace('.', "/"));
        let text = match json.pointer(&pointer) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "none".to_owned(),
        };
        text == wanted
    })
}

fn inputs(word: &str, rest: &str) -> Vec<Input> {
    let typed = |text: &str| text.chars().map(Key::Char).collect::<Vec<Key>>();
    let sign_in = || {
        let keys = typed("1111").into_iter().chain([Key::Enter]);
        std::iter::once(Input::Heard(b"BADGE-1".to_vec()))
            .chain(keys.map(Input::Key))
            .collect::<Vec<_>>()
    };
    match word {
        "sign" => sign_in(),
        "begin" => {
            let mut inputs = sign_in();
            inputs.push(Input::Key(Key::Char('1')));
            inputs
        }
        "heard" => vec![Input::Heard(bytes(rest))],
        "port" => vec![Input::Port(port(rest))],
        "tags" => vec![Input::Tags(rest.split_whitespace().map(tag).collect())],
        "soon" => {
            let (after, label) = rest.split_once(' ').expect("a time and a label");
            vec![Input::Soon(time(after), bytes(label))]
        }
        "keys" => rest
            .split_whitespace()
            .flat_map(|key| match key {
                "Enter" => vec![Key::Enter],
                "Esc" => vec![Key::Esc],
                "Back" => vec![Key::Backspace],
                "Up" => vec![Key::Up],
                "Down" => vec![Key::Down],
                "F1" => vec![Key::F(1)],
                "F2" => vec![Key::F(2)],
                "F3" => vec![Key::F(3)],
                "F4" => vec![Key::F(4)],
                other => typed(other),
            })
            .map(Input::Key)
            .collect(),
        "printer" => match rest.strip_prefix("away ") {
            Some(why) => vec![Input::PrinterAway(why.into())],
            None => Vec::new(),
        },
        "scale" => vec![Input::Scale(rest.parse().map_err(|_| rest.into()))],
        "printed" => vec![Input::Printed],
        "wait" => vec![Input::Wait(time(rest))],
        "online" => vec![Input::Synced(SyncNews::Online)],
        "outcome" => vec![Input::Synced(SyncNews::Outcome(rest.into()))],
        "changed" => vec![Input::Synced(SyncNews::CacheChanged)],
        "offline" => vec![Input::Synced(SyncNews::Offline(rest.into()))],
        "called" => vec![Input::Called(rest.to_owned())],
        "restart" => vec![Input::Restart],
        _ => Vec::new(),
    }
}

/// A port: its name, and where it is open. One called reader is a reader.
fn port(text: &str) -> PortNews {
    let (name, device) = text
        .split_once(' ')
        .map_or((text, None), |(name, device)| (name, Some(device)));
    let is_reader = name == "reader";
    PortNews {
        name: name.into(),
        is_reader,
        open_on: device.map(Into::into),
        cut: if is_reader {
            Framing::Reader
        } else {
            Framing::Line(LineEnd::Auto)
        },
        why: if device.is_some() { "" } else { "unplugged" }.into(),
    }
}

/// A tag: `3034…@-52`, or without a strength.
fn tag(text: &str) -> Tag {
    let (hex, dbm) = text
        .split_once('@')
        .map_or((text, None), |(hex, dbm)| (hex, Some(dbm)));
    Tag {
        epc: RawEpc::from_hex(hex).unwrap(),
        pc: None,
        count: 1,
        signal: dbm.map(|dbm| Signal::dbm(dbm.parse().unwrap())),
    }
}

fn time(text: &str) -> Duration {
    match text.strip_suffix("ms") {
        Some(ms) => Duration::from_millis(ms.parse().unwrap()),
        None => Duration::from_secs(text.trim_end_matches('s').parse().unwrap()),
    }
}

/// The bytes of a label: `<1D>` is one byte, all else is text.
fn bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let (number, after) = after.split_once('>').expect("a byte ends in >");
        bytes.extend(before.bytes());
        bytes.push(u8::from_str_radix(number, 16).unwrap());
        rest = after;
    }
    bytes.extend(rest.bytes());
    bytes
}
