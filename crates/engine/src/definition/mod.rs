//! Definitions: the data files a lawyer reads, checked as a whole (定义).
//!
//! `check` turns a [`FileSet`] into [`Definitions`] or into all of its problems, never into a half-checked set.
//! The vocabulary is closed and described in `docs/definitions.md`.

pub mod basis;
pub mod catalogue;
pub mod check;
pub mod condition;
pub mod field;
pub mod figure;
mod fill;
pub mod layout;
mod lost;
pub mod mapping;
mod names;
pub mod numbering;
pub mod outline;
pub mod paper;
pub mod parameter;
pub mod register;
mod says;
mod shown;
pub mod statement;
pub mod step;
pub mod time;
pub mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::day::Calendar;
use crate::law::Laws;
use crate::problem::Problem;
use crate::read::{At, Source, Table};
use crate::report::Template;

pub use basis::{Basis, Cite};
pub use catalogue::{Catalogue, Item, MetBy, Notice};
pub use check::{Check, Looks};
pub use condition::{Comparison, Condition, Literal, Test};
pub use field::{ANY, Choice, Copied, Derived, Field, FieldRef, FieldType, Most, Relation, Share};
pub use figure::{Counts, Figure, FlagKind, Over, Stock};
use lost::Lost;
pub use mapping::Mapping;
pub use numbering::Numbering;
pub use paper::Papers;
pub use parameter::{Amount, Bound, Parameter, Parameters, Term};
pub use register::{Bar, Register, State};
pub use says::{Said, Says, Word};
pub use statement::{FigureCell, Listing, PartOf, Statement};
pub use step::{Force, Need, Step, To};
pub use time::{Count, Lasts, NotAfter, NotBefore, Within};
pub use window::Window;

/// The texts of a definition set: path inside the set → text. `laws/…` and `definitions/…` side by side.
pub type FileSet = BTreeMap<String, String>;

/// The vocabulary this engine understands.
pub const VOCABULARY: i64 = 1;

/// A whole set, checked: every name resolves and every citation exists.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    /// What the set calls itself.
    pub title: String,
    /// By id.
    pub registers: BTreeMap<String, Arc<Register>>,
    /// By id, `file.id`.
    pub figures: BTreeMap<String, Arc<Figure>>,
    /// By name, `file.id`.
    pub parameters: Parameters,
    /// Dated lists by the name of their file.
    pub catalogues: BTreeMap<String, Arc<Catalogue>>,
    /// How tables of other programs are read, by the name of their file.
    pub mappings: BTreeMap<String, Arc<Mapping>>,
    /// The papers records become, by register.
    pub papers: BTreeMap<String, Arc<Papers>>,
    /// What superiors ask for and how it is laid out, by the name of their file.
    pub statements: BTreeMap<String, Arc<Statement>>,
    /// Checks across records, by id, `file.id`.
    pub checks: BTreeMap<String, Arc<Check>>,
    /// Which days people rest, and how days are counted.
    pub calendar: Calendar,
    /// The instruments that can be cited.
    pub laws: Laws,
    /// Report templates by name (`annual`).
    pub reports: BTreeMap<String, Template>,
    /// The statutory parts that `check` asks of a whole report, by file (`annual_parts`).
    pub parts: BTreeMap<String, Vec<crate::lint::Part>>,
    /// Citations whose text nobody here has seen (待核): where they stand and why.
    pub pending: Vec<Pending>,
    /// What no set may say any more when it is adopted. One adopted before that was refused is still read: its
    /// records are in the journal.
    pub objections: Vec<Problem>,
}

/// A citation that could not be held against a text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Pending {
    /// The file it stands in.
    pub file: String,
    /// The citation.
    pub cite: String,
    /// Why it is pending.
    pub why: String,
}

impl Definitions {
    /// The register of an id.
    pub fn register(&self, id: &str) -> Option<&Arc<Register>> {
        self.registers.get(id)
    }

    /// The figures that count a register's records.
    pub fn figures_of<'d>(&'d self, register: &'d str) -> impl Iterator<Item = &'d Arc<Figure>> {
        self.figures
            .values()
            .filter(move |figure| !figure.is_built() && figure.register.as_ref().is_none_or(|of| of.value == register))
    }
}

/// Checks a whole set. The files' hashes are given, because the engine does not hash.
pub fn check(files: &FileSet, hash: &dyn Fn(&str) -> String) -> Result<Definitions, Vec<Problem>> {
    let (set, problems) = read(files, hash);
    if problems.is_empty() { Ok(set) } else { Err(problems) }
}

/// What could be read of a set, and all that is wrong with it. Only a set without problems is to be used; the rest of
/// another serves to find the problems of its cases in the same run.
pub fn read(files: &FileSet, hash: &dyn Fn(&str) -> String) -> (Definitions, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut set = Definitions::default();
    let under = |folder: &'static str, ending: &'static str| {
        files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    };

    let (laws, found) = Laws::load(under("laws/", ".toml"));
    problems.extend(found);
    let (calendar, found) = Calendar::load(under("definitions/calendar/", ".toml"));
    problems.extend(found);
    read_set(files, &mut set, &mut problems);

    let mut lost = Lost::default();
    let mut catalogues = Vec::new();
    for (path, text) in under("definitions/catalogues/", ".toml") {
        let source = Source::new(path, text);
        catalogues.extend(lost.read(&source, |table| catalogue::read(table, path)));
        problems.extend(source.into_problems());
    }
    let mut registers = Vec::new();
    for (path, text) in under("definitions/registers/", ".toml") {
        let source = Source::new(path, text);
        if let Some(mut register) = lost.read(&source, |table| register::read(table, path)) {
            register.hash = hash(text);
            registers.push(register);
        }
        problems.extend(source.into_problems());
    }
    let mut figures = Vec::new();
    for (path, text) in under("definitions/figures/", ".toml") {
        let source = Source::new(path, text);
        let read = lost.read(&source, |table| {
            let stem = stem(path);
            table
                .tables("figure")
                .into_iter()
                .filter_map(|mut inner| {
                    let figure = figure::read(&mut inner, path, stem);
                    if figure.is_none() {
                        inner.source.lose(inner.span.start);
                    }
                    inner.finish();
                    figure
                })
                .collect::<Vec<_>>()
        });
        for mut figure in read.unwrap_or_default() {
            figure.hash = hash(text);
            figures.push(figure);
        }
        problems.extend(source.into_problems());
    }
    let mut parameters = Vec::new();
    for (path, text) in under("definitions/parameters/", ".toml") {
        let source = Source::new(path, text);
        let read = lost.read(&source, |table| {
            let each = table.tables("parameter").into_iter().map(|mut inner| {
                let parameter = parameter::read(&mut inner, path, stem(path));
                inner.finish();
                parameter
            });
            each.collect::<Vec<_>>()
        });
        parameters.extend(read.unwrap_or_default());
        problems.extend(source.into_problems());
    }
    let mut checks = Vec::new();
    for (path, text) in under("definitions/checks/", ".toml") {
        let source = Source::new(path, text);
        checks.extend(source.read(|table| check::read_all(table, path)).unwrap_or_default());
        problems.extend(source.into_problems());
    }
    let mut mappings = Vec::new();
    for (path, text) in under("definitions/imports/", ".toml") {
        let source = Source::new(path, text);
        mappings.extend(source.read(|table| mapping::read(table, path)));
        problems.extend(source.into_problems());
    }
    let mut papers = Vec::new();
    for (path, text) in under("definitions/papers/", ".toml") {
        let source = Source::new(path, text);
        papers.extend(source.read(|table| paper::read(table, path)));
        problems.extend(source.into_problems());
    }
    let mut statements = Vec::new();
    for (path, text) in under("definitions/statements/", ".toml") {
        let source = Source::new(path, text);
        statements.extend(source.read(|table| statement::read(table, path)));
        problems.extend(source.into_problems());
    }
    for (path, text) in under("definitions/reports/", ".toml") {
        let source = Source::new(path, text);
        let parts = source.read(crate::report::parts::read);
        problems.extend(source.into_problems());
        set.parts.insert(stem(path).to_owned(), parts.unwrap_or_default());
    }
    catalogue::resolve(&mut registers, &catalogues, &mut lost, &mut problems);
    lost.stumbled(&problems);
    // Only now: whether a file's problems are its own or follow from another's is known once all were read.
    let mut notes = names::Notes::new(files, &lost);
    names::check_parameters(&parameters, &laws, &mut notes);
    let parameters: Parameters = parameters.into_iter().map(|one| (one.id.clone(), one)).collect();
    let named = (&mut mappings[..], &mut papers[..], &mut statements[..]);
    fill::fill(&mut registers, &mut figures, &mut checks, named, &parameters, &mut notes);
    names::check(&registers, &figures, &laws, &mut notes);
    names::check_catalogues(&catalogues, &registers, &figures, &laws, &mut notes);
    names::check_mappings(&mappings, &registers, &laws, &mut notes);
    names::check_papers(&papers, &registers, &laws, &mut notes);
    names::check_statements(&statements, &registers, &figures, &laws, &mut notes);
    names::check_counting(&calendar, &laws, &mut notes);
    names::check::check(&registers, &figures, &checks, &laws, &mut notes);
    for (path, text) in under("definitions/reports/", ".toml") {
        // All parts of a report mostly rest on the same words.
        let bases: BTreeSet<&str> = set.parts[stem(path)].iter().map(|part| part.basis.as_str()).collect();
        for basis in bases {
            let at = text.find(basis).unwrap_or(0);
            let basis = At { value: basis.to_owned(), span: at..at + basis.len() };
            names::check_named(path, &basis, &laws, &mut notes);
        }
    }
    fill::findings(&mut registers, &checks);
    set.pending = notes.pending;
    set.objections = notes.objections;
    problems.extend(notes.problems);
    set.laws = laws;
    set.calendar = calendar;
    set.parameters = parameters;
    set.catalogues = catalogues.into_iter().map(|catalogue| (catalogue.id.clone(), Arc::new(catalogue))).collect();
    set.mappings = mappings.into_iter().map(|mapping| (mapping.id.clone(), Arc::new(mapping))).collect();
    set.papers = papers.into_iter().map(|papers| (papers.register.value.clone(), Arc::new(papers))).collect();
    set.statements = statements.into_iter().map(|statement| (statement.id.clone(), Arc::new(statement))).collect();
    set.checks = checks.into_iter().map(|check| (check.id.clone(), Arc::new(check))).collect();
    set.registers = registers.into_iter().map(|register| (register.id.value.clone(), Arc::new(register))).collect();
    set.figures = figures.into_iter().map(|figure| (figure.id.clone(), Arc::new(figure))).collect();
    for (path, text) in under("definitions/reports/", ".md") {
        let (template, found) = Template::read(path, text, &set);
        let unread = |problem: &Problem| {
            let id = problem.place.as_ref().and_then(|place| text.get(place.span.clone())).unwrap_or("");
            problem.code.0 == 504 && lost.figure(id)
        };
        problems.extend(found.into_iter().filter(|problem| !unread(problem)));
        set.reports.insert(stem(path).to_owned(), template);
    }
    (set, problems)
}

fn read_set(files: &FileSet, set: &mut Definitions, problems: &mut Vec<Problem>) {
    const PATH: &str = "definitions/set.toml";
    let Some(text) = files.get(PATH) else {
        problems.push(Problem::new(13, "整套定义缺少 set.toml", "请写 vocabulary = 1 和 title = \"…\"").at(PATH, 0..0));
        return;
    };
    let source = Source::new(PATH, text);
    source.read(|table| {
        set.title = table.need_text("title").value;
        match table.int("vocabulary") {
            Some(at) if at.value != VOCABULARY => table.note(
                13,
                at.span,
                format!("词汇第 {} 版，本程序只认识第 {VOCABULARY} 版", at.value),
                "请升级程序，或者改用 vocabulary = 1 的定义",
            ),
            Some(_) => {}
            None => table.missing("vocabulary"),
        }
    });
    problems.extend(source.into_problems());
}

/// `definitions/figures/mediation.toml` → `mediation`.
pub(crate) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn read_id(table: &mut Table<'_>, key: &'static str) -> At<String> {
    let id = table.need_text(key);
    match id.value.is_empty() {
        true => table.source.lose(table.span.start),
        false => check_id(table, &id),
    }
    id
}

fn check_id(table: &Table<'_>, id: &At<String>) {
    let shaped = id.value.len() <= 40
        && id.value.starts_with(|c: char| c.is_ascii_lowercase())
        && id.value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !shaped {
        table.note(
            6,
            id.span.clone(),
            format!("编号“{}”不合规则", id.value),
            "请用小写英文字母开头，只含小写字母、数字和下划线，不超过四十个字符",
        );
    }
}

/// The roles a person can hold, with what people see.
pub const ROLES: &[(&str, &str)] = &[
    ("clerk", "经办"),
    ("leader", "领导"),
    ("reviewer", "合法性审查"),
    ("mediator", "调解员"),
    ("adviser", "法律顾问"),
    ("village", "村干部"),
    ("inspector", "督察"),
    ("admin", "系统管理"),
];

fn read_roles(table: &mut Table<'_>, key: &'static str) -> Vec<At<String>> {
    let roles = table.texts(key);
    let known: Vec<&str> = ROLES.iter().map(|role| role.0).collect();
    for role in roles.iter().filter(|role| !known.contains(&role.value.as_str())) {
        table.note(
            5,
            role.span.clone(),
            format!("没有“{}”这个角色", role.value),
            format!("可以写：{}{}", known.join("、"), crate::read::nearest_hint(&role.value, &known)),
        );
    }
    roles
}
