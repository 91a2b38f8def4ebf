//! Which handhelds there are; taking one in, and striking one off.

use super::super::acts::{self, Act};
use super::super::desk::Desk;
use super::super::gate::Signed;
use super::super::shell::{self, when};
use super::super::users::Role;
use super::{Asked, either, filled, ground, show};
use crate::office::{DeviceRecord, DeviceState, Invited, enrol, qr};
use crate::sync::Invitation;
use crate::warehouse::{DeviceId, WarehouseCode};
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// For how many minutes an invitation is good.
const MINUTES: u32 = 10;

pub(in super::super) async fn page(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    headers: HeaderMap,
    asked: Asked,
) -> Response {
    let done = async {
        let ground = ground(&desk, asked).await?;
        let mut known = desk.ask(|desk| desk.office.devices()).await?;
        known.retain(|known| known.device.warehouse == ground.here);
        let rules = signed.person.role >= Role::Administrator;
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let main = html! {
            (list(&known, rules))
            @if rules { (invite_form(&ground.here, host.unwrap_or_default())) }
        };
        Ok(show(("Handhelds", "/devices"), &signed, &ground, &main))
    };
    either(done.await)
}

fn list(known: &[DeviceRecord], rules: bool) -> Markup {
    html! {
        @if known.is_empty() { p { "No handheld is taken in here yet." } }
        table {
            thead { tr { th scope="col" { "Handheld" } th scope="col" { "Name" } th scope="col" { "State" } th scope="col" { "Last heard" } @if rules { th.act scope="col" { "Strike off" } } } }
            tbody {
                @for known in known {
                    tr {
                        td { (known.device.id) }
                        td { (known.name) }
                        td { (state(known)) }
                        td { (when(known.seen_at)) }
                        @if rules {
                            td.act { @if known.state != DeviceState::Revoked { (revoke_form(&known.device.id)) } }
                        }
                    }
                }
            }
        }
    }
}

/// Whether a handheld may speak, in words; never by colour alone.
pub(in super::super) fn state(known: &DeviceRecord) -> Markup {
    match known.state {
        DeviceState::Active => html! { "active" },
        DeviceState::Frozen => html! { strong.bad { "frozen: " (known.why) } },
        DeviceState::Revoked => html! { "struck off" },
    }
}

fn revoke_form(device: &DeviceId) -> Markup {
    html! {
        form.row method="post" action="/devices/revoke" {
            label { input type="checkbox" name="device" value=(device) required; " for good" }
            button { "Strike " (device) " off" }
        }
    }
}

fn invite_form(here: &WarehouseCode, host: &str) -> Markup {
    html! {
        section.act {
            h2 { "Take a handheld in" }
            form.row method="post" action="/devices/invite" {
                input type="hidden" name="warehouse" value=(here);
                label for="address" { "How it reaches this office" }
                input id="address" name="address" value=(host) required placeholder="HOST:PORT";
                button { "Show the code" }
            }
        }
    }
}

#[derive(Deserialize)]
pub(in super::super) struct Guest {
    warehouse: String,
    address: String,
}

pub(in super::super) async fn invite(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Guest>, FormRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Administrator)?;
        let Guest { warehouse, address } = filled(form)?;
        let refused = |why: String| shell::refusal(StatusCode::BAD_REQUEST, &why);
        let here: WarehouseCode = warehouse
            .parse()
            .map_err(|_| refused("This is no warehouse.".to_owned()))?;
        // The address is looked at before a code is spent on it.
        Invitation::new(&address, &"0".repeat(32), None).map_err(|why| refused(why.to_string()))?;
        let (who, place) = (signed.person.name.clone(), here.clone());
        let invited = desk
            .ask(move |desk| {
                desk.office.write(|tx| {
                    let now = chrono::Utc::now();
                    let act = Act::new("handheld_invited", place.as_str(), "");
                    acts::note(tx, now, Some(&who), &act)?;
                    enrol::invite(tx, now, &place, MINUTES)
                })
            })
            .await?;
        let invitation = Invitation::new(&address, &invited.code, Some(desk.fingerprint))
            .map_err(|why| refused(why.to_string()))?;
        let main =
            picture(&invited, &invitation.to_string()).map_err(|why| refused(why.to_string()))?;
        let ground = super::Ground {
            here: here.clone(),
            all: vec![here],
        };
        Ok(show(
            ("Scan this with the new handheld", "/devices"),
            &signed,
            &ground,
            &main,
        ))
    };
    either(done.await)
}

fn picture(invited: &Invited, text: &str) -> Result<Markup, qrcode::types::QrError> {
    let (path, side) = qr::path(text)?;
    Ok(html! {
        p { "It is good for one handheld, until " (when(invited.expires_at)) "." }
        svg.code viewBox={ "0 0 " (side) " " (side) } role="img" aria-label="QR code of the invitation" shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
        p { "Or type: " code { (text) } }
    })
}

#[derive(Deserialize)]
pub(in super::super) struct Struck {
    device: String,
}

pub(in super::super) async fn revoke(
    State(desk): State<Arc<Desk>>,
    signed: Signed,
    form: Result<Form<Struck>, FormRejection>,
) -> Response {
    let done = async {
        signed.needs(Role::Administrator)?;
        let device: DeviceId = filled(form)?
            .device
            .parse()
            .map_err(|_| shell::refusal(StatusCode::BAD_REQUEST, "This is no handheld."))?;
        let who = signed.person.name.clone();
        desk.ask(move |desk| {
            desk.office.write(|tx| {
                enrol::revoke(tx, &device)?;
                let act = Act::new("handheld_struck_off", device.as_str(), "");
                acts::note(tx, chrono::Utc::now(), Some(&who), &act)
            })
        })
        .await?;
        Ok(Redirect::to("/devices").into_response())
    };
    either(done.await)
}
