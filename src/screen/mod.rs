//! The handheld as a picture. Draws what it is given and touches nothing; every sentence stands in `words`,
//! every colour in `theme`, every key in `keys`.

mod count;
mod find;
pub mod keys;
mod labels;
mod look_up;
mod map;
mod menu;
mod messages;
mod parts;
mod receive;
mod setup;
mod shift;
mod sign_in;
mod speech;
mod tags;
mod theme;
mod words;
mod work;

pub use theme::Theme;

use crate::handheld::{Model, Screen};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::widgets::Block;

/// Draws the handheld into an area. From 20 columns by 12 rows upward nothing that matters is cut.
pub fn draw(model: &Model, theme: Theme, frame: &mut Frame, area: Rect) {
    speech::speaking(model.language(), || paint(model, theme, frame, area));
}

fn paint(model: &Model, theme: Theme, frame: &mut Frame, area: Rect) {
    frame.render_widget(Block::new().style(theme.ground()), area);
    let mut page = parts::Page::new(frame, theme, area);
    page.title(&words::title(model), &parts::status(model, area.width));
    page.keys(&words::key_line(model));
    page.notice(model.notice.as_ref());
    match &model.screen {
        Screen::SetUp(set_up) => setup::draw(model, set_up, &mut page),
        Screen::SignIn(sign_in) => sign_in::draw(model, sign_in, &mut page),
        Screen::Menu { cursor } => menu::draw(model, *cursor, &mut page),
        Screen::Own { cursor } => menu::draw_own(model, *cursor, &mut page),
        Screen::Queue(queue) => menu::draw_queue(model, queue, &mut page),
        Screen::Work(draft) => work::draw(model, draft, &mut page),
        Screen::LookUp(found) => look_up::draw(found, &mut page),
        Screen::Count(count) => count::draw(model, count, &mut page),
        Screen::Find(find) => find::draw(model, find, &mut page),
        Screen::Messages => messages::draw(model, &mut page),
        Screen::Shift(end) => shift::draw(model, end, &mut page),
        Screen::Labels(list) => labels::draw(model, list, &mut page),
    }
}

/// An area without its last rows, and those rows; never leaves less than twelve above.
pub fn split(whole: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(whole.height.saturating_sub(12));
    let [above, below] =
        Layout::vertical([Constraint::Min(0), Constraint::Length(rows)]).areas(whole);
    (above, below)
}

const fn plain() -> Style {
    Style::new()
}
