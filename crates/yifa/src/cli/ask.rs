//! `yifa ask`: a step filled in by question and answer; only what has to be asked at that point is asked.

use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use engine::day::Day;
use engine::definition::{Choice, Field, FieldType};
use engine::form::{self, Given, Input};
use engine::record::{self, Rules};
use serde_json::json;

use super::records::{By, id_of, record_act};
use super::typed::{Doing, Typed};
use super::{Context, register_named};
use crate::append::NEW;
use crate::asking::{Questions, asking, how};
use crate::query::names::Records;
use crate::refused::{Refused, refuse};
use crate::{ambient, text};

/// 照着问答记一步
///
/// 定义里写了问题（ask）的步骤，如法律援助引导的问答：一句一句问，只问当时用得着的；
/// 选项写序号或者名称，读不懂的再问一遍。问完显示算出的结论和依据，记为一个新的案卷。
/// 答案从键盘或者标准输入逐行读；日期直接回车就是今天。
///
/// 例：yifa ask legal_aid ask
#[derive(Args)]
pub struct Ask {
    /// 登记簿的编号或者名称
    register: String,
    /// 步骤编号
    step: String,
    /// 谁办的：人员登记簿中的姓名；不写则记为本机
    #[arg(long = "as", value_name = "NAME")]
    actor: Option<String>,
    /// 只问、只算结论，不记入
    #[arg(long)]
    dry_run: bool,
    /// 从文件逐行读答案；有一行对不上问题，就什么也不记
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
}

impl Ask {
    /// Asks, shows what follows from the answers, and unless it is a dry run records it.
    pub fn run(self, context: &Context) -> Result<ExitCode> {
        let (folder, db, sets) = context.read()?;
        let current = sets.current()?;
        let register = register_named(&current.set, &self.register)?;
        let step = asking(register, &self.step)?;
        let figures = current.figures(id_of(&current.set, &self.register));
        let rules = Rules { register, figures, calendar: &current.set.calendar };
        let (course, _) = record::walk(rules, &[]);
        // While questions are put, a file is only looked for; it is stored with everything else.
        let trying = Records { db: &db, set: &current.set, files: folder.files(), dry_run: true };
        let mut desk = Desk::open(self.answers.as_deref(), context.json)?;
        let questions = Questions { step, course: &course, records: &trying, today: ambient::today() };
        let given = put(&questions, &mut desk)?;
        desk.finish()?;
        let concluded = concluded(&questions, &given, &mut desk)?;

        let mut typed = Typed::answered(given);
        let keep = if self.dry_run { None } else { Some(&folder) };
        typed.store_files(keep, &folder, register, &self.step, &course)?;
        let doing = Doing { step: &self.step, already: None, record: NEW };
        let records = Records { dry_run: self.dry_run, files: folder.files(), ..trying };
        let made = typed.act(&doing, register, &course, &records).map_err(Refused)?;
        let by = By { actor: self.actor.as_deref(), dry_run: self.dry_run, beside: json!({ "derived": concluded }) };
        record_act(context, folder, db, rules, Vec::new(), made, by)
    }
}

/// Puts every question that turns out to be needed, in the order of the step, until none is left.
fn put(questions: &Questions<'_, '_>, desk: &mut Desk) -> Result<Given> {
    let (mut given, mut asked) = (Given::new(), BTreeSet::new());
    while let Some(field) = questions.next(&given, &asked) {
        let answer = answer(questions, field, &given, desk)?;
        asked.insert(field.id.value.as_str());
        given.insert(field.id.value.clone(), answer);
    }
    Ok(given)
}

/// Puts one question until the answer can be read.
fn answer<'d>(questions: &Questions<'_, 'd>, field: &'d Field, given: &Given, desk: &mut Desk) -> Result<Input> {
    let today = questions.is_day(field).then_some(questions.today);
    let choices = questions.choices(field, given);
    loop {
        desk.question(field, &choices, today)?;
        let Some(line) = desk.line()? else {
            let text = format!("还没有答完：“{}”没有答，什么也没有记入", field.title);
            return Err(refuse(228, text, how(field)));
        };
        let answer = match (line.as_str(), today) {
            ("", Some(today)) => Input::Text(today.to_string()),
            (line, _) => read(field, &choices, line),
        };
        match questions.problem(field, &answer) {
            None => return Ok(answer),
            // Asked again, the next line of a file would answer a question it was not written for.
            Some(mut problem) if desk.strict => {
                problem.text = format!("答案第 {} 行：{}", desk.nth, problem.text);
                return Err(Refused(vec![problem]).into());
            }
            Some(problem) => desk.say(format!("  {}。{}", problem.text, problem.remedy))?,
        }
    }
}

/// An answer as it is typed into a form: the number of a choice stands for the choice.
fn read(field: &Field, choices: &[&Choice], line: &str) -> Input {
    let numbered = |text: &str| {
        let named = field.choices.iter().any(|choice| choice.title == text || choice.id.value == text);
        let nth = form::parse::number(text).filter(|_| !named).and_then(|nth| usize::try_from(nth).ok());
        nth.and_then(|nth| choices.get(nth.checked_sub(1)?)).map(|choice| choice.id.value.clone())
    };
    match &field.kind {
        FieldType::Choice => Input::Text(numbered(line).unwrap_or_else(|| line.to_owned())),
        FieldType::Choices => {
            let several = form::parse::split(field, line).into_iter();
            Input::List(several.map(|one| numbered(one).unwrap_or_else(|| one.to_owned())).collect())
        }
        _ => Input::Text(line.to_owned()),
    }
}

/// Says what the answers come to, each with the law that leads there; and gives it as data.
fn concluded(questions: &Questions<'_, '_>, given: &Given, desk: &mut Desk) -> Result<serde_json::Value> {
    let mut all = serde_json::Map::new();
    for one in questions.concluded(given) {
        desk.say(format!("{}：{}", one.asked, one.title))?;
        if !one.basis.is_empty() {
            desk.say(format!("    依据：{}", one.basis.join("、")))?;
        }
        all.insert(one.field.clone(), json!(one));
    }
    Ok(all.into())
}

/// Where questions are put and answers come from.
struct Desk {
    answers: Box<dyn BufRead>,
    /// How many answers were read.
    nth: u64,
    /// Answers written down beforehand, which must fit the questions line by line.
    strict: bool,
    /// Where questions go.
    aloud: Aloud,
    /// Nobody sees what was typed unless it is said again.
    echo: bool,
}

/// Where questions and conclusions are said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aloud {
    /// Standard output.
    Out,
    /// Standard error, where standard output is for data.
    Aside,
    /// Nowhere: data are wanted and nobody sits there.
    Silent,
}

impl Desk {
    fn open(path: Option<&Path>, json: bool) -> Result<Desk> {
        let somebody = path.is_none() && io::stdin().is_terminal();
        let answers: Box<dyn BufRead> = match path {
            Some(path) => Box::new(io::Cursor::new(text::read(path)?)),
            None => Box::new(io::stdin().lock()),
        };
        let aloud = match (json, somebody) {
            (false, _) => Aloud::Out,
            (true, true) => Aloud::Aside,
            (true, false) => Aloud::Silent,
        };
        Ok(Desk { answers, nth: 0, strict: path.is_some() || (json && !somebody), aloud, echo: !somebody })
    }

    /// Whoever wrote down more answers than there were questions had other questions in mind.
    fn finish(&mut self) -> Result<()> {
        while self.strict
            && let Some(line) = self.read()?
        {
            if !line.is_empty() {
                let text = format!("问题都问完了，第 {} 行还有答案“{line}”，什么也没有记入", self.nth);
                return Err(refuse(228, text, "请核对前面的答案：不带 --answers 走一遍，看看问的是什么"));
            }
        }
        Ok(())
    }

    fn say(&mut self, text: impl AsRef<str>) -> Result<()> {
        self.write(&format!("{}\n", text.as_ref()))
    }

    fn write(&mut self, text: &str) -> Result<()> {
        match self.aloud {
            Aloud::Silent => {}
            Aloud::Aside => io::stderr().write_all(text.as_bytes())?,
            Aloud::Out => {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes())?;
                out.flush()?;
            }
        }
        Ok(())
    }

    fn question(&mut self, field: &Field, choices: &[&Choice], today: Option<Day>) -> Result<()> {
        let asked = field.ask.as_deref().unwrap_or(&field.title);
        let how = match (&field.kind, today) {
            (_, Some(today)) => format!("（直接回车为 {today}）"),
            (FieldType::YesNo, _) => "（是／否）".to_owned(),
            (FieldType::Choices, _) => "（可以选几项，序号之间用顿号）".to_owned(),
            _ => String::new(),
        };
        self.say(format!("{asked}{how}"))?;
        for (nth, choice) in choices.iter().enumerate() {
            self.say(format!("  {} {}", nth + 1, choice.title))?;
        }
        self.write("> ")
    }

    /// The next answer; none when there are no more.
    fn line(&mut self) -> Result<Option<String>> {
        let line = self.read()?;
        if self.echo {
            self.say(line.as_deref().unwrap_or_default())?;
        }
        Ok(line)
    }

    fn read(&mut self) -> Result<Option<String>> {
        let mut bytes = Vec::new();
        if self.answers.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.nth += 1;
        let not_text = || refuse(612, "答案不是文字", "请另存为 UTF-8 编码的纯文本，一行一个答案");
        Ok(Some(text::decode(&bytes).ok_or_else(not_text)?.trim().to_owned()))
    }
}
