//! When goods can go: available to promise, and waves by themselves.

use super::office_order_tools::code;
use super::office_tools::*;
use chrono::{Local, TimeDelta};
use stockhand::warehouse::{OrderCode, Quantity, SafeText, Timestamp};

fn due(day: u32) -> Timestamp {
    format!("2027-03-{day:02}T12:00:00Z").parse().unwrap()
}

fn import(ground: &Ground, name: &str, text: &str) {
    ground.office.import(now(), &[sheet(name, text)]).unwrap();
}

fn purchase(ground: &Ground, order: &str, day: &str, units: u32) {
    let head = "warehouse,supplier,order,due,line,item,quantity";
    let text = format!("{head}\nW1,Maker,{order},{day},1,BOLT,{units}\n");
    import(ground, "receipts.csv", &text);
}

fn when(ground: &Ground, item: &str, units: u32) -> Option<Timestamp> {
    let (item, quantity) = (item.parse().unwrap(), Quantity::units(units));
    let all = ground.office.promise(now(), &item, quantity, Some(&w1()));
    all.unwrap()[0].at
}

fn promised(ground: &Ground, order: &str) -> Option<Timestamp> {
    let progress = ground.office.order_progress(&w1(), &code(order));
    progress.unwrap().lines[0].promised
}

#[test]
fn what_is_free_can_go_now_and_the_rest_when_what_is_announced_has_come() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    purchase(&ground, "PO-1", "2027-03-05T12:00:00Z", 6);
    purchase(&ground, "PO-2", "2027-03-03T12:00:00Z", 4);
    purchase(&ground, "PO-3", "", 100);
    assert_eq!(when(&ground, "BOLT", 10), Some(now()));
    assert_eq!(when(&ground, "BOLT", 11), Some(due(3)));
    assert_eq!(when(&ground, "BOLT", 15), Some(due(5)));
    assert_eq!(
        when(&ground, "BOLT", 21),
        None,
        "what has no date is not counted on"
    );
    assert_eq!(when(&ground, "MILK", 1), None);
    // What is on the floor is taken; what waits goes first.
    ground.order(&["SO-1,1,BOLT,3"]);
    assert_eq!(when(&ground, "BOLT", 7), Some(now()));
    assert_eq!(when(&ground, "BOLT", 8), Some(due(3)));
    let text = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-2,1,BOLT,9\n";
    import(&ground, "orders.csv", text);
    assert_eq!(promised(&ground, "SO-2"), Some(due(3)));
    assert_eq!(when(&ground, "BOLT", 2), Some(due(3)));
    assert_eq!(when(&ground, "BOLT", 3), Some(due(5)));
    ground.office.release(now(), &w1()).unwrap();
    assert_eq!(
        when(&ground, "BOLT", 2),
        Some(due(3)),
        "seven go, two wait as a back-order"
    );
    assert_eq!(
        promised(&ground, "SO-2"),
        Some(due(3)),
        "what was said stays said"
    );
    // What was received counts where it stands; the rest of the delivery later.
    ground.office.receive(now(), &w1()).unwrap();
    let mut hand = ground.hand("W1");
    let received = stockhand::warehouse::Fact::Received {
        order: Some(code("PO-2")),
        line: 1,
        goods: goods("BOLT", ""),
        quantity: Quantity::units(3),
        weight_g: None,
        plate: None,
        status: stockhand::warehouse::Status::Available,
        bin: "RECV-01".parse().unwrap(),
    };
    hand.does(&ground, "RECV-PO-2", started());
    hand.does(&ground, "RECV-PO-2", received);
    assert_eq!(when(&ground, "BOLT", 1), Some(now()));
    assert_eq!(when(&ground, "BOLT", 2), Some(due(3)));
    assert_eq!(when(&ground, "BOLT", 3), Some(due(5)));
}

#[test]
fn a_kit_can_go_when_its_last_component_can() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let sheets = [
        sheet("items.csv", "code,name,unit\nSET,Set,each\nNUT,Nut,each\n"),
        sheet(
            "kits.csv",
            "kit,component,quantity\nSET,BOLT,4\nSET,NUT,1\n",
        ),
        sheet(
            "stock.csv",
            "warehouse,bin,item,quantity\nW1,A-01-03,NUT,50\n",
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    purchase(&ground, "PO-1", "2027-03-05T12:00:00Z", 6);
    assert_eq!(when(&ground, "SET", 2), Some(now()));
    assert_eq!(when(&ground, "SET", 3), Some(due(5)));
    assert_eq!(when(&ground, "SET", 5), None);
    let text = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,SET,3\n";
    import(&ground, "orders.csv", text);
    assert_eq!(promised(&ground, "SO-1"), Some(due(5)));
    assert_eq!(
        when(&ground, "BOLT", 4),
        Some(due(5)),
        "the kit's bolts are spoken for"
    );
    assert_eq!(when(&ground, "BOLT", 5), None);
}

#[test]
fn a_dry_run_says_what_the_wave_lacks() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,5"]);
    let text = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,BOLT,7\nW1,Someone,SO-2,1,PUMP,1\n";
    import(&ground, "orders.csv", text);
    let rules = ground.office.rules(&w1()).unwrap();
    let dry = ground.office.plan_wave(now(), &w1(), rules, 99).unwrap();
    assert_eq!(dry.carts[0].quantity, Quantity::units(5));
    let shorts: Vec<&str> = dry.shorts.iter().map(SafeText::as_str).collect();
    assert_eq!(shorts, ["SO-1 line 1: 2 of BOLT not in stock"]);
    assert_eq!(dry.nothing, [code("SO-2")]);
    assert_eq!(ground.order_state("SO-1"), "open");
}

/// A warehouse with plenty of bolts in which orders wait for waves by these rules.
fn waiting(waves: &str) -> Ground {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,1000"]);
    let rules = format!(r#"{{"carts": {{"wait_for_wave": true}}, "waves": {waves}}}"#);
    let rules = serde_json::from_str(&rules).unwrap();
    ground.office.set_rules(&w1(), &rules).unwrap();
    ground.office.tend(now()).unwrap();
    ground
}

fn order(ground: &Ground, order: &str, due: &str) {
    let text = format!(
        "warehouse,customer,order,due,line,item,quantity\nW1,Someone,{order},{due},1,BOLT,1\n"
    );
    import(ground, "orders.csv", &text);
}

fn released(ground: &Ground, now: Timestamp) -> Vec<OrderCode> {
    let released = ground.office.tend(now).unwrap().released.into_iter();
    released.map(|(_, order)| order).collect()
}

/// So many minutes from now, as a clock on the office's wall shows it.
fn clock(minutes: i64) -> String {
    let at = (now() + TimeDelta::minutes(minutes)).with_timezone(&Local);
    at.format("%H:%M").to_string()
}

fn later(minutes: i64) -> Timestamp {
    now() + TimeDelta::minutes(minutes)
}

#[test]
fn a_wave_goes_at_its_time_with_what_is_due_by_its_cut_off() {
    let waves = format!(
        r#"{{"at": [{{"at": "{}", "due_until": "{}"}}, {{"at": "{}"}}, {{"at": "{}"}}]}}"#,
        clock(30),
        clock(120),
        clock(60),
        clock(-60)
    );
    let ground = waiting(&waves);
    order(&ground, "SO-1", &later(90).to_rfc3339());
    order(&ground, "SO-2", &later(180).to_rfc3339());
    order(&ground, "SO-3", "");
    assert_eq!(
        released(&ground, now()),
        [],
        "the time an hour ago was before these rules"
    );
    assert_eq!(released(&ground, later(29)), []);
    assert_eq!(released(&ground, later(30)), [code("SO-1"), code("SO-3")]);
    order(&ground, "SO-4", &later(90).to_rfc3339());
    assert_eq!(released(&ground, later(31)), [], "once a day");
    // The office was down over the next time: it is made up for once.
    assert_eq!(released(&ground, later(75)), [code("SO-4"), code("SO-2")]);
    order(&ground, "SO-5", "");
    assert_eq!(released(&ground, later(76)), []);
    assert_eq!(
        released(&ground, later(24 * 60 - 60)),
        [code("SO-5")],
        "the next day"
    );
}

#[test]
fn a_wave_goes_when_enough_orders_wait_and_what_is_urgent_waits_for_none() {
    let ground = waiting(r#"{"orders": 3, "urgent_minutes": 45}"#);
    order(&ground, "SO-1", "");
    order(&ground, "SO-2", &later(60).to_rfc3339());
    assert_eq!(released(&ground, now()), []);
    order(&ground, "SO-3", &later(40).to_rfc3339());
    order(&ground, "SO-4", "");
    assert_eq!(released(&ground, now()).len(), 4);
    order(&ground, "SO-5", "");
    order(&ground, "SO-6", &later(60).to_rfc3339());
    assert_eq!(released(&ground, now()), []);
    order(&ground, "SO-7", &later(9000).to_rfc3339());
    ground
        .office
        .cancel_order(now(), &w1(), &code("SO-5"), &"".into())
        .unwrap();
    assert_eq!(
        released(&ground, later(20)),
        [code("SO-6")],
        "two wait, one is due soon"
    );
    assert_eq!(ground.order_state("SO-7"), "open");
}

#[test]
fn without_rules_for_waves_orders_wait_for_a_person() {
    let ground = waiting("{}");
    order(&ground, "SO-1", "");
    assert_eq!(released(&ground, later(3000)), []);
    let wrong = r#"{"waves": {"at": [{"at": "25:00"}]}}"#;
    let read = serde_json::from_str::<stockhand::office::rules::Rules>(wrong);
    assert!(read.unwrap_err().to_string().contains("07:30"));
}
