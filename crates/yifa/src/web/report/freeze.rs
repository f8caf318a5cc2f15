//! `POST /reports/annual/{year}/drafts`: the report as it stands becomes a draft of its record (成稿).

use anyhow::Result;
use engine::act::{Act, Taken};
use engine::value::{Fields, Value};
use journal::id::Id;

use super::page::{compose, may};
use super::{admitted, drafts, making, year};
use crate::ambient::{Ambient, System};
use crate::annual::{DRAFT, REGISTER};
use crate::append::{Draft, current_keys, last_signed};
use crate::folder::replace_file;
use crate::refused::refuse;
use crate::render;
use crate::sets::sha256;
use crate::web::answer::{Answer, Turned};
use crate::web::given::entry_id;
use crate::web::visit::Visit;

/// A fresh id for a form, by which pressing twice makes one entry.
pub fn fresh() -> Id {
    System.id()
}

/// Who acts.
pub fn actor(visit: &Visit<'_>) -> Result<Id> {
    Ok(Id::parse(visit.who.person.as_bytes())?)
}

/// `POST /reports/annual/{year}/drafts`
pub fn freeze(visit: &Visit<'_>) -> Result<Answer> {
    admitted(visit)?;
    let year = year(visit)?;
    let making = making(visit, year)?.ok_or(Turned::NotFound)?;
    let course = making.course(visit.set());
    if !may(visit, &making, &course, DRAFT) {
        return Err(Turned::Forbidden.into());
    }
    let id = entry_id(visit)?;
    if id.is_some_and(|id| making.holds(id)) {
        let size = drafts(&course).last().map_or(0, |draft| draft.size);
        return Ok(Answer::see(format!("/reports/annual/{year}?at={size}")));
    }
    let last = making.entries.last().map_or(0, |entry| entry.index);
    // As of what is signed: only a text with a signed checkpoint can be made again word for word.
    let folder = &visit.site.folder;
    let signed = last_signed(folder, visit.db, &current_keys(folder)?)?.map_or(0, |signed| signed.size);
    if signed <= last {
        return Err(refuse(853, "刚记入的还没有签署", "请稍等一秒，再按一次“成稿”"));
    }
    let text = render::text::render(&compose(visit, year, Some(signed), Some(&making))?.document);
    let hash = sha256(&text);
    replace_file(&folder.files().join(&hash), text.as_bytes())?;
    let fields = Fields::from([
        ("on".to_owned(), Value::Text(visit.today.to_string())),
        ("author".to_owned(), Value::Text(visit.who.person.clone())),
        ("size".to_owned(), Value::Int(i64::try_from(signed)?)),
        ("text".to_owned(), Value::Text(hash)),
    ]);
    let taken = Taken {
        register: REGISTER.to_owned(),
        record: making.id.clone(),
        step: DRAFT.to_owned(),
        fields,
        ..Taken::default()
    };
    let act = Act::Step(taken);
    visit.append(vec![Draft { id, actor: actor(visit)?, act, sealed: Fields::new(), based_on: Some(last) }])?;
    Ok(Answer::see(format!("/reports/annual/{year}?at={signed}")))
}
