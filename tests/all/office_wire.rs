//! The office on the wire: a real server on loopback, asked by a real HTTPS client.

use super::office_tools::*;
use reqwest::StatusCode;
use reqwest::blocking::{Body, Client, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use stockhand::office::Office;
use stockhand::office::api::{Serving, TlsIdentity};
use stockhand::sync::{
    Claim, Claimed, Enrol, Enrolled, HEADER_PROTOCOL, Limits, Manifest, PROTOCOL, Page, Pushed,
    Refused, RefusedKind,
};
use stockhand::warehouse::Fact;

/// An office being served, and a client that trusts its certificate.
struct Wire {
    ground: Ground,
    serving: Serving,
    client: Client,
}

impl Wire {
    fn new(ground: Ground) -> Self {
        let (serving, client) = ground.served(|client| client.timeout(Duration::from_secs(60)));
        Self {
            ground,
            serving,
            client,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.serving.address().port())
    }

    fn get(&self, token: &str, path: &str) -> RequestBuilder {
        let get = self.client.get(self.url(path));
        get.bearer_auth(token)
            .header(HEADER_PROTOCOL, PROTOCOL.to_string())
    }

    fn post(&self, token: &str, path: &str, body: &impl Serialize) -> RequestBuilder {
        let post = self.client.post(self.url(path)).bearer_auth(token);
        let post = post.header(HEADER_PROTOCOL, PROTOCOL.to_string());
        post.body(serde_json::to_vec(body).unwrap())
    }

    fn enrol(&self) -> (Enrolled, Hand) {
        let enrolled = self.ground.enrol("W1");
        let hand = Hand::new(self.ground.office.device_of(&enrolled.token).unwrap());
        (enrolled, hand)
    }
}

fn unpacked(response: Response) -> (StatusCode, Vec<u8>) {
    let status = response.status();
    let packed = response
        .headers()
        .get("content-encoding")
        .is_some_and(|it| it == "zstd");
    let bytes = response.bytes().unwrap().to_vec();
    let bytes = if packed {
        zstd::stream::decode_all(Cursor::new(bytes)).unwrap()
    } else {
        bytes
    };
    (status, bytes)
}

fn answer<T: DeserializeOwned>(request: RequestBuilder) -> T {
    let (status, bytes) = unpacked(request.send().unwrap());
    assert_eq!(
        status,
        StatusCode::OK,
        "{}",
        String::from_utf8_lossy(&bytes)
    );
    serde_json::from_slice(&bytes).unwrap()
}

fn refusal(request: RequestBuilder) -> (u16, RefusedKind) {
    let (status, bytes) = unpacked(request.send().unwrap());
    let refused: Refused = serde_json::from_slice(&bytes).expect("a refusal says why");
    (status.as_u16(), refused.kind)
}

#[test]
fn a_handheld_enrols_pushes_claims_and_pulls_over_https() {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let wire = Wire::new(ground);
    let invited = wire
        .ground
        .office
        .invite(chrono::Utc::now(), &w1(), 10)
        .unwrap();
    let ask = Enrol {
        code: invited.code,
        name: "HH".into(),
        was: None,
    };
    let enrolled: Enrolled = answer(wire.post("", "/v1/enrol", &ask));
    assert_eq!(
        refusal(wire.post("", "/v1/enrol", &ask)),
        (401, RefusedKind::Code)
    );
    let token = enrolled.token.as_str();
    let claim = Claim {
        tasks: Vec::new(),
        ahead: 5,
    };
    let claimed: Claimed = answer(wire.post(token, "/v1/claims", &claim));
    assert_eq!(claimed.leases.len(), 1);
    let mut hand = Hand::new(wire.ground.office.device_of(token).unwrap());
    hand.record(Some("PICK-SO-1"), started());
    let pushed: Pushed = answer(wire.post(token, "/v1/journal", &hand.from(1)));
    assert_eq!(pushed.acked, 1);
    let packed = zstd::bulk::compress(&serde_json::to_vec(&hand.from(1)).unwrap(), 3).unwrap();
    let again = wire
        .post(token, "/v1/journal", &())
        .body(packed)
        .header("content-encoding", "zstd");
    assert_eq!(
        answer::<Pushed>(again).acked,
        1,
        "compressed it is the same"
    );
    let page: Page = answer(
        wire.get(token, "/v1/feed?after=0")
            .header("accept-encoding", "zstd"),
    );
    assert!(page.changes.len() > 10 && !page.more);
    assert_eq!(page.confirmed, (1, 1));
    let manifest: Manifest = answer(wire.get(token, "/v1/snapshot"));
    assert_eq!(manifest.next, page.next);
    for (at, _) in manifest.pages.iter().enumerate() {
        let path = format!("/v1/snapshot/{}/{at}", manifest.id);
        let (status, bytes) = unpacked(wire.get(token, &path).send().unwrap());
        assert_eq!(status, StatusCode::OK);
        assert!(bytes.len() <= Limits::SNAPSHOT_PAGE);
        assert!(at > 0 || bytes.starts_with(b"SQLite format 3\0"));
    }
    let gone = format!("/v1/snapshot/{}/{}", manifest.id, manifest.pages.len());
    for path in [
        gone.as_str(),
        "/v1/snapshot/..%2f..%2foffice.db/0",
        "/v1/snapshot/x/y",
        "/v2",
    ] {
        assert_eq!(
            refusal(wire.get(token, path)),
            (404, RefusedKind::Unknown),
            "{path}"
        );
    }
}

#[test]
fn who_is_not_known_or_struck_off_is_refused_at_the_next_call() {
    let wire = Wire::new(Ground::new());
    let (enrolled, hand) = wire.enrol();
    let token = enrolled.token.as_str();
    answer::<Page>(wire.get(token, "/v1/feed?after=0"));
    assert_eq!(
        refusal(wire.get("nobody", "/v1/feed?after=0")),
        (401, RefusedKind::Device)
    );
    wire.ground.office.revoke(&enrolled.device).unwrap();
    let device = (401, RefusedKind::Device);
    assert_eq!(refusal(wire.get(token, "/v1/feed?after=0")), device);
    assert_eq!(refusal(wire.get(token, "/v1/snapshot")), device);
    assert_eq!(
        refusal(wire.post(token, "/v1/journal", &hand.from(1).epoch)),
        device
    );
}

#[test]
fn who_waits_for_news_hears_of_it_at_once_even_from_another_process() {
    let wire = Wire::new(Ground::new());
    let (enrolled, _) = wire.enrol();
    let token = enrolled.token.as_str();
    let head = answer::<Page>(wire.get(token, "/v1/feed?after=0")).next;
    let wait = format!("/v1/feed?after={head}&wait=25");
    let change = |office: &Office, code: &str| {
        let text = format!("code,name,unit\n{code},New,each\n");
        office.import(now(), &[sheet("items.csv", &text)]).unwrap();
    };
    let begun = Instant::now();
    let page: Page = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| answer(wire.get(token, &wait)));
        change(&wire.ground.office, "NEW-1");
        waiting.join().unwrap()
    });
    assert_eq!(page.changes.len(), 1);
    // The other process: the same file through an office of its own. The round of duties notices.
    let elsewhere = crate::postgres::open(&wire.ground.dir.path().join("office.db"));
    wire.ground.office.tend(now()).unwrap();
    let wait = format!("/v1/feed?after={}&wait=25", page.next);
    let page: Page = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| answer(wire.get(token, &wait)));
        change(&elsewhere, "NEW-2");
        assert!(wire.ground.office.tend(now()).unwrap().changed_elsewhere);
        waiting.join().unwrap()
    });
    assert_eq!(page.changes.len(), 1);
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "it was not the end of the wait"
    );
    assert!(!wire.ground.office.tend(now()).unwrap().changed_elsewhere);
}

#[test]
fn a_journal_finds_its_way_home_whatever_protocol_is_spoken() {
    let wire = Wire::new(Ground::new());
    let (enrolled, mut hand) = wire.enrol();
    hand.record(None, Fact::TaskLeft);
    for protocol in ["0", "999", "x", ""] {
        let old = |request: RequestBuilder| {
            let (client, request) = request.build_split();
            let mut request = request.unwrap();
            request
                .headers_mut()
                .insert(HEADER_PROTOCOL, protocol.parse().unwrap());
            RequestBuilder::from_parts(client, request)
        };
        let upgrade = (426, RefusedKind::Protocol);
        let token = enrolled.token.as_str();
        assert_eq!(refusal(old(wire.get(token, "/v1/feed?after=0"))), upgrade);
        assert_eq!(refusal(old(wire.get(token, "/v1/snapshot"))), upgrade);
        assert_eq!(refusal(old(wire.post(token, "/v1/claims", &()))), upgrade);
        let pushed: Pushed = answer(old(wire.post(token, "/v1/journal", &hand.from(1))));
        assert_eq!(pushed.acked, 1);
    }
}

#[test]
fn no_body_is_larger_than_it_may_be_packed_unpacked_or_in_pieces() {
    let wire = Wire::new(Ground::new());
    let (enrolled, hand) = wire.enrol();
    let journal = || wire.post(&enrolled.token, "/v1/journal", &hand.from(1).epoch);
    let size = (413, RefusedKind::Size);
    let large = vec![b' '; Limits::BODY + 1];
    assert_eq!(refusal(journal().body(large.clone())), size);
    // Without a length in front: it comes in chunks.
    assert_eq!(refusal(journal().body(Body::new(Cursor::new(large)))), size);
    let packed = |bytes: &[u8]| {
        let packed = zstd::bulk::compress(bytes, 19).unwrap();
        journal().header("content-encoding", "zstd").body(packed)
    };
    let bomb = vec![b' '; 64 * 1024 * 1024];
    assert_eq!(refusal(packed(&bomb)), size);
    assert_eq!(refusal(packed(&bomb[..=Limits::UNPACKED])), size);
    let body = (400, RefusedKind::Body);
    assert_eq!(refusal(packed(b"{}")), body);
    assert_eq!(refusal(journal().header("content-encoding", "zstd")), body);
    assert_eq!(refusal(journal().body("[".repeat(100_000))), body);
    assert_eq!(refusal(wire.get(&enrolled.token, "/v1/feed?after=x")), body);
}

#[test]
fn a_handheld_that_calls_too_often_is_asked_to_wait() {
    let wire = Wire::new(Ground::new());
    let (enrolled, _) = wire.enrol();
    let calls = || {
        wire.get(&enrolled.token, "/v1/feed?after=0")
            .send()
            .unwrap()
    };
    let busy = (0..200)
        .map(|_| calls())
        .find(|response| response.status() == 429);
    let busy = busy.expect("it was never too much");
    assert!(busy.headers().contains_key("retry-after"));
    let (_, bytes) = unpacked(busy);
    let refused: Refused = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(refused.kind, RefusedKind::Busy);
    let (other, _) = wire.enrol();
    answer::<Page>(wire.get(&other.token, "/v1/feed?after=0"));
}

#[test]
fn a_large_file_may_be_fetched_page_after_page_without_a_pause() {
    let wire = Wire::new(Ground::new());
    let (enrolled, _) = wire.enrol();
    let manifest: Manifest = answer(wire.get(&enrolled.token, "/v1/snapshot"));
    let page = format!("/v1/snapshot/{}/0", manifest.id);
    for _ in 0..60 {
        let response = wire.get(&enrolled.token, &page).send().unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[test]
fn calls_that_wait_for_news_leave_room_for_pushing() {
    let wire = Wire::new(Ground::new());
    let (enrolled, mut hand) = wire.enrol();
    let token = enrolled.token.as_str();
    let head = answer::<Page>(wire.get(token, "/v1/feed?after=0")).next;
    let wait = format!("/v1/feed?after={head}&wait=25");
    hand.record(None, Fact::TaskLeft);
    std::thread::scope(|scope| {
        let waiting: Vec<_> = (0..5)
            .map(|_| scope.spawn(|| answer::<Page>(wire.get(token, &wait))))
            .collect();
        let pushed: Pushed = answer(wire.post(token, "/v1/journal", &hand.from(1)));
        assert_eq!(pushed.acked, 1);
        // The push itself is news: nobody waits to the end.
        for waited in waiting {
            waited.join().unwrap();
        }
    });
}

#[test]
fn codes_cannot_be_guessed_at_speed() {
    let wire = Wire::new(Ground::new());
    let guess = |code: usize| {
        let ask = Enrol {
            code: format!("{code:032x}"),
            name: "guesser".into(),
            was: None,
        };
        refusal(wire.post("", "/v1/enrol", &ask))
    };
    let tries = (0..50)
        .take_while(|&code| guess(code) == (401, RefusedKind::Code))
        .count();
    assert!((1..30).contains(&tries), "{tries} tries");
    assert_eq!(guess(99), (429, RefusedKind::Busy));
}

#[test]
fn a_stranger_is_refused_before_its_body_is_listened_to_for_long() {
    let wire = Wire::new(Ground::new());
    let endless = wire
        .post("nobody", "/v1/journal", &())
        .body(Body::new(std::io::repeat(b' ').take(64 << 20)));
    match endless.send() {
        Ok(response) => assert_eq!(response.status(), 401),
        // The office hung up while more was being said: as good.
        Err(why) => assert!(why.is_request() || why.is_body(), "{why:?}"),
    }
}

#[test]
fn plain_text_and_strangers_certificates_are_not_spoken_with() {
    let wire = Wire::new(Ground::new());
    let mut plain = TcpStream::connect(wire.serving.address()).unwrap();
    plain
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    plain
        .write_all(b"GET /v1/feed?after=0 HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let mut said = Vec::new();
    // A reset is as good as an end.
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP"));
    let trusting_others = Client::builder()
        .no_proxy()
        .resolve("localhost", wire.serving.address());
    let other = tempfile::tempdir().unwrap();
    TlsIdentity::in_folder(other.path()).unwrap();
    let pem = std::fs::read(other.path().join("office-cert.pem")).unwrap();
    let other = reqwest::Certificate::from_pem(&pem).unwrap();
    let client = trusting_others.tls_certs_only([other]).build().unwrap();
    assert!(client.get(wire.url("/v1/feed?after=0")).send().is_err());
}

#[test]
fn the_certificate_is_made_once_and_its_key_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let first = TlsIdentity::in_folder(dir.path()).unwrap().fingerprint();
    assert_eq!(
        TlsIdentity::in_folder(dir.path()).unwrap().fingerprint(),
        first
    );
    let key = std::fs::metadata(dir.path().join("office-key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o077, 0);
}
