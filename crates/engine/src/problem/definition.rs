//! Problems of definition files (P0xx).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 1,
        title: "文件不是合法的 TOML",
        text: "定义文件和 yifa step 的字段文件用 TOML 书写：一行一个“键 = 值”，文字加英文引号，几个值写在方括号里。常见原因：引号没有成对、少了逗号、同一个键写了两遍、用了全角的引号或等号。请按所指位置改正后再检查。",
    },
    Explained {
        code: 2,
        title: "不认识的键",
        text: "定义的词汇是封闭的：只有说明书列出的键可以写，写错的键不会被悄悄忽略。提示中给出拼写最接近的键；确需新的含义，请向维护者提出增加词汇。",
    },
    Explained {
        code: 3,
        title: "缺少必须写的键",
        text: "这一节没有写全。请补上提示中点名的键；样例见 definitions/ 下同类文件。",
    },
    Explained {
        code: 4,
        title: "值的类型不对",
        text: "这个键要求另一种写法：文字用英文引号括起来，日期写成 2024-01-31 且不加引号，是否写 true 或 false，多个值写在方括号里。",
    },
    Explained {
        code: 5,
        title: "值不在允许的范围内",
        text: "这个键只能取说明书列出的几个词之一。提示中给出可用的词和最接近的一个。",
    },
    Explained {
        code: 6,
        title: "编号不合规则",
        text: "编号（id、状态、选项）只用小写英文字母、数字和下划线，以字母开头，不超过四十个字符，便于在网址、表格和日志中使用。案例和 yifa step 自己用的词，字段、步骤不能用作编号：写在它名下的值到不了字段。",
    },
    Explained {
        code: 7,
        title: "编号重复",
        text: "同一范围内的编号只能出现一次：同一登记簿内的步骤、同一步骤内的字段、同一目录内的条目（编号和名称）、整套定义内的登记簿和数字，各不得重名。",
    },
    Explained {
        code: 8,
        title: "引用的名称不存在",
        text: "所引的登记簿、步骤、字段、状态、选项、目录或数字在定义中找不到。提示中给出最接近的名称。",
    },
    Explained {
        code: 9,
        title: "没有写明依据",
        text: "每个登记簿、步骤、禁止、期限、目录和数字都要写 basis（法律依据）或者 local（本地规定或习惯），两者必居其一。本地做法不得冒充法律。",
    },
    Explained {
        code: 10, title: "几处写法互相矛盾", text: "这些键不能这样同时出现。请按提示保留其中一种写法。"
    },
    Explained {
        code: 11,
        title: "有的状态或步骤永远到不了",
        text: "从开立案卷的步骤出发，按 from 和 to 走，到不了这里，说明流程断了。请检查各步骤的 from 与 to。",
    },
    Explained {
        code: 12,
        title: "个人信息不得计入数字",
        text: "标了 privacy = \"personal\" 的字段，其内容不得用于统计、分类、筛选；可以数它有几个值。请改用不含个人信息的字段。",
    },
    Explained {
        code: 13,
        title: "词汇版本不符",
        text: "整套定义须写明 vocabulary = 1。已公布版本的词义不再改变，旧的记入才能一直按原意重放；本程序不认识更新的版本时，请升级程序。",
    },
    Explained {
        code: 14,
        title: "案例与定义的结果不符",
        text: "每个登记簿附有案例（先后所走的步骤，应得的状态、期限、标记、拒绝），它们就是定义的测试。案例与实际推得的结果不同，或者改定义，或者改案例。",
    },
    Explained {
        code: 15,
        title: "登记簿没有案例",
        text: "每个登记簿至少要有一个案例，放在 definitions/cases/ 下，用来证明定义确实如文字所说。",
    },
    Explained {
        code: 16,
        title: "时间写法不对",
        text: "期限写成 { days = 30 }、{ working_days = 7 } 或 { months = 1 } 之一，数值在一到一千二百之间，并写明从哪一天起算（of）。",
    },
    Explained {
        code: 17,
        title: "文件放错了地方",
        text: "本地的定义放在 registers、catalogues、parameters、figures、checks、imports、statements、reports、calendar、cases、laws 这几个目录里，词汇版本写在 set.toml。放在别处的文件程序不读，若不指出，就会被当作已经检查过、采用了。目录名写错的，提示中给出最接近的一个；空目录里没有可检查的东西，多半是路径写错了。",
    },
    Explained {
        code: 19,
        title: "可以多选的选项，名称里有分隔符号",
        text: "可以多选的字段（choices）在表格的一格里用顿号、逗号、分号隔开几个选项，选项自己的名称里就不能再有这些符号，否则导出以后读不回来。请改用“或者”“和”等字。以前采用的定义里有的，照旧能读；重新采用时要改。",
    },
    Explained {
        code: 30,
        title: "每年的日子写法不对",
        text: "目录里每年都有的日子写成四种之一：on = \"12-04\" 某月某日，week_of = \"04-15\" 含这一天的那一周（星期一到星期日），month = 6 整月，nth = { month = 5, weekday = 7, n = 3 } 五月的第三个星期日。月、日写两位；二月二十九日和第五个星期几不是每年都有，不能写。",
    },
    Explained {
        code: 35,
        title: "单元格、列、行的写法不对",
        text: "报表（statements）里的位置照 Excel 的写法：单元格写 C6，列写 C，行写 6，几个单元格写 A1:J1；列用大写字母，行从 1 起。",
    },
    Explained {
        code: 36,
        title: "格子里的花括号写法不对",
        text: "报表的格子里，花括号里写字段（步骤.字段）或者说明书列出的词：一行里有 ordinal 序号、number 编号、title 名称、state 状态，固定的文字里有 town 乡镇、county 县、period 报告期、year 年度、as_of 截至日期。花括号要成对，里面不再套花括号。",
    },
    Explained {
        code: 18,
        title: "互相引用成了圈",
        text: "比率和合计引用别的数字，不得直接或者间接引用自己；need 里的 or_not_needed 问别的步骤要不要，也不得绕回来问自己。请拆开这个圈。",
    },
];
