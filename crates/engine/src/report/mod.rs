//! Report templates (报告).

use crate::definition::Definitions;
use crate::problem::Problem;

/// A report template.
#[derive(Clone, Debug, Default)]
pub struct Template {}

impl Template {
    /// Reads a template and holds its figure references against a set.
    pub fn read(_file: &str, _text: &str, _set: &Definitions) -> (Template, Vec<Problem>) {
        (Template {}, Vec::new())
    }
}
