//! A data folder: the township's name, its key, its database, its files (数据目录).
//!
//! ```text
//! yifa-data/
//!   yifa.toml           who this is
//!   log.key             signs checkpoints; whoever holds it and the database can show two histories
//!   journal.db          the journal and the tables derived from it
//!   signed/checkpoint   the second file: what was signed last, kept out of database backups
//!   files/              attachments, by SHA-256
//!   drafts/             attachments of forms that are not finished, by draft
//!   accounts.db         accounts, sessions, drafts, what was looked at
//!   laws/               texts the site imported
//!   towns/              the townships of a county, each a data folder
//! ```

mod building;
mod config;
mod server;

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use journal::hash::Hash;
use journal::id::Id;
use journal::key::{SignerKey, Use};

use crate::ambient::Ambient;
use crate::refused::{cause, refuse};
use crate::storage::postgres::{Purpose, Url};
use crate::storage::sqlite::{self, Opened};
use crate::storage::{Db, SCHEMA};
pub use building::Building;
pub use config::FORMAT;
use config::newer_folder;
pub use config::{Config, Mirror, Witness};

/// How long a writer waits for another to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// A township as it is told apart, and where it lies; what is not known is empty.
#[derive(Clone, Copy, Default)]
pub struct Town<'t> {
    /// The journal's name for good.
    pub origin: &'t str,
    /// The township.
    pub town: &'t str,
    /// Its county.
    pub county: &'t str,
    /// The city its county belongs to.
    pub city: &'t str,
    /// The province.
    pub province: &'t str,
}

/// An open data folder.
#[derive(Clone)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Who it belongs to.
    pub config: Config,
}

impl Folder {
    /// Makes a new folder with its key and an empty database, in a place that [`Building`] found free.
    ///
    /// With the address of a server, the journal lies there, beside those of other townships.
    pub fn create(path: &Path, town: Town<'_>, database: Option<&str>, ambient: &mut dyn Ambient) -> Result<Folder> {
        let Town { origin, town, county, city, province } = town;
        check_origin(origin)?;
        let made = fs::create_dir_all(path.join("signed")).and_then(|()| fs::create_dir_all(path.join("files")));
        made.map_err(|error| cannot_write(path, &error))?;
        let config = Config {
            format: FORMAT,
            origin: origin.to_owned(),
            town: town.to_owned(),
            county: county.to_owned(),
            city: city.to_owned(),
            province: province.to_owned(),
            console: ambient.id().to_string(),
            moved: None,
            database: database.map(|text| Url::parse(text).map(|url| url.to_string())).transpose()?,
            second_file: None,
            metrics_token: None,
            read_token: None,
            witness: Vec::new(),
            mirror: None,
        };
        // The key is drawn from the machine even in a demonstration: nobody else shall hold it.
        let mut seed = [0; 32];
        crate::ambient::System.fill(&mut seed);
        let key = SignerKey::from_seed(origin, Use::Note, &seed)?;
        write_private(&path.join("log.key"), &format!("{}\n", key.to_secret()))?;
        match database {
            Some(text) => server::settle(&Url::parse(text)?, config.place())?,
            None => {
                server::enter(&sqlite::create(&path.join("journal.db"))?, config.place())?;
            }
        }
        // Written last: a folder without it was never finished.
        fs::write(path.join("yifa.toml"), toml::to_string(&config)?)?;
        Ok(Folder { path: path.to_path_buf(), config })
    }

    /// Makes the folder of a mirror: a database and no key.
    pub fn create_mirror(path: &Path, config: Config) -> Result<Folder> {
        check_origin(&config.origin)?;
        let made = fs::create_dir_all(path.join("signed")).and_then(|()| fs::create_dir_all(path.join("files")));
        made.map_err(|error| cannot_write(path, &error))?;
        match &config.database {
            Some(text) => server::settle(&Url::parse(text)?, config.place())?,
            None => drop(sqlite::create(&path.join("journal.db"))?),
        }
        // It holds the township's token: nobody else's to read.
        write_private(&path.join("yifa.toml"), &toml::to_string(&config)?)?;
        Ok(Folder { path: path.to_path_buf(), config })
    }

    /// Opens an existing folder.
    pub fn open(path: &Path) -> Result<Folder> {
        let file = path.join("yifa.toml");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(refuse(
                    702,
                    format!("{} 不是依法的数据目录（没有 yifa.toml）", path.display()),
                    "请用 --data 指到数据目录；还没有的，先运行 yifa init，或者用 yifa demo 试用",
                ));
            }
            Err(error) => {
                return Err(refuse(703, format!("读不了 {}：{}", file.display(), cause(&error)), "请检查目录的权限"));
            }
        };
        Ok(Folder { path: path.to_path_buf(), config: config::read(path, &text)? })
    }

    /// The database, for reading.
    pub fn reader(&self) -> Result<Db> {
        if let Some(url) = self.server()? {
            return server::open(&url, &self.config.origin, Purpose::Reads);
        }
        self.ready(sqlite::open_reader(&self.path.join("journal.db"))?)
    }

    /// The database, for the one writer, and the lock that keeps others out while it is held.
    pub fn writer(&self) -> Result<(Db, File)> {
        if let Some(to) = &self.config.moved {
            return Err(refuse(
                771,
                format!("{} 的日志已经搬到 {}", self.path.display(), to.display()),
                "请到那里记入；这里只能查看和核验。两处都记，就成了两段日志",
            ));
        }
        let lock = self.lock()?;
        Ok((self.connect()?, lock))
    }

    /// Keeps other programs from writing while it is held.
    fn lock(&self) -> Result<File> {
        locked(&self.path)
    }

    /// The database for writing, for whoever holds the lock: at first, and again where a server went away.
    pub fn connect(&self) -> Result<Db> {
        match self.server()? {
            Some(url) => server::open(&url, &self.config.origin, Purpose::Writes),
            None => self.ready(sqlite::open_writer(&self.path.join("journal.db"))?),
        }
    }

    /// The version of the folder's tables, where it is older than the one this program knows, and where the old file is kept;
    /// unless `dry`, the one is made out of the other.
    pub fn upgrade(&self, dry: bool) -> Result<Option<(i64, PathBuf)>> {
        let path = self.path.join("journal.db");
        let Opened::Older(version) = sqlite::open_reader(&path)? else { return Ok(None) };
        let copy = self.path.join(format!("journal.第{version}版.db"));
        if dry {
            return Ok(Some((version, copy)));
        }
        let _lock = self.lock()?;
        sqlite::upgrade(&path, version, &copy)?;
        server::enter(&self.ready(sqlite::open_writer(&path)?)?, self.config.place())?;
        Ok(Some((version, copy)))
    }

    /// Goes by a server from here on; the folder itself says so only once its `yifa.toml` is written.
    pub fn stand_on(&mut self, url: &str) -> Result<()> {
        let url = Url::parse(url)?;
        self.config.database = Some(url.to_string());
        server::stand(&url, self.config.place())
    }

    /// Goes by a database of its own in another folder, made where there is none.
    pub fn stand_in(&mut self, path: &Path) -> Result<()> {
        self.path = path.to_path_buf();
        self.config.database = None;
        let file = path.join("journal.db");
        if !file.exists() {
            // Named only once it is whole: a making that was broken off is begun anew.
            let part = path.join("journal.part");
            for beside in ["journal.part", "journal.part-wal", "journal.part-shm"] {
                let _ = fs::remove_file(path.join(beside));
            }
            server::enter(&sqlite::create(&part)?, self.config.place())?;
            sqlite::gather(&part)?;
            fs::rename(&part, &file).map_err(|error| cannot_write(&file, &error))?;
        }
        Ok(())
    }

    /// Where the journal lies, for whoever reads it.
    pub fn whereabouts(&self) -> String {
        self.config.database.clone().unwrap_or_else(|| self.path.display().to_string())
    }

    /// The second database, where it lies on the journal's server.
    pub fn accounts(&self) -> Result<Option<Db>> {
        let url = self.server()?;
        url.map(|url| server::open(&url, &self.config.origin, Purpose::Accounts)).transpose()
    }

    /// The server on which the journal lies, where it does not lie in the folder.
    pub fn server(&self) -> Result<Option<Url>> {
        self.config.database.as_deref().map(Url::parse).transpose()
    }

    fn ready(&self, opened: Opened) -> Result<Db> {
        match opened {
            Opened::Ready(db) => Ok(db),
            Opened::Newer => Err(newer_folder(&self.path)),
            Opened::Older(version) => Err(refuse(
                716,
                format!("{} 是旧版程序建的（第 {version} 版，本程序用第 {SCHEMA} 版）", self.path.display()),
                "请运行 yifa upgrade 升级：先在旁边留一份旧的，再一次做完；加 --dry-run 只看要做什么",
            )),
            Opened::Broken(why) => Err(refuse(
                706,
                format!("{} 里的数据库不完整，或者打不开（{why}）", self.path.display()),
                "多半是拷贝没有完成。请重新拷贝整个目录，或者从备份取回；取回后运行 yifa verify",
            )),
            Opened::Blocked(why) => Err(refuse(
                710,
                format!("打不开 {} 里的数据库（{why}）", self.path.display()),
                "请检查磁盘剩余空间和目录的权限，然后重做",
            )),
            Opened::Unread => Err(refuse(
                714,
                format!("{} 里有还没有并入数据库的内容（journal.db-wal），而这里是只读的", self.path.display()),
                "请把整个目录（连同 journal.db-wal）拷到可以写的地方再打开；备份请在程序结束以后做",
            )),
        }
    }

    /// The key that signs checkpoints. A mirror has none.
    pub fn key(&self) -> Result<SignerKey> {
        if self.config.mirror.is_some() {
            return Err(crate::mirror::not_ours(self));
        }
        let path = self.path.join("log.key");
        let text = fs::read_to_string(&path).map_err(|error| {
            refuse(
                707,
                format!("读不了签名密钥 {}：{}", path.display(), cause(&error)),
                "请从单独保管的备份取回 log.key；只是核验的，用 yifa verify --key 公钥",
            )
        })?;
        SignerKey::parse(text.trim())
            .map_err(|_| refuse(707, format!("签名密钥 {} 写坏了", path.display()), "请从单独保管的备份取回 log.key"))
    }

    /// The townships a county's folder holds, by the names of their folders in `towns/`.
    pub fn towns(&self) -> Result<BTreeMap<String, Folder>> {
        let mut towns = BTreeMap::new();
        let Ok(items) = fs::read_dir(self.path.join("towns")) else { return Ok(towns) };
        for item in items {
            let path = item?.path();
            if path.join("yifa.toml").exists() {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
                    let remedy = "它是网址的一段：请只用英文字母、数字、点、横线和下划线，如 wuzhifeng";
                    return Err(refuse(774, format!("towns/ 里的目录名“{name}”不能用作网址"), remedy));
                }
                towns.insert(name, Folder::open(&path)?);
            }
        }
        Ok(towns)
    }

    /// Where lies what is on its way in or out: uploads not yet taken over, files not yet sent.
    pub fn incoming(&self) -> PathBuf {
        self.path.join("incoming")
    }

    /// Where the attachments of forms lie that are not finished.
    pub fn drafts(&self) -> PathBuf {
        self.path.join("drafts")
    }

    /// Whether something can be written there now.
    pub fn is_writable(&self) -> bool {
        let path = self.path.join("probe");
        let wrote = fs::write(&path, b"written to see whether it can be\n").is_ok();
        fs::remove_file(&path).is_ok() && wrote
    }

    /// The second file, which holds what was signed last.
    pub fn second_file(&self) -> PathBuf {
        let own = || self.path.join("signed").join("checkpoint");
        self.config.second_file.clone().unwrap_or_else(own)
    }

    /// Blinds the digests by which imported rows are known again and sealed names are found: without it, whoever reads a
    /// digest could try out telephone numbers until one fits. Made when it is first needed, never exported.
    pub fn blind_key(&self) -> Result<String> {
        let path = self.path.join("blind.key");
        match fs::read_to_string(&path) {
            Ok(key) if key.trim().len() == 64 => return Ok(key.trim().to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            _ => return Err(refuse(707, format!("{} 写坏了或者读不了", path.display()), "请从备份取回 blind.key")),
        }
        let mut key = [0; 32];
        crate::ambient::System.fill(&mut key);
        let text = Hash(key).to_hex();
        write_private(&path, &text)?;
        Ok(text)
    }

    /// The folder of attachments.
    pub fn files(&self) -> PathBuf {
        self.path.join("files")
    }

    /// The folder of law texts the site imported.
    pub fn law_texts(&self) -> PathBuf {
        self.path.join("laws")
    }
}

/// Keeps other programs from writing into a folder for as long as it is held.
pub fn locked(folder: &Path) -> Result<File> {
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("lock"))
        .map_err(|error| cannot_write(folder, &error))?;
    let began = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            // Two people's steps meet for a moment only; parked, because a lock that is waited for without an end
            // would leave the clerk before a screen that says nothing.
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                std::thread::park_timeout(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(refuse(
                    705,
                    format!("另一个 yifa 程序正在写 {}", folder.display()),
                    "请等它结束再试；查看、统计、核验不受影响",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(cannot_write(folder, &error)),
        }
    }
}

fn check_origin(origin: &str) -> Result<()> {
    let shaped = !origin.is_empty()
        && origin.len() <= 200
        && origin.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_/".contains(&b));
    if shaped {
        return Ok(());
    }
    Err(refuse(
        708,
        format!("日志名称“{origin}”不合规则"),
        "请用小写英文字母、数字、点、横线、下划线和斜线，如 example.gov.cn/360724/wuzhifeng；定下以后不能再改",
    ))
}

/// A folder or disk that cannot be written.
pub fn cannot_write(path: &Path, error: &std::io::Error) -> anyhow::Error {
    refuse(710, format!("写不了 {}：{}", path.display(), cause(error)), "请检查目录的权限和磁盘剩余空间")
}

/// Writes a file that only its owner may read; one that is there already is not touched.
pub fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| format!("create {}", path.display()))?;
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Half a key would be found next time and taken for one that went bad.
        let _ = fs::remove_file(path);
        return Err(cannot_write(path, &error));
    }
    Ok(())
}

/// Replaces a file that only its owner may read, in one step.
pub fn replace_private(path: &Path, text: &str) -> Result<()> {
    let fresh = path.with_extension("new");
    // Left behind by a run that was cut off; what it says is nobody's.
    let _ = fs::remove_file(&fresh);
    write_private(&fresh, text)?;
    fs::rename(&fresh, path).map_err(|error| cannot_write(path, &error))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Replaces a file in one step: other readers see the old text or the new, never half of it.
pub fn replace_file(path: &Path, text: &[u8]) -> Result<()> {
    put(&write_fresh(path, text)?, path)
}

/// Writes down to the disk, and beside a file, what is to replace it; [`put`] does.
pub fn write_fresh(path: &Path, text: &[u8]) -> Result<PathBuf> {
    let fresh = path.with_extension("new");
    let mut file = File::create(&fresh).map_err(|error| cannot_write(path, &error))?;
    if let Err(error) = file.write_all(text).and_then(|()| file.sync_all()) {
        // Half a file is of use to nobody; that it could not be removed either is no news.
        let _ = fs::remove_file(&fresh);
        return Err(cannot_write(path, &error));
    }
    Ok(fresh)
}

/// Puts what was written in place of a file.
pub fn put(fresh: &Path, path: &Path) -> Result<()> {
    if let Err(error) = fs::rename(fresh, path) {
        let _ = fs::remove_file(fresh);
        return Err(cannot_write(path, &error));
    }
    path.parent().map_or(Ok(()), sync_folder)
}

/// A rename survives a power cut only once its folder is on disk; without this an older checkpoint could come back.
pub fn sync_folder(folder: &Path) -> Result<()> {
    // The parent of a bare file name is "", which no system opens.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// The console's id.
pub fn console(config: &Config) -> Result<Id> {
    Ok(Id::parse(config.console.as_bytes())?)
}
