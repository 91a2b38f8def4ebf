//! The calls: who asks, what they ask, and the office's answer.

use super::body;
use crate::office::{Device, Error, Office};
use crate::sync::{
    Claim, Enrol, HEADER_PROTOCOL, Limits, PROTOCOL, PROTOCOL_OLDEST, Push, Refused, RefusedKind,
};
use crate::warehouse::DeviceId;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Calls of one device under way at once: a push and a waiting feed, and one more while a link flaps.
const AT_ONCE: usize = 3;
/// Enrolments under way at once, from all callers.
const ENROLLING: usize = 4;

struct Desk {
    office: Office,
    news: watch::Receiver<u64>,
    busy: Mutex<HashMap<DeviceId, Arc<Semaphore>>>,
    enrolling: Arc<Semaphore>,
}

pub(super) fn router(office: Office) -> Router {
    let (tell, news) = watch::channel(0);
    office.on_change(move || tell.send_modify(|count| *count += 1));
    let enrolling = Arc::new(Semaphore::new(ENROLLING));
    let desk = Desk {
        office,
        news,
        busy: Mutex::default(),
        enrolling,
    };
    Router::new()
        .route("/v1/enrol", post(enrol))
        .route("/v1/journal", post(journal))
        .route("/v1/feed", get(feed))
        .route("/v1/claims", post(claims))
        .fallback(unknown)
        .layer(DefaultBodyLimit::max(Limits::BODY))
        .with_state(Arc::new(desk))
}

async fn unknown() -> Response {
    body::refuse(&Refused {
        kind: RefusedKind::Unknown,
        note: "There is no such call.".into(),
    })
}

/// Asks the office on a thread that may block.
async fn ask<T: Send + 'static>(
    desk: &Arc<Desk>,
    question: impl FnOnce(&Office) -> Result<T, Error> + Send + 'static,
) -> Result<T, Refused> {
    let desk = desk.clone();
    let answered = tokio::task::spawn_blocking(move || question(&desk.office)).await;
    let stopped = |_| Refused {
        kind: RefusedKind::Trouble,
        note: "The office stopped at this call. Try again.".into(),
    };
    answered.map_err(stopped)?.map_err(|why| {
        if !matches!(why, Error::Refused { .. }) {
            eprintln!("office: {why}");
        }
        why.answer()
    })
}

fn check_protocol(headers: &HeaderMap) -> Result<(), Refused> {
    let spoken = headers
        .get(HEADER_PROTOCOL)
        .and_then(|value| value.to_str().ok()?.parse::<u16>().ok());
    match spoken {
        Some(spoken) if (PROTOCOL_OLDEST..=PROTOCOL).contains(&spoken) => Ok(()),
        _ => Err(Refused {
            kind: RefusedKind::Protocol,
            note: format!("This office speaks protocols {PROTOCOL_OLDEST} to {PROTOCOL}.")
                .as_str()
                .into(),
        }),
    }
}

/// Who asks, and a place for their call.
async fn caller(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
) -> Result<(Device, OwnedSemaphorePermit), Refused> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let nobody = || Refused {
        kind: RefusedKind::Device,
        note: "This call needs the handheld's token.".into(),
    };
    let token = token.ok_or_else(nobody)?.to_owned();
    let device = ask(desk, move |office| office.device_of(&token)).await?;
    let places = {
        let mut busy = desk.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.entry(device.id.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)))
            .clone()
    };
    let full = |_| Refused {
        kind: RefusedKind::Busy,
        note: "Too many calls of this handheld at once.".into(),
    };
    Ok((device, places.try_acquire_owned().map_err(full)?))
}

async fn enrol(State(desk): State<Arc<Desk>>, headers: HeaderMap, text: Bytes) -> Response {
    let full = |_| Refused {
        kind: RefusedKind::Busy,
        note: "Too many enrolments at once. Try again.".into(),
    };
    let done = async {
        check_protocol(&headers)?;
        let _place = desk.enrolling.clone().try_acquire_owned().map_err(full)?;
        let asked: Enrol = body::read(&headers, &text)?;
        ask(&desk, move |office| {
            office.enrol(chrono::Utc::now(), &asked)
        })
        .await
    };
    match done.await {
        Ok(enrolled) => body::answer(&headers, &enrolled),
        Err(why) => body::refuse(&why),
    }
}

/// Pushing works whatever protocol a handheld speaks: what happened on the floor must always find its way home.
async fn journal(State(desk): State<Arc<Desk>>, headers: HeaderMap, text: Bytes) -> Response {
    let done = async {
        let (device, _place) = caller(&desk, &headers).await?;
        let push: Push = body::read(&headers, &text)?;
        ask(&desk, move |office| {
            office.push(chrono::Utc::now(), &device, &push)
        })
        .await
    };
    match done.await {
        Ok(pushed) => body::answer(&headers, &pushed),
        Err(why) => body::refuse(&why),
    }
}

#[derive(Deserialize)]
struct After {
    after: u64,
    #[serde(default)]
    limit: Option<u32>,
    #[serde(default)]
    wait: Option<u64>,
}

async fn feed(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Query(asked): Query<After>,
) -> Response {
    let done = async {
        check_protocol(&headers)?;
        let (device, _place) = caller(&desk, &headers).await?;
        let deadline = tokio::time::Instant::now()
            + Duration::from_secs(asked.wait.unwrap_or(0).min(Limits::WAIT_S));
        let mut news = desk.news.clone();
        loop {
            news.mark_unchanged();
            let (asker, after, limit) = (
                device.clone(),
                asked.after,
                asked.limit.unwrap_or(Limits::CHANGES),
            );
            let page = ask(&desk, move |office| {
                office.page(chrono::Utc::now(), &asker, after, limit)
            })
            .await?;
            let waited = page.next > asked.after || page.more;
            if waited
                || tokio::time::timeout_at(deadline, news.changed())
                    .await
                    .is_err()
            {
                return Ok(page);
            }
        }
    };
    match done.await {
        Ok(page) => body::answer(&headers, &page),
        Err(why) => body::refuse(&why),
    }
}

async fn claims(State(desk): State<Arc<Desk>>, headers: HeaderMap, text: Bytes) -> Response {
    let done = async {
        check_protocol(&headers)?;
        let (device, _place) = caller(&desk, &headers).await?;
        let claim: Claim = body::read(&headers, &text)?;
        ask(&desk, move |office| {
            office.claim(chrono::Utc::now(), &device, &claim)
        })
        .await
    };
    match done.await {
        Ok(claimed) => body::answer(&headers, &claimed),
        Err(why) => body::refuse(&why),
    }
}
