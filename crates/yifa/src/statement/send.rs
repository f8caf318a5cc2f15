//! Sending: the file that goes out and the entry that keeps it are made together (报送).

use anyhow::Result;
use engine::act::{Act, Taken};
use engine::day::Day;
use engine::definition::{Definitions, Register};
use engine::value::{Fields, Value};
use journal::hash::Hash;
use journal::id::Id;
use sha2::{Digest, Sha256};

use super::filled::Filled;
use super::submission::{REGISTER, REPLACE, SEND, Submission};
use super::workbook;
use crate::append::{Draft, NEW};
use crate::folder::{Folder, replace_file};
use crate::refused::refuse;

/// The ways something is sent, as the register names them: id and what people see.
pub fn ways(set: &Definitions) -> Vec<(String, String)> {
    let field = set.register(REGISTER).and_then(|register| register.step(SEND)?.field("way"));
    let choices = field.map(|field| field.choices.as_slice()).unwrap_or_default();
    choices.iter().map(|choice| (choice.id.value.clone(), choice.title.clone())).collect()
}

/// The superior's workbook a statement is filled into: given now, kept from what was sent before, or none.
pub enum Template {
    /// Given now.
    Given(Vec<u8>),
    /// Kept, by its hash.
    Kept(String, Vec<u8>),
    /// None: a plain layout of our own.
    Plain,
}

impl Template {
    /// The one that was used last, where its file is still there.
    pub fn kept(folder: &Folder, hash: Option<&str>) -> Template {
        let bytes = hash.and_then(|hash| Some((hash, std::fs::read(folder.files().join(hash)).ok()?)));
        bytes.map_or(Template::Plain, |(hash, bytes)| Template::Kept(hash.to_owned(), bytes))
    }

    /// Fills it.
    pub fn fill(&self, filled: &Filled, bare: bool) -> Result<Vec<u8>> {
        match self {
            Template::Given(bytes) | Template::Kept(_, bytes) => workbook::fill(Some(bytes), filled, bare),
            Template::Plain => workbook::fill(None, filled, bare),
        }
    }

    /// Keeps it among the files; its hash.
    fn keep(&self, folder: &Folder) -> Result<Option<String>> {
        Ok(match self {
            Template::Given(bytes) => Some(keep(folder, bytes)?),
            Template::Kept(hash, _) => Some(hash.clone()),
            Template::Plain => None,
        })
    }
}

/// Keeps a file under its hash, synced before any entry names it.
pub fn keep(folder: &Folder, bytes: &[u8]) -> Result<String> {
    let hash = Hash(Sha256::digest(bytes).into()).to_hex();
    replace_file(&folder.files().join(&hash), bytes)?;
    Ok(hash)
}

/// What is said of a sending besides the statement.
pub struct Sending<'s> {
    /// To whom.
    pub to: &'s str,
    /// In which way: the id of a choice.
    pub way: &'s str,
    /// The person in charge, if one is named.
    pub person: Option<String>,
    /// Why it is sent again, if it was sent before.
    pub reason: Option<&'s str>,
    /// The day.
    pub on: Day,
    /// Who acts.
    pub actor: Id,
    /// The id given out with the form, if there was one.
    pub id: Option<Id>,
}

/// The register of what is sent, if the definitions in force have it.
pub fn register(set: &Definitions) -> Result<&Register> {
    let found = set.register(REGISTER).map(|register| &**register);
    found.ok_or_else(|| {
        let remedy = "请用 yifa definitions adopt 采用随程序附带的定义，再报送";
        refuse(447, "采用的定义里没有“报表报送”登记簿", remedy)
    })
}

impl Sending<'_> {
    /// The draft of the entry, its files kept. `before` is what was sent of the same to the same already.
    pub fn draft(
        &self,
        folder: &Folder,
        filled: &Filled,
        template: &Template,
        file: &[u8],
        before: Option<&Submission>,
    ) -> Result<Draft> {
        let text = |text: &str| Value::Text(text.to_owned());
        let size = i64::try_from(filled.checkpoint.size)?;
        let mut fields = vec![
            ("on", text(&self.on.to_string())),
            ("until", text(&filled.period.to.to_string())),
            ("way", text(self.way)),
            ("size", Value::Int(size)),
        ];
        let (record, step, based_on) = match before {
            None => {
                let statement = &filled.statement;
                fields.extend([
                    ("statement", text(&statement.id)),
                    ("title", text(&statement.title)),
                    ("period", text(&filled.reported.key())),
                    ("from", text(&filled.period.from.to_string())),
                    ("to", text(self.to)),
                ]);
                fields.extend(self.person.as_deref().map(|person| ("person", text(person))));
                (NEW.to_owned(), SEND, None)
            }
            Some(before) => {
                let Some(reason) = self.reason.map(str::trim).filter(|reason| !reason.is_empty()) else {
                    let title = format!("{}（{}）", filled.statement.title, filled.reported.title());
                    let said = format!("{title}已经在 {} 报给{}（{}）", before.on, before.to, before.number);
                    return Err(refuse(447, said, "更正报送的，请写明理由；报给别的单位的，改写报给谁"));
                };
                fields.push(("reason", text(reason)));
                (before.id.clone(), REPLACE, Some(before.last))
            }
        };
        fields.push(("file", text(&keep(folder, file)?)));
        fields.extend(template.keep(folder)?.map(|hash| ("template", Value::Text(hash))));
        let fields: Fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let taken = Taken { register: REGISTER.to_owned(), record, step: step.to_owned(), fields, ..Taken::default() };
        Ok(Draft { id: self.id, actor: self.actor, act: Act::Step(taken), sealed: Fields::new(), based_on })
    }
}
