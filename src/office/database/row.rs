//! What comes out of the database and goes into it: values, and rows by column name.

use super::Error;
use std::sync::Arc;

/// One value of a row or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(i64::from(value))
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Null => rusqlite::types::Null.to_sql(),
            Self::Int(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
        }
    }
}

/// Parameters from a list of anything that is a value.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::office::database::Value::from($value)),*] };
}
pub(crate) use values;

/// One row of an answer.
#[derive(Clone, Debug)]
pub struct Row {
    pub(super) names: Arc<Vec<String>>,
    pub(super) values: Vec<Value>,
}

impl Row {
    fn value(&self, name: &str) -> &Value {
        let at = self
            .names
            .iter()
            .position(|known| known == name)
            .expect("a query names the columns that are read");
        &self.values[at]
    }

    /// A whole number.
    pub fn int(&self, name: &'static str) -> Result<i64, Error> {
        match self.value(name) {
            Value::Int(value) => Ok(*value),
            other => Err(Error::Unreadable {
                what: name,
                text: format!("{other:?}"),
            }),
        }
    }

    /// A whole number that is not negative.
    pub fn count(&self, name: &'static str) -> Result<u64, Error> {
        let value = self.int(name)?;
        u64::try_from(value).map_err(|_| Error::Unreadable {
            what: name,
            text: value.to_string(),
        })
    }

    /// Yes or no.
    pub fn flag(&self, name: &'static str) -> Result<bool, Error> {
        self.int(name).map(|value| value != 0)
    }

    /// A text.
    pub fn text(&self, name: &'static str) -> Result<&str, Error> {
        match self.value(name) {
            Value::Text(value) => Ok(value),
            other => Err(Error::Unreadable {
                what: name,
                text: format!("{other:?}"),
            }),
        }
    }

    /// A text or none.
    pub fn maybe(&self, name: &'static str) -> Option<&str> {
        match self.value(name) {
            Value::Text(value) => Some(value),
            Value::Null | Value::Int(_) => None,
        }
    }

    /// A whole number or none.
    pub fn maybe_int(&self, name: &'static str) -> Option<i64> {
        match self.value(name) {
            Value::Int(value) => Some(*value),
            Value::Null | Value::Text(_) => None,
        }
    }

    /// Something that is read from text.
    pub fn parse<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, Error> {
        let text = self.text(name)?;
        text.parse().map_err(|_| Error::Unreadable {
            what: name,
            text: text.to_owned(),
        })
    }

    /// Something that is read from text, where `''` or nothing means none.
    pub fn parse_maybe<T: std::str::FromStr>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, Error> {
        match self.maybe(name) {
            None | Some("") => Ok(None),
            Some(_) => self.parse(name).map(Some),
        }
    }

    /// Something that is read from JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self, name: &'static str) -> Result<T, Error> {
        let text = self.text(name)?;
        serde_json::from_str(text).map_err(|_| Error::Unreadable {
            what: name,
            text: text.to_owned(),
        })
    }
}
