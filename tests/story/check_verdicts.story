# What is held against somebody's figures, and what is not: 不符 only where the words are those of the figure.

$ demo

<< 报告.txt
我乡党委书记讲法治课2次。
发放宣传单5000份，发放宣传册8000册，共发放宣传资料1.3万余份。
发放宣传单9000份，海报50张。
普法活动覆盖行政村5个。
我乡6个行政村法律顾问覆盖率达98%。
由其委派2名律师负责相关业务。
司法所主动作为，调解矛盾纠纷12起。
全年调解矛盾纠纷290起，成功率95%。
排查安全隐患30处，化解率90%。
政府采购合同合格率90%。
组织干部职工学法考试2次。
屋场午（夜）话共3场。
开展大型法律宣传活动15场，共发放宣传资料12000份。
审查各类合同37份，涉及金额2180万元。
全乡“五老”调解员40名，人民调解员30名。
调解矛盾纠纷200起，诉前调解50件，合计250件。
干部职工参加学法考试，参考率、合格率均达90%。
我乡辖6个行政村、1个社区。
>>
$ yifa check 报告.txt --year 2023
不符 台账为 7个（56 条，publicity.villages_reached），少写 2
 ╭─ 报告.txt:4:10
4│ 普法活动覆盖行政村5个。
 │                   ───

不符 台账为 7个（7 条，base.villages），少写 1
 ╭─ 报告.txt:5:3
5│ 我乡6个行政村法律顾问覆盖率达98%。
 │     ───

不符 台账为 100%（8 条，adviser.coverage），少写 2
 ╭─ 报告.txt:5:16
5│ 我乡6个行政村法律顾问覆盖率达98%。
 │                              ───

不符 台账为 1名（1 条，adviser.lawyers），多写 1
 ╭─ 报告.txt:6:5
6│ 由其委派2名律师负责相关业务。
 │         ───

不符 台账为 286起（286 条，mediation.ended），多写 4
 ╭─ 报告.txt:8:9
8│ 全年调解矛盾纠纷290起，成功率95%。
 │                 ─────

不符 台账为 99%（286 条，mediation.success_rate），少写 4
 ╭─ 报告.txt:8:17
8│ 全年调解矛盾纠纷290起，成功率95%。
 │                              ───

不符 台账为 9场（9 条，publicity.courtyard_talks），少写 6
  ╭─ 报告.txt:12:9
12│ 屋场午（夜）话共3场。
  │                 ───

不符 台账为 16场（16 条，publicity.large_events），少写 1
  ╭─ 报告.txt:13:11
13│ 开展大型法律宣传活动15场，共发放宣传资料12000份。
  │                     ────

不符 台账为 13000份（册）（59 条，publicity.materials），少写 1000
  ╭─ 报告.txt:13:22
13│ …律宣传活动15场，共发放宣传资料12000份。
  │                                ───────

不符 台账为 3份（3 条，review.contracts），多写 34
  ╭─ 报告.txt:14:7
14│ 审查各类合同37份，涉及金额2180万元。
  │             ────

不符 台账为 25名（25 条，mediation.mediators），多写 5
  ╭─ 报告.txt:15:19
15│ …“五老”调解员40名，人民调解员30名。
  │                              ────

不符 台账为 286起（286 条，mediation.ended），少写 86
  ╭─ 报告.txt:16:7
16│ 调解矛盾纠纷200起，诉前调解50件，合计250件。
  │             ─────

不符 台账为 9件（9 条，mediation.from_court），多写 41
  ╭─ 报告.txt:16:16
16│ 调解矛盾纠纷200起，诉前调解50件，合计250件。
  │                            ────

不符 台账为 97.14%（4 条，exam.pass_rate），少写 7.14
  ╭─ 报告.txt:17:21
17│ …参加学法考试，参考率、合格率均达90%。
  │                                  ───

不符 台账为 7个（7 条，base.villages），少写 1
  ╭─ 报告.txt:18:4
18│ 我乡辖6个行政村、1个社区。
  │       ───

行  表述       事项                       结论           台账  记入  数字
───────────────────────────────────────────────────────────────────────────────────────────────────────
 1  2次        党委书记讲法治课           无据                       或可对照 study.led_by_heads
 2  5000份     宣传单                     无据                       或可对照 publicity.materials
 2  8000册     宣传册                     无据                       或可对照 publicity.materials
 2  1.3万余份  宣传资料                   相符  13000份（册）    59  publicity.materials
 3  9000份     宣传单                     无据                       或可对照 publicity.materials
 3  50张       海报                       无据
 4  5个        普法活动覆盖行政村         不符            7个    56  publicity.villages_reached
 5  6个        行政村法律顾问覆盖率达98%  不符            7个     7  base.villages
 5  98%        6个行政村法律顾问覆盖率    不符           100%     8  adviser.coverage
 6  2名        委派律师                   不符            1名     1  adviser.lawyers
 7  12起       调解矛盾纠纷               无据                       或可对照 mediation.ended
 8  290起      调解矛盾纠纷               不符          286起   286  mediation.ended
 8  95%        成功率                     不符            99%   286  mediation.success_rate
 9  30处       排查安全隐患               无据
 9  90%        化解率                     无据                       或可对照 mediation.resolution_rate
10  90%        政府采购合同合格率         无据                       或可对照 exam.pass_rate
11  2次        干部职工学法考试           无据                       或可对照 study.staff_sessions
12  3场        屋场午（夜）话             不符            9场     9  publicity.courtyard_talks
13  15场       大型法律宣传活动           不符           16场    16  publicity.large_events
13  12000份    宣传资料                   不符  13000份（册）    59  publicity.materials
14  37份       审查各类合同               不符            3份     3  review.contracts
14  2180万元   涉及金额                   无据                       或可对照 mediation.amount
15  40名       “五老”调解员               无据                       或可对照 mediation.mediators
15  30名       人民调解员                 不符           25名    25  mediation.mediators
16  200起      调解矛盾纠纷               不符          286起   286  mediation.ended
16  50件       诉前调解                   不符            9件     9  mediation.from_court
16  250件      合计                       无据                       或可对照 mediation.from_court
17  90%        合格率                     不符         97.14%     4  exam.pass_rate
18  6个        行政村                     不符            7个     7  base.villages
18  1个        社区                       无据                       或可对照 base.villages
按 2023 年台账：表述 30 处，相符 1，不符 15，无据 14；文字错误 0 处，提示 0 处；按节选处理，未查法定部分。
