//! What people at a desk read: stock by status, now and as it was, movements traced to their facts, orders, tasks and waves;
//! on pages over the wire, and the same as sheets.

use super::office_tools::*;
use super::office_web::Site;
use std::collections::{BTreeMap, BTreeSet};
use stockhand::warehouse::{Fact, Quantity};

/// Rows of a page's table as a sheet, without its names, cell by cell.
pub fn sheet_of(site: &Site, cookie: &str, path: &str) -> Vec<Vec<String>> {
    let answer = site.get(cookie, path);
    assert_eq!(answer.status(), 200, "{path}");
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("text/csv"), "{path}: {kind}");
    let text = answer.text().unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        row.iter().map(str::to_owned).collect()
    });
    rows.collect()
}

/// Milk of two lots, bolts and paint, some of it moved by hand, some packed and on a truck.
pub fn busy() -> Ground {
    let ground = Ground::with_stock(&[
        "A-01-01,BOLT,,,10",
        "A-01-02,MILK,L1,2027-04-01,20",
        "A-01-02,MILK,L2,2027-05-01,5",
        "A-01-03,PAINT,P1,,8",
        "A-01-01,BOLT,,,12",
        "A-01-02,MILK,L1,2027-04-01,18",
    ]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    let task = "PICK-SO-1";
    hand.does(&ground, task, started());
    let seq = hand.does(&ground, task, picked(1, "A-01-01", goods("BOLT", ""), 2));
    let taken = picked(1, "A-01-01", goods("BOLT", ""), 2);
    hand.does(&ground, task, undone(seq, taken));
    hand.does(&ground, task, picked(1, "A-01-01", goods("BOLT", ""), 1));
    ground
}

/// What the ledger says was where at a moment, by adding every move up to it.
fn folded(ground: &Ground, at: &str) -> BTreeMap<[String; 5], i64> {
    let db = ground.database();
    let sql = "SELECT item, lot, serial, quantity, source_place, source_plate, target_place, target_plate FROM moves
               WHERE warehouse = 'W1' AND at <= ?1";
    let mut statement = db.prepare(sql).unwrap();
    let mut sums: BTreeMap<[String; 5], i64> = BTreeMap::new();
    let mut rows = statement.query([at]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let text = |at: usize| row.get::<_, String>(at).unwrap();
        let quantity: i64 = row.get(3).unwrap();
        for (place, plate, sign) in [(4, 5, -1), (6, 7, 1)] {
            let key = [text(place), text(plate), text(0), text(1), text(2)];
            *sums.entry(key).or_default() += sign * quantity;
        }
    }
    sums.retain(|key, sum| key[0].contains(':') && *sum != 0);
    sums
}

#[test]
fn stock_as_of_any_moment_is_what_the_moves_until_then_add_up_to() {
    let site = Site::new(busy());
    let vera = site.cookie("vera");
    let moments: BTreeSet<String> = {
        let db = site.ground.database();
        let mut statement = db.prepare("SELECT DISTINCT at FROM moves").unwrap();
        let found = statement.query_map([], |row| row.get(0)).unwrap();
        found.collect::<Result<_, _>>().unwrap()
    };
    assert!(moments.len() >= 6, "{moments:?}");
    let mut seen = BTreeSet::new();
    for at in moments {
        let asked = at.replace('+', "%2B");
        let path = format!("/stock?warehouse=W1&by=each&as_of={asked}&as=csv");
        let mut shown: BTreeMap<[String; 5], i64> = BTreeMap::new();
        for row in sheet_of(&site, &vera, &path) {
            let place = match row[0].split_once(' ') {
                Some((kind, code)) => format!("{kind}:{code}"),
                None => format!("bin:{}", row[0]),
            };
            let key = [
                place,
                row[1].clone(),
                row[2].clone(),
                row[3].clone(),
                row[4].clone(),
            ];
            let amounts = row[7..]
                .iter()
                .map(|text| text.parse::<Quantity>().unwrap().thousandths());
            shown.insert(key, amounts.sum());
        }
        assert_eq!(shown, folded(&site.ground, &at), "{at}");
        seen.insert(format!("{shown:?}"));
    }
    assert!(seen.len() >= 6, "each moment was another");
    let before = sheet_of(
        &site,
        &vera,
        "/stock?warehouse=W1&by=each&as_of=2020-01-01T00:00&as=csv",
    );
    assert!(before.is_empty(), "{before:?}");
    assert_eq!(site.get(&vera, "/stock?as_of=yesterday").status(), 409);
}

#[test]
fn every_status_is_told_apart_and_nothing_is_counted_twice() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-03,MILK,OLD,2020-01-01,7"]);
    let import = |name: &str, text: &str| {
        ground.office.import(now(), &[sheet(name, text)]).unwrap();
    };
    import(
        "stock.csv",
        "warehouse,bin,item,status,quantity\nW1,A-01-02,BOLT,damaged,2\nW1,A-01-02,BOLT,on_hold,4\n",
    );
    import(
        "receipts.csv",
        "warehouse,order,supplier,line,item,plate,quantity\nW1,PO-1,Maker,1,BOLT,,50\nW1,ASN-1,Maker,1,BOLT,003456789012345670,24\n",
    );
    ground.order(&["SO-1,1,BOLT,3"]);
    let plate: stockhand::warehouse::Sscc = "095060001343500002".parse().unwrap();
    let mut hand = ground.hand("W1");
    hand.does(
        &ground,
        "PICK-SO-1",
        picked(1, "A-01-01", goods("BOLT", ""), 2),
    );
    let carton = vec![(goods("BOLT", ""), Quantity::units(1))];
    hand.does(
        &ground,
        "PICK-SO-1",
        Fact::Loaded {
            shipment: "SHP-1".parse().unwrap(),
            door: "RECV-01".parse().unwrap(),
            order: "SO-1".parse().unwrap(),
            plate,
            goods: carton,
        },
    );
    let site = Site::new(ground);
    let vera = site.cookie("vera");
    let rows = sheet_of(&site, &vera, "/stock?warehouse=W1&as=csv");
    // Of ten bolts two are in hand and one is still to be fetched; one that nobody packed is on the truck, so that the
    // order's place holds one less than nothing.
    assert_eq!(
        rows[0],
        [
            "BOLT", "Bolt", "each", "7", "2", "4", "2", "0", "1", "50", "24"
        ]
    );
    assert_eq!(
        rows[1],
        [
            "MILK", "Milk", "each", "0", "0", "0", "0", "7", "0", "0", "0"
        ]
    );
    let zones = sheet_of(&site, &vera, "/stock?warehouse=W1&by=zone&as=csv");
    assert_eq!(zones[0], ["on its way", "1", "0", "1", "0", "0", "0", "1"]);
    assert_eq!(zones[1], ["A", "2", "7", "1", "4", "2", "7", "0"]);
    let found = |q: &str| {
        let rows = sheet_of(&site, &vera, &format!("/stock?warehouse=W1&q={q}&as=csv"));
        rows.into_iter()
            .map(|row| row[0].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("bol"), ["BOLT"]);
    assert_eq!(found("9506000134352"), ["BOLT"], "by its barcode");
    assert_eq!(found("OLD"), ["MILK"], "by its lot");
    assert_eq!(found("a-01-03"), ["MILK"], "by its bin");
    assert!(
        found("%25").is_empty() && found("_").is_empty(),
        "signs mean themselves"
    );
}

#[test]
fn a_movement_leads_to_its_fact_its_worker_and_its_handheld() {
    let site = Site::new(busy());
    let vera = site.cookie("vera");
    let rows = sheet_of(&site, &vera, "/moves?warehouse=W1&item=BOLT&as=csv");
    let said: Vec<String> = rows
        .iter()
        .map(|row| {
            [
                &row[4], &row[5], &row[6], &row[7], &row[8], &row[9], &row[10],
            ]
            .map(String::as_str)
            .join(" ")
        })
        .collect();
    assert_eq!(
        said[..3],
        [
            "1 A-01-01 worker P1 picked P1 HH-001 PICK-SO-1",
            "2 worker P1 A-01-01 undone P1 HH-001 PICK-SO-1",
            "2 A-01-01 worker P1 picked P1 HH-001 PICK-SO-1",
        ]
    );
    assert_eq!(rows.len(), 5, "two imports came before: {said:?}");
    let page = site
        .get(&vera, "/item?warehouse=W1&item=BOLT")
        .text()
        .unwrap();
    let link = "/fact?warehouse=W1&amp;device=HH-001&amp;epoch=1&amp;seq=2";
    assert!(page.contains(link), "{page}");
    let fact = site.get(&vera, &link.replace("&amp;", "&")).text().unwrap();
    for word in [
        "picked",
        "HH-001, journal 1, row 2",
        "&quot;worker&quot;: &quot;P1&quot;",
        "What it moved",
    ] {
        assert!(fact.contains(word), "{word} in {fact}");
    }
    // Nobody reads the rows of another warehouse's handheld.
    let other = "/fact?warehouse=W2&device=HH-001&epoch=1&seq=2";
    assert_eq!(site.get(&vera, other).status(), 409);
    let bin = sheet_of(&site, &vera, "/moves?warehouse=W1&bin=A-01-03&as=csv");
    assert_eq!(bin.len(), 1);
    assert_eq!(bin[0][6], "A-01-03");
}

#[test]
fn an_order_is_followed_from_its_lines_to_its_tasks() {
    let site = Site::new(busy());
    let vera = site.cookie("vera");
    let orders = sheet_of(&site, &vera, "/orders?warehouse=W1&as=csv");
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0][..4], ["SO-1", "sales", "Someone", "50"]);
    assert_eq!(orders[0][5..8], ["picking", "1", "1/3"]);
    let page = site
        .get(&vera, "/order?warehouse=W1&order=SO-1")
        .text()
        .unwrap();
    assert!(page.contains("2 each still to fetch"), "{page}");
    assert!(
        page.contains("/task?warehouse=W1&amp;task=PICK-SO-1"),
        "{page}"
    );
    let task = site
        .get(&vera, "/task?warehouse=W1&task=PICK-SO-1")
        .text()
        .unwrap();
    assert!(
        task.contains("in work") && task.contains("P1, <time"),
        "{task}"
    );
    let mut hand = site.ground.hand("W1");
    hand.does(&site.ground, "PICK-SO-1", short(1, "A-01-01", "BOLT", 2));
    let lines = sheet_of(
        &site,
        &vera,
        "/order?warehouse=W1&order=SO-1&table=0&as=csv",
    );
    assert_eq!(lines[0][5], "1/3");
    assert_eq!(lines[0][7], "2 each short");
    for path in [
        "/order?order=SO-9",
        "/task?task=T",
        "/item?item=X",
        "/bin?bin=X",
    ] {
        let answer = site.get(&vera, path);
        assert_eq!(answer.status(), 409, "{path}");
    }
    let marked = site.get(&vera, "/item?item=%3Cscript%3E").text().unwrap();
    assert!(!marked.contains("<script>"), "{marked}");
}

#[test]
fn a_wave_is_tried_before_it_is_released() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let text = "warehouse,customer,order,line,item,quantity\nW1,Someone,SO-1,1,BOLT,3\nW1,Someone,SO-2,1,BOLT,4\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", text)])
        .unwrap();
    let site = Site::new(ground);
    let fields = |act: &str| format!("warehouse=W1&orders=10&act={act}");
    let vera = site.cookie("vera");
    assert_eq!(site.post(&vera, "/wave", &fields("try")).status(), 403);
    let max = site.cookie("max");
    let tried = site.post(&max, "/wave", &fields("try")).text().unwrap();
    assert!(tried.contains("2 orders in"), "{tried}");
    assert_eq!(
        site.ground.order_state("SO-1"),
        "open",
        "a trial releases nothing"
    );
    assert_eq!(
        site.post(&max, "/wave", "warehouse=W1&orders=0&act=try")
            .status(),
        400
    );
    assert_eq!(site.post(&max, "/wave", &fields("release")).status(), 303);
    assert_eq!(site.ground.order_state("SO-1"), "released");
    let acts = site.ground.office.acts(Some("wave_released"), 5).unwrap();
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0].name.as_str(), "max");
    let waves = sheet_of(&site, &vera, "/tasks?warehouse=W1&table=1&as=csv");
    assert_eq!(waves[0][..2], ["1", "2"]);
    let again = site.post(&max, "/wave", &fields("try")).text().unwrap();
    assert!(again.contains("Nothing would be released"), "{again}");
}

#[test]
fn pages_follow_each_other_without_a_gap_and_a_sheet_has_all_rows() {
    let ground = Ground::new();
    let codes: Vec<String> = (0..120).map(|at| format!("N&{at:03}")).collect();
    let items: String = codes
        .iter()
        .map(|code| format!("{code},=1+1,each,no,no,no\n"))
        .collect();
    let stock: String = codes
        .iter()
        .map(|code| format!("W1,A-01-01,{code},1\n"))
        .collect();
    let sheets = [
        sheet(
            "items.csv",
            &format!("code,name,unit,lot,serial,expiry\n{items}"),
        ),
        sheet(
            "stock.csv",
            &format!("warehouse,bin,item,quantity\n{stock}"),
        ),
    ];
    ground.office.import(now(), &sheets).unwrap();
    let site = Site::new(ground);
    let vera = site.cookie("vera");
    for (path, cell) in [
        ("/stock?warehouse=W1", "item=N%26"),
        ("/moves?warehouse=W1", "item=N%26"),
    ] {
        let mut seen = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = site.get(&vera, &path).text().unwrap();
            let found = page
                .split(cell)
                .skip(1)
                .map(|rest| format!("N&{}", &rest[..3]));
            seen.extend(found);
            let more = page.split("rel=\"next\" href=\"").nth(1);
            next = more.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
        }
        assert_eq!(seen.len(), 120, "{path}");
        let once: BTreeSet<&String> = seen.iter().collect();
        assert_eq!(once.len(), 120, "{path}");
    }
    let rows = sheet_of(&site, &vera, "/stock?warehouse=W1&as=csv");
    assert_eq!(rows.len(), 120);
    assert_eq!(rows[0][1], "'=1+1", "no spreadsheet takes it for a formula");
}

#[test]
fn what_was_promised_and_on_order_is_known_of_the_past_too() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let text = "warehouse,order,supplier,line,item,quantity\nW1,PO-1,Maker,1,BOLT,50\n";
    let receipts = sheet("receipts.csv", text);
    ground.office.import(now(), &[receipts]).unwrap();
    ground.order(&["SO-1,1,BOLT,3"]);
    // The caretaker comes by, a bolt is fetched, and the caretaker comes by again.
    ground.office.tend(now() - hours(50)).unwrap();
    let mut hand = ground.hand("W1");
    let pick = picked(1, "A-01-01", goods("BOLT", ""), 1);
    hand.does(&ground, "PICK-SO-1", pick);
    ground.office.tend(now() + hours(1)).unwrap();
    let site = Site::new(ground);
    let vera = site.cookie("vera");
    let at = |hour: i64| {
        let at = (now() + hours(hour)).format("%FT%TZ");
        let rows = sheet_of(
            &site,
            &vera,
            &format!("/stock?warehouse=W1&as_of={at}&as=csv"),
        );
        rows[0][3..].join(" ")
    };
    assert_eq!(at(-60), "10 0 0 0 0 0 0 0");
    assert_eq!(at(-40), "7 3 0 0 0 0 50 0");
    assert_eq!(
        at(2),
        "7 3 0 0 0 0 50 0",
        "one is in a hand, two are still promised"
    );
    let spots = |hour: i64| {
        let at = (now() + hours(hour)).format("%FT%TZ");
        let path = format!("/stock?warehouse=W1&by=spot&as_of={at}&as=csv");
        let rows = sheet_of(&site, &vera, &path);
        rows.iter()
            .map(|row| format!("{} {} {}", row[0], row[6], row[7]))
            .collect::<Vec<_>>()
    };
    assert_eq!(spots(-40), ["A-01-01 7 3"]);
    assert_eq!(spots(2), ["A-01-01 7 2", "worker P1 0 1"]);
    let present = sheet_of(&site, &vera, "/stock?warehouse=W1&as=csv");
    assert_eq!(
        present[0][3..].join(" "),
        at(2),
        "the past runs into the present"
    );
}
