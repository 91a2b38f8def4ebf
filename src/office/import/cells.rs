//! One row of a sheet: its cells by column name, each read with a reason if it cannot be.

use crate::office::export::is_formula;
use crate::warehouse::{Quantity, SafeText, Timestamp};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::str::FromStr;

/// Where the columns of a sheet are.
#[derive(Clone)]
pub(super) struct Columns(HashMap<String, usize>);

impl Columns {
    /// Reads the head line. Error: a column that is missing.
    pub fn new(head: &csv::StringRecord, wanted: &[&str]) -> Result<Self, String> {
        let columns = head.iter().enumerate().map(|(at, name)| {
            (
                name.trim().trim_start_matches('\u{feff}').to_lowercase(),
                at,
            )
        });
        let columns: HashMap<String, usize> = columns.collect();
        match wanted.iter().find(|name| !columns.contains_key(**name)) {
            Some(name) => Err(format!(
                "the column {name} is missing; wanted: {}",
                wanted.join(", ")
            )),
            None => Ok(Self(columns)),
        }
    }
}

/// The cells of one row.
pub(super) struct Cells<'a> {
    pub columns: &'a Columns,
    pub record: &'a csv::StringRecord,
}

impl Cells<'_> {
    /// The text of a cell. A leading `'` before a character that a spreadsheet would take for a formula is ours: it goes.
    pub fn text(&self, name: &str) -> &str {
        let cell = self
            .columns
            .0
            .get(name)
            .and_then(|&at| self.record.get(at))
            .unwrap_or("")
            .trim();
        match cell.strip_prefix('\'') {
            Some(rest) if is_formula(rest) => rest,
            _ => cell,
        }
    }

    /// A text that people read; must be there.
    pub fn name(&self, name: &str) -> Result<SafeText, String> {
        match self.text(name) {
            "" => Err(format!("{name} is empty")),
            text => Ok(SafeText::new(text)),
        }
    }

    /// Anything that is read from text; must be there.
    pub fn parse<T: FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<T, String> {
        let text = self.text(name);
        text.parse()
            .map_err(|why| format!("{name} {:?} is wrong: {why}", SafeText::new(text).as_str()))
    }

    /// Anything that is read from text, or nothing.
    pub fn maybe<T: FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
    ) -> Result<Option<T>, String> {
        if self.text(name).is_empty() {
            Ok(None)
        } else {
            self.parse(name).map(Some)
        }
    }

    /// Things parted by semicolons; nothing is none.
    pub fn list<T: FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<Vec<T>, String> {
        let parts = self.text(name).split(';').map(str::trim);
        let each = |text: &str| {
            text.parse()
                .map_err(|why| format!("{name} {:?} is wrong: {why}", SafeText::new(text).as_str()))
        };
        parts.filter(|part| !part.is_empty()).map(each).collect()
    }

    /// A quantity of more than nothing.
    pub fn quantity(&self, name: &str) -> Result<Quantity, String> {
        let quantity: Quantity = self.parse(name)?;
        if quantity.is_positive() && quantity <= Quantity::LIMIT {
            Ok(quantity)
        } else {
            Err(format!(
                "{name} must be more than 0 and at most {}",
                Quantity::LIMIT
            ))
        }
    }

    /// Yes or no; nothing is no.
    pub fn flag(&self, name: &str) -> Result<bool, String> {
        match self.text(name).to_lowercase().as_str() {
            "yes" | "true" | "1" | "y" => Ok(true),
            "no" | "false" | "0" | "n" | "" => Ok(false),
            other => Err(format!("{name} is {other:?}; write yes or no")),
        }
    }

    /// A day such as 2027-01-31, or nothing.
    pub fn day(&self, name: &str) -> Result<Option<NaiveDate>, String> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
        day.map(Some).map_err(|_| {
            format!(
                "{name} {:?} is no day such as 2027-01-31",
                SafeText::new(text).as_str()
            )
        })
    }

    /// A moment such as 2027-01-31T15:00:00Z, or a day (its end, where the office stands), or nothing.
    pub fn moment(&self, name: &str) -> Result<Option<Timestamp>, String> {
        let text = self.text(name);
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Ok(Some(moment));
        }
        let day = self.day(name).map_err(|_| {
            format!(
                "{name} {:?} is no time such as 2027-01-31T15:00:00Z",
                SafeText::new(text).as_str()
            )
        })?;
        let end = day.and_then(|day| day.and_hms_opt(23, 59, 59));
        Ok(
            end.map(|end| match end.and_local_timezone(chrono::Local).latest() {
                Some(end) => end.to_utc(),
                // No such minute on the clocks there.
                None => end.and_utc(),
            }),
        )
    }
}
