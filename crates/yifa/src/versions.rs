//! The versions of a text that a record keeps, so that two of them can be held against each other (文本的各稿).

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::FieldType;
use engine::record::{Course, Instance};

use crate::refused::refuse;
use crate::text;

/// Under this name stand the files that belong to no step.
const ATTACH: &str = "attach";

/// One text of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// How it is asked for: `step:nth.field` or `attach:nth`.
    pub at: String,
    /// What people see.
    pub title: String,
    /// The day of its step, or the day it was attached.
    pub day: Day,
}

/// The files of a record that are nobody's secret, in the order they came.
pub fn versions(course: &Course<'_>, entries: &[Entry]) -> Vec<Version> {
    let mut found = Vec::new();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for one in course.taken() {
        let nth = counted.entry(&one.step.id.value).or_default();
        *nth += 1;
        let files = one.step.fields.iter().filter(|field| field.kind == FieldType::File && !field.personal);
        for field in files.filter(|field| one.value(&field.id).is_some()) {
            let which = if one.step.repeat { format!("（第 {nth} 次）") } else { String::new() };
            let title = format!("{}{which} {}", one.step.title, field.title);
            found.push(Version { at: format!("{}:{nth}.{}", one.step.id.value, field.id.value), title, day: one.day });
        }
    }
    let attached = entries.iter().filter_map(|entry| match &entry.act {
        Act::Attach { name, .. } => Some((entry.recorded, name)),
        _ => None,
    });
    found.extend(attached.enumerate().map(|(nth, (day, name))| Version {
        at: format!("{ATTACH}:{}", nth + 1),
        title: format!("附件 {name}"),
        day,
    }));
    found
}

/// The text at `step`, `step:nth`, `step.field`, `step:nth.field` or `attach:nth`. Steps and fields may be called by
/// their titles; without `nth` the last one is meant.
///
/// # Errors
/// Says what there is instead, where nothing is there or it is no text.
pub fn text_at(files: &Path, course: &Course<'_>, entries: &[Entry], at: &str) -> Result<String> {
    let (place, field) = at.split_once('.').map_or((at, None), |(place, field)| (place, Some(field)));
    let (step, nth) = place.split_once(':').map_or((place, None), |(step, nth)| (step, Some(nth)));
    let nth = match nth.map(str::parse::<usize>) {
        None => None,
        Some(Ok(nth)) if nth > 0 => Some(nth),
        Some(_) => return Err(nothing(at, "第几次写从 1 起的整数，如 draft:1")),
    };
    if step == ATTACH {
        let mut attached = entries.iter().filter_map(|entry| match &entry.act {
            Act::Attach { file, .. } => Some(file),
            _ => None,
        });
        let file = attached.nth(nth.unwrap_or(1) - 1);
        let file = file.ok_or_else(|| nothing(at, "案卷上没有这个附件，用 yifa show 查看"))?;
        return kept(&files.join(file), at);
    }
    let mut taken = course.taken().filter(|one| one.step.id.value == step || one.step.title == step);
    let one = match nth {
        Some(nth) => taken.nth(nth - 1),
        None => taken.next_back(),
    };
    let Some(one) = one else {
        let steps: Vec<&str> = course.taken().map(|one| one.step.id.value.as_str()).collect();
        return Err(nothing(at, &format!("这个案卷走过的步骤有：{}", steps.join("、"))));
    };
    match value(one, field, at)? {
        (hash, true) => kept(&files.join(hash), at),
        (text, false) => Ok(text),
    }
}

fn kept(path: &Path, at: &str) -> Result<String> {
    if !path.is_file() {
        return Err(nothing(at, "附件不在 files 目录里，请从备份取回；用 yifa verify 查看缺了哪些"));
    }
    if std::fs::metadata(path)?.len() > text::LARGEST {
        // An attachment may be a film; what is compared is a text.
        let text = format!("“{at}”太大了（最多 {} MB）", text::LARGEST >> 20);
        return Err(refuse(611, text, "请只对照条文的文本"));
    }
    text::decode_document(&std::fs::read(path)?, at)
}

/// The hash of a file and yes, or the text itself and no.
fn value(one: &Instance<'_>, field: Option<&str>, at: &str) -> Result<(String, bool)> {
    let asked = |id: &str, title: &str| field.is_none_or(|field| field == id || field == title);
    let mut fields: Vec<_> = one
        .step
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::File | FieldType::Text))
        .filter(|field| asked(&field.id, &field.title))
        .collect();
    // Where no field is named the attached text is meant, not the remarks beside it.
    fields.sort_by_key(|field| field.kind != FieldType::File);
    for field in &fields {
        if let Some(text) = one.value(&field.id).and_then(|value| value.texts().first()) {
            return Ok((text.clone(), field.kind == FieldType::File));
        }
    }
    let why = match fields.iter().find(|field| field.personal && one.given(&field.id)) {
        Some(field) => format!("“{}”是封存的，不打开；请把两个文件另存出来，用 yifa compare 文件 文件", field.title),
        None => format!("“{}”没有附文本，用 yifa show 查看", one.step.title),
    };
    Err(nothing(at, &why))
}

fn nothing(at: &str, why: &str) -> anyhow::Error {
    refuse(616, format!("“{at}”指不到要对照的文本"), why.to_owned())
}
