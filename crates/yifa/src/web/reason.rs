//! Why somebody looks at what is personal, or takes it away (理由): asked for, and in the access log before anything is
//! shown.

use anyhow::Result;
use engine::problem::Problem;

use super::visit::Visit;
use crate::accounts::access::{Kind, SHORTEST_REASON};

/// A reason that says something.
#[derive(Clone, Copy)]
pub struct Reason<'r>(&'r str);

impl<'r> Reason<'r> {
    /// What was typed as a reason.
    ///
    /// # Errors
    /// Nothing, or too little to say anything: the problem `code`, which says what the reason is missing for, and what to
    /// do.
    pub fn of(typed: Option<&'r str>, code: u16, missing: &str, remedy: &str) -> Result<Reason<'r>, Problem> {
        let typed = typed.map(str::trim).unwrap_or_default();
        match typed.chars().count() {
            SHORTEST_REASON.. => Ok(Reason(typed)),
            _ => Err(Problem::new(code, missing, format!("{remedy}，不少于 {SHORTEST_REASON} 个字；理由记入访问日志"))),
        }
    }

    /// Writes down what he looks at and why; when it returns, the line is on disk. Gives its id.
    pub fn write_down(self, visit: &Visit<'_>, kind: Kind, about: &str, what: &str) -> Result<String> {
        visit.note(kind, about, what, self.0)
    }

    /// As it was typed.
    pub fn text(self) -> &'r str {
        self.0
    }
}
