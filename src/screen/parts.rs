//! The parts that every screen is put together from: bars, the notice band, big lines, lists.

use super::theme::Theme;
use super::{plain, words};
use crate::handheld::{Model, Notice};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A screen being drawn from top to bottom: bars first, then lines into the room between.
pub(super) struct Page<'a, 'b> {
    frame: &'a mut Frame<'b>,
    theme: Theme,
    /// What is still free.
    room: Rect,
}

impl<'a, 'b> Page<'a, 'b> {
    pub(super) fn new(frame: &'a mut Frame<'b>, theme: Theme, room: Rect) -> Self {
        Self { frame, theme, room }
    }

    pub(super) const fn theme(&self) -> Theme {
        self.theme
    }

    pub(super) const fn width(&self) -> usize {
        self.room.width as usize
    }

    /// Free rows.
    pub(super) const fn left(&self) -> usize {
        self.room.height as usize
    }

    fn put(&mut self, y: u16, text: &str, style: Style) {
        let width = self.room.width as usize;
        let line = pad(text, width);
        self.frame
            .buffer_mut()
            .set_stringn(self.room.x, y, line, width, style);
    }

    fn top(&mut self) -> Option<u16> {
        (self.room.height > 0).then(|| {
            let y = self.room.y;
            self.room.y += 1;
            self.room.height -= 1;
            y
        })
    }

    fn bottom(&mut self) -> Option<u16> {
        (self.room.height > 0).then(|| {
            self.room.height -= 1;
            self.room.y + self.room.height
        })
    }

    /// The bar at the top: where am I; and how things stand, beside it or below it.
    pub(super) fn title(&mut self, title: &str, status: &str) {
        let (width, bar) = (self.width(), self.theme.bar());
        let Some(y) = self.top() else { return };
        if title.width() + status.width() < width {
            let gap = width - title.width() - status.width();
            return self.put(y, &format!("{title}{:gap$}{status}", ""), bar);
        }
        self.put(y, title, bar);
        if let Some(y) = self.top() {
            self.put(y, status, bar);
        }
    }

    /// The keys at the bottom, on as many rows as they need, two at most.
    pub(super) fn keys(&mut self, keys: &[(&str, String)]) {
        let width = self.width();
        let cells: Vec<String> = keys
            .iter()
            .map(|(key, word)| format!("{key} {word}"))
            .collect();
        let rows = columns(&cells, width)
            .or_else(|| flow(&cells, width))
            .unwrap_or_else(|| vec![clip(&cells.join(" "), width)]);
        let bar = self.theme.bar();
        for row in rows.iter().rev() {
            if let Some(y) = self.bottom() {
                self.put(y, row, bar);
            }
        }
    }

    /// The band above the keys: what was just accepted or refused, and what to do next.
    pub(super) fn notice(&mut self, notice: Option<&Notice>) {
        let most = if self.room.height >= 12 { 4 } else { 3 };
        let Some(notice) = notice else { return };
        let text = format!("{} {}", words::sign(notice.tone()), words::notice(notice));
        let rows = wrap(&text, self.width(), most);
        let style = self.theme.notice(notice.tone());
        for row in rows.iter().rev() {
            if let Some(y) = self.bottom() {
                self.put(y, row, style);
            }
        }
    }

    /// One line, cut with `…` if it is too long.
    pub(super) fn line(&mut self, text: &str, style: Style) {
        let text = clip(text, self.width());
        if let Some(y) = self.top() {
            self.put(y, &text, style);
        }
    }

    /// A text over as many rows as it needs, `most` of them.
    pub(super) fn text(&mut self, text: &str, style: Style, most: usize) {
        for row in wrap(text, self.width(), most) {
            self.line(&row, style);
        }
    }

    /// The one thing that must be read from an arm's length; with air around it where there is room.
    pub(super) fn big(&mut self, text: &str) {
        let style = self.theme.big();
        let airy = self.room.height >= 14;
        if airy {
            self.line("", style);
        }
        let width = self.width();
        let spaced: String = text.chars().flat_map(|c| [c, ' ']).collect();
        let is_code = !text.contains(' ');
        let text = if airy && is_code && spaced.width() + 2 <= width {
            spaced.trim_end().to_owned()
        } else {
            text.to_owned()
        };
        let margin = width.saturating_sub(text.width()) / 2;
        self.line(&format!("{:margin$}{text}", ""), style);
        if airy {
            self.line("", style);
        }
    }

    /// An empty line, if there is room for one.
    pub(super) fn gap(&mut self) {
        if self.room.height > 3 {
            self.line("", plain());
        }
    }

    /// An empty line where there is plenty of room.
    pub(super) fn breathe(&mut self) {
        if self.room.height > 12 {
            self.line("", plain());
        }
    }

    /// A list with a cursor, scrolled so that the cursor is seen; `v` and `^` where there is more of it.
    pub(super) fn list(&mut self, rows: &[String], cursor: usize) {
        let (room, theme) = (self.left(), self.theme);
        let first = cursor
            .saturating_sub(room.saturating_sub(1))
            .min(rows.len().saturating_sub(room));
        for (at, row) in rows.iter().enumerate().skip(first).take(room) {
            let style = if at == cursor {
                theme.cursor()
            } else {
                plain()
            };
            let sign = if at + 1 == first + room && at + 1 < rows.len() {
                "v"
            } else if at == first && first > 0 {
                "^"
            } else {
                self.line(row, style);
                continue;
            };
            let width = self.width().saturating_sub(2);
            self.line(&format!("{} {sign}", pad(&clip(row, width), width)), style);
        }
    }
}

/// How things stand: link, unsent, battery, clock; as much as there is room for.
pub(super) fn status(model: &Model, width: u16) -> String {
    let in_full = width >= 40;
    if model.is_practice() {
        return practice(model, in_full);
    }
    let link = match model.fetching {
        Some((done, all)) if all > 0 => format!("{}%", done.saturating_mul(100) / all),
        _ => words::link(&model.link, in_full).to_owned(),
    };
    let unsent = words::unsent(model.unsent.count, in_full);
    let gap = if in_full { "  " } else { " " };
    let power = model.power.map_or_else(String::new, |power| {
        let sign = if power.charging { "+" } else { "" };
        format!("{gap}{sign}{}%", power.percent)
    });
    let clock = model.now.with_timezone(&chrono::Local).format("%H:%M");
    let whole = format!(" {link}{unsent}{power}{gap}{clock}");
    if whole.width() <= width as usize {
        whole
    } else {
        format!(" {link}{unsent} {clock}")
    }
}

/// What stands on every screen of a practice, instead of how things stand with the office.
fn practice(model: &Model, in_full: bool) -> String {
    let clock = model.now.with_timezone(&chrono::Local).format("%H:%M");
    format!(" !! {} {clock}", words::practice(in_full))
}

/// Cells side by side, in one row or in two rows of equal columns; none where something would be cut.
fn columns(cells: &[String], width: usize) -> Option<Vec<String>> {
    let one = cells.join("  ");
    if one.width() <= width {
        return Some(vec![one]);
    }
    let half = cells.len().div_ceil(2);
    let column = width / half.max(1);
    let fits = cells.iter().all(|cell| cell.width() < column);
    let row = |row: &[String]| row.iter().map(|cell| pad(cell, column)).collect();
    fits.then(|| cells.chunks(half).map(row).collect())
}

/// Puts cells one after another into rows of this width, as far apart as two rows allow.
fn flow(cells: &[String], width: usize) -> Option<Vec<String>> {
    (1..=3).rev().find_map(|gap| {
        let mut rows: Vec<String> = Vec::new();
        for cell in cells {
            match rows.last_mut() {
                Some(row) if row.width() + gap + cell.width() <= width => {
                    row.push_str(&" ".repeat(gap));
                    row.push_str(cell);
                }
                _ => rows.push(cell.clone()),
            }
        }
        let fits = rows.len() <= 2 && rows.iter().all(|row| row.width() <= width);
        fits.then_some(rows)
    })
}

/// Cuts a text to a width in cells, with `…` where something is missing.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used + 1 > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

fn pad(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(text.width());
    format!("{text}{:gap$}", "")
}

/// Breaks a text into rows at spaces; a word longer than a row is broken where the row ends. The last row is cut.
pub(super) fn wrap(text: &str, width: usize, most: usize) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut row = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        if !row.is_empty() && row.width() + 1 + word.width() > width {
            rows.push(std::mem::take(&mut row));
        }
        while word.width() > width && width > 0 {
            let cut = word
                .char_indices()
                .nth(width)
                .map_or(word.len(), |(at, _)| at);
            rows.push(word[..cut].to_owned());
            word = &word[cut..];
        }
        if !row.is_empty() {
            row.push(' ');
        }
        row.push_str(word);
    }
    if !row.is_empty() {
        rows.push(row);
    }
    if rows.len() > most {
        rows.truncate(most);
        if let Some(last) = rows.last_mut() {
            last.push('…');
            *last = clip(last, width);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_broken_at_spaces_and_cut_at_the_end() {
        assert_eq!(wrap("go to the bin", 6, 9), ["go to", "the", "bin"]);
        assert_eq!(wrap("abcdefgh", 3, 9), ["abc", "def", "gh"]);
        assert_eq!(wrap("one two three", 5, 2), ["one", "two…"]);
    }

    #[test]
    fn a_clipped_text_says_so_and_fits() {
        assert_eq!(clip("A-01-03", 7), "A-01-03");
        assert_eq!(clip("A-01-03", 5), "A-01…");
    }
}
