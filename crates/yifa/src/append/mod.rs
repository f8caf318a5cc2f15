//! The one writer: whatever steps are waiting go into one commit (记入).
//!
//! A step is acknowledged only after the commit that holds it. A refusal takes nobody else with it: it comes before the
//! first write of its job, or the job stands in a savepoint of its own. Nobody outside holds a connection that can write.

mod allot;
mod copy;
mod desk;
mod fits;
mod judged;
mod once;
mod recent;
mod sign;
mod take;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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

pub use copy::Copier;
use desk::Desk;
pub use fits::ahead;
pub use judged::{Judged, Stand, judged};
pub(crate) use sign::read_second;
pub use sign::{current_keys, last_note, last_signed, stored};

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
    /// What else this step was allotted: what it numbers, and the number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<(String, String)>,
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

/// What the writer's thread is told.
enum Word {
    /// There is work.
    Job(Job),
    /// Somebody did a job with his own hands; it wants signing.
    Unsigned,
}

/// How many jobs may wait; beyond that whoever hands in waits too.
const WAITING: usize = 1024;

/// A handle to the writer. Dropping it stops the writer and signs what was added.
///
/// One desk, at which one works at a time: whoever finds it free works at it himself, because on a fast disk a thread
/// woken and waited for costs half as much as the flush; whoever finds it taken hands his job in, and a thread takes all
/// that wait together.
pub struct Writer {
    desk: Arc<Mutex<Desk>>,
    /// Jobs handed in and not yet taken: nobody passes them by.
    queued: Arc<AtomicUsize>,
    words: Option<SyncSender<Word>>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Writer {
    /// Starts the writer on a folder. Only one can hold a folder.
    pub fn start(folder: Folder, ambient: Box<dyn Ambient>) -> Result<Writer> {
        let desk = Arc::new(Mutex::new(Desk::open(&folder, ambient)?));
        let queued = Arc::new(AtomicUsize::new(0));
        let (words, heard) = sync_channel(WAITING);
        let (theirs, count) = (desk.clone(), queued.clone());
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            let ended = run(&theirs, &count, &heard);
            // Whatever ended it, nobody may add what would not be signed.
            theirs.lock().unwrap_or_else(PoisonError::into_inner).close();
            ended
        })?;
        Ok(Writer { desk, queued, words: Some(words), thread: Some(thread) })
    }

    /// Hands drafts in and waits until they are on disk. All of them are taken, or none.
    pub fn append(&self, drafts: Vec<Draft>) -> Receipts {
        if self.queued.load(Ordering::Acquire) == 0
            && let Ok(mut desk) = self.desk.try_lock()
            && desk.is_open()
        {
            let receipts = desk.group(&mut std::iter::once(drafts))?.pop().context("an answer for each job")?;
            let wants_word = desk.wants_word();
            drop(desk);
            if wants_word {
                // No room means that jobs wait, and after them it signs.
                let _ = self.words.as_ref().context("the writer was stopped")?.try_send(Word::Unsigned);
            }
            return receipts;
        }
        self.hand_in(drafts)?.recv().context("the writer stopped")?
    }

    /// Hands drafts in without waiting; the receiver gives the receipts once they are on disk.
    pub fn hand_in(&self, drafts: Vec<Draft>) -> Result<Receiver<Receipts>> {
        let (reply, receipts) = sync_channel(1);
        let words = self.words.as_ref().context("the writer was stopped")?;
        self.queued.fetch_add(1, Ordering::AcqRel);
        words.send(Word::Job(Job { drafts, reply })).map_err(|_| anyhow!("the writer stopped"))?;
        Ok(receipts)
    }

    /// The definitions adopted so far, as the writer has read them: to read them again takes as long as starting.
    pub fn sets(&self) -> Result<Sets> {
        Ok(at(&self.desk)?.sets())
    }

    /// Whether it still takes steps: a writer that could not sign has ended.
    pub fn is_alive(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Stops the writer and waits until everything is signed.
    pub fn stop(mut self) -> Result<()> {
        self.halt()
    }

    fn halt(&mut self) -> Result<()> {
        self.words = None;
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

fn at(desk: &Mutex<Desk>) -> Result<MutexGuard<'_, Desk>> {
    desk.lock().map_err(|_| anyhow!("the writer panicked"))
}

/// Takes whatever waits together, and signs: at most once a second, and at the end.
fn run(desk: &Mutex<Desk>, queued: &AtomicUsize, heard: &Receiver<Word>) -> Result<()> {
    // What a crash left unsigned is signed soon, though nobody comes.
    let mut patience = at(desk)?.sign_if_due()?;
    loop {
        let word = match patience {
            Some(patience) => heard.recv_timeout(patience),
            None => heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        // Whoever comes now lets this thread go first.
        queued.fetch_add(1, Ordering::AcqRel);
        let mut desk = at(desk)?;
        queued.fetch_sub(1, Ordering::AcqRel);
        match word {
            Ok(word) => {
                let mut replies = Vec::new();
                let mut jobs = std::iter::once(word).chain(heard.try_iter()).filter_map(|word| match word {
                    Word::Job(job) => {
                        queued.fetch_sub(1, Ordering::AcqRel);
                        replies.push(job.reply);
                        Some(job.drafts)
                    }
                    Word::Unsigned => None,
                });
                let answers = desk.group(&mut jobs)?;
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // Whoever handed in may have gone; the step is then acknowledged to nobody.
                    let _ = reply.send(answer);
                }
                patience = desk.sign_if_due()?;
            }
            Err(RecvTimeoutError::Timeout) => patience = desk.sign_if_due()?,
            Err(RecvTimeoutError::Disconnected) => return desk.sign(),
        }
    }
}
