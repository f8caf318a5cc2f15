//! One request as a page sees it: who asks, what for, and a reader of the database (来访).

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use engine::day::Day;
use engine::definition::{Definitions, Register};

use super::answer::Turned;
use super::site::Site;
use crate::accounts::access::{Access, Kind};
use crate::accounts::account::Account;
use crate::accounts::session::Session;
use crate::append::{Draft, Receipts};
use crate::ledger::visible::Visible;
use crate::policy::Who;
use crate::query::names::called;
use crate::sets::Sets;
use crate::storage::{Db, params};

/// Names and values, in the order sent.
pub type Pairs = Vec<(String, String)>;

/// A file somebody sent: stored beside the folder's files under a name of chance, and removed unless it is taken over.
#[derive(Debug)]
pub struct Upload {
    /// The field of the form.
    pub field: String,
    /// What it is called there.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Drop for Upload {
    fn drop(&mut self) {
        // Taken over, it is no longer there.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// What a request says, taken apart.
#[derive(Debug, Default)]
pub struct Asked {
    /// The path as it was asked for.
    pub path: String,
    /// The values in the path.
    pub params: HashMap<String, String>,
    /// The query.
    pub query: Pairs,
    /// The form.
    pub form: Pairs,
    /// The files of the form.
    pub uploads: Vec<Upload>,
    /// The session's token.
    pub token: Option<String>,
    /// The sessions the browser had before, by their names in the database, with dots between: they open nothing.
    pub known: String,
    /// Only the head of the answer is wanted.
    pub head: bool,
    /// What a machine that signs in with no form sends as its bearer token.
    pub bearer: String,
    /// The browser's address.
    pub address: String,
    /// The browser's name.
    pub agent: String,
    /// Asked by our script for a piece of a page.
    pub piece: bool,
    /// What tells this request in the log.
    pub id: String,
}

/// Somebody signed in.
pub struct Signed {
    /// His session.
    pub session: Session,
    /// His account.
    pub account: Account,
    /// He comes from the county above and looks only.
    pub from_above: bool,
}

/// A visit to the site.
pub struct Visit<'v> {
    /// The site.
    pub site: &'v Site,
    /// A reader; a page reads one moment, and so does a form until it writes.
    pub db: &'v Db,
    /// The definitions adopted.
    pub sets: &'v Sets,
    /// What was asked.
    pub asked: &'v Asked,
    /// Who signed in; nobody on the pages before that.
    pub signed: Option<&'v Signed>,
    /// What he may do; nothing for nobody.
    pub who: Arc<Who>,
    /// The day it is.
    pub today: Day,
}

/// A record somebody may see.
pub struct Seen {
    /// Its id.
    pub id: String,
    /// The villages it touches.
    pub villages: Vec<String>,
    /// Index of its first entry.
    pub first: u64,
    /// Index of its last entry.
    pub last: u64,
}

impl<'v> Visit<'v> {
    /// A value of the path.
    pub fn param(&self, name: &str) -> &str {
        self.asked.params.get(name).map_or("", String::as_str)
    }

    /// A value of the query; an empty one counts as none.
    pub fn query(&self, name: &str) -> Option<&str> {
        first(&self.asked.query, name).filter(|value| !value.is_empty())
    }

    /// A value of the form, without the space around it; an empty one counts as none.
    pub fn typed(&self, name: &str) -> Option<&str> {
        first(&self.asked.form, name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// All values of one name of the form.
    pub fn typed_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.asked.form.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What whoever is signed in is called; nobody has no name.
    pub fn name(&self) -> String {
        let Some(Signed { account, from_above, .. }) = self.signed else { return String::new() };
        if *from_above {
            let named = |above: Arc<Site>| called(&*above.reader().ok()?, &account.person).ok()?;
            return self.site.above().and_then(named).unwrap_or_else(|| account.login.clone());
        }
        // Where his name cannot be read just now, he is shown what he signed in with.
        called(self.db, &account.person).ok().flatten().unwrap_or_else(|| account.login.clone())
    }

    /// The definitions in force.
    pub fn set(&self) -> &'v Definitions {
        // That there is one was seen when the site was opened.
        &self.sets.current().expect("a site with definitions").set
    }

    /// The register of the path, `{register}`, if he may read it.
    ///
    /// # Errors
    /// [`Turned::NotFound`] for one that is not there or not his: whether it is there is told to nobody else.
    pub fn register(&self) -> Result<&'v Arc<Register>> {
        self.register_of(self.param("register"))
    }

    /// The same, of a register by its id.
    pub fn register_of(&self, id: &str) -> Result<&'v Arc<Register>> {
        let found = self.set().register(id).filter(|register| self.who.may_read(register));
        found.ok_or_else(|| Turned::NotFound.into())
    }

    /// The record of the path, `{record}`, by its id, if he may see it.
    ///
    /// # Errors
    /// [`Turned::NotFound`] for one that is not there, is in another register, or is not his.
    pub fn record(&self, register: &Register) -> Result<Seen> {
        self.record_of(register, self.param("record"))
    }

    /// The same, of any record by its id.
    pub fn record_of(&self, register: &Register, id: &str) -> Result<Seen> {
        let sql = "SELECT first_idx, last_idx FROM record WHERE town_id = $1 AND id = $2 AND register = $3";
        let found = self.db.one(sql, params![id, register.id.value], |row| {
            Ok((row.get::<i64>(0)? as u64, row.get::<i64>(1)? as u64))
        })?;
        let (first, last) = found.ok_or(Turned::NotFound)?;
        let villages = self.villages_of(id)?;
        match self.who.may_see(register, &villages) {
            true => Ok(Seen { id: id.to_owned(), villages, first, last }),
            false => Err(Turned::NotFound.into()),
        }
    }

    /// The register a record was opened under.
    pub fn opened_under(&self, register: &Register, first: u64) -> Result<&'v Arc<Register>> {
        self.sets.opened_under(first, &register.id.value)
    }

    /// The ledger as he may see it.
    pub fn visible(&self) -> Visible<'_> {
        Visible::new(self.db, self.set(), self.site.folder.files(), &self.who)
    }

    /// The villages a record touches.
    pub fn villages_of(&self, record: &str) -> Result<Vec<String>> {
        self.visible().villages(record)
    }

    /// From here on what is read is one moment, until something is written.
    pub fn begin(&self) -> Result<()> {
        if self.db.in_transaction() { Ok(()) } else { self.db.begin() }
    }

    /// The moment is over: what is read from here on is what is there then.
    pub fn end(&self) -> Result<()> {
        if self.db.in_transaction() { self.db.commit() } else { Ok(()) }
    }

    /// Hands drafts to the writer and waits until they are on disk.
    pub fn append(&self, drafts: Vec<Draft>) -> Receipts {
        self.end()?;
        self.site.append(drafts)
    }

    /// Writes a line into the access log; gives its id.
    pub fn note(&self, kind: Kind, record: &str, what: &str, reason: &str) -> Result<String> {
        let account = self.signed.map_or_else(String::new, |signed| signed.account.id.clone());
        let (record, what, reason) = (record.to_owned(), what.to_owned(), reason.to_owned());
        let address = self.asked.address.clone();
        self.site.accounts.note(kind, Access { account, record, what, reason, address, ..Access::default() })
    }
}

/// The first value of a name.
pub fn first<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
