//! Names looked up once, and those of the records the sheet itself opens (查过的名称).

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use engine::definition::FieldRef;
use engine::form::{Found, Held, Lookup};

use super::plan::Ledger;

type Key = (String, String);

/// Asks the ledger once for each name: a ledger of ten thousand rows names thirty people.
pub(super) struct Remembered<'p> {
    ledger: &'p dyn Ledger,
    found: RefCell<HashMap<Key, Found>>,
    opened: RefCell<HashMap<Key, Vec<String>>>,
}

impl<'p> Remembered<'p> {
    pub(super) fn of(ledger: &'p dyn Ledger) -> Remembered<'p> {
        Remembered { ledger, found: RefCell::default(), opened: RefCell::default() }
    }

    /// From here on a record that the sheet opens answers to its names: the rows below may refer to it.
    pub(super) fn opens(&self, register: &str, names: BTreeSet<String>, record: &str) {
        let mut opened = self.opened.borrow_mut();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            opened.entry((register.to_owned(), name)).or_default().push(record.to_owned());
        }
    }

    fn in_ledger(&self, key: &Key) -> Found {
        let known = self.found.borrow().get(key).cloned();
        known.unwrap_or_else(|| {
            let found = self.ledger.find(&key.0, &key.1);
            self.found.borrow_mut().insert(key.clone(), found.clone());
            found
        })
    }
}

impl Lookup for Remembered<'_> {
    fn find(&self, register: &str, text: &str) -> Found {
        let key = (register.to_owned(), text.to_owned());
        let found = self.in_ledger(&key);
        match (found, self.opened.borrow().get(&key).map(Vec::as_slice)) {
            (found, None) => found,
            (Found::None(_), Some([one])) => Found::One(one.clone()),
            (Found::None(_), Some(several)) => Found::Many(several.len()),
            (Found::One(_), Some(more)) => Found::Many(1 + more.len()),
            (Found::Many(count), Some(more)) => Found::Many(count + more.len()),
        }
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        self.ledger.held(record, at)
    }

    fn has_file(&self, hash: &str) -> bool {
        self.ledger.has_file(hash)
    }
}
