//! Somebody's report pasted into a page: the verdicts, in the text and beside it, and nothing for those who may not know.

use std::io::Write;

use crate::client::Served;

const TEXT: &str = include_str!("../../crates/yifa/src/demo/data/report.txt");

#[test]
fn the_text_comes_back_marked_and_each_number_that_agrees_opens() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.post("/check", &[("text", TEXT), ("year", "2023")]);
    assert_eq!(page.status, 200);
    let count = |what: &str| page.text.matches(what).count();
    for (class, sign, verdict, many) in
        [("agrees", "✓", "相符", 9), ("differs", "✗", "不符", 1), ("unfounded", "?", "无据", 1)]
    {
        assert!(page.text.contains(&format!("{sign} {verdict} <b>{many}</b>")), "{verdict} {many}");
        assert_eq!(count(&format!("<mark class=\"verdict {class}\" id=")), many, "{verdict} in the text");
        assert_eq!(count(&format!("<td><span class=\"verdict {class}\">")), many, "{verdict} in the table");
    }
    assert_eq!(count("/entries?year=2023\""), 10, "what agrees opens its evidence, and what differs the ledger's");
    assert!(page.text.contains("class=\"lint error\"") || page.text.contains("class=\"lint hint\""));
}

const KIND: &str = "multipart/form-data; boundary=x";

/// A form with a file.
fn file(client: &crate::client::Client, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = format!(
        "--x\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{}\r\n--x\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n",
        client.token
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    body
}

#[test]
fn a_document_that_unpacks_to_far_more_than_it_weighs_is_refused_and_takes_little() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("begun");
    zip.write_all(b"<w:document><w:body><w:p><w:r><w:t>").expect("written");
    (0..400).for_each(|_| zip.write_all(&[b'1'; 1 << 20]).expect("written"));
    let bomb = zip.finish().expect("a file").into_inner();
    assert_eq!(clerk.get("/check").status, 200);
    let before = served.most_memory();
    for _ in 0..4 {
        let body = file(&clerk, "报告.docx", &bomb);
        let page = clerk.post_bytes("/check", KIND, &body);
        assert!(page.status == 422 && page.text.contains("P611"), "{}", page.text);
        assert!(page.text.contains("解开以后最多 24 MB"), "{}", page.text);
    }
    if let (Some(before), Some(after)) = (before, served.most_memory()) {
        assert!(after - before < 80 << 20, "{} MB for it", (after - before) >> 20);
    }
}

#[test]
fn a_file_is_read_like_a_text_and_what_cannot_be_read_is_said() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let kind = KIND;
    let body = file(&clerk, "报告.txt", TEXT.as_bytes());
    let page = clerk.post_bytes("/check", kind, &body);
    assert!(page.status == 200 && page.text.contains("✓ 相符 <b>9</b>") && page.text.contains("报告.txt"));
    let printed = include_bytes!("../../crates/yifa/src/pdf/fixture/office.pdf");
    let page = clerk.post_bytes("/check", kind, &file(&clerk, "报告.pdf", printed));
    assert!(page.status == 200 && page.text.contains("✓ 相符") && page.text.contains("286起"), "{}", page.text);
    let page = clerk.post_bytes("/check", kind, &file(&clerk, "报告.pdf", &printed[..9000]));
    assert!(page.status == 422 && page.text.contains("P625"), "{}", page.text);
    let body = file(&clerk, "照片.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let page = clerk.post_bytes("/check", kind, &body);
    assert!(page.status == 422 && page.text.contains("P612"), "{}", page.text);
    let page = clerk.post("/check", &[("text", "  ")]);
    assert!(page.status == 422 && page.text.contains("P613"));
    let page = clerk.post("/check", &[("text", "全年调解纠纷286起。"), ("year", "去年")]);
    assert!(page.status == 422 && page.text.contains("P602") && page.text.contains("全年调解纠纷286起。"));
    let left: Vec<_> = std::fs::read_dir(served.scratch.data().join("incoming")).into_iter().flatten().collect();
    assert!(left.is_empty(), "nothing of it is kept");
}

#[test]
fn whoever_may_not_see_a_figure_learns_nothing_of_it_here() {
    let served = Served::demo();
    let text = "2023年度，全年调解矛盾纠纷286起，开展普法宣传活动59场。";
    let check = |login: &str, agrees: usize| {
        let page = served.signed_in(login).post("/check", &[("text", text), ("year", "2023")]);
        assert_eq!(page.status, 200, "{login}");
        assert!(page.text.contains(&format!("✓ 相符 <b>{agrees}</b>")), "{login}");
        assert_eq!(page.text.contains("mediation.ended"), agrees == 2 || login == "mediator", "{login}");
    };
    check("clerk", 2);
    check("mediator", 1);
    check("village_a", 0);
    // What differs would tell as much as what agrees.
    let wrong = "2023年度，全年调解矛盾纠纷1起。";
    for (login, told) in [("clerk", true), ("reviewer", false), ("village_a", false)] {
        let page = served.signed_in(login).post("/check", &[("text", wrong), ("year", "2023")]);
        assert_eq!(page.text.contains("286起"), told, "{login}");
    }
    assert_eq!(served.signed_in("admin").get("/check").status, 403);
    assert_eq!(served.signed_in("admin").post("/check", &[("text", text)]).status, 403);
}

/// A form with a file whose findings are wanted as comments.
fn wanting(client: &crate::client::Client, name: &str, bytes: &[u8]) -> Vec<u8> {
    let wanted = b"--x\r\nContent-Disposition: form-data; name=\"comments\"\r\n\r\n1\r\n";
    [&wanted[..], &file(client, name, bytes)].concat()
}

#[test]
fn a_word_document_comes_back_with_comments_and_nothing_of_it_is_kept() {
    let served = Served::demo();
    let body = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>\
                2023年度，全年调解矛盾纠纷280起，开展普法宣传活动59场。</w:t></w:r></w:p></w:body></w:document>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("[Content_Types].xml", "<Types></Types>"), ("word/document.xml", body)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(text.as_bytes()).expect("written");
    }
    let report = zip.finish().expect("a file").into_inner();
    // What he may not see is in no comment either.
    for (login, said) in [("clerk", "不符：台账“"), ("village_a", "")] {
        let mut client = served.signed_in(login);
        let form = wanting(&client, "报告.docx", &report);
        let (status, name, copy) = client.post_for_file("/check", KIND, &form);
        assert_eq!(status, 200, "{login}");
        assert!(name.contains("attachment") && name.ends_with("%EF%BC%88%E6%89%B9%E6%B3%A8%EF%BC%89.docx"), "{name}");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(copy)).expect("a document");
        let mut comments = String::new();
        let mut part = zip.by_name("word/comments.xml").expect("comments");
        std::io::Read::read_to_string(&mut part, &mut comments).expect("text");
        assert_eq!(comments.contains("286起"), login == "clerk", "{comments}");
        assert!(comments.contains(said), "{comments}");
    }
    let mut clerk = served.signed_in("clerk");
    let form = wanting(&clerk, "报告.txt", TEXT.as_bytes());
    let page = clerk.post_bytes("/check", KIND, &form);
    assert!(page.status == 422 && page.text.contains("P628"), "{}", page.text);
    let left: Vec<_> = std::fs::read_dir(served.scratch.data().join("incoming")).into_iter().flatten().collect();
    assert!(left.is_empty(), "nothing of it is kept");
}
