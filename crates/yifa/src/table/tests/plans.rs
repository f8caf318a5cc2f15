//! What an import would do, and what it refuses.

use engine::act::{Act, Taken};

use super::*;

/// Enters a plan into the fake ledger, as the append would.
fn enter(ledger: &mut Fake, plan: &Plan) {
    for planned in &plan.records {
        let id = planned.record.clone();
        let number = planned.number.clone().unwrap_or_else(|| format!("纠〔2024〕{}号", ledger.entries.len() + 1));
        ledger.numbers.entry(number).or_insert_with(|| id.clone());
        let entries = ledger.entries.entry(id.clone()).or_default();
        for step in &planned.steps {
            ledger.imported.insert(step.row.clone(), id.clone());
            let index = entries.len() as u64;
            let taken = Taken {
                register: "dispute".to_owned(),
                record: id.clone(),
                step: step.step.clone(),
                fields: step.filled.fields.clone(),
                sizes: step.filled.sizes.clone(),
                already: step.already.clone(),
                row: Some(step.row.clone()),
                ..Taken::default()
            };
            let id = format!("entry-{index}");
            entries.push(Entry { index, id, recorded: today().0, actor: String::new(), act: Act::Step(taken) });
        }
    }
}

/// Plans a table over a ledger: the summary, then each record with its steps; or the problems.
#[track_caller]
fn check(ledger: &Fake, rows: &str, expect: &str) -> Option<Plan> {
    let planned = plan_of(&read_ok(&xlsx(rows)), ledger);
    let told = match &planned {
        Ok(plan) => {
            let mut text = plan.summary.to_string();
            for one in &plan.records {
                let steps: Vec<String> = one
                    .steps
                    .iter()
                    .map(|step| format!("{}@{}{}", step.step, step.line, if step.already.is_some() { "!" } else { "" }))
                    .collect();
                let record = if one.is_new { one.number.as_deref().unwrap_or("新") } else { &one.record };
                text += &format!("{record}: {}\n", steps.join(" "));
            }
            text
        }
        Err(problems) => said(problems),
    };
    let squeeze = |text: &str| text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n");
    assert_eq!(squeeze(&told), squeeze(expect));
    planned.ok()
}

const OPEN: &str = "登记日期 | 涉及的村 | 纠纷类型 | 当事人";

#[test]
fn a_row_with_later_columns_filled_is_a_record_with_its_steps_in_order() {
    check(
        &Fake::default(),
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 达成协议·日期 | 书面协议 | 受理日期 | 调解员 | 调解·日期
         2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 2023-05-20 | 是 | 2023-05-09 | 王调解 | 2023-05-15
         2023-06-01 | 白水村 | 婚姻家庭 | 王五 | | | | |",
        "读了 2 行：新开案卷 2 个，已有案卷续记 0 个，共记入 5 步
         镇里自己的行为，按“已发生”补记并标明，须由领导导入：1 步
         应附的文件不能随表格导入，请导入后在案卷中补传：1 处
         记入后将有标记：不合要求 1，系统外办理 1
         新: register@2 accept@2! session@2 agree@2
         新: register@3",
    );
}

#[test]
fn every_wrong_cell_is_named_at_once() {
    check(
        &Fake::default(),
        "登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 涉及人数 | 受理日期 | 调解员
         '去年 | 黄河村 | 山林 | 张三、李四 | '30余 | 2024-06-01 | 王调解
         2023-06-01 | 白水村、黑水村 | 婚姻家庭 | | 3 | | 张调解",
        "P204 第 2 行“登记日期”（A2）填的“去年”不是日期。请填日期，如 2023-05-08
         P204 第 2 行“涉及的村”（B2）填的“黄河村”在登记簿中找不到。是不是“黄沙村”？不是的话，请先登记再填
         P204 第 2 行“纠纷类型”（C2）填的“山林”不在可选项中。请从中选一项：山林土地／婚姻家庭
         P204 第 2 行“涉及人数”（E2）填的“30余”不是整数。请填整数
         P424 第 2 行“受理”是镇里通过本系统作出的行为，日期不早于今天。以前已经作出的，请填实际日期；今天的，请在系统中办理
         P204 第 3 行“涉及的村”（B3）填的“黑水村”在登记簿中找不到。是不是“白水村”？不是的话，请先登记再填
         P202 第 3 行“当事人”没有填。请填姓名或名称，几个之间用顿号（依据：本地：样例：来访即登记）
         P204 第 3 行“调解员”（G3）填的“张调解”在登记簿中找不到。是不是“李调解”？不是的话，请先登记再填
         P202 第 3 行“受理日期”没有填。请填日期，如 2023-05-08（依据：本地：样例：由镇里受理）",
    );
}

#[test]
fn further_instances_stand_on_rows_of_the_same_number() {
    check(
        &Fake::default(),
        "编号 | 登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 受理日期 | 调解员 | 调解·日期 | 达成协议·日期 | 书面协议
         新1 | 2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 2023-05-09 | 王调解 | 2023-05-15 | 2023-05-30 | 否
         新2 | 2023-06-08 | 黄沙村 | 山林土地 | 赵六、李四 | | | | |
         新1 | | | | | | | 2023-05-20 | |
         纠〔2020〕7号 | 2020-06-08 | 黄沙村 | 山林土地 | 甲、乙 | | | | |
         新1 | 2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | | | 2023-05-25 | |",
        "读了 5 行：新开案卷 3 个，已有案卷续记 0 个，共记入 8 步
         沿用纸质编号的新案卷：1 个
         镇里自己的行为，按“已发生”补记并标明，须由领导导入：1 步
         记入后将有标记：不合要求 1，系统外办理 1
         新: register@2 accept@2! session@2 session@4 session@6 agree@2
         新: register@3
         纠〔2020〕7号: register@5",
    );
}

#[test]
fn a_row_may_refer_to_a_record_that_a_row_above_it_opens() {
    let head = "编号 | 登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 终止·日期 | 原因 | 另案";
    let rows = "
         新1 | 2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | | |
         纠〔2020〕7号 | 2020-06-08 | 黄沙村 | 山林土地 | 甲、乙 | | |
         新2 | 2023-06-08 | 黄沙村 | 山林土地 | 赵六、李四 | 2023-07-01 | 并案 | 新1
         新3 | 2023-06-09 | 黄沙村 | 山林土地 | 赵六、李四 | 2023-07-01 | 并案 | 纠〔2020〕7号";
    let plan = check(
        &Fake::default(),
        &format!("{head}{rows}"),
        "读了 4 行：新开案卷 4 个，已有案卷续记 0 个，共记入 6 步
         沿用纸质编号的新案卷：1 个
         记入后将有标记：次序不合 2
         新: register@2
         纠〔2020〕7号: register@3
         新: register@4 fail@4
         新: register@5 fail@5",
    );
    let refers = |planned: &Planned| planned.steps.last().and_then(|step| step.filled.fields.get("other").cloned());
    let plan = plan.unwrap();
    let referred: Vec<_> = plan.records.iter().filter_map(refers).collect();
    assert_eq!(referred, [0, 1].map(|nth| engine::value::Value::Text(plan.records[nth].record.clone())));

    check(
        &Fake::default(),
        &format!(
            "{head}{}",
            rows.replace("并案 | 新1", "并案 | 新3").replace("并案 | 纠〔2020〕7号", "并案 | 纠纷台账")
        ),
        "P204 第 4 行“另案”（H4）填的“新3”在登记簿中找不到。请先登记再填
         P204 第 5 行“另案”（H5）填的“纠纷台账”有 3 个同名的。请改填编号或者 id，用 yifa list dispute 查看",
    );
}

#[test]
fn a_file_that_is_not_kept_cannot_come_by_table() {
    let rows = |hash: &str| {
        format!(
            "登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 达成协议·日期 | 书面协议 | 协议书
             2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 | 2023-05-20 | 是 | {hash}"
        )
    };
    check(
        &Fake::default(),
        &rows(&"ba".repeat(32)),
        "P243 第 2 行“协议书”（G2）填的“bababababababababababababababa”不是本系统收存的文件。\
         文件不能从表格带入：请清空这一格，导入后用 yifa step … correct 补传；不用表格的，请写文件的路径",
    );
    check(
        &Fake::default(),
        &rows(FILE),
        "读了 1 行：新开案卷 1 个，已有案卷续记 0 个，共记入 2 步
         记入后将有标记：次序不合 1
         新: register@2 agree@2",
    );
}

#[test]
fn rows_without_a_record_are_refused() {
    check(
        &Fake::default(),
        "编号 | 登记日期 | 涉及的村 | 纠纷类型 | 当事人 | 调解·日期
          | | | | | 2023-05-15
         纠〔2020〕9号 | | | | | 2023-05-15
         新1 | 2023-05-08 | 黄沙村 | 山林土地 | 张三、李四 |
         新1 | 2023-05-09 | 黄沙村 | 山林土地 | 张三、李四 |",
        "P420 第 2 行没有编号，也没有填开立案卷的各列。已有案卷的，请填它的编号；新案卷有几行的，每一行都填同一个临时编号，如“新1”
         P421 第 3 行：没有编号为“纠〔2020〕9号”的案卷。请核对编号；新案卷请把编号留空，或者填“新1”“新2”
         P423 第 5 行又填了“登记”，与第 4 行的“登记”不同。请删去多余的；本是两个案卷的，请分别填写编号",
    );
}

#[test]
fn a_table_imported_again_adds_only_what_was_filled_in_since() {
    let mut ledger = Fake::default();
    let row = "2023-05-08 | 黄沙村 | 山林土地 | 张三、李四";
    let plan = check(
        &ledger,
        &format!("{OPEN}\n{row}\n{row}"),
        "读了 2 行：新开案卷 2 个，已有案卷续记 0 个，共记入 2 步
        提示：第 3 行与第 2 行内容完全相同，作为另一条记入；重复的请删去
        新: register@2
        新: register@3",
    );
    enter(&mut ledger, &plan.unwrap());
    check(
        &ledger,
        &format!("{OPEN}\n{row}\n{row}"),
        "读了 2 行：新开案卷 0 个，已有案卷续记 0 个，共记入 0 步
        台账中已有、不再记入：2 步
        提示：第 3 行与第 2 行内容完全相同，作为另一条记入；重复的请删去",
    );
    // A month later, with columns of a later step.
    let later = format!("{OPEN} | 受理日期 | 调解员\n{row} | 2023-05-10 | 王调解\n{row} | |");
    let plan = check(
        &ledger,
        &later,
        "读了 2 行：新开案卷 0 个，已有案卷续记 1 个，共记入 1 步
        台账中已有、不再记入：2 步
        镇里自己的行为，按“已发生”补记并标明，须由领导导入：1 步
        记入后将有标记：系统外办理 1
        record-1: accept@2!",
    );
    enter(&mut ledger, &plan.unwrap());
    // By its number, as an export has it; personal values masked.
    check(
        &ledger,
        &format!(
            "编号 | {OPEN} | 受理日期 | 调解员 | 调解·日期\n纠〔2024〕1号 | 2023-05-08 | 黄沙村 | 山林土地 | （已封存） | 2023-05-10 | 王调解 | 2023-05-11"
        ),
        "读了 1 行：新开案卷 0 个，已有案卷续记 1 个，共记入 1 步
         台账中已有、不再记入：2 步
         record-1: session@2",
    );
    // As somebody has it who may not know the mediator.
    check(
        &ledger,
        &format!(
            "编号 | {OPEN} | 受理日期 | 调解员\n纠〔2024〕1号 | 2023-05-08 | 黄沙村 | 山林土地 | （已封存） | 2023-05-10 | （不公开）"
        ),
        "读了 1 行：新开案卷 0 个，已有案卷续记 0 个，共记入 0 步
         台账中已有、不再记入：2 步",
    );
    check(
        &ledger,
        &format!("编号 | {OPEN}\n纠〔2024〕1号 | 2023-05-08 | 白水村 | 山林土地 | （已封存）\n | 2023-05-08 | 双溪村 | 山林土地 | （已封存）"),
        "P422 第 2 行：案卷已有“登记”（2023-05-08），与表中的内容不同。导入不改已记入的内容：确需改正的，请在案卷中“更正”；不改的，请把表中的内容恢复一致
         P419 第 3 行“当事人”（E3）填的是“（已封存）”，不是内容。请填写真实内容",
    );
}

#[test]
fn one_number_down_the_whole_sheet_is_refused_at_once() {
    let mut rows = format!("编号,{},调解·日期\n新1,2023-05-08,黄沙村,山林土地,张三、李四,\n", OPEN.replace(" | ", ","));
    for _ in 0..MOST_STEPS {
        rows += "新1,,,,,2023-05-09\n";
    }
    let problems = plan_of(&read_ok(rows.as_bytes()), &Fake::default()).unwrap_err();
    assert_eq!(
        said(&problems),
        "P406 第 2 行起的案卷有 501 步。一个案卷一次最多导入 500 步：请核对编号是否填成了同一个"
    );
    let last = rows.trim_end().rfind('\n').unwrap();
    let plan = plan_of(&read_ok(&rows.as_bytes()[..last]), &Fake::default()).unwrap();
    assert_eq!((plan.records.len(), plan.summary.steps), (1, 500));
}

#[test]
fn nothing_is_added_to_a_record_that_was_voided() {
    let mut ledger = Fake::default();
    let row = format!("{OPEN}\n2023-05-08 | 黄沙村 | 山林土地 | 张三、李四");
    let plan = plan_of(&read_ok(&xlsx(&row)), &ledger).unwrap();
    enter(&mut ledger, &plan);
    let (register, record, reason) = ("dispute".to_owned(), "record-1".to_owned(), "重复".to_owned());
    ledger.entries.get_mut("record-1").unwrap().push(Entry {
        index: 1,
        id: "entry-1".to_owned(),
        recorded: today().0,
        actor: String::new(),
        act: Act::Void { register, record, of: None, reason },
    });
    check(
        &ledger,
        &row,
        "读了 1 行：新开案卷 0 个，已有案卷续记 0 个，共记入 0 步
         台账中已有、不再记入：1 步",
    );
    let row = row.replace("当事人", "当事人 | 调解·日期") + " | 2023-05-09";
    check(&ledger, &row, "P421 第 2 行的案卷已经作废。请删去这一行；作废有误的，请在系统中处理");
}
