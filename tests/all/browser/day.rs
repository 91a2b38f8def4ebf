//! What is done at the desk in a day: sign in, take a handheld in, bring sheets in, release a wave, watch a pick arrive, decide an
//! exception, read a report; then every page is looked at, wide and narrow, light and dark.

use super::driver::Browser;
use crate::office_tools::{Ground, Hand, goods, picked, short, started};
use chrono::Utc;
use serde_json::Value;
use std::path::PathBuf;
use stockhand::demo;
use stockhand::office::Device;
use stockhand::office::web::Role;
use stockhand::sync::{Enrol, Invitation};

const PASSWORD: &str = "correct horse battery";
const SIZES: [(&str, (u32, u32)); 2] = [("desk", (1280, 900)), ("tablet", (820, 1180))];

/// Every page there is; those of a thing are reached by what the day made.
const PAGES: [&str; 29] = [
    "/",
    "/stock",
    "/stock?by=spot",
    "/stock?by=zone",
    "/stock?q=A-01",
    "/stock?as_of=2020-01-01T00:00",
    "/orders",
    "/order?order=BROWSER-1",
    "/tasks",
    "/task?task=PICK-BROWSER-1",
    "/moves",
    "/fact?device=HH-001&epoch=1&seq=2",
    "/map",
    "/map?show=full",
    "/reports",
    "/report/status",
    "/report/ageing",
    "/report/expiry",
    "/report/flow",
    "/report/accuracy",
    "/report/shipped",
    "/report/dock",
    "/report/rates",
    "/exceptions",
    "/planning",
    "/devices",
    "/workers",
    "/import",
    "/acts",
];

pub fn through(browser: &mut Browser, axe: &str) {
    let ground = Ground::bare();
    let today = Utc::now().date_naive();
    let office = &ground.office;
    office
        .import(Utc::now(), &demo::sheets(today, demo::SEED))
        .unwrap();
    office.tend(Utc::now()).unwrap();
    let ada = "ada".parse().unwrap();
    office
        .add_user(Utc::now(), &ada, Role::Administrator, PASSWORD)
        .unwrap();
    let (serving, _) = ground.served(|client| client);
    let root = format!("https://localhost:{}", serving.address().port());

    browser.looks(SIZES[0].1, "light");
    browser.open(&root);
    let mut faults = look(browser, axe, "sign-in");
    browser.type_in("#name", "ada");
    browser.type_in("#password", PASSWORD);
    browser.click("main button");
    browser.sees("Orders that are not out");

    let mut hand = take_in(browser, &root, &ground);
    bring_in(browser, &root, &ground);
    let (bin, item, lot) = release(browser, &root, &ground);
    work(browser, &root, &ground, &mut hand, (&bin, &item, &lot));
    decide(browser, &root);
    much_work(&ground, &mut hand);

    browser.open(&format!("{root}/reports?warehouse=W1"));
    browser.click("a[href^='/report/flow']");
    browser.sees("Movements day by day");
    let said = browser.run("return document.querySelector('figcaption').innerText");
    assert!(said.as_str().unwrap().contains("fetched them"), "{said}");
    faults.extend(every_page(browser, axe, &root, &item, &bin));
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

fn take_in(browser: &Browser, root: &str, ground: &Ground) -> Hand {
    browser.open(&format!("{root}/devices?warehouse=W1"));
    browser.click("form[action='/devices/invite'] button");
    browser.sees("It is good for one handheld");
    let text = browser.run("return document.querySelector('main code').innerText");
    let invitation: Invitation = text.as_str().unwrap().parse().unwrap();
    let ask = Enrol {
        code: invitation.code,
        name: "by the door".into(),
        was: None,
    };
    let enrolled = ground.office.enrol(Utc::now(), &ask).unwrap();
    browser.open(&format!("{root}/devices?warehouse=W1"));
    browser.sees("by the door");
    Hand::new(Device {
        id: enrolled.device,
        warehouse: enrolled.warehouse,
    })
}

fn bring_in(browser: &Browser, root: &str, ground: &Ground) {
    let file = ground.dir.path().join("orders.csv");
    let head = "warehouse,order,customer,priority,line,item,quantity";
    browser.open(&format!("{root}/import?warehouse=W1"));
    std::fs::write(
        &file,
        format!("{head}\nW1,BROWSER-1,Someone,1,1,NO-SUCH-THING,2\n"),
    )
    .unwrap();
    browser.type_in("#sheets", file.to_str().unwrap());
    browser.click("form[method='post'][action='/import'] button");
    browser.sees("1 rows are bad");
    // Of something that lies there, as the page itself says.
    let items = browser.wait_for(
        "const done = arguments[0]; fetch('/stock?warehouse=W1&by=spot&as=csv').then(a => a.text()).then(done)",
    );
    let row = items
        .as_str()
        .unwrap()
        .lines()
        .skip(1)
        .map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>());
    let free = |row: &Vec<String>| {
        row[0].starts_with("A-")
            && row[3].is_empty()
            && row[6].parse::<u32>().is_ok_and(|free| free >= 4)
    };
    let row = row.into_iter().find(free).expect("there is free stock");
    std::fs::write(
        &file,
        format!(
            "{head}\nW1,BROWSER-1,Someone,1,1,{},2\nW1,BROWSER-1,Someone,1,2,{0},1\n",
            row[1]
        ),
    )
    .unwrap();
    browser.type_in("#sheets", file.to_str().unwrap());
    browser.click("form[method='post'][action='/import'] button");
    browser.sees("2 rows of 1 sheets are all right");
    assert!(
        !orders(browser).contains("BROWSER-1"),
        "nothing comes in by being looked at"
    );
    browser.click("form[action='/import/take'] button");
    browser.sees("2 rows came in");
    assert!(orders(browser).contains("BROWSER-1"));
}

fn orders(browser: &Browser) -> String {
    let sheet = browser.wait_for(
        "const done = arguments[0]; fetch('/orders?warehouse=W1&as=csv').then(a => a.text()).then(done)",
    );
    sheet.as_str().unwrap().to_owned()
}

/// Releases a wave; where its first line is fetched, and what.
fn release(browser: &Browser, root: &str, ground: &Ground) -> (String, String, String) {
    browser.open(&format!("{root}/tasks?warehouse=W1"));
    browser.click("form[action='/wave'] button");
    browser.sees("What the wave would be");
    assert!(browser.text().contains("BROWSER-1"));
    browser.click("button[value='release']");
    browser.sees("Waves, newest first");
    let task = ground
        .task("PICK-BROWSER-1")
        .expect("the order is on the floor");
    let stockhand::warehouse::Job::Pick(job) = task.job else {
        panic!("it is picking")
    };
    let line = job.lines().next().unwrap();
    let lot = line
        .lot
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    (line.bin.to_string(), line.item.code.to_string(), lot)
}

/// A handheld picks while someone watches the first page.
fn work(
    browser: &Browser,
    root: &str,
    ground: &Ground,
    hand: &mut Hand,
    (bin, item, lot): (&str, &str, &str),
) {
    browser.open(&format!("{root}/?warehouse=W1"));
    browser.sees("Nobody has worked today");
    let order = "BROWSER-1".parse().unwrap();
    let mut pick = picked(1, bin, goods(item, lot), 2);
    if let stockhand::warehouse::Fact::Picked { order: of, .. } = &mut pick {
        *of = order;
    }
    // Without a touch of the browser.
    for fact in [started(), pick, short(2, bin, item, 1)] {
        hand.record(Some("PICK-BROWSER-1"), fact);
    }
    told(ground, hand);
    browser.sees("picking");
    browser.open(&format!("{root}/order?warehouse=W1&order=BROWSER-1"));
    browser.sees("2 of 2");
}

/// The office hears all of a handheld's journal, now.
fn told(ground: &Ground, hand: &Hand) {
    let all = hand.from(1);
    ground.office.push(Utc::now(), &hand.device, &all).unwrap();
}

/// Most of the other orders are picked too, so that there is something to look at.
fn much_work(ground: &Ground, hand: &mut Hand) {
    let mut picks = Vec::new();
    let look = |change| {
        if let stockhand::warehouse::Change::Task(task) = change
            && let stockhand::warehouse::Job::Pick(job) = task.job
        {
            picks.push((task.id, job));
        }
        Ok::<(), stockhand::office::Error>(())
    };
    ground
        .office
        .everything(&crate::office_tools::w1(), look)
        .unwrap();
    let others = picks
        .iter()
        .filter(|(id, _)| id.as_str() != "PICK-BROWSER-1");
    for (id, job) in others.skip(6) {
        hand.record(Some(id.as_str()), started());
        for order in &job.orders {
            for line in &order.lines {
                let fact = stockhand::warehouse::Fact::Picked {
                    line: line.line,
                    order: order.order.clone(),
                    bin: line.bin.clone(),
                    goods: stockhand::warehouse::Goods {
                        item: line.item.code.clone(),
                        lot: line.lot.clone(),
                        serial: line.serial.clone(),
                        expiry: line.expiry,
                    },
                    quantity: line.quantity,
                    into: "worker:P1".parse().unwrap(),
                };
                hand.record(Some(id.as_str()), fact);
            }
        }
        hand.record(Some(id.as_str()), stockhand::warehouse::Fact::TaskFinished);
        let rows = hand.rows.len();
        let push = hand.from(rows.saturating_sub(300).max(1));
        ground.office.push(Utc::now(), &hand.device, &push).unwrap();
    }
}

fn decide(browser: &Browser, root: &str) {
    browser.open(&format!("{root}/exceptions?warehouse=W1"));
    browser.sees("PICK-BROWSER-1 line 2");
    let before = browser
        .run("return document.querySelectorAll(\"form[action='/exceptions/close']\").length");
    browser.type_in("input[name='why']", "counted, the book is right now");
    browser.click("form[action='/exceptions/close'] button");
    browser.sees("counted, the book is right now");
    let after = browser
        .run("return document.querySelectorAll(\"form[action='/exceptions/close']\").length");
    assert_eq!(after.as_u64().unwrap() + 1, before.as_u64().unwrap());
}

fn every_page(browser: &Browser, axe: &str, root: &str, item: &str, bin: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let more = [format!("/item?item={item}"), format!("/bin?bin={bin}")];
    let pages = PAGES.iter().map(|page| (*page).to_owned()).chain(more);
    for page in pages {
        let joint = if page.contains('?') { '&' } else { '?' };
        browser.open(&format!("{root}{page}{joint}warehouse=W1"));
        let name: String = page
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        faults.extend(look(browser, axe, &format!("page{name}")));
    }
    faults
}

/// A page in both sizes and both colours: what sticks out, and what shuts anyone out.
fn look(browser: &Browser, axe: &str, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let shots = std::env::var_os("STOCKHAND_SHOTS").map(PathBuf::from);
    for (size_name, size) in SIZES {
        for scheme in ["light", "dark"] {
            // Each size and each colour is tried; all four are only for who wants to look at them.
            let is_tried = (size_name == "desk") == (scheme == "light");
            if !is_tried && shots.is_none() {
                continue;
            }
            browser.looks(size, scheme);
            if let Some(folder) = &shots {
                browser.picture(&folder.join(format!("{name}-{size_name}-{scheme}.png")));
            }
            let out = browser.run("return document.documentElement.scrollWidth - innerWidth");
            if out.as_i64().unwrap() > 0 {
                faults.push(format!("{name} sticks out by {out} at {size_name}"));
            }
            if is_tried {
                let found = violations(browser, axe);
                let told = found
                    .iter()
                    .map(|found| format!("{name} at {size_name}, {scheme}: {found}"));
                faults.extend(told);
            }
        }
    }
    browser.looks(SIZES[0].1, "light");
    faults
}

/// What axe-core finds that is serious or worse.
fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    browser.run(&format!("if (!window.axe) {{ {axe} }}"));
    let found = browser.wait_for(
        "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] })
         .then(found => done(found.violations), why => done([{ id: String(why), impact: 'critical', nodes: [] }]))",
    );
    let serious = |found: &&Value| matches!(found["impact"].as_str(), Some("serious" | "critical"));
    let said = |found: &Value| {
        let node = &found["nodes"][0];
        format!(
            "{}: {} {} {}",
            found["id"], found["help"], node["html"], node["failureSummary"]
        )
    };
    found
        .as_array()
        .unwrap()
        .iter()
        .filter(serious)
        .map(said)
        .collect()
}
