//! All towns of a server at once, for reading: the one door for statements that are about no single town (汇总).
//!
//! Only `query::rollup` goes through it; what shows, lists or writes anything of one town has a [`super::Db`] instead, which
//! cannot be asked about another. It has no method that writes, and the server is told that nothing will be.

use anyhow::{Context, Result};

use super::postgres::{Held, Purpose, Target, Url, check};
use super::{Row, Value};

/// A year's facts are thought over by the year that is asked for, or the server takes them for a few and does not share the
/// work out; sums of some ten thousand townships stay in memory; and compiling a statement for it takes longer than it saves.
const SETTINGS: &str =
    "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL work_mem = '64MB'; SET LOCAL jit = off";

/// A connection to a server, about all its towns.
pub struct Nation {
    held: Held,
}

impl Nation {
    /// Opens it.
    ///
    /// # Errors
    /// P761 to P768, as for a township that lies there.
    pub fn open(url: &Url) -> Result<Nation> {
        let held = Target::new(url, Purpose::Reads).connect()?;
        check(&held, url)?;
        Ok(Nation { held })
    }

    /// Several questions about one moment, whatever is written meanwhile.
    pub fn at_once<T>(&self, ask: impl FnOnce() -> Result<T>) -> Result<T> {
        self.held.transact("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        self.held.transact(SETTINGS)?;
        let answer = ask();
        match answer {
            Ok(answer) => self.held.transact("COMMIT").map(|()| answer),
            Err(error) => {
                self.held.roll_back()?;
                Err(error)
            }
        }
    }

    /// Rows one at a time. Parameters begin with `$2`, as in the statements about one town.
    pub fn each(&self, sql: &str, params: &[Value<'_>], mut read: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        // No statement here has `$1`; the server is given a number all the same, so that both sorts are numbered alike.
        self.held.each(sql, 0, params, &mut read).with_context(|| sql.to_owned())
    }
}
