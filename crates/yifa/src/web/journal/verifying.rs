//! Verifying while the site runs: one verification at a time, on a thread of its own (核验).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Result;

use crate::accounts::Accounts;
use crate::accounts::access::{Access, Kind};
use crate::ambient::{Ambient, System};
use crate::folder::Folder;
use crate::storage::log::Head;
use crate::verify::{self, Verified};
use crate::web::site::lock;

/// A verification that goes on.
#[derive(Clone, Debug)]
pub struct Running {
    /// When it began, in milliseconds.
    pub began: i64,
    /// How many entries there were then.
    pub of: u64,
}

/// One that ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// When, in milliseconds.
    pub at: i64,
    /// What it found; nothing where it could not be done.
    pub found: Option<Arc<Verified>>,
}

/// The one that is running, with how many entries it is through, and the last that ended.
pub type State = (Option<(Running, u64)>, Option<Outcome>);

/// What is known of verifications since the program started.
#[derive(Default)]
pub struct Verifying {
    state: Mutex<(Option<Running>, Option<Outcome>)>,
    done: AtomicU64,
}

impl Verifying {
    /// How it stands now.
    pub fn state(&self) -> State {
        let (running, last) = lock(&self.state).clone();
        (running.map(|running| (running, self.done.load(Ordering::Relaxed))), last)
    }

    /// Begins one for somebody, unless one is running.
    pub fn begin(self: &Arc<Self>, folder: &Folder, account: &str, address: &str) -> Result<()> {
        let folder = folder.clone();
        let of = Head::load(&folder.reader()?)?.size();
        {
            let mut state = lock(&self.state);
            if state.0.is_some() {
                return Ok(());
            }
            state.0 = Some(Running { began: System.now(), of });
            self.done.store(0, Ordering::Relaxed);
        }
        let line = Access { account: account.to_owned(), address: address.to_owned(), ..Access::default() };
        let ending = Ending { verifying: self.clone(), found: None };
        std::thread::Builder::new().name("verify".to_owned()).spawn(move || ending.run(&folder, line))?;
        Ok(())
    }
}

/// However it ends, it no longer runs.
struct Ending {
    verifying: Arc<Verifying>,
    found: Option<Arc<Verified>>,
}

impl Ending {
    fn run(mut self, folder: &Folder, line: Access) {
        let done = |done| self.verifying.done.store(done, Ordering::Relaxed);
        let found = folder.reader().and_then(|db| verify::verify(folder, &db, None, &done));
        let what = match &found {
            Ok(found) => said(found),
            Err(error) => {
                tracing::error!("verifying: {error:#}");
                UNDONE.to_owned()
            }
        };
        self.found = found.ok().map(Arc::new);
        // A connection of its own: the site may be stopping, and what was found is worth a line all the same.
        let noted = Accounts::open(folder).and_then(|accounts| accounts.note(Kind::Verify, Access { what, ..line }));
        if let Err(error) = noted {
            tracing::error!("noting a verification: {error:#}");
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        let outcome = Outcome { at: System.now(), found: self.found.take() };
        *lock(&self.verifying.state) = (None, Some(outcome));
    }
}

/// A verification that could not be done, as the access log keeps it.
pub const UNDONE: &str = "没有做完";

/// What a verification found, in a line.
pub fn said(found: &Verified) -> String {
    match found.count {
        0 => format!("{} 条记入、{} 个附件，没有不符", found.entries, found.files),
        count => format!("{} 条记入、{} 个附件，{count} 处不符", found.entries, found.files),
    }
}
