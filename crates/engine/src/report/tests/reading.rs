//! What is wrong with a template, where, and what to do.

use super::super::Template;
use super::stub;

/// The problems of a template, each with the words it points at.
fn check(text: &str) -> String {
    check_in("t.md", text)
}

fn check_in(file: &str, text: &str) -> String {
    let mut set = stub::set(["mediation.ended", "mediation.agreed", "mediation.rate", "quality.flags"]);
    let mut bare = stub::figure("quality.flags");
    bare.kind = None;
    set.figures.insert(bare.id.clone(), bare.into());
    let mut other = stub::figure("mediation.failed");
    other.kind.as_mut().unwrap().value.field = "reason".into();
    set.figures.insert(other.id.clone(), other.into());
    let (_, problems) = Template::read(file, text, &set);
    let shown = problems.iter().map(|problem| {
        let span = &problem.place.as_ref().unwrap().span;
        format!("{problem} ← {}", &text[span.clone()])
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn body(lines: &str) -> String {
    check(&format!("# 报告\n\n## 情况\n\n兜底。\n{lines}\n"))
}

#[test]
fn every_problem_is_found_at_once_in_file_order() {
    let text =
        "# {year}年报告\n\n## 一、情况\n\n共{mediation.endd}，{yera}。\n?mediation.ended: 有{mediation.ended:valu}。\n";
    insta::assert_snapshot!(check(text), @r#"
    P514 序号“一、”不用写。序号自动生成，增减以后仍然连续，请删去 ← 一、
    P504 没有数字“mediation.endd”。请写 definitions/figures 里有的编号，形如“文件名.id”，是不是想写“mediation.ended” ← mediation.endd
    P505 没有变量“yera”。变量有：year、last_year、next_year、throughout、draft、as_of、town、kind、county、county_kind、superior、signed_by、copy_to、signed_on、by_hand、coverage，是不是想写“year”；数字写成“文件名.编号” ← yera
    P507 条件“mediation.ended”里没有比较。请写成“数字编号 比较符号 整数、另一数字或者 last_year”，如 ?mediation.failed > 0: …；比较符号有 = != > >= < <=，几个条件用 and 连接 ← mediation.ended
    P506 不认识的写法“:valu”。可以写 {编号}、{编号:value}（不带单位）、{编号:last_year}（上一年度），是不是想写“value” ← valu
    "#);
}

#[test]
fn titles_and_levels() {
    insta::assert_snapshot!(check("正文。\n"), @"P501 第一行不是标题。模板的第一行请写“# 标题” ← 正文。");
    insta::assert_snapshot!(check(""), @"P501 模板是空的。模板的第一行请写“# 标题”，下面用 ## 写各部分 ←");
    insta::assert_snapshot!(check("# 甲\n# 乙\n##丙\n"), @r#"
    P501 标题写了两遍。一份报告只有一个“# ”标题，下面各级写 ##、###、#### ← # 乙
    P501 标题写法不对。标题写成“# 报告标题”“## 一级”“### 二级”“#### 三级”，井号后空一格再写文字 ← ##丙
    "#);
    insta::assert_snapshot!(body("#### 跳级\n\n句。"), @"P502 标题跳了一级。请先写 ###，或者把这一级提上来 ← #### 跳级");
    insta::assert_snapshot!(body("### （一）甲{mediation.ended}\n\n句。"), @r#"
    P514 序号“（一）”不用写。序号自动生成，增减以后仍然连续，请删去 ← （一）
    P506 标题里不能写数字。请把数字写进正文的句子 ← mediation.ended
    "#);
}

#[test]
fn braces_variables_and_ways() {
    insta::assert_snapshot!(body("共{mediation.ended。"), @"P503 花括号不成对。请写成 {数字编号} 或者 {变量}，同一行内合上 ← {");
    insta::assert_snapshot!(body("共mediation.ended}，{ {year}。"), @r#"
    P503 花括号不成对。请写成 {数字编号} 或者 {变量}，同一行内合上 ← }
    P503 花括号不成对。请写成 {数字编号} 或者 {变量}，同一行内合上 ← {
    "#);
    insta::assert_snapshot!(body("{year:value}{towns}。"), @r#"
    P505 变量后面不能写“:value”。变量只有一种写法，请写 {year} ← year:value
    P505 没有变量“towns”。变量有：year、last_year、next_year、throughout、draft、as_of、town、kind、county、county_kind、superior、signed_by、copy_to、signed_on、by_hand、coverage，是不是想写“town”；数字写成“文件名.编号” ← towns
    "#);
    insta::assert_snapshot!(body("集中在{mediation.ended by vilage}，{quality.flags by kind}。"), @r#"
    P512 不能按“vilage”细分。可以按 kind、village、month 细分，是不是想写“village” ← vilage
    P512 “quality.flags”的定义没有写按什么分类（kind）。请在数字的定义里写 kind，或者改按 village、month 细分 ← quality.flags by kind
    "#);
    insta::assert_snapshot!(body("{mediation.ended:last}。"), @"P506 不认识的写法“:last”。可以写 {编号}、{编号:value}（不带单位）、{编号:last_year}（上一年度） ← last");
}

#[test]
fn conditions() {
    insta::assert_snapshot!(body("?mediation.ended > 0 有。"), @"P507 条件后面没有冒号。条件和句子之间写冒号，如 ?mediation.failed > 0: 句子。 ← ?mediation.ended > 0 有。");
    insta::assert_snapshot!(body("?mediation.ended > 0:"), @"P507 条件后面没有句子。请在冒号后面写出句子 ← ?mediation.ended > 0:");
    insta::assert_snapshot!(body("?mediation.ended > 1.5: 有。"), @"P507 “1.5”不是整数。条件只和整数比较，请改成整数 ← 1.5");
    insta::assert_snapshot!(body("?mediation.ended > lastyear: 有。"), @"P507 不能和“lastyear”比较。右边写整数、数字编号（文件名.id）或者 last_year，是不是想写“last_year” ← lastyear");
    insta::assert_snapshot!(body("?mediation.ended > 0 and mediation.agred = 0: 有。"), @"P504 没有数字“mediation.agred”。请写 definitions/figures 里有的编号，形如“文件名.id”，是不是想写“mediation.agreed” ← mediation.agred");
    insta::assert_snapshot!(body("?mediation.rate < mediation.ended: 有。"), @"P508 “mediation.rate”和“mediation.ended”一个是百分比，一个不是，不能比较。请比较同一类的数字，或者和整数比较 ← mediation.rate < mediation.ended");
    insta::assert_snapshot!(body("?else: 有。"), @"P509 ?else 前面没有条件。?else 对应同一标题下、在它前面的有条件的句子；请先写条件句，或者去掉 ?else ← ?else: 有。");
}

#[test]
fn sentences_and_lists() {
    insta::assert_snapshot!(body("没有写完"), @"P510 句子没有写完。一行写一个完整的句子，以句号结尾；列表写成“- ”或者“+ ” ← 完");
    insta::assert_snapshot!(body("不足：\n\n另一段。"), @"P510 引出列表的句子下面没有列表。以逗号、冒号结尾的行引出下面的列表，请接着写“- ”或者“+ ”，或者改成句号 ← ：");
    insta::assert_snapshot!(body("- 甲\n- 乙。"), @"P510 列表各项的结尾不一致。同一列表各项，或者都以句号结尾，或者都不写句末标点 ← 甲");
    insta::assert_snapshot!(body("+ 甲。"), @"P510 “+ ”列表的项不写句号。各项用逗号自动连成一句，请删去句号 ← 。");
    insta::assert_snapshot!(body("- 甲\n+ 乙"), @"P515 “- ”和“+ ”混在一个列表里。请分成两段，或者统一用一种 ← - 甲");
    insta::assert_snapshot!(body("- 一是甲\n- 第二，乙"), @r#"
    P514 “一是”不用写。一是、二是自动编写，请删去 ← 一是
    P514 “第二，”不用写。一是、二是自动编写，请删去 ← 第二，
    "#);
    insta::assert_snapshot!(body("**重点**。\n| a | b |\n见[这里](x)。"), @r#"
    P515 不认识的写法“**”。模板只有标题、句子、“- ”“+ ”列表、{数字}和 ?条件，没有别的格式 ← **
    P515 不认识的写法“|”。模板只有标题、句子、“- ”“+ ”列表、{数字}和 ?条件，没有别的格式 ← |
    P515 不认识的写法“](”。模板只有标题、句子、“- ”“+ ”列表、{数字}和 ?条件，没有别的格式 ← ](
    "#);
}

#[test]
fn a_part_that_might_be_empty() {
    insta::assert_snapshot!(check("# 报告\n\n## 情况\n\n?mediation.ended > 0: 有。\n成功率{mediation.rate}。\n"), @"P511 这一部分可能一句话也没有。请写一句没有条件的话，或者在条件句后面用 ?else: 写明没有这种情况时怎么说 ← ## 情况");
    assert_eq!(check("# 报告\n\n## 情况\n\n?mediation.ended > 0: 有。\n?else: 没有。\n"), "");
}

#[test]
fn tables() {
    insta::assert_snapshot!(body("{table mediation.ended}"), @"P512 没有写明按什么细分。请写成 {table 数字编号 by kind}，按 kind 类别、village 村或者 month 月份细分 ← mediation.ended");
    insta::assert_snapshot!(body("{table mediation.ended by vilage}"), @"P512 不能按“vilage”细分。可以按 kind、village、month 细分，是不是想写“village” ← vilage");
    insta::assert_snapshot!(body("{table mediation.rate, quality.flags by kind}"), @r#"
    P512 “mediation.rate”是百分比，不能细分相加。请列它的分子和分母 ← mediation.rate
    P512 “quality.flags”的定义没有写按什么分类（kind）。请在数字的定义里写 kind，或者改按 village、month 细分 ← quality.flags
    "#);
    insta::assert_snapshot!(body("{table mediation.ended, mediation.failed by kind}"), @"P512 “mediation.failed”和“mediation.ended”的分类不同，不能并列。分类不同的数字请各写一个表格 ← mediation.failed");
    insta::assert_snapshot!(body("见{table mediation.ended by kind}。"), @"P512 表格要单独写一行。请把 {table …} 放在自己的一行，上下空行 ← table mediation.ended by kind");
}

#[test]
fn a_number_typed_over_has_no_entries_behind_it() {
    insta::assert_snapshot!(body("全年调解286起，另有３０余次。"), @r#"
    P513 手写的数字“286”没有出处。请换成 {数字编号} 或者 {变量}；文件名称、文号里的数字写在《》〔〕中 ← 286
    P513 手写的数字“３０”没有出处。请换成 {数字编号} 或者 {变量}；文件名称、文号里的数字写在《》〔〕中 ← ３０
    "#);
    assert_eq!(body("落实《法治政府建设实施纲要（2021-2025年）》和国发〔2015〕1号。"), "");
}

#[test]
fn a_template_tells_its_figures_heading_by_heading_each_once() {
    let set = stub::set(["mediation.ended", "mediation.agreed", "mediation.rate", "quality.flags"]);
    let text = "# 报告\n\n## 甲\n\n有{mediation.ended}，{mediation.agreed}。\n\n## 乙\n\n无。\n\n### 丙\n\n又{mediation.ended}、{quality.flags}。\n";
    let (template, problems) = Template::read("t.md", text, &set);
    assert_eq!(problems, []);
    assert_eq!(template.headed(), [vec!["mediation.ended", "mediation.agreed"], vec!["quality.flags"]]);
}

#[test]
fn a_county_tells_its_figures_apart_by_township_alone() {
    let county =
        |lines: &str| check_in("definitions/reports/county_t.md", &format!("# 报告\n\n## 情况\n\n兜底。\n{lines}\n"));
    assert_eq!(county("{table mediation.ended, mediation.agreed by town}"), "");
    assert_eq!(county("多的是{mediation.ended by town}。"), "");
    insta::assert_snapshot!(county("{table mediation.ended by village}"), @"P512 不能按“village”细分。可以按 town 细分 ← village");
    insta::assert_snapshot!(county("{table mediation.ended}"), @"P512 没有写明按什么细分。请写成 {table 数字编号 by town}，按乡镇细分 ← mediation.ended");
    insta::assert_snapshot!(body("{table mediation.ended by town}"), @"P512 不能按“town”细分。可以按 kind、village、month 细分 ← town");
}
