//! Who looked at the personal values of a record, and why (查看记录).

use std::collections::BTreeSet;

use anyhow::Result;
use maud::{Markup, html};

use super::Record;
use super::names::Names;
use crate::accounts::access::{Access, Kind};
use crate::ambient::day_of;
use crate::query::called::Posts;
use crate::storage::params;

/// The newest are shown.
const SHOWN: u64 = 20;

/// The list, for those who may see it.
pub fn readings(record: &Record<'_>) -> Result<Markup> {
    let (visit, seen) = (record.visit, &record.opened.seen);
    if !visit.who.may_see_lookers(record.opened.current, &seen.villages) {
        return Ok(html! {});
    }
    let accounts = &visit.site.accounts;
    let mut lines = accounts.accesses(&seen.id, Kind::Read, SHOWN)?;
    // A bundle that opened something personal bears a reason; one that opened nothing does not.
    let taken = accounts.accesses(&seen.id, Kind::Export, SHOWN)?;
    lines.extend(taken.into_iter().filter(|line| !line.reason.is_empty()));
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    // Which records were in an export is written down nowhere: a line for each would be as many as the register is long.
    // So whoever took the register away is named apart, since this record was there, and without his reason, which may be
    // about another's.
    let sql = "SELECT recorded_at FROM entry WHERE town_id = $1 AND idx = $2";
    let opened = visit.db.one(sql, params![seen.first as i64], |row| row.get::<i64>(0))?.unwrap_or(i64::MAX);
    let mut exports = accounts.accesses(&record.opened.current.id.value, Kind::Export, SHOWN)?;
    exports.retain(|line| line.at >= opened);
    if lines.is_empty() && exports.is_empty() {
        return Ok(html! {});
    }
    let all = accounts.all()?;
    let person = |account: &str| all.iter().find(|one| one.id == account).map(|one| one.person.clone());
    let people: BTreeSet<String> = lines.iter().chain(&exports).filter_map(|line| person(&line.account)).collect();
    let names = Names::of(visit, people, Posts::default())?;
    let who = |line: &Access| match person(&line.account) {
        Some(id) => names.text(&id),
        None if line.account.is_empty() => "在放数据的机器上".to_owned(),
        None => String::new(),
    };
    Ok(html! {
        section.panel aria-labelledby="readings" {
            h2 id="readings" { "谁看过个人信息" }
            @if !lines.is_empty() {
                ul.readings { @for line in &lines {
                    li { (day_of(line.at)) " " (who(line)) " " (line.what) br; small { "理由：" (line.reason) } }
                } }
            }
            @if !exports.is_empty() {
                h3 { "导出过本登记簿个人信息的" small { "（不一定含本案卷）" } }
                ul.readings { @for line in &exports { li { (day_of(line.at)) " " (who(line)) } } }
            }
        }
    })
}
