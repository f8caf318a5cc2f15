//! `yifa-pdf`: papers in, PDF out (排印). It asks nothing of disks but fonts, and nothing of networks.
//!
//! Each line of standard input is a request, [`Request`]; each answer is a line, [`Answer`], and as many bytes of PDF
//! behind it as the line says. It goes on until its input ends, so that fonts are read once for a batch.

mod add;
mod fonts;
mod world;

use std::env;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use fonts::{Face, Fonts};

/// A work to be set.
#[derive(Deserialize)]
struct Request {
    /// The township's own fonts, if there is such a folder.
    fonts: Option<PathBuf>,
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

const HELP: &str = "yifa-pdf：yifa 的排印程序，由 yifa 调用，一般不直接运行

  yifa-pdf        从标准输入逐行读取要排的文书，向标准输出写 PDF
  yifa-pdf add    检查字体；一种中文字体也没有的，取自由许可的字体放在程序旁边的 fonts 目录";

fn main() -> ExitCode {
    let done = match env::args().nth(1).as_deref() {
        None => serve(io::stdin().lock(), io::stdout().lock()),
        Some("add") => add::run(),
        Some(_) => {
            println!("{HELP}");
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("yifa-pdf: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(requests: impl BufRead, mut answers: impl Write) -> io::Result<()> {
    let mut known: Option<(Option<PathBuf>, Fonts)> = None;
    for line in requests.lines() {
        let Request { fonts: own, work } = serde_json::from_str(&line?)?;
        if known.as_ref().is_none_or(|(of, _)| *of != own) {
            let fonts = Fonts::find(&fonts::folders(own.as_deref()));
            known = Some((own, fonts));
        }
        let Some((_, fonts)) = &known else { continue };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_face_for_chinese_nothing_is_printed() {
        let (answer, pdf) = set(&Fonts::find(&[]), &serde_json::json!({}));
        assert!(answer.no_font && answer.fault.is_none() && pdf.is_empty());
        assert_eq!((answer.bytes, answer.pages), (0, 0));
    }

    #[test]
    fn it_ends_with_its_input_and_what_is_no_request_is_a_fault() {
        let mut answers = Vec::new();
        assert!(serve(&b""[..], &mut answers).is_ok() && answers.is_empty());
        for wrong in ["papers\n", "{}\n", "{\"work\":"] {
            assert!(serve(wrong.as_bytes(), &mut answers).is_err(), "{wrong}");
        }
        assert!(answers.is_empty());
    }
}
