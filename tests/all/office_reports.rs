//! Reports and the map: each number is what the floor did, and leads to the rows behind it.

use super::office_reads::{busy, sheet_of};
use super::office_tools::*;
use super::office_web::Site;
use stockhand::warehouse::{CountJob, Fact, Job, Quantity};

/// The days in which these tests happen.
const DAYS: &str = "warehouse=W1&from=2027-02-20&until=2027-03-10";

/// Someone counts a bin and finds so many bolts.
fn counts(ground: &Ground, hand: &mut Hand, bin: &str, bolts: u32) {
    let task = format!("OWN-{}-{}", hand.device.id, hand.rows.len());
    let job = Box::new(Job::Count(CountJob::default()));
    hand.record(Some(&task), Fact::TaskOpened { job });
    hand.record(Some(&task), started());
    let bin: stockhand::warehouse::BinCode = bin.parse().unwrap();
    let confirmed = Fact::BinConfirmed {
        line: 1,
        bin: bin.clone(),
        reason: None,
    };
    hand.record(Some(&task), confirmed);
    let counted = vec![(goods("BOLT", ""), Quantity::units(bolts))];
    let fact = Fact::BinCounted {
        line: 1,
        bin,
        item: None,
        counted,
    };
    hand.record(Some(&task), fact);
    hand.record(Some(&task), Fact::TaskFinished);
    hand.push(ground);
}

/// Reports with the tables that each has.
const REPORTS: [(&str, usize); 8] = [
    ("status", 1),
    ("ageing", 2),
    ("expiry", 2),
    ("flow", 1),
    ("accuracy", 2),
    ("shipped", 2),
    ("dock", 1),
    ("rates", 1),
];

#[test]
fn every_report_has_a_sentence_a_picture_and_sheets() {
    let site = Site::new(busy());
    let vera = site.cookie("vera");
    let index = site.get(&vera, "/reports?warehouse=W1").text().unwrap();
    for (name, tables) in REPORTS {
        assert!(
            index.contains(&format!("/report/{name}?warehouse=W1")),
            "{name}"
        );
        let page = site.get(&vera, &format!("/report/{name}?{DAYS}"));
        assert_eq!(page.status(), 200, "{name}");
        let page = page.text().unwrap();
        assert!(
            page.contains("<figcaption>") && page.contains("role=\"img\""),
            "{name}"
        );
        assert_eq!(page.matches("<caption>").count(), tables, "{name}");
        for table in 0..tables {
            let path = format!("/report/{name}?{DAYS}&table={table}&as=csv");
            assert_eq!(site.get(&vera, &path).status(), 200, "{path}");
        }
        let none = format!("/report/{name}?{DAYS}&table={tables}&as=csv");
        assert_eq!(site.get(&vera, &none).status(), 409, "{none}");
        assert_eq!(site.get("", &format!("/report/{name}")).status(), 303);
    }
    let bad = site.get(&vera, "/report/flow?from=soon");
    assert_eq!(bad.status(), 409);
}

#[test]
fn what_moved_is_told_by_day_and_each_number_leads_to_its_movements() {
    let site = Site::new(busy());
    let vera = site.cookie("vera");
    let rows = sheet_of(&site, &vera, &format!("/report/flow?{DAYS}&as=csv"));
    // Two picks and one of them taken back, on the last day; six imports in the days before.
    assert_eq!(rows[0], ["2027-03-01", "0", "2", "0", "0", "1"]);
    let corrected: u64 = rows.iter().map(|row| row[4].parse::<u64>().unwrap()).sum();
    assert_eq!(corrected, 6);
    let day =
        "/moves?warehouse=W1&from=2027-03-01T00:00&until=2027-03-01T23:59:59&way=fetched&as=csv";
    assert_eq!(sheet_of(&site, &vera, day).len(), 2);
    let page = site
        .get(&vera, &format!("/report/flow?{DAYS}"))
        .text()
        .unwrap();
    assert!(page.contains("way=fetched"), "{page}");
}

#[test]
fn a_count_that_differs_makes_the_books_less_right() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-02,BOLT,,,10"]);
    let values = sheet("values.csv", "item,value\nBOLT,2.50\n");
    ground.office.import(now(), &[values]).unwrap();
    let mut hand = ground.hand("W1");
    counts(&ground, &mut hand, "A-01-01", 10);
    counts(&ground, &mut hand, "A-01-02", 4);
    let site = Site::new(ground);
    let vera = site.cookie("vera");
    let zones = sheet_of(&site, &vera, &format!("/report/accuracy?{DAYS}&as=csv"));
    assert_eq!(zones, [["A", "2", "1", "50 %"]]);
    let counts = sheet_of(
        &site,
        &vera,
        &format!("/report/accuracy?{DAYS}&table=1&as=csv"),
    );
    let differs: Vec<&Vec<String>> = counts.iter().filter(|row| row[6] != "0").collect();
    assert_eq!(differs.len(), 1, "{counts:?}");
    assert_eq!(differs[0][1], "A-01-02");
    assert_eq!(differs[0][7..], ["0", "-6", "15"]);
    let other = sheet_of(
        &site,
        &vera,
        &format!("/report/accuracy?{DAYS}&zone=B&table=1&as=csv"),
    );
    assert!(other.is_empty());
}

#[test]
fn the_map_is_hot_where_it_was_picked_and_what_was_taken_back_is_no_pick() {
    let ground = busy();
    let bins = "warehouse,code,zone,kind,sequence,x_cm,y_cm,level,most_weight_g\n\
                W1,A-01-01,A,pick_face,1,100,200,1,1000\nW1,A-01-02,A,pick_face,2,300,200,1,\n";
    let items = "code,name,unit,lot,serial,expiry,weight_g\nBOLT,Bolt,each,no,no,no,50\n";
    let sheets = [sheet("bins.csv", bins), sheet("items.csv", items)];
    ground.office.import(now(), &sheets).unwrap();
    let site = Site::new(ground);
    let vera = site.cookie("vera");
    let rows = sheet_of(&site, &vera, &format!("/map?{DAYS}&as=csv"));
    // Eleven of the twelve bolts are left, of 50 g each, where 1000 g may stand.
    assert_eq!(rows[0], ["A-01-01", "A", "pick face", "1", "1", "55 %", ""]);
    assert!(rows[1..].iter().all(|row| row[3] == "0"));
    let map = site.get(&vera, &format!("/map?{DAYS}")).text().unwrap();
    assert!(map.contains("class=\"heat h5\""), "{map}");
    assert!(
        map.contains("<title>A-01-01: 1 picks, 55 % full</title>"),
        "{map}"
    );
    assert!(
        map.contains("1 picks; the 1 busiest of 7 bins had 100 % of them."),
        "{map}"
    );
    let before = sheet_of(
        &site,
        &vera,
        "/map?warehouse=W1&from=2027-02-20&until=2027-02-28&as=csv",
    );
    assert!(before.iter().all(|row| row[3] == "0"), "{before:?}");
}

#[test]
fn stock_in_each_status_is_worth_what_it_is_and_old_stock_is_found() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10", "A-01-03,MILK,OLD,2020-01-01,7"]);
    let values = sheet("values.csv", "item,value\nBOLT,2.50\n");
    ground.office.import(now(), &[values]).unwrap();
    ground.order(&["SO-1,1,BOLT,4"]);
    let site = Site::new(ground);
    let vera = site.cookie("vera");
    let rows = sheet_of(&site, &vera, "/report/status?warehouse=W1&as=csv");
    assert_eq!(rows[0], ["Available", "1", "6", "15"]);
    assert_eq!(rows[1], ["Reserved", "1", "4", "10"]);
    assert_eq!(rows[4], ["Expired", "1", "7", "0"]);
    let expired = sheet_of(&site, &vera, "/stock?warehouse=W1&status=expired&as=csv");
    assert_eq!(expired.len(), 1, "the number leads to its rows");
    let steps = sheet_of(&site, &vera, "/report/expiry?warehouse=W1&as=csv");
    assert_eq!(steps[0][..3], ["past its last day", "1", "1"]);
    let rows = sheet_of(
        &site,
        &vera,
        "/report/expiry?warehouse=W1&step=0&table=1&as=csv",
    );
    assert_eq!(rows[0][..4], ["2020-01-01", "MILK", "Milk", "OLD"]);
    let ages = sheet_of(&site, &vera, "/report/ageing?warehouse=W1&table=1&as=csv");
    let items: Vec<&str> = ages.iter().map(|row| row[1].as_str()).collect();
    assert_eq!(items, ["BOLT", "MILK"], "the oldest first");
}
