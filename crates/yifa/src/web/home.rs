//! `GET /`: what is to be done, what is flagged, the figures of the year (首页).

use anyhow::Result;
use maud::html;

use super::answer::Answer;
use super::visit::Visit;

/// `GET /`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    Ok(visit.page("首页", html! { h1 { "首页" } }))
}
