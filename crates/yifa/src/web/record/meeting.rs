//! `/registers/{register}/{record}/meeting`: the meeting that decides a record, to be projected and to be printed: who is
//! there, what each said and in which order, how each voted, what came out (会议).
//!
//! Which steps make a meeting is read off the definition: several fields of one step name people who must all be among
//! those present (the votes); where the list of those present stands, people met; a repeated step with one such person is
//! a speech; a field that the votes exclude holds those who stood aside.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::{Field, FieldRef, FieldType, Register, Step, Test};
use engine::record::Instance;
use engine::record::next::Verdict;
use engine::value::Value;
use maud::{Markup, html};

use super::{Opened, Record};
use crate::query::called::Posts;
use crate::web::answer::{Answer, Turned};
use crate::web::visit::Visit;

/// The steps and fields that make a meeting.
struct Form<'r> {
    convene: &'r Step,
    present: &'r Field,
    /// The list the present ones are taken from.
    expected: Option<&'r Field>,
    /// Who speaks last.
    chief: Option<&'r Field>,
    speak: Option<(&'r Step, &'r Field)>,
    vote: &'r Step,
    votes: Vec<&'r Field>,
    /// Where those who stood aside are named.
    aside: Vec<FieldRef>,
}

fn people(field: &Field) -> bool {
    field.kind == FieldType::Person && !field.personal
}

/// Whether a field's people must be among those of another.
fn among(field: &Field, at: &FieldRef) -> bool {
    people(field) && field.same_as.iter().any(|relation| relation.of.value == *at)
}

fn form(register: &Register) -> Option<Form<'_>> {
    register.steps.iter().find_map(|vote| {
        let lists = vote.fields.iter().filter(|field| people(field) && field.many);
        let mut lists = lists.filter_map(|field| Some(&field.same_as.first()?.of.value));
        let at = lists.next().filter(|at| at.step != vote.id.value && lists.any(|other| other == *at))?;
        let convene = register.step(&at.step)?;
        let present = convene.field(&at.field).filter(|field| people(field))?;
        let expected = present.same_as.first().and_then(|relation| register.field(&relation.of));
        let spoken = |step: &&Step| step.repeat && step.id != convene.id && step.id != vote.id;
        let speak = register.steps.iter().filter(spoken).find_map(|step| {
            step.fields.iter().find(|field| !field.many && among(field, at)).map(|field| (step, field))
        });
        let votes: Vec<&Field> = vote.fields.iter().filter(|field| field.many && among(field, at)).collect();
        let mut aside: Vec<FieldRef> = Vec::new();
        for relation in votes.iter().flat_map(|field| &field.not_among) {
            let of = &relation.of.value;
            if of.step != vote.id.value && !aside.contains(of) {
                aside.push(of.clone());
            }
        }
        let chief = speak.and_then(|(step, member)| last_to_speak(register, step, member, convene));
        Some(Form { convene, present, expected, chief, speak, vote, votes, aside })
    })
}

/// The field of the convening step that a bar wants the last speaker to be.
fn last_to_speak<'r>(register: &Register, speak: &Step, member: &Field, convene: &'r Step) -> Option<&'r Field> {
    let comparisons = register.bars.iter().flat_map(|bar| &bar.unless).flat_map(|condition| condition.comparisons());
    let mut named = comparisons.filter_map(|one| match &one.test {
        Test::SameAs(other) if one.field.step == speak.id.value && one.field.field == member.id.value => Some(other),
        _ => None,
    });
    named.find(|other| other.step == convene.id.value).and_then(|other| convene.field(&other.field))
}

/// Whether people have met, or are about to: the step that convenes them comes next.
pub fn has(record: &Record<'_>) -> bool {
    form(record.opened.register).is_some_and(|form| record.course.latest(&form.convene.id).is_some())
}

/// One meeting of the record: from when it was convened until the next was.
struct Held<'r> {
    convened: &'r Instance<'r>,
    steps: Vec<&'r Instance<'r>>,
}

fn held<'r>(record: &'r Record<'r>, form: &Form<'r>) -> Vec<Held<'r>> {
    let mut held: Vec<Held<'r>> = Vec::new();
    for one in record.course.taken() {
        if one.step.id == form.convene.id {
            held.push(Held { convened: one, steps: Vec::new() });
        } else if let Some(last) = held.last_mut() {
            last.steps.push(one);
        }
    }
    held
}

fn texts<'r>(one: &'r Instance<'_>, field: &str) -> &'r [String] {
    one.value(field).map(Value::texts).unwrap_or_default()
}

/// A member as the meeting shows him.
struct Member<'r> {
    id: &'r str,
    present: bool,
    chief: bool,
    aside: bool,
    /// His turn and what he said; he may have spoken more than once.
    speeches: Vec<(usize, &'r Instance<'r>)>,
    vote: Option<&'r Field>,
}

/// `GET /registers/{register}/{record}/meeting`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let record = opened.read(visit)?;
    let form = form(opened.register).ok_or(Turned::NotFound)?;
    let held = held(&record, &form);
    let asked: Option<u64> = visit.query("entry").and_then(|entry| entry.parse().ok());
    let meeting = match visit.query("entry") {
        Some(_) => Some(held.iter().find(|one| Some(one.convened.entry) == asked).ok_or(Turned::NotFound)?),
        None => held.last(),
    };
    let main = html! {
        p.screen { a href=(record.at("")) { "返回案卷" }
            @for one in held.iter().filter(|_| held.len() > 1) {
                " · " a href=(record.at(&format!("/meeting?entry={}", one.convened.entry))) { (one.convened.day) " 的会议" }
            }
        }
        (record.head())
        @match meeting {
            Some(meeting) => (screen(&record, &form, meeting)?),
            None => p { "还没有开会。" },
        }
    };
    Ok(visit.sheet(&format!("会议 · {}", record.called()), html! { div.meeting { (main) } }))
}

fn screen(record: &Record<'_>, form: &Form<'_>, meeting: &Held<'_>) -> Result<Markup> {
    let voted = meeting.steps.iter().rev().find(|one| one.step.id == form.vote.id).copied();
    let members = members(record, form, meeting, voted);
    let ids: BTreeSet<String> = members.iter().map(|member| member.id.to_owned()).collect();
    let posts = Posts::load(record.visit.db, &ids)?;
    let present = members.iter().filter(|member| member.present).count();
    let on = goes_on(record, form, meeting);
    let turns = members.iter().flat_map(|member| &member.speeches).map(|(turn, _)| *turn).max().unwrap_or(0);
    let day = meeting.convened.day;
    Ok(html! {
        section.attendance {
            h2 { (form.convene.title) small { " " (day) } }
            p.count {
                @if let Some(expected) = form.expected { span { (expected.title) " " b { (members.len()) } } }
                span { (form.present.title) " " b { (present) } }
            }
            (others(record, form, meeting.convened))
        }
        table.members {
            thead { tr { th { "发言" } th { "成员" } th { "态度和意见" } th { "表决" } } }
            tbody {
                @for member in &members {
                    tr.absent[!member.present] {
                        td.turn {
                            @for (nth, (turn, _)) in member.speeches.iter().enumerate() { @if nth > 0 { "、" } (turn) }
                        }
                        th scope="row" {
                            (record.names.text(member.id))
                            @if member.chief { " " (last_word(member, turns, on)) }
                            @let roles = posts.on(member.id, day);
                            @if !roles.is_empty() { br; small { (roles.join("、")) } }
                        }
                        td {
                            @if !member.present { span.soft { "未到会" } }
                            @else if member.aside { span.tag.wait { "回避" } }
                            @else if member.speeches.is_empty() { span.soft { @if on { "尚未发言" } @else { "未记录发言" } } }
                            @for (_, speech) in &member.speeches { (said(record, form, speech)) }
                        }
                        td.vote {
                            @match member.vote {
                                Some(field) => strong { (field.title) },
                                None if member.aside => "回避",
                                None => "",
                            }
                        }
                    }
                }
            }
        }
        (result(record, form, voted))
        (coming(record, form, meeting))
    })
}

/// Whether speeches can still be recorded: it is the last meeting, nobody voted yet, and the record waits for them.
fn goes_on(record: &Record<'_>, form: &Form<'_>, meeting: &Held<'_>) -> bool {
    let last = record.course.latest(&form.convene.id).is_some_and(|one| one.entry == meeting.convened.entry);
    let voted = meeting.steps.iter().any(|one| one.step.id == form.vote.id);
    let waits = record.next.iter().any(|next| form.speak.is_some_and(|(speak, _)| speak.id.value == next.step));
    last && !voted && waits
}

/// What is recorded of whoever has to speak last. Once the meeting is over it is what he did, not what he has to.
fn last_word(member: &Member<'_>, turns: usize, on: bool) -> Markup {
    let turn = member.speeches.last().map(|(turn, _)| *turn);
    html! {
        @match turn {
            _ if on => span.tag { "应末位发言" },
            Some(turn) if turn == turns => span.tag.good { "末位发言" },
            Some(turn) => span.tag.bad { "第 " (turn) " 个发言，没有末位发言" },
            None => {}
        }
    }
}

/// The members in the order they spoke, then who has not yet; whoever speaks last and has not stands last.
fn members<'r>(
    record: &'r Record<'_>,
    form: &Form<'r>,
    meeting: &Held<'r>,
    voted: Option<&'r Instance<'r>>,
) -> Vec<Member<'r>> {
    let present = texts(meeting.convened, &form.present.id);
    let all = form.expected.map_or(present, |expected| texts(meeting.convened, &expected.id));
    let chief = form.chief.and_then(|field| texts(meeting.convened, &field.id).first());
    let aside = |id: &String| {
        form.aside.iter().any(|at| record.course.value(at, None).is_some_and(|value| value.texts().contains(id)))
    };
    let speeches: Vec<(&str, &Instance<'_>)> = match form.speak {
        None => Vec::new(),
        Some((step, member)) => {
            let spoken = meeting.steps.iter().filter(|one| one.step.id == step.id);
            spoken.filter_map(|one| Some((texts(one, &member.id).first()?.as_str(), *one))).collect()
        }
    };
    // Who is present without having been expected is told too: that is for the flag to say.
    let mut ids: Vec<&String> = all.iter().collect();
    ids.extend(present.iter().filter(|id| !all.contains(id)));
    let mut members: Vec<Member<'r>> = ids
        .into_iter()
        .map(|id| Member {
            id,
            present: present.contains(id),
            chief: chief == Some(id),
            aside: aside(id),
            speeches: speeches
                .iter()
                .enumerate()
                .filter(|(_, (who, _))| who == id)
                .map(|(nth, (_, one))| (nth + 1, *one))
                .collect(),
            vote: voted.and_then(|one| form.votes.iter().find(|field| texts(one, &field.id).contains(id)).copied()),
        })
        .collect();
    members.sort_by_key(|member| {
        let turn = member.speeches.last().map_or(usize::MAX, |(turn, _)| *turn);
        (!member.present, turn, member.chief)
    });
    members
}

/// What else was written of convening: how, who presided, who sat in.
fn others(record: &Record<'_>, form: &Form<'_>, one: &Instance<'_>) -> Markup {
    let told =
        |field: &&Field| field.id != form.present.id && form.expected.is_none_or(|expected| expected.id != field.id);
    html! {
        dl.fields { (record.said(one, form.convene.fields.iter().filter(told))) }
    }
}

/// A speech: what was chosen, and the words.
fn said(record: &Record<'_>, form: &Form<'_>, speech: &Instance<'_>) -> Markup {
    let member = form.speak.map(|(_, member)| &member.id);
    let told = |field: &&Field| Some(&field.id) != member && field.kind != FieldType::Day && !field.personal;
    html! {
        div.speech {
            @for field in speech.step.fields.iter().filter(told) {
                @if let Some(value) = speech.value(&field.id) {
                    @match field.kind {
                        FieldType::Choice => strong { (record.value(field, value, speech)) " " },
                        _ => (record.value(field, value, speech)),
                    }
                }
            }
        }
    }
}

/// How many voted how, and what was decided.
fn result(record: &Record<'_>, form: &Form<'_>, voted: Option<&Instance<'_>>) -> Markup {
    let Some(one) = voted else { return html! {} };
    let is_vote = |field: &Field| form.votes.iter().any(|vote| vote.id == field.id);
    let counted = form.votes.iter().map(|field| (&field.title, texts(one, &field.id).len()));
    html! {
        section.result {
            h2 { (form.vote.title) small { " " (one.day) } }
            p.count { @for (title, count) in counted { span { (title) " " b { (count) } } } }
            dl.fields { (record.said(one, form.vote.fields.iter().filter(|field| !is_vote(field)))) }
            @for flag in record.rows.flags.iter().filter(|flag| flag.entry == one.entry) {
                div.flag { strong { "标记 · " (flag.kind.chinese()) } " " (flag.says) div.basis { (record.law(&flag.basis, flag.day)) } }
            }
        }
    }
}

/// What can be recorded now: only while the meeting is the last one, and the record stands where it can go on.
fn coming(record: &Record<'_>, form: &Form<'_>, meeting: &Held<'_>) -> Markup {
    let last = record.course.latest(&form.convene.id).is_some_and(|one| one.entry == meeting.convened.entry);
    let of_meeting =
        |step: &str| step == form.vote.id.value || form.speak.is_some_and(|(speak, _)| step == speak.id.value);
    let next: Vec<_> = record.next.iter().filter(|next| last && of_meeting(&next.step)).collect();
    html! {
        @for next in &next {
            @if next.verdict == Verdict::Barred {
                p.flag.screen { strong { "现在不得“" (next.title) "”：" } (next.why.join("、")) }
            } @else if record.opened.register.step(&next.step).is_some_and(|step| record.may_take(step)) {
                a.button.screen href=(record.at(&format!("/steps/{}", next.step))) { "记“" (next.title) "”" } " "
            }
        }
    }
}
