//! What becomes of a record on paper: a template and steps in, the words of the papers out.

use std::cell::Cell;

use engine::act::{Act, Entry, Taken};
use engine::day::Day;
use engine::definition::{self, FileSet, Papers, Register};
use engine::paper::{Block, Filling, Paper, Run, Work, made, paper, work};
use engine::record::{Rules, walk};
use engine::value::{Fields, Value};

const REGISTER: &str = r#"
id     = "sample"
title  = "样例"
local  = "样例"
since  = 2020-01-01
keeper = "综合办"
scope  = "township"
read   = ["clerk"]
label  = ["open.what"]

[state]
open = "办理中"

[[step]]
id     = "open"
title  = "登记"
to     = "open"
local  = "样例"
fields = [
  { id = "on",    title = "日期", type = "day" },
  { id = "what",  title = "事项", type = "text" },
  { id = "kind",  title = "类别", type = "choice", optional = true, choices = { land = "土地", water = "水利" } },
  { id = "ways",  title = "方式", type = "choices", optional = true, choices = { oral = "口头", written = "书面" } },
  { id = "sure",  title = "属实", type = "yes_no", optional = true },
  { id = "cost",  title = "金额", type = "money", optional = true },
  { id = "who",   title = "当事人", type = "outsider", many = true, optional = true, privacy = "personal" },
  { id = "scan",  title = "扫描件", type = "file", optional = true },
]

[[step]]
id     = "meet"
title  = "开会"
from   = ["open"]
repeat = true
local  = "样例"
fields = [
  { id = "on",   title = "日期", type = "day" },
  { id = "said", title = "发言", type = "text" },
  { id = "note", title = "内部意见", type = "text", optional = true, privacy = "personal" },
  { id = "sheet", title = "签到表", type = "file", optional = true },
]
"#;

/// One way to contest what was done before 2024, another since: two parameters that meet.
const PARAMETERS: &str = r#"
[[parameter]]
id    = "either"
title = "复议或者诉讼"
value = [{ days = 60, until = 2023-12-31, local = "样例" }]

[[parameter]]
id    = "first"
title = "先复议"
value = [{ days = 60, from = 2024-01-01, local = "样例" }]
"#;

/// One step: its id and its fields; those that begin with `~` are sealed, and `!` alone voids the step before.
type Step<'s> = (&'s str, &'s [(&'s str, &'s str)]);

const OPENED: Step<'static> = ("open", &[("on", "2024-03-05"), ("what", "修渠")]);

fn value(text: &str) -> Value {
    match text {
        "true" | "false" => Value::Bool(text == "true"),
        _ => match (text.parse(), text.strip_prefix('[')) {
            (Ok(number), _) => Value::Int(number),
            (_, Some(list)) => Value::List(list.trim_end_matches(']').split(' ').map(str::to_owned).collect()),
            _ => Value::Text(text.to_owned()),
        },
    }
}

/// Entries, and the sealed values of each by the entry's id.
fn entries(steps: &[Step<'_>]) -> (Vec<Entry>, Vec<Fields>) {
    let (mut entries, mut sealed): (Vec<Entry>, Vec<Fields>) = (Vec::new(), Vec::new());
    for (step, fields) in steps {
        let index = entries.len() as u64;
        let mut closed = Fields::new();
        let (register, record) = ("sample".to_owned(), "r".to_owned());
        let act = if *step == "!" {
            Act::Void { register, record, of: Some(entries[index as usize - 1].id.clone()), reason: "错".to_owned() }
        } else {
            let mut taken = Taken { register, record, step: (*step).to_owned(), ..Taken::default() };
            for (name, text) in *fields {
                match name.strip_prefix('~') {
                    Some(name) => {
                        taken.sizes.insert(name.to_owned(), value(text).size());
                        closed.insert(name.to_owned(), value(text));
                    }
                    None => {
                        taken.fields.insert((*name).to_owned(), value(text));
                    }
                }
            }
            Act::Step(taken)
        };
        let recorded = Day::new(2024, 6, 1).unwrap();
        entries.push(Entry { index, id: format!("e{index}"), recorded, actor: String::new(), act });
        sealed.push(closed);
    }
    (entries, sealed)
}

/// The register, and papers of these templates.
fn set(papers: &str) -> (Register, Papers) {
    let head = "register = \"sample\"\ntitle = \"样例卷宗\"\nlocal = \"样例\"\n";
    let files: FileSet = [
        ("definitions/set.toml", include_str!("../../../definitions/set.toml").to_owned()),
        ("definitions/registers/sample.toml", REGISTER.to_owned()),
        ("definitions/parameters/sample.toml", PARAMETERS.to_owned()),
        ("definitions/papers/sample.toml", format!("{head}{papers}")),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text))
    .collect();
    let (set, problems) = definition::read(&files, &|_| "0".repeat(64));
    // There is no calendar, and nothing here is counted by one.
    assert!(problems.iter().all(|problem| problem.code.to_string() == "P125"), "{problems:#?}");
    (set.register("sample").unwrap().as_ref().clone(), set.papers["sample"].as_ref().clone())
}

/// What of a record is asked for, with what is sealed where `open`.
fn with<T>(papers: &str, steps: &[Step<'_>], open: bool, ask: impl FnOnce(&Papers, &Filling<'_>) -> T) -> (T, usize) {
    let (register, papers) = set(papers);
    let (entries, sealed) = entries(steps);
    let calendar = engine::day::Calendar::default();
    let course = walk(Rules { register: &register, figures: &[], calendar: &calendar }, &entries).0;
    let filling = Filling {
        register: &register,
        course: &course,
        number: "样〔2024〕1号",
        title: "修渠",
        town: "青石乡",
        county: "上犹县",
        named: &|id| format!("名称{id}"),
        sealed: &|one| if open { sealed[one.entry as usize].clone() } else { Fields::new() },
        closed: Cell::new(0),
    };
    let answer = ask(&papers, &filling);
    (answer, filling.closed.get())
}

fn words(runs: &[Run]) -> String {
    let one = |run: &Run| match run {
        Run::Text(text) => text.clone(),
        Run::Blank(many) => "_".repeat(*many),
        Run::Note(note) | Run::Anchor(note) => note.to_string(),
    };
    runs.iter().map(one).collect()
}

/// A block in one line: `| 甲 | 乙*2 |` where a cell spans two columns, `!` behind a head, `~` before places to sign.
fn shown(block: &Block) -> Vec<String> {
    match block {
        Block::Heading { level, text } => vec![format!("{} {text}", "#".repeat(usize::from(*level) + 1))],
        Block::Paragraph { align, runs } => vec![format!("{align:?} {}", words(runs))],
        Block::Named { label, runs } => vec![format!("= {label} {}", words(runs))],
        Block::Sign { places } => vec![format!("~ {}", places.join(" | "))],
        Block::Code { text, .. } => vec![format!("code {text}")],
        Block::Grid(grid) => {
            let row = |(nth, row): (usize, &engine::paper::Row)| {
                let cell = |cell: &engine::paper::Cell| match cell.span {
                    1 => words(&cell.runs),
                    span => format!("{}*{span}", words(&cell.runs)),
                };
                let cells: Vec<String> = row.cells.iter().map(cell).collect();
                let high = if row.lines > 1 { format!(" x{}", row.lines) } else { String::new() };
                let head = if nth < grid.heads { " !" } else { "" };
                format!("| {} |{head}{high}", cells.join(" | "))
            };
            grid.rows.iter().enumerate().map(row).collect()
        }
    }
}

/// The blocks of the one paper of this text.
#[track_caller]
fn check(text: &str, steps: &[Step<'_>], open: bool, expect: &[&str]) {
    let papers = format!("[[paper]]\nid = \"sheet\"\ntitle = \"表\"\nneed = \"must\"\ntext = '''\n{text}\n'''\n");
    let (found, _) = with(&papers, steps, open, |papers, filling| {
        let all = made(papers, filling.course);
        paper(&all[0], filling).blocks.iter().flat_map(shown).collect::<Vec<_>>()
    });
    assert_eq!(found, expect);
}

/// The papers a record has: key, title, and what is said of it.
#[track_caller]
fn check_made(papers: &str, steps: &[Step<'_>], expect: &[&str]) {
    let (found, _) = with(papers, steps, false, |papers, filling| {
        let one = |made: &engine::paper::Made<'_>| {
            let state = match (made.missing, made.is_printed()) {
                (true, _) => "missing",
                (false, true) => "printed",
                (false, false) => "attached",
            };
            let scan = made.scan.as_deref().map_or(String::new(), |scan| format!(" {scan}"));
            format!("{} {} {state}{scan}", made.key(), made.title("修渠"))
        };
        made(papers, filling.course).iter().map(one).collect::<Vec<_>>()
    });
    assert_eq!(found, expect);
}

#[test]
fn what_was_recorded_stands_in_its_place() {
    check(
        "{open.on}{open.what}。{town}、{county}、{keeper}、{number}、{title}、{state}、{nth}",
        &[OPENED],
        false,
        &["Indented 2024年3月5日修渠。青石乡、上犹县、综合办、样〔2024〕1号、修渠、办理中、1"],
    );
    let full: Step<'_> = (
        "open",
        &[("on", "2024-12-25"), ("kind", "water"), ("ways", "[oral written]"), ("sure", "true"), ("cost", "123456")],
    );
    check("{open.kind}{open.ways}{open.sure}{open.cost}", &[full], false, &["Indented 水利口头、书面是1234.56元"]);
}

#[test]
fn what_was_not_recorded_is_left_out_or_to_be_filled_in() {
    check("类别{open.kind}，{____}。", &[OPENED], false, &["Indented 类别，____。"]);
    check("{meet.said}", &[OPENED], false, &["Indented "]);
}

#[test]
fn a_sealed_value_is_a_blank_unless_it_is_to_be_printed() {
    let sealed: Step<'_> = ("open", &[("on", "2024-03-05"), ("~who", "[甲某 乙某]")]);
    check("当事人{open.who}。", &[sealed], false, &["Indented 当事人______。"]);
    check("当事人{open.who}。", &[sealed], true, &["Indented 当事人甲某、乙某。"]);
    // Nothing was recorded, so there is nothing to hide.
    check("当事人{open.who}。", &[OPENED], false, &["Indented 当事人。"]);
}

#[test]
fn boxes_list_all_choices_with_the_chosen_marked() {
    let chosen: Step<'_> = ("open", &[("on", "2024-03-05"), ("kind", "water"), ("ways", "[oral]")]);
    check("{open.kind:boxes}；{open.ways:boxes}", &[chosen], false, &["Indented □土地 ■水利；■口头 □书面"]);
    check("{open.kind:boxes}", &[OPENED], false, &["Indented □土地 □水利"]);
}

#[test]
fn a_line_with_a_condition_stands_only_where_it_holds() {
    let text =
        "?open.kind: 有类别\n?open.kind=water: 是水利\n?open.sure=true: 属实\n?open.who: 有当事人\n?meet.on: 开过会";
    let full: Step<'_> = ("open", &[("on", "2024-03-05"), ("kind", "land"), ("sure", "true"), ("~who", "[甲某]")]);
    check(text, &[full], false, &["Indented 有类别", "Indented 属实", "Indented 有当事人"]);
    check(text, &[OPENED], false, &[]);
}

#[test]
fn rows_are_one_grid_whose_short_rows_span_what_is_left() {
    let text = "| 事项 | {open.what} | 日期 | {open.on} |\n| 类别 | {open.kind} | *3\n后面\n| 粘贴处 | *12";
    check(
        text,
        &[OPENED],
        false,
        &["| 事项 | 修渠 | 日期 | 2024年3月5日 |", "| 类别 | *3 | x3", "Indented 后面", "| 粘贴处 | x12"],
    );
}

#[test]
fn a_row_for_each_time_a_step_was_taken() {
    let text = "| 次 | 发言 | !\n*meet | {nth} | {meet.said} |";
    let steps: [Step<'_>; 5] = [
        OPENED,
        ("meet", &[("on", "2024-04-01"), ("said", "甲")]),
        ("meet", &[("on", "2024-04-03"), ("said", "作废的")]),
        ("!", &[]),
        ("meet", &[("on", "2024-04-02"), ("said", "乙")]),
    ];
    check(text, &steps, false, &["| 次 | 发言 | !", "| 1 | 甲 |", "| 2 | 乙 |"]);
    check(text, &[OPENED], false, &["| 次 | 发言 | !"]);
    check("最近：{meet.said}", &steps, false, &["Indented 最近：乙"]);
}

#[test]
fn marks_become_what_they_say() {
    let text = "## 一、{open.what}\n### （一）\n> 顶格\n>> 靠右\n^ 居中\n~ 甲（签名） | 乙\n= 出席 | {____}";
    check(
        text,
        &[OPENED],
        false,
        &["## 一、修渠", "### （一）", "Left 顶格", "Right 靠右", "Centre 居中", "~ 甲（签名） | 乙", "= 出席 ____"],
    );
}

const MANY: &str = r#"
cover = "| 事项 | {open.what} |"
[[paper]]
id = "form"
title = "登记表"
need = "must"
of = "open"
scan = "open.scan"
text = "{open.what}"
[[paper]]
id = "minutes"
title = "会议记录"
need = "must"
each = "meet"
scan = "meet.sheet"
text = "第{nth}次：{meet.said}{meet.note}"
[[paper]]
id = "proof"
title = "证明"
need = "must"
scan = "open.scan"
[[paper]]
id = "more"
title = "其他材料"
need = "as_needed"
scan = "meet.sheet"
[[paper]]
id = "water"
title = "水利表"
need = "must"
when = { field = "open.kind", is = "water" }
text = "水利"
"#;

const MEETINGS: [Step<'static>; 3] = [
    OPENED,
    ("meet", &[("on", "2024-04-01"), ("said", "甲"), ("sheet", "aa11")]),
    ("meet", &[("on", "2024-04-02"), ("said", "乙"), ("~note", "内情")]),
];

#[test]
fn a_volume_has_what_came_to_it_and_names_what_it_lacks() {
    check_made(MANY, &[OPENED], &["form 登记表 printed", "minutes 会议记录 missing", "proof 证明 missing"]);
    check_made(
        MANY,
        &MEETINGS,
        &[
            "form 登记表 printed",
            "minutes-1 会议记录（第1次） printed aa11",
            "minutes-2 会议记录（第2次） printed",
            "proof 证明 missing",
            "more 其他材料 attached aa11",
        ],
    );
    let water: Step<'_> = ("open", &[("on", "2024-03-05"), ("kind", "water"), ("scan", "bb22")]);
    check_made(
        MANY,
        &[water],
        &["form 登记表 printed bb22", "minutes 会议记录 missing", "proof 证明 attached bb22", "water 水利表 printed"],
    );
}

#[test]
fn a_paper_of_one_law_gives_way_to_that_of_the_next_on_the_day_it_changes() {
    let one = |id: &str, parameter: &str| {
        format!(
            "[[paper]]\nid = \"{id}\"\ntitle = \"决定书\"\nneed = \"must\"\nof = \"open\"\n\
             when = {{ field = \"open.on\", in_force = \"sample.{parameter}\" }}\ntext = \"正文\"\n"
        )
    };
    let papers = one("before", "either") + &one("since", "first");
    check_made(&papers, &[("open", &[("on", "2023-12-31")])], &["before 决定书 printed"]);
    check_made(&papers, &[("open", &[("on", "2024-01-01")])], &["since 决定书 printed"]);
    // Nothing was decided yet, so neither is missing.
    check_made(&papers, &[("meet", &[("on", "2024-04-01"), ("said", "甲")])], &[]);
}

#[test]
fn the_contents_lead_to_the_papers_and_say_what_is_missing() {
    let (work, closed): (Work, usize) = with(MANY, &MEETINGS, false, work);
    assert_eq!((work.title.as_str(), work.author.as_str(), closed), ("样例卷宗 样〔2024〕1号", "青石乡", 1));
    let titles: Vec<&str> = work.papers.iter().map(|paper: &Paper| paper.title.as_str()).collect();
    assert_eq!(titles, ["样例卷宗", "登记表", "会议记录", "会议记录"]);
    let contents: Vec<String> =
        work.contents.iter().map(|one| format!("{} {:?} {}", one.title, one.paper, one.remark)).collect();
    assert_eq!(
        contents,
        [
            "登记表 Some(1) ",
            "会议记录（第1次） Some(2) 扫描件 aa11…",
            "会议记录（第2次） Some(3) ",
            "证明 None 缺",
            "其他材料 None 扫描件 aa11…",
        ]
    );
    let said: Vec<String> = work.papers[2..].iter().flat_map(|paper| paper.blocks.iter().flat_map(shown)).collect();
    assert_eq!(said, ["Indented 第1次：甲", "Indented 第2次：乙______"]);
    let (opened, closed) = with(MANY, &MEETINGS, true, work_of);
    assert_eq!((opened.as_str(), closed), ("Indented 第2次：乙内情", 0));
}

fn work_of(papers: &Papers, filling: &Filling<'_>) -> String {
    work(papers, filling).papers.last().unwrap().blocks.iter().flat_map(shown).collect()
}

#[test]
fn an_official_paper_has_its_head_signatures_and_imprint() {
    let papers = r#"
[[paper]]
id = "notice"
title = "关于{title}的通知"
need = "must"
style = "official"
organ = "{town}人民政府、{county}水利局"
suffix = "文件"
number = "{town}〔{____}〕{__}号"
to = "各村"
sign = "{town}人民政府、{county}水利局"
on = "{open.on}"
sealed = true
copy_to = "{county}"
printed_by = "{keeper}"
text = "正文"
"#;
    let (found, _) = with(papers, &[OPENED], false, |papers, filling| paper(&made(papers, filling.course)[0], filling));
    let head = found.head.unwrap();
    assert_eq!(
        (head.organs, head.suffix.as_str()),
        (vec!["青石乡人民政府".to_owned(), "上犹县水利局".to_owned()], "文件")
    );
    assert_eq!(words(&head.number), "青石乡〔____〕__号");
    let signed = found.signed.unwrap();
    assert_eq!((signed.by.len(), signed.on.as_str(), signed.sealed), (2, "2024年3月5日", true));
    let imprint = found.imprint.unwrap();
    assert_eq!(
        (imprint.copy_to.as_str(), imprint.printed_by.as_str(), imprint.printed_on.as_str()),
        ("上犹县", "综合办", "2024年3月5日")
    );
    assert_eq!((found.title.as_str(), found.addressee.as_str()), ("关于修渠的通知", "各村"));
}
