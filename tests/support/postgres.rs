//! A PostgreSQL of a test program's own, out of Debian's packages: `YIFA_TEST_ON=postgres cargo test -p yifa --test story`.
//!
//! It is started when the first test asks for a database, and stopped when the test program ends, however it ends: a shell
//! waits at a pipe that the system closes then. Each township of a test lies in a database of its own, copied from one
//! that `yifa database prepare` made ready.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What is about SQLite's own file and cannot be asked of a server: each test with its reason. They say so themselves by
/// [`sqlite_alone`], and a test of the boundary holds the list against them.
pub const SQLITE_ALONE: &[(&str, &str)] = &[
    ("a_doctored_index_cannot_change_a_figure", "the file's own table of tables is rewritten"),
    ("a_database_cut_short_while_copying_is_never_opened_in_silence", "the file is cut"),
    ("a_folder_of_the_version_before_is_upgraded_and_the_old_file_kept", "a server is made ready by who keeps it"),
    ("a_page_gone_bad_is_told", "a page of the file is overwritten; a server has checksums of its own"),
    (
        "a_read_only_copy_whose_last_entries_lie_beside_it_is_not_read_without_them",
        "the file's log lies beside it; a server has no file to be copied",
    ),
    ("a_value_of_another_type_is_named_and_not_taken_for_our_fault", "a server keeps no value of another type"),
];

/// Whether the tests were asked to run on PostgreSQL.
pub fn asked() -> bool {
    match std::env::var("YIFA_TEST_ON").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite" | "") | Err(_) => false,
        Ok(other) => panic!("YIFA_TEST_ON={other}: sqlite or postgres"),
    }
}

/// Whether a test that is about SQLite's own file has nothing to do here; it is said and counted.
pub fn sqlite_alone(test: &str) -> bool {
    let (_, why) =
        SQLITE_ALONE.iter().find(|(name, _)| *name == test).unwrap_or_else(|| panic!("{test} is not listed"));
    if asked() {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let nth = COUNT.fetch_add(1, Ordering::Relaxed) + 1;
        say(&format!("not on PostgreSQL ({nth}): {test}: {why}\n"));
    }
    asked()
}

/// On the terminal: libtest keeps to itself what a test that passes prints.
fn say(line: &str) {
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Whether a test that holds a server against a file has nothing to do here, because no server was asked for.
pub fn server_alone(test: &str) -> bool {
    if !asked() {
        say(&format!("without PostgreSQL: {test}: YIFA_TEST_ON=postgres asks for it\n"));
    }
    !asked()
}

/// The address of a new database that is made ready, for the program's role; none where the tests run on SQLite.
pub fn fresh() -> Option<String> {
    asked().then(|| server().copy("ready"))
}

/// The address of a copy of a database as it is now. Nobody may be connected to it.
pub fn copy(url: &str) -> String {
    server().copy(name_of(url))
}

/// The same database for who may do everything: the program's role may not change what is written.
pub fn as_owner(url: &str) -> String {
    url.replacen("//yifa@", "//postgres@", 1)
}

/// Takes a database away, whoever is connected.
pub fn drop_database(url: &str) {
    server().psql(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_of(url)));
}

/// Gives up every connection to it.
pub fn disconnect(url: &str) {
    let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", name_of(url));
    server().psql(&sql);
}

/// What a data folder's `yifa.toml` says of its database, where it lies on a server.
pub fn of_folder(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("yifa.toml")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("database = \""))?;
    Some(line.trim_end_matches('"').to_owned())
}

/// Gives a copied data folder a database of its own, like that of the folder it was copied from.
pub fn copy_of_folder(folder: &Path) {
    if let Some(url) = of_folder(folder) {
        turn_to(folder, &copy(&url));
    }
}

/// Makes a data folder one of another database.
pub fn turn_to(folder: &Path, url: &str) {
    let file = folder.join("yifa.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace(&of_folder(folder).unwrap(), url)).unwrap();
}

/// Runs SQL that the shared statements do not know, as the owner.
pub fn run(url: &str, sql: &str) {
    server().psql_in(name_of(url), sql);
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

/// A running server.
struct Server {
    bin: PathBuf,
    port: u16,
    next: AtomicU32,
    /// Its standard input is what the shell waits at.
    _shell: Child,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let bin = programs()
            .expect("YIFA_TEST_ON=postgres, but there is no PostgreSQL on this machine: apt-get install postgresql");
        // A port found free may be taken before the server has it.
        let started = (0..3).find_map(|_| start(&bin));
        let (port, shell) = started.expect("PostgreSQL was started three times and did not come up");
        let server = Server { bin, port, next: AtomicU32::new(0), _shell: shell };
        server.psql("CREATE ROLE yifa LOGIN");
        server.psql("CREATE DATABASE ready TEMPLATE template0");
        let prepare = ["database", "prepare", &as_owner(&server.url("ready")), "--role", "yifa"];
        let made = Command::new(env!("CARGO_BIN_EXE_yifa")).args(prepare).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        server
    })
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("postgres://yifa@127.0.0.1:{}/{database}", self.port)
    }

    fn copy(&self, from: &str) -> String {
        let name = format!("t{}", self.next.fetch_add(1, Ordering::Relaxed));
        self.psql(&format!("CREATE DATABASE {name} TEMPLATE {from}"));
        self.url(&name)
    }

    fn psql(&self, sql: &str) {
        self.psql_in("postgres", sql);
    }

    fn psql_in(&self, database: &str, sql: &str) {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            sql,
        ]);
        let ran = psql.env("PGPORT", self.port.to_string()).output().unwrap();
        assert!(ran.status.success(), "{sql}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}

/// Starts a server, says `ready`, and stops it when nobody holds the other end of its standard input any more. Settings:
/// a test's database outlives no power cut, and whoever asks for a copy does not wait for the disk.
const SHELL: &str = r#"
set -eu
cd /
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
folder=$(as mktemp -d "${TMPDIR:-/tmp}/yifa-postgres-XXXXXX")
ended() {
  as "$bin/pg_ctl" -D "$folder/data" stop -m immediate >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap ended EXIT
trap '' INT TERM HUP
as "$bin/initdb" -D "$folder/data" -U postgres --locale=C.UTF-8 --encoding=UTF8 --auth=trust --no-sync >/dev/null
as sh -c 'cat >"$1/data/postgresql.auto.conf"' - "$folder" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 400
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 8GB
checkpoint_timeout = 1h
autovacuum = off
SETTINGS
as "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/data/log" start >/dev/null || { cat "$folder/data/log" >&2; exit 1; }
echo ready
exec >/dev/null
read -r _ || true
"#;

fn start(bin: &Path) -> Option<(u16, Child)> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut shell = Command::new("sh")
        .args(["-c", SHELL])
        .env("bin", bin)
        .env("port", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // Ctrl-C goes to a whole group: the shell must outlive the tests to clear up behind them.
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
