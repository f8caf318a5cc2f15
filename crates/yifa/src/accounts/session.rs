//! Sessions: who is signed in, in which browser, since when (登录会话).

use anyhow::Result;
use journal::hash::Hash;

use super::Accounts;
use super::account::{self, Account};
use crate::ambient::{Ambient, System};
use crate::sets::sha256;
use crate::storage::{Row, params};

/// After so many milliseconds without a page a session is over.
pub const IDLE: i64 = 60 * 60 * 1000;
/// After so many it is over whatever happens: a working day.
pub const LONGEST: i64 = 12 * 60 * 60 * 1000;
/// How much later a page is noted than it was asked for: to write down each would cost a flush a page.
const NOTED: i64 = 60 * 1000;

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The SHA-256 of its token, in hex: its name here.
    pub token: String,
    /// Whose it is.
    pub account: String,
    /// What every form of it carries, so that no other site can send one.
    pub form: String,
    /// When it began, in milliseconds.
    pub began_at: i64,
    /// When it was last used, within a minute.
    pub seen_at: i64,
    /// When it was ended by somebody.
    pub ended_at: Option<i64>,
    /// From where.
    pub address: String,
    /// With which browser.
    pub agent: String,
}

impl Session {
    /// Whether it still opens anything.
    pub fn is_open(&self, now: i64) -> bool {
        self.ended_at.is_none() && now - self.seen_at < IDLE && now - self.began_at < LONGEST
    }
}

/// What the browser keeps, as this database knows it.
pub fn digest(token: &str) -> String {
    sha256(token)
}

fn drawn() -> String {
    let mut bytes = [0; 32];
    System.fill(&mut bytes);
    Hash(bytes).to_hex()
}

const COLUMNS: &str = "SELECT token, account, form, began_at, seen_at, ended_at, address, agent FROM session \
                       WHERE town_id = $1";

fn read(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        token: row.get(0)?,
        account: row.get(1)?,
        form: row.get(2)?,
        began_at: row.get(3)?,
        seen_at: row.get(4)?,
        ended_at: row.get(5)?,
        address: row.get(6)?,
        agent: row.get(7)?,
    })
}

impl Accounts {
    /// Begins a session; returns the token for the browser. It is always a new one: a token known before signing in is
    /// worth nothing afterwards.
    pub fn begin(&self, account: &str, address: &str, agent: &str) -> Result<(String, Session)> {
        let (token, form, now) = (drawn(), drawn(), System.now());
        let session = Session {
            token: digest(&token),
            account: account.to_owned(),
            form,
            began_at: now,
            seen_at: now,
            ended_at: None,
            address: address.to_owned(),
            agent: agent.chars().take(200).collect(),
        };
        self.db()?.run(
            "INSERT INTO session (town_id, token, account, form, began_at, seen_at, address, agent) \
             VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
            params![session.token, session.account, session.form, now, session.address, session.agent],
        )?;
        Ok((token, session))
    }

    /// The session of a token, whether or not it is over.
    pub fn session(&self, token: &str) -> Result<Option<Session>> {
        self.db()?.one(&format!("{COLUMNS} AND token = $2"), params![digest(token)], read)
    }

    /// The session of a token and its account, whether or not they are over: one question, because every page asks it.
    pub fn signed(&self, token: &str) -> Result<Option<(Session, Account)>> {
        let sql = "SELECT s.token, s.account, s.form, s.began_at, s.seen_at, s.ended_at, s.address, s.agent, \
                   a.id, a.login, a.person, a.must_change, a.made_at, a.closed_at \
                   FROM session s JOIN account a ON a.town_id = s.town_id AND a.id = s.account \
                   WHERE s.town_id = $1 AND s.token = $2";
        self.db()?.one(sql, params![digest(token)], |row| Ok((read(row)?, account::read(row, 8)?)))
    }

    /// Whether a form is of a session of this account, over or not: whoever signed in again may have an old page open.
    pub fn has_form(&self, account: &str, form: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM session WHERE town_id = $1 AND account = $2 AND form = $3";
        Ok(self.db()?.one(sql, params![account, form], |_| Ok(()))?.is_some())
    }

    /// Whether a session, over or not, was one of the account of this login. Asked in one question, so that it takes as
    /// long where there is no such login.
    pub fn came_in(&self, login: &str, token: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM session s JOIN account a ON a.town_id = s.town_id AND a.id = s.account \
                   WHERE s.town_id = $1 AND s.token = $2 AND a.login = $3";
        Ok(self.db()?.one(sql, params![token, login], |_| Ok(()))?.is_some())
    }

    /// Notes that a session is used; at most once a minute.
    pub fn seen(&self, session: &Session, now: i64) -> Result<()> {
        if now - session.seen_at >= NOTED {
            let sql = "UPDATE session SET seen_at = $3 WHERE town_id = $1 AND token = $2 AND seen_at < $3";
            self.db()?.run(sql, params![session.token, now])?;
        }
        Ok(())
    }

    /// Ends a session at once, by the digest of its token.
    pub fn end(&self, token: &str) -> Result<()> {
        let sql = "UPDATE session SET ended_at = $3 WHERE town_id = $1 AND token = $2 AND ended_at IS NULL";
        self.db()?.run(sql, params![token, System.now()])?;
        Ok(())
    }

    /// Ends all sessions of an account but one.
    pub fn end_all(&self, account: &str, but: &str) -> Result<()> {
        let sql = "UPDATE session SET ended_at = $4 WHERE town_id = $1 AND account = $2 AND token <> $3 \
                   AND ended_at IS NULL";
        self.db()?.run(sql, params![account, but, System.now()])?;
        Ok(())
    }

    /// The sessions that still open something, the newest first; of one account, or of all.
    pub fn open_sessions(&self, account: Option<&str>) -> Result<Vec<Session>> {
        let now = System.now();
        let sql = format!(
            "{COLUMNS} AND ended_at IS NULL AND began_at > $2 AND ($3 IS NULL OR account = $3) ORDER BY began_at DESC, token"
        );
        let found = self.db()?.rows(&sql, params![now - LONGEST, account], read)?;
        Ok(found.into_iter().filter(|session| session.is_open(now)).collect())
    }
}
