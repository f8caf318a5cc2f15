//! Why somebody looks at what is personal, or takes it away (理由): asked for, and in the access log before anything is
//! shown.

use anyhow::Result;
use engine::problem::Problem;

use super::visit::Visit;
use crate::accounts::access::{Kind, LONGEST_REASON, SHORTEST_REASON};

/// A reason that says something.
#[derive(Clone, Copy)]
pub struct Reason<'r>(&'r str);

impl<'r> Reason<'r> {
    /// What was typed as a reason.
    ///
    /// # Errors
    /// Nothing, or too little to say anything: `missing`, with how long a reason is. Too much: that, under its code.
    pub fn of(typed: Option<&'r str>, missing: Problem) -> Result<Reason<'r>, Problem> {
        let typed = typed.map(str::trim).unwrap_or_default();
        let long = typed.chars().count();
        if long > LONGEST_REASON {
            let text = format!("理由太长：有 {long} 个字，最多 {LONGEST_REASON} 个字");
            return Err(Problem {
                text, remedy: "请只写为什么要看、办什么事要用".to_owned(), ..missing
            });
        }
        if long >= SHORTEST_REASON {
            return Ok(Reason(typed));
        }
        let remedy = format!("{}，不少于 {SHORTEST_REASON} 个字；理由记入访问日志", missing.remedy);
        Err(Problem { remedy, ..missing })
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
