//! A text in parts: articles where it has them, else numbered points, else paragraphs.

use crate::law::numeral;

/// One part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `第…条`, `第…章`, `一、`, `第2段`; what stands before the first is 题头.
    pub name: String,
    /// Its words, a line for each paragraph.
    pub text: String,
}

/// Splits a text.
pub fn split(text: &str) -> Vec<Part> {
    let lines: Vec<&str> = text.lines().map(clean).filter(|line| !line.is_empty()).collect();
    let mut parts = by(&lines, &mut Articles::default());
    if parts.iter().all(|part| part.name == HEAD) {
        parts = by(&lines, &mut Points::default());
    }
    if parts.iter().all(|part| part.name == HEAD) {
        let paragraph =
            |(nth, line): (usize, &&str)| Part { name: format!("第{}段", nth + 1), text: (*line).to_owned() };
        parts = lines.iter().enumerate().map(paragraph).collect();
    }
    parts
}

const HEAD: &str = "题头";

/// Zero-width spaces and byte-order marks come with copied texts; `#` marks headings in plain texts.
fn clean(line: &str) -> &str {
    let space = |c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}' | '\u{a0}' | '\u{3000}');
    line.trim_matches(space).trim_start_matches('#').trim_matches(space)
}

trait Opens {
    /// The name and the first words of the part that a line opens.
    fn opens<'l>(&mut self, line: &'l str) -> Option<(String, &'l str)>;
}

fn by(lines: &[&str], kind: &mut impl Opens) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in lines {
        if let Some((name, words)) = kind.opens(line) {
            parts.push(Part { name, text: words.to_owned() });
            continue;
        }
        match parts.last_mut() {
            Some(part) if part.text.is_empty() => part.text.push_str(line),
            Some(part) => {
                part.text.push('\n');
                part.text.push_str(line);
            }
            None => parts.push(Part { name: HEAD.to_owned(), text: (*line).to_owned() }),
        }
    }
    parts
}

/// 第…条, and the headings 编、章、节 between them.
#[derive(Default)]
struct Articles {
    last: u16,
}

impl Opens for Articles {
    fn opens<'l>(&mut self, line: &'l str) -> Option<(String, &'l str)> {
        let rest = line.strip_prefix('第')?;
        let end = rest.find(|c| !numeral::is_numeral(c))?;
        let number = numeral::read(&rest[..end])?;
        let kind = rest[end..].chars().next()?;
        let mut after = &rest[end + kind.len_utf8()..];
        if !matches!(kind, '条' | '章' | '节' | '编') {
            return None;
        }
        let mut inserted = false;
        if let Some(more) = after.strip_prefix('之') {
            let end = more.find(|c| !numeral::is_numeral(c)).unwrap_or(more.len());
            if numeral::read(&more[..end]).is_some() {
                (inserted, after) = (true, &more[end..]);
            }
        }
        let words = clean(after).trim_start_matches(['：', ':']);
        let set_off = words.len() < after.len() || after.is_empty();
        // Drafts often leave the space out. A sentence that begins with another article's number does not count on.
        let follows = kind == '条' && (number == self.last + 1 || inserted && number == self.last);
        if !set_off && !follows {
            return None;
        }
        if kind == '条' {
            self.last = number;
        }
        let name = &line[..line.len() - after.len()];
        Some((name.to_owned(), words))
    }
}

/// 一、 as notices number their points; only in sequence.
#[derive(Default)]
struct Points {
    last: u16,
}

impl Opens for Points {
    fn opens<'l>(&mut self, line: &'l str) -> Option<(String, &'l str)> {
        let (ordinal, words) = line.split_once('、')?;
        let number = numeral::read(ordinal).filter(|number| *number == self.last + 1)?;
        self.last = number;
        Some((format!("{ordinal}、"), words))
    }
}
