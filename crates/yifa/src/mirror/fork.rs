//! What does not continue what was accepted: two signed histories, or an old copy (分叉).

use std::path::{Path, PathBuf};

use anyhow::Result;
use journal::checkpoint::Checkpoint;
use journal::follow::{Offer, Rejected, first_difference};
use journal::note::Note;
use journal::tiles::TileTree;
use journal::tree::root_at;

use super::{Of, Source, rejected};
use crate::folder::{cannot_write, replace_file};
use crate::refused::refuse;
use crate::storage::log::StoredNodes;

/// What was accepted, and what is offered instead.
pub struct Fork<'f> {
    /// Where the evidence is kept.
    pub at: &'f Path,
    /// Whose journal.
    pub of: &'f Of<'f>,
    /// What is offered.
    pub offer: &'f Offer,
    /// What was accepted.
    pub accepted: Option<&'f (Checkpoint, Note)>,
}

impl Fork<'_> {
    /// Says why it is refused, and names the entry where the histories part, if our own entries are at hand.
    pub fn explain(&self, error: Rejected, source: &Source, ours: Option<&mut StoredNodes<'_>>) -> anyhow::Error {
        let Some((accepted, note)) = self.accepted else { return rejected(self.of, error) };
        let at = match &error {
            Rejected::Forked { .. } => self.parting(source, ours),
            Rejected::RolledBack { offered, .. } => match ours.map(|ours| root_at(ours, *offered)) {
                Some(Ok(root)) if root != self.offer.checkpoint.root => None,
                _ => return self.rolled_back(accepted, *offered),
            },
            _ => return rejected(self.of, error),
        };
        match kept(self.at, note, &self.offer.note) {
            Ok(evidence) => self.forked(accepted, at, &evidence),
            Err(error) => error,
        }
    }

    /// The first entry that is not as it was accepted.
    fn parting(&self, source: &Source, ours: Option<&mut StoredNodes<'_>>) -> Option<u64> {
        let Checkpoint { size, root, .. } = &self.offer.checkpoint;
        let ours = ours?;
        // Where the tiles cannot be read there is no number; that there is a fork is signed.
        let mut theirs = TileTree::open(source, *size, root).ok()?;
        let upto = ours.size.min(*size);
        first_difference::<_, _, anyhow::Error>(ours, &mut theirs, upto).ok().flatten()
    }

    fn rolled_back(&self, accepted: &Checkpoint, offered: u64) -> anyhow::Error {
        refuse(
            743,
            format!("{}的日志只有 {offered} 条，已经接受过 {} 条，没有接受", self.of.town, accepted.size),
            "拿来的是旧的一份的，请取最新的；乡里恢复过旧备份的，请乡里不要再记入，从更新的备份取回，缺了哪些这里看得到。镜像没有改动",
        )
    }

    fn forked(&self, accepted: &Checkpoint, at: Option<u64>, evidence: &Path) -> anyhow::Error {
        let where_ = at.map_or_else(|| format!("前 {} 条", accepted.size), |at| format!("从第 {at} 条起"));
        refuse(
            744,
            format!("{}的日志{where_}与已经接受的不同：签过名的历史被改写了，没有接受", self.of.town),
            format!(
                "两份都有乡里签名的检查点存在 {}，是改写的证据。请停止同步，保留现场，当面向乡里查明；镜像没有改动",
                evidence.display()
            ),
        )
    }
}

/// Keeps both signed checkpoints side by side; gives the folder they are in.
///
/// # Errors
/// The folder cannot be written.
pub fn kept(at: &Path, accepted: &Note, offered: &Note) -> Result<PathBuf> {
    let folder = at.join("fork");
    std::fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
    let size = |note: &Note| Checkpoint::from_text(note.text()).map_or(0, |checkpoint| checkpoint.size);
    replace_file(&folder.join(format!("accepted-{}", size(accepted))), accepted.to_string().as_bytes())?;
    replace_file(&folder.join(format!("offered-{}", size(offered))), offered.to_string().as_bytes())?;
    Ok(folder)
}
