//! Cases of commenting: the words stay as they were, each comment is at its own, and the rest of the file is untouched.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;

const BY: By<'_> = By { author: "依法 yifa", date: "2026-03-02T09:15:00Z" };

const TYPES: &str =
    "<?xml version=\"1.0\"?><Types xmlns=\"t\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";

fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let names =
        "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:m=\"m\" xmlns:mc=\"mc\"";
    let body = format!("\u{feff}<?xml version=\"1.0\"?><w:document {names}><w:body>{body}</w:body></w:document>");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [("[Content_Types].xml", TYPES), ("word/document.xml", &body), ("word/media/stamp.png", "\u{1}PNG")];
    for (name, text) in parts.into_iter().chain(more.iter().copied()) {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: String| {
        let mut text = String::new();
        zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
        (name, text)
    };
    names.into_iter().map(&mut read).collect()
}

/// The words between where a comment begins and ends.
fn anchored(body: &str, id: usize) -> String {
    let begin = body.split_once(&format!("<w:commentRangeStart w:id=\"{id}\"/>")).expect("it begins").1;
    let within = begin.split_once(&format!("<w:commentRangeEnd w:id=\"{id}\"/>")).expect("it ends").0;
    let words = within.split("<w:t").skip(1).filter_map(|rest| rest.split_once('>')?.1.split('<').next());
    // What the range begins or ends in is cut there, so that words without a tag of their own do not occur.
    words.collect()
}

#[track_caller]
fn check(body: &str, spans: &[&str], expect: Option<&str>) {
    let original = docx(body, &[]);
    let read = text(&original).unwrap();
    let start = |span: &str| read[..read.find(span).expect("its words")].chars().count();
    let comments: Vec<Comment> = spans
        .iter()
        .map(|span| Comment {
            start: start(span), length: span.chars().count(), text: format!("关于“{span}”<&>")
        })
        .collect();
    let copy = commented(&original, &comments, &BY).unwrap();
    assert_eq!(text(&copy).unwrap(), read);
    let (before, after) = (parts(&original), parts(&copy));
    let body = &after["word/document.xml"];
    for (nth, span) in spans.iter().enumerate() {
        assert_eq!(anchored(body, nth), span.replace('&', "&amp;"), "{body}");
        assert_eq!(body.matches(&format!("<w:commentReference w:id=\"{nth}\"/>")).count(), 1);
    }
    if let Some(expect) = expect {
        assert!(body.contains(expect), "{body}");
    }
    for (name, part) in &before {
        let touched = ["[Content_Types].xml", "word/document.xml"].contains(&name.as_str());
        assert!(touched || after[name] == *part, "{name}");
    }
    assert!(after["word/comments.xml"].contains("w:author=\"依法 yifa\" w:date=\"2026-03-02T09:15:00Z\""));
    assert!(after["word/comments.xml"].contains("”&lt;&amp;&gt;</w:t>"));
    assert!(after["word/_rels/document.xml.rels"].contains("relationships/comments\" Target=\"comments.xml\""));
    assert_eq!(after["[Content_Types].xml"].matches("/word/comments.xml").count(), 1);
    // All of it is still XML, and its tags close in the order they were opened.
    for part in after.values().filter(|part| part.contains("<?xml")) {
        let mut reader = quick_xml::Reader::from_str(part);
        while !matches!(reader.read_event().expect("XML"), quick_xml::events::Event::Eof) {}
    }
}

#[test]
fn a_run_is_cut_at_the_words_and_keeps_its_look() {
    check(
        "<w:p><w:r w:rsidR=\"1\"><w:rPr><w:b/></w:rPr><w:t>全年调解286起。</w:t></w:r></w:p>",
        &["286起"],
        Some(
            "<w:r w:rsidR=\"1\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">全年调解</w:t></w:r>\
             <w:commentRangeStart w:id=\"0\"/><w:r w:rsidR=\"1\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">286起</w:t></w:r>\
             <w:commentRangeEnd w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>\
             <w:r w:rsidR=\"1\"><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">。</w:t></w:r>",
        ),
    );
}

#[test]
fn a_whole_run_is_not_cut() {
    check(
        "<w:p><w:r><w:t>全年</w:t></w:r><w:r><w:rPr/><w:t>286起</w:t></w:r><w:r><w:t>。</w:t></w:r></w:p>",
        &["286起"],
        Some(
            "</w:r><w:commentRangeStart w:id=\"0\"/><w:r><w:rPr/><w:t>286起</w:t></w:r><w:commentRangeEnd w:id=\"0\"/>",
        ),
    );
}

#[test]
fn words_over_several_runs_and_words_that_overlap_are_each_marked() {
    let look = "<w:rPr><w:sz w:val=\"32\"/><w:rPrChange w:id=\"1\"><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:rPrChange></w:rPr>";
    let body = format!(
        "<w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr><w:r>{look}<w:t>受理2</w:t></w:r><w:hyperlink><w:r><w:t>8</w:t></w:r></w:hyperlink>\
         <w:ins w:id=\"2\"><w:r><w:t>6起，成</w:t></w:r></w:ins><w:r>{look}<w:t>功281起 &amp; 其他</w:t><w:tab/><w:t>三项</w:t></w:r></w:p>\
         <w:p><w:r><w:t>次年5件。</w:t></w:r></w:p>"
    );
    check(&body, &["286起", "受理286起，成功", "281起 & 其他", "起", "受", "5件"], None);
    check(&body, &["三项"], Some("<w:tab/></w:r><w:commentRangeStart"));
}

#[test]
fn what_is_drawn_in_a_box_or_a_formula_is_commented_beside() {
    let body = "<w:p><w:r><w:t>前</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr>\
                <w:r><w:t>框里3次</w:t></w:r></w:p></w:txbxContent></w:pict></w:r><m:r><m:t>公式7件</m:t></m:r></w:p>";
    let original = docx(body, &[]);
    let read = text(&original).unwrap();
    let at = |words: &str| read[..read.find(words).unwrap()].chars().count();
    let one = |words| Comment { start: at(words), length: 2, text: String::new() };
    let copy = commented(&original, &[one("3次"), one("7件")], &BY).unwrap();
    assert_eq!(text(&copy).unwrap(), read);
    let body = &parts(&copy)["word/document.xml"];
    assert!(
        body.contains("<w:commentRangeStart w:id=\"1\"/><w:commentRangeStart w:id=\"0\"/><w:r><w:pict>")
            || body.contains("<w:commentRangeStart w:id=\"0\"/><w:commentRangeStart w:id=\"1\"/><w:r><w:pict>"),
        "{body}"
    );
    assert!(
        !body.contains("<m:r><w:comment")
            && !body[body.find("<w:pict>").unwrap()..body.find("</w:pict>").unwrap()].contains("comment")
    );
}

#[test]
fn a_place_without_words_marks_the_character_there() {
    let original = docx("<w:p><w:r><w:t>一、总体</w:t></w:r></w:p><w:p/>", &[]);
    for start in [0, 3, 4, 5, 99] {
        let comment = Comment { start, length: 0, text: "缺少部分".to_owned() };
        let copy = commented(&original, &[comment], &BY).unwrap();
        let marked = anchored(&parts(&copy)["word/document.xml"], 0);
        assert_eq!(marked, if start == 0 { "一" } else { "体" }, "{start}");
    }
}

#[test]
fn comments_that_were_there_stay_and_come_first() {
    let old = "<?xml version=\"1.0\"?><x:comments xmlns:x=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
               <x:comment x:id=\"7\"><x:p/></x:comment></x:comments>";
    let relations = "<Relationships xmlns=\"r\"><Relationship Id=\"rId9\" Target=\"notes.xml\" \
                     Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments\"/></Relationships>";
    let body =
        "<w:p><w:commentRangeStart w:id=\"7\"/><w:r><w:t>全年16场</w:t></w:r><w:commentRangeEnd w:id=\"7\"/></w:p>";
    let original = docx(body, &[("word/notes.xml", old), ("word/_rels/document.xml.rels", relations)]);
    let comment = Comment { start: 2, length: 3, text: "核实".to_owned() };
    let after = parts(&commented(&original, &[comment], &BY).unwrap());
    assert!(after["word/notes.xml"].contains("<x:comment x:id=\"7\"><x:p/></x:comment><w:comment xmlns:w="));
    assert!(after["word/notes.xml"].contains("w:id=\"8\"") && after["word/notes.xml"].ends_with("</x:comments>"));
    assert_eq!(after["word/_rels/document.xml.rels"], relations);
    assert_eq!(anchored(&after["word/document.xml"], 8), "16场");
    assert!(!after.contains_key("word/comments.xml"));
}

#[test]
fn a_damaged_document_is_one_problem() {
    let all = [Comment { start: 0, length: 1, text: String::new() }];
    assert_eq!(commented(b"PK\x03\x04 and no more", &all, &BY).err(), Some(Unread::Broken));
    let whole = docx("<w:p><w:r><w:t>全年</w:t></w:r></w:p>", &[]);
    assert_eq!(commented(&whole[..whole.len() / 2], &all, &BY).err(), Some(Unread::Broken));
    assert_eq!(commented(&docx("<w:p><w:r><w:t>全年</w:p>", &[]), &all, &BY).err(), Some(Unread::Broken));
}
