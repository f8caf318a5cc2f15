//! Who may read what (可读范围): one function for every door.
//!
//! The machine at hand asks nobody to sign in: whoever looks says in which role, and without a word looks as a clerk. It
//! keeps what only the leaders read off the screens of those who did not ask for it; it is no lock, for whoever sits at
//! the machine has its files.

use engine::definition::{ROLES, Register};

use crate::refused::refuse;

/// The role in which somebody looks who says nothing.
pub const USUAL: &str = "clerk";

/// Whether a role may read the records of a register.
pub fn may_read(role: &str, register: &Register) -> bool {
    register.read.iter().any(|reader| reader.value == role)
}

/// Nothing, or the refusal that says who may read it and how to say so.
pub fn need_to_read(role: &str, register: &Register) -> anyhow::Result<()> {
    if may_read(role, register) {
        return Ok(());
    }
    let readers: Vec<&str> = register.read.iter().map(|reader| title(&reader.value)).collect();
    let first = register.read.first().map_or(USUAL, |reader| reader.value.as_str());
    let text = format!("“{}”只供{}查看，您以{}的角色查看", register.title, readers.join("、"), title(role));
    Err(refuse(233, text, format!("确有这个角色的，请写 --role {first}")))
}

/// That there is more which whoever looks may not read.
pub fn withheld(count: usize, unit: &str) -> Option<String> {
    (count > 0).then(|| format!("另有 {count} {unit}在您的角色不能查看的登记簿里；确有别的角色的，请写 --role"))
}

/// What people call a role.
pub fn title(role: &str) -> &str {
    ROLES.iter().find(|(id, _)| *id == role).map_or(role, |(_, title)| title)
}

/// A role as it is said on the command line: its id or what people call it.
pub fn parse(text: &str) -> Result<String, String> {
    let found = ROLES.iter().find(|(id, title)| text == *id || text == *title);
    let known: Vec<String> = ROLES.iter().map(|(id, title)| format!("{id}（{title}）")).collect();
    found.map(|(id, _)| (*id).to_owned()).ok_or_else(|| format!("请写：{}", known.join("、")))
}
