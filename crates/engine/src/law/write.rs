//! Making `laws/<short>.toml` from a text and a line of an index.

use std::fmt::Write as _;

use super::outline::{self, Outline};
use super::shape::Shape;
use crate::day::Day;

/// One line of an index of texts, tab-separated: file, title, document number, date in force, source, note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The text file.
    pub file: String,
    /// The full title.
    pub title: String,
    /// The document number.
    pub number: String,
    /// The days of the version.
    pub in_force: String,
    /// Where the text comes from.
    pub source: String,
    /// What the compiler of the index noted.
    pub note: String,
}

/// What the compiler of an index writes behind a number or a date that was not checked.
const FROM_MEMORY: &str = "from memory";

impl Row {
    /// Reads an index; the first line names the columns.
    pub fn read_all(index: &str) -> Vec<Row> {
        let row = |line: &str| {
            let mut cells = line.split('\t').map(str::trim);
            let mut next = || cells.next().unwrap_or_default().to_owned();
            let row =
                Row { file: next(), title: next(), number: next(), in_force: next(), source: next(), note: next() };
            (!row.title.is_empty()).then_some(row)
        };
        index.lines().skip(1).filter_map(row).collect()
    }

    /// The name of its file in `laws/`: parts (民法典_总则) and years (治安管理处罚法_2012) share their instrument's.
    pub fn short(&self) -> &str {
        let stem = self.file.trim_end_matches(".md");
        stem.split_once('_').map_or(stem, |(short, _)| short)
    }

    /// The first day of the version.
    pub fn from(&self) -> Option<Day> {
        self.in_force.char_indices().find_map(|(i, _)| Day::parse(self.in_force.get(i..i + 10)?))
    }
}

/// The file for a text that has none yet. What only a person knows (issuer, other short names) is left to be filled
/// in: the loader says what is missing. `None` when the text cannot be read as articles.
pub fn to_toml(row: &Row, text: &str) -> Option<String> {
    let Outline { history, articles, .. } = outline::parse(text);
    let shape = Shape::of(&articles).render()?;
    let title = row.title.split("民法典").next().filter(|head| head.len() < row.title.len());
    let title = title.map_or_else(|| row.title.clone(), |head| format!("{head}民法典"));
    let bare = title.strip_prefix("中华人民共和国").unwrap_or(&title);
    let mut out = format!("title  = \"{title}\"\n");
    let mut short: Vec<&str> = [bare, row.short()].into_iter().filter(|s| *s != title).collect();
    short.dedup();
    if !short.is_empty() {
        let _ = writeln!(out, "short  = {short:?}");
    }
    let number = row.number.split(" (").next().unwrap_or_default();
    if !number.is_empty() {
        let _ = writeln!(out, "number = \"{number}\"");
    }
    let _ = writeln!(out, "issuer = \"{}\"", issuer(&history));
    if row.number.contains(FROM_MEMORY) {
        out += "pending = \"文号凭记忆\"\n";
    }
    let from = row.from();
    if let Some(from) = from
        && history.len() > history.iter().filter(|line| is_first(line)).count()
        && let Some(until) = from.plus_days(-1)
    {
        let _ = write!(out, "\n[[version]] # 此前各版\nuntil = {until}\nshape = \"unknown\"\n");
    }
    out += "\n[[version]]\n";
    if let Some(from) = from {
        let _ = writeln!(out, "from = {from}");
    }
    if row.in_force.contains(FROM_MEMORY) {
        out += "pending = \"施行日期凭记忆\"\n";
    }
    Some(out + &shape)
}

/// The same file with the articles of one version counted again from a text; everything a person wrote stays.
/// `None` when there is no such version in the file or the text cannot be read as articles.
pub fn refresh(toml: &str, from: Day, text: &str) -> Option<String> {
    let shape = Shape::of(&outline::parse(text).articles).render()?;
    let mut out = String::new();
    let (mut here, mut done, mut skipping) = (false, false, false);
    for line in toml.lines() {
        if line.starts_with("[[version]]") {
            here = false;
        }
        here |= line.split_once('=').is_some_and(|(key, day)| {
            key.trim() == "from" && day.split('#').next().is_some_and(|day| Day::parse(day.trim()) == Some(from))
        });
        let old = ["shape", "count", "articles", "inserted"]
            .iter()
            .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')));
        if here && old {
            if !done {
                out += &shape;
                done = true;
            }
            skipping = line.trim_end().ends_with('[');
        } else if skipping {
            skipping = line != "]";
        } else {
            out += line;
            out.push('\n');
        }
    }
    done.then_some(out)
}

/// Lines that tell of the making, not of a change.
fn is_first(line: &str) -> bool {
    !["修正", "修订", "修改"].iter().any(|word| line.contains(word)) || line.ends_with("施行")
}

fn issuer(history: &[String]) -> &'static str {
    const ISSUERS: [(&str, &str); 5] = [
        ("全国人民代表大会常务委员会第", "全国人民代表大会常务委员会"),
        ("全国人民代表大会第", "全国人民代表大会"),
        ("最高人民法院", "最高人民法院"),
        ("中共中央", "中共中央、国务院"),
        ("国务院", "国务院"),
    ];
    let first = history.first().map_or("", String::as_str);
    ISSUERS.iter().find(|(mark, _)| first.contains(mark)).map_or("", |(_, issuer)| issuer)
}
