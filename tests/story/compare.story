# What changed between the draft and the text that was issued: article by article, out of two files or two steps.

<< 草案.txt as gbk
青石乡集贸市场管理办法（草案）
第一条 为了加强集贸市场管理，维护交易秩序，制定本办法。
第二条 市场开办者应当在三十日内报送材料。
第三条 违反本办法的，由乡人民政府处二百元罚款。
第四条 本办法自公布之日起施行。
>>

<< 定稿.txt
青石乡集贸市场管理办法
第一条 为了加强集贸市场管理，维护交易秩序，制定本办法。
第二条 市场名录每年公布一次，供群众查询。
第三条 市场开办者应当在十五个工作日内报送材料。
第四条 本办法自公布之日起施行。
>>

$ yifa compare 草案.txt 定稿.txt
【修改】题头
    青石乡集贸市场管理办法〔删：（草案）〕
【未改】第一条
【新增】第二条
    市场名录每年公布一次，供群众查询。
【修改】原第二条 → 第三条
    市场开办者应当在〔删：三十〕〔增：十五个工作〕日内报送材料。
【删去】第三条
    违反本办法的，由乡人民政府处二百元罚款。
【未改】第四条
共 6 处：未改 2，修改 2，新增 1，删去 1；其中条序变动 1

$ yifa compare 草案.txt 草案.txt
【未改】题头
【未改】第一条
【未改】第二条
【未改】第三条
【未改】第四条
共 5 处：未改 5，修改 0，新增 0，删去 0；其中条序变动 0

$ yifa compare 草案.txt
! P621 命令的参数不对：<WHAT> <WHAT>...
!   处理：写法：yifa compare [选项] <WHAT> <WHAT>...；加 --help 看说明
= 2

$ yifa compare 草案.txt 没有.txt
! P610 读不了 没有.txt：没有这个文件或者目录
!   处理：请检查文件名和权限
= 2

$ yifa compare normative_document 草案.txt 定稿.txt
! P617 对照要写两个文件，或者登记簿、案卷和两个步骤
!   处理：写法：yifa compare 登记簿 案卷 步骤 步骤，或者 yifa compare 文件 文件
= 2

# The texts attached to a record are compared where they were attached.

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
…

<< 人员.csv
入册日期,姓名,身份,性别
2022-01-04,周律师,律师,女
2022-01-04,赵大山,机关事业单位工作人员,男
>>
$ yifa import person 人员.csv
…

<< 村.csv
设立日期,村名,统计用区划代码
1984-06-01,黄沙村,360724201201
>>
$ yifa import village 村.csv
…

<< 签约.toml
on = 2026-01-05
kind = "新签"
firm = "某律师事务所"
lawyers = ["周律师"]
government = true
villages = ["黄沙村"]
from = 2026-01-01
until = 2026-12-31
review_on = 2026-11-01
procurement = "采购限额标准以下自行采购"
fee = 30000
document = "草案.txt"
>>
$ yifa step adviser_contract new sign --file 签约.toml
…

<< 变更.toml
on = 2026-06-01
content = "第一条 每村每季度到村一次。"
document = "定稿.txt"
>>
$ yifa step adviser_contract （2026）法顾合字第1号 amend --file 变更.toml
…

$ yifa compare adviser_contract （2026）法顾合字第1号 sign amend
【修改】题头
    青石乡集贸市场管理办法〔删：（草案）〕
【未改】第一条
【新增】第二条
    市场名录每年公布一次，供群众查询。
【修改】原第二条 → 第三条
    市场开办者应当在〔删：三十〕〔增：十五个工作〕日内报送材料。
【删去】第三条
    违反本办法的，由乡人民政府处二百元罚款。
【未改】第四条
共 6 处：未改 2，修改 2，新增 1，删去 1；其中条序变动 1

$ yifa compare adviser_contract （2026）法顾合字第1号 sign:1.document amend:1.document --json
[
  {
    "change": "changed",
    "from": "题头",
    "to": "题头",
    "renumbered": false,
    "moved": false,
    "text": "青石乡集贸市场管理办法〔删：（草案）〕"
  },
  {
    "change": "same",
    "from": "第一条",
    "to": "第一条",
    "renumbered": false,
    "moved": false,
    "text": "为了加强集贸市场管理，维护交易秩序，制定本办法。"
  },
  {
    "change": "new",
    "to": "第二条",
    "renumbered": false,
    "moved": false,
    "text": "市场名录每年公布一次，供群众查询。"
  },
  {
    "change": "changed",
    "from": "第二条",
    "to": "第三条",
    "renumbered": true,
    "moved": false,
    "text": "市场开办者应当在〔删：三十〕〔增：十五个工作〕日内报送材料。"
  },
  {
    "change": "deleted",
    "from": "第三条",
    "renumbered": false,
    "moved": false,
    "text": "违反本办法的，由乡人民政府处二百元罚款。"
  },
  {
    "change": "same",
    "from": "第四条",
    "to": "第四条",
    "renumbered": false,
    "moved": false,
    "text": "本办法自公布之日起施行。"
  }
]

$ yifa compare adviser_contract （2026）法顾合字第1号 sign close
! P616 “close”指不到要对照的文本
!   处理：这个案卷走过的步骤有：sign、amend
= 2

$ yifa compare adviser_contract （2026）法顾合字第1号 sign amend:2
! P616 “amend:2”指不到要对照的文本
!   处理：这个案卷走过的步骤有：sign、amend
= 2

$ yifa compare adviser_contract （2026）法顾合字第1号 sign attach:1
! P616 “attach:1”指不到要对照的文本
!   处理：案卷上没有这个附件，用 yifa show 查看
= 2
