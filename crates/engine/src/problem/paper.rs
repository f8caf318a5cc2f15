//! Problems of papers: their templates, and printing them (P520, P65x, P66x).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 520,
        title: "文书样式的文字写得不对",
        text: "文书样式一行一样：“## ”标题，“> ”顶格，“>> ”靠右，“^ ”居中，“| 格 | 格 |”表格的一行，“*步骤 | … |”每一次一行，“~ 甲 | 乙”签名处，“= 出席 | …”名单，其余是正文；“?步骤.字段: ”开头的，填了那个字段才有。花括号里写 {步骤.字段}、{步骤.字段:boxes}（列出全部选项）、{____}（手填）或者 number、title、town 等几个词。",
    },
    Explained {
        code: 650,
        title: "登记簿没有文书样式",
        text: "文书由 definitions/papers 里与登记簿同名的文件规定：有哪几份、必须还是按需、上面写什么。本单位要加的，在本地定义里放一份，再用 yifa definitions adopt 采用；随附的样式，放一份同名的就代替它。",
    },
    Explained {
        code: 651,
        title: "案卷没有这份文书",
        text: "文书跟着步骤走：那一步还没有登记，就没有这份文书；只附扫描件的，没有可印的。不写 --out 运行 yifa paper，列出这个案卷有哪些文书、各是什么编号。",
    },
    Explained {
        code: 652,
        title: "一个 DOCX 只放一份文书",
        text: "卷里的文书各自签字、各自盖章，所以一份一个 .docx。要全部的，把 --out 写成目录；要整卷连封面、目录一起印的，写成 .pdf。",
    },
    Explained {
        code: 653,
        title: "没有写印出个人信息的理由",
        text: "姓名、电话、调解记录等平时封存，印文书时留空，由人手填。要一并印出的，写明办什么事要用：什么时候、谁、为什么印，记入访问日志，在案卷的页面上看得到。",
    },
    Explained {
        code: 660,
        title: "没有排印程序",
        text: "PDF 由单独的程序 yifa-pdf 排印：它编译要十来分钟，所以不随第一次编译。在源程序目录运行 cargo run --release -p pdf -- add，编译它并检查字体；安装包里带着它，请与 yifa 放在同一个目录。放在别处的，用环境变量 YIFA_PDF 指明。DOCX 和 HTML 不需要它。",
    },
    Explained {
        code: 661,
        title: "没有中文字体",
        text: "PDF 要把字体嵌进文件。程序先找数据目录的 fonts，再找系统的字体目录；仿宋、小标宋、楷体、黑体各有一串名称，单位自己的在前，自由许可的在后。请把有权使用的字体文件放进数据目录的 fonts，或者运行 cargo run --release -p pdf -- add 取自由许可的字体。",
    },
    Explained {
        code: 662,
        title: "字体缺字",
        text: "有的姓名、地名用字很少见，现有字体都没有。空着一个框印出去，等于把人名写错，所以一页也不生成。请在数据目录的 fonts 里放一份收字多的字体；也可以先用 DOCX，在有这个字的电脑上打印。",
    },
    Explained {
        code: 663,
        title: "排印没有在规定时间内完成",
        text: "排印是单独的程序，排一份文书或者一卷最多等一分钟；到时候没有排完，就停下它，轮到排在后面的。什么也没有生成，案卷没有变。通常一卷不到一秒，这么久多半是机器内存不够或者字体文件有问题；请先用 DOCX，再看数据目录的 fonts 里最近放了什么字体。",
    },
];
