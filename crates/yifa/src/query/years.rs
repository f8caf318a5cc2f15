//! The years figures are read for (年度), and in which of them something was recorded.

use anyhow::Result;
use engine::day::Day;
use engine::definition::Figure;
use engine::figure::Period;

use super::overdue::Dues;
use crate::refused::refuse;
use crate::storage::Db;

/// The year as a period, judged today.
pub fn period(year: i16, today: Day) -> Result<Period> {
    let period = Period::year(year, today).filter(|_| (1949..=2200).contains(&year));
    period.ok_or_else(|| refuse(602, format!("“{year}”不是年度"), "请写四位数的年份，如 2023"))
}

/// The same days of the year before, which a year is compared with everywhere.
pub fn before(period: Period) -> Result<Period> {
    period.last_year().ok_or_else(|| refuse(602, "这一年以前没有年度可比", "请写四位数的年份，如 2023"))
}

/// The first and the last year in which some figures count anything that happened; none where they never did. What is
/// in force on a day, or overdue, says nothing of the year it is asked in.
pub fn told<'f>(
    db: &Db,
    figures: impl IntoIterator<Item = &'f Figure>,
    dues: &Dues,
    today: Day,
) -> Result<Option<(i16, i16)>> {
    let always = Period { from: Day::MIN, to: today };
    let mut told: Option<(i16, i16)> = None;
    for figure in figures.into_iter().filter(|figure| figure.register.is_some() && !figure.is_stock()) {
        for end in ["day", "day DESC"] {
            let sql = format!(
                "SELECT day FROM fact WHERE town_id = $1 AND figure = $2 AND {} ORDER BY {end} LIMIT 1",
                dues.facts(figure)
            );
            let day: Option<String> = db.one(&sql, dues.bind(figure, always), |row| row.get(0))?;
            let Some(year) = day.as_deref().and_then(Day::parse).map(Day::year) else { break };
            told = Some(told.map_or((year, year), |(first, last)| (first.min(year), last.max(year))));
        }
    }
    Ok(told)
}
