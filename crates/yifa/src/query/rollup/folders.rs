//! The townships of one folder: a data folder or a mirror of each, every one asked by itself.

use std::path::{Path, PathBuf};

use anyhow::Result;
use engine::problem::Problem;
use serde::Serialize;

use super::{Asked, Town, Within};
use crate::county::signed;
use crate::folder::Folder;
use crate::mirror::Standing;
use crate::query::figures::sums_behind;
use crate::query::overdue::Dues;
use crate::refused::{cause, problems, refuse};
use crate::sets::Sets;
use crate::storage::log::Head;
use crate::storage::params;

/// A township that could not be read, and is in no number.
#[derive(Debug, Serialize)]
pub struct Unread {
    /// Its folder.
    pub folder: PathBuf,
    /// Why.
    pub text: String,
    /// What is to be done.
    pub remedy: String,
}

/// What every township below a folder has of a figure, and how far its journal goes, in the order of the folders' names;
/// and those that cannot be read.
///
/// # Errors
/// P786 where there is no data folder. One that cannot be read is no error: the others are worth telling, and it is named.
pub fn of_folders(root: &Path, asked: Asked<'_>, within: Option<&Within>) -> Result<(Vec<Town>, Vec<Unread>)> {
    let listed = std::fs::read_dir(root).and_then(|items| items.map(|item| Ok(item?.path())).collect());
    let mut paths: Vec<PathBuf> = listed.map_err(|error| none(root, &format!("（{}）", cause(&error))))?;
    paths.retain(|path| path.join("yifa.toml").is_file());
    paths.sort();
    if paths.is_empty() {
        return Err(none(root, ""));
    }
    let (mut towns, mut unread) = (Vec::new(), Vec::new());
    for path in paths {
        match of_folder(&path, asked) {
            Ok(town) if within.is_none_or(|within| within.holds(&town.place)) => towns.push(town),
            Ok(_) => {}
            Err(error) => {
                let Some(Problem { text, remedy, .. }) = problems(&error).and_then(|all| all.into_iter().next()) else {
                    return Err(error);
                };
                unread.push(Unread { folder: path, text, remedy });
            }
        }
    }
    Ok((towns, unread))
}

fn none(root: &Path, why: &str) -> anyhow::Error {
    refuse(
        786,
        format!("{} 里没有乡镇的数据目录{why}", root.display()),
        "请写放着各乡镇数据目录的那个目录：里面每个乡镇一个子目录，子目录里有 yifa.toml",
    )
}

fn of_folder(path: &Path, asked: Asked<'_>) -> Result<Town> {
    let folder = Folder::open(path)?;
    let db = folder.reader()?;
    db.at_once(|| {
        let Asked { set, figure, period } = asked;
        let sets = Sets::load(&db)?;
        let own = sets.current()?.set.figures.get(&figure.id).map(|own| own.hash.as_str());
        let mut sums = sums_behind(&db, set, &[figure], period, &Dues::now())?;
        sums.retain(|_, sum| sum.entries > 0);
        let last = "SELECT recorded_at FROM entry WHERE town_id = $1 ORDER BY idx DESC LIMIT 1";
        let signed = signed(&db)?;
        Ok(Town {
            place: folder.config.place().into(),
            sums,
            size: Head::load(&db)?.size(),
            last_entry: db.one(last, params![], |row| row.get(0))?,
            signed,
            following: Standing::of(&folder, signed.map(|(_, at)| at)),
            differs: Some(own != Some(figure.hash.as_str())),
        })
    })
}
