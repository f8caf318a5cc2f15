# Numbers, and what stands behind each.

$ demo

$ yifa figures 2023
编号                               数字                                             值          上年  记入  补录  有标记
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
adviser.advised_people             提供法律咨询的人次                          133人次        11人次    15     2       0
adviser.complaints                 对法律顾问的投诉                                1件           0件     1     0       0
adviser.complaints_found           查实的对法律顾问的投诉                          1件           0件     1     0       0
adviser.consultation_people        集中法律咨询服务人次                         88人次        11人次     6     2       0
adviser.consultations              法律顾问集中法律咨询                            6次           1次     6     2       0
adviser.contracts                  履行中的法律顾问合同                            1份           1份     1     0       0
adviser.coverage                   村法律顾问覆盖率                               100%          100%     8     0       0
adviser.covered_villages           有法律顾问的村                                  7个           7个     1     0       0
adviser.fees                       法律顾问服务费                              30000元       30000元     1     0       0
adviser.government_lawyers         乡镇政府法律顾问                                1名           1名     1     0       0
adviser.lawyers                    法律顾问                                        1名           1名     1     0       0
adviser.lectures                   法律顾问法治宣讲                                2次           0次     2     0       0
adviser.mediation_help             法律顾问协助调解                                1次           0次     1     0       0
adviser.opinions                   出具法律意见                                    3份           0份     3     1       0
adviser.opinions_taken             法律意见采纳                                    5件           0件     5     1       0
adviser.reviews                    法律顾问审查合同、文件                          2份           0份     2     0       0
…
study.sessions                     各类学法                                       26次           3次    26     1       0
study.staff_sessions               干部职工集中学法                                4次           0次     4     0       0
study.training                     法治培训                                        4次           1次     4     0       0
study.training_people              参加法治培训的人次                           87人次        19人次     4     0       0

$ yifa figures 2024
编号                               数字                                             值           上年  记入  补录  有标记
─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
accountability.findings            责任倒查认定                                  4人次          0人次     4     0       0
accountability.handed_over         责任倒查移送                                    1件            0件     1     0       0
accountability.open                尚未办结的责任倒查                              1件            0件     1     0       1
accountability.reduced             因会上表示不同意见减免责任                    1人次          0人次     1     0       0
…
study.training                     法治培训                                        4次            4次     4     0       1
study.training_people              参加法治培训的人次                          109人次         87人次     4     0       1

$ yifa figure mediation.ended 2023
调解矛盾纠纷：286起
背后记入 286 条，其中补录 22，有标记 11
口径：本地：调解终结的：达成协议与终止调解合计，按终结之日归期；口径待县局报表文号
列出记入：yifa figure mediation.ended 2023 --entries

$ yifa figure mediation.ended 2023 --json
{
  "figure": "mediation.ended",
  "title": "调解矛盾纠纷",
  "value": 286,
  "unit": "起",
  "entries": 286,
  "late": 22,
  "flagged": 11,
  "late_share": 8,
  "definition": "[HASH]",
  "checkpoint": {
    "size": 6025,
    "root": "[ROOT]"
  }
}

$ yifa figure mediation.ended 2023 --by village
村                起  记入
──────────────────────────
云溪村（演示）    41    41
月形湾村（演示）  20    20
枫树垅村（演示）  33    33
樟木桥村（演示）  33    33
石榴坑村（演示）  30    30
竹坪村（演示）    43    43
茶园背村（演示）  56    56
跨村              30    30
合计 286起

$ yifa figure mediation.ended 2023 --by month
月份  起  记入
──────────────
1月   30    30
2月   22    22
3月   24    24
4月   26    26
5月   24    24
6月   23    23
7月   24    24
8月   26    26
9月   22    22
10月  20    20
11月  22    22
12月  23    23
合计 286起

$ yifa figure mediation.ended 2023 --by kind
类别          起  记入
──────────────────────
婚姻家庭      32    32
邻里          35    35
房屋宅基地    26    26
合同          33    33
生产经营      28    28
损害赔偿      22    22
山林土地      31    31
征地拆迁      10    10
环境污染       4     4
劳动争议      26    26
消费          10    10
道路交通事故  20    20
其他           9     9
合计 286起

$ yifa figure mediation.failed 2023 --entries
记入  日期        案卷                                                  村                类别          计  补录  标记
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
1187  2023-04-03  （2023）五指峰乡人调字第16号 消费·2023-03-31          跨村              未能达成一致   1
2135  2023-08-03  （2023）樟木桥村人调字第22号 道路交通事故·2023-07-28  樟木桥村（演示）  未能达成一致   1        是
2894  2023-11-13  （2023）枫树垅村人调字第28号 婚姻家庭·2023-11-08      枫树垅村（演示）  未能达成一致   1
共 3 条

$ yifa figure mediation.failed 2023 --entries --json
[
  {
    "figure": "mediation.failed",
    "entry": 1187,
    "record": "[ID]",
    "called": "（2023）五指峰乡人调字第16号",
    "title": "消费·2023-03-31",
    "day": "2023-04-03",
    "village": "跨村",
    "kind": "未能达成一致",
    "value": 1,
    "late": false,
    "flagged": false
  },
  {
    "figure": "mediation.failed",
    "entry": 2135,
    "record": "[ID]",
    "called": "（2023）樟木桥村人调字第22号",
    "title": "道路交通事故·2023-07-28",
    "day": "2023-08-03",
    "village": "樟木桥村（演示）",
    "kind": "未能达成一致",
    "value": 1,
    "late": false,
    "flagged": true
  },
  {
    "figure": "mediation.failed",
    "entry": 2894,
    "record": "[ID]",
    "called": "（2023）枫树垅村人调字第28号",
    "title": "婚姻家庭·2023-11-08",
    "day": "2023-11-13",
    "village": "枫树垅村（演示）",
    "kind": "未能达成一致",
    "value": 1,
    "late": false,
    "flagged": false
  }
]

$ yifa figure study.centre_group 2023 --entries
记入  日期        案卷                               村        类别  计  补录  标记
───────────────────────────────────────────────────────────────────────────────────
 806  2023-02-17  党委理论学习中心组学法·2023-02-17  乡镇本级         1
1268  2023-04-14  党委理论学习中心组学法·2023-04-14  乡镇本级         1
1763  2023-06-16  党委理论学习中心组学法·2023-06-16  乡镇本级         1
2283  2023-08-25  党委理论学习中心组学法·2023-08-25  乡镇本级         1
2767  2023-10-20  党委理论学习中心组学法·2023-10-20  乡镇本级         1
3088  2023-12-08  党委理论学习中心组学法·2023-12-08  乡镇本级         1
共 6 条

$ yifa figure mediation.success_rate 2023
调解成功率：99%
背后记入 286 条，其中补录 22，有标记 11
口径：本地：达成协议的除以调解终结的，不含拒绝和不予受理；口径待县局报表文号
列出记入：yifa figure mediation.success_rate 2023 --entries

# Broken down in the unit of the figure, rates part by part, what is in force month by month.

$ yifa figure adviser.fees 2023 --by kind
类别                         元  记入
─────────────────────────────────────
采购限额标准以下自行采购  30000     1
合计 30000元

$ yifa figure mediation.success_rate 2023 --by village
村                   %  分子  分母  记入
────────────────────────────────────────
云溪村（演示）     100    41    41    41
月形湾村（演示）   100    20    20    20
枫树垅村（演示）    97    32    33    33
樟木桥村（演示）    97    32    33    33
石榴坑村（演示）   100    30    30    30
竹坪村（演示）     100    43    43    43
茶园背村（演示）   100    56    56    56
跨村              96.7    29    30    30
全部 99%（各行分别相除，不相加）

$ yifa figure adviser.coverage 2023 --by village --json
[
  {
    "key": "[ID]",
    "label": "云溪村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  },
  {
    "key": "[ID]",
    "label": "月形湾村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  },
  {
    "key": "[ID]",
    "label": "枫树垅村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  },
  {
    "key": "[ID]",
    "label": "樟木桥村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  },
  {
    "key": "[ID]",
    "label": "石榴坑村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  },
  {
    "key": "[ID]",
    "label": "竹坪村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  },
  {
    "key": "[ID]",
    "label": "茶园背村（演示）",
    "value": 100,
    "of": 1,
    "over": 1,
    "entries": 2
  }
]

$ yifa figure mediation.committees 2023 --by month
月份    个  记入
────────────────
1月末    8     8
2月末    8     8
3月末    8     8
4月末    8     8
5月末    8     8
6月末    8     8
7月末    8     8
8月末    8     8
9月末    8     8
10月末   8     8
11月末   8     8
12月末   8     8
全部 8个（各行是月末的数，不相加）

$ yifa figure quality.archive_overdue 2023 --by village
村                件  记入
──────────────────────────
云溪村（演示）     1     1
月形湾村（演示）   1     1
茶园背村（演示）   1     1
合计 3件

$ yifa figure quality.archive_overdue 2023 --by kind
! P606 “调解案件逾期未归档”的定义没有写按什么分类（kind），不能按类别细分
!   处理：请改用 --by village、--by month，或者用 --entries 逐条列出
= 2

$ yifa figure service.people 2023 --by kind
类别                  人次  记入
────────────────────────────────
集中法律咨询服务人次    88     6
调解涉及当事人         577   286
合计 665人次

# One entry is told once, with what of it is counted.

$ yifa figure adviser.covered_villages 2023 --entries
记入  日期        案卷                                  村    类别  计  补录  标记  所计
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 443  2023-01-01  （2022）法顾合字第1号 演示律师事务所  跨村         7              云溪村（演示）、竹坪村（演示）、枫树垅村（演示）、茶园背村（演示）、樟木桥村（演示）、月形湾村（演示）、石榴坑村（演示）
共 1 条

$ yifa figure quality.mediation_flags 2023 --entries
记入  日期        案卷                                                  村                类别  计  补录  标记  所计
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
1009  2023-03-13  （2023）月形湾村人调字第7号 生产经营·2023-03-10       月形湾村（演示）         1        是    漏步骤
1820  2023-06-26  （2023）茶园背村人调字第29号 邻里·2023-06-21          茶园背村（演示）         1        是    不合要求
1926  2023-07-03  （2023）枫树垅村人调字第10号 合同·2023-05-09          枫树垅村（演示）         1        是    逾期
2328  2023-08-31  （2023）茶园背村人调字第33号 道路交通事故·2023-07-14  茶园背村（演示）         1        是    逾期
2408  2023-09-11  （2023）竹坪村人调字第23号 房屋宅基地·2023-07-18      竹坪村（演示）           1        是    逾期
2486  2023-09-20  （2023）樟木桥村人调字第22号 道路交通事故·2023-07-28  樟木桥村（演示）         1        是    逾期
2630  2023-10-08  （2023）枫树垅村人调字第23号 生产经营·2023-09-28      枫树垅村（演示）         1        是    漏步骤
共 7 条

# What the journal knew earlier.

$ yifa figure mediation.ended 2023 --at 1000
调解矛盾纠纷：63起
背后记入 63 条，其中补录 4，有标记 0
口径：本地：调解终结的：达成协议与终止调解合计，按终结之日归期；口径待县局报表文号
列出记入：yifa figure mediation.ended 2023 --entries --at 1000

$ yifa figure quality.archive_overdue 2023 --at 1000
调解案件逾期未归档：35件
背后记入 35 条，其中补录 0，有标记 0
口径：本地：截至报告之日
列出记入：yifa figure quality.archive_overdue 2023 --entries --at 1000

$ yifa figures 2023 --at 9999
! P608 日志只有 6025 条，不到 9999 条
!   处理：--at 是当时日志的条数，印在报告的“数据来源”里，不超过现在的条数
= 2

$ yifa figures 2023 --at 1000
编号                              数字                                            值          上年  记入  补录  有标记
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
adviser.advised_people            提供法律咨询的人次                          18人次        11人次     2     0       0
adviser.consultation_people       集中法律咨询服务人次                        13人次        11人次     1     0       0
adviser.consultations             法律顾问集中法律咨询                           1次           1次     1     0       0
adviser.contracts                 履行中的法律顾问合同                           1份           1份     1     0       0
…
study.sessions                    各类学法                                       4次           3次     4     0       0
study.staff_sessions              干部职工集中学法                               1次           0次     1     0       0

# What was in force on any day, and the entries behind it; what happened in a stretch of time has no such number.

$ yifa figure adviser.coverage --on 2022-06-30
2022-06-30 村法律顾问覆盖率：100%
背后记入 8 条，其中补录 1，有标记 0
口径：本地：一村一法律顾问：有法律顾问的村除以行政村数
列出记入：yifa figure adviser.coverage --on 2022-06-30 --entries

$ yifa figure adviser.coverage --on 2021-06-30
2021-06-30 村法律顾问覆盖率：0%
背后记入 7 条，其中补录 0，有标记 0
口径：本地：一村一法律顾问：有法律顾问的村除以行政村数
列出记入：yifa figure adviser.coverage --on 2021-06-30 --entries

$ yifa figure adviser.covered_villages --on 2023-06-30 --entries
记入  日期        案卷                                  村    类别  计  补录  标记  所计
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 443  2023-01-01  （2022）法顾合字第1号 演示律师事务所  跨村         7              云溪村（演示）、竹坪村（演示）、枫树垅村（演示）、茶园背村（演示）、樟木桥村（演示）、月形湾村（演示）、石榴坑村（演示）
共 1 条

$ yifa figure mediation.ended --on 2023-06-30
! P618 “调解矛盾纠纷”数的是一段时间里的事，没有某一天的数
!   处理：请写年度，如 yifa figure mediation.ended 2023
= 2

$ yifa figure adviser.coverage
! P622 缺少 <YEAR>
!   处理：写法：yifa figure <FIGURE> <YEAR>；加 --help 看说明
= 2

# What is no figure, and no year.

$ yifa figure mediation.endd 2023
! P603 没有数字“mediation.endd”
!   处理：请用 yifa figures 2023 查看编号，是不是想写“mediation.ended”
= 2

$ yifa figures 23
! P602 “23”不是年度
!   处理：请写四位数的年份，如 2023
= 2

$ yifa figures 二〇二三
! P623 “二〇二三”不能用作 <YEAR>
!   处理：请写整数。加 --help 看怎样写
= 2
