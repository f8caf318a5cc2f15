//! Cases of reading PDFs: what a program printed, what a scanner made, and what was made to harm.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::content::{Content, Operation};
use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};
use proptest::prelude::*;

use super::*;
use crate::checking::check;

const REPORT: &str = include_str!("fixture/report.txt");
const OFFICE: &[u8] = include_bytes!("fixture/office.pdf");
const TYPST: &[u8] = include_bytes!("fixture/typst.pdf");

#[test]
fn a_report_printed_by_a_program_is_read_as_its_words() {
    for printed in [OFFICE, TYPST] {
        assert_eq!(read(printed).as_deref(), Ok(REPORT));
    }
}

#[test]
fn what_is_found_in_a_pdf_is_what_is_found_in_its_text() {
    let set = crate::sets::check(&crate::sets::shipped()).unwrap();
    let found = |text: &str| serde_json::to_value(check(&set, None, text, Some(2023), |_| true).unwrap()).unwrap();
    let of_text = found(REPORT);
    assert!(of_text["claims"].as_array().is_some_and(|claims| claims.len() > 20));
    assert!(of_text["lint"].as_array().is_some_and(|lint| !lint.is_empty()));
    for printed in [OFFICE, TYPST] {
        assert_eq!(found(&read(printed).unwrap()), of_text);
    }
}

/// A PDF of pages drawn by these operations, with one picture and one font of nothing but ASCII.
fn drawn(pages: &[Vec<Operation>]) -> Document {
    let mut document = Document::with_version("1.5");
    let picture = dictionary! {
        "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1, "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
    };
    let picture = document.add_object(Stream::new(picture, vec![0]));
    let font = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding" };
    let font = document.add_object(font);
    let resources = document.add_object(dictionary! {
        "XObject" => dictionary! { "P" => picture }, "Font" => dictionary! { "F" => font },
    });
    let above = document.new_object_id();
    let kids: Vec<Object> = pages
        .iter()
        .map(|operations| {
            let content = Content { operations: operations.clone() }.encode().unwrap();
            let content = document.add_object(Stream::new(dictionary! {}, content));
            let page = dictionary! { "Type" => "Page", "Parent" => above, "Contents" => content };
            document.add_object(page).into()
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    let frame: Vec<Object> = [0, 0, 595, 842].map(Object::from).to_vec();
    let tree = dictionary! {
        "Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources, "MediaBox" => frame,
    };
    document.objects.insert(above, Object::Dictionary(tree));
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => above });
    document.trailer.set("Root", root);
    document.trailer.set("ID", vec![Object::string_literal("0123456789abcdef"); 2]);
    document
}

fn bytes(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn picture() -> Vec<Operation> {
    vec![Operation::new("Do", vec!["P".into()])]
}

fn words(lines: &[&str]) -> Vec<Operation> {
    let mut all = vec![Operation::new("BT", vec![]), Operation::new("Tf", vec!["F".into(), 12.into()])];
    for line in lines {
        all.push(Operation::new("Td", vec![0.into(), (-20).into()]));
        all.push(Operation::new("Tj", vec![Object::string_literal(*line)]));
    }
    all.insert(2, Operation::new("Td", vec![50.into(), 800.into()]));
    all
}

#[test]
fn pages_that_are_pictures_are_no_text() {
    let check = |pages: &[Vec<Operation>], expect| assert_eq!(read(&bytes(drawn(pages))).as_deref(), expect);
    check(&[picture(), picture()], Err(&Unread::Scanned));
    // A scanner numbers what it scans.
    check(&[[picture(), words(&["1"])].concat(), picture()], Err(&Unread::Scanned));
    let line = "It has a line of words that fills it from one side to the other side.";
    check(&[words(&[line]), picture()], Ok(&format!("{line}\n（PDF 的第 2 页是图片，没有文字）\n")));
}

#[test]
fn numbers_of_pages_and_what_stands_on_every_page_are_left_out() {
    let page = |nth: &str, line| words(&["Report of 2023", &format!("The {line} line fills the page,"), line, nth]);
    let pages = [page("- 1 -", "longest"), page("- 2 -", "average"), page("- 3 -", "shorter")];
    let expect =
        ["longest", "average", "shorter"].map(|nth| format!("The {nth} line fills the page, {nth}\n")).concat();
    assert_eq!(read(&bytes(drawn(&pages))).as_deref(), Ok(expect.as_str()));
}

#[test]
fn a_number_above_the_line_is_no_number_of_the_text() {
    let operation =
        |name: &str, operands: &[i64]| Operation::new(name, operands.iter().map(|one| (*one).into()).collect());
    let mut page = words(&["It held 16 meetings"]);
    page.push(Operation::new("Tf", vec!["F".into(), 7.into()]));
    page.extend([operation("Ts", &[4]), Operation::new("Tj", vec![Object::string_literal("42")])]);
    page.extend([Operation::new("Tf", vec!["F".into(), 12.into()]), operation("Ts", &[0])]);
    page.push(Operation::new("Tj", vec![Object::string_literal(" in 2023.")]));
    assert_eq!(read(&bytes(drawn(&[page]))).as_deref(), Ok("It held 16 meetings⁴² in 2023.\n"));
}

#[test]
fn what_opens_with_a_password_is_said_to() {
    let sealed = |user: &str| {
        let mut document = drawn(&[words(&["It is a secret of some words."])]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::empty(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        read(&bytes(document))
    };
    assert_eq!(sealed("user"), Err(Unread::Locked));
    assert_eq!(sealed("").as_deref(), Ok("It is a secret of some words.\n"));
}

#[test]
fn what_is_no_whole_pdf_is_said_to_be_damaged() {
    for broken in [&b"%PDF-1.7 obj"[..], &OFFICE[..OFFICE.len() / 2], &TYPST[..2000]] {
        assert!(is_pdf(broken));
        assert_eq!(read(broken), Err(Unread::Broken));
    }
    assert!(!is_pdf("一种文件以 %PDF- 开头，obj 是对象。".as_bytes()) && !is_pdf(b"PK\x03\x04"));
}

#[test]
fn what_unpacks_beyond_the_bound_is_refused() {
    let mut document = drawn(&[words(&["A"])]);
    let page = document.page_iter().next().unwrap();
    let mut stream = Stream::new(dictionary! {}, b" ".repeat(LARGEST_PART + 1));
    stream.compress().unwrap();
    let bomb = document.add_object(stream);
    document.get_object_mut(page).unwrap().as_dict_mut().unwrap().set("Contents", bomb);
    let small = bytes(document);
    assert!(small.len() < 1 << 20);
    assert_eq!(read(&small), Err(Unread::TooLarge));
    let many = vec![Vec::new(); MOST_PAGES + 1];
    assert_eq!(read(&bytes(drawn(&many))), Err(Unread::TooLarge));
}

#[test]
fn a_reader_that_stops_or_comes_to_no_end_is_told_apart_and_the_file_is_not_given_to_another() {
    let check = |program: &str, patience, bytes: &[u8], expect| {
        let mut reader = Command::new(program);
        reader.args(["-f", "/dev/null"]);
        assert_eq!(told(reader, patience, bytes).unwrap(), Err(expect), "{program}");
    };
    let (long, short) = (Duration::from_secs(60), Duration::from_millis(20));
    check("false", long, b"%PDF-1.7 one obj", Unread::Broken);
    check("tail", short, b"%PDF-1.7 another obj", Unread::TooLarge);
    // Whoever would call it broken is not asked.
    check("false", long, b"%PDF-1.7 another obj", Unread::TooLarge);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_spoilt_pdf_ends_as_words_or_as_one_problem(
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..60),
        cut in any::<Option<prop::sample::Index>>(),
        office in any::<bool>(),
    ) {
        let mut spoilt = if office { OFFICE.to_vec() } else { TYPST.to_vec() };
        for (place, byte) in &places {
            *place.get_mut(&mut spoilt[..]) = *byte;
        }
        if let Some(cut) = cut {
            spoilt.truncate(cut.index(spoilt.len()));
        }
        // It may be read in part; it ends, and nothing but a bound it set itself holds it up. A reader that panics has
        // stopped alone.
        let read = catch_unwind(AssertUnwindSafe(|| read(&spoilt))).unwrap_or(Err(Unread::Broken));
        prop_assert!(!matches!(read, Err(Unread::TooLarge)));
    }
}
