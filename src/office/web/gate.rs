//! Who comes in: pages of this office may send forms and no others, and a signed session says who sends them.

use super::desk::Desk;
use super::session::Person;
use super::shell;
use super::users::Role;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// The cookie of a session. Its prefix binds it to this host and to https: RFC 6265bis §4.1.3.2.
pub(super) const COOKIE: &str = "__Host-stockhand";
/// Digits of a session's token.
const TOKEN: usize = 64;

const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

/// Lets a form in only from a page of this office, and sends every answer out with what browsers must keep to.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if reads || is_from_here(request.headers()) {
        next.run(request).await
    } else {
        let text = "This form did not come from a page of this office.";
        shell::refusal(StatusCode::FORBIDDEN, text)
    };
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// Whether a browser says that a page of this office sends this. What says nothing is no browser of today.
fn is_from_here(headers: &HeaderMap) -> bool {
    let site = text(headers, "sec-fetch-site");
    let origin = text(headers, "origin");
    let host = text(headers, "host").unwrap_or_default();
    let same_site = site.is_none_or(|site| site == "same-origin");
    let same_origin = origin.is_none_or(|origin| origin.strip_prefix("https://") == Some(host));
    (site.is_some() || origin.is_some()) && same_site && same_origin
}

/// A header's text; a text that cannot be read is none that is expected.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or("?"))
}

/// Who is signed in, and by which token.
pub(super) struct Signed {
    pub person: Person,
    pub token: String,
}

impl Signed {
    /// Error: a page that says that they may not.
    #[expect(
        clippy::result_large_err,
        reason = "the error is the page that is sent"
    )]
    pub fn needs(&self, role: Role) -> Result<(), Response> {
        if self.person.role >= role {
            return Ok(());
        }
        let text = format!("This is for a {} to do.", role.name());
        Err(shell::refusal(StatusCode::FORBIDDEN, &text))
    }
}

pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let pairs = cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|all| all.split(';'));
    let mut named = pairs.filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='));
    let token = named.next()?;
    let fits = token.len() == TOKEN && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| token.to_owned())
}

impl FromRequestParts<Arc<Desk>> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Response> {
        let stranger = || Redirect::to("/sign-in").into_response();
        let token = token(&parts.headers).ok_or_else(stranger)?;
        // Figures that refresh by themselves keep nobody signed in.
        let mode = text(&parts.headers, "sec-fetch-mode");
        let used = mode.is_none_or(|mode| mode == "navigate");
        let asked = token.clone();
        let found = desk
            .ask(move |desk| {
                let found = desk.office.signed_in(chrono::Utc::now(), &asked, used)?;
                let waits = found.is_none() && desk.office.waits_for_code(&asked)?.is_some();
                Ok((found, waits))
            })
            .await?;
        match found {
            (Some(person), _) => Ok(Self { person, token }),
            (None, true) => Err(Redirect::to("/sign-in/code").into_response()),
            (None, false) => Err(stranger()),
        }
    }
}
