//! Whatever bytes come, no reader of labels panics, loops, or answers with what a terminal would obey.
//! Good scans are taken and spoiled at random, the same way in every run; `STOCKHAND_NIGHTLY=1` does it a million times each.

use stockhand::diagnose::{decode_json, decode_words};
use stockhand::scan::aim::Aim;
use stockhand::scan::gs1::{Rules, from_brackets};
use stockhand::scan::{Frame, Labels, LineFramer, LineRules, Source, Substitutes};
use stockhand::scan::{digital_link, envelope, gs1, hibc, read};
use stockhand::warehouse::is_plain;

const SEEDS: &[&str] = &[
    "]C101095060001343521726123110LOT7\u{1d}21S1",
    "]d2001061414123456789080209506000134352\u{33}724",
    "]J18006812761403538172586\u{1d}2072",
    "]Q38018889559037339783849\u{1d}7253oCIfo%20:80\u{1d}7258\u{31}/2",
    "]e0011234567890123139321978123\u{1d}4309\u{30}279085848\u{33}015297971",
    "]E09506000134352|]e0811001234561234561111012332612314260101",
    "https://id.gs1.org/01/09506000134352/10/A%2FB/21/7?17=261231&linkType=all#x",
    "https://id.gs1.org/GlKPPEz3CRLiGvYOYb6ImzS2mckAMXQPQ0Farqk",
    "[)>\u{1e}06\u{1d}PABC-123\u{1d}Q24\u{1d}14D20261231\u{1e}05\u{1d}0109506000134352\u{1e}\u{4}",
    "+A99912345/$$3261231L7/S77/16D20260131/Q24Z",
    "+$$82431226L1XK",
    "(01)09506000134352(10)A\\(1)(21)x",
    "106141412345678908",
    "04252614",
    "A-01-03",
    "stockhand:1:abc",
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end as u64)).expect("it is below a usize")
    }

    /// A good scan, spoiled in one to eight places.
    fn scan(&mut self) -> Vec<u8> {
        let mut bytes = SEEDS[self.below(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..=self.below(8) {
            self.spoil(&mut bytes);
        }
        bytes
    }

    fn spoil(&mut self, bytes: &mut Vec<u8>) {
        const SHARP: &[u8] =
            b"\x00\x04\x1b\x1c\x1d\x1e\x7f\x80\x9b\xc3\xe2\xff]()%/?&=+$0159ACZ^\\|";
        let at = self.below(bytes.len() + 1);
        match self.below(6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, SHARP[self.below(SHARP.len())]),
            2 if at < bytes.len() => drop(bytes.remove(at)),
            3 if at < bytes.len() => bytes[at] = SHARP[self.below(SHARP.len())],
            4 if at < bytes.len() => {
                bytes[at] = u8::try_from(self.below(256)).expect("it is a byte");
            }
            _ => {
                let other = SEEDS[self.below(SEEDS.len())].as_bytes();
                bytes.extend_from_slice(&other[self.below(other.len())..]);
            }
        }
    }
}

fn times(few: usize) -> usize {
    if std::env::var_os("STOCKHAND_NIGHTLY").is_some() {
        1_000_000
    } else {
        few
    }
}

fn spoiled(few: usize, mut read: impl FnMut(&[u8])) {
    let mut dice = Dice(0x5eed_1abe_15ba_d001);
    for _ in 0..times(few) {
        read(&dice.scan());
    }
}

#[test]
fn element_strings_hold() {
    spoiled(20_000, |scan| {
        let data = Aim::parse(scan).map_or(scan, |aim| aim.data);
        for rules in [Rules::STRICT, Rules::FLOOR] {
            match gs1::parse(data, rules) {
                Ok(elements) => {
                    let pairs = elements
                        .iter()
                        .map(|element| (element.entry.ai, element.value));
                    let written = gs1::bracketed(pairs.clone());
                    let again = from_brackets(&written).expect("what is good is good in brackets");
                    assert!(
                        again
                            .iter()
                            .map(|(entry, value)| (entry.ai, value.as_str()))
                            .eq(pairs)
                    );
                }
                Err(fault) => assert!(fault.to_string().chars().all(is_plain)),
            }
        }
    });
}

#[test]
fn links_hold_and_their_canonical_form_says_the_same() {
    spoiled(10_000, |scan| {
        let text = String::from_utf8_lossy(scan);
        for link in [
            digital_link::parse(&text, Rules::FLOOR),
            digital_link::decompress(&text, Rules::FLOOR),
        ] {
            let Ok(link) = link else { continue };
            let Ok(uri) = digital_link::generate(&link.pairs, digital_link::CANONICAL_STEM) else {
                continue;
            };
            let again = digital_link::parse(&uri, Rules::FLOOR).expect("what was written is read");
            let mut said = [link.pairs, again.pairs].map(|pairs| {
                pairs
                    .into_iter()
                    .map(|(entry, value)| (entry.ai, value))
                    .collect::<Vec<_>>()
            });
            said.iter_mut().for_each(|pairs| pairs.sort());
            said.iter_mut().for_each(Vec::dedup);
            assert_eq!(said[0], said[1], "{text}");
        }
    });
}

#[test]
fn envelopes_and_health_labels_hold() {
    spoiled(20_000, |scan| {
        if let Ok(envelope) = envelope::parse(scan) {
            assert!(envelope.formats.len() <= scan.len());
        }
        let text: String = scan.iter().map(|&byte| char::from(byte)).collect();
        if let Ok(label) = hibc::parse(&text, 2026) {
            assert!(text.ends_with(label.check));
        }
    });
}

#[test]
fn whole_scans_hold_and_say_only_what_can_be_shown() {
    let strict = Labels::default();
    let loose = Labels {
        substitutes: Substitutes {
            gs: vec!["|".to_owned(), "^]".to_owned()],
            force_gs1: true,
            ..Substitutes::default()
        },
        ..Labels::default()
    };
    spoiled(20_000, |scan| {
        let frame = Frame {
            source: Source::Scanner,
            port: "test".into(),
            bytes: scan.to_vec(),
        };
        for labels in [&strict, &loose] {
            let said = match read(&frame, labels) {
                Ok(scan) => stockhand::flow::Said::of(&scan).text,
                Err(why) => why.to_string(),
            };
            assert!(said.chars().all(is_plain), "{said:?}");
        }
    });
}

#[test]
fn framers_hold_whatever_is_cut_where() {
    let mut dice = Dice(77);
    let rules = LineRules {
        prefix: b"]C1".to_vec(),
        suffix: b"\\n".to_vec(),
        max_len: Some(64),
        ..LineRules::default()
    };
    let mut framer = LineFramer::new(rules);
    spoiled(20_000, |scan| {
        let at = dice.below(scan.len() + 1);
        framer.push(&scan[..at], |_| {});
        framer.push(&scan[at..], |_| {});
        framer.push(b"\r", |_| {});
        assert!(framer.pending().len() <= 64);
    });
}

#[test]
fn every_line_has_its_answer() {
    const FORMS: [&str; 7] = [
        "gs1_element_strings",
        "gs1_digital_link",
        "gs1_dl_compressed",
        "retail_keys",
        "aim_ids",
        "non_gs1",
        "line_mode",
    ];
    const OPS: [&str; 6] = ["parse", "generate", "decompress", "gtin", "upc", "sscc"];
    let mut dice = Dice(99);
    spoiled(5_000, |scan| {
        let text: String = scan.iter().map(|&byte| char::from(byte)).collect();
        let op = OPS[dice.below(OPS.len())];
        let case = serde_json::json!({
            "as": FORMS[dice.below(FORMS.len())],
            "op": op,
            "scan": text, "uri": text, "bracketed": text, "compressed": text, "value": text, "stem": text,
            "chunks_hex": ["0D", text], "config": { "terminator": "auto" },
        });
        let mut output = Vec::new();
        decode_json(format!("{case}\n").as_bytes(), &mut output).expect("bytes take all");
        assert!(serde_json::from_slice::<serde_json::Value>(&output).is_ok());
        let mut output = Vec::new();
        let line: Vec<u8> = scan.iter().copied().filter(|&byte| byte != b'\n').collect();
        decode_words(&line[..], &mut output).expect("bytes take all");
        let sentence = String::from_utf8(output).expect("sentences are UTF-8");
        assert!(
            sentence.trim_end_matches('\n').chars().all(is_plain),
            "{sentence:?}"
        );
    });
}
