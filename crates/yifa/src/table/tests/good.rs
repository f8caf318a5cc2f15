//! Files as offices keep them, and what is read from them.

use super::*;

#[track_caller]
fn check(bytes: &[u8], expect: &str) {
    assert_eq!(shown(&read_ok(bytes)).trim(), expect.trim());
}

const ONE: &str = "2 - register.kind=山林土地@C2 register.on=2023-05-08@A2 register.parties=张三、李四@D2 register.villages=黄沙村@B2";

#[test]
fn columns_stand_in_any_order_under_a_title_row_with_spaces_and_stars() {
    check(
        &xlsx(
            "黄沙乡二〇二三年纠纷台账
             |
             序号 | 当 事 人 | *纠纷类型 | 登记·登记日期 | 涉及的村
             1 | 张三、李四 | 山林土地 | 2023-05-08 | 黄沙村
             2 | 王五、赵六 | 婚姻家庭 | '2023年5月9日 | 白水村、双溪村",
        ),
        "4 - register.kind=山林土地@C4 register.on=2023-05-08@D4 register.parties=张三、李四@B4 register.villages=黄沙村@E4
5 - register.kind=婚姻家庭@C5 register.on=2023年5月9日@D5 register.parties=王五、赵六@B5 register.villages=白水村、双溪村@E5",
    );
}

#[test]
fn cells_read_as_what_was_typed_into_them() {
    check(
        &xlsx_with("登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 涉及人数 | 证件号码", |sheet| {
            sheet.write_number(1, 0, 45054.0).unwrap();
            put(sheet, 1, 1, " 黄沙村 ");
            put(sheet, 1, 2, "山林土地");
            put(sheet, 1, 3, "张三、李四");
            put(sheet, 1, 4, "'１２");
            sheet.write_number(1, 5, 13800138000.0).unwrap();
            let chinese = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
            sheet.write_number_with_format(2, 0, 45055.0, &chinese).unwrap();
            sheet.write_boolean(2, 5, true).unwrap();
            sheet.write_formula(2, 4, rust_xlsxwriter::Formula::new("=1+2").set_result("3")).unwrap();
            sheet.set_row_hidden(2).unwrap();
            sheet.write_blank(9, 0, &chinese).unwrap();
        }),
        "2 - register.card=13800138000@F2 register.kind=山林土地@C2 register.on=2023-05-08@A2 register.parties=张三、李四@D2 register.people=１２@E2 register.villages=黄沙村@B2
3 - register.card=是@F3 register.on=2023-05-09@A3 register.people=3@E3
note: 有 1 行是隐藏的，也已读入：第 3 行
note: 有 1 个单元格是公式，读的是上次算出的结果：E3
note: 有 1 个日期以数字保存，已换算为日期，请核对：A2（2023-05-08）",
    );
}

#[test]
fn days_of_the_1904_epoch_are_the_same_days() {
    let bytes = xlsx_with("登记日期 | 涉及的村 | 纠纷类型 | 当事人", |sheet| {
        let format = Format::new().set_num_format("yyyy-mm-dd");
        sheet.write_number_with_format(1, 0, 43592.0, &format).unwrap();
        for (column, text) in [(1, "黄沙村"), (2, "山林土地"), (3, "张三、李四")] {
            put(sheet, 1, column, text);
        }
    });
    check(&edited(&bytes, "xl/workbook.xml", "<workbookPr ", "<workbookPr date1904=\"1\" "), ONE);
}

#[test]
fn text_tables_of_any_usual_make_read_alike() {
    let csv = "登记日期,涉及的村,纠纷类型,当事人\r\n2023-05-08,黄沙村,山林土地,张三、李四\r\n";
    check(csv.as_bytes(), ONE);
    check(format!("\u{feff}{csv}").as_bytes(), ONE);
    check(&encoding_rs::GBK.encode(csv).0, ONE);
    check(csv.replace(',', "\t").as_bytes(), ONE);
    check(csv.replace(',', ";").as_bytes(), ONE);
    let utf16: Vec<u8> =
        format!("\u{feff}{}", csv.replace(',', "\t")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, ONE);
}

#[test]
fn lines_of_a_csv_are_counted_as_a_spreadsheet_shows_them() {
    check(
        "\r\n纠纷台账\r\n\r\n登记日期,涉及的村,纠纷类型,当事人\r\n\r\n2023-05-08,黄沙村,山林土地,\"张三、\r\n李四\"\r\n2023-05-09,黄沙村,山林土地,王五、赵六".as_bytes(),
        "6 - register.kind=山林土地@C6 register.on=2023-05-08@A6 register.parties=张三、\r\n李四@D6 register.villages=黄沙村@B6
7 - register.kind=山林土地@C7 register.on=2023-05-09@A7 register.parties=王五、赵六@D7 register.villages=黄沙村@B7",
    );
}

#[test]
fn a_heading_of_two_rows_is_read_by_its_lower_row() {
    let bytes = xlsx_with(
        "编号 | 登记 | | | | 调解
         | 登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 调解·日期
         | 2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 2023-05-20",
        |sheet| {
            let format = Format::new();
            sheet.merge_range(0, 0, 1, 0, "编号", &format).unwrap();
            sheet.merge_range(0, 1, 0, 4, "登记", &format).unwrap();
        },
    );
    check(
        &bytes,
        "3 - register.kind=山林土地@D3 register.on=2023-05-08@B3 register.parties=张三、李四@E3 register.villages=黄沙村@C3 session.on=2023-05-20@F3",
    );
}

#[test]
fn the_sheet_named_after_the_register_is_read() {
    let mut book = Workbook::new();
    fill(
        book.add_worksheet().set_name("旧表").unwrap(),
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人\n2020-01-01 | 黄沙村 | 山林土地 | 甲、乙",
    );
    fill(
        book.add_worksheet().set_name("纠纷台账").unwrap(),
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人\n2023-05-08 | 黄沙村 | 山林土地 | 张三、李四",
    );
    let bytes = book.save_to_buffer().unwrap();
    check(&bytes, ONE);
    let named = read(&bytes, &register(), Choose::Named("旧表")).unwrap();
    assert_eq!((named.name.as_str(), named.len()), ("旧表", 1));
    let problems = read(&bytes, &register(), Choose::Named("新表")).unwrap_err();
    assert_eq!(said(&problems), "P409 工作簿里没有“新表”工作表。现有：旧表、纠纷台账");
}

#[test]
fn a_row_is_known_again_whatever_its_columns_and_formats() {
    let digests = |bytes: &[u8]| read_ok(bytes).rows().map(|row| row.digest).collect::<Vec<_>>();
    let first = digests(&xlsx(
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 涉及人数\n2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 12",
    ));
    let second =
        digests("涉及人数,当事人,纠纷类型,涉及的村,登记日期\n１２,张三，李四,land,黄沙村,2023年5月8日\n".as_bytes());
    assert_eq!(first, second);
    let other = digests(&xlsx(
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 涉及人数\n2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 13",
    ));
    assert_ne!(first, other);
}

#[test]
fn of_two_equal_rows_each_is_its_own_and_the_second_is_noted() {
    let sheet = read_ok(&xlsx(
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人
         2023-05-08 | 黄沙村 | 山林土地 | 张三、李四
         2023-05-08 | 黄沙村 | 山林土地 | 张三、李四",
    ));
    assert_ne!(sheet.row(0).digest, sheet.row(1).digest);
    assert_eq!(sheet.notes.len(), 1);
    assert_eq!(sheet.notes[0].text, "与第 2 行内容完全相同，作为另一条记入；重复的请删去");
}

#[test]
fn a_hundred_thousand_rows_take_seconds() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory().unwrap();
    for (column, text) in ["登记日期", "涉及的村", "纠纷类型", "当事人", "涉及人数"].into_iter().enumerate()
    {
        sheet.write_string(0, column as u16, text).unwrap();
    }
    let format = Format::new().set_num_format("yyyy-mm-dd");
    for row in 1..=100_000u32 {
        sheet.write_number_with_format(row, 0, f64::from(40000 + row % 5000), &format).unwrap();
        sheet.write_string(row, 1, "黄沙村").unwrap();
        sheet.write_string(row, 2, "山林土地").unwrap();
        sheet.write_string(row, 3, format!("张{row}、李四")).unwrap();
        sheet.write_number(row, 4, f64::from(row % 50)).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let started = std::time::Instant::now();
    let sheet = read_ok(&bytes);
    let read_in = started.elapsed();
    let plan = plan_of(&sheet, &Fake::default()).unwrap_or_else(|problems| panic!("{}", said(&problems[..3])));
    println!("read {read_in:?}, planned {:?}, {} bytes of text", started.elapsed() - read_in, sheet.text.len());
    assert_eq!((plan.summary.rows, plan.summary.opened), (100_000, 100_000));
    // An unoptimized build on a busy machine; a release build takes a tenth.
    assert!(read_in.as_secs() < 60, "{read_in:?}");
}
