//! Who else saw the journal: countersigned checkpoints of an export, each held against the tree that was verified.

use jiff::Timestamp;
use jiff::tz::Offset;
use journal::checkpoint::Checkpoint;
use journal::export::CHECKPOINT_PATH;
use journal::key::VerifierKey;
use journal::tiles::{Files, TileTree};
use journal::tree::root_at;

/// Says of each witness what it saw last and when; how many of them saw nothing, or something else.
pub fn verify(files: &impl Files, checkpoint: &Checkpoint, key: &VerifierKey, witnesses: &[VerifierKey]) -> u64 {
    let mut wrong = 0;
    for witness in witnesses {
        match seen(files, checkpoint, key, witness) {
            Ok((size, time)) => println!("已由 {} 见证：{size} 条，{}", witness.name(), moment(time)),
            Err(text) => {
                wrong += 1;
                println!("不符：{} {text}", witness.name());
            }
        }
    }
    wrong
}

/// The most entries this witness signed for, and when.
fn seen(
    files: &impl Files,
    checkpoint: &Checkpoint,
    key: &VerifierKey,
    witness: &VerifierKey,
) -> Result<(u64, u64), String> {
    for path in [CHECKPOINT_PATH.to_owned(), format!("witnesses/{:08x}", witness.id())] {
        let Some(bytes) = files.read(&path).map_err(|error| format!("{path}：{error}"))? else { continue };
        let (found, note) = Checkpoint::open(&bytes, key.name(), std::slice::from_ref(key))
            .map_err(|error| format!("{path}：{error}"))?;
        let Ok(signed) = note.verify(std::slice::from_ref(witness)) else { continue };
        if found.size > checkpoint.size {
            return Err(format!("见证过 {} 条，导出的只有 {} 条", found.size, checkpoint.size));
        }
        let mut tree = TileTree::open(files, checkpoint.size, &checkpoint.root).map_err(|error| error.to_string())?;
        if root_at(&mut tree, found.size).map_err(|error| error.to_string())? != found.root {
            return Err(format!("见证过的前 {} 条与导出的不同", found.size));
        }
        return Ok((found.size, signed.iter().filter_map(|line| line.time).max().unwrap_or_default()));
    }
    Err("没有见证".to_owned())
}

/// In the township's time.
fn moment(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_default();
    Offset::constant(8).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
