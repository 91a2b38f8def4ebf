//! Bodies: bounded when they come in, compressed when they go out.

use crate::sync::{self, Limits, NotUnpacked, Refused, RefusedKind};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::time::Duration;

/// Answers shorter than this are not worth compressing.
const WORTH_IT: usize = 512;

fn refused(kind: RefusedKind, note: &str) -> Refused {
    Refused {
        kind,
        note: note.into(),
    }
}

/// A body that stands still for so long is given up.
const STALL: Duration = Duration::from_secs(10);
/// How long the rest of a body is listened to that nobody wants.
const DRAIN: Duration = Duration::from_secs(5);

/// Takes a body in, however it comes in pieces: never more than [`Limits::BODY`], never waiting for one that stands still.
pub(super) async fn collect(mut body: Body) -> Result<Vec<u8>, Refused> {
    let mut taken = Vec::new();
    loop {
        let piece = tokio::time::timeout(STALL, piece(&mut body)).await;
        let piece = piece.map_err(|_| refused(RefusedKind::Body, "The body stopped coming."))?;
        match piece {
            None => return Ok(taken),
            Some(Err(_)) => return Err(refused(RefusedKind::Body, "The body broke off.")),
            Some(Ok(piece)) if taken.len() + piece.len() > Limits::BODY => {
                drain(body).await;
                let note = "The body is larger than this office takes.";
                return Err(refused(RefusedKind::Size, note));
            }
            Some(Ok(piece)) => taken.extend_from_slice(&piece),
        }
    }
}

/// Lets a caller finish speaking, within bounds, so that it hears the answer; keeps nothing.
pub(super) async fn drain(mut body: Body) {
    let mut left = Limits::BODY;
    let listen = async {
        while let Some(Ok(piece)) = piece(&mut body).await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                return;
            }
        }
    };
    // What was not said by then is not heard.
    let _ = tokio::time::timeout(DRAIN, listen).await;
}

/// The next piece of data; none at the end.
async fn piece(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await?;
        match frame {
            // Trailers mean nothing here.
            Ok(frame) if !frame.is_data() => {}
            Ok(frame) => return frame.into_data().ok().map(Ok),
            Err(why) => return Some(Err(why)),
        }
    }
}

/// Reads a body: JSON, perhaps compressed, never larger than [`Limits`] allow on the way or unpacked.
pub(super) fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Refused> {
    let packed = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "zstd");
    let read = if packed {
        serde_json::from_slice(&unpack(body)?)
    } else {
        serde_json::from_slice(body)
    };
    read.map_err(|_| refused(RefusedKind::Body, "This call takes another body."))
}

fn unpack(body: &[u8]) -> Result<Vec<u8>, Refused> {
    sync::unpack(body).map_err(|why| match why {
        NotUnpacked::Damaged => refused(RefusedKind::Body, "The body cannot be decompressed."),
        NotUnpacked::TooLarge => refused(
            RefusedKind::Size,
            "The body unpacks to more than this office takes.",
        ),
    })
}

/// Answers with JSON, compressed where the caller takes that and it is worth it.
pub(super) fn answer(headers: &HeaderMap, value: &impl Serialize) -> Response {
    let text = serde_json::to_vec(value).expect("an answer has text keys only");
    let json = (
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    let takes = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    if text.len() > WORTH_IT
        && takes.is_some_and(|value| value.contains("zstd"))
        && let Ok(packed) = sync::pack(&text)
    {
        let encoding = (header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        return ([json, encoding], packed).into_response();
    }
    ([json], text).into_response()
}

/// Answers with bytes that are compressed already.
pub(super) fn packed(bytes: Vec<u8>) -> Response {
    let kind = HeaderValue::from_static("application/octet-stream");
    let encoding = HeaderValue::from_static("zstd");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_ENCODING, encoding),
    ];
    (headers, bytes).into_response()
}

/// Answers with why not.
pub(super) fn refuse(why: &Refused) -> Response {
    let status = match why.kind {
        RefusedKind::Code | RefusedKind::Device => StatusCode::UNAUTHORIZED,
        RefusedKind::Fork => StatusCode::CONFLICT,
        RefusedKind::Protocol => StatusCode::UPGRADE_REQUIRED,
        RefusedKind::Size => StatusCode::PAYLOAD_TOO_LARGE,
        RefusedKind::Body => StatusCode::BAD_REQUEST,
        RefusedKind::Snapshot => StatusCode::GONE,
        RefusedKind::Unknown => StatusCode::NOT_FOUND,
        RefusedKind::Busy => StatusCode::TOO_MANY_REQUESTS,
        RefusedKind::Trouble => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let text = serde_json::to_vec(why).expect("a refusal has text keys only");
    let json = (
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    let mut response = (status, [json], text).into_response();
    if matches!(why.kind, RefusedKind::Busy | RefusedKind::Trouble) {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}
