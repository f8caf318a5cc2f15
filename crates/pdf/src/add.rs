//! `yifa-pdf add`: the fonts that are there, and freely licensed ones where there are none (加字体).

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fonts::{Fonts, beside, folders};

/// Debian's packages of fonts under the SIL Open Font License: 宋体 and 黑体 with every character of GBK, and 楷体.
const PACKAGES: [&str; 2] = ["fonts-noto-cjk", "fonts-lxgw-wenkai"];

/// Says which faces there are; fetches free ones where Chinese cannot be set at all.
///
/// # Errors
/// There are none, and none could be fetched.
pub fn run() -> io::Result<()> {
    let mut fonts = Fonts::find(&folders(None));
    if fonts.is_empty() {
        println!("没有中文字体，取自由许可的字体（{}，SIL OFL）……", PACKAGES.join("、"));
        let place = beside().ok_or_else(|| io::Error::other("there is no place beside the program"))?;
        fetch(&place)?;
        fonts = Fonts::find(&folders(None));
    }
    if fonts.is_empty() {
        let text = "取不到字体。请把有中文的字体文件（.ttf、.otf、.ttc）放进数据目录的 fonts，再运行一次";
        return Err(io::Error::other(text));
    }
    for face in fonts.faces() {
        let stands = if face.stands_in { "（代替）" } else { "" };
        println!("{}\t{}{stands}", face.role, face.family);
    }
    println!("可以排印 PDF 了。正式印发用的仿宋、小标宋，请把单位有权使用的字体文件放进数据目录的 fonts。");
    Ok(())
}

/// Unpacks Debian's packages beside the program. It asks for no rights: nothing is installed.
fn fetch(place: &Path) -> io::Result<()> {
    std::fs::create_dir_all(place)?;
    let scratch = place.join("unfinished");
    std::fs::create_dir_all(&scratch)?;
    let ran = |command: &mut Command| command.stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    for package in PACKAGES {
        let fetched = ran(Command::new("apt-get").args(["download", "-qq", package]).current_dir(&scratch));
        if !fetched {
            let text = format!(
                "取不到 {package}：这里没有 apt-get，或者没有联网。请安装这台机器的中文字体（如 Noto Serif CJK）"
            );
            return Err(io::Error::other(text));
        }
    }
    for file in std::fs::read_dir(&scratch)? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "deb")
            && !ran(Command::new("dpkg").arg("-x").arg(&path).arg(place))
        {
            return Err(io::Error::other(format!("解不开 {}", path.display())));
        }
    }
    std::fs::remove_dir_all(&scratch)
}
