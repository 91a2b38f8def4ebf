//! The calls of other systems, and whether the office is well. A problem is a document of RFC 9457 that says what to do.

use super::limits::Buckets;
use super::{open_export, open_write};
use crate::office::open::{Area, Fault, Key, NoPage, Wish, describe};
use crate::office::{Error, Office};
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

/// Calls of one key: so many at once, then so many a second.
const CALLS: (u32, f64) = (60, 20.0);
/// Calls under way at once, of all other systems: handhelds come first.
const AT_ONCE: usize = 4;
/// Bodies on their way in at once, of all other systems.
const WRITES: usize = 16;
/// Exports under way at once, of all other systems.
const EXPORTS: usize = 2;

pub(super) struct Counter {
    pub office: Office,
    calls: Buckets<String>,
    pub places: Semaphore,
    pub writes: Semaphore,
    pub exports: Arc<Semaphore>,
}

pub(super) fn router(office: Office) -> Router {
    let calls = Buckets::new(CALLS.0, CALLS.1);
    let places = Semaphore::new(AT_ONCE);
    let writes = Semaphore::new(WRITES);
    let exports = Arc::new(Semaphore::new(EXPORTS));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route(
            "/api/v1/openapi.json",
            get(|| async { json_answer(StatusCode::OK, "application/json", &describe()) }),
        )
        .route("/api/v1/{area}", get(read).post(open_write::write))
        .route("/api/v1/export/{area}", get(open_export::export))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(Counter {
            office,
            calls,
            places,
            writes,
            exports,
        }))
}

pub(super) fn json_answer(status: StatusCode, kind: &'static str, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, kind)], value.to_string()).into_response()
}

pub(super) fn problem(status: StatusCode, detail: &str) -> Response {
    problem_with(status, detail, &[])
}

/// A problem with what is wrong field by field.
pub(super) fn problem_with(status: StatusCode, detail: &str, faults: &[Fault]) -> Response {
    let title = status.canonical_reason().unwrap_or("Problem");
    let mut value = json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": detail });
    if !faults.is_empty() {
        let said = |fault: &Fault| json!({ "pointer": fault.pointer, "detail": fault.detail });
        value["errors"] = faults.iter().map(said).collect();
    }
    let mut answer = json_answer(status, "application/problem+json", &value);
    let headers = answer.headers_mut();
    if status == StatusCode::TOO_MANY_REQUESTS {
        headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(
            header::WWW_AUTHENTICATE,
            header::HeaderValue::from_static("Bearer"),
        );
    }
    answer
}

pub(super) fn trouble() -> Response {
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The office has a trouble of its own. Try again later.",
    )
}

/// Asks the office on a thread that may block.
pub(super) async fn ask<T: Send + 'static>(
    counter: &Arc<Counter>,
    question: impl FnOnce(&Office) -> T + Send + 'static,
) -> Result<T, Response> {
    let office = counter.office.clone();
    tokio::task::spawn_blocking(move || question(&office))
        .await
        .map_err(|_| trouble())
}

async fn ready(State(counter): State<Arc<Counter>>) -> Response {
    match ask(&counter, Office::incarnation).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(_)) | Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        )
            .into_response(),
    }
}

async fn metrics(State(counter): State<Arc<Counter>>, headers: HeaderMap) -> Response {
    let done = async {
        let key = who(&counter, &headers).await?;
        if let Some(why) = lacks(&key, Key::READ_METRICS) {
            return Err(why);
        }
        let Ok(_place) = counter.places.acquire().await else {
            return Err(trouble());
        };
        match ask(&counter, move |office| office.metrics(&key)).await? {
            Ok(text) => {
                let kind = "text/plain; version=0.0.4; charset=utf-8";
                Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
            }
            Err(why) => Err(failed(&counter, &why)),
        }
    };
    done.await.unwrap_or_else(|why| why)
}

/// Why not, if the key has not this scope.
pub(super) fn lacks(key: &Key, scope: &str) -> Option<Response> {
    let detail = format!("This key needs the scope {scope}.");
    (!key.may(scope)).then(|| problem(StatusCode::FORBIDDEN, &detail))
}

/// Notes why for the office's own people; the caller hears only that there is a trouble.
pub(super) fn failed(counter: &Counter, why: &Error) -> Response {
    counter
        .office
        .note_error("a call of another system failed", why);
    trouble()
}

async fn read(
    State(counter): State<Arc<Counter>>,
    Path(area): Path<String>,
    headers: HeaderMap,
    asked: Result<Query<BTreeMap<String, String>>, QueryRejection>,
) -> Response {
    let done = async {
        let key = who(&counter, &headers).await?;
        let (area, mut filters) = readable(&key, &area, asked).map_err(|why| *why)?;
        let wish = Wish {
            limit: filters.remove("limit"),
            cursor: filters.remove("cursor"),
            filters,
        };
        let Ok(_place) = counter.places.acquire().await else {
            return Err(trouble());
        };
        match ask(&counter, move |office| office.area_page(&key, area, &wish)).await? {
            Ok(page) => Ok(json_answer(StatusCode::OK, "application/json", &page)),
            Err(NoPage::Asked(why)) => Err(problem(StatusCode::BAD_REQUEST, &why)),
            Err(NoPage::Office(why)) => Err(failed(&counter, &why)),
        }
    };
    done.await.unwrap_or_else(|why| why)
}

/// The area that a key may read, and what is asked of it.
pub(super) fn readable(
    key: &Key,
    area: &str,
    asked: Result<Query<BTreeMap<String, String>>, QueryRejection>,
) -> Result<(&'static Area, BTreeMap<String, String>), Box<Response>> {
    let unknown = || {
        let detail = "There is no such area; see /api/v1/openapi.json.";
        problem(StatusCode::NOT_FOUND, detail)
    };
    let area = Area::named(area).ok_or_else(|| Box::new(unknown()))?;
    if !key.may_read(area) {
        let detail = format!("This key needs the scope {}:read.", area.name);
        return Err(problem(StatusCode::FORBIDDEN, &detail).into());
    }
    let unread = |_| {
        let detail = "The parameters cannot be read; encode them as UTF-8.";
        Box::new(problem(StatusCode::BAD_REQUEST, detail))
    };
    let Query(filters) = asked.map_err(unread)?;
    Ok((area, filters))
}

/// Whose call this is, counted.
pub(super) async fn who(counter: &Arc<Counter>, headers: &HeaderMap) -> Result<Key, Response> {
    let nobody = || {
        problem(
            StatusCode::UNAUTHORIZED,
            "This call needs a good key: Authorization: Bearer KEY. See `stockhand-office key`.",
        )
    };
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let token = token.ok_or_else(nobody)?.to_owned();
    let key = match ask(counter, move |office| office.key_of(&token)).await? {
        Ok(key) => key.ok_or_else(nobody)?,
        Err(_) => return Err(trouble()),
    };
    if counter.calls.take(key.name.clone(), Instant::now()) {
        Ok(key)
    } else {
        Err(problem(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many calls of this key. Wait a second and try again.",
        ))
    }
}
