//! What becomes of a draft before anything is written: all that refuses it, and the rows it would leave (试算).

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{FlagKind, Register};
use engine::problem::Problem;
use engine::record::{self, Flag, Rows, Rules, judge};

use super::Draft;
use super::allot::{Allotted, allot};
use super::fits::fits;
use super::once::once;
use crate::refused::{Refused, refuse};
use crate::storage::Db;

/// Where and when an entry would stand.
pub struct Stand {
    /// Its index.
    pub index: u64,
    /// Its id.
    pub id: String,
    /// The day it is recorded.
    pub today: Day,
}

/// A draft that nothing refuses.
pub struct Judged {
    /// The act as the payload holds it.
    pub body: String,
    /// The record's entries, this one included.
    pub entries: Vec<Entry>,
    /// The rows without it.
    pub before: Rows,
    /// The rows with it.
    pub after: Rows,
    /// What is flagged about it.
    pub flags: Vec<Flag>,
    /// What it is numbered.
    pub allotted: Allotted,
}

/// Judges a draft on a record of these entries, whose rows may be known: the writer before it writes, and a dry run
/// that writes nothing.
pub fn judged(
    db: &Db,
    rules: Rules<'_>,
    mut entries: Vec<Entry>,
    rows: Option<Rows>,
    mut draft: Draft,
    stand: Stand,
) -> Result<Judged> {
    let (register, Stand { index, id, today }) = (rules.register, stand);
    let record = draft.act.record().unwrap_or_default().to_owned();
    fits(register, &draft, &entries, today)?;
    let allotted = allot(db, register, &mut draft.act, &entries, today)?;
    let before = match rows {
        Some(rows) => rows,
        None if entries.is_empty() => Rows::default(),
        None => record::apply(rules, &entries),
    };
    if let Act::Answer { question, .. } = &draft.act {
        open_question(&before, question)?;
    }
    let body = serde_json::to_string(&draft.act)?;
    entries.push(Entry { index, id, recorded: today, actor: draft.actor.to_string(), act: draft.act });
    let after = record::apply(rules, &entries);
    let flags: Vec<Flag> = after.flags.iter().filter(|flag| flag.entry == index).cloned().collect();
    refuse_ours(register, &entries, &flags)?;
    once(db, register, &record, &before, &after)?;
    Ok(Judged { body, entries, before, after, flags, allotted })
}

/// Only what is asked can be answered.
fn open_question(rows: &Rows, question: &str) -> Result<()> {
    let open: Vec<&str> =
        rows.questions.iter().filter(|one| one.answered_by.is_none()).map(|one| one.id.as_str()).collect();
    if open.contains(&question) {
        return Ok(());
    }
    let remedy = match open.is_empty() {
        true => "这个案卷现在没有待答复的问题".to_owned(),
        false => format!("现在待答复的是：{}", open.join("、")),
    };
    Err(refuse(224, format!("没有待答复的问题“{question}”"), remedy))
}

/// An act of ours that the law forbids is refused; everything else has happened and is flagged.
fn refuse_ours(register: &Register, entries: &[Entry], flags: &[Flag]) -> Result<()> {
    let Some(Entry { act: Act::Step(taken), .. }) = entries.last() else { return Ok(()) };
    let ours = register.step(&taken.step).is_some_and(|step| step.ours) && taken.already.is_none();
    let refusing: Vec<Problem> = flags
        .iter()
        .filter(|flag| ours && judge::refuses(flag.kind))
        .map(|flag| {
            let remedy = match flag.kind {
                FlagKind::Barred => "法律不允许镇里现在这样做，这一步不能办",
                _ => "这一步是镇里此时的行为，请先补齐所缺的，再办",
            };
            Problem::new(220, flag.says.clone(), remedy).because(flag.basis.clone())
        })
        .collect();
    if refusing.is_empty() { Ok(()) } else { Err(Refused(refusing).into()) }
}
