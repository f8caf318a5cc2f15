//! A report as an official paper: its red head, its signatures, its imprint, and 数据来源 as its annex (公文).

use engine::paper::{self, Annex, Block, Cell, Grid, Head, Imprint, Paper, Row, Run, Signed, Style};
use engine::report::{self, Align, Annex as Sources, Document, Source, Span};

use super::source;

/// What an official paper says beside its text.
#[derive(Clone, Debug, Default)]
pub struct Dress {
    /// 发文字号, if it was given; else a place for it.
    pub number: Option<String>,
    /// The year in the number, where there is none yet.
    pub year: i16,
    /// 签发人.
    pub signers: Vec<String>,
    /// 印发机关.
    pub printed_by: String,
    /// The journal's name.
    pub origin: String,
    /// Size and root of the journal, as the code says them.
    pub checkpoint: String,
    /// SHA-256 of the report as plain text, in hex.
    pub hash: String,
    /// The journals of several townships stand behind it: what the code says is their entries and a digest of their names,
    /// sizes and roots, as they stand in the annex.
    pub of_many: bool,
}

/// What a paper whose day is not yet set carries in its place.
const UNDATED: &str = "（未签发）";

/// Lays a report out as an official paper that goes to a superior (上行文).
pub fn official(document: &Document, dress: &Dress) -> Paper {
    let mut paper = Paper { style: Style::Official, title: broken(&document.title), ..Paper::default() };
    let mut signed = Signed { sealed: true, ..Signed::default() };
    let mut copy_to = String::new();
    for block in &document.blocks {
        match block {
            report::Block::Heading { level, number, text } => {
                paper.blocks.push(Block::Heading { level: *level, text: format!("{number}{text}") });
            }
            report::Block::Paragraph { align: Align::Left, spans, .. } => {
                let text: String = spans.iter().map(Span::text).collect();
                match text.strip_prefix("抄送：") {
                    Some(to) => copy_to = to.trim_end_matches('。').to_owned(),
                    None if paper.blocks.is_empty() && paper.addressee.is_empty() => {
                        paper.addressee = text.trim_end_matches('：').to_owned();
                    }
                    None => paper.blocks.push(Block::Paragraph { align: paper::Align::Left, runs: runs(spans) }),
                }
            }
            report::Block::Paragraph { align: Align::Right, spans, .. } => {
                let text: String = spans.iter().map(Span::text).collect();
                // Who signs stands over the day, and the day is the last.
                match text.as_str() {
                    UNDATED => {}
                    day if day.ends_with('日') && day.starts_with(|c: char| c.is_ascii_digit()) => {
                        signed.on = day.to_owned()
                    }
                    organs => signed.by.extend(organs.split('、').map(str::to_owned)),
                }
            }
            report::Block::Paragraph { spans, .. } => {
                paper.blocks.push(Block::Paragraph { align: paper::Align::Indented, runs: runs(spans) });
            }
            report::Block::Table(table) => paper.blocks.extend(self::table(table)),
        }
    }
    paper.head = Some(Head {
        organs: signed.by.clone(),
        suffix: "文件".to_owned(),
        number: number(dress),
        signers: dress.signers.clone(),
        upwards: true,
    });
    paper.imprint = Some(Imprint { copy_to, printed_by: dress.printed_by.clone(), printed_on: signed.on.clone() });
    paper.signed = Some(signed);
    paper.attached = vec![source::TITLE.to_owned()];
    paper.annexes = vec![annex(&document.annex, dress)];
    paper
}

/// A long title stands on two lines and breaks after 年度, not inside a word.
pub fn broken(title: &str) -> String {
    match title.split_once("年度") {
        Some((year, rest)) if title.chars().count() > 18 => format!("{year}年度\n{rest}"),
        _ => title.to_owned(),
    }
}

fn number(dress: &Dress) -> Vec<Run> {
    match &dress.number {
        Some(number) => vec![Run::text(number.clone())],
        None => vec![Run::Blank(3), Run::text(format!("〔{}〕", dress.year)), Run::Blank(2), Run::text("号")],
    }
}

fn runs(spans: &[Span]) -> Vec<Run> {
    let mut runs = Vec::new();
    for span in spans {
        runs.push(Run::text(span.text()));
        if let Span::Figure { note, part: None, .. } = span {
            runs.push(Run::Note(*note));
        }
    }
    runs
}

fn table(table: &report::Table) -> Vec<Block> {
    let label = |text: &str| Cell { span: 1, label: true, runs: vec![Run::text(text)] };
    let whole = table.rows.last();
    // The heads carry the numbers into the annex, so that cells stay numbers.
    let head = |(nth, head): (usize, &String)| {
        let mut cell = label(head);
        if let Some(Span::Figure { note, .. }) = whole.and_then(|row| row.get(nth)) {
            cell.runs.push(Run::Note(*note));
        }
        cell
    };
    let row = |row: &Vec<Span>| {
        let cell = |span: &Span| Cell { span: 1, label: false, runs: vec![Run::text(span.text())] };
        Row { cells: row.iter().map(cell).collect(), lines: 1 }
    };
    let heads = Row { cells: table.head.iter().enumerate().map(head).collect(), lines: 1 };
    let grid = Grid {
        caption: table.caption.clone(),
        widths: vec![1; table.head.len()],
        heads: 1,
        rows: std::iter::once(heads).chain(table.rows.iter().map(row)).collect(),
        ..Grid::default()
    };
    let remark = table.remark.iter().map(|remark| Block::words(paper::Align::Small, format!("注：{remark}")));
    std::iter::once(Block::Grid(grid)).chain(remark).collect()
}

/// 数据来源: every figure with its value, what is counted, and how many entries stand behind it, late and flagged.
fn annex(sources: &Sources, dress: &Dress) -> Annex {
    let mut blocks = vec![Block::words(paper::Align::Small, source::introduction(sources))];
    let heads = ["序", "数字", "值", "怎样数，依据什么", "记入", "其中补录", "带标记"];
    let cell = |label: bool, runs: Vec<Run>| Cell { span: 1, label, runs };
    let text = |text: String| cell(false, vec![Run::text(text)]);
    let share = |many: u64, share: u64| if many == 0 { String::new() } else { format!("{many}（{share}%）") };
    let row = |one: &Source| {
        let cells = vec![
            cell(false, vec![Run::Anchor(one.note)]),
            text(source::name(one)),
            text(one.text.clone()),
            text(one.origin.clone()),
            text(one.entries.to_string()),
            text(share(one.late, one.late_share())),
            text(share(one.flagged, one.flagged_share())),
        ];
        Row { cells, lines: 1 }
    };
    let head = Row { cells: heads.iter().map(|head| cell(true, vec![Run::text(*head)])).collect(), lines: 1 };
    blocks.push(Block::Grid(Grid {
        widths: vec![8, 24, 16, 66, 9, 17, 17],
        heads: 1,
        dense: true,
        rows: std::iter::once(head).chain(sources.printed.iter().map(row)).collect(),
        ..Grid::default()
    }));
    if !sources.by_hand.is_empty() {
        blocks.push(Block::words(paper::Align::Small, source::BY_HAND));
        blocks.extend(sources.by_hand.iter().map(|one| Block::words(paper::Align::Small, source::by_hand(one))));
    }
    if !sources.decided.is_empty() {
        let brief = |one: &Source| format!("{} {}", source::name(one), one.text);
        let all = sources.decided.iter().map(brief).collect::<Vec<_>>().join("，");
        blocks.push(Block::words(paper::Align::Small, format!("{}{all}。", source::DECIDED)));
    }
    let checkpoint = match dress.of_many {
        true => "各乡镇日志的总条数，各乡镇日志名称、条数、根合起来的校验值",
        false => "日志条数、根",
    };
    blocks.push(Block::Code {
        text: format!("{}\n{}\n{}", dress.origin, dress.checkpoint, dress.hash),
        beside: vec![
            format!("左边的二维码写着：日志名称；检查点（{checkpoint}）；本报告纯文本的校验值（SHA-256）。"),
            format!("校验值：{} {}", &dress.hash[..dress.hash.len() / 2], &dress.hash[dress.hash.len() / 2..]),
            "用于核对报告与台账是否一致，是完整性校验，不是电子签名，也不是电子印章。".to_owned(),
        ],
    });
    Annex { mark: "附件".to_owned(), title: source::TITLE.to_owned(), blocks }
}
