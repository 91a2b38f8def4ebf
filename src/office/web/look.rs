//! A page that is read: what it was asked, what it shows, and the same tables as sheets.

use super::desk::Desk;
use super::gate::Signed;
use super::pages::{Ground, either, ground_of, show};
use super::shell;
use super::table::{Leads, Table};
use super::users::Role;
use crate::office::{Error, Office};
use crate::sync::RefusedKind;
use crate::warehouse::{Timestamp, WarehouseCode};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{Days, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows of a table on a page, and at a time for a sheet.
const ON_PAGE: usize = 50;
const FOR_SHEET: usize = 2000;
/// Largest sheet, in bytes.
const SHEET: usize = 64 * 1024 * 1024;
/// Parts the texts of a key in an address: no code can hold it.
const PARTED: char = '\u{1f}';

/// What an address asks for, by name. What is empty is not asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Wish(BTreeMap<String, String>);

impl Wish {
    fn new(asked: BTreeMap<String, String>) -> Self {
        let trimmed = asked
            .into_iter()
            .map(|(name, text)| (name, text.trim().to_owned()));
        Self(trimmed.filter(|(_, text)| !text.is_empty()).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// A moment: as a browser's field gives it, in the office's own time, or with its zone.
    pub fn moment(&self, name: &str) -> Result<Option<Timestamp>, Error> {
        let Some(text) = self.get(name) else {
            return Ok(None);
        };
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(Some(at));
        }
        let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
        let local = forms
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
            .and_then(|at| Local.from_local_datetime(&at).earliest());
        let bad = || {
            let note = format!("{name} is a day and a time, such as 2027-03-01T14:30.");
            Error::refused(RefusedKind::Body, note)
        };
        local.map(|at| Some(at.with_timezone(&Utc))).ok_or_else(bad)
    }

    /// The address of the same page with some of it asked for otherwise; what becomes empty is left out.
    pub fn address(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let mut asked = self.0.clone();
        for (name, text) in changes {
            asked.insert((*name).to_owned(), (*text).to_owned());
        }
        let pairs: Vec<(&str, &str)> = asked
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        shell::address(path, &pairs)
    }
}

/// Who looks at what.
pub(super) struct Look<'a> {
    pub office: &'a Office,
    pub here: &'a WarehouseCode,
    pub wish: &'a Wish,
    pub role: Role,
    pub now: Timestamp,
    /// Rows of a table at a time.
    pub most: usize,
}

impl Look<'_> {
    /// The key after which the rows of a table begin that are asked for.
    pub fn after(&self, table: usize) -> Vec<String> {
        let is_it = self.number() == table;
        let key = self.wish.get("after").filter(|_| is_it);
        key.map_or_else(Vec::new, |key| {
            key.split(PARTED).map(str::to_owned).collect()
        })
    }

    fn number(&self) -> usize {
        let number = self.wish.get("table").and_then(|text| text.parse().ok());
        number.unwrap_or(0)
    }

    /// The days a report is about, whole days of the office: as asked, or the last so many until now.
    pub fn period(&self, usual: u64) -> Result<(Timestamp, Timestamp), Error> {
        let day = |name| {
            let text = self.wish.get(name);
            let bad = || {
                let note = format!("{name} is a day, such as 2027-03-01.");
                Error::refused(RefusedKind::Body, note)
            };
            let day = text.map(|text| text.parse::<NaiveDate>().map_err(|_| bad()));
            day.transpose()
        };
        let today = self.now.with_timezone(&Local).date_naive();
        let from = day("from")?.or_else(|| today.checked_sub_days(Days::new(usual)));
        let until = day("until")?
            .unwrap_or(today)
            .checked_add_days(Days::new(1));
        let begins = |day: Option<NaiveDate>| {
            let midnight = day?
                .and_time(NaiveTime::MIN)
                .and_local_timezone(Local)
                .earliest();
            midnight.map(|at| at.with_timezone(&Utc))
        };
        let until = begins(until).map(|at| at - chrono::TimeDelta::milliseconds(1));
        // Where the clocks are put forward at midnight, the day has another beginning.
        Ok((begins(from).unwrap_or(self.now), until.unwrap_or(self.now)))
    }

    /// The address of another page of this warehouse.
    pub fn to(&self, path: &str, asked: &[(&str, &str)]) -> String {
        let mut pairs = vec![("warehouse", self.here.as_str())];
        pairs.extend(asked);
        shell::address(path, &pairs)
    }
}

/// What a page shows: words and tables in turn.
pub(super) struct View {
    pub title: String,
    /// Its own address, and that of the entry of the navigation it belongs to.
    pub path: &'static str,
    pub section: &'static str,
    pub parts: Vec<Part>,
}

pub(super) enum Part {
    Words(Markup),
    Table(Table),
}

pub(super) type Asked = Result<Query<BTreeMap<String, String>>, QueryRejection>;
type Looker = fn(&Look) -> Result<View, Error>;

/// Answers with a page, or with one of its tables as a sheet.
pub(super) async fn read(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
    look: Looker,
) -> Response {
    let done = async {
        let Ok(Query(asked)) = asked else {
            let text = "This address cannot be read.";
            return Err(shell::refusal(StatusCode::BAD_REQUEST, text));
        };
        let wish = Wish::new(asked);
        let ground = ground_of(&desk, wish.get("warehouse")).await?;
        let (here, role) = (ground.here.clone(), signed.person.role);
        if wish.get("as") == Some("csv") {
            let made = desk
                .ask(move |desk| sheet(&desk.office, &here, wish, role, look))
                .await?;
            return Ok(made);
        }
        let (view, wish) = desk
            .ask(move |desk| {
                let asked = Look {
                    office: &desk.office,
                    here: &here,
                    wish: &wish,
                    role,
                    now: Utc::now(),
                    most: ON_PAGE,
                };
                let view = look(&asked)?;
                Ok((view, wish))
            })
            .await?;
        Ok(page(&view, &wish, &signed, &ground))
    };
    either(done.await)
}

fn page(view: &View, wish: &Wish, signed: &Signed, ground: &Ground) -> Response {
    let mut number = 0;
    let mut drawn = Vec::new();
    for part in &view.parts {
        match part {
            Part::Words(words) => drawn.push(words.clone()),
            Part::Table(table) => {
                drawn.push(one(view.path, table, number, wish));
                number += 1;
            }
        }
    }
    let main = html! { @for part in &drawn { (part) } };
    show((&view.title, view.section), signed, ground, &main)
}

fn one(path: &str, table: &Table, number: usize, wish: &Wish) -> Markup {
    let number = number.to_string();
    let pages = |key: &[String]| {
        let key = key.join(&PARTED.to_string());
        wish.address(path, &[("table", number.as_str()), ("after", key.as_str())])
    };
    let sheet = wish.address(
        path,
        &[("table", number.as_str()), ("after", ""), ("as", "csv")],
    );
    let is_first =
        wish.get("after").is_none() || wish.get("table").unwrap_or("0") != number.as_str();
    let first = || wish.address(path, &[("table", ""), ("after", "")]);
    table.drawn(&Leads {
        after: &pages,
        first: (!is_first).then(first),
        sheet,
    })
}

/// All of a table, page after page. Refused if it is too large to be asked for at once.
fn sheet(
    office: &Office,
    here: &WarehouseCode,
    mut wish: Wish,
    role: Role,
    look: Looker,
) -> Result<Response, Error> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut is_first = true;
    let name = loop {
        let asked = Look {
            office,
            here,
            wish: &wish,
            role,
            now: Utc::now(),
            most: FOR_SHEET,
        };
        let number = asked.number();
        let tables = look(&asked)?
            .parts
            .into_iter()
            .filter_map(|part| match part {
                Part::Table(table) => Some(table),
                Part::Words(_) => None,
            });
        let Some(table) = tables.into_iter().nth(number) else {
            let note = "There is no such table on this page.";
            return Err(Error::refused(RefusedKind::Body, note));
        };
        let trouble = |why: csv::Error| Error::refused(RefusedKind::Trouble, why.to_string());
        table.write(&mut out, is_first).map_err(trouble)?;
        is_first = false;
        let Some(next) = &table.next else {
            break table.caption;
        };
        if out.get_ref().len() > SHEET {
            let note = "This sheet is too large. Ask for less, such as one item or one day.";
            return Err(Error::refused(RefusedKind::Size, note));
        }
        let key = next.join(&PARTED.to_string());
        wish.0.insert("after".to_owned(), key);
    };
    let bytes = out
        .into_inner()
        .map_err(|why| Error::refused(RefusedKind::Trouble, why.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, attached(&name)),
    ];
    Ok((headers, bytes).into_response())
}

fn attached(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = name.chars().take(60).map(plain).collect();
    format!(
        "attachment; filename=\"{}.csv\"",
        name.trim_matches('-').to_lowercase()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(pairs: &[(&str, &str)]) -> Wish {
        let owned = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Wish::new(owned.collect())
    }

    #[test]
    fn an_address_keeps_what_was_asked_and_leaves_out_what_is_empty() {
        let asked = wish(&[("q", " a&b "), ("after", "x"), ("by", "")]);
        assert_eq!(asked.get("by"), None);
        let next = asked.address("/stock", &[("after", ""), ("as", "csv")]);
        assert_eq!(next, "/stock?as=csv&q=a%26b");
    }

    #[test]
    fn a_moment_is_one_or_is_refused() {
        let at = |text| wish(&[("as_of", text)]).moment("as_of");
        assert_eq!(at("").ok(), Some(None));
        let local = at("2027-03-01T14:30").ok().flatten().expect("a moment");
        let shown = local.with_timezone(&Local).format("%F %R").to_string();
        assert_eq!(shown, "2027-03-01 14:30");
        assert!(at("2027-03-01T14:30:00Z").is_ok());
        assert!(at("yesterday").is_err());
    }
}
