//! What waits for somebody (等我办): records in a state out of which his role takes the next step.
//!
//! The definitions say so: a step out of that state which the law or the register asks for, and which names his role.
//! A step with a term of its own, or one that says whose it is, stands among the dues instead: nobody is told twice.

use std::collections::BTreeMap;

use anyhow::Result;
use engine::definition::{Force, Register, Step};
use maud::{Markup, html};
use rusqlite::params_from_iter;
use rusqlite::types::Value;

use crate::policy::Scope;
use crate::storage::TOWN;
use crate::web::answer::percent;
use crate::web::his::listed;
use crate::web::visit::Visit;

/// How many records of a state are named here.
const SHOWN: u64 = 3;

/// Records that stand in one state.
pub struct Waiting<'v> {
    register: &'v Register,
    state: &'v str,
    steps: Vec<&'v Step>,
    many: u64,
    /// The newest of them.
    records: Vec<Named>,
}

/// A record by name.
struct Named {
    id: String,
    called: String,
    /// What it is about, where it goes by a number.
    title: String,
}

/// What waits, register by register.
pub fn waiting<'v>(visit: &Visit<'v>) -> Result<Vec<Waiting<'v>>> {
    let totals = totals(visit)?;
    let mut found = Vec::new();
    for register in visit.set().registers.values() {
        let Some(scope) = visit.scope_in(&register.id) else { continue };
        for (state, steps) in next(visit, register) {
            // The kept total is of all villages; none at all needs no second question.
            let all = totals.get(&(register.id.value.clone(), state.to_owned())).copied().unwrap_or(0);
            if all == 0 {
                continue;
            }
            let (many, records) = standing(visit, register, state, &scope, all)?;
            if many > 0 {
                found.push(Waiting { register, state, steps, many, records });
            }
        }
    }
    Ok(found)
}

/// The states something has to follow that is his to do, with the steps that do it.
fn next<'v>(visit: &Visit<'_>, register: &'v Register) -> BTreeMap<&'v str, Vec<&'v Step>> {
    let asked_for = |step: &&Step| {
        let needed = step.need.is_some() || matches!(step.force, Some(Force::Must | Force::Usual));
        step.to.is_some() && needed && step.owner.is_empty() && step.within.is_empty()
    };
    // Without roles of its own a step is anybody's who reads the register, and waits for nobody.
    let his = |step: &&Step| !step.by.is_empty() && visit.who.may_take_somewhere(register, step);
    let mut states: BTreeMap<&str, Vec<&Step>> = BTreeMap::new();
    for step in register.steps.iter().filter(asked_for).filter(his) {
        for state in &step.from {
            states.entry(&state.value).or_default().push(step);
        }
    }
    states
}

fn totals(visit: &Visit<'_>) -> Result<BTreeMap<(String, String), u64>> {
    let sql = "SELECT register, value, n FROM count WHERE town_id = $1 AND filter = 'state' ORDER BY register, value";
    let rows = visit.db.rows(sql, [TOWN], |row| Ok(((row.get(0)?, row.get(1)?), row.get::<_, i64>(2)? as u64)))?;
    Ok(rows.into_iter().collect())
}

fn standing(visit: &Visit<'_>, register: &Register, state: &str, scope: &Scope, all: u64) -> Result<(u64, Vec<Named>)> {
    let villages = scope.villages();
    let within = villages.as_ref().map_or_else(String::new, |villages| {
        format!(
            " AND EXISTS (SELECT 1 FROM record_village v WHERE v.town_id = $1 AND v.record = r.id AND v.village IN ({}))",
            listed(5, villages.len())
        )
    });
    let values = |limit: u64| {
        let mut values: Vec<Value> =
            vec![TOWN.into(), register.id.value.clone().into(), state.to_owned().into(), (limit as i64).into()];
        values.extend(villages.iter().flatten().cloned().map(Value::from));
        params_from_iter(values)
    };
    let many = match villages {
        None => all,
        Some(_) => {
            let sql = format!(
                "SELECT count(*) FROM record r WHERE town_id = $1 AND register = $2 AND state = $3 AND $4 > 0{within}"
            );
            visit.db.one(&sql, values(1), |row| row.get::<_, i64>(0))?.unwrap_or(0) as u64
        }
    };
    // The newest first, and no more than there are: what is still open seldom lies far down.
    let sql = format!(
        "SELECT id, coalesce(number, title), CASE WHEN number IS NULL THEN '' ELSE title END FROM record r \
         WHERE town_id = $1 AND register = $2 AND state = $3{within} ORDER BY opened DESC, id DESC LIMIT $4"
    );
    let records = match many {
        0 => Vec::new(),
        many => visit.db.rows(&sql, values(many.min(SHOWN)), |row| {
            Ok(Named { id: row.get(0)?, called: row.get(1)?, title: row.get(2)? })
        })?,
    };
    Ok((many, records))
}

/// What waits, as it stands on the page.
pub fn shown(waits: &[Waiting<'_>]) -> Markup {
    html! {
        h2 { "等我办的 " span.many { (waits.iter().map(|one| one.many).sum::<u64>()) " 件" } }
        div.scroll { table.waits.cards {
            thead { tr { th { "登记簿" } th { "状态" } th.num { "件" } th { "下一步" } th { "案卷" } } }
            tbody { @for one in waits {
                @let (base, state) = (format!("/registers/{}", one.register.id.value), one.register.state_title(one.state));
                tr {
                    td { a href=(base) { (one.register.title) } }
                    td { (state) }
                    td.num { a href={ (base) "?state=" (percent(one.state)) } { (one.many) } }
                    td { (one.steps.iter().map(|step| step.title.as_str()).collect::<Vec<_>>().join("、")) }
                    td { @for Named { id, called, title } in &one.records {
                        div { a href={ (base) "/" (id) } { (called) } @if !title.is_empty() { " " span.soft { (title) } } }
                    } @if one.many > SHOWN { div.soft { "等" } } }
                }
            } }
        } }
    }
}
