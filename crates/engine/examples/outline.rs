//! Makes or refreshes `laws/*.toml` from a folder of texts with an `index.tsv`.
//!
//! `cargo run -p engine --example outline -- TEXTS LAWS`

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

use engine::law::outline::{self, Row};

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [texts, laws] = &args[..] else {
        return Err(io::Error::other("usage: outline TEXTS LAWS"));
    };
    let (texts, laws) = (Path::new(texts), Path::new(laws));
    // Parts of one instrument stand in several files and share one shape.
    let mut instruments: BTreeMap<String, (Row, String)> = BTreeMap::new();
    for row in Row::read_all(&fs::read_to_string(texts.join("index.tsv"))?) {
        let text = fs::read_to_string(texts.join(&row.file))?;
        let (_, whole) = instruments.entry(row.short().to_owned()).or_insert_with(|| (row, String::new()));
        whole.push_str(&text);
        whole.push('\n');
    }
    for (short, (row, text)) in instruments {
        let path = laws.join(format!("{short}.toml"));
        let made = match (fs::read_to_string(&path), row.from()) {
            (Ok(old), Some(from)) => outline::refresh(&old, from, &text),
            _ => outline::to_toml(&row, &text),
        };
        match made {
            Some(toml) => fs::write(&path, toml)?,
            None => eprintln!("{short}: not refreshed (no such version, or not readable as articles)"),
        }
    }
    Ok(())
}
