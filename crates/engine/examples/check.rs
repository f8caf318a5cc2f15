//! Checks report texts: `check OUT FILE…` writes `OUT/<name>.json` with the claims and the lint of each file.

use engine::lint::{self, Part};
use serde::Deserialize;
use serde_json::json;
use std::{env, error::Error, fs, path::Path};

#[derive(Deserialize)]
struct Parts {
    part: Vec<Part>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let out = args.next().ok_or("usage: check OUT FILE…")?;
    let definition = include_str!("../../../definitions/reports/annual_parts.toml");
    let parts: Parts = toml::from_str(definition)?;
    fs::create_dir_all(&out)?;
    for file in args {
        let text = fs::read_to_string(&file)?;
        let lint::Review { claims, lint, .. } = lint::review(&text, &parts.part);
        let name = Path::new(&file).file_stem().ok_or("not a file")?;
        let target = Path::new(&out).join(name).with_extension("json");
        let report = json!({ "claims": claims, "lint": lint });
        fs::write(target, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(())
}
