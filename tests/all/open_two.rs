//! Several served offices on one database: every fact once, every event once, and each hears of what the other took.

use super::office_command::{Served, run};
use super::office_tools::*;
use super::open_hooks::{Receiver, names};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use stockhand::office::hook::NewHook;
use stockhand::office::{Address, Office};

/// Rows of each handhelds' journal: fewer than the calls that one may make at once.
const ROWS: u64 = 12;
const HANDS: u64 = 6;

/// A served office, and a client that trusts it.
struct Desk {
    served: Served,
    client: Client,
    port: u16,
}

impl Desk {
    fn start(data: &Path, database: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let served = Served::start_with(data, &["--database", database]);
        let heard = served.said.last().unwrap();
        let address: std::net::SocketAddr = heard.rsplit(' ').next().unwrap().parse().unwrap();
        let pem = std::fs::read(data.join("office-cert.pem")).unwrap();
        let client = Client::builder()
            .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
            .resolve("localhost", address)
            .no_proxy()
            .timeout(Duration::from_secs(120))
            .build()
            .unwrap();
        Self {
            served,
            client,
            port: address.port(),
        }
    }

    fn call(&self, path: &str, token: &str, body: Option<&Value>) -> Value {
        let url = format!("https://localhost:{}{path}", self.port);
        let call = match body {
            Some(body) => self.client.post(url).body(body.to_string()),
            None => self.client.get(url),
        };
        let call = call.bearer_auth(token).header("stockhand-protocol", "1");
        let answer = call.send().unwrap();
        let (status, said) = (answer.status(), answer.bytes().unwrap());
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&said));
        serde_json::from_slice(&said).unwrap()
    }
}

#[test]
#[ignore = "run on a server by the_same_tests_pass_on_postgresql"]
fn two_served_offices_on_one_database_take_every_fact_and_tell_every_event_once() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (dir.path().join("first"), dir.path().join("second"));
    let database = crate::postgres::url_for(&dir.path().join("office.db"));
    let address = Address::read(&database).unwrap();
    let office = Office::connect(&address, &dir.path().join("office.db")).unwrap();
    let world: Vec<_> = WORLD.iter().map(|(name, text)| sheet(name, text)).collect();
    office.import(now(), &world).unwrap();
    let stock = "warehouse,bin,item,quantity\nW1,A-01-01,BOLT,1000\n";
    office.import(now(), &[sheet("stock.csv", stock)]).unwrap();
    let receiver = Receiver::new(&[]);
    let new = NewHook {
        url: receiver.url.clone(),
        kinds: vec!["facts.arrived".to_owned()],
        warehouses: vec![w1()],
        goes_inside: false,
    };
    office.add_hook(now(), &new).unwrap();
    let desks = {
        let one = Desk::start(&first, &database);
        std::fs::create_dir_all(&second).unwrap();
        for name in ["office-cert.pem", "office-key.pem"] {
            std::fs::copy(first.join(name), second.join(name)).unwrap();
        }
        [one, Desk::start(&second, &database)]
    };
    let ground = Ground { office, dir };
    let hands: Vec<(String, Hand)> = (0..HANDS)
        .map(|_| {
            let enrolled = ground.enrol("W1");
            let device = stockhand::office::Device {
                id: enrolled.device,
                warehouse: enrolled.warehouse,
            };
            let mut hand = Hand::new(device);
            for _ in 0..ROWS {
                hand.record(None, picked(1, "A-01-01", goods("BOLT", ""), 1));
            }
            (enrolled.token, hand)
        })
        .collect();
    // Each row goes to both at the same time, as when an answer was lost and the call comes in again elsewhere.
    std::thread::scope(|scope| {
        for (token, hand) in &hands {
            for desk in &desks {
                scope.spawn(move || {
                    for row in 1..=ROWS {
                        let mut push = hand.from(1);
                        push.rows.truncate(usize::try_from(row).unwrap());
                        let said = desk.call("/v1/journal", token, Some(&json!(push)));
                        assert!(said["acked"].as_u64().unwrap() >= row);
                    }
                });
            }
        }
    });
    for (token, hand) in &hands {
        assert_eq!(
            ground.office.journal_of(&hand.device.id).unwrap().len() as u64,
            ROWS
        );
        for desk in &desks {
            let page = desk.call("/v1/feed?after=0", token, None);
            assert_eq!(
                page["confirmed"],
                json!([1, ROWS]),
                "each contains what the other took"
            );
        }
    }
    assert_eq!(
        ground.stock("bin:A-01-01", "BOLT"),
        i64::try_from(1000 - HANDS * ROWS).unwrap()
    );
    assert!(ground.findings().is_empty());
    let last = |letters: &[super::open_hooks::Letter]| {
        let rows = letters.iter().map(|letter| {
            let data = letter.json()["data"].clone();
            data["last"].as_u64().unwrap() + 1 - data["first"].as_u64().unwrap()
        });
        rows.sum::<u64>()
    };
    let mut letters = Vec::new();
    while last(&letters) < HANDS * ROWS {
        letters.push(
            receiver
                .letters
                .recv_timeout(Duration::from_secs(120))
                .unwrap(),
        );
    }
    let told = names(&letters);
    assert!(
        told.windows(2).all(|pair| pair[0].2 < pair[1].2),
        "in order, none twice: {told:?}"
    );
    assert_eq!(last(&letters), HANDS * ROWS);
    let [one, two] = desks;
    assert_eq!((one.served.stop(), two.served.stop()), (0, 0));
    assert!(receiver.letters.try_recv().is_err());
    let verify = ["--database", &database, "verify"];
    assert_eq!(run(&first, &verify).0, 0);
}
