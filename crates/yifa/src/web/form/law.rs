//! The law of a step above its form (依据): what asks for it, by when, what forbids it; the article where it was imported.

use anyhow::Result;
use engine::definition::{Basis, FlagKind, Step};
use engine::law::{Citation, Texts};
use engine::record::judge::judge;
use engine::record::next::{Verdict, next};
use engine::record::{self, Course, Instance};
use maud::{Markup, html};

use super::super::visit::Visit;
use super::subject::Subject;

/// Citations one after the other, each opening its article where the site imported the text.
pub fn cites(texts: &Texts, visit: &Visit<'_>, cites: &[String]) -> Markup {
    html! {
        @for cite in cites {
            @match Citation::parse(cite).ok().and_then(|citation| texts.article(&citation, visit.today)) {
                Some(text) => details.article {
                    summary { (cite) }
                    @for part in text.lines().filter(|part| !part.trim().is_empty()) { p { (part.trim()) } }
                }
                None => span.law { (cite) " " }
            }
        }
    }
}

/// The texts the site imported.
pub fn texts(visit: &Visit<'_>) -> Result<Texts> {
    crate::law_texts::imported(&visit.site.folder, visit.set())
}

/// A basis in one line, for a field.
pub fn line(basis: &Basis, visit: &Visit<'_>) -> Option<String> {
    (!basis.is_empty()).then(|| basis.on(visit.today).join("、"))
}

/// What stands above the form of a step.
pub fn above<'v>(visit: &Visit<'v>, subject: &Subject<'v>, step: &Step, course: &Course<'_>) -> Result<Markup> {
    let (texts, rules) = (texts(visit)?, subject.rules(visit)?);
    let rows = record::apply(rules, &subject.entries);
    let due =
        rows.dues.iter().filter(|due| due.step == step.id.value && due.met_by.is_none()).map(|due| due.last).min();
    let all = next(rules, course, &rows.dues, visit.today);
    let barred = all.iter().find(|next| next.step == step.id.value && next.verdict == Verdict::Barred);
    // Where the record stands: told before anything is typed, not only when it is refused or flagged.
    let order = match subject.entries.is_empty() {
        true => Vec::new(),
        false => judge(course, rules.calendar, &Instance::blank(step, 0, visit.today)),
    };
    let order = order.into_iter().filter(|flag| matches!(flag.kind, FlagKind::OutOfOrder | FlagKind::Again));
    let then = if step.ours { "现在办会被拒绝" } else { "已经发生的照记，会标明" };
    Ok(html! {
        section.law-above {
            p {
                @if let Some(force) = step.force { span.tag { (force.chinese()) } " " }
                @if step.ours { span.tag.wait title="镇里此时此地作出的行为，法律不许可的不予办理" { "镇里自己的行为" } " " }
                span.soft { "依据 " }
                (cites(&texts, visit, &step.basis.on(visit.today)))
            }
            @if let Some(last) = due {
                @let days = visit.today.days_until(last);
                p { "期限：" strong.late[days < 0] { (last) } " "
                    @if days < 0 { span.late { "已过 " (-days) " 天" } } @else { "还有 " (days) " 天" } }
            }
            @if let Some(next) = barred {
                div.problems { ul { li { strong { "不得：" (next.why.first().map_or("", String::as_str)) }
                    span.basis { (cites(&texts, visit, &next.why[1.min(next.why.len())..])) } } } }
            }
            @if let Some(next) = all.iter().find(|next| next.step == step.id.value && !next.after.is_empty()) {
                p.wait { "须先办“" (next.after.join("”“")) "”；已经发生的，照实记入" }
            }
            @for flag in order {
                p.wait { (flag.says) "（" (then) "）" }
            }
        }
    })
}
