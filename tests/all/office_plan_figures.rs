//! What the figures say: every amount from the ledger, to the hundredth; and what is due to be counted.

use super::office_plan::{BUYING, import, item, past};
use super::office_tools::*;
use stockhand::office::figures::{Booking, By, Method, Span, ValueRow};
use stockhand::planning::value::Money;
use stockhand::warehouse::{Fact, Job, Quantity, Status};

fn year() -> Span {
    Span::new("2026-06-01".parse().unwrap(), "2027-12-31".parse().unwrap()).unwrap()
}

fn cents(cents: i64) -> Money {
    Money::cents(cents)
}

fn packed(order: &str, units: u32) -> Fact {
    Fact::Packed {
        line: 1,
        order: order.parse().unwrap(),
        carton: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(units),
        from: "A-01-01".parse().unwrap(),
    }
}

/// 10 bolts at 2.50 are there; 100 come for 250.00 with 4 % duty and 40.00 freight, on paper; 80 are sold, 5 come back.
fn traded() -> Ground {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    import(&ground, BUYING);
    import(
        &ground,
        &[
            ("customers.csv", "code,name\nC1,Someone\n"),
            (
                "prices.csv",
                "item,customer,price\nBOLT,,5.00\nBOLT,C1,4.00\n",
            ),
            (
                "receipts.csv",
                "warehouse,order,supplier,bin,line,item,quantity\nW1,PO-1,S1,RECV-01,1,BOLT,100\n",
            ),
            (
                "receipt_costs.csv",
                "warehouse,order,line,value,duty_percent\nW1,PO-1,1,250.00,4\n",
            ),
            (
                "receipt_charges.csv",
                "warehouse,order,charge,amount,by\nW1,PO-1,freight,40.00,weight\n",
            ),
            (
                "orders.csv",
                "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,BOLT,50\nW1,Other,SO-2,1,BOLT,30\n",
            ),
        ],
    );
    ground.office.receive(now(), &w1()).unwrap();
    let mut hand = ground.hand("W1");
    let task = "OWN-HH-001-1";
    hand.does(&ground, task, packed("SO-1", 50));
    hand.does(&ground, task, packed("SO-2", 30));
    let back = Fact::Returned {
        order: None,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(5),
        bin: "A-01-02".parse().unwrap(),
        becomes: Some(Status::Available),
    };
    hand.does(&ground, task, back);
    ground
}

fn bolts(ground: &Ground, method: Method, span: Span) -> ValueRow {
    let rows = ground.office.stock_value(&w1(), method, span).unwrap();
    assert!(rows.iter().all(|row| row.statement.balances()), "{rows:?}");
    rows.into_iter()
        .find(|row| row.item == item("BOLT"))
        .unwrap()
}

#[test]
fn opening_and_receipts_are_what_went_and_what_is_left_to_the_hundredth() {
    let ground = traded();
    // 250.00 + 10.00 + 40.00 for 100: 3.00 each, behind 10 at 2.50.
    let fifo = bolts(&ground, Method::Fifo, year());
    assert_eq!(fifo.quantity, Quantity::units(35));
    assert_eq!(fifo.sold, cents(2500 + 21_000));
    // What comes back costs what the last that went did.
    assert_eq!(fifo.statement.receipts, cents(2500 + 30_000 + 1500));
    assert_eq!(fifo.statement.closing, cents(9000 + 1500));
    let average = bolts(&ground, Method::MovingAverage, year());
    // 325.00 for 110: 50 are 147.73, 30 of the rest 88.64.
    assert_eq!(average.sold, cents(14_773 + 8864));
    assert!(average.statement.balances());
    // The next span begins with what the last one left.
    let later = Span::new("2027-03-02".parse().unwrap(), "2027-12-31".parse().unwrap()).unwrap();
    let next = bolts(&ground, Method::Fifo, later);
    assert_eq!(
        (next.statement.opening, next.statement.closing),
        (cents(10_500), cents(10_500))
    );
    assert_eq!(
        (next.sold, next.statement.receipts),
        (Money::ZERO, Money::ZERO)
    );
}

#[test]
fn every_amount_can_be_followed_to_the_moves_it_is_made_of() {
    let ground = traded();
    let mut all = Vec::new();
    let take = |booked| {
        all.push(booked);
        Ok(())
    };
    ground
        .office
        .booked(&w1(), &item("BOLT"), (Method::Fifo, year()), take)
        .unwrap();
    let what: Vec<(&str, &str)> = all
        .iter()
        .map(|it| (it.what.as_str(), it.document.as_str()))
        .collect();
    let wanted = [
        ("found", "import"),
        ("received", "PO-1"),
        // The book had ten of them there, and took the rest all the same.
        ("sold", "SO-1"),
        ("sold", "SO-1"),
        ("sold", "SO-2"),
        ("returned", ""),
    ];
    assert_eq!(what, wanted);
    assert_eq!(
        all[2].fact.as_str(),
        "HH-001/1/1",
        "the row of the journal that says so"
    );
    let sold: Money = all
        .iter()
        .filter(|it| it.what == Booking::Sold)
        .map(|it| it.cost)
        .sum();
    assert_eq!(sold, bolts(&ground, Method::Fifo, year()).sold);
}

#[test]
fn margins_are_told_by_item_customer_and_order() {
    let ground = traded();
    let margins = |by| {
        let rows = ground
            .office
            .margins(&w1(), (Method::Fifo, year()), by)
            .unwrap();
        rows.iter()
            .map(|row| format!("{} {} {}", row.name, row.revenue, row.cost))
            .collect::<Vec<_>>()
    };
    // 50 at 4.00 and 30 at 5.00; five came back from nobody knows whom, at the price for all.
    assert_eq!(
        margins(By::Order),
        ["SO-2 150.00 90.00", "SO-1 200.00 145.00", " -25.00 -15.00"]
    );
    assert_eq!(
        margins(By::Customer),
        [
            "Other 150.00 90.00",
            "Someone 200.00 145.00",
            " -25.00 -15.00"
        ]
    );
    assert_eq!(margins(By::Item), ["BOLT 325.00 220.00"]);
    let rows = ground
        .office
        .margins(&w1(), (Method::Fifo, year()), By::Item)
        .unwrap();
    assert_eq!(
        (rows[0].margin(), rows[0].basis_points()),
        (cents(10_500), Some(3230))
    );
}

#[test]
fn what_turns_what_only_lies_there_and_what_will_expire_is_said() {
    let ground = traded();
    past(&ground, "BOLT", 300);
    import(
        &ground,
        &[
            (
                "stock.csv",
                "warehouse,bin,item,lot,expiry,quantity\nW1,A-01-02,MILK,OLD,2027-03-10,40\nW1,A-01-02,MILK,NEW,2027-04-30,10\n",
            ),
            ("values.csv", "item,value\nMILK,1.00\n"),
        ],
    );
    ground.office.plan(now(), &w1()).unwrap();
    let span = Span::new("2027-01-01".parse().unwrap(), "2027-03-31".parse().unwrap()).unwrap();
    let rows = ground
        .office
        .stock_figures(now(), &w1(), (Method::Fifo, span))
        .unwrap();
    let bolts = rows.iter().find(|row| row.item == item("BOLT")).unwrap();
    let figures = bolts.figures.unwrap();
    // 235.00 sold of (0 + 105.00) / 2 on average.
    assert!((figures.turns - 235.0 / 52.5).abs() < 1e-9, "{figures:?}");
    assert_eq!(bolts.holding, cents(2625));
    assert_eq!(bolts.ages[0].value.plus(bolts.ages[1].value), bolts.value);
    assert_eq!(
        bolts.excess.quantity,
        Quantity::ZERO,
        "300 a month are wanted"
    );
    let milk = rows.iter().find(|row| row.item == item("MILK")).unwrap();
    assert_eq!(
        milk.excess.quantity,
        Quantity::units(50),
        "nobody wants any"
    );
    // In a year nothing of it has moved.
    let later = Span::new("2027-01-01".parse().unwrap(), "2028-02-28".parse().unwrap()).unwrap();
    let rows = ground
        .office
        .stock_figures(now(), &w1(), (Method::Fifo, later))
        .unwrap();
    let milk = rows.iter().find(|row| row.item == item("MILK")).unwrap();
    assert_eq!(milk.dead.quantity, Quantity::units(50));
    let expiry = ground.office.expiry(now(), &w1()).unwrap();
    let lots: Vec<String> = expiry
        .iter()
        .map(|row| format!("{} {} {}", row.lot, row.at_risk, row.value))
        .collect();
    assert_eq!(lots, ["OLD 40 39.60", "NEW 10 9.90"]);
}

#[test]
fn service_is_what_customers_got_of_what_they_ordered() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,6"]);
    ground.order(&["SO-1,1,BOLT,10"]);
    let mut hand = ground.hand("W1");
    for (task, fact) in [
        ("PICK-SO-1", started()),
        ("PICK-SO-1", picked(1, "A-01-01", goods("BOLT", ""), 6)),
        ("PICK-SO-1", Fact::TaskFinished),
        ("PACK-SO-1", started()),
    ] {
        hand.does(&ground, task, fact);
    }
    let pack = Fact::Packed {
        line: 1,
        order: "SO-1".parse().unwrap(),
        carton: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(6),
        from: "PACK-01".parse().unwrap(),
    };
    hand.does(&ground, "PACK-SO-1", pack);
    hand.does(&ground, "PACK-SO-1", Fact::TaskFinished);
    let service = ground.office.service(&w1(), year()).unwrap();
    assert_eq!(service.orders.lines.to_string(), "0.00 %");
    assert_eq!(
        (service.orders.on_time.good, service.orders.complete.of),
        (1, 1)
    );
    assert_eq!(
        (service.picks.good, service.picks.of),
        (1, 1),
        "what there was was fetched whole"
    );
}

#[test]
fn what_fell_short_is_counted_first_and_then_what_is_due() {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,10",
        "A-01-02,PAINT,RED,,10",
        "A-01-03,MILK,M1,2028-01-01,10",
    ]);
    let office = &ground.office;
    assert!(office.due_counts(now(), &w1()).unwrap().is_empty());
    let due = |at| {
        let due = office.due_counts(at, &w1()).unwrap();
        due.iter()
            .map(|it| format!("{} {}", it.bin, it.why))
            .collect::<Vec<_>>()
    };
    let half_a_year = now() + hours(24 * 180);
    let every = "last counted 184 days ago; its class is counted every 182";
    assert_eq!(due(half_a_year)[0], format!("A-01-01 {every}"));
    assert_eq!(due(half_a_year).len(), 3);
    ground.order(&["SO-1,1,PAINT,4"]);
    let mut hand = ground.hand("W1");
    hand.record(Some("PICK-SO-1"), started());
    hand.record(Some("PICK-SO-1"), short(1, "A-01-02", "PAINT", 4));
    hand.push(&ground);
    assert_eq!(
        due(now()),
        ["A-01-02 1 times something did not square since the last count"]
    );
    let made = office.have_due_counted(half_a_year, &w1()).unwrap();
    let bins: Vec<String> = made
        .iter()
        .flat_map(|id| match ground.task(id.as_str()).unwrap().job {
            Job::Count(job) => job.bins,
            _ => panic!("it is a count"),
        })
        .map(|bin| bin.bin.to_string())
        .collect();
    assert!(
        bins.len() >= 2 && bins.windows(2).all(|pair| pair[0] < pair[1]),
        "{bins:?}"
    );
    assert!(
        office
            .have_due_counted(half_a_year, &w1())
            .unwrap()
            .is_empty(),
        "they are to be counted already"
    );
}

#[test]
fn the_best_seller_changes_places_with_what_stands_nearest_the_packing_bench() {
    let ground = Ground::new();
    assert!(
        ground.office.slotting(now(), &w1()).unwrap().is_empty(),
        "nobody knows where bins are"
    );
    import(
        &ground,
        &[
            (
                "bins.csv",
                "warehouse,code,zone,kind,sequence,x_cm,y_cm\nW1,A-01-01,A,pick_face,1,0,200\nW1,A-01-02,A,pick_face,2,0,2000\n\
                 W1,A-01-03,A,pick_face,3,0,4000\nW1,A-01-03-01,A,reserve,4,300,200\nW1,A-01-03-02,A,reserve,5,300,4000\n\
                 W1,PACK-01,P,packing,7,0,0\n",
            ),
            (
                "stock.csv",
                "warehouse,bin,item,lot,quantity\nW1,A-01-01,PAINT,RED,10\nW1,A-01-03,BOLT,,500\n",
            ),
            (
                "faces.csv",
                "warehouse,bin,item,least,most\nW1,A-01-03,BOLT,10,600\n",
            ),
        ],
    );
    let mut hand = ground.hand("W1");
    for _ in 0..100 {
        hand.record(
            Some("OWN-HH-001-1"),
            picked(1, "A-01-03", goods("BOLT", ""), 1),
        );
    }
    hand.push(&ground);
    let moves = ground.office.slotting(now(), &w1()).unwrap();
    let said: Vec<String> = moves
        .iter()
        .map(|it| {
            format!(
                "{} {} to {} {:?} {} m",
                it.item,
                it.from,
                it.to,
                it.swapped.as_ref().map(ToString::to_string),
                it.metres_a_week
            )
        })
        .collect();
    // The free face in the middle costs half the work of a swap and saves more than half of its walk: 100 × 2 × 20 m.
    assert_eq!(said[0], "BOLT A-01-03 to A-01-02 None 4000 m", "{said:?}");
    assert_eq!(ground.office.slot_moves(&w1()).unwrap(), moves);
    let tasks = ground.office.accept_slot(&w1(), moves[0].id).unwrap();
    let Job::Move(job) = ground.task(tasks[0].as_str()).unwrap().job else {
        panic!("it is a move");
    };
    assert_eq!(job.lines[0].quantity, Quantity::units(400));
    assert!(
        ground.office.accept_slot(&w1(), moves[0].id).is_err(),
        "once is enough"
    );
    let mut faces = Vec::new();
    ground.office.export("faces.csv", &mut faces).unwrap();
    assert!(
        String::from_utf8(faces)
            .unwrap()
            .contains("W1,A-01-02,BOLT,10,600"),
        "its face goes with it"
    );
}
