//! Holding one register's names against its own and against the other registers.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::cases::{STEPS, WORDS};
use crate::definition::basis::Basis;
use crate::definition::condition::{Condition, Test};
use crate::definition::field::{ANY, Choice, Field, FieldRef, FieldType, Most, Relation};
use crate::definition::register::Register;
use crate::definition::step::{Force, Step, To};
use crate::definition::time::{Count, Within};
use crate::form::parse::SEPARATORS;
use crate::law::Laws;
use crate::problem::Problem;
use crate::read::At;

use super::{Notes, all_fields, check_test, literal_word, resolve, values_of};

pub(super) struct RegisterCheck<'r, 'n, 's> {
    pub register: &'r Register,
    pub registers: &'r [Register],
    pub ids: &'r [&'r str],
    pub laws: &'r Laws,
    pub notes: &'n mut Notes<'s>,
}

impl<'r> RegisterCheck<'r, '_, '_> {
    pub fn run(&mut self) {
        let register = self.register;
        let file = &register.file;
        self.unique("状态", register.states.iter().map(|state| &state.id));
        self.unique("步骤", register.steps.iter().map(|step| &step.id));
        self.unique("禁止", register.bars.iter().map(|bar| &bar.id));
        [&register.basis, &register.applies.basis].into_iter().for_each(|basis| self.basis(basis));
        if let Some(within) = &register.recorded_within {
            self.basis(&within.basis);
        }
        if register.openings().next().is_none() && !self.notes.lost.outside_steps(register) {
            self.notes.note(
                11,
                file,
                &register.id.span,
                format!("登记簿“{}”没有开立案卷的步骤", register.title),
                "请让第一个步骤不写 from",
            );
        }
        for label in register.label.iter().chain(&register.renamed) {
            match self.field(label) {
                Some(field) if field.personal => {
                    self.personal(&label.span, &field.title, "用来称呼案卷");
                }
                Some(field) if self.notes.lost.inside(register, field) => {}
                Some(field) if field.kind.register().is_some() || matches!(field.kind, FieldType::File) => {
                    let text = format!("“{}”引用别的记录，不能用来称呼案卷", field.title);
                    self.notes.note(10, file, &label.span, text, "请改用文字、日期、数字或者选择类字段");
                }
                _ => {}
            }
        }
        self.once();
        if let Some(number) = &register.number {
            self.numbering(number);
        }
        for step in &register.steps {
            self.step(step);
        }
        for bar in &register.bars {
            self.basis(&bar.basis);
            self.step_name(&bar.stops);
            self.conditions(&bar.unless);
        }
        self.reachable();
        self.needs();
    }

    /// `or_not_needed` asks whether another step is needed; asked in a circle it would never be answered.
    fn needs(&mut self) {
        let register = self.register;
        for step in &register.steps {
            let mut waiting = asks(step);
            let mut seen = BTreeSet::new();
            while let Some(id) = waiting.pop() {
                if id == step.id.value {
                    let text = format!("步骤“{}”的 need 绕回来问自己要不要", step.title);
                    self.notes.note(18, &register.file, &step.id.span, text, "请去掉圈中一处的 or_not_needed");
                    break;
                }
                if seen.insert(id) {
                    waiting.extend(register.step(id).map(asks).unwrap_or_default());
                }
            }
        }
    }

    fn unique<'a>(&mut self, what: &str, ids: impl Iterator<Item = &'a At<String>>) {
        let mut seen = BTreeSet::new();
        for id in ids.filter(|id| !id.value.is_empty()) {
            if !seen.insert(&id.value) {
                let text = format!("{what}“{}”重名", id.value);
                self.notes.note(7, &self.register.file, &id.span, text, "请改用别的编号");
            }
        }
    }

    fn personal(&mut self, span: &Range<usize>, title: &str, what: &str) {
        self.notes.note(
            12,
            &self.register.file,
            span,
            format!("“{title}”是个人信息，不得{what}"),
            "请改用不含个人信息的字段，或者去掉这一项",
        );
    }

    pub(super) fn basis(&mut self, basis: &Basis) {
        let register = self.register;
        resolve(basis, &register.file, register.since, register.until, self.laws, self.notes);
    }

    /// Records are found alike by the links of their opening.
    fn once(&mut self) {
        let register = self.register;
        for at in &register.once {
            let Some(field) = self.field(at).filter(|field| !self.notes.lost.inside(register, field)) else { continue };
            let opens = register.step(&at.step).is_some_and(Step::opens);
            if !opens || field.many || field.kind.register().is_none() || field.personal {
                let text = format!("“{}”不能用来认同一件事", field.title);
                let remedy = "once 只写开立案卷的步骤里、只填一个值的人员、村、内设机构或者案卷";
                self.notes.note(10, &register.file, &at.span, text, remedy);
            }
        }
    }

    /// `force` quotes the law's verb: where only a local practice stands, there is none to quote.
    fn force(&mut self, force: Option<Force>, basis: &Basis, span: &Range<usize>, what: &str) {
        if force.is_some() && basis.cites.is_empty() && basis.local.is_some() {
            let text = format!("{what}只有本地做法，没有可引的法律用词");
            self.notes.note(10, &self.register.file, span, text, "请删去 force，或者写上有这个词的法律依据（basis）");
        }
    }

    fn step(&mut self, step: &Step) {
        let file = &self.register.file;
        self.basis(&step.basis);
        self.force(step.force, &step.basis, &step.id.span, "步骤");
        if let Some(applies) = &step.applies {
            self.basis(&applies.basis);
        }
        let states: Vec<&str> = self.register.states.iter().map(|state| state.id.value.as_str()).collect();
        for state in step.from.iter().chain(step.targets()) {
            if !states.contains(&state.value.as_str()) && !self.notes.lost.outside_steps(self.register) {
                self.notes.unknown(file, "状态", state, &states);
            }
        }
        if step.opens() && step.to.is_none() && !self.notes.lost.touches(file) {
            let text = format!("步骤“{}”开立案卷，却没有写 to", step.title);
            self.notes.note(3, file, &step.id.span, text, "请写 to = \"状态\"；后续步骤请写 from");
        }
        if let Some(To::By { field: at, states }) = &step.to
            && let Some(field) = self.field(at).filter(|field| !self.notes.lost.inside(self.register, field))
        {
            let choices = values_of(field);
            for (value, _) in states {
                let word = literal_word(&value.value);
                if !choices.contains(&word) {
                    self.notes.unknown(file, "选项", &At { value: word, span: value.span.clone() }, &choices);
                }
            }
            let named: Vec<String> = states.iter().map(|(value, _)| literal_word(&value.value)).collect();
            for choice in choices.iter().filter(|choice| !named.contains(choice)) {
                let text = format!("步骤“{}”的 to 没有写选项“{choice}”走到哪里", step.title);
                self.notes.note(10, file, &at.span, text, "每个选项都要写明走后的状态");
            }
        }
        if let Some(need) = &step.need {
            self.conditions(&need.when);
            self.basis(&need.basis);
        }
        for within in &step.within {
            self.start_field(within);
            within.extended_by.iter().for_each(|at| self.day_field(at));
            self.basis(&within.basis);
            self.force(within.force, &within.basis, &within.of.span, "期限");
            self.basis(&Basis { cites: within.counted_by.clone(), local: None });
        }
        self.owner(step);
        if let Some(lasts) = &step.lasts {
            self.day_field(&lasts.from);
            self.day_field(&lasts.to);
            self.basis(&lasts.basis);
            self.force(lasts.force, &lasts.basis, &lasts.from.span, "期限");
            if let Some(reason) = &lasts.shorter_needs {
                self.field(reason);
            }
        }
        if let Some(before) = &step.before {
            self.step_name(before);
        }
        if let Some(day) = &step.day {
            self.day_field(&day.clone().map(|field| FieldRef { step: step.id.value.clone(), field }));
        }
        self.unique("字段", step.fields.iter().map(|field| &field.id));
        self.reserved("步骤", &step.id, &STEPS);
        for field in &step.fields {
            self.reserved("字段", &field.id, &WORDS);
            self.field_itself(field, step);
        }
    }

    /// A name a case needs for itself: whatever is written under it would never reach the field or step.
    fn reserved(&mut self, what: &str, id: &At<String>, words: &[&str]) {
        if words.contains(&id.value.as_str()) {
            let text = format!("登记簿“{}”的{what}不能叫“{}”：这个词另有用处", self.register.title, id.value);
            let remedy = format!("请改用别的编号；案例和 yifa step 自己用的有：{}", words.join("、"));
            let problem = Problem::new(6, text, remedy).at(&self.register.file, id.span.clone());
            self.notes.objections.push(problem);
        }
    }

    fn field_itself(&mut self, field: &Field, step: &Step) {
        let file = &self.register.file;
        self.basis(&field.basis);
        self.conditions(&field.required_if);
        for not_before in &field.not_before {
            self.day_field(&not_before.of);
            self.basis(&not_before.basis);
        }
        for not_after in &field.not_after {
            self.day_field(&not_after.of);
            self.conditions(&not_after.when);
            self.basis(&not_after.basis);
        }
        if field.kind != FieldType::Day && !(field.not_before.is_empty() && field.not_after.is_empty()) {
            let text = format!("“{}”不是日期，没有早晚", field.title);
            self.notes.note(10, file, &field.id.span, text, "not_before、not_after 只用于日期字段");
        }
        for relation in field.same_as.iter().chain(&field.not_among) {
            self.relation(relation);
            let unsure = self.notes.lost.inside(self.register, field);
            if let Some(other) = self.field(&relation.of).filter(|other| other.kind != field.kind && !unsure) {
                let text = format!("“{}”与“{}”类型不同，不会相同", field.title, other.title);
                self.notes.note(10, file, &relation.of.span, text, "请写类型相同的字段");
            }
        }
        for share in &field.share {
            self.relation(&share.relation);
            let other = self.field(&share.relation.of);
            if let Some(other) = other.filter(|other| !field.counts() || !other.counts()) {
                let text = format!("“{}”与“{}”不能比多少", field.title, other.title);
                self.notes.note(10, file, &share.relation.of.span, text, "share 用于数字和可填多个值的字段");
            }
        }
        self.derived(field);
        self.numbered(field);
        self.copied(field, step);
        // The items of a catalogue stand in another file, and are looked at there.
        let own: &[Choice] = if field.catalogue.is_none() { &field.choices } else { &[] };
        self.unique("选项", own.iter().map(|choice| &choice.id));
        match &field.kind {
            FieldType::Entry(step) => self.step_name(step),
            // A missing name was noted when it was read.
            FieldType::Record(register) if register.value.is_empty() || register.value == ANY => {}
            FieldType::Record(register) if self.notes.lost.register(register) => {}
            FieldType::Record(register) if !self.ids.contains(&register.value.as_str()) => {
                self.notes.unknown(file, "登记簿", register, self.ids);
            }
            kind => {
                let unknown = |register: &&str| !self.ids.contains(register) && !self.notes.lost.register(register);
                if let Some(register) = kind.register().filter(unknown) {
                    let text = format!("“{}”要引用登记簿“{register}”，这套定义里没有", field.title);
                    self.notes.note(8, file, &field.id.span, text, "请补上这个登记簿，或者改用别的类型");
                }
            }
        }
        let unsure = self.notes.lost.inside(self.register, field);
        if field.must_be.is_some() && field.kind != FieldType::YesNo && !unsure {
            let text = format!("“{}”不是 yes_no，不能写 must_be", field.title);
            self.notes.note(10, file, &field.id.span, text, "must_be 只用于是否类字段");
        }
        if let Some(Most::Field(at)) = &field.at_most
            && let Some(other) = self.field(at).filter(|other| !unsure && !self.notes.lost.inside(self.register, other))
        {
            let money = |field: &Field| field.kind == FieldType::Money;
            let text = match () {
                _ if at.step != step.id.value => format!("“{}”不在步骤“{}”中", other.title, step.title),
                _ if !field.counts() => format!("“{}”不是数字，也不能填多个，不能写 at_most", field.title),
                _ if !other.counts() || money(field) != money(other) => {
                    format!("“{}”与“{}”不能比多少", field.title, other.title)
                }
                _ => String::new(),
            };
            if !text.is_empty() {
                let remedy = "at_most 可以写整数，或者本步骤中另一个数字字段、可填多个值的字段";
                self.notes.note(10, file, &at.span, text, remedy);
            }
        }
        if field.kind == FieldType::Choices {
            for choice in own.iter().filter(|choice| choice.title.contains(SEPARATORS)) {
                let text = format!("选项“{}”的名称里有顿号、逗号或者分号", choice.title);
                let remedy = "几个选项填在一格里用这些符号隔开：请改用“或者”“和”等字";
                let problem = Problem::new(19, text, remedy).at(file, choice.id.span.clone());
                self.notes.objections.push(problem);
            }
        }
        if field.personal && (field.filter || matches!(field.kind, FieldType::YesNo | FieldType::Choice)) {
            self.personal(&field.id.span, &field.title, "用作筛选或者统计");
        }
    }

    /// A field by its name; a problem when there is none.
    pub(super) fn field(&mut self, at: &At<FieldRef>) -> Option<&'r Field> {
        let register = self.register;
        let found = register.field(at);
        if found.is_none() && !at.field.is_empty() && !self.notes.lost.field(register, &at.step) {
            let name = At { value: at.value.to_string(), span: at.span.clone() };
            self.notes.unknown(&register.file, "字段", &name, &all_fields(register));
        }
        found
    }

    /// What a term is counted from: a day, or for a day of the year the number of a year.
    fn start_field(&mut self, within: &Within) {
        let Count::Yearly { inside, .. } = within.count else { return self.day_field(&within.of) };
        let found = self.field(&within.of).filter(|field| !self.notes.lost.inside(self.register, field));
        let fits = |kind: &FieldType| *kind == FieldType::Number || (!inside && *kind == FieldType::Day);
        if let Some(field) = found.filter(|field| !fits(&field.kind)) {
            let (text, remedy) = match inside {
                true => ("不是写年度的数字字段", "in 写年度所在的字段（type = \"number\"）；日期写 of"),
                false => (
                    "不是日期字段，也不是写年度的数字字段",
                    "请改用 type = \"day\" 的字段，或者写年度的 type = \"number\"",
                ),
            };
            self.notes.note(10, &self.register.file, &within.of.span, format!("“{}”{text}", field.title), remedy);
        }
    }

    fn day_field(&mut self, at: &At<FieldRef>) {
        let found = self.field(at).filter(|field| !self.notes.lost.inside(self.register, field));
        if let Some(field) = found.filter(|field| field.kind != FieldType::Day) {
            let text = format!("“{}”不是日期字段", field.title);
            self.notes.note(10, &self.register.file, &at.span, text, "请改用 type = \"day\" 的字段");
        }
    }

    fn step_name(&mut self, at: &At<String>) {
        if self.register.step(at).is_none() && !at.value.is_empty() && !self.notes.lost.outside_steps(self.register) {
            let known: Vec<&str> = self.register.steps.iter().map(|step| step.id.value.as_str()).collect();
            self.notes.unknown(&self.register.file, "步骤", at, &known);
        }
    }

    fn relation(&mut self, relation: &Relation) {
        self.conditions(&relation.when);
        self.basis(&relation.basis);
    }

    /// What is derived is a choice of the list, and the last line catches what no other did.
    fn derived(&mut self, field: &Field) {
        let Some(last) = field.derive.last() else { return };
        let file = &self.register.file;
        if field.kind != FieldType::Choice && !self.notes.lost.inside(self.register, field) {
            let text = format!("“{}”不是 choice，不能写 derive", field.title);
            self.notes.note(10, file, &field.id.span, text, "derive 只用于选择类字段");
            return;
        }
        for derived in &field.derive {
            self.conditions(&derived.when);
            self.basis(&derived.basis);
            let known = values_of(field);
            if !known.contains(&derived.value.value) && !derived.value.value.is_empty() {
                self.notes.unknown(file, "选项", &derived.value, &known);
            }
        }
        if !last.when.is_empty() {
            let text = format!("“{}”的 derive 没有写其余情况", field.title);
            self.notes.note(10, file, &last.value.span, text, "最后一项不写 when：前面都不成立的，就是它");
        }
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions.iter().flat_map(Condition::comparisons) {
            let Some(field) = self.field(&condition.field) else { continue };
            check_test(condition, field, self.register, &self.register.file, self.notes);
            match &condition.test {
                Test::SameAs(other) => drop(self.field(other)),
                Test::CoveredBy(all) => all.iter().for_each(|at| self.covering(field, at)),
                _ => {}
            }
        }
    }

    /// What covers a field holds the same kind of thing, and can be read.
    fn covering(&mut self, field: &Field, at: &At<FieldRef>) {
        let Some(other) = self.field(at).filter(|other| !self.notes.lost.inside(self.register, other)) else { return };
        let text = match other.personal || field.personal {
            true => format!("“{}”、“{}”里有个人信息，不得按内容判断", field.title, other.title),
            false if other.kind != field.kind => format!("“{}”与“{}”类型不同，不会相同", field.title, other.title),
            false => return,
        };
        self.notes.note(10, &self.register.file, &at.span, text, "请写类型相同、不含个人信息的字段");
    }

    /// Every state and step can be come to from an opening step.
    fn reachable(&mut self) {
        let register = self.register;
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        loop {
            let before = reached.len();
            for step in &register.steps {
                if step.opens() || step.from.iter().any(|state| reached.contains(state.value.as_str())) {
                    reached.extend(step.targets().into_iter().map(|state| state.value.as_str()));
                }
            }
            if reached.len() == before {
                break;
            }
        }
        let here = |problem: &Problem| problem.place.as_ref().is_some_and(|place| place.file == register.file);
        let unknown_names = self.notes.problems.iter().any(|problem| problem.code.0 == 8 && here(problem));
        if unknown_names || self.notes.lost.touches(&register.file) {
            // A misspelt state cuts the graph; the misspelling is the problem, not what lies behind it.
            return;
        }
        for state in register.states.iter().filter(|state| !reached.contains(state.id.value.as_str())) {
            let text = format!("状态“{}”永远到不了", state.title);
            self.notes.note(11, &register.file, &state.id.span, text, "请检查各步骤的 from 和 to，或者删去这个状态");
        }
        for step in register.steps.iter().filter(|step| !step.opens()) {
            if !step.from.iter().any(|state| reached.contains(state.value.as_str())) {
                let text = format!("步骤“{}”永远走不到", step.title);
                self.notes.note(11, &register.file, &step.id.span, text, "请检查它的 from 和别的步骤的 to");
            }
        }
    }
}

/// The steps whose need has to be known to know whether this one is needed.
fn asks(step: &Step) -> Vec<&str> {
    let when = step.need.iter().flat_map(|need| &need.when).flat_map(Condition::comparisons);
    when.filter(|condition| condition.or_not_needed).map(|condition| condition.field.step.as_str()).collect()
}
