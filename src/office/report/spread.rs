//! How old stock is, and how long it is still good: in steps of days, and row by row.

use super::{Paged, paged};
use crate::office::database::{Row, values};
use crate::office::{Error, Office};
use crate::warehouse::{Quantity, WarehouseCode};
use chrono::{Days, NaiveDate};

/// By what stock is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) enum Spread {
    /// Days since it came.
    Age,
    /// Days until its last.
    Expiry,
}

/// A step: from so many days, to before so many; beyond either end where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) struct Step {
    pub name: &'static str,
    from: Option<i64>,
    before: Option<i64>,
}

const fn step(name: &'static str, from: Option<i64>, before: Option<i64>) -> Step {
    Step { name, from, before }
}

const AGES: [Step; 5] = [
    step("30 days or less", None, Some(31)),
    step("31 to 90 days", Some(31), Some(91)),
    step("91 to 180 days", Some(91), Some(181)),
    step("181 days to a year", Some(181), Some(366)),
    step("more than a year", Some(366), None),
];

const LIVES: [Step; 5] = [
    step("past its last day", None, Some(0)),
    step("a week or less", Some(0), Some(8)),
    step("8 to 30 days", Some(8), Some(31)),
    step("31 to 90 days", Some(31), Some(91)),
    step("more than 90 days", Some(91), None),
];

impl Spread {
    /// The steps, from near to far.
    pub const fn steps(self) -> &'static [Step; 5] {
        match self {
            Self::Age => &AGES,
            Self::Expiry => &LIVES,
        }
    }

    /// The days that lie in a step: at least, and before. As text that compares like the column.
    fn days(self, today: NaiveDate, step: Step) -> (String, String) {
        let ago = |days: i64| {
            let (far, span) = (days < 0, Days::new(days.unsigned_abs()));
            let at = if far {
                today.checked_add_days(span)
            } else {
                today.checked_sub_days(span)
            };
            at.map_or_else(String::new, |at| at.to_string())
        };
        match self {
            // As old as 31 to 90 days: it came before 30 days ago was a day.
            Self::Age => (
                step.before.map_or_else(String::new, |days| ago(days - 1)),
                step.from
                    .map_or_else(|| "9999".to_owned(), |days| ago(days - 1)),
            ),
            Self::Expiry => (
                step.from.map_or_else(String::new, |days| ago(-days)),
                step.before
                    .map_or_else(|| "9999".to_owned(), |days| ago(-days)),
            ),
        }
    }
}

/// What lies in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::office) struct Lying {
    pub items: u64,
    pub rows: u64,
    pub quantity: Quantity,
    /// What it is worth, in hundredths; what has no value counts nothing.
    pub value: i64,
}

/// A row of stock, and how many days lie between its day and today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::office) struct Aged {
    pub place: String,
    pub plate: String,
    pub status: String,
    pub item: String,
    pub name: String,
    pub lot: String,
    pub serial: String,
    pub unit: String,
    pub quantity: Quantity,
    pub day: String,
    day_key: String,
}

impl Office {
    /// What lies in each step, in their order.
    pub(in crate::office) fn spread(
        &self,
        warehouse: &WarehouseCode,
        spread: Spread,
        today: NaiveDate,
    ) -> Result<Vec<(Step, Lying)>, Error> {
        let by_age = "SELECT COUNT(DISTINCT s.item) AS items, COUNT(*) AS many, COALESCE(SUM(s.quantity), 0) AS quantity,
                COALESCE(SUM(s.quantity * v.value / 1000), 0) AS value FROM stock s LEFT JOIN item_values v ON v.item = s.item
            WHERE s.warehouse = ?1 AND s.quantity > 0 AND s.place LIKE '%:%' AND s.since >= ?2 AND s.since < ?3";
        let by_life = "SELECT COUNT(DISTINCT s.item) AS items, COUNT(*) AS many, COALESCE(SUM(s.quantity), 0) AS quantity,
                COALESCE(SUM(s.quantity * v.value / 1000), 0) AS value FROM stock s LEFT JOIN item_values v ON v.item = s.item
            WHERE s.warehouse = ?1 AND s.quantity > 0 AND s.place LIKE '%:%' AND s.expiry >= ?2 AND s.expiry < ?3";
        let sql = match spread {
            Spread::Age => by_age,
            Spread::Expiry => by_life,
        };
        self.database().read_at_length(|tx| {
            let lying = spread.steps().iter().map(|&step| {
                let (least, before) = spread.days(today, step);
                let row = tx.first(sql, values![warehouse.as_str(), least, before])?;
                Ok((step, row.as_ref().map_or(Ok(Lying::default()), lying)?))
            });
            lying.collect()
        })
    }

    /// One page of the stock of a step, or of all of it: the oldest first, or what ends first.
    pub(in crate::office) fn spread_rows(
        &self,
        warehouse: &WarehouseCode,
        spread: Spread,
        today: NaiveDate,
        only: Option<usize>,
        (after, most): (&[String], usize),
    ) -> Result<Paged<Aged>, Error> {
        let all = step("", None, None);
        let step = only.and_then(|at| spread.steps().get(at)).copied();
        let (least, before) = spread.days(today, step.unwrap_or(all));
        let column = match spread {
            Spread::Age => "s.since",
            Spread::Expiry => "s.expiry",
        };
        let mut words = super::Words::default();
        let asked = [warehouse.as_str(), &least, &before];
        let [warehouse, least, before] = asked.map(|text| words.put(text));
        let mut next = String::new();
        if after.len() == 7 {
            let key: Vec<String> = after.iter().map(|part| words.put(part.as_str())).collect();
            next = format!(
                " AND ({column}, s.place, s.plate, s.status, s.item, s.lot, s.serial) > ({})",
                key.join(", ")
            );
        }
        let sql = format!(
            "SELECT {column} AS day, s.place, s.plate, s.status, s.item, s.lot, s.serial, s.quantity, COALESCE(i.name, '') AS name,
                 COALESCE(i.unit, '') AS unit FROM stock s LEFT JOIN items i ON i.code = s.item
             WHERE s.warehouse = {warehouse} AND s.quantity > 0 AND s.place LIKE '%:%' AND {column} >= {least} AND {column} < {before}{next}
             ORDER BY {column}, s.place, s.plate, s.status, s.item, s.lot, s.serial LIMIT {}",
            most.saturating_add(1)
        );
        let rows = self
            .database()
            .read_at_length(|tx| Ok::<_, Error>(tx.rows(&sql, &words.values)?))?;
        paged(rows, most, aged, |row| {
            let key = [
                &row.day_key,
                &row.place,
                &row.plate,
                &row.status,
                &row.item,
                &row.lot,
                &row.serial,
            ];
            key.map(Clone::clone).to_vec()
        })
    }
}

fn lying(row: &Row) -> Result<Lying, Error> {
    Ok(Lying {
        items: row.count("items")?,
        rows: row.count("many")?,
        quantity: Quantity::from_thousandths(row.int("quantity")?),
        value: row.int("value")?,
    })
}

fn aged(row: &Row) -> Result<Aged, Error> {
    let text = |name| row.text(name).map(str::to_owned);
    let day_key = text("day")?;
    Ok(Aged {
        place: text("place")?,
        plate: text("plate")?,
        status: text("status")?,
        item: text("item")?,
        name: text("name")?,
        lot: text("lot")?,
        serial: text("serial")?,
        unit: text("unit")?,
        quantity: Quantity::from_thousandths(row.int("quantity")?),
        day: day_key.chars().take(10).collect(),
        day_key,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day lies in one step, and in one only.
    #[test]
    fn the_steps_leave_no_day_out_and_share_none() {
        let today: NaiveDate = "2027-03-01".parse().expect("a day");
        for spread in [Spread::Age, Spread::Expiry] {
            for days in -500i64..500 {
                let day = today + chrono::TimeDelta::days(days);
                let text = match spread {
                    Spread::Age => format!("{day}T09:00:00+00:00"),
                    Spread::Expiry => day.to_string(),
                };
                let lies = spread.steps().iter().filter(|step| {
                    let (least, before) = spread.days(today, **step);
                    text >= least && text < before
                });
                assert_eq!(lies.count(), 1, "{spread:?} {text}");
            }
        }
        let (least, before) = Spread::Expiry.days(today, LIVES[1]);
        assert_eq!(
            (least.as_str(), before.as_str()),
            ("2027-03-01", "2027-03-09")
        );
        let (least, before) = Spread::Age.days(today, AGES[1]);
        assert_eq!(
            (least.as_str(), before.as_str()),
            ("2026-12-01", "2027-01-30")
        );
    }
}
