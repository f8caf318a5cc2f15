//! The rules of counting, read from data: what they say and which law says so.

use crate::law::Citation;
use crate::read::{At, Source};

/// One rule's words and law.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rule {
    /// What it says, in words for the person who has to keep a term.
    pub says: String,
    /// The law behind it.
    pub basis: Vec<At<Citation>>,
    /// Where no law says it: whose practice it is.
    pub local: Option<String>,
}

/// The rules of `definitions/calendar/counting.toml`. The engine knows them by id only; Rust cites no law.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Counting {
    /// The day of the event is not counted.
    pub start_day: Rule,
    /// Months run to the corresponding day, or the month's last.
    pub months: Rule,
    /// A last day that is a rest day moves to the day after the rest.
    pub rest_day: Rule,
    /// Working days leave out rest days and count make-up workdays.
    pub working_days: Rule,
    /// Terms counted backwards, and minimum durations.
    pub full_days: Rule,
}

impl Counting {
    /// The ids, each with its place.
    fn slots(&mut self) -> [(&'static str, &mut Rule); 5] {
        [
            ("start_day", &mut self.start_day),
            ("months", &mut self.months),
            ("rest_day", &mut self.rest_day),
            ("working_days", &mut self.working_days),
            ("full_days", &mut self.full_days),
        ]
    }

    /// Every citation in it, for whoever holds the laws to resolve.
    pub fn citations(&self) -> impl Iterator<Item = &At<Citation>> {
        [&self.start_day, &self.months, &self.rest_day, &self.working_days, &self.full_days]
            .into_iter()
            .flat_map(|rule| rule.basis.iter())
    }

    /// Reads the file; every rule must be there, with its law or its practice.
    pub(super) fn read(source: &Source<'_>) -> Option<Counting> {
        source.read(|table| {
            let mut counting = Counting::default();
            for (id, slot) in counting.slots() {
                let Some(mut entry) = table.table(id) else {
                    if !table.has(id) {
                        table.note(125, 0..0, format!("计算规则缺少 {id}"), format!("请写上 [{id}]，含 says 和 basis"));
                    }
                    continue;
                };
                slot.says = entry.need_text("says").value;
                slot.local = entry.text("local").map(|at| at.value);
                for text in entry.texts("basis") {
                    match Citation::parse(&text.value) {
                        Ok(citation) => slot.basis.push(At { value: citation, span: text.span }),
                        Err(e) => {
                            // The span includes the opening quote; titles hold no escapes, so bytes line up.
                            let problem = e.problem(&entry.source.file, text.span.start + 1);
                            let span = problem.place.map_or(text.span, |place| place.span);
                            entry.note(101, span, problem.text, problem.remedy);
                        }
                    }
                }
                if !entry.has("basis") && !entry.has("local") {
                    entry.note(9, entry.span.clone(), "没有写明依据", "请写 basis（法律依据）或者 local（通行做法）");
                }
                entry.finish();
            }
            counting
        })
    }
}
