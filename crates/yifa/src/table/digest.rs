//! By what a row and its steps are known again (摘要): the same words in another order of columns, another way of
//! writing a date or a number, give the same digest.

use std::collections::HashMap;

use engine::definition::{Field, FieldType, Register};
use engine::form::parse;
use sha2::{Digest as _, Sha256};

use super::cell::is_sealed;
use super::sheet::{Line, Note, Sheet, is_group};

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// Hashes pieces so that no two lists of pieces run together.
#[derive(Clone, Default)]
pub(super) struct Pieces(Sha256);

impl Pieces {
    pub(super) fn of(word: &str) -> Pieces {
        Pieces::default().add(word.as_bytes())
    }

    pub(super) fn add(mut self, piece: &[u8]) -> Pieces {
        self.0.update((piece.len() as u64).to_le_bytes());
        self.0.update(piece);
        self
    }

    pub(super) fn hash(self) -> Hash {
        self.0.finalize().into()
    }
}

/// Lower-case hex.
pub(super) fn hex(hash: &Hash) -> String {
    journal::hash::Hash(*hash).to_hex()
}

/// What a cell says, however it is written. What cannot be read stays as it stands.
pub(super) fn canonical(field: &Field, text: &str) -> String {
    match field.many {
        true => parse::split(field, text).into_iter().map(|piece| one(field, piece)).collect::<Vec<_>>().join("\u{1f}"),
        false => one(field, text),
    }
}

fn one(field: &Field, text: &str) -> String {
    let read = match &field.kind {
        FieldType::Day => parse::day(text).map(|day| day.to_string()),
        FieldType::Time => parse::time(text),
        FieldType::Number | FieldType::Entry(_) => parse::number(text).map(|number| number.to_string()),
        FieldType::Money => parse::money(text).map(|fen| fen.to_string()),
        FieldType::YesNo => parse::yes_no(text).map(|is| is.to_string()),
        FieldType::Choice | FieldType::Choices => field
            .choices
            .iter()
            .find(|choice| choice.title == text || choice.id.value == text)
            .map(|choice| choice.id.value.clone()),
        _ => None,
    };
    read.unwrap_or_else(|| text.replace("\r\n", "\n").trim().to_owned())
}

impl Sheet {
    /// Gives every row and step its digest.
    ///
    /// A step is known again by its record and its content; its record by its number, or else by the content of its
    /// opening step. So a ledger may be imported again with later columns filled in: only the new steps are new.
    pub(super) fn identify(&mut self, register: &Register) {
        let opening: Vec<bool> = register.steps.iter().map(|step| step.opens()).collect();
        let mut heads: HashMap<String, Hash> = HashMap::new();
        let mut seen: HashMap<Hash, u32> = HashMap::new();
        let mut whole: HashMap<Hash, u32> = HashMap::new();
        let (mut digests, mut rows, mut notes) = (Vec::new(), Vec::with_capacity(self.lines.len()), Vec::new());
        for line in &self.lines {
            let contents = self.contents(register, line);
            let head = contents.iter().find(|(step, _)| opening[*step]).map(|(_, hash)| *hash);
            let key = self.key(line);
            if let (Some(key), Some(head)) = (key.filter(|key| is_group(key)), head) {
                heads.entry(key.to_owned()).or_insert_with(|| nth(&mut seen, head));
            }
        }
        for line in &self.lines {
            let contents = self.contents(register, line);
            let key = self.key(line);
            let head = contents.iter().find(|(step, _)| opening[*step]).map(|(_, hash)| *hash);
            let of = match key {
                Some(key) if is_group(key) => heads.get(key).copied().unwrap_or_default(),
                Some(number) => Pieces::of("number").add(number.as_bytes()).hash(),
                None => head.map(|head| nth(&mut seen, head)).unwrap_or_default(),
            };
            let mut content = Pieces::of("row").add(key.unwrap_or_default().as_bytes());
            let mut row = Pieces::of("row");
            for (step, hash) in &contents {
                content = content.add(hash);
                let hash = match opening[*step] && key.is_none_or(is_group) {
                    true => of,
                    false => nth(&mut seen, Pieces::of("step").add(&of).add(hash).hash()),
                };
                row = row.add(&hash);
                digests.push(hash);
            }
            if let Some(first) = whole.get(&content.clone().hash()) {
                let text = format!("与第 {first} 行内容完全相同，作为另一条记入；重复的请删去");
                notes.push(Note { line: Some(line.row + 1), text });
            } else {
                whole.insert(content.hash(), line.row + 1);
            }
            rows.push((row.hash(), contents.len() as u32));
        }
        let mut start = 0;
        for (line, (digest, steps)) in self.lines.iter_mut().zip(rows) {
            (line.digest, line.steps) = (digest, start);
            start += steps;
        }
        self.digests = digests;
        self.notes.extend(notes);
    }

    /// The content of each step of a row: its index in the register, and the hash of what its cells say.
    fn contents(&self, register: &Register, line: &Line) -> Vec<(usize, Hash)> {
        let mut contents: Vec<(usize, Pieces)> = Vec::new();
        for held in self.held(line) {
            let Some((step, field)) = &self.slots[usize::from(held.index)] else { continue };
            let Some(index) = register.steps.iter().position(|one| one.id.value == *step) else { continue };
            let Some(field) = register.steps[index].field(field) else { continue };
            if contents.last().is_none_or(|(last, _)| *last != index) {
                contents.push((index, Pieces::of("content").add(register.id.value.as_bytes()).add(step.as_bytes())));
            }
            let said = self.cell(held);
            if let Some((_, pieces)) = contents.last_mut().filter(|_| !is_sealed(said)) {
                *pieces = std::mem::take(pieces).add(field.id.value.as_bytes()).add(canonical(field, said).as_bytes());
            }
        }
        for (index, pieces) in &mut contents {
            let step = &register.steps[*index];
            for (field, text) in self.said.iter().filter(|said| said.step == step.id.value).flat_map(|said| &said.with)
            {
                let text = step.field(field).map_or_else(|| text.clone(), |field| canonical(field, text));
                *pieces = std::mem::take(pieces).add(field.as_bytes()).add(text.as_bytes());
            }
        }
        contents.into_iter().map(|(step, pieces)| (step, pieces.hash())).collect()
    }
}

/// The hash with its occurrence: the second of two equal ones is its own.
fn nth(seen: &mut HashMap<Hash, u32>, hash: Hash) -> Hash {
    let count = seen.entry(hash).or_default();
    *count += 1;
    Pieces::of("nth").add(&hash).add(&count.to_le_bytes()).hash()
}
