//! Paragraphs out of lines: what the end of a line or a page broke is put together again.

use std::collections::HashMap;

use super::glyph::Page;
use super::line::{Line, lines};

/// What the text of pages like one another keeps to.
struct Frame {
    left: f64,
    right: f64,
    /// From line to line.
    step: f64,
}

/// The text of all pages, a paragraph a line.
pub fn text(mut pages: Vec<Page>) -> String {
    let mut read: Vec<Vec<Line>> = pages.iter_mut().map(lines).collect();
    leave_out_margins(&mut read);
    let body = body_size(&read);
    let frames = frames(&pages, &read, body);
    let mut out = String::new();
    let mut before: Option<(&Line, usize)> = None;
    for (nth, (page, lines)) in pages.iter().zip(&read).enumerate() {
        if lines.is_empty() && page.picture {
            end(&mut out);
            out.push_str(&format!("（PDF 的第 {} 页是图片，没有文字）\n", nth + 1));
            before = None;
            continue;
        }
        let frame = frames.get(&width(page));
        for line in lines {
            let goes_on = before.zip(frame).is_some_and(|((before, on), frame)| {
                let turned = on != nth;
                goes_on(before, line, turned, frame, body) || title_goes_on(before, line, turned, page.width, body)
            });
            if !goes_on {
                end(&mut out);
            } else if out.ends_with(|one: char| one.is_ascii_graphic())
                && line.text.starts_with(|one: char| one.is_ascii_alphabetic())
            {
                out.push(' ');
            }
            out.push_str(&line.text);
            before = Some((line, nth));
        }
    }
    end(&mut out);
    out
}

fn end(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Pages as wide as one another, to the point.
fn width(page: &Page) -> i64 {
    page.width.round() as i64
}

/// Whether a line of running text goes on in the next: it is full, and the next is not drawn in.
fn goes_on(line: &Line, next: &Line, turned: bool, frame: &Frame, body: f64) -> bool {
    let size = line.size.max(next.size);
    let alike = (line.size - next.size).abs() < 0.15 * size && line.size < 1.2 * body;
    // A number, or a sign that must not begin a line, takes up to three characters along to the next; a sentence that
    // is not at its end, and is longer than a heading, goes on even from farther.
    let ended = line.text.ends_with(['。', '；', '：', '！', '？', '”', '）', '》']);
    let full = line.to > frame.right - if ended { 3.2 } else { 9.0 } * size;
    let drawn_in = next.from > frame.left + 0.7 * size;
    let near = turned || line.y - next.y < 1.4 * frame.step;
    let new = line.text.ends_with(['。', '；', '：', '！', '？']) && begins_item(&next.text);
    alike && full && !drawn_in && near && !new && !line.beside && !next.beside
}

/// Whether a title goes on: both lines are large, alike, in the middle and one below the other.
fn title_goes_on(line: &Line, next: &Line, turned: bool, width: f64, body: f64) -> bool {
    let size = line.size.max(next.size);
    let middle = |line: &Line| ((line.from + line.to) / 2.0 - width / 2.0).abs() < 2.0 * size;
    let alike = (line.size - next.size).abs() < 0.05 * size && line.size >= 1.2 * body;
    let near = !turned && line.y - next.y < 2.2 * size;
    alike && near && middle(line) && middle(next) && line.to - line.from > 0.55 * width && !line.beside && !next.beside
}

/// Whether words begin with an ordinal: 一、（二）3.
fn begins_item(text: &str) -> bool {
    let numeral = |one: char| one.is_ascii_digit() || "一二三四五六七八九十".contains(one);
    let rest = text.trim_start_matches(['（', '(']);
    let behind = rest.trim_start_matches(numeral);
    behind.len() < rest.len() && behind.starts_with(['、', '）', ')', '.', '．'])
}

/// The size most characters have.
fn body_size(pages: &[Vec<Line>]) -> f64 {
    let mut many: HashMap<i64, usize> = HashMap::new();
    for line in pages.iter().flatten() {
        *many.entry((line.size * 2.0).round() as i64).or_default() += line.text.chars().count();
    }
    let most = many.into_iter().max_by_key(|(size, many)| (*many, *size));
    most.map_or(16.0, |(size, _)| size as f64 / 2.0)
}

/// The frame of the text, for pages of each width: a page that is nearly empty has the one of its likes.
fn frames(pages: &[Page], read: &[Vec<Line>], body: f64) -> HashMap<i64, Frame> {
    let mut edges: HashMap<i64, Edges> = HashMap::new();
    for (page, lines) in pages.iter().zip(read) {
        let edges = edges.entry(width(page)).or_default();
        let running = |line: &&Line| !line.beside && (line.size - body).abs() < 0.15 * body;
        let running: Vec<&Line> = lines.iter().filter(running).collect();
        edges.from.extend(running.iter().map(|line| line.from));
        edges.to.extend(running.iter().map(|line| line.to));
        edges.steps.extend(running.windows(2).map(|two| two[0].y - two[1].y));
    }
    edges.into_iter().filter_map(|(width, edges)| Some((width, edges.frame(body)?))).collect()
}

/// Where the lines of some pages begin and end, and how far apart they are.
#[derive(Default)]
struct Edges {
    from: Vec<f64>,
    to: Vec<f64>,
    steps: Vec<f64>,
}

impl Edges {
    fn frame(mut self, body: f64) -> Option<Frame> {
        [&mut self.from, &mut self.to, &mut self.steps].into_iter().for_each(|all| all.sort_by(f64::total_cmp));
        // A line in fifty may stick out to either side.
        let few = self.from.len() / 50;
        let step = self.steps.get(self.steps.len() / 2).copied().unwrap_or(2.0 * body);
        Some(Frame { left: *self.from.get(few)?, right: *self.to.iter().rev().nth(few)?, step })
    }
}

/// Leaves out page numbers, and what stands above or below the text of most pages.
fn leave_out_margins(pages: &mut [Vec<Line>]) {
    let many = pages.len();
    for lines in pages.iter_mut() {
        // Above and below there may be a header beside the number.
        for _ in 0..2 {
            if lines.last().is_some_and(is_page_number) {
                lines.pop();
            }
        }
        if lines.first().is_some_and(is_page_number) {
            lines.remove(0);
        }
    }
    let plain = |line: &Line| line.text.chars().filter(|one| !one.is_numeric()).collect::<String>();
    let at = |lines: &[Line], nth: usize| if nth == 0 { lines.first() } else { lines.last() }.map(plain);
    // A date, a name and an address may stand one below the other.
    for nth in [0, 1, 0, 1, 0, 1] {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for words in pages.iter().filter_map(|lines| at(lines, nth)) {
            *seen.entry(words).or_default() += 1;
        }
        for lines in pages.iter_mut() {
            let again = |words: &String| seen.get(words).is_some_and(|seen| *seen > 1 && *seen * 2 > many);
            match (at(lines, nth).as_ref().is_some_and(again), nth) {
                (true, 0) => drop(lines.remove(0)),
                (true, _) => drop(lines.pop()),
                (false, _) => {}
            }
        }
    }
}

/// Whether a line is the number of a page: — 3 —, 第 3 页 共 9 页, 3/9. A number in a row of a table is none.
fn is_page_number(line: &Line) -> bool {
    let bare = |one: &char| !one.is_whitespace() && !"—–-－─―·".contains(*one);
    let text: String = line.text.chars().filter(bare).collect();
    let number = |text: &str| (1..=3).contains(&text.len()) && text.chars().all(|one| one.is_ascii_digit());
    let named = text.strip_prefix('第').and_then(|rest| rest.split_once('页')).is_some_and(|(one, all)| {
        let all = all.trim_start_matches([',', '，', '/', '共']).trim_end_matches('页');
        number(one) && (all.is_empty() || number(all))
    });
    let of = text.split_once(['/', '／']).is_some_and(|(one, all)| number(one) && number(all));
    named || of || number(&text) && !line.beside
}
