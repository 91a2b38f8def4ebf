//! Takes numbers, lists and names out of a JSON object, and says in a sentence which is missing or wrong.

use super::lot_plan::NoPlan;
use super::lot_size::NoTiers;
use super::number::{Amount, BadNumber, Positive, Share};
use super::rq::NoRq;
use super::valuation::NoValuation;
use crate::warehouse::is_plain;
use serde_json::{Map, Value};

/// Longest list that is read.
const MOST_ROWS: usize = 100_000;

/// Why a question has no answer; each sentence says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The line is no JSON object, or too long to be read whole.
    #[error(
        "write each line as one JSON object such as {{\"kind\": \"eoq\", \"inputs\": {{\"annual_demand\": 12000, …}}}}"
    )]
    NotAQuestion,
    /// No such kind.
    #[error("name one of these kinds: {0}")]
    UnknownKind(String),
    /// A field is not there.
    #[error("give {0}")]
    Missing(String),
    /// A field is not of the right form.
    #[error("{field} must be {wanted}")]
    Not {
        /// Which.
        field: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A number is not of the right sort.
    #[error("{field} {why}")]
    Number {
        /// Which.
        field: String,
        /// What it should be.
        why: BadNumber,
    },
    /// Two items with one name.
    #[error("give every item an id of its own; two have the same")]
    SameId,
    /// A result is beyond what can be written as a number.
    #[error("give less extreme numbers: the result is too large to be written")]
    Boundless,
    /// Prices are no discount.
    #[error(transparent)]
    Tiers(#[from] NoTiers),
    /// Demand cannot be planned.
    #[error(transparent)]
    Plan(#[from] NoPlan),
    /// There is no best reorder point.
    #[error(transparent)]
    Rq(#[from] NoRq),
    /// Stock cannot be valued.
    #[error(transparent)]
    Valuation(#[from] NoValuation),
}

/// A JSON object, and how it is called in sentences.
pub(super) struct Reader<'a> {
    fields: &'a Map<String, Value>,
    path: String,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(fields: &'a Map<String, Value>) -> Self {
        let path = String::new();
        Self { fields, path }
    }

    fn name(&self, field: &str) -> String {
        format!("{}{field}", self.path)
    }

    /// A field that is not wanted in vain.
    fn get(&self, field: &str) -> Result<&'a Value, NoAnswer> {
        let value = self.fields.get(field).filter(|value| !value.is_null());
        value.ok_or_else(|| NoAnswer::Missing(self.name(field)))
    }

    /// Whether a field is there.
    pub(super) fn has(&self, field: &str) -> bool {
        self.get(field).is_ok()
    }

    fn not(&self, field: &str, wanted: &'static str) -> NoAnswer {
        let field = self.name(field);
        NoAnswer::Not { field, wanted }
    }

    fn number<T>(
        &self,
        field: &str,
        parse: impl Fn(f64) -> Result<T, BadNumber>,
    ) -> Result<T, NoAnswer> {
        let number = self.get(field)?.as_f64();
        let number = number.ok_or_else(|| self.not(field, "a number"))?;
        parse(number).map_err(|why| NoAnswer::Number {
            field: self.name(field),
            why,
        })
    }

    pub(super) fn positive(&self, field: &str) -> Result<Positive, NoAnswer> {
        self.number(field, Positive::new)
    }

    pub(super) fn amount(&self, field: &str) -> Result<Amount, NoAnswer> {
        self.number(field, Amount::new)
    }

    pub(super) fn share(&self, field: &str) -> Result<Share, NoAnswer> {
        self.number(field, Share::new)
    }

    /// A short plain text.
    pub(super) fn text(&self, field: &str) -> Result<&'a str, NoAnswer> {
        let is_short = |text: &&str| text.chars().count() <= 200 && text.chars().all(is_plain);
        let text = self.get(field)?.as_str().filter(is_short);
        text.ok_or_else(|| self.not(field, "a text of at most 200 plain characters"))
    }

    fn list(&self, field: &str) -> Result<&'a Vec<Value>, NoAnswer> {
        let list = self.get(field)?.as_array();
        list.filter(|list| (1..=MOST_ROWS).contains(&list.len()))
            .ok_or_else(|| self.not(field, "a list of 1 to 100000 entries"))
    }

    /// A list of numbers.
    pub(super) fn numbers<T>(
        &self,
        field: &str,
        parse: impl Fn(f64) -> Result<T, BadNumber>,
    ) -> Result<Vec<T>, NoAnswer> {
        let number = |(at, value): (usize, &Value)| {
            let field = format!("{}[{at}]", self.name(field));
            match value.as_f64().map(&parse) {
                Some(Ok(number)) => Ok(number),
                Some(Err(why)) => Err(NoAnswer::Number { field, why }),
                None => Err(NoAnswer::Not {
                    field,
                    wanted: "a number",
                }),
            }
        };
        self.list(field)?.iter().enumerate().map(number).collect()
    }

    /// Two numbers.
    pub(super) fn pair<T>(
        &self,
        field: &str,
        parse: impl Fn(f64) -> Result<T, BadNumber>,
    ) -> Result<[T; 2], NoAnswer> {
        let two = self.numbers(field, parse)?.try_into();
        two.map_err(|_| self.not(field, "a list of two numbers"))
    }

    /// A list of objects.
    pub(super) fn rows(&self, field: &str) -> Result<Vec<Reader<'a>>, NoAnswer> {
        let row = |(at, value): (usize, &'a Value)| {
            let path = format!("{}[{at}].", self.name(field));
            match value.as_object() {
                Some(fields) => Ok(Reader { fields, path }),
                None => Err(self.not(field, "a list of objects")),
            }
        };
        self.list(field)?.iter().enumerate().map(row).collect()
    }
}
