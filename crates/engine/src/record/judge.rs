//! Judging a step against the law: what is flagged when recorded, and refused when it is ours (评判).

use crate::day::{Calendar, Day, Shift};
use crate::definition::{
    Basis, Count, Field, FieldRef, FlagKind, Force, Most, NotAfter, NotBefore, Relation, Step, Within,
};
use crate::form::is_required;
use crate::value::Value;

use super::bounds;
use super::course::{Course, Instance};

/// Something that should not have happened, and did.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Flag {
    /// What kind.
    pub kind: FlagKind,
    /// Which step.
    pub step: String,
    /// The entry that took it, or that left it out.
    pub entry: u64,
    /// The day it happened.
    pub day: Day,
    /// What is wrong, in Chinese.
    pub says: String,
    /// The law it goes against, as valid on that day.
    pub basis: Vec<String>,
}

/// Judges a step that is about to be walked; `course` has not walked it yet.
pub fn judge(course: &Course<'_>, calendar: &Calendar, present: &Instance<'_>) -> Vec<Flag> {
    let mut flags = Judge { course, calendar, present, flags: Vec::new() };
    flags.order();
    flags.bars();
    flags.fields();
    flags.times();
    if present.already.is_some() {
        flags.flag(FlagKind::Outside, format!("“{}”是在系统外办理后补记的", present.step.title), &Basis::default());
    }
    flags.flags
}

struct Judge<'j, 'd> {
    course: &'j Course<'d>,
    calendar: &'j Calendar,
    present: &'j Instance<'d>,
    flags: Vec<Flag>,
}

impl Judge<'_, '_> {
    fn flag(&mut self, kind: FlagKind, says: String, basis: &Basis) {
        let basis = if basis.is_empty() { &self.present.step.basis } else { basis };
        self.flags.push(Flag {
            kind,
            step: self.present.step.id.value.clone(),
            entry: self.present.entry,
            day: self.present.day,
            says,
            basis: basis.on(self.present.day),
        });
    }

    fn order(&mut self) {
        let step = self.present.step;
        let register = self.course.register;
        match self.course.state {
            None if !step.opens() => {
                let says = format!("案卷尚未开立，就记了“{}”", step.title);
                self.flag(FlagKind::OutOfOrder, says, &Basis::default());
            }
            Some(state) if step.opens() => {
                let says = format!("案卷已是“{}”，又记了一次“{}”", register.state_title(state), step.title);
                self.flag(FlagKind::Again, says, &Basis::default());
            }
            Some(_) if !step.repeat && self.course.latest(&step.id).is_some() => {
                self.flag(FlagKind::Again, format!("“{}”已经做过一次", step.title), &Basis::default());
            }
            Some(state) if !step.from.iter().any(|from| from.value == state) => {
                let wanted: Vec<&str> = step.from.iter().map(|from| register.state_title(from)).collect();
                let says = format!(
                    "“{}”应在“{}”时进行，当时是“{}”",
                    step.title,
                    wanted.join("”或“"),
                    register.state_title(state)
                );
                self.flag(FlagKind::OutOfOrder, says, &Basis::default());
            }
            _ => {}
        }
        let after = step.before.as_ref().and_then(|before| self.course.latest(before));
        if let Some(after) = after {
            let says = format!("“{}”应在“{}”之前进行", step.title, after.step.title);
            self.flag(FlagKind::OutOfOrder, says, &Basis::default());
        }
    }

    fn bars(&mut self) {
        for bar in self.course.register.bars.iter().filter(|bar| bar.stops.value == self.present.step.id.value) {
            if !self.course.all_hold(&bar.unless, Some(self.present)) {
                self.flag(FlagKind::Barred, bar.say.clone(), &bar.basis);
            }
        }
    }

    fn fields(&mut self) {
        for field in &self.present.step.fields {
            self.field(field);
        }
    }

    fn field(&mut self, field: &Field) {
        let id = field.id.value.as_str();
        if !self.present.given(id) {
            // What a form lacks it refuses; what a correction made necessary can only be told here.
            if self.present.corrected.is_some() && is_required(field, self.course, self.present) {
                self.flag(FlagKind::NotAsRequired, format!("更正后“{}”应填而没有填", field.title), &field.basis);
            }
            return;
        }
        let value = self.present.value(id);
        if let (Some(must), Some(Value::Bool(is))) = (field.must_be, value)
            && must != *is
        {
            let (wanted, found) = if must { ("是", "否") } else { ("否", "是") };
            let says = format!("“{}”应为“{wanted}”，记的是“{found}”", field.title);
            self.flag(FlagKind::NotAsRequired, says, &field.basis);
        }
        self.in_force(field, value);
        let amount = self.present.amount(field);
        if let Some(least) = field.at_least.filter(|least| amount < *least) {
            let says = format!("“{}”不少于{least}，记的是{amount}", field.title);
            self.flag(FlagKind::NotAsRequired, says, &field.basis);
        }
        match &field.at_most {
            Some(Most::Number(most)) if amount > *most => {
                let says = format!("“{}”不超过{most}，记的是{amount}", field.title);
                self.flag(FlagKind::NotAsRequired, says, &field.basis);
            }
            Some(Most::Field(at)) if self.present.given(&at.field) => self.more_than(field, amount, &at.field),
            _ => {}
        }
        for rule in &field.not_before {
            if let (Some(day), Some(of)) = (self.present.day_of(id), self.day_at(&rule.of)) {
                self.too_early(field, rule, day, of);
            }
        }
        for rule in &field.not_after {
            if let (Some(day), Some(of)) = (self.present.day_of(id), self.day_at(&rule.of)) {
                self.too_far(field, rule, day, of);
            }
        }
        for relation in &field.same_as {
            if let Some((other, basis)) = self.related(field, relation)
                && !value.is_some_and(|value| is_among(value, other))
            {
                let says = match other {
                    Value::List(_) => format!("“{}”应在“{}”之中", field.title, self.title_of(&relation.of)),
                    _ => format!("“{}”应与“{}”相同", field.title, self.title_of(&relation.of)),
                };
                self.flag(FlagKind::NotAsRequired, says, basis);
            }
        }
        for relation in &field.not_among {
            if let Some((other, basis)) = self.related(field, relation)
                && value
                    .is_some_and(|value| value == other || value.texts().iter().any(|one| other.texts().contains(one)))
            {
                let says = match other {
                    Value::List(_) => format!("“{}”不得在“{}”之中", field.title, self.title_of(&relation.of)),
                    _ => format!("“{}”不得与“{}”相同", field.title, self.title_of(&relation.of)),
                };
                self.flag(FlagKind::NotAsRequired, says, basis);
            }
        }
        for share in &field.share {
            let relation = &share.relation;
            if !self.course.all_hold(&relation.when, Some(self.present)) {
                continue;
            }
            let Some(whole) = self.amount_at(&relation.of) else { continue };
            if !share.is_met(amount, whole) {
                let part = if share.of == share.over { String::new() } else { format!("的{}", share.words()) };
                let says = format!(
                    "“{}”应{}“{}”（{whole}）{part}，记的是{amount}",
                    field.title,
                    share.verb(),
                    self.title_of(&relation.of),
                );
                let basis = if relation.basis.is_empty() { &field.basis } else { &relation.basis };
                self.flag(FlagKind::NotAsRequired, says, basis);
            }
        }
    }

    fn too_early(&mut self, field: &Field, rule: &NotBefore, day: Day, of: Day) {
        let Some((earliest, length)) = bounds::earliest(self.calendar, rule, of) else { return };
        if day < earliest {
            let says = match length {
                None => format!("“{}”不能早于“{}” {of}，记的是 {day}", field.title, self.title_of(&rule.of)),
                Some(span) => format!("“{}”不得早于 {earliest}（{of} 之后满{span}），记的是 {day}", field.title),
            };
            let own = rule.term.as_ref().map_or(&rule.basis, |term| term.basis(of, &rule.basis));
            let basis = if own.is_empty() { &field.basis } else { own };
            self.flag(FlagKind::Early, says, basis);
        }
    }

    fn too_far(&mut self, field: &Field, rule: &NotAfter, day: Day, of: Day) {
        if !self.course.all_hold(&rule.when, Some(self.present)) {
            return;
        }
        let Some((latest, span)) = bounds::latest(self.calendar, rule, of) else { return };
        if day > latest {
            let says = format!("“{}”不得晚于 {latest}（{of} 之后{span}），记的是 {day}", field.title);
            let own = rule.term.basis(of, &rule.basis);
            self.flag(FlagKind::NotAsRequired, says, if own.is_empty() { &field.basis } else { own });
        }
    }

    /// The other field's value where a relation is asked for now, and who asks.
    fn related<'r>(&self, field: &'r Field, relation: &'r Relation) -> Option<(&Value, &'r Basis)> {
        let asked = self.course.all_hold(&relation.when, Some(self.present));
        let other = self.course.value(&relation.of, Some(self.present)).filter(|_| asked)?;
        Some((other, if relation.basis.is_empty() { &field.basis } else { &relation.basis }))
    }

    /// How much another field holds, of this step or of the latest of its own.
    fn amount_at(&self, at: &FieldRef) -> Option<i64> {
        let own = self.present.step.id.value == at.step;
        let one = if own { Some(self.present) } else { self.course.latest(&at.step) }?;
        one.step.field(&at.field).filter(|field| one.given(&field.id)).map(|field| one.amount(field))
    }

    /// What was chosen must have been in force on the day of the step.
    fn in_force(&mut self, field: &Field, value: Option<&Value>) {
        let day = self.present.day;
        let chosen = value.map(Value::texts).unwrap_or_default();
        for choice in field.choices.iter().filter(|choice| !choice.holds(day) && chosen.contains(&choice.id.value)) {
            let when = match (choice.from, choice.until) {
                (Some(from), _) if day < from => format!("自 {from} 起才有"),
                (_, Some(until)) => format!("到 {until} 为止"),
                _ => continue,
            };
            let says = format!("“{}”所填的“{}”{when}，当时是 {day}", field.title, choice.title);
            self.flag(FlagKind::NotAsRequired, says, &field.basis);
        }
    }

    fn title_of(&self, at: &crate::definition::FieldRef) -> &str {
        self.course.register.field(at).map_or("", |field| &field.title)
    }

    /// No law says that those who came are no more than those who were to come: figures that belong together do.
    fn more_than(&mut self, field: &Field, amount: i64, other: &str) {
        let Some(other) = self.present.step.field(other) else { return };
        let most = self.present.amount(other);
        if amount > most {
            let says = format!("“{}”不超过“{}”（{most}），记的是{amount}", field.title, other.title);
            let basis = Basis { cites: Vec::new(), local: Some("前后数字应当相符".to_owned()) };
            self.flag(FlagKind::NotAsRequired, says, &basis);
        }
    }

    fn day_at(&self, at: &crate::definition::FieldRef) -> Option<Day> {
        Day::parse(self.course.value(at, Some(self.present))?.as_text()?)
    }

    fn times(&mut self) {
        let step = self.present.step;
        for within in &step.within {
            // A step cannot be late against its own day: that term runs from the instance before.
            let present = if runs_on(step, within) { None } else { Some(self.present) };
            let of = self.course.value(&within.of, present).and_then(|value| within.start(value));
            let Some(of) = of else { continue };
            if self.is_met(within) {
                continue;
            }
            let Some(deadline) = deadline(self.calendar, of, within, self.course, Some(self.present)) else { continue };
            if self.present.day > deadline.last {
                let says = format!(
                    "{}“{}”，已过{}（末日 {}{}）",
                    within.verb(step.force).map_or("", Force::chinese),
                    step.title,
                    self.term_said(within, of),
                    deadline.last,
                    if deadline.provisional { "，暂按周末推算" } else { "" },
                );
                let own = within.basis_on(of);
                let basis = if own.is_empty() { &step.basis } else { own };
                self.flag(FlagKind::Late, says, basis);
            }
        }
        let Some(lasts) = &step.lasts else { return };
        if let (Some(from), Some(to)) = (self.day_at(&lasts.from), self.day_at(&lasts.to)) {
            let Some(span) = lasts.term.on(from) else { return };
            let earliest = self.calendar.not_before(from, span).last;
            let reason = lasts.shorter_needs.as_ref().is_some_and(|at| self.present.given(&at.field));
            if to < earliest && !reason {
                let says = format!(
                    "“{}”{}不少于{}（自 {from} 起应满到 {earliest}），到 {to} 就结束了，也没有说明理由",
                    step.title,
                    lasts.force.map_or("", Force::chinese),
                    span,
                );
                self.flag(FlagKind::Short, says, lasts.term.basis(from, &lasts.basis));
            }
        }
    }

    /// A term as a flag says it was passed.
    fn term_said(&self, within: &Within, of: Day) -> String {
        match &within.count {
            Count::After(term) => term.on(of).map_or_else(String::new, |span| span.to_string()),
            Count::Before(term) => {
                let span = term.on(of).map_or_else(String::new, |span| span.to_string());
                format!("“{}”前{span}", self.title_of(&within.of))
            }
            Count::On => format!("“{}”", self.title_of(&within.of)),
            Count::Yearly { month, day, .. } => format!("{month}月{day}日"),
        }
    }

    /// Whether a step of this kind came within reach of the term before: the term is met or missed by the first one
    /// after its start, and a second visit or a second re-election is not late against it.
    fn is_met(&self, within: &Within) -> bool {
        let step = self.present.step;
        let start = self.course.latest(&within.of.step).map(Instance::when);
        within.of.step != step.id.value
            && self.course.taken().any(|one| one.step.id == step.id && start.is_some_and(|start| one.when() > start))
    }
}

/// Whether a value is another one, or all of it is among the other's several.
fn is_among(value: &Value, other: &Value) -> bool {
    value == other || (matches!(other, Value::List(_)) && value.texts().iter().all(|text| other.texts().contains(text)))
}

/// Whether a term runs from one instance of a step to the next: from its own day, or up to a day it names.
pub fn runs_on(step: &Step, within: &Within) -> bool {
    let own_day = || step.day_field().is_some_and(|field| within.of.field == field.id.value);
    within.of.step == step.id.value && (matches!(within.count, Count::Before(_)) || own_day())
}

/// By when a step has to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    /// The day the count ends on.
    pub nominal: Day,
    /// The last day: moved off rest days by the cited rule, or put off by an extension.
    pub last: Day,
    /// No calendar known for that year yet.
    pub provisional: bool,
}

/// The last day of a `within` that is counted from `of`; none where its parameter is not set on that day.
pub fn deadline(
    calendar: &Calendar,
    of: Day,
    within: &Within,
    course: &Course<'_>,
    present: Option<&Instance<'_>>,
) -> Option<Last> {
    let deadline = match &within.count {
        Count::After(term) => calendar.last_day(of, term.on(of)?, Shift::Forward),
        Count::Before(term) => calendar.latest_before(of, term.on(of)?),
        // A day somebody named is that day: no rule moves it.
        Count::On => return Some(Last { nominal: of, last: of, provisional: false }),
        Count::Yearly { month, day, .. } => {
            let day = Count::yearly(*month, *day, of);
            // 3月1日前 names a day, not a length of time: no rule moves it.
            return Some(Last { nominal: day, last: day, provisional: false });
        }
    };
    let value = |at: &FieldRef| {
        let own = present.filter(|present| present.step.id.value == at.step);
        own.or_else(|| course.latest(&at.step))?.day_of(&at.field)
    };
    let put_off = within.extended_by.as_ref().and_then(|at| value(at));
    let last = put_off.map_or(deadline.last, |until| until.max(deadline.last));
    Some(Last { nominal: deadline.nominal, last, provisional: deadline.provisional })
}

/// The kinds of flag that refuse an act of ours. Lateness does not: what is late is better done than left.
pub fn refuses(kind: FlagKind) -> bool {
    !matches!(kind, FlagKind::Late | FlagKind::Outside | FlagKind::Omitted)
}

/// Whether a step, taken now, is an act of ours that may be refused.
pub fn is_ours_now(step: &Step, present: &Instance<'_>) -> bool {
    step.ours && present.already.is_none()
}
