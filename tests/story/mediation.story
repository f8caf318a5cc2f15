# A mediation case step by step, as it happens and as it should not.

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
已建立 ./yifa-data（上犹县青石乡）
核验公钥：example.gov.cn/360724/qingshi[KEY]
请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。
下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。
要用网页：yifa account first 建立第一个系统管理员，再运行 yifa serve。

<< 村.csv
设立日期,村名,统计用区划代码
1984-06-01,黄沙村,360724201201
>>
$ yifa import village 村.csv
读了 1 行：新开案卷 1 个，已有案卷续记 0 个，共记入 1 步
已记入 1 步，标记 0 处。

<< 人员.csv
入册日期,姓名,身份,性别
2022-01-04,赵大山,村干部、人民调解员,男
2022-01-04,钱秋月,人民调解员,女
2022-01-04,孙立田,人民调解员,男
>>
$ yifa import person 人员.csv
读了 3 行：新开案卷 3 个，已有案卷续记 0 个，共记入 3 步
已记入 3 步，标记 0 处。

<< 调委会.csv
产生日期,全称,案号中的简称,类别,所在村,设立·产生方式,委员,设立·主任,设立·妇女委员人数
2024-02-20,黄沙村人民调解委员会,黄沙村,村,黄沙村,村民会议推选,赵大山、钱秋月、孙立田,赵大山,1
>>
$ yifa import mediation_committee 调委会.csv
读了 1 行：新开案卷 1 个，已有案卷续记 0 个，共记入 1 步
已记入 1 步，标记 0 处。

<< 调解员.csv
推选、聘任日期,公示名称,人员,所在调委会,产生方式,专职或者兼职,成年公民,任期起,任期止
2024-02-20,黄沙村 钱某,钱秋月,黄沙村人民调解委员会,调委会委员,兼职,是,2024-02-20,2027-02-19
>>
$ yifa import mediator 调解员.csv
读了 1 行：新开案卷 1 个，已有案卷续记 0 个，共记入 1 步
已记入 1 步，标记 0 处。

# A party declines; whoever then appoints a mediator is refused, with the law.

<< 登记.toml
on = 2026-03-02
committee = "黄沙村人民调解委员会"
origin = "当事人申请"
villages = ["黄沙村"]
dispute = "山林土地"
parties = ["甲某", "乙某"]
facts = "山界不清"
>>
$ yifa step mediation_case new register --file 登记.toml --dry-run
检查通过，没有记入。

$ yifa step mediation_case new register --file 登记.toml
已记入第 7 条：人民调解案件 （2026）黄沙村人调字第1号（案卷 [ID]）

<< 拒绝.toml
on = 2026-03-04
declined_by = "乙某"
>>
$ yifa step mediation_case （2026）黄沙村人调字第1号 decline --file 拒绝.toml
已记入第 8 条：人民调解案件 （2026）黄沙村人调字第1号（案卷 [ID]）

<< 指定.toml
on = 2026-03-05
mediators = ["黄沙村 钱某"]
chosen_by = "调委会指定"
>>
$ yifa step mediation_case （2026）黄沙村人调字第1号 assign --file 指定.toml
! P223 “受理并确定调解员”是镇里此时此地的行为，日期却是 2026-03-05
!   处理：早先已在系统外办理的，请写明理由（--already），记为已发生
= 2

<< 今日指定.toml
on = [TODAY]
mediators = ["黄沙村 钱某"]
chosen_by = "调委会指定"
>>
$ yifa step mediation_case （2026）黄沙村人调字第1号 assign --file 今日指定.toml
! P220 “受理并确定调解员”应在“待受理”时进行，当时是“当事人拒绝”
!   处理：这一步是镇里此时的行为，请先补齐所缺的，再办
!   依据：《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
! P220 当事人一方明确拒绝调解的，不得调解
!   处理：法律不允许镇里现在这样做，这一步不能办
!   依据：《人民调解法》第十七条
! 共 2 处问题。
= 2

# What happened outside the system is recorded and flagged, and needs a reason.

$ yifa step mediation_case （2026）黄沙村人调字第1号 assign --file 指定.toml --already ""
! P219 没有写明为什么在系统外办理
!   处理：请写明理由
= 2

$ yifa step mediation_case （2026）黄沙村人调字第1号 assign --file 指定.toml --already 村里已先指定
已记入第 9 条：人民调解案件 （2026）黄沙村人调字第1号（案卷 [ID]）
标记：次序不合 “受理并确定调解员”应在“待受理”时进行，当时是“当事人拒绝”（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）
标记：违反禁止 当事人一方明确拒绝调解的，不得调解（《人民调解法》第十七条）
标记：系统外办理 “受理并确定调解员”是在系统外办理后补记的（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）

$ yifa flags
日期        标记        案卷                       说明                                                      依据
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-03-05  次序不合    （2026）黄沙村人调字第1号  “受理并确定调解员”应在“待受理”时进行，当时是“当事人拒绝”  《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
2026-03-05  违反禁止    （2026）黄沙村人调字第1号  当事人一方明确拒绝调解的，不得调解                        《人民调解法》第十七条
2026-03-05  系统外办理  （2026）黄沙村人调字第1号  “受理并确定调解员”是在系统外办理后补记的                  《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
共 3 项

# A second case comes to an agreement; court confirmation is asked for too late.

<< 登记二.toml
on = 2026-04-01
committee = "黄沙村人民调解委员会"
origin = "主动调解"
villages = ["黄沙村"]
dispute = "邻里"
parties = ["丙某", "丁某"]
facts = "排水"
>>
$ yifa step mediation_case new register --file 登记二.toml
已记入第 10 条：人民调解案件 （2026）黄沙村人调字第2号（案卷 [ID]）

<< 指定二.toml
on = 2026-04-02
mediators = ["黄沙村 钱某"]
chosen_by = "当事人选择"
>>
<< 今天.toml
on = [TODAY]
mediators = ["黄沙村 钱某"]
chosen_by = "当事人选择"
>>
$ yifa step mediation_case （2026）黄沙村人调字第2号 assign --file 今天.toml --already 漏记
! P219 “受理并确定调解员”的日期是今天，不是早先已发生的
!   处理：今天的行为请直接在系统内办理
= 2

$ yifa step mediation_case （2026）黄沙村人调字第2号 assign --file 指定二.toml --already 当时用纸质登记
已记入第 11 条：人民调解案件 （2026）黄沙村人调字第2号（案卷 [ID]）
标记：系统外办理 “受理并确定调解员”是在系统外办理后补记的（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）

<< 协议.toml
on = 2026-04-10
form = "口头协议"
oral_chosen = true
rights_at_stake = false
content = "各修各的沟"
effective_on = 2026-04-10
perform_by = 2026-04-30
>>
$ yifa step mediation_case （2026）黄沙村人调字第2号 agree --file 协议.toml
已记入第 12 条：人民调解案件 （2026）黄沙村人调字第2号（案卷 [ID]）
标记：漏步骤 没有“告知权利义务”，也没有说明理由（《人民调解工作若干规定》第三十条、《人民调解法》第二十三条、《人民调解法》第二十四条）
标记：漏步骤 没有“调解”，也没有说明理由（《人民调解法》第二十二条、《人民调解法》第二十七条）

$ yifa due --register mediation_case
末日                           步骤      案卷                       负责                 依据
───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-04-07（原定 2026-04-05）  达成协议  （2026）黄沙村人调字第1号  黄沙村 钱某  已逾期  《人民调解工作若干规定》第三十三条
2026-04-07（原定 2026-04-04）  立卷归档  （2026）黄沙村人调字第1号  黄沙村 钱某  已逾期  本地：乡镇做法：当事人拒绝的，一个月内归档
2026-04-07（原定 2026-04-05）  终止调解  （2026）黄沙村人调字第1号  黄沙村 钱某  已逾期  《人民调解工作若干规定》第三十三条
2026-06-01（原定 2026-05-30）  履行回访  （2026）黄沙村人调字第2号  黄沙村 钱某  已逾期  本地：乡镇做法：履行期限届满后三十日内回访；法律、规章只说“监督”“适时”
2026-10-10                     立卷归档  （2026）黄沙村人调字第2号  黄沙村 钱某  已逾期  本地：乡镇做法：达成协议的，六个月内归档，留出履行和回访的时间
共 5 项

<< 确认.toml
on = 2026-05-12
joint = true
court = "上犹县人民法院"
>>
$ yifa step mediation_case （2026）黄沙村人调字第2号 court_confirmation --file 确认.toml
已记入第 13 条：人民调解案件 （2026）黄沙村人调字第2号（案卷 [ID]）
标记：逾期 可以“申请司法确认”，已过30日（末日 2026-05-11）（《人民调解法》第三十三条第一款、《民事诉讼法》第二百零五条）

# The date was a slip of the pen: the correction judges the step again.

<< 更正.toml
of = "13"
reason = "收件章为五月十日"
[fields]
on = 2026-05-10
>>
$ yifa step mediation_case （2026）黄沙村人调字第2号 correct --file 更正.toml
已记入第 14 条：人民调解案件 （2026）黄沙村人调字第2号（案卷 [ID]）

$ yifa show mediation_case （2026）黄沙村人调字第2号
人民调解案件 （2026）黄沙村人调字第2号 邻里·2026-04-01  【达成协议】

第 10 条  2026-04-01  登记  本机，[TODAY] 记入（补录）
    登记日期：2026-04-01
    调委会：黄沙村人民调解委员会
    来源：主动调解
    涉及的村：黄沙村
    纠纷类型：邻里
    当事人：（封存，2 项）
    纠纷简要：（封存，1 项）
    依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条

第 11 条  2026-04-02  受理并确定调解员  本机，[TODAY] 记入（补录）
    受理日期：2026-04-02
    调解员：黄沙村 钱某
    确定方式：当事人选择
    系统外办理的理由：当时用纸质登记
    依据：《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
    标记：系统外办理 “受理并确定调解员”是在系统外办理后补记的（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）

第 12 条  2026-04-10  达成协议  本机，[TODAY] 记入（补录）
    达成协议日期：2026-04-10
    协议形式：口头协议
    当事人认为无需制作协议书：是
    口头协议有民事权利义务内容，或者当事人要求书面：否
    协议内容、履行方式：（封存，1 项）
    生效日期：2026-04-10
    履行期限：2026-04-30
    依据：《人民调解法》第二十八条、《人民调解法》第二十九条、《人民调解法》第三十条
    标记：漏步骤 没有“告知权利义务”，也没有说明理由（《人民调解工作若干规定》第三十条、《人民调解法》第二十三条、《人民调解法》第二十四条）
    标记：漏步骤 没有“调解”，也没有说明理由（《人民调解法》第二十二条、《人民调解法》第二十七条）

第 13 条  2026-05-10  申请司法确认  本机，[TODAY] 记入（补录）（已更正，下列为更正后的内容）
    共同申请日期：2026-05-10
    双方共同申请：是
    受理法院：上犹县人民法院
    依据：《人民调解法》第三十三条第一款、《民事诉讼法》第二百零五条

第 14 条  [TODAY] 本机 更正“申请司法确认”：收件章为五月十日
    共同申请日期改为：2026-05-10

问题：没有“告知权利义务”就到了“达成协议”，是什么原因？（尚未答复）

问题：没有“调解”就到了“达成协议”，是什么原因？（尚未答复）

期限
  达成协议：2026-05-06，按日历数到 2026-05-02（第 12 条已办，由黄沙村 钱某负责）
  立卷归档：2026-10-10（已逾期，由黄沙村 钱某负责）
  申请司法确认：2026-05-11，按日历数到 2026-05-10（第 13 条已办）
  履行回访：2026-06-01，按日历数到 2026-05-30（已逾期，由黄沙村 钱某负责）

接下来
  应当“履行回访”，末日 2026-06-01，已过  follow_up
      《人民调解法》第三十一条第二款、《人民调解工作若干规定》第三十六条
  应当“立卷归档”，末日 2026-10-10，已过  archive
      《人民调解法》第二十七条、《档案法》第十三条第一款第（三）项
  “法院裁定”  court_ruling
      《民事诉讼法》第二百零六条

# What was left out is asked for; the answer clears the flag and stays readable.

<< 答复.toml
question = "session"
text = "当日有调解，笔录在纸质卷内"
>>
$ yifa step mediation_case （2026）黄沙村人调字第2号 answer --file 答复.toml
已记入第 15 条：人民调解案件 （2026）黄沙村人调字第2号（案卷 [ID]）

$ yifa flags
日期        标记        案卷                       说明                                                      依据
─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2026-04-10  漏步骤      （2026）黄沙村人调字第2号  没有“告知权利义务”，也没有说明理由                        《人民调解工作若干规定》第三十条、《人民调解法》第二十三条、《人民调解法》第二十四条
2026-04-02  系统外办理  （2026）黄沙村人调字第2号  “受理并确定调解员”是在系统外办理后补记的                  《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
2026-03-05  次序不合    （2026）黄沙村人调字第1号  “受理并确定调解员”应在“待受理”时进行，当时是“当事人拒绝”  《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
2026-03-05  违反禁止    （2026）黄沙村人调字第1号  当事人一方明确拒绝调解的，不得调解                        《人民调解法》第十七条
2026-03-05  系统外办理  （2026）黄沙村人调字第1号  “受理并确定调解员”是在系统外办理后补记的                  《人民调解法》第十九条、《人民调解法》第二十三条第（一）项
共 5 项

# The first case was entered twice over: it is voided, never deleted.

<< 作废.toml
whole = true
reason = "重复登记"
>>
$ yifa step mediation_case （2026）黄沙村人调字第1号 void --file 作废.toml
已记入第 16 条：人民调解案件 （2026）黄沙村人调字第1号（案卷 [ID]）

$ yifa list mediation_case
编号                       案卷                 日期        状态      标记
──────────────────────────────────────────────────────────────────────────
（2026）黄沙村人调字第2号  邻里·2026-04-01      2026-04-01  达成协议     2
（2026）黄沙村人调字第1号  山林土地·2026-03-02  2026-03-02  已作废
列出 2 个，登记簿共 2 个

$ yifa list mediation_case --state agreed
编号                       案卷             日期        状态      标记
──────────────────────────────────────────────────────────────────────
（2026）黄沙村人调字第2号  邻里·2026-04-01  2026-04-01  达成协议     2
列出 1 个，登记簿共 1 个

$ yifa show mediation_case （2026）黄沙村人调字第1号
人民调解案件 （2026）黄沙村人调字第1号 山林土地·2026-03-02  【已作废】

第 7 条  2026-03-02  登记  本机，[TODAY] 记入（补录）
    登记日期：2026-03-02
    调委会：黄沙村人民调解委员会
    来源：当事人申请
    涉及的村：黄沙村
    纠纷类型：山林土地
    当事人：（封存，2 项）
    纠纷简要：（封存，1 项）
    依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条

第 8 条  2026-03-04  当事人拒绝  本机，[TODAY] 记入（补录）
    日期：2026-03-04
    拒绝的一方：（封存，1 项）
    依据：《人民调解法》第十七条、《人民调解法》第二十三条第（二）项

第 9 条  2026-03-05  受理并确定调解员  本机，[TODAY] 记入（补录）
    受理日期：2026-03-05
    调解员：黄沙村 钱某
    确定方式：调委会指定
    系统外办理的理由：村里已先指定
    依据：《人民调解法》第十九条、《人民调解法》第二十三条第（一）项

第 16 条  [TODAY] 本机 作废整个案卷：重复登记

# What cannot be: a day to come, a field nobody knows, a value of the wrong kind, broken TOML, a step nobody knows.

<< 将来.toml
on = 2099-01-04
committee = "黄沙村人民调解委员会"
origin = "当事人申请"
villages = ["黄沙村"]
dispute = "山林土地"
parties = ["甲某", "乙某"]
facts = "山界不清"
>>
$ yifa step mediation_case new register --file 将来.toml
! P217 “登记”的日期 2099-01-04 在今天（[TODAY]）之后
!   处理：只能记已经发生的事，请核对日期
= 2

<< 错.toml
on = 2026-02-30
committe = "黄沙村人民调解委员会"
origin = "自己来的"
villages = ["紫水村"]
parties = ["甲某"]
facts = 3
>>
$ yifa step mediation_case new register --file 错.toml
! P001
!
!   × 不是合法的 TOML：没有这一天，或者日期的写法不对；日期写成 2024-01-31
!    ╭─[错.toml:1:6]
!  1 │ on = 2026-02-30
!    ·      ──────────
!  2 │ committe = "黄沙村人民调解委员会"
!    ╰────
!   处理：请改正所指位置的写法
= 2

<< 坏.toml
on = 2026-03-02
committee = "黄沙村
>>
$ yifa step mediation_case new register --file 坏.toml
! P001
!
!   × 不是合法的 TOML：文字的引号不成对，或者中间有不能直接写的字符
!    ╭─[坏.toml:2:23]
!  1 │ on = 2026-03-02
!  2 │ committee = "黄沙村
!    ·                    ▲
!    ╰────
!   处理：请改正所指位置的写法
= 2

$ yifa step mediation_case new regester --file 登记.toml
! P215 “人民调解案件”没有步骤“regester”
!   处理：可以走：register、refuse、decline、refer、assign、replace、tell_rights、investigate、session、warn、extend、agree、fail、follow_up、court_confirmation、court_ruling、archive，是不是想写“register”
= 2

$ yifa step mediation_cases new register --file 登记.toml
! P210 没有登记簿“mediation_cases”
!   处理：可以用：accountability、administrative_case、adviser_complaint、adviser_contract、adviser_service、annual_report、baseline、cadre_matter、collective_decision、decision_catalogue、decision_matter、disclosure_request、duty_statement、enforcement_case、enforcement_certificate、enforcement_item、exam、exam_result、funding、government_contract、grant、head_duty、inquiry、inspection、joint_agreement、joint_matter、legal_aid、legal_savvy、legal_staff、legality_review、major_decision、mediation_case、mediation_committee、mediator、neighbour、normative_document、office、person、petition、plan、post、problem、publicity_event、publicity_plan、reception_day、rectification、screening、special_meeting、study_plan、study_session、submission、survey、task、village，是不是想写“mediation_case”
= 2

$ yifa step mediation_case （2026）黄沙村人调字第9号 agree --file 协议.toml
! P230 找不到案卷“（2026）黄沙村人调字第9号”
!   处理：请用 yifa list mediation_case 查看
= 2

$ yifa step mediation_case new register --file 没有.toml
! P610 读不了 没有.toml：没有这个文件或者目录
!   处理：请检查文件名和权限
= 2

$ yifa step mediation_case new register
! P202 （没有字段文件）：“登记日期”没有填
!   处理：请填日期，如 2023-05-08
!   依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条
! P202 （没有字段文件）：“调委会”没有填
!   处理：请填所指案卷的名称或编号
!   依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条
! P202 （没有字段文件）：“来源”没有填
!   处理：请从中选一项：当事人申请／主动调解／人民法院告知、移送／公安机关告知、移送／信访部门移送／其他移送
!   依据：《人民调解法》第十七条、《人民调解法》第十八条、《人民调解委员会组织条例》第七条第一款
! P202 （没有字段文件）：“涉及的村”没有填
!   处理：请填村名，几个之间用顿号
!   依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条
! P202 （没有字段文件）：“纠纷类型”没有填
!   处理：请从中选一项：婚姻家庭／邻里／房屋宅基地／合同／生产经营／损害赔偿／山林土地／征地拆迁／环境污染／劳动争议／消费／医疗／道路交通事故／物业／旅游／知识产权／互联网／其他
!   依据：本地：分类以县局统计报表为准
! P202 （没有字段文件）：“当事人”没有填
!   处理：请填姓名或名称，几个之间用顿号
!   依据：《人民调解法》第二十九条第一款第（一）项
! P202 （没有字段文件）：“纠纷简要”没有填
!   处理：请填文字
!   依据：《人民调解委员会组织条例》第八条第二款、《人民调解法》第二十七条
! 共 7 处问题。
= 2

$ yifa step mediation_case new agree --file 协议.toml
! P216 “达成协议”不能开立新的案卷
!   处理：请指明是哪个案卷的步骤
= 2

$ yifa step mediation_case （2026）黄沙村人调字第2号 follow_up --file 确认.toml --as 李某
! P201
!
!   × 步骤“履行回访”没有字段“joint”
!    ╭─[确认.toml:2:1]
!  1 │ on = 2026-05-12
!  2 │ joint = true
!    · ─────
!  3 │ court = "上犹县人民法院"
!    ╰────
!   处理：可以填：on、performed、urged、voucher、satisfied
! P201
!
!   × 步骤“履行回访”没有字段“court”
!    ╭─[确认.toml:3:1]
!  2 │ joint = true
!  3 │ court = "上犹县人民法院"
!    · ─────
!    ╰────
!   处理：可以填：on、performed、urged、voucher、satisfied
! P202 确认.toml：“履行情况”没有填
!   处理：请从中选一项：已履行／部分履行／未履行
!   依据：《人民调解法》第三十一条第二款、《人民调解工作若干规定》第三十六条
! 共 3 处问题。
= 2

$ yifa list mediation_case --state 在办
! P232 没有状态“在办”
!   处理：可以写：待受理（pending）、调解中（open）、达成协议（agreed）、调解不成（failed）、当事人拒绝（declined）、不予受理（refused）、已移交（referred）、已归档（archived）、已作废（void）
= 2

# From standard input, by somebody with a name, as data.

$ yifa step mediation_case new register --file - --as 赵大山 --json < 登记二.toml
{
  "index": 17,
  "id": "[ID]",
  "record": "[ID]",
  "number": "（2026）黄沙村人调字第3号",
  "flags": [],
  "known": false
}

$ yifa verify
核验无误：18 条记入，0 个附件，根 [ROOT]
由日志推得的表是否一致，请用 yifa rebuild 证明。

$ yifa rebuild
表与日志一致：18 条记入，9 个案卷，163 行
