//! Plays a tape: what happened goes through the real `update`, a real memory on disk and the real `draw`.

use super::world;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::Path;
use std::time::Duration;
use stockhand::flow::{Ask, Refusal};
use stockhand::handheld::{
    Bell, Effect, Event, Identity, Key, Model, Notice, PortNews, Power, PrinterNews, PrinterState,
    Screen, Settings, SyncNews, begin,
};
use stockhand::label::{LabelKind, LabelState, Queued};
use stockhand::run::{Memory, settle};
use stockhand::scan::{Frame, Source, Tag};
use stockhand::screen::{self, Theme};
use stockhand::store::{Cache, Cursor};
use stockhand::warehouse::{Change, Entry, Fact, Language, SafeText, Task, Timestamp};

/// What a worker does or what happens to the handheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A label, heard by a scanner on a port.
    Heard(Vec<u8>),
    /// A label, heard so soon after the input before.
    Soon(Duration, Vec<u8>),
    /// A port comes or goes.
    Port(PortNews),
    /// Tags, heard by a reader within a tenth of a second.
    Tags(Vec<Tag>),
    /// A key.
    Key(Key),
    /// Time goes on.
    Wait(Duration),
    /// The scale says what is on it, in grams; or why it does not.
    Scale(Result<u32, SafeText>),
    /// The printer takes the label that has waited longest.
    Printed,
    /// The printer takes nothing; why.
    PrinterAway(SafeText),
    /// The sync threads tell something.
    Synced(SyncNews),
    /// The office calls goods back: the item, and the lot if there is one.
    Called(String),
    /// The battery is gone and comes back.
    Restart,
}

/// The handheld of a tape.
pub struct Player {
    dir: tempfile::TempDir,
    pub model: Model,
    memory: Option<Memory>,
    pub now: Timestamp,
    pub bells: Vec<Bell>,
    pub asks: Vec<&'static str>,
    pub refusals: Vec<Refusal>,
    has_reader: bool,
    has_printer: bool,
    /// Whether the reader was told to send.
    pub radio: bool,
    /// Effects carried out so far, and the one after which the power goes.
    effects: usize,
    dies_after: Option<usize>,
    pub died: bool,
}

fn start() -> Timestamp {
    "2026-11-24T09:30:00Z".parse().unwrap()
}

impl Player {
    /// A handheld just switched on, in the world with these tasks. `dies_after`: so many effects, then the power goes.
    pub fn new(
        tasks: &[Task],
        (has_reader, has_printer): (bool, bool),
        dies_after: Option<usize>,
    ) -> Self {
        // What a cut of power does to a disk is for other tests; here it may be as fast as memory.
        let dir = match Path::new("/dev/shm") {
            memory if memory.is_dir() => tempfile::tempdir_in(memory).unwrap(),
            _ => tempfile::tempdir().unwrap(),
        };
        let mut cache = Cache::open(dir.path()).unwrap();
        let mut changes = world::changes();
        changes.extend(tasks.iter().cloned().map(Box::new).map(Change::Task));
        let cursor = Cursor {
            next: 1,
            incarnation: "one".into(),
            confirmed: (0, 0),
        };
        cache.apply(&changes, &cursor).unwrap();
        let mut player = Self {
            model: model(start(), has_reader, has_printer),
            memory: None,
            now: start(),
            bells: Vec::new(),
            asks: Vec::new(),
            refusals: Vec::new(),
            has_reader,
            has_printer,
            radio: false,
            effects: 0,
            dies_after,
            died: false,
            dir,
        };
        player.switch_on();
        player
    }

    fn switch_on(&mut self) {
        self.memory = None;
        self.model = model(self.now, self.has_reader, self.has_printer);
        self.radio = false;
        let mut memory = open(self.dir.path(), self.now);
        if self.has_printer {
            memory.print(LabelKind::ALL.to_vec()).unwrap();
        }
        self.memory = Some(memory);
        for effect in begin() {
            let events = self.carry_out(self.now, effect);
            events.into_iter().for_each(|event| self.event(event));
        }
        let unsent = self.memory.as_ref().unwrap().unsent();
        self.event(unsent);
        self.event(Event::Ticked(Some(Power {
            percent: 80,
            charging: false,
        })));
        self.event(Event::Synced(SyncNews::Online));
    }

    /// The power goes and comes back; the worker signs in again where the tape had signed in.
    pub fn survive(&mut self, signed_in: bool) {
        self.dies_after = None;
        self.died = false;
        self.switch_on();
        if signed_in {
            self.sign_in();
        }
    }

    /// Whoever had it signs in again; Picker 1 if nobody had.
    pub fn sign_in(&mut self) {
        let who = self
            .journal()
            .into_iter()
            .rev()
            .find_map(|entry| match entry.fact {
                Fact::SignedIn { worker } => Some(worker.to_string()),
                _ => None,
            });
        let who = who.unwrap_or_else(|| "1".to_owned());
        self.input(&Input::Heard(format!("BADGE-{who}").into_bytes()));
        for key in who.repeat(4).chars().map(Key::Char).chain([Key::Enter]) {
            self.input(&Input::Key(key));
        }
    }

    pub fn input(&mut self, input: &Input) {
        let passes = match input {
            Input::Soon(time, _) | Input::Wait(time) => *time,
            Input::Tags(_) => Duration::from_millis(100),
            _ => Duration::from_secs(1),
        };
        self.now += passes;
        match input {
            Input::Heard(bytes) | Input::Soon(_, bytes) => self.event(Event::Heard(Frame {
                source: Source::Scanner,
                port: "scanner".into(),
                bytes: bytes.clone(),
            })),
            Input::Port(news) => self.event(Event::Port(news.clone())),
            Input::Tags(tags) => self.event(Event::Seen(tags.clone())),
            Input::Key(key) => self.event(Event::Pressed(*key)),
            Input::Wait(_) => self.event(Event::Ticked(self.model.power)),
            Input::Synced(news) => self.event(Event::Synced(news.clone())),
            Input::Scale(said) => self.event(Event::Weighed(said.clone())),
            Input::PrinterAway(why) => self.printer(PrinterState::Away(why.clone())),
            Input::Printed => {
                let memory = self.memory.as_mut().expect("it is switched on");
                if let Some(label) = memory.next_label(&LabelKind::ALL).unwrap() {
                    memory.settle_label(label.id, LabelState::Printed).unwrap();
                }
                self.printer(PrinterState::Ready);
            }
            Input::Called(what) => {
                let mut cache = Cache::open(self.dir.path()).unwrap();
                let cursor = Cursor {
                    next: 2,
                    incarnation: "one".into(),
                    confirmed: (0, 0),
                };
                cache.apply(&[world::called(what)], &cursor).unwrap();
                self.event(Event::Synced(SyncNews::CacheChanged));
            }
            Input::Restart => self.switch_on(),
        }
    }

    fn printer(&mut self, state: PrinterState) {
        let name = "printer".into();
        self.event(Event::Printer(PrinterNews { name, state }));
    }

    /// The labels that facts called for, oldest first, with where they stand.
    pub fn labels(&self) -> Vec<String> {
        let memory = self.memory.as_ref().expect("it is switched on");
        let rows = memory.labels().unwrap();
        let said = |row: &Queued| {
            let fields: Vec<String> = row
                .label
                .fields
                .iter()
                .map(|(name, text)| format!("{name}={text}"))
                .collect();
            let rows: Vec<&str> = row.label.rows.iter().map(SafeText::as_str).collect();
            let (kind, state) = (row.label.kind.name(), row.state.name());
            format!("{kind} {state} {} {}", fields.join(" "), rows.join(" / "))
        };
        rows.iter().rev().map(said).collect()
    }

    fn event(&mut self, event: Event) {
        if self.died {
            return;
        }
        let mut model = self.model.clone();
        settle(&mut model, self.now, event, |effect| {
            self.carry_out(self.now, effect)
        });
        if self.died {
            return;
        }
        self.model = model;
        self.watch();
    }

    fn carry_out(&mut self, now: Timestamp, effect: Effect) -> Vec<Event> {
        if self.died {
            return Vec::new();
        }
        let memory = self.memory.as_mut().expect("it is switched on");
        let events = match effect {
            Effect::Record(record) => memory.record(now, &record),
            Effect::Ask(query) => vec![memory.ask(&query)],
            Effect::CheckPin { worker, pin } => {
                memory.check_pin(now, &worker, &pin, Duration::from_secs(3600))
            }
            Effect::Sound(bell) => {
                self.bells.push(bell);
                Vec::new()
            }
            Effect::Radio(on) => {
                self.radio = on;
                Vec::new()
            }
            Effect::Sync
            | Effect::Weigh
            | Effect::HurryPrinters
            | Effect::Claim(_)
            | Effect::Enrol(_)
            | Effect::Practise(_)
            | Effect::Quit => Vec::new(),
        };
        self.effects += 1;
        if self.dies_after == Some(self.effects) {
            self.died = true;
            return Vec::new();
        }
        events
    }

    /// Remembers which questions and refusals were on the screen.
    fn watch(&mut self) {
        if let (Screen::Work(_), Some(work)) = (&self.model.screen, &self.model.work) {
            self.asks.push(ask_name(&work.prompt().ask));
        }
        if let Some(Notice::Refused(why) | Notice::PartRead(why)) = &self.model.notice {
            self.refusals.push(why.clone());
        }
    }

    /// All facts on disk.
    pub fn journal(&self) -> Vec<Entry> {
        let memory = self.memory.as_ref().expect("it is switched on");
        memory.journal().read().entries_since(0).unwrap()
    }

    pub fn effects(&self) -> usize {
        self.effects
    }

    /// The screen as cells.
    pub fn painted(&self, theme: Theme, width: u16, height: u16) -> Buffer {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let area = Rect::new(0, 0, width, height);
        terminal
            .draw(|frame| screen::draw(&self.model, theme, frame, area))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as rows of text in a language.
    pub fn screen_in(&mut self, language: Language, width: u16, height: u16) -> Vec<String> {
        let before = std::mem::replace(&mut self.model.settings.language, language);
        let rows = self.screen(width, height);
        self.model.settings.language = before;
        rows
    }

    /// The screen as rows of text.
    pub fn screen(&self, width: u16, height: u16) -> Vec<String> {
        let buffer = self.painted(Theme::Colour, width, height);
        (0..height)
            .map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect())
            .collect()
    }
}

fn open(dir: &Path, now: Timestamp) -> Memory {
    let (memory, _, healings) = Memory::open(dir, now).unwrap();
    assert_eq!(healings, [], "a cut of power at an effect damages nothing");
    memory
}

fn model(now: Timestamp, has_reader: bool, has_printer: bool) -> Model {
    let identity = Identity {
        device: "HH-001".into(),
        warehouse: "W1".parse().unwrap(),
        warehouse_name: world::warehouse_name(),
    };
    let settings = Settings {
        has_reader,
        has_printer,
        // Whoever has a label printer at a bench has a scale there too.
        has_scale: has_printer,
        ..Settings::default()
    };
    Model::new(settings, now, Some(identity))
}

/// The name of a question; a new one does not compile without one.
pub const fn ask_name(ask: &Ask) -> &'static str {
    match ask {
        Ask::GoToBin(_) => "GoToBin",
        Ask::TakeGoods(_) => "TakeGoods",
        Ask::BindTote(_) => "BindTote",
        Ask::FetchTotes(_) => "FetchTotes",
        Ask::FetchTote(..) => "FetchTote",
        Ask::PassOn(..) => "PassOn",
        Ask::PutInTote(..) => "PutInTote",
        Ask::Weigh => "Weigh",
        Ask::IsBinEmpty(_) => "IsBinEmpty",
        Ask::HowManyLeft(_) => "HowManyLeft",
        Ask::BringTo(_) => "BringTo",
        Ask::NothingPicked => "NothingPicked",
        Ask::ScanGoods(_) => "ScanGoods",
        Ask::PutInto(_) => "PutInto",
        Ask::HowMany(_) => "HowMany",
        Ask::FillCarton(_) => "FillCarton",
        Ask::CloseCarton(..) => "CloseCarton",
        Ask::GoToDoor(_) => "GoToDoor",
        Ask::BuildPallet(..) => "BuildPallet",
        Ask::LoadCarton(..) => "LoadCarton",
        Ask::Seal(_) => "Seal",
        Ask::HandOver(..) => "HandOver",
        Ask::NotTaken(..) => "NotTaken",
        Ask::DeliveryCode(_) => "DeliveryCode",
        Ask::Receiver(_) => "Receiver",
        Ask::TakeCarton(..) => "TakeCarton",
        Ask::WeighCarton(..) => "WeighCarton",
        Ask::IsWeightRight(..) => "IsWeightRight",
        Ask::TakePlate(..) => "TakePlate",
        Ask::ScanToMove => "ScanToMove",
        Ask::TakeAny(_) => "TakeAny",
        Ask::Bring(_) => "Bring",
        Ask::Complete(_) => "Complete",
        Ask::ScanBinToCount => "ScanBinToCount",
        Ask::CountGoods(_) => "CountGoods",
        Ask::ScanToJudge => "ScanToJudge",
        Ask::Judge(_) => "Judge",
        Ask::ScanReturnBin => "ScanReturnBin",
        Ask::ScanReturned => "ScanReturned",
        Ask::NameLot => "NameLot",
        Ask::MakeInto(_) => "MakeInto",
        Ask::TakeApart(_) => "TakeApart",
        Ask::PutParts(_) => "PutParts",
        Ask::Door => "Door",
        Ask::PutDown => "PutDown",
        Ask::Receive => "Receive",
        Ask::ReceiveOnto(_) => "ReceiveOnto",
        Ask::CheckPlate(_) => "CheckPlate",
        Ask::Tell(_) => "Tell",
        Ask::AllIn => "AllIn",
        Ask::Done => "Done",
    }
}
