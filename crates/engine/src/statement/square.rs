//! Cells by the name people give them: `C6` (单元格).

use std::fmt;

/// The most columns and rows an .xlsx has.
const MOST: (u32, u32) = (16_384, 1_048_576);

/// A cell, its row and column from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Square {
    /// Its row.
    pub row: u32,
    /// Its column.
    pub column: u32,
}

impl Square {
    /// Reads `C6`; nothing else, and no `$`.
    pub fn parse(text: &str) -> Option<Square> {
        let digits = text.find(|c: char| c.is_ascii_digit())?;
        let (column, row) = (Self::column(&text[..digits])?, Self::row(&text[digits..])?);
        Some(Square { row, column })
    }

    /// Reads `C`; the column from 0.
    pub fn column(text: &str) -> Option<u32> {
        let shaped = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase());
        if !shaped {
            return None;
        }
        let number = text.bytes().fold(0, |sum, b| sum * 26 + u32::from(b - b'A' + 1));
        (number <= MOST.0).then(|| number - 1)
    }

    /// Reads `6`; the row from 0.
    pub fn row(text: &str) -> Option<u32> {
        let shaped = !text.starts_with('0') && text.len() <= 7 && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|row| shaped && *row <= MOST.1).map(|row| row - 1)
    }

    /// `A` for column 0, `AA` for column 26.
    pub fn letters(column: u32) -> String {
        let (mut text, mut rest) = (String::new(), column + 1);
        while rest > 0 {
            rest -= 1;
            text.insert(0, char::from(b'A' + (rest % 26) as u8));
            rest /= 26;
        }
        text
    }
}

impl fmt::Display for Square {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", Square::letters(self.column), self.row + 1)
    }
}

/// A rectangle of cells, corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// Its upper left corner.
    pub from: Square,
    /// Its lower right corner.
    pub to: Square,
}

impl Area {
    /// Reads `A1:J1`, or a single cell.
    pub fn parse(text: &str) -> Option<Area> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (from, to) = (Square::parse(from)?, Square::parse(to)?);
        (from.row <= to.row && from.column <= to.column).then_some(Area { from, to })
    }

    /// Whether a cell is in it.
    pub fn holds(&self, at: Square) -> bool {
        (self.from.row..=self.to.row).contains(&at.row) && (self.from.column..=self.to.column).contains(&at.column)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_read_and_written_by_its_name() {
        for (text, expect) in [
            ("A1", Some((0, 0))),
            ("C6", Some((5, 2))),
            ("AA10", Some((9, 26))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("XFE1", None),
            ("A1048577", None),
            ("A0", None),
            ("A01", None),
            ("a1", None),
            ("$A$1", None),
            ("A", None),
            ("6", None),
            ("", None),
            ("甲1", None),
        ] {
            let found = Square::parse(text);
            assert_eq!(found.map(|at| (at.row, at.column)), expect, "{text}");
            assert!(found.is_none_or(|at| at.to_string() == text), "{text}");
        }
    }

    #[test]
    fn an_area_has_its_first_corner_first() {
        for (text, expect) in [("A1:J2", true), ("B3", true), ("B2:A3", false), ("A3:B2", false), ("A1:", false)] {
            assert_eq!(Area::parse(text).is_some(), expect, "{text}");
        }
    }
}
