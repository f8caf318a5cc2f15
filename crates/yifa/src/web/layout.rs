//! The frame around every page: who is signed in, where one can go, and problems in the one way they are shown (页面框架).

use engine::problem::{Code, Problem};
use maud::{DOCTYPE, Markup, html};

use super::answer::{Answer, Turned};
use super::assets;
use super::routes::Door;
use super::visit::Visit;
use crate::annual::REGISTER;
use crate::policy;
use crate::refused;
use crate::statement::submission;

/// The parts of the workbench, as they stand in every page's head: address, name, and behind which door they are.
const PARTS: &[(&str, &str, Door)] = &[
    ("/", "首页", Door::Signed),
    ("/registers", "登记簿", Door::Signed),
    ("/dues", "期限", Door::Works),
    ("/figures", "数字", Door::Works),
    ("/towns", "各乡镇", Door::Below),
    ("/reports", "报告", Door::Township),
    ("/statements", "报表", Door::Township),
    ("/check", "核对", Door::Works),
    ("/trace", "倒查", Door::Township),
    ("/legal-aid", "法律援助引导", Door::Works),
    ("/drafts", "草稿", Door::Signed),
    ("/definitions", "定义", Door::Signed),
    ("/journal", "日志", Door::Whole),
    ("/admin", "系统管理", Door::Administers),
];

impl Visit<'_> {
    /// A page in the frame.
    pub fn page(&self, title: &str, main: Markup) -> Answer {
        self.page_with(200, title, main)
    }

    /// A page in the frame, with another status.
    pub fn page_with(&self, status: u16, title: &str, main: Markup) -> Answer {
        Answer::html(status, frame(&self.site.folder.config.town, title, self.head(), main))
    }

    /// A page without the frame: to be printed, or projected.
    pub fn sheet(&self, title: &str, main: Markup) -> Answer {
        let town = &self.site.folder.config.town;
        Answer::html(200, document(town, title, html! { main.sheet id="main" { (main) } }))
    }

    /// The hidden field without which no form of a session is taken.
    pub fn form_token(&self) -> Markup {
        html! { @if let Some(signed) = self.signed { input type="hidden" name="form" value=(signed.session.form); } }
    }

    /// Whether a part opens to him whom its door lets in: reports and statements are those of one register each.
    fn opens(&self, part: &str) -> bool {
        match part {
            "/towns" => !self.site.towns.is_empty(),
            "/reports" => self.register_of(REGISTER).is_ok(),
            "/statements" => self.register_of(submission::REGISTER).is_ok(),
            _ => true,
        }
    }

    fn head(&self) -> Markup {
        if self.signed.is_none() {
            return html! {};
        }
        let mut roles: Vec<&str> = self.who.grants.iter().map(|grant| policy::title(&grant.role)).collect();
        roles.dedup();
        let here = |path: &str| match path {
            "/" => self.asked.path == "/",
            path => self.asked.path == path || self.asked.path.starts_with(&format!("{path}/")),
        };
        html! {
            nav.parts aria-label="主菜单" {
                @for (path, name, _) in PARTS.iter().filter(|(path, _, door)| door.lets_in(&self.who) && self.opens(path)) {
                    a href=(path) aria-current=[here(path).then_some("page")] { (name) }
                }
            }
            @if self.signed.is_some_and(|signed| signed.from_above) {
                p.me { (self.name()) " " span.role { "县级，只查看" } " " a href="/at/-/towns" { "回到县里" } }
            } @else { form.me method="post" action="/sign-out" {
                (self.form_token())
                a href="/password" title="修改口令" { (self.name()) }
                span.role { (roles.join("、")) }
                button.plain type="submit" { "退出" }
            } }
        }
    }
}

/// Where a page stands: the pages above it, each with its address, and at last its own name.
pub fn trail(above: &[(&str, &str)], here: &str) -> Markup {
    html! {
        nav.trail aria-label="位置" {
            @for (to, name) in above { a href=(to) { (name) } }
            span aria-current="page" { (here) }
        }
    }
}

fn frame(town: &str, title: &str, head: Markup, main: Markup) -> Markup {
    let body = html! {
        a.skip href="#main" { "跳到正文" }
        header.top {
            a.name href="/" { (town) span { "法治政府建设工作台" } }
            (head)
        }
        main id="main" { (main) }
    };
    document(town, title, body)
}

fn document(town: &str, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (town) "法治政府建设工作台" }
                link rel="stylesheet" href=(assets::style());
                link rel="icon" href="data:,";
                script src=(assets::script()) defer {}
            }
            body { (body) }
        }
    }
}

/// The page for what stopped a visit.
pub fn failed(visit: &Visit<'_>, error: anyhow::Error) -> Answer {
    let (title, status, main) = explained(&error, &visit.asked.id);
    match visit.asked.piece {
        true => Answer::html(status, main),
        false => visit.page_with(status, title, stopped(title, main)),
    }
}

/// The same where it is not even known who asks.
pub fn alone(error: anyhow::Error, id: &str) -> Answer {
    let (title, status, main) = explained(&error, id);
    Answer::html(status, frame("", title, html! {}, stopped(title, main)))
}

/// What stopped a visit as a whole page: what it is, what to do, and where to go on.
fn stopped(title: &str, main: Markup) -> Markup {
    html! { h1 { (title) } (main) (ways()) }
}

fn ways() -> Markup {
    html! { p { a href="/" { "回首页" } " · " a href="/registers" { "登记簿" } } }
}

/// The page for a form that takes longer than anybody waits. It goes on: nobody must be told that nothing came of it.
pub fn late(id: &str) -> Answer {
    let main = html! {
        section.problems role="alert" {
            h1 { "办得太久，还没有结果" }
            p { "可能已经记入。请过几分钟到案卷或者登记簿里看；没有的，再提交一次，同一张表单只记一条。" }
            p { "编号 " code { (id) } }
        }
        (ways())
    };
    Answer::html(503, frame("", "还没有结果", html! {}, main))
}

/// The page for a fault of ours.
pub fn fault(id: &str) -> Answer {
    alone(anyhow::anyhow!("a page panicked or took too long"), id)
}

fn explained(error: &anyhow::Error, id: &str) -> (&'static str, u16, Markup) {
    let one = |code: u16, text: &str, remedy: &str| vec![Problem::new(code, text, remedy)];
    if let Some(turned) = error.downcast_ref::<Turned>() {
        return match turned {
            Turned::NotFound => {
                let remedy = "请核对地址，或者从登记簿的清单里找；不在您能看的范围里的，也是这样显示";
                let found = one(810, "这个地址没有内容", remedy);
                ("没有这一页", 404, problems(&found))
            }
            Turned::Forbidden => (
                "没有这个权限",
                403,
                problems(&one(809, "这一页不在您的角色能看、能办的范围里", "确需查看或者办理的，请系统管理员授权")),
            ),
            Turned::Otherwise => {
                let found = one(810, "这个地址不能这样打开", "它只接收表单：请回到刚才的页面，从那里再做一次");
                ("不能这样打开", 405, problems(&found))
            }
            Turned::Unreadable => {
                ("地址不对", 400, problems(&one(810, "地址写得不对", "请从首页或者登记簿的清单进入")))
            }
        };
    }
    if let Some(found) = refused::problems(error) {
        let status = if found.iter().all(|problem| problem.code == Code(805)) { 429 } else { 422 };
        return ("没有办成", status, problems(&found));
    }
    tracing::error!(request = id, "{error:#}");
    let main = html! {
        section.problems role="alert" {
            p { "没有显示“已记入”的，就没有记入；填过的字已经存为草稿。" }
            p { "请把编号 " code { (id) } " 告诉维护者。" }
        }
    };
    ("程序出了故障", 500, main)
}

/// Problems as they are shown everywhere: all at once, each with what to do and the law behind it.
pub fn problems(found: &[Problem]) -> Markup {
    html! {
        section.problems role="alert" {
            @if found.len() > 1 { h2 { "有 " (found.len()) " 处需要处理" } }
            ul {
                @for problem in found {
                    li {
                        strong { (problem.text) }
                        span.remedy { (problem.remedy) }
                        @if !problem.basis.is_empty() { span.basis { "依据：" (problem.basis.join("、")) } }
                        small.code { (problem.code) }
                    }
                }
            }
        }
    }
}

/// A page that only says something went well, for a page to come back to.
pub fn done(text: &str) -> Markup {
    html! { p.done role="status" { (text) } }
}
