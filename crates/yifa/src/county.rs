//! The townships below a county: how far each came, and what is missing of it (各乡镇).

use anyhow::Result;
use engine::day::Day;

use crate::annual::reported::Reported;
use crate::folder::Folder;
use crate::mirror::{DAY, Refusal, STALE, Standing};
use crate::sets::Sets;
use crate::storage::log::Size;
use crate::storage::{Db, params};

/// After so many days without an entry a township is pointed out.
pub const STILL: i64 = 30;

/// A township as it stands.
pub struct Town {
    /// The name of its folder, by which pages are asked for.
    pub name: String,
    /// What people call it.
    pub called: String,
    /// The journal's name.
    pub origin: String,
    /// How far its journal goes here.
    pub size: Size,
    /// When the last entry was recorded, in milliseconds.
    pub last: Option<i64>,
    /// How many entries were signed, and when.
    pub signed: Option<(u64, i64)>,
    /// How it is followed; none where its journal is kept here itself.
    pub following: Option<Standing>,
    /// The annual report of the year asked for.
    pub reported: Reported,
}

impl Town {
    /// Asks one township, by the definitions it adopted, for itself and its annual report of a year.
    pub fn of(name: &str, folder: &Folder, db: &Db, sets: &Sets, year: i16) -> Result<Town> {
        let last = "SELECT recorded_at FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1";
        let signed = signed(db)?;
        Ok(Town {
            name: name.to_owned(),
            called: folder.config.town.clone(),
            origin: folder.config.origin.clone(),
            size: Size::load(db, None)?,
            last: db.one(last, params![], |row| row.get(0))?,
            signed,
            following: Standing::of(folder, signed.map(|(_, at)| at)),
            reported: Reported::of(db, sets, year)?,
        })
    }

    /// Whether nothing was recorded for too long.
    pub fn is_still(&self, now: i64) -> bool {
        self.last.is_none_or(|last| now - last > STILL * DAY)
    }

    /// Whether what is here is older than it may be, because nobody followed it.
    pub fn is_stale(&self, now: i64) -> bool {
        self.following.as_ref().is_some_and(|standing| standing.is_stale(now))
    }

    /// Whether what the township shows now was not accepted, or once was not its own history.
    pub fn is_refused(&self) -> bool {
        let refused = |standing: &Standing| standing.forked || standing.refused.as_ref().is_some_and(Refusal::is_grave);
        self.following.as_ref().is_some_and(refused)
    }
}

/// How many entries the last checkpoint covers, and when it was signed, or of a mirror accepted.
pub fn signed(db: &Db) -> Result<Option<(u64, i64)>> {
    let sql = "SELECT size, signed_at FROM checkpoint WHERE town_id = $1 ORDER BY size DESC LIMIT 1";
    db.one(sql, params![], |row| Ok((row.get::<i64>(0)? as u64, row.get(1)?)))
}

/// What is missing of some townships, in sentences without their full stops, and whether it weighs: that comes first.
pub fn missing(towns: &[&Town], year: i16, now: i64, today: Day) -> Vec<(bool, String)> {
    let named = |is: &dyn Fn(&Town) -> bool| {
        let names: Vec<&str> = towns.iter().filter(|town| is(town)).map(|town| town.called.as_str()).collect();
        names.join("、")
    };
    let (sent, published) = (|town: &Town| town.reported.sent, |town: &Town| town.reported.published);
    let told = [
        (true, "日志没有接受、要当面查明的镜像".to_owned(), named(&Town::is_refused)),
        (true, format!("{year}年度报告逾期没有报送的"), named(&|town| sent(town).is_late(today))),
        (true, format!("{year}年度报告逾期没有公开的"), named(&|town| published(town).is_late(today))),
        (false, format!("{STALE} 天没有同步成功的镜像"), named(&|town| town.is_stale(now))),
        (false, format!("{STILL} 天没有记入的"), named(&|town| town.is_still(now))),
        (
            false,
            format!("{year}年度报告还没有报送的"),
            named(&|town| sent(town).taken.is_none() && !sent(town).is_late(today)),
        ),
    ];
    let told = told.into_iter().filter(|(_, _, names)| !names.is_empty());
    told.map(|(weighs, what, names)| (weighs, format!("{what}：{names}"))).collect()
}
