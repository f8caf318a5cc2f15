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
pub fn told(db: &Db, figures: &[&Figure], dues: &Dues, today: Day) -> Result<Option<(i16, i16)>> {
    let always = Period { from: Day::MIN, to: today };
    let happened = figures.iter().copied().filter(|figure| figure.register.is_some() && !figure.is_stock());
    let mut told: Option<(i16, i16)> = None;
    for alike in dues.alike(&happened.collect::<Vec<_>>(), |_| ()) {
        // The ends of each figure are found at once in its key; so many of them are asked for together.
        for alike in alike.chunks(MOST) {
            let ends = dues.each_of(alike).into_iter().flat_map(|facts| {
                ["day", "day DESC"].map(|order| {
                    format!(
                        "SELECT (SELECT day FROM fact WHERE town_id = $1 AND {facts} ORDER BY {order} LIMIT 1) AS day"
                    )
                })
            });
            let sql = format!("{} ORDER BY day", ends.collect::<Vec<_>>().join(" UNION ALL "));
            let days = db.rows(&sql, &dues.bind_of(alike, always), |row| row.get::<Option<String>>(0))?;
            for year in days.iter().flatten().filter_map(|day| Some(Day::parse(day)?.year())) {
                told = Some(told.map_or((year, year), |(first, last)| (first.min(year), last.max(year))));
            }
        }
    }
    Ok(told)
}

/// How many figures one statement asks for: databases limit how many selects they join.
const MOST: usize = 100;
