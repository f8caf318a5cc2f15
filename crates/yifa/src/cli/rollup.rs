//! `yifa rollup`: a figure over many townships, and what is missing beside it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use engine::problem::Code;
use serde::Serialize;

use super::Context;
use super::figures::named;
use crate::ambient::{Ambient, System, minute_of, start_of, today};
use crate::mirror::{STALE, Standing};
use crate::query::figures::period;
use crate::query::rollup::{Asked, Group, Level, Place, Rolled, Town, Unread, Within, of_folders, rolled_on_server};
use crate::refused::refuse;
use crate::sets;
use crate::show;
use crate::show::Align::{Left, Right};
use crate::storage::postgres::Url;

/// 一个数字，汇总各乡镇：按乡镇、县、市、省，旁边写明哪些乡镇没有记、多久没有记
///
/// 各乡镇先各自算出，再相加；比率由分子、分母相加以后再除。口径按本程序所带的定义。
/// 例：yifa rollup mediation.ended 2023 --database postgres://yifa@localhost/yifa --by county
/// 例：yifa rollup mediation.ended 2023 --data-root /srv/yifa --by town --within 某某县
#[derive(Args)]
pub struct Rollup {
    /// 数字编号，如 mediation.ended
    figure: String,
    /// 年度
    year: i16,
    /// 各乡镇的日志所在的数据库：postgres://用户@主机:端口/数据库名
    #[arg(long, value_name = "URL", required_unless_present = "data_root", conflicts_with = "data_root")]
    database: Option<String>,
    /// 放着各乡镇数据目录的目录，每个乡镇一个子目录
    #[arg(long, value_name = "DIR")]
    data_root: Option<PathBuf>,
    /// 分到哪一级
    #[arg(long, value_enum, default_value = "county")]
    by: By,
    /// 只看一个省、市、县：名称，或者 省/市/县
    #[arg(long, value_name = "PLACE")]
    within: Option<String>,
    /// 最后一条记入早于多少天的，点名
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    quiet: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum By {
    /// 乡镇
    Town,
    /// 县
    County,
    /// 市
    City,
    /// 省
    Province,
}

impl By {
    fn level(self) -> Level {
        match self {
            By::Town => Level::Town,
            By::County => Level::County,
            By::City => Level::City,
            By::Province => Level::Province,
        }
    }
}

/// How complete a roll-up is.
#[derive(Serialize)]
struct Complete<'r> {
    towns: u64,
    /// Nothing behind the figure.
    silent: &'r [Place],
    /// No entry for so many days, or none at all.
    quiet: Vec<Late<'r>>,
    /// How each mirror among them is followed.
    mirrors: Vec<Followed<'r>>,
    /// Counting by another definition.
    differs: &'r [Place],
    /// In no number.
    unread: &'r [Unread],
}

#[derive(Serialize)]
struct Late<'r> {
    #[serde(flatten)]
    place: &'r Place,
    size: u64,
    last_entry: Option<String>,
    signed: Option<u64>,
    signed_at: Option<String>,
}

#[derive(Serialize)]
struct Followed<'r> {
    #[serde(flatten)]
    place: &'r Place,
    size: u64,
    following: &'r Standing,
    /// Not followed to the end for too long.
    stale: bool,
}

impl Followed<'_> {
    fn is_well(&self) -> bool {
        !self.stale && self.following.refused.is_none() && !self.following.forked
    }

    fn told(&self) -> String {
        let Standing { done, refused, forked } = self.following;
        let done = done.map_or("没有同步成功过".to_owned(), |at| format!("最后同步 {}", minute_of(at)));
        let behind = match self.following.behind(self.size) {
            0 => String::new(),
            behind => format!("，还差 {behind} 条"),
        };
        let refused = refused.as_ref().map_or_else(String::new, |one| {
            format!("，{} {}：{}（{}）", minute_of(one.at), one.word(), one.text, Code(one.code))
        });
        let forked = if *forked { "，留有两份签过名的历史" } else { "" };
        format!("    {}：{done}{behind}{refused}{forked}", called(self.place))
    }
}

impl Rollup {
    /// Adds up and prints.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let set = sets::check(&sets::shipped())?;
        let figure = named(&set, &self.figure, self.year)?;
        let asked = Asked { set: &set, figure, period: period(self.year)? };
        let within = self.within.as_deref().map(|text| Within::parse(text).ok_or_else(|| nowhere(text))).transpose()?;
        let (by, since) = (self.by.level(), self.since());
        let (rolled, unread) = match (&self.database, &self.data_root) {
            (Some(url), _) => {
                (rolled_on_server(&Url::parse(url)?, asked, within.as_ref(), by, Some(since))?, Vec::new())
            }
            (None, Some(root)) => {
                let (towns, unread) = of_folders(root, asked, within.as_ref())?;
                (Rolled::of(asked, towns, by, Some(since)), unread)
            }
            (None, None) => anyhow::bail!("neither a database nor a folder"),
        };
        if let Some(text) = self.within.as_deref().filter(|_| rolled.all.is_none()) {
            return Err(nowhere(text));
        }
        let Rolled { groups, all, silent, quiet, differs, mirrors } = &rolled;
        let complete = Complete {
            towns: all.as_ref().map_or(0, |all| all.towns),
            silent,
            quiet: quiet.iter().map(late).collect(),
            mirrors: mirrors.iter().filter_map(followed).collect(),
            differs,
            unread: &unread,
        };
        if context.json {
            let opens = self.opens();
            show::json(&serde_json::json!({
                "figure": figure.id, "from": asked.period.from.to_string(), "to": asked.period.to.to_string(),
                "all": all, "groups": groups, "complete": complete, "opens": opens,
            }))?;
            return Ok(ExitCode::SUCCESS);
        }
        if asked.period.is_part() {
            show::line(format!("截至 {}", asked.period.to))?;
        }
        self.table(groups)?;
        if let Some(all) = all {
            let reading = &all.reading;
            show::line(format!(
                "{}：{}；背后记入 {} 条，其中补录 {}，有标记 {}",
                reading.title,
                reading.text(),
                reading.entries,
                reading.late,
                reading.flagged
            ))?;
        }
        self.beside(&complete)?;
        Ok(ExitCode::SUCCESS)
    }

    /// Who recorded nothing since then is named.
    fn since(&self) -> i64 {
        let days = -i32::try_from(self.quiet).unwrap_or(i32::MAX);
        today().plus_days(days).map_or(i64::MIN, start_of)
    }

    /// The command that opens a township's number.
    fn opens(&self) -> String {
        let folder = match &self.data_root {
            Some(root) => format!("{}/〔乡镇〕", root.display()),
            None => "〔该乡镇的数据目录〕".to_owned(),
        };
        format!("yifa --data {folder} figure {} {} --entries", self.figure, self.year)
    }

    fn table(&self, groups: &[Group]) -> Result<()> {
        let names = ["省", "市", "县", "乡镇"];
        let deep = groups.first().map_or(0, |group| group.place.len());
        let mut heads: Vec<(&str, show::Align)> = names[..deep].iter().map(|name| (*name, Left)).collect();
        heads.extend([("值", Right), ("记入", Right), ("补录", Right), ("有标记", Right)]);
        heads.extend([("乡镇数", Right), ("没有的", Right)]);
        let row = |group: &Group| {
            let reading = &group.reading;
            let mut row: Vec<String> =
                group.place.iter().map(|name| if name.is_empty() { "—" } else { name }.to_owned()).collect();
            row.push(reading.text());
            row.extend(
                [reading.entries, reading.late, reading.flagged, group.towns, group.silent].map(|n| n.to_string()),
            );
            row
        };
        show::table(&heads, &groups.iter().map(row).collect::<Vec<_>>())
    }

    /// What a sum does not say by itself.
    fn beside(&self, complete: &Complete<'_>) -> Result<()> {
        let Complete { towns, silent, quiet, mirrors, differs, unread } = complete;
        show::line(format!("共 {towns} 个乡镇，其中 {} 个没有这个数字背后的记入", silent.len()))?;
        named_towns("没有记入的", silent)?;
        if !quiet.is_empty() {
            show::line(format!("{} 天内没有记入任何事的，{} 个：", self.quiet, quiet.len()))?;
            for late in quiet.iter().take(MOST) {
                let last = late.last_entry.as_deref().map_or("从未记入".to_owned(), |at| format!("最后记入 {at}"));
                let signed = match (&late.signed, &late.signed_at) {
                    (Some(size), Some(at)) => format!("最后签署 {at}（{size} 条，现有 {} 条）", late.size),
                    _ => "从未签署".to_owned(),
                };
                show::line(format!("    {}：{last}，{signed}", called(late.place)))?;
            }
            more(quiet.len())?;
        }
        if !mirrors.is_empty() {
            let earliest = mirrors.iter().map(|one| one.following.done).min().flatten();
            let earliest = earliest
                .map_or("有的没有同步成功过".to_owned(), |at| format!("最早的是 {} 同步的", minute_of(at)));
            show::line(format!("其中镜像 {} 个，{earliest}", mirrors.len()))?;
        }
        let behind: Vec<&Followed<'_>> = mirrors.iter().filter(|one| !one.is_well()).collect();
        if !behind.is_empty() {
            show::line(format!("镜像 {STALE} 天没有同步成功，或者没有接受的，{} 个：", behind.len()))?;
            for one in behind.iter().take(MOST) {
                show::line(one.told())?;
            }
            more(behind.len())?;
        }
        named_towns("口径与本程序所带的定义不同的（照各自的口径计入）", differs)?;
        for one in *unread {
            show::line(format!("没有读到、没有计入：{}：{}。{}", one.folder.display(), one.text, one.remedy))?;
        }
        show::line(format!("打开一个乡镇的数字：{}", self.opens()))
    }
}

/// How many townships are named; the rest is counted.
const MOST: usize = 20;

fn named_towns(what: &str, places: &[Place]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = places.iter().take(MOST).map(called).collect();
    show::line(format!("{what}：{}", names.join("、")))?;
    more(places.len())
}

fn more(all: usize) -> Result<()> {
    match all.checked_sub(MOST) {
        None | Some(0) => Ok(()),
        Some(rest) => show::line(format!("    另有 {rest} 个，加 --json 全部列出")),
    }
}

fn called(place: &Place) -> String {
    format!("{}{}", place.county, place.town)
}

fn late(town: &Town) -> Late<'_> {
    Late {
        place: &town.place,
        size: town.size,
        last_entry: town.last_entry.map(minute_of),
        signed: town.signed.map(|(size, _)| size),
        signed_at: town.signed.map(|(_, at)| minute_of(at)),
    }
}

fn followed(town: &Town) -> Option<Followed<'_>> {
    let following = town.following.as_ref()?;
    Some(Followed { place: &town.place, size: town.size, following, stale: following.is_stale(System.now()) })
}

fn nowhere(text: &str) -> anyhow::Error {
    refuse(
        785,
        format!("没有“{text}”这个省、市、县的乡镇"),
        "请照各乡镇建立时所写的名称写：省、市、县的一个名称，或者从上往下用斜线隔开，如 江西省/赣州市/上犹县",
    )
}
