//! What every page stands in: head, navigation, choice of warehouse, and the two files that pages use.

use super::session::Person;
use super::users::Role;
use crate::warehouse::{Timestamp, WarehouseCode};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// What a page is.
pub(super) struct Frame<'a> {
    pub title: &'a str,
    pub path: &'a str,
    pub person: &'a Person,
    pub here: &'a WarehouseCode,
    pub warehouses: &'a [WarehouseCode],
    /// The state of the office that a page shows which refreshes itself; none for one that does not.
    pub seen: Option<u64>,
}

const PLACES: [(&str, &str, Role); 13] = [
    ("/", "Activity", Role::Viewer),
    ("/stock", "Stock", Role::Viewer),
    ("/orders", "Orders", Role::Viewer),
    ("/tasks", "Tasks", Role::Viewer),
    ("/moves", "Movements", Role::Viewer),
    ("/map", "Map", Role::Viewer),
    ("/reports", "Reports", Role::Viewer),
    ("/exceptions", "Exceptions", Role::Viewer),
    ("/planning", "Planning", Role::Viewer),
    ("/workers", "Workers", Role::Viewer),
    ("/devices", "Handhelds", Role::Viewer),
    ("/import", "Import", Role::Manager),
    ("/acts", "Who did what", Role::Administrator),
];

pub(super) async fn css() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("../../../assets/web/office.css")).into_response()
}

pub(super) async fn js() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("../../../assets/web/office.js")).into_response()
}

fn document(title: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Stockhand" }
                link rel="stylesheet" href="/office.css";
                script src="/office.js" defer {}
            }
            body { (body) }
        }
    };
    page.into_string()
}

/// A page for someone who is signed in.
pub(super) fn page(frame: &Frame, main: &Markup) -> Response {
    let body = html! {
        a.skip href="#main" { "Skip to the content" }
        header {
            strong.mark { "Stockhand" }
            nav aria-label="Pages" {
                @for (path, name, role) in PLACES {
                    @if frame.person.role >= role {
                        a href=(at(path, frame.here)) aria-current=[(path == frame.path).then_some("page")] { (name) }
                    }
                }
            }
            (warehouse_switch(frame))
            form.out method="post" action="/sign-out" {
                a href="/account" { (frame.person.name) " (" (frame.person.role.name()) ")" }
                button type="button" id="theme" hidden { "Light or dark" }
                button { "Sign out" }
            }
        }
        main id="main" tabindex="-1" data-seen=[frame.seen] {
            h1 { (frame.title) }
            @if frame.person.lacks_factor {
                p.alert role="status" { "Administrators here need a second factor. Until you have one you may only look: " a href="/account" { "set it up" } "." }
            }
            (main)
        }
    };
    Html(document(frame.title, &body)).into_response()
}

fn warehouse_switch(frame: &Frame) -> Markup {
    html! {
        form.switch method="get" action=(frame.path) {
            label for="warehouse" { "Warehouse" }
            select id="warehouse" name="warehouse" {
                @for code in frame.warehouses {
                    option value=(code) selected[code == frame.here] { (code) }
                }
            }
            button { "Show" }
        }
    }
}

/// A page for someone who is not signed in.
pub(super) fn bare(status: StatusCode, title: &str, main: &Markup) -> Response {
    let body = html! {
        main.bare id="main" {
            strong.mark { "Stockhand" }
            h1 { (title) }
            (main)
        }
    };
    (status, Html(document(title, &body))).into_response()
}

/// A page that says why not.
pub(super) fn refusal(status: StatusCode, text: &str) -> Response {
    let main = html! {
        p.alert role="alert" { (text) }
        p { a href="/" { "To the first page" } }
    };
    bare(status, "This was not done", &main)
}

/// A page of a warehouse.
pub(super) fn at(path: &str, warehouse: &WarehouseCode) -> String {
    address(path, &[("warehouse", warehouse.as_str())])
}

/// An address with what it asks for.
pub(super) fn address(path: &str, asked: &[(&str, &str)]) -> String {
    let mut said = path.to_owned();
    for (at, (name, text)) in asked.iter().enumerate() {
        said.push(if at == 0 { '?' } else { '&' });
        said.extend([format!("{name}={}", written(text))]);
    }
    said
}

/// A text as it stands in a URL's query (RFC 3986 §2.1).
pub(super) fn written(text: &str) -> String {
    let written = |byte: u8| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(written).collect()
}

/// A moment, in the office's own time.
pub(super) fn when(at: Timestamp) -> Markup {
    let local = at.with_timezone(&chrono::Local);
    html! { time datetime=(at.to_rfc3339()) { (local.format("%F %R").to_string()) } }
}
