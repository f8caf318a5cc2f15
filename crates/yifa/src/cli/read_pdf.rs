//! `yifa read-pdf`: the words of one PDF from standard input, or why there are none, as JSON. [`pdf::text`] alone runs it.

use std::io::{Read, stdin, stdout};
use std::process::ExitCode;
use std::thread::Builder;

use anyhow::Result;
use clap::Args;

use crate::pdf;

/// 由 yifa 自己调用：从标准输入读一个 PDF 的文字
#[derive(Args)]
pub struct ReadPdf;

impl ReadPdf {
    pub fn run(self) -> Result<ExitCode> {
        let mut bytes = Vec::new();
        stdin().take(pdf::LARGEST as u64 + 1).read_to_end(&mut bytes)?;
        // What is nested deeply takes more of a stack than some systems give.
        let reader = Builder::new().stack_size(16 << 20).spawn(move || pdf::read(&bytes))?;
        let Ok(read) = reader.join() else { return Ok(ExitCode::FAILURE) };
        serde_json::to_writer(stdout(), &read)?;
        Ok(ExitCode::SUCCESS)
    }
}
