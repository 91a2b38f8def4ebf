//! What a worker can read of tags, and of what scanners and readers sent as it came.

use super::{said, serial};
use crate::flow::Said;
use crate::handheld::{Count, Counted, Framing, Heard, Model, PortNews, Spotted};
use crate::scan::{LineEnd, Packing, Scan, Signal, Tag};
use crate::warehouse::{Area, Quantity, SafeText, SerialCode};
use std::cmp::Ordering;

/// How many tags were read, and what stands in the way of more.
pub(in crate::screen) fn tags_read(model: &Model, count: usize, is_full: bool) -> String {
    let lost = model
        .ports
        .iter()
        .find(|port| port.is_reader && port.open_on.is_none());
    match lost {
        Some(reader) => format!("{} not there: {}", reader.name, reader.why),
        None if is_full => format!("Tags: {count}, more not read. Go closer."),
        None if count == 0 => "Reading tags …".to_owned(),
        None => format!("Tags read: {count}"),
    }
}

/// What the keys do while counting.
pub(in crate::screen) fn count_keys(count: &Count) -> Vec<(&'static str, String)> {
    let word = |text: &str| text.to_owned();
    let Some(of) = &count.of else {
        return vec![("Enter", word("Use")), ("Esc", word("Menu"))];
    };
    let mut keys = vec![("Enter", word("Record")), ("Esc", word("Back"))];
    // Where there is room for one of the two only, it is the one that decides the count.
    let rows = count.rows();
    if rows.iter().any(|row| row.beside) {
        keys.push(("F3", word("Within")));
    } else if rows.iter().any(|row| row.levels.is_mixed()) {
        keys.push(("F3", word("Beside")));
    }
    if matches!(of.area, Area::Bin(_)) {
        keys.push(("F2", format!("Zone {}", of.zone)));
    }
    keys
}

/// What is counted.
pub(in crate::screen) fn area(area: &Area) -> String {
    match area {
        Area::Bin(bin) => bin.to_string(),
        Area::Zone(zone) => format!("Zone {zone}"),
    }
}

/// The sizes of package that were seen of an item, and whether they were counted beside or within each other.
pub(in crate::screen) fn sizes(row: &Counted) -> String {
    let times = |(size, units): (Quantity, Quantity)| {
        let tags = units.thousandths() / size.thousandths().max(1);
        format!("{tags}x{size}")
    };
    let sizes: Vec<String> = row.levels.sizes().map(times).collect();
    sizes.join(if row.beside { " + " } else { " in " })
}

/// What was seen against the book.
pub(in crate::screen) fn against_book(seen: Quantity, book: Quantity) -> String {
    match seen.cmp(&book) {
        Ordering::Less => format!("{seen}, book {book}: -{}", book.minus(seen)),
        Ordering::Greater => format!("{seen}, book {book}: +{}", seen.minus(book)),
        Ordering::Equal => format!("{seen}, as the book"),
    }
}

pub(in crate::screen) fn unknown_tags(count: usize) -> String {
    format!("! Not known: {count}")
}

/// Why no tag of what is looked for is heard.
pub(in crate::screen) fn tags_missing(model: &Model) -> String {
    let lost = model
        .ports
        .iter()
        .find(|port| port.is_reader && port.open_on.is_none());
    lost.map_or_else(
        || "Not heard. Walk on and sweep the reader.".to_owned(),
        |reader| format!("{} not there: {}", reader.name, reader.why),
    )
}

/// How strongly a tag is heard.
pub(in crate::screen) fn strength(signal: Option<Signal>) -> String {
    match signal {
        Some(Signal::Tenths(tenths)) => format!("{} dBm", tenths / 10),
        Some(Signal::Raw(raw)) => format!("Strength {raw} of 255"),
        None => "Heard. This reader tells no strength.".to_owned(),
    }
}

/// A tag: its serial, or its bits.
pub(in crate::screen) fn tag(tag: &Tag) -> String {
    match tag.scan() {
        Scan::Goods(label) if label.serial.is_some() => {
            label.serial.map_or_else(String::new, |it| serial(&it))
        }
        _ => format!("tag {}", tag.epc),
    }
}

/// What was seen of something expected.
pub(in crate::screen) fn seen_of(seen: Quantity, wanted: Quantity) -> String {
    let text = format!("{seen} of {wanted}");
    match seen.cmp(&wanted) {
        Ordering::Less => format!("{text}, {} missing", wanted.minus(seen)),
        Ordering::Greater => format!("{text}, {} too many", seen.minus(wanted)),
        Ordering::Equal => format!("{text}, all seen"),
    }
}

/// Tags of cases and of the units in them, of which one counts.
pub(in crate::screen) fn nested(tags: usize) -> String {
    format!("({tags} more: in cases)")
}

pub(in crate::screen) const fn plate_seen(seen: bool) -> &'static str {
    if seen {
        "Pallet tag seen"
    } else {
        "Pallet tag not seen"
    }
}

pub(in crate::screen) fn missing(serial: &SerialCode) -> String {
    format!("- {serial} missing")
}

pub(in crate::screen) fn unexpected(count: usize) -> String {
    format!("! Not wanted: {count}")
}

/// A tag that is not expected: by its item's name, else by what it is.
pub(in crate::screen) fn stray(spotted: &Spotted, name: Option<&SafeText>) -> String {
    let on = match spotted.packing {
        Some(Packing::Case) => "case ",
        Some(Packing::UnitLoad) => "pallet ",
        Some(Packing::Inner) => "pack ",
        Some(Packing::Item | Packing::Component) | None => "",
    };
    match (name, &spotted.scan) {
        (Some(name), _) => format!("{on}{name}"),
        (None, Scan::Code(hex)) => format!("tag {hex}"),
        (None, Scan::Plate(sscc)) => format!("{on}{sscc}"),
        (None, scan) => format!("{on}{}", said(&Said::of(scan))),
    }
}

/// Which port a scan came from, and what cut it out of the bytes there.
pub(in crate::screen) fn heard_by(heard: &Heard, from: Option<&PortNews>) -> String {
    let port = &heard.port;
    match from.map(|from| from.cut) {
        Some(Framing::Line(end)) => format!("{port}, {}", line_end(end)),
        Some(Framing::Ssi) => format!("{port}, SSI packet"),
        Some(Framing::Reader) => format!("{port}, its own frame"),
        None if port.is_empty() => "tag".to_owned(),
        None => port.to_string(),
    }
}

const fn line_end(end: LineEnd) -> &'static str {
    match end {
        LineEnd::Auto => "to CR or LF",
        LineEnd::Cr => "to CR",
        LineEnd::Lf => "to LF",
        LineEnd::Crlf => "to CR LF",
        LineEnd::Tab => "to a tab",
        LineEnd::Etx => "to ETX",
        LineEnd::Idle => "to a pause",
    }
}

/// All that a scan says.
pub(in crate::screen) fn scan(scan: &Scan) -> String {
    let Scan::Goods(label) = scan else {
        return said(&Said::of(scan));
    };
    let count = label.count.map(|count| format!("count {count}"));
    let parts = [
        label.gtin.map(|gtin| format!("goods {gtin}")),
        label.code.as_ref().map(|code| format!("goods {code}")),
        label.lot.as_ref().map(|lot| format!("lot {lot}")),
        label
            .serial
            .as_ref()
            .map(|serial| format!("serial {serial}")),
        label.expiry.map(|day| format!("use by {day}")),
        label.best_before.map(|day| format!("best before {day}")),
        label.produced.map(|day| format!("made {day}")),
        count,
        label.weight_g.map(|grams| format!("{grams} g")),
        label.plate.map(|plate| format!("on pallet {plate}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
