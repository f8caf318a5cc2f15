//! What another record says already, and nobody types again (带出).

use super::{Filled, Held, Lookup};
use crate::definition::Step;
use crate::problem::Problem;
use crate::value::{Fields, Value};

/// Puts in what the records that a step refers to say already, so that nobody types it again. What was typed or cleared
/// all the same must agree. A correction of a step that said `before` clears what the right record does not say.
pub(super) fn copy(
    step: &Step,
    before: &Fields,
    cleared: &mut Vec<String>,
    filled: &mut Filled,
    lookup: &dyn Lookup,
) -> Vec<(String, Problem)> {
    let mut problems = Vec::new();
    for field in &step.fields {
        let (Some(copy), id) = (&field.copy, &field.id.value) else { continue };
        let of = &copy.of.field;
        let touched = |id: &String| filled.fields.contains_key(id) || cleared.contains(id);
        if !touched(of) && !touched(id) {
            continue;
        }
        let named = filled.fields.get(of).or_else(|| before.get(of).filter(|_| !cleared.contains(of)));
        let Some(record) = named.and_then(Value::as_text) else { continue };
        let from = step.field(of).map_or(of.as_str(), |from| &from.title);
        let typed = filled.fields.get(id);
        let wrong = match lookup.held(record, &copy.field) {
            Held::Untold => continue,
            Held::Nothing if typed.is_none() => {
                if before.contains_key(id) && !cleared.contains(id) {
                    cleared.push(id.clone());
                }
                continue;
            }
            Held::Nothing => (format!("“{from}”里还没有“{}”", field.title), format!("请先在“{from}”里记，这里不用填")),
            Held::Value(value) if typed.map_or(!cleared.contains(id), |typed| *typed == value) => {
                filled.fields.insert(id.clone(), value);
                continue;
            }
            Held::Value(value) => {
                // An id says nothing to anybody.
                let shown = field.shown(&value, |_| Err(()));
                let there = shown.map_or_else(|()| String::new(), |shown| format!("，那里是“{shown}”"));
                let text = format!("“{}”与“{from}”不同{there}", field.title);
                (text, format!("不用填，由“{from}”带出；那里记错了的，请先更正那里"))
            }
        };
        problems.push((id.clone(), Problem::new(205, wrong.0, wrong.1)));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{FieldRef, step};
    use crate::form::{Found, Given, Input, corrected};
    use crate::read::Source;

    const STEP: &str = r#"
        id = "review"
        title = "审查"
        local = "样例"
        fields = [
          { id = "review", title = "审查案卷", type = "record", register = "legality_review" },
          { id = "opinion", title = "结论", type = "choice", choices = { lawful = "合法", unlawful = "不合法" }, copy = { of = "review", field = "opine.opinion" } },
        ]
    "#;

    /// Case 1 was found lawful, case 2 unlawful, case 3 is under way.
    struct Cases;

    impl Lookup for Cases {
        fn find(&self, _register: &str, text: &str) -> Found {
            Found::One(text.to_owned())
        }

        fn held(&self, record: &str, at: &FieldRef) -> Held {
            assert_eq!(at.to_string(), "opine.opinion");
            match record {
                "1" => Held::Value(Value::Text("lawful".to_owned())),
                "2" => Held::Value(Value::Text("unlawful".to_owned())),
                _ => Held::Nothing,
            }
        }

        fn has_file(&self, _hash: &str) -> bool {
            false
        }
    }

    /// Before a correction, what is typed, and the opinion that comes of it or what is said against it.
    #[track_caller]
    fn check(before: &[(&str, &str)], typed: &[(&str, &str)], expect: &str) {
        let source = Source::new("step.toml", STEP);
        let step = source.read(step::read).unwrap();
        let before = before.iter().map(|(id, text)| (id.to_string(), Value::Text(text.to_string()))).collect();
        let given: Given = typed.iter().map(|(id, text)| (id.to_string(), Input::Text(text.to_string()))).collect();
        let mut cleared = Vec::new();
        let (filled, problems) = corrected(&step, &given, &before, &mut cleared, &Cases);
        let got = match &problems[..] {
            [] if !cleared.is_empty() => format!("{} cleared", cleared.join("、")),
            [] => filled.fields.get("opinion").map_or("-".to_owned(), |value| value.texts().join("、")),
            problems => problems.iter().map(|(_, problem)| problem.text.clone()).collect(),
        };
        assert_eq!(got, expect);
    }

    #[test]
    fn what_another_record_says_is_not_typed_again() {
        check(&[], &[("review", "1")], "lawful");
        check(&[], &[("review", "3")], "-");
        check(&[], &[], "-");
        check(&[], &[("review", "2"), ("opinion", "不合法")], "unlawful");
        check(&[], &[("review", "2"), ("opinion", "合法")], "“结论”与“审查案卷”不同，那里是“不合法”");
        check(&[], &[("review", "3"), ("opinion", "合法")], "“审查案卷”里还没有“结论”");
    }

    #[test]
    fn a_correction_of_the_reference_corrects_what_it_says() {
        let before = [("review", "1"), ("opinion", "lawful")];
        check(&before, &[("review", "2")], "unlawful");
        check(&before, &[("review", "3")], "opinion cleared");
        check(&before, &[("opinion", "不合法")], "“结论”与“审查案卷”不同，那里是“合法”");
        check(&before, &[], "-");
    }
}
