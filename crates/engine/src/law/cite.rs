//! Citations as a lawyer writes them: 《title》, then article, paragraph, item, sub-item.

use std::fmt;
use std::ops::Range;

use super::numeral;
use crate::problem::Problem;

/// A place in an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Citation {
    /// What stands between 《 and 》, full or short title.
    pub title: String,
    /// The article (条).
    pub article: Option<u16>,
    /// The n of 之n, for an article inserted after another by an amendment; 0 for ordinary articles.
    pub inserted: u16,
    /// The paragraph (款).
    pub paragraph: Option<u16>,
    /// The item (项).
    pub item: Option<u16>,
    /// The sub-item (目).
    pub subitem: Option<u16>,
}

/// Why a text is not a citation, and which bytes of it are at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Bytes from–to in the citation.
    pub span: Range<usize>,
    /// What is wrong.
    pub text: String,
    /// What to write instead.
    pub remedy: String,
}

impl Malformed {
    /// As a problem; `start` is where the citation's first byte stands in `file`.
    pub fn problem(self, file: &str, start: usize) -> Problem {
        Problem::new(101, self.text, self.remedy).at(file, self.span.start + start..self.span.end + start)
    }
}

/// The levels below the title, outermost first, with how many of them exist.
const LEVELS: [char; 4] = ['条', '款', '项', '目'];

impl Citation {
    /// Reads one citation. Without an article it cites the instrument as a whole; a notice whose items are numbered
    /// through (（一）（二）…) is cited by item alone.
    pub fn parse(text: &str) -> Result<Citation, Malformed> {
        let end = title_end(text)?;
        let title = &text[3..end];
        if title.trim() != title || title.is_empty() {
            return Err(wrong(0..end + 3, "书名号里的名称为空，或者前后有空格", "请写全称或者通用简称，不留空格"));
        }
        let mut numbers: [Option<u16>; 4] = [None; 4];
        let mut inserted = 0;
        let mut at = end + 3;
        let mut depth = 0;
        while at < text.len() {
            let part = Part::read(text, at)?;
            let Some(level) = LEVELS.iter().position(|unit| *unit == part.unit) else { unreachable!() };
            if level < depth {
                return Err(wrong(
                    at..part.end,
                    "条、款、项、目的先后次序不对，或者重复",
                    "请按条、款、项、目的次序各写一次",
                ));
            }
            numbers[level] = Some(part.number);
            depth = level + 1;
            at = part.end;
            if level == 0 && text[at..].starts_with('之') {
                let digits = numeral_len(&text[at + 3..]);
                let span = at..at + 3 + digits;
                inserted = numeral::read(&text[at + 3..span.end])
                    .ok_or_else(|| wrong(span.clone(), "“之”后面的序数不对", "增加的条文写成“第…条之一”"))?;
                at = span.end;
            }
        }
        let [article, paragraph, item, subitem] = numbers;
        if (article.is_none() && paragraph.is_some()) || (item.is_none() && subitem.is_some()) {
            return Err(wrong(end + 3..text.len(), "缺少上一级", "写款要写明条，写目要写明项"));
        }
        Ok(Citation { title: title.to_owned(), article, inserted, paragraph, item, subitem })
    }
}

/// One `第…条`-like part.
struct Part {
    number: u16,
    unit: char,
    end: usize,
}

impl Part {
    fn read(text: &str, at: usize) -> Result<Part, Malformed> {
        const FORM: &str = "书名号之后依次写“第…条”“第…款”“第（…）项”“第…目”，不加空格、标点和文号";
        let rest = &text[at..];
        let Some(mut inner) = rest.strip_prefix('第') else {
            let first = rest.chars().next().unwrap_or(' ');
            if "、和至及—-－".contains(first) {
                return Err(wrong(at..text.len(), "一处只能引一条", "引用几条的，分开写成几个引用，放在方括号里"));
            }
            return Err(wrong(at..text.len(), format!("这里不能写“{rest}”"), FORM));
        };
        let mut from = at + 3;
        let bracketed = inner.starts_with('（');
        if bracketed {
            inner = &inner[3..];
            from += 3;
        }
        let len = numeral_len(inner);
        let digits = &inner[..len];
        let mut end = from + len;
        let mut after = &inner[len..];
        if bracketed {
            after = after.strip_prefix('）').ok_or_else(|| wrong(at..end, "括号没有合上", "项写成“第（一）项”"))?;
            end += 3;
        }
        let Some(unit) = after.chars().next().filter(|c| LEVELS.contains(c)) else {
            let list = after.starts_with(['、', '至', '和', '到']);
            let remedy = if list {
                "一处只能引一条：引用几条的，分开写成几个引用，放在方括号里"
            } else {
                FORM
            };
            return Err(wrong(at..text.len(), "序数后面应当是条、款、项或者目", remedy));
        };
        end += unit.len_utf8();
        if bracketed && unit != '项' {
            return Err(wrong(at..end, "只有项的序数加括号", "条、款、目的序数不加括号"));
        }
        // Sub-items are numbered 1. 2. in statutes and cited with either kind of digit.
        let number = match numeral::read(digits) {
            Some(number) => number,
            None if unit == '目' => digits.parse().ok().filter(|n| *n > 0).ok_or_else(|| bad_number(from, len))?,
            None => return Err(bad_number(from, len)),
        };
        Ok(Part { number, unit, end })
    }
}

fn bad_number(from: usize, len: usize) -> Malformed {
    wrong(from..from + len, "序数不是规范的中文数字", "请用中文数字，如十二、一百零五、一百一十，不写“一十二”“105”")
}

fn wrong(span: Range<usize>, text: impl Into<String>, remedy: impl Into<String>) -> Malformed {
    Malformed { span, text: text.into(), remedy: remedy.into() }
}

fn numeral_len(text: &str) -> usize {
    text.find(|c: char| !numeral::is_numeral(c) && !c.is_ascii_digit()).unwrap_or(text.len())
}

/// Where the closing 》 of the title starts. Titles of judicial interpretations hold another title inside.
fn title_end(text: &str) -> Result<usize, Malformed> {
    const REMEDY: &str = "引用以书名号开头，如“《人民调解法》”加条款项";
    if !text.starts_with('《') {
        let end = text.find('《').unwrap_or(text.len());
        return Err(wrong(0..end, "引用没有以书名号开头", REMEDY));
    }
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return Ok(at);
        }
    }
    Err(wrong(0..text.len(), "书名号没有合上", REMEDY))
}

/// The one canonical way to write it; reading it again gives the same citation.
impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "《{}》{}", self.title, self.place())
    }
}

impl Citation {
    /// The part after the title.
    pub fn place(&self) -> String {
        let mut place = String::new();
        if let Some(article) = self.article {
            place += &article_name(article, self.inserted);
        }
        if let Some(n) = self.paragraph {
            place += &format!("第{}款", numeral::write(n));
        }
        if let Some(n) = self.item {
            place += &format!("第（{}）项", numeral::write(n));
        }
        if let Some(n) = self.subitem {
            place += &format!("第{n}目");
        }
        place
    }
}

/// The name of an article: number, and 之n when it was inserted.
pub(crate) fn article_name(number: u16, inserted: u16) -> String {
    let name = format!("第{}条", numeral::write(number));
    if inserted == 0 { name } else { format!("{name}之{}", numeral::write(inserted)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cases are data: Rust sources cite no article.
    #[test]
    fn citations_read_and_write_as_lawyers_write_them() {
        for (n, line) in include_str!("../../tests/data/citations.tsv").lines().enumerate().skip(1) {
            let [input, expect] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("row {}", n + 1) };
            let found = match Citation::parse(input) {
                Ok(citation) => {
                    let text = citation.to_string();
                    assert_eq!(Citation::parse(&text).as_ref(), Ok(&citation), "{text}");
                    text
                }
                Err(e) => format!("!{}: {}", &input[e.span], e.text),
            };
            assert_eq!(found, expect, "{input}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[《》第一二十百之条款项目（）、 1a]{0,12}") {
            if let Err(e) = Citation::parse(&text) {
                // The span must be one that can be underlined.
                assert!(text.get(e.span).is_some());
            }
        }
    }
}
