//! Every public vector of the tag and reader forms through `stockhand decode --json`.

use serde_json::{Map, Value};
use std::path::Path;
use stockhand::scan::{Epc, RawEpc};

/// Cases in which the peer is judged to be wrong, what the standard has instead, and where. Such a tag is still read
/// as it was meant: what follows tells the two forms apart. It is written as the standard has it.
const JUDGED: [(&str, &str, &str); 1] = [(
    "epc-p021",
    "EC3952114167890950933C94197C61DBC3665B60",
    "TDS 2.3 §14.5.13: the digits of SGCN++ stand as one number, as in appendix E.3; the peer puts them singly",
)];

/// A case: its name, what goes in, and what must come out.
pub(super) type Case = (String, Map<String, Value>, Map<String, Value>);

/// The cases of a file.
pub(super) fn cases(form: &str) -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/vectors/{form}.json"));
    let text = std::fs::read_to_string(path).expect("the vectors are there");
    let file: Value = serde_json::from_str(&text).expect("they are JSON");
    let cases = file["cases"].as_array().expect("a list of cases");
    cases
        .iter()
        .map(|case| {
            let mut case = case.as_object().expect("a case is an object").clone();
            let expect = case.remove("expect").expect("it says what must come out");
            let id = case.remove("id").expect("it has a name");
            for informative in ["source", "note"] {
                case.remove(informative);
            }
            case.insert("as".into(), form.into());
            let expect = expect.as_object().expect("an object").clone();
            (id.as_str().expect("text").to_owned(), case, expect)
        })
        .collect()
}

/// What `stockhand decode --json` answers, line by line.
fn answers(cases: &[Map<String, Value>]) -> Vec<Value> {
    let lines: Vec<String> = cases
        .iter()
        .map(|case| Value::from(case.clone()).to_string())
        .collect();
    let mut out = Vec::new();
    stockhand::diagnose::decode_json(lines.join("\n").as_bytes(), &mut out)
        .expect("memory takes all");
    let out = String::from_utf8(out).expect("JSON is UTF-8");
    out.lines()
        .map(|line| serde_json::from_str(line).expect("an answer is JSON"))
        .collect()
}

/// Error texts are the peer's own; that there is one is what counts.
fn agree(name: &str, wanted: &Value, got: Option<&Value>) -> bool {
    match (name, got) {
        ("error", got) => got.is_some_and(Value::is_string),
        (_, Some(got)) => got == wanted,
        // A field that is null may be left out.
        (_, None) => wanted.is_null(),
    }
}

/// Runs all cases of a form; the names of those that differ.
fn differences(form: &str) -> Vec<String> {
    let cases = cases(form);
    assert!(cases.len() >= 10, "{form} has cases");
    let inputs: Vec<_> = cases.iter().map(|(_, case, _)| case.clone()).collect();
    let answers = answers(&inputs);
    assert_eq!(answers.len(), cases.len(), "one answer a line");
    let mut differ = Vec::new();
    for ((id, case, expect), got) in cases.iter().zip(answers) {
        for (name, wanted) in expect {
            if !agree(name, wanted, got.get(name)) {
                eprintln!("{id} {name}: wanted {wanted}, got {got}\n  for {case:?}");
                differ.push(id.clone());
            }
        }
    }
    differ
}

fn all_agree(form: &str) {
    let differ = differences(form);
    assert!(differ.is_empty(), "{form}: {differ:?} differ");
}

#[test]
fn epc_tags_are_read_as_the_vectors_say() {
    all_agree("epc");
}

#[test]
fn every_tag_of_the_vectors_is_written_again_as_it_was_read() {
    for (id, case, expect) in cases("epc") {
        let Some(hex) = case["hex"].as_str().filter(|_| expect["ok"] == true) else {
            continue;
        };
        let raw = RawEpc::from_hex(hex).expect("hex");
        let epc = Epc::decode(&raw).expect("it is read");
        let written = epc.encode().expect("it can be written");
        let again = Epc::decode(&written).expect("it is read again");
        assert_eq!(again.elements(), epc.elements(), "{id}");
        if let Some(uri) = epc.tag_uri().map(|uri| uri.to_string()) {
            assert_eq!(Epc::from_tag_uri(&uri), Ok(epc), "{id}");
            let bits = written.to_string();
            assert!(
                bits.starts_with(hex) || hex.starts_with(&bits),
                "{id}: {bits}"
            );
        }
    }
}

#[test]
fn ssi_packets_are_read_and_answered_as_the_vectors_say() {
    all_agree("ssi");
}

#[test]
fn frames_of_rfid_readers_are_read_as_the_vectors_say() {
    for form in [
        "rfid_r200",
        "rfid_tsl",
        "rfid_thingmagic",
        "rfid_uhfreader18",
        "rfid_chainway",
        "rfid_llrp",
        "rfid_zeti",
    ] {
        all_agree(form);
    }
}

#[test]
fn where_the_peer_is_wrong_the_standard_is_written() {
    let cases = cases("epc");
    for (judged, standard, section) in JUDGED {
        let found = cases.iter().find(|(id, ..)| id == judged);
        let hex = found.and_then(|(_, case, _)| case["hex"].as_str());
        let read = |hex| RawEpc::from_hex(hex).and_then(|raw| Epc::decode(&raw));
        let peers = read(hex.expect("the case is there")).expect("it is read");
        assert_eq!(read(standard).as_ref(), Ok(&peers), "{section}");
        let written = peers.encode().expect("it can be written").to_string();
        assert!(
            standard.starts_with(&written) || written.starts_with(standard),
            "{section}"
        );
    }
}
