//! Orders as other systems send them: one table of forms, from which reading and the `OpenAPI` document are made.
//! Their fields are the columns of the import sheets.

use super::Field;
use super::Kind::{self, Int, Maybe, MaybeInt, Quantity, Text};
use crate::office::import::BadRow;
use crate::office::import::one::OrderRows;
use crate::warehouse::SafeText;
use serde_json::{Map, Value};

/// Most lines of one order.
pub const MOST_LINES: usize = 1000;
/// Most faults that are told at once.
const MOST_FAULTS: usize = 50;

/// How an order of a kind is written.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// What `kind` says.
    pub kind: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    sheet: &'static str,
    /// The fields of the order itself, beside `kind` and `lines`.
    pub head: &'static [Field],
    /// The fields of each of its lines.
    pub line: &'static [Field],
}

/// What is wrong with a field, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, as a JSON pointer (RFC 6901) in a fragment: `#/lines/0/item`.
    pub pointer: String,
    /// Why.
    pub detail: String,
}

const RECEIPT: &[Field] = &[
    Field("warehouse", Text),
    Field("order", Text),
    Field("supplier", Text),
    Field("priority", MaybeInt),
    Field("due", Maybe),
    Field("bin", Maybe),
    Field("over_percent", MaybeInt),
    Field("least_days", MaybeInt),
];

/// All forms.
pub const FORMS: &[Form] = &[
    Form {
        kind: "sales",
        about: "What a customer wants.",
        sheet: "orders.csv",
        head: &[
            Field("warehouse", Text),
            Field("order", Text),
            Field("customer", Text),
            Field("priority", MaybeInt),
            Field("due", Maybe),
            Field("bench", Maybe),
        ],
        line: &[
            Field("line", Int),
            Field("item", Text),
            Field("lot", Maybe),
            Field("quantity", Quantity),
        ],
    },
    Form {
        kind: "transfer",
        about: "What goes to another warehouse of ours: `to` is its code.",
        sheet: "transfers.csv",
        head: &[
            Field("warehouse", Text),
            Field("order", Text),
            Field("to", Text),
            Field("priority", MaybeInt),
            Field("due", Maybe),
            Field("bench", Maybe),
        ],
        line: &[
            Field("line", Int),
            Field("item", Text),
            Field("lot", Maybe),
            Field("quantity", Quantity),
        ],
    },
    Form {
        kind: "purchase",
        about: "What was ordered of a supplier.",
        sheet: "receipts.csv",
        head: RECEIPT,
        line: &[
            Field("line", Int),
            Field("item", Text),
            Field("lot", Maybe),
            Field("serial", Maybe),
            Field("expiry", Maybe),
            Field("quantity", Quantity),
        ],
    },
    Form {
        kind: "notice",
        about: "What a supplier says is on its way, on which license plates (SSCC).",
        sheet: "receipts.csv",
        head: RECEIPT,
        line: &[
            Field("line", Int),
            Field("item", Text),
            Field("lot", Maybe),
            Field("serial", Maybe),
            Field("expiry", Maybe),
            Field("plate", Text),
            Field("quantity", Quantity),
        ],
    },
];

/// An order that has the form of its kind; whether it holds is not known yet.
pub(super) struct Sent {
    pub form: &'static Form,
    pub rows: OrderRows,
}

impl Sent {
    /// The warehouse as it was written.
    pub fn warehouse(&self) -> &str {
        self.rows.rows[0].first().map_or("", String::as_str)
    }

    /// Faults that the checks of the sheets found, at the fields they speak of.
    pub fn faults(&self, bad: &[BadRow]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for bad in bad {
            let detail = bad.reason.clone();
            let pointer = self.pointer(bad);
            let fault = Fault { pointer, detail };
            // What is wrong with the order itself is found again with each line.
            if !faults.contains(&fault) && faults.len() < MOST_FAULTS {
                faults.push(fault);
            }
        }
        faults
    }

    /// The first field that a reason names is the one it speaks of.
    fn pointer(&self, bad: &BadRow) -> String {
        let at = bad.line.saturating_sub(1);
        let named = |word: &str| {
            let word = if word == "bin" && matches!(self.form.kind, "sales" | "transfer") {
                "bench"
            } else {
                word
            };
            let is_it = |field: &&Field| field.0 == word;
            let of_head = self.form.head.iter().find(is_it);
            let of_line = self.form.line.iter().find(is_it);
            of_head
                .map(|field| format!("#/{}", field.0))
                .or_else(|| of_line.map(|field| format!("#/lines/{at}/{}", field.0)))
        };
        let found = bad.reason.split_whitespace().find_map(named);
        found.unwrap_or_else(|| format!("#/lines/{at}"))
    }
}

fn fault<T>(pointer: impl Into<String>, detail: impl Into<String>) -> Result<T, Fault> {
    Err(Fault {
        pointer: pointer.into(),
        detail: detail.into(),
    })
}

/// Reads an order off its JSON. Error: the first field that has not the form of its kind.
pub(super) fn read(value: &Value) -> Result<Sent, Fault> {
    let Value::Object(order) = value else {
        return fault("#", "an order is a JSON object");
    };
    let form = FORMS
        .iter()
        .find(|form| order.get("kind").and_then(Value::as_str) == Some(form.kind));
    let Some(form) = form else {
        return fault("#/kind", "kind is one of sales, purchase, notice");
    };
    let lines = match order.get("lines") {
        Some(Value::Array(lines)) if (1..=MOST_LINES).contains(&lines.len()) => lines,
        _ => return fault("#/lines", format!("lines is a list of 1 to {MOST_LINES}")),
    };
    let head = cells(order, form.head, &["kind", "lines"], "#")?;
    let mut rows = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let pointer = format!("#/lines/{at}");
        let Value::Object(line) = line else {
            return fault(pointer, "a line is a JSON object");
        };
        let line = cells(line, form.line, &[], &pointer)?;
        rows.push(head.iter().cloned().chain(line).collect());
    }
    let names = form.head.iter().chain(form.line).map(|field| field.0);
    let rows = OrderRows {
        sheet: form.sheet,
        head: names.collect(),
        rows,
    };
    Ok(Sent { form, rows })
}

/// The cells of an object in the order of the fields; it must have no others.
fn cells(
    object: &Map<String, Value>,
    fields: &[Field],
    others: &[&str],
    within: &str,
) -> Result<Vec<String>, Fault> {
    let known = |name: &str| others.contains(&name) || fields.iter().any(|field| field.0 == name);
    if let Some(name) = object.keys().find(|name| !known(name)) {
        let all: Vec<&str> = others
            .iter()
            .copied()
            .chain(fields.iter().map(|field| field.0))
            .collect();
        let name = SafeText::new(name);
        let detail = format!("there is no field {name} here; take {}", all.join(", "));
        return fault(within, detail);
    }
    fields
        .iter()
        .map(|&Field(name, kind)| cell(object.get(name), name, kind, within))
        .collect()
}

fn cell(value: Option<&Value>, name: &str, kind: Kind, within: &str) -> Result<String, Fault> {
    let wanted = match (kind, value) {
        (Maybe | MaybeInt, None | Some(Value::Null)) => return Ok(String::new()),
        (Text | Maybe | Quantity, Some(Value::String(text))) if !text.is_empty() => {
            return Ok(text.clone());
        }
        (Int | MaybeInt, Some(Value::Number(number))) if number.is_i64() || number.is_u64() => {
            return Ok(number.to_string());
        }
        (Int | MaybeInt, _) => "is a whole number",
        (Quantity, _) => "is a decimal string such as \"2.5\"",
        (Maybe, _) => "is a text, or left out",
        _ => "is a text, and must be there",
    };
    fault(format!("{within}/{name}"), format!("{name} {wanted}"))
}
