//! Values as a page shows them: references as links, files with size and type, corrected ones beside what they were (字段).

use engine::act::{Act, Entry};
use engine::definition::{Field, FieldType};
use engine::record::{Course, Instance};
use engine::value::{Fields, Value};
use maud::{Markup, html};

use super::Record;
use super::files::File;
use super::names::id_in;
use crate::web::answer::percent;

/// What stood in a field, and since which correction something else does.
struct Was {
    value: Option<Value>,
    /// Sealed values that are there now, of a personal field.
    size: u64,
    /// Which correction of the step, from 1.
    until: usize,
}

/// A correction of a step.
pub struct Correction<'e> {
    /// Its entry.
    pub entry: &'e Entry,
    /// Why.
    pub reason: &'e str,
    fields: &'e Fields,
    sizes: &'e engine::value::Sizes,
    cleared: &'e [String],
}

/// The corrections of a step, in order.
pub fn corrections<'e>(entries: &'e [Entry], step: &str) -> Vec<Correction<'e>> {
    let of_step = |entry: &'e Entry| match &entry.act {
        Act::Correct { of, reason, fields, sizes, cleared, .. } if of == step => {
            Some(Correction { entry, reason, fields, sizes, cleared })
        }
        _ => None,
    };
    entries.iter().filter_map(of_step).collect()
}

/// What a field held before each correction that touched it.
fn history(field: &Field, entry: &Entry, corrections: &[Correction<'_>]) -> Vec<Was> {
    let Act::Step(taken) = &entry.act else { return Vec::new() };
    let id = field.id.value.as_str();
    let mut value = taken.fields.get(id).cloned();
    let mut size = taken.sizes.get(id).copied().unwrap_or(0);
    let mut was = Vec::new();
    for (nth, correction) in corrections.iter().enumerate() {
        let (given, counted) = (correction.fields.get(id), correction.sizes.get(id).copied());
        if given.is_none() && counted.is_none() && !correction.cleared.iter().any(|cleared| cleared == id) {
            continue;
        }
        was.push(Was { value, size, until: nth + 1 });
        (value, size) = (given.cloned(), counted.unwrap_or(0));
    }
    was
}

impl Record<'_> {
    /// The fields of a step as they stand, each with what it was before.
    pub fn fields(&self, entry: &Entry, one: &Instance<'_>, corrections: &[Correction<'_>]) -> Markup {
        html! {
            dl.fields {
                @for field in &one.step.fields {
                    @let was = history(field, entry, corrections);
                    @let (value, size) = (one.value(&field.id), one.sizes.get(&field.id.value).copied().unwrap_or(0));
                    @if value.is_some() || size > 0 || !was.is_empty() {
                        div.wide[!was.is_empty() || value.is_some_and(|value| is_wide(field, value))] { dt { (field.title) }
                        dd {
                            @for was in &was {
                                del {
                                    @match &was.value {
                                        Some(value) => (self.value(field, value, one)),
                                        None if was.size > 0 => (masked(was.size)),
                                        None => "（没有填）",
                                    }
                                }
                                sup.which title="更正" { (was.until) } " "
                            }
                            @match value {
                                Some(value) if was.is_empty() => (self.value(field, value, one)),
                                Some(value) => ins { (self.value(field, value, one)) },
                                None if size > 0 => (masked(size)),
                                None => ins { "（清空）" },
                            }
                            @if let Some(value) = value { (self.led_to(one, field, value)) }
                        } }
                    }
                }
            }
        }
    }

    /// The fields of a step that say something in the open, as they stand.
    pub fn said<'f>(&self, one: &Instance<'_>, fields: impl Iterator<Item = &'f Field>) -> Markup {
        html! {
            @for field in fields {
                @if let Some(value) = one.value(&field.id) {
                    div.wide[is_wide(field, value)] { dt { (field.title) } dd { (self.value(field, value, one)) } }
                }
            }
        }
    }

    /// One value.
    pub fn value(&self, field: &Field, value: &Value, one: &Instance<'_>) -> Markup {
        match (&field.kind, value) {
            (FieldType::File, value) => html! {
                @for (nth, hash) in value.texts().iter().enumerate() {
                    @if nth > 0 { br; }
                    (self.file(hash, &format!("{}-{}", one.step.title, field.title)))
                }
            },
            (FieldType::Entry(step), Value::Int(nth)) => self.instance(step, *nth),
            (kind, value) if kind.register().is_some() => {
                let ids: Vec<String> = value.texts().iter().map(|text| id_in(text).to_owned()).collect();
                self.names.several(&ids)
            }
            (FieldType::Finding, Value::Text(key)) => html! {
                a href=(format!("/questions?key={}", percent(key))) { (field.called(key)) }
            },
            (FieldType::Text, Value::Text(text)) => html! { span.wording { (text) } },
            (_, value) => {
                let shown = field.shown(value, |id| Ok::<_, std::convert::Infallible>(self.names.text(id)));
                html! { (shown.unwrap_or_default()) }
            }
        }
    }

    /// A step of this record that another names by its turn.
    fn instance(&self, step: &str, nth: i64) -> Markup {
        let one = self.course.steps.iter().find(|one| one.step.id.value == step && i64::from(one.nth) == nth);
        html! {
            @match one {
                Some(one) => a href=(format!("#entry-{}", one.entry)) {
                    (one.step.title) "（" (one.day) "，第 " (nth) " 次）"
                },
                None => { "第 " (nth) " 次" },
            }
        }
    }

    /// A file of the record, with its size and type.
    pub fn file(&self, hash: &str, name: &str) -> Markup {
        let file = File::look(&self.visit.site.folder, hash);
        let url = self.at(&format!("/files/{hash}"));
        html! {
            span.file {
                @match file {
                    Some(file) => {
                        a href=(&url) download { (file.named(name)) }
                        small { " " (file.kind.title) "，" (file.size()) }
                        @if file.kind.is_image() && !self.paper {
                            details.picture {
                                summary { "看图" }
                                img src=(format!("{url}?shown=1")) alt=(name) loading="lazy";
                            }
                        }
                    },
                    None => { (name) small.bad { " 文件不在，请从备份取回" } },
                }
            }
        }
    }

    /// The law that led to the value of a derived field.
    fn led_to(&self, one: &Instance<'_>, field: &Field, value: &Value) -> Markup {
        if field.is_typed() {
            return html! {};
        }
        // As the record stood when the step was taken: what came later led to nothing in it.
        let walked = self.course.steps.iter().position(|other| other.entry == one.entry).unwrap_or(0);
        let before = Course { walked, ..self.course.clone() };
        let derived =
            before.derived(field, one).filter(|derived| value.as_text() == Some(derived.value.value.as_str()));
        let basis = derived.map(|derived| derived.basis.on(one.day)).unwrap_or_default();
        html! { @if !basis.is_empty() { div.led { "由此得出：" (self.law(&basis, one.day)) } } }
    }
}

/// Beyond so many characters a value has a line of its own.
const SHORT: usize = 14;

/// Whether a value has a line of its own; two short ones share one.
fn is_wide(field: &Field, value: &Value) -> bool {
    match field.kind {
        FieldType::File | FieldType::Entry(_) | FieldType::Record(_) | FieldType::Law | FieldType::Finding => true,
        FieldType::Person | FieldType::Outsider => value.size() > 3,
        FieldType::Text => value.texts().iter().any(|text| text.chars().count() > SHORT),
        FieldType::Choice | FieldType::Choices => {
            value.texts().iter().map(|text| field.choice_title(text).chars().count() + 1).sum::<usize>() > SHORT
        }
        _ => !field.is_typed(),
    }
}

/// What stands for values that are not shown.
pub fn masked(size: u64) -> Markup {
    html! { span.masked title="封存的个人信息" { "●●●" } small { "（" (size) " 项）" } }
}
