//! `yifa demo`: a township to try everything on.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::Context;
use super::report::Whole;
use crate::annual::Annual;
use crate::checking::check;
use crate::demo::{self, YEAR};
use crate::folder::{Building, Folder};
use crate::papers::press;
use crate::query::figures::all;
use crate::refused::refuse;
use crate::sets::Sets;
use crate::storage::log::Head;
use crate::web::listen::{Listen, USUAL, run};
use crate::web::site::Site;
use crate::{rebuild, show, verify};

/// 建一个演示乡镇，把每样事做一遍：台账、数字、年度报告、核对别人的报告、核验日志
///
/// 人名、单位、电话都是编造的；合计数与一份公开的乡镇年度报告相同。
#[derive(Args)]
pub struct Demo {
    /// 演示数据放在哪个目录；不写则为 --data 所写的，再没有则为 ./yifa-demo
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// 做完就结束，不打开网页
    #[arg(long)]
    no_serve: bool,
    /// 记在 PostgreSQL 服务器上，不记在目录里：postgres://用户@主机/数据库名
    #[arg(long, env = "YIFA_DATABASE", value_name = "URL")]
    database: Option<String>,
}

/// The text the demonstration checks: most of its figures are right, one is not, and one nobody recorded.
const TEXT: &str = include_str!("../demo/data/report.txt");

/// A list of results as a platform gives it, and how it is imported.
const EXAM_LIST: (&str, &[u8]) = ("待导入的考试名单.csv", include_bytes!("../demo/data/exam_list.csv"));
const EXAM: &str = "--as jxgbwlxy --with exam=2024年度机关干部法律知识考试·2024-11-22";

impl Demo {
    /// Makes the township, or goes on with the one made before, and walks through it.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        if context.json {
            let remedy = "请去掉 --json；建好以后，figures、list、verify 等都可以按 JSON 输出";
            return Err(refuse(621, "demo 是演示给人看的，没有 JSON 的结果", remedy));
        }
        let at = match (self.folder, context.data_typed) {
            (Some(_), true) => {
                let remedy = "请只写一个：yifa demo 目录";
                return Err(refuse(621, "演示数据的目录写了两次（--data 和 demo 后面的目录）", remedy));
            }
            (Some(folder), false) => folder,
            (None, true) => context.data.clone(),
            (None, false) => PathBuf::from("./yifa-demo"),
        };
        let folder = township(&at, self.database.as_deref())?;
        let data = at.display();

        heading("一、数字：每个都数得出背后的记入")?;
        let db = folder.reader()?;
        let sets = Sets::load(&db)?;
        let set = &sets.current()?.set;
        let period = crate::query::figures::period(YEAR)?;
        let mut now = all(&db, set, period, None)?;
        now.retain(|id, _| demo::FIGURES.contains(&id.as_str()));
        let before = all(&db, set, crate::query::figures::period(YEAR - 1)?, None)?;
        super::figures::print(&now, &before, true)?;

        heading("二、年度报告：文字由模板，数字由台账")?;
        let report = Whole::compose(&folder, &db, &sets, Annual::of(YEAR))?;
        let printable = press::is_there().then_some("pdf");
        for ending in ["html", "txt", "docx"].into_iter().chain(printable) {
            show::line(report.write(&at.join(format!("年度报告{YEAR}.{ending}")))?)?;
        }
        if printable.is_none() {
            show::line(format!("还要 PDF 的，运行一次 {} （编译约十分钟），再运行 demo", press::ADD))?;
        }

        heading("三、核对别人写的报告")?;
        let text = at.join("待核对的报告.txt");
        crate::folder::replace_file(&text, TEXT.as_bytes())?;
        let checked = check(set, Some(&db), TEXT, Some(YEAR), |_| true)?;
        super::check::print(&text.display().to_string(), TEXT, &checked)?;

        // What a platform gives, for whoever tries to import it.
        crate::folder::replace_file(&at.join(EXAM_LIST.0), EXAM_LIST.1)?;

        heading("四、核验日志，证明表与日志一致")?;
        let bar = show::bar(Head::load(&db)?.size(), "核验");
        let verified = verify::verify(&folder, &db, None, &|done| bar.set_position(done))?;
        let rebuilt = rebuild::rebuild(&db, &sets, &folder.blind_key()?, false, &|done| bar.set_position(done))?;
        bar.finish_and_clear();
        show::line(format!(
            "重新计算 {} 条记入、{} 个附件的哈希，不符 {} 处",
            verified.entries, verified.files, verified.count
        ))?;
        show::line(format!(
            "重放日志，比对 {} 个案卷的 {} 行，不一致 {} 处",
            rebuilt.records, rebuilt.rows, rebuilt.count
        ))?;

        heading("接下来可以试")?;
        for (command, what) in [
            (format!("yifa --data {data} figure mediation.ended {YEAR} --entries"), "点开一个数字"),
            (format!("yifa --data {data} figure mediation.ended {YEAR} --by kind"), "按类别细分"),
            (format!("yifa --data {data} list mediation_case --limit 5"), "看案卷清单"),
            (format!("yifa --data {data} flags"), "看不该发生而发生了的"),
            (format!("yifa --data {data} export mediation_case"), "导出成 Excel"),
            (
                format!("yifa --data {data} import exam_result {data}/{} {EXAM} --dry-run", EXAM_LIST.0),
                "试算一份学习平台导出的考试名单",
            ),
            (format!("yifa --data {data} check 某某报告.txt"), "核对一份真的报告"),
            ("yifa definitions show mediation_case".to_owned(), "看一个登记簿的步骤和依据"),
        ] {
            show::line(format!("  {command}\n      {what}"))?;
        }
        if verified.count != 0 || rebuilt.count != 0 {
            return Ok(ExitCode::from(2));
        }
        if !self.no_serve {
            drop(db);
            pages(folder)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Opens the demonstration in a browser, on this machine only.
fn pages(folder: Folder) -> Result<()> {
    heading("五、网页")?;
    let password = demo::accounts::open(&folder)?;
    let logins: Vec<&str> = demo::accounts::ACCOUNTS.iter().map(|(login, _)| *login).collect();
    crate::logs::begin(Some(crate::logs::Form::Text), "warn");
    let site = Site::open(folder, false, false)?;
    let taken = std::net::TcpListener::bind(USUAL).is_err();
    let address = if taken { SocketAddr::from(([127, 0, 0, 1], 0)) } else { USUAL };
    run(site, &Listen { address, tls: None }, |address| {
        show::line(format!("请用浏览器打开 http://{address}/ ，停止按 Ctrl-C"))?;
        show::line(format!("登录名：{}", logins.join("、")))?;
        show::line(format!("口令都是 {} （每次运行重新抽取）", password.shown()))
    })
}

fn township(at: &Path, database: Option<&str>) -> Result<Folder> {
    let data = at.display();
    if at.join("yifa.toml").exists() {
        let folder = Folder::open(at)?;
        if !folder.config.origin.starts_with("demo/") {
            let text = format!("{data} 是正式的数据目录");
            return Err(refuse(701, text, "请给演示另外指定一个目录：yifa demo 目录"));
        }
        show::line(format!("{data} 已有演示数据，接着用（要重做请先删去这个目录）"))?;
        return Ok(folder);
    }
    let building = Building::start(at)?;
    let folder = demo::create(building.path(), database)?;
    let bar = show::bar(0, "建立演示乡镇");
    let summary = demo::fill(&folder, &|done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })?;
    bar.finish_and_clear();
    building.finish()?;
    let records: u64 = summary.records.values().sum();
    show::line(format!(
        "已建立{}{}：案卷 {records} 个，记入 {} 条，标记 {} 处，补录 {} 条",
        demo::COUNTY,
        demo::TOWNSHIP,
        summary.entries,
        summary.flags,
        summary.late
    ))?;
    Folder::open(at)
}

fn heading(text: &str) -> Result<()> {
    show::line(format!("\n{text}\n"))
}
