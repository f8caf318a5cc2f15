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
    /// Who signs (署名); several stand on lines of their own.
    pub signed_by: String,
    /// Who receives a copy (抄送机关).
    pub copy_to: String,
    /// The day of signing (成文日期); absent in a draft.
    pub signed_on: Option<Day>,
    /// Whether somebody wrote or left out numbers by hand.
    pub by_hand: bool,
    /// Which townships a county's numbers are added up from, and what is missing of them; empty for a township.
    pub coverage: String,
}

/// The names a template writes, with what they stand for.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("year", "报告年度"),
    ("last_year", "上一年度"),
    ("next_year", "下一年度"),
    ("throughout", "全年；年度没有结束的，今年以来"),
    ("draft", "年度没有结束的，（草稿，年度未结束）"),
    ("as_of", "数字截至的日期"),
    ("town", "乡镇全称"),
    ("kind", "乡、镇、街道，用于“我{kind}”“全{kind}”"),
    ("county", "县（区、市）全称"),
    ("county_kind", "县、区、市，用于“{county_kind}委”"),
    ("superior", "主送机关"),
    ("signed_by", "署名"),
    ("copy_to", "抄送机关"),
    ("signed_on", "成文日期"),
    ("by_hand", "没有手工填写的数字；有的，手工填写的逐处列明理由"),
    ("coverage", "县的报告汇总了哪些乡镇，哪些没有记入、镜像落后"),
];

impl Variables {
    /// Party and government of the township report to party and government of the county, with a copy to whoever
    /// coordinates the rule of law there.
    pub fn new(year: i16, as_of: Day, town: &str, county: &str) -> Variables {
        let mut variables = Variables {
            year,
            as_of,
            town: town.to_owned(),
            county: county.to_owned(),
            superior: format!("中共{county}委员会、{county}人民政府"),
            signed_by: format!("中共{town}委员会、{town}人民政府"),
            copy_to: String::new(),
            signed_on: None,
            by_hand: false,
            coverage: String::new(),
        };
        // A sub-district is an agency of its district and has no government of its own.
        if variables.kind() == "街道" {
            variables.signed_by = format!("中共{town}工作委员会、{town}办事处");
        }
        variables.copy_to = format!("中共{county}委全面依法治{}委员会办公室", variables.county_kind());
        variables
    }

    /// Party and government of a county report to those of its city, or of the province where it stands under it directly.
    pub fn of_county(year: i16, as_of: Day, county: &str, above: &str) -> Variables {
        // Where nobody said under whom it stands, whoever completes the report is told by the marks of a blank.
        let above = if above.is_empty() { "××市" } else { above };
        let kind = ["省", "州", "盟"].into_iter().find(|kind| above.ends_with(kind)).unwrap_or("市");
        Variables {
            superior: format!("中共{above}委员会、{above}人民政府"),
            signed_by: format!("中共{county}委员会、{county}人民政府"),
            copy_to: format!("中共{above}委全面依法治{kind}委员会办公室"),
            ..Variables::new(year, as_of, county, county)
        }
    }

    /// Whether the year is still running on the day the readings were taken.
    pub fn is_running(&self) -> bool {
        Day::new(self.year, 12, 31).is_some_and(|end| self.as_of < end)
    }

    /// The words a name of [`NAMES`] stands for.
    pub(super) fn get(&self, name: &str) -> String {
        match name {
            "year" => self.year.to_string(),
            "last_year" => (self.year - 1).to_string(),
            "next_year" => (self.year + 1).to_string(),
            "throughout" => if self.is_running() { "今年以来" } else { "全年" }.to_owned(),
            "draft" => if self.is_running() { "（草稿，年度未结束）" } else { "" }.to_owned(),
            "as_of" => written(self.as_of),
            "town" => self.town.clone(),
            "kind" => self.kind().to_owned(),
            "county" => self.county.clone(),
            "county_kind" => self.county_kind().to_owned(),
            "superior" => self.superior.clone(),
            "signed_by" => self.signed_by.clone(),
            "copy_to" => self.copy_to.clone(),
            "coverage" => self.coverage.clone(),
            "by_hand" => if self.by_hand { "手工填写的逐处列明理由" } else { "没有手工填写的数字" }.to_owned(),
            "signed_on" => self.signed_on.map_or_else(|| "（未签发）".to_owned(), written),
            _ => String::new(),
        }
    }

    fn kind(&self) -> &'static str {
        ["街道", "镇", "乡"].into_iter().find(|kind| self.town.contains(kind)).unwrap_or("乡")
    }

    /// The last word of the county's name: 章贡区 has a 区委, 瑞金市 a 市委.
    fn county_kind(&self) -> &'static str {
        let name = self.county.split('（').next().unwrap_or_default();
        ["县", "区", "市", "旗"].into_iter().find(|kind| name.ends_with(kind)).unwrap_or("县")
    }
}

/// `2024年1月5日`, as official papers write a day: the full year, and no leading zeros.
fn written(day: Day) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.of_month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_are_called_as_they_are() {
        for (town, county, superior, signed_by, copy_to) in [
            (
                "五指峰乡",
                "上犹县",
                "中共上犹县委员会、上犹县人民政府",
                "中共五指峰乡委员会、五指峰乡人民政府",
                "中共上犹县委全面依法治县委员会办公室",
            ),
            (
                "沙石镇",
                "章贡区",
                "中共章贡区委员会、章贡区人民政府",
                "中共沙石镇委员会、沙石镇人民政府",
                "中共章贡区委全面依法治区委员会办公室",
            ),
            (
                "象湖镇",
                "瑞金市",
                "中共瑞金市委员会、瑞金市人民政府",
                "中共象湖镇委员会、象湖镇人民政府",
                "中共瑞金市委全面依法治市委员会办公室",
            ),
            (
                "解放街道",
                "章贡区",
                "中共章贡区委员会、章贡区人民政府",
                "中共解放街道工作委员会、解放街道办事处",
                "中共章贡区委全面依法治区委员会办公室",
            ),
        ] {
            let variables = Variables::new(2023, Day::new(2023, 12, 31).unwrap(), town, county);
            assert_eq!(variables.superior, superior);
            assert_eq!(variables.signed_by, signed_by);
            assert_eq!(variables.copy_to, copy_to);
        }
    }

    #[test]
    fn a_county_reports_to_whoever_stands_above_it() {
        let day = Day::new(2023, 12, 31).unwrap();
        for (county, above, superior, copy_to) in [
            ("上犹县", "赣州市", "中共赣州市委员会、赣州市人民政府", "中共赣州市委全面依法治市委员会办公室"),
            ("济源县", "河南省", "中共河南省委员会、河南省人民政府", "中共河南省委全面依法治省委员会办公室"),
            (
                "德昌县",
                "凉山彝族自治州",
                "中共凉山彝族自治州委员会、凉山彝族自治州人民政府",
                "中共凉山彝族自治州委全面依法治州委员会办公室",
            ),
            ("上犹县", "", "中共××市委员会、××市人民政府", "中共××市委全面依法治市委员会办公室"),
        ] {
            let variables = Variables::of_county(2023, day, county, above);
            assert_eq!((variables.superior.as_str(), variables.copy_to.as_str()), (superior, copy_to));
            assert_eq!(variables.signed_by, format!("中共{county}委员会、{county}人民政府"));
            assert_eq!(variables.get("county_kind"), "县");
        }
    }

    #[test]
    fn a_running_year_is_a_draft() {
        for (as_of, words) in [((2023, 12, 31), "全年"), ((2023, 12, 30), "今年以来（草稿，年度未结束）")]
        {
            let day = Day::new(as_of.0, as_of.1, as_of.2).unwrap();
            let variables = Variables::new(2023, day, "甲乡", "乙县");
            assert_eq!(variables.get("throughout") + &variables.get("draft"), words);
        }
    }
}
