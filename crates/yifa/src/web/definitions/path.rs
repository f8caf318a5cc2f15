//! The way of a record through its states, drawn and written: boxes are states, lines are steps (路线).
//!
//! The drawing shows the shape; every step stands in the list below it with where it leads, so nobody needs the drawing.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use engine::definition::{Register, Step};
use maud::{Markup, PreEscaped, html};

const WIDTH: usize = 118;
const HEIGHT: usize = 34;
const ACROSS: usize = 176;
const DOWN: usize = 52;
/// Left of the first state there is room for the mark where records begin.
const LEFT: usize = 40;

/// Where each state stands: its column, and its row within it.
fn places(register: &Register) -> Vec<(usize, usize)> {
    let index: HashMap<&str, usize> =
        register.states.iter().enumerate().map(|(nth, state)| (state.id.value.as_str(), nth)).collect();
    let mut columns = vec![0; register.states.len()];
    // States are written in the order of the course: what leads back counts for nothing here.
    for (from, state) in register.states.iter().enumerate() {
        for step in register.steps.iter().filter(|step| step.from.iter().any(|from| from.value == state.id.value)) {
            for to in step.targets().into_iter().filter_map(|to| index.get(to.value.as_str())) {
                if *to > from {
                    columns[*to] = columns[*to].max(columns[from] + 1);
                }
            }
        }
    }
    let mut filled: HashMap<usize, usize> = HashMap::new();
    let mut place = |column: usize| {
        let row = filled.entry(column).or_default();
        *row += 1;
        (column, *row - 1)
    };
    columns.into_iter().map(&mut place).collect()
}

/// The lines between states, each once: from, to; a record begins where `from` is none.
fn lines(register: &Register) -> BTreeSet<(Option<usize>, usize)> {
    let index = |id: &str| register.states.iter().position(|state| state.id.value == id);
    let mut lines = BTreeSet::new();
    for step in &register.steps {
        for to in step.targets().into_iter().filter_map(|to| index(&to.value)) {
            if step.opens() {
                lines.insert((None, to));
            }
            lines.extend(step.from.iter().filter_map(|from| index(&from.value)).map(|from| (Some(from), to)));
        }
    }
    lines
}

/// The drawing. Lines run behind the boxes; what leads back runs below them and is broken.
pub(super) fn drawn(register: &Register) -> Markup {
    let places = places(register);
    let (columns, rows) = places.iter().fold((0, 0), |(c, r), (column, row)| (c.max(column + 1), r.max(row + 1)));
    let (width, height) = (LEFT + (columns - 1) * ACROSS + WIDTH + 24, rows * DOWN + 22);
    let at = |state: usize| (LEFT + places[state].0 * ACROSS, 8 + places[state].1 * DOWN);
    // Writing into a String cannot fail.
    let mut drawn = String::new();
    for (from, to) in lines(register) {
        let (x, y) = at(to);
        let middle = y + HEIGHT / 2;
        let Some(from) = from else {
            let start = LEFT - 28;
            let _ = write!(
                drawn,
                "<circle cx=\"{start}\" cy=\"{middle}\" r=\"5\"/><path class=\"line\" d=\"M{start} {middle}H{}\"/>",
                x - 2
            );
            continue;
        };
        if from == to {
            continue;
        }
        let (fx, fy) = at(from);
        let start = fy + HEIGHT / 2;
        let (out, into, gap) = (fx + WIDTH, x - 2, (ACROSS - WIDTH) / 2);
        let _ = match places[to].0.saturating_sub(places[from].0) {
            0 => {
                let low = fy.max(y) + HEIGHT + 14;
                let (out, into) = (fx + WIDTH / 2, x + WIDTH / 2);
                let (from, to) = (fy + HEIGHT, y + HEIGHT + 2);
                write!(drawn, "<path class=\"line back\" d=\"M{out} {from}C{out} {low} {into} {low} {into} {to}\"/>")
            }
            1 => {
                let (bend, near) = (out + gap, into - gap);
                write!(
                    drawn,
                    "<path class=\"line\" d=\"M{out} {start}C{bend} {start} {near} {middle} {into} {middle}\"/>"
                )
            }
            // Past other columns it runs between the rows, where no box stands.
            _ => {
                let (low, first, last) = (fy + HEIGHT + (DOWN - HEIGHT) / 2, out + gap, into - gap);
                let bend = out + gap / 2;
                let near = into - gap / 2;
                write!(
                    drawn,
                    "<path class=\"line\" d=\"M{out} {start}C{bend} {start} {bend} {low} {first} {low}H{last}C{near} {low} {near} {middle} {into} {middle}\"/>"
                )
            }
        };
    }
    html! {
        div.scroll tabindex="0" {
            svg.path viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
                aria-label=(format!("{}的状态和步骤，文字见下", register.title)) {
                defs {
                    marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" {
                        path d="M0 0L8 4L0 8z" {}
                    }
                }
                (PreEscaped(drawn))
                @for (nth, state) in register.states.iter().enumerate() {
                    @let (x, y) = at(nth);
                    rect.end[register.ends_in(&state.id.value)] x=(x) y=(y) width=(WIDTH) height=(HEIGHT) rx="2" {}
                    (named(&state.title, x + WIDTH / 2, y))
                }
            }
        }
    }
}

/// How many characters of a title fit into a box.
const FITS: usize = 8;

/// A state's title in its box, in two lines where it is long.
fn named(title: &str, x: usize, y: usize) -> Markup {
    let chars: Vec<char> = title.chars().collect();
    html! {
        @if chars.len() <= FITS { text x=(x) y=(y + 22) text-anchor="middle" { (title) } }
        @else {
            @let (first, second) = chars.split_at(chars.len().div_ceil(2));
            text.small x=(x) y=(y + 15) text-anchor="middle" { (String::from_iter(first)) }
            text.small x=(x) y=(y + 29) text-anchor="middle" { (String::from_iter(second)) }
        }
    }
}

/// The list: for each state the steps that leave it as it is, and those that lead out of it, of which one is taken.
pub(super) fn written(register: &Register) -> Markup {
    let from = |state: &str| {
        let steps = register.steps.iter().filter(move |step| step.from.iter().any(|from| from.value == state));
        steps.partition::<Vec<&Step>, _>(|step| step.to.is_some())
    };
    html! {
        ul.course {
            li {
                strong { "开立" }
                ul { @for step in register.openings() { li { (leading(register, step)) } } }
            }
            @for state in &register.states {
                @let (moves, stays) = from(&state.id.value);
                li {
                    strong { (state.title) }
                    @if moves.is_empty() && stays.is_empty() { " " span.soft { "到此为止" } }
                    @if !moves.is_empty() || !stays.is_empty() {
                        ul {
                            @if !stays.is_empty() {
                                li {
                                    span.soft { "状态不变：" }
                                    @for (nth, step) in stays.iter().enumerate() { @if nth > 0 { "、" } (link(step)) }
                                }
                            }
                            @match moves.as_slice() {
                                [] => {},
                                [step] => li { (leading(register, step)) },
                                // None of them leads to another: one is taken, and the record is in the next state.
                                several => li {
                                    span.soft { "择一：" }
                                    ul { @for step in several { li { (leading(register, step)) } } }
                                },
                            }
                        }
                    }
                }
            }
        }
    }
}

fn link(step: &Step) -> Markup {
    html! { a href=(format!("#step-{}", step.id.value)) { (step.title) } }
}

/// A step and the states it may lead to.
fn leading(register: &Register, step: &Step) -> Markup {
    let mut titles: Vec<&str> = Vec::new();
    for to in step.targets() {
        let title = register.state_title(&to.value);
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    html! { (link(step)) @if !titles.is_empty() { span.to { " → " } (titles.join("、或者")) } }
}
