//! References to cells in formulas, found and rewritten without understanding the rest (公式里的引用).

use std::fmt;

use engine::statement::Square;

/// A row or a column of a reference, from 0, and whether it is fixed by a `$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub fixed: bool,
    pub at: u32,
}

/// `C6`, `$C6`, or one half of `5:9` and `A:C`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub column: Option<Line>,
    pub row: Option<Line>,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = |line: Line| if line.fixed { "$" } else { "" };
        if let Some(column) = self.column {
            write!(f, "{}{}", mark(column), Square::letters(column.at))?;
        }
        if let Some(row) = self.row {
            write!(f, "{}{}", mark(row), row.at + 1)?;
        }
        Ok(())
    }
}

/// What a formula points at: one cell, or all from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub from: Point,
    pub to: Option<Point>,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.from.fmt(f)?;
        self.to.map_or(Ok(()), |to| write!(f, ":{to}"))
    }
}

/// Rewrites every reference of a formula; told with it is the sheet it names, if it names one. References into other
/// workbooks stay as they are.
pub(super) fn rewrite(formula: &str, each: impl Fn(Option<&str>, Range) -> Range) -> String {
    let mut out = String::with_capacity(formula.len() + 8);
    let mut sheet: Option<String> = None;
    let (mut foreign, mut rest) = (false, formula);
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '"' => quoted(rest, '"'),
            '\'' => {
                let length = quoted(rest, '\'');
                if rest[length..].starts_with('!') {
                    let name = rest[1..length - 1].replace("''", "'");
                    foreign |= name.contains('[');
                    sheet = Some(name);
                    out.push_str(&rest[..=length]);
                    rest = &rest[length + 1..];
                    continue;
                }
                length
            }
            // What a table calls its columns, or another workbook.
            '[' => {
                foreign = true;
                rest.find(']').map_or(rest.len(), |end| end + 1)
            }
            _ if is_word(next) => {
                if let Some((range, length)) = range(rest) {
                    let range = if foreign { range } else { each(sheet.as_deref(), range) };
                    out.push_str(&range.to_string());
                    rest = &rest[length..];
                    (sheet, foreign) = (None, false);
                    continue;
                }
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                if rest[length..].starts_with('!') {
                    sheet = Some(rest[..length].to_owned());
                    out.push_str(&rest[..=length]);
                    rest = &rest[length + 1..];
                    continue;
                }
                length
            }
            _ => next.len_utf8(),
        };
        if next != '[' {
            (sheet, foreign) = (None, false);
        }
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

/// How long a piece between quotes is; a quote in it stands twice.
fn quoted(text: &str, quote: char) -> usize {
    let mut from = 1;
    while let Some(end) = text[from..].find(quote) {
        from += end + 1;
        if !text[from..].starts_with(quote) {
            return from;
        }
        from += 1;
    }
    text.len()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\')
}

/// A reference at the beginning of a text, and how long it is; a word that only looks like one is none.
fn range(text: &str) -> Option<(Range, usize)> {
    let (from, length) = point(text)?;
    let whole = from.column.is_some() && from.row.is_some();
    let second = text[length..].strip_prefix(':').and_then(point);
    let (to, length) = match second {
        Some((to, more)) if (to.column.is_some(), to.row.is_some()) == (from.column.is_some(), from.row.is_some()) => {
            (Some(to), length + 1 + more)
        }
        _ if whole => (None, length),
        _ => return None,
    };
    let ends = !text[length..].starts_with(|c| is_word(c) || matches!(c, '(' | '!' | '['));
    ends.then_some((Range { from, to }, length))
}

fn point(text: &str) -> Option<(Point, usize)> {
    let letters = |text: &str| text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut at = 0;
    let mut line = |measure: &dyn Fn(&str) -> usize, read: &dyn Fn(&str) -> Option<u32>| {
        let fixed = text[at..].starts_with('$');
        let start = at + usize::from(fixed);
        let end = start + measure(&text[start..]);
        let found = read(&text[start..end]).map(|number| Line { fixed, at: number });
        if found.is_some() {
            at = end;
        }
        found
    };
    let column = line(&letters, &|text| Square::column(&text.to_ascii_uppercase()));
    let row = line(&digits, &Square::row);
    (column.is_some() || row.is_some()).then_some((Point { column, row }, at))
}

/// The same formula in a cell so many rows and columns further on: what is not fixed goes along.
pub(super) fn moved(formula: &str, rows: i64, columns: i64) -> String {
    let along = |line: Option<Line>, by: i64| {
        line.map(|line| match line.fixed {
            true => line,
            false => Line { at: u32::try_from(i64::from(line.at) + by).unwrap_or(line.at), ..line },
        })
    };
    let point = |point: Point| Point { column: along(point.column, columns), row: along(point.row, rows) };
    rewrite(formula, |_, range| Range { from: point(range.from), to: range.to.map(point) })
}

/// Rows put in below one: what was further down moves, and what ended there goes on to the new end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inserted {
    /// The row below which they are put, from 0.
    pub below: u32,
    /// How many.
    pub rows: u32,
}

impl Inserted {
    /// Where a row comes to lie.
    pub fn row(self, row: u32) -> u32 {
        if row > self.below { row + self.rows } else { row }
    }

    /// Where the last row of several comes to lie that begin at `first`.
    pub fn last(self, first: u32, last: u32) -> u32 {
        if last > self.below || (last == self.below && first <= last) { last + self.rows } else { last }
    }

    /// A reference after that.
    pub fn range(self, range: Range) -> Range {
        let set = |line: Option<Line>, at: u32| line.map(|line| Line { at, ..line });
        match (range.from.row, range.to.and_then(|to| to.row)) {
            (Some(first), Some(last)) => {
                let to = self.last(first.at, last.at);
                Range {
                    from: Point { row: set(range.from.row, self.row(first.at)), ..range.from },
                    to: range.to.map(|point| Point { row: set(point.row, to), ..point }),
                }
            }
            (Some(row), None) => {
                Range { from: Point { row: set(range.from.row, self.row(row.at)), ..range.from }, ..range }
            }
            _ => range,
        }
    }

    /// Areas as a list, `A5:B9 D5`.
    pub fn areas(self, text: &str) -> String {
        text.split(' ').map(|area| rewrite(area, |_, range| self.range(range))).collect::<Vec<_>>().join(" ")
    }

    /// A formula: those of its references that point into the sheet.
    pub fn formula(self, formula: &str, points_here: impl Fn(Option<&str>) -> bool) -> String {
        rewrite(formula, |sheet, range| if points_here(sheet) { self.range(range) } else { range })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_move_and_ranges_that_ended_there_grow() {
        let inserted = Inserted { below: 13, rows: 10 };
        let check = |formula: &str, expect: &str| {
            assert_eq!(
                inserted.formula(formula, |sheet| sheet.is_none_or(|name| name == "统计表")),
                expect,
                "{formula}"
            );
        };
        check("SUM(F5:F14)", "SUM(F5:F24)");
        check("SUM(F14:F14)", "SUM(F14:F24)");
        check("SUM(F5:F13)+F15", "SUM(F5:F13)+F25");
        check("SUM($F$5:$F$14)/F$15*F14", "SUM($F$5:$F$24)/F$25*F14");
        check("SUM(A:A)+SUM(15:15)", "SUM(A:A)+SUM(25:25)");
        check("IF(B15=\"A20\",\"说\"\"A20\",LOG10(A15))", "IF(B25=\"A20\",\"说\"\"A20\",LOG10(A25))");
        check("其他!A15+统计表!A15+'统计表'!A15+'其 他'!A15", "其他!A15+统计表!A25+'统计表'!A25+'其 他'!A15");
        check("[1]统计表!A15+A15", "[1]统计表!A15+A25");
        check("SUM(表1[数A15])+A15", "SUM(表1[数A15])+A25");
        check("合计A15+A15_b+A15(1)", "合计A15+A15_b+A15(1)");
        check("$1:$3", "$1:$3");
        check("A1:K14,A1:K30", "A1:K24,A1:K40");
    }

    #[test]
    fn a_formula_copied_down_goes_along_where_it_is_not_fixed() {
        assert_eq!(moved("A5*$B$1+B$2+$C5+SUM(D5:D6)", 3, 1), "B8*$B$1+C$2+$C8+SUM(E8:E9)");
    }

    #[test]
    fn areas_of_formats_grow_with_the_rows() {
        let inserted = Inserted { below: 4, rows: 2 };
        assert_eq!(inserted.areas("A5 B3:C5 D6:D7"), "A5 B3:C7 D8:D9");
    }
}
