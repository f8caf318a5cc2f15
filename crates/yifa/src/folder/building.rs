//! A data folder being made: whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{cannot_write, sync_folder};
use crate::refused::refuse;

/// Where a folder is made until it is whole. Inside the folder it becomes, not beside it: that may be a mounted disk,
/// or `.`, and what lies beside it need not be ours to write.
const UNFINISHED: &str = "unfinished";

/// A data folder being made. Dropped before it is finished, it leaves nothing behind.
pub struct Building {
    target: PathBuf,
    within: PathBuf,
    /// The target did not exist before.
    made: bool,
    /// What was moved into the target already.
    moved: Vec<PathBuf>,
    finished: bool,
}

impl Building {
    /// Finds the place free: absent, empty, or left by a making that was interrupted.
    pub fn start(target: &Path) -> Result<Building> {
        let within = target.join(UNFINISHED);
        let made = !target.exists();
        if !made {
            let items = fs::read_dir(target).ok().and_then(|items| items.collect::<Result<Vec<_>, _>>().ok());
            if items.is_none_or(|items| items.iter().any(|item| item.file_name() != UNFINISHED)) {
                return Err(refuse(
                    701,
                    format!("{} 已经存在，而且不是空目录", target.display()),
                    "请换一个目录（--data），或者先把它移走；程序不会覆盖已有的数据",
                ));
            }
        }
        let building = Building { target: target.to_owned(), within, made, moved: Vec::new(), finished: false };
        if building.within.exists() {
            fs::remove_dir_all(&building.within).map_err(|error| cannot_write(target, &error))?;
        }
        fs::create_dir_all(&building.within).map_err(|error| cannot_write(target, &error))?;
        Ok(building)
    }

    /// Where to make it.
    pub fn path(&self) -> &Path {
        &self.within
    }

    /// Puts the whole folder in its place. Nobody may hold a file of it open.
    pub fn finish(mut self) -> Result<()> {
        self.move_all().map_err(|error| cannot_write(&self.target, &error))?;
        self.finished = true;
        sync_folder(&self.target)
    }

    fn move_all(&mut self) -> std::io::Result<()> {
        let mut names =
            fs::read_dir(&self.within)?.map(|item| Ok(item?.file_name())).collect::<std::io::Result<Vec<_>>>()?;
        // Last: a folder without yifa.toml is nobody's.
        names.sort_by_key(|name| name == "yifa.toml");
        for name in names {
            let to = self.target.join(&name);
            fs::rename(self.within.join(&name), &to)?;
            self.moved.push(to);
        }
        fs::remove_dir(&self.within)
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        // What cannot be removed either is no news to whoever is being told why the making failed.
        for path in &self.moved {
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
        let _ = fs::remove_dir_all(&self.within);
        if self.made {
            let _ = fs::remove_dir(&self.target);
        }
    }
}
