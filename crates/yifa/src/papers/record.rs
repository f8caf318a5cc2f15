//! The papers of a record (案卷的文书): composed from its entries each time they are asked for, and kept nowhere.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::definition::{Definitions, Papers, Register};
use engine::paper::{Filling, Made, Paper, Work, made, paper, work};
use engine::record::{Course, Instance, Rules, walk};
use engine::value::Fields;

use crate::folder::Folder;
use crate::query::names::called;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::log::{entries_of, sealed_of};
use crate::storage::{Db, params};

/// Whether the personal values of a step are printed.
pub type Opens<'o> = dyn Fn(&Instance<'_>) -> bool + 'o;

/// No personal value is printed: each is a blank to be filled in by hand.
pub fn closed(_: &Instance<'_>) -> bool {
    false
}

/// What records are called for whoever sees them all. A name that cannot be read is left as the id: the fault shows on the
/// page of the record itself.
pub fn called_in(db: &Db) -> impl Fn(&str) -> String + '_ {
    |id| called(db, id).ok().flatten().unwrap_or_else(|| id.to_owned())
}

/// A record whose papers are asked for.
pub struct Case {
    register: Arc<Register>,
    papers: Arc<Papers>,
    entries: Vec<Entry>,
    number: String,
    title: String,
}

/// What is said of a record whose steps make no paper yet.
const NOTHING: &str = "这个案卷还没有可以印的文书";

/// Papers as they were composed.
pub struct Printed {
    /// One or all of them.
    pub work: Work,
    /// How many personal values were left blank.
    pub closed: usize,
}

/// One paper of a list.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Item {
    /// What it goes by in an address.
    pub key: String,
    /// Its title.
    pub title: String,
    /// 必须, not 按需.
    pub must: bool,
    /// It should be there and is not.
    pub missing: bool,
    /// It can be printed; else it is only attached.
    pub printed: bool,
    /// The scan of the signed one, by SHA-256, where its field is not personal.
    pub scan: Option<String>,
}

impl Case {
    /// A record by its id.
    ///
    /// # Errors
    /// Its register has no templates.
    pub fn open(db: &Db, sets: &Sets, set: &Definitions, register: &str, record: &str) -> Result<Case> {
        let Some(papers) = set.papers.get(register) else {
            let known: Vec<&str> =
                set.papers.values().filter_map(|one| Some(set.register(&one.register)?.title.as_str())).collect();
            let title = set.register(register).map_or(register, |register| &register.title);
            let remedy = format!(
                "有文书样式的登记簿：{}；要加的，在本地定义的 papers 目录里写一份，再用 yifa definitions adopt 采用",
                known.join("、")
            );
            return Err(refuse(650, format!("“{title}”没有文书样式"), remedy));
        };
        let (entries, _) = entries_of(db, record)?;
        let first = entries.first().map_or(0, |entry| entry.index);
        let number = entries.iter().find_map(|entry| match &entry.act {
            Act::Step(taken) => taken.number.clone(),
            _ => None,
        });
        // Its title, not its number, which stands elsewhere on a paper.
        let sql = "SELECT title FROM record WHERE town_id = $1 AND id = $2";
        let title: String = db.one(sql, params![record], |row| row.get(0))?.unwrap_or_default();
        let register = sets.opened_under(first, register)?.clone();
        Ok(Case { register, papers: papers.clone(), entries, number: number.unwrap_or_default(), title })
    }

    /// What its papers are called together.
    pub fn title(&self) -> &str {
        &self.papers.title
    }

    /// Whether they make a volume.
    pub fn is_volume(&self) -> bool {
        self.papers.cover.is_some()
    }

    /// Who says what they look like.
    pub fn basis(&self) -> Vec<String> {
        let mut basis: Vec<String> = self.papers.basis.cites.iter().map(|cite| cite.text.value.clone()).collect();
        basis.extend(self.papers.basis.local.clone());
        basis
    }

    /// The papers it has, and those it should have and has not.
    pub fn list(&self, set: &Definitions) -> Vec<Item> {
        let course = self.course(set);
        let personal = |made: &Made<'_>| {
            let at = made.template.scan.as_ref();
            at.and_then(|at| self.register.field(at)).is_none_or(|field| field.personal)
        };
        made(&self.papers, &course)
            .iter()
            .map(|one| Item {
                key: one.key(),
                title: one.title(&self.title),
                must: one.template.must,
                missing: one.missing,
                printed: one.is_printed(),
                scan: one.scan.clone().filter(|_| !personal(one)),
            })
            .collect()
    }

    /// All its papers, or the one of a key.
    ///
    /// # Errors
    /// There is no such paper, or it can only be attached.
    pub fn print(
        &self,
        folder: &Folder,
        db: &Db,
        set: &Definitions,
        key: Option<&str>,
        opens: &Opens<'_>,
        named: &dyn Fn(&str) -> String,
    ) -> Result<Printed> {
        let course = self.course(set);
        let mut sealed: HashMap<u64, Fields> = HashMap::new();
        for one in course.taken().filter(|one| one.sizes.values().any(|size| *size > 0) && opens(one)) {
            sealed.insert(one.entry, sealed_of(db, &self.entries, &one.id)?);
        }
        let filling = Filling {
            register: &self.register,
            course: &course,
            number: &self.number,
            title: &self.title,
            town: &folder.config.town,
            county: &folder.config.county,
            named,
            sealed: &|one| sealed.get(&one.entry).cloned().unwrap_or_default(),
            closed: Cell::new(0),
        };
        let work = match key {
            None => self.all(&filling)?,
            Some(key) => self.one(key, &filling, &course)?,
        };
        Ok(Printed { work, closed: filling.closed.get() })
    }

    fn all(&self, filling: &Filling<'_>) -> Result<Work> {
        let work = work(&self.papers, filling);
        if work.papers.is_empty() {
            return Err(refuse(651, NOTHING, "先把有文书的那一步登记下来；不写 --out 运行 yifa paper，看应有哪些文书"));
        }
        Ok(work)
    }

    fn one(&self, key: &str, filling: &Filling<'_>, course: &Course<'_>) -> Result<Work> {
        let all = made(&self.papers, course);
        let Some(found) = all.iter().find(|one| one.key() == key && one.is_printed()) else {
            let known: Vec<String> = all
                .iter()
                .filter(|one| one.is_printed())
                .map(|one| format!("{}（{}）", one.key(), one.title(&self.title)))
                .collect();
            let hint = if known.is_empty() { NOTHING.to_owned() } else { format!("可以印：{}", known.join("、")) };
            return Err(refuse(651, format!("这个案卷没有文书“{key}”"), hint));
        };
        let paper: Paper = paper(found, filling);
        let title = format!("{} {}", found.title(&self.title), filling.number).trim_end().to_owned();
        Ok(Work { title, author: filling.town.to_owned(), papers: vec![paper], contents: Vec::new() })
    }

    fn course<'c>(&'c self, set: &'c Definitions) -> Course<'c> {
        walk(Rules { register: &self.register, figures: &[], calendar: &set.calendar }, &self.entries).0
    }
}
