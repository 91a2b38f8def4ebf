//! Days of a warehouse in minutes: many handhelds and one office under a seeded scheduler that loses, repeats, delays
//! and cuts their calls, pulls batteries, turns clocks, stops the office and puts back its older copies.
//! The real handheld, its journal, cache and sync steps, and the real office; only the air between them is make-believe.

mod air;
mod checks;
mod dice;
mod faults;
mod world;

use crate::converge::Handheld;
use air::{Air, Counts, Letter, Line};
use chrono::TimeDelta;
pub use dice::Dice;
use std::path::PathBuf;
use stockhand::office::rules::Rules;
use stockhand::office::{Office, backup};
use stockhand::sync::{Brought, RefusedKind};
use stockhand::warehouse::Timestamp;

/// Ten years, in seconds.
const TEN_YEARS: i64 = 10 * 365 * 86_400;
/// Between two rounds of the office, in seconds.
const ROUND: i64 = 600;

/// What is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub seed: u64,
    pub handhelds: usize,
    pub hours: u32,
}

/// What was simulated.
#[derive(Debug, Default)]
pub struct Figures {
    pub device_hours: u64,
    pub facts: u64,
    pub counts: Counts,
}

/// A handheld and what surrounds it.
struct Hand {
    it: Handheld,
    token: String,
    /// When it is its turn.
    next: i64,
    air: Air,
    air_until: i64,
    /// How wrong its clock is, in seconds.
    skew: i64,
    /// Another handheld bears its name: the office waits for a person.
    is_frozen: bool,
    /// That other one.
    twin: Option<Handheld>,
}

struct Sim {
    dice: Dice,
    folder: tempfile::TempDir,
    office: Option<Office>,
    hands: Vec<Hand>,
    now: i64,
    /// How wrong the office's clock is, in seconds.
    skew: i64,
    orders: u64,
    copies: Vec<PathBuf>,
    late: Vec<Letter>,
    figures: Figures,
}

fn start() -> Timestamp {
    "2027-03-01T06:00:00Z".parse().unwrap()
}

fn clock(now: i64, skew: i64) -> Timestamp {
    start() + TimeDelta::seconds(now + skew)
}

/// Simulates, and looks at everything in the end. Panics with what does not hold.
pub fn simulate(plan: Plan) -> Figures {
    let mut sim = Sim::new(plan);
    let end = i64::from(plan.hours) * 3600;
    let mut round = ROUND;
    loop {
        let (at, who) = sim.next();
        if at >= end {
            break;
        }
        while round <= at {
            sim.now = round;
            sim.office_round();
            round += ROUND;
        }
        sim.now = at;
        sim.turn(who);
    }
    sim.now = end;
    sim.come_to_rest();
    checks::all(&sim);
    sim.figures.device_hours = u64::from(plan.hours) * plan.handhelds as u64;
    sim.figures.facts = sim
        .hands
        .iter()
        .map(|hand| hand.it.beeped.len() as u64)
        .sum();
    sim.figures
}

impl Sim {
    fn new(plan: Plan) -> Self {
        let folder = match std::path::Path::new("/dev/shm") {
            memory if memory.is_dir() => tempfile::tempdir_in(memory).unwrap(),
            _ => tempfile::tempdir().unwrap(),
        };
        let office = Office::open(&backup::database_in(folder.path())).unwrap();
        office
            .import(start(), &world::start(plan.handhelds))
            .unwrap();
        let main = "W1".parse().unwrap();
        let rules: Rules = serde_json::from_str(r#"{"carts": {"totes": 3}}"#).unwrap();
        office.set_rules(&main, &rules).unwrap();
        let mut sim = Self {
            dice: Dice::new(plan.seed),
            office: None,
            hands: Vec::new(),
            now: 0,
            skew: 0,
            orders: 0,
            copies: Vec::new(),
            late: Vec::new(),
            figures: Figures::default(),
            folder,
        };
        for number in 0..plan.handhelds {
            let (it, token) = Handheld::enrolled(sim.folder.path(), &office, number);
            sim.hands.push(Hand {
                it,
                token,
                next: i64::try_from(sim.dice.below(600)).unwrap(),
                air: Air::Clear,
                air_until: 0,
                skew: 0,
                is_frozen: false,
                twin: None,
            });
        }
        sim.office = Some(office);
        for _ in 0..4 {
            sim.take_news();
        }
        sim.copy();
        for who in 0..plan.handhelds {
            sim.settle(who);
        }
        sim
    }

    fn office(&self) -> &Office {
        self.office.as_ref().expect("it is open between two steps")
    }

    fn next(&self) -> (i64, usize) {
        let turns = self.hands.iter().map(|hand| hand.next).zip(0..);
        turns.min().expect("there are handhelds")
    }

    fn count(&mut self, what: &'static str) {
        *self.figures.counts.entry(what).or_default() += 1;
    }

    /// What a handheld and its worker do next, and when they will do the thing after.
    fn turn(&mut self, who: usize) {
        let now = self.now;
        if self.hands[who].is_frozen {
            self.hands[who].next = i64::MAX;
            return;
        }
        if self.hands[who].air_until <= now {
            let until = now + i64::try_from(self.dice.from(60, 3600)).unwrap();
            self.hands[who].air = Air::draw(&mut self.dice);
            self.hands[who].air_until = until;
        }
        self.mishap(who);
        let what = u8::try_from(self.dice.below(95)).unwrap();
        let hand = &mut self.hands[who];
        hand.it.now = clock(now, hand.skew);
        hand.it.act(what);
        if self.dice.percent(30) {
            self.sync(who);
        }
        let pause = match self.dice.below(400) {
            0 => self.dice.from(4 * 3600, 10 * 3600),
            1..=6 => self.dice.from(600, 2700),
            _ => self.dice.from(8, 120),
        };
        self.hands[who].next = now + i64::try_from(pause).unwrap();
    }

    fn mishap(&mut self, who: usize) {
        if self.dice.once_in(150) {
            self.count("batteries pulled");
            self.hands[who].it.switch_on();
        }
        if self.dice.once_in(500) {
            self.count("clocks of handhelds turned");
            let years = self.dice.from(0, 2);
            self.hands[who].skew = (i64::try_from(years).unwrap() - 1) * TEN_YEARS;
        }
        if self.dice.once_in(600) {
            self.clone_disk(who);
        }
        if self.dice.once_in(40) && !self.late.is_empty() {
            let at = usize::try_from(self.dice.below(self.late.len() as u64)).unwrap();
            let letter = self.late.swap_remove(at);
            let clock = clock(self.now, self.skew);
            let office = self.office();
            if let Ok(device) = office.device_of(&letter.token) {
                // What it answers is heard by nobody.
                let _ = office.push(clock, &device, &letter.push);
            }
        }
    }

    /// Two handhelds have the same disk and go on, each on its own: the office must see it, and a person must look.
    fn clone_disk(&mut self, who: usize) {
        self.count("disks of handhelds copied");
        let dir = self.folder.path().join(format!("twin-{who}-{}", self.now));
        let clock = clock(self.now, self.skew);
        let hand = &mut self.hands[who];
        let mut twin = hand.it.twin(dir);
        twin.now += TimeDelta::days(3);
        for one in [&mut hand.it, &mut twin] {
            let before = one.beeped.len();
            let acts = (0..200).take_while(|_| {
                one.act(0);
                one.beeped.len() == before
            });
            if acts.count() == 200 {
                // Nothing is left to do for this worker: nothing tells the two apart.
                return;
            }
        }
        let office = self.office.as_ref().expect("it is open between two steps");
        let both = [&mut hand.it, &mut twin];
        for one in both {
            let mut line = Line {
                office,
                token: &hand.token,
                clock,
                air: Air::Clear,
                dice: &mut self.dice,
                counts: &mut self.figures.counts,
                late: &mut self.late,
            };
            while !one.push(&mut line) && office.device_of(&hand.token).is_ok() {}
        }
        hand.is_frozen = true;
        hand.twin = Some(twin);
        let refused = office
            .device_of(&hand.token)
            .map_err(|why| why.answer().kind);
        assert_eq!(
            refused,
            Err(RefusedKind::Fork),
            "two of one name are told apart"
        );
    }

    fn line(&mut self, who: usize) -> (&mut Handheld, Line<'_>) {
        let hand = &mut self.hands[who];
        let line = Line {
            office: self.office.as_ref().expect("it is open between two steps"),
            token: &hand.token,
            clock: clock(self.now, self.skew),
            air: hand.air,
            dice: &mut self.dice,
            counts: &mut self.figures.counts,
            late: &mut self.late,
        };
        (&mut hand.it, line)
    }

    /// One push, one pull and now and then a claim. Whether all were answered and nothing more is to come.
    fn sync(&mut self, who: usize) -> bool {
        let (it, mut line) = self.line(who);
        let pushed = it.push(&mut line);
        let pulled = it.pull(&mut line);
        let claimed = it.claim(&mut line);
        pushed && claimed && pulled == Some(Brought::Nothing)
    }

    fn settle(&mut self, who: usize) {
        self.hands[who].air = Air::Clear;
        let quiet = (0..5000).any(|_| self.sync(who));
        assert!(quiet, "a handheld that everyone answers comes to rest");
    }

    /// The mishaps are over; everyone is heard.
    fn come_to_rest(&mut self) {
        self.skew = 0;
        for letter in std::mem::take(&mut self.late) {
            let clock = clock(self.now, 0);
            if let Ok(device) = self.office().device_of(&letter.token) {
                let _ = self.office().push(clock, &device, &letter.push);
            }
        }
        for who in (0..self.hands.len()).chain(0..self.hands.len()) {
            if !self.hands[who].is_frozen {
                self.settle(who);
            }
        }
    }

    /// What the office does by itself, and what happens to it.
    fn office_round(&mut self) {
        let clock = clock(self.now, self.skew);
        self.office().tend(clock).unwrap();
        if self.dice.percent(60) {
            self.take_news();
        }
        match self.dice.below(400) {
            0..=15 => self.restart(),
            16..=35 => self.copy(),
            36..=43 => self.put_back(),
            44..=49 => {
                self.count("clocks of the office turned");
                let years = i64::try_from(self.dice.from(0, 2)).unwrap() - 1;
                self.skew = years * TEN_YEARS;
            }
            50..=53 => checks::books(self.office()),
            _ => {}
        }
    }

    fn take_news(&mut self) {
        self.orders += 1;
        let clock = clock(self.now, self.skew);
        self.office()
            .import(clock, &world::news(self.orders))
            .unwrap();
        self.office().tend(clock).unwrap();
    }

    fn restart(&mut self) {
        self.count("offices stopped and started");
        self.office = None;
        self.office = Some(Office::open(&backup::database_in(self.folder.path())).unwrap());
    }

    fn copy(&mut self) {
        self.count("copies of the office taken");
        let name = format!("copy-{}.db", self.now);
        let path = self.folder.path().join(name);
        if !path.exists() {
            self.office().backup(&path).unwrap();
            self.copies.push(path);
        }
    }

    /// An older copy is put back: whatever it does not know must be told to it again.
    fn put_back(&mut self) {
        self.count("older copies put back");
        let copy = self.dice.any(&self.copies).clone();
        self.office = None;
        let aside = backup::restore(self.folder.path(), &copy).unwrap();
        if let Some(part) = aside {
            std::fs::remove_file(part).unwrap();
        }
        self.office = Some(Office::open(&backup::database_in(self.folder.path())).unwrap());
    }
}

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number"))
    })
}

/// Three short days; `STOCKHAND_SIM_SEED`, `STOCKHAND_SIM_SEEDS`, `STOCKHAND_SIM_HANDHELDS` and `STOCKHAND_SIM_HOURS`
/// say which others, and how many.
#[test]
fn whatever_happens_to_lines_batteries_clocks_and_the_office_all_that_beeped_arrives_once() {
    let first = asked("STOCKHAND_SIM_SEED", 1);
    let seeds = asked("STOCKHAND_SIM_SEEDS", 3);
    let mut all = Figures::default();
    for seed in first..first + seeds {
        let plan = Plan {
            seed,
            handhelds: usize::try_from(asked("STOCKHAND_SIM_HANDHELDS", 5)).unwrap(),
            hours: u32::try_from(asked("STOCKHAND_SIM_HOURS", 6)).unwrap(),
        };
        eprintln!("{plan:?}");
        let figures = simulate(plan);
        all.device_hours += figures.device_hours;
        all.facts += figures.facts;
        for (what, count) in figures.counts {
            *all.counts.entry(what).or_default() += count;
        }
    }
    println!("{} device-hours, {} facts", all.device_hours, all.facts);
    for (what, count) in &all.counts {
        println!("{count:>10} {what}");
    }
    assert!(all.facts > all.device_hours, "nobody did anything");
}
