# What is signed at a later step is numbered then: without a gap, once, and on from what paper bears.

<< 本地/registers/notice.toml
# 通告：拟稿时立案，签发时才编号。
id     = "notice"
title  = "通告"
local  = "乡镇做法"
scope  = "township"
read   = ["clerk"]
label  = ["draft.title"]

[state]
draft  = "拟稿"
signed = "已签发"

[[step]]
id     = "draft"
title  = "拟稿"
to     = "draft"
local  = "乡镇做法"
fields = [
  { id = "on",    title = "拟稿日期", type = "day" },
  { id = "title", title = "标题",     type = "text" },
]

[[step]]
id     = "sign"
title  = "签发"
from   = ["draft"]
to     = "signed"
local  = "乡镇做法"
fields = [
  { id = "on",   title = "签发日期", type = "day" },
  { id = "code", title = "统一编号", type = "text", number = { pattern = "青〔{year}〕{seq}号", local = "按签发年份连号" } },
]

[[case]]
title = "签发时编号"
steps = [
  { step = "draft", on = 2026-03-02 },
  { step = "sign",  on = 2026-03-03 },
]
then  = "signed"
>>
$ yifa definitions check 本地
登记簿 55 个，数字 492 个，法律文件 106 件，待核引文 387 处：没有问题。

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
已建立 ./yifa-data（上犹县青石乡）
核验公钥：example.gov.cn/360724/qingshi[KEY]
请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。
下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。
要用网页：yifa account first 建立第一个系统管理员，再运行 yifa serve。

$ yifa definitions adopt 本地 --reason 增设通告
已采用，已记入日志第 1 条。已有的案卷仍按开立时的定义办理，数字和期限已重新推算。

<< 甲.toml
on = 2026-03-02
title = "防汛通告"
>>
$ yifa step notice new draft --file 甲.toml
已记入第 2 条：通告（案卷 [ID]）

<< 乙.toml
on = 2026-03-03
title = "封山通告"
>>
$ yifa step notice new draft --file 乙.toml
已记入第 3 条：通告（案卷 [ID]）

<< 丙.toml
on = 2026-03-04
title = "停水通告"
>>
$ yifa step notice new draft --file 丙.toml
已记入第 4 条：通告（案卷 [ID]）

<< 签.toml
on = 2026-03-09
>>
# Drafted last, signed first.
$ yifa step notice 停水通告 sign --file 签.toml
已记入第 5 条：通告（案卷 [ID]）
统一编号：青〔2026〕1号

# Signed on paper, while the power was out.
<< 纸.toml
on = 2026-03-10
code = "青〔2026〕3号"
>>
$ yifa step notice 防汛通告 sign --file 纸.toml
已记入第 6 条：通告（案卷 [ID]）

# Number 3 is taken; what comes next counts on from it.
$ yifa step notice 封山通告 sign --file 纸.toml
! P222 统一编号“青〔2026〕3号”已经用过
!   处理：请核对编号；同一案卷的后续步骤请接着它记
= 2

$ yifa step notice 封山通告 sign --file 签.toml
已记入第 7 条：通告（案卷 [ID]）
统一编号：青〔2026〕4号

<< 改.toml
of = "6"
reason = "抄错了"
[fields]
code = "青〔2026〕1号"
>>
$ yifa step notice 防汛通告 correct --file 改.toml
! P222 统一编号“青〔2026〕1号”已经用过
!   处理：请核对编号；同一案卷的后续步骤请接着它记
= 2

$ yifa rebuild
表与日志一致：8 条记入，3 个案卷，11 行

$ yifa export notice --out 通告.csv
已导出 3 行到 通告.csv

$ cat 通告.csv
﻿编号,拟稿日期,标题,签发日期,统一编号
[ID],2026-03-02,防汛通告,2026-03-10,青〔2026〕3号
[ID],2026-03-03,封山通告,2026-03-09,青〔2026〕4号
[ID],2026-03-04,停水通告,2026-03-09,青〔2026〕1号
