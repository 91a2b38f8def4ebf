//! The second factor and sheets that come in through the page, over the wire as browsers send them.

use super::office_tools::*;
use super::office_web::Site;
use ring::hmac;

/// The code of an authenticator that holds this secret, so many steps from now: RFC 6238 by another hand than the office's.
fn code_of(secret: &str, steps: i64) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = secret
        .chars()
        .map(|c| format!("{:05b}", letters.find(c).unwrap()))
        .collect();
    let bytes: Vec<u8> = (0..bits.len() / 8)
        .map(|at| u8::from_str_radix(&bits[8 * at..8 * at + 8], 2).unwrap())
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let step = chrono::Utc::now().timestamp() / 30 + steps;
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[19] % 16);
    let four = tag[at..at + 4]
        .iter()
        .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
    format!("{:06}", four % (1 << 31) % 1_000_000)
}

fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page
        .split(before)
        .nth(1)
        .unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(after).next().unwrap()
}

/// Sets a second factor up for someone; the secret and the recovery codes.
fn set_up(site: &Site, cookie: &str) -> (String, Vec<String>) {
    let page = site.post(cookie, "/account/begin", "").text().unwrap();
    let secret = between(&page, "Or type the secret: <code>", "</code>").to_owned();
    let wrong = site.post(cookie, "/account/confirm", "code=12345");
    assert_eq!(wrong.status(), 409);
    let code = code_of(&secret, -1);
    let page = site
        .post(cookie, "/account/confirm", &format!("code={code}"))
        .text()
        .unwrap();
    let codes = between(&page, "<ul class=\"codes\">", "</ul>");
    let codes: Vec<String> = codes
        .split("<code>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 8);
    (secret, codes)
}

#[test]
fn a_password_alone_opens_nothing_once_there_is_a_second_factor() {
    let site = Site::new(Ground::new());
    let (secret, codes) = set_up(&site, &site.cookie("ada"));
    let waiting = site.cookie("ada");
    for path in ["/", "/devices", "/stock", "/account", "/acts"] {
        let answer = site.get(&waiting, path);
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()["location"], "/sign-in/code", "{path}");
    }
    let fields = "warehouse=W1&address=office.example:7443";
    assert_eq!(
        site.post(&waiting, "/devices/invite", fields).status(),
        303,
        "no form either"
    );
    let give = |cookie: &str, code: &str| {
        site.post(cookie, "/sign-in/code", &format!("code={code}"))
            .status()
            .as_u16()
    };
    assert_eq!(give(&waiting, "000"), 403);
    let code = code_of(&secret, 0);
    assert_eq!(give(&waiting, &code), 303);
    assert_eq!(site.get(&waiting, "/acts").status(), 200);
    // A code that someone saw over a shoulder is worth nothing any more.
    let again = site.cookie("ada");
    assert_eq!(give(&again, &code), 403);
    assert_eq!(
        give(&again, &codes[0].to_lowercase()),
        303,
        "a recovery code is good"
    );
    let third = site.cookie("ada");
    assert_eq!(give(&third, &codes[0]), 403, "once");
    let page = site.get(&again, "/account").text().unwrap();
    assert!(page.contains("7 recovery codes"), "{page}");
    assert_eq!(
        site.get(&site.cookie("max"), "/").status(),
        200,
        "others are asked for nothing"
    );
}

#[test]
fn codes_cannot_be_guessed_by_signing_in_again_and_again() {
    let site = Site::new(Ground::new());
    let (secret, codes) = set_up(&site, &site.cookie("ada"));
    let give =
        |cookie: &str, code: &str| site.post(cookie, "/sign-in/code", &format!("code={code}"));
    let waiting = site.cookie("ada");
    let mut told = String::new();
    for _ in 0..6 {
        told = give(&waiting, "999").text().unwrap();
    }
    assert!(told.contains("Too many"), "{told}");
    let right = give(&waiting, &code_of(&secret, 1)).text().unwrap();
    assert!(
        right.contains("Too many"),
        "a right one has to wait too: {right}"
    );
    assert!(
        give(&waiting, &codes[1])
            .text()
            .unwrap()
            .contains("Too many")
    );
}

#[test]
fn a_house_that_asks_it_lets_administrators_look_until_they_have_it() {
    let site = Site::new(Ground::new());
    let office = &site.ground.office;
    office.require_second_factor(now(), true).unwrap();
    let ada = site.cookie("ada");
    let page = site.get(&ada, "/stock").text().unwrap();
    assert!(
        page.contains("Administrators here need a second factor"),
        "{page}"
    );
    assert_eq!(site.get(&ada, "/acts").status(), 403);
    assert_eq!(
        site.get(&site.cookie("max"), "/import").status(),
        200,
        "it is asked of administrators"
    );
    let (secret, _) = set_up(&site, &ada);
    assert_eq!(site.get(&ada, "/acts").status(), 200);
    let code = code_of(&secret, 1);
    assert_eq!(site.post(&ada, "/account/give-up", "code=1").status(), 409);
    assert_eq!(
        site.post(&ada, "/account/give-up", &format!("code={code}"))
            .status(),
        303
    );
    assert_eq!(site.get(&ada, "/acts").status(), 403);
    set_up(&site, &ada);
    office
        .forget_second_factor(now(), &"ada".parse().unwrap())
        .unwrap();
    assert_eq!(site.get(&ada, "/").status(), 303, "they are signed out");
    assert!(
        office
            .forget_second_factor(now(), &"ada".parse().unwrap())
            .is_err()
    );
}

#[test]
fn sheets_are_looked_through_before_they_come_in_and_every_bad_row_is_told() {
    let site = Site::new(Ground::new());
    let max = site.cookie("max");
    assert_eq!(site.get(&site.cookie("vera"), "/import").status(), 403);
    let head = "warehouse,bin,item,quantity";
    let bad = format!("{head}\nW1,A-01-01,BOLT,1\nW1,A-01-01,<b>,1\nW1,NOWHERE,BOLT,x\n");
    let page = site
        .upload(&max, "/import", "stock.csv", &bad)
        .text()
        .unwrap();
    assert!(page.contains("2 rows are bad"), "{page}");
    assert!(
        page.contains("&lt;b&gt;") && !page.contains("<b>"),
        "{page}"
    );
    assert_eq!(
        site.upload(&max, "/import", "passwords.csv", "a\n")
            .status(),
        400
    );
    let good = format!("{head}\nW1,A-01-01,BOLT,7\n");
    assert_eq!(
        site.upload(&site.cookie("vera"), "/import", "stock.csv", &good)
            .status(),
        403
    );
    let page = site
        .upload(&max, "/import", "stock.csv", &good)
        .text()
        .unwrap();
    assert!(page.contains("1 rows of 1 sheets are all right"), "{page}");
    assert_eq!(
        site.ground.stock("bin:A-01-01", "BOLT"),
        0,
        "nothing came in yet"
    );
    let token = between(&page, "name=\"token\" value=\"", "\"").to_owned();
    let take = |cookie: &str| {
        site.post(cookie, "/import/take", &format!("token={token}"))
            .status()
            .as_u16()
    };
    assert_eq!(
        take(&site.cookie("ada")),
        410,
        "it is whose sheets they are"
    );
    assert_eq!(take(&max), 200);
    assert_eq!(site.ground.stock("bin:A-01-01", "BOLT"), 7);
    assert_eq!(take(&max), 410, "once");
    let acts = site.ground.office.acts(Some("imported"), 5).unwrap();
    assert_eq!(
        (acts[0].name.as_str(), acts[0].act.thing.as_str()),
        ("max", "stock.csv")
    );
}
