//! Somebody's report held against the ledger and against the forms of such reports (核对).

use anyhow::Result;
use engine::claim::Amount;
use engine::claim::judge::{Judged, Scope, Verdict, judge, unjudged};
use engine::definition::{Definitions, Figure};
use engine::lint::{Level, Lint, Review, review};
use serde::Serialize;

use crate::ambient::{Ambient as _, System, moment_of};
use crate::docx::{self, By, Comment};
use crate::query::figures::{all, period};
use crate::query::names::Names;
use crate::storage::Db;

/// What a check found.
#[derive(Serialize)]
pub struct Checked {
    /// The year the claims were held against.
    pub year: Option<i16>,
    /// Every claim.
    pub claims: Vec<Judged>,
    /// Every defect of form.
    pub lint: Vec<Lint>,
    /// It was read as an extract, which owes no statutory parts.
    pub extract: bool,
    /// The claims were held against a ledger.
    #[serde(skip)]
    pub compared: bool,
}

/// What a reader of the report is told at a place of it.
pub struct Finding {
    /// Where the words begin, in characters.
    pub start: usize,
    /// How many characters they are.
    pub length: usize,
    /// What is said.
    pub text: String,
}

impl Checked {
    /// Whether no number differs and nothing is certainly wrong in its form.
    pub fn is_clean(&self) -> bool {
        self.count(Verdict::Differs) == 0 && self.errors() == 0
    }

    /// How many claims came to a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.claims.iter().filter(|judged| judged.verdict == verdict).count()
    }

    /// What has to be looked at, in the order of the text: numbers that differ or that nothing speaks to, and defects of
    /// form. Where there was no ledger, nothing is said of numbers.
    pub fn findings(&self, set: &Definitions) -> Vec<Finding> {
        let title = |id: &String| set.figures.get(id).map_or_else(|| id.clone(), |figure| figure.title.clone());
        let mut all: Vec<Finding> = Vec::new();
        for judged in self.claims.iter().filter(|_| self.compared) {
            let text = match judged.verdict {
                Verdict::Agrees => continue,
                Verdict::Differs => {
                    let figure = judged.figure.as_ref().map(title).unwrap_or_default();
                    let ledger = judged.ledger.as_deref().unwrap_or("—");
                    let over = judged.over.map_or(String::new(), |over| format!("，{}", over_or_under(over)));
                    format!("不符：台账“{figure}”为 {ledger}（{} 条）{over}。", judged.entries.unwrap_or(0))
                }
                Verdict::NoEvidence => match judged.nearest.as_ref().map(title) {
                    Some(nearest) => format!("无据：台账里没有说的正是这件事的数字，或可对照“{nearest}”。"),
                    None => "无据：台账里没有可以对照的数字，请核实出处。".to_owned(),
                },
            };
            all.push(Finding { start: judged.claim.start, length: judged.claim.text.chars().count(), text });
        }
        for lint in &self.lint {
            let level = if lint.level == Level::Error { "错误" } else { "提示" };
            let text = format!("{level}：{}", lint.message);
            all.push(Finding { start: lint.start, length: lint.text.chars().count(), text });
        }
        all.sort_by_key(|one| one.start);
        all
    }

    /// How many defects of form are certain.
    pub fn errors(&self) -> usize {
        self.lint.iter().filter(|lint| lint.level == Level::Error).count()
    }
}

/// Checks a text against the ledger, or its words alone where there is none. A figure that `sees` does not let whoever
/// asks see is no evidence to him: what a claim agrees with would else tell him the figure.
pub fn check(
    set: &Definitions,
    db: Option<&Db>,
    text: &str,
    year: Option<i16>,
    sees: impl Fn(&Figure) -> bool,
) -> Result<Checked> {
    let text = crate::render::text::without_annex(text);
    let no_parts = Vec::new();
    let Review { claims, lint, extract } = review(text, set.parts.get("annual_parts").unwrap_or(&no_parts));
    let year = year.or_else(|| year_of(text));
    let compared = year.is_some() && db.is_some();
    let claims = match (year, db) {
        (Some(year), Some(db)) => {
            let scope = Scope { year, places: Names::load(db)?.villages() };
            let mut readings = all(db, set, period(year)?, None)?;
            readings.retain(|id, _| set.figures.get(id).is_some_and(|figure| sees(figure)));
            judge(text, claims, set, &readings, &scope)
        }
        _ => unjudged(claims),
    };
    Ok(Checked { year, claims, lint, extract, compared })
}

/// 多写 4, or 少写 4.
pub fn over_or_under(over: Amount) -> String {
    let text = over.to_string();
    text.strip_prefix('-').map_or_else(|| format!("多写 {text}"), |less| format!("少写 {less}"))
}

/// A copy of a Word document with the findings as comments at their words.
pub fn commented(bytes: &[u8], shown: &str, checked: &Checked, set: &Definitions) -> Result<Vec<u8>> {
    let comments: Vec<Comment> = checked.findings(set).into_iter().map(Comment::from).collect();
    let date = format!("{}Z", moment_of(System.now()).replace(' ', "T"));
    let by = By { author: "依法 yifa", date: &date };
    docx::commented(bytes, &comments, &by).map_err(|why| crate::text::of_docx(why, shown))
}

impl From<Finding> for Comment {
    fn from(Finding { start, length, text }: Finding) -> Comment {
        Comment { start, length, text }
    }
}

/// The year a report speaks of: the first 年度 in its text, or else the first year, which may be a document's.
fn year_of(text: &str) -> Option<i16> {
    let t: Vec<char> = text.chars().take(2000).collect();
    let years = |whole: bool| {
        t.windows(6).find_map(|six| {
            let digits: String = six[..4].iter().collect();
            let year = digits.parse::<i16>().ok().filter(|_| digits.chars().all(|c| c.is_ascii_digit()))?;
            (six[4] == '年' && (!whole || six[5] == '度') && (2000..=2100).contains(&year)).then_some(year)
        })
    };
    years(true).or_else(|| years(false))
}

/// The lines of a text, by character.
pub struct Lines<'t> {
    lines: Vec<(usize, &'t str)>,
}

impl<'t> Lines<'t> {
    /// Takes a text apart.
    pub fn new(text: &'t str) -> Lines<'t> {
        let mut start = 0;
        let mut lines = Vec::new();
        for line in text.split_inclusive('\n') {
            lines.push((start, line.trim_end_matches(['\n', '\r'])));
            start += line.chars().count();
        }
        Lines { lines }
    }

    /// The line and the column of a character, both from 0.
    pub fn at(&self, start: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|(begin, _)| *begin <= start).saturating_sub(1);
        (line, start - self.lines.get(line).map_or(0, |(begin, _)| *begin))
    }

    /// The words of a line.
    pub fn text(&self, line: usize) -> &'t str {
        self.lines.get(line).map_or("", |(_, text)| text)
    }
}
