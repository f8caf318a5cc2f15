//! The law texts a site imported: read from its folder, and kept while nobody imports others (法律文本).

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use engine::definition::Definitions;
use engine::law::Texts;

use crate::folder::Folder;
use crate::refused::{cause, refuse};

/// The text files of a folder, by name.
pub fn read(folder: &Path) -> Result<Vec<(String, String)>> {
    let items = std::fs::read_dir(folder).map_err(|error| {
        refuse(712, format!("读不了目录 {}：{}", folder.display(), cause(&error)), "请写法律文本所在的目录")
    })?;
    let mut texts = Vec::new();
    for item in items {
        let path = item?.path();
        if path.extension().is_some_and(|ending| ending == "md" || ending == "txt") {
            let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
            let text = crate::text::read(&path)?;
            texts.push((name, text));
        }
    }
    texts.sort();
    Ok(texts)
}

/// The texts a folder has imported.
pub fn imported(folder: &Folder, set: &Definitions) -> Result<Texts> {
    let path = folder.law_texts();
    if !path.exists() {
        return Ok(Texts::default());
    }
    let texts = read(&path)?;
    // What was imported was checked then; a text changed since is shown as it is.
    Ok(Texts::load(&set.laws, texts.iter().map(|(name, text)| (name.as_str(), text.as_str()))).0)
}

/// The texts as they were read last. A hundred files are not read again for each page, and what is imported meanwhile
/// shows on the next one: every import gives the folder another day.
#[derive(Default)]
pub struct Kept(Mutex<Option<(String, Arc<Texts>)>>);

impl Kept {
    /// The texts of a folder.
    pub fn of(&self, folder: &Folder, set: &Definitions) -> Result<Arc<Texts>> {
        // When the folder last changed is only ever compared: it says nothing about when anything happened.
        let changed = std::fs::metadata(folder.law_texts()).and_then(|about| about.modified()).ok();
        let changed = format!("{changed:?}");
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, texts)) = &*kept
            && *at == changed
        {
            return Ok(texts.clone());
        }
        let texts = Arc::new(imported(folder, set)?);
        *kept = Some((changed, texts.clone()));
        Ok(texts)
    }
}
