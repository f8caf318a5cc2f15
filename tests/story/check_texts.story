# Somebody else's report, held against the ledgers, in whatever encoding it comes.

$ demo

<< 报告.txt
2023年法治政府建设情况报告

一、主要工作
全年调解矛盾纠纷286起，开展大型法律宣传活动20场，党委理论学习中心组学法6次。
二、存在的不足
一是经费不足。三是人员不够。
>>
$ yifa check 报告.txt
错误[skipped_ordinal] “三是”之前缺“二是”，请补写或改号。
 ╭─ 报告.txt:6:8
6│ 一是经费不足。三是人员不够。
 │               ──────────────

不符 台账为 16场（16 条，publicity.large_events），多写 4
 ╭─ 报告.txt:4:24
4│ …纷286起，开展大型法律宣传活动20场，党委理论学习中心组学法6次。
 │                               ────

行  表述   事项                    结论   台账  记入  数字
────────────────────────────────────────────────────────────────────────────
 4  286起  调解矛盾纠纷            相符  286起   286  mediation.ended
 4  20场   大型法律宣传活动        不符   16场    16  publicity.large_events
 4  6次    党委理论学习中心组学法  相符    6次     6  study.centre_group
按 2023 年台账：表述 3 处，相符 2，不符 1，无据 0；文字错误 1 处，提示 0 处；按节选处理，未查法定部分。

$ yifa check 报告.txt --strict
错误[skipped_ordinal] “三是”之前缺“二是”，请补写或改号。
 ╭─ 报告.txt:6:8
6│ 一是经费不足。三是人员不够。
 │               ──────────────

不符 台账为 16场（16 条，publicity.large_events），多写 4
 ╭─ 报告.txt:4:24
4│ …纷286起，开展大型法律宣传活动20场，党委理论学习中心组学法6次。
 │                               ────

行  表述   事项                    结论   台账  记入  数字
────────────────────────────────────────────────────────────────────────────
 4  286起  调解矛盾纠纷            相符  286起   286  mediation.ended
 4  20场   大型法律宣传活动        不符   16场    16  publicity.large_events
 4  6次    党委理论学习中心组学法  相符    6次     6  study.centre_group
按 2023 年台账：表述 3 处，相符 2，不符 1，无据 0；文字错误 1 处，提示 0 处；按节选处理，未查法定部分。
= 2

<< 报告gbk.txt as gbk
全年调解矛盾纠纷286起。
>>
$ yifa check 报告gbk.txt --year 2023 --json
{
  "year": 2023,
  "claims": [
    {
      "text": "286起",
      "start": 8,
      "value": 286,
      "unit": "起",
      "qualifier": "exact",
      "period": "current",
      "clause": {
        "start": 0,
        "end": 12
      },
      "subject": "调解矛盾纠纷",
      "figure": "mediation.ended",
      "verdict": "相符",
      "nearest": null,
      "ledger": "286起",
      "entries": 286,
      "over": null
    }
  ],
  "lint": [],
  "extract": true
}

<< 报告16.txt as utf-16
全年调解矛盾纠纷287起。
>>
$ yifa check 报告16.txt --year 2023
不符 台账为 286起（286 条，mediation.ended），多写 1
 ╭─ 报告16.txt:1:9
1│ 全年调解矛盾纠纷287起。
 │                 ─────

行  表述   事项          结论   台账  记入  数字
───────────────────────────────────────────────────────────
 1  287起  调解矛盾纠纷  不符  286起   286  mediation.ended
按 2023 年台账：表述 1 处，相符 0，不符 1，无据 0；文字错误 0 处，提示 0 处；按节选处理，未查法定部分。

# Without a data folder only the words are checked.

$ yifa --data 没有 check 报告.txt
错误[skipped_ordinal] “三是”之前缺“二是”，请补写或改号。
 ╭─ 报告.txt:6:8
6│ 一是经费不足。三是人员不够。
 │               ──────────────

行  表述   事项                    结论  台账  记入  数字
─────────────────────────────────────────────────────────
 4  286起  调解矛盾纠纷            无据
 4  20场   大型法律宣传活动        无据
 4  6次    党委理论学习中心组学法  无据
没有数据目录，未与台账比对：表述 3 处，相符 0，不符 0，无据 3；文字错误 1 处，提示 0 处；按节选处理，未查法定部分。

# What is no report.

<< 空.txt
>>
$ yifa check 空.txt
! P613 空.txt 是空的
!   处理：请给出报告的文字
= 2

<< 库.db as bytes
不是文字
>>
$ yifa check 库.db
! P612 库.db 不是文本文件
!   处理：请给 .txt、.docx 或者 .pdf；别的格式请在原来的软件里另存为其中一种
= 2

$ yifa check 没有.txt
! P610 读不了 没有.txt：没有这个文件或者目录
!   处理：请检查文件名和权限
= 2

$ yifa check yifa-data
! P610 yifa-data 是目录，不是文件
!   处理：请写出文件名
= 2

$ yifa check 报告.txt --year 99
! P602 “99”不是年度
!   处理：请写四位数的年份，如 2023
= 2
