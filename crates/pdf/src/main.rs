//! `yifa-pdf`: papers in, PDF out (排印). It asks nothing of disks but fonts, and nothing of networks.
//!
//! Each line of standard input is a request, [`Request`]; each answer is a line, [`Answer`], and as many bytes of PDF
//! behind it as the line says. It goes on until its input ends, so that fonts are read once for a batch.

mod fonts;
mod world;

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use fonts::{Chains, Face, Fonts};

/// A work to be set.
#[derive(Deserialize)]
struct Request {
    /// The folders fonts are looked for in, the first first.
    folders: Vec<PathBuf>,
    /// The families for each role, the best first.
    chains: Chains,
    /// The work, as the layout reads it.
    work: serde_json::Value,
}

/// What came of it.
#[derive(Serialize, Default)]
struct Answer {
    /// How many bytes of PDF follow this line; 0: none, for one of the reasons below.
    bytes: usize,
    /// How many pages it has.
    pages: usize,
    /// Which face each role was set in.
    faces: Vec<Face>,
    /// Characters that no face has.
    missing: Vec<char>,
    /// There is no face for Chinese at all.
    no_font: bool,
    /// What went wrong, for whoever mends the program.
    fault: Option<String>,
    /// What typst warned of: a layout that does not settle.
    warnings: Vec<String>,
}

fn main() -> ExitCode {
    match serve(io::stdin().lock(), io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yifa-pdf: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(requests: impl BufRead, mut answers: impl Write) -> io::Result<()> {
    let mut known: Option<(Vec<PathBuf>, Chains, Fonts)> = None;
    for line in requests.lines() {
        let Request { folders, chains, work } = serde_json::from_str(&line?)?;
        if known.as_ref().is_none_or(|(of, by, _)| *of != folders || *by != chains) {
            let fonts = Fonts::find(&folders, &chains);
            known = Some((folders, chains, fonts));
        }
        let Some((_, _, fonts)) = &known else { continue };
        let (answer, pdf) = set(fonts, &work);
        serde_json::to_writer(&mut answers, &answer)?;
        answers.write_all(b"\n")?;
        answers.write_all(&pdf)?;
        answers.flush()?;
        // What was remembered of one work serves no other, and a batch is to stay small.
        typst::comemo::evict(0);
    }
    Ok(())
}

fn set(fonts: &Fonts, work: &serde_json::Value) -> (Answer, Vec<u8>) {
    let mut answer = Answer { faces: fonts.faces(), missing: fonts.missing(work), ..Answer::default() };
    if fonts.is_empty() {
        answer.no_font = true;
    } else if answer.missing.is_empty() {
        match world::set(fonts, work) {
            Ok(world::Done { pdf, pages, warnings }) => {
                (answer.bytes, answer.pages, answer.warnings) = (pdf.len(), pages, warnings);
                return (answer, pdf);
            }
            Err(fault) => answer.fault = Some(fault),
        }
    }
    (answer, Vec::new())
}
