//! Holding catalogues against the laws they rest on and the registers and figures they name.

use std::collections::BTreeSet;

use crate::day::Day;
use crate::definition::catalogue::{Catalogue, Item, MetBy};
use crate::definition::field::FieldType;
use crate::definition::figure::{Counts, Figure, Over};
use crate::definition::register::Register;
use crate::form::parse::SEPARATORS;
use crate::law::Laws;
use crate::problem::Problem;
use crate::read::At;

use super::{Notes, all_fields, resolve};

pub(in crate::definition) fn check(
    catalogues: &[Catalogue],
    registers: &[Register],
    figures: &[Figure],
    laws: &Laws,
    notes: &mut Notes<'_>,
) {
    let register_ids: Vec<&str> = registers.iter().map(|register| register.id.value.as_str()).collect();
    let figure_ids: Vec<&str> = figures.iter().map(|figure| figure.id.as_str()).collect();
    let ids: Vec<&str> = catalogues.iter().map(|catalogue| catalogue.id.as_str()).collect();
    for figure in figures {
        let Counts::Ratio { over: Over::Items(at), .. } = &figure.counts else { continue };
        if !at.value.is_empty() && !ids.contains(&at.value.as_str()) && !notes.lost.catalogue(at) {
            notes.unknown(&figure.file, "目录", at, &ids);
        }
    }
    let mut seen = BTreeSet::new();
    for catalogue in catalogues {
        let file = &catalogue.file;
        if !seen.insert(&catalogue.id) {
            let text = format!("目录“{}”重名", catalogue.id);
            notes.note(7, file, &(0..0), text, "请改用别的文件名");
        }
        let (from, until) = extent(catalogue);
        resolve(&catalogue.basis, file, from, until, laws, notes);
        if let Some(notice) = &catalogue.notice {
            resolve(&notice.basis, file, from, until, laws, notes);
        }
        for item in &catalogue.items {
            resolve(&item.basis, file, item.from, item.until, laws, notes);
            for register in item.registers.iter().filter(|id| !register_ids.contains(&id.value.as_str())) {
                if !notes.lost.register(register) {
                    notes.unknown(file, "登记簿", register, &register_ids);
                }
            }
            for figure in item.figures.iter().filter(|id| !figure_ids.contains(&id.value.as_str())) {
                if !notes.lost.figure(figure) {
                    notes.unknown(file, "数字", figure, &figure_ids);
                }
            }
        }
        names(catalogue, registers, notes);
        for at in &catalogue.met_by {
            met_by(catalogue, at, registers, &register_ids, notes);
        }
    }
}

/// The days on which some item of a catalogue is in force.
fn extent(catalogue: &Catalogue) -> (Option<Day>, Option<Day>) {
    let all = |bound: fn(&Item) -> Option<Day>| catalogue.items.iter().map(bound).collect::<Option<Vec<Day>>>();
    let from = all(|item| item.from).and_then(|days| days.into_iter().min());
    (from, all(|item| item.until).and_then(|days| days.into_iter().max()))
}

/// What was typed must tell which item is meant.
fn names(catalogue: &Catalogue, registers: &[Register], notes: &mut Notes<'_>) {
    let file = &catalogue.file;
    let (mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new());
    for item in catalogue.items.iter().filter(|item| !item.id.value.is_empty()) {
        if !ids.insert(&item.id.value) {
            notes.note(7, file, &item.id.span, format!("条目“{}”重名", item.id.value), "请改用别的编号");
        } else if !titles.insert(&item.title) && !item.title.is_empty() {
            let text = format!("两个条目都叫“{}”", item.title);
            notes.note(7, file, &item.id.span, text, "填表时分不清是哪一条，请改用别的名称");
        }
    }
    let fields = registers.iter().flat_map(|register| &register.steps).flat_map(|step| &step.fields);
    let several = |field: &crate::definition::Field| {
        field.kind == FieldType::Choices && field.catalogue.as_ref().is_some_and(|at| at.value == catalogue.id)
    };
    if !fields.into_iter().any(several) {
        return;
    }
    // Unlike the choices of a field, items are worded by the law and may hold such signs: in one cell the longest name
    // that fits is taken. Only where one begins as another ends is it not known which was meant.
    for item in &catalogue.items {
        let begins = |other: &&Item| {
            let rest = item.title.strip_prefix(other.title.as_str()).unwrap_or_default().trim_start();
            !other.title.is_empty() && rest.starts_with(SEPARATORS)
        };
        if let Some(other) = catalogue.items.iter().find(begins) {
            let text = format!("“{}”的开头就是另一个条目“{}”", item.title, other.title);
            let remedy = "几个条目填在一格里用顿号等隔开：请改动其中一个的名称，使一个不是另一个的开头";
            notes.objections.push(Problem::new(19, text, remedy).at(file, item.id.span.clone()));
        }
    }
}

fn met_by(catalogue: &Catalogue, at: &At<MetBy>, registers: &[Register], ids: &[&str], notes: &mut Notes<'_>) {
    let file = &catalogue.file;
    let Some(register) = registers.iter().find(|register| register.id.value == at.register) else {
        if !notes.lost.register(&at.register) {
            notes.unknown(file, "登记簿", &At { value: at.register.clone(), span: at.span.clone() }, ids);
        }
        return;
    };
    let Some(field) = register.field(&at.field) else {
        if !notes.lost.field(register, &at.field.step) {
            let name = At { value: at.field.to_string(), span: at.span.clone() };
            notes.unknown(file, &format!("登记簿“{}”的字段", register.title), &name, &all_fields(register));
        }
        return;
    };
    let chooses = field.catalogue.as_ref().is_some_and(|name| name.value == catalogue.id);
    if !chooses && !notes.lost.inside(register, field) && !notes.lost.touches(file) {
        let text = format!("登记簿“{}”的“{}”不从这个目录选择", register.title, field.title);
        let remedy = format!("请给这个字段写 catalogue = \"{}\"，或者改写别的字段", catalogue.id);
        notes.note(10, file, &at.span, text, remedy);
    }
}
