//! Mappings: how the headings and words of a table made elsewhere become fields of one step (列对照).

use crate::read::{At, Raw, Table};

use super::basis::{self, Basis};
use super::condition::{self, Condition};

/// How a table of some other program is read into one step of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The name of its file, by which an import names it.
    pub id: String,
    /// What people see.
    pub title: String,
    /// Where the shape of the table comes from.
    pub basis: Basis,
    /// What nobody here has seen yet (待核).
    pub pending: Option<String>,
    /// The register it fills.
    pub register: At<String>,
    /// The step each row takes; it opens a record.
    pub step: At<String>,
    /// The columns that are read.
    pub columns: Vec<MappedColumn>,
    /// Headings that are known and left out on purpose.
    pub ignored: Vec<At<String>>,
    /// Fields the table does not hold: whoever imports says them once for all rows.
    pub with: Vec<At<String>>,
    /// What stands where a field has to be filled and the table says nothing.
    pub default: Vec<(At<String>, At<String>)>,
    /// Which records a reference may name.
    pub only: Vec<Only>,
    /// The file it was read from.
    pub file: String,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedColumn {
    /// It stands under one of these.
    pub headings: Vec<At<String>>,
    /// The field it fills.
    pub field: At<String>,
    /// What the table's words stand for: a choice, and the words for it.
    pub words: Vec<(At<String>, Vec<At<String>>)>,
    /// What a number stands for, where the table gives no more than that.
    pub score: Option<Score>,
}

/// `score = { at_least = 60, then = "passed", otherwise = "failed" }`: the number itself is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// From this number on.
    pub at_least: i64,
    /// The choice from there on.
    pub then: At<String>,
    /// The choice below it.
    pub otherwise: At<String>,
}

/// A reference that may only name records of which something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    /// The field that refers.
    pub field: At<String>,
    /// What has to hold of the record it names.
    pub conditions: Vec<Condition>,
    /// What is said of another.
    pub say: String,
}

impl MappedColumn {
    /// What a cell stands for: the choice its word or number means, itself where nothing is said of words, and nothing
    /// where the word is none of those known.
    pub fn read<'t>(&'t self, text: &'t str) -> Option<&'t str> {
        if self.words.is_empty() && self.score.is_none() {
            return Some(text);
        }
        let said = bare(text);
        let word = self.words.iter().find(|(_, words)| words.iter().any(|word| bare(word) == said));
        word.map(|(choice, _)| choice.value.as_str()).or_else(|| {
            let score = self.score.as_ref()?;
            let number = said.trim_end_matches('分').parse::<f64>().ok().filter(|number| number.is_finite())?;
            Some(if number >= score.at_least as f64 { &score.then.value } else { &score.otherwise.value })
        })
    }

    /// The words it knows, as they are told to whoever used another.
    pub fn known(&self) -> String {
        let mut known: Vec<&str> = self.words.iter().flat_map(|(_, words)| words).map(|at| at.value.as_str()).collect();
        known.extend(self.score.as_ref().map(|_| "数字"));
        known.join("、")
    }
}

impl Mapping {
    /// Whether a heading is one that is left out.
    pub fn ignores(&self, heading: &str) -> bool {
        self.ignored.iter().any(|one| bare(one) == bare(heading))
    }

    /// The column that fills a field.
    pub fn column(&self, field: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|column| column.field.value == field)
    }
}

/// Words and headings are compared without spaces, line breaks, stars for "required", and full-width forms.
pub fn bare(text: &str) -> String {
    let text: String = crate::form::parse::plain(text).chars().filter(|c| !c.is_whitespace()).collect();
    text.trim_matches('*').to_owned()
}

pub(super) fn read(table: &mut Table<'_>, file: &str) -> Mapping {
    let id = super::stem(file).to_owned();
    super::check_id(table, &At { value: id.clone(), span: 0..0 });
    let mut mapping = Mapping {
        id,
        title: table.need_text("title").value,
        basis: basis::read(table, Some("列对照")),
        pending: table.text("pending").map(|text| text.value),
        register: table.need_text("register"),
        step: table.need_text("step"),
        columns: Vec::new(),
        ignored: table.texts("ignored"),
        with: table.texts("with"),
        default: Vec::new(),
        only: Vec::new(),
        file: file.to_owned(),
    };
    if let Some(mut inner) = table.table("default") {
        for (field, raw) in inner.entries() {
            match raw.typed() {
                Some(value) => mapping.default.push((field, At { value, span: raw.span() })),
                None => raw.wrong("文字、数字、日期或者是否"),
            }
        }
    }
    if !table.has("column") {
        table.missing("[[column]]");
    }
    for mut inner in table.tables("column") {
        mapping.columns.extend(read_column(&mut inner));
        inner.finish();
    }
    for mut inner in table.tables("only") {
        let field = inner.need_text("field");
        if !inner.has("where") {
            inner.missing("where");
        }
        let conditions = condition::read(&mut inner, "where", "");
        mapping.only.push(Only { field, conditions, say: inner.need_text("say").value });
        inner.finish();
    }
    mapping
}

fn read_column(table: &mut Table<'_>) -> Option<MappedColumn> {
    let headings = table.texts("heading");
    if headings.is_empty() && !table.has("heading") {
        table.missing("heading");
    }
    let field = table.need_text("field");
    let mut words = Vec::new();
    if let Some(mut inner) = table.table("values") {
        for (choice, raw) in inner.entries() {
            words.push((choice, raw.items().iter().filter_map(|item| text(item)).collect()));
        }
    }
    let score = table.table("score").and_then(|mut inner| {
        let least = inner.int("at_least");
        if least.is_none() && !inner.has("at_least") {
            inner.missing("at_least");
        }
        let (then, otherwise) = (inner.need_text("then"), inner.need_text("otherwise"));
        inner.finish();
        Some(Score { at_least: least?.value, then, otherwise })
    });
    (!field.value.is_empty()).then_some(MappedColumn { headings, field, words, score })
}

fn text(raw: &Raw<'_>) -> Option<At<String>> {
    let text = raw.as_text();
    if text.is_none() {
        raw.wrong("文字");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_for_choices_and_numbers_for_the_side_of_the_mark_they_are_on() {
        let at = |text: &str| At { value: text.to_owned(), span: 0..0 };
        let column = MappedColumn {
            headings: vec![at("成绩")],
            field: at("result"),
            words: vec![(at("absent"), vec![at("缺考"), at("未 参加")])],
            score: Some(Score { at_least: 60, then: at("passed"), otherwise: at("failed") }),
        };
        for (said, expect) in [
            ("缺 考", Some("absent")),
            ("未参加*", Some("absent")),
            ("60", Some("passed")),
            ("６０．０分", Some("passed")),
            ("59.9", Some("failed")),
            ("-1", Some("failed")),
            ("合格", None),
            ("60以上", None),
            ("NaN", None),
            ("inf", None),
            ("", None),
        ] {
            assert_eq!(column.read(said), expect, "{said}");
        }
        assert_eq!(column.known(), "缺考、未 参加、数字");
        let plain = MappedColumn { words: Vec::new(), score: None, ..column };
        assert_eq!(plain.read("赵大山"), Some("赵大山"));
    }
}
