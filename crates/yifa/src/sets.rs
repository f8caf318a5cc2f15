//! Definition sets: the one shipped with the program, the site's own, and those adopted in the journal.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use engine::act::Act;
use engine::definition::{self, Definitions, Figure, FileSet, Register};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::refused::{Refused, refuse};
use crate::storage::{Db, TOWN};

static LAWS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../laws");
static DEFINITIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../definitions");

/// The set shipped with the program, cases included.
pub fn shipped() -> FileSet {
    let mut files = FileSet::new();
    for (root, dir) in [("laws", &LAWS), ("definitions", &DEFINITIONS)] {
        collect(root, dir, &mut files);
    }
    // The wrong examples are there to be wrong.
    files.retain(|path, _| !path.starts_with("definitions/bad/"));
    files
}

fn collect(root: &str, dir: &Dir<'_>, files: &mut FileSet) {
    for file in dir.files() {
        if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
            files.insert(format!("{root}/{}", path.replace('\\', "/")), text.to_owned());
        }
    }
    for inner in dir.dirs() {
        collect(root, inner, files);
    }
}

/// Lays the files of a site's folder (`registers/…`, `laws/…`) over a set: what it names it adds or replaces.
pub fn overlay(files: &mut FileSet, folder: &Path) -> Result<()> {
    for (name, text) in read_folder(folder)? {
        let path = if name.starts_with("laws/") || name.starts_with("definitions/") {
            name
        } else {
            format!("definitions/{name}")
        };
        files.insert(path, text);
    }
    Ok(())
}

/// All TOML and Markdown files below a folder, by their path inside it.
pub fn read_folder(folder: &Path) -> Result<FileSet> {
    let mut files = FileSet::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for item in std::fs::read_dir(&next).with_context(|| format!("read {}", next.display()))? {
            let path = item?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "md") {
                let text = std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))?;
                let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.insert(name, text);
            }
        }
    }
    Ok(files)
}

/// SHA-256 of a text, in hex.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Checks a set; all its problems if it has any.
pub fn check(files: &FileSet) -> Result<Definitions, Refused> {
    definition::check(files, &sha256).map_err(Refused)
}

/// A set in force from one entry on.
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
#[derive(Default)]
pub struct Sets {
    adopted: Vec<Adopted>,
}

impl Sets {
    /// Reads them out of the journal.
    pub fn load(db: &Db) -> Result<Sets> {
        let bodies = db.rows(
            "SELECT e.idx, p.body FROM entry e JOIN payload p ON p.town_id = e.town_id AND p.idx = e.idx \
             WHERE e.town_id = $1 AND e.record = '' ORDER BY e.idx",
            [TOWN],
            |row| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, String>(1)?)),
        )?;
        let mut sets = Sets::default();
        for (index, body) in bodies {
            if let Act::Adopt { files, .. } = serde_json::from_str(&body).context("an adoption's payload")? {
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
