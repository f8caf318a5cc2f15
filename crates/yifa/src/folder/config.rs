//! Who a data folder belongs to, `yifa.toml`.

use std::path::{Path, PathBuf};

use anyhow::Result;
use engine::read::{Source, nearest_hint};
use serde::{Deserialize, Serialize};

use super::Town;
use crate::refused::refuse;
use crate::storage::SCHEMA;

/// The layout of the folder.
pub const FORMAT: u32 = 1;

/// Who the folder belongs to, `yifa.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The layout of the folder.
    pub format: u32,
    /// The journal's name for good, `example.gov.cn/360724/wuzhifeng`.
    pub origin: String,
    /// The township, 某某乡.
    pub town: String,
    /// Its county, 某某县.
    pub county: String,
    /// The city its county belongs to; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// The province; empty where nobody said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub province: String,
    /// The id under which the console writes, when nobody is named.
    pub console: String,
    /// The server on which the journal and the accounts lie, without a password; absent: in the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// Where the journal was carried to; here nothing is recorded any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<PathBuf>,
    /// Where what was signed last is kept, best on another disk; absent: `signed/checkpoint` in the folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_file: Option<PathBuf>,
    /// What a machine sends as its bearer token to read `/metrics`; absent: only the administrator may, signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics_token: Option<String>,
    /// What a mirror or witness sends as its bearer token to read the journal's feed; absent: there is no feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_token: Option<String>,
    /// Who may countersign checkpoints of this journal: what others sign is not kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<Witness>,
    /// Whose journal this folder is a copy of; absent: it is the journal itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror: Option<Box<Mirror>>,
}

impl Config {
    /// The township as it is told apart.
    pub fn place(&self) -> Town<'_> {
        Town {
            origin: &self.origin,
            town: &self.town,
            county: &self.county,
            city: &self.city,
            province: &self.province,
        }
    }
}

/// A witness the township knows, in the spirit of C2SP tlog-policy: a name, and the key that is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    /// Who it is, as people call it: 某某县.
    pub name: String,
    /// Its verifier key, `name+hash+base64`.
    pub key: String,
}

/// What a mirror follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mirror {
    /// An export folder, or the address of the township's server.
    pub source: String,
    /// The township's verifier key, got from the township itself and not from the source.
    pub key: String,
    /// What is sent as the bearer token: the township's `read_token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Certificates (PEM) the server's own is judged by; absent: those of the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<PathBuf>,
    /// The key that countersigns; absent: `witness.key` in the folder, if it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<PathBuf>,
}

/// The keys of `yifa.toml`; only the first five must be there.
const KEYS: [&str; 14] = [
    "format",
    "origin",
    "town",
    "county",
    "console",
    "city",
    "province",
    "database",
    "moved",
    "second_file",
    "metrics_token",
    "read_token",
    "witness",
    "mirror",
];

/// Reads `yifa.toml`.
pub(super) fn read(folder: &Path, text: &str) -> Result<Config> {
    let broken = |why: String, remedy: &str| {
        Err(refuse(704, format!("{} 写坏了：{why}", folder.join("yifa.toml").display()), remedy))
    };
    let backup = "请从备份取回这个文件";
    let Ok(table) = text.parse::<toml::Table>() else {
        let source = Source::new("yifa.toml", text);
        source.read(|_| ());
        let why = source.into_problems().into_iter().next().map_or_else(String::new, |problem| problem.text);
        return broken(why, backup);
    };
    if table.get("format").and_then(toml::Value::as_integer).is_some_and(|format| format > i64::from(FORMAT)) {
        return Err(newer_folder(folder));
    }
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let remedy = "它可能是更新版本的程序写的，请升级程序；手工改错了的，请从备份取回这个文件";
        return broken(format!("不认识“{key}”{}", nearest_hint(key, &KEYS)), remedy);
    }
    let missing: Vec<&str> = KEYS[..5].iter().copied().filter(|key| !table.contains_key(*key)).collect();
    if !missing.is_empty() {
        return broken(format!("缺少 {}", missing.join("、")), backup);
    }
    match table.try_into() {
        Ok(config) => Ok(config),
        Err(_) => broken("有的值不是应有的类型".to_owned(), backup),
    }
}

/// A folder that this version does not know how to read.
pub(super) fn newer_folder(path: &Path) -> anyhow::Error {
    refuse(
        709,
        format!("{} 是更新版本的程序建的（本程序认得的数据库是第 {SCHEMA} 版）", path.display()),
        "请升级程序再打开；数据没有改动",
    )
}
