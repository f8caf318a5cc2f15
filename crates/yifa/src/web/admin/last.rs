//! The last administrator stays: nobody can shut the township out of its own accounts (最后一个管理员).

use std::collections::HashSet;

use anyhow::Result;
use engine::act::Act;

use crate::ambient::today;
use crate::append::{Draft, NEW};
use crate::policy::ADMIN;
use crate::refused::refuse;
use crate::web::site::{GRANT, Site, all_grants};

/// What of a grant says who administers, and when.
const DECIDING: [&str; 5] = ["person", "role", "on", "until", "villages"];

fn refused() -> anyhow::Error {
    refuse(860, "这样就没有系统管理员了", "请先给另一个有账号的人授予系统管理，再停用或者收回这一个")
}

/// Whether somebody who can sign in would still administer, were these accounts closed and these grants gone.
fn remains(site: &Site, closed: &str, gone: &HashSet<&str>) -> Result<bool> {
    let accounts = site.accounts.all()?;
    let open = accounts.iter().filter(|account| account.closed_at.is_none() && account.id != closed);
    let open: HashSet<&str> = open.map(|account| account.person.as_str()).collect();
    let today = today();
    let all = all_grants(&*site.reader()?)?;
    let administers = |given: &crate::web::site::Given| {
        given.grant.role == ADMIN && given.holds(today) && open.contains(given.person.as_str())
    };
    Ok(all.iter().any(|(record, given)| administers(given) && !gone.contains(record.as_str())))
}

/// Nothing, or the refusal, for drafts that may take a grant from the last administrator.
pub fn keep_one(site: &Site, drafts: &[Draft]) -> Result<()> {
    let gone: HashSet<&str> = drafts.iter().filter_map(|draft| taken(&draft.act)).collect();
    match gone.is_empty() || remains(site, "", &gone)? {
        true => Ok(()),
        false => Err(refused()),
    }
}

/// The grant an act may take from somebody.
fn taken(act: &Act) -> Option<&str> {
    let takes = act.register() == Some(GRANT)
        && match act {
            Act::Step(taken) => taken.record != NEW,
            Act::Void { .. } => true,
            Act::Correct { fields, cleared, .. } => {
                fields.keys().chain(cleared).any(|field| DECIDING.contains(&field.as_str()))
            }
            Act::Link { .. } | Act::Attach { .. } | Act::Answer { .. } | Act::Adopt { .. } => false,
        };
    if takes { act.record() } else { None }
}

/// Nothing, or the refusal, for closing an account.
pub fn keep_one_open(site: &Site, account: &str) -> Result<()> {
    match remains(site, account, &HashSet::new())? {
        true => Ok(()),
        false => Err(refused()),
    }
}
