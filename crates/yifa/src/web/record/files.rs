//! `/registers/{register}/{record}/files/{hash}`: a file that an entry of this record names, and what it is by its bytes
//! (附件).

use std::path::PathBuf;

use anyhow::Result;
use engine::act::Act;
use engine::definition::FieldType;
use engine::value::{Fields, Value};

use super::Opened;
use crate::attachment::length;
use crate::folder::Folder;
use crate::web::answer::{Answer, Body, Turned};
use crate::web::sniff::{Kind, stored};
use crate::web::visit::Visit;

/// A file of the folder.
pub struct File {
    path: PathBuf,
    bytes: u64,
    /// What it is.
    pub kind: Kind,
}

impl File {
    /// Looks at a file; nothing where it is gone.
    pub fn look(folder: &Folder, hash: &str) -> Option<File> {
        // A hash and nothing else: whatever else stands there must not become a path.
        let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        let path = folder.files().join(is_hash.then_some(hash)?);
        let opened = std::fs::File::open(&path).ok()?;
        let bytes = opened.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
        Some(File { path, bytes, kind: stored(opened).ok()? })
    }

    /// Its length as people say it.
    pub fn size(&self) -> String {
        length(self.bytes)
    }

    /// A name with the ending its bytes ask for, unless it has an ending already.
    pub fn named(&self, name: &str) -> String {
        let has = name.rsplit_once('.').is_some_and(|(_, ending)| (1..=5).contains(&ending.len()));
        if has { name.to_owned() } else { format!("{name}.{}", self.kind.ending()) }
    }

    /// The file, to be kept.
    pub fn download(self, name: &str) -> Answer {
        let (name, bytes) = (self.named(name), self.bytes);
        Answer::download(&name, self.kind.media, Body::File(self.path)).with("content-length", bytes.to_string())
    }

    fn shown(self) -> Answer {
        let headers = vec![
            ("content-type", self.kind.media.to_owned()),
            ("content-disposition", "inline".to_owned()),
            // The bytes of a hash never change; only whoever asked keeps them.
            ("cache-control", "no-store".to_owned()),
        ];
        Answer { status: 200, headers, body: Body::File(self.path) }
    }
}

/// `GET /registers/{register}/{record}/files/{hash}`
pub fn send(visit: &Visit<'_>) -> Result<Answer> {
    let opened = Opened::of(visit)?;
    let hash = visit.param("hash");
    let name = named(&opened, hash).ok_or(Turned::NotFound)?;
    let file = File::look(&visit.site.folder, hash).ok_or(Turned::NotFound)?;
    Ok(match visit.query("shown") {
        Some(_) if file.kind.is_image() => file.shown(),
        _ => file.download(&name),
    })
}

/// What a file is called where an entry of the record names it in the open; a sealed one nobody asks for by its hash.
fn named(opened: &Opened<'_>, hash: &str) -> Option<String> {
    let step_of = |id: &str| {
        let of = opened.entries.iter().find(|entry| entry.id == id)?;
        match &of.act {
            Act::Step(taken) => opened.register.step(&taken.step),
            _ => None,
        }
    };
    opened.entries.iter().find_map(|entry| {
        let (step, fields): (_, &Fields) = match &entry.act {
            Act::Attach { file, name, .. } => return (file == hash).then(|| name.clone()),
            Act::Step(taken) => (opened.register.step(&taken.step)?, &taken.fields),
            Act::Correct { of, fields, .. } => (step_of(of)?, fields),
            _ => return None,
        };
        let mut files = step.fields.iter().filter(|field| field.kind == FieldType::File && !field.personal);
        let holds = |id: &str| fields.get(id).map(Value::texts).unwrap_or_default().iter().any(|file| file == hash);
        let field = files.find(|field| holds(&field.id.value))?;
        Some(format!("{}-{}", step.title, field.title))
    })
}
