//! 依法：乡镇法治政府建设工作台。
//!
//! One binary. Exit codes: 0 done, 1 a fault of ours, 2 something for the user to mend.

use std::process::ExitCode;

use yifa::{cli, refused, show};

fn main() -> ExitCode {
    let error = match cli::run() {
        Ok(code) => return code,
        Err(error) => error,
    };
    if is_closed_pipe(&error) {
        return ExitCode::SUCCESS;
    }
    let Some(problems) = refused::problems(&error) else {
        show::fault(&error);
        return ExitCode::from(1);
    };
    let none = Default::default();
    let texts = error.downcast_ref::<refused::Texts>().map_or(&none, |texts| &texts.0);
    match cli::wants_json() {
        // Nobody is left to tell when standard output itself is gone.
        true => drop(show::problems_json(&problems, texts)),
        false => show::problems(&problems, texts),
    }
    ExitCode::from(2)
}

/// `yifa list … | head` closes the pipe early; that is no fault.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = || cause.downcast_ref::<serde_json::Error>()?.io_error_kind();
        io.or_else(json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}
