//! What people see in the terminal: problems with their place, tables, progress.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use engine::definition::FileSet;
use engine::problem::{Located, Problem};
use indicatif::{ProgressBar, ProgressStyle};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use unicode_width::UnicodeWidthStr;

/// Shows problems on standard error, each with the line it is about where a text is at hand.
pub fn problems(problems: &[Problem], files: &FileSet) {
    let mut text = String::new();
    for problem in problems {
        text.push_str(&problem_text(problem, files));
    }
    if problems.len() > 1 {
        text.push_str(&format!("共 {} 处问题。\n", problems.len()));
    }
    // Nobody is left to tell when standard error itself is gone.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// One problem as a good compiler shows it.
pub fn problem_text(problem: &Problem, files: &FileSet) -> String {
    let source = problem.place.as_ref().and_then(|place| Some((place, files.get(&place.file)?)));
    let Some((place, text)) = source else {
        let place = problem.place.as_ref().map_or_else(String::new, |place| format!("{}：", place.file));
        return format!("{} {place}{}\n{}", problem.code, problem.text, what_to_do(problem));
    };
    let shown = Shown { problem, source: NamedSource::new(&place.file, text.clone()), span: place.span.clone() };
    let theme = if io::stderr().is_terminal() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = GraphicalReportHandler::new_themed(theme).with_width(100).render_report(&mut out, &shown);
    out.push_str(&what_to_do(problem));
    out
}

/// The remedy and the law, in our own words: miette would put an English heading over them.
fn what_to_do(problem: &Problem) -> String {
    let mut text = format!("  处理：{}\n", problem.remedy);
    if !problem.basis.is_empty() {
        text.push_str(&format!("  依据：{}\n", problem.basis.join("、")));
    }
    text
}

/// Problems as data on standard output, each with its place in lines and characters where a text is at hand.
pub fn problems_json(problems: &[Problem], files: &FileSet) -> Result<()> {
    #[derive(serde::Serialize)]
    struct Where<'p> {
        file: &'p str,
        #[serde(flatten)]
        at: Option<Located>,
    }
    let one = |problem: &Problem| {
        let place = problem
            .place
            .as_ref()
            .map(|place| Where { file: &place.file, at: files.get(&place.file).map(|text| place.in_text(text)) });
        let Problem { code, text, remedy, basis, .. } = problem;
        serde_json::json!({ "code": code, "place": place, "text": text, "remedy": remedy, "basis": basis })
    };
    json(&serde_json::json!({ "problems": problems.iter().map(one).collect::<Vec<_>>() }))
}

#[derive(Debug)]
struct Shown<'p> {
    problem: &'p Problem,
    source: NamedSource<String>,
    span: std::ops::Range<usize>,
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem.text)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.problem.code))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.span.clone()))))
    }
}

/// A fault: English for whoever mends the program, an id for whoever reports it.
pub fn fault(error: &anyhow::Error) {
    let id = crate::ambient::Ambient::id(&mut crate::ambient::System).to_string();
    let id = &id[id.len() - 12..];
    let _ = writeln!(
        io::stderr(),
        "程序出了故障（编号 {id}）。没有显示“已记入”的，就没有记入。请把下面这段话和编号告诉维护者：\n  {error:#}"
    );
}

/// A bar for anything that may take over a second; silent when nobody watches.
pub fn bar(total: u64, what: &str) -> ProgressBar {
    let bar = if io::stderr().is_terminal() { ProgressBar::new(total) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_message(what.to_owned());
    bar
}

/// How a column of a table is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Prints a table in columns, Chinese taking two places each.
pub fn table(heads: &[(&str, Align)], rows: &[Vec<String>]) -> Result<()> {
    let mut widths: Vec<usize> = heads.iter().map(|(head, _)| head.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut out = io::stdout().lock();
    let line = |cells: &mut dyn Iterator<Item = &str>| -> String {
        let mut text = String::new();
        for ((cell, width), (_, align)) in cells.zip(&widths).zip(heads) {
            let space = " ".repeat(width - cell.width());
            match align {
                Align::Left => text.push_str(&format!("{cell}{space}  ")),
                Align::Right => text.push_str(&format!("{space}{cell}  ")),
            }
        }
        text.trim_end().to_owned()
    };
    writeln!(out, "{}", line(&mut heads.iter().map(|(head, _)| *head)))?;
    let rule: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    writeln!(out, "{}", "─".repeat(rule))?;
    for row in rows {
        writeln!(out, "{}", line(&mut row.iter().map(String::as_str)))?;
    }
    Ok(())
}

/// Prints data as JSON.
pub fn json(data: &impl serde::Serialize) -> Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, data).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Prints a line.
pub fn line(text: impl AsRef<str>) -> Result<()> {
    writeln!(io::stdout().lock(), "{}", text.as_ref())?;
    Ok(())
}
