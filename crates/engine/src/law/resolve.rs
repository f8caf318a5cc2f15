//! Does a cited place exist, on every day it is needed?

use super::cite::{Citation, article_name};
use super::instrument::Version;
use super::known::Laws;
use super::shape::{ArticleShape, Shape};
use crate::day::Day;
use crate::problem::Problem;

/// What the set can say about a citation over a span of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It exists on every day of the span.
    Found,
    /// Nothing speaks against it, but it is not proven (待核).
    Pending(Vec<Unproven>),
    /// It does not exist on some day of the span.
    Missing(Missing),
}

/// Why a citation is 待核.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// The text of the version in force from this day has not been seen.
    TextNotSeen(Option<Day>),
    /// The version's days are from memory; the file's own words.
    Dates(String),
}

impl std::fmt::Display for Unproven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unproven::TextNotSeen(Some(from)) => write!(f, "{from} 起施行的版本条文未入库"),
            Unproven::TextNotSeen(None) => f.write_str("此前各版条文未入库"),
            Unproven::Dates(why) => f.write_str(why),
        }
    }
}

/// Why a citation does not stand. Days are the first day of the span on which it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No such instrument; the nearest title, if one is near.
    Instrument(Option<String>),
    /// Needed on the first day, in force only from the second.
    NotYet(Day, Day),
    /// No longer in force from the day, which may lie before the span; by what.
    Repealed(Day, Option<String>),
    /// The version of the day has no such article; how many it has.
    Article(Day, Option<u16>),
    /// The article has no such paragraph; how many it has.
    Paragraph(Day, usize),
    /// The paragraph has no such item; how many it has.
    Item(Day, usize),
    /// The item has no such sub-item; how many it has.
    Subitem(Day, usize),
    /// An item is cited without its paragraph, and the article has several; how many.
    WhichParagraph(Day, usize),
    /// An item is cited without its article, though the articles are known.
    WhichArticle(Day),
}

impl Laws {
    /// Whether a citation stands on every day from `from` to `until` (both included; `None`: for good).
    pub fn resolve(&self, citation: &Citation, from: Day, until: Option<Day>) -> Resolution {
        let Some(instrument) = self.find(&citation.title) else {
            return Resolution::Missing(Missing::Instrument(self.nearest(&citation.title).map(str::to_owned)));
        };
        let mut unproven = Vec::new();
        let first = instrument.versions.first().and_then(|v| v.from);
        if let Some(first) = first.filter(|first| from < *first) {
            return Resolution::Missing(Missing::NotYet(from, first));
        }
        let end = until.unwrap_or(Day::MAX);
        for version in &instrument.versions {
            let starts = version.from.map_or(from, |day| day.max(from));
            if starts > version.until.map_or(end, |day| day.min(end)) {
                continue;
            }
            match look(citation, version, starts) {
                Ok(()) => {}
                Err(missing) => return Resolution::Missing(missing),
            }
            if let Some(why) = &version.pending {
                unproven.push(Unproven::Dates(why.clone()));
            }
            // Cited as a whole too: that it exists is known, what it says is not.
            if matches!(version.shape, Shape::Unknown { .. }) {
                unproven.push(Unproven::TextNotSeen(version.from));
            }
        }
        if let Some(day) = instrument.repealed.filter(|day| *day <= end) {
            // An open span runs past every repeal: a definition that goes on citing repealed law must say until when.
            return Resolution::Missing(Missing::Repealed(day, instrument.repealed_by.clone()));
        }
        if unproven.is_empty() { Resolution::Found } else { Resolution::Pending(unproven) }
    }
}

fn look(citation: &Citation, version: &Version, day: Day) -> Result<(), Missing> {
    let (Some(number), count) = (citation.article, version.shape.count()) else {
        let needs = citation.item.is_some() && matches!(version.shape, Shape::Known(_));
        return if needs { Err(Missing::WhichArticle(day)) } else { Ok(()) };
    };
    match &version.shape {
        Shape::Unknown { count: Some(count) } if number > *count => Err(Missing::Article(day, Some(*count))),
        Shape::Unknown { .. } => Ok(()),
        Shape::Known(_) => match version.shape.article(number, citation.inserted) {
            Some(article) => inside(citation, article, day),
            None => Err(Missing::Article(day, count)),
        },
    }
}

fn inside(citation: &Citation, article: &ArticleShape, day: Day) -> Result<(), Missing> {
    let paragraphs = &article.paragraphs;
    let items = match (citation.paragraph, citation.item) {
        (Some(n), _) => paragraphs.get(usize::from(n) - 1).ok_or(Missing::Paragraph(day, paragraphs.len()))?,
        (None, None) => return Ok(()),
        // Taking "the only paragraph that has items" would be a guess that the next amendment makes wrong.
        (None, Some(_)) => match &paragraphs[..] {
            [only] => only,
            _ => return Err(Missing::WhichParagraph(day, paragraphs.len())),
        },
    };
    let Some(item) = citation.item else { return Ok(()) };
    let subitems = *items.get(usize::from(item) - 1).ok_or(Missing::Item(day, items.len()))?;
    match citation.subitem {
        Some(n) if n > subitems => Err(Missing::Subitem(day, subitems.into())),
        _ => Ok(()),
    }
}

impl Missing {
    /// As a problem in the words of whoever wrote the citation; place it with [`Problem::at`].
    pub fn problem(&self, citation: &Citation) -> Problem {
        const CHECK: &str = "请对照该日有效的文本改正；条文移动过的，按日期分开引用";
        let article = citation.article.map_or_else(String::new, |n| article_name(n, citation.inserted));
        match self {
            Missing::Instrument(near) => {
                let near = near.as_ref().map_or_else(String::new, |near| format!("是不是想引《{near}》；"));
                let text = format!("不认识《{}》", citation.title);
                Problem::new(102, text, format!("{near}确有此件的，请在 laws 目录为它建一个文件"))
            }
            Missing::NotYet(day, from) => Problem::new(
                103,
                format!("{citation}：{day} 尚未施行，{from} 起才施行"),
                "请改引当时有效的规定，或者把适用的起始日改到施行之后",
            ),
            Missing::Repealed(day, by) => {
                let by = by.as_ref().map_or_else(String::new, |by| format!("（{by}）"));
                let text = format!("{citation}：自 {day} 起不再有效{by}");
                Problem::new(104, text, "请改引现行有效的规定，或者写明适用到何日为止")
            }
            Missing::Article(day, count) => {
                let count = count.map_or_else(String::new, |n| format!("，该版共 {n} 条"));
                Problem::new(105, format!("{citation}：{day} 有效的版本没有{article}{count}"), CHECK)
            }
            Missing::Paragraph(day, n) => {
                Problem::new(106, format!("{citation}：{day} 有效的版本中，{article}共 {n} 款"), CHECK)
            }
            Missing::Item(day, n) => {
                let text = format!("{citation}：{day} 有效的版本中，所引的款共 {n} 项");
                Problem::new(107, text, CHECK)
            }
            Missing::Subitem(day, n) => {
                let text = format!("{citation}：{day} 有效的版本中，所引的项共 {n} 目");
                Problem::new(107, text, CHECK)
            }
            Missing::WhichParagraph(day, n) => Problem::new(
                108,
                format!("{citation}：{day} 有效的版本中，{article}有 {n} 款，不知道引的是哪一款的项"),
                "请在项的前面写明第几款",
            ),
            Missing::WhichArticle(_) => {
                let text = format!("{citation}：该件分条，不知道引的是哪一条的项");
                Problem::new(108, text, "请在项的前面写明第几条")
            }
        }
    }
}
