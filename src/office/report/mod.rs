//! What people at a desk ask of the records: stock, movements, orders, work. Reads alone, one file a question; how an answer
//! looks is the page's affair.

pub(super) mod counted;
pub(super) mod fact;
pub(super) mod flow;
pub(super) mod heat;
pub(super) mod history;
pub(super) mod named;
pub(super) mod orders;
pub(super) mod outlook;
pub(super) mod people;
pub(super) mod shipped;
pub(super) mod spread;
pub(super) mod stock;
pub(super) mod work;

use super::Error;
use super::database::{Row, Value};
use crate::warehouse::{Timestamp, WarehouseCode};

/// Rows of a page, and the key after which the next page begins, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Paged<T> {
    pub rows: Vec<T>,
    pub next: Option<Vec<String>>,
}

/// Reads rows, of which one more than wanted was asked for so that the next page is known.
fn paged<T>(
    mut rows: Vec<Row>,
    most: usize,
    read: impl Fn(&Row) -> Result<T, Error>,
    key: impl Fn(&T) -> Vec<String>,
) -> Result<Paged<T>, Error> {
    let more = rows.len() > most;
    rows.truncate(most);
    let rows: Vec<T> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let next = rows.last().filter(|_| more).map(key);
    Ok(Paged { rows, next })
}

/// A statement that is put together: each value gets its number.
#[derive(Default)]
struct Words {
    values: Vec<Value>,
}

impl Words {
    /// With `?1` a warehouse, `?2` and `?3` the moments between which something happened.
    fn between(warehouse: &WarehouseCode, from: Timestamp, until: Timestamp) -> Self {
        let mut words = Self::default();
        words.put(warehouse.as_str());
        words.put(from.to_rfc3339());
        words.put(until.to_rfc3339());
        words
    }

    fn put(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// ` AND column = ?n` for each of the columns that is asked for.
    fn equal(&mut self, asked: &[(&str, &Option<String>)]) -> String {
        let mut said = String::new();
        for (column, wanted) in asked {
            if let Some(wanted) = wanted {
                let at = self.put(wanted.as_str());
                said.extend([format!(" AND {column} = {at}")]);
            }
        }
        said
    }
}

/// A text as barcodes are kept: a GTIN has 14 digits, however many a scanner or a label shows.
fn barcode(text: &str) -> String {
    let is_number = (8..14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        format!("{text:0>14}")
    } else {
        text.to_owned()
    }
}

/// A text as LIKE looks for it at the beginning of another, in capitals.
fn begins(text: &str) -> String {
    format!("{}%", escaped(&text.to_uppercase()))
}

/// A text as LIKE looks for it within another, in capitals.
fn within(text: &str) -> String {
    format!("%{}%", escaped(&text.to_uppercase()))
}

/// `!` takes the meaning off LIKE's own signs; the statement says so by ESCAPE.
fn escaped(text: &str) -> String {
    let mut said = String::new();
    for c in text.chars() {
        if matches!(c, '%' | '_' | '!') {
            said.push('!');
        }
        said.push(c);
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_means_itself() {
        assert_eq!(begins("a50%_!"), "A50!%!_!!%");
        assert_eq!(within("milk"), "%MILK%");
    }
}
