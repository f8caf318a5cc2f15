//! Tables are tested by whole files: each is made here, read, and what is said of it is held against what is expected.

mod bad;
mod good;
mod plans;
mod roundtrip;

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::sync::Arc;

use engine::act::Entry;
use engine::day::Day;
use engine::definition::{Definitions, Register};
use engine::form::{Found, Lookup};
use engine::problem::Problem;
use engine::record::Rules;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::*;

const REGISTER: &str = r#"
id     = "dispute"
title  = "纠纷台账"
local  = "样例"
scope  = "village"
number = { pattern = "纠〔{year}〕{seq}号", local = "样例" }

[state]
open   = "在办"
taken  = "已受理"
agreed = "达成协议"
failed = "未达成"

[[step]]
id     = "register"
title  = "登记"
to     = "open"
local  = "样例：来访即登记"
fields = [
  { id = "on",       title = "登记日期", type = "day" },
  { id = "villages", title = "涉及的村", type = "villages" },
  { id = "kind",     title = "纠纷类型", type = "choice", choices = { land = "山林土地", family = "婚姻家庭" } },
  { id = "parties",  title = "当事人",   type = "outsider", at_least = 2, privacy = "personal" },
  { id = "people",   title = "涉及人数", type = "number", optional = true },
  { id = "card",     title = "证件号码", type = "text", optional = true, privacy = "personal" },
]

[[step]]
id     = "accept"
title  = "受理"
from   = ["open"]
to     = "taken"
ours   = true
local  = "样例：由镇里受理"
fields = [
  { id = "on",       title = "受理日期", type = "day" },
  { id = "mediator", title = "调解员",   type = "person" },
]

[[step]]
id     = "session"
title  = "调解"
from   = ["taken"]
repeat = true
local  = "样例"
fields = [
  { id = "on",      title = "日期",     type = "day" },
  { id = "at",      title = "开始时间", type = "time", optional = true },
  { id = "account", title = "调解记录", type = "text", optional = true },
]

[[step]]
id     = "agree"
title  = "达成协议"
from   = ["taken"]
to     = "agreed"
local  = "样例"
fields = [
  { id = "on",      title = "日期",     type = "day" },
  { id = "amount",  title = "金额",     type = "money", optional = true },
  { id = "written", title = "书面协议", type = "yes_no", must_be = true },
  { id = "paper",   title = "协议书",   type = "file", required_if = { field = "agree.written", is = true } },
]

[[step]]
id     = "fail"
title  = "终止"
from   = ["taken"]
to     = "failed"
local  = "样例"
fields = [
  { id = "on",     title = "日期", type = "day" },
  { id = "reason", title = "原因", type = "text" },
  { id = "other",  title = "另案", type = "record", register = "dispute", optional = true },
]
"#;

const COUNTING: &str = r#"
start_day    = { says = "样例", local = "样例" }
months       = { says = "样例", local = "样例" }
rest_day     = { says = "样例", local = "样例" }
working_days = { says = "样例", local = "样例" }
full_days    = { says = "样例", local = "样例" }
"#;

fn definitions() -> Definitions {
    let files = [
        ("definitions/set.toml", "vocabulary = 1\ntitle = \"样例\""),
        ("definitions/calendar/counting.toml", COUNTING),
        ("definitions/registers/dispute.toml", REGISTER),
        ("definitions/registers/village.toml", NAMED),
        (
            "definitions/registers/person.toml",
            &NAMED.replace("village", "person").replace("\"person\"\nfields", "\"township\"\nfields"),
        ),
    ];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    engine::definition::check(&files, &|_| String::new()).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    })
}

const NAMED: &str = r#"
id    = "village"
title = "名录"
local = "样例"
scope = "township"
[[step]]
id     = "open"
title  = "登记"
local  = "样例"
fields = [{ id = "name", title = "名称", type = "text" }]
"#;

/// The one file that was ever stored here.
const FILE: &str = "abababababababababababababababababababababababababababababababab";

fn register() -> Arc<Register> {
    definitions().registers["dispute"].clone()
}

/// A ledger with three villages, two mediators, and whatever was entered.
#[derive(Default)]
struct Fake {
    entries: BTreeMap<String, Vec<Entry>>,
    numbers: BTreeMap<String, String>,
    imported: BTreeMap<String, String>,
    opened: std::cell::Cell<usize>,
}

impl Lookup for Fake {
    fn find(&self, register: &str, text: &str) -> Found {
        let known: &[&str] = match register {
            "village" => &["黄沙村", "白水村", "双溪村"],
            "person" => &["王调解", "李调解"],
            _ => return self.numbers.get(text).map_or(Found::None(vec![]), |id| Found::One(id.clone())),
        };
        match known.iter().find(|name| **name == text) {
            Some(name) => Found::One(format!("id:{name}")),
            None => Found::None(engine::read::nearest(text, known).into_iter().map(str::to_owned).collect()),
        }
    }

    fn has_file(&self, hash: &str) -> bool {
        hash == FILE
    }
}

impl Ledger for Fake {
    fn imported(&self, digest: &str) -> Option<String> {
        self.imported.get(digest).cloned()
    }

    fn alike(&self, _: &[(String, String)]) -> Option<String> {
        None
    }

    fn bears(&self, _: &str, _: &str) -> bool {
        false
    }

    fn new_id(&self) -> String {
        self.opened.set(self.opened.get() + 1);
        format!("record-{}", self.opened.get())
    }

    fn entries(&self, record: &str) -> Vec<Entry> {
        self.entries.get(record).cloned().unwrap_or_default()
    }
}

fn today() -> Today {
    Today(Day::parse("2024-06-01").unwrap())
}

fn plan_of(sheet: &Sheet, ledger: &Fake) -> Result<Plan, Vec<Problem>> {
    let set = definitions();
    let register = &set.registers["dispute"];
    plan(sheet, Rules { register, figures: &[], calendar: &set.calendar }, ledger, today())
}

/// A cell as a test writes it: `2023-05-08` becomes a real date, digits a number, `'` keeps text.
fn put(sheet: &mut Worksheet, row: u32, column: u16, text: &str) {
    if let Some(day) = Day::parse(text) {
        let date = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.of_month() as u8).unwrap();
        sheet.write_datetime_with_format(row, column, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    } else if let Ok(number) = text.parse::<f64>() {
        sheet.write_number(row, column, number).unwrap();
    } else if !text.is_empty() {
        sheet.write_string(row, column, text.strip_prefix('\'').unwrap_or(text)).unwrap();
    }
}

/// A workbook of one sheet; rows are lines, cells stand between `|`.
fn xlsx(rows: &str) -> Vec<u8> {
    xlsx_with(rows, |_| {})
}

fn xlsx_with(rows: &str, more: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    fill(sheet, rows);
    more(sheet);
    book.save_to_buffer().unwrap()
}

fn fill(sheet: &mut Worksheet, rows: &str) {
    for (row, line) in rows.trim().lines().enumerate() {
        for (column, cell) in line.split('|').enumerate() {
            put(sheet, row as u32, column as u16, cell.trim());
        }
    }
}

/// The parts of a workbook, changed by hand and packed again.
fn repacked(bytes: &[u8], mut change: impl FnMut(&str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut text).unwrap();
        to.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&change(&name, text)).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// The same, where the parts are texts and one piece of one of them is replaced.
fn edited(bytes: &[u8], part: &str, old: &str, new: &str) -> Vec<u8> {
    let mut done = false;
    let edited = repacked(bytes, |name, text| match name == part {
        true => {
            let text = String::from_utf8(text).unwrap();
            done = text.contains(old);
            text.replacen(old, new, 1).into_bytes()
        }
        false => text,
    });
    assert!(done, "{part} has no {old}");
    edited
}

/// Also holds every problem that names a cell or a row to being at that place.
fn said(problems: &[Problem]) -> String {
    for problem in problems {
        let Some(spot) = problem.spot() else {
            let named = problem.text.split('（').skip(1).filter_map(|rest| rest.split('）').next());
            let is_cell = |name: &&str| {
                let digits = name.trim_start_matches(|c: char| c.is_ascii_uppercase());
                digits.len() < name.len() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            };
            assert_eq!(named.filter(is_cell).count(), 0, "a cell is only in the words of: {}", problem.text);
            continue;
        };
        let at = spot.column.map(|column| Address { row: spot.row, column }.to_string());
        let named = at.is_some_and(|at| problem.text.contains(&at));
        let in_row = problem.text.contains(&format!("第 {} 行", spot.row + 1));
        // A column without a heading has no cell to name.
        assert!(named || in_row || problem.code.0 == 414, "{spot:?} is not in: {}", problem.text);
    }
    for code in problems.iter().map(|problem| problem.code).filter(|code| code.0 >= 400) {
        assert!(engine::problem::explain(code).is_some(), "{code} is not in the catalogue");
    }
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Rows as a test compares them: line, number, then `step.field=text@cell`.
fn shown(sheet: &Sheet) -> String {
    let mut lines: Vec<String> = Vec::new();
    for row in sheet.rows() {
        let key = row.number.as_deref().or(row.group.as_deref()).unwrap_or("-");
        let mut line = format!("{} {key}", row.line);
        for step in &row.steps {
            for (field, texts) in &step.given {
                line += &format!(" {}.{field}={}@{}", step.step, texts.texts().join("+"), step.cells[field]);
            }
            for field in &step.masked {
                line += &format!(" {}.{field}=masked", step.step);
            }
        }
        lines.push(line);
    }
    lines.extend(sheet.notes.iter().map(|note| match note.line {
        Some(line) => format!("note {line}: {}", note.text),
        None => format!("note: {}", note.text),
    }));
    lines.join("\n")
}

fn read_ok(bytes: &[u8]) -> Sheet {
    read(bytes, &register(), Choose::Best).unwrap_or_else(|problems| panic!("{}", said(&problems)))
}
