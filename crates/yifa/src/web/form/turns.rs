//! One request at a time works on a draft (轮流): pressed twice, or saved and sent in the same moment from two windows, the
//! second sees what became of the first.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

/// The drafts that are being worked on.
#[derive(Default)]
pub struct Turns {
    taken: Mutex<BTreeSet<String>>,
    free: Condvar,
}

/// A draft being worked on; the next request may have it when this is dropped.
pub struct Turn<'t> {
    turns: &'t Turns,
    draft: String,
}

impl Turns {
    /// Waits until nobody else works on a draft.
    pub fn of(&self, draft: &str) -> Turn<'_> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while !taken.insert(draft.to_owned()) {
            taken = self.free.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        Turn { turns: self, draft: draft.to_owned() }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.draft);
        self.turns.free.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_draft_is_worked_on_by_one_at_a_time_and_another_at_once() {
        let (turns, inside, most) = (Turns::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        let other = turns.of("另一份");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        let _turn = turns.of("一份");
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        drop(other);
        assert_eq!(most.into_inner(), 1);
        assert!(turns.taken.into_inner().unwrap().is_empty());
    }
}
