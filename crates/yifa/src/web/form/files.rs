//! Files that come with a form (附件): looked at by content, kept beside the draft under their SHA-256, and stored for
//! good only when the step is sent.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use anyhow::Result;
use engine::problem::Problem;
use governor::DefaultKeyedRateLimiter;

use super::super::limits::keyed;
use super::super::sniff::{self, ACCEPTED, Kind};
use super::super::visit::{Upload, Visit};
use super::typed::Typed;
use crate::accounts::draft::Kept;
use crate::acts::Wrong;
use crate::attachment;
use crate::folder::{Folder, cannot_write, sync_folder};

/// Two hundred files at once, then one every three seconds: an album goes through, a disk is not filled by a script.
static UPLOADS: LazyLock<DefaultKeyedRateLimiter<String>> = LazyLock::new(|| keyed(3, 200));

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 80;

/// So long the files of a draft may wait for the draft itself: they come first.
const MEANWHILE: Duration = Duration::from_secs(24 * 60 * 60);

fn folder(visit: &Visit<'_>, draft: &str) -> PathBuf {
    visit.site.folder.drafts().join(draft)
}

/// Takes over what came with a form: good files are kept with the draft and named in it, of the others it is said why not.
pub fn take(visit: &Visit<'_>, account: &str, typed: &mut Typed) -> Result<Wrong> {
    let mut wrong = Wrong::new();
    for upload in &visit.asked.uploads {
        let Some(field) = upload.field.strip_prefix("u.") else { continue };
        let refuse = |code: u16, text: String, remedy: String| (field.to_owned(), Problem::new(code, text, remedy));
        let name = safe(&upload.name);
        if UPLOADS.check_key(&account.to_owned()).is_err() {
            let text = format!("附件“{name}”没有收：传得太频繁");
            wrong.push(refuse(805, text, "请过几分钟再传".to_owned()));
            continue;
        }
        if upload.bytes > attachment::LARGEST {
            let text = format!("附件“{name}”有 {} MB，最多 {} MB", upload.bytes >> 20, attachment::LARGEST >> 20);
            wrong.push(refuse(242, text, "请压缩或者分成几个文件".to_owned()));
            continue;
        }
        match sniff::sniff(&upload.path, &upload.name)? {
            Err(why) => {
                let remedy = format!("可以收：{ACCEPTED}；程序、网页、脚本、带宏的文件不收");
                wrong.push(refuse(812, format!("附件“{name}”没有收：{why}"), remedy));
            }
            Ok(kind) => {
                let kept = keep(visit, &typed.draft, upload, ended(&name, kind))?;
                let control = format!("k.{field}");
                if !typed.pairs.iter().any(|(key, hash)| *key == control && *hash == kept.hash) {
                    typed.pairs.push((control, kept.hash.clone()));
                }
                if !typed.files.iter().any(|known| known.hash == kept.hash) {
                    typed.files.push(kept);
                }
            }
        }
    }
    Ok(wrong)
}

/// Moves a file that came to where its draft keeps it.
fn keep(visit: &Visit<'_>, draft: &str, upload: &Upload, name: String) -> Result<Kept> {
    let folder = folder(visit, draft);
    fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
    let hash = attachment::hash_of(&upload.path)?;
    let to = folder.join(&hash);
    // On disk before the draft says so: what is shown as kept is there after a power cut.
    let moved = File::open(&upload.path).and_then(|file| file.sync_all()).and_then(|()| fs::rename(&upload.path, &to));
    moved.map_err(|error| cannot_write(&to, &error))?;
    sync_folder(&folder)?;
    Ok(Kept { hash, name, bytes: upload.bytes })
}

/// Lets another draft have the files of one.
pub fn share(visit: &Visit<'_>, from: &str, to: &str, files: &[Kept]) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let (from, to) = (folder(visit, from), folder(visit, to));
    fs::create_dir_all(&to).map_err(|error| cannot_write(&to, &error))?;
    for file in files {
        let (old, new) = (from.join(&file.hash), to.join(&file.hash));
        // A file system without links gets a copy; a file that is gone is told when the form is sent.
        if fs::hard_link(&old, &new).is_err() && old.is_file() {
            fs::copy(&old, &new).map_err(|error| cannot_write(&new, &error))?;
        }
    }
    sync_folder(&to)
}

/// Whether a draft keeps a file.
pub fn has(visit: &Visit<'_>, draft: &str, hash: &str) -> bool {
    folder(visit, draft).join(hash).is_file()
}

/// Stores files of a draft for good: an entry that is about to be written names them.
pub fn store(visit: &Visit<'_>, draft: &str, hashes: &[&str]) -> Result<()> {
    for hash in hashes.iter().filter(|hash| !visit.site.folder.files().join(hash).is_file()) {
        attachment::store(&visit.site.folder, &folder(visit, draft).join(hash))?;
    }
    Ok(())
}

/// Removes what a draft that was put away kept.
pub fn remove(visit: &Visit<'_>, draft: &str) {
    // Most drafts have none; and what cannot be removed now harms nobody.
    let _ = fs::remove_dir_all(folder(visit, draft));
}

/// Removes the files of all drafts that are not among these.
pub fn sweep(folder: &Folder, drafts: &BTreeSet<String>) -> Result<()> {
    let folder = folder.drafts();
    let Ok(all) = fs::read_dir(&folder) else { return Ok(()) };
    for one in all {
        let one = one.map_err(|error| cannot_write(&folder, &error))?;
        let waited = one.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        let is_left = one.file_name().to_str().is_some_and(|name| drafts.contains(name));
        if !is_left && waited.is_some_and(|waited| waited > MEANWHILE) {
            fs::remove_dir_all(one.path()).map_err(|error| cannot_write(&folder, &error))?;
        }
    }
    Ok(())
}

/// A name as it is kept: its last piece, without what could pass for a path, a command or another name.
fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: &char| {
        !c.is_control()
            && !"<>:\"|?*".contains(*c)
            && !matches!(*c as u32, 0x200b..=0x200f | 0x202a..=0x202e | 0x2066..=0x2069 | 0xfeff)
    };
    let text: String = last.chars().filter(plain).collect();
    let text = text.trim_matches(['.', ' ']);
    let (stem, ending) = text.rsplit_once('.').unwrap_or((text, ""));
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    match (stem.as_str(), ending) {
        ("", _) => "附件".to_owned(),
        (stem, "") => stem.to_owned(),
        (stem, ending) => format!("{stem}.{}", ending.chars().take(10).collect::<String>()),
    }
}

/// The name with an ending that says what the file is.
fn ended(name: &str, kind: Kind) -> String {
    match kind.endings.contains(&sniff::ending(name).as_str()) {
        true => name.to_owned(),
        false => format!("{name}.{}", kind.ending()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_says_what_the_file_is() {
        for (name, expect) in [
            ("签到表.jpg", "签到表.jpg"),
            ("C:\\桌面\\照片 1.jpg", "照片 1.jpg"),
            ("../../etc/passwd", "passwd"),
            ("照片\u{202e}gpj.exe", "照片gpj.exe"),
            ("..", "附件"),
            ("a\r\nset-cookie: x.pdf", "aset-cookie x.pdf"),
        ] {
            assert_eq!(safe(name), expect);
        }
        let picture = Kind { media: "image/jpeg", title: "图片", endings: &["jpg", "jpeg"] };
        assert_eq!(ended("照片.exe", picture), "照片.exe.jpg");
        assert_eq!(ended("照片.JPEG", picture), "照片.JPEG");
    }
}
