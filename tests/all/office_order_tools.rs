//! Handhelds that work without signal, and an office with orders for them, for the tests of an order's life.

use super::office_tools::*;
use std::collections::BTreeMap;
use stockhand::flow::{Act, Refusal, Work};
use stockhand::office::Office;
use stockhand::scan::{Label, Scan};
use stockhand::warehouse::{
    Change, Entry, Fact, Gtin, Job, OrderCode, Quantity, SafeText, Sscc, Task, WarehouseCode,
};

pub fn code(text: &str) -> OrderCode {
    text.parse().unwrap()
}

pub fn bin(code: &str) -> Act {
    Act::Scanned(Scan::Bin(code.parse().unwrap()))
}

pub fn plate(plate: Sscc) -> Act {
    Act::Scanned(Scan::Plate(plate))
}

/// So many bolts, keyed after a scan.
pub fn bolts(total: u32) -> Act {
    let label = Label {
        gtin: Gtin::parse("09506000134352").ok(),
        ..Label::default()
    };
    Act::Counted {
        total: Quantity::units(total),
        label: Some(label),
        anyway: false,
    }
}

/// All tasks of a warehouse on which there is work left.
pub fn tasks(office: &Office, warehouse: &str) -> BTreeMap<String, Task> {
    let mut all = BTreeMap::new();
    let warehouse: WarehouseCode = warehouse.parse().unwrap();
    let take = |change| {
        if let Change::Task(task) = change {
            all.insert(task.id.to_string(), *task);
        }
        Ok::<(), stockhand::office::Error>(())
    };
    office.everything(&warehouse, take).unwrap();
    all
}

/// A handheld that knows what it last heard of, and its own facts.
pub struct Away {
    pub hand: Hand,
    pub tasks: BTreeMap<String, Task>,
    pub pushed: usize,
    work: Option<Work>,
}

impl Away {
    pub fn new(ground: &Ground, warehouse: &str) -> Self {
        let mut away = Self {
            hand: ground.hand(warehouse),
            tasks: BTreeMap::new(),
            pushed: 0,
            work: None,
        };
        away.hear(ground);
        away
    }

    /// Hears the news.
    pub fn hear(&mut self, ground: &Ground) {
        self.tasks = tasks(&ground.office, self.hand.device.warehouse.as_str());
    }

    /// The tasks that it knows of.
    pub fn names(&self) -> Vec<String> {
        self.tasks.keys().cloned().collect()
    }

    /// The same, with the news.
    pub fn names_now(&mut self, ground: &Ground) -> Vec<String> {
        self.hear(ground);
        self.names()
    }

    /// Begins a task or goes on with one.
    pub fn begins(&mut self, task: &str) {
        let known = self.tasks.get(task);
        let known = known.unwrap_or_else(|| panic!("no task {task}")).clone();
        assert!(known.is_ready(), "{task} waits for {:?}", known.after());
        self.work = Some(Work::new(known, "worker:P1".parse().unwrap()));
        self.records(vec![started()]);
    }

    pub fn acts(&mut self, act: &Act) {
        let work = self.work.as_ref().expect("at work");
        let facts = work.decide(act);
        let facts = facts.unwrap_or_else(|why| panic!("{}: {act:?}: {why:?}", work.task().id));
        self.records(facts);
    }

    /// What it is at, where it is not over.
    pub fn is_at(&self) -> Option<String> {
        let done = |fact: &Fact| matches!(fact, Fact::TaskFinished | Fact::TaskLeft);
        let work = self.work.as_ref()?;
        let last = self.hand.rows.last()?;
        let entry: Entry = serde_json::from_str(&last.line).unwrap();
        (!done(&entry.fact)).then(|| work.task().id.to_string())
    }

    pub fn leaves(&mut self) {
        self.records(vec![Fact::TaskLeft]);
    }

    pub fn records(&mut self, facts: Vec<Fact>) {
        let act = self.hand.rows.len() as u64 + 1;
        let work = self.work.as_mut().expect("at work");
        let task = work.task().id.clone();
        for fact in facts {
            let seq = self.hand.record_in(act, Some(task.as_str()), fact.clone());
            let entry = Entry {
                seq,
                act,
                at: now(),
                worker: None,
                task: Some(task.clone()),
                cause: None,
                fact,
            };
            work.apply(&entry);
            for (name, other) in &mut self.tasks {
                if *name != task.as_str() {
                    other.learn(Some(&task), &entry.fact);
                }
            }
        }
    }

    /// Sends what it recorded up to so many rows.
    pub fn sends(&mut self, ground: &Ground, upto: usize) {
        if upto > self.pushed {
            let mut push = self.hand.from(self.pushed + 1);
            push.rows.truncate(upto - self.pushed);
            let done = ground.office.push(now(), &self.hand.device, &push).unwrap();
            assert_eq!(done.acked, upto as u64);
            self.pushed = upto;
        }
    }

    pub fn sends_all(&mut self, ground: &Ground) {
        self.sends(ground, self.hand.rows.len());
    }

    /// The cartons that a truck's task knows of.
    pub fn plates(&self, task: &str) -> Vec<Sscc> {
        let cartons = match &self.tasks[task].job {
            Job::Load(job) => &job.shipment.cartons,
            Job::Deliver(job) => &job.shipment.cartons,
            _ => panic!("no truck"),
        };
        cartons.iter().map(|carton| carton.plate).collect()
    }

    pub fn picks(&mut self, task: &str, from: &str, units: u32) {
        self.begins(task);
        self.acts(&bin(from));
        self.acts(&bolts(units));
        let work = self.work.as_ref().expect("at work");
        if work.decide(&bin("PACK-01")) == Err(Refusal::AnswerFirst) {
            self.acts(&Act::Answered(true));
        }
        self.acts(&bin("PACK-01"));
    }

    pub fn packs(&mut self, task: &str, units: u32) {
        self.begins(task);
        self.acts(&bolts(units));
        self.acts(&Act::Closed(None));
    }

    /// Loads all that it knows of and closes the truck.
    pub fn loads(&mut self, task: &str, door: &str) {
        self.begins(task);
        self.acts(&bin(door));
        for known in self.plates(task) {
            self.acts(&plate(known));
        }
        self.acts(&Act::Scanned(Scan::Code(SafeText::new("SEAL-1"))));
    }

    /// Does a putaway as told.
    pub fn puts_away(&mut self, task: &str) {
        self.begins(task);
        let Job::Putaway(job) = self.tasks[task].job.clone() else {
            panic!("{task} is no putaway");
        };
        for line in job.lines {
            self.records(vec![Fact::PutAway {
                line: line.line,
                goods: line.goods,
                quantity: line.quantity,
                plate: line.plate,
                status: line.status,
                from: job.from.clone(),
                to: line.bin,
                reason: None,
            }]);
        }
        self.records(vec![Fact::TaskFinished]);
    }
}

/// An office with 1000 bolts at one bin and room for more, and a dock.
pub fn ground() -> Ground {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,1000"]);
    let bins = "warehouse,code,zone,kind,sequence\nW1,DOCK-01,D,dock,8\nW1,DOCK-02,D,dock,9\n";
    let done = ground.office.import(now(), &[sheet("bins.csv", bins)]);
    done.unwrap();
    ground
}

/// An order for so many bolts, on a truck of its own, released.
pub fn wants(ground: &Ground, order: &str, units: u32) {
    let orders =
        format!("warehouse,customer,order,line,item,quantity\nW1,Someone,{order},1,BOLT,{units}\n");
    let shipments = format!(
        "warehouse,shipment,order,stop,door,carrier\nW1,T-{order},{order},1,DOCK-01,Carrier 9\n"
    );
    let sheets = [
        sheet("orders.csv", &orders),
        sheet("shipments.csv", &shipments),
    ];
    ground.office.import(now(), &sheets).unwrap();
    ground.office.release(now(), &w1()).unwrap();
}

pub fn cancels(ground: &Ground, order: &str) -> Result<stockhand::office::Cancelled, String> {
    let why = SafeText::new("not wanted any more");
    let done = ground.office.cancel_order(now(), &w1(), &code(order), &why);
    done.map_err(|why| why.to_string())
}

/// How many bolts lie where they can be used: in bins that are picked from.
pub fn in_bins(ground: &Ground) -> i64 {
    ["A-01-01", "A-01-02", "A-01-03", "A-01-03-01", "A-01-03-02"]
        .iter()
        .map(|bin| ground.stock(&format!("bin:{bin}"), "BOLT"))
        .sum()
}
