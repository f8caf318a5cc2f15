//! An office's own headings and words: what was said of them, what is said now, and what that is wrong about (用语).

use anyhow::Result;
use engine::definition::Register;
use engine::problem::Problem;
use engine::read::nearest_hint;

use crate::accounts::Accounts;
use crate::accounts::wording::Kept;
use crate::table::{Meant, Wording, column_named, columns};

/// The longest heading or word that is kept, in characters.
const LONGEST: usize = 60;

/// What was said for a register on earlier days.
pub fn remembered(accounts: &Accounts, register: &Register) -> Result<Wording> {
    let mut wording = Wording::default();
    take(&mut wording, &accounts.wording(&register.id.value)?, true);
    Ok(wording)
}

/// Takes over what was said.
pub fn take(wording: &mut Wording, all: &[Kept], remembered: bool) {
    for Kept { place, word, means } in all {
        if place.is_empty() {
            let column = (!means.is_empty()).then(|| means.clone());
            wording.heading(Meant { heading: word.clone(), column, remembered });
        } else {
            wording.word(place, word, means);
        }
    }
}

/// A heading stands for the column of a name, or with none for nothing.
pub fn heading(register: &Register, heading: &str, column: Option<&str>) -> Result<Kept, Problem> {
    let kept = |means: String| Kept { place: String::new(), word: heading.trim().to_owned(), means };
    fit(heading)?;
    let Some(name) = column else { return Ok(kept(String::new())) };
    match column_named(register, name.trim()) {
        Some((path, _)) => Ok(kept(path)),
        None => Err(no_column(register, name)),
    }
}

/// In the column of a name a word stands for one of its choices, by id or title.
pub fn word(register: &Register, column: &str, word: &str, choice: &str) -> Result<Kept, Problem> {
    fit(word)?;
    let (path, field) = column_named(register, column.trim()).ok_or_else(|| no_column(register, column))?;
    let choices = field.map_or(&[][..], |field| &field.choices);
    let titles: Vec<&str> = choices.iter().map(|one| one.title.as_str()).collect();
    let choice = choice.trim();
    match choices.iter().find(|one| one.id.value == choice || one.title == choice) {
        Some(found) => Ok(Kept { place: path, word: word.trim().to_owned(), means: found.id.value.clone() }),
        None if choices.is_empty() => {
            let text = format!("“{}”不是选填的字段，说法不能这样换", column.trim());
            Err(Problem::new(430, text, "只有从选项中选的字段可以说明别的说法；其余的请在表里改"))
        }
        None => {
            let text = format!("“{}”没有“{choice}”这个选项", column.trim());
            Err(Problem::new(430, text, format!("可选：{}{}", titles.join("、"), nearest_hint(choice, &titles))))
        }
    }
}

fn fit(word: &str) -> Result<(), Problem> {
    let length = word.trim().chars().count();
    if (1..=LONGEST).contains(&length) {
        return Ok(());
    }
    let shown: String = word.trim().chars().take(20).collect();
    let remedy = format!("照表里写的标题或者说法填，最多 {LONGEST} 字");
    Err(Problem::new(430, format!("标题或者说法“{shown}”是空的，或者太长"), remedy))
}

fn no_column(register: &Register, name: &str) -> Problem {
    let all = columns(register);
    let titles: Vec<&str> = all.iter().map(|(_, column)| column.heading.as_str()).collect();
    let remedy = match engine::read::nearest(name.trim(), &titles) {
        Some(near) => format!("是不是“{near}”？字段的名称见表样，yifa template {}", register.id.value),
        None => format!("字段的名称见表样：yifa template {}", register.id.value),
    };
    Problem::new(430, format!("“{}”没有“{}”这个字段", register.title, name.trim()), remedy)
}
