//! Which server, as whom, how: what stands in `--database` (数据库地址).

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::config::{Host, SslMode};

use crate::refused::{cause, refuse};

/// How long a server may take to answer that it is there.
const PATIENCE: Duration = Duration::from_secs(5);

/// An address such as `postgres://yifa@db1,db2/yifa?target_session_attrs=read-write&sslrootcert=ca.pem`, read once.
#[derive(Clone)]
pub struct Url {
    /// As it was given, without a password: what may be shown and kept.
    shown: String,
    pub(super) config: tokio_postgres::Config,
    /// Whose certificates are believed.
    root: Option<PathBuf>,
}

impl fmt::Debug for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.shown)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.shown)
    }
}

impl Url {
    /// Reads one. Where it has no password, the environment's `PGPASSWORD` is taken, as PostgreSQL's own programs do.
    ///
    /// # Errors
    /// P760 where it is none; P763 where it would send passwords and records over a network in the open.
    pub fn parse(text: &str) -> Result<Url> {
        let shown = without_password(text);
        let wrong = |why: &str| {
            refuse(
                760,
                format!("数据库地址“{shown}”写得不对：{why}"),
                "应写成 postgres://用户@主机:端口/数据库名；有主备两台的，主机之间用逗号隔开，后面加 ?target_session_attrs=read-write",
            )
        };
        if !["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)) {
            return Err(wrong("不是以 postgres:// 开头"));
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let mut root = None;
        let mut kept = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslrootcert", path)) => root = Some(PathBuf::from(path)),
                // Whoever names the certificate has it checked, by whatever word.
                Some(("sslmode", "verify-full" | "verify-ca")) => kept.push("sslmode=require"),
                _ => kept.push(pair),
            }
        }
        let plain = if kept.is_empty() { address.to_owned() } else { format!("{address}?{}", kept.join("&")) };
        let mut config: tokio_postgres::Config =
            plain.parse().map_err(|error: tokio_postgres::Error| wrong(&said(&error)))?;
        if config.get_user().is_none() {
            return Err(wrong("没有用户名"));
        }
        if config.get_dbname().is_none() {
            return Err(wrong("没有数据库名"));
        }
        if config.get_password().is_none()
            && let Some(password) = std::env::var_os("PGPASSWORD")
        {
            config.password(password.to_string_lossy().as_bytes());
        }
        if root.is_some() {
            config.ssl_mode(SslMode::Require);
        }
        let url = Url { shown, config, root };
        url.in_the_open(kept.contains(&"sslmode=disable"))?;
        Ok(url)
    }

    /// Records and passwords go over a network only sealed, or because somebody wrote that they may.
    fn in_the_open(&self, agreed: bool) -> Result<()> {
        let far = self.config.get_hosts().iter().find_map(|host| match host {
            Host::Tcp(name) if !is_here(name) => Some(name.clone()),
            _ => None,
        });
        let Some(host) = far.filter(|_| self.root.is_none() && !agreed) else { return Ok(()) };
        Err(refuse(
            763,
            format!("数据库在 {host}，而地址里没有写用哪个证书加密"),
            "请在地址后面加 ?sslrootcert=证书文件（签发数据库证书的机构的）；确知线路只在本机房之内的，写 ?sslmode=disable",
        ))
    }

    /// The same for each of its servers apart.
    pub(super) fn servers(&self) -> Vec<tokio_postgres::Config> {
        let (hosts, ports) = (self.config.get_hosts(), self.config.get_ports());
        let one = |(nth, host): (usize, &Host)| {
            let mut config = tokio_postgres::Config::new();
            let all = &self.config;
            match host {
                Host::Tcp(name) => config.host(name),
                #[cfg(unix)]
                Host::Unix(path) => config.host_path(path),
            };
            config.port(ports.get(nth).or(ports.first()).copied().unwrap_or(5432));
            if let Some(user) = all.get_user() {
                config.user(user);
            }
            if let Some(password) = all.get_password() {
                config.password(password);
            }
            if let Some(name) = all.get_dbname() {
                config.dbname(name);
            }
            if let Some(options) = all.get_options() {
                config.options(options);
            }
            config.application_name(all.get_application_name().unwrap_or("yifa"));
            config.ssl_mode(all.get_ssl_mode()).target_session_attrs(all.get_target_session_attrs());
            config.keepalives(true).keepalives_idle(PATIENCE * 6).connect_timeout(PATIENCE);
            config
        };
        hosts.iter().enumerate().map(one).collect()
    }

    /// How TLS is spoken to it.
    pub(super) fn tls(&self) -> Result<tokio_postgres_rustls::MakeRustlsConnect> {
        let mut roots = rustls::RootCertStore::empty();
        if let Some(path) = &self.root {
            let unread = |why: String| {
                refuse(763, format!("读不了证书 {}：{why}", path.display()), "sslrootcert 应是 PEM 格式的根证书文件")
            };
            let text = std::fs::read(path).map_err(|error| unread(cause(&error)))?;
            for one in rustls::pki_types::CertificateDer::pem_slice_iter(&text) {
                let certificate = one.map_err(|_| unread("不是 PEM 格式的证书".to_owned()))?;
                roots.add(certificate).map_err(|_| unread("证书写坏了".to_owned()))?;
            }
            if roots.is_empty() {
                return Err(unread("里面没有证书".to_owned()));
            }
        }
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(tokio_postgres_rustls::MakeRustlsConnect::new(config))
    }
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Why an address could not be read, in Chinese as far as it is known.
fn said(error: &tokio_postgres::Error) -> String {
    let text = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
    match text.as_str() {
        _ if text.contains("port") => "端口应是 1 至 65535 的数".to_owned(),
        _ if text.contains("unknown option") => format!("不认识的选项（{text}）"),
        _ => text,
    }
}

/// The address without what stands between the first `:` of the user and `@`.
fn without_password(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let place = match place.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
        None => place.to_owned(),
    };
    let pairs = query.into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.starts_with("password="));
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() { format!("{scheme}://{place}") } else { format!("{scheme}://{place}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        let check = |text: &str, expect: &str| assert_eq!(without_password(text), expect);
        check("postgres://yifa:s3cret@db/yifa", "postgres://yifa@db/yifa");
        check("postgres://yifa:a@b@db/yifa?sslmode=disable", "postgres://yifa@db/yifa?sslmode=disable");
        check("postgres://yifa@db/yifa?password=x&sslrootcert=ca.pem", "postgres://yifa@db/yifa?sslrootcert=ca.pem");
        check("yifa", "yifa");
    }

    #[test]
    fn an_address_that_is_none_or_goes_over_the_open_network_is_refused() {
        let check = |text: &str, expect: &str| {
            let found = Url::parse(text).map_or_else(
                |error| crate::refused::problems(&error).map_or(error.to_string(), |all| all[0].to_string()),
                |url| url.to_string(),
            );
            assert!(found.contains(expect), "{text}: {found}");
        };
        check("postgres://yifa@127.0.0.1:5433/yifa", "postgres://yifa@127.0.0.1:5433/yifa");
        check("postgres://yifa@localhost,127.0.0.1:5001/yifa?target_session_attrs=read-write", "postgres://yifa@");
        check("mysql://yifa@localhost/yifa", "不是以 postgres:// 开头");
        check("postgres://localhost/yifa", "没有用户名");
        check("postgres://yifa@localhost", "没有数据库名");
        check("postgres://yifa@localhost:x/yifa", "端口");
        check("postgres://yifa@localhost/yifa?colour=red", "不认识的选项");
        check("postgres://yifa:s@10.1.2.3/yifa", "没有写用哪个证书加密");
        check("postgres://yifa@10.1.2.3/yifa?sslmode=disable", "10.1.2.3");
        check("postgres://yifa@10.1.2.3/yifa?sslrootcert=ca.pem", "10.1.2.3");
    }
}
