//! The forward pass over the characters of a report.

use super::context::{self, before};
use super::measure::{self, Kind, Measure, is_stop};
use super::number::{self, Number, at, digit, is_blank, power, skip_blanks};
use super::section::{Section, opens_plan};
use super::{Amount, Claim, Qualifier, idiom, refusal, share, subject};

/// Longer quotations than this hold sentences, shorter ones names and slogans.
const SLOGAN: usize = 14;

/// The state of the pass. Every character is visited once; looking back and ahead is bounded by constants.
pub(crate) struct Scan<'t> {
    t: &'t [char],
    claims: Vec<Claim>,
    /// Where the clause begins.
    clause: usize,
    /// The first claim whose clause has not ended.
    open: usize,
    /// The sentence opened with words about what is to come.
    plan_sentence: bool,
    /// The clause before held a frequency, so 不少于 in this one is a norm.
    after_frequency: bool,
    frequency: bool,
    /// Where the words of a frequency in this clause have been used up: 以每月1次频次学习5次 counts the 5.
    spent: usize,
    section: Section,
    straight_open: bool,
}

impl<'t> Scan<'t> {
    /// A pass over `t`, not yet begun.
    pub(crate) fn new(t: &'t [char]) -> Self {
        Self {
            t,
            claims: Vec::new(),
            clause: 0,
            open: 0,
            plan_sentence: false,
            after_frequency: false,
            frequency: false,
            spent: 0,
            section: Section::default(),
            straight_open: false,
        }
    }

    /// Runs to the end of the text.
    pub(crate) fn run(mut self) -> Vec<Claim> {
        let t = self.t;
        self.section.line(t, 0);
        self.begin_sentence(0);
        let mut i = 0;
        while i < t.len() {
            i = match t[i] {
                '\n' => {
                    self.end_clause(i, i + 1);
                    self.section.line(t, i + 1);
                    self.begin_sentence(i + 1);
                    i + 1
                }
                '。' | '！' | '？' | '；' | ';' | '!' | '?' => {
                    self.end_clause(i, i + 1);
                    if !matches!(t[i], '；' | ';') {
                        self.begin_sentence(i + 1);
                    }
                    i + 1
                }
                '，' | ',' | '：' => {
                    self.end_clause(i, i + 1);
                    i + 1
                }
                '“' => self.quotation(i, '”'),
                '‘' => self.quotation(i, '’'),
                '「' => self.quotation(i, '」'),
                '"' => self.straight(i),
                '《' => skip_to(t, i, '》', 60),
                '〔' => skip_to(t, i, '〕', 12),
                '【' => skip_to(t, i, '】', 30),
                '[' => skip_to(t, i, ']', 12),
                '［' => skip_to(t, i, '］', 12),
                c if digit(c).is_some() => {
                    let number = number::arabic(t, i);
                    self.take(i, number)
                }
                c if number::chinese_digit(c).is_some() || power(c).is_some() => self.chinese(i),
                _ => i + 1,
            };
        }
        self.end_clause(t.len(), t.len());
        self.claims
    }

    fn begin_sentence(&mut self, i: usize) {
        let mut start = i;
        while is_blank(at(self.t, start)) && start < i + 12 {
            start += 1;
        }
        let limit = self.t.len().min(start + 8);
        let opening = &self.t[start.min(limit)..limit];
        self.plan_sentence =
            opens_plan(opening) || self.section.is_coming(&self.t[start.min(limit)..self.t.len().min(start + 40)]);
        self.after_frequency = false;
        self.frequency = false;
    }

    fn end_clause(&mut self, end: usize, next: usize) {
        for claim in &mut self.claims[self.open..] {
            claim.clause.end = end;
        }
        self.open = self.claims.len();
        self.clause = next;
        self.after_frequency = self.frequency;
        self.frequency = false;
        self.plan_sentence |= opens_plan(&self.t[next..self.t.len().min(next + 8)]);
    }

    /// Past a short quotation, which is a name or a slogan; a long one is read like other words.
    fn quotation(&self, i: usize, close: char) -> usize {
        skip_to(self.t, i, close, SLOGAN)
    }

    fn straight(&mut self, i: usize) -> usize {
        if self.straight_open {
            self.straight_open = false;
            return i + 1;
        }
        let next = skip_to(self.t, i, '"', SLOGAN);
        self.straight_open = next == i + 1;
        next
    }

    fn chinese(&mut self, i: usize) -> usize {
        let t = self.t;
        if let Some((end, value)) = share::hundredths(t, i) {
            let number = Number { end, value, bare: false, single: false, ..number::chinese(t, i) };
            let measure = Measure { end, unit: "%".to_string(), kind: Kind::Percent };
            self.push(i, &number, measure);
            return end;
        }
        let number = number::chinese(t, i);
        // 三分之二 is a share of a whole, not a count.
        if at(t, number.end) == '分' && at(t, number.end + 1) == '之' {
            return (number.end + 2).max(i + 1);
        }
        self.take(i, number)
    }

    /// Decides about the numeral at `i`; returns where to go on.
    fn take(&mut self, i: usize, mut number: Number) -> usize {
        let t = self.t;
        if self.is_plus(&number) {
            number.more = true;
            number.end += 1;
        }
        let next = skip_blanks(t, number.end);
        if let Some(end) = share::range(t, next) {
            return end;
        }
        let Some(value) = number.value else {
            return number.end.max(i + 1);
        };
        let mut start = i;
        let Some(measure) = measure::find(t, number.end) else {
            self.bare(i, &number, value);
            return number.end.max(i + 1);
        };
        // 1.3名 at the head of a line is the third item's ordinal run into a count.
        if number.decimal && !number.multiplied && refusal::is_integral(&measure) {
            match self.split_ordinal(i) {
                Some((at, rest)) => {
                    (start, number) = (at, rest);
                    self.clause = at;
                }
                None if refusal::is_average(before(t, self.clause, i)) => {}
                None => return measure.end,
            }
        }
        let resume = measure.end;
        self.push(start, &number, measure);
        resume
    }

    /// 2.6万+ and 500+场: more than that; 1+3+N names a model.
    fn is_plus(&self, number: &Number) -> bool {
        let t = self.t;
        let large = number.multiplied || number.value.is_some_and(|value| value >= Amount::from(10));
        large
            && matches!(at(t, number.end), '+' | '＋')
            && (is_stop(at(t, number.end + 1)) || measure::find(t, number.end + 1).is_some())
    }

    /// The count after an ordinal written without a blank: `1.3名` at the head of a line.
    fn split_ordinal(&self, i: usize) -> Option<(usize, Number)> {
        let t = self.t;
        let head = i == 0 || t[i - 1] == '\n' || is_blank(t[i - 1]) || t[i - 1] == '。';
        let dot = (i..t.len().min(i + 3)).find(|k| matches!(t[*k], '.' | '．'))?;
        head.then(|| (dot + 1, number::arabic(t, dot + 1)))
    }

    /// A numeral without a measure word: a claim at the end of a clause about an amount, or before people.
    fn bare(&mut self, i: usize, number: &Number, value: Amount) {
        let t = self.t;
        if number.chinese && (number.single || !number.more) {
            return;
        }
        let words = before(t, self.clause, i);
        if let Some(common) = self.shared(number, words) {
            return self.push(i, number, Measure { end: number.end, ..common });
        }
        let next = at(t, skip_blanks(t, number.end));
        let unit = if !number.chinese
            && number.end == skip_blanks(t, number.end)
            && measure::people_noun(t, number.end)
            && !number::is_line(value)
        {
            "人"
        } else if !number.chinese
            && measure::body_noun(t, number.end)
            && !number.decimal
            && words.last().is_some_and(|c| "辖有的了区镇乡内全".contains(*c))
        {
            "个"
        } else {
            let amount = words.iter().rev().take(8).any(|c| matches!(c, '量' | '数' | '分'))
                && words.last().is_some_and(|c| "量数分达到为是共计超近约逾破有".contains(*c));
            if !is_stop(next) || next == '.' || next == '：' || !(number.multiplied && words.len() >= 2 || amount) {
                return;
            }
            ""
        };
        let measure = Measure { end: number.end, unit: unit.to_string(), kind: Kind::Strong };
        self.push(i, number, measure);
    }

    /// The unit at the end of a list: 1.2和0.8个百分点, 分别为45、38、52平方米.
    fn shared(&self, number: &Number, words: &[char]) -> Option<Measure> {
        let t = self.t;
        let mut end = number.end;
        for _ in 0..6 {
            if !matches!(at(t, end), '和' | '、') || digit(at(t, end + 1)).is_none() {
                return None;
            }
            end = number::arabic(t, end + 1).end;
            if let Some(common) = measure::find(t, end) {
                let listed = common.kind == Kind::Point || context::has(words, "分别");
                return listed.then_some(common);
            }
        }
        None
    }

    fn push(&mut self, i: usize, number: &Number, measure: Measure) {
        let t = self.t;
        let words = before(t, self.clause, i);
        let Some(value) = number.value else { return };
        let (start, ahead) = context::prefix(t, self.clause, i, number);
        let (end, behind) = context::suffix(t, measure.end);
        if self.refuses(i, start, number, &measure, words, ahead.is_some()) {
            return;
        }
        let stated = if number.more { Some(Qualifier::AtLeast) } else { behind.or(ahead) };
        let level = if measure.kind == Kind::Percent { Qualifier::Percent } else { Qualifier::Exact };
        self.claims.push(Claim {
            text: t[start..end].iter().collect(),
            start,
            value,
            unit: if measure.kind == Kind::Point { "百分点".to_string() } else { measure.unit },
            qualifier: stated.unwrap_or(level),
            period: context::period(t, words, end),
            clause: self.clause..end,
            subject: subject::guess(t, self.clause, start, end),
        });
    }

    /// Whether the numeral with this measure word is not a claim.
    fn refuses(
        &mut self,
        i: usize,
        start: usize,
        number: &Number,
        measure: &Measure,
        words: &[char],
        approximated: bool,
    ) -> bool {
        let t = self.t;
        if context::ends(words, "海拔") {
            return true;
        }
        if context::is_label(t, i, self.clause) || (number.bare && !number.more && !approximated) {
            return true;
        }
        if refusal::is_page_count(&t[..i]) {
            return true;
        }
        // 数十 and 几百 say no number, 做好两篇文章 is a slogan; 建成一个 counts.
        let vague = match words.last() {
            Some('数' | '几' | '成') => power(t[i]).is_some(),
            Some('好') => true,
            _ => false,
        };
        if number.chinese && vague && !approximated {
            return true;
        }
        if refusal::is_session(t, words, measure) || !number.more && refusal::is_model(t, measure.end) {
            return true;
        }
        let counted = matches!(measure.kind, Kind::Money | Kind::Percent | Kind::Point);
        let from = self.clause.max(start.saturating_sub(40)).max(self.spent.min(start));
        // 一季度3次 is what the first quarter saw; 一季度一次 is a frequency.
        let quarter = context::ends(words, "一季度") && number.value.is_some_and(|value| value > Amount::from(2));
        if !counted && !quarter && context::is_frequency(&t[from..start]) {
            self.frequency = true;
            // A list after one 每 shares it: 每月走访20户、培训1次.
            if !matches!(at(t, measure.end), '、' | '和') {
                self.spent = measure.end;
            }
            return true;
        }
        // 3次/周 is a frequency; 5人以上集体访 a kind of event.
        if !counted && at(t, measure.end) == '/' && "年月周日天季村".contains(at(t, measure.end + 1))
            || refusal::is_threshold(t, measure.end)
        {
            return true;
        }
        let head = &t[self.clause..t.len().min(self.clause + 8)];
        if context::is_norm(&t[self.clause.max(i.saturating_sub(40))..i], head, self.after_frequency && !counted) {
            return true;
        }
        if self.plan_sentence || self.section.is_plan() || context::is_plan(words) {
            return true;
        }
        if number.single && !idiom::counts(t, words, i, measure) {
            return true;
        }
        match measure.kind {
            Kind::Time => !refusal::is_work_time(t, words, number, measure),
            Kind::Score => {
                !["分", "均", "成绩", "测评", "考评", "评议", "满意度"].iter().any(|word| context::has(words, word))
                    || at(t, measure.end) == '钟'
            }
            Kind::Weak => refusal::is_slogan(t, number, measure, words),
            _ => false,
        }
    }
}

/// Past the closing character when it stands within `limit` on the same line, else one step.
fn skip_to(t: &[char], i: usize, close: char, limit: usize) -> usize {
    t[i + 1..t.len().min(i + 1 + limit)]
        .iter()
        .take_while(|c| **c != '\n')
        .position(|c| *c == close)
        .map_or(i + 1, |k| i + k + 2)
}
