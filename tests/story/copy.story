# What another record says already is not typed again, and cannot be said otherwise.

<< 本地/registers/notice.toml
# 通告：合法性审查的结论由审查案卷带出。
id     = "notice"
title  = "通告"
local  = "乡镇做法"
scope  = "township"
read   = ["clerk"]
label  = ["draft.title"]

[[step]]
id     = "draft"
title  = "拟稿"
local  = "乡镇做法"
fields = [
  { id = "on",      title = "拟稿日期", type = "day" },
  { id = "title",   title = "标题",     type = "text" },
  { id = "review",  title = "合法性审查案卷", type = "record", register = "legality_review" },
  { id = "opinion", title = "审查结论", type = "choice", copy = { of = "review", field = "opine.opinion" }, choices = { lawful = "合法", amend = "应当予以修改", unlawful = "不合法", reform = "探索性改革" } },
]

[[case]]
title = "拟稿"
steps = [{ step = "draft", on = 2026-03-02 }]
then  = "recorded"
>>
$ demo

$ yifa definitions adopt 本地 --reason 增设通告
已采用，已记入日志第 6025 条。已有的案卷仍按开立时的定义办理，数字和期限已重新推算。

<< 防汛.toml
on = 2026-03-02
title = "防汛通告"
review = "（2023）法审字第1号"
>>
$ yifa step notice new draft --file 防汛.toml
已记入第 6026 条：通告（案卷 [ID]）

$ yifa show notice 防汛通告
通告  防汛通告  【已登记】

第 6026 条  2026-03-02  拟稿  本机，[TODAY] 记入
    拟稿日期：2026-03-02
    标题：防汛通告
    合法性审查案卷：（2023）法审字第1号
    审查结论：应当予以修改
    依据：本地：乡镇做法

<< 封山.toml
on = 2026-03-02
title = "封山通告"
review = "（2023）法审字第1号"
opinion = "合法"
>>
$ yifa step notice new draft --file 封山.toml
! P205
!
!   × “审查结论”与“合法性审查案卷”不同，那里是“应当予以修改”
!    ╭─[封山.toml:4:1]
!  3 │ review = "（2023）法审字第1号"
!  4 │ opinion = "合法"
!    · ───────
!    ╰────
!   处理：不用填，由“合法性审查案卷”带出；那里记错了的，请先更正那里
= 2

# A review under way has no opinion yet.
<< 送审.toml
on = 2026-03-02
title = "停水通告"
kind = "其他涉法事务"
office = "党政综合办公室"
drafters = "邱念禾"
urgent = "否"
papers = "送审稿和说明、制定依据"
text = "送审.toml"
>>
$ yifa step legality_review new submit --file 送审.toml
已记入第 6027 条：合法性审查 （2026）法审字第1号（案卷 [ID]）

<< 停水.toml
on = 2026-03-02
title = "停水通告"
review = "停水通告"
>>
$ yifa step notice new draft --file 停水.toml
! P202 停水.toml：“审查结论”没有填
!   处理：由所引用的案卷带出，这里不用填：请先在那个案卷里记
!   依据：本地：乡镇做法
= 2
