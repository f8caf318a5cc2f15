//! `{table mediation.ended, mediation.agreed by village}`: figures broken down.

use serde::Serialize;

use super::compose::Composer;
use super::condition::{is_rate, trimmed};
use super::document::{Part, Span, Table, Year};
use super::read::Reader;
use crate::definition::{Definitions, FieldRef};
use crate::figure::{Number, has_kinds};
use crate::read::nearest_hint;

/// By what figures are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// By the field its definition names.
    Kind,
    /// By village.
    Village,
    /// By month.
    Month,
    /// By township: of a county's report alone.
    Town,
}

impl By {
    /// The words a template of a township writes, with the head of the first column.
    pub const ALL: &'static [(&'static str, By, &'static str)] =
        &[("kind", By::Kind, "类别"), ("village", By::Village, "村"), ("month", By::Month, "月份")];

    /// The same of a county's: of what a township tells of its villages and kinds it has only the sums.
    pub const OF_COUNTY: &'static [(&'static str, By, &'static str)] = &[("town", By::Town, "乡镇")];

    fn row(self) -> Option<&'static (&'static str, By, &'static str)> {
        Self::ALL.iter().chain(Self::OF_COUNTY).find(|row| row.1 == self)
    }

    /// The word a template writes.
    pub fn word(self) -> &'static str {
        self.row().map_or("", |row| row.0)
    }

    /// The head of the first column.
    pub fn chinese(self) -> &'static str {
        self.row().map_or("", |row| row.2)
    }
}

/// A table a template asks for.
#[derive(Clone, Debug)]
pub(super) struct TableOf {
    pub figures: Vec<String>,
    pub by: By,
}

/// Reads what stands between `{table ` and `}`.
pub(super) fn read(reader: &mut Reader<'_>, text: &str, start: usize) -> Option<TableOf> {
    let Some((list, by)) = text.rsplit_once(" by ") else {
        let remedy = match reader.of_county {
            true => "请写成 {table 数字编号 by town}，按乡镇细分",
            false => "请写成 {table 数字编号 by kind}，按 kind 类别、village 村或者 month 月份细分",
        };
        reader.note(512, start..start + text.len(), "没有写明按什么细分", remedy);
        return None;
    };
    let by = read_by(reader, by, start + text.len() - by.len())?;
    let mut figures: Vec<String> = Vec::new();
    let mut at = start;
    for name in list.split(',') {
        let span = trimmed(name, at);
        at += name.len() + 1;
        let Some(id) = reader.figure(name.trim(), span.clone()) else { continue };
        if is_rate(reader.set, &id) {
            reader.note(512, span, format!("“{id}”是百分比，不能细分相加"), "请列它的分子和分母");
        } else if !is_broken_down(reader, &id, by, span.clone()) {
            continue;
        } else if by == By::Kind
            && figures.first().is_some_and(|first| kind(reader.set, first) != kind(reader.set, &id))
        {
            let remedy = "分类不同的数字请各写一个表格";
            reader.note(512, span, format!("“{id}”和“{}”的分类不同，不能并列", figures[0]), remedy);
        } else {
            figures.push(id);
        }
    }
    (!figures.is_empty()).then_some(TableOf { figures, by })
}

/// Reads the word after `by`.
pub(super) fn read_by(reader: &mut Reader<'_>, by: &str, start: usize) -> Option<By> {
    let ways = if reader.of_county { By::OF_COUNTY } else { By::ALL };
    let words: Vec<&str> = ways.iter().map(|row| row.0).collect();
    let found = ways.iter().find(|row| row.0 == by.trim());
    if found.is_none() {
        let remedy = format!("可以按 {} 细分{}", words.join("、"), nearest_hint(by.trim(), &words));
        reader.note(512, trimmed(by, start), format!("不能按“{}”细分", by.trim()), remedy);
    }
    found.map(|row| row.1)
}

/// Whether a figure can be broken down so; noted when it cannot.
pub(super) fn is_broken_down(reader: &mut Reader<'_>, id: &str, by: By, span: std::ops::Range<usize>) -> bool {
    let set = reader.set;
    let can = by != By::Kind || set.figures.get(id).is_none_or(|figure| has_kinds(set, figure));
    if !can {
        let remedy = "请在数字的定义里写 kind，或者改按 village、month 细分";
        reader.note(512, span, format!("“{id}”的定义没有写按什么分类（kind）"), remedy);
    }
    can
}

/// The register and field a figure is broken down by.
fn kind(set: &Definitions, id: &str) -> Option<(String, FieldRef)> {
    let figure = set.figures.get(id)?;
    Some((figure.register.as_ref()?.value.clone(), figure.kind.as_ref()?.value.clone()))
}

/// What the first column lists: the title of the field for kinds.
fn first_head(set: &Definitions, of: &TableOf) -> String {
    let field = match of.by {
        By::Kind => of.figures.first().and_then(|id| kind(set, id)).and_then(|(register, field)| {
            let found = set.register(&register)?.step(&field.step)?.field(&field.field)?;
            Some(found.title.clone())
        }),
        By::Village | By::Month | By::Town => None,
    };
    field.unwrap_or_else(|| of.by.chinese().to_owned())
}

/// Fills a table; none when there is nothing to show.
pub(super) fn compose(composer: &mut Composer<'_, '_>, of: &TableOf) -> Option<Table> {
    let shares: Vec<_> = of.figures.iter().map(|id| composer.parts(id, of.by)).collect();
    // The union of the labels in the order they first appear: a village with no agreement still has its disputes.
    let mut labels: Vec<(String, String)> = Vec::new();
    for share in shares.iter().flatten() {
        if !labels.iter().any(|(key, _)| *key == share.key) {
            labels.push((share.key.clone(), share.label.clone()));
        }
    }
    let nothing = of.figures.iter().all(|id| composer.is_zero(id));
    if labels.is_empty() || nothing {
        return None;
    }
    let titles: Vec<String> = of.figures.iter().map(|id| composer.title(id)).collect();
    let mut rows = Vec::new();
    for (key, label) in labels {
        let mut row = vec![Span::Text(label)];
        for (id, shares) in of.figures.iter().zip(&shares) {
            let share = shares.iter().find(|share| share.key == key);
            if let Some(Number::None(text)) = share.map(|share| &share.value) {
                row.push(Span::Text(text.clone()));
                continue;
            }
            let value = share.map_or_else(|| "0".into(), |share| share.value.to_string());
            let part = Some(Part { by: of.by, key: key.clone() });
            let note = composer.note(id, Year::This);
            row.push(Span::Figure { id: id.clone(), year: Year::This, text: value, note, part, over: None });
        }
        rows.push(row);
    }
    let mut whole = vec![Span::Text("合计".to_owned())];
    for id in &of.figures {
        whole.extend(composer.figure(id, Year::This, false));
    }
    rows.push(whole);
    let first = first_head(composer.context.set, of);
    // A township that recorded nothing has no number, and is not taken for one that did nothing.
    let blank = shares.iter().flatten().any(|share| matches!(share.value, Number::None(_)));
    let remark = match of.by {
        By::Village => Some("同一事项涉及几个村的，列为“跨村”，不在各村重复计算。"),
        By::Town if blank => Some("“—”是本年度没有记入的乡镇，没有记入的不等于没有做。"),
        _ => None,
    };
    let units: Vec<String> = of.figures.iter().map(|id| composer.unit(id)).collect();
    let head = titles.iter().zip(&units).map(|(title, unit)| format!("{title}（{unit}）"));
    Some(Table {
        caption: format!("{}（按{}）", titles.join("、"), first),
        head: std::iter::once(first).chain(head).collect(),
        rows,
        // The whole is the figure's own value, never the sum of the rows: a matter of two villages stands in both.
        remark: remark.map(str::to_owned),
    })
}
