//! Witnesses: whoever saw a checkpoint, found it consistent with what he saw before, and says so with a time (见证).
//!
//! C2SP tlog-cosignature v1. A witness keeps the last checkpoint he signed and signs none that does not continue it; so a
//! township that shows two histories has to show one of them to nobody who asks its witnesses.

pub mod kept;
pub mod plain;

use std::path::{Path, PathBuf};

use anyhow::Result;
use journal::follow::Offer;
use journal::key::{SignerKey, Use, VerifierKey};
use journal::note::Note;

use crate::ambient::{Ambient, System, moment_of};
use crate::folder::{Folder, cannot_write, write_private};
use crate::mirror::Of;
use crate::refused::{cause, refuse};

/// The file of the witness's key.
pub const KEY: &str = "witness.key";

/// Makes a witness key in a folder, which may be a data folder or none.
///
/// # Errors
/// There is one already, the name is none, or the folder cannot be written.
pub fn make_key(folder: &Path, name: &str) -> Result<VerifierKey> {
    let path = folder.join(KEY);
    if path.exists() {
        let text = format!("{} 已经有了", path.display());
        return Err(refuse(750, text, "请继续用它：换一个，各乡就不认得了；要看公钥，运行 yifa witness key"));
    }
    let mut seed = [0; 32];
    System.fill(&mut seed);
    let key = SignerKey::from_seed(name, Use::Cosignature, &seed).map_err(|_| {
        refuse(
            750,
            format!("见证方的名称“{name}”不合规则"),
            "请用本单位的域名开头，不含空格和加号，如 county.gov.cn/witness",
        )
    })?;
    std::fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    write_private(&path, &format!("{}\n", key.to_secret()))?;
    Ok(key.verifier().clone())
}

/// The key of a witness who signs.
pub struct Cosigner {
    key: SignerKey,
}

impl Cosigner {
    /// Reads a key.
    ///
    /// # Errors
    /// The file is not there, or is no key of a witness.
    pub fn read(path: &Path) -> Result<Cosigner> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let text = format!("读不了见证密钥 {}：{}", path.display(), cause(&error));
            refuse(750, text, "还没有的，用 yifa witness key --name 名称 建一个；丢了的，从备份取回")
        })?;
        let key = SignerKey::parse(text.trim()).ok().filter(|key| key.verifier().kind() == Use::Cosignature);
        let key = key.ok_or_else(|| {
            let text = format!("{} 不是见证密钥，或者写坏了", path.display());
            refuse(750, text, "请从备份取回；乡里的 log.key 不能用来见证")
        })?;
        Ok(Cosigner { key })
    }

    /// The one a mirror signs with, if it signs.
    ///
    /// # Errors
    /// As [`Cosigner::read`].
    pub fn of_mirror(folder: &Folder) -> Result<Option<Cosigner>> {
        let named = folder.config.mirror.as_ref().and_then(|mirror| mirror.witness.clone());
        let own: PathBuf = folder.path.join(KEY);
        match named {
            Some(path) => Cosigner::read(&path).map(Some),
            None if own.exists() => Cosigner::read(&own).map(Some),
            None => Ok(None),
        }
    }

    /// The key that verifies what it signs.
    pub fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// When a note was signed with it, in seconds since 1970 UTC; none if it was not.
    pub fn time_on(&self, note: &Note) -> Option<u64> {
        let signed = note.verify(std::slice::from_ref(self.verifier())).ok()?;
        signed.iter().filter_map(|line| line.time).max()
    }
}

/// A checkpoint that was found to continue what was seen before.
pub struct Seen<'s> {
    /// What is offered.
    pub offer: &'s Offer,
    /// The journal's keys.
    pub keys: &'s [VerifierKey],
    /// The note kept before.
    pub before: Option<&'s Note>,
}

impl Seen<'_> {
    /// The note to be kept: the checkpoint with the journal's own signatures, and the witness's.
    ///
    /// # Errors
    /// The clock went back behind the last signature.
    pub fn note(self, signer: Option<&Cosigner>, now: i64, of: &Of<'_>) -> Result<Note> {
        let Seen { offer, keys, before } = self;
        let same = before.filter(|before| before.text() == offer.note.text());
        let last = signer.and_then(|signer| before.and_then(|before| signer.time_on(before)));
        let Some(signer) = signer.filter(|_| same.is_none() || last.is_none()) else {
            return same.map_or_else(|| own(offer, keys), |same| Ok(same.clone()));
        };
        let time = u64::try_from(now / 1000).unwrap_or(0);
        if let Some(last) = last.filter(|last| *last > time) {
            let (last, now) = (moment_of(last as i64 * 1000), moment_of(now));
            return Err(refuse(
                749,
                format!("上次见证{}的日志是 {last}，而这台机器现在是 {now}：时钟倒退了，没有见证", of.town),
                "请校准这台机器的时钟再运行；没有改动",
            ));
        }
        let mut note = own(offer, keys)?;
        note.cosign(&signer.key, time)?;
        Ok(note)
    }
}

/// The note with the journal's own signatures alone: what others wrote under it is theirs to hand on.
fn own(offer: &Offer, keys: &[VerifierKey]) -> Result<Note> {
    let mut note = Note::new(offer.note.text())?;
    let ours =
        |line: &&journal::note::NoteSignature| keys.iter().any(|key| key.name() == line.name && key.id() == line.id);
    for line in offer.note.signatures().iter().filter(ours) {
        note.add(line.clone())?;
    }
    Ok(note)
}
