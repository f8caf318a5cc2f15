//! The questions about legal aid, as a browser without scripts walks them.

use crate::client::{Client, Page, Served};

/// What the form on a page carries along.
fn carried(page: &Page) -> Vec<(String, String)> {
    let form = page.text.split("action=\"/legal-aid\"").nth(1).unwrap_or_default();
    let hidden = form.split("</form>").next().unwrap_or_default().split("type=\"hidden\"").skip(1);
    let attribute =
        |text: &str, name: &str| Some(text.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.to_owned());
    hidden
        .filter_map(|text| Some((attribute(text, "name")?, attribute(text, "value")?)))
        .filter(|(name, _)| name != "form")
        .collect()
}

/// Answers the question on a page.
fn answer(client: &mut Client, page: &Page, field: &str, value: &str) -> Page {
    assert!(page.text.contains(&format!("name=\"a.{field}\"")), "{field} is asked: {}", page.text);
    send(client, "/legal-aid", page, &[(&format!("a.{field}"), value), ("go", "1")])
}

fn send(client: &mut Client, path: &str, page: &Page, more: &[(&str, &str)]) -> Page {
    let carried = carried(page);
    let mut form: Vec<(&str, &str)> = carried.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    form.extend(more);
    client.post(path, &form)
}

/// Unpaid wages of somebody who works away from home, up to the conclusion.
fn wages(client: &mut Client) -> Page {
    let mut page = client.get("/legal-aid");
    for (field, value) in [
        ("on", "2024-05-06"),
        ("channel", "office"),
        ("area", "civil"),
        ("represented", "否"),
        ("special", "none"),
        ("claim", "labour"),
        ("group", "migrant"),
        ("urgency", "none"),
        ("here", "是"),
    ] {
        page = answer(client, &page, field, value);
        assert_eq!(page.status, 200, "{field}");
    }
    page
}

#[test]
fn the_questions_lead_to_a_conclusion_with_its_law_and_nothing_is_kept_until_asked_for() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let list = |clerk: &mut Client| clerk.get("/registers/legal_aid").text;
    let before = list(&mut clerk);
    let page = wages(&mut clerk);
    for part in ["可以申请，免予核查经济困难状况", "本县法律援助中心", "免予核查的证明", "《法律援助法》第四十二条"]
    {
        assert!(page.text.contains(part), "{part}");
    }
    assert_eq!(list(&mut clerk), before, "nothing was kept");

    let id = page.after("name=\"id\"", "value").expect("an id");
    let mut places = Vec::new();
    for _ in 0..2 {
        let kept = send(&mut clerk, "/legal-aid/records", &page, &[("id", &id)]);
        assert_eq!(kept.status, 303, "{}", kept.text);
        places.push(kept.header("location").to_owned());
    }
    assert!(places[0].starts_with("/registers/legal_aid/") && places[0] == places[1], "pressed twice, kept once");
    assert_eq!(clerk.get(&places[0]).status, 200);
}

#[test]
fn one_goes_back_answers_otherwise_and_is_told_what_cannot_be() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let first = clerk.get("/legal-aid");
    let page = send(&mut clerk, "/legal-aid", &first, &[("a.on", "2124-01-01"), ("go", "1")]);
    assert!(page.status == 422 && page.text.contains("在今天之后"), "{}", page.text);
    let page = answer(&mut clerk, &first, "on", "2024-05-06");
    let page = answer(&mut clerk, &page, "channel", "office");
    assert_eq!(send(&mut clerk, "/legal-aid", &page, &[("go", "1")]).status, 200, "left out, it is asked again");
    let area = answer(&mut clerk, &page, "area", "civil");
    assert!(area.text.contains("已经自己请了律师"));
    // Whatever was chosen on the page one leaves is not what one goes back to.
    let back = send(&mut clerk, "/legal-aid", &area, &[("a.represented", "是"), ("back", "1")]);
    assert!(back.text.contains("您遇到的是哪一类事？") && back.text.contains("value=\"civil\" checked"));
    let other = answer(&mut clerk, &back, "area", "accused");
    let other = answer(&mut clerk, &other, "represented", "否");
    let end = answer(&mut clerk, &other, "accused", "minor");
    assert!(end.text.contains("应当指派") && end.text.contains("《法律援助法》第二十五条第一款第（一）项"));

    // Somebody else is asked at the same time, elsewhere in the same questions.
    let again = answer(&mut clerk, &back, "area", "civil");
    assert!(again.text.contains("已经自己请了律师"));
    let invented =
        send(&mut clerk, "/legal-aid", &first, &[("a.on", "2024-05-06"), ("a.channel", "nowhere"), ("go", "1")]);
    assert!(invented.status == 422 && invented.text.contains("name=\"a.channel\""), "believed only as far as it leads");
}

#[test]
fn everybody_who_works_may_ask_and_only_some_may_record() {
    let served = Served::demo();
    assert_eq!(served.signed_in("admin").get("/legal-aid").status, 403);
    let mut village = served.signed_in("village_a");
    let page = wages(&mut village);
    assert!(page.text.contains("可以申请") && !page.text.contains("/legal-aid/records"));
    assert_eq!(send(&mut village, "/legal-aid/records", &page, &[]).status, 403);
    let mut adviser = served.signed_in("adviser");
    let page = wages(&mut adviser);
    // The id of the entry is the one that was given out, or one that is his already.
    let given = page.after("name=\"id\"", "value").expect("an id");
    let of_others = crate::filled::one(&served, "SELECT id FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1");
    let before = crate::filled::count(&served);
    for chosen in ["0fff0000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000001", &of_others, "1"] {
        let refused = send(&mut adviser, "/legal-aid/records", &page, &[("id", chosen)]);
        assert!(refused.status == 422 && refused.text.contains("P806"), "{chosen}: {}", refused.text);
    }
    assert_eq!(crate::filled::count(&served), before);
    let kept = send(&mut adviser, "/legal-aid/records", &page, &[("id", &given)]);
    assert!(kept.status == 200 && kept.text.contains("已记入，编号"), "he records and does not read: {}", kept.text);
    assert_eq!(send(&mut adviser, "/legal-aid/records", &page, &[("id", &given)]).status, 200);
    assert_eq!(crate::filled::count(&served), before + 1, "pressed twice");
    let half = answer(&mut adviser, &adviser_first(&served), "on", "2024-05-06");
    assert_eq!(send(&mut adviser, "/legal-aid/records", &half, &[]).status, 200, "half a consultation is asked on");
}

fn adviser_first(served: &Served) -> Page {
    served.signed_in("adviser").get("/legal-aid")
}
