//! What a record has to do with others, read from both sides; of what he may not see only how many (关联).

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::{FieldRef, Register};
use engine::record::VOID;
use maud::{Markup, html};

use super::{Record, at};
use crate::query::called::{Named, named};
use crate::storage::{Db, params};
use crate::web::visit::Visit;

/// So many that refer to a record are looked at: a village is named by every matter there ever was.
const LOOKED_AT: i64 = 200;
/// So many of one register are listed; the register's own list has them all.
const LISTED: usize = 10;

/// What refers to a record: each with the fields by which it does.
struct Referring {
    found: Vec<(String, String, String)>,
    more: bool,
}

impl Referring {
    fn load(db: &Db, target: &str) -> Result<Referring> {
        let sql = "SELECT l.record, l.named_by, r.register FROM link l \
                   JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
                   WHERE l.town_id = $1 AND l.target = $2 ORDER BY l.named_by DESC, l.record DESC LIMIT $3";
        let mut found =
            db.rows(sql, params![target, LOOKED_AT + 1], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let more = found.len() as i64 > LOOKED_AT;
        found.truncate(LOOKED_AT as usize);
        Ok(Referring { found, more })
    }
}

/// One register's records that refer to this one.
struct Group<'v> {
    register: &'v Register,
    /// Id, what it is called, where it stands, by which fields.
    records: Vec<(String, Named, BTreeSet<String>)>,
}

/// The panel; nothing where nothing refers to the record and nothing is linked.
pub fn linked(record: &Record<'_>) -> Result<Markup> {
    let visit = record.visit;
    let referring = Referring::load(visit.db, &record.opened.seen.id)?;
    let (groups, withheld) = sorted(visit, &referring)?;
    let onto: Vec<&str> =
        record.rows.links.iter().filter(|link| link.by == "link").map(|link| link.to.as_str()).collect();
    if groups.is_empty() && withheld == 0 && onto.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        section.panel.linked aria-labelledby="linked" {
            h2 id="linked" { "关联的案卷" }
            @if !onto.is_empty() {
                ul { @for id in onto { li { (record.names.link(id)) } } }
            }
            @for group in &groups {
                h3 { (group.register.title) small { " " (group.records.len()) " 个" } }
                ul {
                    @for (id, named, by) in group.records.iter().take(LISTED) {
                        li {
                            a href=(at(&named.register, id, "")) { (named.called()) }
                            small { " " (state(group.register, &named.state)) " · " (fields(group.register, by)) }
                        }
                    }
                }
                @if group.records.len() > LISTED { p.note { "只列 " (LISTED) " 个。" } }
            }
            @if withheld > 0 { p.note { "另有 " (withheld) " 个不在您能看的范围里。" } }
            @if referring.more { p.note { "引用它的很多，只看了最近的 " (LOOKED_AT) " 处。" } }
        }
    })
}

fn sorted<'v>(visit: &Visit<'v>, referring: &Referring) -> Result<(Vec<Group<'v>>, usize)> {
    let mut groups: Vec<Group<'v>> = Vec::new();
    let mut withheld = BTreeSet::new();
    let readable = |id: &str| visit.set().register(id).filter(|register| visit.who.may_read(register));
    let asked = referring.found.iter().filter(|(.., register)| readable(register).is_some());
    let known = named(visit.db, &asked.map(|(id, ..)| id.clone()).collect())?;
    for (id, by, register) in &referring.found {
        let seen = readable(register).zip(known.get(id));
        let seen = seen.filter(|(register, named)| visit.who.may_see(register, &named.villages));
        let Some((register, named)) = seen else {
            withheld.insert(id);
            continue;
        };
        let nth = match groups.iter().position(|group| group.register.id == register.id) {
            Some(nth) => nth,
            None => {
                groups.push(Group { register, records: Vec::new() });
                groups.len() - 1
            }
        };
        let records = &mut groups[nth].records;
        match records.iter_mut().find(|(known, ..)| known == id) {
            Some((.., fields)) => drop(fields.insert(by.clone())),
            None => records.push((id.clone(), named.clone(), BTreeSet::from([by.clone()]))),
        }
    }
    groups.sort_by(|a, b| a.register.id.value.cmp(&b.register.id.value));
    Ok((groups, withheld.len()))
}

fn state<'r>(register: &'r Register, state: &'r str) -> &'r str {
    if state == VOID { "已作废" } else { register.state_title(state) }
}

/// The titles of the fields by which a record refers to this one.
fn fields(register: &Register, by: &BTreeSet<String>) -> String {
    let title = |by: &String| match by.as_str() {
        "link" => "关联".to_owned(),
        by => register.field(&FieldRef::parse(by, "")).map_or_else(|| by.to_owned(), |field| field.title.clone()),
    };
    by.iter().map(title).collect::<Vec<_>>().join("、")
}
