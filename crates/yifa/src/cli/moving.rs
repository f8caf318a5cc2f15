//! `yifa move`: a township's journal to a county's server, or back into a folder.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::Context;
use crate::folder::Folder;
use crate::moving::{Goal, carry};
use crate::show;

/// 把一个乡镇的日志搬到县里的 PostgreSQL，或者搬回数据目录；搬完逐表核对，一致才换过去
///
/// 先停下 yifa serve。中断了再运行一次，接着搬。原来的数据只读，不会改动。
/// 例：yifa move --from yifa-data --to postgres://yifa@localhost/yifa
/// 例：yifa move --from yifa-data --to 新目录
#[derive(Args)]
pub struct Move {
    /// 搬哪个数据目录
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// 搬到哪里：数据库地址，或者一个还不存在的目录
    #[arg(long, value_name = "URL|DIR")]
    to: String,
}

impl Move {
    /// Moves, and says what arrived.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let from = Folder::open(&self.from)?;
        let goal = match self.to.contains("://") {
            true => Goal::Server(self.to.clone()),
            false => Goal::Folder(PathBuf::from(&self.to)),
        };
        let bar = show::bar(0, "搬移");
        let moved = carry(&from, &goal, &|done, total| {
            bar.set_length(total);
            bar.set_position(done);
        })?;
        bar.finish_and_clear();
        if context.json {
            show::json(&moved)?;
            return Ok(ExitCode::SUCCESS);
        }
        show::line(format!("已搬到：{} 条记入，{} 行，{} 个附件", moved.entries, moved.rows, moved.files))?;
        show::line(format!("核对一致：检查点、每张表、每个案卷重新推得的都与原来相同；根 {}", moved.root))?;
        match &goal {
            Goal::Server(_) => {
                let from = self.from.display();
                show::line(format!("{from} 从现在起用数据库；原来的留在 journal.已搬走.db，确认以后可以删去"))?;
            }
            Goal::Folder(path) => {
                show::line(format!("从现在起用 {}；原来的只能查看，不再记入", path.display()))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
