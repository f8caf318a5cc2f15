//! Accounts: a name to sign in with, and the person who then acts (账号).

use anyhow::Result;

use super::Accounts;
use super::password::{self, Password};
use crate::ambient::{Ambient, System};
use crate::refused::refuse;
use crate::storage::{Row, params};

/// Most characters of a login.
pub const LONGEST: usize = 32;

/// An account. Accounts are closed and never deleted: entries and the access log name them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// What is typed to sign in.
    pub login: String,
    /// The record of the person who acts.
    pub person: String,
    /// The password was given by somebody else and is to be changed first.
    pub must_change: bool,
    /// When it was made, in milliseconds.
    pub made_at: i64,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

const COLUMNS: &str =
    "SELECT id, login, person, must_change, made_at, closed_at, password FROM account WHERE town_id = $1";

/// An account out of six columns, from one of a row on.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Account> {
    Ok(Account {
        id: row.get(first)?,
        login: row.get(first + 1)?,
        person: row.get(first + 2)?,
        must_change: row.get(first + 3)?,
        made_at: row.get(first + 4)?,
        closed_at: row.get(first + 5)?,
    })
}

impl Accounts {
    /// Makes an account.
    ///
    /// # Errors
    /// A login that is taken or malformed, a password that is too weak.
    pub fn make(&self, login: &str, person: &str, password: &Password, must_change: bool) -> Result<Account> {
        fits(login)?;
        if self.by_login(login)?.is_some() {
            return Err(refuse(802, format!("登录名“{login}”已经有人用"), "请换一个；停用的账号也占着它的登录名"));
        }
        let hash = password.hash()?;
        let (id, now) = (System.id().to_string(), System.now());
        self.db()?.run(
            "INSERT INTO account (town_id, id, login, person, password, must_change, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![id, login, person, hash, must_change, now],
        )?;
        let (login, person) = (login.to_owned(), person.to_owned());
        Ok(Account { id, login, person, must_change, made_at: now, closed_at: None })
    }

    /// All accounts, in the order of their logins.
    pub fn all(&self) -> Result<Vec<Account>> {
        self.db()?.rows(&format!("{COLUMNS} ORDER BY login"), params![], |row| read(row, 0))
    }

    /// Whether anybody can sign in at all.
    pub fn is_empty(&self) -> Result<bool> {
        let sql = "SELECT count(*) FROM account WHERE town_id = $1 AND closed_at IS NULL";
        Ok(self.db()?.one(sql, params![], |row| row.get::<i64>(0))?.unwrap_or(0) == 0)
    }

    /// An account by its id.
    pub fn account(&self, id: &str) -> Result<Option<Account>> {
        self.db()?.one(&format!("{COLUMNS} AND id = $2"), params![id], |row| read(row, 0))
    }

    fn by_login(&self, login: &str) -> Result<Option<(Account, String)>> {
        self.db()?.one(&format!("{COLUMNS} AND login = $2"), params![login], |row| Ok((read(row, 0)?, row.get(6)?)))
    }

    /// The account that a login and a password open. It takes as long where there is no such login.
    pub fn signs_in(&self, login: &str, typed: &str) -> Result<Option<Account>> {
        match self.by_login(login)?.filter(|(account, _)| account.closed_at.is_none()) {
            Some((account, hash)) => Ok(password::verify(typed, &hash).then_some(account)),
            None => {
                password::verify_nobody(typed);
                Ok(None)
            }
        }
    }

    /// Gives an account another password.
    pub fn set_password(&self, id: &str, password: &Password, must_change: bool) -> Result<()> {
        let hash = password.hash()?;
        let sql = "UPDATE account SET password = $3, must_change = $4 WHERE town_id = $1 AND id = $2";
        self.db()?.run(sql, params![id, hash, must_change])?;
        Ok(())
    }

    /// Closes an account, or opens it again.
    pub fn set_closed(&self, id: &str, closed: bool) -> Result<()> {
        let at = closed.then(|| System.now());
        let sql = "UPDATE account SET closed_at = $3 WHERE town_id = $1 AND id = $2";
        self.db()?.run(sql, params![id, at])?;
        Ok(())
    }
}

/// Nothing, or the refusal of a login that is malformed.
pub fn fits(login: &str) -> Result<()> {
    let shaped = (2..=LONGEST).contains(&login.chars().count())
        && login.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if shaped {
        return Ok(());
    }
    Err(refuse(803, format!("登录名“{login}”不合规则"), "请用 2 至 32 个汉字、字母或者数字，可以有点、横线和下划线"))
}
