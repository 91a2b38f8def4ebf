//! What a scanner sent, in a sentence for people. It may name what the floor passes over, because whoever asks wants to know.

use crate::diagnose::tags::meaning;
use crate::flow::{Said, SaidKind};
use crate::scan::aim::{Aim, Content};
use crate::scan::retail::{Use, used_for};
use crate::scan::{
    Epc, Filter, Frame, Label, Labels, RawEpc, Scan, Scheme, Source, digital_link, gs1, read,
};
use crate::warehouse::{Gtin, is_plain};

/// Fewest hex digits that are looked at as a tag's: the shortest scheme has 64 bits.
const SHORTEST_TAG: usize = 16;

/// What a scanner sent, in words.
pub(in crate::diagnose) fn words(line: &[u8]) -> String {
    let aim = Aim::parse(line).filter(|aim| !aim.modifier.is_empty());
    let sentence = sentence(line, aim);
    sentence
        .chars()
        .map(|c| if is_plain(c) { c } else { '·' })
        .collect()
}

fn sentence(line: &[u8], aim: Option<Aim>) -> String {
    let is_gs1 = aim.map_or_else(
        || line.contains(&gs1::GS),
        |aim| aim.content() == Content::ElementStrings,
    );
    let data = aim.map_or(line, |aim| aim.data);
    if is_gs1 && let Ok(elements) = gs1::parse(data, gs1::Rules::FLOOR) {
        let parts: Vec<_> = elements
            .iter()
            .map(|element| part(element.entry, element.value) + &doubt(&element))
            .collect();
        return format!("GS1: {}", parts.join(", "));
    }
    let text = std::str::from_utf8(data).unwrap_or_default();
    if let Ok(link) = digital_link::parse(text, gs1::Rules::FLOOR)
        .or_else(|_| digital_link::decompress(text, gs1::Rules::FLOOR))
    {
        let parts: Vec<_> = link
            .pairs
            .iter()
            .map(|(entry, value)| part(entry, value))
            .collect();
        return format!("GS1 link: {}", parts.join(", "));
    }
    let frame = Frame {
        source: Source::Scanner,
        port: "input".into(),
        bytes: line.to_vec(),
    };
    match read(&frame, &Labels::default()) {
        Ok(Scan::Code(text)) => {
            let code = format!("{}: {text}", aim.map_or("Code", |aim| aim.symbology.title));
            let tag = tag(text.as_str()).filter(|_| aim.is_none());
            tag.map_or_else(|| code.clone(), |tag| format!("{code}; {tag}"))
        }
        Ok(scan) => told(&scan),
        Err(why) => why.to_string(),
    }
}

/// One element: its everyday name if it has one, else its title in the dictionary.
fn part(entry: &gs1::Entry, value: &str) -> String {
    let day = || {
        gs1::date(value, gs1::RELEASE_YEAR).map_or_else(|| value.to_owned(), |day| day.to_string())
    };
    match entry.ai.as_str() {
        "00" => format!("SSCC {value}"),
        "01" => format!("GTIN {value}"),
        "02" => format!("holds GTIN {value}"),
        "10" => format!("lot {value}"),
        "11" => format!("made on {}", day()),
        "13" => format!("packed on {}", day()),
        "15" => format!("best before {}", day()),
        "16" => format!("sell by {}", day()),
        "17" => format!("use by {}", day()),
        "21" => format!("serial {value}"),
        "30" | "37" => format!("count {value}"),
        ai if entry.title.is_empty() => format!("({ai}) {value}"),
        ai => format!("{} ({ai}) {}", entry.title, measure(ai, value)),
    }
}

/// What a text says as a tag: its bits as a reader writes them, or one of its addresses; none if it is no tag of GS1's.
fn tag(text: &str) -> Option<String> {
    let epc = if text.starts_with("urn:epc:tag:") {
        Epc::from_tag_uri(text).ok()?
    } else if text.starts_with("urn:epc:id:") {
        // Whichever scheme can hold it: the identity is the same.
        let mut schemes = (0..=u8::MAX).filter_map(Scheme::of_header);
        let filter = Filter::default();
        schemes.find_map(|scheme| Epc::from_pure_uri(text, scheme, filter).ok())?
    } else if text.len() >= SHORTEST_TAG && text.len().is_multiple_of(4) {
        Epc::decode(&RawEpc::from_hex(text).ok()?).ok()?
    } else {
        return None;
    };
    Some(format!("as a tag {}", meaning(&epc)))
}

/// A remark where a variable value seems to hold more than its own.
fn doubt(element: &gs1::Element) -> String {
    let tail = Some(element.value)
        .filter(|_| element.entry.separated)
        .and_then(gs1::swallowed);
    tail.map_or_else(String::new, |tail| {
        format!(" (has a separator been lost before {tail}?)")
    })
}

/// Trade and logistic measures have their decimal point in the last digit of the identifier (GS1 General Specifications §3.6).
fn measure(ai: &str, value: &str) -> String {
    let is_measure = ai.len() == 4 && matches!(&ai[..2], "31" | "32" | "33" | "34" | "35" | "36");
    let places = ai
        .as_bytes()
        .last()
        .map_or(0, |digit| usize::from(digit.wrapping_sub(b'0')));
    match value.len().checked_sub(places) {
        Some(point) if is_measure && places > 0 && point > 0 => {
            let (whole, part) = value.split_at(point);
            let whole = whole.trim_start_matches('0');
            format!("{}.{part}", if whole.is_empty() { "0" } else { whole })
        }
        _ => value.to_owned(),
    }
}

fn told(scan: &Scan) -> String {
    let Said { kind, text } = Said::of(scan);
    match (kind, scan) {
        (SaidKind::Bin, _) => format!("Bin {text}"),
        (SaidKind::Badge, _) => format!("Badge {text}"),
        (SaidKind::Tote, _) => format!("Tote {text}"),
        (SaidKind::Order, _) => format!("Order {text}"),
        (SaidKind::Plate, _) => format!("SSCC {text}"),
        (SaidKind::Goods | SaidKind::Details, Scan::Goods(label)) => goods(label),
        (SaidKind::Goods | SaidKind::Details, _) => text,
        (SaidKind::Enrolment, _) => "An enrolment code".to_owned(),
        (SaidKind::Code, _) => format!("Code: {text}"),
    }
}

fn goods(label: &Label) -> String {
    let mut parts = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            parts.push(format!("{name} {value}"));
        }
    };
    add(
        "GTIN",
        label.gtin.map(|gtin| format!("{gtin}{}", remark(gtin))),
    );
    add("item", label.code.as_ref().map(ToString::to_string));
    add("lot", label.lot.as_ref().map(ToString::to_string));
    add("serial", label.serial.as_ref().map(ToString::to_string));
    add("use by", label.expiry.map(|day| day.to_string()));
    add("best before", label.best_before.map(|day| day.to_string()));
    add("made on", label.produced.map(|day| day.to_string()));
    add("count", label.count.map(|count| count.to_string()));
    add("SSCC", label.plate.map(|plate| plate.to_string()));
    parts.join(", ")
}

const fn remark_of(used: Use) -> &'static str {
    match used {
        Use::Item => "",
        Use::Coupon => " (a coupon)",
        Use::Restricted => " (a shop's own number)",
    }
}

fn remark(gtin: Gtin) -> &'static str {
    remark_of(used_for(gtin))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_label_is_told_in_a_sentence() {
        for (line, told) in [
            (
                "]C1010950600013435210LOT7\u{1d}17270131",
                "GS1: GTIN 09506000134352, lot LOT7, use by 2027-01-31",
            ),
            (
                "01095060001343523103001250\u{1d}",
                "GS1: GTIN 09506000134352, NET WEIGHT (kg) (3103) 1.250",
            ),
            (
                "]Q1https://id.gs1.org/01/09506000134352/21/7",
                "GS1 link: GTIN 09506000134352, serial 7",
            ),
            (
                "]C1010950600013435210LOT717261231",
                "GS1: GTIN 09506000134352, lot LOT717261231 (has a separator been lost before 17261231?)",
            ),
            ("2112345678900", "GTIN 02112345678900 (a shop's own number)"),
            ("106141412345678908", "SSCC 106141412345678908"),
            ("A-01-03", "Bin A-01-03"),
            (
                "[)>\u{1e}06\u{1d}PABC\u{1d}Q5\u{1e}\u{4}",
                "item ABC, count 5",
            ),
            ("]A0HELLO", "Code 39: HELLO"),
            (
                "3034257BF7194E4000001A85",
                "Code: 3034257BF7194E4000001A85; as a tag SGTIN-96 (01)80614141123458(21)6789 on an item",
            ),
            (
                "urn:epc:id:sgtin:0614141.812345.6789",
                "Code: urn:epc:id:sgtin:0614141.812345.6789; as a tag SGTIN-96 (01)80614141123458(21)6789",
            ),
            (
                "urn:epc:tag:sscc-96:2.0614141.1234567890",
                "Code: urn:epc:tag:sscc-96:2.0614141.1234567890; as a tag SSCC-96 (00)106141412345678908 on a case",
            ),
            (
                "F7909506000117843624B510622FB17363F0",
                "Code: F7909506000117843624B510622FB17363F0; as a tag SGTIN+ (01)09506000117843(21)S1(10)L7(17)270131 on an item",
            ),
            ("E28011606000020A12345678", "Code: E28011606000020A12345678"),
            (
                "]C0E28011606000020A12345678",
                "Code 128: E28011606000020A12345678",
            ),
            (
                "]C18110106141416543213150110000310123196000",
                "GS1: (8110) 106141416543213150110000310123196000",
            ),
        ] {
            assert_eq!(words(line.as_bytes()), told);
        }
    }

    #[test]
    fn a_refusal_says_why_and_what_to_do() {
        assert_eq!(
            words(b"]C10109506000134351"),
            "GS1: (01): wrong check digit. Scan again."
        );
        assert_eq!(words(b""), "The label is empty. Scan again.");
        assert_eq!(
            words(b"]C105\x1b[2J"),
            "GS1: unknown part (05\u{b7}[). Scan another label."
        );
    }
}
