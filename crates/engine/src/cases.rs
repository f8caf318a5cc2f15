//! Worked examples of registers: the tests a definition carries with it (案例).

mod seen;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::act::{Act, Entry, Taken};
use crate::day::Day;
use crate::definition::{Definitions, Field, FieldType, Figure, FlagKind, Register, Step};
use crate::form::{self, Found, Given, Input, Lookup};
use crate::problem::Problem;
use crate::read::{Source, Table};
use crate::record::{self, Flag, Rows, Rules, judge};
use crate::value::Value;
pub use seen::Shown;

/// What stands beside the fields of a step in a case: no field can be called so.
pub const WORDS: [&str; 6] = ["step", "recorded", "already", "of", "says", "flag"];
/// The steps every register has besides its own, written by these words: no step of its own can be called so.
pub const STEPS: [&str; 5] = ["correct", "void", "link", "attach", "answer"];

/// Holds a set that is to be adopted against its cases; what does not come out as written is a problem. The cases of a register that is itself
/// wrong (`known` says so) are left alone: they would only tell the same again.
pub fn run(files: &crate::definition::FileSet, set: &Definitions, known: &[Problem]) -> Vec<Problem> {
    run_and_see(files, set, known).0
}

/// The same, with what the cases have shown.
pub fn run_and_see(files: &crate::definition::FileSet, set: &Definitions, known: &[Problem]) -> (Vec<Problem>, Shown) {
    let (mut problems, mut covered, mut shown) = (set.objections.clone(), Vec::new(), Shown::default());
    let places = || known.iter().filter_map(|problem| problem.place.as_ref());
    let wrong = |file: &str| places().any(|place| place.file == file);
    let days_wrong = places().any(|place| place.file.starts_with("definitions/calendar/"));
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("definitions/cases/")) {
        let source = Source::new(path, text);
        let stem = crate::definition::stem(path);
        covered.push(stem);
        let of = format!("definitions/registers/{stem}.toml");
        let chosen = |register: &Register| {
            let fields = register.steps.iter().flat_map(|step| &step.fields);
            let named = fields.filter_map(|field| field.catalogue.as_ref());
            named.into_iter().any(|id| wrong(&format!("definitions/catalogues/{}.toml", id.value)))
        };
        let register = set.register(stem).filter(|register| !days_wrong && !wrong(&of) && !chosen(register));
        source.read(|table| {
            let Some(register) = register else {
                if !files.contains_key(&of) {
                    source.note(8, 0..0, format!("没有登记簿“{stem}”"), "案例的文件名就是登记簿的编号");
                }
                table.entries();
                return;
            };
            run_all(set, register, &source, &wrong, table, &mut shown);
        });
        problems.extend(source.into_problems());
    }
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("definitions/registers/")) {
        let stem = crate::definition::stem(path);
        let Some(register) = set.register(stem).filter(|_| !days_wrong && !wrong(path)) else { continue };
        let source = Source::new(path, text);
        source.read(|table| {
            if table.has("case") {
                covered.push(stem);
            }
            run_all(set, register, &source, &wrong, table, &mut shown);
            // The rest of the file was read with the register.
            table.entries();
        });
        problems.extend(source.into_problems());
    }
    for register in set.registers.values().filter(|register| !covered.contains(&register.id.value.as_str())) {
        let text = format!("登记簿“{}”没有案例", register.title);
        let remedy = format!("请在 cases 目录写 {}.toml，至少一个案例", register.id.value);
        problems.push(Problem::new(15, text, remedy).at(&register.file, register.id.span.clone()));
    }
    (problems, shown)
}

fn run_all(
    set: &Definitions,
    register: &Register,
    source: &Source<'_>,
    wrong: &dyn Fn(&str) -> bool,
    table: &mut Table<'_>,
    shown: &mut Shown,
) {
    for mut case in table.tables("case") {
        let figures = set.figures_of(&register.id).filter(|figure| !wrong(&figure.file)).cloned().collect();
        let (title, entries) = (String::new(), Vec::new());
        Case { register, set, figures, source, title, entries, shown }.run(&mut case);
        case.finish();
    }
}

/// In a case any name stands for the record of that name.
struct AnyName;

impl Lookup for AnyName {
    fn find(&self, _register: &str, text: &str) -> Found {
        Found::One(text.to_owned())
    }

    fn has_file(&self, _hash: &str) -> bool {
        true
    }
}

struct Case<'c> {
    register: &'c Register,
    set: &'c Definitions,
    figures: Vec<Arc<Figure>>,
    source: &'c Source<'c>,
    title: String,
    entries: Vec<Entry>,
    shown: &'c mut Shown,
}

impl Case<'_> {
    fn run(&mut self, table: &mut Table<'_>) {
        let title = table.need_text("title");
        self.title = title.value.clone();
        for step in table.tables("steps") {
            let entry = self.entry(step);
            self.entries.extend(entry);
        }
        let entries = self.entries.clone();
        let rows = self.rows(&entries);
        if let Some(then) = table.text("then") {
            self.expect(
                &then.span,
                then.value == rows.head.state,
                &format!("状态应为“{}”", then.value),
                &rows.head.state,
            );
        }
        for mut expected in tables(table, "then_field") {
            self.then_field(&mut expected);
            expected.finish();
        }
        if table.flag("no_flags") {
            self.expect(&title.span, rows.flags.is_empty(), "不应有标记", &said(&rows.flags));
        }
        let found: Vec<&str> = rows.questions.iter().map(|one| one.text.as_str()).collect();
        if table.flag("no_questions") {
            self.expect(&title.span, found.is_empty(), "不应有问题", &found.join("；"));
        }
        for question in table.texts("question") {
            let asked = rows.questions.iter().any(|one| one.id == format!("omitted:{}", question.value));
            self.expect(&question.span, asked, &format!("应问到“{}”", question.value), &found.join("；"));
        }
        for expected in tables(table, "flag") {
            self.flag(&rows, expected);
        }
        for expected in tables(table, "refuse") {
            self.refuse(expected);
        }
        for expected in tables(table, "due") {
            self.due(&rows, expected);
        }
    }

    fn expect(&self, span: &Range<usize>, holds: bool, wanted: &str, found: &str) {
        if !holds {
            let found = if found.is_empty() { "没有" } else { found };
            let text = format!("案例“{}”：{wanted}，实为：{found}", self.title);
            self.source.note(14, span.clone(), text, "请核对定义与案例，改正写错的一个");
        }
    }

    fn rows(&mut self, entries: &[Entry]) -> Rows {
        let rows = record::apply(self.rules(), entries);
        self.shown.see(self.register, &rows);
        rows
    }

    /// `{ field = "step.field", is = "…" }`: what is derived came out so.
    fn then_field(&self, table: &mut Table<'_>) {
        let field = table.need_text("field").map(|text| crate::definition::FieldRef::parse(&text, ""));
        let wanted = table.need_text("is");
        let (course, _) = record::walk(self.rules(), &self.entries);
        let value = course.value(&field, None);
        let found = value.map_or_else(String::new, |value| match value {
            Value::Bool(is) => is.to_string(),
            Value::Int(number) => number.to_string(),
            value => value.texts().join("、"),
        });
        self.expect(&wanted.span, found == wanted.value, &format!("“{}”应为“{}”", *field, wanted.value), &found);
    }

    fn rules(&self) -> Rules<'_> {
        Rules { register: self.register, figures: &self.figures, calendar: &self.set.calendar }
    }

    /// `{ step, says, flag, … }`: a flag on the record; with fields of its own the step is taken first.
    fn flag(&mut self, rows: &Rows, mut table: Table<'_>) {
        let span = table.span.clone();
        let says = table.text("says");
        let words: Vec<(&str, FlagKind)> = FlagKind::ALL.iter().map(|row| (row.0, row.1)).collect();
        let kind = table.word("flag", &words).map(|at| at.value);
        let takes_it = table.keys().any(|key| !["step", "says", "flag"].contains(&key));
        let (step, flags) = if takes_it {
            let step = table.need_text("step");
            let mut entries = self.entries.clone();
            entries.extend(self.entry(table));
            (Some(step), self.rows(&entries).flags)
        } else {
            let step = table.text("step");
            table.finish();
            (step, rows.flags.clone())
        };
        let fits = |flag: &&Flag| {
            step.as_ref().is_none_or(|step| step.value == flag.step)
                && says.as_ref().is_none_or(|says| flag.says.contains(&says.value) || flag.kind.chinese() == says.value)
                && kind.is_none_or(|kind| kind == flag.kind)
        };
        let wanted = says.as_ref().map_or_else(|| kind.map_or("", FlagKind::chinese), |says| &says.value);
        self.expect(&span, flags.iter().any(|flag| fits(&flag)), &format!("应标记“{wanted}”"), &said(&flags));
    }

    /// `{ step, says, … }`: the step, an act of ours, would be refused.
    fn refuse(&mut self, mut table: Table<'_>) {
        let span = table.span.clone();
        let says = table.need_text("says");
        let step = table.need_text("step");
        let mut entries = self.entries.clone();
        entries.extend(self.entry(table));
        let (course, flags) = record::walk(self.rules(), &entries);
        let ours = course.steps.last().is_some_and(|last| judge::is_ours_now(last.step, last));
        self.expect(&span, ours, &format!("“{}”应是 ours 的步骤", step.value), "不是");
        let last = entries.last().map_or(0, |entry| entry.index);
        let refusing: Vec<Flag> =
            flags.into_iter().filter(|flag| flag.entry == last && judge::refuses(flag.kind)).collect();
        self.rows(&entries);
        let refused = refusing.iter().any(|flag| flag.says.contains(&says.value));
        self.expect(&span, refused, &format!("应拒绝“{}”", says.value), &said(&refusing));
    }

    fn due(&self, rows: &Rows, mut table: Table<'_>) {
        let span = table.span.clone();
        let step = table.need_text("step");
        let (last, nominal) = (table.day("last"), table.day("nominal"));
        let provisional = table.flag("provisional");
        let owner = table.text("owner");
        table.finish();
        let fits = |due: &&record::Due| {
            due.step == step.value
                && last.as_ref().is_none_or(|at| at.value == due.last)
                && nominal.as_ref().is_none_or(|at| at.value == due.nominal)
                && (!provisional || due.provisional)
                && owner.as_ref().is_none_or(|at| at.value == due.owner)
        };
        let found: Vec<String> = rows
            .dues
            .iter()
            .map(|due| format!("{} {}（原定 {}）{}", due.step, due.last, due.nominal, due.owner))
            .collect();
        let mut wanted =
            format!("“{}”的末日应为 {}", step.value, last.as_ref().map_or("—".to_owned(), |at| at.to_string()));
        if let Some(owner) = &owner {
            wanted.push_str(&format!("，由“{}”负责", owner.value));
        }
        self.expect(&span, rows.dues.iter().any(|due| fits(&due)), &wanted, &found.join("；"));
    }

    /// One step of a case as an entry; what is not said is filled in plausibly.
    fn entry(&self, mut table: Table<'_>) -> Option<Entry> {
        let index = self.entries.len() as u64;
        let step_id = table.need_text("step");
        let on = table.day("on").map(|at| at.value);
        let recorded = table.day("recorded").map(|at| at.value);
        let last = self.entries.last().map(|entry| entry.recorded);
        let day = on.or(last).or(Day::new(2023, 1, 3))?;
        let target = |table: &mut Table<'_>| {
            let of = table.int("of")?;
            let found = usize::try_from(of.value - 1).ok().and_then(|nth| self.entries.get(nth));
            if found.is_none() {
                let text = format!("案例“{}”没有第 {} 步", self.title, of.value);
                self.source.note(8, of.span, text, "of 从 1 数起");
            }
            found
        };
        let (register, record) = (self.register.id.value.clone(), "case".to_owned());
        let act = match step_id.value.as_str() {
            "void" => {
                let of = target(&mut table).map(|entry| entry.id.clone());
                table.finish();
                Act::Void { register, record, of, reason: "样例".to_owned() }
            }
            "answer" => {
                let question = format!("omitted:{}", table.need_text("question").value);
                let text = table.text("text").map_or_else(|| "样例".to_owned(), |at| at.value);
                table.finish();
                Act::Answer { register, record, question, text }
            }
            "correct" => {
                let of = target(&mut table)?;
                let Act::Step(taken) = &of.act else { return None };
                let step = self.register.step(&taken.step)?;
                let given = given(step, &mut table);
                table.finish();
                let (filled, found) = form::values(step, &given, &AnyName);
                self.complain(&step_id.span, found);
                let (of, reason) = (of.id.clone(), "样例".to_owned());
                Act::Correct {
                    register,
                    record,
                    of,
                    fields: filled.fields,
                    sizes: filled.sizes,
                    cleared: vec![],
                    reason,
                }
            }
            id => {
                let Some(step) = self.register.step(id) else {
                    let known: Vec<&str> = self.register.steps.iter().map(|step| step.id.value.as_str()).collect();
                    let hint = crate::read::nearest_hint(id, &known);
                    let text = format!("案例“{}”：没有步骤“{id}”", self.title);
                    self.source.note(8, step_id.span.clone(), text, format!("可以写：{}{hint}", known.join("、")));
                    return None;
                };
                let already = table.text("already").map(|at| at.value);
                let mut given = given(step, &mut table);
                table.finish();
                self.complete(step, &mut given, day);
                let (course, _) = record::walk(self.rules(), &self.entries);
                let filled = form::fill(step, &given, &course, &AnyName).unwrap_or_else(|found| {
                    self.complain(&step_id.span, found);
                    form::Filled::default()
                });
                Act::Step(Taken {
                    register,
                    record,
                    step: id.to_owned(),
                    fields: filled.fields,
                    sizes: filled.sizes,
                    already,
                    ..Taken::default()
                })
            }
        };
        let recorded = recorded.unwrap_or(day);
        Some(Entry { index, id: format!("entry-{}", index + 1), recorded, actor: "case".to_owned(), act })
    }

    fn complain(&self, span: &Range<usize>, found: Vec<(String, Problem)>) {
        for (_, problem) in found {
            let text = format!("案例“{}”：{}", self.title, problem.text);
            self.source.note(14, span.clone(), text, problem.remedy);
        }
    }

    /// Fills required fields the case does not speak of, so that a case says only what matters to it.
    fn complete(&self, step: &Step, given: &mut Given, day: Day) {
        if let Some(field) = step.day_field() {
            given.entry(field.id.value.clone()).or_insert_with(|| Input::Text(day.to_string()));
        }
        let (course, _) = record::walk(self.rules(), &self.entries);
        for field in step.typed() {
            let (filled, _) = form::values(step, given, &AnyName);
            let present = form::draft(step, &filled, &course);
            if !present.given(&field.id) && form::is_required(field, &course, &present) {
                given.insert(field.id.value.clone(), Input::List(sample(field, day)));
            }
        }
    }
}

fn sample(field: &Field, day: Day) -> Vec<String> {
    let least = field.at_least.unwrap_or(1).max(1);
    match field.kind {
        FieldType::Day => vec![day.to_string()],
        FieldType::Time => vec![format!("{day} 09:00")],
        FieldType::Number | FieldType::Money => vec![least.to_string()],
        FieldType::YesNo => vec![if field.must_be == Some(false) { "否" } else { "是" }.to_owned()],
        FieldType::Choice | FieldType::Choices => field
            .choices
            .iter()
            .filter(|choice| choice.holds(day))
            .take(if field.many { least as usize } else { 1 })
            .map(|choice| choice.title.clone())
            .collect(),
        FieldType::Entry(_) => vec!["1".to_owned()],
        FieldType::File => vec!["0".repeat(64)],
        FieldType::Finding => {
            field.choices.iter().take(1).map(|choice| format!("{}:{day}:样例", choice.id.value)).collect()
        }
        FieldType::Law => (1..=least).map(|nth| format!("《样例{nth}》")).collect(),
        _ if field.many => (1..=least).map(|nth| format!("样例{nth}")).collect(),
        _ => vec!["样例".to_owned()],
    }
}

/// The values a case writes for a step's fields, as somebody would have typed them.
fn given(step: &Step, table: &mut Table<'_>) -> Given {
    let mut given = BTreeMap::new();
    for field in step.typed() {
        let Some(raw) = table.raw_named(&field.id) else { continue };
        match Input::of(&raw) {
            Some(input) => drop(given.insert(field.id.value.clone(), input)),
            None => raw.wrong("文字、整数、日期、true、false，或者它们的列表"),
        }
    }
    given
}

fn tables<'t>(table: &mut Table<'t>, key: &'static str) -> Vec<Table<'t>> {
    let Some(raw) = table.raw(key) else { return Vec::new() };
    let mut all = Vec::new();
    for item in raw.items() {
        match item.as_table() {
            Some(table) => all.push(table),
            None => item.wrong("表"),
        }
    }
    all
}

fn said(flags: &[Flag]) -> String {
    flags.iter().map(|flag| format!("{} {}", flag.kind.word(), flag.says)).collect::<Vec<_>>().join("；")
}
