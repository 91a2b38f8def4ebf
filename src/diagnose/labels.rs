//! What labels say: barcodes in every form that scanners send.

use serde_json::{Map, Value};

/// The answer to a case of one of the label forms; none if the form is not one of them.
pub(super) fn answer(_form: &str, _case: &Map<String, Value>) -> Option<Value> {
    None
}

/// What a scanner sent, in words.
pub(super) fn words(line: &[u8]) -> String {
    let frame = crate::scan::Frame {
        source: crate::scan::Source::Scanner,
        port: "input".into(),
        bytes: line.to_vec(),
    };
    match crate::scan::read(&frame, &crate::scan::Labels::default()) {
        Ok(scan) => format!("{:?}", crate::flow::Said::of(&scan)),
        Err(why) => why.to_string(),
    }
}
