//! What an import would do, told before it is done (试导入的结果).

use std::collections::BTreeMap;
use std::fmt;

use super::sheet::Note;

/// The dry run of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows read.
    pub rows: usize,
    /// New records.
    pub opened: usize,
    /// New records that keep the number they bear on paper.
    pub numbered: usize,
    /// Records in the ledger that get more steps.
    pub continued: usize,
    /// New steps.
    pub steps: usize,
    /// New steps that are acts of ours done before: a leader has to enter them.
    pub already: usize,
    /// Steps the ledger has already, which are left alone.
    pub known: usize,
    /// Required files that no table can carry, to be attached afterwards.
    pub files: usize,
    /// Flags that will be set, by kind.
    pub flags: BTreeMap<String, usize>,
    /// What else should be known.
    pub notes: Vec<Note>,
}

/// Notes shown one by one; the rest are counted.
const NOTES_SHOWN: usize = 20;

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "读了 {} 行：新开案卷 {} 个，已有案卷续记 {} 个，共记入 {} 步",
            self.rows, self.opened, self.continued, self.steps
        )?;
        let mut line = |count: usize, text: &str| {
            if count > 0 { writeln!(f, "{}", text.replace("{}", &count.to_string())) } else { Ok(()) }
        };
        line(self.known, "台账中已有、不再记入：{} 步")?;
        line(self.numbered, "沿用纸质编号的新案卷：{} 个")?;
        line(self.already, "镇里自己的行为，按“已发生”补记并标明，须由领导导入：{} 步")?;
        line(self.files, "应附的文件不能随表格导入，请导入后在案卷中补传：{} 处")?;
        if !self.flags.is_empty() {
            let flags: Vec<String> = self.flags.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
            writeln!(f, "记入后将有标记：{}", flags.join("，"))?;
        }
        for note in self.notes.iter().take(NOTES_SHOWN) {
            match note.line {
                Some(line) => writeln!(f, "提示：第 {line} 行{}", note.text)?,
                None => writeln!(f, "提示：{}", note.text)?,
            }
        }
        match self.notes.len().saturating_sub(NOTES_SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "另有 {more} 条提示"),
        }
    }
}
