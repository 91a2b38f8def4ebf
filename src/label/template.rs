//! Templates: a printer's own language with names in braces. `{order}` is the text of a field, `{customer:24}` no more of it
//! than 24 characters, `{sscc:gs1}` and `{code:bars}` the data of a bar code, `{rows}` the lines of a list; `{{` is a brace.
//!
//! A label can never give a printer an order: in ZPL a field may only stand behind `^FH^FD`, and whatever in it is neither
//! letter nor digit nor a harmless sign is written as hexadecimal bytes.

use super::bars::{NoBars, code_128, gs1_128};
use super::{Label, LabelKind};
use crate::warehouse::SafeText;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// All that a template can name, beside `rows`.
pub const FIELDS: &[&str] = &[
    "badge",
    "bench",
    "carton",
    "cartons",
    "code",
    "customer",
    "date",
    "name",
    "order",
    "page",
    "pages",
    "ship_to_1",
    "ship_to_2",
    "ship_to_3",
    "ship_to_4",
    "sscc",
    "units",
    "weight",
];

/// Orders that would give other signs the meaning of `^`, `~` and `,`: no template may use them.
const MEANINGS: &[&str] = &["^CC", "~CC", "^CD", "~CD", "^CT", "~CT"];

/// What a printer understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// ZPL II.
    #[default]
    Zpl,
    /// Lines of text.
    Text,
}

impl Dialect {
    /// How the files of its templates end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Zpl => "zpl",
            Self::Text => "txt",
        }
    }
}

/// Why a template cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTemplate {
    /// It names a field that there is not.
    #[error("it names {{{0}}}, and there is no such field")]
    Field(String),
    /// A brace has no end.
    #[error("a {{ has no }}")]
    Open,
    /// What follows the colon is nothing that can be done with a field.
    #[error("{{…:{0}}} is neither gs1, bars nor a number of characters")]
    Form(String),
    /// A field stands where what it says could be an order to the printer.
    #[error("{{{0}}} does not stand behind ^FH^FD")]
    Bare(String),
    /// It changes what signs mean.
    #[error("{0} changes what signs mean: not in a template")]
    Meaning(&'static str),
}

/// What is done with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As text, so many characters at most.
    Text(usize),
    /// As the data of a GS1-128 symbol.
    Gs1,
    /// As the data of a Code 128 symbol.
    Bars,
    /// The lines of the list.
    Rows,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Field { name: String, form: Form },
}

/// One template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    language: Dialect,
    pieces: Vec<Piece>,
}

impl Template {
    /// Reads a template.
    pub fn parse(text: &str, language: Dialect) -> Result<Self, BadTemplate> {
        if let Some(bad) = MEANINGS.iter().find(|&&order| text.contains(order))
            && language == Dialect::Zpl
        {
            return Err(BadTemplate::Meaning(bad));
        }
        let (mut pieces, mut plain) = (Vec::new(), String::new());
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            plain.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('{') {
                plain.push('{');
                rest = after;
                continue;
            }
            let (field, after) = rest.split_once('}').ok_or(BadTemplate::Open)?;
            let (name, form) = read_field(field)?;
            if language == Dialect::Zpl && !stands_as_data(&plain, &pieces) {
                return Err(BadTemplate::Bare(name));
            }
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Field { name, form });
            rest = after;
        }
        plain.push_str(rest);
        pieces.push(Piece::Plain(plain));
        Ok(Self { language, pieces })
    }

    /// The label as this printer takes it. Fields that it does not have are left empty.
    pub fn fill(&self, label: &Label) -> Result<Vec<u8>, NoBars> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Field { name, form } => {
                    let value = label.fields.get(name).map_or("", SafeText::as_str);
                    self.put(&mut text, *form, value, label)?;
                }
            }
        }
        Ok(text.into_bytes())
    }

    fn put(&self, text: &mut String, form: Form, value: &str, label: &Label) -> Result<(), NoBars> {
        let is_zpl = self.language == Dialect::Zpl;
        match form {
            Form::Text(most) => {
                let cut: String = value.chars().take(most).collect();
                if is_zpl {
                    escape(text, &cut);
                } else {
                    text.push_str(&cut);
                }
            }
            Form::Gs1 if is_zpl => escape(text, &gs1_128(value)?),
            Form::Bars if is_zpl => escape(text, &code_128(value)?),
            Form::Gs1 | Form::Bars => text.push_str(value),
            Form::Rows => {
                for (at, row) in label.rows.iter().enumerate() {
                    if at > 0 {
                        // ^FB takes `\&` as the end of a line.
                        text.push_str(if is_zpl { "\\&" } else { "\n" });
                    }
                    if is_zpl {
                        escape(text, &row.as_str().replace('\\', "/"));
                    } else {
                        text.push_str(row.as_str());
                    }
                }
            }
        }
        Ok(())
    }
}

fn read_field(field: &str) -> Result<(String, Form), BadTemplate> {
    let (name, form) = field
        .split_once(':')
        .map_or((field, None), |(name, form)| (name, Some(form)));
    if name == "rows" && form.is_none() {
        return Ok((name.to_owned(), Form::Rows));
    }
    if !FIELDS.contains(&name) {
        return Err(BadTemplate::Field(name.to_owned()));
    }
    let form = match form {
        None => Form::Text(SafeText::MAX),
        Some("gs1") => Form::Gs1,
        Some("bars") => Form::Bars,
        Some(most) => match most.parse() {
            Ok(most) => Form::Text(most),
            Err(_) => return Err(BadTemplate::Form(most.to_owned())),
        },
    };
    Ok((name.to_owned(), form))
}

/// Whether what comes next is the data of a field in which hexadecimal bytes are understood.
fn stands_as_data(plain: &str, before: &[Piece]) -> bool {
    match plain.rfind(['^', '~']) {
        Some(at) => plain[at..].starts_with("^FD") && plain[..at].ends_with("^FH"),
        // Nothing has begun since the field before: it is still the same data.
        None => before
            .iter()
            .any(|piece| matches!(piece, Piece::Field { .. })),
    }
}

/// Writes a text so that no printer can take any of it for an order.
fn escape(into: &mut String, text: &str) {
    for c in text.chars() {
        let harmless = c.is_ascii_alphanumeric() || " .,:;-/()+#&'%<=>!?*\"@$[]|".contains(c);
        if harmless {
            into.push(c);
            continue;
        }
        let mut bytes = [0; 4];
        for byte in c.encode_utf8(&mut bytes).bytes() {
            write!(into, "_{byte:02X}").expect("a string takes all that is written into it");
        }
    }
}

/// The templates of all kinds of labels, in the languages in which there are any.
#[derive(Clone, Debug)]
pub struct Templates(BTreeMap<(LabelKind, Dialect), Template>);

const BUILT_IN: &[(LabelKind, Dialect, &str)] = &[
    (
        LabelKind::Carton,
        Dialect::Zpl,
        include_str!("../../assets/labels/carton.zpl"),
    ),
    (
        LabelKind::Shipping,
        Dialect::Zpl,
        include_str!("../../assets/labels/shipping.zpl"),
    ),
    (
        LabelKind::Plate,
        Dialect::Zpl,
        include_str!("../../assets/labels/plate.zpl"),
    ),
    (
        LabelKind::PackingList,
        Dialect::Zpl,
        include_str!("../../assets/labels/packing_list.zpl"),
    ),
    (
        LabelKind::PackingList,
        Dialect::Text,
        include_str!("../../assets/labels/packing_list.txt"),
    ),
    (
        LabelKind::Bin,
        Dialect::Zpl,
        include_str!("../../assets/labels/bin.zpl"),
    ),
    (
        LabelKind::Tote,
        Dialect::Zpl,
        include_str!("../../assets/labels/tote.zpl"),
    ),
    (
        LabelKind::Badge,
        Dialect::Zpl,
        include_str!("../../assets/labels/badge.zpl"),
    ),
];

impl Templates {
    /// Those of `assets/labels`.
    pub fn built_in() -> Self {
        let read = |(kind, language, text): &(LabelKind, Dialect, &str)| {
            let template =
                Template::parse(text, *language).expect("a test reads every one of them");
            ((*kind, *language), template)
        };
        Self(BUILT_IN.iter().map(read).collect())
    }

    /// Puts one in the place of the one of the same kind and language.
    pub fn put(&mut self, kind: LabelKind, template: Template) {
        self.0.insert((kind, template.language), template);
    }

    /// The one of a kind in a language, if there is one.
    pub fn of(&self, kind: LabelKind, language: Dialect) -> Option<&Template> {
        self.0.get(&(kind, language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn label(field: &str, text: &str) -> Label {
        Label::new(LabelKind::Bin, "x").with(field, text)
    }

    #[test]
    fn every_template_that_comes_along_can_be_read_and_closes_what_it_opens() {
        let templates = Templates::built_in();
        for (kind, language, _) in BUILT_IN {
            let template = templates.of(*kind, *language).unwrap();
            let full = FIELDS.iter().fold(label("name", "A"), |label, field| {
                let text = if *field == "sscc" {
                    "(00)395060001343512341"
                } else {
                    "A-01"
                };
                label.with(field, text)
            });
            let text = String::from_utf8(template.fill(&full).unwrap()).unwrap();
            if *language == Dialect::Zpl {
                assert!(
                    text.starts_with("^XA") && text.trim_end().ends_with("^XZ"),
                    "{text}"
                );
                assert!(text.contains("^CI28"), "what is not ASCII is UTF-8: {text}");
                assert_eq!(
                    text.matches("^FD").count(),
                    text.matches("^FS").count() - text.matches("^GB").count()
                );
            }
        }
        assert!(
            LabelKind::ALL
                .iter()
                .all(|kind| templates.of(*kind, Dialect::Zpl).is_some())
        );
    }

    #[test]
    fn what_is_wrong_with_a_template_is_named() {
        for (text, told) in [
            (
                "^XA^FD{order}^FS^XZ",
                "{order} does not stand behind ^FH^FD",
            ),
            (
                "^XA^FH^FDx^FS{order}^XZ",
                "{order} does not stand behind ^FH^FD",
            ),
            ("^XA{order}^XZ", "{order} does not stand behind ^FH^FD"),
            ("^XA^FH^FD{colour}^FS", "{colour}"),
            ("^XA^FH^FD{order:big}^FS", "{…:big}"),
            ("^XA^FH^FD{order", "no }"),
            ("^XA^CC+", "^CC"),
        ] {
            let why = Template::parse(text, Dialect::Zpl).unwrap_err().to_string();
            assert!(why.contains(told), "{why}");
        }
        let two = Template::parse("^FH^FD{order} of {carton:2}^FS", Dialect::Zpl).unwrap();
        let filled = two
            .fill(&label("order", "S").with("carton", "1234"))
            .unwrap();
        assert_eq!(filled, b"^FH^FDS of 12^FS");
    }

    #[test]
    fn a_list_is_lines_on_paper_and_in_a_block_of_text() {
        let mut label = label("order", "SO-1");
        label.rows = vec!["2 x Nut\\&".into(), "1 x Bolt".into()];
        let zpl = Template::parse("^FB700,9^FH^FD{rows}^FS", Dialect::Zpl).unwrap();
        assert_eq!(
            zpl.fill(&label).unwrap(),
            b"^FB700,9^FH^FD2 x Nut/&\\&1 x Bolt^FS"
        );
        let text = Template::parse("{{{order}}\n{rows}\n", Dialect::Text).unwrap();
        assert_eq!(
            text.fill(&label).unwrap(),
            b"{SO-1}\n2 x Nut\\&\n1 x Bolt\n"
        );
    }

    proptest! {
        #[test]
        fn no_text_can_give_the_printer_an_order(text in "\\PC{0,60}|[\\^~_A-Z{}]{0,30}") {
            let template = Template::parse("^XA^FH^FD{name}^FS^XZ", Dialect::Zpl).unwrap();
            let filled = String::from_utf8(template.fill(&label("name", &text)).unwrap()).unwrap();
            let inner = filled.strip_prefix("^XA^FH^FD").unwrap().strip_suffix("^FS^XZ").unwrap();
            prop_assert!(!inner.contains(['^', '~']) && inner.is_ascii());
            // And what the printer makes of it is what was meant.
            let (mut bytes, mut rest) = (Vec::new(), inner);
            while let Some(c) = rest.chars().next() {
                if c == '_' {
                    bytes.push(u8::from_str_radix(&rest[1..3], 16).unwrap());
                    rest = &rest[3..];
                } else {
                    bytes.push(u8::try_from(c).unwrap());
                    rest = &rest[1..];
                }
            }
            let meant = SafeText::new(&text);
            prop_assert_eq!(String::from_utf8(bytes).unwrap(), meant.as_str());
        }
    }
}
