//! The shape of a version: which articles there are, their paragraphs, their items. No words of the text.

use std::fmt::Write as _;

use super::outline::Article;
use crate::read::{Raw, Table};

/// What we know of a version's articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// We have not seen the text; at most somebody counted its articles.
    Unknown {
        /// The number of articles, where a source gives it.
        count: Option<u16>,
    },
    /// Every article, in order.
    Known(Vec<ArticleShape>),
}

/// One article's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleShape {
    /// Its number.
    pub number: u16,
    /// The n of 之n; 0 for ordinary articles.
    pub inserted: u16,
    /// Per paragraph its items, per item its sub-items.
    pub paragraphs: Vec<Vec<u16>>,
}

impl Shape {
    /// The shape of a parsed text, in citation order whatever the order of the files was.
    pub fn of(articles: &[Article]) -> Shape {
        let mut shapes: Vec<ArticleShape> = articles
            .iter()
            .map(|article| ArticleShape {
                number: article.number,
                inserted: article.inserted,
                paragraphs: article
                    .paragraphs
                    .iter()
                    .map(|p| p.items.iter().map(|item| item.subitems.len() as u16).collect())
                    .collect(),
            })
            .collect();
        shapes.sort_by_key(|a| (a.number, a.inserted));
        Shape::Known(shapes)
    }

    /// An article's shape, if the shape is known and has it.
    pub fn article(&self, number: u16, inserted: u16) -> Option<&ArticleShape> {
        let Shape::Known(articles) = self else { return None };
        articles.iter().find(|a| a.number == number && a.inserted == inserted)
    }

    /// How many articles there are by number (insertions not counted), if known.
    pub fn count(&self) -> Option<u16> {
        match self {
            Shape::Unknown { count } => *count,
            Shape::Known(articles) => articles.iter().map(|a| a.number).max(),
        }
    }

    /// As it stands in `laws/*.toml`: ten articles to a line, so that a diff shows where a law changed.
    ///
    /// `None` when the articles are not numbered through, which means that the text was misread.
    pub fn render(&self) -> Option<String> {
        let articles = match self {
            Shape::Unknown { count } => {
                let count = count.map_or_else(String::new, |n| format!("count = {n}\n"));
                return Some(format!("shape = \"unknown\"\n{count}"));
            }
            Shape::Known(articles) => articles,
        };
        let (plain, inserted): (Vec<_>, Vec<_>) = articles.iter().partition(|a| a.inserted == 0);
        let through = plain.iter().enumerate().all(|(i, a)| usize::from(a.number) == i + 1);
        if plain.is_empty() || !through {
            return None;
        }
        let mut text = String::from("articles = [\n");
        for ten in plain.chunks(10) {
            let cells: Vec<String> = ten.iter().map(|a| paragraphs(&a.paragraphs)).collect();
            let _ = writeln!(text, "  {}, # {}–{}", cells.join(", "), ten[0].number, ten[ten.len() - 1].number);
        }
        text += "]\n";
        if !inserted.is_empty() {
            text += "inserted = [\n";
            for a in inserted {
                let cell = paragraphs(&a.paragraphs);
                let _ = writeln!(text, "  {{ after = {}, nth = {}, paragraphs = {cell} }},", a.number, a.inserted);
            }
            text += "]\n";
        }
        Some(text)
    }

    /// Reads `shape`/`count` or `articles`/`inserted` of a `[[version]]`.
    pub(crate) fn read(table: &mut Table<'_>) -> Shape {
        let word = table.word("shape", &[("unknown", ())]);
        let count = table.int("count");
        let listed = table.raw("articles");
        let inserted = table.tables("inserted");
        let Some(listed) = listed else {
            if word.is_none() && !table.has("shape") {
                let span = table.span.clone();
                table.note(
                    3,
                    span,
                    "这一版没有写条文结构",
                    "请写 articles = […]；没有见过条文的写 shape = \"unknown\"",
                );
            }
            let count = count.and_then(|n| match u16::try_from(n.value).ok().filter(|n| (1..=9999).contains(n)) {
                Some(count) => Some(count),
                None => {
                    table.note(112, n.span, "条数不对", "条数写一到九九九九之间的整数");
                    None
                }
            });
            return Shape::Unknown { count };
        };
        if let Some(word) = word {
            table.note(112, word.span, "既写了条文结构，又写了 shape = \"unknown\"", "两样只写一样");
        }
        if let Some(count) = count {
            table.note(112, count.span, "条文结构已知，不用再写条数", "请删去 count");
        }
        let mut articles = Vec::new();
        for (i, raw) in list(listed, "列表（每条一个列表）").into_iter().enumerate() {
            articles.push(ArticleShape { number: i as u16 + 1, inserted: 0, paragraphs: read_paragraphs(table, raw) });
        }
        for mut entry in inserted {
            let number = entry.int("after").and_then(|n| u16::try_from(n.value).ok());
            let nth = entry.int("nth").and_then(|n| u16::try_from(n.value).ok());
            let paragraphs = entry.raw("paragraphs").map(|raw| read_paragraphs(&entry, raw)).unwrap_or_default();
            match (number, nth) {
                (Some(number), Some(nth)) if nth > 0 && usize::from(number) <= articles.len() => {
                    articles.push(ArticleShape { number, inserted: nth, paragraphs });
                }
                _ => entry.note(
                    112,
                    entry.span.clone(),
                    "增加的条文写得不对",
                    "写成 { after = 第几条之后, nth = 之几, paragraphs = [0] }，前一条须存在",
                ),
            }
            entry.finish();
        }
        articles.sort_by_key(|a| (a.number, a.inserted));
        Shape::Known(articles)
    }
}

/// A paragraph is written as the number of its items; where items have sub-items, as the list of their numbers.
fn paragraphs(paragraphs: &[Vec<u16>]) -> String {
    let cells: Vec<String> = paragraphs
        .iter()
        .map(|items| if items.iter().all(|n| *n == 0) { items.len().to_string() } else { format!("{items:?}") })
        .collect();
    format!("[{}]", cells.join(", "))
}

fn read_paragraphs(table: &Table<'_>, raw: Raw<'_>) -> Vec<Vec<u16>> {
    let cells = list(raw, "列表（每款一个数，即该款有几项）");
    if cells.is_empty() {
        table.note(112, raw.span(), "这一条没有款", "每条至少一款；没有项的款写 0");
    }
    let number = |raw: &Raw<'_>| raw.as_int().and_then(|n| u16::try_from(n).ok()).filter(|n| *n < 200);
    let mut paragraphs = Vec::new();
    for cell in cells {
        match (number(&cell), cell.as_list()) {
            (Some(items), _) => paragraphs.push(vec![0; usize::from(items)]),
            (None, Some(items)) => {
                let counts: Vec<Option<u16>> = items.iter().map(number).collect();
                for item in items.iter().zip(&counts).filter(|(_, n)| n.is_none()).map(|(item, _)| item) {
                    item.wrong("数（该项有几目）");
                }
                paragraphs.push(counts.into_iter().map(Option::unwrap_or_default).collect());
            }
            (None, None) => cell.wrong("数（该款有几项）"),
        }
    }
    paragraphs
}

fn list<'t>(raw: Raw<'t>, wanted: &str) -> Vec<Raw<'t>> {
    raw.as_list().unwrap_or_else(|| {
        raw.wrong(wanted);
        Vec::new()
    })
}
