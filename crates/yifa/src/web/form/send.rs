//! `POST` of every form: from what was typed to an entry, or back to the form with all that is in the way (提交).

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use anyhow::{Context, Result};
use engine::act::{Act, Taken};
use engine::definition::{Field, FieldType, Step};
use engine::form::{self, Found, Input, Lookup};
use engine::problem::Problem;
use engine::record::Instance;
use engine::value::{Fields, Value};
use journal::id::Id;
use sha2::{Digest, Sha256};

use super::super::answer::{Answer, Turned, percent};
use super::super::questions;
use super::super::visit::Visit;
use super::drafts::{self, Entered, Kept};
use super::files;
use super::lookup::Own;
use super::place::{Place, What};
use super::sheet::Sheet;
use super::subject::Subject;
use super::unmasked;
use crate::acts::{self, Made, Wrong};
use crate::append::{Draft, NEW, ahead};
use crate::policy::Scope;
use crate::refused;
use crate::storage::log::{entries_of, sealed_between, sealed_of};

/// The controls a form has of its own, besides its fields.
const OWN: [&str; 7] = ["reason", "already", "register", "to", "text", "of", "k.file"];

/// Records what was typed, or does what else the button says. What was recorded is on disk in the journal, and its draft
/// gone; whatever else came of it, the draft is on disk before anything is answered.
pub fn send(visit: &Visit<'_>) -> Result<Answer> {
    let signed = visit.signed.ok_or(Turned::NotFound)?;
    let place = Place::of(visit)?;
    let mut kept = Kept::look(visit, &signed.account.id, &signed.account.person, &place)?;
    let answer = catch_unwind(AssertUnwindSafe(|| pressed(visit, &place, &mut kept)));
    kept.settle()?;
    answer.unwrap_or_else(|panic| resume_unwind(panic))
}

fn pressed(visit: &Visit<'_>, place: &Place, kept: &mut Kept<'_>) -> Result<Answer> {
    let subject = Subject::open(visit, place.clone())?;
    let course = subject.course(visit)?;
    let asked = visit.typed("act").unwrap_or("record");
    let mut became = None;
    if visit.asked.piece
        && let Some(late) = drafts::late(visit, kept)
    {
        return Ok(late);
    }
    if let Some(entered) = kept.entered.take() {
        let sheet = Sheet::new(visit, &subject, &course, kept.typed.clone());
        if is_same(&sheet, &entered)? {
            return Ok(seen(&place.register, &entered.record, entered.index));
        }
        became = Some(entered.index);
        kept.part()?;
    }
    let sends = !matches!(asked, "save" | "update" | "unmask");
    let tried = match sends && kept.is_plain() {
        true => record(&Sheet::new(visit, &subject, &course, kept.typed.clone()))?,
        false => Tried::Wrong(std::mem::take(&mut kept.wrong)),
    };
    let wrong = match tried {
        Tried::Done(answer) => {
            kept.recorded()?;
            return Ok(answer);
        }
        Tried::Newer => None,
        Tried::Wrong(wrong) => Some(wrong),
    };
    kept.save()?;
    let said = match (kept.apart, kept.foreign) {
        (true, _) => Some(drafts::apart(became)),
        (false, true) => Some(drafts::foreign()),
        (false, false) => None,
    };
    let mut sheet = Sheet::new(visit, &subject, &course, kept.typed.clone());
    let status = |wrong: &Wrong| if wrong.is_empty() { 200 } else { 422 };
    match (asked, wrong) {
        ("save", Some(wrong)) if wrong.is_empty() && !visit.asked.piece => {
            let said = if kept.apart { "apart" } else { "saved" };
            let draft = percent(&sheet.typed.draft);
            Ok(Answer::see(format!("{}?draft={draft}&said={said}", place.address())))
        }
        ("update" | "save", Some(wrong)) => sheet.page(status(&wrong), said, &sheet.placed(wrong)),
        ("unmask", _) => {
            let wrong = unmasked::show(&mut sheet)?;
            Sheet::new(visit, &subject, &course, sheet.typed).page(status(&wrong), said, &wrong)
        }
        _ if kept.apart || kept.foreign => sheet.page(409, said, &[]),
        (_, Some(wrong)) => sheet.page(422, None, &sheet.placed(wrong)),
        (_, None) => {
            // Somebody was quicker: what he recorded is read and shown.
            let subject = Subject::open(visit, place.clone())?;
            let course = subject.course(visit)?;
            Sheet::new(visit, &subject, &course, sheet.typed).page(409, None, &[])
        }
    }
}

fn seen(register: &str, record: &str, index: u64) -> Answer {
    Answer::see(format!("/registers/{register}/{record}?done={index}"))
}

/// What became of an attempt to record something.
enum Tried {
    /// It is on disk.
    Done(Answer),
    /// Something newer has been recorded since he looked.
    Newer,
    /// This is in the way.
    Wrong(Wrong),
}

/// Records it, or tells what is in the way.
fn record(sheet: &Sheet<'_, '_>) -> Result<Tried> {
    let (visit, subject) = (sheet.visit, sheet.subject);
    if sheet.newer().next().is_some() {
        return Ok(Tried::Newer);
    }
    let made = match made(sheet) {
        Ok(made) => made,
        Err(wrong) => return Ok(Tried::Wrong(wrong)),
    };
    let unasked = unasked(sheet, &made)?;
    if !unasked.is_empty() {
        return Ok(Tried::Wrong(unasked));
    }
    let hashes: BTreeSet<&str> = made.iter().flat_map(|(act, sealed)| hashes(sheet, act, sealed)).collect();
    files::store(visit, &sheet.typed.draft, &hashes.into_iter().collect::<Vec<_>>())?;
    let actor = Id::parse(visit.who.person.as_bytes())?;
    let mut drafts = Vec::new();
    for (nth, (act, sealed)) in made.into_iter().enumerate() {
        let id = Some(nth_id(&sheet.typed.draft, nth)?);
        // Of several entries only the first stands on what was seen; the others stand on it.
        let based_on = if nth == 0 { sheet.typed.based_on } else { None };
        drafts.push(Draft { id, actor, act, sealed, based_on });
    }
    match visit.append(drafts) {
        Ok(receipts) => {
            let receipt = receipts.first().context("a receipt for each draft")?;
            Ok(Tried::Done(seen(&subject.place.register, &receipt.record, receipt.index)))
        }
        Err(error) => {
            let Some(problems) = refused::problems(&error) else { return Err(error) };
            if problems.iter().any(|problem| problem.code.0 == 212) {
                return Ok(Tried::Newer);
            }
            Ok(Tried::Wrong(problems.into_iter().map(|problem| (String::new(), problem)).collect()))
        }
    }
}

/// The ids of the entries of one draft: its own, and others that follow from it, so that sent twice they are the same.
fn nth_id(draft: &str, nth: usize) -> Result<Id> {
    let first = Id::parse(draft.as_bytes())?;
    if nth == 0 {
        return Ok(first);
    }
    let digest = Sha256::digest(format!("{draft} {nth}").as_bytes());
    let random: [u8; 16] = digest[..16].try_into().context("sixteen bytes of thirty-two")?;
    Ok(Id::new(first.millis(), u128::from_be_bytes(random)))
}

/// What explains something nobody is asked, or not him: an explanation would silence the question for those who are.
fn unasked(sheet: &Sheet<'_, '_>, made: &[Made]) -> Result<Wrong> {
    let mut wrong = Wrong::new();
    for (act, _) in made {
        let fields = match act {
            Act::Step(taken) => &taken.fields,
            Act::Correct { fields, .. } => fields,
            _ => continue,
        };
        let findings = sheet.step.into_iter().flat_map(|step| &step.fields);
        for field in findings.filter(|field| field.kind == FieldType::Finding) {
            for key in fields.get(&field.id.value).into_iter().flat_map(Value::texts) {
                if !questions::is_asked(sheet.visit, key)? {
                    let text = format!("“{}”不是现在请您核实的事", field.title);
                    let problem = Problem::new(204, text, "请从“请核实”页上那一项的“作出说明”打开这张表");
                    wrong.push((field.id.value.clone(), problem));
                }
            }
        }
    }
    Ok(wrong)
}

/// The files an act names.
fn hashes<'a>(sheet: &Sheet<'_, '_>, act: &'a Act, sealed: &'a Fields) -> Vec<&'a str> {
    let fields = match act {
        Act::Step(taken) => &taken.fields,
        Act::Correct { fields, .. } => fields,
        Act::Attach { file, .. } => return vec![file],
        _ => return Vec::new(),
    };
    let files = sheet.step.into_iter().flat_map(|step| &step.fields).filter(|field| field.kind == FieldType::File);
    let values = files.filter_map(|field| fields.get(&field.id.value).or(sealed.get(&field.id.value)));
    values.flat_map(Value::texts).map(String::as_str).collect()
}

/// What was typed as acts, or all that is wrong with it.
fn made(sheet: &Sheet<'_, '_>) -> Result<Vec<Made>, Wrong> {
    let mut wrong = Wrong::new();
    for name in sheet.typed.strange(sheet.step, &OWN) {
        let problem = Problem::new(830, format!("表单里有这一页没有的栏目“{name}”"), "请重新打开这一页，核对后再提交");
        wrong.push((String::new(), problem));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let subject = sheet.subject;
    let (register, record) = (subject.register.id.value.clone(), subject.record().to_owned());
    let mut need = |name: &str, title: &str| {
        let found = sheet.typed.own(name).map(str::to_owned);
        found.unwrap_or_else(|| {
            wrong.push((name.to_owned(), Problem::new(202, format!("“{title}”没有填"), "请写清楚")));
            String::new()
        })
    };
    let one = match &subject.place.what {
        What::Open(_) | What::Step(_) => return step(sheet).map(|made| vec![made]),
        What::Correct(_) => {
            let reason = need("reason", "更正理由");
            return correction(sheet, &reason, wrong).map(|made| vec![made]);
        }
        What::Void(_) => {
            let of = subject.target(sheet.course).map(|target| target.id.to_string());
            Act::Void { register, record, of, reason: need("reason", "作废理由") }
        }
        What::Answer(question) => {
            Act::Answer { register, record, question: question.clone(), text: need("text", "答复") }
        }
        What::Link => {
            let (other, name) = (need("register", "关联的登记簿"), need("to", "关联的案卷"));
            let reason = need("reason", "关联的缘由");
            match sheet.own().find(&other, &name) {
                _ if name.is_empty() => Act::Link { register, record, to: String::new(), reason },
                Found::One(to) => Act::Link { register, record, to, reason },
                _ => {
                    let problem = Problem::new(230, format!("找不到案卷“{name}”"), "请写它的编号，或者完整的名称");
                    return Err(vec![("to".to_owned(), problem)]);
                }
            }
        }
        What::Attach => return attachments(sheet, register, record),
    };
    if wrong.is_empty() { Ok(vec![(one, Fields::new())]) } else { Err(wrong) }
}

fn attachments(sheet: &Sheet<'_, '_>, register: String, record: String) -> Result<Vec<Made>, Wrong> {
    let named = |hash: &str| sheet.typed.pairs.iter().any(|(name, value)| name == "k.file" && value == hash);
    let files = sheet.typed.files.iter().filter(|file| named(&file.hash));
    let of = match sheet.typed.own("of") {
        None => None,
        Some(of) => match acts::target(sheet.course, of) {
            Some(target) => Some(target.id.to_string()),
            None => {
                let problem = Problem::new(214, format!("案卷中没有步骤“{of}”"), "请在列出的步骤里选一个");
                return Err(vec![("of".to_owned(), problem)]);
            }
        },
    };
    let acts: Vec<Made> = files
        .map(|file| {
            let (file, name, bytes) = (file.hash.clone(), file.name.clone(), file.bytes);
            let (register, record, of) = (register.clone(), record.clone(), of.clone());
            (Act::Attach { register, record, file, name, bytes, of }, Fields::new())
        })
        .collect();
    match acts.is_empty() {
        true => Err(vec![("file".to_owned(), Problem::new(202, "“文件”没有选", "请选择要补充的文件"))]),
        false => Ok(acts),
    }
}

fn step(sheet: &Sheet<'_, '_>) -> Result<Made, Wrong> {
    let (subject, visit) = (sheet.subject, sheet.visit);
    let Some(step) = sheet.step else { return Err(Wrong::new()) };
    let already = sheet.typed.own("already");
    let outside = |text: &str, remedy: &str| Err(vec![("already".to_owned(), Problem::new(833, text, remedy))]);
    match already {
        Some(_) if !subject.outside => {
            return outside("系统外已发生的，不由您补记", "请把情况报告领导，由领导写明理由补记");
        }
        // Whoever has this form without taking the step is one who may enter it as done outside.
        None if !subject.takes => {
            return outside("没有写明为什么在系统外办", "请写明理由再记入；这一步不由您在系统里办，只补记已经办了的");
        }
        _ => {}
    }
    let record = if subject.seen.is_some() { subject.record() } else { NEW };
    let given = sheet.typed.given(step);
    // A day in the future stands beside whatever else is wrong, and beside its field.
    let mut wrong = Wrong::new();
    if let Some(field) = step.day_field() {
        let texts = given.get(&field.id.value).map(Input::texts).unwrap_or_default();
        let day = texts.first().and_then(|text| form::parse::day(text));
        let problem = day.and_then(|day| ahead(step, day, visit.today));
        wrong.extend(problem.map(|problem| (field.id.value.clone(), problem)));
    }
    let made = acts::step(subject.register, step, record, &given, already, sheet.course, &sheet.own());
    let made = match made {
        Ok(made) if wrong.is_empty() => made,
        Ok(_) => return Err(wrong),
        Err(others) => return Err(wrong.into_iter().chain(others).collect()),
    };
    if subject.seen.is_none()
        && let (Act::Step(taken), _) = &made
        && already.is_none()
        && let Scope::Villages(own) = visit.who.takes_in(subject.register, step)
    {
        let (field, villages) = villages(step, taken);
        if villages.is_empty() || !villages.iter().all(|village| own.contains(village)) {
            let title = field.map_or("涉及的村", |field| &field.title);
            let problem = Problem::new(
                831,
                format!("“{title}”要写明您负责的村，也只能是您负责的村"),
                "涉及别的村的，请乡镇的经办人员登记",
            );
            return Err(vec![(field.map_or_else(String::new, |field| field.id.value.clone()), problem)]);
        }
    }
    Ok(made)
}

/// The villages a record would touch, and by which field.
fn villages<'s>(step: &'s Step, taken: &'s Taken) -> (Option<&'s Field>, &'s [String]) {
    let field = step.fields.iter().find(|field| matches!(field.kind, FieldType::Village | FieldType::Villages));
    let value = field.and_then(|field| taken.fields.get(&field.id.value));
    (field, value.map(Value::texts).unwrap_or_default())
}

/// Only what was changed goes in; what was emptied is cleared.
fn correction(sheet: &Sheet<'_, '_>, reason: &str, mut wrong: Wrong) -> Result<Made, Wrong> {
    let Some(target) = sheet.subject.target(sheet.course) else { return Err(wrong) };
    let (step, own) = (target.step, sheet.own());
    let sealed = unmasked::seen(sheet, target);
    let mut given = sheet.typed.given(step);
    let (filled, _) = form::values(step, &given, &own);
    let mut cleared = Vec::new();
    for field in step.typed().filter(|field| field.copy.is_none()) {
        let id = &field.id.value;
        let before = target.fields.get(id).or(sealed.get(id));
        let now = filled.fields.get(id).or(filled.sealed.get(id));
        if unmasked::same(now, before) {
            given.remove(id);
        } else if before.is_some() && !sheet.typed.has(field) && sheet.typed.was_asked(field) {
            given.remove(id);
            if !field.optional && field.required_if.is_empty() && field.number.is_none() {
                wrong.push((id.clone(), Problem::new(202, format!("“{}”不能清空", field.title), form::how_to(field))));
            }
            cleared.push(id.clone());
        }
    }
    // What a field left empty never had is no change.
    given.retain(|id, input: &mut Input| {
        step.field(id).is_none() || input.texts().iter().any(|text| !text.trim().is_empty())
    });
    let made = acts::correction(sheet.subject.register, target, sheet.subject.record(), &given, cleared, reason, &own);
    match made {
        Err(found) => wrong.extend(found),
        Ok(made) => {
            wrong.extend(moved(sheet, target, &made));
            if wrong.is_empty() {
                return Ok(made);
            }
        }
    }
    Err(wrong)
}

/// A correction does not carry a record into a village that is not his.
fn moved(sheet: &Sheet<'_, '_>, target: &Instance<'_>, (act, _): &Made) -> Option<(String, Problem)> {
    let Scope::Villages(own) = sheet.visit.who.takes_in(sheet.subject.register, target.step) else { return None };
    let (Act::Correct { fields, cleared, .. }, true) = (act, target.step.opens()) else { return None };
    let field = target.step.fields.iter().find(|one| matches!(one.kind, FieldType::Village | FieldType::Villages))?;
    let before = target.value(&field.id).map(Value::texts).unwrap_or_default();
    let now = match fields.get(&field.id.value) {
        Some(value) => value.texts(),
        None if cleared.contains(&field.id.value) => &[],
        None => return None,
    };
    let added = now.iter().all(|village| own.contains(village) || before.contains(village));
    let stays = now.iter().any(|village| own.contains(village));
    (!added || !stays).then(|| {
        let text = format!("“{}”不能改到您不负责的村", field.title);
        (field.id.value.clone(), Problem::new(831, text, "涉及别的村的，请乡镇的经办人员更正"))
    })
}

/// Whether what was typed is what the entry of its id says: then it was only sent twice.
fn is_same(sheet: &Sheet<'_, '_>, entered: &Entered) -> Result<bool> {
    let (db, entries) = (sheet.visit.db, entries_of(sheet.visit.db, &entered.record)?.0);
    let Some(entry) = entries.iter().find(|entry| entry.index == entered.index) else { return Ok(false) };
    let own = |name: &str, said: &str| sheet.typed.own(name) == Some(said.trim());
    let (fields, sealed) = match &entry.act {
        Act::Step(taken) => {
            let sealed = sealed_between(db, entered.index, entered.index + 1)?.remove(&entered.index);
            (&taken.fields, sealed.unwrap_or_default())
        }
        // The step stands as corrected by now.
        Act::Correct { of, reason, .. } if own("reason", reason) => match sheet.subject.target(sheet.course) {
            Some(target) if target.id == *of => (&*target.fields, sealed_of(db, &entries, of)?),
            _ => return Ok(false),
        },
        Act::Void { reason, .. } => return Ok(own("reason", reason)),
        Act::Link { reason, .. } => return Ok(own("reason", reason)),
        Act::Answer { text, .. } => return Ok(own("text", text)),
        Act::Attach { .. } => {
            let there =
                |hash: &str| entries.iter().any(|one| matches!(&one.act, Act::Attach { file, .. } if file == hash));
            return Ok(sheet.typed.files.iter().all(|file| there(&file.hash)));
        }
        _ => return Ok(false),
    };
    let Some(step) = sheet.step else { return Ok(false) };
    // Its files were stored for good, and are no longer kept with the draft.
    let files = fields.values().chain(sealed.values()).flat_map(Value::texts).cloned().collect();
    let own = Own::new(sheet.visit, &sheet.typed.draft, files);
    let (filled, wrong) = form::values(step, &sheet.typed.given(step), &own);
    // What the system numbered, worked out or brought along was typed by nobody.
    let typed = |id: &String| {
        step.field(id).is_some_and(|field| field.is_typed() && field.number.is_none() && field.copy.is_none())
    };
    let public = |all: &Fields| -> Fields {
        all.iter().filter(|(id, _)| typed(id)).map(|(id, value)| (id.clone(), value.clone())).collect()
    };
    // Of a correction only what was shown of the sealed values was sent again.
    let hidden = matches!(entry.act, Act::Correct { .. });
    let same =
        sealed == filled.sealed || hidden && filled.sealed.iter().all(|(id, value)| sealed.get(id) == Some(value));
    Ok(wrong.is_empty() && public(&filled.fields) == public(fields) && same)
}
