//! Webhooks against a real receiver on loopback that fails, hangs, answers too late or points elsewhere: exactly the events,
//! in their order.

use super::office_command::{Served, run};
use super::office_tools::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Heard, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use stockhand::office::Office;
use stockhand::office::backup;
use stockhand::office::hook::{Courier, EVENTS, From, Messenger, NewHook, signature};
use stockhand::office::open::{Kind, describe};
use stockhand::warehouse::Timestamp;

const EVERYTHING: [&str; 3] = ["facts.arrived", "order.changed", "exception.opened"];

/// How a receiver behaves at one call.
#[derive(Clone, Debug)]
pub enum Reply {
    /// This status line and these headers.
    Says(&'static str),
    /// Nothing at all until the caller gives up; then it answers that all is well, to nobody.
    TooLate,
}

const OK: Reply = Reply::Says("200 OK");

/// What was sent.
#[derive(Clone, Debug)]
pub struct Letter {
    headers: BTreeMap<String, String>,
    body: String,
}

impl Letter {
    fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Kind, warehouse and number.
    fn name(&self) -> (String, String, u64) {
        let body = self.json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let data = &body["data"];
        (
            text(&body["type"]),
            text(&data["warehouse"]),
            data["seq"].as_u64().unwrap(),
        )
    }
}

/// Another system: takes calls until it is dropped.
pub struct Receiver {
    pub url: String,
    pub letters: Heard<Letter>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Receiver {
    pub fn new(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/in?from=office", listener.local_addr().unwrap());
        let replies = Arc::new(Mutex::new(replies.iter().cloned().collect::<VecDeque<_>>()));
        let (tell, letters) = channel();
        let script = replies.clone();
        // It ends with the tests' process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (script, tell) = (script.clone(), tell.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &script, &tell));
            }
        });
        Self {
            url,
            letters,
            replies,
        }
    }

    fn behave(&self, replies: &[Reply]) {
        self.replies.lock().unwrap().extend(replies.iter().cloned());
    }

    /// All that came so far.
    fn so_far(&self) -> Vec<Letter> {
        self.letters.try_iter().collect()
    }
}

fn serve(stream: TcpStream, script: &Mutex<VecDeque<Reply>>, tell: &Sender<Letter>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            lines.push(line);
        }
        let headers: BTreeMap<String, String> = lines[1..]
            .iter()
            .map(|line| line.trim_end().split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        let reply = script.lock().unwrap().pop_front().unwrap_or(OK);
        // A test that ended listens no more.
        let _ = tell.send(Letter { headers, body });
        let said = match reply {
            Reply::Says(head) => head,
            Reply::TooLate => {
                let _ = reader.read(&mut [0]);
                "200 OK"
            }
        };
        if write!(stream, "HTTP/1.1 {said}\r\ncontent-length: 0\r\n\r\n").is_err() {
            return;
        }
    }
}

fn courier() -> Courier {
    Courier::with_patience(Duration::from_millis(300))
}

fn new_hook(receiver: &Receiver, kinds: &[&str], warehouses: &[&str]) -> NewHook {
    NewHook {
        url: receiver.url.clone(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        warehouses: warehouses
            .iter()
            .map(|code| code.parse().unwrap())
            .collect(),
        goes_inside: false,
    }
}

fn add(office: &Office, receiver: &Receiver, kinds: &[&str], warehouses: &[&str]) -> (u64, String) {
    office
        .add_hook(now(), &new_hook(receiver, kinds, warehouses))
        .unwrap()
}

/// Does rounds until one sends nothing.
fn tell_all(office: &Office, at: Timestamp, hook: u64) {
    while office.tell_hook(at, hook, courier(), "me").unwrap().taken > 0 {}
}

/// All events of a warehouse, as the office keeps them.
fn written(ground: &Ground, warehouse: &str) -> Vec<(String, String, u64)> {
    let db = ground.database();
    let mut rows = db
        .prepare("SELECT kind, seq FROM events WHERE warehouse = ?1 ORDER BY seq")
        .unwrap();
    let read = |row: &rusqlite::Row| Ok((row.get(0)?, warehouse.to_owned(), row.get(1)?));
    rows.query_map([warehouse], read)
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

pub fn names(letters: &[Letter]) -> Vec<(String, String, u64)> {
    letters.iter().map(Letter::name).collect()
}

/// Something of every kind happens in W1: an order that falls short, a pick of what there is not, and an order in W2.
fn busy_day(ground: &Ground, hand: &mut Hand) {
    ground.order(&["SO-1,1,BOLT,3", "SO-2,1,BOLT,1000"]);
    hand.record(None, picked(1, "A-01-03", goods("NUT", ""), 1));
    hand.record(None, picked(1, "A-01-01", goods("BOLT", ""), 1));
    hand.push(ground);
}

#[test]
fn what_happens_is_told_signed_once_and_in_its_order_as_the_document_says() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let (receiver, document) = (Receiver::new(&[]), describe());
    let mut hand = ground.hand("W1");
    ground.order(&["SO-0,1,BOLT,1"]);
    let before = written(&ground, "W1").len();
    let (hook, secret) = add(&ground.office, &receiver, &EVERYTHING, &["W1"]);
    tell_all(&ground.office, now(), hook);
    assert!(receiver.so_far().is_empty(), "what was before is not told");
    busy_day(&ground, &mut hand);
    let elsewhere = "warehouse,customer,order,line,item,quantity\nW2,Someone,SO-9,1,BOLT,1\n";
    ground
        .office
        .import(now(), &[sheet("orders.csv", elsewhere)])
        .unwrap();
    tell_all(&ground.office, now(), hook);
    let letters = receiver.so_far();
    assert_eq!(names(&letters), written(&ground, "W1")[before..]);
    let ids: BTreeSet<&str> = letters.iter().map(Letter::id).collect();
    assert_eq!(ids.len(), letters.len());
    for kind in EVERYTHING {
        assert!(
            letters.iter().any(|letter| letter.name().0 == kind),
            "{kind}"
        );
    }
    for letter in &letters {
        let time = letter.headers["webhook-timestamp"].parse().unwrap();
        let signed = signature(&secret, letter.id(), time, letter.body.as_bytes());
        assert_eq!(signed.as_ref(), letter.headers.get("webhook-signature"));
        assert!((0..60).contains(&(time - now().timestamp())));
        as_described(&document, &letter.json());
    }
    let states: Vec<Value> = letters
        .iter()
        .map(|letter| letter.json()["data"].clone())
        .filter(|data| data["order"] == "SO-1")
        .map(|data| json!([data["was"], data["state"]]))
        .collect();
    assert_eq!(states, [json!([null, "open"]), json!(["open", "released"])]);
    let facts = letters
        .iter()
        .find(|it| it.name().0 == "facts.arrived")
        .unwrap()
        .json();
    assert_eq!(
        facts["data"]["facts"][1]["fact"]["fact"], "picked",
        "{facts}"
    );
    tell_all(&ground.office, now() + hours(1), hook);
    assert!(receiver.so_far().is_empty(), "nothing twice");
}

/// A body has the fields that the document names, of the kinds that it names.
fn as_described(document: &Value, body: &Value) {
    let kind = body["type"].as_str().unwrap();
    let schema =
        &document["webhooks"][kind]["post"]["requestBody"]["content"]["application/json"]["schema"];
    let fields = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(fields(body), fields(&schema["properties"]));
    let data = &schema["properties"]["data"];
    assert_eq!(fields(&body["data"]), fields(&data["properties"]), "{kind}");
    let required = data["required"].as_array().unwrap().len();
    assert_eq!(required, fields(&body["data"]).len());
    let known = EVENTS.iter().find(|it| it.name == kind).unwrap();
    for field in known.fields {
        let value = &body["data"][field.0];
        let fits = match field.1 {
            Kind::Text => value.is_string(),
            Kind::Maybe => value.is_string() || value.is_null(),
            Kind::Int => value.is_i64(),
            _ => false,
        };
        assert!(fits, "{kind} {}: {value}", field.0);
    }
}

#[test]
fn an_address_that_fails_hangs_or_points_elsewhere_gets_every_event_in_its_order_all_the_same() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let trap = Receiver::new(&[]);
    let elsewhere: &'static str =
        format!("307 Temporary Redirect\r\nlocation: {}", trap.url).leak();
    let bad = [
        Reply::Says("500 Internal Server Error"),
        Reply::TooLate,
        Reply::Says(elsewhere),
        Reply::Says("404 Not Found"),
    ];
    let mut script = vec![OK];
    script.extend(bad.clone());
    let receiver = Receiver::new(&script);
    let (hook, _) = add(&ground.office, &receiver, &EVERYTHING, &["W1"]);
    let mut hand = ground.hand("W1");
    busy_day(&ground, &mut hand);
    let all = written(&ground, "W1");
    let mut at = now();
    for attempt in 0..bad.len() {
        let told = ground.office.tell_hook(at, hook, courier(), "me").unwrap();
        assert_eq!(
            (told.taken, told.failed),
            (u64::from(attempt == 0), 1),
            "{attempt}"
        );
        // Nothing is sent before its time.
        tell_all(&ground.office, at + chrono::Duration::seconds(3), hook);
        let lane = ground.office.hooks().unwrap()[0].lanes[0].clone();
        assert_eq!(lane.failed, attempt as u64 + 1);
        assert!(lane.retry_at.unwrap() > at && !lane.is_dead);
        at = lane.retry_at.unwrap();
    }
    assert!(trap.so_far().is_empty(), "no redirect is followed");
    // The others wait behind the one that was not taken; then all go on.
    let sent = receiver.so_far();
    assert_eq!(names(&sent)[..1], all[..1]);
    assert!(
        sent[1..]
            .iter()
            .all(|letter| letter.name() == all[1] && letter.id() == sent[1].id())
    );
    assert_eq!(sent.len(), 1 + bad.len());
    tell_all(&ground.office, at, hook);
    assert_eq!(names(&receiver.so_far()), all[1..]);
    let lane = ground.office.hooks().unwrap()[0].lanes[0].clone();
    assert_eq!((lane.failed, lane.seq, lane.retry_at), (0, lane.head, None));
}

#[test]
fn an_address_that_takes_nothing_for_days_is_given_up_and_goes_on_where_it_stood() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let receiver = Receiver::new(&vec![Reply::Says("503 Service Unavailable"); 11]);
    let (hook, _) = add(&ground.office, &receiver, &["order.changed"], &["W1"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let began = now();
    let mut at = began;
    for attempt in 1..=11 {
        assert!(
            !ground.exceptions().contains(&"hook_dead".to_owned()),
            "{attempt}"
        );
        let told = ground.office.tell_hook(at, hook, courier(), "me").unwrap();
        assert_eq!((told.failed, told.dead), (1, u64::from(attempt == 11)));
        at = ground.office.hooks().unwrap()[0].lanes[0]
            .retry_at
            .unwrap_or(at);
    }
    assert!(at - began > chrono::Duration::days(2) && at - began < chrono::Duration::days(4));
    assert!(ground.exceptions().contains(&"hook_dead".to_owned()));
    let lane = ground.office.hooks().unwrap()[0].lanes[0].clone();
    assert!(
        lane.is_dead && lane.why.as_str() == "it answered 503",
        "{lane:?}"
    );
    let first = receiver.so_far();
    ground.order(&["SO-2,1,BOLT,3"]);
    tell_all(&ground.office, at + hours(1000), hook);
    assert!(
        receiver.so_far().is_empty(),
        "a hook that was given up is silent"
    );
    ground.office.replay_hook(hook, &From::Here).unwrap();
    tell_all(&ground.office, at + hours(1000), hook);
    let orders = written(&ground, "W1")
        .into_iter()
        .filter(|event| event.0 == "order.changed");
    let after = receiver.so_far();
    assert_eq!(names(&after), orders.collect::<Vec<_>>());
    assert_eq!(after[0].id(), first[0].id(), "an event has one id for ever");
    assert!(ground.findings().is_empty());
}

#[test]
fn an_address_that_says_it_is_gone_is_given_up_at_once() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let receiver = Receiver::new(&[Reply::Says("410 Gone")]);
    let (hook, _) = add(&ground.office, &receiver, &["order.changed"], &["W1"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let told = ground
        .office
        .tell_hook(now(), hook, courier(), "me")
        .unwrap();
    assert_eq!((told.taken, told.failed, told.dead), (0, 1, 1));
    ground.office.remove_hook(hook).unwrap();
    assert!(
        ground
            .office
            .tell_hook(now(), hook, courier(), "me")
            .is_err()
    );
    assert!(ground.office.hooks().unwrap().is_empty());
}

#[test]
fn events_are_sent_again_from_a_moment_or_an_event_on_for_a_month() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let receiver = Receiver::new(&[]);
    let (hook, _) = add(&ground.office, &receiver, &EVERYTHING, &[]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let moment = chrono::Utc::now();
    ground.order(&["SO-2,1,BOLT,3"]);
    tell_all(&ground.office, now(), hook);
    let first = receiver.so_far();
    let all = written(&ground, "W1");
    let again = |from: &From| {
        let events = ground.office.replay_hook(hook, from).unwrap();
        tell_all(&ground.office, now(), hook);
        let sent = receiver.so_far();
        assert_eq!(events, sent.len() as u64);
        sent
    };
    let sent = again(&From::Moment(moment));
    assert_eq!(sent[0].json()["data"]["order"], "SO-2");
    assert_eq!(names(&sent), all[all.len() - sent.len()..]);
    assert_eq!(sent.last().unwrap().id(), first.last().unwrap().id());
    let sent = again(&From::Event(w1(), 2));
    assert_eq!(names(&sent), all[1..]);
    assert_eq!(again(&From::Moment(moment + hours(1))).len(), 0);
    for nowhere in [From::Event(w1(), 99), From::Event("W9".parse().unwrap(), 1)] {
        assert!(ground.office.replay_hook(hook, &nowhere).is_err());
    }
    ground
        .office
        .tend(chrono::Utc::now() + hours(31 * 24))
        .unwrap();
    assert!(
        ground
            .office
            .replay_hook(hook, &From::Event(w1(), 2))
            .is_err(),
        "a month is over"
    );
}

#[test]
fn several_processes_send_each_event_once() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let receiver = Receiver::new(&[]);
    let (hook, _) = add(&ground.office, &receiver, &EVERYTHING, &[]);
    let orders: Vec<String> = (0..40)
        .map(|order| format!("SO-{order},1,BOLT,1"))
        .collect();
    ground.order(&orders.iter().map(String::as_str).collect::<Vec<_>>());
    std::thread::scope(|scope| {
        for me in ["a", "b", "c", "d"] {
            let office = &ground.office;
            scope.spawn(move || {
                for _ in 0..40 {
                    office
                        .tell_hook(chrono::Utc::now(), hook, Courier::default(), me)
                        .unwrap();
                }
            });
        }
    });
    let sent = receiver.so_far();
    assert!(sent.len() > 40);
    assert_eq!(names(&sent), written(&ground, "W1"));
}

#[test]
fn an_address_that_hangs_delays_neither_the_floor_nor_another_address() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let (stuck, quick) = (Receiver::new(&vec![Reply::TooLate; 9]), Receiver::new(&[]));
    add(&ground.office, &stuck, &["facts.arrived"], &["W1"]);
    add(&ground.office, &quick, &["facts.arrived"], &["W1"]);
    let patient = Courier::with_patience(Duration::from_secs(600));
    let messenger = Messenger::start(ground.office.clone(), patient).unwrap();
    let mut hand = ground.hand("W1");
    let soon = Duration::from_secs(60);
    for round in 0..5 {
        hand.record(None, picked(1, "A-01-01", goods("BOLT", ""), 1));
        hand.push(&ground);
        let letter = quick.letters.recv_timeout(soon).unwrap();
        assert_eq!(letter.json()["data"]["last"], round + 1);
        if round == 0 {
            stuck.letters.recv_timeout(soon).unwrap();
        }
    }
    assert!(stuck.so_far().is_empty(), "it still has the first");
    drop(messenger);
    stuck.behave(&[]);
}

#[test]
fn a_restored_office_gives_no_event_the_id_of_another() {
    let dir = tempfile::tempdir().unwrap();
    let database = backup::database_in(dir.path());
    let receiver = Receiver::new(&[]);
    let order = |office: &Office, code: &str| {
        let text =
            format!("warehouse,customer,order,line,item,quantity\nW1,Someone,{code},1,BOLT,1\n");
        office.import(now(), &[sheet("orders.csv", &text)]).unwrap();
    };
    let office = Office::open(&database).unwrap();
    let world: Vec<_> = WORLD.iter().map(|(name, text)| sheet(name, text)).collect();
    office.import(now(), &world).unwrap();
    let (hook, _) = add(&office, &receiver, &["order.changed"], &["W1"]);
    order(&office, "SO-1");
    let copy = dir.path().join("copy.db");
    office.backup(&copy).unwrap();
    order(&office, "SO-2");
    tell_all(&office, now(), hook);
    drop(office);
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for life in 0..3 {
        let sent = receiver.so_far();
        assert_eq!(
            sent.len(),
            2,
            "the first of all lives, and one of this life"
        );
        for letter in sent {
            let body = letter.json();
            let known = seen
                .entry(letter.id().to_owned())
                .or_insert_with(|| body.clone());
            assert_eq!(*known, body, "another event under one id");
        }
        assert_eq!(seen.len(), 2 + life);
        backup::restore(dir.path(), &copy).unwrap();
        let office = Office::open(&database).unwrap();
        order(&office, &format!("SO-{}", life + 3));
        tell_all(&office, now(), hook);
    }
}

#[test]
fn events_go_nowhere_that_is_not_meant() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    let hook = |url: &str, kinds: &[&str], goes_inside| {
        let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let new = NewHook {
            url: url.to_owned(),
            kinds,
            warehouses: Vec::new(),
            goes_inside,
        };
        ground
            .office
            .add_hook(now(), &new)
            .map_err(|why| why.to_string())
    };
    for (url, kinds, goes_inside, why) in [
        (
            "http://shop.example/",
            &EVERYTHING[..],
            true,
            "https:// alone",
        ),
        ("https://10.0.0.7/", &EVERYTHING, false, "--private"),
        (
            "https://169.254.169.254/latest/meta-data",
            &EVERYTHING,
            true,
            "nothing is sent to",
        ),
        ("https://shop.example/", &["order.eaten"], false, "no event"),
        ("https://shop.example/", &[], false, "take facts.arrived"),
    ] {
        let found = hook(url, kinds, goes_inside).unwrap_err();
        assert!(found.contains(why), "{url}: {found}");
    }
    assert!(hook("https://10.0.0.7/", &EVERYTHING, true).is_ok());
    // A name is looked up when something is sent: it may lead inside, too.
    let (inside, _) = hook("https://stockhand.invalid/", &["order.changed"], false).unwrap();
    ground.order(&["SO-1,1,BOLT,3"]);
    let told = ground
        .office
        .tell_hook(now(), inside, courier(), "me")
        .unwrap();
    assert_eq!((told.taken, told.failed), (0, 1));
    let why = ground.office.hooks().unwrap()[1].lanes[0].why.to_string();
    assert_eq!(why, "the name cannot be looked up");
    for number in 3..=32 {
        assert_eq!(
            hook("https://shop.example/", &EVERYTHING, false).unwrap().0,
            number
        );
    }
    assert!(
        hook("https://shop.example/", &EVERYTHING, false)
            .unwrap_err()
            .contains("remove one")
    );
}

#[test]
fn a_hook_is_kept_at_the_shell_and_served_by_serve() {
    let dir = tempfile::tempdir().unwrap();
    let (data, world) = (dir.path().join("data"), dir.path().join("world"));
    world_in(&world);
    assert_eq!(run(&data, &["import", world.to_str().unwrap()]).0, 0);
    let receiver = Receiver::new(&[]);
    let hook = |args: &[&str]| run(&data, &[&["hook"], args].concat());
    let (code, said) = hook(&[
        "add",
        &receiver.url,
        "--event",
        "order.changed",
        "--warehouse",
        "W1",
    ]);
    assert_eq!(code, 0, "{said}");
    let secret = said.lines().last().unwrap().to_owned();
    assert!(secret.starts_with("whsec_"));
    assert_eq!(
        hook(&["add", "http://shop.example", "--event", "order.changed"]).0,
        3
    );
    assert_eq!(hook(&["add", &receiver.url]).0, 2);
    let (code, listed) = hook(&["list"]);
    assert!(
        code == 0 && listed.contains(&receiver.url) && listed.contains("W1: at event "),
        "{listed}"
    );
    assert!(!listed.contains(&secret), "a secret is shown once");
    let served = Served::start(&data);
    let letter = receiver
        .letters
        .recv_timeout(Duration::from_secs(60))
        .unwrap();
    let time = letter.headers["webhook-timestamp"].parse().unwrap();
    let signed = signature(&secret, letter.id(), time, letter.body.as_bytes());
    assert_eq!(signed.as_ref(), letter.headers.get("webhook-signature"));
    assert_eq!(served.stop(), 0);
    let (code, said) = hook(&["replay", "1", "--from", "W1/1"]);
    assert!(code == 0 && said.contains("events from there on"), "{said}");
    assert_eq!(
        hook(&["replay", "1", "--from", "2027-03-01T10:00:00Z"]).0,
        0
    );
    assert_eq!(hook(&["replay", "1"]).0, 0);
    for from in ["W1/x", "yesterday", "W1/999999"] {
        assert_eq!(hook(&["replay", "1", "--from", from]).0, 3, "{from}");
    }
    assert_eq!(hook(&["remove", "1"]).0, 0);
    assert_eq!(hook(&["remove", "1"]).0, 3);
}
