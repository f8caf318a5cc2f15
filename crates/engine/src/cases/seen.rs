//! What the cases of a set have shown: every step taken, every bar raised, every term kept on its last day, missed by one
//! day and moved past days of rest (案例的覆盖).

use std::collections::BTreeSet;

use crate::day::Span;
use crate::definition::{Count, Definitions, FlagKind, Register};
use crate::record::Rows;

/// What was seen, in words that name register and place.
#[derive(Default)]
pub struct Shown(BTreeSet<String>);

impl Shown {
    pub(super) fn see(&mut self, register: &Register, rows: &Rows) {
        let id = &register.id.value;
        for one in rows.steps.iter().filter(|one| !one.void) {
            self.0.insert(step(id, &one.step));
        }
        for bar in &register.bars {
            let raised = |flag: &crate::record::Flag| {
                flag.kind == FlagKind::Barred && flag.step == bar.stops.value && flag.says == bar.say
            };
            if rows.flags.iter().any(raised) {
                self.0.insert(barred(id, &bar.id));
            }
        }
        for due in &rows.dues {
            if due.last > due.nominal {
                self.0.insert(term(id, &due.step, due.rule.into(), "末日顺延"));
            }
            let met = due.met_by.and_then(|entry| rows.steps.iter().find(|one| one.entry == entry));
            let Some(met) = met else { continue };
            let after = due.last.plus_days(1);
            if met.day == due.last {
                self.0.insert(term(id, &due.step, due.rule.into(), "末日当天"));
            } else if Some(met.day) == after {
                self.0.insert(term(id, &due.step, due.rule.into(), "晚一天"));
            }
        }
        for flag in rows.flags.iter().filter(|flag| matches!(flag.kind, FlagKind::Short | FlagKind::Early)) {
            self.0.insert(kind(id, &flag.step, flag.kind));
        }
        for question in &rows.questions {
            self.0.insert(asked(id, question.id.trim_start_matches("omitted:")));
        }
    }

    /// What a set declares and no case of it shows.
    pub fn missing(&self, set: &Definitions) -> Vec<String> {
        let mut wanted = Vec::new();
        for register in set.registers.values() {
            let id = &register.id.value;
            wanted.extend(register.steps.iter().map(|one| step(id, &one.id)));
            wanted.extend(register.bars.iter().map(|bar| barred(id, &bar.id)));
            for one in &register.steps {
                // A term whose parameter nobody has set makes no due.
                let set =
                    |within: &crate::definition::Within| within.count.term().is_none_or(|term| !term.values.is_empty());
                for (rule, within) in one.within.iter().enumerate().filter(|(_, within)| set(within)) {
                    wanted.extend(["末日当天", "晚一天"].map(|when| term(id, &one.id, rule, when)));
                    // Working days end on one; days and months may end on a day of rest.
                    if shifts(&within.count) {
                        wanted.push(term(id, &one.id, rule, "末日顺延"));
                    }
                }
                if one.lasts.is_some() {
                    wanted.push(kind(id, &one.id, FlagKind::Short));
                }
                if one.fields.iter().any(|field| !field.not_before.is_empty()) {
                    wanted.push(kind(id, &one.id, FlagKind::Early));
                }
                // Only what can be passed by can be asked about.
                if one.need.is_some() && (one.to.is_none() || one.before.is_some()) {
                    wanted.push(asked(id, &one.id));
                }
            }
        }
        wanted.retain(|one| !self.0.contains(one));
        wanted
    }
}

/// Whether the last day can move from a day of rest to the next working day.
fn shifts(count: &Count) -> bool {
    matches!(count, Count::After(term) if term.values.iter().any(|one| !matches!(one.value, Span::WorkingDays(_))))
}

fn step(register: &str, id: &str) -> String {
    format!("{register}：步骤 {id} 没有案例")
}

fn barred(register: &str, id: &str) -> String {
    format!("{register}：禁止 {id} 没有案例")
}

fn term(register: &str, step: &str, rule: usize, when: &str) -> String {
    format!("{register}：{step} 的第 {} 个期限，没有{when}的案例", rule + 1)
}

fn kind(register: &str, step: &str, kind: FlagKind) -> String {
    format!("{register}：{step} 没有{}的案例", kind.chinese())
}

fn asked(register: &str, step: &str) -> String {
    format!("{register}：没有漏走 {step} 的案例")
}
