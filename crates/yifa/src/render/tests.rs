//! Documents in, text out.

use engine::report::{Align, Annex, Block, By, Document, Part, Source, Span, Table, Year};

use super::official::{Dress, broken, official};
use super::{docx, html, text};

fn text(words: &str) -> Span {
    Span::Text(words.into())
}

fn figure(id: &str, written: &str, note: usize) -> Span {
    Span::Figure { id: id.into(), year: Year::This, text: written.into(), note, part: None, over: None }
}

fn source(note: usize, figure: &str, title: &str, written: &str) -> Source {
    Source {
        note,
        figure: figure.into(),
        year: Year::This,
        of_year: 2023,
        title: title.into(),
        text: written.into(),
        origin: "人民调解案件：走到“达成协议”或者“终止调解”的案卷数。本地：口径待县局报表文号。".into(),
        entries: 286,
        late: 3,
        flagged: 0,
        evidence: vec!["7".into(), "12".into()],
    }
}

fn document() -> Document {
    let heading = |level, number: &str, text: &str| Block::Heading { level, number: number.into(), text: text.into() };
    let paragraph = |align, spans: &[Span]| Block::Paragraph { align, spans: spans.to_vec(), place: String::new() };
    let cell = |key: &str, n: &str| {
        let part = Some(Part { by: By::Village, key: key.into() });
        Span::Figure { id: "mediation.ended".into(), year: Year::This, text: n.into(), note: 1, part, over: None }
    };
    Document {
        title: "五指峰乡2023年度法治政府建设工作报告".into(),
        blocks: vec![
            paragraph(Align::Left, &[text("上犹县委、上犹县人民政府：")]),
            heading(1, "一、", "主要举措和成效"),
            heading(2, "（一）", "化解矛盾"),
            paragraph(Align::Indented, &[text("全年调解矛盾纠纷"), figure("mediation.ended", "286起", 1), text("。")]),
            Block::Table(Table {
                caption: "调解矛盾纠纷（按村）".into(),
                head: vec!["村".into(), "调解矛盾纠纷（起）".into()],
                rows: vec![
                    vec![text("黄沙村"), cell("huangsha", "41")],
                    vec![text("合计"), figure("mediation.ended", "286", 1)],
                ],
                remark: Some("同一事项涉及几个村的，列为“跨村”，不在各村重复计算。".into()),
            }),
            paragraph(Align::Right, &[text("五指峰乡人民政府")]),
            paragraph(Align::Right, &[text("2024年1月15日")]),
        ],
        annex: Annex {
            by_hand: Vec::new(),
            printed: vec![source(1, "mediation.ended", "调解矛盾纠纷", "286起")],
            decided: vec![Source { entries: 0, ..source(0, "quality.late_entries", "全部补录", "0条") }],
            as_of: "2023年12月31日".into(),
            checkpoint: "记入 290，根 f00d".into(),
        },
    }
}

#[test]
fn plain_text_reads_as_the_paper_does() {
    insta::assert_snapshot!(text::render(&document()));
}

#[test]
fn html_links_every_figure_into_its_annex() {
    let html = html::render(&document());
    let body = html.split_once("<body>").map_or("", |(_, body)| body);
    insta::assert_snapshot!(body.replace("</p>", "</p>\n").replace("</li>", "</li>\n").replace("</tr>", "</tr>\n"));
    for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert_eq!(html.matches(&format!("id=\"{link}\"")).count(), 1, "{link}");
    }
}

#[test]
fn html_escapes_whatever_people_wrote_and_fetches_nothing() {
    let evil = "<script>alert(1)</script>\"'&";
    let mut document = document();
    document.title = evil.into();
    document.annex.checkpoint = evil.into();
    let mut hostile = source(2, "a.\"onclick=x", evil, evil);
    hostile.origin = evil.into();
    hostile.evidence = vec![evil.into()];
    document.annex.printed.push(hostile);
    let spans = vec![text(evil), figure("a.\"onclick=x", evil, 2)];
    document.blocks.push(Block::Heading { level: 3, number: evil.into(), text: evil.into() });
    document.blocks.push(Block::Paragraph { align: Align::Indented, spans: spans.clone(), place: String::new() });
    document.blocks.push(Block::Table(Table {
        caption: evil.into(),
        head: vec![evil.into()],
        rows: vec![spans],
        remark: Some(evil.into()),
    }));
    let html = html::render(&document);
    assert!(!html.contains("<script") && !html.contains("\"onclick"), "{html}");
    for fetched in ["http:", "https:", "url(", "@import", "src=\"", "<link"] {
        assert!(!html.contains(fetched), "{fetched}");
    }
}

#[test]
fn an_empty_page_leaves_room_for_the_prose() {
    let empty = Document {
        title: String::new(),
        blocks: Vec::new(),
        annex: Annex { printed: Vec::new(), decided: Vec::new(), ..document().annex },
    };
    // The frame and its styles; a whole report has to stay under 60 KB.
    assert!(html::render(&empty).len() < 8_000);
}

fn dress() -> Dress {
    let hash = "ab".repeat(32);
    Dress { year: 2024, printed_by: "党政办".into(), origin: "example/1".into(), hash, ..Dress::default() }
}

/// A paper in a few lines, without its annex.
fn shown(dress: &Dress, document: &Document) -> String {
    let paper = official(document, dress);
    let (head, signed, imprint) = (paper.head.unwrap(), paper.signed.unwrap(), paper.imprint.unwrap());
    let runs = |runs: &[engine::paper::Run]| serde_json::to_string(runs).unwrap();
    let block = |block: &engine::paper::Block| match block {
        engine::paper::Block::Paragraph { align, runs: words } => format!("{align:?} {}", runs(words)),
        engine::paper::Block::Heading { level, text } => format!("{level} {text}"),
        engine::paper::Block::Grid(grid) => {
            let cell = |cell: &engine::paper::Cell| runs(&cell.runs);
            let row = |row: &engine::paper::Row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" ");
            format!("{} {}", grid.caption, grid.rows.iter().map(row).collect::<Vec<_>>().join(" / "))
        }
        other => format!("{other:?}"),
    };
    let lines = [
        format!("head: {:?} {} {} {:?}", head.organs, head.suffix, runs(&head.number), head.signers),
        format!("title: {}", paper.title.replace('\n', " / ")),
        format!("to: {}", paper.addressee),
        paper.blocks.iter().map(block).collect::<Vec<_>>().join("\n"),
        format!("attached: {:?}", paper.attached),
        format!("signed: {:?} {} {}", signed.by, signed.on, signed.sealed),
        format!("imprint: {} {} {}", imprint.copy_to, imprint.printed_by, imprint.printed_on),
    ];
    lines.join("\n")
}

#[test]
fn a_report_is_dressed_as_an_official_paper() {
    insta::assert_snapshot!(shown(&dress(), &document()));
}

#[test]
fn what_stands_around_a_report_is_told_apart_from_its_prose() {
    let mut document = document();
    let left = |words: &str| Block::Paragraph { align: Align::Left, spans: vec![text(words)], place: String::new() };
    document.blocks.pop();
    document.blocks.push(Block::Paragraph {
        align: Align::Right,
        spans: vec![text("（未签发）")],
        place: String::new(),
    });
    document.blocks.push(left("抄送：县司法局。"));
    document.blocks.push(left("附注的一段"));
    let dress = Dress { number: Some("五府发〔2024〕3号".into()), signers: vec!["张三".into()], ..dress() };
    let shown = shown(&dress, &document);
    for line in [
        r#"head: ["五指峰乡人民政府"] 文件 [{"text":"五府发〔2024〕3号"}] ["张三"]"#,
        r#"signed: ["五指峰乡人民政府"]  true"#,
        "imprint: 县司法局 党政办 ",
        r#"Left [{"text":"附注的一段"}]"#,
    ] {
        assert!(shown.lines().any(|one| one == line), "no “{line}” in\n{shown}");
    }
}

#[test]
fn a_long_title_breaks_behind_the_year() {
    let check = |title: &str, expect: &str| assert_eq!(broken(title), expect);
    check("五指峰乡人民政府2023年度法治政府建设工作报告", "五指峰乡人民政府2023年度\n法治政府建设工作报告");
    check("2023年度工作报告", "2023年度工作报告");
    check("关于进一步加强和改进法治政府建设工作的报告", "关于进一步加强和改进法治政府建设工作的报告");
}

/// The parts of a Word document that are XML.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for nth in 0..zip.len() {
        let mut file = zip.by_index(nth).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), String::new());
        if !name.ends_with(".png") {
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            parts.push((name, text));
        }
    }
    parts
}

#[test]
fn a_document_holds_whatever_people_wrote_as_words() {
    let evil = "<w:p>\u{0}\u{b}\u{1f}\u{fffe}]]>&amp;\"'\ttab\nline\u{7f}";
    let mut document = document();
    document.title = evil.into();
    document.blocks.push(Block::Paragraph { align: Align::Indented, spans: vec![text(evil)], place: String::new() });
    document.blocks.push(Block::Table(Table {
        caption: evil.into(),
        head: vec![evil.into()],
        rows: vec![vec![text(evil)]],
        remark: Some(evil.into()),
    }));
    let dress = Dress { number: Some(evil.into()), signers: vec![evil.into()], printed_by: evil.into(), ..dress() };
    let bytes = docx::render(&official(&document, &dress), evil).unwrap();
    for (name, xml) in parts(&bytes) {
        assert!(xml.chars().all(|c| !c.is_control() && c != '\u{fffe}'), "{name} has a control character");
        assert!(!xml.contains("<w:p>]]"), "{name} took words for an element");
        let mut reader = quick_xml::Reader::from_str(&xml);
        while !matches!(
            reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")),
            quick_xml::events::Event::Eof
        ) {}
    }
}

#[test]
fn a_document_without_anything_in_it_is_one() {
    let nothing = engine::paper::Paper::default();
    let parts = parts(&docx::render(&nothing, "").unwrap());
    let document = &parts.iter().find(|(name, _)| name == "word/document.xml").unwrap().1;
    assert!(document.contains("<w:body><w:sectPr>"), "{document}");
}
