//! What other systems send: orders, each under an Idempotency-Key.

use super::body;
use super::open::{Counter, ask, failed, lacks, problem, problem_with, trouble, who};
use crate::office::open::{Key, NotTaken};
use crate::sync::RefusedKind;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Longest Idempotency-Key, in characters.
const LONGEST_CALL: usize = 200;

pub(super) async fn write(
    State(counter): State<Arc<Counter>>,
    Path(area): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Response {
    // Nobody's body is taken in before it is known whose it is.
    let (key, call) = match caller(&counter, &area, &headers).await {
        Ok(caller) => caller,
        Err(why) => {
            body::drain(sent).await;
            return why;
        }
    };
    take(&counter, key, call, sent)
        .await
        .unwrap_or_else(|why| why)
}

async fn caller(
    counter: &Arc<Counter>,
    area: &str,
    headers: &HeaderMap,
) -> Result<(Key, String), Response> {
    let key = who(counter, headers).await?;
    if area != "orders" {
        let detail = "Only /api/v1/orders can be sent to; see /api/v1/openapi.json.";
        let mut answer = problem(StatusCode::METHOD_NOT_ALLOWED, detail);
        let allowed = HeaderValue::from_static("GET, HEAD");
        answer.headers_mut().insert(header::ALLOW, allowed);
        return Err(answer);
    }
    if let Some(why) = lacks(&key, Key::WRITE_ORDERS) {
        return Err(why);
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        let detail = "Send the body as it is, without Content-Encoding.";
        return Err(problem(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let call = headers
        .get("idempotency-key")
        .and_then(|call| call.to_str().ok());
    let good = |call: &&str| {
        (1..=LONGEST_CALL).contains(&call.len()) && call.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let detail = "Send a header Idempotency-Key of 1 to 200 visible ASCII characters, a new one for each order.";
    let call = call.filter(good);
    let call = call.ok_or_else(|| problem(StatusCode::BAD_REQUEST, detail))?;
    Ok((key, call.to_owned()))
}

async fn take(
    counter: &Arc<Counter>,
    key: Key,
    call: String,
    sent: Body,
) -> Result<Response, Response> {
    let busy = |_| {
        let detail = "Too many orders are on their way in. Wait a second and try again.";
        problem(StatusCode::TOO_MANY_REQUESTS, detail)
    };
    let _under_way = counter.writes.try_acquire().map_err(busy)?;
    let sent = body::collect(sent).await.map_err(|why| {
        let status = match why.kind {
            RefusedKind::Size => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        problem(status, &format!("{} Send at most 1 MiB.", why.note))
    })?;
    let Ok(_place) = counter.places.acquire().await else {
        return Err(trouble());
    };
    let now = chrono::Utc::now();
    let taken = ask(counter, move |office| {
        office.take_order(now, &key, &call, &sent)
    });
    match taken.await? {
        Ok(answer) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            Ok((StatusCode::CREATED, kind, answer).into_response())
        }
        Err(why) => Err(not_taken(counter, &why)),
    }
}

fn not_taken(counter: &Counter, why: &NotTaken) -> Response {
    let (status, faults) = match why {
        NotTaken::NoJson(_) => (StatusCode::BAD_REQUEST, &[][..]),
        NotTaken::Faults(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults.as_slice()),
        NotTaken::OtherBody => (StatusCode::UNPROCESSABLE_ENTITY, &[][..]),
        NotTaken::Warehouse => (StatusCode::FORBIDDEN, &[][..]),
        NotTaken::Known => (StatusCode::CONFLICT, &[][..]),
        NotTaken::Office(why) => return failed(counter, why),
    };
    problem_with(status, &why.to_string(), faults)
}
