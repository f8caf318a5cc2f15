//! `yifa init`, `verify`, `rebuild`, `journal export`: the data folder as a whole.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::act::Act;
use journal::key::VerifierKey;
use serde_json::json;

use super::Context;
use crate::ambient::{Ambient, System};
use crate::append::{Draft, Writer};
use crate::folder::{Building, Folder, Town, console};
use crate::refused::refuse;
use crate::sets::Sets;
use crate::{export, rebuild, sets, show, verify};

/// 建一个新的数据目录：生成签名密钥，采用随程序附带的定义
///
/// 例：yifa init --town 某某乡 --county 某某县 --origin example.gov.cn/360724/moumou
#[derive(Args)]
pub struct Init {
    /// 乡镇名称
    #[arg(long)]
    town: String,
    /// 所属县（市、区）
    #[arg(long)]
    county: String,
    /// 所属设区的市（州、盟）；不汇总到市的不写
    #[arg(long, default_value = "", hide_default_value = true)]
    city: String,
    /// 所属省（自治区、直辖市）
    #[arg(long, default_value = "", hide_default_value = true)]
    province: String,
    /// 日志名称，定下以后不能再改：小写字母、数字、点、横线和斜线
    #[arg(long)]
    origin: String,
    /// 记在县里的 PostgreSQL 服务器上，不记在数据目录里：postgres://用户@主机/数据库名（docs/county.md）
    #[arg(long, env = "YIFA_DATABASE", value_name = "URL")]
    database: Option<String>,
}

impl Init {
    /// Makes the folder and adopts the shipped definitions.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        if self.town.trim().is_empty() || self.county.trim().is_empty() {
            return Err(refuse(202, "乡镇或者县的名称是空的", "请写全称，如 --town 某某乡 --county 某某县"));
        }
        if self.origin.starts_with("demo/") {
            return Err(refuse(708, "demo/ 开头的名称留给演示数据", "请用本单位的域名开头"));
        }
        let building = Building::start(&context.data)?;
        let (city, province) = (self.city.as_str(), self.province.as_str());
        let town = Town { origin: &self.origin, town: &self.town, county: &self.county, city, province };
        let folder = Folder::create(building.path(), town, self.database.as_deref(), &mut System)?;
        adopt_shipped(&folder, Box::new(System))?;
        let key = folder.key()?;
        building.finish()?;
        if context.json {
            show::json(&json!({
                "data": context.data,
                "origin": self.origin,
                "town": self.town,
                "county": self.county,
                "key": key.verifier().to_string(),
            }))?;
            return Ok(ExitCode::SUCCESS);
        }
        show::line(format!("已建立 {}（{}{}）", context.data.display(), self.county, self.town))?;
        show::line(format!("核验公钥：{}", key.verifier()))?;
        show::line("请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。")?;
        show::line("下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。")?;
        show::line("要用网页：yifa account first 建立第一个系统管理员，再运行 yifa serve。")?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The first entry of every journal: the definitions it goes by.
pub fn adopt_shipped(folder: &Folder, ambient: Box<dyn Ambient>) -> Result<()> {
    let mut files = sets::shipped();
    // Cases test the definitions; the township's own journal need not carry them.
    files.retain(|path, _| !path.starts_with("definitions/cases/"));
    let actor = console(&folder.config)?;
    let writer = Writer::start(folder.clone(), ambient)?;
    let act = Act::Adopt { files, reason: "建立日志".to_owned() };
    writer.append(vec![Draft { id: None, actor, act, sealed: Default::default(), based_on: None }])?;
    writer.stop()
}

/// 核验：每条记入、内容、封存的内容、瓦片和附件重新计算哈希，与签署的检查点核对
///
/// 与数据库分开保管的 log.key 不必取来：用单独得到的公钥核验，才证明是谁的日志。
/// 例：yifa --data 备份 verify --key "$(cat 公钥.txt)"
#[derive(Args)]
pub struct Verify {
    /// 单独得到的核验公钥（yifa init 显示的，或者导出目录里的 vkey）；不写则用数据目录自己的密钥
    #[arg(long, value_name = "公钥")]
    key: Option<String>,
}

impl Verify {
    /// Verifies; differences are the user's to look into and end with 2.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let folder = Folder::open(&context.data)?;
        let db = folder.reader()?;
        // What the head says is itself to be verified: the bar only needs a length.
        let size = crate::storage::log::Head::load(&db).map_or(0, |head| head.size());
        let bar = show::bar(size, "核验");
        let key = self.key.as_deref().map(|text| {
            let wrong = |_| refuse(715, format!("“{text}”不是核验公钥"), "请照原样写建立数据目录时显示的那一行");
            VerifierKey::parse(text.trim()).map_err(wrong)
        });
        let key = key.transpose()?;
        let found =
            verify::verify(&folder, &db, key.as_ref().map(std::slice::from_ref), &|done| bar.set_position(done))?;
        bar.finish_and_clear();
        if context.json {
            show::json(&found)?;
        } else {
            for one in &found.differs {
                let entry = one.entry.map_or_else(String::new, |entry| format!("第 {entry} 条 "));
                let record = one.record.as_ref().map_or_else(String::new, |record| format!("案卷 {record} "));
                let field = one.field.as_ref().map_or_else(String::new, |field| format!("{field} "));
                show::line(format!("不符：{entry}{record}{field}{}", one.text))?;
            }
            let unsigned = found.entries.saturating_sub(found.signed);
            let tail = if unsigned > 0 { format!("，其中 {unsigned} 条尚未签署") } else { String::new() };
            match found.count {
                0 => show::line(format!(
                    "核验无误：{} 条记入{tail}，{} 个附件，根 {}\n由日志推得的表是否一致，请用 yifa rebuild 证明。",
                    found.entries, found.files, found.root
                ))?,
                count => show::line(format!("共 {count} 处不符。请停止使用，保留现场，报县司法局。"))?,
            }
            for one in &found.witnessed {
                show::line(format!("已由{}见证（{}）", one.name, one.told()))?;
            }
        }
        Ok(if found.count == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

/// 重建：把日志重放一遍，证明每张表都与日志一致，或者指出是哪一行不一致
#[derive(Args)]
pub struct Rebuild {
    /// 不一致的，按日志改写
    #[arg(long)]
    mend: bool,
}

impl Rebuild {
    /// Replays and compares.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let folder = Folder::open(&context.data)?;
        let (db, _lock) = if self.mend {
            let (db, lock) = folder.writer()?;
            (db, Some(lock))
        } else {
            (folder.reader()?, None)
        };
        let sets = Sets::load(&db)?;
        let bar = show::bar(crate::storage::log::Head::load(&db)?.size(), "重放日志");
        // One transaction: what is compared is one moment, and mending is whole or not at all.
        if self.mend {
            db.begin_writing()?
        } else {
            db.begin()?
        }
        let found = rebuild::rebuild(&db, &sets, &folder.blind_key()?, self.mend, &|done| bar.set_position(done))?;
        db.commit()?;
        bar.finish_and_clear();
        if context.json {
            show::json(&found)?;
        } else {
            for one in &found.differs {
                show::line(format!("不一致：{} {} {}", one.table, one.record, one.text))?;
            }
            let tail = if self.mend && found.count > 0 { "，已按日志改写" } else { "" };
            match found.count {
                0 => show::line(format!(
                    "表与日志一致：{} 条记入，{} 个案卷，{} 行",
                    found.entries, found.records, found.rows
                ))?,
                count => show::line(format!("共 {count} 处不一致{tail}。"))?,
            }
        }
        Ok(if found.count == 0 || self.mend { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

/// 日志：导出给第三方核验，查看检查点，收下见证
#[derive(Subcommand)]
pub enum Journal {
    /// 导出检查点、瓦片、记入和公钥，任何符合 C2SP 的软件都能核验
    Export {
        /// 导出到的空目录
        folder: PathBuf,
        /// 连同内容一起导出（个人信息不公开），收到的人可以自己把每个数字重新加出来
        #[arg(long)]
        contents: bool,
    },
    /// 显示最后签署的检查点，和谁见证到第几条
    Show,
    /// 收下见证方签过名的检查点（县里或者邻乡带回的文件）
    ///
    /// 只收 yifa.toml 里 [[witness]] 写明的见证方，而且确是本乡签署过的。
    Witness {
        /// 带回的文件
        file: PathBuf,
    },
}

impl Journal {
    /// Exports the journal, shows its checkpoint, or takes a countersignature.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (to, contents) = match self {
            Journal::Export { folder, contents } => (folder, contents),
            Journal::Show => return super::mirror::list(context),
            Journal::Witness { file } => return super::mirror::take(context, &file),
        };
        let folder = Folder::open(&context.data)?;
        let bar = show::bar(0, "导出");
        let size = export::journal(&folder, &folder.reader()?, &to, contents, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })?;
        bar.finish_and_clear();
        if context.json {
            show::json(&json!({ "folder": to, "entries": size, "contents": contents }))?;
            return Ok(ExitCode::SUCCESS);
        }
        show::line(format!("已导出 {size} 条到 {}。记入含有办理的时间和人员，请只交给有权核验的人。", to.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// 把旧版程序建的数据目录升级到本程序的版本；先在旁边留一份旧的数据库
///
/// 记在县里数据库上的，由管理数据库的人运行 yifa database prepare。
#[derive(Args)]
pub struct Upgrade {
    /// 只看要做什么，不做
    #[arg(long)]
    dry_run: bool,
}

impl Upgrade {
    /// Upgrades, or tells that there is nothing to do.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let folder = Folder::open(&context.data)?;
        let done = folder.upgrade(self.dry_run)?;
        let to = crate::storage::SCHEMA;
        if context.json {
            let (from, kept) = done.unzip();
            show::json(&json!({ "from": from, "to": to, "kept": kept, "dry_run": self.dry_run }))?;
            return Ok(ExitCode::SUCCESS);
        }
        match (done, self.dry_run) {
            (None, _) => show::line(format!("已经是第 {to} 版，不用升级"))?,
            (Some((from, kept)), true) => {
                let kept = kept.display();
                show::line(format!("将由第 {from} 版升级到第 {to} 版，旧的数据库留在 {kept}。什么也没有做。"))?;
            }
            (Some((from, kept)), false) => {
                show::line(format!("已由第 {from} 版升级到第 {to} 版，旧的数据库在 {}", kept.display()))?;
                show::line("请运行 yifa verify 和 yifa rebuild 核对；无误后可以删去旧的")?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
