//! A table that was judged, kept until it is recorded: what is recorded is the very file that was judged (暂存的表).
//!
//! It lies among what arrives, under its owner and the hash of its bytes: nobody else reaches it, and it is no other file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use crate::attachment;
use crate::folder::{Folder, cannot_write};
use crate::web::visit::Visit;

/// How long a file waits for its owner.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Takes a file over for whoever signed in; answers the token by which he names it.
pub fn keep(visit: &Visit<'_>, path: &Path) -> Result<String> {
    let token = attachment::hash_of(path)?;
    let to = place(visit, &token);
    fs::rename(path, &to).map_err(|error| cannot_write(&to, &error))?;
    Ok(token)
}

/// The file of a token, if whoever signed in has one.
pub fn find(visit: &Visit<'_>, token: &str) -> Option<PathBuf> {
    let is_hash = token.len() == 64 && token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then(|| place(visit, token)).filter(|path| path.is_file())
}

fn place(visit: &Visit<'_>, token: &str) -> PathBuf {
    let owner = visit.signed.map_or("", |signed| signed.account.id.as_str());
    visit.site.folder.incoming().join(format!("{owner}.{token}"))
}

/// Removes what has waited too long, and what a crash left behind.
pub fn sweep(folder: &Folder) -> Result<()> {
    let Ok(files) = fs::read_dir(folder.incoming()) else { return Ok(()) };
    for file in files {
        let file = file?;
        // One that is gone meanwhile, or of a clock set back, is left alone.
        let waited = file.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        if waited.is_some_and(|waited| waited > PATIENCE) {
            fs::remove_file(file.path()).map_err(|error| cannot_write(&file.path(), &error))?;
        }
    }
    Ok(())
}
