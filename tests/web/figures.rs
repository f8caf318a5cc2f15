//! Figures on the pages: the totals that were published, the entries behind each, and to a village only its own.

use std::collections::BTreeSet;

use crate::client::{Client, Page, Served};

/// The figures of the published report of 2023, as they were printed there.
const PUBLISHED: &[(&str, &str)] = &[
    ("study.centre_group", "6次"),
    ("publicity.large_events", "16场"),
    ("publicity.materials", "13000份（册）"),
    ("adviser.lawyers", "1名"),
    ("base.villages", "7个"),
    ("adviser.coverage", "100%"),
    ("adviser.consultations", "6次"),
    ("mediation.ended", "286起"),
];

fn ok(page: Page) -> Page {
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

/// The links of a page that begin so, each once.
fn links(page: &Page, beginning: &str) -> BTreeSet<String> {
    let hrefs = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    hrefs.map(|href| href.replace("&amp;", "&")).filter(|href| href.starts_with(beginning)).collect()
}

/// The text of a link, by its whole address.
fn text_of(page: &Page, href: &str) -> Option<String> {
    let rest = page.text.split(&format!("href=\"{}\">", href.replace('&', "&amp;"))).nth(1)?;
    Some(rest.split('<').next()?.to_owned())
}

fn number_behind(text: &str, words: &str) -> usize {
    let rest = text.split(words).nth(1).unwrap_or_else(|| panic!("no “{words}” in {text}")).trim_start();
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// How many entries a list of them says there are, having counted those it shows on all of its pages.
fn listed(client: &mut Client, url: &str) -> usize {
    let first = ok(client.get(url));
    let said = number_behind(&first.text, "共 ");
    let (mut page, mut shown) = (first, BTreeSet::new());
    loop {
        shown.extend(page.text.split("#entry-").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        let Some(next) = page.text.contains("rel=\"next\"").then(|| page.text.split("<a href=\"").skip(1)) else {
            break;
        };
        let next = next.filter_map(|link| link.split_once("\" rel=\"next\"")).next().unwrap().0.replace("&amp;", "&");
        page = ok(client.get(&next));
    }
    assert_eq!(shown.len(), said, "{url}");
    said
}

#[test]
fn the_published_figures_stand_on_the_page_and_open_as_many_entries_as_they_say() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let index = ok(clerk.get("/figures?year=2023"));
    for (figure, text) in PUBLISHED {
        let entries = format!("/figures/{figure}/entries?year=2023");
        assert_eq!(text_of(&index, &entries).as_deref(), Some(*text), "{figure}");
        let page = ok(clerk.get(&format!("/figures/{figure}?year=2023")));
        assert_eq!(text_of(&page, &entries).as_deref(), Some(*text), "{figure}");
        assert_eq!(listed(&mut clerk, &entries), number_behind(&page.text, "背后记入 "), "{figure}");
    }
    let ended = ok(clerk.get("/figures/mediation.ended/entries?year=2023"));
    let record = links(&ended, "/registers/mediation_case/").pop_first().expect("a record");
    assert_eq!(clerk.get(record.split('#').next().unwrap()).status, 200);
    // Last year stands beside it, and nothing but the year decides which is which; what last year's report says with it.
    assert!(index.text.contains(">286起</a><td>31起<small class=\"line\">上年报告称 260余起</small><td>"));
    let page = ok(clerk.get("/figures/mediation.ended?year=2023"));
    assert!(page.text.contains("/figures/mediation.ended/entries?year=2022\">31起</a>"));
    assert!(ok(clerk.get("/figures")).text.contains("2026年还没有记入"));
    assert_eq!(clerk.get("/figures/no.such?year=2023").status, 404);
    for wrong in ["/figures?year=abc", "/figures?year=99999", "/figures/mediation.ended?year=2023&at=99999999"] {
        assert_eq!(clerk.get(wrong).status, 422, "{wrong}");
    }
}

#[test]
fn a_figures_bundle_adds_up_again_and_is_handed_to_nobody_who_sees_less() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = ok(clerk.get("/figures/mediation.ended?year=2023"));
    assert!(page.text.contains("/figures/mediation.ended/proof.zip?year=2023"), "{}", page.text);
    let zip = clerk.bytes("/figures/mediation.ended/proof.zip?year=2023");
    let key = yifa::folder::Folder::open(&served.scratch.data()).unwrap().key().unwrap();
    let bundle = journal::bundle::open(&zip, key.verifier()).expect("believed");
    let stated: engine::recount::Stated = serde_json::from_slice(bundle.figure.unwrap()).unwrap();
    assert_eq!((stated.value.as_str(), stated.entries.len()), ("286起", 286));
    for role in ["village_a", "admin"] {
        let mut other = served.signed_in(role);
        assert_ne!(other.get("/figures/mediation.ended/proof.zip?year=2023").status, 200, "{role}");
        assert!(!other.get("/figures/mediation.ended?year=2023").text.contains("proof.zip"), "{role}");
    }
}

/// A year that still runs is held against the same days of the year before, everywhere alike.
#[test]
fn a_running_year_is_compared_with_the_same_days_of_the_last() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let today = yifa::ambient::today();
    let whole = (today.month(), today.of_month()) == (12, 31);
    let year = today.year();
    for path in ["/", "/figures", "/figures/mediation.ended"] {
        let page = ok(clerk.get(&format!("{path}?year={year}"))).text;
        assert_eq!(page.contains("与上年同期比较") && page.contains("上年同期</t"), !whole, "{path}: {page}");
        let page = ok(clerk.get(&format!("{path}?year=2023"))).text;
        assert!(!page.contains("上年同期") && page.contains("2022年"), "{path}");
    }
    // Half a year: what stands there is what its entries say, and so is the half before.
    let half = "/figures/mediation.ended?year=2024&until=2024-06-30";
    let page = ok(clerk.get(half));
    let days = [("2024", "2024-06-30"), ("2023", "2023-06-30")];
    for (year, until) in days {
        let entries = format!("/figures/mediation.ended/entries?year={year}&until={until}");
        let value = text_of(&page, &entries).unwrap_or_else(|| panic!("{entries} on {}", page.text));
        let all = ok(clerk.get(&format!("/figures/mediation.ended/entries?year={year}")));
        let many = listed(&mut clerk, &entries);
        assert_eq!(value, format!("{many}起"));
        assert!(many > 0 && many < number_behind(&all.text, "共 "), "{many} until {until}");
        let page = ok(clerk.get(&entries)).text;
        assert!(page.contains("截至6月30日") && !page.contains(&format!("<td class=\"day\">{year}-07")));
    }
    assert_eq!(clerk.get("/figures/mediation.ended?year=2024&until=2025-01-01").status, 422);
}

#[test]
fn what_nobody_recorded_is_looked_at_apart() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let (some, none) = (ok(clerk.get("/figures?year=2023")), ok(clerk.get("/figures?year=2023&none=1")));
    let figures = |page: &Page| -> BTreeSet<String> {
        links(page, "/figures/")
            .into_iter()
            .filter(|to| to.ends_with("?year=2023") && !to.contains("/entries"))
            .collect()
    };
    let (some, nones) = (figures(&some), figures(&none));
    assert!(some.len() > 200 && nones.len() > 20 && some.is_disjoint(&nones));
    assert!(links(&none, "/figures/").iter().all(|to| !to.contains("/entries")), "nothing is behind them");
}

#[test]
fn a_figure_is_told_to_whoever_reads_what_it_counts() {
    let served = Served::demo();
    for (login, told, not_told) in [
        ("leader", &["decision.cadre_matters", "mediation.ended"][..], &[][..]),
        ("clerk", &["mediation.ended"], &["decision.cadre_matters"]),
        ("inspector", &["mediation.ended"], &["decision.cadre_matters"]),
        ("mediator", &["mediation.ended"], &["decision.cadre_matters", "study.centre_group"]),
        ("adviser", &["adviser.consultations"], &["decision.cadre_matters", "mediation.ended"]),
    ] {
        let mut client = served.signed_in(login);
        let mut index = links(&ok(client.get("/figures?year=2023")), "/figures/");
        index.extend(links(&ok(client.get("/figures?year=2023&none=1")), "/figures/"));
        let checked = client.post("/check", &[("text", "2023年度，共调解各类矛盾纠纷286起。"), ("year", "2023")]);
        let agrees = ok(checked).text.contains("/figures/mediation.ended/entries?year=2023");
        assert_eq!(agrees, told.contains(&"mediation.ended"), "{login}");
        for (figures, is_told) in [(told, true), (not_told, false)] {
            for figure in figures {
                let status = if is_told { 200 } else { 404 };
                for page in ["", "/entries"] {
                    let url = format!("/figures/{figure}{page}?year=2023");
                    assert_eq!(client.get(&url).status, status, "{login} {url}");
                }
                let stands = index.iter().any(|link| link.starts_with(&format!("/figures/{figure}?")));
                assert_eq!(stands, is_told, "{login} {figure}");
            }
        }
        if login != "mediator" && login != "adviser" {
            let report = ok(client.get("/reports/annual/2023"));
            for figure in not_told {
                assert!(links(&report, &format!("/figures/{figure}/")).is_empty(), "{login} {figure}");
            }
            assert!(!links(&report, "/figures/mediation.ended/").is_empty(), "{login}");
        }
    }
}

#[test]
fn parts_add_up_and_every_part_opens_its_entries() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    for (figure, adds) in [
        ("mediation.ended", true),
        ("publicity.materials", true),
        ("mediation.success_rate", false),
        ("service.people", true),
        ("legal_savvy.villages", false),
        ("base.villages", false),
    ] {
        let page = ok(clerk.get(&format!("/figures/{figure}?year=2023")));
        let whole = format!("/figures/{figure}/entries?year=2023");
        let value = |text: &str| text.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<f64>().unwrap_or(0.0);
        for by in ["village", "month", "kind"] {
            let parts = links(&page, &format!("{whole}&by={by}&"));
            let (mut sum, mut entries) = (0.0, 0);
            for part in &parts {
                let text = text_of(&page, part).expect("its value");
                sum += value(&text);
                let listed = listed(&mut clerk, part);
                assert!(listed > 0, "{part}");
                if figure == "mediation.ended" {
                    assert_eq!(text, listed.to_string(), "{part}");
                }
                entries += listed;
            }
            if adds && !parts.is_empty() {
                let text = text_of(&page, &whole).unwrap();
                let text = text.trim_end_matches(|c: char| !c.is_ascii_digit());
                assert_eq!(sum.to_string(), text, "{figure} by {by}");
            }
            if figure == "mediation.ended" {
                assert_eq!((sum, entries), (286.0, 286), "{by}");
            }
        }
    }
    // An earlier size of the journal: less, and the page says so.
    let then = ok(clerk.get("/figures/mediation.ended?year=2023&at=1000"));
    assert!(then.text.contains("按日志第 1 至 1000 条计算（不是现在的）"));
    let entries = "/figures/mediation.ended/entries?year=2023&at=1000";
    assert_eq!(format!("{}起", listed(&mut clerk, entries)), text_of(&then, entries).unwrap());
}

#[test]
fn charts_are_read_without_colour_script_or_sight() {
    let served = Served::demo();
    let page = ok(served.signed_in("clerk").get("/figures/mediation.ended?year=2023"));
    let charts: Vec<&str> = page.text.split("<svg").skip(1).map(|svg| svg.split("</svg>").next().unwrap()).collect();
    assert_eq!(charts.len(), 3);
    for chart in &charts {
        assert!(chart.contains("role=\"img\"") && chart.contains("<title ") && chart.contains("<desc "), "{chart}");
        assert!(chart.contains("-hatch\"") && !chart.contains("style="), "{chart}");
    }
    let (months, villages) = (charts[0], charts[1]);
    assert_eq!((months.matches("<polyline").count(), months.matches("<circle").count()), (2, 12));
    assert_eq!(villages.matches("class=\"bar n0\"").count(), 8, "seven villages and what touches several");
    assert!(villages.contains("云溪村（演示）：2023年41，2022年5"));
    assert!(!page.text.contains("<script>") && !page.text.contains(" style="));
    assert_eq!(page.text.matches("<figure").count(), page.text.matches("<tbody").count(), "each has its table");
}

/// A village's number is the township's row for that village, and nothing else is told to it.
#[test]
fn a_village_sees_its_own_numbers_and_nobody_elses() {
    let served = Served::demo();
    let (mut clerk, mut village) = (served.signed_in("clerk"), served.signed_in("village_a"));
    let (mut seen, mut opened) = (0, BTreeSet::new());
    let index = ok(village.get("/figures?year=2024"));
    assert!(index.text.contains("只算您所在村的") && !index.text.contains("286起"));
    let figures = links(&index, "/figures/");
    for url in figures.iter().filter(|url| url.ends_with("?year=2024") && !url.contains("/entries")) {
        let (his, all) = (ok(village.get(url)), ok(clerk.get(url)));
        for foreign in ["竹坪村", "茶园背村", "樟木桥村", "乡镇本级", "跨村<"] {
            assert!(!his.text.contains(foreign), "{foreign} on {url}");
        }
        let entries = url.replace("?year=2024", "/entries?year=2024");
        let row = all.text.split("<th scope=\"row\">云溪村（演示）</th><td class=\"num\">").nth(1);
        let row = row.map(|row| row.split("</td>").next().unwrap());
        let own = row.and_then(|row| row.split('>').nth(1)?.split('<').next());
        if let (Some(own), Some(told)) = (own, text_of(&his, &entries)) {
            assert_eq!(told.trim_end_matches(|c: char| !c.is_ascii_digit()), own, "{url}");
            seen += 1;
        }
        let page = ok(village.get(&entries));
        opened.extend(links(&page, "/registers/").into_iter().map(|to| to.split('#').next().unwrap().to_owned()));
    }
    for record in opened {
        assert_eq!(village.get(&record).status, 200, "{record}");
    }
    assert!(seen > 10, "only {seen} figures were compared");
    for foreign in ["mediation.ended", "base.villages", "quality.flags", "study.sessions", "service.people"] {
        assert_eq!(village.get(&format!("/figures/{foreign}?year=2023")).status, 404, "{foreign}");
        assert_eq!(village.get(&format!("/figures/{foreign}/entries?year=2023")).status, 404, "{foreign}");
    }
    // Neither another village's part nor an earlier journal opens a way around.
    let all = ok(clerk.get("/figures/publicity.events?year=2023"));
    let parts = links(&all, "/figures/publicity.events/entries?year=2023&by=village&");
    let other: usize = parts.iter().map(|part| listed(&mut village, part)).sum();
    let own = listed(&mut village, "/figures/publicity.events/entries?year=2023");
    assert_eq!(other, own, "of all parts only his own has entries");
    assert_eq!(listed(&mut village, "/figures/publicity.events/entries?year=2023&at=5000"), own);
}

#[test]
fn who_keeps_accounts_is_told_no_figure() {
    let served = Served::demo();
    let mut admin = served.signed_in("admin");
    for path in ["/figures", "/figures/mediation.ended", "/figures/mediation.ended/entries", "/dues", "/dues.ics"] {
        assert_eq!(admin.get(path).status, 403, "{path}");
        assert_eq!(served.visitor().get(path).status, 303, "{path}");
    }
}

#[test]
fn what_last_years_report_says_stands_beside_the_figures_for_those_who_see_the_township() {
    let scratch = crate::support::Scratch::demo();
    let last = "青石乡2022年度法治政府建设工作情况报告\n全年调解矛盾纠纷270余起。主动公开政府信息35条。\n";
    scratch.write("去年.txt", last.as_bytes());
    scratch.yifa(&["baseline", "2022", "去年.txt"]).done();
    let served = Served::people(scratch);
    let mut clerk = served.signed_in("clerk");
    for address in ["/figures?year=2023", "/reports/annual/2023"] {
        let page = clerk.get(address).text;
        assert!(page.contains("270余起") && page.contains("（台账无据）"), "{address}");
        assert!(
            page.contains("青石乡2022年度法治政府建设工作情况报告") && page.contains("是报告的说法，不是台账"),
            "{address}"
        );
    }
    // It is in no figure and in no text of the report, and next to no other year.
    assert!(!clerk.get("/reports/annual/2023/file?form=txt").text.contains("270余起"));
    assert!(!clerk.get("/figures?year=2024").text.contains("上年报告称"));
    let page = served.signed_in("village_a").get("/figures?year=2023");
    assert!(page.status == 200 && !page.text.contains("270余起"), "a village is told its own numbers");
}
