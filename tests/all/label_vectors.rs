//! Every test vector for labels, through the same door as `stockhand decode --json`.

use serde_json::{Map, Value};
use std::fmt::Write;
use stockhand::diagnose::decode_json;

/// Where we and the peer that made a vector differ, and who is right.
struct Difference {
    form: &'static str,
    /// The input that the vector asks about.
    input: &'static str,
    why: &'static str,
}

/// Judged one by one.
// GS1 General Specifications §4.14.2 lists the mandatory associations; the dictionary is their machine-readable form.
const DIFFERENCES: &[Difference] = &[
    Difference {
        form: "gs1_element_strings",
        input: "]J10328328844912591251Y9q56HBSGNCJmP?'J2O22NCIeCEg-F",
        why: "the dictionary's row 251 (req=01,03,8006) takes a made-to-order item as well; the peer's built-in table is older",
    },
    Difference {
        form: "gs1_element_strings",
        input: "]J10337927513832888425752276",
        why: "the dictionary's row 425 (req=01,02,03) takes a made-to-order item as well; the peer's built-in table is older",
    },
    Difference {
        form: "gs1_element_strings",
        input: "]d2416817794364408903083354204242077020l6/50FBD4Sb0JrFHGH3",
        why: "the dictionary's row 7020 (req=01+416,03+416,8006+416) is met by 03 and 416; the peer's built-in table is older",
    },
    Difference {
        form: "gs1_element_strings",
        input: "]d2033417647185367880083403271631",
        why: "the dictionary's row 8008 (req=01,02,03) takes a made-to-order item as well; the peer's built-in table is older",
    },
    Difference {
        form: "gs1_element_strings",
        input: "]d20334176471853678\u{1d}80083403271631",
        why: "the dictionary's row 8008 (req=01,02,03) takes a made-to-order item as well; the peer's built-in table is older",
    },
];

fn cases(form: &str, file: &str) -> Vec<Map<String, Value>> {
    let file: Value = serde_json::from_str(file).unwrap_or_else(|why| panic!("{form}: {why}"));
    let cases = file["cases"]
        .as_array()
        .unwrap_or_else(|| panic!("{form} has no cases"));
    cases
        .iter()
        .map(|case| case.as_object().expect("a case is an object").clone())
        .collect()
}

/// The case as it is asked: without what is expected and where it comes from.
fn asked(form: &str, case: &Map<String, Value>, requisites: bool) -> Value {
    let about =
        |field: &str| field.starts_with("expect") || matches!(field, "source" | "note" | "id");
    let mut asked: Map<String, Value> = case
        .iter()
        .filter(|(field, _)| !about(field))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect();
    asked.insert("as".to_owned(), form.into());
    if !requisites {
        asked.insert("requisites".to_owned(), false.into());
    }
    asked.into()
}

fn answers(questions: &[Value]) -> Vec<Value> {
    let mut input = String::new();
    for question in questions {
        writeln!(input, "{question}").expect("a string takes all");
    }
    let mut output = Vec::new();
    decode_json(input.as_bytes(), &mut output).expect("bytes take all");
    let output = String::from_utf8(output).expect("JSON is UTF-8");
    output
        .lines()
        .map(|line| serde_json::from_str(line).expect("answers are JSON"))
        .collect()
}

/// Every expected field is there and equal, but for error texts and what only the peer's own tables know.
fn agrees(expected: &Value, answer: &Value) -> bool {
    let only_the_peer = |field: &str| matches!(field, "error" | "company_prefix");
    let expected = expected.as_object().expect("what is expected is an object");
    let kind = expected.get("kind").is_some();
    expected
        .iter()
        .filter(|(field, _)| kind || !only_the_peer(field))
        .all(|(field, value)| answer.get(field) == Some(value))
}

fn input(case: &Map<String, Value>) -> &str {
    ["scan", "uri", "bracketed", "value", "compressed"]
        .iter()
        .find_map(|field| case.get(*field)?.as_str())
        .unwrap_or_default()
}

fn all_agree(form: &str, file: &str) {
    let cases = cases(form, file);
    let mut expected = Vec::new();
    let mut questions = Vec::new();
    for case in &cases {
        expected.push((case, &case["expect"]));
        questions.push(asked(form, case, true));
        if let Some(without) = case.get("expect_without_requisite_check") {
            expected.push((case, without));
            questions.push(asked(form, case, false));
        }
    }
    let answers = answers(&questions);
    assert_eq!(
        answers.len(),
        questions.len(),
        "a question without an answer"
    );
    let mut wrong = String::new();
    for ((case, expected), answer) in expected.iter().zip(&answers) {
        // Without requisites there is nothing to differ about.
        let judged = case["expect"] == **expected
            && DIFFERENCES
                .iter()
                .any(|known| known.form == form && known.input == input(case));
        if agrees(expected, answer) == judged {
            writeln!(
                wrong,
                "{:?}\n  wanted {expected}\n  got    {answer}",
                input(case)
            )
            .expect("a string takes all");
        }
    }
    assert!(wrong.is_empty(), "{form}:\n{wrong}");
}

macro_rules! vectors {
    ($($test:ident $form:literal)*) => {$(
        #[test]
        fn $test() {
            all_agree($form, include_str!(concat!("../vectors/", $form, ".json")));
        }
    )*};
}

vectors! {
    element_strings_agree "gs1_element_strings"
    digital_links_agree "gs1_digital_link"
    compressed_links_agree "gs1_dl_compressed"
    retail_keys_agree "retail_keys"
    aim_identifiers_agree "aim_ids"
    envelopes_and_health_labels_agree "non_gs1"
    lines_agree "line_mode"
}

#[test]
fn every_difference_has_its_reason() {
    for difference in DIFFERENCES {
        assert!(
            difference.why.contains('§') || difference.why.contains("dictionary"),
            "{}",
            difference.input
        );
    }
}

#[test]
fn one_bad_line_never_stops_the_rest() {
    let mut output = Vec::new();
    let input = b"{\"as\":\"aim_ids\",\"scan\":\"]C1x\"}\nnot json\n[1]\n{\"as\":7}\n{\"as\":\"aim_ids\"}\n";
    decode_json(&input[..], &mut output).expect("bytes take all");
    assert_eq!(String::from_utf8_lossy(&output).lines().count(), 5);
}
