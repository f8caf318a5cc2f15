//! An empty sheet for a register, with drop-downs and a page that says how to fill it in (模板).

use std::collections::BTreeMap;
use std::io::Write;

use engine::day::Day;
use engine::definition::{Condition, Field, FieldType, Register, Step};
use engine::form::how_to;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Workbook, Worksheet, XlsxError,
};

use super::export::Failed;
use super::layout::{Column, NUMBER, SEALED, layout};
use super::write::{Formats, dress};

/// The page that says how to fill in; never read.
pub(super) const NOTES_SHEET: &str = "填表说明";
/// The hidden page the long drop-downs come from.
const OPTIONS_SHEET: &str = "选项";
/// Rows with drop-downs.
const ROWS: u32 = 5_000;
/// Excel's own limit for a drop-down written into the cell, in characters with their commas.
const LONGEST_LIST: usize = 255;
/// Excel's own limit for the hint beside a cell.
const LONGEST_HINT: usize = 250;

/// Names that can be chosen: register id (`person`, `village`, `mediation_committee` …) → names.
pub type Lists = BTreeMap<String, Vec<String>>;

/// Writes the template of a register as the law stands on a day.
pub fn template(register: &Register, lists: &Lists, day: Day, out: impl Write + Send) -> Result<(), Failed> {
    let layout = layout(register);
    let mut book = Workbook::new();
    let mut options = Options::default();
    let sheet = book.add_worksheet();
    dress(sheet, register, &layout, &Formats::new())?;
    for (index, column) in layout.iter().enumerate() {
        if let Some(field) = column.field() {
            validate(sheet, index as u16, field, lists, &mut options)?;
        }
    }
    notes(book.add_worksheet(), register, &layout, day)?;
    if !options.columns.is_empty() {
        options.write(book.add_worksheet())?;
    }
    book.save_to_writer(out)?;
    Ok(())
}

/// A title as a sheet can be called: without the signs Excel refuses, at most 31 characters.
pub fn sheet_name(title: &str) -> String {
    let name: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    if name.is_empty() { "台账".to_owned() } else { name }
}

/// Lists too long to stand in a cell, each a column of the hidden page.
#[derive(Default)]
struct Options {
    columns: Vec<Vec<String>>,
}

impl Options {
    /// A formula for the list; the same list is written once.
    fn range(&mut self, names: &[String]) -> Formula {
        let known = self.columns.iter().position(|column| column == names);
        let index = known.unwrap_or_else(|| {
            self.columns.push(names.to_vec());
            self.columns.len() - 1
        });
        let letters = super::sheet::letters(index as u32);
        Formula::new(format!("='{OPTIONS_SHEET}'!${letters}$1:${letters}${}", names.len().max(1)))
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(OPTIONS_SHEET)?.set_hidden(true);
        for (column, names) in self.columns.iter().enumerate() {
            for (row, name) in names.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, name)?;
            }
        }
        Ok(())
    }
}

fn validate(
    sheet: &mut Worksheet,
    column: u16,
    field: &Field,
    lists: &Lists,
    options: &mut Options,
) -> Result<(), XlsxError> {
    let rule = DataValidation::new();
    let titles = || field.choices.iter().map(|choice| choice.title.clone()).collect::<Vec<_>>();
    let rule = match &field.kind {
        FieldType::Day => match ExcelDateTime::from_ymd(1949, 10, 1) {
            Ok(first) => rule.allow_date(DataValidationRule::GreaterThanOrEqualTo(first)),
            Err(error) => return Err(error),
        },
        FieldType::Number => rule.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)),
        FieldType::Money => rule.allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(0.0)),
        FieldType::YesNo => rule.allow_list_strings(&["是", "否"])?,
        FieldType::Choice | FieldType::Choices => list(rule, titles(), options)?,
        kind => match kind.register().and_then(|register| lists.get(register)).filter(|names| !names.is_empty()) {
            // A name the list does not have yet may have been registered since.
            Some(names) => list(rule, names.clone(), options)?.set_error_style(DataValidationErrorStyle::Warning),
            None => rule.allow_any_value(),
        },
    };
    // Of a list only one can be picked: where several may stand, the rest is typed after it.
    let rule = rule.show_error_message(!field.many);
    let hint: String = how_to(field).chars().take(LONGEST_HINT).collect();
    let rule = rule.set_input_message(hint)?.set_error_message("与填表说明不符，请改正")?;
    sheet.add_data_validation(1, column, ROWS, column, &rule)?;
    Ok(())
}

fn list(rule: DataValidation, names: Vec<String>, options: &mut Options) -> Result<DataValidation, XlsxError> {
    let length = names.iter().map(|name| name.chars().count() + 1).sum::<usize>();
    let has_comma = names.iter().any(|name| name.contains([',', '"']));
    match length <= LONGEST_LIST && !has_comma {
        true => rule.allow_list_strings(&names),
        false => Ok(rule.allow_list_formula(options.range(&names))),
    }
}

/// What holds for the whole sheet.
fn rules(register: &Register) -> Vec<String> {
    let repeats: Vec<&str> = register.steps.iter().filter(|step| step.repeat).map(|step| step.title.as_str()).collect();
    let mut rules = vec![
        "一行一个案卷；标题行的文字不要改动，列的次序可以调整，不用的步骤可以把它的各列全部删去。".to_owned(),
        match register.number.is_some() {
            true => format!(
                "“{NUMBER}”列：新案卷留空，由系统编号；纸质案卷已有编号、系统里还没有的，照填，予以沿用；给已有案卷补记后续步骤的，填它的编号。"
            ),
            false => format!("“{NUMBER}”列：新案卷留空；给已有案卷补记后续步骤的，填导出件中它的编号。"),
        },
        "一个步骤的各列全部空着，就是没有走这一步；填了其中一列，带“必填”的各列就都要填。".to_owned(),
        "几个值填在一格里，用顿号隔开；日期如 2023-05-08；不要合并单元格，不要在数据下面写合计。".to_owned(),
        "导入只添加，不改已记入的内容；同一份表格再次导入，已有的不会重复。填错的，在系统中“更正”。".to_owned(),
        format!("导出件中的“{SEALED}”是个人信息的遮盖，不是内容；带回导入时不作改动。"),
    ];
    if !repeats.is_empty() {
        rules.insert(
            2,
            format!(
                "可以多次的步骤（{}）：第一次填在案卷那一行；以后各次另起一行，“{NUMBER}”列填同一编号，只填这个步骤的各列。新案卷还没有编号的，这几行的“{NUMBER}”列都填同一个临时编号，如“新1”，下一个案卷填“新2”。",
                repeats.join("、")
            ),
        );
    }
    rules
}

fn notes(sheet: &mut Worksheet, register: &Register, layout: &[Column<'_>], day: Day) -> Result<(), XlsxError> {
    let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Hair);
    let plain = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let heading = Formats::new().heading;
    sheet.set_name(NOTES_SHEET)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    for (column, width) in [24.0, 20.0, 24.0, 52.0, 52.0].into_iter().enumerate() {
        sheet.set_column_width(column as u16, width)?;
    }
    sheet.write_string_with_format(0, 0, format!("{}填表说明", register.title), &Format::new().set_bold())?;
    let mut row = 1;
    for (nth, rule) in rules(register).into_iter().enumerate() {
        sheet.merge_range(row, 0, row, 4, &format!("{}．{rule}", nth + 1), &plain)?;
        sheet.set_row_height(row, if rule.chars().count() > 80 { 32.0 } else { 17.0 })?;
        row += 1;
    }
    row += 1;
    for (column, title) in ["列", "步骤", "是否必填", "怎样填", "依据"].into_iter().enumerate() {
        sheet.write_string_with_format(row, column as u16, title, &heading)?;
    }
    sheet.set_repeat_rows(row, row)?;
    for column in layout {
        row += 1;
        let Some((step, field)) = column.of else {
            for (index, text) in
                [NUMBER, "", "新案卷留空", "已有案卷填它的编号；新案卷有几行的，每行填同一临时编号，如“新1”", ""]
                    .into_iter()
                    .enumerate()
            {
                sheet.write_string_with_format(row, index as u16, text, &cell)?;
            }
            continue;
        };
        let basis = if field.basis.is_empty() { &step.basis } else { &field.basis };
        let how = match field.kind {
            FieldType::File => "不在表格中填：导入后在案卷中上传".to_owned(),
            _ => how_to(field),
        };
        let title = if step.repeat { format!("{}（可以多次）", step.title) } else { step.title.clone() };
        let texts = [column.heading.clone(), title, need(register, step, field), how, basis.on(day).join("；")];
        for (index, text) in texts.into_iter().enumerate() {
            sheet.write_string_with_format(row, index as u16, text, &cell)?;
        }
    }
    Ok(())
}

fn need(register: &Register, step: &Step, field: &Field) -> String {
    match () {
        _ if field.kind == FieldType::File => "不填".to_owned(),
        _ if !field.required_if.is_empty() => {
            let words = |one: &Condition| one.words(|one| one.words(Some(register)));
            let when: Vec<String> = field.required_if.iter().map(words).collect();
            format!("{}的，必填", when.join("，并且"))
        }
        _ if field.optional => "选填".to_owned(),
        _ if step.opens() => "必填".to_owned(),
        _ => format!("填了“{}”的，必填", step.title),
    }
}
