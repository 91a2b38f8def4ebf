//! The office's web page, for who leads: what the floor does, what did not square, which handhelds there are.
//! Pages are made whole by the office; the browser adds nothing but fresh figures and the choice of light or dark.

mod acts;
mod board;
mod desk;
mod factor;
mod figures;
mod gate;
mod look;
mod pages;
mod parked;
mod picture;
mod session;
mod shell;
mod sign;
mod table;
mod totp;
mod users;

pub use acts::{Act, ActRecord};
pub use figures::{Board, DueOrder, Hourly, KindCount};
pub use session::Person;
pub use users::{Role, UserName};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};
use desk::Desk;
use std::sync::Arc;

use super::Office;

/// Largest form that is taken in, in bytes.
const FORM: usize = 8 * 1024;

/// A page that is only read.
fn reads(look: fn(&look::Look) -> Result<look::View, super::Error>) -> MethodRouter<Arc<Desk>> {
    get(move |desk, signed, asked| look::read(desk, signed, asked, look))
}

/// The pages, to be served beside the calls of handhelds. `fingerprint`: of the certificate that handhelds pin.
pub(super) fn router(office: Office, fingerprint: [u8; 32]) -> Router {
    let largest = DefaultBodyLimit::max(pages::import::UPLOAD);
    let upload = post(pages::import::look_through).layer(largest);
    Router::new()
        .route("/", get(board::page))
        .route("/news", get(board::news))
        .route("/stock", reads(pages::stock::look))
        .route("/item", reads(pages::item::of_item))
        .route("/bin", reads(pages::item::of_bin))
        .route("/moves", reads(pages::moves::look))
        .route("/fact", reads(pages::moves::of_fact))
        .route("/orders", reads(pages::orders::look))
        .route("/order", reads(pages::orders::of_order))
        .route("/tasks", reads(pages::tasks::look))
        .route("/task", reads(pages::tasks::of_task))
        .route("/map", reads(pages::map::look))
        .route("/reports", reads(pages::reports::look))
        .route("/report/status", reads(pages::reports::status))
        .route("/report/ageing", reads(pages::aged::ageing))
        .route("/report/expiry", reads(pages::aged::expiry))
        .route("/report/flow", reads(pages::flows::flow))
        .route("/report/accuracy", reads(pages::counted::look))
        .route("/report/shipped", reads(pages::flows::shipped))
        .route("/report/dock", reads(pages::flows::dock))
        .route("/report/rates", reads(pages::reports::rates))
        .route("/wave", post(pages::wave::page))
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
        .route("/workers", reads(pages::workers::look))
        .route("/import", get(pages::import::page).merge(upload))
        .route("/import/take", post(pages::import::take))
        .route("/acts", get(pages::acts::page))
        .route("/sign-in", get(sign::page).post(sign::sign_in))
        .route("/sign-in/code", get(sign::code_page).post(sign::code))
        .route("/account", get(pages::account::page))
        .route("/account/begin", post(pages::account::begin))
        .route("/account/confirm", post(pages::account::confirm))
        .route("/account/give-up", post(pages::account::give_up))
        .route("/sign-out", post(sign::sign_out))
        .route("/office.css", get(shell::css))
        .route("/office.js", get(shell::js))
        .route_layer(DefaultBodyLimit::max(FORM))
        .route_layer(middleware::from_fn(gate::guard))
        .with_state(Arc::new(Desk::new(office, fingerprint)))
}
