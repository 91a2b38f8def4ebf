//! A small office and its handhelds, for the tests of the office.

use chrono::TimeDelta;
use reqwest::blocking::ClientBuilder;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use stockhand::office::api::{Serving, TlsIdentity};
use stockhand::office::import::Sheet;
use stockhand::office::{Device, Office};
use stockhand::store::{Cache, Cursor};
use stockhand::sync::{Enrol, Enrolled, Push, Pushed, Row};
use stockhand::warehouse::{
    Entry, Fact, Goods, Job, Link, PickLine, Quantity, Reason, Task, Timestamp, WarehouseCode,
};

/// Monday morning in the middle of the map: the same day from Hawaii to New Zealand.
pub fn now() -> Timestamp {
    "2027-03-01T10:00:00Z".parse().unwrap()
}

pub fn hours(count: i64) -> TimeDelta {
    TimeDelta::hours(count)
}

/// What every test begins with: bolts are bolts, milk has lots and expires, paint has lots.
pub const WORLD: &[(&str, &str)] = &[
    ("warehouses.csv", "code,name\nW1,Main\nW2,Depot\n"),
    (
        "items.csv",
        "code,name,unit,lot,serial,expiry\nBOLT,Bolt,each,no,no,no\nMILK,Milk,each,yes,no,yes\n\
         PAINT,Paint,each,yes,no,no\nPUMP,Pump,each,no,yes,no\n",
    ),
    (
        "barcodes.csv",
        "code,item,holds\n9506000134352,BOLT,1\n19506000134359,BOLT,10\n",
    ),
    (
        "bins.csv",
        "warehouse,code,zone,kind,sequence\nW1,A-01-01,A,pick_face,1\nW1,A-01-02,A,pick_face,2\n\
         W1,A-01-03,A,pick_face,3\nW1,A-01-03-01,A,reserve,4\nW1,A-01-03-02,A,reserve,5\n\
         W1,RECV-01,R,receiving,6\nW1,PACK-01,P,packing,7\nW2,A-01-01,A,pick_face,1\nW2,PACK-01,P,packing,2\n",
    ),
    (
        "workers.csv",
        "warehouse,code,name,badge,role\nW1,P1,Picker 1,BADGE-101,picker\nW2,P4,Picker 4,BADGE-201,picker\n",
    ),
];

/// Writes [`WORLD`] as files, with stock and an order that can be picked.
pub fn world_in(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    let more = [
        (
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,10\n",
        ),
        (
            "orders.csv",
            "warehouse,order,customer,line,item,quantity\nW1,SO-1,Someone,1,BOLT,1\n",
        ),
    ];
    for (name, text) in WORLD.iter().chain(&more) {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

pub fn sheet(name: &str, text: &str) -> Sheet {
    Sheet::new(name, text).unwrap()
}

pub struct Ground {
    pub office: Office,
    pub dir: tempfile::TempDir,
}

impl Ground {
    /// An office with nothing in it.
    pub fn bare() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let office = crate::postgres::open(&dir.path().join("office.db"));
        Self { office, dir }
    }

    /// An office that knows [`WORLD`].
    pub fn new() -> Self {
        let ground = Self::bare();
        let sheets: Vec<Sheet> = WORLD.iter().map(|(name, text)| sheet(name, text)).collect();
        ground.office.import(now(), &sheets).unwrap();
        ground
    }

    /// With this stock in W1, each row `bin,item,lot,expiry,quantity`; earlier rows came in earlier.
    pub fn with_stock(rows: &[&str]) -> Self {
        let ground = Self::new();
        for (row, hour) in rows.iter().zip(0..) {
            let text = format!("warehouse,bin,item,lot,expiry,quantity\nW1,{row}\n");
            let at = now() - hours(100 - hour);
            ground
                .office
                .import(at, &[sheet("stock.csv", &text)])
                .unwrap();
        }
        ground
    }

    /// Orders in W1, each row `order,line,item,quantity`, released as far as there is stock.
    pub fn order(&self, rows: &[&str]) {
        let head = "warehouse,customer,order,line,item,quantity";
        let rows: Vec<String> = rows.iter().map(|row| format!("W1,Someone,{row}")).collect();
        let text = format!("{head}\n{}\n", rows.join("\n"));
        self.office
            .import(now(), &[sheet("orders.csv", &text)])
            .unwrap();
        self.office.release(now(), &w1()).unwrap();
    }

    pub fn enrol(&self, warehouse: &str) -> Enrolled {
        let warehouse: WarehouseCode = warehouse.parse().unwrap();
        let invited = self.office.invite(now(), &warehouse, 10).unwrap();
        let ask = Enrol {
            code: invited.code,
            name: "a handheld".into(),
            was: None,
        };
        self.office.enrol(now(), &ask).unwrap()
    }

    pub fn hand(&self, warehouse: &str) -> Hand {
        let enrolled = self.enrol(warehouse);
        Hand::new(Device {
            id: enrolled.device,
            warehouse: enrolled.warehouse,
        })
    }

    /// A fresh cache filled by reading the feed in pages of so many.
    pub fn mirror(&self, device: &Device, file: &str, limit: u32) -> BTreeMap<String, Vec<String>> {
        let path = self.dir.path().join(file);
        let mut cache = Cache::open_file(&path).unwrap();
        let mut after = 0;
        loop {
            let page = self.office.page(now(), device, after, limit).unwrap();
            assert!(page.changes.len() <= limit as usize);
            after = page.next;
            cache
                .apply(&page.changes, &cursor(after, &page.incarnation))
                .unwrap();
            if !page.more {
                break;
            }
        }
        cache.close().unwrap();
        tables(&path)
    }

    pub fn task(&self, id: &str) -> Option<Task> {
        let mut found = None;
        let look = |change| {
            if let stockhand::warehouse::Change::Task(task) = change
                && task.id.as_str() == id
            {
                found = Some(*task);
            }
            Ok::<(), stockhand::office::Error>(())
        };
        self.office.everything(&w1(), look).unwrap();
        found
    }

    /// What a picking task fetches: bin, lot or nothing, how many.
    pub fn picks(&self, id: &str) -> Vec<String> {
        let Some(task) = self.task(id) else {
            return Vec::new();
        };
        let Job::Pick(job) = task.job else {
            panic!("{id} is no picking");
        };
        let say = |line: &PickLine| {
            let lot = line.lot.as_ref().map(|lot| format!(" {lot}"));
            format!("{}{} x{}", line.bin, lot.unwrap_or_default(), line.quantity)
        };
        job.lines().map(say).collect()
    }

    /// How many of an item are at a place in W1, in all.
    pub fn stock(&self, place: &str, item: &str) -> i64 {
        let mut sum = Quantity::ZERO;
        let look = |change| {
            if let stockhand::warehouse::Change::Stock(row) = change
                && row.spot.place.to_string() == place
                && row.goods.item.as_str() == item
            {
                sum = sum.plus(row.quantity);
            }
            Ok::<(), stockhand::office::Error>(())
        };
        self.office.everything(&w1(), look).unwrap();
        sum.thousandths() / 1000
    }

    /// Kinds of open exceptions.
    pub fn exceptions(&self) -> Vec<String> {
        let open = self.office.exceptions().unwrap();
        open.iter().map(|open| open.kind.to_string()).collect()
    }

    pub fn findings(&self) -> Vec<String> {
        let findings = self.office.verify().unwrap().findings;
        findings.into_iter().map(|finding| finding.0).collect()
    }

    /// Serves it on loopback; with a client that trusts its certificate and is set up further by `ask`.
    pub fn served(
        &self,
        ask: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> (Serving, reqwest::blocking::Client) {
        // Another test may have been faster; one provider is as good as the other.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let identity = TlsIdentity::in_folder(self.dir.path()).unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let serving = Serving::start(self.office.clone(), any, &identity).unwrap();
        let pem = std::fs::read(self.dir.path().join("office-cert.pem")).unwrap();
        let client = ClientBuilder::new()
            .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
            .resolve("localhost", serving.address())
            .no_proxy();
        let client = ask(client).build().unwrap();
        (serving, client)
    }

    /// The office's database, for looking and for tampering; of one on a server, a copy to look at.
    pub fn database(&self) -> rusqlite::Connection {
        crate::postgres::file_of(&self.office, self.dir.path())
    }

    /// The state of an order in W1.
    pub fn order_state(&self, order: &str) -> String {
        let sql = "SELECT state FROM orders WHERE warehouse = 'W1' AND code = ?1";
        self.database()
            .query_row(sql, [order], |row| row.get(0))
            .unwrap()
    }
}

pub fn w1() -> WarehouseCode {
    "W1".parse().unwrap()
}

pub fn cursor(next: u64, incarnation: &str) -> Cursor {
    Cursor {
        next,
        incarnation: incarnation.to_owned(),
        confirmed: (0, 0),
    }
}

/// All that a cache file says, but for its cursor.
pub fn tables(path: &Path) -> BTreeMap<String, Vec<String>> {
    let db = rusqlite::Connection::open(path).unwrap();
    let read = |table: &str| {
        let mut statement = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let width = statement.column_count();
        let row = |row: &rusqlite::Row| {
            let cells = (0..width).map(|at| row.get::<_, rusqlite::types::Value>(at));
            let cells = cells.collect::<Result<Vec<_>, _>>()?;
            Ok(format!("{cells:?}"))
        };
        let mut rows: Vec<String> = statement
            .query_map([], row)
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        rows.sort();
        (table.to_owned(), rows)
    };
    ["items", "barcodes", "bins", "workers", "stock", "tasks"]
        .into_iter()
        .map(read)
        .collect()
}

/// A handheld as the office sees it: a journal that is pushed.
pub struct Hand {
    pub device: Device,
    pub epoch: u32,
    pub rows: Vec<Row>,
    pub link: Link,
    acked: usize,
}

impl Hand {
    pub fn new(device: Device) -> Self {
        Self {
            device,
            epoch: 1,
            rows: Vec::new(),
            link: Link::START,
            acked: 0,
        }
    }

    /// Records a fact; says its number.
    pub fn record(&mut self, task: Option<&str>, fact: Fact) -> u64 {
        self.record_in(self.rows.len() as u64 + 1, task, fact)
    }

    /// Records a fact of an act that began with the fact of this number; says its own.
    pub fn record_in(&mut self, act: u64, task: Option<&str>, fact: Fact) -> u64 {
        let seq = self.rows.len() as u64 + 1;
        let entry = Entry {
            seq,
            act,
            at: now(),
            worker: Some("P1".parse().unwrap()),
            task: task.map(|task| task.parse().unwrap()),
            cause: None,
            fact,
        };
        self.record_line(entry.line());
        seq
    }

    pub fn record_line(&mut self, line: String) {
        self.link = self.link.next(&line);
        let chain = self.link.to_string();
        self.rows.push(Row { line, chain });
    }

    /// All rows of the journal from `first` on.
    pub fn from(&self, first: usize) -> Push {
        Push {
            epoch: self.epoch,
            first: first as u64,
            rows: self.rows[first - 1..].to_vec(),
        }
    }

    /// Pushes what was not pushed yet; all of it is taken.
    pub fn push(&mut self, ground: &Ground) -> Pushed {
        let push = self.from(self.acked + 1);
        let pushed = ground.office.push(now(), &self.device, &push).unwrap();
        assert_eq!(pushed.acked, self.rows.len() as u64);
        self.acked = self.rows.len();
        pushed
    }

    /// Records and pushes.
    pub fn does(&mut self, ground: &Ground, task: &str, fact: Fact) -> u64 {
        let seq = self.record(Some(task), fact);
        self.push(ground);
        seq
    }
}

pub fn started() -> Fact {
    Fact::TaskStarted { lease: None }
}

pub fn goods(item: &str, lot: &str) -> Goods {
    Goods {
        lot: (!lot.is_empty()).then(|| lot.parse().unwrap()),
        ..Goods::of(item.parse().unwrap())
    }
}

/// So many of these taken from a bin for SO-1, into the worker's hands.
pub fn picked(line: u32, bin: &str, goods: Goods, units: u32) -> Fact {
    Fact::Picked {
        line,
        order: "SO-1".parse().unwrap(),
        bin: bin.parse().unwrap(),
        goods,
        quantity: Quantity::units(units),
        into: "worker:P1".parse().unwrap(),
    }
}

pub fn short(line: u32, bin: &str, item: &str, missing: u32) -> Fact {
    Fact::PickedShort {
        line,
        bin: bin.parse().unwrap(),
        goods: goods(item, ""),
        missing: Quantity::units(missing),
        reason: Reason::TooFew,
    }
}

pub fn undone(seq: u64, what: Fact) -> Fact {
    Fact::Undone {
        seq,
        what: Box::new(what),
    }
}
