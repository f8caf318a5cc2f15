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
use crate::logs;
use crate::refused::refuse;
use crate::show;
use crate::web::listen::{Listen, USUAL, run};
use crate::web::site::Site;

/// 打开网页：台账、办理、数字、报告都在浏览器里
///
/// 第一次：在放数据的那台机器上运行，键盘上建立第一个系统管理员；作为服务启动的，先运行 yifa account first。
/// 没有默认口令。系统管理员登录以后，给别人建账号、授权。
///
/// 给谁用：
///   只有本机：不写 --listen，用 http://127.0.0.1:8418/ 。
///   全镇的局域网：写 --listen 0.0.0.0:8418，并配证书（--certificate、--key）。没有加密的，口令和个人信息会被同一网络上的人看见。
///   已有 nginx 等反向代理的：只听本机，写 --behind-tls，由代理负责证书；代理必须写 X-Forwarded-For。
///
/// 停止：按 Ctrl-C，或者发 SIGTERM。先不再接受新的连接，已经收下的办完、签署完再停，一步不丢，退出码 0。
/// 运行期间，别的命令可以查看、统计、核验，不能写入。
///
/// 看守：/health 答 ok 或者 503；/metrics 是 Prometheus 的文本，只给带着 yifa.toml 里 metrics_token 的机器和登录了的系统管理员。
/// 运行日志写到标准错误，每行一件，带请求的编号，没有姓名、口令和案卷的内容；详略由环境变量 YIFA_LOG 定
/// （warn、info、debug，不写则为 info）。
///
/// 例：yifa serve
/// 例：yifa serve --listen 0.0.0.0:8418 --certificate town.crt --key town.key
/// 例：yifa serve --listen 127.0.0.1:8418 --behind-tls
/// 系统服务、证书、代理、备份，见 docs/serve.md。
#[derive(Args)]
#[command(verbatim_doc_comment)]
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
    /// 运行日志的样子：json 给程序看，text 给人看；不写的，终端上用 text，别处用 json
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    log: Option<logs::Form>,
}

impl Serve {
    /// Serves until told to stop.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let folder = Folder::open(&context.data)?;
        if folder.config.mirror.is_some() {
            // Before anybody is asked to make accounts for it.
            return Err(crate::mirror::not_ours(&folder));
        }
        if Accounts::open(&folder)?.is_empty()? {
            if !std::io::stdin().is_terminal() {
                return Err(refuse(807, "还没有账号", "请先在本机运行 yifa account first，建立第一个系统管理员"));
            }
            first_at_the_console(&folder, None, None, None)?;
        }
        let tls = self.certificate.zip(self.key);
        let secure = tls.is_some() || self.behind_tls;
        if !secure && !self.listen.ip().is_loopback() {
            show::line("注意：没有加密，同一网络上的人能看见口令和个人信息。请配证书（--certificate、--key）。")?;
        }
        logs::begin(self.log, "warn,yifa=info");
        let site = Site::open(folder, secure, self.behind_tls)?;
        let listen = Listen { address: self.listen, tls };
        run(site, &listen, |address| {
            let scheme = if listen.tls.is_some() { "https" } else { "http" };
            show::line(format!("请用浏览器打开 {scheme}://{address}/ ，停止按 Ctrl-C"))
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
