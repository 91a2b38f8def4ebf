//! The calls over HTTPS: the office's certificate is pinned, bodies are packed and bounded, a stalled call ends.
//! How long a transfer takes in all is nobody's business as long as bytes keep coming.

use super::packing::{self, pack};
use super::{
    CallFailed, Calls, Claim, Claimed, Enrol, Enrolled, HEADER_PROTOCOL, Limits, Manifest,
    PROTOCOL, Page, Push, Pushed, Refused, Welcome,
};
use crate::pinned;
use crate::warehouse::SafeText;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER,
};
use rustls::{ClientConfig, Error as TlsError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::Read;
use std::time::Duration;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(6);
/// Longest wait for an answer, and between two pieces of it.
const ANSWER: Duration = Duration::from_secs(20);

/// A line to one office. Cheap to copy; each thread has its own.
#[derive(Clone)]
pub struct Link {
    quick: Client,
    patient: Client,
    base: String,
    token: Option<HeaderValue>,
}

impl Link {
    /// A line to the office at `HOST:PORT`, whose certificate has this SHA-256, or else is one that the system trusts.
    /// Nothing is sent yet.
    pub fn new(office: &str, fingerprint: Option<[u8; 32]>) -> Result<Self, CallFailed> {
        let pinned = fingerprint.map(pinned).transpose();
        let pinned = pinned.map_err(|why| unreachable(&why))?;
        let client = |wait: Duration| {
            let client = match &pinned {
                Some(tls) => Client::builder().tls_backend_preconfigured(tls.clone()),
                None => {
                    // Only the first call of a process sets the provider; later ones find the same one there.
                    let _ = rustls::crypto::ring::default_provider().install_default();
                    Client::builder()
                }
            };
            client
                .https_only(true)
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(CONNECT)
                .timeout(wait)
                .build()
                .map_err(|why| unreachable(&why))
        };
        Ok(Self {
            quick: client(ANSWER)?,
            patient: client(ANSWER + Duration::from_secs(Limits::WAIT_S))?,
            base: format!("https://{office}/v1"),
            token: None,
        })
    }

    /// The same line, spoken on by the device whose token this is.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        let value = HeaderValue::try_from(format!("Bearer {token}")).ok();
        self.token = value.map(|mut value| {
            value.set_sensitive(true);
            value
        });
        self
    }

    fn get(&self, client: &Client, path: &str) -> RequestBuilder {
        self.dressed(client.get(format!("{}{path}", self.base)))
    }

    fn post(&self, path: &str, body: &impl Serialize) -> Result<RequestBuilder, CallFailed> {
        let text = serde_json::to_vec(body).expect("messages have text keys only");
        let packed = pack(&text).map_err(|why| unreachable(&why))?;
        let call = self.quick.post(format!("{}{path}", self.base));
        Ok(self
            .dressed(call)
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "zstd")
            .body(packed))
    }

    fn dressed(&self, call: RequestBuilder) -> RequestBuilder {
        let call = call
            .header(HEADER_PROTOCOL, PROTOCOL)
            .header(ACCEPT_ENCODING, "zstd");
        match &self.token {
            Some(token) => call.header(AUTHORIZATION, token.clone()),
            None => call,
        }
    }
}

fn unreachable(why: &dyn std::error::Error) -> CallFailed {
    // The innermost cause says most: "connection refused" rather than "error sending request".
    let mut why = why;
    while let Some(source) = why.source() {
        why = source;
    }
    CallFailed::Unreachable(SafeText::new(&why.to_string()))
}

fn garbled(why: &dyn std::fmt::Display) -> CallFailed {
    CallFailed::Garbled(SafeText::new(&why.to_string()))
}

/// The bytes of an answer, never more than so many.
fn bytes(answer: &mut Response, most: usize) -> Result<Vec<u8>, CallFailed> {
    let mut body = Vec::new();
    answer
        .take(most as u64 + 1)
        .read_to_end(&mut body)
        .map_err(|why| unreachable(&why))?;
    if body.len() > most {
        return Err(garbled(&"it is too large"));
    }
    Ok(body)
}

fn send(call: RequestBuilder) -> Result<Response, CallFailed> {
    let mut answer = call.send().map_err(|why| unreachable(&why))?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    let retry_after = answer
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(|seconds: u64| Duration::from_secs(seconds.min(3600)));
    let status = answer.status();
    let body = bytes(&mut answer, 64 * 1024)?;
    let refused: Refused = serde_json::from_slice(&body).map_err(|_| garbled(&status))?;
    Err(CallFailed::Refused {
        refused,
        retry_after,
    })
}

fn answer<T: DeserializeOwned>(call: RequestBuilder) -> Result<T, CallFailed> {
    let mut answer = send(call)?;
    let packed = answer
        .headers()
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == "zstd");
    let body = bytes(&mut answer, Limits::UNPACKED)?;
    let text = if packed {
        packing::unpack_at_most(&body, Limits::UNPACKED * 4).map_err(|why| garbled(&why))?
    } else {
        body
    };
    serde_json::from_slice(&text).map_err(|why| garbled(&why))
}

impl Calls for Link {
    fn push(&mut self, push: &Push) -> Result<Pushed, CallFailed> {
        answer(self.post("/journal", push)?)
    }

    fn page(&mut self, after: u64, wait_s: u64) -> Result<Page, CallFailed> {
        let path = format!(
            "/feed?after={after}&limit={}&wait={wait_s}",
            Limits::CHANGES
        );
        answer(self.get(&self.patient, &path))
    }

    fn claim(&mut self, claim: &Claim) -> Result<Claimed, CallFailed> {
        answer(self.post("/claims", claim)?)
    }

    fn manifest(&mut self) -> Result<Manifest, CallFailed> {
        // The office may have to make the file first.
        answer(self.get(&self.patient, "/snapshot"))
    }

    fn snapshot_page(&mut self, id: &str, page: usize) -> Result<Vec<u8>, CallFailed> {
        let mut answer = send(self.get(&self.quick, &format!("/snapshot/{id}/{page}")))?;
        let body = bytes(&mut answer, Limits::SNAPSHOT_PAGE + 64 * 1024)?;
        packing::unpack_at_most(&body, Limits::SNAPSHOT_PAGE).map_err(|why| garbled(&why))
    }
}

impl Welcome for Link {
    fn enrol(&mut self, ask: &Enrol) -> Result<Enrolled, CallFailed> {
        answer(self.post("/enrol", ask)?)
    }
}

fn pinned(fingerprint: [u8; 32]) -> Result<ClientConfig, TlsError> {
    pinned::client(fingerprint, |_| {
        "this is not the office that took this handheld in".to_owned()
    })
}
