//! Sealed values of a step that is being corrected (显示封存的内容): shown for a reason that is on disk before.
//!
//! That they were shown is known from the line in the access log and from nothing a browser says: the form carries the
//! line's id, and the line says whose look it was, at what, and when. What was shown and came back as it was is not kept in
//! the draft, so that taking a draft up again shows nothing without another line.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::Step;
use engine::form;
use engine::problem::Problem;
use engine::record::{Instance, Rules, walk};
use engine::value::{Fields, Value};

use super::super::answer::Turned;
use super::super::reason::Reason;
use super::super::visit::{Visit, first};
use super::place::{Place, What};
use super::sheet::{Sheet, put};
use super::typed::Typed;
use crate::accounts::access::Kind;
use crate::accounts::session::LONGEST;
use crate::acts::{self, Wrong};
use crate::ambient::{Ambient, System};
use crate::query::names::Records;
use crate::storage::log::{entries_of, sealed_of};

/// The hidden control that names the line of the access log.
pub const LINE: &str = "unmasked";

/// What was shown to whoever fills in a correction.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// The line of the access log that says so.
    pub line: String,
    /// The fields.
    pub fields: BTreeSet<String>,
    /// Those of them that came back as they were.
    pub unchanged: BTreeSet<String>,
}

/// How a line of the access log says which step was looked at.
fn looked_at(target: &Instance<'_>) -> String {
    format!("“{}”（第 {} 条）：", target.step.title, target.entry)
}

/// The sealed fields of a step that hold something now: their ids, and what they are called.
fn sealed_fields<'i>(target: &'i Instance<'_>) -> impl Iterator<Item = (&'i str, &'i str)> {
    let holds = |id: &str| target.sizes.get(id).is_some_and(|size| *size > 0);
    let fields = target.step.fields.iter().map(|field| (field.id.value.as_str(), field.title.as_str()));
    fields.filter(move |(id, _)| holds(id))
}

/// Shows them, and writes down who looked and why; or what is in the way.
pub fn show(sheet: &mut Sheet<'_, '_>) -> Result<Wrong> {
    let (visit, subject) = (sheet.visit, sheet.subject);
    let Some(target) = subject.target(sheet.course) else { return Err(Turned::NotFound.into()) };
    let missing = Problem::new(835, "没有写明更正理由", "先写明为什么更正，再显示封存的内容");
    let reason = match Reason::of(sheet.typed.own("reason"), missing) {
        Ok(reason) => reason,
        Err(problem) => return Ok(vec![("reason".to_owned(), problem)]),
    };
    let touched = subject.seen.as_ref().map(|seen| seen.villages.as_slice()).unwrap_or_default();
    if !visit.who.may_unmask(subject.register, target.step, touched) {
        return Err(Turned::Forbidden.into());
    }
    let fields: BTreeSet<String> = sealed_fields(target).map(|(id, _)| id.to_owned()).collect();
    let titles: Vec<&str> = sealed_fields(target).map(|(_, title)| title).collect();
    let what = format!("{}{}", looked_at(target), titles.join("、"));
    // On disk before the page is made.
    let line = reason.write_down(visit, Kind::Read, subject.record(), &what)?;
    let sealed = sealed_of(visit.db, &subject.entries, &target.id)?;
    let untouched = |id: &str| target.step.field(id).is_some_and(|field| !sheet.typed.has(field));
    let untouched: Fields = sealed.into_iter().filter(|(id, _)| fields.contains(id) && untouched(id)).collect();
    put(&mut sheet.typed, target.step, &untouched);
    sheet.typed.shown = Shown { line, fields, unchanged: BTreeSet::new() };
    Ok(Wrong::new())
}

/// What the page that was sent had shown, as far as the access log knows of it: a look of the same account at the same
/// step, no longer ago than a session lasts.
pub fn believed(visit: &Visit<'_>, account: &str, place: &Place, typed: &Typed) -> Result<Shown> {
    let nothing = Shown::default();
    let (What::Correct(of), Some(claimed)) = (&place.what, first(&visit.asked.form, LINE)) else { return Ok(nothing) };
    let since = System.now() - LONGEST;
    let line = visit.site.accounts.access(claimed)?;
    let line = line.filter(|line| Kind::Read.is(&line.kind) && line.account == account && line.at > since);
    let Some(line) = line.filter(|line| line.record == place.record) else { return Ok(nothing) };
    let entries = entries_of(visit.db, &place.record)?.0;
    let Some(opened) = entries.first().filter(|first| first.act.register() == Some(&place.register)) else {
        return Ok(nothing);
    };
    let sets = visit.sets;
    let (register, adopted) = (sets.opened_under(opened.index, &place.register)?, sets.current()?);
    let rules = Rules { register, figures: adopted.figures(&place.register), calendar: &adopted.set.calendar };
    let (course, _) = walk(rules, &entries);
    let Some(target) = acts::target(&course, of) else { return Ok(nothing) };
    let Some(titles) = line.what.strip_prefix(&looked_at(target)) else { return Ok(nothing) };
    let titles: BTreeSet<&str> = titles.split('、').collect();
    let fields: BTreeSet<String> =
        sealed_fields(target).filter(|(_, title)| titles.contains(title)).map(|(id, _)| id.to_owned()).collect();
    let sealed = sealed_of(visit.db, &entries, &target.id)?;
    let came = read(visit, target.step, typed);
    let unchanged = fields.iter().filter(|id| same(came.get(*id), sealed.get(*id))).cloned().collect();
    Ok(Shown { line: line.id, fields, unchanged })
}

/// The sealed values as they came. Whoever sent them is told nothing of it, so that it is not asked what he may see.
fn read(visit: &Visit<'_>, step: &Step, typed: &Typed) -> Fields {
    let records = Records { db: visit.db, set: visit.set(), files: visit.site.folder.files(), dry_run: false };
    form::values(step, &typed.given(step), &records).0.sealed
}

/// Whether two values say the same; a browser sends the ends of lines otherwise than they may have been written.
pub fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Text(one)), Some(Value::Text(other))) => one.replace("\r\n", "\n") == other.replace("\r\n", "\n"),
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// The sealed values of a step that is corrected, of the fields that were shown.
pub fn seen(sheet: &Sheet<'_, '_>, target: &Instance<'_>) -> Fields {
    let shown = &sheet.typed.shown.fields;
    if shown.is_empty() {
        return Fields::new();
    }
    let sealed = sealed_of(sheet.visit.db, &sheet.subject.entries, &target.id).unwrap_or_default();
    sealed.into_iter().filter(|(id, _)| shown.contains(id)).collect()
}
