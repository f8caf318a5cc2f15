//! A card or a chain as lines of text: on the terminal, and in one HTML file.

use super::person::Card;
use super::record::Chain;
use super::{Chosen, Known};
use crate::policy::withheld;
use crate::storage::log::Size;

/// A line, and how far in it stands; 0 is a heading.
pub type Line = (u8, String);

fn read_at(checkpoint: &Size) -> Line {
    (1, format!("读自日志 {} 条，根 {}", checkpoint.size, checkpoint.root))
}

fn clocks(day: impl ToString, recorded: impl ToString, entry: u64) -> String {
    let (day, recorded) = (day.to_string(), recorded.to_string());
    let later = if day == recorded { String::new() } else { format!("，{recorded} 记入") };
    format!("{day}（第 {entry} 条{later}）")
}

fn all(chosen: &[Chosen]) -> String {
    chosen.iter().map(|one| format!("{}：{}", one.field, one.value)).collect::<Vec<_>>().join("；")
}

fn known(known: &[Known]) -> String {
    let one = |one: &Known| format!("{} {}（第 {} 条）", one.day, one.step, one.entry);
    if known.is_empty() { "无".to_owned() } else { known.iter().map(one).collect::<Vec<_>>().join("、") }
}

/// The card of a person.
pub fn card(card: &Card) -> Vec<Line> {
    let mut lines = vec![(0, card.person.to_string())];
    lines.extend(card.formerly.iter().map(|former| (1, former.to_string())));
    lines.extend([read_at(&card.checkpoint), (0, "职务".to_owned())]);
    for post in &card.posts {
        let until = post.until.map_or_else(|| "今".to_owned(), |day| day.to_string());
        lines.push((1, format!("{post}  {} 至 {until}", post.from)));
    }
    lines.push((0, format!("所办、所涉的步骤，共 {} 步", card.deeds.len())));
    for deed in &card.deeds {
        let (clocks, register) = (clocks(deed.day, deed.recorded, deed.entry), &deed.register_title);
        lines.push((1, format!("{clocks}  {register} {}【{}】  {}", deed.called, deed.state, deed.title)));
        let role = |role: &super::person::Role| {
            let through = role.through.as_ref().map(|name| format!("作为“{name}”"));
            let notes: Vec<String> = through.into_iter().chain(role.note.map(str::to_owned)).collect();
            if notes.is_empty() { role.title.clone() } else { format!("{}（{}）", role.title, notes.join("，")) }
        };
        let roles: Vec<String> = deed.roles.iter().map(role).collect();
        let by = if deed.by_themselves { "；本人记入" } else { "" };
        lines.push((2, format!("身份：{}{by}", roles.join("、"))));
        if !deed.posts.is_empty() {
            lines.push((2, format!("当时职务：{}", deed.posts.join("、"))));
        }
        if !deed.results.is_empty() {
            lines.push((2, format!("结果：{}", all(&deed.results))));
        }
        if !deed.standing.is_empty() {
            lines.push((2, format!("现状：{}", deed.standing.join("；"))));
        }
        lines.push((2, format!("记入时案卷里已有：{}", known(&deed.known))));
    }
    lines.push((0, format!("另由本人记入，共 {} 条", card.recorded.len())));
    for one in &card.recorded {
        lines.push((1, format!("{} 第 {} 条  {} {}  {}", one.recorded, one.entry, one.register, one.called, one.act)));
    }
    lines.extend(withheld(card.withheld, "条").map(|text| (0, text)));
    lines
}

/// The chain of a record.
pub fn chain(chain: &Chain) -> Vec<Line> {
    let mut lines = Vec::new();
    for (nth, node) in chain.records.iter().enumerate() {
        lines.push((0, format!("{} {} 【{}】", node.register_title, node.called.trim(), node.state)));
        lines.extend(node.formerly.iter().map(|former| (1, former.to_string())));
        if nth == 0 {
            lines.push(read_at(&chain.checkpoint));
        }
        for because in &node.because {
            lines.push((1, format!("相关（{} 层）：{because}", node.depth)));
        }
        for step in &node.steps {
            let clocks = clocks(step.day, step.recorded, step.entry);
            lines.push((1, format!("{clocks}  {}  由{}记入", step.title, step.by)));
            for person in &step.people {
                let posts =
                    if person.posts.is_empty() { "没有登记职务".to_owned() } else { person.posts.join("、") };
                let note = person.note.map_or_else(String::new, |note| format!("；{note}"));
                lines.push((2, format!("{}：{}（当时：{posts}{note}）", person.role, person.name)));
            }
            for text in [all(&step.refers), all(&step.results)] {
                if !text.is_empty() {
                    lines.push((2, text));
                }
            }
            for note in &step.standing {
                lines.push((2, note.clone()));
            }
        }
        if node.not_followed > 0 {
            lines.push((1, format!("另有 {} 个案卷引用它，与所查的无关的不展开", node.not_followed)));
        }
    }
    lines.extend(withheld(chain.withheld, "个案卷").map(|text| (0, text)));
    lines
}

/// The lines as text.
pub fn text(lines: &[Line]) -> String {
    let mut out = String::new();
    for (nth, (depth, line)) in lines.iter().enumerate() {
        if *depth == 0 && nth > 0 {
            out.push('\n');
        }
        out.push_str(&format!("{}{line}\n", "  ".repeat(usize::from(*depth))));
    }
    out
}
