//! As much of JSON Schema (draft 7) as GS1's schema of EPCIS uses, with formats checked. A keyword or pattern that is not known
//! here fails the test: nothing is passed over in silence.

use serde_json::{Map, Value};

/// A schema with its definitions.
pub struct Schema(pub Value);

impl Schema {
    /// What is wrong with a document, each with where.
    pub fn faults(&self, document: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(&self.0, document, "", &mut faults);
        faults
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut faults = Vec::new();
        self.check(schema, value, "", &mut faults);
        faults.is_empty()
    }

    fn check(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let Some(words) = schema.as_object() else {
            assert_eq!(schema, &Value::Bool(true), "a schema is an object or true");
            return;
        };
        for (word, says) in words {
            if let Err(why) = self.word(words, word, says, value, at, faults) {
                faults.push(format!("{at}: {why}"));
            }
        }
    }

    fn word(
        &self,
        words: &Map<String, Value>,
        word: &str,
        says: &Value,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) -> Result<(), String> {
        let all = |says: &Value| says.as_array().unwrap().clone();
        let no = |holds: bool, why: String| if holds { Ok(()) } else { Err(why) };
        match word {
            "$id" | "$schema" | "definitions" | "then" => Ok(()),
            "$ref" => {
                let path = says.as_str().unwrap().strip_prefix('#').unwrap();
                let path = &path.replace("%40", "@");
                self.check(self.0.pointer(path).unwrap(), value, at, faults);
                Ok(())
            }
            "type" => no(
                is_type(says.as_str().unwrap(), value),
                format!("{value} is no {says}"),
            ),
            "enum" => no(
                all(says).contains(value),
                format!("{value} is none of {says}"),
            ),
            "allOf" => {
                all(says)
                    .iter()
                    .for_each(|one| self.check(one, value, at, faults));
                Ok(())
            }
            "anyOf" | "oneOf" => {
                let fit = all(says).iter().filter(|one| self.fits(one, value)).count();
                let holds = fit == 1 || (fit > 1 && word == "anyOf");
                no(holds, format!("{fit} of {word} fit {value}"))
            }
            "not" => no(
                !self.fits(says, value),
                format!("{value} is what it must not be"),
            ),
            "if" => {
                if self.fits(says, value) {
                    self.check(&words["then"], value, at, faults);
                }
                Ok(())
            }
            "pattern" => {
                let holds = value
                    .as_str()
                    .is_none_or(|text| matches(says.as_str().unwrap(), text));
                no(holds, format!("{value} does not match {says}"))
            }
            "format" => {
                let holds = value
                    .as_str()
                    .is_none_or(|text| is_format(says.as_str().unwrap(), text));
                no(holds, format!("{value} is no {says}"))
            }
            _ => self.inside(words, word, says, value, at, faults),
        }
    }

    /// What a schema says of what is inside a list or an object.
    fn inside(
        &self,
        words: &Map<String, Value>,
        word: &str,
        says: &Value,
        value: &Value,
        at: &str,
        faults: &mut Vec<String>,
    ) -> Result<(), String> {
        let no = |holds: bool, why: String| if holds { Ok(()) } else { Err(why) };
        let (list, object) = (value.as_array(), value.as_object());
        match (word, list, object) {
            ("items", Some(list), _) => {
                for (item, number) in list.iter().zip(0..) {
                    self.check(says, item, &format!("{at}/{number}"), faults);
                }
                Ok(())
            }
            ("minItems", Some(list), _) => no(
                list.len() as u64 >= says.as_u64().unwrap(),
                format!("fewer than {says}"),
            ),
            ("uniqueItems", Some(list), _) => {
                let twice = (1..list.len()).any(|at| list[..at].contains(&list[at]));
                no(!twice, "something stands twice".to_owned())
            }
            ("required", _, Some(object)) => {
                let missing = says.as_array().unwrap().iter();
                let mut missing =
                    missing.filter(|name| !object.contains_key(name.as_str().unwrap()));
                missing
                    .next()
                    .map_or(Ok(()), |name| Err(format!("{name} is missing")))
            }
            ("properties", _, Some(object)) => {
                for (name, schema) in says.as_object().unwrap() {
                    if let Some(value) = object.get(name) {
                        self.check(schema, value, &format!("{at}/{name}"), faults);
                    }
                }
                Ok(())
            }
            ("propertyNames", _, Some(object)) => {
                let is_bad = |name: &&String| !self.fits(says, &Value::String((*name).clone()));
                let bad = object.keys().find(is_bad);
                bad.map_or(Ok(()), |name| Err(format!("{name} may not be there")))
            }
            ("additionalProperties", _, Some(object)) => {
                let known = words.get("properties").and_then(Value::as_object);
                let more = object
                    .keys()
                    .filter(|name| known.is_none_or(|known| !known.contains_key(*name)));
                for name in more {
                    match says {
                        Value::Bool(false) => return Err(format!("{name} may not be there")),
                        schema => {
                            self.check(schema, &object[name], &format!("{at}/{name}"), faults);
                        }
                    }
                }
                Ok(())
            }
            ("items" | "minItems" | "uniqueItems", None, _)
            | ("required" | "properties" | "propertyNames" | "additionalProperties", _, None) => {
                Ok(())
            }
            _ => panic!("{word} is not known here"),
        }
    }
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    let starts = |begins: &[&str]| begins.iter().any(|begin| text.starts_with(begin));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match pattern {
        "^ADD$" => text == "ADD",
        "^DELETE$" => text == "DELETE",
        "^OBSERVE$" => text == "OBSERVE",
        r"^\d+(\.\d+)*$" => text.split('.').all(digits),
        "^([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)$" => {
            let (sign, rest) = text.split_at_checked(1).unwrap_or_default();
            let (hours, minutes) = rest.split_once(':').unwrap_or_default();
            let two = |part: &str| part.len() == 2 && digits(part);
            let near = two(hours) && two(minutes) && hours < "14" && minutes < "60";
            matches!(sign, "+" | "-") && (near || rest == "14:00")
        }
        "^[A-Z0-9]{2,3}$" => {
            let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
            (2..=3).contains(&text.len()) && text.bytes().all(plain)
        }
        "^[A-Fa-f0-9]+$" => !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit()),
        r"^(?!(urn:epcglobal:cbv|https?:\/\/ns\.gs1\.org/cbv\/))" => !starts(&[
            "urn:epcglobal:cbv",
            "http://ns.gs1.org/cbv/",
            "https://ns.gs1.org/cbv/",
        ]),
        r"^(?!(https?:\/\/gs1\.org\/voc\/|https?:\/\/www\.gs1\.org\/voc\/))" => !starts(&[
            "http://gs1.org/voc/",
            "https://gs1.org/voc/",
            "http://www.gs1.org/voc/",
            "https://www.gs1.org/voc/",
        ]),
        other => panic!("the pattern {other} is not known here"),
    }
}

fn is_format(name: &str, text: &str) -> bool {
    match name {
        "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        // RFC 3986: a scheme, and nothing that must be escaped.
        "uri" => {
            let (scheme, rest) = text.split_once(':').unwrap_or_default();
            let begins = scheme
                .bytes()
                .next()
                .is_some_and(|b| b.is_ascii_alphabetic());
            let of_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
            let plain =
                |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&b);
            let escaped = rest
                .split('%')
                .skip(1)
                .all(|part| part.len() >= 2 && part.bytes().take(2).all(|b| b.is_ascii_hexdigit()));
            begins
                && scheme.bytes().all(of_scheme)
                && !rest.is_empty()
                && rest.bytes().all(plain)
                && escaped
        }
        other => panic!("the format {other} is not known here"),
    }
}
