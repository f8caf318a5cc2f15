//! Attachments: content-addressed files of the data folder, stored before the step that names them (附件).

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use journal::hash::Hash;
use sha2::{Digest, Sha256};

use crate::ambient::{Ambient, System};
use crate::folder::{Folder, cannot_write, sync_folder};
use crate::refused::{cause, refuse};

/// The largest attachment, in bytes.
pub const LARGEST: u64 = 200 << 20;

/// What a dry run says instead of a hash: that the file can be stored is all it has to know.
pub const UNSTORED: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Whether a file could be stored, for a dry run.
pub fn would_store(path: &Path) -> Result<String> {
    fits(path)?;
    Ok(UNSTORED.to_owned())
}

fn fits(path: &Path) -> Result<()> {
    let shown = path.display();
    match fs::metadata(path) {
        Ok(about) if !about.is_file() => Err(refuse(241, format!("附件 {shown} 不是文件"), "请写一个文件的路径")),
        Ok(about) if about.len() > LARGEST => {
            let text = format!("附件 {shown} 有 {} MB，最多 {} MB", about.len() >> 20, LARGEST >> 20);
            Err(refuse(242, text, "请压缩或者分成几个文件"))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(refuse(
            241,
            format!("读不了附件 {shown}：{}", cause(&error)),
            "请检查路径；相对路径从字段文件所在目录算起",
        )),
    }
}

/// The SHA-256 of a file's bytes, in hex: the name it goes by.
pub fn hash_of(path: &Path) -> Result<String> {
    let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
    hashed(file, path, |_| Ok(()))
}

/// The same of an open file, and what is done with each piece of it.
pub fn hashed(mut file: File, path: &Path, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<String> {
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).with_context(|| format!("read {}", path.display()))? {
            0 => return Ok(Hash(hasher.finalize().into()).to_hex()),
            read => {
                hasher.update(&buffer[..read]);
                each(&buffer[..read])?;
            }
        }
    }
}

/// Stores a file and returns its SHA-256 in hex, the name it goes by in the journal.
pub fn store(folder: &Folder, path: &Path) -> Result<String> {
    fits(path)?;
    let shown = path.display();
    let folder = folder.files();
    // A name of its own: two who store at once must not write into one file.
    let fresh = folder.join(format!("new-{}", System.id()));
    let from = File::open(path)
        .map_err(|error| refuse(241, format!("读不了附件 {shown}：{}", cause(&error)), "请检查权限"))?;
    let mut to = File::create(&fresh).map_err(|error| cannot_write(&folder, &error))?;
    let name = hashed(from, path, |piece| to.write_all(piece).map_err(|error| cannot_write(&folder, &error)))?;
    // Synced before any entry names it: an entry over a file that a power cut took would never verify.
    to.sync_all().map_err(|error| cannot_write(&folder, &error))?;
    fs::rename(&fresh, folder.join(&name)).map_err(|error| cannot_write(&folder, &error))?;
    sync_folder(&folder)?;
    Ok(name)
}

/// How many bytes, as people say it.
pub fn length(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} 字节");
    }
    let (mut value, mut unit) = (bytes as f64 / 1024.0, 0);
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        (value, unit) = (value / 1024.0, unit + 1);
    }
    // Nobody wants the tenth of a kilobyte, or of a hundred of anything.
    let decimals = usize::from(unit > 0 && value < 100.0);
    format!("{value:.decimals$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_length_is_said_in_the_unit_that_fits_it() {
        let check = |bytes: u64, expect: &str| assert_eq!(length(bytes), expect);
        check(0, "0 字节");
        check(1023, "1023 字节");
        check(1024, "1 KB");
        check(15_360, "15 KB");
        check(1_572_864, "1.5 MB");
        check(200 << 20, "200 MB");
        check(5 << 30, "5.0 GB");
        check(u64::MAX, "16777216 TB");
    }
}
