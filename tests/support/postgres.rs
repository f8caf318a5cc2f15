//! A PostgreSQL of a test program's own, out of Debian's packages: `YIFA_TEST_ON=postgres cargo test -p yifa --test story`.
//!
//! It is started when the first test asks for a database, and stopped when the test program ends. Each township of a test
//! lies in a database of its own, copied from one that was made ready.

#[allow(dead_code)] // Each program uses its part.
#[path = "server.rs"]
mod server;

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use server::{Server, TESTED};

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
    asked().then(|| copied("ready"))
}

/// The address of a copy of a database as it is now. Nobody may be connected to it.
pub fn copy(url: &str) -> String {
    copied(name_of(url))
}

fn copied(from: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed));
    server().psql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {from}"));
    server().url(&name)
}

/// The same database for who may do everything: the program's role may not change what is written.
pub fn as_owner(url: &str) -> String {
    url.replacen("//yifa@", "//postgres@", 1)
}

/// Takes a database away, whoever is connected.
pub fn drop_database(url: &str) {
    server().psql("postgres", &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_of(url)));
}

/// Gives up every connection to it.
pub fn disconnect(url: &str) {
    let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", name_of(url));
    server().psql("postgres", &sql);
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
    server().psql(name_of(url), sql);
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("yifa-postgres-{}", std::process::id()));
        let server = Server::start(&folder, TESTED)
            .expect("YIFA_TEST_ON=postgres, but there is no PostgreSQL on this machine: apt-get install postgresql");
        server.ready("ready");
        server
    })
}
