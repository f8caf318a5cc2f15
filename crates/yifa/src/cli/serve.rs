//! `yifa serve`: the workbench in a browser.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use super::Context;
use super::account::first_at_the_console;
use crate::accounts::Accounts;
use crate::folder::Folder;
use crate::refused::refuse;
use crate::show;
use crate::web::server::{Listen, USUAL, run};
use crate::web::site::Site;

/// 打开网页：台账、办理、数字、报告都在浏览器里
///
/// 只有本机能打开的，用不写 --listen 的默认地址；给全镇用的，写 --listen 0.0.0.0:8418，并配证书（--certificate、--key），
/// 或者放在反向代理后面（--behind-tls）。没有加密的网络上，口令和个人信息会被人看见。
/// 第一次运行时在本机建立第一个系统管理员，没有默认口令。
/// 用 Ctrl-C 或者 SIGTERM 停止：已经收下的办完再停，一步不丢。运行期间，别的命令可以查看、统计、核验，不能写入。
///
/// 例：yifa serve
/// 例：yifa serve --listen 0.0.0.0:8418 --certificate town.crt --key town.key
/// 例：yifa serve --listen 127.0.0.1:8418 --behind-tls
#[derive(Args)]
pub struct Serve {
    /// 监听的地址和端口；端口写 0 的，由系统挑一个
    #[arg(long, value_name = "ADDRESS", default_value_t = USUAL)]
    listen: SocketAddr,
    /// TLS 证书（PEM，含中间证书）
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// 证书的私钥（PEM）
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
    /// 前面有反向代理负责 TLS：相信它写的 X-Forwarded-For，Cookie 只走加密的连接
    #[arg(long, conflicts_with = "certificate")]
    behind_tls: bool,
}

impl Serve {
    /// Serves until told to stop.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let folder = Folder::open(&context.data)?;
        if Accounts::open(&folder)?.is_empty()? {
            if !std::io::stdin().is_terminal() {
                return Err(refuse(807, "还没有账号", "请先在本机运行 yifa account first，建立第一个系统管理员"));
            }
            first_at_the_console(&folder, None, None)?;
        }
        let tls = self.certificate.zip(self.key);
        let secure = tls.is_some() || self.behind_tls;
        if !secure && !self.listen.ip().is_loopback() {
            show::line("注意：没有加密，同一网络上的人能看见口令和个人信息。请配证书（--certificate、--key）。")?;
        }
        let site = Site::open(folder, secure, self.behind_tls)?;
        let listen = Listen { address: self.listen, tls };
        run(site, &listen, |address| {
            let scheme = if listen.tls.is_some() { "https" } else { "http" };
            show::line(format!("请用浏览器打开 {scheme}://{address}/ ，停止按 Ctrl-C"))
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
