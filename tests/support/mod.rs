//! What every test through the real binary stands on: an own scratch folder, the binary, what it said.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use yifa::folder::Folder;
use yifa::storage::postgres::{Purpose, Target, Url};
use yifa::storage::{Db, Take, Value, params};

#[allow(dead_code)] // Each test program uses its part.
pub mod postgres;

/// The binary under test.
pub const YIFA: &str = env!("CARGO_BIN_EXE_yifa");

/// A folder of a test's own, gone when the test ends.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    /// An empty one.
    pub fn new() -> Scratch {
        Scratch(tempfile::TempDir::new().unwrap())
    }

    /// With a fresh copy of the demonstration township in `yifa-data`.
    pub fn demo() -> Scratch {
        let scratch = Scratch::new();
        copy_data(demo(), &scratch.data());
        scratch
    }

    /// With a data folder just made by `yifa init` in `yifa-data`.
    pub fn init() -> Scratch {
        let scratch = Scratch::new();
        let town = ["init", "--town", "青石乡", "--county", "上犹县", "--origin", "example.gov.cn/360724/qingshi"];
        scratch.yifa(&town).done();
        scratch
    }

    /// With a small township: villages, people, a committee, a mediator.
    pub fn township() -> Scratch {
        let scratch = Scratch::init();
        for (register, text) in TOWNSHIP {
            let file = format!("{register}.csv");
            scratch.write(&file, text.trim_start().as_bytes());
            scratch.yifa(&["import", register, &file]).done();
        }
        scratch
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where commands find their data folder, unless told otherwise.
    pub fn data(&self) -> PathBuf {
        self.path().join("yifa-data")
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// A command in this folder, not yet run.
    pub fn command<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(YIFA);
        command.args(args).current_dir(self.path()).env_remove("YIFA_DATA").env("NO_COLOR", "1");
        // Whether the machine has a press is for the tests of paper to say.
        command.env("YIFA_PDF", "no press");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_remove("YIFA_DATABASE");
        command.envs(database_for(args));
        command
    }

    /// Runs the binary.
    pub fn yifa<A: AsRef<OsStr>>(&self, args: &[A]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Runs the binary with a text on its standard input.
    pub fn yifa_given<A: AsRef<OsStr>>(&self, args: &[A], input: &[u8]) -> Ran {
        given(self.command(args), input)
    }

    /// The database, opened behind the binary's back by who may change everything.
    pub fn db(&self) -> Db {
        behind(&self.data(), "journal.db")
    }

    /// Accounts, sessions, drafts: on a server they lie in the same database.
    pub fn accounts(&self) -> Db {
        behind(&self.data(), "accounts.db")
    }

    /// Changes the tables themselves.
    pub fn remodel(&self, sql: &str) {
        match postgres::of_folder(&self.data()) {
            Some(url) => postgres::run(&url, sql),
            None => rusqlite::Connection::open(self.data().join("journal.db")).unwrap().execute_batch(sql).unwrap(),
        }
    }

    /// What the database is now.
    pub fn backup(&self) -> Backup {
        match postgres::of_folder(&self.data()) {
            Some(url) => Backup::Database(postgres::copy(&url)),
            None => Backup::File(std::fs::read(self.data().join("journal.db")).unwrap()),
        }
    }

    /// Makes the database what it was.
    pub fn restore(&self, old: Backup) {
        match old {
            Backup::File(bytes) => std::fs::write(self.data().join("journal.db"), bytes).unwrap(),
            Backup::Database(url) => postgres::turn_to(&self.data(), &url),
        }
    }

    /// How many entries the journal has.
    pub fn entries(&self) -> i64 {
        self.db().value("SELECT count(*) FROM entry WHERE town_id = $1", params![])
    }

    /// Everything verifies and every table is as the journal says.
    #[track_caller]
    pub fn is_sound(&self) {
        self.yifa(&["verify"]).done();
        self.yifa(&["rebuild"]).done();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(url) = postgres::of_folder(&self.data()) {
            postgres::drop_database(&url);
        }
    }
}

/// Where a township that is about to be made is to lie, if not in its folder.
pub fn database_for<A: AsRef<OsStr>>(args: &[A]) -> Option<(&'static str, String)> {
    let makes = args.iter().any(|arg| ["init", "demo"].iter().any(|verb| arg.as_ref() == OsStr::new(verb)));
    if makes { postgres::fresh().map(|url| ("YIFA_DATABASE", url)) } else { None }
}

/// A copy of the database alone, without what else lies in the data folder.
pub enum Backup {
    /// SQLite's file.
    File(Vec<u8>),
    /// The address of another database.
    Database(String),
}

/// A database of a data folder, opened past everything the program looks after.
pub fn behind(data: &Path, file: &str) -> Db {
    let Some(url) = postgres::of_folder(data) else {
        return Db::on_file(rusqlite::Connection::open(data.join(file)).unwrap());
    };
    let url = Url::parse(&postgres::as_owner(&url)).unwrap();
    Db::on_server(Target::new(&url, Purpose::Writes).connect().unwrap(), &Folder::open(data).unwrap().config.origin)
}

/// What tests ask of a database, whichever it is: `$1` is the town.
pub trait Ask {
    /// The first value of the first row.
    fn value<T: Take>(&self, sql: &str, params: &[Value<'_>]) -> T;

    /// The first value of each row.
    fn values<T: Take>(&self, sql: &str, params: &[Value<'_>]) -> Vec<T>;

    /// Changes something; tells how many rows.
    fn change(&self, sql: &str, params: &[Value<'_>]) -> usize;
}

impl Ask for Db {
    #[track_caller]
    fn value<T: Take>(&self, sql: &str, params: &[Value<'_>]) -> T {
        let found = self.one(sql, params, |row| row.get(0));
        found.unwrap_or_else(|error| panic!("{error:#}")).unwrap_or_else(|| panic!("no row: {sql} {params:?}"))
    }

    #[track_caller]
    fn values<T: Take>(&self, sql: &str, params: &[Value<'_>]) -> Vec<T> {
        self.rows(sql, params, |row| row.get(0)).unwrap_or_else(|error| panic!("{error:#}"))
    }

    #[track_caller]
    fn change(&self, sql: &str, params: &[Value<'_>]) -> usize {
        self.count(sql, params).unwrap_or_else(|error| panic!("{error:#}"))
    }
}

/// Runs a command with a text on its standard input.
pub fn given(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Fed beside the reading, or a long answer and a long question would wait for each other.
    let feeding = std::thread::spawn(move || {
        // A command that ends without reading everything closes the pipe: its exit code tells enough.
        let _ = stdin.write_all(&input);
    });
    let ran = Ran::of(child.wait_with_output().unwrap());
    feeding.join().unwrap();
    ran
}

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Out of what the system gives.
    pub fn of(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("yifa speaks UTF-8");
        Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// It did what was asked.
    #[track_caller]
    pub fn done(self) -> Ran {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "stdout:\n{}", self.out);
        self
    }

    /// It refused as everything is refused: exit code 2, a code, what is wrong, what to do; and it said these words.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> Ran {
        assert_eq!(self.code, Some(2), "{self:?}");
        let coded = self.err.split('P').skip(1).any(|rest| rest.bytes().take_while(u8::is_ascii_digit).count() == 3);
        assert!(coded, "no problem code: {}", self.err);
        assert!(self.err.contains("处理：") || self.err.contains("help:"), "no remedy: {}", self.err);
        self.says(words)
    }

    /// It found differences: exit code 2, and these words.
    #[track_caller]
    pub fn differs(self, words: &[&str]) -> Ran {
        assert_eq!(self.code, Some(2), "{self:?}");
        self.says(words)
    }

    /// It said these words.
    #[track_caller]
    pub fn says(self, words: &[&str]) -> Ran {
        let said = format!("{}{}", self.out, self.err);
        for word in words {
            assert!(said.contains(word), "does not say “{word}”:\n{said}");
        }
        // Neither a panic nor a fault is an answer to the user's mistake.
        assert!(!said.contains("panicked") && !said.contains("程序出了故障"), "{said}");
        self
    }
}

/// The demonstration, made once in each run of a test program; tests work on copies of it.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<PathBuf> = OnceLock::new();
    DEMO.get_or_init(|| {
        // A static is never dropped: the folder lies in target/, one for each test program, and is swept here.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(concat!("demo-", env!("CARGO_CRATE_NAME")));
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let mut command = Command::new(YIFA);
        let database = postgres::fresh();
        command.arg("demo").arg(&folder).arg("--no-serve").envs(database.iter().map(|url| ("YIFA_DATABASE", url)));
        Ran::of(command.output().unwrap()).done();
        if let Some(url) = database {
            postgres::run(&url, "VACUUM ANALYZE");
        }
        folder
    })
}

/// Copies a data folder, and its database with it.
pub fn copy_data(from: &Path, to: &Path) {
    copy_folder(from, to);
    postgres::copy_of_folder(to);
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        let (from, to) = (item.path(), to.join(item.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to);
        } else {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

/// Every file below a folder with what is in it, to see that nothing was left behind or changed.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// Small made-up registers, in the order in which they name each other.
pub const TOWNSHIP: [(&str, &str); 4] = [
    (
        "village",
        "
编号,设立日期,村名,统计用区划代码
,1984-06-01,黄沙村,360724201201
,1984-06-01,白水村,360724201202
",
    ),
    (
        "person",
        "
编号,入册日期,姓名,身份,性别
,2022-01-04,赵大山,村干部、人民调解员,男
,2022-01-04,钱秋月,人民调解员,女
,2022-01-04,孙立田,人民调解员,男
",
    ),
    (
        "mediation_committee",
        "
编号,产生日期,全称,案号中的简称,类别,所在村,设立·产生方式,委员,设立·主任,设立·妇女委员人数
,2024-02-20,黄沙村人民调解委员会,黄沙村,村,黄沙村,村民会议推选,赵大山、钱秋月、孙立田,赵大山,1
",
    ),
    (
        "mediator",
        "
编号,推选、聘任日期,公示名称,人员,所在调委会,产生方式,专职或者兼职,成年公民,任期起,任期止
,2024-02-20,黄沙村 钱某,钱秋月,黄沙村人民调解委员会,调委会委员,兼职,是,2024-02-20,2027-02-19
",
    ),
];

/// A mediation case just registered, as a field file.
pub const CASE: &str = r#"on = 2026-03-02
committee = "黄沙村人民调解委员会"
origin = "当事人申请"
villages = ["黄沙村"]
dispute = "山林土地"
parties = ["甲某", "乙某"]
facts = "山界不清"
"#;
