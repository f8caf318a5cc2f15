# A document rests on law; the law changes; which documents are still in force and have to be looked at?

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
…

<< 本地/registers/notice_paper.toml
id     = "notice_paper"
title  = "通告"
local  = "样例"
scope  = "township"
label  = ["issue.title"]

[state]
in_force = "有效"
repealed = "已废止"

[[step]]
id     = "issue"
title  = "印发"
to     = "in_force"
local  = "样例"
fields = [
  { id = "on",    title = "印发日期", type = "day" },
  { id = "title", title = "标题", type = "text" },
  { id = "laws",  title = "依据", type = "law", many = true },
]

[[step]]
id     = "repeal"
title  = "废止"
from   = ["in_force"]
to     = "repealed"
local  = "样例"
fields = [{ id = "on", title = "废止日期", type = "day" }]
>>

<< 本地/figures/papers.toml
[[figure]]
id    = "in_force"
title = "有效的通告"
unit  = "件"
stock = { register = "notice_paper", from = "issue.on", ended_by = ["repeal"] }
local = "样例"
says  = ["有效通告"]
>>

<< 本地/cases/notice_paper.toml
[[case]]
title = "印发"
steps = [{ step = "issue", on = 2026-03-02, laws = ["《民事诉讼法》"] }]
then  = "in_force"
no_flags = true
>>
$ yifa definitions adopt 本地 --reason 加一个登记簿
…

<< 甲.toml
on = 2023-05-04
title = "甲通告"
laws = ["《民事诉讼法》第二百零一条", "《民法典》第二百零二条"]
>>
$ yifa step notice_paper new issue --file 甲.toml
…

<< 乙.toml
on = 2024-05-06
title = "乙通告"
laws = ["《民事诉讼法》第二百零五条"]
>>
$ yifa step notice_paper new issue --file 乙.toml
…

<< 丙.toml
on = 2023-05-04
title = "丙通告"
laws = ["《民事诉讼法》"]
>>
$ yifa step notice_paper new issue --file 丙.toml
…

<< 废止.toml
on = 2024-02-01
>>
$ yifa step notice_paper 丙通告 repeal --file 废止.toml
…

$ yifa laws affected --on 2024-06-30
通告 甲通告【有效】
  2023-05-04 “印发”写的依据：《民事诉讼法》第二百零一条，当时施行的是 2022-01-01 起的版本
  2024-01-01 起施行修改后的版本
依据有变动的 1 处

$ yifa laws affected --on 2024-01-31 --json
[
  {
    "register": "notice_paper",
    "register_title": "通告",
    "record": "[ID]",
    "called": "甲通告",
    "state": "有效",
    "step": "印发",
    "day": "2023-05-04",
    "cite": "《民事诉讼法》第二百零一条",
    "title": "中华人民共和国民事诉讼法",
    "then": "2022-01-01",
    "on": "2024-01-01",
    "what": "amended",
    "now": null
  },
  {
    "register": "notice_paper",
    "register_title": "通告",
    "record": "[ID]",
    "called": "丙通告",
    "state": "已废止",
    "step": "印发",
    "day": "2023-05-04",
    "cite": "《民事诉讼法》",
    "title": "中华人民共和国民事诉讼法",
    "then": "2022-01-01",
    "on": "2024-01-01",
    "what": "amended",
    "now": null
  }
]

$ yifa laws affected --on 2023-12-31
依据有变动的 0 处

$ yifa laws affected --on 2024-06-30 --since 2024-01-02
依据有变动的 0 处
