//! What somebody means by a name in a form (查找): among the records he may see, and among the files he sent or found there.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::FieldRef;
use engine::form::{Found, Held, Lookup};
use engine::problem::Problem;

use super::super::visit::Visit;
use super::files;
use crate::ledger::visible::Visible;

/// Records as one person sees them, and the files his form may name.
pub struct Own<'o, 'v> {
    visit: &'o Visit<'v>,
    visible: Visible<'o>,
    draft: &'o str,
    /// Files that the step he corrects names already.
    known: BTreeSet<String>,
}

impl<'o, 'v> Own<'o, 'v> {
    /// For a form of this draft.
    pub fn new(visit: &'o Visit<'v>, draft: &'o str, known: BTreeSet<String>) -> Own<'o, 'v> {
        Own { visit, visible: visit.visible(), draft, known }
    }
}

impl Lookup for Own<'_, '_> {
    fn find(&self, register: &str, text: &str) -> Found {
        self.visible.find(register, text)
    }

    fn held(&self, record: &str, at: &FieldRef) -> Held {
        self.visible.held(record, at)
    }

    fn has_file(&self, hash: &str) -> bool {
        self.known.contains(hash) || files::has(self.visit, self.draft, hash)
    }
}

/// What a record is called, if he may see it.
pub fn visible(visit: &Visit<'_>, id: &str) -> Result<Option<String>> {
    visit.visible().called(id)
}

/// What a record is called, for a page: what is not his to see has no name there.
pub fn name(visit: &Visit<'_>, id: &str) -> Result<String> {
    Ok(visible(visit, id)?.unwrap_or_else(|| "（不在您能看的范围）".to_owned()))
}

/// A problem with its remedy as somebody at a page can follow it; on the command line other words help.
pub fn for_page(mut problem: Problem) -> Problem {
    let remedy = match problem.code.0 {
        202 if problem.text == "没有写更正成什么" => "请改动要更正的那几栏，再提交",
        204 if problem.text.ends_with("个同名的") => "请改填编号，或者从列出的里面选",
        213 | 214 => "请从登记簿的清单打开案卷，再从案卷里办",
        219 | 223 if problem.text.contains("早先") || problem.remedy.contains("--already") => {
            "今天办的，日期填今天；早先已在系统外办的，由领导在下面“系统外已发生”里写明理由"
        }
        229 => "后来的事接着记在那个案卷上；那个案卷记错了的，更正它；不该有的，先作废它再记",
        243 => "请把文件重新传一次",
        _ => return problem,
    };
    problem.remedy = remedy.to_owned();
    problem
}
