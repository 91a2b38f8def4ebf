//! What happened, told to partners as EPCIS 2.0, held against GS1's own schema with formats checked; and what partners tell.

use super::office_tools::*;
use super::schema::Schema;
use serde_json::{Value, json};
use stockhand::office::epcis::{Wanted, answer, document, read};
use stockhand::warehouse::{Fact, Place, Quantity, Reason, Sscc, Status};

fn file(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/epcis");
    std::fs::read_to_string(path.join(name)).unwrap()
}

/// What the schema says is wrong.
fn faults(schema: &Schema, document: &Value) -> Vec<String> {
    schema.faults(document)
}

fn schema() -> Schema {
    Schema(serde_json::from_str(&file("EPCIS-JSON-Schema.json")).unwrap())
}

fn plate(number: u32) -> Sscc {
    Sscc::from_body(&format!("395060000000{number:05}")).unwrap()
}

/// A day in which everything happens that is an event, some of it taken back.
#[expect(
    clippy::too_many_lines,
    reason = "one of each fact, told as it happens"
)]
fn day() -> (Ground, Vec<&'static str>) {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,100", "A-01-01,PAINT,R/1(x),,10"]);
    let codes =
        "code,item,holds\n09506000117843,PAINT,1\n09506000140445,PUMP,1\n09506000117850,MILK,1\n";
    ground
        .office
        .import(now(), &[sheet("barcodes.csv", codes)])
        .unwrap();
    ground.office.set_gln(&w1(), "9521321000018").unwrap();
    let mut hand = ground.hand("W1");
    let bin = |code: &str| code.parse().unwrap();
    let units = Quantity::units;
    let (paint, milk) = (goods("PAINT", "R/1(x)"), goods("MILK", "M1%"));
    let mut pump = goods("PUMP", "");
    pump.serial = "S-1".parse().ok();
    let received = |goods: &stockhand::warehouse::Goods, quantity| Fact::Received {
        order: "RC/1 ä".parse().ok(),
        line: 1,
        goods: goods.clone(),
        quantity,
        weight_g: None,
        plate: None,
        status: Status::Available,
        bin: bin("RECV-01"),
    };
    let put = Fact::PutAway {
        line: 1,
        goods: milk.clone(),
        quantity: units(5),
        plate: None,
        status: Status::Available,
        from: bin("RECV-01"),
        to: bin("A-01-02"),
        reason: None,
    };
    let contents = vec![(paint.clone(), units(2)), (pump.clone(), units(1))];
    let judged = |becomes| Fact::Restated {
        bin: bin("A-01-01"),
        plate: None,
        goods: paint.clone(),
        quantity: units(1),
        was: Status::Available,
        becomes,
        reason: Reason::Suspect,
    };
    let order = || "SO-1".parse().unwrap();
    let truck = || "SHP-1".parse().unwrap();
    let picked = picked(1, "A-01-01", goods("BOLT", ""), 3);
    let facts = vec![
        (
            "receiving",
            received(&milk, Quantity::from_thousandths(5500)),
        ),
        ("receiving", received(&pump, units(1))),
        ("storing", put),
        ("picking", picked.clone()),
        ("inspecting", judged(Some(Status::Damaged))),
        ("destroying", judged(None)),
        (
            "commissioning",
            Fact::Assembled {
                order: "MO-1".parse().unwrap(),
                product: goods("PAINT", "MIX"),
                quantity: units(4),
                bin: bin("A-01-03"),
                consumed: vec![
                    (paint.clone(), units(1), "bin:A-01-01".parse().unwrap()),
                    (pump.clone(), units(1), Place::Bin(bin("RECV-01"))),
                ],
            },
        ),
        (
            "packing",
            Fact::CartonClosed {
                order: order(),
                carton: 1,
                sscc: plate(1),
                goods: contents.clone(),
            },
        ),
        (
            "packing",
            Fact::Palletized {
                shipment: truck(),
                pallet: plate(2),
                order: order(),
                carton: plate(1),
            },
        ),
        (
            "loading",
            Fact::Loaded {
                shipment: truck(),
                door: bin("DOCK-01"),
                order: order(),
                plate: plate(1),
                goods: contents.clone(),
            },
        ),
        (
            "shipping",
            Fact::TruckClosed {
                shipment: truck(),
                door: bin("DOCK-01"),
                orders: vec![order()],
                seal: None,
            },
        ),
        (
            "unloading",
            Fact::Delivered {
                shipment: truck(),
                stop: 1,
                order: order(),
                plate: plate(1),
                goods: contents,
            },
        ),
        (
            "receiving",
            Fact::Returned {
                order: None,
                goods: pump,
                quantity: units(1),
                bin: bin("RECV-01"),
                becomes: Some(Status::OnHold),
            },
        ),
        (
            "cycle_counting",
            Fact::BinCounted {
                line: 1,
                bin: bin("A-01-01"),
                item: None,
                counted: vec![(paint.clone(), units(7))],
            },
        ),
    ];
    let mut steps = Vec::new();
    for (step, fact) in facts {
        steps.push(step);
        hand.record(Some("T"), fact);
    }
    hand.record(Some("T"), undone(4, picked));
    steps.push("picking");
    hand.push(&ground);
    (ground, steps)
}

#[test]
fn every_event_is_right_by_the_schema_and_what_was_taken_back_says_so() {
    let (schema, (ground, steps)) = (schema(), day());
    let found = ground.office.epcis_events(&Wanted::default()).unwrap();
    assert!(found.unnamed.is_empty(), "{:?}", found.unnamed);
    let said: Vec<&str> = found
        .events
        .iter()
        .map(|it| it["bizStep"].as_str().unwrap())
        .collect();
    assert_eq!(said, steps);
    let events = found.events;
    assert_eq!(
        events[0]["quantityList"][0]["epcClass"],
        "https://id.gs1.org/01/09506000117850/10/M1%25"
    );
    assert_eq!(events[0]["quantityList"][0]["quantity"], json!(5.5));
    assert_eq!(
        events[0]["readPoint"]["id"],
        "https://id.gs1.org/414/9521321000018/254/RECV-01"
    );
    assert_eq!(
        events[1]["epcList"][0],
        "https://id.gs1.org/01/09506000140445/21/S-1"
    );
    assert_eq!(
        events[10]["epcList"][0],
        format!("https://id.gs1.org/00/{}", plate(1))
    );
    let (was, taken_back) = (&events[3], events.last().unwrap());
    assert_eq!(was["eventID"], taken_back["eventID"]);
    assert_eq!(taken_back["errorDeclaration"]["reason"], "did_not_occur");
    assert!(was["errorDeclaration"].is_null());
    for whole in [document(now(), &events), answer(now(), &events)] {
        assert_eq!(faults(&schema, &whole), Vec::<String>::new());
    }
    // Our own look is no less strict than the schema, and takes what we say ourselves.
    let text = document(now(), &events).to_string();
    assert_eq!(read(now(), &text).unwrap().len(), steps.len());
}

#[test]
fn what_has_no_number_is_left_out_and_named_and_a_gln_must_be_right() {
    let ground = Ground::with_stock(&["A-01-01,PAINT,RED,,10"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "T", picked(1, "A-01-01", goods("PAINT", "RED"), 1));
    let found = ground.office.epcis_events(&Wanted::default()).unwrap();
    assert!(found.events.is_empty());
    assert!(found.unnamed.contains("PAINT"));
    for bad in ["", "9521321000019", "952132100001", "09521321000018"] {
        assert!(ground.office.set_gln(&w1(), bad).is_err(), "{bad}");
    }
    let later = Wanted {
        since: Some(now() + hours(1)),
        ..Wanted::default()
    };
    assert!(
        ground
            .office
            .epcis_events(&later)
            .unwrap()
            .unnamed
            .is_empty()
    );
}

#[test]
fn a_partner_is_taken_at_their_word_only_as_far_as_it_is_one() {
    let (schema, ground) = (schema(), Ground::new());
    let good = file("sample_flow.json");
    let bad: Value = serde_json::from_str(&file("bad_flow.json")).unwrap();
    assert_eq!(
        faults(&schema, &serde_json::from_str(&good).unwrap()),
        Vec::<String>::new()
    );
    assert!(!faults(&schema, &bad).is_empty(), "formats are checked");
    let notices = ground.office.take_notice(now(), &good).unwrap();
    assert_eq!(notices.len(), 5);
    assert_eq!(ground.office.notices(10).unwrap().len(), 5);
    ground.office.take_notice(now(), &good).unwrap();
    assert_eq!(
        ground.office.notices(10).unwrap().len(),
        5,
        "each is told once"
    );
    let refused = ground
        .office
        .take_notice(now(), &bad.to_string())
        .unwrap_err();
    let words: Vec<&str> = refused.iter().map(|it| it.why.as_str()).collect();
    let all = words.join("\n");
    for wanted in [
        "recieving",
        "RAW-A7",
        "MOVED",
        "eventTime",
        "eventTimeZoneOffset",
    ] {
        assert!(all.contains(wanted), "{wanted}: {all}");
    }
    // What the schema lets through.
    let spoilt = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        ground
            .office
            .take_notice(now(), &good.replacen(from, to, 1))
            .unwrap_err()
    };
    for (from, to) in [
        ("\"receiving\"", "\"recieving\""),
        ("\"in_progress\"", "\"in_progres\""),
        ("/01/09521321000001/", "/01/09521321000002/"),
        ("/00/095213210000000018", "/00/095213210000000019"),
        ("https://id.gs1.org/01/09521321000001/10/RAW-A7", "RAW-A7"),
        ("2026-11-20T08:00:00Z", "2036-11-20T08:00:00Z"),
        ("\"quantity\":200", "\"quantity\":-200"),
    ] {
        assert_eq!(spoilt(from, to).len(), 1, "{to}");
    }
    for text in [
        "",
        "[]",
        "{}",
        "{\"type\":\"EPCISDocument\",\"schemaVersion\":\"1.2\"}",
    ] {
        assert_eq!(
            ground.office.take_notice(now(), text).unwrap_err()[0].event,
            0
        );
    }
}

#[test]
fn the_examples_of_the_standard_are_read_without_a_panic() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/epcis/examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for end in (0..text.len())
            .step_by(97)
            .filter(|end| text.is_char_boundary(*end))
        {
            assert!(read(now(), &text[..end]).is_err());
        }
        let _ = read(now(), &text);
        seen += 1;
    }
    assert!(seen > 5);
}
