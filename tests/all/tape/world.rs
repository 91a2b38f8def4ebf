//! The small warehouse in which every tape plays: a handful of items, bins and workers, and the tasks that the tape names.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use stockhand::warehouse::{
    AssembleJob, Barcode, Bin, BinCode, BinKind, CalledBack, Change, ComesFrom, CountBin, CountJob,
    DisassembleJob, Floor, GoesTo, Goods, Handling, Item, ItemCode, Job, JobKind, Leg, MadeOf,
    Message, MoveJob, MoveLine, OrderCode, PackJob, PackLine, PartLine, PickJob, PickLine,
    PickOrder, PickRules, Point, PutBy, PutawayJob, PutawayLine, Quantity, ReceiveJob, ReceiveLine,
    ReturnJob, ReturnLine, Role, SafeText, Skills, Spot, Sscc, Status, StockRow, Task, Tracking,
    WhyBin, Worker, ZoneCode,
};

/// An each of BOLT; a case of twelve is [`BOLT_CASE`].
pub const BOLT: &str = "09506000134352";
pub const BOLT_CASE: &str = "19506000134359";
pub const MILK: &str = "09506000117843";
/// Each one weighs something else.
pub const CHEESE: &str = "09506000118000";
pub const DRILL: &str = "09506000140445";

pub fn items() -> Vec<(Item, Vec<(&'static str, u32)>)> {
    let item = |code: &str, name: &str, tracking| Item {
        code: code.parse().unwrap(),
        name: name.into(),
        unit: "each".into(),
        tracking,
        weight_g: None,
        handling: stockhand::warehouse::Handling::default(),
    };
    let none = Tracking::default();
    let lot = Tracking {
        lot: true,
        expiry: true,
        ..none
    };
    let in_lots = Tracking { lot: true, ..none };
    let serial = Tracking {
        serial: true,
        ..none
    };
    vec![
        (
            super::ship::measured(item("BOLT", "Hex bolt M8 x 40, zinc plated", none)),
            vec![(BOLT, 1), (BOLT_CASE, 12)],
        ),
        (item("MILK", "Milk, long life, 1 l", lot), vec![(MILK, 1)]),
        (
            item("DRILL", "Cordless drill 18 V", serial),
            vec![(DRILL, 1)],
        ),
        (
            Item {
                handling: Handling {
                    catch_weight: true,
                    ..Handling::default()
                },
                ..item("CHEESE", "Cheese, whole, aged", none)
            },
            vec![(CHEESE, 1)],
        ),
        (
            super::ship::measured(item("NUT", "Hex nut M8", none)),
            vec![("NUT-8", 1)],
        ),
        (
            Item {
                handling: Handling {
                    catch_weight: true,
                    ..Handling::default()
                },
                ..item("HAM", "Ham, whole", in_lots)
            },
            vec![("HAM-1", 1)],
        ),
        (
            Item {
                unit: "kg".into(),
                ..item("APPLE", "Apples, loose", in_lots)
            },
            vec![("APPLE-1", 1)],
        ),
    ]
}

fn item(code: &str) -> (Item, Vec<Barcode>) {
    let (item, codes) = items()
        .into_iter()
        .find(|(item, _)| item.code.as_str() == code)
        .unwrap_or_else(|| panic!("there is no item {code} in the world of the tapes"));
    let barcodes = codes
        .into_iter()
        .map(|(code, holds)| Barcode {
            code: code.into(),
            item: item.code.clone(),
            holds: Quantity::units(holds),
        })
        .collect();
    (item, barcodes)
}

fn workers() -> Vec<Worker> {
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let worker = |code: &str, name: &str, pin: Option<&str>, role| Worker {
        code: code.parse().unwrap(),
        name: name.into(),
        badge: format!("BADGE-{code}").parse().unwrap(),
        pin: pin.map(|pin| {
            let hash = argon.hash_password_with_salt(pin.as_bytes(), b"salt of a sort..");
            hash.unwrap().to_string()
        }),
        role,
        skills: stockhand::warehouse::Skills::default(),
        language: None,
    };
    vec![
        worker("1", "Picker 1", Some("1111"), Role::Picker),
        worker("2", "Lead 2", Some("2222"), Role::Lead),
        worker("3", "Picker 3", None, Role::Picker),
        Worker {
            skills: Skills {
                jobs: vec![JobKind::Pack],
                ..Skills::default()
            },
            ..worker("4", "Packer 4", Some("4444"), Role::Picker)
        },
    ]
}

fn bins() -> Vec<Bin> {
    let codes = [
        ("A-01-03", BinKind::PickFace),
        ("A-01-04", BinKind::PickFace),
        ("A-02-01", BinKind::PickFace),
        ("B-02-01", BinKind::Reserve),
        ("B-02-02", BinKind::Reserve),
        ("RECV-01", BinKind::Receiving),
        ("PACK-01", BinKind::Packing),
        ("DOCK-01", BinKind::Dock),
    ];
    codes
        .into_iter()
        .zip(1..)
        .map(|((code, kind), sequence)| Bin {
            code: code.parse().unwrap(),
            zone: code[..1].parse().unwrap(),
            kind,
            sequence,
            x_cm: 0,
            y_cm: 0,
            level: 0,
            frozen: code == "B-02-02",
            limits: stockhand::warehouse::Limits::default(),
        })
        .collect()
}

/// A pallet of milk in reserve, more of it loose and in another lot, and one drill.
fn lots(item: &Item) -> Vec<StockRow> {
    let row = |spot: Spot, lot: &str, serial: &str, expiry: &str, count| StockRow {
        spot,
        goods: Goods {
            lot: lot.parse().ok(),
            serial: serial.parse().ok(),
            expiry: expiry.parse().ok(),
            ..Goods::of(item.code.clone())
        },
        quantity: Quantity::units(count),
    };
    let bin = |code: &str| Spot::at(format!("bin:{code}").parse().unwrap());
    match item.code.as_str() {
        "MILK" => vec![
            row(
                bin("B-02-01").on(Some(pallet())),
                "L1",
                "",
                "2027-01-31",
                24,
            ),
            row(bin("DOCK-01"), "L2", "", "2027-06-30", 8),
            row(bin("A-02-01"), "L2", "", "2027-06-30", 4),
            row(bin("A-02-01"), "L3", "", "2027-09-30", 4),
        ],
        "DRILL" => vec![row(bin("A-02-01"), "", "S1", "", 1)],
        "NUT" => vec![row(bin("B-02-01").on(Some(pallet())), "", "", "", 100)],
        _ => Vec::new(),
    }
}

/// The pallet in reserve.
pub fn pallet() -> Sscc {
    Sscc::from_body("02000000000001234").unwrap()
}

/// All that the cache holds beside tasks.
pub fn changes() -> Vec<Change> {
    let mut changes = Vec::new();
    for (item, _) in items() {
        let (item, barcodes) = self::item(item.code.as_str());
        let stock = StockRow {
            spot: Spot::at("bin:A-01-03".parse().unwrap()),
            goods: Goods::of(item.code.clone()),
            quantity: Quantity::units(50),
        };
        if item.tracking == Tracking::default() && !item.handling.catch_weight {
            changes.push(Change::Stock(stock));
        }
        changes.extend(lots(&item).into_iter().map(Change::Stock));
        changes.push(Change::Item(item));
        changes.extend(barcodes.into_iter().map(Change::Barcode));
    }
    changes.extend(bins().into_iter().map(Change::Bin));
    changes.extend(workers().into_iter().map(Change::Worker));
    changes.push(Change::Message(Message {
        id: 1,
        to: "4".parse().ok(),
        text: "Gate 4 stays shut until noon. Use gate 5.".into(),
        at: "2026-11-24T09:12:00Z".parse().unwrap(),
        called_back: Vec::new(),
    }));
    changes
}

/// The office calls goods back: `MILK L1`.
pub fn called(what: &str) -> Change {
    let mut words = what.split_whitespace();
    let item: ItemCode = words.next().unwrap().parse().unwrap();
    Change::Message(Message {
        id: 2,
        to: None,
        text: format!("CALLED BACK R-1: {what}. Do not pick, pack or load it.")
            .as_str()
            .into(),
        at: "2026-11-24T09:31:00Z".parse().unwrap(),
        called_back: vec![CalledBack {
            recall: "R-1".into(),
            item,
            lot: words.next().map(|lot| lot.parse().unwrap()),
            serial: None,
            bins: vec!["A-01-03".parse().unwrap()],
            plates: vec!["020000000000000015".parse().unwrap()],
        }],
    })
}

/// The words of one line of a task: `A-01-03 BOLT x2 lot=L1`.
pub struct Words<'a> {
    pub plain: Vec<&'a str>,
    pub count: Quantity,
    named: Vec<(&'a str, &'a str)>,
}

impl<'a> Words<'a> {
    fn new(line: &'a str) -> Self {
        let mut words = Self {
            plain: Vec::new(),
            count: Quantity::units(1),
            named: Vec::new(),
        };
        for word in line.split_whitespace() {
            match (word.split_once('='), word.strip_prefix('x')) {
                (Some(named), _) => words.named.push(named),
                (None, Some(count)) if count.parse::<Quantity>().is_ok() => {
                    words.count = count.parse().unwrap();
                }
                _ => words.plain.push(word),
            }
        }
        words
    }

    pub fn named<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        let (_, value) = self.named.iter().find(|(known, _)| *known == name)?;
        Some(value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
    }

    pub fn goods(&self, code: &str) -> Goods {
        Goods {
            lot: self.named("lot"),
            serial: self.named("serial"),
            expiry: self.named("expiry"),
            ..Goods::of(code.parse().unwrap())
        }
    }
}

/// A task from a tape's line: `pick SO-1: A-01-03 BOLT x2; A-01-04 MILK x3 lot=L1`.
pub fn task(text: &str, number: u32) -> Task {
    let (head, lines) = text
        .split_once(':')
        .expect("kind and order, a colon, the lines");
    let (kind, order) = head.split_once(' ').expect("kind and order");
    let lines: Vec<Words> = lines.split(';').map(Words::new).collect();
    let order: OrderCode = order.trim().parse().unwrap();
    let name = order.clone();
    let job = match kind {
        "pick" => Job::Pick(pick_job(&order, &lines)),
        "putaway" => Job::Putaway(PutawayJob {
            order,
            from: "RECV-01".parse().unwrap(),
            lines: lines.iter().zip(1..).map(putaway_line).collect(),
        }),
        "pack" => Job::Pack(PackJob {
            order,
            customer: "Customer 7".into(),
            bench: "PACK-01".parse().unwrap(),
            after: lines[0].named("after").into_iter().collect(),
            plates: plates(lines[0].named("plates").unwrap_or(2)),
            totes: lines[0].named("tote").into_iter().collect(),
            weighed_g: 0,
            only: Vec::new(),
            lines: pack_lines(&lines),
            how: super::ship::packing(&lines[0]),
        }),
        "receive" => Job::Receive(ReceiveJob {
            order: Some(order),
            supplier: "Supplier 3".into(),
            bin: (!lines[0].plain.contains(&"anywhere")).then(|| "RECV-01".parse().unwrap()),
            over_percent: lines[0].named("over").unwrap_or(0),
            lines: lines.iter().zip(1..).map(receive_line).collect(),
            plates: plates(lines[0].named("plates").unwrap_or(2)),
        }),
        "load" => super::ship::load(order, &lines),
        "deliver" => super::ship::deliver(order, &lines),
        "move" => Job::Move(MoveJob {
            lines: lines.iter().zip(1..).map(move_line).collect(),
        }),
        "replenish" => Job::Replenish(MoveJob {
            lines: lines.iter().zip(1..).map(move_line).collect(),
        }),
        "count" => Job::Count(count_job(&lines)),
        "return" => Job::Return(ReturnJob {
            order: Some(order),
            customer: "Customer 7".into(),
            lines: lines.iter().zip(1..).map(return_line).collect(),
            good: Status::Available,
        }),
        "make" => Job::Assemble(AssembleJob {
            order,
            product: item(lines[0].plain[0]).0,
            quantity: lines[0].count,
            lot: lines[0].named("lot"),
            expiry: None,
            to: lines[0].plain[1].parse().unwrap(),
            components: lines[1..].iter().zip(1..).map(move_line).collect(),
        }),
        "apart" => Job::Disassemble(apart_job(order, &lines)),
        other => panic!("what is a task of kind {other}?"),
    };
    let id = match &job {
        Job::Pick(job) if job.orders.len() > 1 => name.as_str().parse(),
        _ => format!("T{number}").parse(),
    };
    let id = id.unwrap();
    Task {
        priority: i32::try_from(number).unwrap(),
        started_on: lines[0].named("with"),
        ..Task::opened(id, job)
    }
}

/// The floor of the tapes: bin B-03-07 is in aisle B, 300 cm from aisle A, and 700 cm from the front.
fn floor() -> Floor {
    Floor {
        aisles_cm: vec![0, 300, 600, 900],
        cross_aisles_cm: vec![0, 1000, 2000],
        start: None,
    }
}

fn place(bin: &str) -> Option<Point> {
    let mut parts = bin.split('-');
    let aisle = parts.next()?.bytes().next()?.checked_sub(b'A')?;
    let (block, place): (i32, i32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Point {
        x_cm: i32::from(aisle) * 300,
        y_cm: (block - 1) * 1000 + place * 100,
    })
}

/// A line is for the order it names (`order=SO-2`), else for the first; `lead=2`: for more than so much a lead must agree
/// that it is short; `drop=PACK-02`: where its order is brought; `own-tote`: a tote is bound though it is one order.
fn pick_job(first: &OrderCode, lines: &[Words]) -> PickJob {
    let mut job = PickJob {
        orders: Vec::new(),
        rules: PickRules::default(),
        floor: None,
        after: Vec::new(),
    };
    for (words, number) in lines.iter().zip(1..) {
        let order = words.named("order").unwrap_or_else(|| first.clone());
        let line = pick_line((words, number));
        match job.orders.iter_mut().find(|known| known.order == order) {
            Some(known) => known.lines.push(line),
            None => job.orders.push(PickOrder {
                order,
                customer: "Customer 7".into(),
                tote: words.named("tote"),
                drop: words
                    .named("drop")
                    .unwrap_or_else(|| "PACK-01".parse().unwrap()),
                drop_at: Some(Point {
                    x_cm: 0,
                    y_cm: -200,
                }),
                leg: leg(words),
                lines: vec![line],
            }),
        }
        job.after.extend(words.named("after"));
        if words.plain.contains(&"floor") {
            job.floor = Some(floor());
        }
        job.rules.own_tote |= words.plain.contains(&"own-tote");
        if let Some(limit) = words.named::<Quantity>("lead") {
            let short = job.rules.short.iter_mut();
            short.for_each(|allowed| allowed.lead_above = Some(limit));
        }
        for allowed in &mut job.rules.short {
            allowed.never_above = words.named("never").or(allowed.never_above);
            allowed.lead_above_value = words.named("lead-worth").or(allowed.lead_above_value);
        }
    }
    job
}

/// `zone=B`: this part lies in zone B, where `before=T1` leaves the totes at B-00-00 (`waiting=TOTE-1` stands there;
/// `after=T1`: more may come); `next=C`: they go on to C-00-00.
fn leg(words: &Words) -> Option<Leg> {
    let zone: ZoneCode = words.named("zone")?;
    let buffer = |zone: &ZoneCode| format!("{zone}-00-00").parse().unwrap();
    let from = words.named("before").map(|task| ComesFrom {
        task,
        bin: buffer(&zone),
        at: None,
        totes: words.named("waiting").into_iter().collect(),
    });
    let to = words.named("next").map(|zone| GoesTo {
        bin: buffer(&zone),
        zone,
        at: None,
    });
    Some(Leg { zone, from, to })
}

fn pick_line((words, line): (&Words, u32)) -> PickLine {
    let (item, barcodes) = item(words.plain[1]);
    let goods = words.goods(words.plain[1]);
    PickLine {
        line,
        bin: words.plain[0].parse().unwrap(),
        sequence: line,
        at: place(words.plain[0]),
        item,
        lot: goods.lot,
        serial: goods.serial,
        expiry: goods.expiry,
        quantity: words.count,
        barcodes,
        empties_bin: words.plain.contains(&"empties"),
        ask_left: words.plain.contains(&"few"),
        value: words.named("worth"),
        instead: instead(words),
    }
}

/// `instead=NUT@A-02-01x2`: what the customer takes for it, where it lies and how much of it.
fn instead(words: &Words) -> Vec<PickLine> {
    let Some(offer) = words.named::<String>("instead") else {
        return Vec::new();
    };
    let (code, place) = offer.split_once('@').unwrap();
    let (bin, count) = place.rsplit_once('x').unwrap();
    let (item, barcodes) = item(code);
    vec![PickLine {
        line: 0,
        bin: bin.parse().unwrap(),
        sequence: 99,
        at: self::place(bin),
        item,
        lot: None,
        serial: None,
        expiry: None,
        quantity: count.parse().unwrap(),
        barcodes,
        empties_bin: false,
        ask_left: false,
        value: None,
        instead: Vec::new(),
    }]
}

fn receive_line((words, line): (&Words, u32)) -> ReceiveLine {
    let (item, barcodes) = item(words.plain[0]);
    let goods = words.goods(words.plain[0]);
    ReceiveLine {
        line,
        item,
        barcodes,
        quantity: words.count,
        plate: words.named("plate"),
        lot: goods.lot,
        expiry: goods.expiry,
        least_days: words.named("least"),
        inspect: words.plain.contains(&"inspect"),
    }
}

fn putaway_line((words, line): (&Words, u32)) -> PutawayLine {
    let (item, barcodes) = item(words.plain[0]);
    PutawayLine {
        line,
        plate: words.named("plate"),
        goods: words.goods(words.plain[0]),
        item,
        quantity: words.count,
        bin: words.plain[1].parse().unwrap(),
        why: words.named::<u32>("walk").map(|walk_cm| WhyBin {
            by: PutBy::NearFace,
            walk_cm,
            to_face_cm: Some(200),
            others: 17,
        }),
        status: if words.plain.contains(&"held") {
            Status::OnHold
        } else {
            Status::Available
        },
        barcodes,
    }
}

fn move_line((words, line): (&Words, u32)) -> MoveLine {
    let (item, barcodes) = item(words.plain[1]);
    MoveLine {
        line,
        from: words.plain[0].parse().unwrap(),
        to: words.plain.get(2).unwrap_or(&"PACK-01").parse().unwrap(),
        plate: words.plain.contains(&"pallet").then(pallet),
        status: Status::Available,
        goods: words.goods(words.plain[1]),
        item,
        quantity: words.count,
        barcodes,
    }
}

/// What is taken apart and where its parts are put; then from where it is fetched, and its parts for one of it:
/// `MILK A-01-04; A-02-01 MILK x2 lot=L2; part BOLT x2; part NUT x1; part HAM of=L2 lot=H1`.
fn apart_job(order: OrderCode, lines: &[Words]) -> DisassembleJob {
    let (parts, products): (Vec<&Words>, Vec<&Words>) =
        (lines[1..].iter()).partition(|words| words.plain[0] == "part");
    let to: BinCode = lines[0].plain[1].parse().unwrap();
    let part = |(words, line): (&&Words, u32)| {
        let (item, barcodes) = item(words.plain[1]);
        let known = words.named::<String>("of").map(|lot| MadeOf {
            product: Goods {
                lot: lot.parse().ok(),
                ..Goods::of(lines[0].plain[0].parse().unwrap())
            },
            part: words.goods(words.plain[1]),
        });
        PartLine {
            line,
            item,
            barcodes,
            of_one: words.count,
            made_of: known.into_iter().collect(),
        }
    };
    let fetch = |(words, line): (&Words, u32)| MoveLine {
        to: to.clone(),
        ..move_line((words, line))
    };
    DisassembleJob {
        order,
        product: item(lines[0].plain[0]).0,
        products: products.into_iter().zip(1..).map(fetch).collect(),
        parts: parts.iter().zip(1..).map(part).collect(),
        to,
    }
}

/// Bins, each with what should be there if it is told: `A-01-03 BOLT x50; A-01-04 only=MILK not=1`.
fn count_job(lines: &[Words]) -> CountJob {
    let bin = |(words, line): (&Words, u32)| CountBin {
        line,
        bin: words.plain[0].parse().unwrap(),
        expected: (words.plain.get(1))
            .map(|code| (words.goods(code), words.count))
            .into_iter()
            .collect(),
    };
    let only: Option<ItemCode> = lines[0].named("only");
    CountJob {
        bins: lines.iter().zip(1..).map(bin).collect(),
        items: only.iter().map(|code| item(code.as_str())).collect(),
        item: only,
        not_by: lines[0].named("not"),
    }
}

fn return_line((words, line): (&Words, u32)) -> ReturnLine {
    let (item, barcodes) = item(words.plain[0]);
    ReturnLine {
        line,
        item,
        barcodes,
        quantity: words.count,
    }
}

/// Lines of the same item are one line with several lots.
fn pack_lines(lines: &[Words]) -> Vec<PackLine> {
    let mut packs: Vec<PackLine> = Vec::new();
    for words in lines {
        let (item, barcodes) = item(words.plain[0]);
        let picked = (words.goods(words.plain[0]), words.count);
        let none = words.plain.contains(&"unpicked");
        match packs.iter_mut().find(|pack| pack.item.code == item.code) {
            Some(pack) => {
                pack.wanted = pack.wanted.plus(words.count);
                pack.picked.push(picked);
            }
            None => packs.push(PackLine {
                line: u32::try_from(packs.len()).unwrap() + 1,
                item,
                barcodes,
                wanted: words.count,
                picked: if none { Vec::new() } else { vec![picked] },
            }),
        }
    }
    packs
}

fn plates(count: u32) -> Vec<Sscc> {
    (1..=count)
        .map(|number| Sscc::from_body(&format!("0200000000000{number:04}")).unwrap())
        .collect()
}

/// What the handheld belongs to.
pub fn warehouse_name() -> SafeText {
    "Main warehouse".into()
}
