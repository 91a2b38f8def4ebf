//! A whole area, page by page: no more than a page is ever held, and no transaction is open while nobody listens.
//! Rows are as they stand when their page is read; what is added meanwhile moves none of them.

use super::page::MOST;
use super::{Area, Key, Kind, NoPage, Wish};
use crate::office::Office;
use crate::office::export::{Format, guarded};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is left of an area that is being taken out.
pub struct Pages {
    office: Office,
    key: Key,
    area: &'static Area,
    format: Format,
    wish: Wish,
    has_begun: bool,
    is_done: bool,
}

impl Office {
    /// All rows of an area, for whoever has the office's folder.
    pub fn export_area(&self, area: &'static Area, format: Format) -> Pages {
        self.export_for(Key::of_office(), area, format, BTreeMap::new())
    }

    /// The rows of an area that a key may see and that have these values.
    pub fn export_for(
        &self,
        key: Key,
        area: &'static Area,
        format: Format,
        filters: BTreeMap<String, String>,
    ) -> Pages {
        Pages {
            office: self.clone(),
            key,
            area,
            format,
            wish: Wish {
                limit: Some(MOST.to_string()),
                cursor: None,
                filters,
            },
            has_begun: false,
            is_done: false,
        }
    }
}

impl Pages {
    /// The next page as text, with the head line in front of the first; none at the end.
    pub fn next_page(&mut self) -> Result<Option<String>, NoPage> {
        if self.is_done {
            return Ok(None);
        }
        let page = self.office.area_page(&self.key, self.area, &self.wish)?;
        let rows = page["data"].as_array().map_or(&[][..], Vec::as_slice);
        let text = match self.format {
            Format::Lines => rows.iter().map(|row| format!("{row}\n")).collect(),
            Format::Csv => self.sheet(rows),
        };
        self.has_begun = true;
        self.wish.cursor = page["next"].as_str().map(str::to_owned);
        self.is_done = self.wish.cursor.is_none();
        Ok(Some(text))
    }

    fn sheet(&self, rows: &[Value]) -> String {
        let mut sheet = csv::Writer::from_writer(Vec::new());
        let fields = self.area.fields;
        let mut put = |cells: Vec<String>| {
            sheet
                .write_record(cells)
                .expect("memory takes any row of as many cells as the first");
        };
        if !self.has_begun {
            put(fields.iter().map(|field| field.0.to_owned()).collect());
        }
        for row in rows {
            put(fields
                .iter()
                .map(|field| cell(&row[field.0], field.1))
                .collect());
        }
        let bytes = sheet.into_inner().expect("memory takes any sheet");
        String::from_utf8(bytes).expect("a sheet of texts is a text")
    }
}

fn cell(value: &Value, kind: Kind) -> String {
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::String(text), Kind::Quantity) => text.clone(),
        (Value::String(text), _) => guarded(text.clone()),
        (other, _) => other.to_string(),
    }
}
