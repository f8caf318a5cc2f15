//! The stand-alone verifier (独立核验器): built from `journal` and `engine` alone, it trusts no database and no yifa.
//!
//! It hashes an exported journal again, or judges a bundle, and, where the contents are there too, adds figures up again.

mod bundle;
mod contents;
mod export;
mod witness;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use journal::key::VerifierKey;

const HELP: &str = "yifa-verify：独立核验导出的日志，或者一个证据包

用法：yifa-verify DIR [--key 公钥] [--witness 见证公钥]… [--figures 年度]
      yifa-verify 证据包.zip [--key 公钥]

  DIR         yifa journal export 导出的目录
  证据包.zip  yifa bundle 或者网页上“下载证据包”得到的文件
  --key       另外得到的公钥（如县司法局存的）；不给则用目录或者包里的 vkey，只能证明前后一致，不能证明是谁的
  --witness   见证方（县、邻乡）的公钥，可以写几次；显示它见证到第几条、什么时候，没有见证过的算不符
  --figures   由导出的内容把这一年的数字重新加出来（导出时要加 --contents）；关于数字的证据包，总是重新加

退出码：0 无误，1 读不了，2 不符。";

/// Said of a checkpoint or a bundle nobody can believe: that is a finding, not a file that could not be read.
const UNBELIEVED: &str = "不可信";

fn main() -> ExitCode {
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(count) => {
            println!("共 {count} 处不符。");
            ExitCode::from(2)
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(if text.contains(UNBELIEVED) { 2 } else { 1 })
        }
    }
}

fn run() -> Result<u64, String> {
    let (mut path, mut key, mut year) = (None, None, None);
    let mut witnesses = Vec::new();
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--key" => key = args.next(),
            "--witness" => witnesses.extend(args.next()),
            "--figures" => year = args.next(),
            "-h" | "--help" => {
                println!("{HELP}");
                return Ok(0);
            }
            named if path.is_none() => path = Some(PathBuf::from(named)),
            other => return Err(format!("不认识的参数 {other}\n\n{HELP}")),
        }
    }
    let path = path.ok_or(HELP)?;
    let key = key.map(|key| read_key(&key)).transpose()?;
    match fs::metadata(&path) {
        Ok(about) if about.is_file() && !witnesses.is_empty() => {
            Err("--witness 只用于导出的目录，证据包里没有见证".to_owned())
        }
        Ok(about) if about.is_file() => bundle::verify(&path, key),
        Err(error) => Err(format!("读不了 {}：{error}", path.display())),
        Ok(_) => {
            let witnesses = witnesses.iter().map(|text| read_key(text)).collect::<Result<Vec<_>, _>>()?;
            export::verify(&path, key, &witnesses, year.as_deref())
        }
    }
}

fn read_key(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text.trim()).map_err(|error| format!("公钥不对：{error}"))
}
