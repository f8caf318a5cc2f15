//! The words under which a record is found: every two signs that stand side by side (双字).
//!
//! Signs are letters, digits and characters, small and of ordinary width; what stands between them does not count. Each
//! is written as four ASCII digits of base 36, so that no tokenizer has a say in what a character is: Chinese has no
//! spaces, and its rarer characters are younger than the tables of most.

use engine::definition::{FieldRef, FieldType, Register};
use engine::record::Rows;

/// What of a record is searched: number, title and the fields its register says.
pub fn searched<'r>(register: &Register, rows: &'r Rows) -> Vec<&'r str> {
    if rows.head.opened.is_none() {
        return Vec::new();
    }
    let mut texts: Vec<&str> = rows.head.number.as_deref().into_iter().chain([rows.head.title.as_str()]).collect();
    // Sealed values are not in it.
    let search = |at: &str| {
        let field = register.field(&FieldRef::parse(at, ""));
        field.is_some_and(|field| field.search && !field.personal && is_words(&field.kind))
    };
    texts.extend(rows.fields.iter().filter(|row| search(&row.field)).map(|row| row.value.as_str()));
    texts
}

/// Whether what is kept of it is what people read.
fn is_words(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::Text
            | FieldType::Outsider
            | FieldType::Law
            | FieldType::Finding
            | FieldType::Day
            | FieldType::Number
    )
}

/// The signs of a text: what is left of it for a search.
pub fn signs(text: &str) -> impl Iterator<Item = char> {
    let narrow = |sign: char| match sign {
        // Full-width forms of ASCII.
        '！'..='～' => char::from_u32(sign as u32 - 0xfee0).unwrap_or(sign),
        sign => sign,
    };
    text.chars().map(narrow).filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// All words of a record. After the last sign of a text stands that sign alone: so no word of two texts stands side by
/// side with one of the next, and each sign begins a word.
pub fn grams(texts: &[&str]) -> String {
    let mut grams = String::new();
    for text in texts {
        let mut signs = signs(text).peekable();
        while let Some(sign) = signs.next() {
            write(&mut grams, sign);
            if let Some(next) = signs.peek() {
                write(&mut grams, *next);
            }
            grams.push(' ');
        }
    }
    grams
}

/// What is asked of the index: pieces, each a run of words that stand side by side; all pieces, wherever they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked(Vec<Piece>);

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A single sign: any word that begins with it.
    Sign(String),
    /// Words one behind the other.
    Run(Vec<String>),
}

impl Asked {
    /// The pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// As SQLite's FTS5 is asked.
    pub fn to_fts5(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Sign(sign) => format!("\"{sign}\"*"),
            Piece::Run(words) => format!("\"{}\"", words.join(" ")),
        };
        self.0.iter().map(piece).collect::<Vec<_>>().join(" AND ")
    }
}

/// What is asked of the index for what somebody typed: each piece, with nothing between its signs. None where he typed
/// nothing that could be found.
pub fn asked(text: &str) -> Option<Asked> {
    let word = |signs: &[char]| {
        let mut word = String::new();
        signs.iter().for_each(|sign| write(&mut word, *sign));
        word
    };
    let pieces: Vec<Piece> = text
        .split_whitespace()
        .filter_map(|piece| match &signs(piece).collect::<Vec<char>>()[..] {
            [] => None,
            [sign] => Some(Piece::Sign(word(&[*sign]))),
            signs => Some(Piece::Run(signs.windows(2).map(word).collect())),
        })
        .collect();
    (!pieces.is_empty()).then_some(Asked(pieces))
}

fn write(grams: &mut String, sign: char) {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let number = sign as usize;
    for place in [36 * 36 * 36, 36 * 36, 36, 1] {
        grams.push(DIGITS[number / place % 36] as char);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_what_somebody_means_by_a_text() {
        let said = |text: &str| signs(text).collect::<String>();
        assert_eq!(said("（２０２６）甲村调字第 12 号"), "2026甲村调字第12号");
        assert_eq!(said("五府发〔2023〕3号"), "五府发20233号");
        assert_eq!(said("《ＡＢＣ》、abc𬭎"), "abcabc𬭎");
    }

    #[test]
    fn words_are_pairs_and_what_is_asked_is_a_run_of_them() {
        let [first, second, third] = ['甲', '乙', '丙'].map(one);
        assert_eq!(grams(&["甲、乙", "丙"]), format!("{first}{second} {second} {third} "));
        assert_eq!(asked("  "), None);
        assert_eq!(asked("、 ，"), None);
        assert_eq!(asked("甲乙").unwrap().to_fts5(), format!("\"{first}{second}\""));
        assert_eq!(asked("甲乙 丙").unwrap().to_fts5(), format!("\"{first}{second}\" AND \"{third}\"*"));
    }

    fn one(sign: char) -> String {
        let mut text = String::new();
        write(&mut text, sign);
        text
    }
}
