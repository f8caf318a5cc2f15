//! A paper as a Word document (.docx), laid out by GB/T 9704-2012: A4, 22 lines of 28 characters.
//!
//! It names the faces offices have and, in its table of fonts, others that may stand in for them; it embeds none.
//! Children of each element stand in the order the schema (ECMA-376, part 1) demands. The same paper gives the same bytes.

mod blocks;
mod official;
mod styles;
mod xml;

use std::io::{Cursor, Write};

use anyhow::Result;
use engine::paper::{Annex, Paper, Style};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use blocks::Body;
use xml::escape;

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// Writes a paper.
///
/// # Errors
/// A fault only: whatever a paper holds can be written.
pub fn render(paper: &Paper, author: &str) -> Result<Vec<u8>> {
    let mut body = Body::default();
    official::write(&mut body, paper);
    for annex in &paper.annexes {
        self::annex(&mut body, annex);
    }
    if let Some(imprint) = &paper.imprint {
        official::imprint(&mut body, imprint);
    }
    let Body { xml, pictures, .. } = body;
    let pictures: Vec<Vec<u8>> = pictures.iter().map(|text| super::code::png(text)).collect::<Result<_>>()?;
    let document = format!(
        "{DECLARATION}<w:document xmlns:w=\"{W}\" xmlns:r=\"{R}\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
         xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
         xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\">\
         <w:body>{xml}{}</w:body></w:document>",
        section(paper.style)
    );
    let title = paper.title.replace('\n', "");
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".to_owned(), content_types().into_bytes()),
        ("_rels/.rels".to_owned(), package().into_bytes()),
        ("docProps/core.xml".to_owned(), core(&title, author).into_bytes()),
        ("word/document.xml".to_owned(), document.into_bytes()),
        ("word/_rels/document.xml.rels".to_owned(), relations(pictures.len()).into_bytes()),
        ("word/styles.xml".to_owned(), styles::styles().into_bytes()),
        ("word/fontTable.xml".to_owned(), styles::fonts().into_bytes()),
        ("word/settings.xml".to_owned(), settings().into_bytes()),
        ("word/footer1.xml".to_owned(), footer("right").into_bytes()),
        ("word/footer2.xml".to_owned(), footer("left").into_bytes()),
    ];
    for (nth, picture) in pictures.into_iter().enumerate() {
        parts.push((format!("word/media/code{nth}.png"), picture));
    }
    // Without a clock: the same paper is the same file.
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        zip.start_file(path, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn annex(body: &mut Body, annex: &Annex) {
    body.page_break();
    if !annex.mark.is_empty() {
        body.paragraph("Mark", "", &annex.mark);
        body.empty(1);
    }
    for line in annex.title.split('\n') {
        body.paragraph("Title", "", line);
    }
    body.empty(1);
    annex.blocks.iter().for_each(|block| body.block(block));
}

/// 版心 156 × 225 mm: 天头 37, 订口 28; mirrored by the settings, because it is printed on both sides. Twentieths of a point.
/// The dashes of the page number, half way up a line of 14 pt, are 7 mm below it.
fn section(style: Style) -> String {
    let footers = match style {
        Style::Cover => "",
        _ => "<w:footerReference w:type=\"even\" r:id=\"rId5\"/><w:footerReference w:type=\"default\" r:id=\"rId4\"/>",
    };
    format!(
        "<w:sectPr>{footers}<w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
         <w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" w:header=\"851\" w:footer=\"1447\" w:gutter=\"0\"/>\
         <w:docGrid w:type=\"lines\" w:linePitch=\"579\"/></w:sectPr>"
    )
}

/// 页码: 四号半角宋体, a dash on each side, one character in from the outer edge.
fn footer(side: &str) -> String {
    let indent = if side == "right" { "<w:ind w:right=\"280\"/>" } else { "<w:ind w:left=\"280\"/>" };
    format!(
        "{DECLARATION}<w:ftr xmlns:w=\"{W}\"><w:p><w:pPr><w:pStyle w:val=\"Folio\"/>{indent}<w:jc w:val=\"{side}\"/></w:pPr>\
         <w:r><w:t xml:space=\"preserve\">— </w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
         <w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
         <w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

fn settings() -> String {
    // Punctuation does not hang over the edge and does not shrink: 28 characters are 28 characters.
    format!(
        "{DECLARATION}<w:settings xmlns:w=\"{W}\"><w:zoom w:percent=\"100\"/><w:mirrorMargins/>\
         <w:defaultTabStop w:val=\"420\"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val=\"doNotCompress\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>"
    )
}

fn content_types() -> String {
    let main = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let part =
        |name: &str, kind: &str| format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{main}.{kind}+xml\"/>");
    format!(
        "{DECLARATION}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
         {}{}{}{}{}{}<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>",
        part("document", "document.main"),
        part("styles", "styles"),
        part("fontTable", "fontTable"),
        part("settings", "settings"),
        part("footer1", "footer"),
        part("footer2", "footer"),
    )
}

fn package() -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{RELATIONSHIPS}\">\
         <Relationship Id=\"rId1\" Type=\"{R}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
         </Relationships>"
    )
}

fn relations(pictures: usize) -> String {
    let parts = [
        ("styles", "styles"),
        ("fontTable", "fontTable"),
        ("settings", "settings"),
        ("footer", "footer1"),
        ("footer", "footer2"),
    ];
    let mut all: String = parts
        .iter()
        .enumerate()
        .map(|(nth, (kind, name))| {
            format!("<Relationship Id=\"rId{}\" Type=\"{R}/{kind}\" Target=\"{name}.xml\"/>", nth + 1)
        })
        .collect();
    for nth in 0..pictures {
        all.push_str(&format!("<Relationship Id=\"code{nth}\" Type=\"{R}/image\" Target=\"media/code{nth}.png\"/>"));
    }
    format!("{DECLARATION}<Relationships xmlns=\"{RELATIONSHIPS}\">{all}</Relationships>")
}

fn core(title: &str, author: &str) -> String {
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>zh-CN</dc:language></cp:coreProperties>",
        escape(title),
        escape(author)
    )
}
