//! Why somebody looks at what is personal, or takes it away (理由): asked for, and in the access log before anything is
//! shown.

use anyhow::Result;
use engine::problem::Problem;

use super::visit::Visit;
use crate::accounts::access::{Kind, said};

/// A reason that says something.
#[derive(Clone, Copy)]
pub struct Reason<'r>(&'r str);

impl<'r> Reason<'r> {
    /// What was typed as a reason.
    ///
    /// # Errors
    /// As [`said`].
    pub fn of(typed: Option<&'r str>, missing: Problem) -> Result<Reason<'r>, Problem> {
        said(typed, missing).map(Reason)
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
