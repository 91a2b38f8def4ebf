//! One's own account: the second factor, set up with a telephone's camera, and given up with a code.

use super::super::desk::Desk;
use super::super::factor::Standing;
use super::super::gate::Signed;
use super::super::shell;
use super::{Asked, Which, either, filled, ground, show};
use crate::office::qr;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    asked: Asked,
) -> Response {
    let done = async {
        let name = signed.person.name.clone();
        let standing = desk
            .ask(move |desk| desk.office.second_factor(&name))
            .await?;
        shown(&desk, &signed, asked, "Your account", &about(standing)).await
    };
    either(done.await)
}

/// A page with or without a warehouse: there may be none yet.
async fn shown(
    desk: &Arc<Desk>,
    signed: &Signed,
    asked: Asked,
    title: &str,
    main: &Markup,
) -> Result<Response, Response> {
    if desk.ask(|desk| desk.office.is_empty()).await? {
        return Ok(shell::bare(StatusCode::OK, title, main));
    }
    let ground = ground(desk, asked).await?;
    Ok(show((title, "/account"), signed, &ground, main))
}

fn about(standing: Standing) -> Markup {
    html! {
        section {
            h2 { "Second factor" }
            @if standing.has_one {
                p { "Signing in asks for a code of your telephone. " (standing.recovery) " recovery codes are left." }
                form.row method="post" action="/account/give-up" {
                    label for="code" { "A code of your telephone, or a recovery code" }
                    input id="code" name="code" required autocomplete="one-time-code" maxlength="40";
                    button { "Give the second factor up" }
                }
            } @else {
                p { "Your password alone signs you in. With a second factor, an authenticator on your telephone makes a code for each time." }
                form method="post" action="/account/begin" { button { "Set a second factor up" } }
            }
        }
    }
}

pub(in super::super) async fn begin(State(desk): State<Arc<Desk>>, signed: Signed) -> Response {
    let done = async {
        let name = signed.person.name.clone();
        let secret = desk
            .ask(move |desk| desk.office.begin_factor(chrono::Utc::now(), &name))
            .await?;
        let (path, side) = qr::path(&secret.link)
            .map_err(|why| shell::refusal(StatusCode::INTERNAL_SERVER_ERROR, &why.to_string()))?;
        let main = html! {
            p { "Scan this with your authenticator, then type the code that it shows." }
            svg.code viewBox={ "0 0 " (side) " " (side) } role="img" aria-label="QR code of your secret" shape-rendering="crispEdges" {
                rect width=(side) height=(side) fill="#fff" {}
                path d=(path) fill="#000" {}
            }
            p { "Or type the secret: " code { (secret.text) } }
            (confirm_form())
        };
        let asked = Ok(Query(Which::default()));
        shown(&desk, &signed, asked, "Set a second factor up", &main).await
    };
    either(done.await)
}

fn confirm_form() -> Markup {
    html! {
        form.row method="post" action="/account/confirm" {
            label for="code" { "The code it shows" }
            input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="10";
            button { "This is it" }
        }
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Typed {
    code: String,
}

pub(in super::super) async fn confirm(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Typed>, FormRejection>,
) -> Response {
    let done = async {
        let code = filled(form)?.code;
        let name = signed.person.name.clone();
        let codes = desk
            .ask(move |desk| desk.office.confirm_factor(chrono::Utc::now(), &name, &code))
            .await?;
        let main = html! {
            p role="status" { strong { "Your second factor counts from now on." } }
            p { "Keep these recovery codes where your telephone is not. Each signs you in once; they are not shown again." }
            ul.codes { @for code in &codes { li { code { (code) } } } }
            p { a href="/" { "To the first page" } }
        };
        let asked = Ok(Query(Which::default()));
        shown(&desk, &signed, asked, "Your recovery codes", &main).await
    };
    either(done.await)
}

pub(in super::super) async fn give_up(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Typed>, FormRejection>,
) -> Response {
    let done = async {
        let code = filled(form)?.code;
        let name = signed.person.name.clone();
        desk.ask(move |desk| desk.office.give_up_factor(chrono::Utc::now(), &name, &code))
            .await?;
        Ok(Redirect::to("/account").into_response())
    };
    either(done.await)
}
