//! Registers: one kind of matter, its states, steps and bars (登记簿).

use crate::day::{Day, Span};
use crate::read::{At, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition};
use super::field::{Field, FieldRef};
use super::numbering::{self, Numbering};
use super::step::{self, Applies, Step};
use super::time;

/// A state a record can stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its key.
    pub id: At<String>,
    /// What people see.
    pub title: String,
}

/// 不得: refuses an `ours` step, flags a recorded one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its key within the register.
    pub id: At<String>,
    /// The step it stops.
    pub stops: At<String>,
    /// It does not stop when all of these hold, on one and the same instance.
    pub unless: Vec<Condition>,
    /// The law's words.
    pub say: String,
    /// Which article.
    pub basis: Basis,
}

/// After how long an entry counts as late (补录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedWithin {
    /// From the day it happened to the day it was recorded.
    pub span: Span,
    /// Who asks for it.
    pub basis: Basis,
}

/// One kind of matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Its key, in addresses and in the journal.
    pub id: At<String>,
    /// What people see.
    pub title: String,
    /// Why it is kept.
    pub basis: Basis,
    /// 参照 or directly.
    pub applies: Applies,
    /// First day the rules hold.
    pub since: Option<Day>,
    /// Last day the rules hold.
    pub until: Option<Day>,
    /// Who keeps it.
    pub keeper: Option<String>,
    /// Readable village by village, or by the township alone.
    pub village_scope: bool,
    /// The roles that may read it.
    pub read: Vec<At<String>>,
    /// How records are numbered; absent: not at all.
    pub number: Option<Numbering>,
    /// The fields that name a record in lists, joined by a dot.
    pub label: Vec<At<FieldRef>>,
    /// A later name: once given, a record goes by it instead of the first field of the label.
    pub renamed: Option<At<FieldRef>>,
    /// The references that only one live record may have alike: one person has one result of one exam.
    pub once: Vec<At<FieldRef>>,
    /// After how long an entry is late.
    pub recorded_within: Option<RecordedWithin>,
    /// In the order written.
    pub states: Vec<State>,
    /// In the order written.
    pub steps: Vec<Step>,
    /// In the order written.
    pub bars: Vec<Bar>,
    /// The file it was read from.
    pub file: String,
    /// SHA-256 of the file's bytes, filled in by whoever hashes; the entry names it.
    pub hash: String,
}

/// The state of a register that names none: a plain list.
pub const RECORDED: (&str, &str) = ("recorded", "已登记");

impl Register {
    /// The titles of the references that only one live record may have alike, in quotes.
    pub fn once_titles(&self) -> String {
        let titles = self.once.iter().filter_map(|at| self.field(at)).map(|field| format!("“{}”", field.title));
        titles.collect()
    }

    /// A step by its id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id.value == id)
    }

    /// A field by `step.field`.
    pub fn field(&self, at: &FieldRef) -> Option<&Field> {
        self.step(&at.step)?.field(&at.field)
    }

    /// What people see for a state.
    pub fn state_title<'r>(&'r self, id: &'r str) -> &'r str {
        self.states.iter().find(|state| state.id.value == id).map_or(id, |state| &state.title)
    }

    /// Whether a state is an end: no step leads out of it.
    pub fn ends_in(&self, state: &str) -> bool {
        !self.steps.iter().any(|step| step.to.is_some() && step.from.iter().any(|from| from.value == state))
    }

    /// The steps that open a record.
    pub fn openings(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.opens())
    }
}

pub(crate) fn read(table: &mut Table<'_>, file: &str) -> Register {
    let id = super::read_id(table, "id");
    let mut register = Register {
        title: table.need_text("title").value,
        basis: basis::read(table, Some("登记簿")),
        applies: step::read_applies(table).unwrap_or_default(),
        since: table.day("since").map(|at| at.value),
        until: table.day("until").map(|at| at.value),
        keeper: table.text("keeper").map(|at| at.value),
        village_scope: {
            if !table.has("scope") {
                table.missing("scope");
            }
            table.word("scope", &[("village", true), ("township", false)]).is_some_and(|at| at.value)
        },
        read: super::read_roles(table, "read"),
        number: numbering::read(table, ""),
        label: table.texts("label").into_iter().map(|at| at.map(|text| FieldRef::parse(&text, ""))).collect(),
        renamed: table.text("renamed").map(|at| at.map(|text| FieldRef::parse(&text, ""))),
        once: table.texts("once").into_iter().map(|at| at.map(|text| FieldRef::parse(&text, ""))).collect(),
        recorded_within: read_recorded_within(table),
        states: read_states(table),
        steps: Vec::new(),
        bars: Vec::new(),
        file: file.to_owned(),
        hash: String::new(),
        id,
    };
    for mut inner in table.tables("step") {
        register.steps.push(step::read(&mut inner));
        inner.finish();
    }
    // Worked cases may stand beside what they show; they are read where cases are run.
    let _ = table.raw("case");
    for mut inner in table.tables("bar") {
        register.bars.push(read_bar(&mut inner));
        inner.finish();
    }
    if register.states.is_empty() {
        let at = |text: &str| At { value: text.to_owned(), span: register.id.span.clone() };
        register.states.push(State { id: at(RECORDED.0), title: RECORDED.1.to_owned() });
        for step in &mut register.steps {
            if step.opens() && step.to.is_none() {
                step.to = Some(step::To::State(at(RECORDED.0)));
            }
        }
    }
    register
}

fn read_recorded_within(table: &mut Table<'_>) -> Option<RecordedWithin> {
    let mut inner = table.table("recorded_within")?;
    let span = time::read_span(&mut inner, false);
    let basis = basis::read(&mut inner, Some("补录的时限"));
    inner.finish();
    Some(RecordedWithin { span: span?, basis })
}

fn read_states(table: &mut Table<'_>) -> Vec<State> {
    let Some(mut inner) = table.table("state") else { return Vec::new() };
    let mut states = Vec::new();
    for (id, raw) in inner.entries() {
        super::check_id(&inner, &id);
        match raw.as_text() {
            Some(title) => states.push(State { id, title: title.value }),
            None => {
                raw.wrong("状态的名称（文字）");
                inner.source.lose(id.span.start);
            }
        }
    }
    states
}

fn read_bar(table: &mut Table<'_>) -> Bar {
    let id = super::read_id(table, "id");
    let stops = table.need_text("stops");
    Bar {
        unless: condition::read(table, "unless", &stops.value),
        say: table.need_text("say").value,
        basis: basis::read(table, Some("禁止")),
        id,
        stops,
    }
}
