//! The door: nobody comes in without a password, and no other site sends a form for him.

use crate::client::{PASSWORD, Served};

#[test]
fn whoever_is_not_signed_in_is_asked_to_and_comes_back_to_where_he_was_going() {
    let served = Served::demo();
    let mut visitor = served.visitor();
    let page = visitor.get("/registers/mediation_case");
    assert_eq!((page.status, page.header("location")), (303, "/sign-in?next=%2Fregisters%2Fmediation_case"));
    let check = |next: &str, goes: &str| {
        let mut visitor = served.visitor();
        let page = visitor.post("/sign-in", &[("login", "clerk"), ("password", PASSWORD), ("next", next)]);
        assert_eq!((page.status, page.header("location")), (303, goes), "{next}");
    };
    check("/registers/mediation_case", "/registers/mediation_case");
    check("//elsewhere.example/", "/");
    check("/\\elsewhere.example/", "/");
    check("https://elsewhere.example/", "/");
}

#[test]
fn a_form_from_elsewhere_or_of_another_session_is_not_taken() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let token = clerk.token.clone();
    let refused = |page: &crate::client::Page| page.status == 422 && page.text.contains("P806");
    let form = [("form", token.as_str())];
    assert!(refused(&clerk.post_plain("/sign-out", &form, &[("sec-fetch-site", "cross-site")])));
    assert!(refused(&clerk.post_plain("/sign-out", &form, &[("origin", "https://elsewhere.example")])));
    assert!(refused(&clerk.post_plain("/sign-out", &[("form", "0000")], &[])));
    assert!(refused(&clerk.post_plain("/sign-out", &[], &[])));
    let other = served.signed_in("mediator");
    assert!(refused(&clerk.post_plain("/sign-out", &[("form", &other.token)], &[])));
    assert_eq!(clerk.get("/registers").status, 200, "still signed in");
    assert_eq!(clerk.post("/sign-out", &[]).status, 303);
    assert_eq!(clerk.get("/registers").status, 303, "signed out");
}

#[test]
fn a_page_says_where_it_stands_and_one_that_stops_where_to_go_on() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let mut admin = served.signed_in("admin");
    let of_clerk = [
        "/registers/mediation_case",
        "/registers/mediation_case/import",
        "/registers/mediation_case/new/register",
        "/figures/mediation.ended?year=2023",
        "/figures/mediation.ended/entries?year=2023",
        "/reports/annual/2024",
        "/definitions/mediation_case",
        "/glossary",
        "/journal/print",
    ];
    let pages = of_clerk.map(|path| (path, clerk.get(path)));
    let of_admin = ["/admin/accounts", "/admin/accounts/new", "/admin/sessions", "/admin/storage", "/admin/log"];
    for (path, page) in pages.into_iter().chain(of_admin.map(|path| (path, admin.get(path)))) {
        let trail = page.text.split("<nav class=\"trail\"").nth(1).unwrap_or_else(|| panic!("{path}: {}", page.text));
        let trail = trail.split("</nav>").next().unwrap();
        let last = trail.rsplit("<span aria-current=\"page\">").next().unwrap();
        assert!(
            trail.contains("<a href=") && last.ends_with("</span>") && last.len() > "</span>".len(),
            "{path}: {trail}"
        );
    }
    let stopped = [("/no/such", 404, &mut clerk), ("/registers/mediation_case/no-such", 404, &mut admin)];
    for (path, status, client) in stopped {
        let page = client.get(path);
        assert_eq!(page.status, status, "{path}");
        for words in ["<h1>没有这一页</h1>", "登记簿的清单里找", "<a href=\"/\">回首页</a>", "<a href=\"/registers\">"]
        {
            assert!(page.text.contains(words), "{words} of {path}: {}", page.text);
        }
    }
    let page = clerk.get("/admin");
    assert_eq!((page.status, page.text.matches("<h1>").count()), (403, 1));
    assert!(page.text.contains("请系统管理员授权") && page.text.contains("<a href=\"/registers\">登记簿</a>"));
}

#[test]
fn every_page_says_what_may_run_and_that_it_is_nobodys_to_keep() {
    let served = Served::demo();
    let mut clerk = served.signed_in("clerk");
    let page = clerk.get("/registers/mediation_case");
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
    assert!(!page.header("content-security-policy").contains("unsafe"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "nothing from elsewhere");
    let style = page.after("stylesheet", "href").expect("a style sheet");
    assert!(served.visitor().get(&style).header("cache-control").contains("immutable"));
}

#[test]
fn whatever_is_asked_wrongly_is_answered_with_a_page_and_a_way_back() {
    let served = Served::demo();
    let check = |client: &mut crate::client::Client, path: &str, status: u16, text: &str| {
        let page = match path.strip_prefix("POST ") {
            Some(path) => client.post(path, &[]),
            None => client.get(path),
        };
        assert_eq!(page.status, status, "{path}");
        assert!(page.text.contains(text) && page.text.contains("P810"), "{path}: {}", page.text);
        assert!(page.text.contains("href=\"/\""), "{path}: a way back");
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!((page.header("x-content-type-options"), page.header("cache-control")), ("nosniff", "no-store"));
    };
    for mut client in [served.visitor(), served.signed_in("clerk")] {
        check(&mut client, "/nowhere", 404, "没有这一页");
        check(&mut client, "/registers/%ff", 400, "地址写得不对");
        check(&mut client, "/sessions/end", 405, "这个地址不能这样打开");
        check(&mut client, "POST /registers", 405, "这个地址不能这样打开");
    }
}
