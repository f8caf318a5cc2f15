# The journal leaves the house: any third party checks it, with or without what the entries say.

$ demo

$ yifa verify
核验无误：6025 条记入，52 个附件，根 [ROOT]
由日志推得的表是否一致，请用 yifa rebuild 证明。

$ yifa verify --json
{
  "entries": 6025,
  "files": 52,
  "signed": 6025,
  "root": "[ROOT]",
  "differs": [],
  "count": 0
}

$ yifa rebuild
表与日志一致：6025 条记入，1319 个案卷，30680 行

$ yifa journal export 导出
已导出 6025 条到 导出。记入含有办理的时间和人员，请只交给有权核验的人。

$ ls 导出
checkpoint
tile
township.json
vkey

$ ls 导出/tile
0
1
entries

$ ls 导出/tile/entries
000
001
002
003
004
005
006
007
008
009
010
011
012
013
014
015
016
017
018
019
020
021
022
023.p

$ yifa-verify 导出
日志 demo/360724/wuzhifeng：6025 条，根 [ROOT]
公钥取自导出的目录。要证明是谁的日志，请用另外得到的公钥加 --key 再核验一次。
核验无误。

$ yifa-verify 导出 --figures 2023
日志 demo/360724/wuzhifeng：6025 条，根 [ROOT]
公钥取自导出的目录。要证明是谁的日志，请用另外得到的公钥加 --key 再核验一次。
! 没有导出内容，不能重新加数字。请用 yifa journal export --contents 导出
= 1

$ yifa journal export 导出全 --contents
已导出 6025 条到 导出全。记入含有办理的时间和人员，请只交给有权核验的人。

$ yifa-verify 导出全 --figures 2023
日志 demo/360724/wuzhifeng：6025 条，根 [ROOT]
公钥取自导出的目录。要证明是谁的日志，请用另外得到的公钥加 --key 再核验一次。
内容：6025 条与记入的承诺逐项核对
adviser.advised_people	提供法律咨询的人次	133人次	15 条
adviser.complaints	对法律顾问的投诉	1件	1 条
adviser.complaints_found	查实的对法律顾问的投诉	1件	1 条
adviser.consultation_people	集中法律咨询服务人次	88人次	6 条
adviser.consultations	法律顾问集中法律咨询	6次	6 条
…
study.training_people	参加法治培训的人次	87人次	4 条
核验无误。

# Not over what is there, and not with somebody else's key.

$ yifa journal export 导出
! P701 导出 已经存在，而且不是空目录
!   处理：请换一个空目录
= 2

$ yifa-verify 导出 --key demo/360724/wuzhifeng+00000000+AAAA
! 公钥不对：key type 0x00 is unknown
= 1

$ yifa-verify 没有
! 读不了 没有：No such file or directory (os error 2)
= 1

$ yifa-verify --help
yifa-verify：独立核验导出的日志，或者一个证据包

用法：yifa-verify DIR [--key 公钥] [--witness 见证公钥]… [--figures 年度]
      yifa-verify 证据包.zip [--key 公钥]

  DIR         yifa journal export 导出的目录
  证据包.zip  yifa bundle 或者网页上“下载证据包”得到的文件
  --key       另外得到的公钥（如县司法局存的）；不给则用目录或者包里的 vkey，只能证明前后一致，不能证明是谁的
  --witness   见证方（县、邻乡）的公钥，可以写几次；显示它见证到第几条、什么时候，没有见证过的算不符
  --figures   由导出的内容把这一年的数字重新加出来（导出时要加 --contents）；关于数字的证据包，总是重新加

退出码：0 无误，1 读不了，2 不符。

$ yifa-verify 导出 --figurs 2023
! 不认识的参数 --figurs
!
! yifa-verify：独立核验导出的日志，或者一个证据包
!
! 用法：yifa-verify DIR [--key 公钥] [--witness 见证公钥]… [--figures 年度]
!       yifa-verify 证据包.zip [--key 公钥]
!
!   DIR         yifa journal export 导出的目录
!   证据包.zip  yifa bundle 或者网页上“下载证据包”得到的文件
!   --key       另外得到的公钥（如县司法局存的）；不给则用目录或者包里的 vkey，只能证明前后一致，不能证明是谁的
!   --witness   见证方（县、邻乡）的公钥，可以写几次；显示它见证到第几条、什么时候，没有见证过的算不符
!   --figures   由导出的内容把这一年的数字重新加出来（导出时要加 --contents）；关于数字的证据包，总是重新加
!
! 退出码：0 无误，1 读不了，2 不符。
= 1
