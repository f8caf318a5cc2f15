//! Attachments: content-addressed files of the data folder, stored before the step that names them (附件).

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
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

/// Stores a file and returns its SHA-256 in hex, the name it goes by in the journal.
pub fn store(folder: &Folder, path: &Path) -> Result<String> {
    fits(path)?;
    let shown = path.display();
    let folder = folder.files();
    // A name of its own: two who store at once must not write into one file.
    let fresh = folder.join(format!("new-{}", System.id()));
    let mut from = File::open(path)
        .map_err(|error| refuse(241, format!("读不了附件 {shown}：{}", cause(&error)), "请检查权限"))?;
    let mut to = File::create(&fresh).map_err(|error| cannot_write(&folder, &error))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = from.read(&mut buffer).with_context(|| format!("read {shown}"))?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
        to.write_all(&buffer[..read]).map_err(|error| cannot_write(&folder, &error))?;
    }
    // Synced before any entry names it: an entry over a file that a power cut took would never verify.
    to.sync_all().map_err(|error| cannot_write(&folder, &error))?;
    let name: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    fs::rename(&fresh, folder.join(&name)).map_err(|error| cannot_write(&folder, &error))?;
    sync_folder(&folder)?;
    Ok(name)
}
