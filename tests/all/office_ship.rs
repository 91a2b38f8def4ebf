//! From the packing bench to the customer: what the office makes of shipments, and how it squares what came of them.

use super::office_tools::*;
use stockhand::flow::{Act, Choice, Refusal, Work};
use stockhand::scan::{Label, Scan};
use stockhand::warehouse::{Entry, Fact, Gtin, Job, Known, Quantity, Reason, SafeText, Sscc};

/// An office with 50 bolts, two orders of one customer each, and a truck that brings them both.
fn ground() -> Ground {
    let ground = Ground::new();
    let sheets = [
        (
            "bins.csv",
            "warehouse,code,zone,kind,sequence\nW1,DOCK-01,D,dock,8\nW1,DOCK-02,D,dock,9\n",
        ),
        (
            "items.csv",
            "code,name,unit,weight_g,length_mm,width_mm,height_mm\nBOLT,Bolt,each,250,100,50,50\n",
        ),
        (
            "customers.csv",
            "code,name,address_1,address_2\nC1,Someone,1 Long Road,12345 Anytown\nC2,Other,2 Low Road,\n",
        ),
        (
            "cartons.csv",
            "code,name,length_mm,width_mm,height_mm,max_weight_g,tare_g,cost\nBOX-S,Small,100,100,100,9000,80,40\n\
             BOX-L,Large,200,150,100,9000,150,90\n",
        ),
        (
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,50\n",
        ),
        (
            "orders.csv",
            "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,BOLT,6\nW1,C2,SO-2,1,BOLT,4\n",
        ),
        (
            "shipments.csv",
            "warehouse,shipment,order,stop,door,carrier\nW1,SHP-1,SO-1,1,DOCK-01,Carrier 9\nW1,SHP-1,SO-2,2,DOCK-01,Carrier 9\n",
        ),
    ];
    let sheets: Vec<_> = sheets
        .iter()
        .map(|(name, text)| sheet(name, text))
        .collect();
    ground.office.import(now(), &sheets).unwrap();
    ground.office.release(now(), &w1()).unwrap();
    ground
}

/// A worker at a task, as the office knows it.
struct At<'a> {
    ground: &'a Ground,
    hand: &'a mut Hand,
    work: Work,
}

impl<'a> At<'a> {
    fn new(ground: &'a Ground, hand: &'a mut Hand, task: &str) -> Self {
        let found = ground
            .task(task)
            .unwrap_or_else(|| panic!("there is no task {task}"));
        assert!(found.is_ready(), "{task} waits for {:?}", found.after());
        hand.does(ground, task, started());
        let work = Work::new(found, "worker:P1".parse().unwrap());
        Self { ground, hand, work }
    }

    fn acts(&mut self, act: &Act) {
        let facts = self
            .work
            .decide(act)
            .unwrap_or_else(|why| panic!("{act:?}: {why:?}"));
        self.record(facts);
    }

    fn record(&mut self, facts: Vec<Fact>) {
        let act = self.hand.rows.len() as u64 + 1;
        let task = self.work.task().id.clone();
        for fact in facts {
            let seq = self.hand.does(self.ground, task.as_str(), fact.clone());
            let entry = Entry {
                seq,
                act,
                at: now(),
                worker: None,
                task: Some(task.clone()),
                cause: None,
                fact,
            };
            self.work.apply(&entry);
        }
    }

    fn undo(&mut self) {
        let facts = self.work.undo().expect("something was done");
        self.record(facts);
    }

    fn plates(&self) -> Vec<Sscc> {
        match &self.work.task().job {
            Job::Load(job) => job
                .shipment
                .cartons
                .iter()
                .map(|carton| carton.plate)
                .collect(),
            Job::Deliver(job) => job
                .shipment
                .cartons
                .iter()
                .map(|carton| carton.plate)
                .collect(),
            _ => panic!("no truck"),
        }
    }
}

fn bin(code: &str) -> Act {
    Act::Scanned(Scan::Bin(code.parse().unwrap()))
}

fn plate(plate: Sscc) -> Act {
    Act::Scanned(Scan::Plate(plate))
}

fn bolts(total: u32) -> Act {
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

fn code(text: &str) -> Act {
    Act::Scanned(Scan::Code(SafeText::new(text)))
}

fn pick_and_pack(ground: &Ground, hand: &mut Hand, order: &str, units: u32) {
    let mut at = At::new(ground, hand, &format!("PICK-{order}"));
    at.acts(&bin("A-01-01"));
    at.acts(&bolts(units));
    at.acts(&bin("PACK-01"));
    let mut at = At::new(ground, hand, &format!("PACK-{order}"));
    at.acts(&Act::Agreed);
    at.acts(&bolts(units));
    at.acts(&Act::Closed(None));
}

fn shipment(ground: &Ground) -> (String, String) {
    let sql = "SELECT state, seal FROM shipments WHERE code = 'SHP-1'";
    let read = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?));
    ground.database().query_row(sql, [], read).unwrap()
}

#[test]
fn what_was_packed_goes_through_its_door_and_is_tracked_to_the_customer() {
    let ground = ground();
    let mut worker = ground.hand("W1");
    let Job::Pack(pack) = ground.task("PACK-SO-1").unwrap().job else {
        panic!("no packing");
    };
    let address: Vec<&str> = pack.how.ship_to.iter().map(SafeText::as_str).collect();
    assert_eq!(address, ["1 Long Road", "12345 Anytown"]);
    assert_eq!(pack.how.cartons.len(), 2);
    pick_and_pack(&ground, &mut worker, "SO-1", 6);
    assert!(
        !ground.task("LOAD-SHP-1").unwrap().is_ready(),
        "SO-2 is not packed"
    );
    pick_and_pack(&ground, &mut worker, "SO-2", 4);
    assert_eq!(ground.order_state("SO-2"), "packed");

    let mut load = At::new(&ground, &mut worker, "LOAD-SHP-1");
    let plates = load.plates();
    assert_eq!(plates.len(), 2, "loading learned of both cartons");
    let wrong = load.work.decide(&bin("DOCK-02"));
    assert!(matches!(wrong, Err(Refusal::WrongBin { .. })));
    load.acts(&bin("DOCK-01"));
    assert_eq!(
        load.work.decide(&plate(plates[0])),
        Err(Refusal::OtherStop { said: 1, wanted: 2 })
    );
    load.acts(&plate(plates[1]));
    load.acts(&plate(plates[0]));
    assert_eq!(ground.stock("truck:SHP-1", "BOLT"), 10);
    assert_eq!(ground.stock("order:SO-1", "BOLT"), 0);
    load.acts(&code("SEAL-7"));
    assert_eq!(ground.order_state("SO-1"), "shipped");
    assert_eq!(shipment(&ground), ("gone".to_owned(), "SEAL-7".to_owned()));
    // Taken back, and closed again with another seal.
    load.undo();
    assert_eq!(ground.order_state("SO-1"), "packed");
    assert_eq!(shipment(&ground).0, "planned");
    assert!(!ground.task("TOUR-SHP-1").unwrap().is_ready());
    load.acts(&code("SEAL-8"));
    assert_eq!(shipment(&ground), ("gone".to_owned(), "SEAL-8".to_owned()));

    let mut tour = At::new(&ground, &mut worker, "TOUR-SHP-1");
    assert_eq!(tour.plates().len(), 2);
    tour.acts(&plate(plates[0]));
    assert_eq!(ground.stock("truck:SHP-1", "BOLT"), 4);
    tour.acts(&code("Ada"));
    assert_eq!(ground.order_state("SO-1"), "delivered");
    tour.acts(&plate(plates[1]));
    tour.undo();
    assert_eq!(
        ground.stock("truck:SHP-1", "BOLT"),
        4,
        "not handed over after all"
    );
    tour.acts(&plate(plates[1]));
    tour.acts(&code("Bo"));
    assert_eq!(ground.order_state("SO-2"), "delivered");
    assert_eq!(shipment(&ground).0, "done");
    tour.undo();
    assert_eq!(
        (
            ground.order_state("SO-2").as_str(),
            shipment(&ground).0.as_str()
        ),
        ("shipped", "gone")
    );
    tour.acts(&code("Bo"));
    assert_eq!(ground.stock("truck:SHP-1", "BOLT"), 0);
    assert_eq!(ground.exceptions(), [""; 0]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn what_a_customer_refuses_comes_back_on_hold_and_what_is_missing_is_for_a_person() {
    let ground = ground();
    let mut worker = ground.hand("W1");
    pick_and_pack(&ground, &mut worker, "SO-1", 6);
    pick_and_pack(&ground, &mut worker, "SO-2", 4);
    let mut load = At::new(&ground, &mut worker, "LOAD-SHP-1");
    let plates = load.plates();
    load.acts(&bin("DOCK-01"));
    load.acts(&plate(plates[1]));
    load.acts(&plate(plates[0]));
    load.acts(&Act::Agreed);
    let mut tour = At::new(&ground, &mut worker, "TOUR-SHP-1");
    tour.acts(&Act::FellShort(Reason::NotWanted));
    tour.acts(&code("Ada"));
    tour.acts(&Act::FellShort(Reason::TooFew));
    tour.acts(&code("Bo"));
    tour.acts(&bin("RECV-01"));
    assert_eq!(ground.exceptions(), ["refused", "short"]);
    assert_eq!(ground.stock("truck:SHP-1", "BOLT"), 0);
    assert_eq!(ground.stock("bin:RECV-01", "BOLT"), 6);
    let sql = "SELECT status FROM stock WHERE place = 'bin:RECV-01' AND quantity > 0";
    let status: String = ground
        .database()
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    assert_eq!(status, "on_hold");
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_carton_that_two_handhelds_loaded_is_for_a_person_and_one_left_behind_stays_packed() {
    let ground = ground();
    let (mut one, mut other) = (ground.hand("W1"), ground.hand("W1"));
    pick_and_pack(&ground, &mut one, "SO-1", 6);
    pick_and_pack(&ground, &mut one, "SO-2", 4);
    let task = ground.task("LOAD-SHP-1").unwrap();
    let mut first = At::new(&ground, &mut one, "LOAD-SHP-1");
    let plates = first.plates();
    first.acts(&bin("DOCK-01"));
    first.acts(&plate(plates[1]));
    // Without signal the other one did the same, from the same list.
    let mut second = At {
        ground: &ground,
        hand: &mut other,
        work: Work::new(task, "worker:P1".parse().unwrap()),
    };
    second.acts(&bin("DOCK-01"));
    second.acts(&plate(plates[1]));
    assert_eq!(ground.exceptions(), ["below_zero"]);
    first.acts(&Act::FellShort(Reason::Damaged));
    first.acts(&Act::Agreed);
    assert_eq!(ground.stock("order:SO-1", "BOLT"), 6);
    assert_eq!(ground.exceptions(), ["below_zero", "short"]);
    assert_eq!(ground.findings(), [""; 0]);
}

#[test]
fn a_truck_is_planned_when_all_its_orders_are_on_the_floor_and_what_is_wrong_with_a_sheet_is_said()
{
    let ground = ground();
    let import = |name: &str, text: &str| {
        let done = ground.office.import(now(), &[sheet(name, text)]);
        done.map(drop).map_err(|why| match why {
            stockhand::office::import::NotImported::BadRows(rows) => rows[0].reason.clone(),
            why => why.to_string(),
        })
    };
    let head = "warehouse,shipment,order,stop,door,carrier\n";
    for (rows, told) in [
        ("W1,SHP-2,SO-9,1,DOCK-01,C\n", "there is no order SO-9"),
        ("W1,SHP-2,SO-1,1,DOCK-09,C\n", "DOCK-09"),
        (
            "W1,SHP-2,SO-1,1,DOCK-01,C\nW1,SHP-2,SO-2,2,DOCK-02,C\n",
            "DOCK-01 and at DOCK-02",
        ),
    ] {
        let why = import("shipments.csv", &format!("{head}{rows}")).unwrap_err();
        assert!(why.contains(told), "{why}");
    }
    let why = import(
        "cartons.csv",
        "code,name,length_mm,width_mm,height_mm,max_weight_g\nX,X,0,1,1,1\n",
    );
    assert!(why.unwrap_err().contains("from 1 to 10000"));
    // An order that is not released yet keeps its truck waiting.
    let order = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-3,1,PUMP,1\n";
    import("orders.csv", order).unwrap();
    import(
        "shipments.csv",
        &format!("{head}W1,SHP-3,SO-3,1,DOCK-02,C\n"),
    )
    .unwrap();
    ground.office.release(now(), &w1()).unwrap();
    assert!(ground.task("LOAD-SHP-3").is_none());
    // What is on the floor stays on its truck.
    import(
        "shipments.csv",
        &format!("{head}W1,SHP-3,SO-1,1,DOCK-02,C\n"),
    )
    .unwrap();
    let Job::Load(load) = ground.task("LOAD-SHP-1").unwrap().job else {
        panic!("no loading");
    };
    assert_eq!(load.shipment.stops.len(), 2);
    let sql = "SELECT shipment FROM shipment_orders WHERE order_code = 'SO-1'";
    let kept: String = ground
        .database()
        .query_row(sql, [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, "SHP-1");
    let mut out = Vec::new();
    ground.office.export("cartons.csv", &mut out).unwrap();
    assert!(
        String::from_utf8(out)
            .unwrap()
            .contains("BOX-S,Small,100,100,100,9000,80,40")
    );
}

#[test]
fn a_weight_that_is_off_and_right_is_told() {
    let ground = ground();
    let grams = |tolerance_g| stockhand::warehouse::Weighing {
        tolerance_g,
        tolerance_percent: 0,
    };
    ground.office.set_weighing(Some(grams(90))).unwrap();
    ground.office.set_weighing(None).unwrap();
    assert_eq!(ground.office.weighing().unwrap(), None);
    ground.office.set_weighing(Some(grams(20))).unwrap();
    assert_eq!(ground.office.weighing().unwrap(), Some(grams(20)));
    ground.order(&["SO-5,1,BOLT,4"]);
    let mut worker = ground.hand("W1");
    pick_and_pack(&ground, &mut worker, "SO-5", 4);
    let task = ground.task("PACK-SO-5").unwrap();
    let mut pack = At {
        ground: &ground,
        hand: &mut worker,
        work: Work::new(task, "worker:P1".parse().unwrap()),
    };
    let kilograms = |grams| Act::Counted {
        total: Quantity::from_thousandths(grams),
        label: None,
        anyway: false,
    };
    pack.acts(&kilograms(500));
    pack.acts(&Act::Answered(false));
    pack.acts(&kilograms(900));
    assert_eq!(ground.order_state("SO-5"), "packing");
    pack.acts(&Act::Answered(true));
    assert_eq!(ground.order_state("SO-5"), "packed");
    assert_eq!(ground.exceptions(), ["other_weight"]);
}

/// A truck with both orders is on its way; the plates of their cartons.
fn on_the_way(ground: &Ground, worker: &mut Hand) -> Vec<Sscc> {
    pick_and_pack(ground, worker, "SO-1", 6);
    pick_and_pack(ground, worker, "SO-2", 4);
    let mut load = At::new(ground, worker, "LOAD-SHP-1");
    let plates = load.plates();
    load.acts(&bin("DOCK-01"));
    load.acts(&plate(plates[1]));
    load.acts(&plate(plates[0]));
    load.acts(&Act::Agreed);
    plates
}

/// What the office shows of the deliveries: stop, who received it, whether the code was right, and what became of what.
fn deliveries(ground: &Ground) -> Vec<String> {
    let mut shown = Vec::new();
    for stop in ground.office.deliveries(None, 9).unwrap() {
        let signed = stop.signed.map_or_else(String::new, |signed| {
            format!("{} {}", signed.receiver, signed.shown)
        });
        shown.push(format!("stop {} {signed}", stop.stop));
        let said = stop.lines.iter().map(|line| {
            format!(
                "{} {} {} {}",
                line.order, line.quantity, line.goods.item, line.fate
            )
        });
        shown.extend(said);
    }
    shown
}

#[test]
fn the_code_that_a_customer_shows_is_held_against_the_one_agreed() {
    let ground = ground();
    let codes = "warehouse,order,code\nW1,SO-1,4711\n";
    let sheets = [sheet("delivery_codes.csv", codes)];
    ground.office.import(now(), &sheets).unwrap();
    let mut worker = ground.hand("W1");
    let plates = on_the_way(&ground, &mut worker);
    // Agreed after the tour was planned: it is asked for all the same.
    let codes = "warehouse,order,code\nW1,SO-2,ab12\n";
    let sheets = [sheet("delivery_codes.csv", codes)];
    ground.office.import(now(), &sheets).unwrap();
    let text = serde_json::to_string(&ground.task("TOUR-SHP-1").unwrap().job).unwrap();
    assert!(!text.contains("4711"), "whoever drives cannot read it");
    let mut tour = At::new(&ground, &mut worker, "TOUR-SHP-1");
    tour.acts(&plate(plates[0]));
    assert_eq!(tour.work.decide(&code("4712")), Err(Refusal::WrongCode));
    tour.acts(&code("4711"));
    tour.acts(&code("Ada"));
    assert_eq!(ground.exceptions(), [""; 0]);
    tour.acts(&plate(plates[1]));
    tour.acts(&Act::Chose(Choice::NoCode, None));
    tour.acts(&code("Bo"));
    assert_eq!(ground.exceptions(), ["not_proven"]);
    let said = [
        "stop 2 Bo none",
        "SO-2 4 BOLT delivered",
        "stop 1 Ada right",
        "SO-1 6 BOLT delivered",
    ];
    let mut shown = deliveries(&ground);
    shown.sort();
    assert_eq!(shown, {
        let mut said = said.map(str::to_owned).to_vec();
        said.sort();
        said
    });
    tour.undo();
    tour.undo();
    tour.acts(&code("AB12"));
    tour.acts(&code("Bo"));
    assert!(deliveries(&ground).contains(&"stop 2 Bo right".to_owned()));
    assert_eq!(ground.exceptions(), ["not_proven"], "it stays: it happened");

    // A handheld that says anything: the office believes its own book.
    let lies = Fact::DeliverySigned {
        shipment: "SHP-1".parse().unwrap(),
        stop: 2,
        orders: vec!["SO-2".parse().unwrap()],
        receiver: "Nobody".into(),
        code: Some("0000".into()),
    };
    worker.does(&ground, "TOUR-SHP-1", lies);
    assert!(deliveries(&ground).contains(&"stop 2 Nobody wrong".to_owned()));
}

#[test]
fn what_is_refused_out_of_a_carton_comes_back_as_a_return_and_the_rest_is_the_customers() {
    let ground = ground();
    let mut worker = ground.hand("W1");
    let Job::Pack(pack) = ground.task("PACK-SO-1").unwrap().job else {
        panic!("no packing");
    };
    let bolt = &pack.lines[0].item;
    let plates = on_the_way(&ground, &mut worker);
    let mut tour = At::new(&ground, &mut worker, "TOUR-SHP-1");
    let known = |total: u32| Act::Known {
        scan: Scan::Code("BOLT".into()),
        known: Box::new(Known::Item {
            item: bolt.clone(),
            holds: Quantity::ONE,
            stock: Vec::new(),
        }),
        total: Some(Quantity::units(total)),
        insisted: false,
    };
    tour.acts(&Act::ChoseFor(Choice::Part, Reason::Damaged));
    tour.acts(&known(2));
    tour.acts(&Act::ChoseFor(Choice::Part, Reason::TooFew));
    tour.acts(&known(3));
    tour.acts(&Act::Chose(Choice::Rest, None));
    assert_eq!(ground.stock("truck:SHP-1", "BOLT"), 2 + 4);
    assert_eq!(ground.exceptions(), ["refused", "short"]);
    tour.acts(&code("Ada"));
    tour.acts(&plate(plates[1]));
    tour.acts(&code("Bo"));
    tour.acts(&bin("RECV-01"));
    assert_eq!(ground.stock("truck:SHP-1", "BOLT"), 0);
    assert_eq!(ground.stock("bin:RECV-01", "BOLT"), 2);
    let mut shown = deliveries(&ground);
    shown.retain(|row| row.starts_with("SO-1"));
    assert_eq!(
        shown,
        [
            "SO-1 2 BOLT refused",
            "SO-1 1 BOLT missing",
            "SO-1 3 BOLT delivered"
        ]
    );
    let back = || -> Vec<String> {
        let returns = ground.office.returns().unwrap().into_iter();
        let said = returns.map(|row| {
            format!(
                "{} {} {} {}",
                row.order, row.customer, row.quantity, row.becomes
            )
        });
        said.collect()
    };
    assert_eq!(back(), ["SO-1 Someone 2 refused"]);
    let order = "SO-1".parse().ok();
    assert_eq!(ground.office.credit(&w1(), order.as_ref()).unwrap(), 1);
    assert_eq!(back(), [""; 0]);
    assert_eq!(ground.findings(), [""; 0]);
}
