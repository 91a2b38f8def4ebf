//! The calls: who asks, what they ask, and the office's answer.

use super::body;
use super::limits::{self, Buckets};
use crate::office::{Device, Error, NoSnapshot, Office};
use crate::sync::{
    Claim, Enrol, HEADER_PROTOCOL, Limits, OutcomeKind, PROTOCOL, PROTOCOL_OLDEST, Page, Push,
    Pushed, Refused, RefusedKind,
};
use crate::warehouse::DeviceId;
use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Calls of one device under way at once, but for those that wait for news: one, and more while a link flaps.
const AT_ONCE: usize = 3;
/// Calls of one device that wait for news: the one it listens to, and one that a broken link left behind.
const WAITING: usize = 2;
/// Calls of one device: so many at once, then so many a second.
const CALLS: (u32, f64) = (20, 10.0);
/// Tries to enrol from one address, likewise: a person who mistypes, never one who guesses.
const TRIES: (u32, f64) = (10, 0.2);
/// Enrolments under way at once, from all callers.
const ENROLLING: usize = 4;

/// Where a device's calls find room.
#[derive(Clone)]
struct Places {
    calls: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

struct Desk {
    office: Office,
    news: watch::Receiver<u64>,
    places: Mutex<HashMap<DeviceId, Places>>,
    enrolling: Arc<Semaphore>,
    calls: Buckets<DeviceId>,
    tries: Buckets<IpAddr>,
}

pub(super) fn router(office: Office) -> Router {
    let (tell, news) = watch::channel(0);
    office.on_change(move || tell.send_modify(|count| *count += 1));
    let enrolling = Arc::new(Semaphore::new(ENROLLING));
    let others = super::open::router(office.clone());
    let desk = Desk {
        office,
        news,
        places: Mutex::default(),
        enrolling,
        calls: Buckets::new(CALLS.0, CALLS.1),
        tries: Buckets::new(TRIES.0, TRIES.1),
    };
    Router::new()
        .route("/v1/enrol", post(enrol))
        .route("/v1/journal", post(journal))
        .route("/v1/feed", get(feed))
        .route("/v1/claims", post(claims))
        .route("/v1/snapshot", get(snapshot))
        .route("/v1/snapshot/{id}/{page}", get(snapshot_page))
        .fallback(unknown)
        .with_state(Arc::new(desk))
        .merge(others)
}

async fn unknown() -> Response {
    body::refuse(&Refused {
        kind: RefusedKind::Unknown,
        note: "There is no such call.".into(),
    })
}

/// Asks the office on a thread that may block.
async fn ask<T: Send + 'static, E: Into<NoSnapshot> + Send + 'static>(
    desk: &Arc<Desk>,
    question: impl FnOnce(&Office) -> Result<T, E> + Send + 'static,
) -> Result<T, Refused> {
    let asked = desk.clone();
    let answered = tokio::task::spawn_blocking(move || question(&asked.office)).await;
    let stopped = |_| Refused {
        kind: RefusedKind::Trouble,
        note: "The office stopped at this call. Try again.".into(),
    };
    answered.map_err(stopped)?.map_err(|why| {
        let why = why.into();
        if !matches!(why, NoSnapshot::Office(Error::Refused { .. })) {
            match &why {
                NoSnapshot::Office(why) => desk.office.note_error("a call failed", why),
                other => desk.office.note(&format!("a call failed: {other}")),
            }
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

fn busy(note: &str) -> Refused {
    Refused {
        kind: RefusedKind::Busy,
        note: note.into(),
    }
}

/// The token that a call carries.
fn token(headers: &HeaderMap) -> Result<String, Refused> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let nobody = || Refused {
        kind: RefusedKind::Device,
        note: "This call needs the handheld's token.".into(),
    };
    token.map(str::to_owned).ok_or_else(nobody)
}

/// Who asks.
async fn who(desk: &Arc<Desk>, headers: &HeaderMap) -> Result<Device, Refused> {
    let token = token(headers)?;
    ask(desk, move |office| office.device_of(&token)).await
}

fn count(desk: &Desk, device: &Device) -> Result<(), Refused> {
    if desk.calls.take(device.id.clone(), Instant::now()) {
        Ok(())
    } else {
        Err(busy("Too many calls of this handheld."))
    }
}

fn places(desk: &Desk, device: &Device) -> Places {
    let mut places = desk.places.lock().unwrap_or_else(PoisonError::into_inner);
    let new = || Places {
        calls: Arc::new(Semaphore::new(AT_ONCE)),
        waiting: Arc::new(Semaphore::new(WAITING)),
    };
    places.entry(device.id.clone()).or_insert_with(new).clone()
}

fn place(desk: &Desk, device: &Device) -> Result<OwnedSemaphorePermit, Refused> {
    let place = places(desk, device).calls.try_acquire_owned();
    place.map_err(|_| busy("Too many calls of this handheld at once."))
}

/// Who asks, and a place for their call.
async fn caller(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
) -> Result<(Device, OwnedSemaphorePermit), Refused> {
    let device = who(desk, headers).await?;
    count(desk, &device)?;
    let place = place(desk, &device)?;
    Ok((device, place))
}

/// Who asks, and what: nobody's body is taken in before it is known whose it is.
async fn asked<T: DeserializeOwned>(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
    sent: Body,
) -> Result<(Device, OwnedSemaphorePermit, T), Refused> {
    match caller(desk, headers).await {
        Ok((device, place)) => {
            let sent = body::collect(sent).await?;
            Ok((device, place, body::read(headers, &sent)?))
        }
        Err(why) => {
            body::drain(sent).await;
            Err(why)
        }
    }
}

fn answer(headers: &HeaderMap, done: Result<impl Serialize, Refused>) -> Response {
    match done {
        Ok(value) => body::answer(headers, &value),
        Err(why) => body::refuse(&why),
    }
}

async fn enrol(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    sent: Body,
) -> Response {
    let done = async {
        check_protocol(&headers)?;
        if !desk.tries.take(limits::peer(from.ip()), Instant::now()) {
            return Err(busy(
                "Too many tries to enrol from this address. Wait a little.",
            ));
        }
        let place = desk.enrolling.clone().try_acquire_owned();
        let _place = place.map_err(|_| busy("Too many enrolments at once. Try again."))?;
        let asked: Enrol = body::read(&headers, &body::collect(sent).await?)?;
        let enrolled = ask(&desk, move |office| {
            office.enrol(chrono::Utc::now(), &asked)
        })
        .await?;
        desk.office.note(&format!(
            "{} enrolled for {}",
            enrolled.device, enrolled.warehouse
        ));
        Ok(enrolled)
    };
    answer(&headers, done.await)
}

/// Pushing works whatever protocol a handheld speaks: what happened on the floor must always find its way home.
async fn journal(State(desk): State<Arc<Desk>>, headers: HeaderMap, sent: Body) -> Response {
    let done = async {
        let (device, _place, push) = asked::<Push>(&desk, &headers, sent).await?;
        let who = device.id.clone();
        let done = ask(&desk, move |office| {
            office.push(chrono::Utc::now(), &device, &push)
        })
        .await;
        say(&desk.office, &who, &done);
        done
    };
    answer(&headers, done.await)
}

fn say(office: &Office, device: &DeviceId, done: &Result<Pushed, Refused>) {
    match done {
        Ok(pushed) => {
            for outcome in &pushed.outcomes {
                // What it says is with the exceptions: it names goods, labels and people.
                let what = match outcome.kind {
                    OutcomeKind::Exception => "a fact did not square: see the exceptions",
                    OutcomeKind::Parked => "a fact is kept until this office is upgraded",
                };
                let seq = outcome.seq.to_string();
                office.note_of(what, &[("device", device.as_str()), ("row", &seq)]);
            }
        }
        Err(why) if why.kind == RefusedKind::Fork => {
            office.note(&format!("{device} is frozen: {}", why.note));
        }
        Err(_) => {}
    }
}

#[derive(Clone, Copy, Deserialize)]
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
    asked: Result<Query<After>, QueryRejection>,
) -> Response {
    let done = async {
        check_protocol(&headers)?;
        let Query(asked) = asked.map_err(|_| Refused {
            kind: RefusedKind::Body,
            note: "The feed is asked for by after=N, and limit=N and wait=SECONDS if wanted."
                .into(),
        })?;
        let device = who(&desk, &headers).await?;
        count(&desk, &device)?;
        // Waiting takes no room from pushing; without room to wait, the answer is what there is now.
        let room = places(&desk, &device).waiting.try_acquire_owned();
        let wait = asked.wait.filter(|_| room.is_ok());
        news(&desk, token(&headers)?, After { wait, ..asked }).await
    };
    answer(&headers, done.await)
}

/// The next page of the feed; waits for it for as long as the caller wants to.
async fn news(desk: &Arc<Desk>, token: String, asked: After) -> Result<Page, Refused> {
    let wait = Duration::from_secs(asked.wait.unwrap_or(0).min(Limits::WAIT_S));
    let deadline = tokio::time::Instant::now() + wait;
    let limit = asked.limit.unwrap_or(Limits::CHANGES);
    let mut news = desk.news.clone();
    loop {
        news.mark_unchanged();
        let token = token.clone();
        let page = ask(desk, move |office| {
            // Asked anew each time: who was struck off while waiting hears nothing more.
            let device = office.device_of(&token)?;
            office.page(chrono::Utc::now(), &device, asked.after, limit)
        })
        .await?;
        if page.next > asked.after || page.more {
            return Ok(page);
        }
        match tokio::time::timeout_at(deadline, news.changed()).await {
            Ok(Ok(())) => {}
            // Nothing new in time, or the office is stopping.
            Ok(Err(_)) | Err(_) => return Ok(page),
        }
    }
}

async fn claims(State(desk): State<Arc<Desk>>, headers: HeaderMap, sent: Body) -> Response {
    let done = async {
        check_protocol(&headers)?;
        let (device, _place, claim) = asked::<Claim>(&desk, &headers, sent).await?;
        ask(&desk, move |office| {
            office.claim(chrono::Utc::now(), &device, &claim)
        })
        .await
    };
    answer(&headers, done.await)
}

async fn snapshot(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    let done = async {
        check_protocol(&headers)?;
        let (device, _place) = caller(&desk, &headers).await?;
        ask(&desk, move |office| office.snapshot(&device)).await
    };
    answer(&headers, done.await)
}

async fn snapshot_page(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Path((id, page)): Path<(String, String)>,
) -> Response {
    let done = async {
        check_protocol(&headers)?;
        // Bounded by how many at once, not by how many: a large file comes in many pages.
        let device = who(&desk, &headers).await?;
        let _place = place(&desk, &device)?;
        // What is no number is a page that there is not.
        let page = page.parse().unwrap_or(usize::MAX);
        ask(&desk, move |office| {
            office.snapshot_page(&device, &id, page)
        })
        .await
    };
    match done.await {
        Ok(bytes) => body::packed(bytes),
        Err(why) => body::refuse(&why),
    }
}
