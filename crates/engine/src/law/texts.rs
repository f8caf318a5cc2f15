//! The texts a site has imported: looked up by citation and day, cut to the paragraph or item cited.

use std::collections::HashMap;

use super::cite::Citation;
use super::instrument::{Instrument, Version};
use super::known::{Laws, plain};
use super::outline::{self, Article, Outline};
use super::shape::Shape;
use crate::day::Day;
use crate::problem::Problem;

/// Imported texts, each attached to one version of one known instrument.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    by_name: HashMap<String, usize>,
    versions: Vec<Vec<Held>>,
}

#[derive(Clone, Debug)]
struct Held {
    from: Option<Day>,
    until: Option<Day>,
    articles: Vec<Article>,
}

/// The files of one version: a code may come in parts, one file each.
struct Bundle {
    file: String,
    instrument: usize,
    from: Option<Day>,
    articles: Vec<Article>,
}

impl Texts {
    /// Reads text files and finds out which version of which instrument each is: by a line `2024年1月1日 施行` under
    /// the title, else by its shape.
    pub fn load<'f>(laws: &Laws, files: impl IntoIterator<Item = (&'f str, &'f str)>) -> (Texts, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut texts = Texts { versions: vec![Vec::new(); laws.all().len()], ..Texts::default() };
        for (i, instrument) in laws.all().iter().enumerate() {
            texts.by_name.extend(instrument.names().map(|name| (plain(name), i)));
        }
        for bundle in bundles(laws, &texts.by_name, files, &mut problems) {
            let instrument = &laws.all()[bundle.instrument];
            match choose(instrument, &bundle) {
                Ok(held) => texts.versions[bundle.instrument].push(held),
                Err(problem) => problems.push(*problem),
            }
        }
        (texts, problems)
    }

    /// The words cited, as they stood on a day; a paragraph comes with its items, an article with its paragraphs.
    pub fn article(&self, citation: &Citation, day: Day) -> Option<String> {
        let versions = &self.versions[*self.by_name.get(&plain(&citation.title))?];
        let held = versions
            .iter()
            .find(|v| v.from.is_none_or(|from| from <= day) && v.until.is_none_or(|until| day <= until))?;
        let number = citation.article?;
        let article = held.articles.iter().find(|a| a.number == number && a.inserted == citation.inserted)?;
        let nth = |n: Option<u16>| n.map(|n| usize::from(n) - 1);
        let paragraph = match (nth(citation.paragraph), nth(citation.item)) {
            (Some(n), _) => Some(article.paragraphs.get(n)?),
            // Without its paragraph an item is only clear when there is one, as in `Laws::resolve`.
            (None, Some(_)) if article.paragraphs.len() == 1 => article.paragraphs.first(),
            (None, Some(_)) => return None,
            (None, None) => None,
        };
        let Some(paragraph) = paragraph else {
            let paragraphs: Vec<String> = article.paragraphs.iter().map(outline::Paragraph::to_text).collect();
            return Some(paragraphs.join("\n"));
        };
        let Some(item) = nth(citation.item) else { return Some(paragraph.to_text()) };
        let item = paragraph.items.get(item)?;
        match nth(citation.subitem) {
            Some(n) => item.subitems.get(n).cloned(),
            None => Some(item.to_text()),
        }
    }

    /// Whether nothing was imported.
    pub fn is_empty(&self) -> bool {
        self.versions.iter().all(Vec::is_empty)
    }
}

fn bundles<'f>(
    laws: &Laws,
    by_name: &HashMap<String, usize>,
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
    problems: &mut Vec<Problem>,
) -> Vec<Bundle> {
    let mut bundles: Vec<Bundle> = Vec::new();
    for (file, text) in files {
        let first = 0..text.lines().next().map_or(0, str::len);
        let Outline { title, history, articles } = outline::parse(text);
        let Some(instrument) = by_name.get(&plain(&title)).copied() else {
            let near = laws.nearest(&title).map_or_else(String::new, |near| format!("，最接近的是《{near}》"));
            let text = format!("不认识标题“{title}”{near}");
            problems.push(Problem::new(114, text, "请改成 laws 目录中的全称，或者先为它建一个文件").at(file, first));
            continue;
        };
        if articles.is_empty() {
            problems.push(Problem::new(115, "没有读到任何条文", "请照 docs/laws.md 的格式整理文本").at(file, first));
            continue;
        }
        let from =
            history.iter().filter(|line| line.ends_with("施行")).filter_map(|l| outline::written_day(l)).next_back();
        let joins = |b: &&mut Bundle| {
            b.instrument == instrument
                && (b.from == from || b.from.is_none() || from.is_none())
                && !articles.iter().any(|a| b.articles.iter().any(|o| (o.number, o.inserted) == (a.number, a.inserted)))
        };
        match bundles.iter_mut().find(joins) {
            Some(bundle) => {
                bundle.articles.extend(articles);
                bundle.from = bundle.from.or(from);
            }
            None => bundles.push(Bundle { file: file.to_owned(), instrument, from, articles }),
        }
    }
    bundles
}

fn choose(instrument: &Instrument, bundle: &Bundle) -> Result<Held, Box<Problem>> {
    let problem = |code, text: String, remedy: &str| Box::new(Problem::new(code, text, remedy).at(&bundle.file, 0..0));
    let shape = Shape::of(&bundle.articles);
    if shape.render().is_none() {
        return Err(problem(115, format!("《{}》的条文序数不连续或者有重复", instrument.title), "请核对文本是否完整"));
    }
    // A line naming a version's first day decides. Older days are history (an amended law keeps the line of its first
    // day), and then the shape decides; a later day than the version of that shape means a version we do not know.
    let named = |v: &&Version| bundle.from.is_some() && v.from == bundle.from;
    let shaped = |v: &&Version| v.shape == shape && bundle.from <= v.from;
    let mut matching: Vec<_> = instrument.versions.iter().filter(named).collect();
    if matching.is_empty() {
        matching = instrument.versions.iter().filter(shaped).collect();
    }
    let [version] = matching[..] else {
        return Err(problem(
            114,
            format!("不知道这是《{}》的哪一版", instrument.title),
            "请在标题下单独写一行“2024年1月1日 施行”，日期与 laws 目录中该版的 from 相同",
        ));
    };
    if let (Shape::Known(known), Shape::Known(found)) = (&version.shape, &shape)
        && known != found
    {
        let differs = known.iter().zip(found).find(|(a, b)| a != b).map(|(a, _)| (a.number, a.inserted));
        let at = differs.map_or_else(
            || format!("已知 {} 条，导入 {} 条", known.len(), found.len()),
            |(n, i)| format!("从{}起不同", super::cite::article_name(n, i)),
        );
        return Err(problem(
            113,
            format!("《{}》的条文结构与已知的不符：{at}", instrument.title),
            "请核对该条的分段和项；确是另一版的，请写明施行日期",
        ));
    }
    Ok(Held { from: version.from, until: version.until, articles: bundle.articles.clone() })
}

impl outline::Paragraph {
    /// The paragraph and its items, one to a line.
    pub fn to_text(&self) -> String {
        let items = self.items.iter().map(outline::Item::to_text);
        std::iter::once(self.text.clone()).chain(items).collect::<Vec<_>>().join("\n")
    }
}

impl outline::Item {
    /// The item and its sub-items, one to a line.
    pub fn to_text(&self) -> String {
        std::iter::once(self.text.as_str())
            .chain(self.subitems.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join("\n")
    }
}
