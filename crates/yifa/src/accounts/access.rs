//! The access log: who came in, who looked at what is personal, who took what away (访问日志).

use anyhow::Result;
use rusqlite::params;

use super::Accounts;
use crate::ambient::{Ambient, System};
use crate::storage::TOWN;

/// What is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Came in.
    SignIn,
    /// Tried to, with a wrong login or password.
    Refused,
    /// Went.
    SignOut,
    /// A session was ended by somebody.
    Ended,
    /// An account was made, closed or opened again, or given another password.
    Account,
    /// A personal value was looked at.
    Read,
    /// Records were taken away in a file.
    Export,
}

impl Kind {
    const ALL: [(Kind, &'static str, &'static str); 7] = [
        (Kind::SignIn, "sign_in", "登录"),
        (Kind::Refused, "refused", "登录未成"),
        (Kind::SignOut, "sign_out", "退出"),
        (Kind::Ended, "ended", "结束会话"),
        (Kind::Account, "account", "账号变动"),
        (Kind::Read, "read", "查看个人信息"),
        (Kind::Export, "export", "导出"),
    ];

    /// Whether a line of the log is of this kind.
    pub fn is(self, word: &str) -> bool {
        self.word() == word
    }

    fn word(self) -> &'static str {
        Kind::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| word)
    }
}

/// What people call the kind of a line.
pub fn title(word: &str) -> &str {
    Kind::ALL.iter().find(|(_, known, _)| *known == word).map_or(word, |(.., title)| title)
}

/// One line of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// When, in milliseconds.
    pub at: i64,
    /// The account; empty where nobody was signed in.
    pub account: String,
    /// What kind, as a word.
    pub kind: String,
    /// The record it is about, if any.
    pub record: String,
    /// What exactly. Never a value, never a password.
    pub what: String,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// From where.
    pub address: String,
}

impl Accounts {
    /// Writes a line; when it returns, the line is on disk.
    pub fn note(&self, kind: Kind, line: Access) -> Result<()> {
        let Access { account, record, what, reason, address, .. } = line;
        let (id, now) = (System.id().to_string(), System.now());
        self.db().run(
            "INSERT INTO access (town_id, id, at, account, kind, record, what, reason, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![TOWN, id, now, account, kind.word(), record, what, reason, address],
        )?;
        Ok(())
    }

    /// The newest lines: of one record, or of all.
    pub fn accesses(&self, record: Option<&str>, limit: u64) -> Result<Vec<Access>> {
        self.db().rows(
            "SELECT at, account, kind, record, what, reason, address FROM access \
             WHERE town_id = $1 AND ($2 IS NULL OR record = $2) ORDER BY at DESC, id DESC LIMIT $3",
            params![TOWN, record, limit as i64],
            |row| {
                Ok(Access {
                    at: row.get(0)?,
                    account: row.get(1)?,
                    kind: row.get(2)?,
                    record: row.get(3)?,
                    what: row.get(4)?,
                    reason: row.get(5)?,
                    address: row.get(6)?,
                })
            },
        )
    }
}
