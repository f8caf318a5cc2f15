//! Accounts with the people they belong to, and what these are granted: a few statements, however many there are.

use std::collections::HashMap;

use anyhow::Result;
use engine::day::Day;

use crate::accounts::account::Account;
use crate::policy;
use crate::storage::{Db, params};
use crate::web::site::{Given, all_grants};
use crate::web::visit::Visit;

/// A grant in force, with its record.
pub struct Held {
    /// The record of the grant.
    pub record: String,
    /// What it says.
    pub given: Given,
}

/// All accounts, all grants, and what people are called.
pub struct People {
    /// The accounts, by login.
    pub accounts: Vec<Account>,
    names: HashMap<String, String>,
    held: HashMap<String, Vec<Held>>,
    posts: HashMap<String, Vec<String>>,
}

impl People {
    /// Reads them.
    pub fn load(visit: &Visit<'_>) -> Result<People> {
        let mut held: HashMap<String, Vec<Held>> = HashMap::new();
        for (record, given) in all_grants(visit.db)?.into_iter().filter(|(_, given)| given.holds(visit.today)) {
            held.entry(given.person.clone()).or_default().push(Held { record, given });
        }
        let names = persons(visit.db)?.into_iter().collect();
        Ok(People { accounts: visit.site.accounts.all()?, names, held, posts: posts(visit.db, visit.today)? })
    }

    /// What the person of an account is called, and how he signs in.
    pub fn of(&self, account: &str) -> String {
        match self.accounts.iter().find(|one| one.id == account) {
            Some(account) => format!("{}（{}）", self.name(account), account.login),
            None => "—".to_owned(),
        }
    }

    /// What the person of an account is called.
    pub fn name<'p>(&'p self, account: &'p Account) -> &'p str {
        self.names.get(&account.person).unwrap_or(&account.login)
    }

    /// What somebody is granted today.
    pub fn grants(&self, account: &Account) -> &[Held] {
        self.held.get(&account.person).map_or(&[], Vec::as_slice)
    }

    /// The posts somebody holds today.
    pub fn posts(&self, account: &Account) -> &[String] {
        self.posts.get(&account.person).map_or(&[], Vec::as_slice)
    }

    /// How many grants are in force.
    pub fn in_force(&self) -> usize {
        self.held.values().map(Vec::len).sum()
    }

    /// The roles of an account in words, each once.
    pub fn roles(&self, account: &Account) -> String {
        let mut roles: Vec<&str> = Vec::new();
        for held in self.grants(account) {
            let title = policy::title(&held.given.grant.role);
            if !roles.contains(&title) {
                roles.push(title);
            }
        }
        roles.join("、")
    }
}

/// Everybody in the register of people, by name.
pub fn persons(db: &Db) -> Result<Vec<(String, String)>> {
    let sql = "SELECT id, title FROM record WHERE town_id = $1 AND register = $2 AND state <> $3 ORDER BY title, id";
    db.rows(sql, params!["person", "void"], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Who holds which posts on a day.
fn posts(db: &Db, today: Day) -> Result<HashMap<String, Vec<String>>> {
    let sql = "SELECT title, body FROM record WHERE town_id = $1 AND register = $2 AND state <> $3 ORDER BY title, id";
    let rows: Vec<(String, String)> = db.rows(sql, params!["post", "void"], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut posts: HashMap<String, Vec<String>> = HashMap::new();
    for (title, body) in rows {
        let body: serde_json::Value = serde_json::from_str(&body)?;
        let day = |step: &str, field: &str| body[step][field].as_str().and_then(Day::parse);
        let holds = day("appoint", "from").is_none_or(|from| from <= today)
            && day("end", "on").is_none_or(|ended| today < ended);
        if let (true, Some(person)) = (holds, body["appoint"]["person"].as_str()) {
            posts.entry(person.to_owned()).or_default().push(title);
        }
    }
    Ok(posts)
}
