//! `yifa mirror`, `yifa witness`: following a township's journal elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use journal::id::Id;
use journal::key::VerifierKey;
use journal::tiles::Files as _;
use serde_json::{Value as Json, json};

use super::Context;
use crate::ambient::{Ambient, System, moment_of};
use crate::folder::{Building, Config, FORMAT, Folder, Mirror as Following, replace_private};
use crate::mirror::source::{TOWNSHIP, is_address};
use crate::mirror::{Asked, Followed, Source, follow};
use crate::refused::{cause, refuse};
use crate::show;
use crate::storage::postgres::Url;
use crate::witness::{Cosigner, KEY, kept, make_key, plain};

/// 镜像：在县里跟随一个乡镇的日志，逐条核验以后才接受，并作见证
///
/// 来源：导出的目录（yifa journal export --contents，可以用 U 盘拿来），或者乡里服务器的地址（https://…）。
/// 第一次写来源和公钥，建立镜像；以后只写 --data，接着同步，只取新的。公钥要向乡里另外取得，不从来源里取。
/// 镜像里没有签名密钥、盐、个人信息和附件；查看、统计、核验、重建照常，不能记入。
/// 有见证密钥的（yifa witness key），接受以后在检查点上签名见证，交回乡里。
///
/// 例：yifa --data 镜像/青石乡 mirror /media/usb/导出 --key "$(cat 青石乡.公钥)"
/// 例：yifa --data 镜像/青石乡 mirror https://qingshi.example.gov.cn --key "$(cat 青石乡.公钥)" --token 令牌
/// 例：yifa --data 镜像/青石乡 mirror
#[derive(Args)]
pub struct Mirror {
    /// 导出的目录，或者 https://、http:// 开头的地址；建好以后不用写，写了就改用它
    source: Option<String>,
    /// 乡里日志的核验公钥（yifa init 显示的那一行）
    #[arg(long, value_name = "公钥")]
    key: Option<String>,
    /// 乡里的令牌：它的 yifa.toml 里的 read_token
    #[arg(long, env = "YIFA_READ_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// 签发乡里服务器证书的根证书（PEM）；不写则用操作系统的
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// 用哪个密钥见证；不写则用镜像目录里的 witness.key，没有就不作见证
    #[arg(long, value_name = "FILE")]
    witness: Option<PathBuf>,
    /// 乡镇名称；不写则用来源里写的
    #[arg(long)]
    town: Option<String>,
    /// 所属县（市、区）；不写则用来源里写的
    #[arg(long)]
    county: Option<String>,
    /// 镜像放在县里的 PostgreSQL 上，如 postgres://yifa@db.example.gov.cn/yifa；不写则是目录里的一个文件
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// 日志里有时刻在今天以后的记入，已经查明是时钟错了
    #[arg(long)]
    clock_known: bool,
}

impl Mirror {
    /// Makes the mirror if there is none, and follows.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let asked = Asked { clock_known: self.clock_known };
        if context.data.join("yifa.toml").exists() {
            let folder = self.changed(Folder::open(&context.data)?)?;
            return told(context, &folder, go(&folder, asked)?);
        }
        let following = self.following()?;
        let key = crate::mirror::key_of(&following)?;
        let config = self.config(following, &key)?;
        let building = Building::start(&context.data)?;
        let folder = Folder::create_mirror(building.path(), config)?;
        let followed = go(&folder, asked)?;
        let path = context.data.clone();
        building.finish()?;
        let folder = Folder { path, config: folder.config };
        told(context, &folder, followed)
    }

    fn following(&self) -> Result<Following> {
        let (Some(source), Some(key)) = (&self.source, &self.key) else {
            let text = "第一次建立镜像，要写来源和乡里的公钥";
            return Err(refuse(751, text, "如：yifa --data 镜像/某乡 mirror 来源 --key 公钥；已经建好的，核对 --data"));
        };
        Ok(Following {
            source: absolute(source)?,
            key: key.trim().to_owned(),
            token: self.token.clone(),
            ca: self.ca.as_deref().map(whole).transpose()?,
            witness: self.witness.as_deref().map(whole).transpose()?,
        })
    }

    /// Who it belongs to: said here, or by the source, which nobody signs; the journal's own name is signed.
    fn config(&self, following: Following, key: &VerifierKey) -> Result<Config> {
        let source = Source::open(&following)?;
        let of = crate::mirror::Of { town: key.name(), source: &source };
        let read = source.read(TOWNSHIP).map_err(|fault| {
            crate::mirror::rejected(&of, journal::follow::Rejected::Read { path: TOWNSHIP.to_owned(), fault })
        })?;
        let names: Json = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        let name = |given: &Option<String>, what: &str| {
            // Nobody signed it: what is no name is not printed on anybody's terminal.
            let is_name = |name: &&str| name.chars().count() < 100 && !name.chars().any(char::is_control);
            let said = names[what].as_str().filter(is_name).map(str::to_owned);
            given.clone().or(said)
        };
        let (town, county) = (name(&self.town, "town"), name(&self.county, "county"));
        if town.is_none() && matches!(source, Source::Http(_)) {
            return Err(crate::mirror::rejected(&of, journal::follow::Rejected::NoCheckpoint));
        }
        let (Some(town), Some(county)) = (town, county) else {
            let text = "来源里没有写是哪个县、哪个乡镇";
            return Err(refuse(756, text, "请写 --town 和 --county；来源是旧版本导出的，也可以请乡里重新导出"));
        };
        let console = name(&None, "console").filter(|id| Id::parse(id.as_bytes()).is_ok());
        let console = console.unwrap_or_else(|| System.id().to_string());
        Ok(Config {
            format: FORMAT,
            origin: key.name().to_owned(),
            town,
            county,
            console,
            city: name(&None, "city").unwrap_or_default(),
            province: name(&None, "province").unwrap_or_default(),
            moved: None,
            database: self.database.as_deref().map(|text| Url::parse(text).map(|url| url.to_string())).transpose()?,
            second_file: None,
            metrics_token: None,
            read_token: None,
            witness: Vec::new(),
            mirror: Some(Box::new(following)),
        })
    }

    /// The mirror with what was said anew; the journal it follows stays the same.
    fn changed(&self, mut folder: Folder) -> Result<Folder> {
        let Some(mirror) = &mut folder.config.mirror else {
            let text = format!("{} 是一个乡镇自己的数据目录，不是镜像", folder.path.display());
            return Err(refuse(751, text, "请用 --data 指到镜像的目录，或者一个空的目录"));
        };
        if self.key.as_ref().is_some_and(|key| key.trim() != mirror.key) {
            let text = format!("这个镜像跟随的是 {} 的日志，给的公钥不是它的", folder.config.origin);
            return Err(refuse(751, text, "另一个乡的，请换一个目录；乡里换了密钥的，请当面查明"));
        }
        let before = mirror.clone();
        if let Some(source) = &self.source {
            mirror.source = absolute(source)?;
        }
        mirror.token = self.token.clone().or(mirror.token.take());
        if let Some(ca) = &self.ca {
            mirror.ca = Some(whole(ca)?);
        }
        if let Some(witness) = &self.witness {
            mirror.witness = Some(whole(witness)?);
        }
        if *mirror != before {
            replace_private(&folder.path.join("yifa.toml"), &toml::to_string(&folder.config)?)?;
        }
        Ok(folder)
    }
}

/// What is said relative to where one stands must hold wherever the next run starts.
fn whole(path: &Path) -> Result<PathBuf> {
    Ok(std::path::absolute(path)?)
}

fn absolute(source: &str) -> Result<String> {
    if is_address(source) {
        return Ok(source.to_owned());
    }
    Ok(whole(Path::new(source))?.to_string_lossy().into_owned())
}

/// What was followed, and how handing back went.
struct Gone {
    followed: Followed,
    handed: Option<Result<Option<PathBuf>>>,
}

fn go(folder: &Folder, asked: Asked) -> Result<Gone> {
    let Some(mirror) = &folder.config.mirror else { anyhow::bail!("no mirror") };
    let source = Source::open(mirror)?;
    let bar = show::bar(0, "核验并接受");
    let followed = follow(folder, &source, asked, &mut System, &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    let id = Cosigner::of_mirror(folder)?.map_or(0, |signer| signer.verifier().id());
    let handed = followed.owed.as_ref().map(|note| source.hand_back(note, id));
    Ok(Gone { followed, handed })
}

fn told(context: &Context, folder: &Folder, gone: Gone) -> Result<ExitCode> {
    let Gone { followed, handed } = gone;
    let (handed, failed) = match handed {
        Some(Ok(file)) => (Some(file), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let new = followed.size - followed.before;
    if context.json {
        show::json(&json!({
            "town": folder.config.town,
            "origin": folder.config.origin,
            "entries": followed.size,
            "new": new,
            "witnessed_at": followed.witnessed,
            "handed_back": handed.is_some(),
        }))?;
    } else {
        let Config { county, town, .. } = &folder.config;
        show::line(match new {
            0 => format!("{county}{town}：没有新的记入，共 {} 条，与已经接受的一致", followed.size),
            new => format!("{county}{town}：新接受 {new} 条，共 {} 条，逐条核验无误", followed.size),
        })?;
        if let Some(time) = followed.witnessed {
            show::line(format!("已见证：{} 条，{}", followed.size, moment_of(time as i64 * 1000)))?;
        }
        match handed {
            Some(Some(file)) => show::line(format!(
                "见证写在 {}，请带回乡里，在乡里运行 yifa journal witness 这个文件",
                file.display()
            ))?,
            Some(None) => show::line("见证已交回乡里的服务器")?,
            None => {}
        }
    }
    // What was accepted stays accepted; that the township does not have the signature yet is a matter of its own.
    failed.map_or(Ok(ExitCode::SUCCESS), Err)
}

/// 见证：给别处的日志作见证，只核对签名和“只增不改”，不存内容
#[derive(Subcommand)]
pub enum Witness {
    /// 建立见证密钥，或者显示已有的公钥
    ///
    /// 例：yifa --data 县见证 witness key --name county.example.gov.cn/witness
    Key {
        /// 见证方的名称，以本单位的域名开头，不含空格和加号
        #[arg(long)]
        name: Option<String>,
    },
    /// 看一个日志：核对签名和一致性，签名见证，交回
    ///
    /// 密钥和上次看到的都在 --data 所指的目录；它可以就是本乡的数据目录。
    /// 例：yifa --data 县见证 witness check https://qingshi.example.gov.cn --key "$(cat 青石乡.公钥)" --token 令牌
    Check {
        /// 导出的目录，或者服务器的地址
        source: String,
        /// 那个日志的核验公钥
        #[arg(long, value_name = "公钥")]
        key: String,
        /// 令牌：它的 yifa.toml 里的 read_token
        #[arg(long, env = "YIFA_READ_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// 签发它的服务器证书的根证书（PEM）
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
    },
}

impl Witness {
    /// Makes a key, or looks.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        match self {
            Witness::Key { name: Some(name) } => key(context, &make_key(&context.data, &name)?),
            Witness::Key { name: None } => key(context, Cosigner::read(&context.data.join(KEY))?.verifier()),
            Witness::Check { source, key, token, ca } => check(context, source, key, token, ca),
        }
    }
}

fn key(context: &Context, key: &VerifierKey) -> Result<ExitCode> {
    if context.json {
        show::json(&json!({ "key": key.to_string() }))?;
        return Ok(ExitCode::SUCCESS);
    }
    show::line(format!("见证公钥：{key}"))?;
    show::line("请当面交给各乡，写进它的 yifa.toml：")?;
    show::line(format!("[[witness]]\nname = \"某某县\"\nkey = \"{key}\""))?;
    show::line(format!("{} 只由见证方自己保管，另存一份。", context.data.join(KEY).display()))?;
    Ok(ExitCode::SUCCESS)
}

fn check(
    context: &Context,
    source: String,
    key: String,
    token: Option<String>,
    ca: Option<PathBuf>,
) -> Result<ExitCode> {
    let following = Following { source, key, token, ca, witness: None };
    let key = crate::mirror::key_of(&following)?;
    let source = Source::open(&following)?;
    let looked = plain::look(&context.data, &source, &key, &mut System)?;
    let handed = if looked.known { None } else { Some(source.hand_back(&looked.note, looked.witness)?) };
    if context.json {
        show::json(&json!({
            "origin": key.name(),
            "entries": looked.size,
            "before": looked.before,
            "witnessed_at": looked.time,
            "handed_back": handed.is_some(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    show::line(format!("{}：{} 条，上次看到 {} 条，只增不改", key.name(), looked.size, looked.before))?;
    show::line(format!("已见证：{}", moment_of(looked.time as i64 * 1000)))?;
    if let Some(Some(file)) = handed {
        show::line(format!("见证写在 {}，请带回乡里，在乡里运行 yifa journal witness 这个文件", file.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `yifa journal witness FILE`
pub fn take(context: &Context, file: &Path) -> Result<ExitCode> {
    let folder = Folder::open(&context.data)?;
    let text = fs::read_to_string(file).map_err(|error| {
        refuse(752, format!("读不了 {}：{}", file.display(), cause(&error)), "请核对见证方带回的文件")
    })?;
    let all = kept::take(&folder, &folder.reader()?, &text, System.now())?;
    shown(context, &all)
}

/// `yifa journal show`
pub fn list(context: &Context) -> Result<ExitCode> {
    let folder = Folder::open(&context.data)?;
    let db = folder.reader()?;
    let note = crate::append::last_note(&folder, &db)?;
    let note = note.map(|note| kept::countersigned(&folder, &note)).transpose()?;
    let all = kept::all(&folder)?;
    if context.json {
        show::json(&json!({ "checkpoint": note, "witnesses": all }))?;
        return Ok(ExitCode::SUCCESS);
    }
    match note {
        Some(note) => show::line(note)?,
        None => show::line("还没有签署过。")?,
    }
    shown(context, &all)
}

fn shown(context: &Context, all: &[kept::Witnessed]) -> Result<ExitCode> {
    if context.json {
        show::json(&all)?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in all {
        show::line(format!("已由{}见证（{}）", one.name, one.told()))?;
    }
    if all.is_empty() {
        show::line("还没有见证。")?;
    }
    Ok(ExitCode::SUCCESS)
}
