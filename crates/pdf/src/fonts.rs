//! The faces a paper is set in: looked for by the names of families, the office's own first (字体).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use ttf_parser::name_id;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// The families of each role, the best first: 仿宋, 黑体, 楷体, 小标宋, 宋体.
pub type Chains = BTreeMap<String, Vec<String>>;

/// Which face a role is set in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Face {
    /// The role.
    pub role: String,
    /// The family found, as the chain names it; empty: none of the chain.
    pub family: String,
    /// Which of the chain it is, from 0.
    pub nth: usize,
}

/// The faces found.
pub struct Fonts {
    faces: Vec<Face>,
    /// For each role the families as typst calls them, and all others behind them for rare characters.
    families: BTreeMap<String, Vec<String>>,
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
    /// Looks the chains up in the folders.
    pub fn find(folders: &[PathBuf], chains: &Chains) -> Fonts {
        let wanted: BTreeSet<&str> = chains.values().flatten().map(String::as_str).collect();
        let mut files = Vec::new();
        folders.iter().for_each(|folder| walk(folder, 0, &mut files));
        let found: Vec<Found> = files.iter().flat_map(|path| look(path, &wanted)).collect();
        let (mut faces, mut loaded, mut fonts) = (Vec::new(), BTreeMap::<String, String>::new(), Vec::new());
        for (role, chain) in chains {
            let nth = chain.iter().position(|family| found.iter().any(|one| one.names.contains(family)));
            let family = nth.map_or(String::new(), |nth| chain[nth].clone());
            faces.push(Face { role: role.clone(), family, nth: nth.unwrap_or(chain.len()) });
        }
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
                loaded.insert(family.to_owned(), font.info().family.to_string());
                fonts.push(font);
            }
        }
        let families = chains
            .iter()
            .map(|(role, chain)| {
                let own = chain.iter().filter_map(|family| loaded.get(family));
                let rest = loaded.values();
                let mut seen = BTreeSet::new();
                let all = own.chain(rest).filter(|family| seen.insert((*family).clone())).cloned().collect();
                (role.clone(), all)
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
    pub fn families(&self) -> &BTreeMap<String, Vec<String>> {
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
