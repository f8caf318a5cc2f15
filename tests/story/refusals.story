# Each refusal says where, why and what to do.

$ yifa list village
! P702 ./yifa-data 不是依法的数据目录（没有 yifa.toml）
!   处理：请用 --data 指到数据目录；还没有的，先运行 yifa init，或者用 yifa demo 试用
= 2

$ yifa --data 某处 verify
! P702 某处 不是依法的数据目录（没有 yifa.toml）
!   处理：请用 --data 指到数据目录；还没有的，先运行 yifa init，或者用 yifa demo 试用
= 2

$ yifa init --town 青石乡 --county 上犹县 --origin 青石乡
! P708 日志名称“青石乡”不合规则
!   处理：请用小写英文字母、数字、点、横线、下划线和斜线，如 example.gov.cn/360724/wuzhifeng；定下以后不能再改
= 2

$ yifa init --town 青石乡 --county 上犹县 --origin demo/qingshi
! P708 demo/ 开头的名称留给演示数据
!   处理：请用本单位的域名开头
= 2

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
已建立 ./yifa-data（上犹县青石乡）
核验公钥：example.gov.cn/360724/qingshi[KEY]
请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。
下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。
要用网页：yifa account first 建立第一个系统管理员，再运行 yifa serve。

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
! P701 ./yifa-data 已经存在，而且不是空目录
!   处理：请换一个目录（--data），或者先把它移走；程序不会覆盖已有的数据
= 2

$ yifa journal export yifa-data
! P701 yifa-data 已经存在，而且不是空目录
!   处理：请换一个空目录
= 2

$ yifa list villages
! P210 没有登记簿“villages”
!   处理：可以用：accountability、administrative_case、adviser_complaint、adviser_contract、adviser_service、annual_report、baseline、cadre_matter、collective_decision、decision_catalogue、decision_matter、disclosure_request、duty_statement、enforcement_case、enforcement_certificate、enforcement_item、exam、exam_result、funding、government_contract、grant、head_duty、inquiry、inspection、joint_agreement、joint_matter、legal_aid、legal_savvy、legal_staff、legality_review、major_decision、mediation_case、mediation_committee、mediator、neighbour、normative_document、office、person、petition、plan、post、problem、publicity_event、publicity_plan、reception_day、rectification、screening、special_meeting、study_plan、study_session、submission、survey、task、village，是不是想写“village”
= 2

$ yifa list village --state 存在
! P232 没有状态“存在”
!   处理：可以写：存续（existing）、已撤并（merged）、已作废（void），是不是想写“存续”
= 2

$ yifa list village --from 去年
! P623 “去年”不能用作 --from <FROM>
!   处理：请写成 2023-09-05。加 --help 看怎样写
= 2

$ yifa show village 黄沙村
! P230 找不到案卷“黄沙村”
!   处理：请用 yifa list village 查看
= 2

$ yifa template villages
! P210 没有登记簿“villages”
!   处理：可以用：accountability、administrative_case、adviser_complaint、adviser_contract、adviser_service、annual_report、baseline、cadre_matter、collective_decision、decision_catalogue、decision_matter、disclosure_request、duty_statement、enforcement_case、enforcement_certificate、enforcement_item、exam、exam_result、funding、government_contract、grant、head_duty、inquiry、inspection、joint_agreement、joint_matter、legal_aid、legal_savvy、legal_staff、legality_review、major_decision、mediation_case、mediation_committee、mediator、neighbour、normative_document、office、person、petition、plan、post、problem、publicity_event、publicity_plan、reception_day、rectification、screening、special_meeting、study_plan、study_session、submission、survey、task、village，是不是想写“village”
= 2

$ yifa export village --out 村.pdf
! P605 不知道 村.pdf 要写成什么格式
!   处理：文件名请以 .xlsx 或 .csv 结尾
= 2

$ yifa import village 没有.xlsx
! P401 读不到文件 没有.xlsx（没有这个文件或者目录）
!   处理：请核对路径，关闭正在打开它的程序后再试
= 2

<< 空.csv
>>
$ yifa import village 空.csv
! P402 文件是空的
!   处理：请确认选对了文件、内容已经保存
= 2

<< 村.txt
设立日期,村名
1984-06-01,黄沙村
>>
$ yifa import village 村.txt
! P413 缺少“统计用区划代码”列（“设立”必填）
!   处理：请补上这一列；暂不导入“设立”的，请删去它的各列
= 2

<< 库.db as bytes
不是文字
>>
$ yifa import village 库.db
! P407 文件不是表格，或者文字的编码认不出
!   处理：请另存为 .xlsx 或者“CSV UTF-8”后再导入
= 2

$ yifa due --until 明天
! P623 “明天”不能用作 --until <UNTIL>
!   处理：请写成 2023-09-05。加 --help 看怎样写
= 2

$ yifa
! 依法：乡镇法治政府建设工作台。
!
! 用法：yifa [选项] <命令>
!
! 命令：
!   demo         建一个演示乡镇，把每样事做一遍：台账、数字、年度报告、核对别人的报告、核验日志
!   init         建一个新的数据目录：生成签名密钥，采用随程序附带的定义
!   serve        打开网页：台账、办理、数字、报告都在浏览器里
!   account      账号：谁能登录网页。授权（谁能看什么、办什么）是登记簿“系统授权”里的记入
!   definitions  定义：登记簿、数字、期限和它们的依据
!   laws         法律：条文结构随程序附带，条文文本由各地自行导入
!   explain      解释一个问题编号（P012）或者文字规则（skipped_ordinal）
!   day          计算期限的末日
!   import       从 Excel 或 CSV 导入台账：先逐格试算，有一处问题就一行也不记；同一行导入两次，只记一次
!   export       导出登记簿，版式与导入相同
!   template     空的表样：选项是下拉的，另附填表说明
!   step         记一步
!   ask          照着问答记一步
!   show         一个案卷的全过程：每一步是谁、何时、填了什么、依据什么；接下来应当、可以、不得做什么
!   list         案卷清单，新的在前
!   due          期限：到期应办而未办的，早的在前
!   flags        标记：不该发生而发生了的，照实记着
!   questions    请核实：一年的台账里不像真事的样子，只提问题，不下结论
!   trace        倒查：一个人办过、涉及过的每一步，或者一个案卷的来龙去脉
!   figures      一年的全部数字：值、单位、背后的记入数、补录和有标记的记入数、上年的值
!   baseline     照录往年报告的数字，供下一年对照：读出报告里说到的数字，写明是报告的说法，不混入台账
!   figure       一个数字：按村、按月、按类别细分，或者列出背后的记入
!   rollup       一个数字，汇总各乡镇：按乡镇、县、市、省，旁边写明哪些乡镇没有记、多久没有记
!   indicators   指标对照：每一项指标的依据、数字（本年和上年）、台账，还缺什么；只列事实，不打分
!   report       报告：文字由模板，数字由台账，每个数字都能点开
!   paper        印案卷的文书：调解卷宗、决策案卷、会议纪要、顾问日志……都由登记的步骤填，没有登记的留给手填
!   statement    报表：上级要的表，由台账填好；给了上级的模板的，填进模板，格式、合并的表头、公式照旧
!   statements   上级要的报表：报给谁、多久一报、上次报送
!   submissions  报出去的表：什么时候报给谁、取数时日志有多少条；哪些数后来变了，逐格列出差多少
!   check        核对报告文本：找出文中的每个数字，与台账比对（相符、不符、无据），并指出文字上的毛病
!   compare      条文对照：一个案卷里两个步骤所附的文本，或者两个文件，逐条说明未改、修改、新增、删去、条序变动
!   bundle       证据包：一个案卷或者一个数字，连同证明，离线交给不相信本系统的人，用 yifa-verify 或者别家的软件核验
!   verify       核验：每条记入、内容、封存的内容、瓦片和附件重新计算哈希，与签署的检查点核对
!   rebuild      重建：把日志重放一遍，证明每张表都与日志一致，或者指出是哪一行不一致
!   journal      日志：导出给第三方核验，查看检查点，收下见证
!   mirror       镜像：在县里跟随一个乡镇的日志，逐条核验以后才接受，并作见证
!   witness      见证：给别处的日志作见证，只核对签名和“只增不改”，不存内容
!   upgrade      把旧版程序建的数据目录升级到本程序的版本；先在旁边留一份旧的数据库
!   move         把一个乡镇的日志搬到县里的 PostgreSQL，或者搬回数据目录；搬完逐表核对，一致才换过去
!   database     县级数据库：由管理 PostgreSQL 的人建表、升级、给程序授权
!
! 选项：
!       --data <DIR>   数据目录 [环境变量：YIFA_DATA=] [默认：./yifa-data]
!       --json         按 JSON 输出结果；有问题的，输出 {"problems":[…]}，退出码 2
!       --role <ROLE>  以什么角色查看：clerk 经办、leader 领导、inspector 督察……；只供某些角色查看的登记簿，别的角色不显示 [环境变量：
!                      YIFA_ROLE=] [默认：clerk]
!   -h, --help         显示帮助：-h 简短，--help 详细
!   -V, --version      显示版本
= 2

$ yifa lits village
! P620 没有“lits”这个命令
!   处理：是不是想写“list”？写法：yifa [选项] <命令>；加 --help 看说明
= 2

# A broken yifa.toml, a missing one, one of a newer version.

<< yifa-data/yifa.toml
format = 1
origin = "example.gov.cn/360724/qingshi
>>
$ yifa list village
! P704 ./yifa-data/yifa.toml 写坏了：不是合法的 TOML：文字的引号不成对，或者中间有不能直接写的字符
!   处理：请从备份取回这个文件
= 2

<< yifa-data/yifa.toml
format = 1
origin = "example.gov.cn/360724/qingshi"
towns = "青石乡"
>>
$ yifa list village
! P704 ./yifa-data/yifa.toml 写坏了：不认识“towns”，是不是想写“town”
!   处理：它可能是更新版本的程序写的，请升级程序；手工改错了的，请从备份取回这个文件
= 2

<< yifa-data/yifa.toml
format = 2
origin = "example.gov.cn/360724/qingshi"
anything = "new"
>>
$ yifa list village
! P709 ./yifa-data 是更新版本的程序建的（本程序认得的数据库是第 2 版）
!   处理：请升级程序再打开；数据没有改动
= 2
