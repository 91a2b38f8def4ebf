//! Whole areas for other systems, sent page by page as the caller takes them.

use super::open::{Counter, ask, failed, problem, readable, trouble, who};
use crate::office::export::Format;
use crate::office::open::{Area, NoPage, Pages};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Pages that may wait for a slow caller; then the next is not read.
const WAITING: usize = 2;
/// A caller that takes nothing for so long is left.
const STALL: Duration = Duration::from_secs(30);

pub(super) async fn export(
    State(counter): State<Arc<Counter>>,
    Path(area): Path<String>,
    headers: HeaderMap,
    asked: Result<Query<BTreeMap<String, String>>, QueryRejection>,
) -> Response {
    let done = async {
        let key = who(&counter, &headers).await?;
        let (area, mut filters) = readable(&key, &area, asked).map_err(|why| *why)?;
        let format = match filters.remove("format").as_deref() {
            None | Some("jsonl") => Format::Lines,
            Some("csv") => Format::Csv,
            Some(_) => {
                let detail = "format is jsonl or csv";
                return Err(problem(StatusCode::BAD_REQUEST, detail));
            }
        };
        let busy = |_| {
            let detail = "Too many exports at once. Wait until one has ended.";
            problem(StatusCode::TOO_MANY_REQUESTS, detail)
        };
        let permit = counter.exports.clone().try_acquire_owned().map_err(busy)?;
        let pages = counter.office.export_for(key, area, format, filters);
        // What cannot be asked for is told before anything is sent.
        let (pages, first) = page(&counter, pages).await?;
        Ok(stream(counter.clone(), permit, pages, first, area, format))
    };
    done.await.unwrap_or_else(|why| why)
}

/// The next page, read on a thread that may block.
async fn page(
    counter: &Arc<Counter>,
    mut pages: Pages,
) -> Result<(Pages, Option<String>), Response> {
    let Ok(_place) = counter.places.acquire().await else {
        return Err(trouble());
    };
    let read = ask(counter, move |_| {
        let page = pages.next_page();
        (pages, page)
    });
    match read.await? {
        (pages, Ok(page)) => Ok((pages, page)),
        (_, Err(NoPage::Asked(why))) => Err(problem(StatusCode::BAD_REQUEST, &why)),
        (_, Err(NoPage::Office(why))) => Err(failed(counter, &why)),
    }
}

fn stream(
    counter: Arc<Counter>,
    permit: OwnedSemaphorePermit,
    pages: Pages,
    first: Option<String>,
    area: &Area,
    format: Format,
) -> Response {
    let (tell, pieces) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        send(&counter, pages, first, &tell).await;
        drop(permit);
    });
    let name = format!("attachment; filename=\"{}.{}\"", area.name, format.ending());
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    (headers, Body::new(Pieces(pieces))).into_response()
}

/// Sends page after page; a trouble breaks the answer off, so that nobody takes a part for the whole.
async fn send(
    counter: &Arc<Counter>,
    mut pages: Pages,
    mut next: Option<String>,
    tell: &Sender<io::Result<Bytes>>,
) {
    while let Some(text) = next.take() {
        let sent = tokio::time::timeout(STALL, tell.send(Ok(text.into())));
        if !matches!(sent.await, Ok(Ok(()))) {
            // The caller is gone or takes nothing. If it is still there, it hears no proper end.
            let _ = tell.try_send(Err(io::Error::other("the caller stands still")));
            return;
        }
        match page(counter, pages).await {
            Ok((rest, page)) => (pages, next) = (rest, page),
            Err(_) => {
                let broken = Err(io::Error::other("the office has a trouble of its own"));
                let _ = tokio::time::timeout(STALL, tell.send(broken)).await;
                return;
            }
        }
    }
}

/// A body of pieces as they come.
struct Pieces(Receiver<io::Result<Bytes>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let piece = self.0.poll_recv(cx);
        piece.map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
