//! `/registers/{register}/{record}/print`: the record on paper (打印).

use anyhow::Result;
use engine::act::Entry;
use maud::html;

use super::{Opened, linked, next, path, timeline};
use crate::web::answer::Answer;
use crate::web::visit::Visit;

/// `GET /registers/{register}/{record}/print`
pub fn show(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let mut record = opened.read(visit)?;
    record.paper = true;
    let main = html! {
        p.screen { a href=(record.at("")) { "返回案卷" } " · 用浏览器的“打印”（Ctrl+P）打印，纸张选 A4。" }
        p.town { (visit.site.folder.config.county) (visit.site.folder.config.town) }
        (record.head())
        (path::path(&record))
        (timeline::timeline(&record))
        (next::dues(&record))
        (next::next(&record))
        (linked::linked(&record)?)
        footer.printed {
            (visit.today) " " (visit.name()) "打印。个人信息没有印出（●●●）。"
            "这份材料印自日志" (numbered(&opened.entries)) "；真伪以日志的检查点核验为准，见案卷的“证明”页。"
        }
    };
    Ok(visit.sheet(&record.called(), main))
}

/// Which entries of the journal these are. Those of other records lie between them, so that first and last alone would say
/// too much.
fn numbered(entries: &[Entry]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for entry in entries {
        match runs.last_mut().filter(|(_, last)| last + 1 == entry.index) {
            Some((_, last)) => *last = entry.index,
            None => runs.push((entry.index, entry.index)),
        }
    }
    let run = |(first, last): &(u64, u64)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}、{last}"),
        _ => format!("{first} 至 {last}"),
    };
    let runs: Vec<String> = runs.iter().map(run).collect();
    match entries.len() {
        1 => format!("第 {} 条", runs.concat()),
        many => format!("第 {} 条，共 {many} 条", runs.join("、")),
    }
}

#[cfg(test)]
mod tests {
    use engine::act::Act;
    use engine::day::Day;

    use super::*;

    #[track_caller]
    fn check(indices: &[u64], expect: &str) {
        let entry = |index: &u64| Entry {
            index: *index,
            id: String::new(),
            recorded: Day::MIN,
            actor: String::new(),
            act: Act::Adopt { files: std::collections::BTreeMap::new(), reason: String::new() },
        };
        assert_eq!(numbered(&indices.iter().map(entry).collect::<Vec<_>>()), expect);
    }

    #[test]
    fn the_entries_of_a_record_are_named_one_by_one_and_in_runs() {
        check(&[7], "第 7 条");
        check(&[7, 8], "第 7、8 条，共 2 条");
        check(&[7, 8, 9], "第 7 至 9 条，共 3 条");
        check(&[7, 9, 10, 11, 40], "第 7、9 至 11、40 条，共 5 条");
    }
}
