//! The annual report as an official paper.

use anyhow::Result;
use engine::definition::Definitions;
use engine::paper::{Paper, Work};
use engine::value::Value;

use crate::annual::{Composed, Making, REGISTER};
use crate::folder::Folder;
use crate::query::names::called;
use crate::render::official::{Dress, official};
use crate::render::text;
use crate::sets::sha256;
use crate::storage::Db;

/// The report of a year on paper: its number and who signed it off are read from the record of its making.
///
/// # Errors
/// A fault of the database.
pub fn paper(
    folder: &Folder,
    db: &Db,
    set: &Definitions,
    composed: &Composed,
    making: Option<&Making>,
) -> Result<Paper> {
    let config = &folder.config;
    let keeper = set.register(REGISTER).and_then(|register| register.keeper.clone());
    let mut dress = Dress {
        printed_by: format!("{}{}", config.town, keeper.unwrap_or_default()),
        origin: config.origin.clone(),
        checkpoint: format!("{} {}", composed.size.size, composed.size.root),
        hash: sha256(&text::render(&composed.document)),
        year: composed.year + 1,
        ..Dress::default()
    };
    if let Some(making) = making {
        let course = making.course(set);
        let taken = |step: &str| course.taken().rfind(|one| one.step.id.value == step);
        let said = |step: &str, field: &str| taken(step)?.value(field).and_then(Value::as_text).map(str::to_owned);
        dress.number = said("send", "number");
        for step in ["sign_secretary", "sign_head"] {
            if let Some(person) = said(step, "person") {
                dress.signers.push(called(db, &person)?.unwrap_or(person));
            }
        }
    }
    Ok(official(&composed.document, &dress))
}

/// The report of a county on paper: nobody keeps a record of its making, so its number and who signs it off are left open.
pub fn of_county(folder: &Folder, composed: &Composed) -> Paper {
    let config = &folder.config;
    let dress = Dress {
        printed_by: config.town.clone(),
        origin: config.origin.clone(),
        checkpoint: format!("{} {}", composed.size.size, composed.size.root),
        hash: sha256(&text::render(&composed.document)),
        year: composed.year + 1,
        of_many: true,
        ..Dress::default()
    };
    official(&composed.document, &dress)
}

/// One paper as a work of its own.
pub fn alone(paper: Paper, author: &str) -> Work {
    Work { title: paper.title.replace('\n', ""), author: author.to_owned(), papers: vec![paper], contents: Vec::new() }
}
