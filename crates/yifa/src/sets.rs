//! Definition sets: the one shipped with the program, the site's own, and those adopted in the journal.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use engine::act::Act;
use engine::definition::{self, Definitions, Figure, FileSet, Register};
use engine::problem::{Place, Problem};
use journal::hash::Hash;
use sha2::{Digest, Sha256};

use crate::refused::{Refused, refuse};
use crate::storage::{Db, params};

/// `laws/` and `definitions/` as they lie in the project, packed by `build.rs`: unpacked they are five times as large.
static SHIPPED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shipped.zip"));

/// The set shipped with the program, cases included.
pub fn shipped() -> FileSet {
    let mut archive = zip::ZipArchive::new(Cursor::new(SHIPPED)).expect("what was packed when the program was built");
    let mut files = FileSet::new();
    for nth in 0..archive.len() {
        let mut file = archive.by_index(nth).expect("a file of it");
        let name = file.name().expect("a name in UTF-8").into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).expect("a text");
        files.insert(name, text);
    }
    files
}

/// A set with a site's folder laid over it.
pub struct Laid {
    /// The texts by their path inside the set.
    pub files: FileSet,
    /// The path inside the set → the path on disk, for the files of the site.
    pub on_disk: BTreeMap<String, String>,
    /// Files that lie where nobody reads them, or are not text.
    pub problems: Vec<Problem>,
}

impl From<FileSet> for Laid {
    fn from(files: FileSet) -> Laid {
        Laid { files, on_disk: BTreeMap::new(), problems: Vec::new() }
    }
}

impl Laid {
    /// Lays the files of a site's folder (`registers/…`, `laws/…`) over a set: what it names it adds or replaces.
    pub fn over(files: FileSet, folder: &Path) -> Result<Laid> {
        let mut laid = Laid::from(files);
        let mut names = Vec::new();
        list(folder, "", &mut names)?;
        if names.is_empty() {
            let text = format!("{} 里没有文件", folder.display());
            laid.problems.push(Problem::new(17, text, "请写放有 registers、figures 等目录的那个目录"));
        }
        for name in names {
            let path = folder.join(&name);
            let shown = path.display().to_string();
            if let Some(mut problem) = engine::definition::layout::misplaced(&name) {
                problem.place = Some(Place { file: shown, span: 0..0 });
                laid.problems.push(problem);
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| format!("read {shown}"))?;
            let Ok(text) = String::from_utf8(bytes) else {
                let problem = Problem::new(1, "不是 UTF-8 编码的文字", "请用编辑器另存为 UTF-8 编码");
                laid.problems.push(problem.at(&shown, 0..0));
                continue;
            };
            let inside = if name.starts_with("laws/") || name.starts_with("definitions/") {
                name
            } else {
                format!("definitions/{name}")
            };
            laid.on_disk.insert(inside.clone(), shown);
            laid.files.insert(inside, text);
        }
        Ok(laid)
    }

    /// The problems of a set as whoever wrote the files knows them: by their path on disk, with their texts.
    pub fn named(&self, mut problems: Vec<Problem>) -> (Vec<Problem>, FileSet) {
        let name = |file: &str| self.on_disk.get(file).cloned().unwrap_or_else(|| file.to_owned());
        for place in problems.iter_mut().filter_map(|problem| problem.place.as_mut()) {
            place.file = name(&place.file);
        }
        (problems, self.files.iter().map(|(file, text)| (name(file), text.clone())).collect())
    }
}

/// All files below a folder by their path inside it, in order; hidden ones are the system's own.
fn list(folder: &Path, inside: &str, names: &mut Vec<String>) -> Result<()> {
    let mut items = Vec::new();
    for item in std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        items.push(item?.path());
    }
    items.sort();
    for path in items {
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let inner = if inside.is_empty() { name.clone() } else { format!("{inside}/{name}") };
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            list(&path, &inner, names)?;
        } else {
            names.push(inner);
        }
    }
    Ok(())
}

/// SHA-256 of a text, in hex.
pub fn sha256(text: &str) -> String {
    Hash(Sha256::digest(text.as_bytes()).into()).to_hex()
}

/// Checks a set and runs its cases; all the problems of both.
pub fn check_with_cases(files: &FileSet) -> (Definitions, Vec<Problem>) {
    let (set, mut problems) = definition::read(files, &sha256);
    problems.extend(engine::cases::run(files, &set, &problems));
    (set, problems)
}

/// Checks a set; all its problems if it has any.
pub fn check(files: &FileSet) -> Result<Definitions, Refused> {
    definition::check(files, &sha256).map_err(Refused)
}

/// A set in force from one entry on.
#[derive(Clone)]
pub struct Adopted {
    /// Index of the entry that adopted it.
    pub index: u64,
    /// The set.
    pub set: Arc<Definitions>,
    figures: BTreeMap<String, Vec<Arc<Figure>>>,
}

impl Adopted {
    /// Prepares a set: which figures count which register.
    pub fn new(index: u64, set: Definitions) -> Adopted {
        let figures = set.registers.keys().map(|id| (id.clone(), set.figures_of(id).cloned().collect())).collect();
        Adopted { index, set: Arc::new(set), figures }
    }

    /// The figures with facts of their own that count a register.
    pub fn figures(&self, register: &str) -> &[Arc<Figure>] {
        self.figures.get(register).map_or(&[], Vec::as_slice)
    }
}

/// All sets a journal has adopted.
#[derive(Clone, Default)]
pub struct Sets {
    adopted: Vec<Adopted>,
}

impl Sets {
    /// Reads them out of the journal.
    pub fn load(db: &Db) -> Result<Sets> {
        let bodies = db.rows(
            "SELECT e.idx, p.body FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
             WHERE e.town_id = $1 AND e.record = '' ORDER BY e.idx",
            params![],
            |row| Ok((row.get::<i64>(0)? as u64, row.get::<String>(1)?)),
        )?;
        let mut sets = Sets::default();
        for (index, body) in bodies {
            if let Act::Adopt { files, .. } = serde_json::from_str(&body).map_err(|_| {
                let text = format!("第 {index} 条（采用定义）的内容被改动过，已经读不懂");
                refuse(722, text, "请停止使用并报告县司法局；运行 yifa verify 可以看到是哪一条、哪一项")
            })? {
                let set = check(&files).map_err(|refused| {
                    anyhow::anyhow!("entry {index} adopts a set that this version refuses: {refused}")
                })?;
                sets.adopt(Adopted::new(index, set));
            }
        }
        Ok(sets)
    }

    /// Adds a newly adopted set.
    pub fn adopt(&mut self, adopted: Adopted) {
        self.adopted.push(adopted);
    }

    /// The set in force now.
    pub fn current(&self) -> Result<&Adopted> {
        self.adopted.last().ok_or_else(|| {
            let remedy = "多半是建立时中断了。请运行 yifa definitions adopt --reason 建立日志，接着建完";
            refuse(713, "这个数据目录没有建完：还没有采用定义", remedy)
        })
    }

    /// The set that was in force when the journal had `size` entries; without a size, the one in force now.
    pub fn at(&self, size: Option<u64>) -> Result<&Adopted> {
        let Some(size) = size else { return self.current() };
        self.adopted.iter().rfind(|set| set.index < size).ok_or_else(|| {
            refuse(608, format!("日志有 {size} 条时还没有采用定义"), "请把 --at 写大一些，或者不写，按现在的日志计算")
        })
    }

    /// The sets in the order adopted.
    pub fn all(&self) -> &[Adopted] {
        &self.adopted
    }

    /// A register as it stood in the set under which a record was opened by the entry `index`.
    pub fn opened_under(&self, index: u64, register: &str) -> Result<&Arc<Register>> {
        let set = self.adopted.iter().rfind(|set| set.index < index).context("no set was adopted before")?;
        set.set.register(register).with_context(|| format!("no register {register} in the set of entry {}", set.index))
    }
}
