//! Who signs in to the demonstration: one person for each role, two for the villages (授权).
//!
//! What each may do is a grant in the journal; only the login names are here.

use anyhow::Result;

use crate::accounts::Accounts;
use crate::accounts::password::Password;
use crate::folder::Folder;
use crate::query::records::find;

/// Login name and the person who has it: the first column of the sheets, which is the name in the register.
pub const ACCOUNTS: &[(&str, &str)] = &[
    ("clerk", "叶知秋"),
    ("leader", "何清源"),
    ("reviewer", "钟若谷"),
    ("mediator", "廖德厚"),
    ("adviser", "沈怀瑾"),
    ("village_a", "刘春华"),
    ("village_b", "黄文昌"),
    ("inspector", "郑长河"),
    ("admin", "曾远帆"),
];

/// Gives all of them one password, drawn anew each time: the demonstration has no default password either.
pub fn open(folder: &Folder) -> Result<Password> {
    let (accounts, db) = (Accounts::open(folder)?, folder.reader()?);
    let password = Password::drawn();
    let known = accounts.all()?;
    for (login, name) in ACCOUNTS {
        match known.iter().find(|account| account.login == *login) {
            Some(account) => {
                accounts.set_password(&account.id, &password, false)?;
                accounts.end_all(&account.id, "")?;
            }
            None => drop(accounts.make(login, &find(&db, "person", name)?, &password, false)?),
        }
    }
    Ok(password)
}
