//! Where entries are written: one at a time, a group of jobs in one transaction (经办台).

use std::fs::File;
use std::time::Duration;

use anyhow::{Result, bail};

use super::sign::Signer;
use super::take::{Taker, disk_problem};
use super::{Draft, Receipts};
use crate::ambient::Ambient;
use crate::folder::Folder;
use crate::sets::Sets;

/// How many jobs may share one commit.
const GROUP: usize = 256;

/// The only place in a folder that writes. Whoever holds it writes; the folder's lock keeps other programs away.
pub struct Desk {
    taker: Taker,
    signer: Signer,
    ambient: Box<dyn Ambient>,
    /// The thread that signs was told that there is something to sign.
    told: bool,
    /// It signs no more: nothing may be added that nobody would sign.
    closed: bool,
    _lock: File,
}

impl Desk {
    /// Opens a folder for writing; refused where another program does, or where the journal is not what was signed.
    pub fn open(folder: &Folder, ambient: Box<dyn Ambient>) -> Result<Desk> {
        let (db, lock) = folder.writer()?;
        let signer = Signer::new(folder, &db)?;
        let taker = Taker::new(folder, db)?;
        Ok(Desk { taker, signer, ambient, told: false, closed: false, _lock: lock })
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
        let Some(first) = jobs.next() else { return Ok(Vec::new()) };
        self.taker.db().transact("BEGIN IMMEDIATE")?;
        let mut answers = vec![self.taker.job(first, &mut *self.ambient)];
        while answers.len() < GROUP
            && !self.taker.is_broken()
            && let Some(drafts) = jobs.next()
        {
            answers.push(self.taker.job(drafts, &mut *self.ambient));
        }
        if let Err(error) = self.taker.commit() {
            // Nothing of this group is on disk: none of it may be acknowledged. What was refused stays refused.
            if let Err(error) = self.taker.roll_back() {
                // What it believes of the journal is not what is there: nothing may be added on top of that.
                self.closed = true;
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
            self.sign()?;
            return Ok(None);
        }
        // With nothing to sign the thread goes to sleep, and has to be told again.
        self.told = wait.is_some();
        Ok(wait)
    }

    /// Signs what is committed, unless it is signed already.
    pub fn sign(&mut self) -> Result<()> {
        self.told = false;
        let signed = self.signer.sign(self.taker.db(), self.taker.size(), &mut *self.ambient);
        self.closed |= signed.is_err();
        signed
    }
}
