//! A transaction on a PostgreSQL server: statements prepared once a connection, long answers page by page.

use super::{Error, Row, Value, speech};
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Portal, Statement, Transaction};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

/// Rows that are fetched at once of a long answer.
const PAGE: i32 = 500;
/// Statements that a connection keeps prepared. The office says about half as many; beyond it begins anew.
const PREPARED: usize = 1000;

/// Statements that are prepared on a connection, by what the office says.
pub(super) type Prepared = HashMap<String, Statement>;

/// A transaction under way.
pub(super) struct Talk<'a> {
    tx: RefCell<Transaction<'a>>,
    prepared: RefCell<&'a mut Prepared>,
    changes: Cell<u64>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(tx: Transaction<'a>, prepared: &'a mut Prepared) -> Self {
        Self {
            tx: RefCell::new(tx),
            prepared: RefCell::new(prepared),
            changes: Cell::new(0),
        }
    }

    /// How many rows were written so far.
    pub(super) fn changes(&self) -> u64 {
        self.changes.get()
    }

    pub(super) fn commit(self) -> Result<(), Error> {
        Ok(self.tx.into_inner().commit()?)
    }

    fn statement(&self, sql: &str) -> Result<Statement, Error> {
        let mut prepared = self.prepared.borrow_mut();
        if let Some(statement) = prepared.get(sql) {
            return Ok(statement.clone());
        }
        if prepared.len() >= PREPARED {
            prepared.clear();
        }
        let statement = self.tx.borrow_mut().prepare(&speech::statement(sql))?;
        prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// What is asked of a transaction on a server. It hides how long the connection is borrowed, which would make a [`super::Tx`]
/// awkward to keep in a struct.
pub(super) trait Speak {
    /// Says what has no values and no answer.
    fn say(&self, sql: &str) -> Result<(), Error>;
    fn run(&self, sql: &str, values: &[Value]) -> Result<usize, Error>;
    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error>;
    /// Begins an answer that is fetched page by page. Other questions may be asked between two pages.
    fn begin(&self, sql: &str, values: &[Value]) -> Result<Answer, Error>;
    /// The next rows of it; none if it has ended.
    fn page(&self, answer: &mut Answer) -> Result<Vec<Row>, Error>;
}

/// An answer of which there is more to fetch.
pub(super) struct Answer {
    portal: Portal,
    names: Arc<Vec<String>>,
    has_ended: bool,
}

impl Speak for Talk<'_> {
    fn say(&self, sql: &str) -> Result<(), Error> {
        Ok(self.tx.borrow_mut().batch_execute(sql)?)
    }

    fn run(&self, sql: &str, values: &[Value]) -> Result<usize, Error> {
        let statement = self.statement(sql)?;
        let touched = self.tx.borrow_mut().execute(&statement, &given(values))?;
        self.changes.set(self.changes.get() + touched);
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    fn rows(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql)?;
        let rows = self.tx.borrow_mut().query(&statement, &given(values))?;
        if !sql.trim_start().starts_with("SELECT") {
            let written = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            self.changes.set(self.changes.get() + written);
        }
        let names = names(&statement);
        rows.iter().map(|found| row(&names, found)).collect()
    }

    fn begin(&self, sql: &str, values: &[Value]) -> Result<Answer, Error> {
        let statement = self.statement(sql)?;
        Ok(Answer {
            names: names(&statement),
            portal: self.tx.borrow_mut().bind(&statement, &given(values))?,
            has_ended: false,
        })
    }

    fn page(&self, answer: &mut Answer) -> Result<Vec<Row>, Error> {
        if answer.has_ended {
            return Ok(Vec::new());
        }
        let page = self.tx.borrow_mut().query_portal(&answer.portal, PAGE)?;
        answer.has_ended = page.len() < usize::try_from(PAGE).expect("a few hundred");
        page.iter().map(|found| row(&answer.names, found)).collect()
    }
}

fn given(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

fn names(statement: &Statement) -> Arc<Vec<String>> {
    let columns = statement.columns().iter();
    Arc::new(columns.map(|column| column.name().to_owned()).collect())
}

fn row(names: &Arc<Vec<String>>, found: &postgres::Row) -> Result<Row, Error> {
    let values = (0..names.len())
        .map(|at| Ok(found.try_get::<_, Value>(at)?))
        .collect::<Result<_, Error>>()?;
    Ok(Row {
        names: names.clone(),
        values,
    })
}

type Trouble = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Trouble> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::BOOL) => (*value != 0).to_sql(ty, out),
            (Self::Int(value), &Type::NUMERIC) => {
                out.extend_from_slice(&decimal(*value));
                Ok(IsNull::No)
            }
            (Self::Int(value), &Type::TEXT) => value.to_string().to_sql(ty, out),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR) => text.to_sql(ty, out),
            (value, ty) => Err(format!("{value:?} is given where a {ty} is wanted").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8 | Type::INT4 | Type::BOOL | Type::NUMERIC | Type::TEXT | Type::VARCHAR
        )
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Trouble> {
        Ok(match *ty {
            Type::INT8 => Self::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Self::Int(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Self::Int(bool::from_sql(ty, raw)?.into()),
            Type::NUMERIC => Self::Int(whole(raw).ok_or("a number that is not whole, or too big")?),
            _ => Self::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Trouble> {
        Ok(Self::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::BOOL | Type::NUMERIC)
            || <String as FromSql>::accepts(ty)
    }
}

// NUMERIC on the wire: four 16-bit numbers (how many digits, weight of the first, sign, scale), then digits to base 10000.

fn decimal(value: i64) -> Vec<u8> {
    let mut left = value.unsigned_abs();
    let mut digits = Vec::new();
    while left > 0 {
        digits.push(u16::try_from(left % 10_000).expect("below 10000"));
        left /= 10_000;
    }
    let count = u16::try_from(digits.len()).expect("five at most");
    let sign = if value < 0 { 0x4000 } else { 0 };
    let head = [count, count.saturating_sub(1), sign, 0];
    let all = head.into_iter().chain(digits.into_iter().rev());
    all.flat_map(u16::to_be_bytes).collect()
}

fn whole(raw: &[u8]) -> Option<i64> {
    let (numbers, []) = raw.as_chunks::<2>() else {
        return None;
    };
    let mut numbers = numbers.iter().map(|pair| u16::from_be_bytes(*pair));
    let (count, weight) = (numbers.next()?, numbers.next()?.cast_signed());
    let (sign, _scale) = (numbers.next()?, numbers.next()?);
    let mut value: i128 = 0;
    let mut digits = numbers.take(count.into());
    for place in 0..=weight.min(5) {
        let _ = place;
        value = value * 10_000 + i128::from(digits.next().unwrap_or(0));
    }
    if weight > 5 || digits.any(|digit| digit != 0) {
        return None;
    }
    match sign {
        0 => i64::try_from(value).ok(),
        0x4000 => i64::try_from(-value).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_survive_the_wire_as_numeric_and_others_are_refused() {
        for value in [
            0,
            1,
            -1,
            9999,
            10_000,
            -10_000,
            123_456_789,
            i64::MAX,
            i64::MIN,
        ] {
            assert_eq!(whole(&decimal(value)), Some(value), "{value}");
        }
        // 1.5, NaN, 10^24, and a broken one.
        for raw in [
            &[0, 2, 0, 0, 0, 0, 0, 1, 0, 1, 0x13, 0x88][..],
            &[0, 0, 0, 0, 0xC0, 0, 0, 0],
            &[0, 1, 0, 6, 0, 0, 0, 0, 0, 1],
            &[0],
        ] {
            assert_eq!(whole(raw), None, "{raw:?}");
        }
    }
}
