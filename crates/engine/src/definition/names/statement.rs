//! Holding statements against the figures and registers they are filled from, and against who sees what was sent.

use std::collections::BTreeSet;

use crate::definition::condition::Condition;
use crate::definition::field::{Field, FieldRef, FieldType};
use crate::definition::figure::{Counts, Figure, Over};
use crate::definition::register::Register;
use crate::definition::statement::{FigureCell, Listing, PartOf, Statement};
use crate::definition::{Pending, ROLES};
use crate::figure::is_distinct;
use crate::law::Laws;
use crate::read::At;
use crate::report::By;

use super::figure::field_of;
use super::{Notes, check_test, resolve, values_of};

/// The register of what was sent: whoever reads it opens the files.
const SENT: &str = "submission";

pub(in crate::definition) fn check(
    statements: &[Statement],
    registers: &[Register],
    figures: &[Figure],
    laws: &Laws,
    notes: &mut Notes<'_>,
) {
    for statement in statements {
        resolve(&statement.basis, &statement.file, None, None, laws, notes);
        if let Some(why) = &statement.pending {
            let cite = format!("报表“{}”（{}）", statement.title, statement.id);
            notes.pending.push(Pending { file: statement.file.clone(), cite, why: why.clone() });
        }
        let mut holding = Holding { statement, registers, figures, told: BTreeSet::new() };
        for cell in &statement.cells {
            holding.cell(cell, notes);
        }
        if let Some(listing) = &statement.rows {
            holding.listing(listing, notes);
        }
    }
}

struct Holding<'s> {
    statement: &'s Statement,
    registers: &'s [Register],
    figures: &'s [Figure],
    /// Where something was said already: a matrix names each figure and each part once, and has many cells.
    told: BTreeSet<usize>,
}

impl<'s> Holding<'s> {
    fn register(&self, id: &str) -> Option<&'s Register> {
        self.registers.iter().find(|register| register.id.value == id)
    }

    fn figure(&mut self, at: &At<String>, notes: &mut Notes<'_>) -> Option<&'s Figure> {
        let found = self.figures.iter().find(|figure| figure.id == at.value);
        let unknown = found.is_none() && !at.value.is_empty() && !notes.lost.figure(&at.value);
        if unknown && self.told.insert(at.span.start) {
            let known: Vec<&str> = self.figures.iter().map(|figure| figure.id.as_str()).collect();
            notes.unknown(&self.statement.file, "数字", at, &known);
        }
        found
    }

    fn cell(&mut self, cell: &FigureCell, notes: &mut Notes<'_>) {
        let Some(figure) = self.figure(&cell.figure, notes) else { return };
        let file = &self.statement.file;
        self.seen_by_readers(figure, &cell.figure, notes);
        if cell.ten_thousands && !self.is_money(figure) && self.told.insert(cell.figure.span.start) {
            let text = format!("“{}”不是金额，不能以万元为单位", figure.title);
            notes.note(10, file, &cell.figure.span, text, "请删去 unit，或者改用金额类的数字");
        }
        let (by, key) = match &cell.part {
            PartOf::Whole => return,
            PartOf::One { by, key } => (*by, Some(key)),
            PartOf::Rest { by, .. } => (*by, None),
        };
        if key.is_none() && is_distinct(figure) && self.told.insert(cell.figure.span.start) {
            let text = format!("“{}”数的是不重复的，几部分加起来会多数", figure.title);
            notes.note(10, file, &cell.figure.span, text, "请删去 rest，或者把这个数字另写一个 [[cell]]");
        }
        match (by, key) {
            (By::Kind, key) => self.kind(figure, cell, key, notes),
            (By::Month, Some(key)) => {
                let month = key.value.len() == 2 && key.value.parse().is_ok_and(|month: u8| (1..=12).contains(&month));
                if !month && self.told.insert(key.span.start) {
                    let text = format!("“{}”不是月份", key.value);
                    notes.note(8, file, &key.span, text, "请写两位的月份，如 \"03\"");
                }
            }
            // Villages are records of the township: their names are not known here.
            (By::Village | By::Town, _) | (By::Month, None) => {}
        }
    }

    fn kind(&mut self, figure: &'s Figure, cell: &FigureCell, key: Option<&At<String>>, notes: &mut Notes<'_>) {
        let file = &self.statement.file;
        let Some(kinds) = self.kinds(figure, notes) else {
            if self.told.insert(cell.figure.span.start) {
                let text = format!("“{}”的定义没有写按什么分类（kind）", figure.title);
                notes.note(10, file, &cell.figure.span, text, "请给这个数字写 kind，或者改用有分类的数字");
            }
            return;
        };
        let Some(key) = key.filter(|key| !kinds.is_empty() && !kinds.contains(&key.value)) else { return };
        if self.told.insert(key.span.start) {
            notes.unknown(file, &format!("“{}”的类别", figure.title), key, &kinds);
        }
    }

    /// The kinds a figure can be broken down into; none where it cannot, and nothing in it where they are not known.
    fn kinds(&self, figure: &'s Figure, notes: &Notes<'_>) -> Option<Vec<String>> {
        let other = |id: &str| self.figures.iter().find(|figure| figure.id == id);
        match &figure.counts {
            Counts::Total(parts) => Some(parts.iter().map(|part| part.value.clone()).collect()),
            Counts::Ratio { of, over: Over::Items(_), .. } => {
                other(of).map_or(Some(Vec::new()), |of| self.kinds(of, notes))
            }
            Counts::Ratio { of, over: Over::Figure(over), .. } => {
                let (Some(of), Some(over)) = (other(of), other(over)) else { return Some(Vec::new()) };
                let (of, over) = (self.kinds(of, notes)?, self.kinds(over, notes)?);
                (of == over).then_some(of)
            }
            _ => {
                let Some(register) = &figure.register else {
                    return Some(self.registers.iter().map(|register| register.id.value.clone()).collect());
                };
                let kind = figure.kind.as_ref()?;
                let Some(register) = self.register(register) else { return Some(Vec::new()) };
                let field = register.field(kind).filter(|field| !notes.lost.inside(register, field));
                Some(field.map(values_of).unwrap_or_default())
            }
        }
    }

    fn is_money(&self, figure: &Figure) -> bool {
        let other = |id: &str| self.figures.iter().find(|figure| figure.id == id);
        match &figure.counts {
            Counts::Sum { field, .. } => {
                let register = figure.register.as_ref().and_then(|id| self.register(id));
                // What could not be read is no reason to say that it is none.
                register.and_then(|register| register.field(field)).is_none_or(|field| field.kind == FieldType::Money)
            }
            Counts::Total(parts) => parts.first().and_then(|part| other(part)).is_none_or(|part| self.is_money(part)),
            _ => false,
        }
    }

    /// What is sent lies in the register of submissions: nobody reads there what he may not read where it is kept.
    fn seen_by_readers(&mut self, figure: &'s Figure, at: &At<String>, notes: &mut Notes<'_>) {
        let mut behind = vec![figure];
        let mut next = 0;
        while let Some(figure) = behind.get(next) {
            next += 1;
            let parts: Vec<&str> = match &figure.counts {
                Counts::Ratio { of, over: Over::Figure(over), .. } => vec![of, over],
                Counts::Ratio { of, .. } => vec![of],
                Counts::Total(parts) => parts.iter().map(|part| part.value.as_str()).collect(),
                _ => Vec::new(),
            };
            let found: Vec<&Figure> = self.figures.iter().filter(|other| parts.contains(&other.id.as_str())).collect();
            behind.extend(
                found.into_iter().filter(|one| !behind.iter().any(|known| known.id == one.id)).collect::<Vec<_>>(),
            );
        }
        let registers: Vec<&Register> =
            behind.into_iter().filter_map(|figure| self.register(figure.register.as_ref()?)).collect();
        for register in registers {
            self.read_alike(register, at, notes);
        }
    }

    fn read_alike(&mut self, register: &Register, at: &At<String>, notes: &mut Notes<'_>) {
        let Some(sent) = self.register(SENT) else { return };
        let reads = |role: &str| register.read.iter().any(|reader| reader.value == role);
        let more = sent.read.iter().find(|role| !reads(&role.value));
        if let Some(role) = more.filter(|_| self.told.insert(at.span.start)) {
            let title = ROLES.iter().find(|(id, _)| *id == role.value).map_or(role.value.as_str(), |(_, title)| title);
            let text = format!("“{}”不给{title}看，“{}”却给{title}看", register.title, sent.title);
            let remedy = "报送的文件存在报送的案卷里：能看报送的人，都要能看报表所用的登记簿";
            notes.note(10, &self.statement.file, &at.span, text, remedy);
        }
    }

    fn listing(&mut self, listing: &Listing, notes: &mut Notes<'_>) {
        let file = &self.statement.file;
        let ids: Vec<&str> = self.registers.iter().map(|register| register.id.value.as_str()).collect();
        let figure = listing.figure.as_ref().and_then(|at| self.figure(at, notes));
        let Some(register) = self.register(&listing.register) else {
            if !listing.register.value.is_empty() && !notes.lost.register(&listing.register) {
                notes.unknown(file, "登记簿", &listing.register, &ids);
            }
            return;
        };
        self.read_alike(register, &listing.register, notes);
        if register.step(&listing.step).is_none() {
            if !listing.step.value.is_empty() && !notes.lost.outside_steps(register) {
                let known: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
                notes.unknown(file, "步骤", &listing.step, &known);
            }
            return;
        }
        let counts = |figure: &Figure| figure.register.as_ref().is_some_and(|of| of.value == listing.register.value);
        if let Some(at) = listing.figure.as_ref().filter(|_| figure.is_some_and(|figure| !counts(figure))) {
            let text = format!("“{}”数的不是登记簿“{}”的案卷", at.value, register.title);
            notes.note(10, file, &at.span, text, "figure 请写数这个登记簿的数字，不写比率和合计");
        }
        if let Some(at) = &listing.year {
            self.field(register, at, notes, |field| field.kind == FieldType::Number, "数字");
        }
        if let Some(at) = &listing.order {
            let fits = |field: &Field| {
                matches!(field.kind, FieldType::Number | FieldType::Money | FieldType::Day | FieldType::Text)
            };
            self.field(register, at, notes, fits, "数字、金额、日期或者文字");
        }
        for at in listing.columns.iter().flat_map(|(_, says)| says.fields()) {
            self.field(register, at, notes, |field| field.kind != FieldType::File, "可以写进格子的");
        }
        for condition in listing.conditions.iter().chain(&listing.unless).flat_map(Condition::comparisons) {
            if let Some(field) = field_of(register, &condition.field, file, notes) {
                check_test(condition, field, register, file, notes);
            }
        }
    }

    fn field(
        &self,
        register: &Register,
        at: &At<FieldRef>,
        notes: &mut Notes<'_>,
        fits: impl Fn(&Field) -> bool,
        wanted: &str,
    ) {
        let file = &self.statement.file;
        let Some(field) = field_of(register, at, file, notes) else { return };
        if notes.lost.inside(register, field) {
            return;
        }
        if field.personal {
            let text = format!("“{}”是个人信息，不得写进报表", field.title);
            notes.note(12, file, &at.span, text, "请改用不含个人信息的字段；上级确实要的，另行导出并写明理由");
        } else if !fits(field) {
            let text = format!("“{}”不是{wanted}字段", field.title);
            notes.note(10, file, &at.span, text, "请改用别的字段，或者删去");
        }
    }
}
