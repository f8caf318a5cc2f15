//! A record on the terminal: its timeline with law, what is flagged and due, and what comes next.

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{Field, FieldType, Register};
use engine::law::{Citation, Texts};
use engine::record::next::Next;
use engine::record::{Course, Instance, Rows};
use engine::value::Value;

use crate::query::names::{Names, called};
use crate::query::owner::owner_called;
use crate::show::line;
use crate::storage::Db;

/// What is shown of a record.
pub struct Record<'r> {
    /// For the names of what it refers to.
    pub db: &'r Db,
    /// Its register.
    pub register: &'r Register,
    /// What was derived from it.
    pub rows: &'r Rows,
    /// Its steps.
    pub course: &'r Course<'r>,
    /// What comes next.
    pub next: &'r [Next],
    /// Its last day, where that is over and nobody has recorded its end.
    pub expired: Option<Day>,
    /// Names of villages.
    pub names: &'r Names,
    /// Imported law texts.
    pub texts: &'r Texts,
    /// The day it is.
    pub today: Day,
    /// Its entries.
    pub entries: &'r [Entry],
}

/// Prints a record.
pub fn record(record: &Record<'_>) -> Result<()> {
    let head = &record.rows.head;
    let number = head.number.as_deref().unwrap_or("");
    let state = if record.course.void { "已作废" } else { record.register.state_title(&head.state) };
    let expired = record.expired.map_or_else(String::new, |last| format!("，{last}期满"));
    line(format!("{} {number} {}  【{state}{expired}】", record.register.title, head.title))?;
    for entry in record.entries {
        one_entry(record, entry)?;
    }
    for question in &record.rows.questions {
        let answered = question.answered_by.map_or("尚未答复".to_owned(), |entry| format!("第 {entry} 条已答复"));
        line(format!("\n问题：{}（{answered}）", question.text))?;
    }
    if !record.rows.dues.is_empty() {
        line("\n期限")?;
    }
    for due in &record.rows.dues {
        let title = record.register.step(&due.step).map_or(due.step.as_str(), |step| &step.title);
        let moved = if due.nominal == due.last { String::new() } else { format!("，按日历数到 {}", due.nominal) };
        let note = match due.met_by {
            Some(entry) => format!("第 {entry} 条已办"),
            None if due.last < record.today && due.binding => "已逾期".to_owned(),
            None if due.last < record.today => "已过".to_owned(),
            None => format!("还有 {} 天", record.today.days_until(due.last)),
        };
        let provisional = if due.provisional { "，暂按周末推算" } else { "" };
        let owner = match due.owner.as_str() {
            "" => String::new(),
            owner => format!("，由{}负责", owner_called(record.db, owner)?),
        };
        line(format!("  {title}：{}{moved}{provisional}（{note}{owner}）", due.last))?;
    }
    if !record.next.is_empty() {
        line("\n接下来")?;
    }
    for next in record.next {
        let last = next.last.map_or_else(String::new, |last| match last < record.today {
            true => format!("，末日 {last}，已过"),
            false => format!("，末日 {last}，尚未到期"),
        });
        let when = match next {
            next if next.again => "（已经办过，需要时再办）".to_owned(),
            next if !next.after.is_empty() => format!("（须先办“{}”）", next.after.join("”“")),
            next if next.conditional => "（具备法定情形的）".to_owned(),
            _ => String::new(),
        };
        line(format!("  {}“{}”{when}{last}  {}", next.verdict.chinese(), next.title, next.step))?;
        line(format!("      {}", next.why.join("、")))?;
        for why in &next.why {
            article(record, why, record.today, "      ")?;
        }
    }
    Ok(())
}

fn one_entry(record: &Record<'_>, entry: &Entry) -> Result<()> {
    let who = called(record.db, &entry.actor)?.unwrap_or_else(|| "本机".to_owned());
    match &entry.act {
        Act::Step(taken) => {
            let Some(one) = record.course.steps.iter().find(|one| one.entry == entry.index) else {
                return line(format!("\n第 {} 条  “{}”（定义中已没有这一步）", entry.index, taken.step));
            };
            step(record, entry, one, &who)
        }
        Act::Correct { of, reason, fields, sizes, .. } => {
            let of = record.course.steps.iter().find(|one| one.id == *of);
            let title = of.map_or("", |one| one.step.title.as_str());
            line(format!("\n第 {} 条  {} {who} 更正“{title}”：{reason}", entry.index, entry.recorded))?;
            let step = of.map(|one| one.step);
            for (id, value) in fields {
                let field = step.and_then(|step| step.field(id));
                let name = field.map_or(id.as_str(), |field| &field.title);
                line(format!("    {name}改为：{}", shown(record, field, value)?))?;
            }
            for id in sizes.keys() {
                let field = step.and_then(|step| step.field(id));
                line(format!("    {}已更正（封存）", field.map_or(id.as_str(), |field| &field.title)))?;
            }
            Ok(())
        }
        Act::Void { of, reason, .. } => {
            let what = of.as_ref().and_then(|of| record.course.steps.iter().find(|one| one.id == *of));
            let what = what.map_or("整个案卷".to_owned(), |one| format!("“{}”", one.step.title));
            line(format!("\n第 {} 条  {} {who} 作废{what}：{reason}", entry.index, entry.recorded))
        }
        Act::Link { to, reason, .. } => {
            let to = called(record.db, to)?.unwrap_or_else(|| to.clone());
            line(format!("\n第 {} 条  {} {who} 关联“{to}”：{reason}", entry.index, entry.recorded))
        }
        Act::Attach { name, bytes, of, .. } => {
            let of = of.as_ref().and_then(|of| record.course.steps.iter().find(|one| one.id == *of));
            let of =
                of.map_or_else(String::new, |one| format!("，“{}”（第 {} 条）的扫描件", one.step.title, one.entry));
            line(format!("\n第 {} 条  {} {who} 附件“{name}”（{bytes} 字节）{of}", entry.index, entry.recorded))
        }
        Act::Answer { text, .. } => line(format!("\n第 {} 条  {} {who} 答复：{text}", entry.index, entry.recorded)),
        Act::Adopt { .. } => Ok(()),
    }
}

fn step(record: &Record<'_>, entry: &Entry, one: &Instance<'_>, who: &str) -> Result<()> {
    let late = record.rows.steps.iter().any(|row| row.entry == entry.index && row.late);
    let mut notes = String::new();
    if one.day != one.recorded {
        notes.push_str(&format!("，{} 记入", one.recorded));
    }
    if late {
        notes.push_str("（补录）");
    }
    if one.void {
        notes.push_str("（已作废）");
    }
    if one.corrected.is_some() && !one.void {
        notes.push_str("（已更正，下列为更正后的内容）");
    }
    line(format!("\n第 {} 条  {}  {}  {who}{notes}", entry.index, one.day, one.step.title))?;
    for field in &one.step.fields {
        if let Some(value) = one.value(&field.id) {
            line(format!("    {}：{}", field.title, shown(record, Some(field), value)?))?;
            led_to(record, one, field, value)?;
        } else if let Some(size) = one.sizes.get(&field.id.value) {
            line(format!("    {}：（封存，{size} 项）", field.title))?;
        }
    }
    if let Some(reason) = &one.already {
        line(format!("    系统外办理的理由：{reason}"))?;
    }
    let basis = one.step.basis.on(one.day);
    line(format!("    依据：{}", basis.join("、")))?;
    for cite in &basis {
        article(record, cite, one.day, "    ")?;
    }
    for flag in record.rows.flags.iter().filter(|flag| flag.entry == entry.index) {
        line(format!("    标记：{} {}（{}）", flag.kind.chinese(), flag.says, flag.basis.join("、")))?;
    }
    Ok(())
}

/// The law that led to the value of a derived field.
fn led_to(record: &Record<'_>, one: &Instance<'_>, field: &Field, value: &Value) -> Result<()> {
    // As the record stood when the step was taken: what came later led to nothing in it.
    let walked = record.course.steps.iter().position(|other| other.entry == one.entry).unwrap_or(0);
    let before = Course { walked, ..record.course.clone() };
    let derived = before.derived(field, one).filter(|derived| value.as_text() == Some(derived.value.as_str()));
    let basis = derived.map(|derived| derived.basis.on(one.day)).unwrap_or_default();
    if !basis.is_empty() {
        line(format!("        依据：{}", basis.join("、")))?;
    }
    for cite in &basis {
        article(record, cite, one.day, "        ")?;
    }
    Ok(())
}

/// The article itself, where the site imported its text.
fn article(record: &Record<'_>, cite: &str, day: Day, before: &str) -> Result<()> {
    let Ok(citation) = Citation::parse(cite) else { return Ok(()) };
    if let Some(text) = record.texts.article(&citation, day) {
        for part in text.lines().filter(|part| !part.trim().is_empty()) {
            line(format!("{before}  │ {}", part.trim()))?;
        }
    }
    Ok(())
}

fn shown(record: &Record<'_>, field: Option<&Field>, value: &Value) -> Result<String> {
    let Some(field) = field else { return Ok(value.texts().join("、")) };
    field.shown(value, |text| match field.kind {
        FieldType::Village | FieldType::Villages => Ok(record.names.village(text)),
        _ => Ok(called(record.db, text)?.unwrap_or_else(|| text.to_owned())),
    })
}
