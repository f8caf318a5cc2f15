//! Where the pages are reached: an address, a certificate, and an end when it is asked for (监听).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::connections::Places;
use super::places::router;
use super::site::Site;
use crate::refused::{self, refuse};

/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(15);

/// Where it listens if nothing else is said: on this machine only.
pub const USUAL: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8418);

/// Where and how it listens.
pub struct Listen {
    /// The address and port.
    pub address: SocketAddr,
    /// Certificate and key, as PEM files.
    pub tls: Option<(std::path::PathBuf, std::path::PathBuf)>,
}

/// Serves a site until it is told to stop; what was accepted by then is finished. `ready` is told the address.
pub fn run(site: Site, listen: &Listen, ready: impl FnOnce(SocketAddr) -> Result<()>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(160)
        .thread_keep_alive(Duration::from_secs(10))
        .enable_all()
        .build()?;
    let site = Arc::new(site);
    site.watch();
    let served = runtime.block_on(serving(site.clone(), listen, ready));
    // Pages still running are given a moment; then nothing holds the site but us.
    runtime.shutdown_timeout(Duration::from_secs(5));
    served?;
    match Arc::into_inner(site) {
        Some(site) => site.stop(),
        None => {
            // What is recorded is on disk, and the next start signs what this one did not.
            tracing::warn!("a page is still running and is given up");
            Ok(())
        }
    }
}

async fn serving(site: Arc<Site>, listen: &Listen, ready: impl FnOnce(SocketAddr) -> Result<()>) -> Result<()> {
    let listener = std::net::TcpListener::bind(listen.address).map_err(|error| {
        let text = format!("不能在 {} 上监听：{}", listen.address, refused::cause(&error));
        refuse(813, text, "请换一个端口，如 --listen 127.0.0.1:8418")
    })?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let handle = axum_server::Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        stopping.graceful_shutdown(Some(Duration::from_secs(20)));
    });
    for one in std::iter::once(&site).chain(site.towns.values()) {
        tokio::spawn(every_day(one.clone()));
    }
    let places = Places::new(site.proxied);
    let app = router(site).into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(%address, tls = listen.tls.is_some(), "listening");
    match &listen.tls {
        None => {
            let mut server =
                axum_server::from_tcp(listener)?.acceptor(places).handle(handle).first_request_timeout(HEAD);
            limits(server.http_builder());
            ready(address)?;
            server.serve(app).await?;
        }
        Some((certificate, key)) => {
            // Already chosen, it stays chosen.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config = axum_server::tls_rustls::RustlsConfig::from_pem_file(certificate, key).await;
            let config = config.map_err(|error| {
                let text = format!(
                    "证书 {} 或者私钥 {} 用不了：{}",
                    certificate.display(),
                    key.display(),
                    refused::cause(&error)
                );
                refuse(814, text, "请检查两个文件是不是 PEM 格式、能不能读、是不是一对")
            })?;
            let acceptor = axum_server::tls_rustls::RustlsAcceptor::new(config).acceptor(places);
            let server = axum_server::from_tcp(listener)?.acceptor(acceptor);
            let mut server = server.handle(handle).first_request_timeout(HEAD);
            limits(server.http_builder());
            ready(address)?;
            server.serve(app).await?;
        }
    }
    Ok(())
}

/// A connection that sends its head by drops holds nothing for long.
fn limits(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().timer(hyper_util::rt::TokioTimer::new()).header_read_timeout(HEAD);
}

/// Deletes once a day what is kept for a time only.
async fn every_day(site: Arc<Site>) {
    let mut days = tokio::time::interval(Duration::from_secs(24 * 60 * 60));
    // The first comes at once, and that was done when the site was opened.
    days.tick().await;
    loop {
        days.tick().await;
        let site = site.clone();
        // One that failed says so in the log.
        let _ = tokio::task::spawn_blocking(move || site.sweep()).await;
    }
}

/// Ends when the system or the person at the keyboard asks for it.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
