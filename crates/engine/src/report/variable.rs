//! The words of a report that are not figures: who reports, to whom, on which year.

use crate::day::Day;

/// What a template may insert beside figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variables {
    /// The year reported.
    pub year: i16,
    /// The day on which the readings were taken; what holds on a day (stock figures, overdue) is judged on it.
    pub as_of: Day,
    /// The township, as 五指峰乡.
    pub town: String,
    /// The county, as 上犹县.
    pub county: String,
    /// To whom the report is addressed (主送机关).
    pub superior: String,
    /// Who signs (署名).
    pub signed_by: String,
    /// The day of signing (成文日期); absent in a draft.
    pub signed_on: Option<Day>,
}

/// The names a template writes, with what they stand for.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("year", "报告年度"),
    ("last_year", "上一年度"),
    ("next_year", "下一年度"),
    ("as_of", "数字截至的日期"),
    ("town", "乡镇全称"),
    ("kind", "乡、镇、街道，用于“我{kind}”“全{kind}”"),
    ("county", "县"),
    ("superior", "主送机关"),
    ("signed_by", "署名"),
    ("signed_on", "成文日期"),
];

impl Variables {
    /// The words a name of [`NAMES`] stands for.
    pub(super) fn get(&self, name: &str) -> String {
        match name {
            "year" => self.year.to_string(),
            "last_year" => (self.year - 1).to_string(),
            "next_year" => (self.year + 1).to_string(),
            "as_of" => written(self.as_of),
            "town" => self.town.clone(),
            "kind" => self.kind().to_owned(),
            "county" => self.county.clone(),
            "superior" => self.superior.clone(),
            "signed_by" => self.signed_by.clone(),
            "signed_on" => self.signed_on.map_or_else(|| "（未签发）".to_owned(), written),
            _ => String::new(),
        }
    }

    fn kind(&self) -> &'static str {
        ["街道", "镇", "乡"].into_iter().find(|kind| self.town.contains(kind)).unwrap_or("乡")
    }
}

/// `2024年1月5日`, as official papers write a day: the full year, and no leading zeros.
fn written(day: Day) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.of_month())
}
