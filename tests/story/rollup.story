# One number over several townships: each added up by itself, and what is missing beside it.

$ demo

$ yifa --data second init --town 青石乡 --county 上犹县 --city 赣州市 --province 江西省 --origin example.gov.cn/360724/qingshi
已建立 second（上犹县青石乡）
核验公钥：example.gov.cn/360724/qingshi[KEY]
请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。
下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。
要用网页：yifa account first 建立第一个系统管理员，再运行 yifa serve。

$ yifa rollup mediation.ended 2023 --data-root . --by town --quiet 36500
省      市      县      乡镇                     值  记入  补录  有标记  乡镇数  没有的
───────────────────────────────────────────────────────────────────────────────────────
—       —       上犹县  五指峰乡（演示数据）  286起   286    22      11       1       0
江西省  赣州市  上犹县  青石乡                  0起     0     0       0       1       1
调解矛盾纠纷：286起；背后记入 286 条，其中补录 22，有标记 11
共 2 个乡镇，其中 1 个没有这个数字背后的记入
没有记入的：上犹县青石乡
打开一个乡镇的数字：yifa --data ./〔乡镇〕 figure mediation.ended 2023 --entries

# Without more it is by county, and whoever recorded nothing for thirty days is named.
$ yifa rollup mediation.ended 2023 --data-root . --within 上犹县
省      市      县         值  记入  补录  有标记  乡镇数  没有的
─────────────────────────────────────────────────────────────────
—       —       上犹县  286起   286    22      11       1       0
江西省  赣州市  上犹县    0起     0     0       0       1       1
调解矛盾纠纷：286起；背后记入 286 条，其中补录 22，有标记 11
共 2 个乡镇，其中 1 个没有这个数字背后的记入
没有记入的：上犹县青石乡
30 天内没有记入任何事的，1 个：
    上犹县五指峰乡（演示数据）：最后记入 2025-01-21 15:12，最后签署 2025-01-21 15:12（6025 条，现有 6025 条）
打开一个乡镇的数字：yifa --data ./〔乡镇〕 figure mediation.ended 2023 --entries

$ yifa rollup mediation.ended 2023 --data-root . --by province --within 江西省/赣州市
省       值  记入  补录  有标记  乡镇数  没有的
───────────────────────────────────────────────
江西省  0起     0     0       0       1       1
调解矛盾纠纷：0起；背后记入 0 条，其中补录 0，有标记 0
共 1 个乡镇，其中 1 个没有这个数字背后的记入
没有记入的：上犹县青石乡
打开一个乡镇的数字：yifa --data ./〔乡镇〕 figure mediation.ended 2023 --entries

$ yifa rollup mediation.ended 2023 --data-root . --within 没有的县
! P785 没有“没有的县”这个省、市、县的乡镇
!   处理：请照各乡镇建立时所写的名称写：省、市、县的一个名称，或者从上往下用斜线隔开，如 江西省/赣州市/上犹县
= 2

$ yifa rollup mediation.ended 2023 --data-root second
! P786 second 里没有乡镇的数据目录
!   处理：请写放着各乡镇数据目录的那个目录：里面每个乡镇一个子目录，子目录里有 yifa.toml
= 2

$ yifa rollup mediation.end 2023 --data-root .
! P603 没有数字“mediation.end”
!   处理：请用 yifa figures 2023 查看编号，是不是想写“mediation.ended”
= 2

$ yifa rollup mediation.ended 2023
! P622 缺少 --database <URL>
!   处理：写法：yifa rollup --database <URL> <FIGURE> <YEAR>；加 --help 看说明
= 2
