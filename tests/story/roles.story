# What only some roles may read is shown to none of the others, by whatever door.

$ demo

$ yifa list cadre_matter
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa list 干部任免事项 --role 领导
编号               案卷                             日期        状态    标记
────────────────────────────────────────────────────────────────────────────
（2024）干任第1号  便民服务中心副主任·2024-03-04    2024-03-04  已办结     2
（2023）干任第1号  乡村振兴办公室副主任·2023-08-16  2023-08-16  已办结
列出 2 个，登记簿共 2 个

$ yifa show cadre_matter （2023）干任第1号 --role inspector
! P233 “干部任免事项”只供领导查看，您以督察的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

# Not even whether there is one of that name.
$ yifa show cadre_matter 没有这一件
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa trace record cadre_matter 没有这一件
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa export cadre_matter --out 干部.csv
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa compare cadre_matter （2023）干任第1号 motion propose
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa trace record cadre_matter （2023）干任第1号
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa figure decision.cadre_matters 2023
集体讨论的干部任免事项：1项
背后记入 1 条，其中补录 0，有标记 0
口径：《公务员法》第四十六条第（四）项；本地：只数件数
列出记入：yifa figure decision.cadre_matters 2023 --entries

$ yifa figure decision.cadre_matters 2023 --entries
记入  日期  案卷  村  类别  计  补录  标记
──────────────────────────────────────────
另有 1 条在您的角色不能查看的登记簿里；确有别的角色的，请写 --role
共 0 条

$ yifa figure decision.cadre_matters 2023 --entries --role leader
记入  日期        案卷                                               村        类别  计  补录  标记
───────────────────────────────────────────────────────────────────────────────────────────────────
2385  2023-09-04  （2023）干任第1号 乡村振兴办公室副主任·2023-08-16  乡镇本级         1
共 1 条

$ yifa flags --register cadre_matter
! P233 “干部任免事项”只供领导查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa due --register accountability
! P233 “责任倒查”只供领导、督察查看，您以经办的角色查看
!   处理：确有这个角色的，请写 --role leader
= 2

$ yifa list accountability --role inspector
编号               案卷                        日期        状态    标记
───────────────────────────────────────────────────────────────────────
（2024）责查第2号  七个村农家书屋设备采购      2024-09-18  核查中     2
（2024）责查第1号  茶园背村农产品冷库选址建设  2024-07-01  已办结
列出 2 个，登记簿共 2 个

$ yifa list cadre_matter --role 经理
! P623 “经理”不能用作 --role <ROLE>
!   处理：请写：clerk（经办）、leader（领导）、reviewer（合法性审查）、mediator（调解员）、adviser（法律顾问）、village（村干部）、inspector（督察）、admin（系统管理）。加 --help 看怎样写
= 2
