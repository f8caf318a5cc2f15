//! The files of the project, and Rust with its comments and strings told apart.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace")
}

/// A text file by its path inside the project.
pub struct File {
    pub path: String,
    pub text: String,
}

/// All text files below some folders of the project with one of these endings; generated folders aside.
pub fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(path) = waiting.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name == "target" || name == ".git" || name.starts_with("yifa-data") {
                continue;
            }
            waiting.extend(fs::read_dir(&path).expect("a readable folder").map(|item| item.expect("an item").path()));
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let inside = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
            found.push(File { path: inside, text });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "nothing found below {folders:?}");
    found
}

/// One file that must be there.
pub fn file(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All Rust files of the project.
pub fn rust() -> Vec<Rust> {
    files(&["crates", "tests"], &[".rs"]).into_iter().map(Rust::read).collect()
}

/// Rust files of the programs themselves: not their tests, benches and examples.
pub fn programs() -> Vec<Rust> {
    rust().into_iter().filter(|file| is_program(&file.path)).collect()
}

fn is_program(path: &str) -> bool {
    path.starts_with("crates/") && path.contains("/src/") && !path.contains("/tests/") && !path.ends_with("/tests.rs")
}

/// A Rust file, its comments and strings told apart from its code. No macro is expanded, nothing is resolved.
pub struct Rust {
    pub path: String,
    pub text: String,
    /// The text with comments and the insides of strings blanked; offsets are the same.
    pub code: String,
    pub strings: Vec<Literal>,
}

/// A string literal.
pub struct Literal {
    /// Offset of its opening quotation mark.
    pub at: usize,
    /// Offset behind its closing quotation mark.
    pub end: usize,
    /// What it says.
    pub text: String,
}

impl Rust {
    pub fn read(file: File) -> Rust {
        let File { path, text } = file;
        let mut code = text.clone().into_bytes();
        let mut strings = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let rest = &text[at..];
            let end = if rest.starts_with("//") {
                at + rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                at + rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else if let Some(literal) = literal(&text, at) {
                let end = literal.end;
                strings.push(literal);
                end
            } else if bytes[at] == b'\'' {
                if let Some(length) = character(rest) {
                    blank(&mut code[at..at + length]);
                    at += length;
                } else {
                    at += 1;
                }
                continue;
            } else {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            };
            blank(&mut code[at..end]);
            at = end;
        }
        let code = String::from_utf8(code).expect("whole characters were blanked");
        Rust { path, text, code, strings }
    }

    /// The line an offset stands in, from 1.
    pub fn line(&self, at: usize) -> usize {
        1 + self.text[..at].matches('\n').count()
    }

    /// `path:line` of an offset.
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.line(at))
    }

    /// Places where a piece of code stands, comments and strings aside.
    pub fn places(&self, piece: &str) -> Vec<String> {
        self.code.match_indices(piece).map(|(at, _)| self.place(at)).collect()
    }
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

/// The length of a character literal; a lifetime has none.
fn character(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        return rest[2..].char_indices().skip(1).find(|(_, c)| *c == '\'').map(|(at, _)| at + 3);
    }
    let (at, close) = chars.next()?;
    (close == '\'').then_some(at + 1)
}

/// The string literal that begins here, raw ones included.
fn literal(text: &str, at: usize) -> Option<Literal> {
    let rest = &text[at..];
    let inside_a_word = text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
    let raw = rest.strip_prefix('r').filter(|_| !inside_a_word);
    if let Some(after) = raw {
        let marks = after.len() - after.trim_start_matches('#').len();
        let body = after[marks..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(marks));
        let length = body.find(&close)?;
        let end = at + 1 + marks + 1 + length + close.len();
        return Some(Literal { at, end, text: body[..length].to_owned() });
    }
    let body = rest.strip_prefix('"')?;
    let mut said = String::new();
    let mut chars = body.char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            '"' => return Some(Literal { at, end: at + 1 + offset + 1, text: said }),
            '\\' => match chars.next()?.1 {
                'n' => said.push('\n'),
                '\n' => {
                    // A line broken in the source is one line in the program.
                    let rest = chars.as_str();
                    let blanks = rest.len() - rest.trim_start().len();
                    (0..rest[..blanks].chars().count()).for_each(|_| _ = chars.next());
                }
                other => said.push(other),
            },
            other => said.push(other),
        }
    }
    None
}

/// Fails with everything found, and what to do about it.
#[track_caller]
pub fn none(found: Vec<String>, remedy: &str) {
    assert!(found.is_empty(), "{remedy}\n  {}", found.join("\n  "));
}

/// Whether a word stands in a text with no letter, digit or underscore beside it.
pub fn has_word(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(joins) && !text[at + word.len()..].chars().next().is_some_and(joins)
    })
}

#[test]
fn comments_and_strings_are_told_apart_from_code() {
    let text = "let a = \"x // y\"; // \"no\"\nlet b = 'q'; let c: &'a str = r#\"z\"q\"#; /* \"n\" */ let d = '\\'';\n\"a \\\n   b\"";
    let read = Rust::read(File { path: "x.rs".to_owned(), text: text.to_owned() });
    let said: Vec<&str> = read.strings.iter().map(|literal| literal.text.as_str()).collect();
    assert_eq!(said, ["x // y", "z\"q", "a b"]);
    assert!(!read.code.contains("no") && !read.code.contains('z') && read.code.contains("&'a str"), "{}", read.code);
    assert_eq!((read.code.len(), read.line(read.strings[2].at)), (text.len(), 3));
}
