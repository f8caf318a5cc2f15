//! The press (排印): `yifa-pdf`, a program of its own that turns papers into PDF, run beside this one and fed line by line.
//!
//! Its memory and its faults are not ours: where it stops, one paper was not printed.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use engine::paper::Work;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::apart::within;
use crate::folder::Folder;
use crate::refused::refuse;
use crate::render::code;

/// What the program is called, beside this one or in the path.
const NAME: &str = "yifa-pdf";
/// Where the program lies, if somewhere else.
pub const PLACE: &str = "YIFA_PDF";

/// The command that adds it.
pub const ADD: &str = "cargo run --release -p pdf -- add";

/// How long one work may take: a volume of sixty pages takes half a second on a machine of today.
const PATIENCE: Duration = Duration::from_secs(60);

/// The faces the last work was set in.
static LAST: Mutex<Vec<Face>> = Mutex::new(Vec::new());

/// What has to be said of the faces of the last work this program had set; nothing before the first.
pub fn last_said() -> Option<String> {
    let faces = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    (!faces.is_empty()).then(|| said(&faces))
}

/// A press at work.
pub struct Press {
    child: Child,
    /// Gone once it has nothing more to do, and while somebody waits for its answer.
    pipes: Option<Pipes>,
    /// How long one work may take.
    patience: Duration,
    /// The township's own fonts.
    fonts: PathBuf,
}

struct Pipes {
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// A press whose turn it is.
pub struct Alone {
    press: Press,
    _turn: MutexGuard<'static, ()>,
}

impl Alone {
    /// As [`Press::set`].
    ///
    /// # Errors
    /// The same.
    pub fn set(mut self, work: &Work) -> Result<Pdf> {
        self.press.set(work)
    }
}

/// A work set as PDF.
#[derive(Debug)]
pub struct Pdf {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// The face of each role.
    pub faces: Vec<Face>,
}

/// Which face a role was set in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Face {
    /// The role: 仿宋.
    pub role: String,
    /// The family.
    pub family: String,
    /// It only stands in: the machine has no face of that kind.
    pub stands_in: bool,
}

#[derive(Deserialize)]
struct Answer {
    bytes: usize,
    pages: usize,
    faces: Vec<Face>,
    missing: Vec<char>,
    no_font: bool,
    fault: Option<String>,
    warnings: Vec<String>,
}

impl Press {
    /// Starts one, if the machine has it.
    ///
    /// # Errors
    /// It is not there, which the user can mend; or it cannot be started.
    pub fn start(folder: &Folder) -> Result<Press> {
        let Some(program) = program() else {
            let remedy =
                format!("请在源程序目录运行 {ADD}；用安装包的，请把 {NAME} 放在 yifa 旁边。DOCX、HTML 不需要它");
            return Err(refuse(660, format!("这台机器没有排印 PDF 的程序 {NAME}"), remedy));
        };
        Press::run(Command::new(program), folder.path.join("fonts"), PATIENCE)
    }

    fn run(mut program: Command, fonts: PathBuf, patience: Duration) -> Result<Press> {
        let mut child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.get_program().display()))?;
        let (requests, answers) = child.stdin.take().zip(child.stdout.take()).context("the press has no pipes")?;
        Ok(Press { child, pipes: Some(Pipes { requests, answers: BufReader::new(answers) }), patience, fonts })
    }

    /// One for a visit: of several that print at once each waits for its turn, because a press takes memory.
    ///
    /// # Errors
    /// As [`Press::start`].
    pub fn alone(folder: &Folder) -> Result<Alone> {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Alone { press: Press::start(folder)?, _turn: turn })
    }

    /// Sets a work.
    ///
    /// # Errors
    /// A face is missing altogether, or a character in all of them, or it took too long: nothing was printed. Or the press
    /// stopped.
    pub fn set(&mut self, work: &Work) -> Result<Pdf> {
        let mut data = serde_json::to_value(work)?;
        codes(&mut data)?;
        let mut line = json!({ "fonts": self.fonts, "work": data }).to_string();
        line.push('\n');
        let stopped = "the press stopped before it answered";
        let mut pipes = self.pipes.take().context(stopped)?;
        let asked = within(&mut self.child, self.patience, move || pipes.ask(&line).map(|answer| (answer, pipes)))?;
        let Some(asked) = asked else {
            let text = format!("排印超过 {} 秒没有完成，没有生成 PDF", self.patience.as_secs());
            return Err(refuse(663, text, "请改用 DOCX，或者只印其中几份；经常这样的，请检查这台机器的内存是否够用"));
        };
        let ((answer, bytes), pipes) = asked.context(stopped)?;
        self.pipes = Some(pipes);
        if answer.no_font {
            let remedy = format!(
                "请把单位有权使用的仿宋、黑体、楷体、小标宋、宋体文件放进数据目录的 fonts 里，或者运行 {ADD} 取自由许可的字体"
            );
            return Err(refuse(661, "没有能排中文的字体，没有生成 PDF", remedy));
        }
        if !answer.missing.is_empty() {
            let shown = |c: &char| format!("{c}（U+{:04X}）", u32::from(*c));
            let all = answer.missing.iter().take(20).map(shown).collect::<Vec<_>>().join("、");
            let text = format!("现有的字体都没有这些字，没有生成 PDF：{all}");
            let remedy = "请在数据目录的 fonts 里放一份有这些字的字体（如方正小标宋、Noto Serif CJK），或者改用 DOCX";
            return Err(refuse(662, text, remedy));
        }
        if let Some(fault) = answer.fault {
            return Err(anyhow!("the press could not set it: {fault}"));
        }
        if let Some(warning) = answer.warnings.first() {
            tracing::warn!(%warning, "the press");
        }
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = answer.faces.clone();
        Ok(Pdf { bytes, pages: answer.pages, faces: answer.faces })
    }
}

impl Pipes {
    /// Hands a request in and takes the answer, with the bytes behind it.
    fn ask(&mut self, request: &str) -> Result<(Answer, Vec<u8>)> {
        self.requests.write_all(request.as_bytes())?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: Answer = serde_json::from_str(&line)?;
        let mut bytes = vec![0; answer.bytes];
        self.answers.read_exact(&mut bytes)?;
        Ok((answer, bytes))
    }
}

impl Drop for Press {
    fn drop(&mut self) {
        // It ends with its input; nobody waits for one that does not.
        self.pipes = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What has to be said of the faces: which were used, and that there is no 仿宋 where there is none.
pub fn said(faces: &[Face]) -> String {
    let one = |face: &Face| match face.stands_in {
        true => format!("{}用 {} 代替", face.role, face.family),
        false => format!("{} {}", face.role, face.family),
    };
    let mut text = format!("字体：{}", faces.iter().map(one).collect::<Vec<_>>().join("，"));
    if faces.iter().any(|face| face.role == "仿宋" && face.stands_in) {
        text.push_str("。没有找到仿宋：正式印发前，请把单位有权使用的仿宋字体放进数据目录的 fonts 里再生成一次");
    }
    text
}

/// Whether the machine has a press.
pub fn is_there() -> bool {
    program().is_some()
}

fn program() -> Option<PathBuf> {
    if let Some(place) = env::var_os(PLACE) {
        return Some(place.into()).filter(|place: &PathBuf| place.is_file());
    }
    let name = format!("{NAME}{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(&name)));
    let path = env::var_os("PATH").unwrap_or_default();
    beside.into_iter().chain(env::split_paths(&path).map(|folder| folder.join(&name))).find(|place| place.is_file())
}

/// Gives each code of a work its modules: the layout draws squares.
fn codes(value: &mut Value) -> Result<()> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(codes),
        Value::Object(items) if items.get("is").is_some_and(|is| is == "code") => {
            let text = items.get("text").and_then(Value::as_str).unwrap_or_default();
            let modules = code::modules(text)?;
            items.insert("modules".to_owned(), json!(modules));
            Ok(())
        }
        Value::Object(items) => items.values_mut().try_for_each(codes),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refused::problems;

    #[test]
    fn a_press_that_does_not_answer_in_time_is_ended_and_one_that_stops_is_a_fault() {
        let check = |program: &str, expect: Option<u16>| {
            let mut program = Command::new(program);
            program.args(["-f", "/dev/null"]);
            let mut press = Press::run(program, PathBuf::new(), Duration::from_millis(50)).unwrap();
            for again in [expect, None] {
                let error = press.set(&Work::default()).unwrap_err();
                assert_eq!(problems(&error).map(|all| all[0].code.0), again, "{error:#}");
            }
            assert!(!press.child.wait().unwrap().success());
        };
        check("tail", Some(663));
        check("false", None);
    }
}
