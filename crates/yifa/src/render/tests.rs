//! Documents in, text out.

use engine::report::{Align, Annex, Block, By, Document, Part, Source, Span, Table, Year};

use super::{html, text};

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
