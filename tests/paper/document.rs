//! Word documents as files: their parts, the order of what is in them, the faces they name.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use crate::order::wrong;
use crate::ruler::yifa;
use crate::support::demo;

/// The parts of a document by their names.
pub fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut all = BTreeMap::new();
    for nth in 0..zip.len() {
        let mut file = zip.by_index(nth).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let name = file.name().unwrap().into_owned();
        assert!(all.insert(name.clone(), content).is_none(), "{name} is there twice");
    }
    all
}

/// What is wrong with a document.
pub fn faults(bytes: &[u8]) -> Vec<String> {
    let parts = parts(bytes);
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    let xml = |name: &&String| name.ends_with(".xml") && name.starts_with("word/");
    let mut found: Vec<String> = parts.keys().filter(xml).flat_map(|name| wrong(name, &text(name))).collect();
    // Every part is told of, every relation leads somewhere, every use of one is declared.
    let types = text("[Content_Types].xml");
    for name in parts.keys().filter(|name| *name != "[Content_Types].xml") {
        let ending = name.rsplit('.').next().unwrap();
        let told = types.contains(&format!("PartName=\"/{name}\""))
            || ending != "xml" && types.contains(&format!("Extension=\"{ending}\""));
        if !told {
            found.push(format!("{name} has no content type"));
        }
    }
    let relations = text("word/_rels/document.xml.rels");
    for target in relations.split("Target=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        if !parts.contains_key(&format!("word/{target}")) {
            found.push(format!("no part {target}"));
        }
    }
    let document = text("word/document.xml");
    for key in ["r:id=\"", "r:embed=\""] {
        for id in document.split(key).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            if !relations.contains(&format!("Id=\"{id}\"")) {
                found.push(format!("no relation {id}"));
            }
        }
    }
    for anchor in document.split("w:anchor=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        if !document.contains(&format!("w:name=\"{anchor}\"")) {
            found.push(format!("no bookmark {anchor}"));
        }
    }
    let styles = text("word/styles.xml");
    for style in document.split("w:pStyle w:val=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        if !styles.contains(&format!("w:styleId=\"{style}\"")) {
            found.push(format!("no style {style}"));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The annual report of the demonstration as a Word document.
pub fn report(name: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("paper-{name}.docx"));
    yifa(demo(), &["report", "annual", "2023", "--out", out.to_str().unwrap()]).done();
    out
}

#[test]
fn the_report_is_a_document_word_takes() {
    let bytes = std::fs::read(report("parts")).unwrap();
    assert_eq!(faults(&bytes), Vec::<String>::new());
    let parts = parts(&bytes);
    let names: Vec<&str> = parts.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/document.xml",
            "word/fontTable.xml",
            "word/footer1.xml",
            "word/footer2.xml",
            "word/media/code0.png",
            "word/settings.xml",
            "word/styles.xml",
        ]
    );
    let core = String::from_utf8(parts["docProps/core.xml"].clone()).unwrap();
    assert!(core.contains("<dc:title>五指峰乡（演示数据）2023年度法治政府建设工作报告</dc:title>"));
}

#[test]
fn it_names_the_faces_offices_have_and_embeds_none() {
    let parts = parts(&std::fs::read(report("faces")).unwrap());
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    let (table, styles) = (text("word/fontTable.xml"), text("word/styles.xml"));
    for face in ["方正小标宋_GBK", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"] {
        assert!(table.contains(&format!("<w:font w:name=\"{face}\">")), "{face} is not in the table of fonts");
        assert!(styles.contains(&format!("w:eastAsia=\"{face}\"")), "{face} is not used");
    }
    assert!(!table.contains("embed") && !text("word/settings.xml").contains("embed"));
    assert!(parts.keys().all(|name| !name.contains("fonts/")), "{:?}", parts.keys());
}

#[test]
fn it_is_set_in_156_by_225_millimetres_mirrored_22_lines_a_page() {
    let parts = parts(&std::fs::read(report("section")).unwrap());
    let text = |name: &str| String::from_utf8(parts[name].clone()).unwrap();
    let document = text("word/document.xml");
    let length = |key: &str| -> f64 {
        let section = document.rsplit_once("<w:sectPr>").unwrap().1;
        let (_, rest) = section.split_once(&format!("w:{key}=\"")).unwrap();
        // Twentieths of a point.
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap() / 20.0 / crate::ruler::POINT
    };
    for (key, wanted) in [("w", 210.0), ("h", 297.0), ("top", 37.0), ("left", 28.0), ("right", 26.0), ("bottom", 35.0)]
    {
        crate::ruler::near(key, length(key), wanted, 0.1);
    }
    crate::ruler::near("a line", length("linePitch"), 225.0 / 22.0, 0.05);
    assert!(text("word/settings.xml").contains("<w:mirrorMargins/>"));
}

#[test]
fn the_same_report_is_the_same_document() {
    let bytes = |name: &str| std::fs::read(report(name)).unwrap();
    assert!(bytes("once") == bytes("again"), "two runs gave two files");
}
