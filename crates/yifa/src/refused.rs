//! The user's problems on their way out: they end the command with exit code 2, faults with 1.

use std::fmt;

use engine::definition::FileSet;
use engine::problem::Problem;

/// All the problems that stopped something.
#[derive(Debug)]
pub struct Refused(pub Vec<Problem>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, problem) in self.0.iter().enumerate() {
            if nth > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// One problem as an error.
pub fn refuse(code: u16, text: impl Into<String>, remedy: impl Into<String>) -> anyhow::Error {
    Refused(vec![Problem::new(code, text, remedy)]).into()
}

/// All problems as an error, or nothing when there are none.
pub fn unless_none(problems: Vec<Problem>) -> anyhow::Result<()> {
    if problems.is_empty() { Ok(()) } else { Err(Refused(problems).into()) }
}

/// The texts problems stand in, so that each is shown with its line.
#[derive(Debug)]
pub struct Texts(pub FileSet);

impl fmt::Display for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "problems in {}", self.0.keys().cloned().collect::<Vec<_>>().join(", "))
    }
}

/// Problems as an error that carries the texts they stand in.
pub fn in_texts(problems: Vec<Problem>, texts: FileSet) -> anyhow::Error {
    anyhow::Error::from(Refused(problems)).context(Texts(texts))
}

/// The problems an error is about; none where it is a fault.
pub fn problems(error: &anyhow::Error) -> Option<Vec<Problem>> {
    match error.downcast_ref::<Refused>() {
        Some(Refused(problems)) => Some(problems.clone()),
        None => of_disk(error).map(|problem| vec![problem]),
    }
}

/// Why the system refused, in Chinese.
pub fn cause(error: &std::io::Error) -> String {
    use std::io::ErrorKind as Kind;
    let known = match error.kind() {
        Kind::NotFound => "没有这个文件或者目录",
        Kind::PermissionDenied => "没有权限",
        Kind::AlreadyExists => "已经存在",
        Kind::IsADirectory => "这是目录，不是文件",
        Kind::NotADirectory => "这是文件，不是目录",
        Kind::DirectoryNotEmpty => "目录不是空的",
        Kind::StorageFull => "磁盘已满",
        Kind::QuotaExceeded => "磁盘配额已满",
        Kind::FileTooLarge => "超过了文件大小的限制",
        Kind::ReadOnlyFilesystem => "磁盘是只读的",
        Kind::InvalidFilename => "文件名不合规则",
        Kind::InvalidData => "内容不是合格的文字",
        _ => return error.raw_os_error().map_or("读写出错".to_owned(), |code| format!("系统错误 {code}")),
    };
    known.to_owned()
}

/// Why the database refused, in Chinese.
pub fn database_cause(error: &anyhow::Error) -> &'static str {
    use rusqlite::ErrorCode as Code;
    let code = |cause: &(dyn std::error::Error + 'static)| cause.downcast_ref::<rusqlite::Error>()?.sqlite_error_code();
    match error.chain().find_map(code) {
        None if crate::storage::postgres::is_full(error) => "数据库服务器的磁盘已满",
        None if crate::storage::is_disk(error) => "数据库服务器的磁盘读写出错",
        Some(Code::DiskFull) => "磁盘已满",
        Some(Code::ReadOnly) => "只读，写不进去",
        Some(Code::SystemIoFailure) => "磁盘读写出错",
        Some(Code::CannotOpen) => "打不开文件",
        Some(Code::DatabaseCorrupt) => "文件的内部结构坏了",
        Some(Code::NotADatabase) => "不是数据库文件",
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => "正被别的程序占用",
        _ => "内容与程序的格式不符",
    }
}

/// Why a disk could not be written, where that is what an error says.
pub fn disk_cause(error: &anyhow::Error) -> Option<String> {
    use std::io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let full = error.chain().filter_map(of_file).find(|io| {
        matches!(io.kind(), StorageFull | FileTooLarge | QuotaExceeded | ReadOnlyFilesystem | PermissionDenied)
    });
    full.map(cause).or_else(|| crate::storage::is_disk(error).then(|| database_cause(error).to_owned()))
}

/// What the user can mend although no code foresaw it: a disk that is full or read-only, a database that went bad.
fn of_disk(error: &anyhow::Error) -> Option<Problem> {
    if let Some(why) = disk_cause(error) {
        return Some(Problem::new(710, format!("写不了磁盘（{why}）"), "请检查磁盘剩余空间和目录的权限，然后重做"));
    }
    if crate::storage::postgres::is_passing(error) {
        let remedy = "没有显示“已记入”的，没有记入。请再做一次；一直这样的，请找管理数据库的人";
        return Some(Problem::new(761, "与数据库断开了", remedy));
    }
    crate::storage::is_damaged(error).then(|| {
        let remedy = "请停止使用，从备份取回整个目录；取回后运行 yifa verify";
        Problem::new(706, format!("数据库损坏了（{}）", database_cause(error)), remedy)
    })
}

/// The system's error, also where a writer of tables wraps it without naming it as its source.
fn of_file<'e>(cause: &'e (dyn std::error::Error + 'static)) -> Option<&'e std::io::Error> {
    if let Some(error) = cause.downcast_ref::<csv::Error>() {
        return match error.kind() {
            csv::ErrorKind::Io(io) => Some(io),
            _ => None,
        };
    }
    match cause.downcast_ref::<rust_xlsxwriter::XlsxError>() {
        Some(rust_xlsxwriter::XlsxError::IoError(io)) => Some(io),
        _ => cause.downcast_ref::<std::io::Error>(),
    }
}
