//! The access log: who came in, who looked at what is personal, who took what away (访问日志).

use anyhow::Result;
use engine::problem::Problem;

use super::Accounts;
use crate::ambient::{Ambient, System};
use crate::refused::refuse;
use crate::storage::{Row, params};

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
    /// The journal was verified, and what came of it.
    Verify,
    /// Old lines were taken out of this log.
    Prune,
}

impl Kind {
    const ALL: [(Kind, &'static str, &'static str); 9] = [
        (Kind::SignIn, "sign_in", "登录"),
        (Kind::Refused, "refused", "登录未成"),
        (Kind::SignOut, "sign_out", "退出"),
        (Kind::Ended, "ended", "结束会话"),
        (Kind::Account, "account", "账号变动"),
        (Kind::Read, "read", "查看个人信息"),
        (Kind::Export, "export", "导出"),
        (Kind::Verify, "verify", "核验日志"),
        (Kind::Prune, "prune", "清理访问日志"),
    ];

    /// Whether a line of the log is of this kind.
    pub fn is(self, word: &str) -> bool {
        self.word() == word
    }

    fn word(self) -> &'static str {
        Kind::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| word)
    }
}

/// The kinds as words, with what people call them.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    Kind::ALL.iter().map(|(_, word, title)| (*word, *title))
}

/// What people call the kind of a line.
pub fn title(word: &str) -> &str {
    Kind::ALL.iter().find(|(_, known, _)| *known == word).map_or(word, |(.., title)| title)
}

/// Which lines of the log, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted<'w> {
    /// Only of this account.
    pub account: Option<&'w str>,
    /// Only of this kind, as a word.
    pub kind: Option<&'w str>,
    /// From this moment on, and before that one.
    pub span: (Option<i64>, Option<i64>),
    /// Only behind this line, which was the last of the page before: its moment and its id.
    pub behind: Option<(i64, &'w str)>,
}

/// A shorter reason for looking at something personal says nothing.
pub const SHORTEST_REASON: usize = 4;
/// A longer one is no reason: it is shown wherever the line is.
pub const LONGEST_REASON: usize = 500;

/// What was typed as a reason, if it says something.
///
/// # Errors
/// Nothing, or too little to say anything: `missing`, with how long a reason is. Too much: that, under its code.
pub fn said(typed: Option<&str>, missing: Problem) -> Result<&str, Problem> {
    let typed = typed.map(str::trim).unwrap_or_default();
    let long = typed.chars().count();
    if long > LONGEST_REASON {
        let text = format!("理由太长：有 {long} 个字，最多 {LONGEST_REASON} 个字");
        return Err(Problem { text, remedy: "请只写为什么要看、办什么事要用".to_owned(), ..missing });
    }
    if long >= SHORTEST_REASON {
        return Ok(typed);
    }
    let remedy = format!("{}，不少于 {SHORTEST_REASON} 个字；理由记入访问日志", missing.remedy);
    Err(Problem { remedy, ..missing })
}

/// What is not older than this is never taken out of the log: six months, as the law asks at least.
pub const KEPT: i64 = 184 * 24 * 60 * 60 * 1000;

/// One line of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Its id; made where it is written down.
    pub id: String,
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
    /// Writes a line; when it returns, the line is on disk. Gives its id.
    pub fn note(&self, kind: Kind, line: Access) -> Result<String> {
        let Access { account, record, what, reason, address, .. } = line;
        let (id, now) = (System.id().to_string(), System.now());
        self.db()?.run(
            "INSERT INTO access (town_id, id, at, account, kind, record, what, reason, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![id, now, account, kind.word(), record, what, reason, address],
        )?;
        Ok(id)
    }

    /// A line by its id.
    pub fn access(&self, id: &str) -> Result<Option<Access>> {
        let sql = "SELECT at, account, kind, record, what, reason, address, id FROM access \
                   WHERE town_id = $1 AND id = $2";
        self.db()?.one(sql, params![id], read)
    }

    /// The newest lines of one kind about a record, or about a register that was taken away as a whole.
    pub fn accesses(&self, about: &str, kind: Kind, limit: u64) -> Result<Vec<Access>> {
        self.db()?.rows(
            "SELECT at, account, kind, record, what, reason, address, id FROM access \
             WHERE town_id = $1 AND record = $2 AND kind = $3 ORDER BY at DESC, id DESC LIMIT $4",
            params![about, kind.word(), limit as i64],
            read,
        )
    }

    /// A page of lines, the newest first.
    pub fn accesses_of(&self, wanted: &Wanted<'_>, limit: u64) -> Result<Vec<Access>> {
        let (from, until) = wanted.span;
        let (at, id) = wanted.behind.unwrap_or((i64::MAX, ""));
        self.db()?.rows(
            "SELECT at, account, kind, record, what, reason, address, id FROM access \
             WHERE town_id = $1 AND ($2 IS NULL OR account = $2) AND ($3 IS NULL OR kind = $3) \
             AND ($4 IS NULL OR at >= $4) AND ($5 IS NULL OR at < $5) AND (at < $6 OR (at = $6 AND id < $7)) \
             ORDER BY at DESC, id DESC LIMIT $8",
            params![wanted.account, wanted.kind, from, until, at, id, limit as i64],
            read,
        )
    }

    /// When each account came in last, by its id.
    pub fn last_sign_ins(&self) -> Result<Vec<(String, i64)>> {
        let sql =
            "SELECT account, max(at) FROM access WHERE town_id = $1 AND kind = $2 GROUP BY account ORDER BY account";
        self.db()?.rows(sql, params![Kind::SignIn.word()], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Takes out the lines before a moment, and the sessions that ended before it; returns how many lines.
    ///
    /// # Errors
    /// A moment of the last six months.
    pub fn prune(&self, before: i64) -> Result<usize> {
        if before > System.now() - KEPT {
            return Err(refuse(861, "访问日志至少留存六个月", "请写六个月以前的日期"));
        }
        let db = self.db()?;
        let gone = db.count("DELETE FROM access WHERE town_id = $1 AND at < $2", params![before])?;
        db.run("DELETE FROM session WHERE town_id = $1 AND seen_at < $2", params![before])?;
        Ok(gone)
    }
}

fn read(row: &Row<'_>) -> Result<Access> {
    Ok(Access {
        at: row.get(0)?,
        account: row.get(1)?,
        kind: row.get(2)?,
        record: row.get(3)?,
        what: row.get(4)?,
        reason: row.get(5)?,
        address: row.get(6)?,
        id: row.get(7)?,
    })
}
