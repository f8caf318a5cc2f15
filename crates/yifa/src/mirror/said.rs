//! Why a journal was not accepted, told to whoever has to look into it (不接受的理由).

use journal::checkpoint::CheckpointError;
use journal::follow::Rejected;
use journal::note::NoteError;
use journal::tiles::TilesError;

use super::source::{Source, said};
use crate::ambient::moment_of;
use crate::refused::refuse;

/// Whose journal it is, and where it came from.
pub struct Of<'o> {
    /// The township.
    pub town: &'o str,
    /// The source.
    pub source: &'o Source,
}

/// What is told of a source that is not accepted. Forks and what was rolled back are told by [`super::Fork`].
pub fn rejected(of: &Of<'_>, error: Rejected) -> anyhow::Error {
    let town = of.town;
    let again = "请重新取一份再同步；镜像没有改动";
    let damaged = |what: String| {
        let remedy = match of.source {
            Source::Folder(_) => "多半是没有拷贝完整：请在乡里重新导出（yifa journal export --contents），整个目录拷来",
            Source::Http(_) => "请再运行一次；还是这样的，请告诉乡里运行 yifa verify 查明。镜像没有改动",
        };
        refuse(745, format!("{town}的日志{what}，没有接受"), remedy)
    };
    let changed = |entry: u64, what: &str| {
        let remedy = "来源被改动过，或者乡里的数据有问题：请保留现场，请乡里运行 yifa verify 查明。镜像没有改动";
        refuse(746, format!("{town}的日志第 {entry} 条{what}，没有接受"), remedy)
    };
    let contents = |entry: u64, what: String| {
        let remedy =
            "内容被改动过，或者没有拷贝完整：请乡里运行 yifa verify 查明，重新导出（要加 --contents）。镜像没有改动";
        refuse(747, format!("{town}的日志第 {entry} 条的内容{what}，没有接受"), remedy)
    };
    match error {
        Rejected::Read { path, fault } => {
            let remedy = "请检查网络和地址，或者 U 盘是否插好，再运行一次；镜像没有改动";
            refuse(741, format!("读不了{town}的日志（{path}：{}）", said(&fault)), remedy)
        }
        Rejected::NoCheckpoint => match of.source {
            Source::Folder(path) => {
                let text = format!("{} 里没有检查点，不是导出的日志", path.display());
                refuse(745, text, "请指到 yifa journal export --contents 导出的那个目录；没有导出完的，重新导出")
            }
            Source::Http(_) => refuse(
                757,
                format!("{town}的服务器没有给出日志：地址不对，没有开放，或者令牌不符"),
                "请核对地址；令牌要与乡里 yifa.toml 的 read_token 相同（用 --token 重新写）",
            ),
        },
        Rejected::Checkpoint(error) => checkpoint(town, &error),
        Rejected::RolledBack { accepted, offered } => {
            refuse(743, format!("{town}的日志只有 {offered} 条，已经接受过 {accepted} 条"), again)
        }
        Rejected::Forked { size, .. } => refuse(744, format!("{town}的日志前 {size} 条与已经接受的不同"), again),
        Rejected::Tiles(TilesError::Missing(id)) => damaged(format!("缺少 {id}")),
        Rejected::Tiles(TilesError::Forged { id, first, last, .. }) => {
            damaged(format!("的 {id}（第 {first} 至 {last} 条）与签过名的不符"))
        }
        Rejected::Tiles(TilesError::Tile(error)) => damaged(format!("残缺（{error}）")),
        Rejected::Tiles(_) => damaged("的瓦片与签过名的根不符".to_owned()),
        Rejected::Missing { path, first, last } => damaged(format!("缺少 {path}（第 {first} 至 {last} 条）")),
        Rejected::Bundle(error) => damaged(format!("残缺（{error}）")),
        Rejected::Entry { entry, .. } => changed(entry, "与签过名的不符：被改动过，或者换了位置"),
        Rejected::Leaf { entry, .. } => changed(entry, "的格式不对"),
        Rejected::Origin { entry, found } => changed(entry, &format!("是别的日志（{found}）的记入")),
        Rejected::NoContents(entry) => contents(entry, "缺少".to_owned()),
        Rejected::Contents { entry, .. } => contents(entry, "不合格式".to_owned()),
        Rejected::Changed { entry, .. } => contents(entry, "与记入时的承诺不符".to_owned()),
    }
}

fn checkpoint(town: &str, error: &CheckpointError) -> anyhow::Error {
    let remedy = "请核对：来源是不是这个乡的，公钥是不是乡里另外给的。都对的，有人冒充或者乡里换了密钥，请当面查明";
    match error {
        CheckpointError::Note(NoteError::Forged { .. }) => {
            refuse(742, format!("{town}的检查点与签名不符：被改动过"), remedy)
        }
        CheckpointError::Note(NoteError::Unknown(_)) | CheckpointError::NotByJournal(_) => {
            refuse(742, format!("{town}的检查点不是用您给的公钥签的"), remedy)
        }
        CheckpointError::Origin { found, .. } => refuse(742, format!("来源是“{found}”的日志，不是{town}的"), remedy),
        error => refuse(745, format!("{town}的检查点残缺（{error}），没有接受"), "请重新取一份再同步；镜像没有改动"),
    }
}

/// An entry of tomorrow or later: one of two clocks is wrong, and what is countersigned would say so for ever.
pub fn clock(of: &Of<'_>, entry: u64, recorded: i64, now: i64) -> anyhow::Error {
    refuse(
        749,
        format!(
            "{}的日志第 {entry} 条说是 {} 记入的，而这台机器现在是 {}：有一边的时钟不对，没有接受",
            of.town,
            moment_of(recorded),
            moment_of(now)
        ),
        "请先校准这台机器的时钟；乡里的时钟曾经错过、已经查明的，加 --clock-known 接受；镜像没有改动",
    )
}
