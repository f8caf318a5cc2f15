# A newcomer types one command and sees everything once.

$ yifa demo
已建立上犹县五指峰乡（演示数据）：案卷 574 个，记入 2603 条，标记 9 处，补录 140 条

一、数字：每个都数得出背后的记入

编号                      数字                                 值          上年  记入  补录  有标记
───────────────────────────────────────────────────────────────────────────────────────────────────
adviser.consultations     法律顾问集中法律咨询                6次           1次     6     1       0
adviser.coverage          村法律顾问覆盖率                   100%          100%     8     0       0
adviser.covered_villages  有法律顾问的村                      7个           7个     1     0       0
adviser.lawyers           法律顾问                            1名           1名     1     0       0
base.villages             行政村                              7个           7个     7     0       0
mediation.agreed          调解成功                          283起          20起   283    22       7
mediation.ended           调解矛盾纠纷                      286起          20起   286    22       8
mediation.failed          调解不成                            3起           0起     3     0       1
mediation.success_rate    调解成功率                          99%          100%   286    22       8
publicity.large_events    大型普法宣传活动                   16场           1场    16     0       0
publicity.materials       发放宣传资料              13000份（册）  1310份（册）    59     2       0
publicity.volunteer       普法宣传文明实践志愿活动           33次           3次    33     0       0
service.people            服务对象                        665人次        51人次   292    23       8
study.centre_group        党委理论学习中心组学法              6次           1次     6     0       0

二、年度报告：文字由模板，数字由台账

已写出 ./yifa-demo/年度报告2023.html（引用数字 59 个，都附数据来源）
已写出 ./yifa-demo/年度报告2023.txt（引用数字 59 个，都附数据来源）

三、核对别人写的报告

错误[skipped_ordinal] “三是”之前缺“二是”，请补写或改号。
  ╭─ ./yifa-demo/待核对的报告.txt:15:25
15│ …不及时，原因是没有做到随办随记。三是村级法律人才缺乏。
  │                                  ────────────────────

不符 台账为 286起（286 条，mediation.ended），多写 10
  ╭─ ./yifa-demo/待核对的报告.txt:11:19
11│ …）化解矛盾纠纷。全年调解矛盾纠纷296起，共计服务对象660余人次。
  │                                  ─────

行  表述           事项                                结论           台账  记入  数字
────────────────────────────────────────────────────────────────────────────────────────────────────────
 7  6次            党委中心组学法                      相符            6次     6  study.centre_group
 7  16场           大型法律宣传活动                    相符           16场    16  publicity.large_events
 7  30余次         普法文明实践志愿活动                相符           33次    33  publicity.volunteer
 7  13000份（册）  宣传资料                            相符  13000份（册）    59  publicity.materials
 7  3次            干部旁听庭审                        无据
 9  1名            乡政府以购买服务的形式聘请专业律师  相符            1名     1  adviser.lawyers
 9  7个            行政村法律顾问覆盖率达100%          相符            7个     7  base.villages
 9  100%           7个行政村法律顾问覆盖率             相符           100%     8  adviser.coverage
 9  6次            法律顾问集中解答法律咨询活动        相符            6次     6  adviser.consultations
11  296起          调解矛盾纠纷                        不符          286起   286  mediation.ended
11  660余人次      服务对象                            相符        665人次   292  service.people
按 2023 年台账：表述 11 处，相符 9，不符 1，无据 1；文字错误 1 处，提示 0 处；按节选处理，未查法定部分。

四、核验日志，证明表与日志一致

重新计算 2603 条记入、12 个附件的哈希，不符 0 处
重放日志，比对 574 个案卷的 11325 行，不一致 0 处

接下来可以试

  yifa --data ./yifa-demo figure mediation.ended 2023 --entries
      点开一个数字
  yifa --data ./yifa-demo figure mediation.ended 2023 --by kind
      按类别细分
  yifa --data ./yifa-demo list mediation_case --limit 5
      看案卷清单
  yifa --data ./yifa-demo flags
      看不该发生而发生了的
  yifa --data ./yifa-demo export mediation_case
      导出成 Excel
  yifa --data ./yifa-demo check 某某报告.txt
      核对一份真的报告
  yifa definitions show mediation_case
      看一个登记簿的步骤和依据

# A second time goes on with what is there.

$ yifa demo --no-serve
./yifa-demo 已有演示数据，接着用（要重做请先删去这个目录）

一、数字：每个都数得出背后的记入

编号                      数字                                 值          上年  记入  补录  有标记
───────────────────────────────────────────────────────────────────────────────────────────────────
adviser.consultations     法律顾问集中法律咨询                6次           1次     6     1       0
adviser.coverage          村法律顾问覆盖率                   100%          100%     8     0       0
adviser.covered_villages  有法律顾问的村                      7个           7个     1     0       0
adviser.lawyers           法律顾问                            1名           1名     1     0       0
base.villages             行政村                              7个           7个     7     0       0
mediation.agreed          调解成功                          283起          20起   283    22       7
mediation.ended           调解矛盾纠纷                      286起          20起   286    22       8
mediation.failed          调解不成                            3起           0起     3     0       1
mediation.success_rate    调解成功率                          99%          100%   286    22       8
publicity.large_events    大型普法宣传活动                   16场           1场    16     0       0
publicity.materials       发放宣传资料              13000份（册）  1310份（册）    59     2       0
publicity.volunteer       普法宣传文明实践志愿活动           33次           3次    33     0       0
service.people            服务对象                        665人次        51人次   292    23       8
study.centre_group        党委理论学习中心组学法              6次           1次     6     0       0

二、年度报告：文字由模板，数字由台账

已写出 ./yifa-demo/年度报告2023.html（引用数字 59 个，都附数据来源）
已写出 ./yifa-demo/年度报告2023.txt（引用数字 59 个，都附数据来源）

三、核对别人写的报告

错误[skipped_ordinal] “三是”之前缺“二是”，请补写或改号。
  ╭─ ./yifa-demo/待核对的报告.txt:15:25
15│ …不及时，原因是没有做到随办随记。三是村级法律人才缺乏。
  │                                  ────────────────────

不符 台账为 286起（286 条，mediation.ended），多写 10
  ╭─ ./yifa-demo/待核对的报告.txt:11:19
11│ …）化解矛盾纠纷。全年调解矛盾纠纷296起，共计服务对象660余人次。
  │                                  ─────

行  表述           事项                                结论           台账  记入  数字
────────────────────────────────────────────────────────────────────────────────────────────────────────
 7  6次            党委中心组学法                      相符            6次     6  study.centre_group
 7  16场           大型法律宣传活动                    相符           16场    16  publicity.large_events
 7  30余次         普法文明实践志愿活动                相符           33次    33  publicity.volunteer
 7  13000份（册）  宣传资料                            相符  13000份（册）    59  publicity.materials
 7  3次            干部旁听庭审                        无据
 9  1名            乡政府以购买服务的形式聘请专业律师  相符            1名     1  adviser.lawyers
 9  7个            行政村法律顾问覆盖率达100%          相符            7个     7  base.villages
 9  100%           7个行政村法律顾问覆盖率             相符           100%     8  adviser.coverage
 9  6次            法律顾问集中解答法律咨询活动        相符            6次     6  adviser.consultations
11  296起          调解矛盾纠纷                        不符          286起   286  mediation.ended
11  660余人次      服务对象                            相符        665人次   292  service.people
按 2023 年台账：表述 11 处，相符 9，不符 1，无据 1；文字错误 1 处，提示 0 处；按节选处理，未查法定部分。

四、核验日志，证明表与日志一致

重新计算 2603 条记入、12 个附件的哈希，不符 0 处
重放日志，比对 574 个案卷的 11325 行，不一致 0 处

接下来可以试

  yifa --data ./yifa-demo figure mediation.ended 2023 --entries
      点开一个数字
  yifa --data ./yifa-demo figure mediation.ended 2023 --by kind
      按类别细分
  yifa --data ./yifa-demo list mediation_case --limit 5
      看案卷清单
  yifa --data ./yifa-demo flags
      看不该发生而发生了的
  yifa --data ./yifa-demo export mediation_case
      导出成 Excel
  yifa --data ./yifa-demo check 某某报告.txt
      核对一份真的报告
  yifa definitions show mediation_case
      看一个登记簿的步骤和依据

# Somewhere else, and by --data.

$ yifa demo 另一个演示 --no-serve
已建立上犹县五指峰乡（演示数据）：案卷 574 个，记入 2603 条，标记 9 处，补录 140 条

一、数字：每个都数得出背后的记入

编号                      数字                                 值          上年  记入  补录  有标记
───────────────────────────────────────────────────────────────────────────────────────────────────
adviser.consultations     法律顾问集中法律咨询                6次           1次     6     1       0
adviser.coverage          村法律顾问覆盖率                   100%          100%     8     0       0
adviser.covered_villages  有法律顾问的村                      7个           7个     1     0       0
adviser.lawyers           法律顾问                            1名           1名     1     0       0
base.villages             行政村                              7个           7个     7     0       0
mediation.agreed          调解成功                          283起          20起   283    22       7
mediation.ended           调解矛盾纠纷                      286起          20起   286    22       8
mediation.failed          调解不成                            3起           0起     3     0       1
mediation.success_rate    调解成功率                          99%          100%   286    22       8
publicity.large_events    大型普法宣传活动                   16场           1场    16     0       0
publicity.materials       发放宣传资料              13000份（册）  1310份（册）    59     2       0
publicity.volunteer       普法宣传文明实践志愿活动           33次           3次    33     0       0
service.people            服务对象                        665人次        51人次   292    23       8
study.centre_group        党委理论学习中心组学法              6次           1次     6     0       0

二、年度报告：文字由模板，数字由台账

已写出 另一个演示/年度报告2023.html（引用数字 59 个，都附数据来源）
已写出 另一个演示/年度报告2023.txt（引用数字 59 个，都附数据来源）

三、核对别人写的报告

错误[skipped_ordinal] “三是”之前缺“二是”，请补写或改号。
  ╭─ 另一个演示/待核对的报告.txt:15:25
15│ …不及时，原因是没有做到随办随记。三是村级法律人才缺乏。
  │                                  ────────────────────

不符 台账为 286起（286 条，mediation.ended），多写 10
  ╭─ 另一个演示/待核对的报告.txt:11:19
11│ …）化解矛盾纠纷。全年调解矛盾纠纷296起，共计服务对象660余人次。
  │                                  ─────

行  表述           事项                                结论           台账  记入  数字
────────────────────────────────────────────────────────────────────────────────────────────────────────
 7  6次            党委中心组学法                      相符            6次     6  study.centre_group
 7  16场           大型法律宣传活动                    相符           16场    16  publicity.large_events
 7  30余次         普法文明实践志愿活动                相符           33次    33  publicity.volunteer
 7  13000份（册）  宣传资料                            相符  13000份（册）    59  publicity.materials
 7  3次            干部旁听庭审                        无据
 9  1名            乡政府以购买服务的形式聘请专业律师  相符            1名     1  adviser.lawyers
 9  7个            行政村法律顾问覆盖率达100%          相符            7个     7  base.villages
 9  100%           7个行政村法律顾问覆盖率             相符           100%     8  adviser.coverage
 9  6次            法律顾问集中解答法律咨询活动        相符            6次     6  adviser.consultations
11  296起          调解矛盾纠纷                        不符          286起   286  mediation.ended
11  660余人次      服务对象                            相符        665人次   292  service.people
按 2023 年台账：表述 11 处，相符 9，不符 1，无据 1；文字错误 1 处，提示 0 处；按节选处理，未查法定部分。

四、核验日志，证明表与日志一致

重新计算 2603 条记入、12 个附件的哈希，不符 0 处
重放日志，比对 574 个案卷的 11325 行，不一致 0 处

接下来可以试

  yifa --data 另一个演示 figure mediation.ended 2023 --entries
      点开一个数字
  yifa --data 另一个演示 figure mediation.ended 2023 --by kind
      按类别细分
  yifa --data 另一个演示 list mediation_case --limit 5
      看案卷清单
  yifa --data 另一个演示 flags
      看不该发生而发生了的
  yifa --data 另一个演示 export mediation_case
      导出成 Excel
  yifa --data 另一个演示 check 某某报告.txt
      核对一份真的报告
  yifa definitions show mediation_case
      看一个登记簿的步骤和依据

$ yifa --data yifa-demo figure mediation.ended 2023
调解矛盾纠纷：286起
背后记入 286 条，其中补录 22，有标记 8
口径：本地：调解终结的：达成协议与终止调解合计，按终结之日归期；口径待县局报表文号
列出记入：yifa figure mediation.ended 2023 --entries

$ yifa --data yifa-demo figure mediation.ended 2023 --by kind
类别          起  记入
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

$ yifa --data yifa-demo list mediation_case --limit 5
编号                         案卷                     日期        状态      标记
────────────────────────────────────────────────────────────────────────────────
（2024）枫树垅村人调字第2号  婚姻家庭·2024-01-22      2024-01-22  待受理
（2024）枫树垅村人调字第1号  婚姻家庭·2024-01-17      2024-01-17  调解中
（2024）云溪村人调字第2号    劳动争议·2024-01-11      2024-01-11  调解中
（2024）竹坪村人调字第1号    道路交通事故·2024-01-11  2024-01-11  达成协议
（2024）樟木桥村人调字第1号  生产经营·2024-01-05      2024-01-05  达成协议
列出 5 个，登记簿共 326 个

$ yifa --data yifa-demo flags
日期        标记      案卷                          说明                                                                  依据
──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
2023-10-08  漏步骤    （2023）枫树垅村人调字第23号  没有“告知权利义务”，也没有说明理由                                    《人民调解工作若干规定》第三十条、《人民调解法》第二十三条、《人民调解法》第二十四条
2023-09-20  逾期      （2023）樟木桥村人调字第22号  “立卷归档”，已过1个月（末日 2023-09-04）                              本地：乡镇做法：未达成协议的，一个月内归档
2023-09-11  逾期      （2023）竹坪村人调字第23号    “履行回访”，已过30日（末日 2023-08-28）                               本地：乡镇做法：履行期限届满后三十日内回访；法律、规章只说“监督”“适时”
2023-08-31  逾期      （2023）茶园背村人调字第33号  一般“达成协议”，已过1个月（末日 2023-08-14）                          《人民调解工作若干规定》第三十三条
2023-07-03  逾期      （2023）枫树垅村人调字第10号  可以“申请司法确认”，已过30日（末日 2023-06-25）                       《人民调解法》第三十三条第一款、《民事诉讼法》第二百零一条
2023-06-26  不合要求  （2023）茶园背村人调字第29号  “口头协议有民事权利义务内容，或者当事人要求书面”应为“否”，记的是“是”  《人民调解工作若干规定》第三十四条
2023-03-13  漏步骤    （2023）月形湾村人调字第7号   没有“告知权利义务”，也没有说明理由                                    《人民调解工作若干规定》第三十条、《人民调解法》第二十三条、《人民调解法》第二十四条
2023-02-22  逾期      （2023）枫树垅村人调字第1号   一般“达成协议”，已过1个月（末日 2023-02-06）                          《人民调解工作若干规定》第三十三条
2021-03-16  不合要求  石榴坑村人民调解委员会        “妇女委员人数”不少于1，记的是0                                        《人民调解法》第八条第三款
共 9 项

$ yifa --data yifa-demo verify
核验无误：2603 条记入，12 个附件，根 [ROOT]
由日志推得的表是否一致，请用 yifa rebuild 证明。

# A real township's folder is no place for a demonstration.

$ yifa init --town 青石乡 --county 上犹县 --origin example.gov.cn/360724/qingshi
已建立 ./yifa-data（上犹县青石乡）
核验公钥：example.gov.cn/360724/qingshi[KEY]
请把公钥报县司法局存一份；log.key 和 signed/ 请与数据库分开备份。
下一步：yifa template village 取村名册的表样，填好后用 yifa import village 导入。

$ yifa demo ./yifa-data
! P701 ./yifa-data 是正式的数据目录
!   处理：请给演示另外指定一个目录：yifa demo 目录
= 2
