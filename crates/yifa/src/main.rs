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
    match error.downcast_ref::<refused::Refused>() {
        Some(refused::Refused(problems)) => {
            show::problems(problems, &Default::default());
            ExitCode::from(2)
        }
        None if is_closed_pipe(&error) => ExitCode::SUCCESS,
        None => match refused::of_disk(&error) {
            Some(refused::Refused(problems)) => {
                show::problems(&problems, &Default::default());
                ExitCode::from(2)
            }
            None => {
                show::fault(&error);
                ExitCode::from(1)
            }
        },
    }
}

/// `yifa list … | head` closes the pipe early; that is no fault.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
