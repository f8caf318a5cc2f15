# Numbers, and what stands behind each.

$ demo

$ yifa figures 2023
编号                               数字                                 值          上年  条目  补录  有标记
────────────────────────────────────────────────────────────────────────────────────────────────────────────
adviser.advised_people             提供法律咨询的人次              133人次        11人次    15     1       0
adviser.consultation_people        集中法律咨询服务人次             88人次        11人次     6     0       0
adviser.consultations              法律顾问集中法律咨询                6次           1次     6     0       0
adviser.contracts                  履行中的法律顾问合同                1份           1份     1     0       0
adviser.coverage                   村法律顾问覆盖率                   100%          100%    14     0       0
adviser.covered_villages           有法律顾问的村                      7个           7个     7     0       0
adviser.fees                       法律顾问服务费                  30000元       30000元     1     0       0
adviser.government_lawyers         乡镇政府法律顾问                    1名           1名     1     0       0
adviser.lawyers                    法律顾问                            1名           1名     1     0       0
adviser.lectures                   法律顾问法治宣讲                    2次           0次     2     0       0
adviser.mediation_help             法律顾问协助调解                    1次           0次     1     0       0
adviser.opinions                   出具法律意见                        3份           0份     3     1       0
adviser.opinions_taken             法律意见采纳                        5件           0件     5     0       0
adviser.reviews                    法律顾问审查合同、文件              2份           0份     2     0       0
adviser.services                   法律顾问服务                       23次           1次    23     2       0
adviser.visits                     法律顾问到村坐班、走访              8次           0次     8     1       0
base.offices                       内设机构                           11个          11个    11     0       0
base.villages                      行政村                              7个           7个     7     0       0
exam.excellent                     考试优秀人数                       64人          30人     4     0       0
exam.excellent_rate                考试优秀率                       60.95%        68.18%     4     0       0
exam.expected                      应考人数                          108人          45人     4     0       0
exam.held                          法律知识考试                        4次           1次     4     0       0
exam.participation_rate            考试参考率                       97.22%        97.78%     4     0       0
exam.pass_rate                     考试合格率                       97.14%          100%     4     0       0
exam.passed                        考试合格人数                      102人          44人     4     0       0
exam.took                          参加考试人数                      105人          44人     4     0       0
mediation.accepted                 受理的纠纷                        287起          24起   287     0       8
mediation.agreed                   调解成功                          283起          20起   283    22       7
mediation.amount                   协议涉及金额                  1096950元       70650元   283    22       7
mediation.archived                 立卷归档                          288件           0件   288     0       8
mediation.committee_coverage       村调委会覆盖率                     100%          100%    14     7       1
mediation.committee_villages       有调委会的村                        7个           7个     7     7       1
mediation.committees               人民调解委员会                      8个           8个     8     8       1
mediation.confirmed                司法确认有效                        7件           0件     7     2       0
mediation.court_applications       申请司法确认                        8件           0件     8     1       1
mediation.crime_averted            防止民间纠纷引起刑事案件            1件           0件     1     0       0
mediation.declined                 当事人拒绝调解                      4起           0起     4     0       0
mediation.ended                    调解矛盾纠纷                      286起          20起   286    22       8
mediation.failed                   调解不成                            3起           0起     3     0       1
mediation.follow_ups               回访的案件                        276件          11件   276    28       7
mediation.from_court               法院移送的纠纷                     11件           0件    11     0       1
mediation.from_petition            信访转来的纠纷                     16件           1件    16     0       1
mediation.from_police              公安机关移送的纠纷                 19件           2件    19     0       1
mediation.full_time_mediators      专职人民调解员                      1名           1名     1     1       0
mediation.group_averted            防止群体性事件                      1件           0件     1     0       0
mediation.mediation_rate           调解率                            99.7%         83.3%   287     0       8
mediation.mediator_trainings       参加过培训的调解员                 23名           0名    23     0       0
mediation.mediators                人民调解员                         25名          25名    25    24       0
mediation.oral                     口头协议                           18件           3件    18     2       1
mediation.people                   调解涉及当事人                    577人          40人   286    22       8
mediation.performance_rate         协议履行率                        91.7%         81.8%   276    28       7
mediation.performed                协议已履行                        253件           9件   253    24       5
mediation.referred                 移交的纠纷                          2起           0起     2     0       0
mediation.refused                  不予受理                            2起           0起     2     0       0
mediation.registered               登记的纠纷                        293起          24起   293     0       8
mediation.resolution_rate          化解率                            98.6%         83.3%   287     0       8
mediation.success_rate             调解成功率                          99%          100%   286    22       8
mediation.warned                   采取激化预防措施的纠纷              3件           0件     3     0       0
mediation.written                  书面协议                          265份          17份   265    20       6
publicity.campaigns                集中宣传                           17场           3场    17     2       0
publicity.courtyard_talks          屋场午（夜）话                      9场           1场     9     0       0
publicity.events                   普法宣传活动                       59场           5场    59     5       0
publicity.films                    普法电影                            5场           1场     5     0       0
publicity.into_communities         法律进社区                          1场           0场     1     0       0
publicity.into_companies           法律进企业                          2场           0场     2     0       0
publicity.into_organs              法律进机关                          2场           0场     2     0       0
publicity.into_schools             法律进学校                          3场           0场     3     0       0
publicity.into_units               法律进单位                          1场           0场     1     0       0
publicity.into_villages            法律进乡村                          4场           0场     4     1       0
publicity.large_events             大型普法宣传活动                   16场           1场    16     1       0
publicity.lectures                 群众法治课                          3场           0场     3     0       0
publicity.materials                发放宣传资料              13000份（册）  1310份（册）    59     5       0
publicity.people                   参加普法活动的人次             6489人次       592人次    59     5       0
publicity.police_talks             警民恳谈                            4场           0场     4     1       0
publicity.receptions               公开接访                            5场           0场     5     1       0
publicity.six_entries              法律六进                           13场           0场    13     1       0
publicity.village_reach            普法活动村覆盖率                   100%          100%   210    19       0
publicity.villages_reached         开展过普法活动的村                  7个           7个   203    19       0
publicity.volunteer                普法宣传文明实践志愿活动           33次           3次    33     3       0
quality.archive_overdue            调解案件逾期未归档                  1件           0件     1     0       0
quality.flags                      全部标记                            8处           0处     8     0       8
quality.late_entries               全部补录                          101条           6条   101   101       1
quality.mediation_flags            调解案件的标记                      8处           0处     8     0       8
quality.mediation_late             调解案件逾期                        5处           0处     5     0       5
quality.mediation_late_entries     调解案件补录                       93条           6条    93    93       1
quality.mediation_not_as_required  调解案件不合要求                    1处           0处     1     0       1
quality.mediation_omitted          调解案件漏步骤                      2处           0处     2     0       2
quality.mediation_questions        调解案件未答复的问题                2个           0个     2     0       2
quality.publicity_late_entries     普法活动补录                        5条           0条     5     5       0
quality.questions                  全部未答复的问题                    2个           0个     2     0       2
quality.service_late_entries       法律顾问服务补录                    2条           0条     2     2       0
quality.study_late_entries         学法补录                            1条           0条     1     1       0
service.people                     服务对象                        665人次        51人次   292    22       8
study.attendance_rate              学法到会率                        94.7%         96.4%    25     1       0
study.before_meeting               会前学法                            8次           1次     8     0       0
study.centre_group                 党委理论学习中心组学法              6次           1次     6     1       0
study.expected_people              学法应到人次                    660人次        28人次    25     1       0
study.lectures                     法治讲座（干部）                    2次           0次     2     0       0
study.led_by_heads                 党政主要负责人带头学法             11次           2次    11     1       0
study.led_by_leaders               领导班子成员带头学法               19次           2次    19     1       0
study.people                       参加学法的人次                  625人次        27人次    25     1       0
study.self_study                   组织自学                            2次           0次     2     0       0
study.sessions                     各类学法                           25次           2次    25     1       0
study.staff_sessions               干部职工集中学法                    4次           0次     4     0       0
study.training                     法治培训                            3次           0次     3     0       0
study.training_people              参加法治培训的人次               86人次         0人次     3     0       0

$ yifa figures 2024
编号                            数字                             值       上年  条目  补录  有标记
──────────────────────────────────────────────────────────────────────────────────────────────────
adviser.advised_people          提供法律咨询的人次            4人次    133人次     1     0       0
adviser.contracts               履行中的法律顾问合同            1份        1份     1     0       0
adviser.coverage                村法律顾问覆盖率               100%       100%    14     0       0
adviser.covered_villages        有法律顾问的村                  7个        7个     7     0       0
…
study.people                    参加学法的人次               15人次    625人次     1     0       0
study.sessions                  各类学法                        1次       25次     1     0       0

$ yifa figure mediation.ended 2023
调解矛盾纠纷：286起
背后 286 条，其中补录 22，有标记 8
口径：本地：调解终结的：达成协议与终止调解合计，按终结之日归期；口径待县局报表文号
列出条目：yifa figure mediation.ended 2023 --entries

$ yifa figure mediation.ended 2023 --json
{
  "figure": "mediation.ended",
  "title": "调解矛盾纠纷",
  "value": 286,
  "unit": "起",
  "entries": 286,
  "late": 22,
  "flagged": 8
}

$ yifa figure mediation.ended 2023 --by village
村                起  条目
──────────────────────────
云溪村（演示）    40    40
月形湾村（演示）  19    19
枫树垅村（演示）  34    34
樟木桥村（演示）  33    33
石榴坑村（演示）  32    32
竹坪村（演示）    43    43
茶园背村（演示）  55    55
跨村              30    30
合计 286起

$ yifa figure mediation.ended 2023 --by month
月份  起  条目
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
类别          起  条目
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
条目  日期        案卷                          村                类别          计  补录  标记
──────────────────────────────────────────────────────────────────────────────────────────────
 840  2023-04-03  （2023）五指峰乡人调字第12号  跨村              未能达成一致   1
1596  2023-08-03  （2023）樟木桥村人调字第25号  樟木桥村（演示）  未能达成一致   1        是
2214  2023-11-13  （2023）枫树垅村人调字第27号  枫树垅村（演示）  未能达成一致   1
共 3 条

$ yifa figure mediation.failed 2023 --entries --json
[
  {
    "figure": "mediation.failed",
    "entry": 840,
    "record": "[ID]",
    "called": "（2023）五指峰乡人调字第12号",
    "day": "2023-04-03",
    "village": "跨村",
    "kind": "未能达成一致",
    "value": 1,
    "late": false,
    "flagged": false
  },
  {
    "figure": "mediation.failed",
    "entry": 1596,
    "record": "[ID]",
    "called": "（2023）樟木桥村人调字第25号",
    "day": "2023-08-03",
    "village": "樟木桥村（演示）",
    "kind": "未能达成一致",
    "value": 1,
    "late": false,
    "flagged": true
  },
  {
    "figure": "mediation.failed",
    "entry": 2214,
    "record": "[ID]",
    "called": "（2023）枫树垅村人调字第27号",
    "day": "2023-11-13",
    "village": "枫树垅村（演示）",
    "kind": "未能达成一致",
    "value": 1,
    "late": false,
    "flagged": false
  }
]

$ yifa figure study.centre_group 2023 --entries
条目  日期        案卷                               村        类别    计  补录  标记
─────────────────────────────────────────────────────────────────────────────────────
 540  2023-02-17  党委理论学习中心组学法·2023-02-17  乡镇本级  未分类   1
 910  2023-04-14  党委理论学习中心组学法·2023-04-14  乡镇本级  未分类   1
1338  2023-06-16  党委理论学习中心组学法·2023-06-16  乡镇本级  未分类   1  是
1729  2023-08-25  党委理论学习中心组学法·2023-08-25  乡镇本级  未分类   1
2092  2023-10-20  党委理论学习中心组学法·2023-10-20  乡镇本级  未分类   1
2339  2023-12-08  党委理论学习中心组学法·2023-12-08  乡镇本级  未分类   1
共 6 条

$ yifa figure mediation.success_rate 2023
调解成功率：99%
背后 286 条，其中补录 22，有标记 8
口径：本地：达成协议的除以调解终结的，不含拒绝和不予受理；口径待县局报表文号
列出条目：yifa figure mediation.success_rate 2023 --entries

# What the journal knew earlier.

$ yifa figures 2023 --at 1000
编号                            数字                                值          上年  条目  补录  有标记
────────────────────────────────────────────────────────────────────────────────────────────────────────
adviser.advised_people          提供法律咨询的人次              43人次        11人次     5     0       0
adviser.consultation_people     集中法律咨询服务人次            28人次        11人次     2     0       0
adviser.consultations           法律顾问集中法律咨询               2次           1次     2     0       0
adviser.contracts               履行中的法律顾问合同               1份           1份     1     0       0
…
study.training                  法治培训                           1次           0次     1     0       0
study.training_people           参加法治培训的人次              35人次         0人次     1     0       0

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
! error: invalid value '二〇二三' for '<YEAR>': invalid digit found in string
!
! For more information, try '--help'.
= 2
