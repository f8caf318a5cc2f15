//! Catalogues: dated lists that fields choose from, days that come back every year, indicators to answer to (目录).

use crate::day::{Day, Yearly};
use crate::problem::Problem;
use crate::read::{At, Raw, Table, nearest_hint};

use super::basis::{self, Basis};
use super::field::{Choice, FieldRef, FieldType};
use super::lost::Lost;
use super::register::Register;

/// One dated list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The name of its file, by which fields name it.
    pub id: String,
    /// What people see.
    pub title: String,
    /// Where the list comes from.
    pub basis: Basis,
    /// How long ahead its days are told.
    pub notice: Option<Notice>,
    /// The fields in which a record names the item it was held for.
    pub met_by: Vec<At<MetBy>>,
    /// In the order written.
    pub items: Vec<Item>,
    /// The file it was read from.
    pub file: String,
}

/// How long ahead a day is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// So many days before its first day.
    pub days: u16,
    /// Who asks for it.
    pub basis: Basis,
}

/// `register.step.field`: where a record says which item it meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetBy {
    /// The register.
    pub register: String,
    /// The field in it.
    pub field: FieldRef,
}

impl std::fmt::Display for MetBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.register, self.field)
    }
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key, in the journal for good.
    pub id: At<String>,
    /// What people see.
    pub title: String,
    /// First day it is in force.
    pub from: Option<Day>,
    /// Last day it is in force.
    pub until: Option<Day>,
    /// Where it comes from; the catalogue's basis if it has none of its own.
    pub basis: Basis,
    /// When it comes back every year.
    pub yearly: Option<Yearly>,
    /// The figures that answer to it.
    pub figures: Vec<At<String>>,
    /// The registers that answer to it.
    pub registers: Vec<At<String>>,
    /// What no register says yet.
    pub missing: Option<String>,
}

impl Item {
    /// Whether something answers to it, or it is said that nothing does: it is an indicator.
    pub fn is_indicator(&self) -> bool {
        !self.figures.is_empty() || !self.registers.is_empty() || self.missing.is_some()
    }

    /// Whether it is in force on a day.
    pub fn holds(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Catalogue {
    /// An item by its id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id.value == id)
    }

    /// Why an item is there: its own basis, or the catalogue's.
    pub fn basis_of<'c>(&'c self, item: &'c Item) -> &'c Basis {
        if item.basis.is_empty() { &self.basis } else { &item.basis }
    }
}

/// The keys by which an item says when it comes back every year.
const YEARLY: [&str; 4] = ["on", "week_of", "month", "nth"];

pub(super) fn read(table: &mut Table<'_>, file: &str) -> Catalogue {
    let id = super::stem(file).to_owned();
    super::check_id(table, &At { value: id.clone(), span: 0..0 });
    let mut catalogue = Catalogue {
        id,
        title: table.need_text("title").value,
        basis: basis::read(table, Some("目录")),
        notice: read_notice(table),
        met_by: table.texts("met_by").into_iter().filter_map(|at| read_met_by(table, at)).collect(),
        items: Vec::new(),
        file: file.to_owned(),
    };
    if !table.has("item") {
        table.note(3, 0..0, "目录里没有条目", "请写 [[item]]，至少一个");
    }
    let mut days = false;
    for mut inner in table.tables("item") {
        // One that was written wrong was written.
        days |= YEARLY.iter().any(|key| inner.has(key));
        catalogue.items.push(read_item(&mut inner));
        inner.finish();
    }
    for key in ["notice", "met_by"] {
        // A day nobody says how to meet would be told for ever.
        if days && !table.has(key) {
            table.missing(key);
        } else if !days && !catalogue.items.is_empty() && table.has(key) {
            let span = table.raw_named(key).map_or(0..0, |raw| raw.span());
            let text = format!("目录里没有每年都有的日子，不能写 {key}");
            table.note(10, span, text, "请给条目写上 on、week_of、month 或者 nth，或者删去这一项");
        }
    }
    if catalogue.items.iter().any(Item::is_indicator) {
        for item in catalogue.items.iter().filter(|item| !item.is_indicator()) {
            let text = format!("指标“{}”没有数字，没有登记簿，也没有说缺什么", item.title);
            table.note(10, item.id.span.clone(), text, "请写 figures、registers，或者 missing = \"尚无台账的部分\"");
        }
    }
    catalogue
}

fn read_notice(table: &mut Table<'_>) -> Option<Notice> {
    let mut inner = table.table("notice")?;
    let days = inner.int("days");
    if days.is_none() && !inner.has("days") {
        inner.missing("days");
    }
    let basis = basis::read(&mut inner, Some("提前多少天提醒"));
    let days = days.and_then(|at| match u16::try_from(at.value).ok().filter(|days| (1..=366).contains(days)) {
        None => {
            inner.note(16, at.span, "提前的天数没有写对", "请写 1 到 366 之间的整数");
            None
        }
        found => found,
    });
    inner.finish();
    Some(Notice { days: days?, basis })
}

fn read_met_by(table: &Table<'_>, at: At<String>) -> Option<At<MetBy>> {
    let parts: Vec<&str> = at.split('.').collect();
    let [register, step, field] = parts[..] else {
        let text = format!("“{}”不是登记簿里的字段", at.value);
        table.note(8, at.span, text, "请写“登记簿.步骤.字段”，如 publicity_event.hold.campaigns");
        return None;
    };
    let field = FieldRef { step: step.to_owned(), field: field.to_owned() };
    Some(At { value: MetBy { register: register.to_owned(), field }, span: at.span })
}

fn read_item(table: &mut Table<'_>) -> Item {
    let id = super::read_id(table, "id");
    let title = table.need_text("title").value;
    let (from, until) = (table.day("from"), table.day("until"));
    if let (Some(from), Some(until)) = (&from, &until)
        && from.value > until.value
    {
        table.note(10, until.span.clone(), "起止日颠倒了", "until 是仍在施行的最后一天，不早于 from");
    }
    let yearly = read_yearly(table, &id);
    Item {
        title,
        from: from.map(|at| at.value),
        until: until.map(|at| at.value),
        basis: basis::read(table, None),
        yearly,
        figures: table.texts("figures"),
        registers: table.texts("registers"),
        missing: table.text("missing").map(|at| at.value),
        id,
    }
}

/// `on = "12-04"`, `week_of = "04-15"`, `month = 6` or `nth = { month = 5, weekday = 7, n = 3 }`.
fn read_yearly(table: &mut Table<'_>, id: &At<String>) -> Option<Yearly> {
    let wrong = |table: &Table<'_>, raw: &Raw<'_>, text: &str, remedy: &str| table.note(30, raw.span(), text, remedy);
    let mut found = Vec::new();
    for (key, make) in [("on", Yearly::On as fn(i8, i8) -> Yearly), ("week_of", Yearly::WeekOf)] {
        let Some(at) = table.text(key) else { continue };
        match Yearly::month_day(&at.value) {
            Some((month, day)) => found.push(make(month, day)),
            None => {
                let text = format!("“{}”不是每年都有的月和日", at.value);
                table.note(30, at.span, text, "请写两位月、两位日，如 \"12-04\"");
            }
        }
    }
    let month_of = |raw: &Raw<'_>| raw.as_int().and_then(|n| i8::try_from(n).ok()).filter(|n| (1..=12).contains(n));
    if let Some(raw) = table.raw("month") {
        match month_of(&raw) {
            Some(month) => found.push(Yearly::Month(month)),
            None => wrong(table, &raw, "月份没有写对", "请写 1 到 12 之间的整数"),
        }
    }
    if let Some(mut inner) = table.table("nth") {
        let mut part = |key: &'static str, most: i64| {
            if !inner.has(key) {
                inner.missing(key);
            }
            let at = inner.int(key)?;
            if !(1..=most).contains(&at.value) {
                inner.note(30, at.span, format!("{key} 没有写对"), format!("请写 1 到 {most} 之间的整数"));
                return None;
            }
            Some(at.value as i8)
        };
        let (month, weekday, n) = (part("month", 12), part("weekday", 7), part("n", 4));
        inner.finish();
        if let (Some(month), Some(weekday), Some(n)) = (month, weekday, n) {
            found.push(Yearly::Nth { month, weekday, n });
        }
    }
    if YEARLY.iter().filter(|key| table.has(key)).count() > 1 {
        let remedy = "on、week_of、month、nth 只写一个；两个日子写成两条";
        table.note(10, id.span.clone(), format!("条目“{}”的日子写了不止一种", id.value), remedy);
    }
    found.pop()
}

/// Fills the choices of fields that name a catalogue.
pub(super) fn resolve(
    registers: &mut [Register],
    catalogues: &[Catalogue],
    lost: &mut Lost,
    problems: &mut Vec<Problem>,
) {
    let known: Vec<&str> = catalogues.iter().map(|catalogue| catalogue.id.as_str()).collect();
    for register in registers {
        let file = &register.file;
        for field in register.steps.iter_mut().flat_map(|step| &mut step.fields) {
            let chooses = matches!(field.kind, FieldType::Choice | FieldType::Choices) && field.choices.is_empty();
            let Some(name) = field.catalogue.as_ref().filter(|_| chooses) else { continue };
            let found = catalogues.iter().find(|catalogue| catalogue.id == name.value);
            let broken = |catalogue: &Catalogue| {
                problems.iter().filter_map(|problem| problem.place.as_ref()).any(|place| place.file == catalogue.file)
            };
            if lost.catalogue(name) || found.is_some_and(broken) {
                lost.doubt(file, field.span.start);
            } else if found.is_none() {
                let hint = nearest_hint(name, &known);
                let remedy = match hint.trim_start_matches('，') {
                    "" => format!("请在 catalogues 目录写 {}.toml，或者写已有的目录", name.value),
                    hint => hint.to_owned(),
                };
                let problem = Problem::new(8, format!("目录“{}”不存在", name.value), remedy);
                problems.push(problem.at(file, name.span.clone()));
            }
            let choice = |item: &Item| Choice {
                id: item.id.clone(),
                title: item.title.clone(),
                from: item.from,
                until: item.until,
                cited: !item.basis.cites.is_empty(),
            };
            if let Some(catalogue) = found {
                field.choices = catalogue.items.iter().map(choice).collect();
            }
        }
    }
}
