//! Names looked up once (查过的名称).

use std::cell::RefCell;
use std::collections::HashMap;

use engine::form::{Found, Lookup};

use super::plan::Ledger;

/// Asks the ledger once for each name: a ledger of ten thousand rows names thirty people.
pub(super) struct Remembered<'p> {
    ledger: &'p dyn Ledger,
    found: RefCell<HashMap<(String, String), Found>>,
}

impl<'p> Remembered<'p> {
    pub(super) fn of(ledger: &'p dyn Ledger) -> Remembered<'p> {
        Remembered { ledger, found: RefCell::default() }
    }
}

impl Lookup for Remembered<'_> {
    fn find(&self, register: &str, text: &str) -> Found {
        let key = (register.to_owned(), text.to_owned());
        if let Some(found) = self.found.borrow().get(&key) {
            return found.clone();
        }
        let found = self.ledger.find(register, text);
        self.found.borrow_mut().insert(key, found.clone());
        found
    }
}
