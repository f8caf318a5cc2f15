//! `yifa database`: making a county's PostgreSQL ready, and looking at it.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::Context;
use crate::show;
use crate::storage::SCHEMA;
use crate::storage::postgres::{Standing, Url, prepare};

/// 县级数据库：由管理 PostgreSQL 的人建表、升级、给程序授权
#[derive(Subcommand)]
pub enum Database {
    /// 建表，或者把旧版的表升级；程序用的用户只得到增加日志的权限，不能改、不能删
    ///
    /// 用库的所有者来做，口令放在环境变量 PGPASSWORD 里。升级以前先备份。
    /// 例：yifa database prepare postgres://postgres@localhost/yifa --role yifa --dry-run
    Prepare {
        /// 数据库地址：postgres://所有者@主机:端口/数据库名
        #[arg(value_name = "URL")]
        url: String,
        /// 程序用哪个用户连数据库；先由 createuser 建好
        #[arg(long, default_value = "yifa", value_name = "用户")]
        role: String,
        /// 只显示要做什么，不做
        #[arg(long)]
        dry_run: bool,
    },
}

impl Database {
    /// Makes ready, or tells what it would do.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let Database::Prepare { url, role, dry_run } = self;
        let done = prepare(&Url::parse(&url)?, &role, dry_run)?;
        if context.json {
            let tables = !matches!(done.was, Standing::Ready);
            show::json(&json!({ "version": SCHEMA, "tables": tables, "dry_run": dry_run, "sql": done.statements }))?;
            return Ok(ExitCode::SUCCESS);
        }
        let what = match done.was {
            Standing::Ready => format!("表已经是第 {SCHEMA} 版，只重新授权"),
            Standing::Empty => format!("建立第 {SCHEMA} 版的表，并授权"),
            Standing::Half(version) => format!("第 {version} 版只做了一半，接着做完，并授权"),
            Standing::Older(version) => format!("由第 {version} 版升级到第 {SCHEMA} 版，并授权"),
            Standing::Newer(version) => format!("表是第 {version} 版"),
        };
        if dry_run {
            show::line(done.statements.trim_start())?;
            show::line(format!("-- 以上都没有做。要做的是：{what}"))?;
            show::line("-- 升级以前请先备份：pg_dump -Fc 数据库名 > 备份文件")?;
            return Ok(ExitCode::SUCCESS);
        }
        show::line(format!("已完成：{what}（程序用户 {role}）"))?;
        show::line("下一步：yifa init … --database postgres://程序用户@主机/数据库名")?;
        Ok(ExitCode::SUCCESS)
    }
}
