//! Records on their way into a file (导出).

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::definition::{ANY, Definitions, Register};
use engine::form::parse::SEPARATORS;
use engine::form::{Found, Lookup};
use engine::record::{self, Instance, Rules};
use engine::value::Fields;

use crate::query::names::{Records, called};
use crate::refused::{Refused, refuse};
use crate::storage::log::{entries_of, sealed_of};
use crate::storage::{Db, params};
use crate::table::{self, ExportRow, Failed, Lists, Names, Wanted};

/// Whether the personal values of a step of a record go out: asked only where they were wanted.
pub type Opens<'o> = dyn Fn(&str, &Instance<'_>) -> Result<bool> + 'o;

/// What goes out, and how.
pub struct Export<'e> {
    /// The tables.
    pub db: &'e Db,
    /// The definitions in force.
    pub set: &'e Definitions,
    /// The register.
    pub register: &'e Register,
    /// What other records are called in it.
    pub names: &'e Names<'e>,
    /// Which personal values go out; none without.
    pub opens: Option<&'e Opens<'e>>,
    /// As a CSV; else an .xlsx.
    pub csv: bool,
}

impl Export<'_> {
    /// Writes records of these ids in this order; answers how many rows they take.
    pub fn write(&self, ids: impl IntoIterator<Item = String>, file: impl Write + Send) -> Result<u32> {
        let mut failed = None;
        let rows = ids.into_iter().map_while(|id| match self.row(&id) {
            Ok(row) => Some(row),
            Err(error) => {
                failed = Some(error);
                None
            }
        });
        let wanted = Wanted { with_personal: self.opens.is_some() };
        let written = caught(|| match self.csv {
            true => table::export_csv(self.register, rows, self.names, wanted, file),
            false => table::export_xlsx(self.register, rows, self.names, wanted, file),
        })?;
        failed.map_or(Ok(written), Err)
    }

    fn row(&self, id: &str) -> Result<ExportRow> {
        let (entries, _) = entries_of(self.db, id)?;
        let rules = Rules { register: self.register, figures: &[], calendar: &self.set.calendar };
        let (course, _) = record::walk(rules, &entries);
        let number = entries.iter().find_map(|entry| match &entry.act {
            Act::Step(taken) => taken.number.clone(),
            _ => None,
        });
        let mut failed = None;
        let row = ExportRow::of(number.unwrap_or_else(|| id.to_owned()), &course, |one| {
            self.opened(id, &entries, one).unwrap_or_else(|error| {
                failed = Some(error);
                Fields::new()
            })
        });
        failed.map_or(Ok(row), Err)
    }

    fn opened(&self, id: &str, entries: &[Entry], one: &Instance<'_>) -> Result<Fields> {
        match self.opens {
            Some(opens) if opens(id, one)? => sealed_of(self.db, entries, &one.id),
            _ => Ok(Fields::new()),
        }
    }
}

/// The names of records as they are read back: what would not be read as the same record goes by its id.
pub struct ReadBack<'d> {
    db: &'d Db,
    set: &'d Definitions,
    records: Records<'d>,
    /// A ledger of ten thousand rows names thirty people.
    told: RefCell<HashMap<(String, String), String>>,
}

impl<'d> ReadBack<'d> {
    /// Names of a ledger.
    pub fn of(db: &'d Db, set: &'d Definitions) -> ReadBack<'d> {
        let records = Records { db, set, files: PathBuf::new(), dry_run: true };
        ReadBack { db, set, records, told: RefCell::default() }
    }

    /// The name of a record where a field refers to this register.
    pub fn name(&self, register: &str, id: &str) -> String {
        let key = (register.to_owned(), id.to_owned());
        if let Some(name) = self.told.borrow().get(&key) {
            return name.clone();
        }
        let mut name = called(self.db, id).ok().flatten().unwrap_or_else(|| id.to_owned());
        if register == ANY {
            let sql = "SELECT register FROM record WHERE town_id = $1 AND id = $2";
            let of: Option<String> = self.db.one(sql, params![id], |row| row.get(0)).unwrap_or_default();
            let title = of.as_ref().and_then(|of| self.set.register(of)).map(|of| of.title.as_str());
            name = format!("{} {name}", title.unwrap_or_default());
        }
        // In a cell of several values it would fall apart.
        let falls_apart = name.contains(SEPARATORS);
        let is_read_back = !falls_apart && self.records.find(register, &name) == Found::One(id.to_owned());
        let name = if is_read_back { name } else { id.to_owned() };
        self.told.borrow_mut().insert(key, name.clone());
        name
    }
}

/// The most names a drop-down offers.
pub const MOST_NAMES: i64 = 2000;

/// The names that can be chosen on a register's template: of each register it refers to, those that `names` gives.
pub fn lists(register: &Register, names: impl Fn(&str) -> Result<Vec<String>>) -> Result<Lists> {
    let mut lists = Lists::new();
    for other in register.steps.iter().flat_map(|step| &step.fields).filter_map(|field| field.kind.register()) {
        if !lists.contains_key(other) {
            lists.insert(other.to_owned(), names(other)?);
        }
    }
    Ok(lists)
}

/// What writes a table, with its failures told: rust_xlsxwriter keeps its rows in a temporary file, and panics where that
/// cannot be written.
pub fn caught<T>(write: impl FnOnce() -> Result<T, Failed>) -> Result<T> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(write));
    let panic = match caught {
        Ok(written) => {
            return written.map_err(|failed| match failed {
                Failed::Problem(problem) => Refused(vec![problem]).into(),
                Failed::Fault(error) => error,
            });
        }
        Err(panic) => panic,
    };
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
    if text.contains("Couldn't write to xml file") {
        let text = format!("写不了临时文件（{text}）");
        return Err(refuse(710, text, "请检查临时目录（TMPDIR）所在磁盘的剩余空间，然后重做"));
    }
    Err(anyhow::anyhow!("writing a table panicked: {text}"))
}
