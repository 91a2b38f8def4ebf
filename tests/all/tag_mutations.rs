//! Tags and readers' bytes changed at random: whatever comes, nothing panics, loops or keeps more than it may.
//! The same bytes every time; with `STOCKHAND_NIGHTLY=1` a million of them for each parser.

use std::time::Duration;
use stockhand::device::rfid::{Event, Reader, built_in};
use stockhand::device::{SsiEvent, SsiHost};
use stockhand::scan::{Epc, LONGEST_EPC, LONGEST_FRAME, RawEpc, read_tag};

/// Marsaglia's xorshift: no better randomness is needed, and it is the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() % bound.max(1) as u64).expect("it is below a usize")
    }

    /// Changes, drops, doubles or adds a few bytes.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let byte = u8::try_from(self.below(256)).expect("a byte");
            match self.below(6) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = byte,
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                3 => bytes.insert(at, byte),
                4 => bytes.truncate(at),
                _ => {
                    let again = bytes[at.min(bytes.len())..].to_vec();
                    bytes.extend(again);
                }
            }
        }
        bytes.truncate(4096);
    }
}

fn rounds() -> usize {
    let nightly = std::env::var_os("STOCKHAND_NIGHTLY").is_some_and(|it| it == "1");
    if nightly { 1_000_000 } else { 5_000 }
}

/// The inputs of a form's vectors, as bytes.
fn seeds(form: &str) -> Vec<Vec<u8>> {
    let cases = super::tag_vectors::cases(form);
    let inputs = cases.iter().map(|(_, case, _)| match case.get("text") {
        Some(text) => text.as_str().expect("text").as_bytes().to_vec(),
        None => unhex(case["hex"].as_str().expect("hex")),
    });
    inputs.collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len() / 2).filter_map(|i| text.get(i * 2..i * 2 + 2));
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("hex"))
        .collect()
}

#[test]
fn no_bits_of_a_tag_are_too_strange_to_be_read_or_refused() {
    let mut dice = Dice(0x5eed);
    let mut seeds = seeds("epc");
    // A lot and a date, a moment and a country, behind an identity.
    seeds.push(unhex("F7B09506000134352624B510660010B5DB717359F000"));
    seeds.push(unhex(
        "F7B09506000134352624B580085A86F766433000E74143070451",
    ));
    let mut read = 0;
    for round in 0..rounds() {
        let mut bytes = seeds[round % seeds.len()].clone();
        dice.mutate(&mut bytes);
        bytes.truncate(LONGEST_EPC + 2);
        let Ok(raw) = RawEpc::from_bytes(&bytes) else {
            assert!(bytes.is_empty() || bytes.len() > LONGEST_EPC);
            continue;
        };
        read_tag(Some(0x3000), &raw);
        let Ok(epc) = Epc::decode(&raw) else {
            continue;
        };
        read += 1;
        // What was read can be written, and is read again as the same.
        match epc.encode().map(|raw| Epc::decode(&raw)) {
            Ok(again) => assert_eq!(again.unwrap().elements(), epc.elements(), "{raw}"),
            // Another coding of the identity may need more room than there is beside what follows.
            Err(why) => assert!(epc.more_follows(), "{raw}: {why}"),
        }
        epc.unread();
        if let Some(uri) = epc.tag_uri() {
            assert_eq!(
                Epc::from_tag_uri(&uri.to_string()).as_ref(),
                Ok(&epc),
                "{raw}"
            );
        }
        epc.digital_link();
    }
    assert!(read > rounds() / 50, "only {read} were read");
}

#[test]
fn no_uri_is_too_strange_to_be_read_or_refused() {
    let mut dice = Dice(0xface);
    let uris: Vec<Vec<u8>> = seeds("epc")
        .iter()
        .filter_map(|bytes| Epc::decode(&RawEpc::from_bytes(bytes).ok()?).ok())
        .filter_map(|epc| Some(epc.tag_uri()?.to_string().into_bytes()))
        .collect();
    for round in 0..rounds() {
        let mut bytes = uris[round % uris.len()].clone();
        dice.mutate(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(epc) = Epc::from_tag_uri(&text) {
            let raw = epc.encode().expect("it was checked when it was read");
            assert_eq!(Epc::decode(&raw), Ok(epc), "{text}");
        }
    }
}

#[test]
fn no_bytes_of_an_ssi_scanner_are_too_strange() {
    let mut dice = Dice(0x551);
    let seeds = seeds("ssi");
    let mut host = SsiHost::default();
    let mut now = Duration::ZERO;
    let mut scans = 0;
    for round in 0..rounds() {
        let mut bytes = seeds[round % seeds.len()].clone();
        if dice.below(3) > 0 {
            dice.mutate(&mut bytes);
        }
        let split = dice.below(bytes.len());
        for part in [&bytes[..split], &bytes[split..]] {
            now += Duration::from_millis(dice.roll() % 250);
            host.hear(now, part, |event| match event {
                SsiEvent::Scan { bytes, .. } => {
                    scans += 1;
                    assert!(bytes.len() <= LONGEST_FRAME);
                }
                SsiEvent::Told(packet) => assert!(packet.data.len() <= 251),
                _ => {}
            });
            host.tick(now, |_| {});
        }
        assert!(
            host.to_send().len() <= bytes.len() * 8 + 64,
            "answers are short"
        );
    }
    assert!(scans > 0);
}

#[test]
fn no_bytes_of_an_rfid_reader_are_too_strange() {
    for profile in built_in() {
        let form = match profile.name.as_str() {
            name if name.starts_with("TSL") => "rfid_tsl",
            name if name.starts_with("R200") => "rfid_r200",
            name if name.starts_with("Chainway") => "rfid_chainway",
            name if name.starts_with("ThingMagic") => "rfid_thingmagic",
            name if name.starts_with("Zebra") => "rfid_zeti",
            name if name.starts_with("UHFReader") => "rfid_uhfreader18",
            _ => "rfid_llrp",
        };
        let seeds = seeds(form);
        let mut dice = Dice(0xbeef);
        let mut reader = Reader::new(&profile);
        let mut now = Duration::ZERO;
        let (mut tags, mut events, mut fed) = (0, 0, 0);
        reader.start(now);
        for round in 0..rounds() {
            let mut bytes = seeds[round % seeds.len()].clone();
            if dice.below(3) > 0 {
                dice.mutate(&mut bytes);
            }
            let split = dice.below(bytes.len());
            for part in [&bytes[..split], &bytes[split..]] {
                fed += part.len();
                let mut count = |event| {
                    events += 1;
                    tags += usize::from(matches!(event, Event::Seen(_)));
                };
                now += Duration::from_millis(dice.roll() % 300);
                reader.hear(now, part, &mut count);
                reader.tick(now, &mut count);
                assert!(events <= fed, "{form}: no event without a byte of its own");
            }
            assert!(reader.to_send().len() <= 1024 + bytes.len(), "{form}");
        }
        assert!(tags > 0, "{form}");
    }
}

#[test]
fn no_line_is_too_strange_to_be_answered() {
    let forms = [
        "epc",
        "ssi",
        "rfid_r200",
        "rfid_tsl",
        "rfid_thingmagic",
        "rfid_uhfreader18",
        "rfid_chainway",
        "rfid_llrp",
        "rfid_zeti",
    ];
    let mut dice = Dice(0xd1ce);
    for form in forms {
        let seeds = seeds(form);
        let mut lines = String::new();
        for round in 0..rounds() / 10 {
            let mut bytes = seeds[round % seeds.len()].clone();
            dice.mutate(&mut bytes);
            let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            let text = String::from_utf8_lossy(&bytes);
            let op = ["session", "stream", ""][dice.below(3)];
            let line = serde_json::json!({ "as": form, "hex": hex, "text": text, "op": op });
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        let mut out = Vec::new();
        stockhand::diagnose::decode_json(lines.as_bytes(), &mut out).expect("memory takes all");
        let answers = String::from_utf8(out).expect("JSON is UTF-8");
        assert_eq!(answers.lines().count(), rounds() / 10, "{form}");
        for answer in answers.lines() {
            let answer: serde_json::Value = serde_json::from_str(answer).expect("JSON");
            assert!(answer["ok"].is_boolean(), "{answer}");
        }
    }
}
