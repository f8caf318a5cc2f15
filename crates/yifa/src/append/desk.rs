//! Where entries are written: one at a time, a group of jobs in one transaction (经办台).

use std::collections::HashSet;
use std::fs::File;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use journal::id::Id;

use super::sign::Signer;
use super::take::{Taker, disk_problem};
use super::{Draft, Receipts};
use crate::ambient::Ambient;
use crate::folder::Folder;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::postgres::is_passing;

/// How many jobs may share one commit.
const GROUP: usize = 256;

/// How long a step waits for a server that went away: a standby takes over within half a minute.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long until the server is asked again.
const BETWEEN: Duration = Duration::from_millis(250);

/// The only place in a folder that writes. Whoever holds it writes; the folder's lock keeps other programs away.
pub struct Desk {
    taker: Taker,
    signer: Signer,
    ambient: Box<dyn Ambient>,
    /// The thread that signs was told that there is something to sign.
    told: bool,
    /// It signs no more: nothing may be added that nobody would sign.
    closed: bool,
    /// The connection broke; the next to come makes another.
    lost: bool,
    folder: Folder,
    _lock: File,
}

impl Desk {
    /// Opens a folder for writing; refused where another program does, or where the journal is not what was signed.
    pub fn open(folder: &Folder, ambient: Box<dyn Ambient>) -> Result<Desk> {
        if folder.config.mirror.is_some() {
            return Err(crate::mirror::not_ours(folder));
        }
        let (db, lock) = folder.writer()?;
        let signer = Signer::new(folder, &db)?;
        let taker = Taker::new(folder, db)?;
        Ok(Desk {
            taker,
            signer,
            ambient,
            told: false,
            closed: false,
            lost: false,
            folder: folder.clone(),
            _lock: lock,
        })
    }

    /// The definitions adopted so far.
    pub fn sets(&self) -> Sets {
        self.taker.sets()
    }

    /// Whether what is added here will be signed.
    pub fn is_open(&self) -> bool {
        !self.closed
    }

    /// Nothing is signed any more.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Takes jobs as they come, in one transaction; gives an answer for each once they are on disk.
    pub fn group(&mut self, jobs: &mut dyn Iterator<Item = Vec<Draft>>) -> Result<Vec<Receipts>> {
        if self.closed {
            bail!("the writer stopped");
        }
        match self.taker.db().is_shared() {
            true => self.group_on_server(jobs.take(GROUP).collect()),
            false => self.group_once(jobs, &[], &HashSet::new()),
        }
    }

    /// The same on a server, which may be started again meanwhile or give way to another. What was under way when the
    /// connection broke is done again: what the server had taken after all is known by the entries' ids.
    fn group_on_server(&mut self, mut jobs: Vec<Vec<Draft>>) -> Result<Vec<Receipts>> {
        let mut fresh = HashSet::new();
        for draft in jobs.iter_mut().flatten().filter(|draft| draft.id.is_none()) {
            let id = self.ambient.id();
            fresh.insert(id);
            draft.id = Some(id);
        }
        let began = Instant::now();
        loop {
            let drafts: Vec<&Draft> = jobs.iter().flatten().collect();
            let lost = match self.group_once(&mut jobs.iter().cloned(), &drafts, &fresh) {
                Ok(answers) => {
                    match answers.iter().find_map(|answer| answer.as_ref().err().filter(|why| is_passing(why))) {
                        None => return Ok(answers),
                        Some(why) => format!("{why:#}"),
                    }
                }
                Err(error) if is_passing(&error) => format!("{error:#}"),
                Err(error) => return Err(error),
            };
            tracing::warn!("the database went away: {lost}");
            self.lost = true;
            fresh.clear();
            while self.lost && began.elapsed() < PATIENCE {
                // Parked, not asleep on a fixed delay: it is asked again until it is there, and no longer than it takes.
                std::thread::park_timeout(BETWEEN);
                self.reconnect();
            }
            if self.lost {
                return Ok(jobs.iter().map(|_| Err(gone())).collect());
            }
        }
    }

    /// Another connection, where there is one to be had.
    fn reconnect(&mut self) {
        let again = self.folder.connect().and_then(|db| self.taker.reconnect(db));
        match again {
            Ok(()) => self.lost = false,
            Err(error) => tracing::warn!("the database is not back: {error:#}"),
        }
    }

    /// Takes jobs in one transaction; of those `known` to come, what they will ask is asked together; no entry has a `fresh` id.
    fn group_once(
        &mut self,
        jobs: &mut dyn Iterator<Item = Vec<Draft>>,
        known: &[&Draft],
        fresh: &HashSet<Id>,
    ) -> Result<Vec<Receipts>> {
        let Some(first) = jobs.next() else { return Ok(Vec::new()) };
        if let Err(error) = self.taker.begin(known, fresh) {
            self.taker.roll_back()?;
            return Err(error);
        }
        let mut answers = vec![self.taker.job(first, &mut *self.ambient)];
        while answers.len() < GROUP
            && !self.taker.is_broken()
            && let Some(drafts) = jobs.next()
        {
            answers.push(self.taker.job(drafts, &mut *self.ambient));
        }
        if let Err(error) = self.taker.commit() {
            if is_passing(&error) {
                return Err(error);
            }
            // Nothing of this group is on disk: none of it may be acknowledged. What was refused stays refused.
            if let Err(error) = self.taker.roll_back() {
                // What it believes of the journal is not what is there: nothing may be added on top of that.
                self.closed |= !is_passing(&error);
                return Err(error);
            }
            let text = format!("{error:#}");
            return Ok(answers.into_iter().map(|answer| answer.and_then(|_| Err(disk_problem(&text)))).collect());
        }
        Ok(answers)
    }

    /// Whether the signing thread has to be told of what was added, which is once for each signature.
    pub fn wants_word(&mut self) -> bool {
        !std::mem::replace(&mut self.told, true)
    }

    /// Signs if the last time is long enough ago; else tells how long to wait for it.
    pub fn sign_if_due(&mut self) -> Result<Option<Duration>> {
        let wait = self.signer.wait(self.taker.size());
        if wait == Some(Duration::ZERO) {
            return match self.sign_once() {
                // It is signed when the database is back.
                Err(error) if is_passing(&error) => Ok(Some(BETWEEN)),
                signed => signed.map(|()| None),
            };
        }
        // With nothing to sign the thread goes to sleep, and has to be told again.
        self.told = wait.is_some();
        Ok(wait)
    }

    /// Signs what is committed, unless it is signed already.
    pub fn sign(&mut self) -> Result<()> {
        let began = Instant::now();
        loop {
            match self.sign_once() {
                Err(error) if is_passing(&error) && began.elapsed() < PATIENCE => std::thread::park_timeout(BETWEEN),
                signed => return signed,
            }
        }
    }

    fn sign_once(&mut self) -> Result<()> {
        if self.lost {
            self.reconnect();
        }
        self.told = false;
        let signed = self.signer.sign(self.taker.db(), self.taker.size(), &mut *self.ambient);
        let passing = signed.as_ref().is_err_and(is_passing);
        self.lost |= passing;
        self.closed |= signed.is_err() && !passing;
        signed
    }
}

/// The server did not come back in time.
fn gone() -> anyhow::Error {
    refuse(
        770,
        "与数据库断开了，一分钟内没有接上；这一步有没有记入还不能肯定",
        "请等数据库恢复以后，把同一张表单再提交一次：已经记入的不会重复。一直不恢复的，请找管理数据库的人",
    )
}
