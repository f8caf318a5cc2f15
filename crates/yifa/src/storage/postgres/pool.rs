//! Connections to a server: one pool for each address in this program, and one of its own for each writer (连接池).

use std::collections::HashMap;
use std::error::Error as _;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, anyhow};
use r2d2::ManageConnection;

use super::{Connection, Url};
use crate::refused::refuse;

/// How many connections all readers of this program share; a writer has one besides.
const READERS: u32 = 64;
/// How long somebody waits for one.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a server may take to let somebody in.
const REACH: Duration = Duration::from_secs(5);
/// How long a writer waits for an answer: one statement of a step, or its commit with a standby.
const WRITER: Duration = Duration::from_secs(20);
/// How long a reader does: some questions go through a whole journal.
const READER: Duration = Duration::from_secs(120);

/// No connection could be made, now; it may be possible later.
#[derive(Debug)]
pub struct Unreached(String);

impl fmt::Display for Unreached {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Unreached {}

impl Unreached {
    /// No answer in so long. Whoever connects next begins with the next server.
    pub(super) fn silent(waited: Duration) -> Unreached {
        TURN.fetch_add(1, Ordering::Relaxed);
        Unreached(format!("no answer in {} s", waited.as_secs()))
    }
}

/// With which server of several one begins.
static TURN: AtomicUsize = AtomicUsize::new(0);

/// A connection on loan, or a writer's own.
pub enum Held {
    /// Goes back to the pool.
    Pooled(Box<r2d2::PooledConnection<Target>>),
    /// Ends with its owner.
    Own(Box<Connection>),
}

impl Deref for Held {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Held::Pooled(held) => held,
            Held::Own(own) => own,
        }
    }
}

/// Where connections are made to, and for what.
#[derive(Clone, Debug)]
pub struct Target {
    url: Url,
    purpose: Purpose,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Reading: it can write nothing.
    Reads,
    /// Accounts, sessions and drafts.
    Accounts,
    /// One writer's own.
    Writes,
}

/// A pool for each address and purpose.
type Pools = HashMap<(String, Purpose), r2d2::Pool<Target>>;

impl Target {
    /// A server, for a purpose.
    pub fn new(url: &Url, purpose: Purpose) -> Target {
        Target { url: url.clone(), purpose }
    }

    /// A connection: out of the pool, or a writer's own.
    ///
    /// # Errors
    /// P761 to P763 where none can be made.
    pub fn connect(&self) -> Result<Held> {
        static POOLS: LazyLock<Mutex<Pools>> = LazyLock::new(Mutex::default);
        if self.purpose == Purpose::Writes {
            return Ok(Held::Own(Box::new(self.open(WRITER)?)));
        }
        let known = {
            let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
            let pool = pools.entry((self.url.to_string(), self.purpose)).or_insert_with(|| {
                // Made when they are needed, and looked at before they are lent: a server may have been started again.
                r2d2::Pool::builder()
                    .max_size(READERS)
                    .min_idle(Some(0))
                    .test_on_check_out(true)
                    .connection_timeout(PATIENCE)
                    .error_handler(Box::new(r2d2::NopErrorHandler))
                    .build_unchecked(self.clone())
            });
            pool.clone()
        };
        // The pool would say only after ten seconds why there is none.
        if let Some(held) = known.try_get() {
            return Ok(Held::Pooled(Box::new(held)));
        }
        if known.state().connections < READERS {
            drop(self.open(READER)?);
        }
        Ok(Held::Pooled(Box::new(known.get().map_err(|error| anyhow!(Unreached(error.to_string())))?)))
    }

    /// One server after the other, beginning behind the one that went silent last: a primary that was cut off still says it
    /// may be written to.
    fn open(&self, patience: Duration) -> Result<Connection> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let servers = self.url.servers();
        let first = TURN.load(Ordering::Relaxed);
        let mut refused = None;
        for nth in 0..servers.len() {
            let server = &servers[(first + nth) % servers.len()];
            let tls = self.url.tls()?;
            let made = runtime.block_on(async { tokio::time::timeout(REACH, server.connect(tls)).await });
            match made {
                Ok(Ok((client, connection))) => {
                    runtime.spawn(async move {
                        // Whoever asks next is told.
                        let _ = connection.await;
                    });
                    let made = Connection::new(runtime, client, patience);
                    if self.purpose == Purpose::Reads {
                        // Only now: who asks for a server that takes what is written means one that could.
                        made.batch("SET default_transaction_read_only = on")?;
                    }
                    return Ok(made);
                }
                // What the server says of user and password tells more than that the other is not there.
                Ok(Err(error)) if refused.is_none() || error.code().is_some() => refused = Some(self.refused(error)),
                Ok(Err(_)) => {}
                Err(_) => {
                    refused.get_or_insert_with(|| self.unreached("等了几秒没有应答").context(Unreached::silent(REACH)));
                }
            }
        }
        Err(refused.unwrap_or_else(|| self.unreached("地址里没有主机")))
    }

    fn unreached(&self, why: &str) -> anyhow::Error {
        refuse(
            761,
            format!("连不上数据库 {}（{why}）", self.url),
            "请看数据库是不是开着、地址和端口对不对、网络通不通；主备切换时等半分钟再试",
        )
    }

    /// Why no connection could be made.
    fn refused(&self, error: tokio_postgres::Error) -> anyhow::Error {
        let url = &self.url;
        let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        let reported = match error.code().map(|state| state.code()) {
            Some("28P01" | "28000") => refuse(
                762,
                format!("数据库 {url} 不让进：用户名或者口令不对，或者不许从这台机器进"),
                "请核对用户和口令（口令放在环境变量 PGPASSWORD 里，不写在命令行上），并请管理数据库的人看 pg_hba.conf",
            ),
            Some("3D000") => refuse(
                762,
                format!("服务器上没有 {url} 所说的数据库"),
                "请核对数据库名；还没有建的，请管理数据库的人用 createdb 建，排序规则用 C.UTF-8",
            ),
            Some("53300") => refuse(
                761,
                format!("数据库 {url} 的连接数满了"),
                "请管理数据库的人把 max_connections 调大：每台依法服务器至多用 64 条，另加每个乡镇一条",
            ),
            _ if why.contains("certificate") || why.contains("TLS") || why.contains("tls") => refuse(
                763,
                format!("与数据库 {url} 之间的加密没有谈成（{why}）"),
                "请核对 sslrootcert 是不是签发数据库证书的机构的根证书，主机名与证书上的是不是一致，数据库有没有打开 ssl",
            ),
            _ => self.unreached(&why),
        };
        reported.context(Unreached(error.to_string()))
    }
}

impl ManageConnection for Target {
    type Connection = Connection;
    type Error = Unreached;

    fn connect(&self) -> Result<Connection, Unreached> {
        self.open(READER).map_err(|error| Unreached(format!("{error:#}")))
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), Unreached> {
        connection.check().map_err(|error| Unreached(format!("{error:#}")))
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        !connection.is_idle()
    }
}
