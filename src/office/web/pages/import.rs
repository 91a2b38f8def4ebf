//! Bringing sheets in through the page: first all of it is looked at and every bad row is told, then one button takes it in.

use super::super::acts::{self, Act};
use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell;
use super::super::users::Role;
use super::{Asked, either, filled, ground, show};
use crate::office::enrol::random_hex;
use crate::office::import::{BadRow, Imported, NotImported, Sheet};
use crate::office::{Error, Office};
use crate::warehouse::SafeText;
use axum::Form;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Instant;

/// Largest upload, in bytes; more is brought in by command.
pub(in super::super) const UPLOAD: usize = 32 * 1024 * 1024;
/// Most sheets of an upload.
const SHEETS: usize = 64;

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
) -> Response {
    let done = async {
        signed.needs(Role::Manager)?;
        let main = form();
        // The very first sheets name the first warehouse.
        if desk.ask(|desk| desk.office.is_empty()).await? {
            return Ok(shell::bare(StatusCode::OK, "Bring sheets in", &main));
        }
        let ground = ground(&desk, asked).await?;
        Ok(show(
            ("Bring sheets in", "/import"),
            &signed,
            &ground,
            &main,
        ))
    };
    either(done.await)
}

fn form() -> Markup {
    html! {
        section.act {
            h2 { "Choose the sheets" }
            form.row method="post" action="/import" enctype="multipart/form-data" {
                label for="sheets" { "CSV files, each by the name of what it holds" }
                input id="sheets" type="file" name="sheets" accept=".csv,text/csv" multiple required;
                button { "Look them through" }
            }
            p.faint { "Nothing comes in yet: first every bad row is told. Sheets may be sent again and again; what is there already is updated." }
            details { summary { "Names of the sheets" } p { @for name in Sheet::names() { code { (name) } " " } } }
        }
    }
}

/// The sheets of an upload. Error: a page that says what is wrong with it as a whole.
async fn sent(upload: Result<Multipart, MultipartRejection>) -> Result<Vec<Sheet>, Response> {
    let refused = |text: &str| shell::refusal(StatusCode::BAD_REQUEST, text);
    let broken = || refused("This upload came in broken, or is too large: 32 MB at most.");
    let mut upload = upload.map_err(|_| refused("Choose CSV files to bring in."))?;
    let mut sheets = Vec::new();
    while let Some(part) = upload.next_field().await.map_err(|_| broken())? {
        let name = part.file_name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(|_| broken())?;
        if name.is_empty() {
            continue;
        }
        let Some(sheet) = Sheet::new(&name, bytes.to_vec()) else {
            let names: Vec<&str> = Sheet::names().collect();
            let text = format!(
                "There is no sheet of the name {}. Known are {}.",
                SafeText::new(&name),
                names.join(", ")
            );
            return Err(refused(&text));
        };
        sheets.push(sheet);
        if sheets.len() > SHEETS {
            return Err(refused("These are too many sheets at once."));
        }
    }
    if sheets.is_empty() {
        return Err(refused("Choose CSV files to bring in."));
    }
    Ok(sheets)
}

pub(in super::super) async fn look_through(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    upload: Result<Multipart, MultipartRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Manager)?;
        let Ok(_place) = desk.uploading.clone().try_acquire_owned() else {
            let text = "Another upload is being looked through. Try again in a moment.";
            return Err(shell::refusal(StatusCode::SERVICE_UNAVAILABLE, text));
        };
        let sheets = Arc::new(sent(upload).await?);
        let looked = sheets.clone();
        let found = desk
            .ask(move |desk| either_way(desk.office.try_import(&looked)))
            .await?;
        let main = match found {
            Ok(rows) => {
                let token = random_hex::<16>();
                let token = token.map_err(|why| {
                    shell::refusal(StatusCode::INTERNAL_SERVER_ERROR, &why.to_string())
                })?;
                let who = signed.person.name.clone();
                desk.parked
                    .keep(token.clone(), who, Instant::now(), sheets.clone());
                good(rows, sheets.len(), &token)
            }
            Err(bad) => told(&bad),
        };
        answered(&desk, &signed, "What the sheets would bring", &main).await
    };
    either(done.await)
}

/// A page with or without a warehouse: there may be none yet.
async fn answered(
    desk: &Arc<Desk>,
    signed: &Signed,
    title: &str,
    main: &Markup,
) -> Result<Response, Response> {
    if desk.ask(|desk| desk.office.is_empty()).await? {
        return Ok(shell::bare(StatusCode::OK, title, main));
    }
    let ground = ground(desk, Ok(Query(super::Which::default()))).await?;
    Ok(show((title, "/import"), signed, &ground, main))
}

/// Bad rows are an answer, not a failure.
fn either_way<T>(done: Result<T, NotImported>) -> Result<Result<T, Vec<BadRow>>, Error> {
    match done {
        Ok(done) => Ok(Ok(done)),
        Err(NotImported::BadRows(bad)) => Ok(Err(bad)),
        Err(NotImported::Changed { file, line, reason }) => {
            Ok(Err(vec![BadRow { file, line, reason }]))
        }
        Err(NotImported::Office(why)) => Err(why),
    }
}

fn good(rows: u64, sheets: usize, token: &str) -> Markup {
    html! {
        p role="status" { strong { (rows) " rows of " (sheets) " sheets are all right." } " Nothing has come in yet." }
        form.row method="post" action="/import/take" {
            input type="hidden" name="token" value=(token);
            button { "Take them in" }
            a href="/import" { "Leave them" }
        }
    }
}

fn told(bad: &[BadRow]) -> Markup {
    html! {
        p.alert role="alert" { (bad.len()) " rows are bad. Nothing came in." }
        div.scroll role="region" aria-label="Bad rows" tabindex="0" {
            table {
                caption { "Bad rows, and what would be right" }
                thead { tr { th scope="col" { "Sheet" } th.n scope="col" { "Line" } th scope="col" { "Why" } } }
                tbody {
                    @for row in bad {
                        tr { th scope="row" { (row.file) } td.n { (row.line) } td { (SafeText::new(&row.reason)) } }
                    }
                }
            }
        }
        (form())
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Wish {
    token: String,
}

pub(in super::super) async fn take(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Wish>, FormRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Manager)?;
        let token = filled(form)?.token;
        let who = signed.person.name.clone();
        let Some(sheets) = desk.parked.take(&token, &who, Instant::now()) else {
            let text = "These sheets are not kept any more. Send them again.";
            return Err(shell::refusal(StatusCode::GONE, text));
        };
        let done = desk
            .ask(move |desk| either_way(taken(&desk.office, &sheets, &who)))
            .await?;
        let main = match done {
            Ok(done) => html! {
                p role="status" { strong { (done.rows) " rows came in." } }
                @if done.begun > 0 { p { (done.begun) " orders stayed as they were: work on them has begun." } }
                p { a href="/orders" { "To the orders" } " " a href="/import" { "Bring more in" } }
            },
            Err(bad) => told(&bad),
        };
        answered(&desk, &signed, "What came in", &main).await
    };
    either(done.await)
}

fn taken(
    office: &Office,
    sheets: &[Sheet],
    who: &super::super::users::UserName,
) -> Result<Imported, NotImported> {
    let now = chrono::Utc::now();
    let files: Vec<&str> = sheets.iter().map(Sheet::file).collect();
    let act = Act::new("imported", &files.join(" "), "");
    office.import_with(now, sheets, |tx| acts::note(tx, now, Some(who), &act))
}
