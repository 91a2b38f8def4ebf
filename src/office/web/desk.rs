//! What the pages share: the office, its news, and how often someone may try.

use super::figures::Hourly;
use super::parked::Parked;
use super::shell;
use crate::office::api::limits::Buckets;
use crate::office::{Error, Office};
use crate::warehouse::WarehouseCode;
use axum::http::StatusCode;
use axum::response::Response;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;
use tokio::sync::{Semaphore, watch};

/// Tries to sign in from one address: so many at once, then so many a second.
const TRIES: (u32, f64) = (10, 0.2);
/// Passwords checked at once; each takes 19 MiB.
const CHECKING: usize = 2;
/// Uploads looked through at once; each is held in memory.
const UPLOADING: usize = 1;
/// Browsers that wait for news at once.
const WAITING: usize = 64;

pub(super) type Paces = HashMap<WarehouseCode, (Instant, Vec<Hourly>)>;

pub(super) struct Desk {
    pub office: Office,
    pub fingerprint: [u8; 32],
    pub news: watch::Receiver<u64>,
    pub tries: Buckets<IpAddr>,
    pub checking: Arc<Semaphore>,
    pub waiting: Arc<Semaphore>,
    pub paces: Mutex<Paces>,
    pub uploading: Arc<Semaphore>,
    pub parked: Parked,
}

impl Desk {
    pub fn new(office: Office, fingerprint: [u8; 32]) -> Self {
        // Begins anew with each start of the office: a browser that knows another number asks for all of it.
        let (tell, news) = watch::channel(1);
        office.on_change(move || tell.send_modify(|count| *count += 1));
        Self {
            office,
            fingerprint,
            news,
            tries: Buckets::new(TRIES.0, TRIES.1),
            checking: Arc::new(Semaphore::new(CHECKING)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            paces: Mutex::default(),
            uploading: Arc::new(Semaphore::new(UPLOADING)),
            parked: Parked::default(),
        }
    }

    /// Asks the office on a thread that may block. Error: a page that says why not.
    pub async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Self) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Response> {
        let desk = self.clone();
        let answered = tokio::task::spawn_blocking(move || question(&desk)).await;
        match answered {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(why @ (Error::Refused { .. } | Error::Unknown { .. }))) => {
                Err(shell::refusal(StatusCode::CONFLICT, &why.to_string()))
            }
            Ok(Err(why)) => {
                self.office.note_error("a page failed", &why);
                Err(trouble())
            }
            Err(why) => {
                self.office.note(&format!("a page failed: {why}"));
                Err(trouble())
            }
        }
    }
}

fn trouble() -> Response {
    let text = "The office has a trouble of its own. Try again later.";
    shell::refusal(StatusCode::INTERNAL_SERVER_ERROR, text)
}
