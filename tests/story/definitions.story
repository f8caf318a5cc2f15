# What the definitions say, and what is wrong with them.

$ yifa definitions check
登记簿 54 个，数字 492 个，法律文件 106 件，待核引文 387 处：没有问题。

$ yifa definitions show
编号                     登记簿              步骤
─────────────────────────────────────────────────
accountability           责任倒查              12
administrative_case      行政复议和应诉        10
adviser_complaint        法律顾问投诉评价       5
adviser_contract         法律顾问合同           6
adviser_service          法律顾问服务           3
annual_report            年度报告编制          13
baseline                 往年报告的数字         1
cadre_matter             干部任免事项          12
collective_decision      集体决策              11
decision_catalogue       年度决策事项目录       6
decision_matter          应当集体决策的事项     5
disclosure_request       政府信息公开申请      11
duty_statement           年终述法               4
enforcement_case         行政执法案件          23
enforcement_certificate  行政执法证件           5
enforcement_item         承接执法事项           5
exam                     法律知识考试           1
exam_result              考试结果               3
funding                  法治经费               4
government_contract      行政协议和合同        11
grant                    系统授权               2
head_duty                第一责任人履职         2
inquiry                  核实事项               3
inspection               督察                   7
joint_agreement          协调联建协议           5
joint_matter             边界联合处置           7
legal_aid                法律援助引导          21
legal_savvy              法律明白人             6
legal_staff              法律专业人才           4
legality_review          合法性审查             7
major_decision           重大行政决策          33
mediation_case           人民调解案件          17
mediation_committee      人民调解委员会         5
mediator                 人民调解员             5
neighbour                毗邻单位               3
normative_document       行政规范性文件        20
office                   内设机构               4
person                   人员                   4
petition                 信访事项              25
plan                     规划和年度计划         4
post                     职务                   2
problem                  问题清单               6
publicity_event          普法宣传活动           1
publicity_plan           普法计划               4
reception_day            公开接访               3
rectification            整改事项               4
screening                矛盾纠纷排查           1
special_meeting          法治建设专题会议       1
study_plan               学法计划               4
study_session            学法                   2
submission               报表报送               3
survey                   满意度调查             2
task                     年度任务               6
village                  村                     3

编号              目录                                            条目
──────────────────────────────────────────────────────────────────────
adviser_duties    法律顾问约定职责                                   9
county_tasks      县里下达乡镇的年度法治建设任务（样本）            19
duties_head       政府主要负责人推进法治建设的职责                   6
duties_secretary  党委主要负责人推进法治建设的职责                   6
indicators        市县法治政府建设示范指标体系：与乡镇有关的部分    19
publicity_days    法治宣传日                                        32
target_groups     普法对象                                          13

编号      列对照            登记簿
───────────────────────────────────────
jxgbwlxy  江西干部网络学院  exam_result
xuexi     学习强国          exam_result

编号                  报表                      报给
────────────────────────────────────────────────────────
adviser_ledger        法律顾问服务台账          县司法局
decision_catalogue    年度重大行政决策事项目录  县司法局
mediation_statistics  人民调解工作统计表        县司法局
normative_list        行政规范性文件目录        县司法局
publicity_ledger      普法宣传活动台账          县普法办

$ yifa definitions show village
村  village
  依据：本地：以县级人民政府批准设立村民委员会的文件和民政统计代码为准
  状态：存续、已撤并

“设立”  found
    开立案卷，到“存续”
    依据：本地：本系统启用前已经设立的，设立日期照批准文件填写；查不到的填能证明其存在的最早日期
    · 设立日期（日期）  on
    · 村名（文字）  name
    · 统计用区划代码（文字）  code
      依据：本地：国家统计局十二位代码
    · 户籍人口（整数，可不填）  population
    · 户数（整数，可不填）  households

“更名”（可以多次）  rename
    从“存续”，状态不变
    依据：本地：以批准更名的文件为准；写错了的是更正，不是更名
    · 更名日期（日期）  on
    · 新的村名（文字）  name
    · 批准文号（文字）  document

“撤并”  merge
    从“存续”，到“已撤并”
    依据：本地：以县级人民政府批准撤并的文件为准
    · 撤并日期（日期）  on
    · 经村民会议讨论同意（是否，应为“是”）  agreed
    · 批准文号（文字）  document
    · 并入的村（村，可不填）  into

$ yifa definitions show mediation_case
人民调解案件（乡镇参照执行）  mediation_case
  依据：《人民调解法》第二十七条、《人民调解委员会组织条例》第八条第二款
  参照执行的依据：《人民调解法》第三十四条
  编号：（{year}）{series}人调字第{seq}号
  事发后5个工作日内记入，超过的算补录
  状态：待受理、调解中、达成协议、调解不成、当事人拒绝、不予受理、已移交、已归档

“登记”（应当）  register
    开立案卷，到“待受理”
    依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条
    · 登记日期（日期）  on
    · 调委会（引用案卷）  committee
    · 来源（选择）  origin
      当事人申请／主动调解／人民法院告知、移送／公安机关告知、移送／信访部门移送／其他移送
…

不得“调解”：当事人一方明确拒绝调解的，不得调解
    除非：“当事人拒绝”的“日期”没有填
    依据：《人民调解法》第十七条

$ yifa definitions show mediation_cases
! P210 没有登记簿“mediation_cases”
!   处理：可以用：accountability、administrative_case、adviser_complaint、adviser_contract、adviser_service、annual_report、baseline、cadre_matter、collective_decision、decision_catalogue、decision_matter、disclosure_request、duty_statement、enforcement_case、enforcement_certificate、enforcement_item、exam、exam_result、funding、government_contract、grant、head_duty、inquiry、inspection、joint_agreement、joint_matter、legal_aid、legal_savvy、legal_staff、legality_review、major_decision、mediation_case、mediation_committee、mediator、neighbour、normative_document、office、person、petition、plan、post、problem、publicity_event、publicity_plan、reception_day、rectification、screening、special_meeting、study_plan、study_session、submission、survey、task、village，是不是想写“mediation_case”
= 2

$ yifa definitions pending
引文                                                                                                            所在文件                                            为何待核
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
参数“合同届满前多少日定下续聘”（adviser.renewal）                                                               definitions/parameters/adviser.toml                 （待核：县里对购买法律顾问服务的年度采购时间有无统一要求）
参数“履约核对的间隔”（adviser.check）                                                                           definitions/parameters/adviser.toml                 （待核：江西省、赣州市村（居）法律顾问管理办法的考核周期没有找到）
…
共 387 处待核。核对原文后，用 yifa laws outline 生成该法的条文结构，即可转为已核。

# A township's own register, with mistakes shown where they stand.

<< 本地/registers/well.toml
id    = "well"
title = "水井"
baiss = "《人民调解法》第二十九条"

[[step]]
id     = "dig"
title  = "开挖"
basis  = "《人民调解法》第九百条"
fields = [
  { id = "on", title = "日期", type = "date" },
]
>>
$ yifa definitions check 本地
! P009
!
!   × 登记簿没有写明依据
!    ╭─[本地/registers/well.toml:1:1]
!  1 │ id    = "well"
!    · ▲
!  2 │ title = "水井"
!    ╰────
!   处理：请写 basis = "《…》第…条"，或者 local = "本地做法的说明"
! P003
!
!   × 缺少 scope
!    ╭─[本地/registers/well.toml:1:1]
!  1 │ id    = "well"
!    · ▲
!  2 │ title = "水井"
!    ╰────
!   处理：请写上 scope = …
! P002
!
!   × 不认识的键“baiss”
!    ╭─[本地/registers/well.toml:3:1]
!  2 │ title = "水井"
!  3 │ baiss = "《人民调解法》第二十九条"
!    · ─────
!  4 │
!    ╰────
!   处理：是不是想写“basis”
! P005
!
!   × type 不能写“date”
!     ╭─[本地/registers/well.toml:10:41]
!   9 │ fields = [
!  10 │   { id = "on", title = "日期", type = "date" },
!     ·                                       ──────
!  11 │ ]
!     ╰────
!   处理：可以写：text、day、time、number、money、yes_no、choice、choices、person、outsider、record、entry、file、village、villages、office、law、finding，是不是想写“day”
! P105
!
!   × 《人民调解法》第九百条：2023-01-01 有效的版本没有第九百条，该版共 35 条
!    ╭─[本地/registers/well.toml:8:10]
!  7 │ title  = "开挖"
!  8 │ basis  = "《人民调解法》第九百条"
!    ·          ────────────────────────
!  9 │ fields = [
!    ╰────
!   处理：请对照该日有效的文本改正；条文移动过的，按日期分开引用
! P015
!
!   × 登记簿“水井”没有案例
!    ╭─[本地/registers/well.toml:1:9]
!  1 │ id    = "well"
!    ·         ──────
!  2 │ title = "水井"
!    ╰────
!   处理：请在 cases 目录写 well.toml，至少一个案例
! 共 6 处问题。
= 2

# Put right and adopted; the adoption is an entry like any other.

<< 本地/registers/well.toml
id    = "well"
title = "水井"
local = "村民用水登记"
scope = "village"
keeper = "党政办"
read = ["clerk"]

[[step]]
id     = "dig"
title  = "开挖"
by     = ["clerk"]
local  = "村民用水登记"
fields = [
  { id = "on",   title = "日期", type = "day" },
  { id = "name", title = "名称", type = "text" },
]
>>
$ yifa definitions check 本地
! P015
!
!   × 登记簿“水井”没有案例
!    ╭─[本地/registers/well.toml:1:9]
!  1 │ id    = "well"
!    ·         ──────
!  2 │ title = "水井"
!    ╰────
!   处理：请在 cases 目录写 well.toml，至少一个案例
= 2

<< 本地/cases/well.toml
[[case]]
title = "开一口井"
steps = [{ step = "dig", on = 2026-03-02 }]
then  = "registered"
>>
$ yifa definitions check 本地
! P014
!
!   × 案例“开一口井”：状态应为“registered”，实为：recorded
!    ╭─[本地/cases/well.toml:4:9]
!  3 │ steps = [{ step = "dig", on = 2026-03-02 }]
!  4 │ then  = "registered"
!    ·         ────────────
!    ╰────
!   处理：请核对定义与案例，改正写错的一个
= 2

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
已建立 ./yifa-data（上犹县青石乡）
核验公钥：example.gov.cn/360724/qingshi[KEY]
请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。
下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。
要用网页：yifa account first 建立第一个系统管理员，再运行 yifa serve。

$ yifa definitions adopt 本地 --reason 增设水井登记
! P014
!
!   × 案例“开一口井”：状态应为“registered”，实为：recorded
!    ╭─[本地/cases/well.toml:4:9]
!  3 │ steps = [{ step = "dig", on = 2026-03-02 }]
!  4 │ then  = "registered"
!    ·         ────────────
!    ╰────
!   处理：请核对定义与案例，改正写错的一个
= 2

<< 井.toml
on = 2026-03-02
name = "老井"
>>
$ yifa step well new dig --file 井.toml
! P210 没有登记簿“well”
!   处理：可以用：accountability、administrative_case、adviser_complaint、adviser_contract、adviser_service、annual_report、baseline、cadre_matter、collective_decision、decision_catalogue、decision_matter、disclosure_request、duty_statement、enforcement_case、enforcement_certificate、enforcement_item、exam、exam_result、funding、government_contract、grant、head_duty、inquiry、inspection、joint_agreement、joint_matter、legal_aid、legal_savvy、legal_staff、legality_review、major_decision、mediation_case、mediation_committee、mediator、neighbour、normative_document、office、person、petition、plan、post、problem、publicity_event、publicity_plan、reception_day、rectification、screening、special_meeting、study_plan、study_session、submission、survey、task、village
= 2

$ yifa list well
! P210 没有登记簿“well”
!   处理：可以用：accountability、administrative_case、adviser_complaint、adviser_contract、adviser_service、annual_report、baseline、cadre_matter、collective_decision、decision_catalogue、decision_matter、disclosure_request、duty_statement、enforcement_case、enforcement_certificate、enforcement_item、exam、exam_result、funding、government_contract、grant、head_duty、inquiry、inspection、joint_agreement、joint_matter、legal_aid、legal_savvy、legal_staff、legality_review、major_decision、mediation_case、mediation_committee、mediator、neighbour、normative_document、office、person、petition、plan、post、problem、publicity_event、publicity_plan、reception_day、rectification、screening、special_meeting、study_plan、study_session、submission、survey、task、village
= 2

$ yifa definitions check 没有
! P712 没有目录 没有
!   处理：请写定义文件所在的目录
= 2

# What a code or a rule means.

$ yifa explain P012
P012  个人信息不得计入数字

标了 privacy = "personal" 的字段，其内容不得用于统计、分类、筛选；可以数它有几个值。请改用不含个人信息的字段。

$ yifa explain skipped_ordinal
skipped_ordinal  序号跳号

同一组序号中间缺号，如“一是”之后直接“三是”。读者无法判断是漏写了一项，还是编号有误。
例：一是抓学习。三是抓宣传。
应写：一是抓学习。二是抓宣传。

$ yifa explain P999
! P601 没有问题编号“P999”
!   处理：编号写成 P012 这样；不带编号运行 yifa explain 可列出全部
= 2

$ yifa explain
P001  文件不是合法的 TOML
P002  不认识的键
P003  缺少必须写的键
…

$ yifa rebuild
表与日志一致：1 条记入，0 个案卷，0 行

# What lies where nobody reads is refused, not taken for checked; one broken file does not hide what is wrong in others.

<< 写错/registrs/井.toml
id = "well"
>>
<< 写错/figures/water.toml
[[figure]]
id = 井
>>
<< 写错/figures/more.toml
[[figure]]
id    = "share"
title = "占比"
unit  = ["%"]
ratio = { of = "water.wells", over = "mediation.endd" }
local = "样例"
>>
$ yifa definitions check 写错
! P017 写错/registrs/井.toml：没有“registrs”这个定义目录，里面的文件不会被读到
!   处理：是不是想写“registers”
! P001
!
!   × 不是合法的 TOML：文字要用英文引号括起来
!    ╭─[写错/figures/water.toml:2:6]
!  1 │ [[figure]]
!  2 │ id = 井
!    ·      ──
!    ╰────
!   处理：请改正所指位置的写法
! P008
!
!   × 数字“mediation.endd”不存在
!    ╭─[写错/figures/more.toml:5:38]
!  4 │ unit  = ["%"]
!  5 │ ratio = { of = "water.wells", over = "mediation.endd" }
!    ·                                      ────────────────
!  6 │ local = "样例"
!    ╰────
!   处理：是不是想写“mediation.ended”
! 共 3 处问题。
= 2

$ yifa definitions check 写错 --json
{
  "problems": [
    {
      "code": "P017",
      "place": {
        "file": "写错/registrs/井.toml"
      },
      "text": "没有“registrs”这个定义目录，里面的文件不会被读到",
      "remedy": "是不是想写“registers”",
      "basis": []
    },
    {
      "code": "P001",
      "place": {
        "file": "写错/figures/water.toml",
        "line": 2,
        "column": 6,
        "start": 16,
        "end": 17
      },
      "text": "不是合法的 TOML：文字要用英文引号括起来",
      "remedy": "请改正所指位置的写法",
      "basis": []
    },
    {
      "code": "P008",
      "place": {
        "file": "写错/figures/more.toml",
        "line": 5,
        "column": 38,
        "start": 91,
        "end": 107
      },
      "text": "数字“mediation.endd”不存在",
      "remedy": "是不是想写“mediation.ended”",
      "basis": []
    }
  ]
}
= 2

$ yifa definitions adopt 写错 --reason 试一试
! P017 写错/registrs/井.toml：没有“registrs”这个定义目录，里面的文件不会被读到
!   处理：是不是想写“registers”
! P001
!
!   × 不是合法的 TOML：文字要用英文引号括起来
!    ╭─[写错/figures/water.toml:2:6]
!  1 │ [[figure]]
!  2 │ id = 井
!    ·      ──
!    ╰────
!   处理：请改正所指位置的写法
! P008
!
!   × 数字“mediation.endd”不存在
!    ╭─[写错/figures/more.toml:5:38]
!  4 │ unit  = ["%"]
!  5 │ ratio = { of = "water.wells", over = "mediation.endd" }
!    ·                                      ────────────────
!  6 │ local = "样例"
!    ╰────
!   处理：是不是想写“mediation.ended”
! 共 3 处问题。
= 2
