//! Speed of finding claims and defects over twenty megabytes of report, beside the floor of counting its characters,
//! and its growth over texts that are one long run of what the rules look for, beside the same run of half the length.

use engine::{claim, lint};
use std::{hint::black_box, time::Instant};

/// A report of about `bytes` bytes in invented sentences; every figure differs, so nothing is learned by heart.
fn report(bytes: usize) -> String {
    let mut text =
        String::from("甲镇2023年度法治政府建设情况报告\n2023年，我镇依法行政工作有序推进。现将有关情况报告如下：\n");
    let mut n = 1u64;
    while text.len() < bytes {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (a, b, c) = (n >> 40 & 1023, n >> 30 & 127, n >> 20 & 4095);
        text.push_str(&format!(
            "（一）强化组织领导，压实工作责任。坚持以习近平法治思想为指导，把法治建设纳入年度计划，一是抓学习，召开专题会议{b}次，\
             组织干部学法{a}余人次；二是抓宣传，落实“八五”普法规划，发放宣传资料{c}份（册），受众近{c}人次；\
             三是抓化解，排查矛盾纠纷{a}起，群众满意度不断提升，法治环境持续优化，基层治理水平稳步提高。\n"
        ));
    }
    text
}

/// The best of three runs, in megabytes a second.
fn speed(bytes: usize, mut run: impl FnMut() -> usize) -> f64 {
    (0..3)
        .map(|_| {
            let begun = Instant::now();
            black_box(run());
            bytes as f64 / 1e6 / begun.elapsed().as_secs_f64()
        })
        .fold(0.0, f64::max)
}

fn main() {
    let text = report(20_000_000);
    let bytes = text.len();
    let floor = speed(bytes, || black_box(&text).chars().filter(|c| *c == '，').count());
    let find = speed(bytes, || claim::find(black_box(&text)).len());
    let both = speed(bytes, || {
        let review = lint::review(black_box(&text), &[]);
        review.claims.len() + review.lint.len()
    });
    println!("floor (chars)  {floor:8.1} MB/s");
    println!("find           {find:8.1} MB/s  1/{:.0} of the floor", floor / find);
    println!("find and lint  {both:8.1} MB/s  1/{:.0} of the floor", floor / both);

    let (growth, piece) = PIECES
        .iter()
        .map(|piece| {
            let of = |characters: usize| {
                let text = piece.repeat(characters / piece.chars().count());
                speed(1, || lint::review(black_box(&text), &[]).lint.len())
            };
            (of(RUN) / of(2 * RUN), piece)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .expect("there are pieces");
    println!("twice the run  {growth:8.1} times the time at worst ({piece:?}): 2 is linear, 4 is quadratic");
    assert!(growth < 3.0, "time grows faster than the length of the text");
}

/// Characters of the shorter run.
const RUN: usize = 200_000;

/// What the rules look for or look back from.
const PIECES: &[&str] = &[
    "9",
    "（",
    "）",
    "“",
    "一",
    "十",
    "X",
    "1.",
    "，",
    "\n",
    "每",
    "（一）",
    "一是",
    "〔",
    "/1",
    "9/9 5%",
    "近",
    "1次",
    "1、",
    "。二是",
    "《",
    "\"",
    " ",
    "分",
    "由",
];
