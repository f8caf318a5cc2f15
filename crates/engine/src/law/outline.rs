//! Reading the text of a statute into articles, paragraphs and items.
//!
//! The accepted form is the plain one in which statutes are published: a title line, the lines about its adoption,
//! then one block per line; a block that starts with an article's number opens that article, one that starts with
//! （一） or (一) is an item, one that starts with `1.` a sub-item; headings start with `#`.

use super::cite::article_name;
use super::numeral;
pub use super::write::{Row, refresh, to_toml};

/// One article (条).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its number.
    pub number: u16,
    /// The n of 之n; 0 for ordinary articles.
    pub inserted: u16,
    /// Its paragraphs (款).
    pub paragraphs: Vec<Paragraph>,
}

impl Article {
    /// How it is cited.
    pub fn name(&self) -> String {
        article_name(self.number, self.inserted)
    }
}

/// One paragraph (款) with the items under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its own words; lines of an unnumbered list are kept as lines.
    pub text: String,
    /// The items (项) that belong to it.
    pub items: Vec<Item>,
}

/// One item (项), its ordinal included in the text as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its words.
    pub text: String,
    /// Its sub-items (目).
    pub subitems: Vec<String>,
}

/// A parsed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The first heading.
    pub title: String,
    /// The lines between the title and the first article that start with a day: adoption, amendment, 施行.
    pub history: Vec<String>,
    /// The articles in the order of the text.
    pub articles: Vec<Article>,
}

/// Reads a text. What stands before the first article (preamble) and below 附件 is not part of any article.
pub fn parse(text: &str) -> Outline {
    let mut outline = Outline::default();
    // Notices of the old style number their articles 一、二、; they do so only where no article is numbered otherwise.
    let enumerated = !text.lines().any(|line| matches!(block(clean(line), false), Block::Article(..)));
    let mut inside = false;
    for line in text.lines().map(clean).filter(|line| !line.is_empty() && !line.starts_with("<!--")) {
        match block(line, enumerated) {
            Block::Heading(heading) => {
                if outline.title.is_empty() && !heading.is_empty() {
                    outline.title = heading.to_owned();
                }
                // A new file of the same instrument starts with its title again, and its adoption lines are not text.
                inside &= !line.starts_with("# ");
            }
            Block::Article(number, inserted, words) => {
                inside = true;
                let first = Paragraph { text: words.to_owned(), items: Vec::new() };
                outline.articles.push(Article { number, inserted, paragraphs: vec![first] });
            }
            Block::Annex => inside = false,
            _ if !inside => {
                if starts_with_day(line) {
                    outline.history.push(line.trim_end_matches('）').to_owned());
                }
            }
            Block::Item(n) => {
                if let Some(article) = outline.articles.last_mut() {
                    add_item(&mut article.paragraphs, n, line);
                }
            }
            Block::Subitem => {
                if let Some(article) = outline.articles.last_mut() {
                    add_subitem(&mut article.paragraphs, line);
                }
            }
            Block::Text => {
                if let Some(article) = outline.articles.last_mut() {
                    add_text(&mut article.paragraphs, line);
                }
            }
        }
    }
    outline
}

enum Block<'t> {
    Heading(&'t str),
    Article(u16, u16, &'t str),
    Annex,
    Item(u16),
    Subitem,
    Text,
}

/// Zero-width spaces and byte-order marks come with copied texts and look like empty paragraphs.
fn clean(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{a0}' | '\u{3000}'))
}

fn block(line: &str, enumerated: bool) -> Block<'_> {
    if line.starts_with('#') {
        return Block::Heading(clean(line.trim_start_matches('#')));
    }
    if let Some((number, inserted, words)) = article_start(line) {
        return Block::Article(number, inserted, words);
    }
    if enumerated
        && let Some((ordinal, words)) = line.split_once('、')
        && let Some(number) = numeral::read(ordinal)
    {
        return Block::Article(number, 0, words);
    }
    if let Some(n) = bracketed(line) {
        return Block::Item(n);
    }
    if line.strip_prefix("附件").or(line.strip_prefix('附')).is_some_and(|rest| rest.starts_with(['：', ':'])) {
        return Block::Annex;
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', '．', '、']) { Block::Subitem } else { Block::Text }
}

/// The article's number must be followed by a space: `…条规定的` inside a sentence opens nothing.
fn article_start(line: &str) -> Option<(u16, u16, &str)> {
    let (ordinal, rest) = line.strip_prefix('第')?.split_once('条')?;
    let number = numeral::read(ordinal)?;
    let (inserted, rest) = match rest.strip_prefix('之') {
        Some(after) => {
            let end = after.find(|c| !numeral::is_numeral(c)).unwrap_or(after.len());
            (numeral::read(&after[..end])?, &after[end..])
        }
        None => (0, rest),
    };
    let words = clean(rest);
    (words.len() < rest.len() || rest.is_empty()).then_some((number, inserted, words))
}

fn bracketed(line: &str) -> Option<u16> {
    let rest = line.strip_prefix(['（', '('])?;
    let (ordinal, _) = rest.split_once(['）', ')'])?;
    numeral::read(ordinal)
}

fn add_item(paragraphs: &mut Vec<Paragraph>, n: u16, line: &str) {
    let item = Item { text: line.to_owned(), subitems: Vec::new() };
    // An item that carries on the numbering of the paragraph before shows that the block between them was not a new
    // paragraph but the second half of an item: counting it as 款 would shift every later 款 of the article.
    if n > 1
        && let [.., before, last] = &mut paragraphs[..]
        && last.items.is_empty()
        && before.items.len() + 1 == usize::from(n)
    {
        if let Some(open) = before.items.last_mut() {
            open.text = format!("{}\n{}", open.text, last.text);
        }
        before.items.push(item);
        paragraphs.pop();
        return;
    }
    if let Some(last) = paragraphs.last_mut() {
        last.items.push(item);
    }
}

fn add_subitem(paragraphs: &mut [Paragraph], line: &str) {
    let Some(last) = paragraphs.last_mut() else { return };
    match last.items.last_mut() {
        Some(item) => item.subitems.push(line.to_owned()),
        None => last.text = format!("{}\n{line}", last.text),
    }
}

fn add_text(paragraphs: &mut Vec<Paragraph>, line: &str) {
    if let Some(last) = paragraphs.last_mut()
        && last.items.is_empty()
    {
        // A paragraph ends in a full stop. One that ends in a colon or comma goes on in an unnumbered list, as where
        // the Constitution lists who makes up an organ line by line: that list is one paragraph, not one per line.
        let open = last.text.ends_with(['：', ':', '，', '、', '；']);
        if open || last.text.is_empty() {
            last.text = if last.text.is_empty() { line.to_owned() } else { format!("{}\n{line}", last.text) };
            return;
        }
    }
    paragraphs.push(Paragraph { text: line.to_owned(), items: Vec::new() });
}

fn starts_with_day(line: &str) -> bool {
    written_day(line).is_some()
}

/// The day at the start of `2019年9月1日 施行`.
pub(crate) fn written_day(line: &str) -> Option<crate::day::Day> {
    let (year, rest) = line.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    crate::day::Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}
