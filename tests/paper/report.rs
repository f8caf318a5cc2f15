//! The annual report of the demonstration as PDF, measured against GB/T 9704-2012.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::ruler::{POINT, Page, Pdf, Row, black, mm, near, red, yifa};
use crate::support::demo;

/// A line and a character of the grid, in points: 225 mm are 22 lines, 156 mm are 28 characters.
const LINE: f64 = 225.0 / 22.0 * POINT;
const CHARACTER: f64 = 15.75;

fn made(name: &str, more: &[&str]) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("paper-{name}.pdf"));
    let asked = ["report", "annual", "2023", "--out", out.to_str().unwrap()];
    yifa(demo(), &[&asked[..], more].concat()).done();
    out
}

/// As it is drafted: jointly issued, without a day.
fn drafted() -> &'static Pdf {
    static MADE: OnceLock<Pdf> = OnceLock::new();
    MADE.get_or_init(|| Pdf::open(&made("draft", &[])))
}

/// As one organ issues it on a day.
fn issued() -> &'static Pdf {
    static MADE: OnceLock<Pdf> = OnceLock::new();
    MADE.get_or_init(|| Pdf::open(&made("issued", &["--signed-on", "2024-01-05", "--signed-by", "五指峰乡人民政府"])))
}

/// The pages of prose: those before the annex.
fn prose() -> impl Iterator<Item = &'static Page> {
    let pages = &drafted().pages;
    let annex = pages.iter().position(|page| page.rows[0].text() == "附件").unwrap();
    assert!(annex >= 10, "the report is short: {annex} pages");
    pages[..annex].iter()
}

/// 订口 28 mm: at the left of odd pages, at the right of even ones.
fn margins(nth: usize) -> (f64, f64) {
    if nth % 2 == 1 { (28.0, 26.0) } else { (26.0, 28.0) }
}

#[test]
fn prose_stands_within_156_by_225_millimetres_of_an_a4_page() {
    assert_eq!(drafted().info("Page size"), "595.276 x 841.89 pts (A4)");
    for page in prose() {
        let (left, right) = margins(page.nth);
        let rows = page.sized(16.0);
        let first = rows.iter().map(|row| row.left).fold(f64::MAX, f64::min);
        // The blank half of a mark at the end of a line does not count: it is no ink.
        let ends = |row: &&&Row| !row.text().ends_with(['，', '。', '、', '；', '：', '”', '）', '》']);
        let last = rows.iter().filter(ends).map(|row| row.right).fold(0.0, f64::max);
        let begins = |row: &&&Row| row.text().starts_with(['（', '《', '“']);
        if !rows.iter().any(|row| begins(&row)) {
            near(&format!("left of page {}", page.nth), mm(first), left, 0.2);
        }
        assert!(mm(last) <= 210.0 - right + 0.3, "page {} ends at {:.2}", page.nth, mm(last));
        let ink = drafted_ink(page.nth);
        assert!(ink.0 >= left - 0.2 && ink.1 <= 210.0 - right + 0.2, "page {}: ink {ink:?}", page.nth);
        // A page that begins with a table begins as far down, with its caption.
        if page.nth > 1 {
            near(&format!("top of page {}", page.nth), mm(page.rows[0].top), 37.0, 2.5);
        }
        if page.nth > 1 && (page.rows[0].size() - 16.0).abs() < 0.3 {
            near(&format!("top of page {}", page.nth), mm(page.rows[0].top), 37.0, 0.1);
        }
        let bottom = rows.iter().map(|row| row.bottom).fold(0.0, f64::max);
        assert!(mm(bottom) <= 262.0, "page {} ends at {:.2}", page.nth, mm(bottom));
    }
}

/// Where the ink of a page begins and ends across, above its number.
fn drafted_ink(nth: usize) -> (f64, f64) {
    let any = |[r, g, b]: [u8; 3]| r < 200 || g < 200 || b < 200;
    let ink = drafted().picture(nth).ink((0.0, 210.0), (0.0, 262.0), any).unwrap();
    (ink.left, ink.right)
}

#[test]
fn a_full_page_has_22_lines_on_one_grid() {
    let mut full = 0;
    for page in prose().skip(1) {
        let rows = page.sized(16.0);
        let smaller = page.rows.iter().any(|row| (9.0..13.0).contains(&row.size()));
        // A table is as high as it is; the lines above it are on the grid all the same.
        for row in rows.iter().take_while(|_| !smaller) {
            let line = (row.top - 37.0 * POINT) / LINE;
            near(&format!("page {}, {}", page.nth, row.text()), line, line.round(), 0.02);
        }
        if rows.len() == 22 && !smaller {
            full += 1;
            near("the distance of lines in points", (rows[21].top - rows[0].top) / 21.0, 28.99, 0.1);
        }
        assert!(rows.len() <= 22, "page {} has {} lines", page.nth, rows.len());
    }
    assert!(full >= 3, "only {full} full pages of prose");
}

#[test]
fn a_full_line_has_28_characters() {
    let mut full = 0;
    for row in prose().flat_map(|page| page.sized(16.0)) {
        let Some(many) = row.plain() else { continue };
        assert!(many <= 29, "{many} characters: {}", row.text());
        let flush = [28.0, 26.0].iter().any(|margin| (mm(row.left) - margin).abs() < 0.2);
        if many == 28 && flush && mm(row.right - row.left) < 156.5 {
            full += 1;
            // Of 28 characters the first begins the line and the last ends it.
            near(&row.text(), (row.right - row.left - 16.0) / 27.0, CHARACTER, 0.06);
            near("the length of a full line", mm(row.right - row.left), 156.0, 0.2);
        }
    }
    assert!(full >= 20, "only {full} full lines");
}

#[test]
fn each_kind_of_words_has_its_face_and_size() {
    let look = drafted().look();
    let (body, fangsong) = look.type_of("依法治县委员会的指导下");
    near("body", body, 16.0, 0.2);
    let (title, title_face) = look.type_of("法治政府建设工作报告");
    near("title", title, 22.0, 0.2);
    let (first, heiti) = look.type_of("二、存在的不足和原因");
    let (second, kaiti) = look.type_of("（一）强化组织领导");
    near("first level", first, 16.0, 0.2);
    near("second level", second, 16.0, 0.2);
    near("page number", look.type_of("— 1 —").0, 14.0, 0.2);
    near("imprint", look.type_of("抄送：").0, 14.0, 0.2);
    near("caption", look.type_of("法律明白人（按村）").0, 12.0, 0.2);
    assert!(look.type_of("附件<").1 == heiti, "附件 is set in 黑体");
    for (one, other) in [(fangsong, title_face), (fangsong, heiti), (fangsong, kaiti), (heiti, kaiti)] {
        assert_ne!(one, other);
    }
}

#[test]
fn page_numbers_stand_outside_7_millimetres_below_the_type_area() {
    let pages = &drafted().pages;
    for page in &pages[..pages.len() - 1] {
        assert_eq!(page.folio(), Some(page.nth));
        let row = page.rows.last().unwrap();
        assert_eq!(row.text(), format!("—{}—", page.nth));
        let (left, right) = margins(page.nth);
        // One character of 四号 in from the edge.
        match page.nth % 2 {
            1 => near("right", row.right, (210.0 - right) * POINT - 14.0, 0.5),
            _ => near("left", row.left, left * POINT + 14.0, 0.5),
        }
    }
    let picture = drafted().picture(1);
    let dash = picture.ink((160.0, 168.0), (262.0, 280.0), black).unwrap();
    assert!(dash.bottom - dash.top < 1.0, "not the dash: {dash:?}");
    near("the dash", (dash.top + dash.bottom) / 2.0, 262.0 + 7.0, 0.5);
}

#[test]
fn the_head_is_red_35_millimetres_below_the_type_area_and_its_rule_4_below_the_number() {
    for pdf in [drafted(), issued()] {
        let (page, picture) = (pdf.page(1), pdf.picture(1));
        let rules = picture.rules(150.0, red);
        let [rule] = &rules[..] else { panic!("{} red rules", rules.len()) };
        let head = picture.ink((28.0, 184.0), (37.0, rule.top - 2.0), red).unwrap();
        near("the top of the head", head.top, 37.0 + 35.0, 1.5);
        near("the middle of the head", (head.left + head.right) / 2.0, 28.0 + 78.0, 1.5);
        near("the left end of the rule", rule.left, 28.0, 0.2);
        near("the right end of the rule", rule.right, 184.0, 0.2);
        let number = page.row("〔2024〕");
        assert!(number.text().contains("〔2024〕") && number.text().contains('号'));
        near("the rule below the number", (rule.top + rule.bottom) / 2.0 - mm(number.bottom), 4.0, 0.3);
        near("the number below the head in lines", (number.top - head.bottom * POINT) / LINE, 2.5, 1.1);
        let title = page.sized(22.0);
        near("the title below the rule in lines", (title[0].top - rule.bottom * POINT) / LINE, 2.6, 0.6);
        for row in title {
            near("the middle of the title", mm(row.left + row.right) / 2.0, 28.0 + 78.0, 0.5);
        }
    }
    // It goes upwards: who signs it off stands to the right of its number, his name in 楷体.
    let row = drafted().page(1).row("签发人：林致远");
    near("签发人", mm(row.right), 184.0 - mm(CHARACTER), 0.5);
    let look = drafted().look();
    assert_eq!(look.type_of("林致远").1, look.type_of("（一）强化组织领导").1);
}

#[test]
fn the_day_stands_four_characters_in_and_who_signs_over_the_middle_of_it() {
    let page = issued().pages.iter().find(|page| page.rows.iter().any(|row| row.text() == "2024年1月5日")).unwrap();
    let (day, organ) = (page.row("2024年1月5日"), page.rows.iter().rfind(|row| row.text() == "五指峰乡人民政府"));
    let (organ, right) = (organ.unwrap(), (210.0 - margins(page.nth).1) * POINT);
    near("the day", right - day.right, 4.0 * CHARACTER, 1.0);
    near("who signs", (organ.left + organ.right) / 2.0, (day.left + day.right) / 2.0, 1.0);
    near("one line apart", day.top - organ.top, LINE, 0.3);
    // 附件说明 stands a line below the text, two characters in, and is the last before who signs.
    let attached = page.row("附件：数据来源");
    near("附件说明", attached.left - margins(page.nth).0 * POINT, 2.0 * CHARACTER, 0.5);
    assert!(attached.top < organ.top);
}

#[test]
fn the_imprint_stands_at_the_foot_of_the_last_page_which_is_even_and_unnumbered() {
    let last = drafted().pages.last().unwrap();
    assert_eq!((last.nth % 2, last.folio()), (0, None));
    assert!(last.rows.iter().all(|row| mm(row.top) > 200.0), "the imprint stands alone");
    let rules = drafted().picture(last.nth).rules(150.0, black);
    let [first, middle, end] = &rules[..] else { panic!("{} rules", rules.len()) };
    let thick = |rule: &crate::ruler::Ink| rule.bottom - rule.top;
    assert!(thick(first) > thick(middle) && thick(end) > thick(middle), "{rules:?}");
    near("the last rule", end.bottom, 262.0, 0.5);
    for rule in &rules {
        near("the length of a rule", rule.right - rule.left, 156.0, 0.3);
    }
    near("抄送", last.row("抄送：").left, 26.0 * POINT + 14.0, 0.5);
    let printed = last.row("印发");
    near("印发机关", printed.left, 26.0 * POINT + 14.0, 0.5);
    near("印发日期", printed.right, 182.0 * POINT - 14.0, 0.5);
    assert!(issued().pages.last().unwrap().row("2024年1月5日印发").size() < 14.5);
}

#[test]
fn every_number_in_the_text_leads_to_its_row_in_the_annex() {
    let links = drafted().look().links();
    let notes: Vec<_> = links.iter().filter(|(_, words, _)| words.parse::<usize>().is_ok()).collect();
    assert!(notes.len() > 150, "{} numbers", notes.len());
    for (page, note, to) in notes {
        let annex = drafted().page(*to);
        let margin = margins(*to).0 * POINT;
        let in_first = |row: &&Row| {
            row.words.iter().any(|word| word.text == *note && word.left < margin + 26.0)
                && (row.size() - 10.5).abs() < 0.3
        };
        assert!(annex.rows.iter().any(|row| in_first(&row)), "note {note} of page {page}: no row on page {to}");
    }
    // All that are small and high are such links.
    let small = prose().flat_map(|page| page.sized(7.5)).flat_map(|row| &row.words);
    let linked = |word: &str| links.iter().any(|(_, words, _)| words == word);
    let bare: Vec<&str> = small.map(|word| word.text.as_str()).filter(|word| !linked(word)).collect();
    assert!(bare.is_empty(), "not links: {bare:?}");
}

#[test]
fn the_file_can_be_searched_copied_and_read_aloud() {
    let pdf = drafted();
    let fonts = pdf.fonts();
    assert!(fonts.len() >= 3, "{fonts:?}");
    assert!(fonts.iter().all(|(_, flags)| *flags == [true; 3]), "embedded, subset, copied from: {fonts:?}");
    assert_eq!(pdf.info("Title"), "五指峰乡（演示数据）2023年度法治政府建设工作报告");
    assert_eq!(pdf.info("Author"), "五指峰乡（演示数据）");
    assert_eq!(pdf.info("Tagged"), "yes");
    let look = pdf.look();
    let bookmarks = look.bookmarks();
    for (title, from, to) in [("一、2023年度推进法治政府建设的主要举措和成效", 1, 3), ("数据来源", 10, 40)]
    {
        let page = bookmarks.iter().find(|(_, one)| *one == title).unwrap_or_else(|| panic!("{bookmarks:?}")).0;
        assert!((from..=to).contains(&page), "{title} is said to be on page {page}");
        assert!(pdf.page(page).rows.iter().any(|row| row.text() == title));
    }
    let text = pdf.text();
    for sentence in [
        "坚持以习近平新时代中国特色社会主义思想为指导，深入学习贯彻习近平法治思想",
        "根据《法治政府建设与责任落实督察工作规定》，现将2023年度法治政府建设情况报告如下：",
    ] {
        assert!(text.contains(sentence), "not to be copied: {sentence}");
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    let bytes = |name: &str| std::fs::read(made(name, &[])).unwrap();
    assert!(bytes("once") == bytes("again"), "two runs gave two files");
}
