//! `GET /figures/{figure}/proof.zip`: the figure with all it rests on, for somebody who adds it up again himself (证据包).

use anyhow::Result;

use super::{Asked, reach};
use crate::accounts::access::Kind;
use crate::bundle::proved::Proof;
use crate::bundle::{self, Read};
use crate::policy::Scope;
use crate::query::evidence::{Evidence, evidence};
use crate::query::figures::one;
use crate::query::names::Names;
use crate::query::overdue::Dues;
use crate::web::answer::{Answer, Body, Turned};
use crate::web::visit::Visit;

/// Whether he may be offered it: of a figure told over some villages only, the records add up to another number.
pub fn may(visit: &Visit<'_>, asked: &Asked<'_>) -> bool {
    asked.at.is_none()
        && visit.who.sees_township()
        && reach(visit, asked.set, asked.figure).is_some_and(|scope| scope == Scope::All)
}

/// The file; personal values are closed.
pub fn send(visit: &Visit<'_>) -> Result<Answer> {
    let asked = Asked::of(visit)?;
    if !may(visit, &asked) {
        return Err(Turned::NotFound.into());
    }
    let name = format!("证据包 {}年{}.zip", asked.year, asked.figure.title);
    if visit.asked.head {
        // Who asks whether there is a file takes none away.
        return Ok(Answer::download(&name, "application/zip", Body::Bytes(Vec::new())));
    }
    let (folder, sets, period) = (&visit.site.folder, visit.sets, asked.beside.now);
    let size = Proof::begun(folder, visit.db)?.checkpoint.size;
    let set = &sets.at(Some(size))?.set;
    let figure = set.figures.get(&asked.figure.id).ok_or(Turned::NotFound)?;
    let dues = Dues::load(visit.db, set, Some(size))?;
    let reading = one(visit.db, set, figure, period, &dues)?;
    let behind = evidence(visit.db, set, figure, period, &dues, &Names::load(visit.db)?)?;
    behind.iter().try_for_each(|one| seen(visit, one))?;
    let behind: Vec<(u64, String)> = behind.into_iter().map(|one| (one.entry, one.record)).collect();
    let read = Read { sets, figure, period, reading: &reading, behind: &behind, size };
    let packed = bundle::figure(folder, visit.db, &read)?;
    let what = format!("数字“{}”（{} 至 {}）的证据包：{} 条记入", figure.title, period.from, period.to, packed.entries);
    let bytes = packed.bytes()?;
    visit.note(Kind::Export, "", &what, "")?;
    Ok(Answer::download(&name, "application/zip", Body::Bytes(bytes)))
}

/// Nothing, where the record behind an entry is his to see.
fn seen(visit: &Visit<'_>, one: &Evidence) -> Result<()> {
    // A number may count what he may not open; its entries then do not leave through him.
    let shut = |_| Turned::Forbidden;
    let register = visit.register_of(&one.register).map_err(shut)?;
    match visit.who.scope(register) == Scope::All {
        true => Ok(()),
        false => visit.record_of(register, &one.record).map(|_| ()).map_err(|_| Turned::Forbidden.into()),
    }
}
