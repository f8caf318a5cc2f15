//! What all requests share: the folder, its readers, the one writer, the accounts (站点).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use anyhow::Result;
use engine::day::Day;

use super::form::turns::Turns;
use super::journal::verifying::Verifying;
use super::metrics::Metrics;
use crate::accounts::Accounts;
use crate::ambient::System;
use crate::append::{Draft, Receipts, Writer};
use crate::folder::Folder;
use crate::law_texts::Kept;
use crate::policy::{Grant, Who};
use crate::sets::Sets;
use crate::statement::compare::Wrong;
use crate::storage::{Db, params};

/// How many may read at once; more wait for their turn, because two cores gain nothing from a hundred readers.
pub const READERS: usize = 8;

/// How many forms may be on their way to the disk at once, each with what it was judged by. A reader is dear to open, so
/// as many are kept as can be in use; more forms would only share the processors, not the commit.
pub const WRITERS: usize = 24;

/// How many who have not signed in may send a form at once; most of them are signing in.
pub const KNOCKS: usize = 4;

/// The register of grants, and who is granted what there.
pub(super) const GRANT: &str = "grant";
const GRANTED_TO: &str = "give.person";
const IN_FORCE: &str = "in_force";

/// An open site.
pub struct Site {
    /// The data folder.
    pub folder: Folder,
    /// The townships a county's server holds beside its own journal, by the names of their folders.
    pub towns: BTreeMap<String, Arc<Site>>,
    /// The county whose leaders and inspectors look at this township.
    above: OnceLock<Weak<Site>>,
    /// The definitions adopted, and by how many entries.
    sets: Mutex<(u64, Arc<Sets>)>,
    /// Accounts, sessions, drafts, what was looked at.
    pub accounts: Accounts,
    /// Whether browsers reach it over TLS, here or in front of a proxy.
    pub secure: bool,
    /// Whether a proxy stands in front and names the browser's address.
    pub proxied: bool,
    /// The law texts it imported.
    pub texts: Kept,
    /// The verification that is running, or the last one.
    pub verifying: Arc<Verifying>,
    /// What is counted of it.
    pub metrics: Metrics,
    /// The drafts that are being worked on.
    pub drafting: Turns,
    /// Held while it changes who administers, so that two administrators cannot take it from each other at once.
    pub(super) administering: Mutex<()>,
    /// What of what was sent is wrong, and as of which size of the journal that was found.
    pub(super) compared: Mutex<Option<(u64, Arc<Vec<Wrong>>)>>,
    well: Mutex<Option<(Instant, bool)>>,
    /// None of a mirror: its steps are recorded at the township, and another program follows them.
    writer: Option<Writer>,
    readers: Mutex<Vec<Db>>,
    /// Counts the steps that may have changed what somebody was granted.
    granted: AtomicU64,
    known: Mutex<HashMap<String, Known>>,
}

/// Somebody as he was found last: how many changes of grants were known then, and on which day.
type Known = (u64, Day, Arc<Who>);

impl Site {
    /// Opens a folder for serving. Only one program can hold a folder.
    pub fn open(folder: Folder, secure: bool, proxied: bool) -> Result<Site> {
        let mut towns = BTreeMap::new();
        for (name, town) in folder.towns()? {
            towns.insert(name, Arc::new(Site::open(town, secure, proxied)?));
        }
        let writer = match folder.config.mirror {
            Some(_) => None,
            None => Some(Writer::start(folder.clone(), Box::new(System))?),
        };
        // What was being uploaded or taken away when the program last ended: nobody waits for it any more.
        let _ = std::fs::remove_dir_all(folder.incoming());
        let accounts = Accounts::open(&folder)?;
        let sets = match &writer {
            Some(writer) => writer.sets()?,
            None => Sets::load(&folder.reader()?)?,
        };
        sets.current()?;
        let sets = Mutex::new((sets.all().len() as u64, Arc::new(sets)));
        super::tables::kept::sweep(&folder)?;
        let (readers, known) = (Mutex::new(Vec::new()), Mutex::new(HashMap::new()));
        let site = Site {
            folder,
            towns,
            above: OnceLock::new(),
            sets,
            accounts,
            secure,
            proxied,
            texts: Kept::default(),
            verifying: Arc::default(),
            metrics: Metrics::default(),
            drafting: Turns::default(),
            administering: Mutex::default(),
            compared: Mutex::default(),
            well: Mutex::default(),
            writer,
            readers,
            granted: AtomicU64::new(0),
            known,
        };
        site.sweep();
        Ok(site)
    }

    /// Deletes what is kept for a time only, once that is over: at the start, and every day.
    pub fn sweep(&self) {
        // What could not be deleted today is tried again tomorrow.
        if let Err(error) = super::form::drafts::sweep(self) {
            tracing::warn!("deleting old drafts: {error:#}");
        }
    }

    /// A reader of the database, to be given back.
    pub fn reader(&self) -> Result<Reader<'_>> {
        let kept = lock(&self.readers).pop();
        let db = match kept {
            Some(db) => db,
            None => self.folder.reader()?,
        };
        Ok(Reader { site: self, db: Some(db) })
    }

    /// The definitions adopted. No other program can adopt one while this one holds the folder; a mirror is held by nobody,
    /// and what its township adopted meanwhile is read.
    pub fn sets(&self, db: &Db) -> Result<Arc<Sets>> {
        let mut known = lock(&self.sets);
        if self.writer.is_none() {
            let sql = "SELECT count(*) FROM entry WHERE town_id = $1 AND record = ''";
            let adopted = db.one(sql, params![], |row| row.get::<i64>(0))?.unwrap_or_default() as u64;
            if adopted != known.0 {
                *known = (adopted, Arc::new(Sets::load(db)?));
            }
        }
        Ok(known.1.clone())
    }

    /// Hands drafts to the writer and waits until they are on disk.
    ///
    /// # Errors
    /// P740 of a mirror, besides what is wrong with the drafts.
    pub fn append(&self, drafts: Vec<Draft>) -> Receipts {
        let Some(writer) = &self.writer else { return Err(crate::mirror::not_ours(&self.folder)) };
        let grants = drafts.iter().any(|draft| draft.act.register() == Some(GRANT));
        let _held = grants.then(|| lock(&self.administering));
        if grants {
            super::admin::last::keep_one(self, &drafts)?;
        }
        let receipts = writer.append(drafts);
        self.metrics.appended(&receipts);
        if grants {
            self.granted.fetch_add(1, Ordering::Release);
        }
        receipts
    }

    /// Somebody with all he is granted on a day.
    pub fn who(&self, db: &Db, person: &str, today: Day) -> Result<Arc<Who>> {
        let counted = self.granted.load(Ordering::Acquire);
        if let Some((at, day, who)) = lock(&self.known).get(person)
            && (*at, *day) == (counted, today)
        {
            return Ok(who.clone());
        }
        let who = Arc::new(Who { person: person.to_owned(), grants: grants(db, person, today)? });
        lock(&self.known).insert(person.to_owned(), (counted, today, who.clone()));
        Ok(who)
    }

    /// Whether steps can be taken: the writer lives and the disk takes what is written to it. Asked at most every few
    /// seconds, because anybody may ask.
    pub fn is_well(&self) -> bool {
        let mut well = lock(&self.well);
        match *well {
            Some((asked, is)) if asked.elapsed() < Duration::from_secs(5) => is,
            _ => {
                let is = self.writer.as_ref().is_none_or(Writer::is_alive) && self.folder.is_writable();
                *well = Some((Instant::now(), is));
                is
            }
        }
    }

    /// Lets the leaders and inspectors of this county look at its townships.
    pub fn watch(self: &Arc<Site>) {
        for town in self.towns.values() {
            // Only the first county counts, and there is one.
            let _ = town.above.set(Arc::downgrade(self));
        }
    }

    /// The county above, where there is one.
    pub fn above(&self) -> Option<Arc<Site>> {
        self.above.get()?.upgrade()
    }

    /// Takes no more steps, and signs what was taken; the townships' first.
    pub fn stop(self) -> Result<()> {
        for (name, town) in self.towns {
            match Arc::into_inner(town) {
                Some(town) => town.stop()?,
                // What is recorded is on disk, and the next start signs what this one did not.
                None => tracing::warn!("a page of {name} is still running and is given up"),
            }
        }
        self.writer.map_or(Ok(()), Writer::stop)
    }
}

/// What one record of a grant says.
pub struct Given {
    /// To whom.
    pub person: String,
    /// What.
    pub grant: Grant,
    /// From which day, until which.
    pub span: (Option<Day>, Option<Day>),
}

impl Given {
    /// Reads the body of a record of the register of grants.
    pub fn read(body: &str) -> Result<Option<Given>> {
        let body: serde_json::Value = serde_json::from_str(body)?;
        let given = &body["give"];
        let day = |field: &str| given[field].as_str().and_then(Day::parse);
        let (Some(role), Some(person)) = (given["role"].as_str(), given["person"].as_str()) else { return Ok(None) };
        let villages: BTreeSet<String> =
            given["villages"].as_array().into_iter().flatten().filter_map(|id| Some(id.as_str()?.to_owned())).collect();
        let grant = Grant { role: role.to_owned(), villages: (!villages.is_empty()).then_some(villages) };
        Ok(Some(Given { person: person.to_owned(), grant, span: (day("on"), day("until")) }))
    }

    /// Whether it is in force on a day.
    pub fn holds(&self, today: Day) -> bool {
        let (from, until) = self.span;
        from.is_none_or(|from| from <= today) && until.is_none_or(|until| today <= until)
    }
}

/// All grants that were not withdrawn, each with its record's id.
pub fn all_grants(db: &Db) -> Result<Vec<(String, Given)>> {
    let sql = "SELECT id, body FROM record WHERE town_id = $1 AND register = $2 AND state = $3 ORDER BY opened, id";
    let rows: Vec<(String, String)> = db.rows(sql, params![GRANT, IN_FORCE], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut all = Vec::new();
    for (id, body) in rows {
        all.extend(Given::read(&body)?.map(|given| (id, given)));
    }
    Ok(all)
}

/// What a person is granted on a day, by the register of grants.
pub fn grants(db: &Db, person: &str, today: Day) -> Result<Vec<Grant>> {
    let bodies: Vec<String> = db.rows(
        "SELECT r.body FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
         WHERE l.town_id = $1 AND l.target = $2 AND l.named_by = $3 AND r.register = $4 AND r.state = $5 \
         ORDER BY l.record",
        params![person, GRANTED_TO, GRANT, IN_FORCE],
        |row| row.get(0),
    )?;
    let mut grants = Vec::new();
    for body in bodies {
        if let Some(given) = Given::read(&body)?.filter(|given| given.holds(today)) {
            grants.push(given.grant);
        }
    }
    Ok(grants)
}

/// A reader on loan.
pub struct Reader<'s> {
    site: &'s Site,
    db: Option<Db>,
}

impl std::ops::Deref for Reader<'_> {
    type Target = Db;

    fn deref(&self) -> &Db {
        self.db.as_ref().expect("a reader until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut readers = lock(&self.site.readers);
        // One in the middle of a transaction is of no use to anybody else.
        if let Some(db) = self.db.take().filter(|db| !db.in_transaction())
            && !db.is_shared()
            && readers.len() < READERS + WRITERS + KNOCKS
        {
            readers.push(db);
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
