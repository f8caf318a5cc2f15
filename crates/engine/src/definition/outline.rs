//! A register, a catalogue, a mapping or a statement in words, with the law of each step and item: what a lawyer reads instead of the file (提要).

use std::fmt::Write;

use crate::day::Day;
use crate::read::At;
use crate::statement::Square;

use super::{
    Basis, Catalogue, Choice, Comparison, Condition, Count, Definitions, Field, FieldRef, FieldType, Force, Mapping,
    Most, PartOf, Register, Relation, Said, Statement, Step, To, Within,
};

/// The whole register as text, with the citations valid on a day.
pub fn outline(register: &Register, day: Day) -> String {
    let mut out = String::new();
    let reference = if register.applies.by_reference { "（乡镇参照执行）" } else { "" };
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{}{reference}  {}", register.title, register.id.value);
    basis(&mut out, "  ", &register.basis, day);
    basis(&mut out, "  参照执行的", &register.applies.basis, day);
    if let Some(number) = &register.number {
        let _ = writeln!(out, "  编号：{}", number.pattern.value);
    }
    if let Some(within) = &register.recorded_within {
        let _ = writeln!(out, "  事发后{}内记入，超过的算补录", within.span);
    }
    if !register.once.is_empty() {
        let _ = writeln!(out, "  {}相同的，只立一个案卷", register.once_titles());
    }
    let states: Vec<&str> = register.states.iter().map(|state| state.title.as_str()).collect();
    let _ = writeln!(out, "  状态：{}", states.join("、"));
    for step in &register.steps {
        one_step(&mut out, register, step, day);
    }
    for bar in &register.bars {
        let stops = register.step(&bar.stops).map_or("", |step| &step.title);
        let _ = writeln!(out, "\n不得“{stops}”：{}", bar.say);
        let _ = writeln!(out, "    除非：{}", conditions(register, &bar.unless));
        basis(&mut out, "    ", &bar.basis, day);
    }
    out
}

/// A catalogue as text, with the citations valid on a day.
pub fn catalogue(catalogue: &Catalogue, day: Day) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", catalogue.title, catalogue.id);
    basis(&mut out, "  ", &catalogue.basis, day);
    if let Some(notice) = &catalogue.notice {
        let _ = writeln!(out, "  提前{}天提醒", notice.days);
    }
    for item in &catalogue.items {
        let bound = |day: Option<Day>, word: &str| day.map_or_else(String::new, |day| format!("，{word} {day}"));
        let dates = format!("{}{}", bound(item.from, "自"), bound(item.until, "到"));
        let dates = if dates.is_empty() { dates } else { format!("（{}）", &dates['，'.len_utf8()..]) };
        let _ = writeln!(out, "\n· {}{dates}  {}", item.title, item.id.value);
        if let Some((first, last)) = item.yearly.and_then(|yearly| yearly.in_year(day.year())) {
            let until = if first == last { String::new() } else { format!(" 至 {last}") };
            let _ = writeln!(out, "    今年：{first}{until}");
        }
        basis(&mut out, "    ", &item.basis, day);
        for (what, names) in [("数字", &item.figures), ("登记簿", &item.registers)] {
            if !names.is_empty() {
                let names: Vec<&str> = names.iter().map(|at| at.value.as_str()).collect();
                let _ = writeln!(out, "    {what}：{}", names.join("、"));
            }
        }
        if let Some(missing) = &item.missing {
            let _ = writeln!(out, "    尚缺：{missing}");
        }
    }
    out
}

/// A mapping as text: which headings fill which fields, and what is left out.
pub fn mapping(mapping: &Mapping, register: Option<&Register>, day: Day) -> String {
    let mut out = String::new();
    let step = register.and_then(|register| register.step(&mapping.step));
    let field = |id: &str| step.and_then(|step| step.field(id));
    let title = |id: &str| field(id).map_or(id.to_owned(), |field| field.title.clone());
    let _ = writeln!(out, "{}  {}", mapping.title, mapping.id);
    basis(&mut out, "  ", &mapping.basis, day);
    if let Some(why) = &mapping.pending {
        let _ = writeln!(out, "  {why}");
    }
    let named = register.map_or(mapping.register.value.as_str(), |register| &register.title);
    let _ = writeln!(out, "  每一行：{named}的“{}”", step.map_or(mapping.step.value.as_str(), |step| &step.title));
    for id in &mapping.with {
        let _ = writeln!(out, "  表里没有，导入时写：--with {}=…（{}）", id.value, title(id));
    }
    for column in &mapping.columns {
        let _ = writeln!(out, "\n· {}  {}", title(&column.field), column.field.value);
        let _ = writeln!(out, "    标题：{}", texts(&column.headings));
        let choice = |id: &str| field(&column.field).map_or(id.to_owned(), |field| field.choice_title(id).to_owned());
        for (id, words) in &column.words {
            let _ = writeln!(out, "    {}：{}", choice(id), texts(words));
        }
        if let Some(score) = &column.score {
            let (then, otherwise) = (choice(&score.then), choice(&score.otherwise));
            let _ = writeln!(out, "    数字：{} 以上{then}，不到的{otherwise}；数字不存", score.at_least);
        }
    }
    for (id, value) in &mapping.default {
        let value = field(id).map_or(value.value.as_str(), |field| field.choice_title(value));
        let _ = writeln!(out, "\n没有说“{}”而必填的：{value}", title(id));
    }
    if !mapping.ignored.is_empty() {
        let _ = writeln!(out, "\n不要的列：{}", texts(&mapping.ignored));
    }
    out
}

/// A statement as text: which cell holds what, and what its rows are.
pub fn statement(statement: &Statement, set: &Definitions, day: Day) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", statement.title, statement.id);
    basis(&mut out, "  ", &statement.basis, day);
    if let Some(why) = &statement.pending {
        let _ = writeln!(out, "  {why}");
    }
    let sheet = statement.sheet.as_deref().unwrap_or("第一张看得见的工作表");
    let _ = writeln!(out, "  报给：{}；填：{sheet}", statement.to);
    let expected: Vec<String> = statement.expect.iter().map(|(at, text)| format!("{} {text}", at.value)).collect();
    let _ = writeln!(out, "  应当是：{}", expected.join("、"));
    for cell in &statement.cells {
        let title = set.figures.get(&cell.figure.value).map_or(cell.figure.as_str(), |figure| &figure.title);
        let part = match &cell.part {
            PartOf::Whole => String::new(),
            PartOf::One { by, key } => format!("，{} {}", by.chinese(), key.value),
            PartOf::Rest { by, .. } => format!("，其余{}", by.chinese()),
        };
        let unit = if cell.ten_thousands { "（万元）" } else { "" };
        let _ = writeln!(out, "· {}  {title}{unit}{part}  {}", cell.at.value, cell.figure.value);
    }
    let Some(listing) = &statement.rows else { return out };
    let register = set.register(&listing.register);
    let title = |at: &FieldRef| {
        let field = register.and_then(|register| register.field(at));
        field.map_or_else(|| at.to_string(), |field| field.title.clone())
    };
    let step = register.and_then(|register| register.step(&listing.step));
    let named = register.map_or(listing.register.as_str(), |register| &register.title);
    let _ = writeln!(out, "\n每一行：{named}的“{}”", step.map_or(listing.step.as_str(), |step| &step.title));
    for (column, says) in &listing.columns {
        let piece = |said: &Said| match said {
            Said::Text(text) => text.clone(),
            Said::Field(at) => format!("{{{}}}", title(at)),
            Said::Word(word) => format!("{{{}}}", word.chinese()),
        };
        let text: String = says.0.iter().map(piece).collect();
        let _ = writeln!(out, "· {}  {text}", Square::letters(column.value));
    }
    out
}

fn texts(all: &[At<String>]) -> String {
    all.iter().map(|at| at.value.as_str()).collect::<Vec<_>>().join("、")
}

fn basis(out: &mut String, before: &str, basis: &Basis, day: Day) {
    let texts = basis.on(day);
    if !texts.is_empty() {
        let _ = writeln!(out, "{before}依据：{}", texts.join("、"));
    }
}

fn one_step(out: &mut String, register: &Register, step: &Step, day: Day) {
    let mut notes = Vec::new();
    notes.extend(step.force.map(Force::chinese));
    if step.ours {
        notes.push("镇里的行为，违反禁止的拒绝");
    }
    if step.repeat {
        notes.push("可以多次");
    }
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join("，")) };
    let _ = writeln!(out, "\n“{}”{notes}  {}", step.title, step.id.value);
    let _ = writeln!(out, "    {}", course(register, step));
    basis(out, "    ", &step.basis, day);
    if let Some(need) = need(register, step) {
        let _ = writeln!(out, "    非做不可：{need}；没做的要说明理由");
    }
    for within in &step.within {
        let _ = writeln!(out, "    期限：{}", time(register, step, within));
        if let Some(until) = extension(register, within) {
            let _ = writeln!(out, "      {until}");
        }
        basis(out, "      ", &within.basis, day);
    }
    let owners = owners(register, step);
    if !owners.is_empty() {
        let _ = writeln!(out, "    由“{}”负责", owners.join("”或者后来的“"));
    }
    if let Some(lasts) = &step.lasts {
        let _ = writeln!(out, "    至少{}，不因休息日缩短", lasts.term.words());
        basis(out, "      ", &lasts.basis, day);
    }
    if let Some(before) = step.before.as_ref().and_then(|id| register.step(id)) {
        let _ = writeln!(out, "    应在“{}”之前", before.title);
    }
    for field in &step.fields {
        one_field(out, register, field, day);
    }
}

/// Where a step leads from and to, in words.
pub fn course(register: &Register, step: &Step) -> String {
    let title = |id: &str| register.state_title(id).to_owned();
    let from: Vec<String> = step.from.iter().map(|state| title(state)).collect();
    let to = match &step.to {
        None => "状态不变".to_owned(),
        Some(To::State(state)) => format!("到“{}”", title(state)),
        Some(To::By { field, states }) => {
            let by = register.field(field);
            let ways: Vec<String> =
                states.iter().map(|(value, state)| format!("{}到“{}”", value.value.words(by), title(state))).collect();
            ways.join("，")
        }
    };
    match from.is_empty() {
        true => format!("开立案卷，{to}"),
        false => format!("从“{}”，{to}", from.join("”或“")),
    }
}

/// When leaving a step out needs a reason, in words.
pub fn need(register: &Register, step: &Step) -> Option<String> {
    let need = step.need.as_ref()?;
    Some(if need.when.is_empty() { "一律".to_owned() } else { conditions(register, &need.when) })
}

/// By when a step is due, in words.
pub fn time(register: &Register, step: &Step, within: &Within) -> String {
    let of = register.field(&within.of).map_or("", |field| &field.title);
    let force = within.verb(step.force).map_or("", Force::chinese);
    match &within.count {
        Count::After(term) => format!("{force}自“{of}”起{}内", term.words()),
        Count::Before(term) => format!("{force}在“{of}”{}以前", term.words()),
        Count::On => format!("{force}不迟于“{of}”"),
        Count::Yearly { month, day, inside } => {
            let which = if *inside { "当年的" } else { "后的" };
            format!("{force}在“{of}”{which}{month}月{day}日以前")
        }
    }
}

/// By what a time may be extended, in words.
pub fn extension(register: &Register, within: &Within) -> Option<String> {
    let until = within.extended_by.as_ref().and_then(|at| register.field(at))?;
    Some(format!("可以延至“{}”", until.title))
}

/// The fields that say whose a step is.
pub fn owners<'r>(register: &'r Register, step: &Step) -> Vec<&'r str> {
    let mut owners: Vec<&str> = Vec::new();
    for owner in step.owner.iter().filter_map(|at| register.field(at)) {
        if !owners.contains(&owner.title.as_str()) {
            owners.push(&owner.title);
        }
    }
    owners
}

/// What is asked of a field, in words: its type first, then each rule.
pub fn notes(register: &Register, field: &Field) -> Vec<String> {
    let mut notes = vec![kind(field)];
    if field.many {
        notes.push("可填多个".to_owned());
    }
    match (field.required_if.is_empty(), field.optional) {
        (false, _) => notes.push(format!("{}时必填", conditions(register, &field.required_if))),
        (true, true) => notes.push("可不填".to_owned()),
        (true, false) => {}
    }
    if let Some(must) = field.must_be {
        notes.push(format!("应为“{}”", if must { "是" } else { "否" }));
    }
    notes.extend(field.at_least.map(|least| format!("不少于{least}")));
    notes.extend(field.at_most.as_ref().map(|most| match most {
        Most::Number(most) => format!("不超过{most}"),
        Most::Field(at) => format!("不超过“{}”", register.field(at).map_or("", |field| &field.title)),
    }));
    for rule in &field.not_before {
        let of = register.field(&rule.of).map_or("", |field| &field.title);
        notes.push(match &rule.term {
            None => format!("不能早于“{of}”"),
            Some(term) => format!("不得早于“{of}”之后{}", term.words()),
        });
    }
    for rule in &field.not_after {
        let of = register.field(&rule.of).map_or("", |field| &field.title);
        let when = match rule.when.is_empty() {
            true => String::new(),
            false => format!("{}时，", conditions(register, &rule.when)),
        };
        notes.push(format!("{when}不得晚于“{of}”之后{}", rule.term.words()));
    }
    let related = |relation: &Relation| {
        let other = register.field(&relation.of);
        let when = match relation.when.is_empty() {
            true => String::new(),
            false => format!("{}时，", conditions(register, &relation.when)),
        };
        (when, other.map_or("", |field| &field.title), other.is_some_and(|field| field.many))
    };
    for relation in &field.same_as {
        let (when, of, many) = related(relation);
        notes.push(if many {
            format!("{when}应在“{of}”之中")
        } else {
            format!("{when}应与“{of}”相同")
        });
    }
    for relation in &field.not_among {
        let (when, of, many) = related(relation);
        notes.push(if many {
            format!("{when}不得在“{of}”之中")
        } else {
            format!("{when}不得与“{of}”相同")
        });
    }
    for share in &field.share {
        let (when, of, _) = related(&share.relation);
        notes.push(format!("{when}应{}“{of}”的{}", share.verb(), share.words()));
    }
    if let Some(copy) = &field.copy {
        let from = register.field(&copy.of).map_or("", |from| &from.title);
        notes.push(format!("填了“{from}”的，由它带出，不填"));
    }
    if !field.is_typed() {
        notes.push("由系统算出，不填".to_owned());
    }
    if field.personal {
        notes.push("个人信息，封存".to_owned());
    }
    notes
}

fn one_field(out: &mut String, register: &Register, field: &Field, day: Day) {
    let _ = writeln!(out, "    · {}（{}）  {}", field.title, notes(register, field).join("，"), field.id.value);
    if let Some(ask) = &field.ask {
        let _ = writeln!(out, "      问：{ask}");
    }
    if let Some(number) = &field.number {
        let _ = writeln!(out, "        编号：{}", number.pattern.value);
        basis(out, "          ", &number.basis, day);
    }
    for derived in &field.derive {
        let when = match derived.when.is_empty() {
            true => "其余".to_owned(),
            false => conditions(register, &derived.when),
        };
        let _ = writeln!(out, "        {}：{when}", field.choice_title(&derived.value));
        basis(out, "          ", &derived.basis, day);
    }
    if !field.choices.is_empty() {
        let choices: Vec<String> = field.choices.iter().map(|choice| one_choice(choice, day)).collect();
        let _ = writeln!(out, "      {}", choices.join("／"));
    }
    basis(out, "      ", &field.basis, day);
}

/// A choice, and where it is not in force on the day, from or until when it is.
pub fn one_choice(choice: &Choice, day: Day) -> String {
    match (choice.from, choice.until) {
        (Some(from), _) if day < from => format!("{}（自 {from} 起）", choice.title),
        (_, Some(until)) if until < day => format!("{}（到 {until} 为止）", choice.title),
        _ => choice.title.clone(),
    }
}

fn kind(field: &Field) -> String {
    match &field.kind {
        FieldType::Text => "文字",
        FieldType::Day => "日期",
        FieldType::Time => "时刻",
        FieldType::Number => "整数",
        FieldType::Money => "金额",
        FieldType::YesNo => "是否",
        FieldType::Choice | FieldType::Choices => "选择",
        FieldType::Person => "人员",
        FieldType::Outsider => "姓名或名称",
        FieldType::Record(_) => "引用案卷",
        FieldType::Entry(_) => "第几次",
        FieldType::File => "附件",
        FieldType::Village | FieldType::Villages => "村",
        FieldType::Office => "内设机构",
        FieldType::Law => "法律文件",
        FieldType::Finding => "请核实的编号",
    }
    .to_owned()
}

/// Conditions, in words.
pub fn conditions(register: &Register, conditions: &[Condition]) -> String {
    let one = |comparison: &Comparison| {
        let step = register.step(&comparison.field.step).map_or("", |step| &step.title);
        let every = if comparison.every { "每一次的" } else { "" };
        let not_needed = if comparison.or_not_needed { "（本不需要的除外）" } else { "" };
        format!("{every}“{step}”的{}{not_needed}", comparison.words(Some(register)))
    };
    conditions.iter().map(|condition| condition.words(one)).collect::<Vec<_>>().join("，并且")
}
