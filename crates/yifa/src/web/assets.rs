//! The style sheet and the script: two files of our own, kept by the browser for good under a name that changes with them.

use std::sync::LazyLock;

use anyhow::Result;

use super::answer::{Answer, Body, Turned};
use super::visit::Visit;

const STYLE: &str = concat!(
    include_str!("assets/base.css"),
    include_str!("assets/list.css"),
    include_str!("assets/record.css"),
    include_str!("assets/form.css"),
    include_str!("assets/figures.css"),
    include_str!("assets/report.css"),
    include_str!("assets/admin.css"),
    include_str!("assets/import.css"),
);
const SCRIPT: &str = concat!(include_str!("assets/base.js"), include_str!("assets/form.js"));

fn name(text: &str, ending: &str) -> String {
    format!("{}.{ending}", &crate::sets::sha256(text)[..12])
}

static STYLE_NAME: LazyLock<String> = LazyLock::new(|| name(STYLE, "css"));
static SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| name(SCRIPT, "js"));

/// Where the style sheet is.
pub fn style() -> String {
    format!("/assets/{}", *STYLE_NAME)
}

/// Where the script is.
pub fn script() -> String {
    format!("/assets/{}", *SCRIPT_NAME)
}

/// `GET /assets/{name}`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let name = visit.param("name");
    let (kind, text) = match name {
        name if name == *STYLE_NAME => ("text/css; charset=utf-8", STYLE),
        name if name == *SCRIPT_NAME => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return Err(Turned::NotFound.into()),
    };
    let headers =
        vec![("content-type", kind.to_owned()), ("cache-control", "public, max-age=31536000, immutable".to_owned())];
    Ok(Answer { status: 200, headers, body: Body::Bytes(text.as_bytes().to_vec()) })
}
