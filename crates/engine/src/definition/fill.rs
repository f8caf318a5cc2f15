//! Filling in what definitions name: parameters, where a length or a bound stands for one.

use crate::day::Span;
use crate::read::At;

use super::check::{Check, Looks};
use super::condition::{Condition, Test};
use super::field::{Choice, FieldType};
use super::figure::Figure;
use super::mapping::Mapping;
use super::names::Notes;
use super::paper::Papers;
use super::parameter::{Amount, Bound, Dated, Parameters, Term};
use super::register::Register;
use super::statement::Statement;

pub(super) fn fill(
    registers: &mut [Register],
    figures: &mut [Figure],
    checks: &mut [Check],
    (mappings, papers, statements): (&mut [Mapping], &mut [Papers], &mut [Statement]),
    parameters: &Parameters,
    notes: &mut Notes<'_>,
) {
    for register in registers {
        let mut fill = Fill { file: &register.file, parameters, notes };
        for step in &mut register.steps {
            for within in &mut step.within {
                within.count.term_mut().into_iter().for_each(|term| fill.term(term));
            }
            step.lasts.iter_mut().for_each(|lasts| fill.term(&mut lasts.term));
            step.need.iter_mut().for_each(|need| fill.conditions(&mut need.when));
            for field in &mut step.fields {
                fill.conditions(&mut field.required_if);
                field.not_before.iter_mut().filter_map(|rule| rule.term.as_mut()).for_each(|term| fill.term(term));
                for rule in &mut field.not_after {
                    fill.term(&mut rule.term);
                    fill.conditions(&mut rule.when);
                }
                for relation in field.same_as.iter_mut().chain(&mut field.not_among) {
                    fill.conditions(&mut relation.when);
                }
                field.share.iter_mut().for_each(|share| fill.conditions(&mut share.relation.when));
                field.derive.iter_mut().for_each(|derived| fill.conditions(&mut derived.when));
            }
        }
        register.bars.iter_mut().for_each(|bar| fill.conditions(&mut bar.unless));
    }
    for figure in figures {
        Fill { file: &figure.file, parameters, notes }.conditions(&mut figure.conditions);
    }
    for check in checks {
        let mut fill = Fill { file: &check.file, parameters, notes };
        fill.conditions(&mut check.when);
        if let Looks::Refers { conditions, .. } = &mut check.looks {
            fill.conditions(conditions);
        }
    }
    for mapping in mappings {
        let mut fill = Fill { file: &mapping.file, parameters, notes };
        mapping.only.iter_mut().for_each(|only| fill.conditions(&mut only.conditions));
    }
    for papers in papers {
        let mut fill = Fill { file: &papers.file, parameters, notes };
        papers.papers.iter_mut().for_each(|paper| fill.conditions(&mut paper.when));
    }
    for statement in statements {
        let mut fill = Fill { file: &statement.file, parameters, notes };
        if let Some(listing) = &mut statement.rows {
            fill.conditions(&mut listing.conditions);
            fill.conditions(&mut listing.unless);
        }
    }
}

/// Tells the fields that hold findings which checks there are: their choices, by which a finding is called.
pub(super) fn findings(registers: &mut [Register], checks: &[Check]) {
    let fields = registers.iter_mut().flat_map(|register| &mut register.steps).flat_map(|step| &mut step.fields);
    for field in fields.filter(|field| field.kind == FieldType::Finding) {
        field.choices = checks.iter().map(|check| Choice::plain(&check.id, &check.title)).collect();
    }
}

struct Fill<'f, 'n, 's> {
    file: &'f str,
    parameters: &'f Parameters,
    notes: &'n mut Notes<'s>,
}

impl Fill<'_, '_, '_> {
    fn conditions(&mut self, conditions: &mut [Condition]) {
        for comparison in conditions.iter_mut().flat_map(Condition::comparisons_mut) {
            // Whether a length of time has been set can be asked; how it compares with a number cannot.
            let (bound, compared) = match &mut comparison.test {
                Test::AtLeast(bound) | Test::AtMost(bound) => (bound, true),
                Test::InForce(bound) => (bound, false),
                _ => continue,
            };
            let Bound::Parameter { name, title, values } = bound else { continue };
            title.clone_from(self.parameters.get(&name.value).map_or(&name.value, |parameter| &parameter.title));
            *values = self.values(name, |amount| match amount {
                Amount::Number(number) | Amount::Money(number) => Some(number),
                Amount::Span(_) => (!compared).then_some(0),
            });
        }
    }

    fn term(&mut self, term: &mut Term) {
        let Some(name) = &term.parameter else { return };
        term.values = self.values(name, |amount| match amount {
            Amount::Span(span) => Some(span),
            Amount::Number(_) | Amount::Money(_) => None::<Span>,
        });
    }

    fn values<T>(&mut self, name: &At<String>, wanted: impl Fn(Amount) -> Option<T>) -> Vec<Dated<T>> {
        let Some(parameter) = self.parameters.get(&name.value) else {
            let known: Vec<&str> = self.parameters.keys().map(String::as_str).collect();
            self.notes.unknown(self.file, "参数", name, &known);
            return Vec::new();
        };
        let mut values = Vec::new();
        for dated in &parameter.values {
            match wanted(dated.value) {
                Some(value) => {
                    let (from, until, basis) = (dated.from, dated.until, dated.basis.clone());
                    values.push(Dated { from, until, value, basis });
                }
                None => {
                    let text = format!("参数“{}”的数值不是这里要的一种", parameter.title);
                    let remedy = "期限处写 days、working_days 或者 months 的参数，比较处写 number 或者 money 的参数";
                    self.notes.note(10, self.file, &name.span, text, remedy);
                    break;
                }
            }
        }
        values
    }
}
