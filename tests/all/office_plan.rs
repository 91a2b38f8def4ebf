//! Planning on the office's own books: what was wanted, what is expected, when to order, and who is told.

use super::office_tools::*;
use std::fmt::Write as _;
use stockhand::office::Error;
use stockhand::office::plan::{Period, PlanRules};
use stockhand::warehouse::{Change, Fact, ItemCode, Quantity, Reason, Status, Timestamp};

pub fn import(ground: &Ground, sheets: &[(&str, &str)]) {
    let sheets: Vec<_> = sheets
        .iter()
        .map(|(name, text)| sheet(name, text))
        .collect();
    ground.office.import(now(), &sheets).unwrap();
}

pub fn item(code: &str) -> ItemCode {
    code.parse().unwrap()
}

pub fn at(day: &str) -> Timestamp {
    format!("{day}T09:00:00Z").parse().unwrap()
}

/// A fact that the office hears of on this day.
fn hears(ground: &Ground, hand: &mut Hand, day: &str, task: &str, fact: Fact) {
    let first = hand.rows.len() + 1;
    hand.record(Some(task), fact);
    let push = hand.from(first);
    let pushed = ground.office.push(at(day), &hand.device, &push).unwrap();
    assert_eq!(pushed.acked, hand.rows.len() as u64);
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

fn stocked(ground: &Ground, day: &str, units: u32) {
    let text = format!("warehouse,bin,item,quantity\nW1,A-01-01,BOLT,{units}\n");
    ground
        .office
        .import(at(day), &[sheet("stock.csv", &text)])
        .unwrap();
}

/// Three years of months of an even demand with a peak in December, before the books began.
pub fn past(ground: &Ground, item: &str, even: u32) {
    let mut text = "warehouse,item,day,quantity\n".to_owned();
    for month in 0..36 {
        let (year, month) = (2024 + (month + 2) / 12, (month + 2) % 12 + 1);
        let wanted = even + month % 3 + if month == 12 { even } else { 0 };
        writeln!(text, "W1,{item},{year}-{month:02}-05,{wanted}").unwrap();
    }
    import(ground, &[("past_demand.csv", &text)]);
}

/// Sold by S1, which takes orders on Mondays and Thursdays.
pub const BUYING: &[(&str, &str)] = &[
    (
        "suppliers.csv",
        "code,name\nS1,Supplier one\nS2,Supplier two\n",
    ),
    (
        "supplier_terms.csv",
        "supplier,lead_days,order_days,closed,least_value\nS1,10,mon;thu,2027-03-01,100.00\n",
    ),
    (
        "supplies.csv",
        "item,supplier,price,least,multiple,order_cost,breaks\nBOLT,S1,2.50,50,10,30.00,500=2.25\nMILK,S2,0.99,,12,,\n",
    ),
];

/// What handhelds are told by message.
fn messages(ground: &Ground) -> Vec<String> {
    let mut found = Vec::new();
    let take = |change| {
        if let Change::Message(message) = change {
            found.push(format!("{}: {}", message.to.unwrap(), message.text));
        }
        Ok::<_, Error>(())
    };
    ground.office.everything(&w1(), take).unwrap();
    found
}

#[test]
fn demand_is_what_was_packed_without_returns_and_one_off_orders_and_with_what_was_asked_for_in_vain()
 {
    let ground = Ground::new();
    stocked(&ground, "2026-08-01", 150);
    let mut hand = ground.hand("W1");
    let task = "OWN-HH-001-1";
    hears(&ground, &mut hand, "2026-08-20", task, packed("SO-1", 20));
    hears(&ground, &mut hand, "2026-09-20", task, packed("SO-2", 80));
    // Taken out of the carton again: it was never sent.
    let seq = hand.rows.len() as u64 + 1;
    hears(&ground, &mut hand, "2026-09-21", task, packed("SO-3", 7));
    hears(
        &ground,
        &mut hand,
        "2026-09-21",
        task,
        undone(seq, packed("SO-3", 7)),
    );
    let back = Fact::Returned {
        order: None,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(5),
        bin: "A-01-02".parse().unwrap(),
        becomes: Some(Status::OnHold),
    };
    hears(&ground, &mut hand, "2026-10-02", task, back);
    hears(&ground, &mut hand, "2026-10-15", task, packed("SO-4", 50));
    stocked(&ground, "2026-12-10", 30);
    hears(&ground, &mut hand, "2026-12-20", task, packed("SO-5", 10));
    import(
        &ground,
        &[
            (
                "orders.csv",
                "warehouse,customer,order,line,item,quantity\nW1,C,SO-2,1,BOLT,80\n",
            ),
            ("one_offs.csv", "warehouse,order\nW1,SO-2\n"),
        ],
    );
    let rows = ground
        .office
        .demand(at("2027-02-02"), &w1(), &item("BOLT"))
        .unwrap();
    let said: Vec<String> = rows
        .iter()
        .map(|row| {
            let (shipped, returned, one_off) = (row.shipped, row.returned, row.one_off);
            let seen = if row.is_seen { "" } else { " filled in" };
            format!(
                "{} {shipped} -{returned} -{one_off} {}d: {}{seen}",
                row.name, row.days_without, row.demand
            )
        })
        .collect();
    let wanted = [
        "August 2026 20 -0 -0 0d: 20",
        "September 2026 80 -0 -80 0d: 0",
        // All was gone on the 15th: no more was sold around it in months with stock.
        "October 2026 50 -5 -0 16d: 45",
        "November 2026 0 -0 -0 30d: 0 filled in",
        "December 2026 10 -0 -0 9d: 14.091",
        "January 2027 0 -0 -0 0d: 0",
    ];
    assert_eq!(said, wanted);
    // What is read once is not read again.
    assert_eq!(
        ground
            .office
            .demand(at("2027-02-02"), &w1(), &item("BOLT"))
            .unwrap(),
        rows
    );
    ground.office.forget_demand(&w1()).unwrap();
    assert_eq!(
        ground
            .office
            .demand(at("2027-02-02"), &w1(), &item("BOLT"))
            .unwrap(),
        rows
    );
}

#[test]
fn an_order_that_ends_without_all_it_asked_for_says_what_was_wanted() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,6"]);
    let given_up = serde_json::from_str(r#"{"back_orders": false}"#).unwrap();
    ground.office.set_rules(&w1(), &given_up).unwrap();
    ground.order(&["SO-1,1,BOLT,10"]);
    let mut hand = ground.hand("W1");
    let day = "2027-02-20";
    hears(&ground, &mut hand, day, "PICK-SO-1", started());
    hears(
        &ground,
        &mut hand,
        day,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 6),
    );
    hears(&ground, &mut hand, day, "PICK-SO-1", Fact::TaskFinished);
    hears(&ground, &mut hand, day, "PACK-SO-1", started());
    let pack = Fact::Packed {
        line: 1,
        order: "SO-1".parse().unwrap(),
        carton: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(6),
        from: "PACK-01".parse().unwrap(),
    };
    hears(&ground, &mut hand, day, "PACK-SO-1", pack);
    let demand = |on: &str| {
        let rows = ground.office.demand(at(on), &w1(), &item("BOLT")).unwrap();
        rows.iter()
            .map(|row| (row.unmet.to_string(), row.demand.to_string()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        demand("2027-03-02").last().unwrap(),
        &("0".to_owned(), "6".to_owned())
    );
    hears(&ground, &mut hand, day, "PACK-SO-1", Fact::TaskFinished);
    assert_eq!(ground.order_state("SO-1"), "packed");
    // It was due no day: it was wanted when it was seen to have ended.
    demand("2027-03-02");
    let unmet: Vec<String> = demand("2027-04-02")
        .into_iter()
        .map(|(unmet, _)| unmet)
        .collect();
    assert_eq!(unmet, ["0", "4"], "it has ended and 4 never came");
}

#[test]
fn a_plan_says_what_comes_when_to_order_and_why() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,500"]);
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    let planned = ground.office.plan(now(), &w1()).unwrap();
    assert_eq!((planned.forecasts, planned.levels), (1, 1));
    let forecast = ground
        .office
        .forecast_of(&w1(), &item("BOLT"))
        .unwrap()
        .unwrap();
    assert_eq!(forecast.class.as_str(), "smooth");
    assert_eq!(forecast.steps.len(), 12);
    assert_eq!(forecast.steps[0].name, "March 2027");
    let units = |quantity: Quantity| quantity.thousandths() / 1000;
    assert!(
        (270..=360).contains(&units(forecast.steps[1].mean)),
        "{forecast:?}"
    );
    let december = &forecast.steps[9];
    assert!(units(december.mean) > 420, "{december:?}");
    for step in &forecast.steps {
        assert!(step.nearly.0 <= step.often.0 && step.often.0 <= step.mean);
        assert!(step.mean <= step.often.1 && step.often.1 <= step.nearly.1);
    }
    let why = forecast.why.as_str();
    assert!(why.contains("in December 2027"), "{why}");
    let level = ground
        .office
        .levels(&w1(), Some(&item("BOLT")))
        .unwrap()
        .remove(0);
    assert_eq!(
        (level.class.as_str(), level.supplier.as_str()),
        ("AX", "S1")
    );
    assert_eq!((level.receipts, level.lead), (0, (1000, 0)), "as promised");
    assert_eq!(level.service, 980);
    // Ten days at ten a day, half of what is wanted from Monday to Thursday or on to Monday, and safety.
    let reorder = units(level.levels.reorder_point);
    assert!((110..=200).contains(&reorder), "{level:?}");
    assert!(level.levels.lot >= Quantity::units(50) && units(level.levels.lot) % 10 == 0);
    assert_eq!(
        level.levels.preferred,
        level.levels.reorder_point.plus(level.levels.lot)
    );
    assert!(level.why().starts_with("AX: "), "{}", level.why());
    assert!(ground.office.reminders(&w1(), true).unwrap().is_empty());
}

#[test]
fn a_reminder_is_opened_at_the_reorder_point_kept_below_it_and_closed_by_an_order() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,500"]);
    import(&ground, BUYING);
    import(
        &ground,
        &[(
            "workers.csv",
            "warehouse,code,name,badge,role\nW1,L1,Lead 1,BADGE-103,lead\nW2,L2,Lead 2,BADGE-203,lead\n",
        )],
    );
    past(&ground, "BOLT", 300);
    ground.office.plan(now(), &w1()).unwrap();
    assert_eq!(messages(&ground), [""; 0]);
    // 430 are promised: 70 are free of 500 that are there.
    ground.order(&["SO-1,1,BOLT,430"]);
    let done = ground.office.remind(now(), &w1()).unwrap();
    assert_eq!((done.opened, done.kept, done.closed), (1, 0, 0));
    let reminder = ground.office.reminders(&w1(), false).unwrap().remove(0);
    assert_eq!(reminder.position, Quantity::units(70));
    // Orders are taken on Mondays and Thursdays, but not on 1 March; ten days from the 4th.
    assert_eq!(reminder.arrives_on.unwrap().to_string(), "2027-03-14");
    assert_eq!(reminder.stock_out.unwrap().to_string(), "2027-03-08");
    assert_eq!(reminder.spare_days, Some(-6));
    assert!(
        reminder
            .why
            .as_str()
            .starts_with("stock runs out on 2027-03-08"),
        "{}",
        reminder.why
    );
    assert_eq!(
        messages(&ground),
        ["L1: Time to order: BOLT (lasts until 8 Mar)."]
    );
    // Nothing new: nothing is said twice.
    let done = ground.office.remind(now(), &w1()).unwrap();
    assert_eq!((done.opened, done.kept, done.closed), (0, 1, 0));
    // More is wanted than is there: it is kept and brought up to date.
    import(
        &ground,
        &[(
            "orders.csv",
            "warehouse,customer,order,line,item,quantity\nW1,C,SO-2,1,BOLT,80\n",
        )],
    );
    let done = ground.office.remind(now(), &w1()).unwrap();
    assert_eq!((done.opened, done.kept, done.closed), (0, 1, 0));
    let kept = ground.office.reminders(&w1(), false).unwrap().remove(0);
    assert_eq!(
        (kept.id, kept.position),
        (reminder.id, Quantity::units(10).minus(Quantity::units(20)))
    );
    assert_eq!(
        kept.why.as_str(),
        "10 more are promised than are there and coming"
    );
    assert_eq!(messages(&ground).len(), 1);
    // What is on order counts before it is here.
    import(
        &ground,
        &[(
            "receipts.csv",
            "warehouse,order,supplier,due,line,item,quantity\nW1,PO-1,S1,2027-03-12,1,BOLT,600\n",
        )],
    );
    let done = ground.office.remind(now(), &w1()).unwrap();
    assert_eq!((done.opened, done.kept, done.closed), (0, 0, 1));
    assert_eq!(messages(&ground), [""; 0], "the message is taken back");
    let closed = ground.office.reminders(&w1(), true).unwrap().remove(0);
    assert_eq!((closed.id, closed.closed_at), (reminder.id, Some(now())));
}

#[test]
fn how_long_a_supplier_takes_is_measured_from_receipts() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,500"]);
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    let mut hand = ground.hand("W1");
    for (number, (ordered, came)) in [("2027-01-01", 8), ("2027-01-10", 12), ("2027-02-01", 10)]
        .iter()
        .enumerate()
    {
        let order = format!("PO-{number}");
        let text = format!(
            "warehouse,order,supplier,line,item,quantity\nW1,{order},Supplier one,1,BOLT,100\n"
        );
        let day = format!("warehouse,order,day\nW1,{order},{ordered}\n");
        import(&ground, &[("receipts.csv", &text), ("ordered.csv", &day)]);
        ground.office.tend(now()).unwrap();
        let came = at(ordered) + hours(24 * came);
        // A first few are no delivery; it is here when half of it is.
        for (units, at) in [(40, came - hours(72)), (60, came)] {
            let fact = Fact::Received {
                order: order.parse().ok(),
                line: 1,
                goods: goods("BOLT", ""),
                quantity: Quantity::units(units),
                weight_g: None,
                plate: None,
                status: Status::Available,
                bin: "RECV-01".parse().unwrap(),
            };
            let seq = hand.rows.len() as u64 + 1;
            let entry = stockhand::warehouse::Entry {
                seq,
                act: seq,
                at,
                worker: Some("P1".parse().unwrap()),
                task: format!("RECV-{order}").parse().ok(),
                cause: None,
                fact,
            };
            hand.record_line(entry.line());
            hand.push(&ground);
        }
    }
    ground.office.plan(now(), &w1()).unwrap();
    let level = ground
        .office
        .levels(&w1(), Some(&item("BOLT")))
        .unwrap()
        .remove(0);
    assert_eq!((level.receipts, level.lead), (3, (1000, 200)));
    assert!(
        level.why().contains("10.00 days (± 2.00) from 3 receipts"),
        "{}",
        level.why()
    );
}

#[test]
fn what_a_planner_expects_stands_beside_the_forecast_and_is_scored_when_it_has_come() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5000"]);
    past(&ground, "BOLT", 300);
    let office = &ground.office;
    office.plan(now(), &w1()).unwrap();
    let bolt = item("BOLT");
    let said = |period: &str, quantity: u32, by: (&str, &str)| {
        office.override_forecast(
            now(),
            &w1(),
            (&bolt, period),
            Some(Quantity::units(quantity)),
            by,
        )
    };
    said("2027-04", 500, ("Planner", "a fair")).unwrap();
    assert!(said("2027-02", 500, ("Planner", "too late")).is_err());
    assert!(said("2027-05", 500, ("Planner", " ")).is_err());
    assert!(said("soon", 500, ("Planner", "a fair")).is_err());
    let forecast = office.forecast_of(&w1(), &bolt).unwrap().unwrap();
    let april = &forecast.steps[1];
    assert_eq!(
        (april.planner, april.planned()),
        (Some(Quantity::units(500)), Quantity::units(500))
    );
    assert!(
        april.mean < Quantity::units(400),
        "the forecast itself is kept"
    );
    let before = office.levels(&w1(), None).unwrap().remove(0).daily;
    office.plan(now(), &w1()).unwrap();
    assert!(
        office.levels(&w1(), None).unwrap().remove(0).daily > before,
        "it is planned with"
    );
    import(
        &ground,
        &[(
            "past_demand.csv",
            "warehouse,item,day,quantity\nW1,BOLT,2027-03-05,300\nW1,BOLT,2027-04-05,480\n",
        )],
    );
    let score = office
        .forecast_scores(at("2027-05-02"), &w1())
        .unwrap()
        .remove(0);
    assert_eq!((score.periods, score.came), (2, Quantity::units(780)));
    assert!(score.bias.unwrap() < -0.1, "{score:?}");
    let planner = score.planner.unwrap();
    assert!((planner.planner_error - 20.0).abs() < 1e-9);
    assert!(planner.added > 0.8, "{planner:?}");
    office
        .override_forecast(now(), &w1(), (&bolt, "2027-04"), None, ("", ""))
        .unwrap();
    assert!(office.overrides(&w1()).unwrap().is_empty());
}

#[test]
fn a_new_item_sells_like_an_old_one_and_one_that_is_not_bought_any_more_is_not_reminded_of() {
    let ground = Ground::new();
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    past(&ground, "MILK", 100);
    import(
        &ground,
        &[(
            "plan_items.csv",
            "warehouse,item,bought,like,scale,service\nW1,PUMP,yes,BOLT,0.5,99\nW1,MILK,no,,,\n",
        )],
    );
    ground.office.plan(now(), &w1()).unwrap();
    let pump = ground
        .office
        .forecast_of(&w1(), &item("PUMP"))
        .unwrap()
        .unwrap();
    assert_eq!(pump.class.as_str(), "new");
    // Bolts began with 300 in March.
    assert_eq!(pump.steps[0].mean, Quantity::units(150));
    let levels = ground.office.levels(&w1(), None).unwrap();
    let known: Vec<(&str, u32)> = levels
        .iter()
        .map(|level| (level.item.as_str(), level.service))
        .collect();
    assert_eq!(known, [("BOLT", 980), ("PUMP", 990)]);
    let reminders = ground.office.reminders(&w1(), false).unwrap();
    let of: Vec<&str> = reminders
        .iter()
        .map(|reminder| reminder.item.as_str())
        .collect();
    assert_eq!(
        of,
        ["PUMP", "BOLT"],
        "nothing is there of either, and nobody says who is quick with pumps"
    );
}

#[test]
fn planning_is_done_once_a_day_at_its_time_and_not_by_two_at_once() {
    let ground = Ground::new();
    past(&ground, "BOLT", 300);
    let office = &ground.office;
    let mut rules = PlanRules {
        at: None,
        ..PlanRules::default()
    };
    office.set_plan_rules(&rules).unwrap();
    assert_eq!(office.plan_if_due(now()).unwrap(), None);
    let here = now().with_timezone(&chrono::Local).time();
    rules.at = Some(here + hours(1));
    rules.period = Period::Week;
    office.set_plan_rules(&rules).unwrap();
    assert_eq!(office.plan_if_due(now()).unwrap(), None, "it is too early");
    let planned = office.plan_if_due(now() + hours(1)).unwrap().unwrap();
    assert_eq!(planned[0].1.forecasts, 1);
    assert_eq!(
        office.plan_if_due(now() + hours(2)).unwrap(),
        None,
        "it was done today"
    );
    assert!(office.plan_if_due(now() + hours(25)).unwrap().is_some());
    let forecast = office.forecast_of(&w1(), &item("BOLT")).unwrap().unwrap();
    assert_eq!(forecast.steps[0].day.to_string(), "2027-03-01", "a Monday");
}

#[test]
fn sheets_of_planning_come_in_go_out_and_are_refused_if_they_name_what_is_not_there() {
    let ground = Ground::new();
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    import(
        &ground,
        &[
            (
                "plan_items.csv",
                "warehouse,item,bought,like,scale,service\nW1,PUMP,yes,BOLT,0.5,97.5\n",
            ),
            (
                "prices.csv",
                "item,customer,price\nBOLT,,4.125\nBOLT,C1,3.99\n",
            ),
            (
                "receipts.csv",
                "warehouse,order,supplier,line,item,quantity\nW1,PO-1,S1,1,BOLT,100\n",
            ),
            (
                "receipt_costs.csv",
                "warehouse,order,line,value,duty_percent\nW1,PO-1,1,250.00,4.5\n",
            ),
            (
                "receipt_charges.csv",
                "warehouse,order,charge,amount,by\nW1,PO-1,freight,30.00,weight\n",
            ),
            ("ordered.csv", "warehouse,order,day\nW1,PO-1,2027-02-11\n"),
        ],
    );
    let names = [
        "suppliers.csv",
        "supplier_terms.csv",
        "supplies.csv",
        "plan_items.csv",
        "past_demand.csv",
        "prices.csv",
        "receipts.csv",
        "receipt_costs.csv",
        "receipt_charges.csv",
        "ordered.csv",
    ];
    let out = |office: &stockhand::office::Office| {
        names.map(|name| {
            let mut text = Vec::new();
            assert!(office.export(name, &mut text).unwrap(), "{name}");
            String::from_utf8(text).unwrap()
        })
    };
    let first = out(&ground.office);
    assert!(
        first[2].contains("BOLT,S1,1,2.50,50,10,30.00,500=2.25"),
        "{}",
        first[2]
    );
    assert!(first[7].contains("W1,PO-1,1,250,4.5"), "{}", first[7]);
    let other = Ground::new();
    let sheets: Vec<_> = names
        .iter()
        .zip(&first)
        .map(|(name, text)| sheet(name, text))
        .collect();
    other.office.import(now(), &sheets).unwrap();
    assert_eq!(out(&other.office), first);
    for (name, text) in [
        ("supplies.csv", "item,supplier,price\nBOLT,S9,1\n"),
        ("supplies.csv", "item,supplier,price\nNUT,S1,1\n"),
        (
            "supplies.csv",
            "item,supplier,price,breaks\nBOLT,S1,1,100=2\n",
        ),
        ("supplies.csv", "item,supplier,price\nBOLT,S1,1.000001\n"),
        ("supplier_terms.csv", "supplier,lead_days\nS1,0\n"),
        (
            "supplier_terms.csv",
            "supplier,lead_days,order_days\nS1,5,mon;never\n",
        ),
        ("plan_items.csv", "warehouse,item,service\nW1,BOLT,100\n"),
        ("one_offs.csv", "warehouse,order\nW1,SO-9\n"),
        (
            "receipt_charges.csv",
            "warehouse,order,charge,amount,by\nW1,PO-1,freight,1,colour\n",
        ),
    ] {
        assert!(
            ground.office.import(now(), &[sheet(name, text)]).is_err(),
            "{text}"
        );
    }
    assert_eq!(out(&ground.office), first);
}

#[test]
fn short_picks_do_not_hide_what_is_promised() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    past(&ground, "BOLT", 300);
    ground.order(&["SO-1,1,BOLT,10"]);
    let mut hand = ground.hand("W1");
    hand.record(Some("PICK-SO-1"), started());
    hand.record(
        Some("PICK-SO-1"),
        Fact::PickedShort {
            line: 1,
            bin: "A-01-01".parse().unwrap(),
            goods: goods("BOLT", ""),
            missing: Quantity::units(10),
            reason: Reason::BinEmpty,
        },
    );
    hand.push(&ground);
    ground.office.plan(now(), &w1()).unwrap();
    let reminder = ground.office.reminders(&w1(), false).unwrap().remove(0);
    assert_eq!(
        reminder.position,
        Quantity::units(10),
        "by the book it is there until it is counted"
    );
}

#[test]
fn planning_is_done_and_asked_for_by_command() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,40"]);
    import(&ground, BUYING);
    past(&ground, "BOLT", 300);
    let data = ground.dir.path();
    let run = |words: &str| crate::office_command::run(data, &words.split(' ').collect::<Vec<_>>());
    let (code, said) = run("plan run --warehouse W1");
    assert_eq!(code, 0, "{said}");
    assert!(
        said.starts_with("W1: 1 items forecast, 1 with levels; time to order: 1 new"),
        "{said}"
    );
    let (code, said) = run("plan levels --warehouse W1");
    assert!(code == 0 && said.contains("BOLT,AX,S1,"), "{said}");
    let (code, said) = run("plan forecast --warehouse W1 --item BOLT");
    assert!(
        code == 0 && said.contains("item,period,mean,lo80"),
        "{said}"
    );
    assert!(
        said.contains("smooth demand; the average of the last 12 periods"),
        "{said}"
    );
    let (code, said) = run("plan demand --warehouse W1 --item BOLT");
    assert!(
        code == 0 && said.contains("2024-03-01,300,0,0,0,0,300,no"),
        "{said}"
    );
    let (code, said) = run("plan reminders");
    assert!(code == 1 && said.contains("W1/1  BOLT  order "), "{said}");
    let (code, said) = run("plan proposals");
    assert!(
        code == 1 && said.contains("W1/1  open  buy from S1 for "),
        "{said}"
    );
    assert_eq!(
        run("plan change W1/1 --planner Me --item BOLT --quantity 200").0,
        0
    );
    assert_eq!(
        run("plan accept W1/1 --planner Me"),
        (0, "W1/1 is order PO-P1 now.\n".to_owned())
    );
    assert_eq!(
        run("plan refuse W1/1 --planner Me --why No").0,
        3,
        "it is decided"
    );
    let rules = data.join("rules.json");
    std::fs::write(&rules, r#"{"promise": "fill", "service": {"AX": 990}}"#).unwrap();
    let (code, said) = run(&format!("plan rules --set {}", rules.display()));
    assert!(code == 0 && said.contains("\"AX\": 990"), "{said}");
    assert_eq!(run("plan run --anew").0, 0);
    assert!(
        run("plan levels --warehouse W1")
            .1
            .contains("service 99.0 %")
    );
}
