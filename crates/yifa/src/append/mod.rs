//! The one writer: a thread that groups whatever steps are waiting into one commit (记入).
//!
//! A step is acknowledged only after the commit that holds it. A refusal takes nobody else with it: it comes before the
//! first write of its job, or the job stands in a savepoint of its own. Request handlers hold no connection that can write.

mod fits;
mod recent;
mod sign;
mod take;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow};
use engine::act::Act;
use engine::record::Flag;
use engine::value::Fields;
use journal::id::Id;
use serde::Serialize;

use crate::ambient::Ambient;
use crate::folder::Folder;
use crate::sets::Sets;

pub use sign::{current_keys, last_note, last_signed};
use take::Taker;
pub use take::refuse_ours;

/// The record id that stands for "a new record" in a draft.
pub const NEW: &str = "";

/// A step handed in, not yet judged or numbered (待记).
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made by whoever hands it in, so that handing in twice makes one entry; absent: made here.
    pub id: Option<Id>,
    /// Who does it.
    pub actor: Id,
    /// What is done; its record may be [`NEW`].
    pub act: Act,
    /// Personal values.
    pub sealed: Fields,
    /// The record's last entry as the person saw it; a newer one refuses the step.
    pub based_on: Option<u64>,
}

/// What became of a draft.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    /// Its index in the journal.
    pub index: u64,
    /// The entry's id.
    pub id: String,
    /// The record's id.
    pub record: String,
    /// The number allotted, if this step opened a numbered record.
    pub number: Option<String>,
    /// What is flagged about this step.
    pub flags: Vec<Flag>,
    /// It was in the journal already; nothing was added.
    pub known: bool,
}

/// What a job is answered with: receipts in the order of its drafts.
pub type Receipts = Result<Vec<Receipt>>;

/// All drafts of a job are taken, or none.
struct Job {
    drafts: Vec<Draft>,
    reply: SyncSender<Receipts>,
}

/// How many jobs may share one commit.
const GROUP: usize = 256;
/// How many jobs may wait; beyond that whoever hands in waits too.
const WAITING: usize = 1024;

/// A handle to the writer. Dropping it stops the writer and signs what was added.
pub struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Writer {
    /// Starts the writer on a folder. Only one can hold a folder.
    pub fn start(folder: Folder, mut ambient: Box<dyn Ambient>) -> Result<Writer> {
        let (db, lock) = folder.writer()?;
        let sets = Sets::load(&db)?;
        let signer = sign::Signer::new(&folder, &db)?;
        let (jobs, waiting) = sync_channel(WAITING);
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            let _lock = lock;
            let mut taker = Taker::new(&folder, &db, sets)?;
            run(&mut taker, signer, &mut *ambient, &waiting)
        })?;
        Ok(Writer { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Hands drafts in and waits until they are on disk. All of them are taken, or none.
    pub fn append(&self, drafts: Vec<Draft>) -> Receipts {
        self.hand_in(drafts)?.recv().context("the writer stopped")?
    }

    /// Hands drafts in without waiting; the receiver gives the receipts once they are on disk.
    pub fn hand_in(&self, drafts: Vec<Draft>) -> Result<Receiver<Receipts>> {
        let (reply, receipts) = sync_channel(1);
        let jobs = self.jobs.as_ref().context("the writer was stopped")?;
        jobs.send(Job { drafts, reply }).map_err(|_| anyhow!("the writer stopped"))?;
        Ok(receipts)
    }

    /// Stops the writer and waits until everything is signed.
    pub fn stop(mut self) -> Result<()> {
        self.halt()
    }

    fn halt(&mut self) -> Result<()> {
        self.jobs = None;
        match self.thread.take() {
            Some(thread) => thread.join().map_err(|_| anyhow!("the writer panicked"))?,
            None => Ok(()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let Err(error) = self.halt() {
            eprintln!("writer: {error:#}");
        }
    }
}

fn run(
    taker: &mut Taker<'_>,
    mut signer: sign::Signer,
    ambient: &mut dyn Ambient,
    waiting: &Receiver<Job>,
) -> Result<()> {
    loop {
        let Ok(first) = waiting.recv_timeout(signer.patience()) else {
            // Nothing came for a second, or nothing can come any more: sign what is there.
            signer.sign(taker.db(), taker.size(), ambient)?;
            match waiting.recv() {
                Ok(job) => group(taker, ambient, job, waiting)?,
                Err(_) => return signer.sign(taker.db(), taker.size(), ambient),
            }
            continue;
        };
        group(taker, ambient, first, waiting)?;
        signer.sign_if_due(taker.db(), taker.size(), ambient)?;
    }
}

/// Takes whatever waits, in one transaction.
fn group(taker: &mut Taker<'_>, ambient: &mut dyn Ambient, first: Job, waiting: &Receiver<Job>) -> Result<()> {
    taker.db().batch("BEGIN IMMEDIATE")?;
    let mut done: Vec<(SyncSender<Receipts>, Receipts)> = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        let receipts = taker.job(job.drafts, ambient);
        done.push((job.reply, receipts));
        next = if done.len() < GROUP && !taker.is_broken() { waiting.try_recv().ok() } else { None };
    }
    let committed = taker.commit();
    if let Err(error) = &committed {
        // Nothing of this group is on disk: none of it may be acknowledged.
        taker.roll_back()?;
        let text = format!("{error:#}");
        for (reply, receipts) in done {
            // What was refused stays refused. Whoever handed in may have gone; the step is then acknowledged to nobody.
            let _ = reply.send(receipts.and_then(|_| Err(take::disk_problem(&text))));
        }
        return Ok(());
    }
    for (reply, receipts) in done {
        let _ = reply.send(receipts);
    }
    Ok(())
}
