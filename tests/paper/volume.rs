//! A volume of mediation papers: their order, their pages, and no personal value unless it is asked for.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use yifa::storage::params;

use crate::ruler::{POINT, Pdf, Word, yifa};
use crate::support::{Ask, behind, demo};

/// The record with the most sessions among those of 2023 that became a volume, by its number.
fn number() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let sql = "SELECT r.number FROM record r JOIN entry e ON e.town_id = r.town_id AND e.record = r.id \
                   WHERE r.town_id = $1 AND r.register = 'mediation_case' AND r.state = 'archived' AND r.opened LIKE '2023%' GROUP BY r.number ORDER BY count(*) DESC, r.number LIMIT 1";
        behind(demo(), "journal.db").value(sql, params![])
    })
}

/// What is sealed of the record.
fn personal() -> Vec<String> {
    let sql = "SELECT s.field, s.value FROM sealed s JOIN entry e ON e.town_id = s.town_id AND e.idx = s.idx \
               JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
               WHERE s.town_id = $1 AND r.number = $2 ORDER BY s.idx, s.field";
    let read = |row: &yifa::storage::Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
    let mut all = Vec::new();
    for (field, value) in behind(demo(), "journal.db").rows(sql, params![number()], read).unwrap() {
        // Files are told by their hash, which is on no paper.
        let is_file = value.trim_matches(['"', '[', ']']).split("\",\"").all(|one| one.len() == 64 && one.is_ascii());
        if is_file {
            continue;
        }
        let read: serde_json::Value = serde_json::from_str(&value).unwrap();
        match read {
            serde_json::Value::String(text) => all.push(text),
            serde_json::Value::Array(items) => all.extend(items.iter().map(|one| one.as_str().unwrap().to_owned())),
            other => panic!("{field}: {other}"),
        }
    }
    assert!(all.len() >= 4, "too little is sealed to look for: {all:?}");
    all
}

fn made(name: &str, more: &[&str]) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("paper-{name}.pdf"));
    let asked = ["paper", "mediation_case", number(), "--out", out.to_str().unwrap()];
    yifa(demo(), &[&asked[..], more].concat()).done();
    out
}

#[test]
fn its_contents_name_every_paper_with_the_page_it_begins_on() {
    let pdf = Pdf::open(&made("volume", &[]));
    assert_eq!(pdf.info("Title"), format!("人民调解卷宗 {}", number()));
    assert_eq!(pdf.page(1).folio(), None, "the cover has no number");
    pdf.page(1).row("人民调解卷宗");
    let contents = pdf.page(2);
    contents.row("卷内目录");
    let (mut listed, mut lines) = (Vec::new(), 0);
    for row in contents.sized(12.0) {
        // Its columns, in points from the left edge of an even page: number, title, page, remark.
        let column = |from: f64, to: f64| -> String {
            let within = |word: &&Word| (from..to).contains(&(word.left - 26.0 * POINT));
            row.words.iter().filter(within).map(|word| word.text.as_str()).collect()
        };
        let Ok(nth) = column(0.0, 33.0).parse::<usize>() else { continue };
        lines += 1;
        assert_eq!(nth, lines);
        let (title, page, remark) = (column(33.0, 285.0), column(285.0, 331.0), column(331.0, 443.0));
        match page.parse::<usize>() {
            Ok(page) => listed.push((title, page)),
            // What is not bound in is attached, or missing.
            Err(_) => assert!(remark == "缺" || remark.contains("扫描件"), "{title}: “{page}” “{remark}”"),
        }
    }
    let titles: Vec<&str> = listed.iter().map(|(title, _)| title.split('（').next().unwrap()).collect();
    let order = [
        "人民调解申请书",
        "人民调解受理登记表",
        "人民调解权利义务告知书",
        "当事人身份证明",
        "授权委托书",
        "人民调解调查记录",
        "证据材料",
        "人民调解调解记录",
        "延长调解期限约定书",
        "人民调解协议书",
        "人民调解口头协议登记表",
        "履行凭证",
        "人民调解回访记录",
        "司法确认申请书",
        "司法确认裁定登记",
        "卷宗情况说明",
    ];
    let at = |title: &&str| order.iter().position(|one| one == title).unwrap_or_else(|| panic!("not known: {title}"));
    assert!(titles.len() >= 6 && titles.iter().map(at).is_sorted(), "{titles:?}");
    for (title, page) in &listed {
        let title = title.split('（').next().unwrap();
        assert_eq!(pdf.page(*page).folio(), Some(*page));
        assert_eq!(pdf.page(*page).sized(22.0)[0].text(), title, "page {page}");
    }
    // No paper is there that is not listed: every title begins a page.
    let begun = pdf.pages[2..].iter().filter(|page| !page.sized(22.0).is_empty()).count();
    assert_eq!(begun, listed.len());
    let look = pdf.look();
    let marked: Vec<usize> = look.bookmarks().iter().map(|(page, _)| *page).collect();
    assert!(listed.iter().all(|(_, page)| marked.contains(page)), "{:?}", look.bookmarks());
}

#[test]
fn who_signs_does_not_sign_on_a_page_of_its_own() {
    let pdf = Pdf::open(&made("signed", &["--with-personal"]));
    for page in &pdf.pages {
        let first = page.rows[0].text();
        let signs = page.rows.iter().any(|row| row.text().contains("（签名"));
        assert!(!(signs && first.contains("（签名")), "page {} begins with {first}", page.nth);
    }
}

#[test]
fn personal_values_are_blanks_unless_they_are_asked_for() {
    let (closed, opened) = (Pdf::open(&made("closed", &[])), Pdf::open(&made("opened", &["--with-personal"])));
    let (without, with) = (closed.text(), opened.text());
    let mut shown = 0;
    for value in personal() {
        let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(!without.contains(&value), "“{value}” is printed");
        shown += usize::from(with.contains(&value));
    }
    assert!(shown >= 4, "only {shown} are printed where all were asked for");
    assert_eq!(closed.info("Title"), opened.info("Title"));
}
