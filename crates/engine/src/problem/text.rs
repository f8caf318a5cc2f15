//! Problems of what is asked for on the command line and of texts that are read (P6xx).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 601,
        title: "没有这个问题编号",
        text: "问题编号写成 P012：字母 P 加三位数字。不带编号运行 yifa explain，可以列出全部编号和名称。",
    },
    Explained {
        code: 602,
        title: "年度写得不对",
        text: "年度写四位数的公历年份，如 2023，在 1949 到 2200 之间，不早于日历的范围。上年的数由系统自己推算，不用另写。",
    },
    Explained {
        code: 603,
        title: "没有这个数字",
        text: "数字按编号指明，编号是“文件名.id”，如 mediation.ended。运行 yifa figures 2023 --all 可以列出全部数字的编号；确需新的数字，请为它写定义。",
    },
    Explained {
        code: 604,
        title: "没有报告的模板",
        text: "所采用的定义里没有这种报告的模板。请在 definitions/reports/ 下写模板，写法见 docs/definitions.md，检查通过后用 yifa definitions adopt 采用。",
    },
    Explained {
        code: 605,
        title: "不知道写成什么格式",
        text: "写出的格式由文件名的结尾决定：报告是 .html 或者 .txt，台账是 .xlsx 或者 .csv，表样只有 .xlsx。请改文件名再写。",
    },
    Explained {
        code: 606,
        title: "数字不能这样细分",
        text: "按类别细分，数字的定义里要写 kind；百分比的分子和分母要有相同的分类，各类才能分别相除。没有分类的，可以按村（--by village）、按月（--by month）细分，或者用 --entries 逐条列出。",
    },
    Explained {
        code: 607,
        title: "年度还没有到",
        text: "年度报告只能写已经开始的年度。还没有过完的年度可以先出草稿，写明“年度未结束”，数字截至当日，不与上年比较；年度结束以后重新生成。",
    },
    Explained {
        code: 608,
        title: "日志没有那么多条",
        text: "--at 指日志当时有多少条，用来重新得出以前报告里的数字；条数印在报告的“数据来源”里。它不能超过现在的条数，也不能早于第一次采用定义。",
    },
    Explained {
        code: 610,
        title: "文本文件读不了",
        text: "路径写错、文件已移走，或者没有读取权限。请核对路径和权限后再试；文件名含空格的，用引号括起来。",
    },
    Explained {
        code: 611,
        title: "文本文件太大",
        text: "要检查的文本超过 64 MB。一份年度报告不过几十 KB，超过的多半是选错了文件，或者夹带了图片。请只给报告的正文。",
    },
    Explained {
        code: 612,
        title: "不是文本文件",
        text: "读到的不是 UTF-8、GBK 或者 UTF-16 编码的文字，可能是 Word、PDF、图片或者程序。请在原来的软件里另存为纯文本（.txt），或者复制出文字再检查。",
    },
    Explained {
        code: 613,
        title: "要检查的文本是空的",
        text: "文件里没有文字，没有什么可以检查。请确认选对了文件、内容已经保存；从 Word、PDF 复制的，看看是不是只复制了图片。",
    },
];
