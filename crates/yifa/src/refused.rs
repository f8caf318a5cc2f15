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
