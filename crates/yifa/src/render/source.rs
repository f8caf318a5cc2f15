//! The words of the annex 数据来源, the same in every rendering.

use engine::report::{Annex, ByHand, Source, Year};

/// Its title.
pub const TITLE: &str = "数据来源";

/// What stands over the figures that are not printed.
pub const DECIDED: &str = "下列数字没有写进正文，但决定了正文中有的句子是否出现：";

/// What stands over the numbers by hand.
pub const BY_HAND: &str = "下列数字由人手写或者删去，与台账不同或者台账里没有：";

/// A number by hand, with its reason and the entry that holds it.
pub fn by_hand(one: &ByHand) -> String {
    format!("{}。理由：{}（日志第 {} 条）", one.numbers.join("；"), one.reason, one.entry)
}

/// What stands over the figures that are.
pub fn introduction(annex: &Annex) -> String {
    format!("报告中的每个数字都由台账的记入算出，截至{}。日志检查点：{}。", annex.as_of, annex.checkpoint)
}

/// A figure's title, with its year where it is not the one reported.
pub fn name(source: &Source) -> String {
    match source.year {
        Year::This => source.title.clone(),
        Year::Last => format!("{}（{}年）", source.title, source.of_year),
    }
}

/// What stands behind a figure, without measure words: these are not claims of work done.
pub fn standing(source: &Source) -> String {
    if source.entries == 0 {
        return "没有记入。".to_owned();
    }
    let mut text = format!("记入 {}", source.entries);
    if source.late > 0 {
        text.push_str(&format!("，其中补录 {}（{}%）", source.late, source.late_share()));
    }
    if source.flagged > 0 {
        text.push_str(&format!("，带标记 {}（{}%）", source.flagged, source.flagged_share()));
    }
    text.push('。');
    text
}
