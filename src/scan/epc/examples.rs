//! The examples of the Tag Data Standard, to the bit, and what it refuses.

use super::*;

/// TDS 2.3 appendix E.3, with its errata (host name of SGTIN++ and DSGTIN++, headers of SSCC++ and ITIP++).
const EXAMPLES: [(&str, &str, &str); 45] = [
    (
        "3066C4409047E140075BCD15",
        "urn:epc:tag:sgtin-96:3.95060001343.05.123456789",
        "",
    ),
    (
        "3666C4409047E159B2C2BF100000000000000000000000000000",
        "urn:epc:tag:sgtin-198:3.95060001343.05.32a%2Fb",
        "",
    ),
    (
        "311BA1B300CE0A6A83000000",
        "urn:epc:tag:sscc-96:0.952012.03456789123",
        "",
    ),
    (
        "3276451FD46072000000162E",
        "urn:epc:tag:sgln-96:3.9521141.12345.5678",
        "",
    ),
    (
        "3976451FD46072CD9615F8800000000000000000000000000000",
        "urn:epc:tag:sgln-195:3.9521141.12345.32a%2Fb",
        "",
    ),
    (
        "3376451FD40C0E400000162E",
        "urn:epc:tag:grai-96:3.9521141.12345.5678",
        "",
    ),
    (
        "3776451FD40C0E59B2C2BF1000000000000000000000",
        "urn:epc:tag:grai-170:3.9521141.12345.32a%2Fb",
        "",
    ),
    (
        "3476451FD40000000000162E",
        "urn:epc:tag:giai-96:3.9521141.5678",
        "",
    ),
    (
        "3876451FD59B2C2BF10000000000000000000000000000000000",
        "urn:epc:tag:giai-202:3.9521141.32a%2Fb",
        "",
    ),
    (
        "2D76451FD4499602D2000000",
        "urn:epc:tag:gsrn-96:3.9521141.1234567890",
        "",
    ),
    (
        "2E76451FD4499602D2000000",
        "urn:epc:tag:gsrnp-96:3.9521141.1234567890",
        "",
    ),
    (
        "2C76451FD46072000000162E",
        "urn:epc:tag:gdti-96:3.9521141.12345.5678",
        "",
    ),
    (
        "3E76451FD7039B061438997367D0C18B266D1AB66EE0",
        "urn:epc:tag:gdti-174:3.9521141.98765.ABCDefgh012345678",
        "",
    ),
    (
        "3C76451FD400C0E680003039",
        "urn:epc:tag:cpi-96:3.9521141.98765.12345",
        "",
    ),
    (
        "3D76451FD75411DEF6B4CC00000003039000",
        "urn:epc:tag:cpi-var:3.9521141.5PQ7%2FZ43.12345",
        "",
    ),
    (
        "3F76451FD612640000019907",
        "urn:epc:tag:sgcn-96:3.9521141.67890.04711",
        "",
    ),
    (
        "3500E86F8000A9E000000586",
        "urn:epc:tag:gid-96:952056.2718.1414",
        "",
    ),
    (
        "2F320434147455900000162E",
        "urn:epc:tag:usdod-96:3.CAGEY.5678",
        "",
    ),
    (
        "3B0E0CF5E76C9047759AD00373DC7602E7200",
        "urn:epc:tag:adi-var:3.35962.PQ7VZ4.M37GXB92",
        "",
    ),
    (
        "4076451FD40C0E40820000000F54",
        "urn:epc:tag:itip-110:3.9521141.012345.01.02.981",
        "",
    ),
    (
        "4176451FD40C0E4082DBDD8B36600000000000000000000000000000",
        "urn:epc:tag:itip-212:3.9521141.012345.01.02.mw133",
        "",
    ),
    (
        "F73795211411234538566CB0AFC4",
        "(01)79521141123453(21)32a/b",
        "",
    ),
    (
        "FD3795211411234538566CB0AFC525065F1876F0D996D800",
        "(01)79521141123453(21)32a/b",
        "id.example.com",
    ),
    (
        "FB342CDE795211411234538566CB0AFC4",
        "(01)79521141123453(21)32a/b(17)220630",
        "",
    ),
    (
        "FC342CDE795211411234538566CB0AFC525065F1876F0D996D80",
        "(01)79521141123453(21)32a/b(17)220630",
        "id.example.com",
    ),
    ("F90095201234567891235", "(00)095201234567891235", ""),
    (
        "EF009520123456789123592832F8C3B786CCB6C0",
        "(00)095201234567891235",
        "id.example.com",
    ),
    (
        "F2395211411234548566CB0AFC4",
        "(414)9521141123454(254)32a/b",
        "",
    ),
    (
        "E9395211411234548566CB0AFC525065F1876F0D996D8000",
        "(414)9521141123454(254)32a/b",
        "id.example.com",
    ),
    (
        "F13095211411234548566CB0AFC4",
        "(8003)0952114112345432a/b",
        "",
    ),
    (
        "EB3095211411234548566CB0AFC525065F1876F0D996D800",
        "(8003)0952114112345432a/b",
        "id.example.com",
    ),
    ("FA3952114132E83C2BF10", "(8004)952114132a/b", ""),
    (
        "EE3952114132E83C2BF1494197C61DBC3665B600",
        "(8004)952114132a/b",
        "id.example.com",
    ),
    ("F43952114112345678906", "(8018)952114112345678906", ""),
    (
        "E7395211411234567890692832F8C3B786CCB6C0",
        "(8018)952114112345678906",
        "id.example.com",
    ),
    ("F53952114112345678906", "(8017)952114112345678906", ""),
    (
        "E8395211411234567890692832F8C3B786CCB6C0",
        "(8017)952114112345678906",
        "id.example.com",
    ),
    ("F6395211411234540458B8", "(253)95211411234545678", ""),
    (
        "EA395211411234540458BA4A0CBE30EDE1B32DB0",
        "(253)95211411234545678",
        "id.example.com",
    ),
    (
        "F0395211415E87A145BAFB4D19A8C0E4",
        "(8010)95211415PQ7/Z43(8011)12345",
        "",
    ),
    (
        "E6395211415E87A145BAFB4D19A8C0E64A0CBE30EDE1B32DB000",
        "(8010)95211415PQ7/Z43(8011)12345",
        "id.example.com",
    ),
    ("F839521141678909509338", "(255)952114167890904711", ""),
    (
        "EC3952114167890950933C94197C61DBC3665B60",
        "(255)952114167890904711",
        "id.example.com",
    ),
    (
        "F3309521141123454010266AE27FDF35",
        "(8006)095211411234540102(21)rif981",
        "",
    ),
    (
        "ED309521141123454010266AE27FDF3592832F8C3B786CCB6C00",
        "(8006)095211411234540102(21)rif981",
        "id.example.com",
    ),
];

fn decode(hex: &str) -> Result<Epc, BadEpc> {
    RawEpc::from_hex(hex).and_then(|raw| Epc::decode(&raw))
}

/// An element string without brackets in its values, taken apart.
fn taken_apart(text: &str) -> Vec<(&str, &str)> {
    text.split('(')
        .skip(1)
        .filter_map(|part| part.split_once(')'))
        .collect()
}

fn encode(name: &str, text: &str, host: &str, filter: Filter) -> Result<Epc, BadEpc> {
    if text.starts_with("urn") {
        return Epc::from_tag_uri(text);
    }
    let scheme = Scheme::named(name).ok_or(BadEpc::Scheme)?;
    let host = (!host.is_empty()).then_some(host);
    Epc::from_elements(scheme, filter, 7, host, &taken_apart(text))
}

#[test]
fn the_examples_of_the_standard_are_read_and_written_to_the_bit() {
    for (hex, text, host) in EXAMPLES {
        let epc = decode(hex).unwrap_or_else(|why| panic!("{hex}: {why}"));
        let read = epc
            .tag_uri()
            .map(|uri| uri.to_string())
            .or(epc.element_string());
        assert_eq!(read.as_deref(), Some(text), "{hex}");
        if let Form::Plus(it) = &epc.0 {
            assert_eq!(it.host.as_deref().unwrap_or(""), host, "{hex}");
        }
        let filter = Filter::new(epc.filter().unwrap_or(0)).expect("it came from a tag");
        let made = encode(epc.scheme().name(), text, host, filter)
            .unwrap_or_else(|why| panic!("{text}: {why}"));
        assert_eq!(made, epc, "{text}");
        let written = made.encode().expect("it can be written").to_string();
        let (short, long) = if hex.len() < written.len() {
            (hex, &*written)
        } else {
            (&*written, hex)
        };
        assert!(long.starts_with(short), "{text}: {written}");
        assert!(
            long[short.len()..].bytes().all(|zero| zero == b'0'),
            "{text}: {written}"
        );
    }
}

#[test]
fn an_identity_outside_the_standards_examples_comes_back_too() {
    for uri in [
        "urn:epc:tag:gdti-113:1.614141.123456.01234567890123456",
        "urn:epc:tag:adi-var:63.W81X9C..%23A-1%2F2",
        "urn:epc:tag:usdod-96:15.W81X9C.68719476735",
        "urn:epc:tag:sgln-96:0.123456789012..0",
        "urn:epc:tag:cpi-var:0.123456789012.AB%23-%2F9.0",
        "urn:epc:tag:giai-202:7.123456.%22%25%26'().,%3C%3E%3Fabc",
    ] {
        let epc = Epc::from_tag_uri(uri).unwrap_or_else(|why| panic!("{uri}: {why}"));
        let again = epc.encode().and_then(|raw| Epc::decode(&raw));
        assert_eq!(again.as_ref(), Ok(&epc), "{uri}");
        assert_eq!(
            epc.tag_uri().map(|uri| uri.to_string()).as_deref(),
            Some(uri)
        );
    }
}

#[test]
fn what_no_tag_may_hold_is_refused() {
    for (hex, why) in [
        ("E28011606000020000000000", BadEpc::Header(0xe2)),
        ("3074257BF7194E40", BadEpc::Short),
        ("3077FFFFFC00004000000007", BadEpc::Digits),
        ("307C00000400004000000007", BadEpc::Partition),
        ("311BA1B300CE0A6A83000001", BadEpc::Trailing),
        ("3066C4409047E140075BCD150001", BadEpc::Trailing),
        ("F7379521141123453C566CB0AFC4", BadEpc::Indicator),
        ("F900A5201234567891235", BadEpc::Digits),
        ("FB382CDE795211411234538566CB0AFC4", BadEpc::Date),
        ("F7379521141123453800", BadEpc::Short),
    ] {
        assert_eq!(decode(hex), Err(why), "{hex}");
    }
    for uri in [
        "urn:epc:tag:sgtin-96:8.95060001343.05.1",
        "urn:epc:tag:sgtin-96:3.95060001343.5.1",
        "urn:epc:tag:sgtin-96:3.95060001343.05.01",
        "urn:epc:tag:sgtin-96:3.95060001343.05.274877906944",
        "urn:epc:tag:sgtin-198:3.95060001343.05.a%4",
        "urn:epc:tag:sgtin+:3.1.1.1",
        "urn:epc:tag:itip-212:3.9521141.012341.01234",
        "urn:epc:id:sgtin:95060001343.05.1",
    ] {
        assert!(Epc::from_tag_uri(uri).is_err(), "{uri}");
    }
}

#[test]
fn a_pure_identity_is_written_in_the_scheme_that_is_asked_for() {
    let scheme = Scheme::named("sgtin-96").expect("there is one");
    let case = Filter::new(2).expect("below eight");
    let uri = "urn:epc:id:sgtin:95060001343.05.123456789";
    let epc = Epc::from_pure_uri(uri, scheme, case).expect("it fits");
    assert_eq!(epc.packing(), Some(Packing::Case));
    assert_eq!(
        epc.pure_uri().map(|uri| uri.to_string()).as_deref(),
        Some(uri)
    );
    let sscc = Scheme::named("sscc-96").expect("there is one");
    assert_eq!(Epc::from_pure_uri(uri, sscc, case), Err(BadEpc::Scheme));
}

#[test]
fn a_wrong_check_digit_is_never_written() {
    let scheme = Scheme::named("sgtin+").expect("there is one");
    let made = |gtin| {
        Epc::from_elements(
            scheme,
            Filter::default(),
            7,
            None,
            &[("01", gtin), ("21", "1")],
        )
    };
    assert_eq!(made("79521141123452"), Err(BadEpc::CheckDigit));
    assert!(made("79521141123453").is_ok());
}

#[test]
fn a_tag_means_goods_a_plate_or_a_code() {
    let read = |pc, hex| read_tag(pc, &RawEpc::from_hex(hex).expect("hex"));
    assert!(
        matches!(read(None, "3066C4409047E140075BCD15"), Scan::Goods(label)
        if label.gtin.map(|gtin| gtin.to_string()).as_deref() == Some("09506000134352")
        && label.serial.is_some())
    );
    assert!(matches!(
        read(None, "F90095201234567891235"),
        Scan::Plate(_)
    ));
    let expiry = chrono::NaiveDate::from_ymd_opt(2022, 6, 30);
    assert!(
        matches!(read(None, "FB342CDE795211411234538566CB0AFC4"), Scan::Goods(label)
        if label.expiry == expiry)
    );
    assert_eq!(
        read(None, "3376451FD40C0E400000162E"),
        Scan::Code("(8003)095211411234545678".into())
    );
    let hex = "E28011606000020000000000";
    assert_eq!(read(None, hex), Scan::Code(hex.into()));
    // The toggle bit: an ISO tag that looks like an SGTIN is none.
    let sgtin = "3066C4409047E140075BCD15";
    assert_eq!(read(Some(0x31a1), sgtin), Scan::Code(sgtin.into()));
    assert!(matches!(read(Some(0x3000), sgtin), Scan::Goods(_)));
}
