//! The office's web page, for who leads: what the floor does, what did not square, which handhelds there are.
//! Pages are made whole by the office; the browser adds nothing but fresh figures and the choice of light or dark.

mod acts;
mod board;
mod desk;
mod figures;
mod gate;
mod pages;
mod session;
mod shell;
mod sign;
mod users;

pub use acts::{Act, ActRecord};
pub use figures::{Board, DueOrder, Hourly, KindCount};
pub use session::Person;
pub use users::{Role, UserName};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use desk::Desk;
use std::sync::Arc;

use super::Office;

/// Largest form that is taken in, in bytes.
const FORM: usize = 8 * 1024;

/// The pages, to be served beside the calls of handhelds. `fingerprint`: of the certificate that handhelds pin.
pub(super) fn router(office: Office, fingerprint: [u8; 32]) -> Router {
    Router::new()
        .route("/", get(board::page))
        .route("/news", get(board::news))
        .route("/exceptions", get(pages::exceptions::page))
        .route("/exceptions/close", post(pages::exceptions::close))
        .route("/planning", get(pages::planning::page))
        .route("/planning/accept", post(pages::planning::accept))
        .route("/planning/change", post(pages::planning::change))
        .route("/planning/refuse", post(pages::planning::refuse))
        .route("/planning/override", post(pages::planning::expect))
        .route("/devices", get(pages::devices::page))
        .route("/devices/invite", post(pages::devices::invite))
        .route("/devices/revoke", post(pages::devices::revoke))
        .route("/acts", get(pages::acts::page))
        .route("/sign-in", get(sign::page).post(sign::sign_in))
        .route("/sign-out", post(sign::sign_out))
        .route("/office.css", get(shell::css))
        .route("/office.js", get(shell::js))
        .route_layer(DefaultBodyLimit::max(FORM))
        .route_layer(middleware::from_fn(gate::guard))
        .with_state(Arc::new(Desk::new(office, fingerprint)))
}
