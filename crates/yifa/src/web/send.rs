//! An answer as it goes out: headers every answer has, files piece by piece (发送).

use axum::body::Body as HttpBody;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use tokio_util::io::ReaderStream;

use super::answer::{Answer, Body};

/// Nothing runs or is fetched but what comes from here, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Sends an answer.
pub async fn answer(answer: Answer, id: &str, secure: bool) -> Response {
    let Answer { status, headers, body } = answer;
    let body = match body {
        Body::Bytes(bytes) => HttpBody::from(bytes),
        Body::File(path) => match tokio::fs::File::open(&path).await {
            Ok(file) => HttpBody::from_stream(ReaderStream::new(file)),
            Err(_) => return head(404, &[], id, secure, HttpBody::empty()),
        },
        Body::Open(file) => HttpBody::from_stream(ReaderStream::new(tokio::fs::File::from_std(file))),
    };
    head(status, &headers, id, secure, body)
}

/// Sends an answer that is no file.
pub fn plain(answer: Answer, id: &str, secure: bool) -> Response {
    let body = match answer.body {
        Body::Bytes(bytes) => HttpBody::from(bytes),
        Body::File(_) | Body::Open(_) => HttpBody::empty(),
    };
    head(answer.status, &answer.headers, id, secure, body)
}

fn head(status: u16, own: &[(&'static str, String)], id: &str, secure: bool, body: HttpBody) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let common = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("x-request-id", id),
    ];
    let headers = response.headers_mut();
    for (name, value) in common.into_iter().chain(own.iter().map(|(name, value)| (*name, value.as_str()))) {
        // Every name is ours; a value that is no header was made of what somebody typed, and is left out.
        if let Ok(value) = HeaderValue::from_str(value) {
            match name {
                "set-cookie" => drop(headers.append(HeaderName::from_static(name), value)),
                _ => drop(headers.insert(HeaderName::from_static(name), value)),
            }
        }
    }
    if secure {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
    response
}
