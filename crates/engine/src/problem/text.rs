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
        code: 609,
        title: "没有这份指标目录",
        text: "yifa indicators 对照的是目录里写了 figures、registers 或者 missing 的条目。不写 --catalogue 的，用名为 indicators 的目录；所采用的定义里没有的，用 --catalogue 指明另一份，或者在本地的 catalogues 目录写一份再采用。",
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
        text: "读到的不是 UTF-8、GBK 或者 UTF-16 编码的文字，可能是图片、程序或者旧版的 .doc、.wps。能读的是纯文本、.docx 和 .pdf，请在原来的软件里另存为其中一种。",
    },
    Explained {
        code: 613,
        title: "要检查的文本是空的",
        text: "文件里没有文字，没有什么可以检查。请确认选对了文件、内容已经保存；从 Word、PDF 复制的，看看是不是只复制了图片。",
    },
    Explained {
        code: 614,
        title: "文字的编码有一处坏了",
        text: "文件是 UTF-8 编码的文字，只是提示的那一处有读不懂的字节，多半是传输、拼接时损坏了，或者混进了别的编码。程序不猜那里原来是什么字。请改正那一处，或者在原来的软件里重新另存为纯文本。",
    },
    Explained {
        code: 615,
        title: "Word 文档里读不出文字",
        text: "文件像 .docx，里面却没有正文，或者已经损坏、解开后太大。请在 Word 或者 WPS 中打开，另存为 .docx 或者纯文本再试；旧版 .doc、.wps 不能直接读。",
    },
    Explained {
        code: 616,
        title: "指不到要对照的文本",
        text: "条文对照要写明案卷里的哪个步骤、第几次、哪个字段，如 draft:1、issue.text。步骤没有走过、没有附文本、附件不在 files 目录里的，都对照不了；封存的附件不打开。",
    },
    Explained {
        code: 617,
        title: "条文对照要写两个文本",
        text: "写法有两种：yifa compare 登记簿 案卷 前一个步骤 后一个步骤；yifa compare 前一个文件 后一个文件。",
    },
    Explained {
        code: 618,
        title: "这个数字没有某一天的数",
        text: "--on 问的是某一天有效的有多少：合同、职务、调解组织、覆盖的村，或者到那一天逾期未办的。一段时间里发生了多少件的数字，没有某一天的数，请写年度。",
    },
    Explained {
        code: 619,
        title: "PDF 里没有文字",
        text: "扫描、拍照做成的 PDF，每一页是一张图片，看得见字，文件里没有字。程序不认图片里的字，认错一个数字就会判错。请找原来的 Word 文档，或者用文字识别软件转换、核对以后再给。",
    },
    Explained {
        code: 620,
        title: "没有这个命令",
        text: "命令写在 yifa 后面，如 yifa list、yifa figures。提示中给出最接近的一个；运行 yifa --help 可以列出全部命令，命令后面加 --help 看它的说明。",
    },
    Explained {
        code: 621,
        title: "命令不认识这个参数",
        text: "参数的名称写错，多写了一个，或者两个参数不能同时用。提示中给出最接近的名称和完整的写法。以减号开头的内容本身，写在 -- 之后。",
    },
    Explained {
        code: 622,
        title: "命令缺少参数",
        text: "必须写明的参数没有写，或者写了名称没有写内容。提示中列出缺的是哪几个和完整的写法；尖括号里的是要换成实际内容的。内容中有空格的，用引号括起来。",
    },
    Explained {
        code: 623,
        title: "参数的内容不对",
        text: "日期写成 2023-09-05，年度和个数只写阿拉伯数字；只能选几样的，提示中都列出来。请照提示改正后再运行，这一次什么也没有做。",
    },
    Explained {
        code: 624,
        title: "PDF 有打开密码",
        text: "加了打开密码的 PDF 读不出内容，程序也不索要密码。请用密码打开，在打印里选“另存为 PDF”，得到没有密码的一份；或者给原来的 Word 文档。只限制打印、复制而不用密码就能打开的，可以读。",
    },
    Explained {
        code: 625,
        title: "PDF 不完整或者已经损坏",
        text: "文件开头像 PDF，里面读不通，多半是下载、拷贝没有完成。请重新取得文件；阅读软件打得开的，打印为新的 PDF 再试，或者给原来的 Word 文档。",
    },
    Explained {
        code: 626,
        title: "PDF 里的文字不知道是哪些字",
        text: "有些 PDF 只存字的形状，没有写明是哪个字，在阅读软件里复制出来是乱码。程序不猜。请给原来的 Word 文档，或者用文字识别软件转换、核对以后再给。",
    },
    Explained {
        code: 627,
        title: "批注要写到另一个 Word 文件",
        text: "批注写在文档的副本里，原来的文件一个字也不动，所以文件名要和原来的不同，并以 .docx 结尾。例：yifa check 报告.docx --comments 报告（批注）.docx。",
    },
    Explained {
        code: 628,
        title: "只能在 Word 文档里写批注",
        text: "批注写在 .docx 的副本里。纯文本、PDF 和贴上的文字没有地方放批注，核对的结果照样列在屏幕上、网页上。请给 .docx；旧版 .doc、.wps 先另存为 .docx。",
    },
];
