//! What can be chosen for a reference (可选的案卷): of one register, what he may see and what is not void.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use anyhow::Result;
use engine::definition::Register;

use super::super::visit::Visit;
use super::control::SOME;
use crate::policy::Scope;
use crate::query::called::in_full;
use crate::storage::{Row, params};

/// A record that can be chosen.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// What people type for it: its number, or its title.
    pub name: String,
    /// What it is shown as.
    pub shown: String,
    /// It has come to its end.
    pub ended: bool,
}

/// What can be chosen of a register.
#[derive(Debug, Default)]
pub struct Items {
    /// At most [`MOST`] of them, the newest first.
    pub all: Vec<Item>,
    /// There are more, or there are many: they are suggested, not listed.
    pub many: bool,
}

/// How many are suggested at most: the page stays small on a slow line.
const MOST: usize = 150;

/// What can be chosen, read once a register for a page.
pub struct Options<'o, 'v> {
    visit: &'o Visit<'v>,
    read: RefCell<HashMap<String, Rc<Items>>>,
}

impl<'o, 'v> Options<'o, 'v> {
    /// Nothing is read yet.
    pub fn new(visit: &'o Visit<'v>) -> Options<'o, 'v> {
        Options { visit, read: RefCell::default() }
    }

    /// What can be chosen of a register; nothing of one he may not read.
    pub fn of(&self, register: &str) -> Result<Rc<Items>> {
        if let Some(items) = self.read.borrow().get(register) {
            return Ok(items.clone());
        }
        let items = Rc::new(match self.visit.register_of(register) {
            Ok(defined) => self.load(defined)?,
            Err(_) => Items::default(),
        });
        self.read.borrow_mut().insert(register.to_owned(), items.clone());
        Ok(items)
    }

    fn load(&self, register: &Register) -> Result<Items> {
        let (id, most) = (register.id.value.as_str(), MOST as i64 + 1);
        let read = |row: &Row<'_>| {
            let (id, number, title): (String, Option<String>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let state: String = row.get(3)?;
            let shown = in_full(number.as_deref(), &title);
            Ok(Item { id, name: number.unwrap_or(title), shown, ended: register.ends_in(&state) })
        };
        let mut all = match self.visit.who.scope(register) {
            Scope::All => {
                let sql = "SELECT id, number, title, state FROM record WHERE town_id = $1 AND register = $2 \
                           AND state <> 'void' ORDER BY opened DESC, id DESC LIMIT $3";
                self.visit.db.rows(sql, params![id, most], read)?
            }
            Scope::Villages(villages) => {
                let mut all: Vec<Item> = Vec::new();
                for village in villages {
                    let sql = "SELECT r.id, r.number, r.title, r.state FROM record r \
                               JOIN record_village v ON v.town_id = r.town_id AND v.record = r.id \
                               WHERE r.town_id = $1 AND r.register = $2 AND v.village = $3 AND r.state <> 'void' \
                               ORDER BY r.opened DESC, r.id DESC LIMIT $4";
                    let found = self.visit.db.rows(sql, params![id, village, most], read)?;
                    all.extend(found);
                }
                // A matter may touch several of his villages.
                all.sort_by(|a, b| b.id.cmp(&a.id));
                all.dedup_by(|b, a| a.id == b.id);
                all
            }
        };
        // A plain list of people or places has no end that tells anything.
        let plain = register.states.len() < 2;
        all.iter_mut().for_each(|item| item.ended &= !plain);
        let many = all.iter().filter(|item| !item.ended).count() > SOME;
        all.truncate(MOST);
        if !many && matches!(id, "person" | "village" | "office") {
            all.reverse();
        }
        Ok(Items { all, many })
    }
}
