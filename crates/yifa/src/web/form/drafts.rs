//! `/drafts`: what is not finished yet (草稿): kept at every POST and while one types, offered again, given up.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::day::Day;
use engine::problem::Problem;
use journal::id::Id;
use maud::{Markup, html};
use serde_json::json;

use super::super::answer::{Answer, Turned, percent};
use super::super::door::ran_out;
use super::super::given::is_recent;
use super::super::his::{AT_ONCE, listed};
use super::super::layout::{done, problems};
use super::super::record::names::Names;
use super::super::site::Site;
use super::super::visit::{Visit, first};
use super::place::{Place, What, address_of};
use super::subject::Subject;
use super::turns::Turn;
use super::typed::{AGAIN, Typed};
use super::{files, unmasked};
use crate::accounts::draft::{KEPT, Saved, Unfinished};
use crate::acts::Wrong;
use crate::ambient::{Ambient, System, day_of};
use crate::query::called::Posts;
use crate::storage::{Db, Value, params};

/// What came in, and its draft.
pub struct Kept<'k> {
    /// What was typed, with what was typed before.
    pub typed: Typed,
    /// Files that were not taken.
    pub wrong: Wrong,
    /// Another page had saved something newer: this is a draft of its own now.
    pub apart: bool,
    /// The draft's entry is in the journal already.
    pub entered: Option<Entered>,
    /// The draft's id was none of ours: what was typed is kept under another, and recorded only when it comes with that.
    pub foreign: bool,
    /// Another page has saved something newer, or the draft is somebody else's: saved, this becomes a draft of its own.
    overtaken: bool,
    /// There is a draft of this id, or are files of it.
    there: bool,
    state: State,
    whose: Whose<'k>,
    /// Nobody else works on it meanwhile.
    _turn: Turn<'k>,
}

/// Where what was typed is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// In this request only.
    Came,
    /// In the database, though perhaps not on disk yet.
    Saved,
    /// An entry says it, or there is nothing to keep.
    Needless,
}

/// Whose draft it is, and of what.
#[derive(Clone, Copy)]
struct Whose<'k> {
    visit: &'k Visit<'k>,
    account: &'k str,
    place: &'k Place,
}

/// The entry a draft became.
pub struct Entered {
    /// Its index.
    pub index: u64,
    /// The record it is about.
    pub record: String,
    actor: String,
}

/// The entry of a draft's id.
fn entered(visit: &Visit<'_>, draft: &str) -> Result<Option<Entered>> {
    let sql = "SELECT idx, record, actor FROM entry WHERE town_id = $1 AND id = $2";
    visit.db.one(sql, params![draft], |row| {
        Ok(Entered { index: row.get::<i64>(0)? as u64, record: row.get(1)?, actor: row.get(2)? })
    })
}

impl<'k> Kept<'k> {
    /// Looks at what a request brings for an account, and takes its files over. It has to be [settled](Kept::settle), or
    /// [recorded](Kept::recorded). What the visit reads from here on is one moment.
    pub fn look(visit: &'k Visit<'k>, account: &'k str, person: &str, place: &'k Place) -> Result<Kept<'k>> {
        let mut typed = Typed::posted(visit);
        let turn = visit.site.drafting.of(&typed.draft);
        visit.begin()?;
        let entered = entered(visit, &typed.draft)?;
        let known = visit.site.accounts.draft(&typed.draft)?;
        let (known, others) = match known {
            Some(draft) if draft.account != account => (None, true),
            known => (known, false),
        };
        // The entry will bear this id, its moment included, for good: it is one that was given out, or it is not taken.
        // Nor is the id of somebody else's entry.
        let foreign = match &entered {
            Some(entry) => entry.actor != person,
            None => known.is_none() && !Id::parse(typed.draft.as_bytes()).is_ok_and(|id| is_recent(&id)),
        };
        let (entered, known) = if foreign { (None, None) } else { (entered, known) };
        if foreign {
            typed.draft = System.id().to_string();
        }
        let there = known.is_some() || !visit.asked.uploads.is_empty();
        let before = known.map(|known| (known.version, known.body));
        if let Some((_, body)) = &before {
            let named = |hash: &str| typed.pairs.iter().any(|(name, value)| name.starts_with("k.") && value == hash);
            typed.files = body.files.iter().filter(|file| named(&file.hash)).cloned().collect();
        }
        let wrong = files::take(visit, account, &mut typed)?;
        typed.shown = unmasked::believed(visit, account, place, &typed)?;
        let overtaken = match &before {
            Some((version, body)) => *version != typed.version && *body != typed.unfinished(account, place).body,
            None => others && !foreign,
        };
        let blank = typed.is_blank() && typed.version == 0;
        let state = if entered.is_some() || blank { State::Needless } else { State::Came };
        let whose = Whose { visit, account, place };
        let (apart, _turn) = (false, turn);
        Ok(Kept { typed, wrong, apart, entered, foreign, overtaken, there, state, whose, _turn })
    }

    /// Whether it can become an entry as it came.
    pub fn is_plain(&self) -> bool {
        self.wrong.is_empty() && !(self.apart || self.foreign || self.overtaken)
    }

    /// Keeps what came as a draft, unless it is kept, or is no draft any more.
    pub fn save(&mut self) -> Result<()> {
        if self.state != State::Came {
            return Ok(());
        }
        let Whose { visit, account, place } = self.whose;
        match visit.site.accounts.keep(&self.typed.unfinished(account, place))? {
            Saved::As(version) => (self.typed.version, self.state) = (version, State::Saved),
            Saved::Older => self.part()?,
        }
        Ok(())
    }

    /// Makes it a draft of its own.
    pub fn part(&mut self) -> Result<()> {
        let Whose { visit, account, place } = self.whose;
        let old = std::mem::replace(&mut self.typed.draft, System.id().to_string());
        files::share(visit, &old, &self.typed.draft, &self.typed.files)?;
        (self.typed.version, self.apart) = (0, true);
        if let Saved::As(version) = visit.site.accounts.keep(&self.typed.unfinished(account, place))? {
            self.typed.version = version;
        }
        self.state = State::Saved;
        Ok(())
    }

    /// Keeps it, unless it was recorded; when this returns, it is on disk.
    pub fn settle(&mut self) -> Result<()> {
        self.save()?;
        match self.state {
            State::Saved => self.whose.visit.site.accounts.settle(&self.typed.draft),
            _ => Ok(()),
        }
    }

    /// Its entry is in the journal: the draft is put away, if there was one.
    pub fn recorded(&mut self) -> Result<()> {
        self.state = State::Needless;
        if self.there { put_away(self.whose.visit, &self.typed.draft) } else { Ok(()) }
    }
}

/// What somebody typed into a form whose session is over, or is another by now: kept as a draft of his. Nothing where the
/// request is not a form of ours or nobody is known by it.
pub fn rescue(visit: &Visit<'_>) -> Result<Option<Answer>> {
    let form = first(&visit.asked.form, "form").unwrap_or_default();
    let path = first(&visit.asked.form, "at").filter(|_| visit.asked.path.starts_with("/drafts/"));
    let Some(place) = Place::parse(path.unwrap_or(&visit.asked.path)).filter(|_| !form.is_empty()) else {
        return Ok(None);
    };
    let accounts = &visit.site.accounts;
    let account = match visit.signed {
        Some(signed) => accounts.has_form(&signed.account.id, form)?.then(|| signed.account.clone()),
        None => {
            // One that was signed out of, or ended by somebody, keeps nothing more.
            let session = ran_out(visit)?.filter(|session| session.form == form);
            session.map(|session| accounts.account(&session.account)).transpose()?.flatten()
        }
    };
    let Some(account) = account.filter(|account| account.closed_at.is_none()) else { return Ok(None) };
    let mut kept = Kept::look(visit, &account.id, &account.person, &place)?;
    kept.settle()?;
    if visit.asked.piece {
        let said = "登录已经过期，填的已存为草稿；请重新登录以后接着填";
        return Ok(Some(Answer::json(401, &told(&kept, said))));
    }
    let draft = &kept.typed.draft;
    let back = match kept.entered.is_some() || accounts.unfinished(&account.id, draft)?.is_some() {
        true => format!("{}?draft={}&said=again", place.address(), percent(draft)),
        // Of a blank form there is nothing to keep.
        false => place.address(),
    };
    Ok(Some(Answer::see(match visit.signed {
        Some(_) => back,
        None => format!("/sign-in?next={}", percent(&back)),
    })))
}

/// What a page says of a draft after a redirect.
pub fn said(word: &str) -> Option<Markup> {
    match word {
        "saved" => Some(done("已存草稿。在“草稿”里随时可以接着填。")),
        "again" => Some(
            html! { p.wait role="status" { "您重新登录过。登录过期时填的都在这里，还没有记入；请连同附件核对后再记入。" } },
        ),
        "apart" => Some(apart(None)),
        _ => None,
    }
}

/// That an older page's text was kept beside the newer one, or beside the entry that came of it.
pub fn apart(became: Option<u64>) -> Markup {
    let text = match became {
        Some(index) => format!("这份草稿已经记为第 {index} 条；这里填的与它不同，没有记入，另存为一份草稿"),
        None => "这份草稿在另一个窗口里又改过了，这里填的另存为一份草稿".to_owned(),
    };
    problems(&[Problem::new(834, text, "在“草稿”里都找得到。请核对，留下对的；要记这一份的，再按一次按钮")])
}

/// That a form bore an id that was never given out with it; what it brought is a draft under another.
pub fn foreign() -> Markup {
    let text = "这张表单的编号不是本系统给的，或者早已过期，没有记入";
    problems(&[Problem::new(806, text, "填的已经另存为草稿，就是下面这些；请核对后再按一次按钮")])
}

/// The answer to what a script saved of a draft that has become an entry meanwhile. It came late, from a page that was
/// left, and nothing is kept of it; from one that is still open it comes again (`again`).
pub fn late(visit: &Visit<'_>, kept: &Kept<'_>) -> Option<Answer> {
    let Entered { index, .. } = kept.entered.as_ref().filter(|_| first(&visit.asked.form, AGAIN).is_none())?;
    let said = format!("已经记为第 {index} 条");
    Some(Answer::json(409, &json!({ "entered": index, "said": said })))
}

/// One of his own drafts.
///
/// # Errors
/// [`Turned::NotFound`] for one that is not there or is somebody else's.
pub fn own(visit: &Visit<'_>, id: &str) -> Result<Unfinished> {
    let signed = visit.signed.ok_or(Turned::NotFound)?;
    visit.site.accounts.unfinished(&signed.account.id, id)?.ok_or_else(|| Turned::NotFound.into())
}

/// On to the entry that a draft of his became.
pub fn sent(visit: &Visit<'_>, id: &str) -> Result<Option<Answer>> {
    let entered = entered(visit, id)?.filter(|entered| entered.actor == visit.who.person);
    let Some(Entered { record, index, .. }) = entered else { return Ok(None) };
    let place = Place::of(visit)?;
    Ok(Some(Answer::see(format!("/registers/{}/{record}?done={index}", place.register))))
}

/// His drafts, without those whose entry is in the journal by now.
pub fn all(visit: &Visit<'_>) -> Result<Vec<Unfinished>> {
    let Some(signed) = visit.signed else { return Ok(Vec::new()) };
    let mut all = visit.site.accounts.all_unfinished(&signed.account.id)?;
    let entered = entered_of(visit.db, all.iter().map(|draft| draft.id.clone()).collect())?;
    all.retain(|draft| !entered.contains(&draft.id));
    Ok(all)
}

/// Those of some ids that are the ids of entries.
fn entered_of(db: &Db, ids: Vec<String>) -> Result<BTreeSet<String>> {
    let mut entered = BTreeSet::new();
    for some in ids.chunks(AT_ONCE) {
        let sql = format!("SELECT id FROM entry WHERE town_id = $1 AND id IN ({}) ORDER BY id", listed(2, some.len()));
        let values: Vec<Value<'_>> = some.iter().map(|id| id.as_str().into()).collect();
        entered.extend(db.rows(&sql, &values, |row| row.get::<String>(0))?);
    }
    Ok(entered)
}

/// Deletes the drafts that were not saved for long and those whose entry is in the journal, each with its files, and the
/// files of drafts that are gone.
pub fn sweep(site: &Site) -> Result<()> {
    let accounts = &site.accounts;
    accounts.forget_before(System.now() - KEPT)?;
    let mut left: BTreeSet<String> = accounts.every_unfinished()?.into_iter().collect();
    for id in entered_of(&*site.reader()?, left.iter().cloned().collect())? {
        accounts.forget(&id)?;
        left.remove(&id);
    }
    files::sweep(&site.folder, &left)
}

/// The drafts of the same form, offered above it.
pub fn offered(visit: &Visit<'_>, subject: &Subject<'_>, typed: &Typed) -> Result<Markup> {
    let open: Vec<Unfinished> = all(visit)?;
    let mut same = open.iter().filter(|draft| subject.place.is(draft) && draft.id != typed.draft);
    let (newest, more) = (same.next(), same.count());
    Ok(html! {
        @if let Some(draft) = newest {
            div.offered { "您有没填完的草稿（" (when(draft.saved_at)) @if draft.ends_soon() { "，" (until(draft)) " 删除" } "）：" a href=(address_of(draft)) { "接着填" }
                form method="post" action=(format!("/drafts/{}/drop", draft.id)) { (visit.form_token())
                    input type="hidden" name="back" value=(subject.place.address());
                    button.plain type="submit" { "放弃" } }
                @if more > 0 { a href="/drafts" { "另有 " (more) " 份" } } }
        }
    })
}

/// `GET /drafts`
pub fn list(visit: &Visit<'_>) -> Result<Answer> {
    let drafts = all(visit)?;
    let about = drafts.iter().map(|draft| draft.record.clone()).filter(|id| !id.is_empty()).collect();
    let names = Names::of(visit, about, Posts::default())?;
    let called = |id: &str| if id.is_empty() { "新的案卷".to_owned() } else { names.text(id) };
    let rows: Vec<_> = drafts.into_iter().map(|draft| (title(visit, &draft), called(&draft.record), draft)).collect();
    let main = html! {
        h1 { "草稿" }
        p.note { "填到一半的都在这里，只有您自己看得见；还不是记入，也不算数。里面可能有个人信息，所以" strong { "三十天没有再存过的，连同附件自动删除" } "；还要用的，打开再存一次，就重新算三十天。" }
        @if rows.is_empty() { p { "没有没填完的草稿。" } }
        @else {
            div.scroll { table {
                thead { tr { th { "事项" } th { "案卷" } th { "存于" } th { "" } } }
                tbody { @for (title, record, draft) in &rows {
                    tr {
                        td { a href=(address_of(draft)) { (title) } }
                        td { (record) }
                        td { (when(draft.saved_at)) br;
                            @if draft.ends_soon() { span.tag.wait { (until(draft)) " 删除" } }
                            @else { span.soft { "保留到 " (until(draft)) } } }
                        td.do { a.button.second href=(address_of(draft)) { "接着填" }
                            form method="post" action=(format!("/drafts/{}/drop", draft.id)) { (visit.form_token())
                                button.plain type="submit" { "放弃" } } }
                    }
                } }
            } }
        }
    };
    Ok(visit.page("草稿", main))
}

/// What a draft is about.
fn title(visit: &Visit<'_>, draft: &Unfinished) -> String {
    let register = visit.register_of(&draft.register).ok();
    let of = register.map_or(draft.register.as_str(), |register| &register.title);
    let place = Place::parse(address_of(draft).split('?').next().unwrap_or_default());
    let step =
        |id: &str| register.and_then(|register| register.step(id)).map_or(id.to_owned(), |step| step.title.clone());
    let what = match place.map(|place| place.what) {
        Some(What::Open(id) | What::Step(id)) => step(&id),
        Some(What::Correct(_)) => "更正".to_owned(),
        Some(What::Void(_)) => "作废".to_owned(),
        Some(What::Link) => "关联".to_owned(),
        Some(What::Attach) => "补充附件".to_owned(),
        Some(What::Answer(_)) => "答复问题".to_owned(),
        None => String::new(),
    };
    format!("{of}：{what}")
}

/// `GET /drafts/{draft}`: on to its form.
pub fn open(visit: &Visit<'_>) -> Result<Answer> {
    Ok(Answer::see(address_of(&own(visit, visit.param("draft"))?)))
}

/// `POST /drafts/{draft}`: saved while somebody types.
pub fn save(visit: &Visit<'_>) -> Result<Answer> {
    let signed = visit.signed.ok_or(Turned::NotFound)?;
    let place = first(&visit.asked.form, "at").and_then(Place::parse).ok_or(Turned::NotFound)?;
    let mut kept = Kept::look(visit, &signed.account.id, &signed.account.person, &place)?;
    kept.settle()?;
    if let Some(late) = late(visit, &kept) {
        return Ok(late);
    }
    if kept.entered.is_some() {
        // What is typed after it was sent is a new draft.
        kept.part()?;
        kept.settle()?;
    }
    let said = match kept.apart {
        true => "另一个窗口里有更新的内容，这里填的另存为一份草稿".to_owned(),
        false => format!("{} 已存草稿", clock(System.now())),
    };
    Ok(Answer::json(200, &told(&kept, &said)))
}

/// What a script is told of a save: from here on it goes by this draft and version.
fn told(kept: &Kept<'_>, said: &str) -> serde_json::Value {
    json!({ "draft": kept.typed.draft, "version": kept.typed.version, "said": said })
}

/// `POST /drafts/{draft}/drop`
pub fn drop(visit: &Visit<'_>) -> Result<Answer> {
    let draft = own(visit, visit.param("draft"))?;
    put_away(visit, &draft.id)?;
    let back = visit.typed("back").and_then(Place::parse).map(|place| place.address());
    Ok(Answer::see(back.unwrap_or_else(|| "/drafts".to_owned())))
}

/// Puts a draft away with what it kept.
pub fn put_away(visit: &Visit<'_>, id: &str) -> Result<()> {
    let Some(signed) = visit.signed else { return Ok(()) };
    if visit.site.accounts.put_away(&signed.account.id, id)? {
        files::remove(visit, id);
    }
    Ok(())
}

/// The day on which a draft is deleted, unless it is saved again.
fn until(draft: &Unfinished) -> Day {
    day_of(draft.saved_at + KEPT)
}

fn when(millis: i64) -> String {
    format!("{} {}", day_of(millis), clock(millis))
}

/// The time of day in the township.
fn clock(millis: i64) -> String {
    let minutes = (millis / 60_000 + 8 * 60).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
