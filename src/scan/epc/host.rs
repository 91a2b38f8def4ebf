//! The host name at the end of the `++` schemes, and the short forms it may use (TDS 2.3 §14.5.16).

use super::BadEpc;
use super::raw::{Cursor, Pen};
use super::values::{read_code40, write_code40};

/// Longest host name, in characters.
const LONGEST: usize = 63;

/// 7-bit codes that stand for more than one character (TDS 2.3 table 14-11); 0x21 to 0x7a else stand for themselves.
const SHORT_FORMS: [(u8, &str); 13] = [
    (0x1e, "qr."),
    (0x1f, "www."),
    (0x20, "id."),
    (0x5b, ".com"),
    (0x5c, ".org"),
    (0x5d, ".net"),
    (0x5e, ".int"),
    (0x60, ".edu"),
    (0x7b, ".gov"),
    (0x7c, ".mil"),
    (0x7d, ".biz"),
    (0x7e, ".eco"),
    (0x7f, ".med"),
];

/// Top-level domains in two 7-bit codes: the first names the row, the second the place (tables 14-12 to 14-15).
const DOMAINS: [&str; 4] = [
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by bz \
     ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk \
     fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is \
     it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li",
    "lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl \
     no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl \
     sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug us uy uz va vc ve vg vi \
     vn vu wf ws ye yt za zm zw",
    "com.au net.au org.au co.at com.bd co.bd com.br net.br co.nz com.ng com.pk co.in com.in co.il co.jp co.za \
     co.kr com.es com.lk co.th co.tt com.tt com.tr biz.tr com.ua co.uk co.zm com.zm com.cn org.cn net.cn gov.cn",
    "tech",
];

/// Reads a host name.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Box<str>, BadEpc> {
    let seven_bit = cursor.take(1)? == 1;
    let mut left = usize::from(cursor.byte(6)?);
    let mut host = String::new();
    if !seven_bit {
        read_code40(cursor, left, |byte| {
            host.push(byte.into());
            Ok(())
        })?;
        return checked(host);
    }
    while left > 0 {
        left -= 1;
        let code = cursor.byte(7)?;
        if let Some(domains) = DOMAINS.get(usize::from(code)) {
            left = left.checked_sub(1).ok_or(BadEpc::Host)?;
            let place = usize::from(cursor.byte(7)?);
            host.push('.');
            host.push_str(domains.split(' ').nth(place).ok_or(BadEpc::Host)?);
        } else if let Some((_, form)) = SHORT_FORMS.iter().find(|(of, _)| *of == code) {
            host.push_str(form);
        } else {
            host.push(code.into());
        }
    }
    checked(host)
}

/// Only what a host name may hold comes through.
fn checked(host: String) -> Result<Box<str>, BadEpc> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let starts = host
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric());
    if starts && host.len() <= LONGEST && host.bytes().all(plain) {
        Ok(host.into_boxed_str())
    } else {
        Err(BadEpc::Host)
    }
}

/// Checks a host name that shall be written.
pub(super) fn parse(host: &str) -> Result<Box<str>, BadEpc> {
    checked(host.to_owned())
}

/// Writes a host name: as URN code 40 where it has no small letters, else in 7-bit codes with the longest short forms.
pub(super) fn write(pen: &mut Pen, host: &str) -> Result<(), BadEpc> {
    if !host.bytes().any(|byte| byte.is_ascii_lowercase()) {
        pen.put(0, 1)?;
        pen.put(host.len() as u64, 6)?;
        return write_code40(pen, host.as_bytes());
    }
    let mut codes = Vec::new();
    let mut rest = host;
    while let Some(&first) = rest.as_bytes().first() {
        let (form, code) = longest(rest).unwrap_or((1, vec![first]));
        codes.extend(code);
        rest = &rest[form..];
    }
    pen.put(1, 1)?;
    pen.put(codes.len() as u64, 6)?;
    codes
        .into_iter()
        .try_for_each(|code| pen.put(code.into(), 7))
}

/// The longest short form that this text starts with: its length and its codes.
fn longest(text: &str) -> Option<(usize, Vec<u8>)> {
    let forms = SHORT_FORMS
        .iter()
        .filter(|(_, form)| text.starts_with(form))
        .map(|&(code, form)| (form.len(), vec![code]));
    let domains = text.strip_prefix('.').unwrap_or("");
    let pairs = DOMAINS.iter().enumerate().flat_map(|(row, all)| {
        let places = all.split(' ').enumerate();
        places.filter_map(move |(place, domain)| {
            let code = vec![u8::try_from(row).ok()?, u8::try_from(place).ok()?];
            domains
                .starts_with(domain)
                .then_some((domain.len() + 1, code))
        })
    });
    forms.chain(pairs).max_by_key(|(len, _)| *len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_come_back_as_they_were_written() {
        for host in [
            "id.example.com",
            "www.example.co.uk",
            "ID.EXAMPLE.ORG",
            "a.b",
            "qr.tea-shop.tech",
            "example.com.au",
            "Mixed.Example.zw",
        ] {
            let mut pen = Pen::new();
            write(&mut pen, host).expect("it can be written");
            let raw = pen.finish().expect("it fits");
            assert_eq!(read(&mut raw.read()).as_deref(), Ok(host));
        }
    }

    #[test]
    fn what_is_no_host_name_is_refused() {
        for host in ["", ".a", "a b", "a/b", "a\u{1b}b"] {
            assert_eq!(parse(host), Err(BadEpc::Host));
        }
        assert_eq!(parse(&"a".repeat(64)), Err(BadEpc::Host));
    }
}
