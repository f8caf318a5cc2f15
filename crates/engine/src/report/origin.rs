//! A figure's definition in words a clerk reads: what is counted, and who says so.

use std::sync::Arc;

use crate::day::Day;
use crate::definition::{Counts, Definitions, FieldRef, Figure, Over, Register};
use crate::read::At;

/// `人民调解案件：走到“达成协议”或者“终止调解”的案卷数。《…》；本地：…`
pub fn origin(set: &Definitions, figure: &Figure, on: Day) -> String {
    let register = figure.register.as_ref().and_then(|id| set.register(id));
    let mut text = match register {
        Some(register) => format!("{}：{}", register.title, counted(set, figure, Some(register))),
        None => counted(set, figure, None),
    };
    for condition in &figure.conditions {
        // `，只计“形式”为“集中法律咨询”的`
        let words = condition.words(|one| one.words(register.map(Arc::as_ref)));
        text.push_str(&format!("，只计{words}的"));
    }
    text.push('。');
    text.push_str(&figure.basis.on(on).join("；"));
    if !text.ends_with('。') {
        text.push('。');
    }
    text
}

fn counted(set: &Definitions, figure: &Figure, register: Option<&Arc<Register>>) -> String {
    let step = |id: &str| register.and_then(|r| r.step(id)).map_or_else(|| id.to_owned(), |step| step.title.clone());
    let steps = |ids: &[At<String>]| {
        let titles: Vec<String> = ids.iter().map(|id| format!("“{}”", step(id))).collect();
        titles.join("或者")
    };
    let field = |at: &At<FieldRef>| {
        register.and_then(|r| r.field(at)).map_or_else(|| at.field.clone(), |field| field.title.clone())
    };
    let title = |id: &str| set.figures.get(id).map_or_else(|| id.to_owned(), |figure| figure.title.clone());
    let matters = |every: &bool| if *every { "各次" } else { "案卷" };
    match &figure.counts {
        Counts::Records { reached, every: true } => format!("走{}的次数", steps(reached)),
        Counts::Records { reached, every: false } => format!("走到{}的案卷数", steps(reached)),
        Counts::Sum { reached, every, field: of } => {
            format!("走到{}的{}，“{}”之和", steps(reached), matters(every), field(of))
        }
        Counts::Distinct { reached, every, by } => {
            format!("走到{}的{}，不重复的“{}”的个数", steps(reached), matters(every), field(by))
        }
        Counts::Stock(stock) => match &stock.distinct {
            Some(by) => format!("截至当日仍然有效的，不重复的“{}”的个数", field(by)),
            None => "截至当日仍然有效的案卷数".to_owned(),
        },
        Counts::Flags { kind, step: of } => {
            let of = of.as_ref().map_or_else(String::new, |of| format!("“{}”的", step(of)));
            let kind = kind.map_or_else(String::new, |kind| format!("“{}”", kind.chinese()));
            format!("{of}{kind}标记的个数")
        }
        Counts::InTime { step: of } => format!("在期限内走了“{}”的个数", step(of)),
        Counts::LateEntries => "超过登记时限才记入的步骤数".to_owned(),
        Counts::Overdue { step: of } => format!("截至当日已过期限而未走“{}”的个数", step(of)),
        Counts::Questions => "尚未答复的问题数".to_owned(),
        Counts::Ratio { of, over: Over::Figure(over), .. } => format!("“{}”÷“{}”", title(of), title(over)),
        Counts::Ratio { of, over: Over::Items(catalogue), .. } => {
            let catalogue = set.catalogues.get(&catalogue.value).map_or(catalogue.as_str(), |found| &found.title);
            format!("“{}”÷目录“{catalogue}”截至当日现行的条目数", title(of))
        }
        Counts::Total(parts) => parts.iter().map(|part| format!("“{}”", title(part))).collect::<Vec<_>>().join("＋"),
    }
}
