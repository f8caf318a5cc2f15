//! The annual reports of the demonstration: each draft holds the very text the program gives when it is recorded.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use engine::act::Taken;
use engine::value::Value;

use super::made::Kept;
use crate::annual::Annual;
use crate::folder::{Folder, replace_file};
use crate::render;
use crate::sets::Sets;
use crate::sets::sha256;
use crate::storage::Db;
use crate::storage::log::Size;

/// The years reported on.
const YEARS: [i16; 3] = [2022, 2023, 2024];

/// What the number of entries and the text are called in the step.
const SIZE: &str = "size";
const TEXT: &str = "text";

fn name(year: i16) -> String {
    format!("年度报告{year}")
}

/// What the sheets call the text of each year, and what stands for it.
pub fn stand_ins() -> BTreeMap<String, String> {
    YEARS.into_iter().map(|year| (name(year), sha256(&name(year)))).collect()
}

/// Makes the text of everything recorded so far, keeps it, and puts it and the number of entries into the draft.
pub fn draw_up(kept: &Kept<'_>, taken: &mut Taken) -> Result<()> {
    let asked = |year: &i16| taken.fields.get(TEXT) == Some(&Value::Text(sha256(&name(*year))));
    let year = YEARS.into_iter().find(asked).context("a draft that holds another text")?;
    let size = Size::load(&kept.db, None)?.size;
    let text = text(kept.folder, &kept.db, kept.sets, year, size)?;
    let hash = sha256(&text);
    replace_file(&kept.folder.files().join(&hash), text.as_bytes())?;
    taken.fields.insert(TEXT.to_owned(), Value::Text(hash));
    taken.fields.insert(SIZE.to_owned(), Value::Int(i64::try_from(size).context("a size")?));
    Ok(())
}

/// The report of a year as of a size of the journal.
pub fn text(folder: &Folder, db: &Db, sets: &Sets, year: i16, size: u64) -> Result<String> {
    let annual = Annual { at: Some(size), ..Annual::of(year) };
    Ok(render::text::render(&annual.compose(folder, db, sets)?.document))
}
