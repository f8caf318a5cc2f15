//! All instruments the set knows, found by any of their names.

use std::collections::HashMap;

use super::instrument::Instrument;
use crate::problem::Problem;
use crate::read;

/// The instruments of a set of `laws/*.toml`.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    instruments: Vec<Instrument>,
    by_name: HashMap<String, usize>,
}

impl Laws {
    /// Reads every file; what is wrong with one does not hide the others.
    pub fn load<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> (Laws, Vec<Problem>) {
        let (mut laws, mut problems) = (Laws::default(), Vec::new());
        for (file, text) in files {
            let (instrument, found) = Instrument::load(file, text);
            problems.extend(found);
            let Some(instrument) = instrument else { continue };
            let index = laws.instruments.len();
            for name in instrument.names() {
                if let Some(other) = laws.by_name.insert(plain(name), index) {
                    let at = text.find(name).unwrap_or(0);
                    let other = laws.instruments.get(other).map_or(file, |i| &i.file);
                    problems.push(
                        Problem::new(
                            110,
                            format!("名称“{name}”在 {other} 中已经用过"),
                            "一个名称只能指一部法律文件，请删去或者改用全称",
                        )
                        .at(file, at..at + name.len()),
                    );
                }
            }
            laws.instruments.push(instrument);
        }
        (laws, problems)
    }

    /// All instruments in file order.
    pub fn all(&self) -> &[Instrument] {
        &self.instruments
    }

    /// By full or short title, without 《》.
    pub fn find(&self, title: &str) -> Option<&Instrument> {
        self.by_name.get(&plain(title)).map(|i| &self.instruments[*i])
    }

    /// The known title nearest to one that is not known.
    pub fn nearest(&self, title: &str) -> Option<&str> {
        let names: Vec<&str> = self.instruments.iter().flat_map(Instrument::names).collect();
        read::nearest(title, &names).and_then(|near| names.iter().copied().find(|name| *name == near))
    }
}

/// Inner title marks are printed 〈〉 by rule and 《》 by habit; years join with any dash: the same title.
pub(crate) fn plain(title: &str) -> String {
    title
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '《' | '<' | '＜' => '〈',
            '》' | '>' | '＞' => '〉',
            '－' | '—' | '–' | '―' => '-',
            '(' => '（',
            ')' => '）',
            other => other,
        })
        .collect()
}
