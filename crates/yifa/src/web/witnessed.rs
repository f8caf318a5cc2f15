//! Who else saw the journal up to where, as pages say it (见证).

use maud::{Markup, html};

use super::visit::Visit;
use crate::witness::kept::{Witnessed, all, of_entry};

/// What the township's witnesses saw last. A page does not fail because `yifa.toml` names a key that is none.
pub fn read(visit: &Visit<'_>) -> Vec<Witnessed> {
    all(&visit.site.folder).unwrap_or_else(|error| {
        tracing::warn!("witnesses: {error:#}");
        Vec::new()
    })
}

/// Whether there is anybody to wait for.
fn awaited(visit: &Visit<'_>) -> bool {
    !visit.site.folder.config.witness.is_empty()
}

/// Of one entry: who saw it, or that nobody did yet. Nothing where the township has no witness.
pub fn of(visit: &Visit<'_>, entry: u64) -> Markup {
    let all = read(visit);
    let seen: Vec<&Witnessed> = of_entry(&all, entry).collect();
    html! {
        @if !seen.is_empty() { @for one in seen { span.good { "已由" (one.name) "见证（" (one.told()) "）" } " " } }
        @else if awaited(visit) { span.tag.wait { "等待见证" } }
    }
}

/// The lines for the home page and the page of the journal; nothing where the township has no witness.
pub fn panel(visit: &Visit<'_>) -> Markup {
    let all = read(visit);
    html! {
        @if awaited(visit) { section.panel {
            h2 { "见证" }
            @for one in &all { p { "已由" strong { (one.name) } "见证（" (one.told()) "）" } }
            @if all.is_empty() { p.soft { "已记入的还没有人见证。" } }
            p.soft { "见证过的，谁也不能再改写而不被发现，本乡自己也不能。" }
        } }
    }
}
