//! Carries letters to an address: within bounds of time, after no redirect, and without listening to more than yes or no.

use super::address;
use super::event::Letter;
use super::sign::signature;
use crate::warehouse::{SafeText, Timestamp};
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use std::time::Duration;

/// How long an address may take for one event, until its answer begins.
const PATIENCE: Duration = Duration::from_secs(15);
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Why an event was not taken, for the office's own people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotTaken {
    pub why: SafeText,
    /// The address said that it is gone for good.
    pub is_gone: bool,
}

fn not_taken(why: &str) -> NotTaken {
    NotTaken {
        why: SafeText::new(why),
        is_gone: false,
    }
}

/// Who carries events to other systems.
#[derive(Clone, Copy, Debug)]
pub struct Courier {
    patience: Duration,
}

impl Default for Courier {
    fn default() -> Self {
        Self { patience: PATIENCE }
    }
}

impl Courier {
    /// One that waits no longer than this for an answer to begin.
    pub const fn with_patience(patience: Duration) -> Self {
        Self { patience }
    }

    /// A line to an address, which is looked up now.
    pub(super) fn line(self, url: &str, inside: bool) -> Result<Line, NotTaken> {
        let read = address::read(url).and_then(|url| {
            let addresses = address::look_up(&url, inside)?;
            Ok((url, addresses))
        });
        let (url, addresses) = read.map_err(|why| not_taken(&why.to_string()))?;
        // Only the first call of a process sets the provider; later ones find the same one there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .resolve_to_addrs(url.host_str().unwrap_or_default(), &addresses)
            .connect_timeout(CONNECT.min(self.patience))
            .timeout(self.patience)
            .build()
            .map_err(|why| not_taken(&innermost(&why)))?;
        Ok(Line { client, url })
    }
}

/// A line to one address.
pub(super) struct Line {
    client: Client,
    url: Url,
}

impl Line {
    /// Carries a letter. Taken is what is answered by a status of 200 to 299.
    pub fn carry(&self, now: Timestamp, secret: &str, letter: &Letter) -> Result<(), NotTaken> {
        let (id, time) = (&letter.id, now.timestamp());
        let signed = signature(secret, id, time, letter.body.as_bytes());
        let signed = signed.ok_or_else(|| not_taken("the secret is damaged"))?;
        let call = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(
                USER_AGENT,
                concat!("stockhand-office/", env!("CARGO_PKG_VERSION")),
            )
            .header("webhook-id", id)
            .header("webhook-timestamp", time)
            .header("webhook-signature", signed)
            .body(letter.body.clone());
        // What comes after the head of the answer is not listened to.
        let status = match call.send() {
            Ok(answer) => answer.status(),
            Err(why) if why.is_timeout() => return Err(not_taken("it did not answer in time")),
            Err(why) => return Err(not_taken(&innermost(&why))),
        };
        if status.is_success() {
            return Ok(());
        }
        Err(NotTaken {
            why: SafeText::new(&format!("it answered {}", status.as_u16())),
            is_gone: status == reqwest::StatusCode::GONE,
        })
    }
}

/// The innermost cause says most, and names no URL.
fn innermost(why: &reqwest::Error) -> String {
    let mut why: &dyn std::error::Error = why;
    while let Some(source) = why.source() {
        why = source;
    }
    why.to_string()
}
