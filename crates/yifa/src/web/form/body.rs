//! What a form asks, by what it is for (栏目): the fields of a step, or the reason of an amendment with what it amends.

use anyhow::Result;
use engine::problem::Problem;
use engine::record;
use maud::{Markup, html};

use super::super::sniff::ACCEPT;
use super::conflict;
use super::control::{anchor, upload};
use super::place::What;
use super::sheet::{Problems, Sheet};
use super::unmasked::LINE;
use crate::attachment::length;

impl Sheet<'_, '_> {
    /// What stands between the law and the buttons.
    pub fn body(&self, problems: &Problems) -> Result<Markup> {
        let own = |name: &str| self.typed.own(name).unwrap_or_default().to_owned();
        let wrong = |name: &str| -> Vec<&Problem> {
            problems.iter().filter(|(id, _)| id == name).map(|(_, problem)| problem).collect()
        };
        let reason =
            |what: &str| self.line("reason", what, "写明为什么，长期留在案卷里", &own("reason"), &wrong("reason"));
        Ok(match &self.subject.place.what {
            What::Open(_) | What::Step(_) => html! {
                (self.fields(problems)?)
                (self.outside(&own("already"), &wrong("already")))
            },
            What::Correct(_) => html! {
                p.note { "改动要更正的几栏就行，没有改的不动。原来的内容留在日志里，更正写在它旁边。" }
                (reason("更正理由"))
                (self.unmasking())
                (self.fields(problems)?)
            },
            What::Void(of) => html! {
                p { @if of.is_some() { "作废的这一步不再算数，内容和作废的理由都留在案卷里。" }
                    @else { "整个案卷作废以后，不再接受新的步骤，也不再计入数字；内容和作废的理由都留着。" } }
                @if let Some(target) = self.subject.target(self.course) { (conflict::step(self, target)?) }
                (reason("作废理由"))
            },
            What::Link => {
                let chosen = own("register");
                let readable = self.visit.set().registers.values().filter(|one| self.visit.who.may_read(one));
                html! {
                    div.field {
                        div.asked { label for="input-register" { "登记簿" } span.must { "必填" } }
                        div.answer { select id="input-register" name="register" {
                            @for one in readable { option value=(one.id.value) selected[chosen == one.id.value] { (one.title) } }
                        } }
                    }
                    (self.line("to", "关联的案卷", "写它的编号或者名称", &own("to"), &wrong("to")))
                    (self.line("reason", "关联的缘由", "两件事有什么关系", &own("reason"), &wrong("reason")))
                }
            }
            What::Attach => html! { (self.proves(&wrong("of"))) (self.attached(&wrong("file"))) },
            What::Answer(question) => {
                let asked = record::apply(self.subject.rules(self.visit)?, &self.subject.entries).questions;
                let asked = asked.into_iter().find(|one| one.id == *question).map(|one| one.text);
                html! {
                    p { strong { (asked.as_deref().unwrap_or("这个问题")) } }
                    (self.line("text", "答复", "照实写明原因", &own("text"), &wrong("text")))
                }
            }
        })
    }

    fn line(&self, name: &str, title: &str, how: &str, value: &str, problems: &[&Problem]) -> Markup {
        let id = format!("input-{name}");
        html! {
            div.field.wrong[!problems.is_empty()] id=(anchor(name)) {
                div.asked { label for=(id) { (title) } span.must { "必填" } }
                div.answer {
                    textarea id=(id) name=(name) rows=(if name == "to" { 1 } else { 2 }) { (value) }
                    @for problem in problems { p.late { (problem.text) "。" (problem.remedy) } }
                    p.note { (how) }
                }
            }
        }
    }

    /// Which step the file is the scan of: chosen beside the step, or here.
    fn proves(&self, problems: &[&Problem]) -> Markup {
        let chosen = self.typed.own("of").or_else(|| self.visit.query("of")).unwrap_or_default();
        let steps = self.course.steps.iter().filter(|one| !one.void);
        html! {
            div.field.wrong[!problems.is_empty()] id=(anchor("of")) {
                div.asked { label for="input-of" { "证明哪一步" } }
                div.answer {
                    select id="input-of" name="of" {
                        option value="" { "不针对某一步" }
                        @for one in steps {
                            option value=(one.entry) selected[chosen == one.entry.to_string()] {
                                "第 " (one.entry) " 条 " (one.step.title) " " (one.day)
                            }
                        }
                    }
                    @for problem in problems { p.late { (problem.text) "。" (problem.remedy) } }
                    p.note { "要签字、盖章的，打印、签字、扫描后附在这里，选它证明的那一步。本系统的校验不是电子签名、电子印章，不代替签字、盖章。" }
                }
            }
        }
    }

    fn attached(&self, problems: &[&Problem]) -> Markup {
        let named = self.typed.pairs.iter().filter(|(name, _)| name == "k.file");
        let files = named.filter_map(|(_, hash)| self.typed.files.iter().find(|file| file.hash == *hash));
        html! {
            div.field.wrong[!problems.is_empty()] id=(anchor("file")) {
                div.asked { span.label id="label-file" { "文件" } span.must { "必填" } }
                div.answer {
                    div.files role="group" aria-labelledby="label-file" {
                        @for file in files {
                            label.kept { input type="checkbox" name="k.file" value=(file.hash) checked; (file.name) " "
                                span.soft { (length(file.bytes)) "，已收下" } }
                        }
                        label.drop { span { "添加文件" }
                            input type="file" name=(upload("file")) multiple accept=(ACCEPT) aria-label="选择文件或者拍照"; }
                    }
                    @for problem in problems { p.late { (problem.text) "。" (problem.remedy) } }
                }
            }
        }
    }

    /// Personal values are shown for a reason only, and that is written down.
    fn unmasking(&self) -> Markup {
        let target = self.subject.target(self.course);
        let sealed = target.is_some_and(|target| !target.sizes.is_empty());
        let line = &self.typed.shown.line;
        html! {
            @if !line.is_empty() {
                input type="hidden" name=(LINE) value=(line);
                p.wait { "封存的内容已经显示，这次查看记入了访问日志。" }
            } @else if sealed {
                p.note { "封存的个人信息没有显示：空着的不改，写了的换成新的。要看原来的，先写更正理由，再"
                    button.plain name="act" value="unmask" type="submit" { "显示封存的内容（记入访问日志）" } }
            }
        }
    }

    fn outside(&self, already: &str, problems: &[&Problem]) -> Markup {
        if !self.subject.outside {
            return html! {};
        }
        let only = !self.subject.takes;
        html! {
            details.outside open[only || !already.is_empty() || !problems.is_empty()] {
                summary { "系统外已发生的，由领导补记" }
                p.note { "今天以前已经在系统外办了的，写明为什么没有在系统里办。照收，并且长期标明“系统外已发生”。" }
                (self.line("already", "为什么在系统外办", "今天办的不要写，直接记入", already, problems))
            }
        }
    }
}
