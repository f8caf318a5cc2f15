//! Where a followed journal comes from: an export folder, or the township's server (来源).

use std::borrow::Cow;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use journal::export::CHECKPOINT_PATH;
use journal::note::MAX_NOTE;
use journal::tiles::Files;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

use crate::folder::Mirror;
use crate::refused::{cause, refuse};

/// Where the township's server keeps what it gives away.
pub const FEED: &str = "/journal/feed";
/// Where it takes countersignatures.
pub const WITNESSES: &str = "/journal/witnesses";
/// Names that are shown and that nobody signed.
pub const TOWNSHIP: &str = "township.json";

/// The longest payload that is taken: an adoption holds a whole set of definitions.
const LARGEST_PAYLOAD: u64 = 64 << 20;
/// 256 leaves, each behind its length.
const LARGEST_BUNDLE: u64 = 256 * 65_537;
const LARGEST_TILE: u64 = 256 * 32;
const LARGEST_NAMES: u64 = 64 << 10;

/// Where operating systems keep the certificates they trust.
const SYSTEM: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// A source that was opened.
pub enum Source {
    /// A folder, as `yifa journal export --contents` writes it.
    Folder(PathBuf),
    /// A server.
    Http(Http),
}

/// The township's server, asked with its read token.
pub struct Http {
    base: String,
    token: String,
    agent: Agent,
}

impl Source {
    /// Opens what the configuration names.
    ///
    /// # Errors
    /// Certificates that cannot be read; the source itself is asked later.
    pub fn open(mirror: &Mirror) -> Result<Source> {
        let address = mirror.source.trim_end_matches('/');
        if !is_address(address) {
            return Ok(Source::Folder(PathBuf::from(&mirror.source)));
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            // Elsewhere is not where the operator said: the token would go there too.
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(30)))
            .timeout_recv_body(Some(Duration::from_secs(300)));
        if address.starts_with("https://") {
            config = config.tls_config(trusting(mirror.ca.as_deref())?);
        }
        let token = mirror.token.clone().unwrap_or_default();
        Ok(Source::Http(Http { base: address.to_owned(), token, agent: config.build().new_agent() }))
    }

    /// Hands a countersigned checkpoint back; gives the file it was written to, where it goes by hand.
    ///
    /// # Errors
    /// The source takes none, and says why.
    pub fn hand_back(&self, note: &str, witness: u32) -> Result<Option<PathBuf>> {
        match self {
            Source::Folder(path) => {
                let path = path.join(format!("witness-{witness:08x}"));
                let written = std::fs::write(&path, note);
                written.map_err(|error| not_handed(&format!("写不了 {}：{}", path.display(), cause(&error))))?;
                Ok(Some(path))
            }
            Source::Http(http) => http.post(note).map(|()| None),
        }
    }
}

/// Whether a source is an address, and not a folder.
pub fn is_address(source: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| source.starts_with(scheme))
}

fn not_handed(why: &str) -> anyhow::Error {
    refuse(
        755,
        format!("见证没有交回乡里（{why}）"),
        "已经核验的不受影响。请再运行一次；网络不通的，把镜像目录的 signed/checkpoint 拷到 U 盘，在乡里运行 yifa journal witness 文件",
    )
}

/// The certificates a server is judged by.
fn trusting(ca: Option<&Path>) -> Result<TlsConfig> {
    let file = match ca {
        Some(file) => file.to_owned(),
        None => SYSTEM.iter().map(PathBuf::from).find(|file| file.exists()).unwrap_or_default(),
    };
    let unread = |why: String| {
        refuse(741, format!("读不了根证书 {}：{why}", file.display()), "请用 --ca 指到签发乡里证书的根证书（PEM）")
    };
    let pem = std::fs::read(&file).map_err(|error| unread(cause(&error).to_string()))?;
    let certificates = parse_pem(&pem).filter_map(|item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    });
    let certificates: Vec<Certificate<'static>> = certificates.collect();
    if certificates.is_empty() {
        return Err(unread("里面没有证书".to_owned()));
    }
    Ok(TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .build())
}

/// The most bytes a file of a journal can have.
fn limit(path: &str) -> u64 {
    match path {
        CHECKPOINT_PATH => MAX_NOTE as u64,
        TOWNSHIP => LARGEST_NAMES,
        path if path.starts_with("tile/entries/") => LARGEST_BUNDLE,
        path if path.starts_with("tile/") => LARGEST_TILE,
        _ => LARGEST_PAYLOAD,
    }
}

/// All of a body, unless it is longer than a file of that name can be.
fn bounded(body: impl io::Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    body.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("超过 {limit} 字节")));
    }
    Ok(bytes)
}

impl Files for Source {
    fn read(&self, path: &str) -> io::Result<Option<Cow<'_, [u8]>>> {
        let bytes = match self {
            Source::Folder(folder) => match std::fs::File::open(folder.join(path)) {
                Ok(file) => Some(bounded(file, limit(path))?),
                // A stick that was pulled out is not a journal without files.
                Err(error) if error.kind() == io::ErrorKind::NotFound && folder.is_dir() => None,
                Err(error) => return Err(error),
            },
            Source::Http(http) => http.get(path)?,
        };
        Ok(bytes.map(Cow::Owned))
    }
}

impl Http {
    fn get(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let url = format!("{}{FEED}/{path}", self.base);
        let ask = || self.agent.get(&url).header("authorization", format!("Bearer {}", self.token)).call();
        // Of tens of thousands of questions one falls on a line that was just cut: it is asked once more.
        let asked = match ask() {
            Err(ureq::Error::Io(_)) => ask(),
            asked => asked,
        };
        let mut answer = asked.map_err(ureq::Error::into_io)?;
        match answer.status().as_u16() {
            200 => bounded(answer.body_mut().as_reader(), limit(path)).map(Some),
            404 => Ok(None),
            status => Err(io::Error::other(format!("服务器答复 {status}"))),
        }
    }

    fn post(&self, note: &str) -> Result<()> {
        let url = format!("{}{WITNESSES}", self.base);
        let asked = self.agent.post(url).header("authorization", format!("Bearer {}", self.token));
        let mut answer = asked.send_form([("note", note)]).map_err(|error| not_handed(&said(&error.into_io())))?;
        if answer.status() == 200 {
            return Ok(());
        }
        let text = bounded(answer.body_mut().as_reader(), 4 << 10).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let line = text.lines().find(|line| !line.is_empty() && !line.starts_with('<')).unwrap_or("没有说明原因");
        Err(not_handed(&format!("服务器答复 {}：{line}", answer.status().as_u16())))
    }
}

/// What a failed line says, in the words of whoever has to mend it.
pub fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "没有这个地方".to_owned(),
        io::ErrorKind::PermissionDenied => "没有权限".to_owned(),
        io::ErrorKind::ConnectionRefused => "对方没有开着服务".to_owned(),
        io::ErrorKind::TimedOut => "很久没有答复".to_owned(),
        _ => error.to_string(),
    }
}
