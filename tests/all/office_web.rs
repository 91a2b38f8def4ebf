//! The office's web page: a real server on loopback, visited by a real HTTPS client that sends what browsers send.

use super::office_tools::*;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::redirect::Policy;
use stockhand::office::api::Serving;
use stockhand::office::web::Role;

const PASSWORD: &str = "correct horse battery";
const PAGES: [&str; 9] = [
    "/",
    "/exceptions",
    "/planning",
    "/devices",
    "/stock",
    "/orders",
    "/tasks",
    "/moves",
    "/acts",
];

/// An office with three users that is served, and a client that visits it.
pub struct Site {
    pub ground: Ground,
    serving: Serving,
    client: Client,
}

impl Site {
    pub fn new(ground: Ground) -> Self {
        let users = [
            ("vera", Role::Viewer),
            ("max", Role::Manager),
            ("ada", Role::Administrator),
        ];
        for (name, role) in users {
            let name = name.parse().unwrap();
            ground
                .office
                .add_user(now(), &name, role, PASSWORD)
                .unwrap();
        }
        let (serving, client) = ground.served(|client| client.redirect(Policy::none()));
        Self {
            ground,
            serving,
            client,
        }
    }

    fn origin(&self) -> String {
        format!("https://localhost:{}", self.serving.address().port())
    }

    pub fn get(&self, cookie: &str, path: &str) -> Response {
        let url = format!("{}{path}", self.origin());
        self.client
            .get(url)
            .header("cookie", cookie)
            .send()
            .unwrap()
    }

    fn form(&self, cookie: &str, path: &str, fields: &str) -> RequestBuilder {
        let kind = "application/x-www-form-urlencoded";
        self.body(cookie, path, kind, fields)
    }

    fn body(&self, cookie: &str, path: &str, kind: &str, body: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.origin());
        let post = self.client.post(url).header("cookie", cookie);
        post.header("content-type", kind).body(body.to_owned())
    }

    /// Sends a form with one file, as browsers do (RFC 7578).
    pub fn upload(&self, cookie: &str, path: &str, file: &str, text: &str) -> Response {
        let body = format!(
            "--x\r\ncontent-disposition: form-data; name=\"sheets\"; filename=\"{file}\"\r\n\
             content-type: text/csv\r\n\r\n{text}\r\n--x--\r\n"
        );
        let post = self.body(cookie, path, "multipart/form-data; boundary=x", &body);
        post.header("sec-fetch-site", "same-origin").send().unwrap()
    }

    pub fn post(&self, cookie: &str, path: &str, fields: &str) -> Response {
        let post = self.form(cookie, path, fields);
        let post = post.header("sec-fetch-site", "same-origin");
        post.header("origin", self.origin()).send().unwrap()
    }

    fn try_in(&self, name: &str, password: &str) -> Response {
        let password = password.replace(' ', "+");
        self.post("", "/sign-in", &format!("name={name}&password={password}"))
    }

    /// Signs someone in; the cookie as a browser sends it back.
    pub fn cookie(&self, name: &str) -> String {
        let answer = self.try_in(name, PASSWORD);
        assert_eq!(answer.status(), 303);
        let set = answer.headers()["set-cookie"].to_str().unwrap();
        for word in [
            "__Host-",
            "; Path=/",
            "; Secure",
            "; HttpOnly",
            "; SameSite=Strict",
        ] {
            assert!(set.contains(word), "{set}");
        }
        set.split(';').next().unwrap().to_owned()
    }
}

/// An office with one exception, of a task that nobody knows, whose note holds markup.
fn troubled() -> Ground {
    let ground = Ground::with_stock(&["A-01-01,BOLT,,,10"]);
    ground.order(&["SO-1,1,BOLT,3"]);
    let mut hand = ground.hand("W1");
    hand.does(&ground, "W1-1", short(1, "A-01-01", "BOLT", 3));
    let database = ground.database();
    let sql = "UPDATE exceptions SET note = '<script>alert(1)</script>\"''&'";
    assert!(
        database.execute(sql, []).unwrap() > 0,
        "there is an exception"
    );
    ground
}

#[test]
fn each_role_sees_its_pages_and_a_stranger_none() {
    let site = Site::new(troubled());
    for path in PAGES {
        let answer = site.get("", path);
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()["location"], "/sign-in");
    }
    for (name, last) in [("vera", 403), ("max", 403), ("ada", 200)] {
        let cookie = site.cookie(name);
        let seen = PAGES.map(|path| site.get(&cookie, path).status().as_u16());
        assert_eq!(seen[..8], [200; 8], "{name}");
        assert_eq!(seen[8], last, "{name}");
    }
    let answer = site.get("", "/sign-in");
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
}

#[test]
fn text_from_the_floor_is_text_on_the_page() {
    let site = Site::new(troubled());
    let page = site
        .get(&site.cookie("max"), "/exceptions?warehouse=W1")
        .text()
        .unwrap();
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;"),
        "{page}"
    );
    assert!(!page.contains("<script>"), "{page}");
}

#[test]
fn a_form_from_elsewhere_is_refused() {
    let site = Site::new(troubled());
    let cookie = site.cookie("max");
    let fields = "warehouse=W1&id=1&why=counted";
    let cases: [&[(&str, &str)]; 4] = [
        &[],
        &[("origin", "https://elsewhere.example")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-origin"), ("origin", "null")],
    ];
    for headers in cases {
        let mut post = site.form(&cookie, "/exceptions/close", fields);
        for (name, value) in headers {
            post = post.header(*name, *value);
        }
        assert_eq!(post.send().unwrap().status(), 403, "{headers:?}");
    }
    assert!(!site.ground.exceptions().is_empty());
}

#[test]
fn a_manager_closes_an_exception_with_name_and_reason() {
    let site = Site::new(troubled());
    let before = site.ground.exceptions().len();
    let fields = "warehouse=W1&id=1&why=the+bin+was+counted";
    let vera = site.post(&site.cookie("vera"), "/exceptions/close", fields);
    assert_eq!(vera.status(), 403);
    let max = site.cookie("max");
    let silent = site.post(&max, "/exceptions/close", "warehouse=W1&id=1&why=+");
    assert_eq!(silent.status(), 400);
    assert_eq!(site.ground.exceptions().len(), before);
    let done = site.post(&max, "/exceptions/close", fields);
    assert_eq!(done.status(), 303);
    assert_eq!(site.ground.exceptions().len(), before - 1);
    let acts = site
        .ground
        .office
        .acts(Some("exception_closed"), 5)
        .unwrap();
    assert_eq!(acts.len(), 1);
    assert_eq!(acts[0].name.as_str(), "max");
    assert_eq!(acts[0].act.thing.as_str(), "W1/1");
    assert_eq!(acts[0].act.note.as_str(), "the bin was counted");
    // What is closed cannot be closed again, and nothing is written down of the try.
    assert_eq!(site.post(&max, "/exceptions/close", fields).status(), 409);
    assert_eq!(
        site.ground
            .office
            .acts(Some("exception_closed"), 5)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn wrong_passwords_lock_a_name_known_or_not_and_the_lock_grows() {
    let ground = Ground::new();
    let office = &ground.office;
    let vera = "vera".parse().unwrap();
    office
        .add_user(now(), &vera, Role::Viewer, PASSWORD)
        .unwrap();
    let at = |seconds| now() + chrono::TimeDelta::seconds(seconds);
    for name in ["vera", "nobody"] {
        let name = name.parse().unwrap();
        let told = |at| office.sign_in(at, &name, "wrong").unwrap_err().to_string();
        for _ in 0..5 {
            assert!(told(at(0)).contains("do not belong together"));
        }
        assert!(told(at(29)).contains("Too many"), "five cost half a minute");
        assert!(told(at(31)).contains("do not belong together"));
        assert!(
            told(at(31 + 59)).contains("Too many"),
            "the sixth costs a minute"
        );
    }
    // Neither the right password nor a restart opens it; time does.
    assert!(office.sign_in(at(80), &vera, PASSWORD).is_err());
    let again = crate::postgres::open(&ground.dir.path().join("office.db"));
    assert!(again.sign_in(at(80), &vera, PASSWORD).is_err());
    assert!(again.sign_in(at(100), &vera, PASSWORD).is_ok());
}

#[test]
fn a_session_ends_by_rest_by_age_by_signing_out_and_with_its_user() {
    let site = Site::new(Ground::new());
    let office = &site.ground.office;
    let vera = "vera".parse().unwrap();
    let minutes = |count| now() + chrono::TimeDelta::minutes(count);
    let token = office.sign_in(now(), &vera, PASSWORD).unwrap();
    let is_in = |at, used| office.signed_in(at, &token, used).unwrap().is_some();
    assert!(is_in(minutes(29), false));
    assert!(
        !is_in(minutes(30), true),
        "looking at fresh figures keeps nobody in"
    );
    for count in 1..36 {
        assert!(is_in(minutes(20 * count), true), "{count}");
    }
    assert!(!is_in(minutes(720), true), "twelve hours are a day");
    let cookie = site.cookie("vera");
    assert_eq!(site.post(&cookie, "/sign-out", "").status(), 303);
    assert_eq!(site.get(&cookie, "/").status(), 303);
    let cookie = site.cookie("vera");
    assert_eq!(site.get(&cookie, "/").status(), 200);
    office.remove_user(now(), &vera).unwrap();
    assert_eq!(site.get(&cookie, "/").status(), 303);
}

#[test]
fn an_administrator_takes_a_handheld_in_by_a_picture_and_strikes_it_off() {
    let site = Site::new(Ground::new());
    let ada = site.cookie("ada");
    let fields = "warehouse=W1&address=office.example:7443";
    assert_eq!(
        site.post(&site.cookie("max"), "/devices/invite", fields)
            .status(),
        403
    );
    let page = site.post(&ada, "/devices/invite", fields).text().unwrap();
    assert!(page.contains("<svg"), "{page}");
    let text = page
        .split("<code>")
        .nth(1)
        .unwrap()
        .split("</code>")
        .next()
        .unwrap();
    let invitation: stockhand::sync::Invitation = text.parse().unwrap();
    let ask = stockhand::sync::Enrol {
        code: invitation.code,
        name: "<b>new</b>".into(),
        was: None,
    };
    let taken = site.ground.office.enrol(chrono::Utc::now(), &ask).unwrap();
    let page = site.get(&ada, "/devices").text().unwrap();
    assert!(page.contains("&lt;b&gt;new") && !page.contains("<b>new"));
    assert!(site.ground.office.device_of(&taken.token).is_ok());
    let struck = site.post(&ada, "/devices/revoke", &format!("device={}", taken.device));
    assert_eq!(struck.status(), 303);
    assert!(site.ground.office.device_of(&taken.token).is_err());
}

#[test]
fn the_first_page_shows_the_work_and_hears_of_changes() {
    let site = Site::new(troubled());
    let cookie = site.cookie("vera");
    let page = site.get(&cookie, "/?warehouse=W1").text().unwrap();
    assert!(
        page.contains("SO-1")
            && page.contains("HH-001")
            && page.contains("<td>unknown</td><td class=\"n\">1<"),
        "{page}"
    );
    let seen = page
        .split("data-seen=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    site.ground.enrol("W1");
    let news = site
        .get(&cookie, &format!("/news?seen={seen}"))
        .text()
        .unwrap();
    assert_ne!(news, seen);
    assert_eq!(site.get(&cookie, "/?warehouse=W9").status(), 404);
}
