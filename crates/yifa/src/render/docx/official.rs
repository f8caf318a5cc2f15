//! What stands around the prose of an official paper: red head, title, signatures, imprint (版头、主体、版记).

use engine::paper::{Head, Imprint, Paper, Signed, Style};

use super::blocks::{Body, CHARACTER, WIDTH, cells_of, paragraph};
use super::styles::{HEAD_FACE, NAME_FACE, face};
use super::xml::{run, width};

/// Red as printers mix it.
const RED: &str = "E60012";

/// A paper without its annexes and imprint.
pub fn write(body: &mut Body, paper: &Paper) {
    if let Some(head) = &paper.head {
        self::head(body, head);
    }
    let style = if paper.style == Style::Cover { "Cover" } else { "Title" };
    if paper.style == Style::Cover {
        body.empty(4);
    }
    for line in paper.title.split('\n').filter(|line| !line.is_empty()) {
        body.paragraph(style, "", line);
    }
    if !paper.number.is_empty() {
        let side = if paper.style == Style::Cover { "center" } else { "right" };
        body.paragraph("Normal", &format!("<w:jc w:val=\"{side}\"/>"), &paper.number);
    }
    if matches!(paper.style, Style::Official | Style::Minutes) && !paper.title.is_empty() {
        body.empty(1);
    }
    if !paper.addressee.is_empty() {
        body.paragraph("Normal", "", &format!("{}：", paper.addressee));
    }
    // 署名不单独占一面: the last paragraph goes with it.
    let (last, before) = match (&paper.signed, paper.blocks.split_last()) {
        (Some(_), Some((last, before))) => (Some(last), before),
        _ => (None, &paper.blocks[..]),
    };
    before.iter().for_each(|block| body.block(block));
    body.keep = true;
    last.into_iter().for_each(|block| body.block(block));
    body.keep = false;
    attached(body, &paper.attached);
    if let Some(signed) = &paper.signed {
        self::signed(body, signed);
    }
}

/// 标志 35 mm below the top of the 版心, 发文字号 two lines below it, a red rule 4 mm below that, two lines to the title.
fn head(body: &mut Body, head: &Head) {
    body.put("Normal", "<w:spacing w:line=\"1984\" w:lineRule=\"exact\"/>", "");
    let longest = head.organs.iter().map(|organ| organ.chars().count()).max().unwrap_or(1);
    let beside = head.organs.len() > 1 && !head.suffix.is_empty();
    let characters = longest + head.suffix.chars().count() + usize::from(beside);
    // Half points: no larger than 45 pt, and never wider than 150 mm.
    let size = (850 / characters.max(1)).min(90);
    let look = format!(
        "{}<w:b/><w:bCs/><w:color w:val=\"{RED}\"/><w:spacing w:val=\"0\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>",
        face(HEAD_FACE)
    );
    let line = format!("<w:spacing w:line=\"{}\" w:lineRule=\"exact\"/>", size * 13);
    if beside {
        let organs = head
            .organs
            .iter()
            .map(|organ| paragraph("Normal", &format!("{line}<w:jc w:val=\"distribute\"/>"), &run(&look, organ)))
            .collect();
        let suffix = paragraph("Normal", &format!("{line}<w:jc w:val=\"center\"/>"), &run(&look, &head.suffix));
        let shares = [longest as u32 * 10 + 5, head.suffix.chars().count() as u32 * 10 + 10];
        let row =
            format!("<w:tr>{}</w:tr>", cells_of(&shares, [(1, "center", organs), (1, "center", suffix)].into_iter()));
        body.table(&shares, "", &row);
    } else {
        for organ in &head.organs {
            body.put(
                "Normal",
                &format!("{line}<w:jc w:val=\"center\"/>"),
                &run(&look, &format!("{organ}{}", head.suffix)),
            );
        }
    }
    body.empty(2);
    let rule = format!("<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"11\" w:color=\"{RED}\"/></w:pBdr>");
    let number = body.runs(&head.number);
    if head.upwards {
        let tab = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", WIDTH - CHARACTER);
        let signer = |name: Option<&String>| match name {
            Some(name) => run(&face(NAME_FACE), name),
            None => run("", &"\u{3000}".repeat(4)),
        };
        let more = |rule: &str| format!("{rule}{tab}<w:ind w:left=\"{CHARACTER}\"/><w:jc w:val=\"left\"/>");
        // The number stands on the last line, as the rule does; who signs off fills the lines above.
        let last = head.signers.len().saturating_sub(1);
        for (nth, name) in head.signers.iter().enumerate().take(last) {
            let label = if nth == 0 { "签发人：" } else { "" };
            body.put("Normal", &more(""), &format!("<w:r><w:tab/></w:r>{}{}", run("", label), signer(Some(name))));
        }
        let label = if last == 0 { "签发人：" } else { "" };
        let line = format!("{number}<w:r><w:tab/></w:r>{}{}", run("", label), signer(head.signers.last()));
        body.put("Normal", &more(&rule), &line);
    } else {
        body.put("Normal", &format!("{rule}<w:jc w:val=\"center\"/>"), &number);
    }
    body.empty(2);
}

/// 附件说明: a line below the text, two characters in, without a full stop.
fn attached(body: &mut Body, titles: &[String]) {
    if titles.is_empty() {
        return;
    }
    body.kept(1);
    for (nth, title) in titles.iter().enumerate() {
        let word = if nth == 0 { "附件：" } else { "" };
        let number = if titles.len() > 1 { format!("{}. ", nth + 1) } else { String::new() };
        let indent = if nth == 0 { 2 } else { 5 };
        body.paragraph(
            "Normal",
            &format!("<w:keepNext/><w:ind w:left=\"{}\"/>", indent * CHARACTER),
            &format!("{word}{number}{title}"),
        );
    }
}

/// 署名 and 成文日期. With a seal the day stands four characters in, who signs in the middle over it; without, who signs stands
/// two characters in and the day begins two characters to the right of his first.
fn signed(body: &mut Body, signed: &Signed) {
    let day = if signed.on.is_empty() { "　　　　年　月　日" } else { &signed.on };
    let right = |characters: f64, text: &str, body: &mut Body| {
        let indent = (characters.max(0.0) * f64::from(CHARACTER)) as u32;
        body.paragraph("Normal", &format!("<w:keepNext/><w:ind w:right=\"{indent}\"/><w:jc w:val=\"right\"/>"), text);
    };
    if signed.sealed {
        body.kept(2);
        // Jointly signed, the names stand side by side, or where they are too long each on its line.
        let room = f64::from(WIDTH / CHARACTER) / signed.by.len().max(1) as f64;
        if let [one] = &signed.by[..] {
            right(4.0 + (width(day) - width(one)) / 2.0, one, body);
        } else if signed.by.iter().any(|one| width(one) + 1.0 > room) {
            signed.by.iter().for_each(|one| right(2.0, one, body));
        } else {
            let shares = vec![1; signed.by.len()];
            let cells = signed
                .by
                .iter()
                .map(|one| (1, "center", paragraph("Normal", "<w:jc w:val=\"center\"/>", &run("", one))));
            let row = format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>", cells_of(&shares, cells));
            body.table(&shares, "", &row);
        }
        right(4.0, day, body);
        return;
    }
    body.kept(1);
    let name = signed.by.iter().map(|one| width(one)).fold(0.0, f64::max);
    // Where the day would reach further than the name, it is the day that stands two characters in.
    let (of_name, of_day) =
        if width(day) + 2.0 <= name { (2.0, name - width(day)) } else { (4.0 + width(day) - name, 2.0) };
    signed.by.iter().for_each(|one| right(of_name, one, body));
    right(of_day, day, body);
}

/// 版记: at the foot of the last page, between lines of 0.35 mm, with one of 0.25 mm between.
pub fn imprint(body: &mut Body, imprint: &Imprint) {
    let day = if imprint.printed_on.is_empty() { "　　　　年　月　日" } else { &imprint.printed_on };
    // A rule is a paragraph of its own: it is as wide as the page, and the words are a character in from its ends.
    let rule = |size: u32| {
        let edge =
            format!("<w:pBdr><w:top w:val=\"single\" w:sz=\"{size}\" w:space=\"0\" w:color=\"000000\"/></w:pBdr>");
        paragraph("Normal", &format!("{edge}<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>"), "")
    };
    let (mut high, mut words) = (1, rule(8));
    if !imprint.copy_to.is_empty() {
        let more = "<w:ind w:left=\"1120\" w:right=\"280\" w:hanging=\"840\"/>";
        words.push_str(&paragraph("Imprint", more, &run("", &format!("抄送：{}。", imprint.copy_to))));
        words.push_str(&rule(6));
        // 26 characters of 四号 stand beside 抄送：.
        high += (width(&imprint.copy_to) / 26.0).ceil().max(1.0) as u32;
    }
    let tab = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", WIDTH - 280);
    let printed = format!("{}<w:r><w:tab/></w:r>{}", run("", &imprint.printed_by), run("", &format!("{day}印发")));
    words.push_str(&paragraph("Imprint", &tab, &printed));
    words.push_str(&rule(8));
    body.put("Normal", "<w:spacing w:line=\"20\" w:lineRule=\"exact\"/>", &foot(&words, high * 24 + 4));
}

/// A box at the foot of the page, as wide as its lines and so many points high.
fn foot(words: &str, points: u32) -> String {
    /// 914,400ths of an inch: of a twentieth of a point, and of a point.
    const TWENTIETH: u32 = 635;
    let (wide, high) = (WIDTH * TWENTIETH, points * 20 * TWENTIETH);
    format!(
        "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>\
         <wp:anchor distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\" simplePos=\"0\" relativeHeight=\"2\" behindDoc=\"0\" locked=\"0\" layoutInCell=\"1\" allowOverlap=\"1\">\
         <wp:simplePos x=\"0\" y=\"0\"/><wp:positionH relativeFrom=\"margin\"><wp:align>left</wp:align></wp:positionH>\
         <wp:positionV relativeFrom=\"margin\"><wp:align>bottom</wp:align></wp:positionV><wp:extent cx=\"{wide}\" cy=\"{high}\"/>\
         <wp:wrapTopAndBottom/><wp:docPr id=\"99\" name=\"版记\"/><a:graphic><a:graphicData uri=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\">\
         <wps:wsp><wps:cNvSpPr txBox=\"1\"/><wps:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{wide}\" cy=\"{high}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></wps:spPr><wps:txbx><w:txbxContent>{words}</w:txbxContent></wps:txbx>\
         <wps:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"b\"/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )
}
