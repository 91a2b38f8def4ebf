//! A table as a page and a sheet show it: one value, drawn as HTML that a screen reader can walk, or written as CSV.

use super::shell::when;
use crate::office::export;
use crate::warehouse::{Quantity, SafeText, Timestamp};
use maud::{Markup, html};

/// Most characters of a text that stands in one line.
const CODE: usize = 20;

/// A table.
#[derive(Default)]
pub(super) struct Table {
    /// What it is: read out before its cells, and the name of its sheet.
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// The key after which the next page begins.
    pub next: Option<Vec<String>>,
    /// What stands there if there are no rows.
    pub empty: &'static str,
}

/// A column.
pub(super) struct Column {
    name: &'static str,
    is_number: bool,
}

impl Column {
    pub const fn text(name: &'static str) -> Self {
        Self {
            name,
            is_number: false,
        }
    }

    pub const fn number(name: &'static str) -> Self {
        Self {
            is_number: true,
            ..Self::text(name)
        }
    }
}

/// What stands in a cell.
pub(super) enum Cell {
    Text(SafeText),
    /// Text that leads somewhere.
    Link(SafeText, String),
    Number(String),
    NumberLink(String, String),
    When(Option<Timestamp>),
    /// Text that wants to be seen.
    Bad(SafeText),
    /// A moment that has passed though it should not have.
    Late(Timestamp),
    /// So much of so much.
    Part(Quantity, Quantity),
    /// A cell with a word more of it.
    With(Box<Cell>, SafeText),
}

impl Cell {
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(SafeText::new(text.as_ref()))
    }

    pub fn link(text: impl AsRef<str>, to: String) -> Self {
        if text.as_ref().is_empty() {
            return Self::text("");
        }
        Self::Link(SafeText::new(text.as_ref()), to)
    }

    /// A cell with a word more, if there is one to say.
    pub fn with(self, more: &str) -> Self {
        if more.is_empty() {
            return self;
        }
        Self::With(Box::new(self), SafeText::new(more))
    }

    pub fn quantity(quantity: Quantity) -> Self {
        Self::Number(quantity.to_string())
    }

    pub fn count(count: u64) -> Self {
        Self::Number(count.to_string())
    }

    /// A number that may be negative.
    pub fn whole(number: i64) -> Self {
        Self::Number(number.to_string())
    }

    fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Link(text, _) | Self::Bad(text) => {
                export::guarded(text.as_str())
            }
            Self::Number(text) | Self::NumberLink(text, _) => text.clone(),
            Self::When(at) => at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            Self::Late(at) => at.to_rfc3339(),
            Self::Part(done, of) => format!("{done}/{of}"),
            Self::With(cell, more) => format!("{} ({more})", cell.plain()),
        }
    }

    /// Whether it is a code or a word that had better not be broken.
    fn is_short(&self) -> bool {
        let text = match self {
            Self::Text(text) | Self::Link(text, _) | Self::Bad(text) => text.as_str(),
            _ => return false,
        };
        (1..=CODE).contains(&text.chars().count())
    }

    /// Whether there is nothing to see in it.
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::When(at) => at.is_none(),
            _ => false,
        }
    }

    fn drawn(&self) -> Markup {
        html! {
            @match self {
                Self::Text(text) => { (text) }
                Self::Link(text, to) => { a href=(to) { (text) } }
                Self::Number(text) => { (number(text)) }
                Self::NumberLink(text, to) => { @if text == "0" { (number(text)) } @else { a href=(to) { (text) } } }
                Self::When(at) => { @if let Some(at) = at { (when(*at)) } @else { "–" } }
                Self::Bad(text) => { strong.bad { (text) } }
                Self::Late(at) => { (when(*at)) " " strong.bad { "late" } }
                Self::Part(done, of) => { (part(*done, *of)) }
                Self::With(cell, more) => { (cell.drawn()) " " small { (more) } }
            }
        }
    }
}

fn number(text: &str) -> Markup {
    html! {
        @if text == "0" { span.none { "0" } }
        @else if text.starts_with('-') { strong.bad { (text) } }
        @else { (text) }
    }
}

/// A bar says at a glance what the words beside it say exactly.
fn part(done: Quantity, of: Quantity) -> Markup {
    html! {
        span.part {
            progress value=(done.thousandths().max(0)) max=(of.thousandths().max(1)) aria-hidden="true" {}
            span { (done) " of " (of) }
        }
    }
}

/// Where the parts of a table that is longer than its page are found.
pub(super) struct Leads<'a> {
    /// The address of the page after a key.
    pub after: &'a dyn Fn(&[String]) -> String,
    /// The address of the first page, if this is another.
    pub first: Option<String>,
    /// The address of all of it as CSV.
    pub sheet: String,
}

impl Table {
    /// As HTML. Columns in which nothing stands are left out.
    pub fn drawn(&self, leads: &Leads) -> Markup {
        let shown = |at: usize| at == 0 || self.rows.iter().any(|row| !row[at].is_empty());
        let shown: Vec<usize> = (0..self.columns.len()).filter(|&at| shown(at)).collect();
        html! {
            div.scroll role="region" aria-label=(self.caption) tabindex="0" {
                table {
                    caption { (self.caption) }
                    @if self.rows.is_empty() { tbody { tr { td { (self.empty) } } } } @else {
                        thead {
                            tr { @for &at in &shown { th.n[self.columns[at].is_number] scope="col" { (self.columns[at].name) } } }
                        }
                        tbody { @for row in &self.rows { (self.row(row, &shown)) } }
                    }
                }
            }
            @if leads.first.is_some() || !self.rows.is_empty() {
                p.below.act {
                    @if let Some(first) = &leads.first { a href=(first) { "To the beginning" } }
                    @if let Some(next) = &self.next { a rel="next" href=((leads.after)(next)) { "More rows" } }
                    @if !self.rows.is_empty() { a href=(leads.sheet) download { "All of it as CSV" } }
                }
            }
        }
    }

    fn row(&self, row: &[Cell], shown: &[usize]) -> Markup {
        html! {
            tr {
                @for &at in shown {
                    @if at == 0 { th.n[self.columns[at].is_number] scope="row" { (row[at].drawn()) } }
                    @else { td.n[self.columns[at].is_number].code[row[at].is_short()] { (row[at].drawn()) } }
                }
            }
        }
    }

    /// Writes its names, if it is the first page, and its rows.
    pub fn write(
        &self,
        out: &mut csv::Writer<Vec<u8>>,
        with_names: bool,
    ) -> Result<(), csv::Error> {
        if with_names {
            out.write_record(self.columns.iter().map(|column| column.name))?;
        }
        for row in &self.rows {
            out.write_record(row.iter().map(Cell::plain))?;
        }
        Ok(())
    }
}
