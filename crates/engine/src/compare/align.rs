//! Which part of one text became which part of the other: by likeness, in order, and then those that moved.

use super::Part;

/// A part of either text, or of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Its place in the earlier text.
    pub from: Option<usize>,
    /// Its place in the later text.
    pub to: Option<usize>,
    /// It stands elsewhere among the others.
    pub moved: bool,
}

/// Less alike than this, in a thousand, two parts are two parts.
const ALIKE: u32 = 400;
/// A part that moved must be more alike: short articles of one text resemble each other.
const ALIKE_ELSEWHERE: u32 = 650;
/// What a like number adds, so that of equally like parts the one with the same number is taken.
const SAME_NAME: u32 = 40;
/// Beyond so many pairs only the beginning and the end that are the same are aligned by likeness.
const MOST_PAIRS: usize = 4_000_000;

pub fn align(old: &[Part], new: &[Part]) -> Vec<Pair> {
    let head = old.iter().zip(new).take_while(|(a, b)| a.text == b.text).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a.text == b.text).count();
    let middle = (head..old.len() - tail, head..new.len() - tail);
    let mut partner = vec![None; new.len()];
    for (at, one) in partner.iter_mut().enumerate().take(head) {
        *one = Some(at);
    }
    for back in 1..=tail {
        partner[new.len() - back] = Some(old.len() - back);
    }
    let (a, b): (Vec<Sketch>, Vec<Sketch>) =
        (old[middle.0.clone()].iter().map(sketch).collect(), new[middle.1.clone()].iter().map(sketch).collect());
    let mut moved = vec![false; new.len()];
    if a.len().saturating_mul(b.len()) <= MOST_PAIRS {
        let like: Vec<Vec<u32>> = a.iter().map(|a| b.iter().map(|b| likeness(a, b)).collect()).collect();
        let named = |i: usize, j: usize| {
            let same = old[middle.0.start + i].name == new[middle.1.start + j].name;
            if like[i][j] >= ALIKE { like[i][j] + if same { SAME_NAME } else { 0 } } else { 0 }
        };
        for (i, j) in in_order(a.len(), b.len(), &named) {
            partner[middle.1.start + j] = Some(middle.0.start + i);
        }
        let mut elsewhere: Vec<(u32, usize, usize)> = Vec::new();
        for (i, row) in like.iter().enumerate().filter(|(i, _)| !partner.contains(&Some(middle.0.start + i))) {
            let free = row.iter().enumerate().filter(|(j, _)| partner[middle.1.start + j].is_none());
            elsewhere.extend(free.filter(|(_, like)| **like >= ALIKE_ELSEWHERE).map(|(j, like)| (*like, i, j)));
        }
        elsewhere.sort_by_key(|(like, i, j)| (std::cmp::Reverse(*like), *i, *j));
        for (_, i, j) in elsewhere {
            let (from, to) = (middle.0.start + i, middle.1.start + j);
            if partner[to].is_none() && !partner.contains(&Some(from)) {
                (partner[to], moved[to]) = (Some(from), true);
            }
        }
    }
    merge(old.len(), &partner, &moved)
}

/// The pairs in the order of the later text, each part that is gone after the one it stood behind.
fn merge(old: usize, partner: &[Option<usize>], moved: &[bool]) -> Vec<Pair> {
    let mut kept = vec![false; old];
    partner.iter().flatten().for_each(|at| kept[*at] = true);
    let mut pairs = Vec::new();
    let mut next = 0;
    let mut gone = |upto: usize, pairs: &mut Vec<Pair>| {
        while next < upto {
            if !kept[next] {
                pairs.push(Pair { from: Some(next), to: None, moved: false });
            }
            next += 1;
        }
    };
    for (to, from) in partner.iter().enumerate() {
        if let Some(from) = from.filter(|_| !moved[to]) {
            gone(from, &mut pairs);
        }
        pairs.push(Pair { from: *from, to: Some(to), moved: moved[to] });
    }
    gone(old, &mut pairs);
    pairs
}

/// The pairs in order that are most alike in sum.
fn in_order(a: usize, b: usize, like: &dyn Fn(usize, usize) -> u32) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0_u32; b + 1]; a + 1];
    for i in (0..a).rev() {
        for j in (0..b).rev() {
            let pair = like(i, j);
            let paired = if pair > 0 { best[i + 1][j + 1] + pair } else { 0 };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a && j < b {
        let pair = like(i, j);
        if pair > 0 && best[i][j] == best[i + 1][j + 1] + pair {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// The pairs of neighbouring characters of a text, sorted.
type Sketch = Vec<(char, char)>;

fn sketch(part: &Part) -> Sketch {
    let chars: Vec<char> = part.text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut pairs: Sketch = match chars[..] {
        [one] => vec![(one, one)],
        _ => chars.windows(2).map(|pair| (pair[0], pair[1])).collect(),
    };
    pairs.sort_unstable();
    pairs
}

/// How many of their pairs of characters two texts share, in a thousand.
fn likeness(a: &Sketch, b: &Sketch) -> u32 {
    let (mut i, mut j, mut shared) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    // Two empty headings are alike.
    (shared * 2000).checked_div(a.len() + b.len()).map_or(1000, |like| like as u32)
}
