//! What the office sends to its superiors, filled by the program as for everybody (报送).

use anyhow::{Context, Result, ensure};
use engine::act::{Act, Taken};
use engine::day::Day;
use engine::value::Value;

use super::clock;
use super::made::Kept;
use crate::ambient::day_of;
use crate::folder::console;
use crate::statement::send::{Sending, Template};
use crate::statement::submission::{SEND, submissions, template};
use crate::statement::values::Ask;
use crate::statement::{named, reported};
use crate::storage::log::Size;
use crate::storage::{Db, params};

/// What the sheets call a file that is still to be filled.
pub const STAND_IN: &str = "填好的报表";

/// Fills a statement that is sent, or sent again, and puts into the step what `yifa statement … --send` puts there.
pub fn fill(kept: &Kept<'_>, at: i64, taken: &mut Taken) -> Result<()> {
    let Kept { folder, db, sets } = kept;
    let text = |field: &str| taken.fields.get(field).and_then(Value::as_text);
    let on = text("on").and_then(Day::parse).context("a day")?;
    let size = size(db, on, at)?;
    let set = &sets.at(size)?.set;
    let all = submissions(db, sets)?;
    let before = all.iter().find(|one| taken.step != SEND && one.id == taken.record);
    let (id, period, to) = match before {
        Some(before) => (before.statement.as_str(), before.period.as_str(), before.to.as_str()),
        None => {
            (text("statement").unwrap_or_default(), text("period").unwrap_or_default(), text("to").unwrap_or_default())
        }
    };
    let statement = named(set, id)?;
    let (reported, days) = reported(statement, period, on)?;
    let offices = (folder.config.town.as_str(), folder.config.county.as_str());
    let filled = Ask { db, sets, set, offices, size }.fill(statement, reported, days)?;
    let template = Template::kept(folder, template(&all, &statement.id, to));
    let sending = Sending {
        to,
        way: text("way").context("a way")?,
        person: text("person").map(str::to_owned),
        reason: text("reason"),
        on,
        actor: console(&folder.config)?,
        id: None,
    };
    let file = template.fill(&filled, false)?;
    let Act::Step(made) = sending.draft(folder, &filled, &template, &file, before)?.act else { return Ok(()) };
    ensure!(made.step == taken.step, "{} was sent already", statement.title);
    taken.fields = made.fields;
    Ok(())
}

/// What was told of the differences is told as of everything recorded so far.
pub fn tell(kept: &Kept<'_>, taken: &mut Taken) -> Result<()> {
    let size = Size::load(&kept.db, None)?.size;
    taken.fields.insert("size".to_owned(), Value::Int(i64::try_from(size)?));
    Ok(())
}

/// The size of the journal when it was filled: now or, where it was entered on a later day, in the afternoon it went out.
fn size(db: &Db, on: Day, at: i64) -> Result<Option<u64>> {
    if day_of(at) <= on {
        return Ok(None);
    }
    let sql = "SELECT count(*) FROM entry WHERE town_id = $1 AND recorded_at < $2";
    let then = clock::moment(on, 15 * 60);
    Ok(db.one(sql, params![then], |row| row.get::<i64>(0))?.and_then(|size| u64::try_from(size).ok()))
}
