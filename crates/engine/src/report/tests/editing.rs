//! Prose edited by hand: words may change, figures may not without a reason, and what the data said since is not hidden.

use crate::report::edit::{Edit, Standing, Wrong, edited, lifted, named, read, retold, token, tokens, values};
use crate::report::{Align, Annex, Block, By, Document, Part, Span, Year};

fn figure(id: &str, text: &str) -> Span {
    Span::Figure { id: id.to_owned(), year: Year::This, text: text.to_owned(), note: 1, part: None, over: None }
}

fn share(key: &str) -> Span {
    let part = Some(Part { by: By::Village, key: key.to_owned() });
    Span::Figure { id: "m.open".to_owned(), year: Year::This, text: key.to_owned(), note: 2, part, over: None }
}

fn words(text: &str) -> Span {
    Span::Text(text.to_owned())
}

fn paragraph(ended: &str) -> Vec<Span> {
    vec![
        words("调解结案"),
        figure("m.ended", ended),
        words("，多的是"),
        share("甲村"),
        words("、"),
        share("乙村"),
        words("等。"),
    ]
}

fn document(ended: &str) -> Document {
    let block = |place: &str, spans| Block::Paragraph { align: Align::Indented, spans, place: place.to_owned() };
    let blocks = vec![block("4.0", paragraph(ended)), block("5.0", vec![words("别的。")])];
    let annex = Annex {
        printed: Vec::new(),
        decided: Vec::new(),
        by_hand: Vec::new(),
        as_of: String::new(),
        checkpoint: String::new(),
    };
    Document { title: "报告".to_owned(), blocks, annex }
}

fn text(document: &Document) -> Vec<String> {
    let line = |block: &Block| match block {
        Block::Paragraph { spans, .. } => spans.iter().map(Span::text).collect(),
        _ => String::new(),
    };
    document.blocks.iter().map(line).collect()
}

/// An edit of the first paragraph while 286 had ended.
fn edit(text: &str, reason: &str) -> Edit {
    let spans = paragraph("286起");
    Edit {
        entry: 7,
        place: "4.0".to_owned(),
        before: tokens(&spans),
        text: text.to_owned(),
        values: values(&spans),
        reason: reason.to_owned(),
    }
}

#[test]
fn figures_become_tokens_and_named_shares_one_together() {
    let spans = paragraph("286起");
    assert_eq!(tokens(&spans), "调解结案{m.ended}，多的是{m.open by village}。");
    assert_eq!(named(&spans).len(), 2);
    assert_eq!(values(&spans), "m.ended=286起\nm.open by village=甲村、乙村等");
    let same = read(&spans, &tokens(&spans)).unwrap();
    assert_eq!(same.paragraphs[0].iter().map(Span::text).collect::<String>(), "调解结案286起，多的是甲村、乙村等。");
    assert!(same.by_hand.is_empty());
}

#[test]
fn a_number_by_hand_is_told_from_words() {
    let spans = paragraph("286起");
    let check = |text: &str, by_hand: &[&str]| {
        let read = read(&spans, text).unwrap();
        assert_eq!(read.by_hand.iter().map(|hand| hand.say(str::to_owned)).collect::<Vec<_>>(), by_hand, "{text}");
    };
    check("全乡着力化解纠纷{m.ended}，集中在{m.open by village}。", &[]);
    check("{m.ended}\n\n另起一段，{m.open by village}。", &[]);
    check("结案{m.ended=290起}，{m.open by village}。", &["m.ended写作“290起”，台账为“286起”"]);
    check("结案290起，{m.open by village}。", &["没有写m.ended，台账为“286起”", "手写的“290起”"]);
    check("结案{m.ended}，上门走访120户，{m.open by village}。", &["手写的“120户”"]);
    assert_eq!(read(&spans, "{m.ended"), Err(vec![Wrong::Brace]));
    assert_eq!(read(&spans, "{m.other}"), Err(vec![Wrong::Unknown("m.other".to_owned())]));
}

#[test]
fn an_edit_stands_while_its_sentences_do_and_says_when_its_figures_moved() {
    let check = |ended: &str, edit: Edit, first: &str, expect: Standing| {
        let (document, standings) = edited(document(ended), &[edit]);
        assert_eq!(text(&document)[0], first);
        assert_eq!(standings, [(7, expect)]);
    };
    let plain = "着力化解{m.ended}，{m.open by village}。";
    check("286起", edit(plain, ""), "着力化解286起，甲村、乙村等。", Standing::Applied);
    let moved = vec!["m.ended：286起 → 287起".to_owned()];
    check("287起", edit(plain, ""), "着力化解287起，甲村、乙村等。", Standing::Moved(moved.clone()));
    let over = "化解{m.ended=290起}，{m.open by village}。";
    let unchanged = "调解结案286起，多的是甲村、乙村等。";
    check("286起", edit(over, ""), unchanged, Standing::Unreadable);
    check("286起", edit(over, "四起未录"), "化解290起，甲村、乙村等。", Standing::Applied);
    check("287起", edit(over, "四起未录"), &unchanged.replace("286", "287"), Standing::Overtaken(moved));
    let older = Edit { before: "调解结案{m.ended}。".to_owned(), ..edit(plain, "") };
    check("286起", older, unchanged, Standing::Outdated);
    let elsewhere = Edit { place: "9.0".to_owned(), ..edit(plain, "") };
    check("286起", elsewhere, unchanged, Standing::Outdated);
}

#[test]
fn the_latest_edit_of_a_paragraph_leads_and_numbers_by_hand_are_in_the_annex() {
    let first = edit("甲：{m.ended}，{m.open by village}。", "");
    let second = Edit { entry: 9, ..edit("乙：{m.ended=290起}，{m.open by village}。", "四起未录") };
    let (document, standings) = edited(document("286起"), &[first, second]);
    assert_eq!(text(&document)[0], "乙：290起，甲村、乙村等。");
    assert_eq!(standings, [(9, Standing::Applied)]);
    let by_hand = &document.annex.by_hand[0];
    assert_eq!((by_hand.entry, by_hand.reason.as_str()), (9, "四起未录"));
}

#[test]
fn a_number_written_over_is_lifted_out_of_its_token_and_put_back() {
    let check = |text: &str, words: &str, over: &[(&str, &str)]| {
        let (told, found) = lifted(text);
        let found: Vec<(&str, &str)> = found.iter().map(|(name, number)| (name.as_str(), number.as_str())).collect();
        assert_eq!((told.as_str(), &found[..]), (words, over), "{text}");
        let back = retold(&told, |name, _| {
            let (_, number) = over.iter().find(|one| one.0 == name)?;
            Some(token(name, Some(number)))
        });
        assert_eq!(back, text);
    };
    check("结案{m.ended=287起}。", "结案{m.ended}。", &[("m.ended", "287起")]);
    check("结案{m.ended}。", "结案{m.ended}。", &[]);
    check("{a=1}和{b}，{a=1}", "{a}和{b}，{a}", &[("a", "1")]);
    check("{a=1}和{a=2}", "{a=1}和{a=2}", &[]);
    check("{a=1}和{a}", "{a=1}和{a}", &[]);
    check("{a=}，{没有完", "{a=}，{没有完", &[]);
}
