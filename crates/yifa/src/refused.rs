//! The user's problems on their way out: they end the command with exit code 2, faults with 1.

use std::fmt;

use engine::problem::Problem;

/// All the problems that stopped something.
#[derive(Debug)]
pub struct Refused(pub Vec<Problem>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, problem) in self.0.iter().enumerate() {
            if nth > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// One problem as an error.
pub fn refuse(code: u16, text: impl Into<String>, remedy: impl Into<String>) -> anyhow::Error {
    Refused(vec![Problem::new(code, text, remedy)]).into()
}

/// All problems as an error, or nothing when there are none.
pub fn unless_none(problems: Vec<Problem>) -> anyhow::Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Refused(problems).into()) }
}

/// What the user can mend although no code foresaw it: a disk that is full or read-only, a database that went bad.
pub fn of_disk(error: &anyhow::Error) -> Option<Refused> {
    use std::io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let full = error.chain().filter_map(of_file).any(|io| {
        matches!(io.kind(), StorageFull | FileTooLarge | QuotaExceeded | ReadOnlyFilesystem | PermissionDenied)
    });
    let problem = if full || crate::storage::is_disk(error) {
        Problem::new(710, format!("写不了磁盘（{error:#}）"), "请检查磁盘剩余空间和目录的权限，然后重做")
    } else if crate::storage::is_damaged(error) {
        let remedy = "请停止使用，从备份取回整个目录；取回后运行 yifa verify";
        Problem::new(706, format!("数据库损坏了（{error:#}）"), remedy)
    } else {
        return None;
    };
    Some(Refused(vec![problem]))
}

/// The system's error, also where a writer of tables wraps it without naming it as its source.
fn of_file<'e>(cause: &'e (dyn std::error::Error + 'static)) -> Option<&'e std::io::Error> {
    if let Some(error) = cause.downcast_ref::<csv::Error>() {
        return match error.kind() {
            csv::ErrorKind::Io(io) => Some(io),
            _ => None,
        };
    }
    match cause.downcast_ref::<rust_xlsxwriter::XlsxError>() {
        Some(rust_xlsxwriter::XlsxError::IoError(io)) => Some(io),
        _ => cause.downcast_ref::<std::io::Error>(),
    }
}
