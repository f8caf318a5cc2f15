//! What a page gives back: a status, headers and a body (应答).

use std::fmt;
use std::fs::File;
use std::path::PathBuf;

use maud::Markup;

/// What is sent.
#[derive(Debug)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file, piece by piece.
    File(PathBuf),
    /// The same of an open one: made for this answer without a name, it is gone once it is closed, whatever happens.
    Open(File),
}

/// An answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers of its own, beside those every answer gets.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

impl Answer {
    /// A page or a piece of one.
    pub fn html(status: u16, markup: Markup) -> Answer {
        let headers = vec![("content-type", "text/html; charset=utf-8".to_owned())];
        Answer { status, headers, body: Body::Bytes(markup.into_string().into_bytes()) }
    }

    /// "Look there", after a form was taken: reloading what comes next sends nothing twice.
    pub fn see(url: impl Into<String>) -> Answer {
        Answer { status: 303, headers: vec![("location", url.into())], body: Body::Bytes(Vec::new()) }
    }

    /// Data for a script.
    pub fn json(status: u16, data: &serde_json::Value) -> Answer {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        Answer { status, headers, body: Body::Bytes(data.to_string().into_bytes()) }
    }

    /// A file to keep. It is never opened in place: what somebody uploaded must not run as a page of ours.
    pub fn download(name: &str, kind: &str, body: Body) -> Answer {
        let headers = vec![
            ("content-type", kind.to_owned()),
            ("content-disposition", format!("attachment; filename*=UTF-8''{}", percent(name))),
        ];
        Answer { status: 200, headers, body }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }
}

/// A text as a piece of a URL or of a header.
pub fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// There is none, or whoever asks must not know that there is.
    NotFound,
    /// There is one, and it is not for whoever asks.
    Forbidden,
    /// What is there is not asked for like that.
    Otherwise,
    /// The address is no text.
    Unreadable,
}

impl fmt::Display for Turned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Turned::NotFound => "no such page",
            Turned::Forbidden => "not for this person",
            Turned::Otherwise => "not asked for like that",
            Turned::Unreadable => "an address that is no text",
        })
    }
}

impl std::error::Error for Turned {}
