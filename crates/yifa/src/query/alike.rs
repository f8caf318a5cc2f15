//! Records that are the same matter: a register may say that only one lives (`once`).

use anyhow::Result;

use crate::storage::{Db, params};

/// A live record of a register, other than `but`, that refers to the same others by all these fields.
pub fn alike(db: &Db, register: &str, references: &[(String, String)], but: &str) -> Result<Option<String>> {
    // The last is the narrowest as a rule: many have one exam, few exams has one person.
    let Some(((by, target), others)) = references.split_last() else { return Ok(None) };
    let sql = "SELECT l.record FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
               WHERE l.town_id = $1 AND l.target = $2 AND l.named_by = $3 AND r.register = $4 AND r.state <> 'void' \
               AND l.record <> $5 ORDER BY l.record";
    let found: Vec<String> = db.rows(sql, params![target, by, register, but], |row| row.get(0))?;
    for record in found {
        let mut same = true;
        for (by, target) in others {
            let sql = "SELECT 1 FROM link WHERE town_id = $1 AND target = $2 AND named_by = $3 AND record = $4";
            same &= db.one(sql, params![target, by, record], |_| Ok(()))?.is_some();
        }
        if same {
            return Ok(Some(record));
        }
    }
    Ok(None)
}
