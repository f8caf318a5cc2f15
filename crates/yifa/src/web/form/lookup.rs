//! What somebody means by a name, among what he may see (查找): a record that is not his is not found, and nothing of it is
//! told, not even how many there are of that name.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::{ANY, FieldRef};
use engine::form::{Found, Held, Lookup};
use engine::problem::Problem;
use rusqlite::params;

use super::super::visit::Visit;
use super::files;
use crate::policy::Scope;
use crate::query::names::Records;
use crate::storage::TOWN;

/// Records as one person sees them, and the files his form may name.
pub struct Own<'o, 'v> {
    visit: &'o Visit<'v>,
    records: Records<'v>,
    draft: &'o str,
    /// Files that the step he corrects names already.
    known: BTreeSet<String>,
}

impl<'o, 'v> Own<'o, 'v> {
    /// For a form of this draft.
    pub fn new(visit: &'o Visit<'v>, draft: &'o str, known: BTreeSet<String>) -> Own<'o, 'v> {
        let records = Records { db: visit.db, set: visit.set(), files: visit.site.folder.files(), dry_run: false };
        Own { visit, records, draft, known }
    }

    /// The records of a name that he may see, in a register of which he does not see all.
    fn among(&self, register: &str, text: &str, villages: &[String]) -> Result<Found> {
        let mut ids = BTreeSet::new();
        for village in villages {
            let sql = "SELECT r.id FROM record r JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
                       WHERE r.town_id = $1 AND r.register = $2 AND v.village = $3 \
                       AND (r.id = $4 OR r.number = $4 OR (r.title = $4 AND r.state <> 'void')) ORDER BY r.id LIMIT 3";
            ids.extend(self.visit.db.rows(sql, params![TOWN, register, village, text], |row| row.get::<_, String>(0))?);
        }
        Ok(match ids.len() {
            0 => Found::None(Vec::new()),
            1 => ids.pop_first().map_or(Found::None(Vec::new()), Found::One),
            many => Found::Many(many),
        })
    }
}

impl Lookup for Own<'_, '_> {
    fn find(&self, register: &str, text: &str) -> Found {
        let nothing = Found::None(Vec::new());
        if register == ANY {
            // By register and name: what is found must be his to see.
            let named = text.split_once([' ', '　', ':', '：']).and_then(|(register, name)| {
                let set = self.visit.set();
                let found = set.registers.values().find(|one| one.id.value == register || one.title == register)?;
                Some((found.id.value.clone(), name.trim().to_owned()))
            });
            return match named {
                Some((register, name)) => self.find(&register, &name),
                None if visible(self.visit, text).is_ok_and(|seen| seen.is_some()) => Found::One(text.to_owned()),
                None => nothing,
            };
        }
        let Ok(defined) = self.visit.register_of(register) else { return nothing };
        match self.visit.who.scope(defined) {
            Scope::All => self.records.find(register, text),
            // A database that cannot be read finds nothing; the append that follows reports the fault itself.
            Scope::Villages(villages) => {
                self.among(register, text, &villages.into_iter().collect::<Vec<_>>()).unwrap_or(nothing)
            }
        }
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        // Only asked of a record that was found.
        self.records.held(record, at)
    }

    fn has_file(&self, hash: &str) -> bool {
        self.known.contains(hash) || files::has(self.visit, self.draft, hash)
    }
}

/// What a record is called, if he may see it.
pub fn visible(visit: &Visit<'_>, id: &str) -> Result<Option<String>> {
    let sql = "SELECT register, coalesce(number, title) FROM record WHERE town_id = $1 AND id = $2";
    let found = visit.db.one(sql, params![TOWN, id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let Some((register, called)) = found else { return Ok(None) };
    let Ok(register) = visit.register_of(&register) else { return Ok(None) };
    if visit.who.scope(register) == Scope::All {
        return Ok(Some(called));
    }
    Ok(visit.who.may_see(register, &visit.villages_of(id)?).then_some(called))
}

/// What a record is called, for a page: what is not his to see has no name there.
pub fn name(visit: &Visit<'_>, id: &str) -> Result<String> {
    Ok(visible(visit, id)?.unwrap_or_else(|| "（不在您能看的范围）".to_owned()))
}

/// A problem with its remedy as somebody at a page can follow it; on the command line other words help.
pub fn for_page(mut problem: Problem) -> Problem {
    let remedy = match problem.code.0 {
        202 if problem.text == "没有写更正成什么" => "请改动要更正的那几栏，再提交",
        204 if problem.text.ends_with("个同名的") => "请改填编号，或者从列出的里面选",
        213 | 214 => "请从登记簿的清单打开案卷，再从案卷里办",
        219 | 223 if problem.text.contains("早先") || problem.remedy.contains("--already") => {
            "今天办的，日期填今天；早先已在系统外办的，由领导在下面“系统外已发生”里写明理由"
        }
        229 => "后来的事接着记在那个案卷上；那个案卷记错了的，更正它；不该有的，先作废它再记",
        243 => "请把文件重新传一次",
        _ => return problem,
    };
    problem.remedy = remedy.to_owned();
    problem
}
