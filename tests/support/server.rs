//! A PostgreSQL of a test program's or a bench's own, out of Debian's packages.
//!
//! It lies where whoever starts it says, and stops when the program ends, however it ends: a shell waits at a pipe that the
//! system closes then.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use yifa::storage::postgres::{Url, prepare};

/// Starts a server, says `ready`, and stops it when nobody holds the other end of its standard input any more.
const SHELL: &str = r#"
set -eu
cd /
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
ended() {
  as "$bin/pg_ctl" -D "$folder/data" stop -m immediate >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap ended EXIT
trap '' INT TERM HUP
mkdir -p "$folder"
if [ "$(id -u)" = 0 ]; then chown postgres "$folder"; fi
as "$bin/initdb" -D "$folder/data" -U postgres --locale=C.UTF-8 --encoding=UTF8 --auth=trust --no-sync >/dev/null
as sh -c 'cat >"$1/data/postgresql.auto.conf"' - "$folder" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 400
$settings
SETTINGS
as "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/data/log" start >/dev/null || { cat "$folder/data/log" >&2; exit 1; }
echo ready
exec >/dev/null
read -r _ || true
"#;

/// For measuring, as a county sets it: every commit waits for the disk.
pub const MEASURED: &str = "shared_buffers = 1GB
work_mem = 64MB
effective_cache_size = 8GB
max_wal_size = 4GB
random_page_cost = 1.1
";

/// For tests: a test's database outlives no power cut, and whoever asks for a copy does not wait for the disk.
pub const TESTED: &str = "fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 8GB
checkpoint_timeout = 1h
autovacuum = off
";

/// A running server.
pub struct Server {
    /// Where its programs lie.
    pub bin: PathBuf,
    port: u16,
    /// Its standard input is what the shell waits at.
    shell: Child,
}

impl Server {
    /// Starts one in a folder, or none where the machine has no PostgreSQL. Settings are lines of its own configuration:
    /// [`MEASURED`] or [`TESTED`], and what else is wanted.
    pub fn start(folder: &Path, settings: &str) -> Option<Server> {
        let bin = programs()?;
        // A port found free may be taken before the server has it.
        let started = (0..3).find_map(|_| begin(&bin, folder, settings));
        let (port, shell) = started.expect("PostgreSQL was started three times and did not come up");
        let server = Server { bin, port, shell };
        server.psql("postgres", "CREATE ROLE yifa LOGIN");
        Some(server)
    }

    /// A new database that is made ready; the address for the program's role.
    pub fn ready(&self, name: &str) -> String {
        self.psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE template0"));
        prepare(&Url::parse(&self.owner(name)).unwrap(), "yifa", false).unwrap();
        self.url(name)
    }

    /// The address of a database for the program's role.
    pub fn url(&self, name: &str) -> String {
        format!("postgres://yifa@127.0.0.1:{}/{name}", self.port)
    }

    /// The address of a database for who may do everything.
    pub fn owner(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// A program of PostgreSQL's as the owner of a database; what it printed.
    pub fn run(&self, program: &str, args: &[&str]) -> String {
        let ran = self.command(program).args(args).output().unwrap();
        assert!(ran.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap()
    }

    /// The same, not yet run.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        command.args(["-h", "127.0.0.1", "-U", "postgres"]).env("PGPORT", self.port.to_string());
        command
    }

    /// Runs SQL that the shared statements do not know, as the owner; rows with `|` between columns.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        self.run("psql", &["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The next bench shall not measure this one's end.
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

fn begin(bin: &Path, folder: &Path, settings: &str) -> Option<(u16, Child)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut shell = Command::new("sh")
        .args(["-c", SHELL])
        .env("bin", bin)
        .env("folder", folder)
        .env("port", port.to_string())
        .env("settings", settings)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Ctrl-C goes to a whole group: the shell must outlive the program to clear up behind it.
        .process_group(0)
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut said).unwrap();
    if said.trim() == "ready" {
        return Some((port, shell));
    }
    shell.wait().unwrap();
    None
}

/// Where the newest PostgreSQL's programs lie: Debian has them outside the path.
fn programs() -> Option<PathBuf> {
    let version = |path: &PathBuf| path.parent()?.file_name()?.to_str()?.parse::<u32>().ok();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<PathBuf> = debian.map(|item| item.unwrap().path().join("bin")).collect();
    found.sort_by_key(version);
    let on_path = std::env::var_os("PATH")?;
    let all = found.into_iter().rev().chain(std::env::split_paths(&on_path));
    all.into_iter().find(|folder| ["initdb", "pg_ctl", "psql"].iter().all(|name| folder.join(name).exists()))
}
