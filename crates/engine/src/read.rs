//! Reading TOML with positions: every key is asked for by name, what is left over is unknown.
//!
//! The reader never stops at the first problem: it notes it and goes on, so that one run shows all.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::problem::Problem;

/// A file being read, and the problems found in it so far.
pub struct Source<'s> {
    /// The name shown to the user, a path inside the set.
    pub file: String,
    /// Its whole text.
    pub text: &'s str,
    problems: RefCell<Vec<Problem>>,
    lost: RefCell<Vec<usize>>,
}

impl<'s> Source<'s> {
    /// A file with nothing read yet.
    pub fn new(file: &str, text: &'s str) -> Self {
        Source { file: file.to_owned(), text, problems: RefCell::default(), lost: RefCell::default() }
    }

    /// Parses the text and hands the root table to `read`; `None` when it is not TOML at all.
    pub fn read<T>(&self, read: impl FnOnce(&mut Table<'_>) -> T) -> Option<T> {
        let (root, errors) = DeTable::parse_recoverable(self.text);
        let mut line = None;
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            // The parser goes on after an error; what it stumbles over in the same line is the same mistake again.
            let here = self.text[..span.start].matches('\n').count();
            if line.replace(here) == Some(here) {
                continue;
            }
            let text =
                format!("不是合法的 TOML：{}", crate::syntax::chinese(error.message(), &self.text[span.start..]));
            self.note(1, span, text, "请改正所指位置的写法");
            if crate::syntax::spills(error.message()) {
                break;
            }
        }
        if !errors.is_empty() {
            // A half-understood file would only produce follow-on problems that hide the real one.
            return None;
        }
        let mut table = Table::new(self, root.get_ref(), root.span());
        let value = read(&mut table);
        table.finish();
        Some(value)
    }

    /// Notes a problem at a place of this file.
    pub fn note(&self, code: u16, span: Range<usize>, text: impl Into<String>, remedy: impl Into<String>) {
        self.problems.borrow_mut().push(Problem::new(code, text, remedy).at(&self.file, span));
    }

    /// Remembers that something with a name of its own may stand here and was not understood: nobody who refers to it
    /// is then told that it does not exist.
    pub fn lose(&self, at: usize) {
        self.lost.borrow_mut().push(at);
    }

    /// The places remembered by [`Source::lose`].
    pub fn lost(&self) -> Vec<usize> {
        self.lost.borrow().clone()
    }

    /// Hands over what was found, in file order.
    pub fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|p| p.place.as_ref().map_or(0, |place| place.span.start));
        problems
    }
}

/// A value with the bytes it stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Bytes from–to in its file.
    pub span: Range<usize>,
}

impl<T> At<T> {
    /// The same place, another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At { value: f(self.value), span: self.span }
    }
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// A value whose meaning the caller decides (a word or a table, one or many).
#[derive(Clone, Copy)]
pub struct Raw<'t> {
    source: &'t Source<'t>,
    value: &'t Spanned<DeValue<'t>>,
}

impl<'t> Raw<'t> {
    /// Where it stands.
    pub fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<At<String>> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(At { value: text.to_string(), span: self.span() }),
            _ => None,
        }
    }

    /// true or false, if it is one of them.
    pub fn as_bool(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// The whole number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        let number = self.value.get_ref().as_integer()?;
        i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
    }

    /// The civil day, if it is one without a time.
    pub fn as_day(&self) -> Option<crate::day::Day> {
        let moment = self.value.get_ref().as_datetime()?;
        match (moment.date, moment.time) {
            (Some(date), None) => crate::day::Day::new(date.year as i16, date.month as i8, date.day as i8),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<Vec<Raw<'t>>> {
        let list = self.value.get_ref().as_array()?;
        Some(list.iter().map(|value| Raw { source: self.source, value }).collect())
    }

    /// The table, if it is one.
    pub fn as_table(&self) -> Option<Table<'t>> {
        let table = self.value.get_ref().as_table()?;
        Some(Table::new(self.source, table, self.span()))
    }

    /// The value as somebody would have typed it into a form; nothing for tables and lists.
    pub fn typed(&self) -> Option<String> {
        let yes_no = self.as_bool().map(|is| if is { "是" } else { "否" }.to_owned());
        yes_no
            .or_else(|| self.as_int().map(|number| number.to_string()))
            .or_else(|| self.as_day().map(|day| day.to_string()))
            .or_else(|| self.as_text().map(|text| text.value))
    }

    /// One or many: a list's items, or the value itself.
    pub fn items(&self) -> Vec<Raw<'t>> {
        self.as_list().unwrap_or_else(|| vec![*self])
    }

    /// Notes that this value is of the wrong kind.
    pub fn wrong(&self, wanted: &str) {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "文字",
            DeValue::Integer(_) => "整数",
            DeValue::Float(_) => "小数",
            DeValue::Boolean(_) => "是否",
            DeValue::Datetime(_) => "日期时间",
            DeValue::Array(_) => "列表",
            DeValue::Table(_) => "表",
        };
        self.source.note(4, self.span(), format!("这里要写{wanted}，写的却是{found}"), format!("请改写成{wanted}"));
    }
}

/// A table being read; call [`Table::finish`] when all known keys were asked for.
pub struct Table<'t> {
    /// The file it stands in.
    pub source: &'t Source<'t>,
    /// Where it stands.
    pub span: Range<usize>,
    table: &'t DeTable<'t>,
    asked: Vec<String>,
}

impl<'t> Table<'t> {
    fn new(source: &'t Source<'t>, table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        Table { source, table, span, asked: Vec::new() }
    }

    /// Notes a problem in this table's file.
    pub fn note(&self, code: u16, span: Range<usize>, text: impl Into<String>, remedy: impl Into<String>) {
        self.source.note(code, span, text, remedy);
    }

    /// The value of a key, if written.
    pub fn raw(&mut self, key: &'static str) -> Option<Raw<'t>> {
        self.raw_named(key)
    }

    /// The value of a key whose name is not known beforehand (a field's id), if written.
    pub fn raw_named(&mut self, key: &str) -> Option<Raw<'t>> {
        if !self.asked.iter().any(|asked| asked == key) {
            self.asked.push(key.to_owned());
        }
        self.table
            .iter()
            .find(|(k, _)| k.get_ref().as_ref() == key)
            .map(|(_, value)| Raw { source: self.source, value })
    }

    /// The keys written, without asking for them.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.table.keys().map(|key| key.get_ref().as_ref())
    }

    /// Whether a key is written, without asking for it.
    pub fn has(&self, key: &str) -> bool {
        self.table.iter().any(|(k, _)| k.get_ref().as_ref() == key)
    }

    fn typed<T>(&mut self, key: &'static str, wanted: &str, as_type: impl Fn(&Raw<'t>) -> Option<T>) -> Option<At<T>> {
        let raw = self.raw(key)?;
        match as_type(&raw) {
            Some(value) => Some(At { value, span: raw.span() }),
            None => {
                raw.wrong(wanted);
                None
            }
        }
    }

    /// A text.
    pub fn text(&mut self, key: &'static str) -> Option<At<String>> {
        self.typed(key, "文字", |raw| raw.as_text().map(|text| text.value))
    }

    /// A text that must be there; an empty one stands in so that reading can go on.
    pub fn need_text(&mut self, key: &'static str) -> At<String> {
        let missing = !self.has(key);
        self.text(key).unwrap_or_else(|| {
            if missing {
                self.missing(key);
            }
            At { value: String::new(), span: self.span.clone() }
        })
    }

    /// Notes that a key is missing.
    pub fn missing(&self, key: &str) {
        let end = self.span.start + self.source.text[self.span.clone()].lines().next().map_or(0, str::len);
        self.note(3, self.span.start..end, format!("缺少 {key}"), format!("请写上 {key} = …"));
    }

    /// true, or absent. Writing `false` is an error: absent means the ordinary thing.
    pub fn flag(&mut self, key: &'static str) -> bool {
        match self.typed(key, "true", Raw::as_bool) {
            Some(at) if !at.value => {
                self.note(4, at.span, format!("{key} = false 不用写"), "不写就是通常情况，请删去这一项");
                false
            }
            found => found.is_some(),
        }
    }

    /// true or false, where both mean something.
    pub fn bool(&mut self, key: &'static str) -> Option<At<bool>> {
        self.typed(key, "true 或 false", Raw::as_bool)
    }

    /// A whole number.
    pub fn int(&mut self, key: &'static str) -> Option<At<i64>> {
        self.typed(key, "整数", Raw::as_int)
    }

    /// A civil day.
    pub fn day(&mut self, key: &'static str) -> Option<At<crate::day::Day>> {
        self.typed(key, "日期（如 2024-01-31，不加引号）", Raw::as_day)
    }

    /// A table.
    pub fn table(&mut self, key: &'static str) -> Option<Table<'t>> {
        let table = self.typed(key, "表", Raw::as_table).map(|at| at.value);
        if let (None, Some(raw)) = (&table, self.raw(key)) {
            self.source.lose(raw.span().start);
        }
        table
    }

    /// One table or a list of them under `key`, each read and finished; what is none is told what was `wanted`.
    pub fn each<T>(&mut self, key: &'static str, wanted: &str, read: impl Fn(&mut Table<'t>) -> Option<T>) -> Vec<T> {
        let mut all = Vec::new();
        for item in self.raw(key).map(|raw| raw.items()).unwrap_or_default() {
            match item.as_table() {
                Some(mut inner) => {
                    all.extend(read(&mut inner));
                    inner.finish();
                }
                None => item.wrong(wanted),
            }
        }
        all
    }

    /// A list of tables (`[[key]]` or `key = [{…}]`); what is not a table is noted and left out.
    pub fn tables(&mut self, key: &'static str) -> Vec<Table<'t>> {
        let Some(raw) = self.raw(key) else { return Vec::new() };
        let mut tables = Vec::new();
        let Some(list) = raw.as_list() else {
            raw.wrong("列表");
            self.source.lose(raw.span().start);
            return tables;
        };
        for raw in list {
            match raw.as_table() {
                Some(table) => tables.push(table),
                None => {
                    raw.wrong("表");
                    self.source.lose(raw.span().start);
                }
            }
        }
        tables
    }

    /// One text or a list of texts; absent is empty.
    pub fn texts(&mut self, key: &'static str) -> Vec<At<String>> {
        let Some(raw) = self.raw(key) else { return Vec::new() };
        let mut texts = Vec::new();
        for item in raw.items() {
            match item.as_text() {
                Some(text) => texts.push(text),
                None => item.wrong("文字"),
            }
        }
        texts
    }

    /// One of a closed list of words, with the value each stands for.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<At<T>> {
        let text = self.text(key)?;
        match words.iter().find(|(word, _)| *word == text.value) {
            Some((_, value)) => Some(At { value: *value, span: text.span }),
            None => {
                let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                self.note(
                    5,
                    text.span.clone(),
                    format!("{key} 不能写“{}”", text.value),
                    format!("可以写：{}{}", known.join("、"), nearest_hint(&text.value, &known)),
                );
                None
            }
        }
    }

    /// All keys with their values, for tables whose keys are the author's own (states, choices).
    pub fn entries(&mut self) -> Vec<(At<String>, Raw<'t>)> {
        let source = self.source;
        self.asked.push("*".to_owned());
        let key = |k: &Spanned<DeString<'_>>| At { value: k.get_ref().to_string(), span: k.span() };
        self.table.iter().map(|(k, value)| (key(k), Raw { source, value })).collect()
    }

    /// Notes every key that nobody asked for, with the nearest known one.
    pub fn finish(self) {
        if self.asked.iter().any(|asked| asked == "*") {
            return;
        }
        for (key, value) in self.table.iter() {
            let name = key.get_ref().as_ref();
            if !self.asked.iter().any(|asked| asked == name) {
                let list = value.get_ref().as_array().into_iter().flat_map(|list| list.iter());
                if value.get_ref().is_table() || list.into_iter().any(|item| item.get_ref().is_table()) {
                    self.source.lose(key.span().start);
                }
                let hint = nearest_hint(name, &self.asked);
                let remedy = if hint.is_empty() {
                    format!("此处可以写：{}", self.asked.join("、"))
                } else {
                    hint.trim_start_matches('，').to_owned()
                };
                self.note(2, key.span(), format!("不认识的键“{name}”"), remedy);
            }
        }
    }
}

/// `，是不是想写“…”`, when a known word is near enough to be what was meant.
pub fn nearest_hint<S: AsRef<str>>(word: &str, known: &[S]) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("，是不是想写“{near}”"))
}

/// The known word nearest to `word`, if it is nearer than half the word.
pub fn nearest<'k, S: AsRef<str>>(word: &str, known: &'k [S]) -> Option<&'k str> {
    known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(word, known.as_ref()), known.as_ref()))
        .min()
        .filter(|(distance, _)| *distance * 2 <= word.chars().count().max(2))
        .map(|(_, near)| near)
}
