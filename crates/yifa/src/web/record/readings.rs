//! Who looked at the personal values of a record, and why (查看记录).

use std::collections::BTreeSet;

use anyhow::Result;
use maud::{Markup, html};

use super::Record;
use super::names::Names;
use crate::accounts::access::Kind;
use crate::ambient::day_of;
use crate::query::called::Posts;

/// The newest are shown.
const SHOWN: u64 = 20;

/// The list, for those who may see it.
pub fn readings(record: &Record<'_>) -> Result<Markup> {
    let (visit, seen) = (record.visit, &record.opened.seen);
    if !visit.who.may_see_lookers(record.opened.current, &seen.villages) {
        return Ok(html! {});
    }
    let mut lines = visit.site.accounts.accesses(&seen.id, Kind::Read, SHOWN)?;
    // Whoever took the register away with all that is personal had this record too.
    lines.extend(visit.site.accounts.accesses(&record.opened.current.id.value, Kind::Export, SHOWN)?);
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    lines.truncate(SHOWN as usize);
    if lines.is_empty() {
        return Ok(html! {});
    }
    let accounts = visit.site.accounts.all()?;
    let person = |account: &str| accounts.iter().find(|one| one.id == account).map(|one| one.person.clone());
    let people: BTreeSet<String> = lines.iter().filter_map(|line| person(&line.account)).collect();
    let names = Names::of(visit, people, Posts::default())?;
    Ok(html! {
        section.panel aria-labelledby="readings" {
            h2 id="readings" { "谁看过个人信息" }
            ul.readings {
                @for line in &lines {
                    li {
                        (day_of(line.at)) " " (person(&line.account).map_or_else(String::new, |id| names.text(&id)))
                        " " (line.what) br; small { "理由：" (line.reason) }
                    }
                }
            }
        }
    })
}
