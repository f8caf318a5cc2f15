//! The Word document as an office program lays it out: LibreOffice, with free faces where it names those of an office.
//!
//! LibreOffice is not Word. It puts a quarter of a character between Chinese and Latin whatever `w:autoSpaceDE` says, and takes
//! `w:overflowPunct` for its opposite, so that marks hang out of the line; what is measured here is neither.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::document::report;
use crate::ruler::{POINT, Page, Pdf, Row, black, mm, near, tool};

/// Which free face stands in for which of an office's.
const STANDS_IN: [(&str, &str); 5] = [
    ("仿宋_GB2312", "Noto Serif CJK SC"),
    ("方正小标宋_GBK", "Noto Serif CJK SC"),
    ("黑体", "Noto Sans CJK SC"),
    ("楷体_GB2312", "LXGW WenKai"),
    ("宋体", "Noto Serif CJK SC"),
];

fn fonts(folder: &Path) -> PathBuf {
    let alias = |(name, other): &(&str, &str)| {
        format!("<alias binding=\"same\"><family>{name}</family><prefer><family>{other}</family></prefer></alias>")
    };
    let aliases: String = STANDS_IN.iter().map(alias).collect();
    let cache = folder.join("fonts-cache");
    let path = folder.join("fonts.conf");
    let text = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig><dir>/usr/share/fonts</dir>\
         <cachedir>{}</cachedir>{aliases}</fontconfig>",
        cache.display()
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// The report as LibreOffice prints it.
fn printed() -> &'static Pdf {
    static MADE: OnceLock<Pdf> = OnceLock::new();
    MADE.get_or_init(|| {
        let document = report("office");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("office");
        std::fs::create_dir_all(&folder).unwrap();
        // Asked first, so that one that is not there is told of as the others are.
        tool("soffice", &["--version"]);
        let mut command = Command::new("soffice");
        command.arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()));
        command.args(["--headless", "--convert-to", "pdf", "--outdir"].map(OsStr::new)).arg(&folder).arg(&document);
        let ran = command.env("FONTCONFIG_FILE", fonts(&folder)).output().unwrap();
        let out = folder.join(document.with_extension("pdf").file_name().unwrap());
        assert!(ran.status.success() && out.is_file(), "{ran:?}");
        Pdf::open(&out)
    })
}

/// A row of body text: its characters are as high as those of the most rows.
fn body(page: &Page) -> Vec<&Row> {
    page.sized(20.8)
}

fn prose() -> impl Iterator<Item = &'static Page> {
    let annex = printed().pages.iter().position(|page| page.rows[0].text() == "附件").unwrap();
    printed().pages[1..annex].iter()
}

#[test]
fn it_is_a4_with_mirrored_margins() {
    assert!(printed().info("Page size").ends_with("(A4)"), "{}", printed().info("Page size"));
    for page in prose() {
        let left = if page.nth % 2 == 1 { 28.0 } else { 26.0 };
        let first = body(page).iter().map(|row| row.left).fold(f64::MAX, f64::min);
        near(&format!("left of page {}", page.nth), mm(first), left, 0.3);
    }
}

#[test]
fn a_full_page_has_22_lines() {
    let mut full = 0;
    for page in prose() {
        let lines = body(page);
        let high = lines.iter().map(|row| row.bottom).fold(0.0, f64::max);
        assert!(mm(high) <= 262.0, "page {} ends at {:.2}", page.nth, mm(high));
        // Notes stand higher than the words around them, and make a row of their own.
        let mut tops: Vec<f64> = lines.iter().map(|row| row.bottom).collect();
        tops.dedup_by(|a, b| (*a - *b).abs() < 4.0);
        let smaller = page.rows.iter().any(|row| (14.0..17.0).contains(&row.size()) && mm(row.top) < 262.0);
        if smaller {
            continue;
        }
        assert!(tops.len() <= 22, "page {} has {} lines", page.nth, tops.len());
        if tops.len() == 22 {
            full += 1;
            near("the distance of lines in points", (tops[21] - tops[0]) / 21.0, 28.99, 0.1);
        }
    }
    assert!(full >= 3, "only {full} full pages of prose");
}

#[test]
fn a_full_line_of_chinese_has_28_characters() {
    let mut full = 0;
    for row in prose().flat_map(body) {
        let Some(many) = row.plain() else { continue };
        // The 29th hangs out of the line.
        assert!(many <= 29, "{many} characters: {}", row.text());
        if many == 28 {
            full += 1;
            near(&row.text(), (row.right - row.left - 16.0) / 27.0, 15.75, 0.06);
        }
    }
    assert!(full >= 15, "only {full} full lines");
}

#[test]
fn its_pages_are_numbered_outside_and_the_imprint_stands_at_the_foot_of_the_last() {
    let pages = &printed().pages;
    for page in pages {
        assert_eq!(page.folio(), Some(page.nth), "page {}", page.nth);
        let row = page.rows.iter().find(|row| row.top > 262.0 * POINT).unwrap();
        match page.nth % 2 {
            1 => near("right", row.right, 184.0 * POINT - 14.0, 1.0),
            _ => near("left", row.left, 26.0 * POINT + 14.0, 1.0),
        }
    }
    let last = pages.last().unwrap();
    let rules = printed().picture(last.nth).rules(150.0, black);
    let [first, middle, end] = &rules[..] else { panic!("{} rules", rules.len()) };
    near("the last rule", end.bottom, 262.0, 1.5);
    assert!(first.top < middle.top && mm(last.row("抄送：").top) > first.top - 1.0);
    assert!(last.row("印发").top > last.row("抄送：").top);
}
