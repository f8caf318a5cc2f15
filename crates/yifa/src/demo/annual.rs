//! The annual reports of the demonstration: each draft holds the very text the program gives when it is recorded.
//!
//! A text that opens figures can be made only when the entries behind them are there. Until then something stands for
//! it; when its turn comes, everything before it is on disk and signed, as it was for whoever drew the report up.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use engine::act::Act;
use engine::value::Value;

use crate::annual::Annual;
use crate::append::Draft;
use crate::folder::{Folder, replace_file};
use crate::render;
use crate::sets::Sets;
use crate::sets::sha256;
use crate::storage::log::Size;

/// The years reported on.
const YEARS: [i16; 3] = [2022, 2023, 2024];

/// The step a draft is recorded by, with what its number of entries and its text are called there.
const DRAFT: (&str, &str) = ("annual_report", "draft");
const SIZE: &str = "size";
const TEXT: &str = "text";

fn name(year: i16) -> String {
    format!("年度报告{year}")
}

/// What the sheets call the text of each year, and what stands for it.
pub fn stand_ins() -> BTreeMap<String, String> {
    YEARS.into_iter().map(|year| (name(year), sha256(&name(year)))).collect()
}

/// The year whose text is to be made before this is recorded.
pub fn asked(draft: &Draft) -> Option<i16> {
    let Act::Step(taken) = &draft.act else { return None };
    if (taken.register.as_str(), taken.step.as_str()) != DRAFT {
        return None;
    }
    YEARS.into_iter().find(|year| taken.fields.get(TEXT) == Some(&Value::Text(sha256(&name(*year)))))
}

/// Makes the text of everything recorded so far, keeps it, and puts it and the number of entries into the draft.
pub fn draw_up(folder: &Folder, year: i16, draft: &mut Draft) -> Result<()> {
    let size = Size::load(&folder.reader()?, None)?.size;
    let text = text(folder, year, size)?;
    let hash = sha256(&text);
    replace_file(&folder.files().join(&hash), text.as_bytes())?;
    let Act::Step(taken) = &mut draft.act else { bail!("a draft that is no step") };
    taken.fields.insert(TEXT.to_owned(), Value::Text(hash));
    taken.fields.insert(SIZE.to_owned(), Value::Int(i64::try_from(size).context("a size")?));
    Ok(())
}

/// The report of a year as of a size of the journal.
pub fn text(folder: &Folder, year: i16, size: u64) -> Result<String> {
    let db = folder.reader()?;
    let annual = Annual { at: Some(size), ..Annual::of(year) };
    Ok(render::text::render(&annual.compose(folder, &db, &Sets::load(&db)?)?.document))
}
