//! What is written out reads back as the same rows; templates are valid and can be filled in.

use engine::act::{Act, Taken};
use engine::form;
use engine::record;
use engine::value::{Fields, Value};
use proptest::prelude::*;

use super::*;

/// One record as it would be filled in; texts a hostile or careless person might type.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[一-龥]{1,6}",
        "[=+\\-@'][A-Z0-9()+!|]{1,6}",
        "[a-z<>&\"',;\t\n]{1,8}",
        "[0-9]{1,19}",
        Just("'=1+1".to_owned()),
        Just("＝A1".to_owned()),
        Just("_x000D_".to_owned()),
    ];
    prop::collection::vec(piece, 1..3)
        .prop_map(|pieces| pieces.concat().trim().to_owned())
        .prop_filter("empty", |text| !text.is_empty())
}

fn days() -> impl Strategy<Value = String> {
    (1900i16..2100, 1i8..=12, 1i8..=28)
        .prop_filter_map("1900", |(year, month, day)| Some(Day::new(year, month, day)?.to_string()))
}

fn steps() -> impl Strategy<Value = ExportRow> {
    let outsider = "[一-龥A-Z=+@-]{1,5}";
    let opening = (
        days(),
        prop::collection::btree_set(outsider, 2..4),
        prop::option::of(0i64..1_000_000_000_000),
        prop::option::of(texts()),
    );
    let session = (days(), prop::option::of((days(), 0u8..24, 0u8..60)), prop::option::of(texts()));
    let agree = prop::option::of((days(), 0i64..100_000_000_000_000, any::<bool>()));
    (opening, prop::collection::vec(session, 0..3), agree).prop_map(|(opening, sessions, agree)| {
        let (on, parties, people, card) = opening;
        // The form keeps each name once.
        let parties = parties.into_iter().collect();
        let text = |text: &str| Value::Text(text.to_owned());
        let mut fields = Fields::from([
            ("on".to_owned(), text(&on)),
            ("villages".to_owned(), Value::List(vec!["id:黄沙村".to_owned(), "id:白水村".to_owned()])),
            ("kind".to_owned(), text("land")),
        ]);
        fields.extend(people.map(|people| ("people".to_owned(), Value::Int(people))));
        let mut sealed = Fields::from([("parties".to_owned(), Value::List(parties))]);
        sealed.extend(card.map(|card| ("card".to_owned(), text(&card))));
        let sizes = sealed.iter().map(|(id, value)| (id.clone(), value.size())).collect();
        let mut steps = vec![ExportStep { step: "register".to_owned(), fields, sizes, sealed }];
        for (on, at, account) in sessions {
            let mut fields = Fields::from([("on".to_owned(), text(&on))]);
            fields.extend(
                at.map(|(day, hour, minute)| ("at".to_owned(), Value::Text(format!("{day} {hour:02}:{minute:02}")))),
            );
            fields.extend(account.map(|account| ("account".to_owned(), text(&account))));
            steps.push(ExportStep { step: "session".to_owned(), fields, ..ExportStep::default() });
        }
        if let Some((on, amount, written)) = agree {
            let mut fields = Fields::from([("on".to_owned(), text(&on)), ("amount".to_owned(), Value::Int(amount))]);
            fields.insert("written".to_owned(), Value::Bool(written));
            fields.insert("paper".to_owned(), Value::Text(FILE.to_owned()));
            steps.push(ExportStep { step: "agree".to_owned(), fields, ..ExportStep::default() });
        }
        ExportRow { number: "纠〔2023〕1号".to_owned(), steps }
    })
}

fn names(_register: &str, id: &str) -> String {
    id.trim_start_matches("id:").to_owned()
}

/// The values a sheet holds, step by step, as the form reads them.
fn values(sheet: &Sheet, register: &Register) -> Vec<(String, Fields, Fields)> {
    let mut found = Vec::new();
    for row in sheet.rows() {
        assert_eq!(row.number.as_deref(), Some("纠〔2023〕1号"));
        for step in &row.steps {
            let (filled, problems) = form::values(register.step(&step.step).unwrap(), &step.given, &Fake::default());
            assert!(problems.is_empty(), "{problems:?}");
            found.push((step.step.clone(), filled.fields, filled.sealed));
        }
    }
    found.sort_by_key(|(step, ..)| register.steps.iter().position(|one| one.id.value == *step));
    found
}

fn written(record: &ExportRow, wanted: Wanted) -> [Vec<u8>; 2] {
    let register = register();
    let (mut book, mut csv) = (Vec::new(), Vec::new());
    export_xlsx(&register, std::iter::once(record.clone()), &names, wanted, &mut book).unwrap();
    export_csv(&register, std::iter::once(record.clone()), &names, wanted, &mut csv).unwrap();
    [book, csv]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_exported_reads_back_as_the_same_values(record in steps()) {
        let register = register();
        // Line ends inside a cell are one LF, whoever wrote them.
        let expect: Vec<(String, Fields, Fields)> =
            record.steps.iter().map(|one| (one.step.clone(), one.fields.clone(), one.sealed.clone())).collect();
        for bytes in written(&record, Wanted { with_personal: true }) {
            let sheet = read(&bytes, &register, Choose::Best).unwrap_or_else(|problems| panic!("{}", said(&problems)));
            prop_assert_eq!(&values(&sheet, &register), &expect);
        }
    }

    #[test]
    fn the_two_formats_give_rows_of_the_same_digests(record in steps()) {
        let [book, csv] = written(&record, Wanted { with_personal: true }).map(|bytes| read_ok(&bytes));
        let digests = |sheet: &Sheet| sheet.rows().map(|row| row.digest).collect::<Vec<_>>();
        prop_assert_eq!(digests(&book), digests(&csv));
    }

    #[test]
    fn junk_is_refused_and_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let register = register();
        let _ = read(&bytes, &register, Choose::Best);
        let _ = read(&[b"PK\x03\x04".as_slice(), &bytes].concat(), &register, Choose::Best);
    }
}

fn example() -> ExportRow {
    let set = definitions();
    let register = &set.registers["dispute"];
    let step = |index: u64, step: &str, fields: &[(&str, Value)], sizes: &[(&str, u64)]| Entry {
        index,
        id: format!("entry-{index}"),
        recorded: today().0,
        actor: String::new(),
        act: Act::Step(Taken {
            register: "dispute".to_owned(),
            record: "record".to_owned(),
            step: step.to_owned(),
            fields: fields.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect(),
            sizes: sizes.iter().map(|(id, size)| ((*id).to_owned(), *size)).collect(),
            ..Taken::default()
        }),
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let entries = [
        step(0, "register", &[("on", text("2023-05-08")), ("kind", text("land"))], &[("parties", 2)]),
        step(1, "session", &[("on", text("2023-05-15")), ("account", text("=HYPERLINK(\"http://x\")"))], &[]),
        step(2, "session", &[("on", text("2023-05-20"))], &[]),
        step(
            3,
            "agree",
            &[("on", text("2023-05-30")), ("amount", Value::Int(1_234_560)), ("written", Value::Bool(true))],
            &[],
        ),
    ];
    let (course, _) = record::walk(Rules { register, figures: &[], calendar: &set.calendar }, &entries);
    ExportRow::of("纠〔2023〕1号".to_owned(), &course, |_| Fields::new())
}

#[test]
fn without_leave_personal_values_are_masked_and_formulas_are_text() {
    let [_, csv] = written(&example(), Wanted::default());
    let text = String::from_utf8(csv).unwrap();
    assert_eq!(
        text.strip_prefix('\u{feff}').unwrap(),
        "编号,登记日期,涉及的村,纠纷类型,当事人,涉及人数,证件号码,受理日期,调解员,调解·日期,开始时间,调解记录,达成协议·日期,金额,书面协议,协议书,终止·日期,原因,另案\r\n\
         纠〔2023〕1号,2023-05-08,,山林土地,（已封存）,,,,,2023-05-15,,\"'=HYPERLINK(\"\"http://x\"\")\",2023-05-30,12345.60,是,,,,\r\n\
         纠〔2023〕1号,,,,,,,,,2023-05-20,,,,,,,,,\r\n"
    );
    // Asked for but not opened: still the mask.
    let [_, csv] = written(&example(), Wanted { with_personal: true });
    assert!(String::from_utf8(csv).unwrap().contains("（已封存）"));
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut text).unwrap();
    text
}

#[test]
fn an_exported_sheet_is_ready_to_print() {
    let [book, _] = written(&example(), Wanted::default());
    let (sheet, workbook) = (part(&book, "xl/worksheets/sheet1.xml"), part(&book, "xl/workbook.xml"));
    for wanted in ["state=\"frozen\"", "orientation=\"landscape\"", "fitToWidth", "fitToHeight=\"0\"", "<autoFilter"] {
        assert!(
            sheet.contains(wanted) || (wanted == "fitToWidth" && sheet.contains("fitToPage")),
            "{wanted} in {sheet}"
        );
    }
    assert!(!sheet.contains("<f>"), "no cell is a formula");
    assert!(workbook.contains("_xlnm.Print_Titles") && workbook.contains("name=\"纠纷台账\""), "{workbook}");
}

fn lists() -> Lists {
    let villages = (1..=60).map(|n| format!("第{n}自然村联合村民委员会")).collect();
    Lists::from([
        ("village".to_owned(), villages),
        ("person".to_owned(), vec!["王调解".to_owned(), "李调解".to_owned()]),
    ])
}

#[test]
fn a_template_has_drop_downs_notes_and_can_be_filled_in() {
    let register = register();
    let mut bytes = Vec::new();
    template(&register, &lists(), Day::parse("2024-01-01").unwrap(), &mut bytes)
        .unwrap_or_else(|error| panic!("{error:?}"));
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<formula1>\"山林土地,婚姻家庭\"</formula1>"), "{sheet}");
    assert!(sheet.contains("<formula1>'选项'!$A$1:$A$60</formula1>"), "{sheet}");
    assert!(sheet.contains("type=\"date\""), "{sheet}");
    assert!(part(&bytes, "xl/workbook.xml").contains("name=\"选项\" sheetId=\"3\" state=\"hidden\""));
    // Empty as it is, it has no rows; its notes page is not taken for a ledger.
    let problems = read(&bytes, &register, Choose::Best).unwrap_err();
    assert_eq!(said(&problems), "P402 标题行（第 1 行）下面没有数据。请确认选对了文件和工作表、内容已经保存");
    let filled = edited(
        &bytes,
        "xl/worksheets/sheet1.xml",
        "</row></sheetData>",
        "</row><row r=\"2\"><c r=\"B2\" t=\"inlineStr\"><is><t>2023-05-08</t></is></c></row></sheetData>",
    );
    assert_eq!(shown(&read_ok(&filled)), "2 - register.on=2023-05-08@B2");
}

#[test]
fn the_notes_page_says_how_to_fill_every_column() {
    use calamine::{Data, Reader, Xlsx};
    let mut bytes = Vec::new();
    template(&register(), &lists(), Day::parse("2024-01-01").unwrap(), &mut bytes)
        .unwrap_or_else(|error| panic!("{error:?}"));
    let mut book = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let page = book.worksheet_range("填表说明").unwrap();
    let cell = |data: &Data| data.to_string();
    let lines: Vec<String> = page
        .rows()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" | ").trim_end_matches([' ', '|']).to_owned())
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}
