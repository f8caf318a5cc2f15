# Years later somebody asks who did what, in which post, and what was on file then. People have moved, an office is gone.

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
…

<< 机构.csv
设立日期,机构名称,机构类别
2019-03-01,法治办公室,党政机构
>>
$ yifa import office 机构.csv
…

<< 村.csv
设立日期,村名,统计用区划代码
1984-06-01,黄沙村,360724201201
>>
$ yifa import village 村.csv
…

<< 人员.csv
入册日期,姓名,身份,性别
2022-01-04,赵大山,机关事业单位工作人员、人民调解员,男
2022-01-04,钱秋月,人民调解员,女
2022-01-04,孙立田,人民调解员,男
2022-01-04,周律师,律师,女
>>
$ yifa import person 人员.csv
…

<< 职务.csv
文件或者当选日期,人员,职务名称,职务类别,机构,产生方式,任职起
2022-01-04,赵大山,法治办公室主任,内设机构负责人,法治办公室,任命,2022-01-04
>>
$ yifa import post 职务.csv
…

<< 调委会.csv
产生日期,全称,案号中的简称,类别,所在村,设立·产生方式,委员,设立·主任,设立·妇女委员人数
2024-02-20,黄沙村人民调解委员会,黄沙村,村,黄沙村,村民会议推选,赵大山、钱秋月、孙立田,赵大山,1
>>
$ yifa import mediation_committee 调委会.csv
…

<< 调解员.csv
推选、聘任日期,公示名称,人员,所在调委会,产生方式,专职或者兼职,成年公民,任期起,任期止
2024-02-20,黄沙村 赵某,赵大山,黄沙村人民调解委员会,调委会委员,兼职,是,2024-02-20,2027-02-19
2024-02-20,黄沙村 钱某,钱秋月,黄沙村人民调解委员会,调委会委员,兼职,是,2024-02-20,2027-02-19
>>
$ yifa import mediator 调解员.csv
…

<< 登记.toml
on = 2026-03-02
committee = "黄沙村人民调解委员会"
origin = "当事人申请"
villages = ["黄沙村"]
dispute = "山林土地"
parties = ["甲某", "乙某"]
facts = "山界不清"
>>
$ yifa step mediation_case new register --file 登记.toml --as 赵大山
…

<< 指定.toml
on = 2026-03-03
mediators = ["黄沙村 赵某"]
chosen_by = "调委会指定"
>>
$ yifa step mediation_case （2026）黄沙村人调字第1号 assign --file 指定.toml --already 先在纸上指定 --as 钱秋月
…

# The wrong mediator was written down, and that is put right; that he stood there first stays to be seen.

<< 更正.toml
of = 12
reason = "调解员写错了"
[fields]
mediators = ["黄沙村 钱某"]
>>
$ yifa step mediation_case （2026）黄沙村人调字第1号 correct --file 更正.toml --as 赵大山
…

# The office takes another name, and is then merged away.

<< 改名.toml
of = 1
reason = "机构改名"
[fields]
name = "平安法治办公室"
>>
$ yifa step office 法治办公室 correct --file 改名.toml
…

<< 撤销.toml
on = 2026-06-01
document = "合并到综合办公室"
>>
$ yifa step office 平安法治办公室 abolish --file 撤销.toml
…

<< 卸任.toml
on = 2026-06-01
reason = "调任"
>>
$ yifa step post 法治办公室主任 end --file 卸任.toml
…

<< 离册.toml
on = 2026-06-30
reason = "调动"
>>
$ yifa step person 赵大山 leave --file 离册.toml
…

$ yifa trace person 赵大山
赵大山（已离册）
  读自日志 18 条，根 [ROOT]

职务
  法治办公室（现为平安法治办公室，已撤销）·法治办公室主任  2022-01-04 至 2026-06-01

所办、所涉的步骤，共 4 步
  2022-01-04（第 7 条，[TODAY] 记入）  职务 法治办公室主任【已卸任】  任职
    身份：人员
    当时职务：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任
    结果：职务类别：内设机构负责人；产生方式：任命
    记入时案卷里已有：无
  2024-02-20（第 8 条，[TODAY] 记入）  人民调解委员会 黄沙村人民调解委员会【在任】  设立
    身份：主任、委员
    当时职务：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任
    结果：类别：村；产生方式：村民会议推选
    现状：补录
    记入时案卷里已有：无
  2024-02-20（第 9 条，[TODAY] 记入）  人民调解员 黄沙村 赵某【在任】  推选、聘任
    身份：人员
    当时职务：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任
    结果：产生方式：调委会委员；专职或者兼职：兼职
    现状：补录
    记入时案卷里已有：无
  2026-03-03（第 12 条，[TODAY] 记入）  人民调解案件 （2026）黄沙村人调字第1号【调解中】  受理并确定调解员
    身份：调解员（作为“黄沙村 赵某”，后来更正去掉）
    当时职务：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任
    结果：确定方式：调委会指定
    现状：已更正（第 13 条）；补录；系统外办理：先在纸上指定；标记 系统外办理：“受理并确定调解员”是在系统外办理后补记的（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）
    记入时案卷里已有：2026-03-02 登记（第 11 条）

另由本人记入，共 2 条
  [TODAY] 第 11 条  人民调解案件 （2026）黄沙村人调字第1号  登记
  [TODAY] 第 13 条  人民调解案件 （2026）黄沙村人调字第1号  更正“受理并确定调解员”：调解员写错了

# As the journal was before the correction and before he left.

$ yifa trace person 赵大山 --from 2026-01-01 --at 13
赵大山
  读自日志 13 条，根 [ROOT]

职务
  法治办公室·法治办公室主任  2022-01-04 至 今

所办、所涉的步骤，共 1 步
  2026-03-03（第 12 条，[TODAY] 记入）  人民调解案件 （2026）黄沙村人调字第1号【调解中】  受理并确定调解员
    身份：调解员（作为“黄沙村 赵某”）
    当时职务：法治办公室·法治办公室主任
    结果：确定方式：调委会指定
    现状：补录；系统外办理：先在纸上指定；标记 系统外办理：“受理并确定调解员”是在系统外办理后补记的（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）
    记入时案卷里已有：2026-03-02 登记（第 11 条）

另由本人记入，共 1 条
  [TODAY] 第 11 条  人民调解案件 （2026）黄沙村人调字第1号  登记

$ yifa trace record mediation_case （2026）黄沙村人调字第1号 --depth 1
人民调解案件 （2026）黄沙村人调字第1号 山林土地·2026-03-02 【调解中】
  读自日志 18 条，根 [ROOT]
  2026-03-02（第 11 条，[TODAY] 记入）  登记  由赵大山（已离册）记入
    调委会：黄沙村人民调解委员会；涉及的村：黄沙村
    来源：当事人申请；纠纷类型：山林土地
    补录
  2026-03-03（第 12 条，[TODAY] 记入）  受理并确定调解员  由钱秋月记入
    调解员：黄沙村 钱某（当时：没有登记职务；更正后补上）
    调解员：黄沙村 赵某（当时：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任；后来更正去掉）
    确定方式：调委会指定
    已更正（第 13 条）
    补录
    系统外办理：先在纸上指定
    标记 系统外办理：“受理并确定调解员”是在系统外办理后补记的（《人民调解法》第十九条、《人民调解法》第二十三条第（一）项）
  [TODAY]（第 13 条）  更正“受理并确定调解员”：调解员写错了  由赵大山（已离册）记入

人民调解委员会 黄沙村人民调解委员会 【在任】
  相关（1 层）：人民调解案件 （2026）黄沙村人调字第1号 的“调委会”
  2024-02-20（第 8 条，[TODAY] 记入）  设立  由本机记入
    委员：赵大山（已离册）（当时：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任）
    委员：钱秋月（当时：没有登记职务）
    委员：孙立田（当时：没有登记职务）
    主任：赵大山（已离册）（当时：法治办公室（现为平安法治办公室，已撤销）·法治办公室主任）
    所在村：黄沙村
    类别：村；产生方式：村民会议推选
    补录
  另有 2 个案卷引用它，与所查的无关的不展开

$ yifa trace record mediation_case （2026）黄沙村人调字第1号 --at 12
人民调解案件 （2026）黄沙村人调字第1号 山林土地·2026-03-02 【待受理】
  读自日志 12 条，根 [ROOT]
  2026-03-02（第 11 条，[TODAY] 记入）  登记  由赵大山记入
    调委会：黄沙村人民调解委员会；涉及的村：黄沙村
    来源：当事人申请；纠纷类型：山林土地
    补录

人民调解委员会 黄沙村人民调解委员会 【在任】
  相关（1 层）：人民调解案件 （2026）黄沙村人调字第1号 的“调委会”
  2024-02-20（第 8 条，[TODAY] 记入）  设立  由本机记入
    委员：赵大山（当时：法治办公室·法治办公室主任）
    委员：钱秋月（当时：没有登记职务）
    委员：孙立田（当时：没有登记职务）
    主任：赵大山（当时：法治办公室·法治办公室主任）
    所在村：黄沙村
    类别：村；产生方式：村民会议推选
    补录
  另有 2 个案卷引用它，与所查的无关的不展开

$ yifa trace record mediation_case （2026）黄沙村人调字第1号 --at 5
! P608 日志有 5 条时还没有它
!   处理：请把 --at 写大一些，或者不写
= 2

$ yifa trace person 赵大川
! P230 找不到案卷“赵大川”
!   处理：是不是“赵大山”？请用 yifa list person 查看
= 2

$ yifa trace person 钱秋月 --html 钱秋月.html
已写入 钱秋月.html

# Names change: an office is renamed and merged, a person takes another name. What was recorded keeps the names of then.

<< 综合.csv
设立日期,机构名称,机构类别
2019-03-01,综合治理办公室,党政机构
2019-03-01,信访工作室,党政机构
>>
$ yifa import office 综合.csv
…

<< 钱职务.csv
文件或者当选日期,人员,职务名称,职务类别,机构,产生方式,任职起
2022-01-04,钱秋月,信访工作室干事,工作人员,信访工作室,任命,2022-01-04
>>
$ yifa import post 钱职务.csv
…

<< 机构更名.toml
on = 2026-04-01
name = "群众工作室"
document = "编办批复"
>>
$ yifa step office 信访工作室 rename --file 机构更名.toml
…

<< 并入.toml
on = 2026-05-06
into = "综合治理办公室"
document = "编办批复"
>>
$ yifa step office 群众工作室 merge --file 并入.toml
…

<< 改姓名.toml
on = 2026-05-20
name = "钱秋玥"
proof = "看过户口簿"
>>
$ yifa step person 钱秋月 rename --file 改姓名.toml
…

$ yifa trace person 钱秋月 --from 2026-03-01
…

$ yifa trace record office 信访工作室 --depth 0
…

# Another case of the committee has nothing to do with the first: it is counted, not told.

<< 登记二.toml
on = 2026-03-05
committee = "黄沙村人民调解委员会"
origin = "当事人申请"
villages = ["黄沙村"]
dispute = "邻里"
parties = ["丙某", "丁某"]
facts = "排水沟"
>>
$ yifa step mediation_case new register --file 登记二.toml --as 赵大山
…

$ yifa trace record mediation_case （2026）黄沙村人调字第1号
…
