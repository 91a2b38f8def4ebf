//! Signing in and out.

use super::desk::Desk;
use super::gate::{self, COOKIE, Signed};
use super::shell;
use super::users::UserName;
use crate::office::Error;
use crate::office::api::limits;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::html;
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

#[derive(Deserialize)]
pub(super) struct Wish {
    name: String,
    password: String,
}

pub(super) async fn page() -> Response {
    form(StatusCode::OK, None)
}

fn form(status: StatusCode, why: Option<&str>) -> Response {
    let main = html! {
        @if let Some(why) = why { p.alert role="alert" { (why) } }
        form.tall method="post" action="/sign-in" {
            label for="name" { "Name" }
            input id="name" name="name" autocomplete="username" required autofocus autocapitalize="none";
            label for="password" { "Password" }
            input id="password" name="password" type="password" autocomplete="current-password" required;
            button { "Sign in" }
        }
    };
    shell::bare(status, "Sign in", &main)
}

pub(super) async fn sign_in(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    wish: Result<Form<Wish>, FormRejection>,
) -> Response {
    let often = "Too many tries. Wait a little, and try again.";
    if !desk.tries.take(limits::peer(from.ip()), Instant::now()) {
        return form(StatusCode::TOO_MANY_REQUESTS, Some(often));
    }
    let Ok(_place) = desk.checking.clone().try_acquire_owned() else {
        return form(StatusCode::TOO_MANY_REQUESTS, Some(often));
    };
    let wrong = Some("This name and this password do not belong together.");
    let Ok(Form(Wish { name, password })) = wish else {
        return form(
            StatusCode::BAD_REQUEST,
            Some("Name and password are needed."),
        );
    };
    let Ok(name) = name.trim().parse::<UserName>() else {
        return form(StatusCode::FORBIDDEN, wrong);
    };
    let tried =
        desk.ask(
            move |desk| match desk.office.sign_in(chrono::Utc::now(), &name, &password) {
                Err(Error::Refused { note, .. }) => Ok(Err(note)),
                done => done.map(Ok),
            },
        );
    match tried.await {
        Ok(Ok(token)) => (cookie(&token, ""), Redirect::to("/")).into_response(),
        Ok(Err(note)) => form(StatusCode::FORBIDDEN, Some(&note)),
        Err(page) => page,
    }
}

fn cookie(token: &str, more: &str) -> [(header::HeaderName, String); 1] {
    let value = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Strict{more}");
    [(header::SET_COOKIE, value)]
}

/// Asks for a code of the second factor.
pub(super) async fn code_page() -> Response {
    code_form(StatusCode::OK, None)
}

fn code_form(status: StatusCode, why: Option<&str>) -> Response {
    let main = html! {
        @if let Some(why) = why { p.alert role="alert" { (why) } }
        form.tall method="post" action="/sign-in/code" {
            label for="code" { "The code that your telephone shows, or a recovery code" }
            input id="code" name="code" autocomplete="one-time-code" autocapitalize="characters" required autofocus maxlength="40";
            button { "Go on" }
        }
        p { a href="/sign-in" { "Sign in as someone else" } }
    };
    shell::bare(status, "Your second factor", &main)
}

#[derive(Deserialize)]
pub(super) struct Typed {
    code: String,
}

pub(super) async fn code(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    typed: Result<Form<Typed>, FormRejection>,
) -> Response {
    if !desk.tries.take(limits::peer(from.ip()), Instant::now()) {
        let often = "Too many tries. Wait a little, and try again.";
        return code_form(StatusCode::TOO_MANY_REQUESTS, Some(often));
    }
    let Some(token) = gate::token(&headers) else {
        return Redirect::to("/sign-in").into_response();
    };
    let Ok(Form(Typed { code })) = typed else {
        return code_form(StatusCode::BAD_REQUEST, Some("A code is needed."));
    };
    let tried =
        desk.ask(
            move |desk| match desk.office.give_code(chrono::Utc::now(), &token, &code) {
                Err(Error::Refused { note, .. }) => Ok(Err(note)),
                done => done.map(Ok),
            },
        );
    match tried.await {
        Ok(Ok(())) => Redirect::to("/").into_response(),
        Ok(Err(note)) => code_form(StatusCode::FORBIDDEN, Some(&note)),
        Err(page) => page,
    }
}

pub(super) async fn sign_out(State(desk): State<Arc<Desk>>, signed: Signed) -> Response {
    let Signed { person, token } = signed;
    let done = desk.ask(move |desk| desk.office.sign_out(chrono::Utc::now(), &person, &token));
    match done.await {
        Ok(()) => (cookie("", "; Max-Age=0"), Redirect::to("/sign-in")).into_response(),
        Err(page) => page,
    }
}
