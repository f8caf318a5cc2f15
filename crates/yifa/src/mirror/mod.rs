//! A mirror: a township's journal followed elsewhere, every entry verified before it is taken over (镜像).
//!
//! A data folder without a log key. What was accepted is accepted whole or not at all; whatever does not continue it is
//! refused by name, and nothing here is changed.

mod fork;
mod said;
pub mod source;
mod standing;

use anyhow::Result;
use journal::checkpoint::Checkpoint;
use journal::follow::{Offer, Rejected, contents, entries};
use journal::hash::EMPTY_ROOT;
use journal::key::{Use, VerifierKey};
use journal::note::Note;
use journal::opening::{Opening, Shown};
use journal::tree::root_at;

use crate::ambient::Ambient;
use crate::append::{Copier, current_keys, read_second, stored};
use crate::folder::{Folder, Mirror, replace_file};
use crate::refused::refuse;
use crate::storage::log::StoredNodes;
use crate::witness::{Cosigner, Seen};
pub use fork::{Fork, kept as keep_fork};
pub use said::{Of, rejected};
pub use source::Source;
pub use standing::{Refusal, STALE, Standing};

/// A day: how far two clocks may be apart before nobody knows what either says.
pub const DAY: i64 = 86_400_000;

/// What became of a run.
pub struct Followed {
    /// How many entries there were before.
    pub before: u64,
    /// How many there are now.
    pub size: u64,
    /// When it was countersigned, in seconds since 1970 UTC; none without a witness key.
    pub witnessed: Option<u64>,
    /// What is to be handed back: the township does not have it yet.
    pub owed: Option<String>,
}

/// How a mirror is to be run.
#[derive(Clone, Copy, Default)]
pub struct Asked {
    /// That a clock was years off is known and looked into.
    pub clock_known: bool,
}

/// The folder is somebody else's journal: its steps are recorded there.
pub fn not_ours(folder: &Folder) -> anyhow::Error {
    refuse(
        740,
        format!("{} 是{}日志的镜像，不能在这里记入，也没有签名密钥", folder.path.display(), folder.config.town),
        "请到乡里的系统记入；这里可以查看、统计、核验、重建，用 yifa mirror 同步",
    )
}

/// The township's key, as `yifa.toml` has it.
///
/// # Errors
/// It is none, or signs something else than checkpoints.
pub fn key_of(mirror: &Mirror) -> Result<VerifierKey> {
    let key = VerifierKey::parse(mirror.key.trim()).ok().filter(|key| key.kind() == Use::Note);
    key.ok_or_else(|| {
        refuse(
            742,
            format!("“{}”不是乡里日志的核验公钥", mirror.key),
            "请向乡里另要（yifa init 显示过），不要从来源里取",
        )
    })
}

/// The last checkpoint accepted: the newer one of file and database, between which a crash may have come.
fn accepted(folder: &Folder, stored: Option<String>) -> Result<Option<(Checkpoint, Note)>> {
    let keys = current_keys(folder)?;
    let second = read_second(&folder.second_file())?;
    let mut newest: Option<(Checkpoint, Note)> = None;
    for text in [second, stored].into_iter().flatten() {
        let found = Checkpoint::open(text.as_bytes(), &folder.config.origin, &keys).map_err(|_| broken(folder))?;
        if newest.as_ref().is_none_or(|newest| newest.0.size < found.0.size) {
            newest = Some(found);
        }
    }
    Ok(newest)
}

fn broken(folder: &Folder) -> anyhow::Error {
    refuse(
        759,
        format!("{} 与已经接受的检查点不符：镜像自己的数据被改动过", folder.path.display()),
        "请保留现场，运行 yifa verify 查看；要继续的，在新的目录里从头同步，一样会逐条核验",
    )
}

/// Follows the source as far as it goes: verifies, takes over, countersigns.
///
/// # Errors
/// A problem that names the township and where it differs; nothing here is changed then, but that the evidence of a fork
/// is kept as files, and that it was refused.
pub fn follow(
    folder: &Folder,
    source: &Source,
    asked: Asked,
    ambient: &mut dyn Ambient,
    progress: &dyn Fn(u64, u64),
) -> Result<Followed> {
    // Whoever finds another run at work has followed nothing, and says nothing of how it stands.
    let mut copier = Copier::open(folder)?;
    let now = ambient.now();
    let mut offered = None;
    let followed = take_over(folder, source, asked, now, progress, &mut copier, &mut offered);
    let kept = standing::keep(folder, now, offered, &followed);
    // What was refused is told before that it could not be written down.
    let followed = followed?;
    kept?;
    Ok(followed)
}

fn take_over(
    folder: &Folder,
    source: &Source,
    asked: Asked,
    now: i64,
    progress: &dyn Fn(u64, u64),
    copier: &mut Copier,
    offered: &mut Option<u64>,
) -> Result<Followed> {
    let keys = current_keys(folder)?;
    let last = accepted(folder, stored(copier.db())?)?;
    let known = last.as_ref().map(|(checkpoint, _)| checkpoint);
    let before = copier.size();
    let (size, root) = known.map_or((0, EMPTY_ROOT), |known| (known.size, known.root));
    if before > size || before == size && copier.root() != root {
        return Err(broken(folder));
    }
    let of = Of { town: &folder.config.town, source };
    let offer = Offer::read(source, &folder.config.origin, &keys).map_err(|error| rejected(&of, error))?;
    *offered = Some(offer.checkpoint.size);
    let fork = Fork { at: &folder.path, of: &of, offer: &offer, accepted: last.as_ref() };
    let mut nodes = StoredNodes { db: copier.db(), size: before };
    let continued = offer.continues(source, known);
    let mut tree = continued.map_err(|error| fork.explain(error, source, Some(&mut nodes)))?;
    // A database put back to an older copy is behind the file, and goes on from where it is.
    if root_at(&mut tree, before).map_err(|error| rejected(&of, error.into()))? != copier.root() {
        return Err(broken(folder));
    }
    let signer = Cosigner::of_mirror(folder)?;
    let total = offer.checkpoint.size;
    let seen = Seen { offer: &offer, keys: &keys, before: last.as_ref().map(|(_, note)| note) };
    // Made here, where a clock that went back stops before anything is read; it goes nowhere before all was verified.
    let note = seen.note(signer.as_ref(), now, &of)?;
    let text = note.to_string();
    if total > before || last.as_ref().is_none_or(|(_, last)| *last != note) {
        copier.whole(now, |copier| {
            entries(source, &mut tree, &offer.checkpoint, before, |entry, bytes, leaf, _| -> Result<(), Taking> {
                if leaf.recorded_at > now.saturating_add(DAY) && !asked.clock_known {
                    return Err(said::clock(&of, entry, leaf.recorded_at, now).into());
                }
                let mut shown = contents(source, entry, &leaf.commitment)?;
                close(&mut shown).map_err(anyhow::Error::from)?;
                copier.take(bytes, leaf, &shown)?;
                progress(entry + 1, total);
                Ok(())
            })
            .map_err(|taking| taking.said(&of))?;
            anyhow::ensure!(
                copier.root() == offer.checkpoint.root,
                "the entries taken do not add up to what was signed"
            );
            Ok(text.clone())
        })?;
    }
    // After the database: a crash in between leaves the file behind, and the newer of both is what was accepted.
    if read_second(&folder.second_file())?.as_deref() != Some(text.as_str()) {
        replace_file(&folder.second_file(), text.as_bytes())?;
    }
    let time_on = |note: &Note| signer.as_ref().and_then(|signer| signer.time_on(note));
    let witnessed = time_on(&note);
    let owed = (witnessed.is_some() && time_on(&offer.note).is_none()).then_some(text);
    Ok(Followed { before, size: total, witnessed, owed })
}

/// Personal values are nobody's business here, whatever a source shows.
fn close(shown: &mut Opening) -> Result<(), journal::opening::OpeningError> {
    let personal = shown.fields().iter().filter_map(|field| match field {
        Shown::Open { path, .. } if path.starts_with("/sealed/") => Some(path.clone()),
        _ => None,
    });
    let personal: Vec<String> = personal.collect();
    shown.erase(&personal.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Why an entry was not taken: by what the source is, or by what the entry says.
enum Taking {
    Rejected(Rejected),
    Other(anyhow::Error),
}

impl From<Rejected> for Taking {
    fn from(rejected: Rejected) -> Taking {
        Taking::Rejected(rejected)
    }
}

impl From<anyhow::Error> for Taking {
    fn from(error: anyhow::Error) -> Taking {
        Taking::Other(error)
    }
}

impl Taking {
    fn said(self, of: &Of<'_>) -> anyhow::Error {
        match self {
            Taking::Rejected(error) => rejected(of, error),
            Taking::Other(error) => error,
        }
    }
}
