//! What a worker can read of tags, and of what scanners and readers sent as it came.

use super::{said, serial};
use crate::flow::Said;
use crate::handheld::{Count, Counted, Framing, Heard, Model, PortNews, Spotted};
use crate::scan::{LineEnd, Packing, Scan, Signal, Tag};
use crate::screen::speech::{say, tr};
use crate::warehouse::{Area, Quantity, SafeText, SerialCode, Sscc};
use std::cmp::Ordering;

/// How many tags were read, and what stands in the way of more.
pub(in crate::screen) fn tags_read(model: &Model, count: usize, is_full: bool) -> String {
    let lost = model
        .ports
        .iter()
        .find(|port| port.is_reader && port.open_on.is_none());
    match lost {
        Some(reader) => say!(
            "{name} not there: {why}",
            name = reader.name,
            why = reader.why
        ),
        None if is_full => say!("Tags: {count}, more not read. Go closer.", count),
        None if count == 0 => say!("Reading tags …"),
        None => say!("Tags read: {count}", count),
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
        keys.push(("F2", say!("Zone {zone}", zone = of.zone)));
    }
    keys
}

/// What is counted.
pub(in crate::screen) fn area(area: &Area) -> String {
    match area {
        Area::Bin(bin) => bin.to_string(),
        Area::Zone(zone) => say!("Zone {zone}", zone),
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
        Ordering::Less => say!(
            "{seen}, book {book}: -{minus}",
            seen,
            book,
            minus = book.minus(seen)
        ),
        Ordering::Greater => say!(
            "{seen}, book {book}: +{minus}",
            seen,
            book,
            minus = seen.minus(book)
        ),
        Ordering::Equal => say!("{seen}, as the book", seen),
    }
}

pub(in crate::screen) fn unknown_tags(count: usize) -> String {
    say!("! Not known: {count}", count)
}

/// Why no tag of what is looked for is heard.
pub(in crate::screen) fn tags_missing(model: &Model) -> String {
    let lost = model
        .ports
        .iter()
        .find(|port| port.is_reader && port.open_on.is_none());
    lost.map_or_else(
        || say!("Not heard. Walk on and sweep the reader."),
        |reader| {
            say!(
                "{name} not there: {why}",
                name = reader.name,
                why = reader.why
            )
        },
    )
}

/// How strongly a tag is heard.
pub(in crate::screen) fn strength(signal: Option<Signal>) -> String {
    match signal {
        Some(Signal::Tenths(tenths)) => say!("{tenths} dBm", tenths = tenths / 10),
        Some(Signal::Raw(raw)) => say!("Strength {raw} of 255", raw),
        None => say!("Heard. This reader tells no strength."),
    }
}

/// A tag: its serial, or its bits.
pub(in crate::screen) fn tag(tag: &Tag) -> String {
    match tag.scan() {
        Scan::Goods(label) if label.serial.is_some() => {
            label.serial.map_or_else(String::new, |it| serial(&it))
        }
        _ => say!("tag {epc}", epc = tag.epc),
    }
}

/// What was seen of something expected.
pub(in crate::screen) fn seen_of(seen: Quantity, wanted: Quantity) -> String {
    let text = say!("{seen} of {wanted}", seen, wanted);
    match seen.cmp(&wanted) {
        Ordering::Less => say!("{text}, {minus} missing", text, minus = wanted.minus(seen)),
        Ordering::Greater => say!("{text}, {minus} too many", text, minus = seen.minus(wanted)),
        Ordering::Equal => say!("{text}, all seen", text),
    }
}

/// Tags of cases and of the units in them, of which one counts.
pub(in crate::screen) fn nested(tags: usize) -> String {
    say!("({tags} more: in cases)", tags)
}

pub(in crate::screen) fn plate_seen(seen: bool) -> &'static str {
    tr(if seen {
        "Pallet tag seen"
    } else {
        "Pallet tag not seen"
    })
}

pub(in crate::screen) fn missing(serial: &SerialCode) -> String {
    say!("- {serial} missing", serial)
}

/// Tags of what is in already.
pub(in crate::screen) fn in_already(tags: usize) -> String {
    say!("In already: {tags}", tags)
}

/// Whether the tag of an announced pallet was heard.
pub(in crate::screen) fn pallet_heard(plate: Sscc, heard: bool) -> String {
    let plate = super::tail(plate);
    if heard {
        say!("{plate} seen", plate)
    } else {
        say!("{plate} not seen", plate)
    }
}

/// So much stands on a pallet by its notice.
pub(in crate::screen) fn as_announced(quantity: Quantity) -> String {
    say!("{quantity} as announced", quantity)
}

/// Whose cartons are loaded by their tags.
pub(in crate::screen) fn stop_by_tags(stop: u32) -> String {
    say!("Load for stop {stop}:", stop)
}

/// How many cartons of how many were heard.
pub(in crate::screen) fn cartons_seen(seen: usize, all: usize) -> String {
    let quantity = |count| Quantity::units(u32::try_from(count).unwrap_or(u32::MAX));
    seen_of(quantity(seen), quantity(all))
}

pub(in crate::screen) fn carton_missing(plate: Sscc) -> String {
    say!("- {serial} missing", serial = super::tail(plate))
}

pub(in crate::screen) fn unexpected(count: usize) -> String {
    say!("! Not wanted: {count}", count)
}

/// A tag that is not expected: by its item's name, else by what it is.
pub(in crate::screen) fn stray(spotted: &Spotted, name: Option<&SafeText>) -> String {
    let on = tr(match spotted.packing {
        Some(Packing::Case) => "case ",
        Some(Packing::UnitLoad) => "pallet ",
        Some(Packing::Inner) => "pack ",
        Some(Packing::Item | Packing::Component) | None => "",
    });
    match (name, &spotted.scan) {
        (Some(name), _) => format!("{on}{name}"),
        (None, Scan::Code(hex)) => say!("tag {hex}", hex),
        (None, Scan::Plate(sscc)) => format!("{on}{}", super::tail(*sscc)),
        (None, scan) => format!("{on}{}", said(&Said::of(scan))),
    }
}

/// Which port a scan came from, and what cut it out of the bytes there.
pub(in crate::screen) fn heard_by(heard: &Heard, from: Option<&PortNews>) -> String {
    let port = &heard.port;
    match from.map(|from| from.cut) {
        Some(Framing::Line(end)) => format!("{port}, {}", line_end(end)),
        Some(Framing::Ssi) => say!("{port}, SSI packet", port),
        Some(Framing::Reader) => say!("{port}, its own frame", port),
        None if port.is_empty() => say!("tag"),
        None => port.to_string(),
    }
}

fn line_end(end: LineEnd) -> &'static str {
    tr(match end {
        LineEnd::Auto => "to CR or LF",
        LineEnd::Cr => "to CR",
        LineEnd::Lf => "to LF",
        LineEnd::Crlf => "to CR LF",
        LineEnd::Tab => "to a tab",
        LineEnd::Etx => "to ETX",
        LineEnd::Idle => "to a pause",
    })
}

/// All that a scan says.
pub(in crate::screen) fn scan(scan: &Scan) -> String {
    let Scan::Goods(label) = scan else {
        return said(&Said::of(scan));
    };
    let count = label.count.map(|count| say!("count {count}", count));
    let parts = [
        label.gtin.map(|gtin| say!("goods {gtin}", gtin)),
        label.code.as_ref().map(|code| say!("goods {code}", code)),
        label.lot.as_ref().map(|lot| say!("lot {lot}", lot)),
        label
            .serial
            .as_ref()
            .map(|serial| say!("serial {serial}", serial)),
        label.expiry.map(|day| say!("use by {day}", day)),
        label.best_before.map(|day| say!("best before {day}", day)),
        label.produced.map(|day| say!("made {day}", day)),
        count,
        label.weight_g.map(|grams| format!("{grams} g")),
        label.plate.map(|plate| say!("on pallet {plate}", plate)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
