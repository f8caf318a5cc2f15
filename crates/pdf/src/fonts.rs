//! The faces a paper is set in: looked for by the names of families, the office's own first (字体).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Serialize;
use ttf_parser::name_id;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The families a role is set in: those that are that face, then those that stand in for it.
#[derive(Debug)]
struct Chain {
    role: &'static str,
    title: &'static str,
    own: &'static [&'static str],
    others: &'static [&'static str],
}

/// An office's own face first, a freely licensed one then.
#[rustfmt::skip]
const CHAINS: &[Chain] = &[
    Chain { role: "fangsong", title: "仿宋",
        own: &["仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "仿宋", "FangSong", "华文仿宋", "STFangsong", "Zhuque Fangsong", "朱雀仿宋", "FandolFang"],
        others: &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "宋体", "SimSun"] },
    Chain { role: "title", title: "小标宋",
        own: &["方正小标宋_GBK", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong"],
        others: &["FandolSong", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "宋体", "SimSun"] },
    Chain { role: "heiti", title: "黑体",
        own: &["黑体", "SimHei", "方正黑体_GBK", "华文黑体", "STHeiti", "FandolHei"],
        others: &["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "微软雅黑", "Microsoft YaHei"] },
    Chain { role: "kaiti", title: "楷体",
        own: &["楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "楷体", "KaiTi", "华文楷体", "STKaiti", "FandolKai", "LXGW WenKai", "霞鹜文楷"],
        others: &["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"] },
    Chain { role: "songti", title: "宋体",
        own: &["宋体", "SimSun", "方正书宋_GBK", "华文宋体", "STSong", "FandolSong", "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"],
        others: &[] },
];

/// Which face a role is set in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Face {
    /// The role, as people call it.
    pub role: &'static str,
    /// The family found.
    pub family: String,
    /// It only stands in: there is no face of that kind.
    pub stands_in: bool,
}

/// The faces found.
pub struct Fonts {
    faces: Vec<Face>,
    /// For each role the families as typst calls them, and all others behind them for rare characters.
    families: BTreeMap<&'static str, Vec<String>>,
    fonts: Vec<Font>,
    /// What typst looks them up in.
    pub book: LazyHash<FontBook>,
}

/// A face in a file, not yet loaded.
struct Found {
    path: PathBuf,
    index: u32,
    names: BTreeSet<String>,
    weight: u16,
}

/// The weights of prose and of titles.
const REGULAR: u16 = 400;
/// See [`REGULAR`].
const BOLD: u16 = 700;
/// Folders in folders are looked through so deep.
const DEEPEST: usize = 5;
/// And so many files at most: more lie in no folder of fonts.
const MOST_FILES: usize = 20_000;

impl Fonts {
    /// Looks in the folders, the first first.
    pub fn find(folders: &[PathBuf]) -> Fonts {
        let all = |chain: &Chain| chain.own.iter().chain(chain.others).copied().collect::<Vec<&str>>();
        let wanted: BTreeSet<&str> = CHAINS.iter().flat_map(all).collect();
        let mut files = Vec::new();
        folders.iter().for_each(|folder| walk(folder, 0, &mut files));
        let found: Vec<Found> = files.iter().flat_map(|path| look(path, &wanted)).collect();
        let is_there = |family: &&str| found.iter().any(|one| one.names.contains(*family));
        let face = |chain: &Chain| {
            let own = chain.own.iter().find(|family| is_there(family));
            let family = own.or_else(|| chain.others.iter().find(|family| is_there(family)))?;
            Some(Face { role: chain.title, family: (*family).to_owned(), stands_in: own.is_none() })
        };
        let faces = CHAINS.iter().filter_map(face).collect();
        let (mut loaded, mut fonts) = (BTreeMap::<&str, String>::new(), Vec::new());
        // Every family of every chain is loaded: the later ones have the characters the first lacks.
        for family in wanted {
            // Of each weight one: the same face twice, from two folders, is the first folder's.
            let nearest = |weight: u16| {
                let own = found.iter().filter(|one| one.names.contains(family));
                own.min_by_key(|one| one.weight.abs_diff(weight))
            };
            let (regular, bold) = (nearest(REGULAR), nearest(BOLD));
            for one in regular.into_iter().chain(bold.filter(|one| one.weight > REGULAR + 100)) {
                let Some(font) = load(one) else { continue };
                loaded.insert(family, font.info().family.to_string());
                fonts.push(font);
            }
        }
        let families = CHAINS
            .iter()
            .map(|chain| {
                let own = all(chain).into_iter().filter_map(|family| loaded.get(family));
                let mut seen = BTreeSet::new();
                let each = own.chain(loaded.values()).filter(|family| seen.insert(*family)).cloned().collect();
                (chain.role, each)
            })
            .collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        Fonts { faces, families, fonts, book }
    }

    /// Whether there is nothing to set Chinese in.
    pub fn is_empty(&self) -> bool {
        !self.has('依')
    }

    /// Which face each role is set in.
    pub fn faces(&self) -> Vec<Face> {
        self.faces.clone()
    }

    /// For each role the families in order, as the layout names them.
    pub fn families(&self) -> &BTreeMap<&'static str, Vec<String>> {
        &self.families
    }

    /// A face by its place in the book.
    pub fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn has(&self, c: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(c as u32))
    }

    /// The characters of a work that no face has, each once. A name with a blank box in it is worse than none.
    pub fn missing(&self, work: &serde_json::Value) -> Vec<char> {
        let mut all = BTreeSet::new();
        characters(work, &mut all);
        let shown = |c: &char| !c.is_control() && !c.is_whitespace();
        all.into_iter().filter(shown).filter(|c| !self.has(*c)).collect()
    }
}

fn characters(value: &serde_json::Value, all: &mut BTreeSet<char>) {
    match value {
        serde_json::Value::String(text) => all.extend(text.chars()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| characters(item, all)),
        serde_json::Value::Object(items) => items.values().for_each(|item| characters(item, all)),
        _ => {}
    }
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    // In one order on every machine: of two files of one face the same is taken.
    paths.sort();
    for path in paths {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        if path.is_dir() && depth < DEEPEST {
            walk(&path, depth + 1, files);
        } else if matches!(ending.as_str(), "ttf" | "otf" | "ttc" | "otc") && files.len() < MOST_FILES {
            files.push(path);
        }
    }
}

/// The faces of a file that are wanted, by any of their names.
fn look(path: &Path, wanted: &BTreeSet<&str>) -> Vec<Found> {
    let Ok(data) = fs::read(path) else { return Vec::new() };
    let mut found = Vec::new();
    for index in 0..ttf_parser::fonts_in_collection(&data).unwrap_or(1) {
        let Ok(face) = ttf_parser::Face::parse(&data, index) else { continue };
        let names: BTreeSet<String> = face
            .names()
            .into_iter()
            .filter(|name| matches!(name.name_id, name_id::FAMILY | name_id::TYPOGRAPHIC_FAMILY | name_id::FULL_NAME))
            .filter_map(|name| name.to_string())
            .filter(|name| wanted.contains(name.as_str()))
            .collect();
        if !names.is_empty() {
            found.push(Found { path: path.to_owned(), index, names, weight: face.weight().to_number() });
        }
    }
    found
}

fn load(found: &Found) -> Option<Font> {
    let data = fs::read(&found.path).ok()?;
    Font::new(Bytes::new(data), found.index)
}

/// Where fonts are looked for: the township's own first, then beside the program, then the system's.
pub fn folders(own: Option<&Path>) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = own.map(Path::to_owned).into_iter().collect();
    all.extend(beside());
    let home = env::var_os("HOME").map(PathBuf::from);
    if cfg!(windows) {
        all.extend(env::var_os("LOCALAPPDATA").map(|local| PathBuf::from(local).join(r"Microsoft\Windows\Fonts")));
        all.extend(env::var_os("WINDIR").map(|windows| PathBuf::from(windows).join("Fonts")));
    } else if cfg!(target_os = "macos") {
        all.extend(home.map(|home| home.join("Library/Fonts")));
        all.extend(["/Library/Fonts", "/System/Library/Fonts"].map(PathBuf::from));
    } else {
        all.extend(home.map(|home| home.join(".local/share/fonts")));
        all.extend(["/usr/local/share/fonts", "/usr/share/fonts"].map(PathBuf::from));
    }
    all
}

/// The folder beside the program, where the freely licensed ones are put.
pub fn beside() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.join("fonts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_face_every_character_is_missing_once_and_no_role_has_a_family() {
        let fonts = Fonts::find(&[PathBuf::from("no-such-folder")]);
        assert!(fonts.is_empty());
        assert_eq!(fonts.faces(), []);
        assert!(fonts.families().values().all(Vec::is_empty));
        let work = serde_json::json!({ "a": ["乙甲", "甲 \n\u{3000}"], "b": { "c": "丙" }, "d": 1 });
        // In the order of their codes.
        assert_eq!(fonts.missing(&work), ['丙', '乙', '甲']);
    }

    #[test]
    fn every_role_of_the_layout_has_a_chain_and_none_names_a_family_twice() {
        let layout = include_str!("layout.typ");
        for role in layout.split("face(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(CHAINS.iter().any(|chain| chain.role == role), "no chain for {role}");
        }
        for chain in CHAINS {
            let all: Vec<&str> = chain.own.iter().chain(chain.others).copied().collect();
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{}", chain.title);
        }
    }
}
