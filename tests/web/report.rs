//! The annual report as a living draft: every figure opens, words are edited, numbers are not without a reason.

use crate::client::{Client, Page, Served};

/// What stands between two marks.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    let rest = &text[text.find(from)? + from.len()..];
    Some(&rest[..rest.find(to)?])
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The form of a paragraph of 2024 that tells how many disputes were settled.
struct Form {
    path: String,
    id: String,
    seen: String,
    before: String,
    text: String,
}

impl Form {
    fn open(clerk: &mut Client) -> Form {
        let page = clerk.get("/reports/annual/2024");
        let at = page.text.find("调解矛盾纠纷<a").expect("the paragraph on mediation");
        let row = page.text[..at].rfind("id=\"p-").expect("its row") + "id=\"p-".len();
        let place = page.text[row..].split('"').next().expect("a place");
        let path = format!("/reports/annual/2024/paragraphs/{place}");
        let page = clerk.get(&path);
        assert_eq!(page.status, 200);
        let value = |name: &str| page.after(&format!("name=\"{name}\""), "value").map(|text| unescaped(&text));
        let textarea = between(&page.text, "<textarea", "</textarea>").expect("its words");
        let text = unescaped(textarea.split_once('>').expect("the end of the tag").1);
        Form {
            path,
            id: value("id").expect("an id"),
            seen: value("seen").expect("what was seen"),
            before: value("before").expect("the words before"),
            text,
        }
    }

    fn send(&self, clerk: &mut Client, text: &str, more: &[(&str, &str)]) -> Page {
        let mut form = vec![("id", self.id.as_str()), ("seen", &self.seen), ("before", &self.before), ("text", text)];
        form.extend(more);
        clerk.post(&self.path, &form)
    }
}

/// Freezes the report of 2024; signing is a second behind what was recorded.
fn frozen(clerk: &mut Client) -> String {
    for _ in 0..200 {
        let page = clerk.get("/reports/annual/2024?at=now");
        let form = &page.text[page.text.find("id=\"freeze\"").expect("the form")..];
        let id = between(form, "name=\"id\" value=\"", "\"").expect("an id");
        let page = clerk.post("/reports/annual/2024/drafts", &[("id", id)]);
        if page.status == 303 {
            let again = clerk.post("/reports/annual/2024/drafts", &[("id", id)]);
            assert_eq!(again.header("location"), page.header("location"), "pressed twice, frozen once");
            return page.header("location").to_owned();
        }
        assert!(page.text.contains("P853"), "{}", page.text);
    }
    panic!("what was recorded was never signed");
}

#[test]
fn every_figure_opens_what_is_behind_it_and_says_the_same() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get("/reports/annual/2023");
    assert_eq!(page.status, 200);
    assert!(page.text.contains("href=\"/figures/mediation.ended/entries?year=2023&amp;at="), "as it was when frozen");
    let chip = between(&page.text, "href=\"/figures/mediation.ended/entries", "</a>").expect("a chip");
    assert!(chip.ends_with(">286起"), "{chip}");
    let chips = page.text.matches("href=\"/figures/").count();
    assert!(chips > 200, "{chips} chips");
    let of_last_year = clerk.get("/reports/annual/2024").text;
    assert!(of_last_year.contains("/entries?year=2023\""), "what is compared opens its own year");
}

#[test]
fn a_number_typed_over_needs_a_reason_and_is_an_entry() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let form = Form::open(&mut clerk);
    assert!(form.text.contains("调解矛盾纠纷{调解矛盾纠纷}"), "{}", form.text);
    let typed = form.text.replace("{调解矛盾纠纷}", "999起");

    let page = form.send(&mut clerk, &typed, &[]);
    assert_eq!(page.status, 422);
    assert!(page.text.contains("P851") && page.text.contains("手写的“999起”"), "{}", page.text);
    assert!(page.text.contains("调解矛盾纠纷999起"), "what was typed is still there");
    assert_eq!(form.send(&mut clerk, &form.text, &[]).status, 422, "no change is no entry");
    let page = form.send(&mut clerk, &form.text.replace("{调解矛盾纠纷}", "{别的}"), &[]);
    assert!(page.text.contains("P850") && page.text.contains("这一段没有数字“别的”"));
    let moved = Form { before: form.before.replace("全年", "今年"), ..Form::open(&mut clerk) };
    assert!(moved.send(&mut clerk, "新的文字", &[]).text.contains("P852"));

    // Beside the words, with a reason: one entry, however often the button is pressed.
    let over = [("over.mediation.ended", "999起"), ("reason", "演示：另有线下结案")];
    let words = form.text.replace("全年调解", "全年着力调解");
    for _ in 0..2 {
        let page = form.send(&mut clerk, &words, &over);
        assert_eq!(page.status, 303, "{}", page.text);
    }
    let page = clerk.get("/reports/annual/2024");
    assert!(page.text.contains("全年着力调解矛盾纠纷<a class=\"written-over\""), "the edit stands");
    assert!(page.text.contains("演示：另有线下结案"), "and its reason beside it");
    assert_eq!(page.text.matches("已改写，有手写的数字").count(), 1);
    assert!(page.text.contains("手工填写的逐处列明理由"), "the report itself says that a number is by hand");
    let text = clerk.get("/reports/annual/2024/file?form=txt").text;
    assert!(text.contains("全年着力调解矛盾纠纷999起"));
    assert!(
        text.contains("调解矛盾纠纷写作“999起”，台账为“") && text.contains("理由：演示：另有线下结案"),
        "the annex tells it"
    );
}

#[test]
fn a_number_typed_over_can_be_changed_and_taken_back() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let report = |clerk: &mut Client| clerk.get("/reports/annual/2024/file?form=txt").text;
    let ledger = report(&mut clerk);
    let ledger = format!("{}起", between(&ledger, "调解矛盾纠纷", "起").expect("the ledger's"));
    let mut over = |number: &str, expect: Result<&str, &str>| {
        let form = Form::open(&mut clerk);
        assert!(form.text.contains("调解矛盾纠纷{调解矛盾纠纷}"), "the words hold no number: {}", form.text);
        let page = form.send(&mut clerk, &form.text, &[("over.mediation.ended", number), ("reason", "演示")]);
        match expect {
            Ok(told) => {
                assert_eq!(page.status, 303, "{number}: {}", page.text);
                assert!(report(&mut clerk).contains(&format!("矛盾纠纷{told}")), "{number}");
            }
            Err(problem) => assert!(page.status == 422 && page.text.contains(problem), "{number}: {}", page.text),
        }
        let page = clerk.get(&form.path);
        let tag = between(&page.text, "name=\"over.mediation.ended\"", ">").expect("the box");
        between(tag, "value=\"", "\"").unwrap_or_default().to_owned()
    };
    assert_eq!(over("998起", Ok("998起")), "998起", "the box shows what is written over");
    assert_eq!(over("998起", Err("P854")), "998起");
    assert_eq!(over("999起", Ok("999起")), "999起", "changed, the number alone");
    for number in ["9{9起", "99}起", "9=9起"] {
        assert_eq!(over(number, Err("P850")), "999起", "refused, not dropped");
    }
    assert_eq!(over(&ledger, Ok(&ledger)), "", "the ledger's stands again");
    assert_eq!(over("997起", Ok("997起")), "997起");
    assert_eq!(over("", Ok(&ledger)), "", "an empty box is the ledger's");

    // A number for a figure the words leave out has no place to stand.
    let form = Form::open(&mut clerk);
    let words = form.text.replace("{调解矛盾纠纷}", "若干");
    let page = form.send(&mut clerk, &words, &[("over.mediation.ended", "999起"), ("reason", "演示")]);
    assert!(page.status == 422 && page.text.contains("P850") && page.text.contains("文字里却没有"), "{}", page.text);
}

#[test]
fn whoever_comes_second_sees_both_texts_before_his_is_recorded() {
    let served = Served::demo();
    let (mut first, mut second) = (served.signed_in("clerk"), served.signed_in("clerk"));
    let (theirs, mine) = (Form::open(&mut first), Form::open(&mut second));
    let words = |form: &Form, word: &str| form.text.replace("全年调解", word);
    assert_eq!(theirs.send(&mut first, &words(&theirs, "全年先行调解"), &[]).status, 303);

    let page = mine.send(&mut second, &words(&mine, "全年随后调解"), &[]);
    assert_eq!(page.status, 409, "{}", page.text);
    let sides = between(&page.text, "class=\"sides generated\"", "</section>").expect("both sides");
    let (left, right) = sides.split_once("您写的").expect("two of them");
    assert!(
        left.contains("现在报告里的") && left.contains("全年先行调解") && left.contains("记入“修改文字”"),
        "{left}"
    );
    assert!(right.contains("全年随后调解") && !right.contains("全年先行"), "{right}");
    assert!(between(&page.text, "<textarea", "</textarea>").expect("the words").contains("全年随后调解"));
    let report = first.get("/reports/annual/2024").text;
    assert!(report.contains("全年先行调解") && !report.contains("全年随后调解"), "nothing recorded yet");

    // Seen, and pressed again: it is what he saw that his press stands on.
    let value =
        |name: &str| page.after(&format!("name=\"{name}\""), "value").as_deref().map(unescaped).expect("a value");
    let again = Form { id: value("id"), seen: value("seen"), ..mine };
    assert_eq!(again.send(&mut second, &words(&again, "全年随后调解"), &[]).status, 303);
    assert!(first.get("/reports/annual/2024").text.contains("全年随后调解"));
    // Without a word of what was seen, nothing was seen.
    let blind = Form { id: String::new(), seen: String::new(), ..again };
    assert_eq!(blind.send(&mut second, "另一个改法。", &[("reason", "删去")]).status, 409);
}

#[test]
fn the_steps_to_come_stand_in_the_order_a_report_is_made_in() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get("/reports/annual/2024");
    let list = between(&page.text, "<ul class=\"next\">", "</ul>").expect("the steps");
    let steps = ["起草", "核对", "审核", "党委主要负责人签字", "政府主要负责人签字", "报送", "公开前审查"];
    let line = |title: &&str| {
        list.split("<li>")
            .skip(1)
            .position(|line| line.trim_start().split('>').any(|text| text.trim_start().starts_with(title)))
    };
    let found: Vec<usize> = steps.iter().filter_map(line).collect();
    assert!(found.len() > 4 && found.is_sorted(), "{found:?}: {list}");
}

#[test]
fn what_was_frozen_stays_the_same_whatever_is_edited_later() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let published = clerk.get("/reports/annual/2023");
    assert!(
        published.text.contains("已公开，固定不变") && published.text.contains("逐字相同"),
        "the demonstration's own"
    );
    assert!(!published.text.contains("class=\"edit\""), "nothing is edited in what was published");
    let before = clerk.get("/reports/annual/2023/file?form=txt").text;

    let form = Form::open(&mut clerk);
    let page = form.send(&mut clerk, &form.text.replace("全年调解", "全年着力调解"), &[]);
    assert_eq!(page.status, 303, "{}", page.text);
    let first = frozen(&mut clerk);
    let page = clerk.get(&first);
    assert!(page.text.contains("第 2 稿，固定不变") && page.text.contains("逐字相同"), "{first}");
    let at = first.split("at=").nth(1).expect("a size").to_owned();
    let file = format!("/reports/annual/2024/file?form=txt&at={at}");
    let text = clerk.get(&file).text;
    assert!(text.contains("全年着力调解矛盾纠纷") && !text.contains("尚未签署"));

    let kept = |at: &str| format!("/reports/annual/2024/file?form=kept&at={at}");
    let page = clerk.get(&kept(&at));
    assert_eq!(page.status, 303, "{}", page.text);
    let place = page.header("location").to_owned();
    assert_eq!(clerk.get(&place).text, text, "the file the step holds");
    assert_eq!((clerk.get(&kept("1")).status, clerk.get(&kept("now")).status), (404, 404));

    let form = Form::open(&mut clerk);
    let page = form.send(&mut clerk, &form.text.replace("全年着力调解", "全年用心调解"), &[]);
    assert_eq!(page.status, 303, "{}", page.text);
    assert!(clerk.get("/reports/annual/2024").text.contains("全年用心调解"));
    assert_eq!(clerk.get(&file).text, text, "word for word");
    assert!(clerk.get(&first).text.contains("逐字相同"));
    assert_eq!(clerk.get("/reports/annual/2023/file?form=txt").text, before);
}

#[test]
fn what_stands_in_the_way_is_told_and_only_who_may_sees_it() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get("/reports/annual/2024");
    assert!(page.text.contains("没有审核同意的，不得报送"), "what would refuse the sending");
    assert!(page.text.contains("逾期，应在 2025-03-01 前"));
    let index = clerk.get("/reports");
    assert!(index.text.contains("2024年度法治政府建设工作报告") && index.text.contains("还没有启动编制"));
    // What nobody began is due all the same, and the form that begins it knows the year.
    assert!(index.text.contains("逾期，应在 2026-03-01 前"), "{}", index.text);
    let form = "/registers/annual_report/new/open?f.year=2025";
    assert!(index.text.contains(&format!("href=\"{form}\"")));
    assert!(clerk.get(form).text.contains("name=\"f.year\" value=\"2025\""));
    let page = clerk.get("/reports/annual/2025").text;
    assert!(page.contains("逾期，应在 2026-03-01 前") && page.contains(form));
    assert_eq!(clerk.get("/reports/annual/abc").status, 404);
    assert_eq!(clerk.get("/reports/annual/2024?at=17").status, 404, "only drafts that were recorded");
    assert_eq!(clerk.get("/reports/annual/2022/paragraphs/4.0").status, 403, "published and filed");
    assert_eq!(clerk.post("/reports/annual/2022/drafts", &[]).status, 403);

    let form = Form::open(&mut clerk);
    let pages = ["/reports", "/reports/annual/2024", "/reports/annual/2024/file?form=txt", &form.path];
    for (login, status) in [("village_a", 403), ("admin", 403), ("adviser", 403), ("mediator", 404)] {
        let mut other = served.signed_in(login);
        for page in pages {
            assert_eq!(other.get(page).status, status, "{login} {page}");
        }
        assert_eq!(form.send(&mut other, "改成别的。", &[("reason", "无")]).status, status, "{login}");
        assert_eq!(other.post("/reports/annual/2024/drafts", &[]).status, status, "{login}");
    }
    let mut inspector = served.signed_in("inspector");
    let page = inspector.get("/reports/annual/2024");
    assert!(page.status == 200 && !page.text.contains("class=\"edit\"") && !page.text.contains("id=\"freeze\""));
    assert_eq!(form.send(&mut inspector, "改成别的。", &[("reason", "无")]).status, 403);
}
