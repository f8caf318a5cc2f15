//! What is sent twice, at once, or by two: one entry, and nobody's text is lost or overwritten.

use crate::client::{Client, Page, Served};
use crate::draft::{autosave, drafts};
use crate::filled::{NEW_CASE, case, committee_and_village, count, hidden, send, today, with, without};

/// Sends the same form from several windows of one browser at once, each with values of its own.
fn at_once(served: &Served, own: &Client, page: &Page, values: &[Vec<(&str, &str)>]) -> Vec<Page> {
    std::thread::scope(|scope| {
        let sending: Vec<_> = values
            .iter()
            .map(|values| {
                let mut client = served.visitor();
                client.cookie = own.cookie.clone();
                scope.spawn(move || send(&mut client, NEW_CASE, page, "record", values))
            })
            .collect();
        sending.into_iter().map(|one| one.join().expect("sent")).collect()
    })
}

#[test]
fn a_form_sent_twice_makes_one_entry() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let day = today();
    let mut mediator = served.signed_in("mediator");
    let page = mediator.get(NEW_CASE);
    let before = count(&served);
    let values = case(&committee, &village, &day);
    let went = at_once(&served, &mediator, &page, &vec![values.clone(); 6]);
    let went: Vec<_> = went.iter().map(|page| (page.status, page.header("location"))).collect();
    assert_eq!(count(&served), before + 1, "{went:?}");
    assert!(went.iter().all(|one| *one == went[0] && one.0 == 303), "{went:?}");
    assert!(!mediator.get("/drafts").text.contains("接着填"), "the draft is put away");
    // Changed and sent again under the same id, it is no entry and not lost.
    let changed = send(&mut mediator, NEW_CASE, &page, "record", &with(&values, "f.facts", "后来又改的一段"));
    assert!(changed.status == 409 && changed.text.contains("后来又改的一段"), "{}", changed.text);
    assert_eq!(count(&served), before + 1);
    assert!(mediator.get("/drafts").text.contains("接着填"));
}

#[test]
fn of_what_two_windows_send_at_once_one_is_an_entry_and_the_others_are_drafts() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let day = today();
    let mut mediator = served.signed_in("mediator");
    let page = mediator.get(NEW_CASE);
    let before = count(&served);
    let texts: Vec<String> = (1..=6).map(|nth| format!("第{nth}个窗口里写的经过")).collect();
    let values = case(&committee, &village, &day);
    let values: Vec<_> = texts.iter().map(|text| with(&values, "f.facts", text)).collect();
    let went: Vec<u16> = at_once(&served, &mediator, &page, &values).iter().map(|page| page.status).collect();
    assert_eq!(count(&served), before + 1, "{went:?}");
    let kept = drafts(&served);
    for (text, status) in texts.iter().zip(&went) {
        let holding = kept.iter().filter(|draft| draft.contains(text.as_str())).count();
        assert!(matches!((status, holding), (303, 0) | (409, 1)), "{text}: {status}, in {holding} drafts");
    }
    assert_eq!((went.iter().filter(|status| **status == 303).count(), kept.len()), (1, 5), "{went:?}");
}

#[test]
fn what_is_refused_is_a_draft_and_what_is_recorded_leaves_none() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let (page, day) = (mediator.get(NEW_CASE), today());
    let values = case(&committee, &village, &day);
    let refused = send(&mut mediator, NEW_CASE, &page, "record", &without(&values, "f.committee"));
    assert_eq!((refused.status, drafts(&served).len()), (422, 1), "{}", refused.text);
    let done = send(&mut mediator, NEW_CASE, &refused, "record", &values);
    assert_eq!((done.status, drafts(&served).len()), (303, 0), "{}", done.text);
}

#[test]
fn nobody_records_or_overwrites_the_draft_of_somebody_else() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let (mut mediator, mut clerk) = (served.signed_in("mediator"), served.signed_in("clerk"));
    let (page, day) = (mediator.get(NEW_CASE), today());
    let values = case(&committee, &village, &day);
    let entries = count(&served);
    let own = with(&values, "f.facts", "调解员写到一半的");
    assert_eq!(autosave(&mut mediator, &page, &own).status, 200);
    let theirs = clerk.get(NEW_CASE);
    let given = hidden(&theirs)["draft"].clone();
    let taken = Page { text: theirs.text.replace(&given, &hidden(&page)["draft"]), ..theirs };
    let kept_apart = send(&mut clerk, NEW_CASE, &taken, "record", &with(&values, "f.facts", "经办人员写的"));
    assert_eq!((kept_apart.status, count(&served)), (409, entries), "{}", kept_apart.text);
    let kept = drafts(&served);
    let holding = |text: &str| kept.iter().filter(|draft| draft.contains(text)).count();
    assert_eq!((kept.len(), holding("调解员写到一半的"), holding("经办人员写的")), (2, 1, 1), "{kept:?}");
    let done = send(&mut mediator, NEW_CASE, &page, "record", &own);
    assert_eq!((done.status, count(&served)), (303, entries + 1), "{}", done.text);
}

#[test]
fn a_save_that_comes_after_the_form_was_sent_leaves_no_second_draft() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let page = mediator.get(NEW_CASE);
    let day = today();
    let values = case(&committee, &village, &day);
    assert_eq!(send(&mut mediator, NEW_CASE, &page, "record", &values).status, 303);
    for typed in [values.clone(), with(&values, "f.facts", "写到一半的")] {
        let late = autosave(&mut mediator, &page, &typed);
        assert!(late.status == 409 && late.text.contains("\"entered\""), "{}", late.text);
        assert!(!mediator.get("/drafts").text.contains("接着填"), "{typed:?}");
    }
    // From a page that is still open it comes again, and is a draft of its own.
    let mut again = with(&values, "f.facts", "在另一个窗口里接着写的");
    again.push(("again", "1"));
    assert_eq!(autosave(&mut mediator, &page, &again).status, 200);
    assert_eq!(mediator.get("/drafts").text.matches("接着填").count(), 1);
}

#[test]
fn what_cannot_be_written_is_told_and_kept_as_a_draft() {
    let served = Served::demo();
    let (committee, village) = committee_and_village(&served);
    let mut mediator = served.signed_in("mediator");
    let (page, day, entries) = (mediator.get(NEW_CASE), today(), count(&served));
    let values = case(&committee, &village, &day);
    // A fault that no form foresees.
    served.scratch.remodel("DROP TABLE counter");
    let failed = send(&mut mediator, NEW_CASE, &page, "record", &values);
    assert_eq!((failed.status, count(&served)), (500, entries), "{}", failed.text);
    let kept = drafts(&served);
    assert!(matches!(&kept[..], [one] if one.contains("一堵墙")), "{kept:?}");
}
