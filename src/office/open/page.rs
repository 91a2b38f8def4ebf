//! One page of an area: rows in the order of their key, after the cursor. What is added meanwhile moves no page.

use super::{Area, Field, Key, Kind};
use crate::office::database::{Row, Value};
use crate::office::{Error, Office};
use crate::warehouse::Quantity;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Most rows of a page.
pub const MOST: usize = 500;
/// Rows of a page if nobody says.
const USUAL: usize = 100;
/// Longest cursor that is looked at.
const LONGEST: usize = 4000;

/// What a call asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// At most so many rows.
    pub limit: Option<String>,
    /// After the page that ended with this.
    pub cursor: Option<String>,
    /// Only rows of which these fields have these values.
    pub filters: BTreeMap<String, String>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum NoPage {
    /// A parameter that cannot be used; says what to do.
    #[error("{0}")]
    Asked(String),
    /// The office could not.
    #[error(transparent)]
    Office(#[from] Error),
}

impl From<crate::office::database::Error> for NoPage {
    fn from(why: crate::office::database::Error) -> Self {
        Self::Office(why.into())
    }
}

impl Office {
    /// Reads a page as `{"data": [...], "next": CURSOR or null}`: only of warehouses that the key is for.
    pub fn area_page(&self, key: &Key, area: &Area, wish: &Wish) -> Result<Json, NoPage> {
        let limit = limit(wish)?;
        let (sql, values) = statement(key, area, wish, limit)?;
        let mut rows = self
            .database()
            .read_at_length(|tx| Ok::<_, NoPage>(tx.rows(&sql, &values)?))?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| cursor(area, row));
        let data: Result<Vec<Json>, NoPage> = rows.iter().map(|row| said(area, row)).collect();
        Ok(json!({ "data": data?, "next": next }))
    }
}

fn limit(wish: &Wish) -> Result<usize, NoPage> {
    let Some(text) = &wish.limit else {
        return Ok(USUAL);
    };
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or_else(|| NoPage::Asked(format!("limit is a number from 1 to {MOST}")))
}

fn statement(
    key: &Key,
    area: &Area,
    wish: &Wish,
    limit: usize,
) -> Result<(String, Vec<Value>), NoPage> {
    let mut values: Vec<Value> = Vec::new();
    let mut put = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    let mut conditions = Vec::new();
    if let (Some(column), Some(codes)) = (area.warehouse, key.warehouses()) {
        let codes: Vec<String> = codes.iter().map(|code| put(code.into())).collect();
        conditions.push(format!("{column} IN ({})", codes.join(", ")));
    }
    for (name, text) in &wish.filters {
        // The column is taken from the table of areas, never from the call.
        let column = area
            .filters()
            .find(|known| known == name)
            .ok_or_else(|| unknown(area, name))?;
        conditions.push(format!("{column} = {}", put(text.into())));
    }
    if let Some(cursor) = &wish.cursor {
        let after: Vec<String> = read_cursor(area, cursor)?
            .into_iter()
            .map(&mut put)
            .collect();
        conditions.push(format!(
            "({}) > ({})",
            area.key.join(", "),
            after.join(", ")
        ));
    }
    let names: Vec<&str> = area.fields.iter().map(|field| field.0).collect();
    let filter = if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    };
    let (fields, table, order) = (names.join(", "), area.table, area.key.join(", "));
    Ok((
        format!(
            "SELECT {fields} FROM {table}{filter} ORDER BY {order} LIMIT {}",
            limit + 1
        ),
        values,
    ))
}

fn unknown(area: &Area, name: &str) -> NoPage {
    let known: Vec<&str> = area.filters().collect();
    let name = crate::warehouse::SafeText::new(name);
    NoPage::Asked(format!(
        "there is no parameter {name:?}; {} knows limit, cursor, {}",
        area.name,
        known.join(", ")
    ))
}

/// The key of a row as hexadecimal JSON: opaque to whoever gets it.
fn cursor(area: &Area, row: &Row) -> String {
    let part = |name: &&'static str| {
        row.maybe_int(name)
            .map_or_else(|| json!(row.maybe(name).unwrap_or("")), |it| json!(it))
    };
    let parts: Vec<Json> = area.key.iter().map(part).collect();
    Json::from(parts)
        .to_string()
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn read_cursor(area: &Area, text: &str) -> Result<Vec<Value>, NoPage> {
    let bad =
        || NoPage::Asked("this cursor is none of this area; begin anew without one".to_owned());
    if text.len() > LONGEST || !text.is_ascii() || !text.len().is_multiple_of(2) {
        return Err(bad());
    }
    let pairs = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16));
    let bytes: Vec<u8> = pairs.collect::<Result<_, _>>().map_err(|_| bad())?;
    let parts: Vec<Json> = serde_json::from_slice(&bytes).map_err(|_| bad())?;
    if parts.len() != area.key.len() {
        return Err(bad());
    }
    let kind = |name: &str| {
        area.fields
            .iter()
            .find(|field| field.0 == name)
            .map(|field| field.1)
    };
    let part = |(name, part): (&&str, Json)| match (kind(name), part) {
        (Some(Kind::Text | Kind::Maybe), Json::String(text)) => Ok(Value::Text(text)),
        (Some(Kind::Int), Json::Number(number)) => number.as_i64().map(Value::Int).ok_or_else(bad),
        _ => Err(bad()),
    };
    area.key.iter().zip(parts).map(part).collect()
}

fn said(area: &Area, row: &Row) -> Result<Json, NoPage> {
    let mut said = Map::new();
    for &Field(name, kind) in area.fields {
        let value = match kind {
            Kind::Text => json!(row.text(name)?),
            Kind::Maybe => json!(row.maybe(name).filter(|text| !text.is_empty())),
            Kind::Int => json!(row.int(name)?),
            Kind::MaybeInt => json!(row.maybe_int(name)),
            Kind::Quantity => json!(Quantity::from_thousandths(row.int(name)?).to_string()),
            Kind::Flag => json!(row.flag(name)?),
        };
        said.insert(name.to_owned(), value);
    }
    Ok(said.into())
}
