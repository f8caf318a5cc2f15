//! What somebody typed into a fields file, turned into an act or into all of its problems.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use engine::act::Act;
use engine::definition::{FieldType, Register};
use engine::form::{self, Given, Input, Lookup};
use engine::problem::Problem;
use engine::read::{At, Raw, Source, nearest_hint};
use engine::record::{Course, Instance};
use engine::value::Fields;

use crate::acts::{self, target};
use crate::attachment;
use crate::folder::Folder;
use crate::query::names::Records;

/// What is being done, besides what the file says.
pub struct Doing<'d> {
    /// The step, or `correct`, `void`, `link`, `attach`, `answer`.
    pub step: &'d str,
    /// Why an act of ours was done outside.
    pub already: Option<&'d str>,
    /// The record's id, empty for a new one.
    pub record: &'d str,
}

/// A fields file: keys of its own, and those under `[fields]`, each with where it stands.
pub struct Typed {
    file: String,
    given: Given,
    fields: Option<Given>,
    spans: BTreeMap<String, Range<usize>>,
    /// What the attached file was called and how many bytes it has, once it is stored.
    attached: Option<(String, u64)>,
}

impl Typed {
    /// Reads a fields file.
    pub fn read(file: &str, text: &str) -> Result<Typed, Vec<Problem>> {
        let source = Source::new(file, text);
        let mut typed = Typed { file: file.to_owned(), ..Typed::answered(Given::new()) };
        source.read(|table| {
            for (key, raw) in table.entries() {
                match (key.value.as_str(), raw.as_table()) {
                    ("fields", Some(mut inner)) => {
                        typed.spans.insert(key.value, key.span);
                        let mut fields = Given::new();
                        for (key, raw) in inner.entries() {
                            typed.value(key, &raw, &mut fields);
                        }
                        typed.fields = Some(fields);
                    }
                    _ => {
                        let mut given = std::mem::take(&mut typed.given);
                        typed.value(key, &raw, &mut given);
                        typed.given = given;
                    }
                }
            }
        });
        let problems = source.into_problems();
        if problems.is_empty() { Ok(typed) } else { Err(problems) }
    }

    /// Answers to questions, put and read one by one; files are named from where the command was given.
    pub fn answered(given: Given) -> Typed {
        Typed { file: "答案".to_owned(), given, fields: None, spans: BTreeMap::default(), attached: None }
    }

    fn value(&mut self, key: At<String>, raw: &Raw<'_>, given: &mut Given) {
        match Input::of(raw) {
            Some(input) => {
                self.spans.insert(key.value.clone(), key.span);
                given.insert(key.value, input);
            }
            None => raw.wrong("文字、整数、日期、true、false，或者它们的列表"),
        }
    }

    /// Stores the files that fields name by path, in `keep` if it is not a dry run; from here on they go by their hash.
    pub fn store_files(
        &mut self,
        keep: Option<&Folder>,
        folder: &Folder,
        register: &Register,
        step: &str,
        course: &Course<'_>,
    ) -> Result<()> {
        let beside = Path::new(&self.file).parent().map(Path::to_path_buf).unwrap_or_default();
        if step == "attach" {
            return self.attach(keep, &beside);
        }
        let step = match step {
            "correct" => self.one("of").and_then(|of| target(course, &of)).map(|one| one.step),
            name => register.step(name),
        };
        let fields = step.into_iter().flat_map(|step| &step.fields);
        let files: Vec<&str> =
            fields.filter(|field| field.kind == FieldType::File).map(|field| field.id.value.as_str()).collect();
        let given = self.fields.as_mut().unwrap_or(&mut self.given);
        for (_, input) in given.iter_mut().filter(|(key, _)| files.contains(&key.as_str())) {
            for text in input.texts_mut() {
                let is_hash = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
                if is_hash && folder.files().join(text.as_str()).is_file() {
                    continue;
                }
                *text = match keep {
                    Some(folder) => attachment::store(folder, &beside.join(text.as_str()))?,
                    None => attachment::would_store(&beside.join(text.as_str()))?,
                };
            }
        }
        Ok(())
    }

    /// Stores the file of an attachment, which goes by its hash from here on.
    fn attach(&mut self, keep: Option<&Folder>, beside: &Path) -> Result<()> {
        let Some(text) = self.given.get_mut("file").and_then(|input| input.texts_mut().first_mut()) else {
            return Ok(());
        };
        let path = beside.join(text.as_str());
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        *text = match keep {
            Some(folder) => attachment::store(folder, &path)?,
            None => attachment::would_store(&path)?,
        };
        self.attached = Some((name, std::fs::metadata(&path)?.len()));
        Ok(())
    }

    /// The act, with its personal values apart.
    pub fn act(
        self,
        doing: &Doing<'_>,
        register: &Register,
        course: &Course<'_>,
        lookup: &Records<'_>,
    ) -> Result<(Act, Fields), Vec<Problem>> {
        let (id, record) = (register.id.value.clone(), doing.record.to_owned());
        let mut problems = Vec::new();
        let made = match doing.step {
            "correct" => {
                self.only(&["of", "reason", "clear", "fields"], &mut problems);
                let reason = self.need("reason", "更正理由", &mut problems);
                let of = self.need("of", "更正哪一条（of = 记入编号）", &mut problems);
                match target(course, &of) {
                    Some(target) => self.correction(target, register, doing.record, &reason, lookup, &mut problems),
                    // A missing `of` was told already.
                    None if of.is_empty() => None,
                    None => {
                        let remedy = "请用 yifa show 查看各步的记入编号";
                        let problem = Problem::new(214, format!("案卷中没有步骤“{of}”"), remedy);
                        problems.push(self.place("of", problem));
                        None
                    }
                }
            }
            "void" => {
                self.only(&["of", "whole", "reason"], &mut problems);
                let reason = self.need("reason", "作废理由", &mut problems);
                let whole = self.one("whole").is_some_and(|text| text == "是");
                let of = self.one("of").map(|of| target(course, &of).map_or(of.clone(), |one| one.id.to_string()));
                if of.is_some() == whole {
                    let remedy = "作废一步写 of = 记入编号，作废整个案卷写 whole = true，两者写一个";
                    problems.push(self.place("", Problem::new(202, "没有写清作废什么", remedy)));
                }
                Some((Act::Void { register: id, record, of, reason }, Fields::new()))
            }
            "attach" => {
                self.only(&["file", "name", "of"], &mut problems);
                let file = self.need("file", "文件", &mut problems);
                let (called, bytes) = self.attached.clone().unwrap_or_default();
                let name = self.one("name").unwrap_or(called);
                let of = self.one("of");
                let target = of.as_ref().map(|of| target(course, of).map(|one| one.id.to_string()).ok_or(of));
                let of = target.transpose().unwrap_or_else(|of| {
                    let remedy = "请用 yifa show 查看各步的记入编号；不针对某一步的，不要写 of";
                    problems.push(self.place("of", Problem::new(214, format!("案卷中没有步骤“{of}”"), remedy)));
                    None
                });
                Some((Act::Attach { register: id, record, file, name, bytes, of }, Fields::new()))
            }
            "answer" => {
                self.only(&["question", "text"], &mut problems);
                let question = self.need("question", "答复哪个问题", &mut problems);
                let question = if question.contains(':') { question } else { format!("omitted:{question}") };
                let text = self.need("text", "答复", &mut problems);
                Some((Act::Answer { register: id, record, question, text }, Fields::new()))
            }
            "link" => {
                self.only(&["register", "to", "reason"], &mut problems);
                let other = self.need("register", "关联的登记簿", &mut problems);
                let name = self.need("to", "关联的案卷", &mut problems);
                let reason = self.need("reason", "关联的缘由", &mut problems);
                match lookup.find(&other, &name) {
                    form::Found::One(to) => Some((Act::Link { register: id, record, to, reason }, Fields::new())),
                    _ => {
                        let problem = Problem::new(230, format!("找不到案卷“{name}”"), "请写它的编号或者 id");
                        problems.push(self.place("to", problem));
                        None
                    }
                }
            }
            name => self.step(name, doing, register, course, lookup, &mut problems),
        };
        if doing.step != "correct" && self.fields.is_some() {
            let problem = Problem::new(201, "这里不能写“fields”", "[fields] 只用于更正；请把字段直接写在文件开头");
            problems.push(self.place("fields", problem));
        }
        // In the order of the file; what it lacks comes last.
        problems.sort_by_key(|problem| problem.place.as_ref().map_or((1, 0), |place| (0, place.span.start)));
        match made {
            Some(made) if problems.is_empty() => Ok(made),
            _ => Err(problems),
        }
    }

    fn step(
        &self,
        name: &str,
        doing: &Doing<'_>,
        register: &Register,
        course: &Course<'_>,
        lookup: &Records<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<(Act, Fields)> {
        let Some(defined) = register.step(name) else {
            let known: Vec<&str> = register.steps.iter().map(|step| step.id.value.as_str()).collect();
            let hint = nearest_hint(name, &known);
            let text = format!("“{}”没有步骤“{name}”", register.title);
            problems.push(Problem::new(215, text, format!("可以走：{}{hint}", known.join("、"))));
            return None;
        };
        let made = acts::step(register, defined, doing.record, &self.given, doing.already, course, lookup);
        made.map_err(|found| problems.extend(self.placed(found))).ok()
    }

    fn correction(
        &self,
        target: &Instance<'_>,
        register: &Register,
        record: &str,
        reason: &str,
        lookup: &Records<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<(Act, Fields)> {
        let none = Given::new();
        let given = self.fields.as_ref().unwrap_or(&none);
        let cleared = self.given.get("clear").map(|input| input.texts().to_vec()).unwrap_or_default();
        let made = acts::correction(register, target, record, given, cleared, reason, lookup);
        made.map_err(|found| problems.extend(self.placed(found))).ok()
    }

    /// Keys that mean nothing here are not quietly passed over: a misspelt `of` would void a whole record.
    fn only(&self, known: &[&str], problems: &mut Vec<Problem>) {
        for key in self.given.keys().filter(|key| !known.contains(&key.as_str())) {
            let text = format!("这里不能写“{key}”");
            let remedy = format!("可以写：{}{}", known.join("、"), nearest_hint(key, known));
            problems.push(self.place(key, Problem::new(201, text, remedy)));
        }
    }

    fn one(&self, key: &str) -> Option<String> {
        self.given.get(key)?.texts().first().cloned()
    }

    fn need(&self, key: &str, what: &str, problems: &mut Vec<Problem>) -> String {
        let found = self.one(key).filter(|text| !text.trim().is_empty());
        found.unwrap_or_else(|| {
            let problem = Problem::new(202, format!("“{what}”没有填"), format!("请在字段文件中写 {key} = \"…\""));
            problems.push(self.place(key, problem));
            String::new()
        })
    }

    fn placed(&self, found: Vec<(String, Problem)>) -> impl Iterator<Item = Problem> {
        found.into_iter().map(|(key, problem)| self.place(&key, problem))
    }

    /// A problem at its key. Where the key is what is missing, the file is all there is to name.
    fn place(&self, key: &str, mut problem: Problem) -> Problem {
        match self.spans.get(key) {
            Some(span) => problem.at(&self.file, span.clone()),
            None => {
                problem.text = format!("{}：{}", self.file, problem.text);
                problem
            }
        }
    }
}
