//! `/registers/{register}/{record}/files/{hash}`: a file that an entry of this record names, and what it is by its bytes
//! (附件).

use std::io::Read;
use std::path::PathBuf;

use anyhow::Result;
use engine::act::Act;
use engine::definition::FieldType;
use engine::value::{Fields, Value};

use super::Opened;
use crate::folder::Folder;
use crate::web::answer::{Answer, Body, Turned};
use crate::web::visit::Visit;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As browsers call it.
    pub media: &'static str,
    /// The ending of its name.
    pub ending: &'static str,
    /// What people see.
    pub title: &'static str,
}

const fn kind(media: &'static str, ending: &'static str, title: &'static str) -> Kind {
    Kind { media, ending, title }
}

const ZIP: Kind = kind("application/zip", "zip", "压缩包");
const TEXT: Kind = kind("text/plain; charset=utf-8", "txt", "文本");
const OTHER: Kind = kind("application/octet-stream", "bin", "文件");

/// By the first bytes; the name somebody gave says nothing.
const BEGINNINGS: &[(&[u8], Kind)] = &[
    (b"\xff\xd8\xff", kind("image/jpeg", "jpg", "图片")),
    (b"\x89PNG\r\n\x1a\n", kind("image/png", "png", "图片")),
    (b"GIF87a", kind("image/gif", "gif", "图片")),
    (b"GIF89a", kind("image/gif", "gif", "图片")),
    (b"%PDF-", kind("application/pdf", "pdf", "PDF")),
    (b"%OFD", kind("application/ofd", "ofd", "OFD")),
    (b"\xd0\xcf\x11\xe0", kind("application/msword", "doc", "旧版 Office 文档")),
    (b"PK\x03\x04", ZIP),
];
const WEBP: Kind = kind("image/webp", "webp", "图片");
/// What a container holds by the name of its first part.
const CONTAINERS: &[(&[u8], Kind)] = &[
    (b"word/", kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word 文档")),
    (b"xl/", kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel 表格")),
    (b"OFD.xml", kind("application/ofd", "ofd", "OFD")),
];

/// So much of a file is looked at.
const LOOKED_AT: usize = 4096;

impl Kind {
    fn of(first: &[u8]) -> Kind {
        if first.len() > 12 && first.starts_with(b"RIFF") && &first[8..12] == b"WEBP" {
            return WEBP;
        }
        match BEGINNINGS.iter().find(|(begins, _)| first.starts_with(begins)) {
            Some((_, found)) if *found == ZIP => {
                let holds = |name: &[u8]| memchr::memmem::find(first, name).is_some();
                CONTAINERS.iter().find(|(name, _)| holds(name)).map_or(ZIP, |(_, kind)| *kind)
            }
            Some((_, found)) => *found,
            // A character may be cut through where the looking ends.
            None => match std::str::from_utf8(first) {
                Ok(_) => TEXT,
                Err(error) if first.len() - error.valid_up_to() < 4 && !first.contains(&0) => TEXT,
                Err(_) => OTHER,
            },
        }
    }

    /// Whether a browser may show it in place: a picture cannot run anything.
    pub fn is_image(self) -> bool {
        self.media.starts_with("image/")
    }
}

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
        let mut first = Vec::with_capacity(LOOKED_AT);
        opened.take(LOOKED_AT as u64).read_to_end(&mut first).ok()?;
        Some(File { path, bytes, kind: Kind::of(&first) })
    }

    /// Its length as people say it.
    pub fn size(&self) -> String {
        match self.bytes {
            bytes if bytes < 1 << 10 => format!("{bytes} 字节"),
            bytes if bytes < 1 << 20 => format!("{} KB", bytes >> 10),
            bytes => format!("{:.1} MB", bytes as f64 / f64::from(1 << 20)),
        }
    }

    /// A name with the ending its bytes ask for, unless it has an ending already.
    pub fn named(&self, name: &str) -> String {
        let has = name.rsplit_once('.').is_some_and(|(_, ending)| (1..=5).contains(&ending.len()));
        if has { name.to_owned() } else { format!("{name}.{}", self.kind.ending) }
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

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn a_file_is_what_its_bytes_are() {
        for (bytes, ending) in [
            (&b"\xff\xd8\xff\xe0 and on"[..], "jpg"),
            (b"\x89PNG\r\n\x1a\n and on", "png"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
            (b"%PDF-1.7", "pdf"),
            (b"PK\x03\x04........word/document.xml", "docx"),
            (b"PK\x03\x04........[Content_Types].xml", "zip"),
            ("<html><script>".as_bytes(), "txt"),
            ("调解协议书".as_bytes(), "txt"),
            (&"调解".as_bytes()[..5], "txt"),
            (b"\x00\x01\x02\xff\xfe", "bin"),
        ] {
            assert_eq!(Kind::of(bytes).ending, ending, "{bytes:?}");
        }
    }
}
