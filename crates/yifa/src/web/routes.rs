//! The route table: every address there is, whose door it is behind, and the function that answers (路由表).
//!
//! Addresses are nouns. A GET changes nothing; a POST adds an entry, or changes what is not a record (sessions, drafts).

use anyhow::Result;

use super::answer::Answer;
use super::form::{self, drafts};
use super::visit::Visit;
use super::{
    admin, ask, assets, check, definitions, door, dues, feed, figures, glossary, home, journal, ops, questions, record,
    register, report, sessions, statements, tables, towns, trace,
};
use crate::policy::Who;

/// Who comes in at all. What he then sees is for [`policy`](crate::policy) to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Anybody.
    Open,
    /// Whoever signed in.
    Signed,
    /// Whoever has to do with the township's matters: not those who only keep accounts.
    Works,
    /// Whoever sees the numbers and the doings of the whole township.
    Township,
    /// Whoever sees the township as a whole, or keeps its accounts.
    Whole,
    /// Whoever leads or inspects the whole, and so the townships below a county.
    Below,
    /// Whoever keeps accounts.
    Administers,
}

impl Door {
    /// Whether somebody signed in comes in.
    pub fn lets_in(self, who: &Who) -> bool {
        match self {
            Door::Open | Door::Signed => true,
            Door::Works => who.works(),
            Door::Township => who.sees_township(),
            Door::Whole => who.may_verify(),
            Door::Below => who.may_look_below(),
            Door::Administers => who.administers(),
        }
    }
}

/// How it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Adds.
    Post,
}

/// An address and what answers there.
pub struct Route {
    /// How it is asked.
    pub method: Method,
    /// The address; `{name}` is any one piece, `{*name}` all that follow.
    pub path: &'static str,
    /// Whose door.
    pub door: Door,
    /// What answers.
    pub page: fn(&Visit<'_>) -> Result<Answer>,
}

const fn get(door: Door, path: &'static str, page: fn(&Visit<'_>) -> Result<Answer>) -> Route {
    Route { method: Method::Get, path, door, page }
}

const fn post(door: Door, path: &'static str, page: fn(&Visit<'_>) -> Result<Answer>) -> Route {
    Route { method: Method::Post, path, door, page }
}

/// Where whoever asked for an address is led back to: itself where it is a page, or the nearest page above it, which is the
/// one its form stands on.
pub fn page_of<'p>(path: &'p str) -> &'p str {
    let is_page = |path: &&str| {
        let fits = |pattern: &str| {
            let mut pieces = pattern.split('/').zip(path.split('/'));
            pattern.split('/').count() == path.split('/').count()
                && pieces.all(|(piece, given)| piece.starts_with('{') || piece == given)
        };
        ROUTES.iter().any(|route| route.method == Method::Get && route.door != Open && fits(route.path))
    };
    let above = |path: &&'p str| path.rsplit_once('/').map(|(above, _)| above);
    std::iter::successors(Some(path), above).find(is_page).unwrap_or("/")
}

use Door::{Administers, Below, Open, Signed, Township, Whole, Works};

/// All of them.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    // The door.
    get (Open,        "/assets/{name}",                                                          assets::show),
    get (Open,        "/sign-in",                                                                door::form),
    post(Open,        "/sign-in",                                                                door::sign_in),
    post(Signed,      "/sign-out",                                                               door::sign_out),
    get (Signed,      "/password",                                                               door::password),
    post(Signed,      "/password",                                                               door::set_password),

    // What is to be done.
    get (Signed,      "/",                                                                       home::show),
    get (Works,       "/dues",                                                                   dues::show),
    get (Works,       "/dues.ics",                                                               dues::ics),
    get (Works,       "/questions",                                                              questions::show),

    // Numbers, and what stands behind each.
    get (Works,       "/figures",                                                                figures::index::show),
    get (Works,       "/figures/{figure}",                                                       figures::show::show),
    get (Works,       "/figures/{figure}/entries",                                               figures::entries::show),
    get (Works,       "/figures/{figure}/proof.zip",                                             figures::bundle::send),

    // The townships of a county.
    get (Below,       "/towns",                                                                  towns::index),
    get (Below,       "/towns/figures",                                                          towns::figures),
    get (Below,       "/towns/figures/{figure}",                                                 towns::figure),

    // Registers and their records.
    get (Signed,      "/registers",                                                              register::index),
    get (Signed,      "/registers/{register}",                                                   register::list),
    get (Signed,      "/registers/{register}/{record}",                                          record::show),

    // Registers as tables.
    get (Signed,      "/registers/{register}/export",                                            tables::export::show),
    post(Signed,      "/registers/{register}/export",                                            tables::export::personal),
    get (Signed,      "/registers/{register}/template",                                          tables::export::template),
    get (Signed,      "/registers/{register}/import",                                            tables::import::form),
    post(Signed,      "/registers/{register}/import",                                            tables::import::take),

    // A record, and what follows from it.
    get (Signed,      "/registers/{register}/{record}/print",                                    record::print),
    get (Signed,      "/registers/{register}/{record}/proof",                                    record::proof),
    get (Signed,      "/registers/{register}/{record}/proof.zip",                                record::bundle),
    get (Signed,      "/registers/{register}/{record}/papers",                                   record::papers),
    post(Signed,      "/registers/{register}/{record}/papers",                                   record::papers_with_personal),
    get (Signed,      "/registers/{register}/{record}/papers/{paper}",                           record::paper),
    get (Signed,      "/registers/{register}/{record}/compare",                                  record::compare),
    get (Signed,      "/registers/{register}/{record}/opinions",                                 record::opinions),
    get (Signed,      "/registers/{register}/{record}/meeting",                                  record::meeting),
    get (Signed,      "/registers/{register}/{record}/files/{hash}",                             record::file),
    get (Signed,      "/registers/{register}/{record}/entries/{entry}/personal",                 record::personal),
    post(Signed,      "/registers/{register}/{record}/entries/{entry}/personal",                 record::unmask),

    // Forms: whatever adds an entry, and what is not finished yet.
    get (Signed,      "/registers/{register}/new/{step}",                                        form::show),
    post(Signed,      "/registers/{register}/new/{step}",                                        form::send),
    get (Signed,      "/registers/{register}/{record}/steps/{step}",                             form::show),
    post(Signed,      "/registers/{register}/{record}/steps/{step}",                             form::send),
    get (Signed,      "/registers/{register}/{record}/entries/{entry}/correct",                  form::show),
    post(Signed,      "/registers/{register}/{record}/entries/{entry}/correct",                  form::send),
    get (Signed,      "/registers/{register}/{record}/entries/{entry}/void",                     form::show),
    post(Signed,      "/registers/{register}/{record}/entries/{entry}/void",                     form::send),
    get (Signed,      "/registers/{register}/{record}/void",                                     form::show),
    post(Signed,      "/registers/{register}/{record}/void",                                     form::send),
    get (Signed,      "/registers/{register}/{record}/link",                                     form::show),
    post(Signed,      "/registers/{register}/{record}/link",                                     form::send),
    get (Signed,      "/registers/{register}/{record}/attach",                                   form::show),
    post(Signed,      "/registers/{register}/{record}/attach",                                   form::send),
    get (Signed,      "/registers/{register}/{record}/questions/{question}",                     form::show),
    post(Signed,      "/registers/{register}/{record}/questions/{question}",                     form::send),
    get (Signed,      "/drafts",                                                                 drafts::list),
    get (Signed,      "/drafts/{draft}",                                                         drafts::open),
    post(Signed,      "/drafts/{draft}",                                                         drafts::save),
    post(Signed,      "/drafts/{draft}/drop",                                                    drafts::drop),

    // The annual report.
    get (Township,    "/reports",                                                                report::index),
    get (Township,    "/reports/annual/{year}",                                                  report::show),
    get (Township,    "/reports/annual/{year}/file",                                             report::download),
    post(Township,    "/reports/annual/{year}/drafts",                                           report::freeze),
    get (Township,    "/reports/annual/{year}/paragraphs/{place}",                               report::paragraph),
    post(Township,    "/reports/annual/{year}/paragraphs/{place}",                               report::revise),

    // What superiors ask for, and what was sent of it.
    get (Township,    "/statements",                                                             statements::index),
    get (Township,    "/statements/{statement}",                                                 statements::show),
    get (Township,    "/statements/{statement}/cells/{cell}",                                    statements::cell),
    get (Township,    "/statements/{statement}/file",                                            statements::file),
    post(Township,    "/statements/{statement}/file",                                            statements::tried),
    post(Township,    "/statements/{statement}/submissions",                                     statements::send),

    // Reports of others, who did what, and the questions about legal aid.
    get (Works,       "/check",                                                                  check::form),
    post(Works,       "/check",                                                                  check::result),
    get (Township,    "/trace",                                                                  trace::search),
    get (Township,    "/trace/people/{person}",                                                  trace::of_person),
    get (Township,    "/trace/records/{register}/{record}",                                      trace::of_record),
    get (Works,       "/legal-aid",                                                              ask::begin),
    post(Works,       "/legal-aid",                                                              ask::go_on),
    post(Works,       "/legal-aid/records",                                                      ask::record),

    // What is asked and why, and the journal everything stands on.
    get (Signed,      "/definitions",                                                            definitions::index),
    get (Signed,      "/definitions/{register}",                                                 definitions::show),
    get (Signed,      "/glossary",                                                               glossary::show),
    get (Whole,       "/journal",                                                                journal::show),
    get (Whole,       "/journal/print",                                                          journal::print),
    post(Whole,       "/journal/verify",                                                         journal::verify),
    post(Whole,       "/journal/export",                                                         journal::export),

    // Who follows this journal elsewhere.
    get (Open,        "/journal/feed/{*path}",                                                   feed::show),
    post(Open,        "/journal/witnesses",                                                      feed::witness),

    // Accounts and sessions, and the machine.
    get (Signed,      "/sessions",                                                               sessions::own),
    post(Signed,      "/sessions/end",                                                           sessions::end_own),
    get (Administers, "/admin",                                                                  admin::show),
    get (Administers, "/admin/accounts",                                                         admin::accounts::list),
    get (Administers, "/admin/accounts/new",                                                     admin::accounts::new),
    post(Administers, "/admin/accounts",                                                         admin::accounts::make),
    get (Administers, "/admin/accounts/{account}",                                               admin::account::show),
    post(Administers, "/admin/accounts/{account}/password",                                      admin::account::reset),
    post(Administers, "/admin/accounts/{account}/close",                                         admin::account::close),
    post(Administers, "/admin/accounts/{account}/reopen",                                        admin::account::reopen),
    get (Administers, "/admin/sessions",                                                         sessions::all),
    post(Administers, "/admin/sessions/end",                                                     sessions::end),
    get (Signed,      "/admin/log",                                                              admin::log::show),
    post(Administers, "/admin/log/prune",                                                        admin::log::prune),
    get (Administers, "/admin/storage",                                                          admin::storage::show),

    // The machine that watches this one.
    get (Open,        "/health",                                                                 ops::health),
    get (Open,        "/metrics",                                                                ops::metrics),
];

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn a_form_leads_back_to_the_page_it_stands_on() {
        let check = |path: &str, expect: &str| assert_eq!(page_of(path), expect, "{path}");
        check("/registers/survey/new/hold", "/registers/survey/new/hold");
        check("/registers/survey/import", "/registers/survey/import");
        check("/legal-aid/records", "/legal-aid");
        check("/reports/annual/2024/drafts", "/reports/annual/2024");
        check("/admin/accounts/a1/close", "/admin/accounts/a1");
        check("/sessions/end", "/sessions");
        check("/nowhere", "/");
    }
}
