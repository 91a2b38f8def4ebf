//! The walk: steps of the ledger in the order of time, or against it, as far as they bear on what is followed. What went into
//! something that was made makes all of that run what is followed; only what is met is asked for.

use super::{Family, Label, Share};
use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::hash::Hash;

/// When a step was: by the clock, and within a warehouse by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Microseconds since 1970.
    pub micros: i64,
    /// The warehouse, as a number.
    pub warehouse: u32,
    /// Its number there.
    pub id: i64,
}

/// One end of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A place where goods stay, as a number.
    Place(u32),
    /// Into or out of a run of making, as a number.
    Run(u32),
    /// Beyond what anybody follows.
    Outside,
}

/// So much of some goods went from one end to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// What.
    pub label: Label,
    /// How much, in thousandths; more than zero.
    pub quantity: i64,
    /// From where.
    pub source: End,
    /// To where.
    pub target: End,
    /// For whoever made it.
    pub tag: u32,
}

/// With time: what became of it. Against it: what it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// With time.
    Forward,
    /// Against time.
    Backward,
}

/// What is followed.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// All goods under these labels, wherever they are.
    pub labels: BTreeSet<Label>,
    /// What these steps moved, under which label: by warehouse and number.
    pub steps: HashMap<(u32, i64), Label>,
}

/// Where steps come from. Asked twice for the same, it may be slow, not wrong.
pub trait Ledger {
    /// Why it could not.
    type Error;
    /// What must be known together: labels of the same scope are asked for once.
    type Scope: Copy + Eq + Hash;

    /// The scope of a label: the label alone, if no other of its item fits it, or all of the item.
    fn scope(&mut self, label: Label) -> Result<Self::Scope, Self::Error>;
    /// All steps of a scope.
    fn steps(&mut self, scope: Self::Scope) -> Result<Vec<Step>, Self::Error>;
    /// The labels that came out of a run, or went into it if asked backward.
    fn run(&mut self, run: u32) -> Result<Vec<Label>, Self::Error>;
}

/// A step that moved what is followed, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The step.
    pub step: Step,
    /// How much.
    pub share: Share,
    /// How much of that was what is followed before it was asked for by name; all of it, if it was not.
    pub before: Share,
}

/// What is followed and stays at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The place.
    pub place: u32,
    /// What.
    pub label: Label,
    /// How much.
    pub share: Share,
}

/// Where goods went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// The steps that moved any of them, as they were looked at.
    pub passed: Vec<Passed>,
    /// What of them stays where.
    pub rest: Vec<Rest>,
}

/// Why nothing was followed to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum NotFollowed<E> {
    /// The ledger could not.
    Ledger(E),
    /// It bears on more steps than this.
    TooMuch(usize),
}

/// Most steps that are looked at: a question that bears on more is one about everything.
const MOST: usize = 5_000_000;

/// Follows goods to the ends of the ledger.
pub fn follow<L: Ledger>(
    ledger: &mut L,
    question: &Question,
    direction: Direction,
) -> Result<Followed, NotFollowed<L::Error>> {
    let mut walk = Walk {
        direction,
        question,
        steps: Vec::new(),
        coming: BinaryHeap::new(),
        known: HashSet::new(),
        met: HashSet::new(),
        places: HashMap::new(),
        alive: HashMap::new(),
        runs: HashMap::new(),
        passed: Vec::new(),
    };
    let seeds = question.steps.values().chain(&question.labels);
    // In a steady order, so that the same question is answered alike.
    for label in seeds.copied().collect::<BTreeSet<_>>() {
        walk.load(ledger, label, None)?;
    }
    while let Some(Reverse((_, at))) = walk.coming.pop() {
        let step = walk.steps[at];
        walk.take(ledger, step)?;
    }
    Ok(Followed {
        rest: rest(&walk.places),
        passed: walk.passed,
    })
}

fn rest(places: &HashMap<(u32, u32), Family>) -> Vec<Rest> {
    let mut left: Vec<Rest> = Vec::new();
    for (&(place, _), family) in places {
        left.extend(family.rest().map(|(label, share)| Rest {
            place,
            label,
            share,
        }));
    }
    left.sort_by_key(|rest| (rest.label, rest.place));
    left
}

/// Where a step stands in the order in which it is looked at.
type Turn = (i64, i64, i64);

struct Walk<'a, L: Ledger> {
    direction: Direction,
    question: &'a Question,
    /// As they are looked at: the source is where goods are already.
    steps: Vec<Step>,
    coming: BinaryHeap<Reverse<(Turn, usize)>>,
    known: HashSet<L::Scope>,
    /// Labels under which anything was followed so far.
    met: HashSet<Label>,
    places: HashMap<(u32, u32), Family>,
    /// By scope: at least so much is under way, and at most so much stays at places. What is surely under way and can be
    /// nowhere else is in what is just being moved.
    alive: HashMap<L::Scope, Share>,
    /// Runs that took in what is followed: per unit of their yield.
    runs: HashMap<u32, Share>,
    passed: Vec<Passed>,
}

impl<L: Ledger> Walk<'_, L> {
    fn turn(&self, step: &Step) -> Turn {
        let Moment {
            micros,
            warehouse,
            id,
        } = step.at;
        match self.direction {
            Direction::Forward => (micros, warehouse.into(), id),
            Direction::Backward => (-micros, -i64::from(warehouse), -id),
        }
    }

    /// Brings in all steps of a label's scope. What was before `now` has moved nothing that is followed.
    fn load(
        &mut self,
        ledger: &mut L,
        label: Label,
        now: Option<Turn>,
    ) -> Result<(), NotFollowed<L::Error>> {
        let scope = ledger.scope(label).map_err(NotFollowed::Ledger)?;
        if !self.known.insert(scope) {
            return Ok(());
        }
        let mut steps = ledger.steps(scope).map_err(NotFollowed::Ledger)?;
        if self.steps.len() + steps.len() > MOST {
            return Err(NotFollowed::TooMuch(MOST));
        }
        if self.direction == Direction::Backward {
            self.begin_at_the_end(scope, &steps);
            for step in &mut steps {
                (step.source, step.target) = (step.target, step.source);
            }
        }
        let mut turns: Vec<(Turn, Step)> =
            steps.iter().map(|step| (self.turn(step), *step)).collect();
        turns.sort_unstable_by_key(|(turn, _)| *turn);
        for (turn, step) in turns {
            if now.is_some_and(|now| turn <= now) {
                let share = self.leave(&step);
                self.arrive(&step, share);
            } else {
                self.coming.push(Reverse((turn, self.steps.len())));
                self.steps.push(step);
            }
        }
        Ok(())
    }

    /// Against time, goods are first where they are now.
    fn begin_at_the_end(&mut self, scope: L::Scope, steps: &[Step]) {
        let mut now: HashMap<(u32, Label), i64> = HashMap::new();
        for step in steps {
            for (end, by) in [(step.source, -step.quantity), (step.target, step.quantity)] {
                if let End::Place(place) = end {
                    *now.entry((place, step.label)).or_default() += by;
                }
            }
        }
        let mut now: Vec<_> = now.into_iter().filter(|(_, sum)| *sum > 0).collect();
        now.sort_unstable();
        for ((place, label), sum) in now {
            let share = if self.is_asked(label) {
                self.met.insert(label);
                let alive = self.alive.entry(scope).or_default();
                *alive = alive.plus(Share::all(sum));
                Share::all(sum)
            } else {
                Share::NONE
            };
            let family = self.places.entry((place, label.item)).or_default();
            family.put(label, sum, share);
        }
    }

    fn is_asked(&self, label: Label) -> bool {
        self.question.labels.contains(&label)
    }

    /// Goods leave where they are: how much of them is what is followed, by what is known of the place.
    fn leave(&mut self, step: &Step) -> Share {
        match step.source {
            End::Place(place) => {
                let strays = step.label.is_told() && self.met.contains(&step.label);
                let family = self.places.entry((place, step.label.item)).or_default();
                family.take(step.label, step.quantity, strays)
            }
            End::Run(run) => {
                let share = self.runs.get(&run).copied().unwrap_or_default();
                Share {
                    least: share.least * step.quantity,
                    most: share.most * step.quantity,
                }
            }
            End::Outside => Share::NONE,
        }
    }

    fn arrive(&mut self, step: &Step, share: Share) {
        if let End::Place(place) = step.target {
            let family = self.places.entry((place, step.label.item)).or_default();
            family.put(step.label, step.quantity, share);
        }
    }

    /// How much may be what is followed at an end of a step.
    fn most_at(&self, end: End, item: u32) -> i64 {
        match end {
            End::Place(place) => self.places.get(&(place, item)).map_or(0, Family::most),
            End::Run(_) | End::Outside => 0,
        }
    }

    /// How much of a step is what is followed, with what is known of all its scope.
    fn share(&mut self, scope: L::Scope, step: &Step) -> Share {
        let before = self.most_at(step.source, step.label.item);
        let mut share = self.leave(step);
        let less = before - self.most_at(step.source, step.label.item);
        let alive = self.alive.entry(scope).or_default();
        alive.most = (alive.most - less).max(0);
        if let End::Place(_) = step.source {
            let must = (alive.least - alive.most).min(share.most);
            share.least = share.least.max(must);
        }
        share
    }

    fn take(&mut self, ledger: &mut L, step: Step) -> Result<(), NotFollowed<L::Error>> {
        let scope = ledger.scope(step.label).map_err(NotFollowed::Ledger)?;
        let known = self.share(scope, &step);
        let asked = self.is_asked(step.label)
            || self
                .question
                .steps
                .contains_key(&(step.at.warehouse, step.at.id));
        let share = if asked {
            Share::all(step.quantity)
        } else {
            known
        };
        self.arrive(&step, share);
        let alive = self.alive.entry(scope).or_default();
        match step.source {
            End::Place(_) => alive.least += share.least - known.most.min(share.least),
            End::Run(_) | End::Outside => alive.least += share.least,
        }
        match step.target {
            End::Place(_) => alive.most = alive.most.saturating_add(share.most),
            End::Run(_) | End::Outside => alive.least = (alive.least - share.most).max(0),
        }
        if !share.is_any() {
            return Ok(());
        }
        self.met.insert(step.label);
        self.passed.push(Passed {
            step,
            share,
            before: known,
        });
        if let End::Run(run) = step.target {
            let known = self.runs.entry(run).or_default();
            let is_new = !known.is_any();
            known.least = known.least.max(i64::from(share.least > 0));
            known.most = 1;
            if is_new {
                let now = self.turn(&step);
                for label in ledger.run(run).map_err(NotFollowed::Ledger)? {
                    self.load(ledger, label, Some(now))?;
                }
            }
        }
        Ok(())
    }
}
