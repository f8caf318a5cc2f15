//! The rules, each with the words that explain it.

use serde::{Deserialize, Serialize};

/// How certain a rule is that something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A defect of form that a reader can point at.
    Error,
    /// Something worth a second look.
    Hint,
}

/// A rule, explained for `yifa explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Explanation {
    /// The rule.
    pub rule: Rule,
    /// Its identifier.
    pub id: &'static str,
    /// Its usual level; a single finding may be milder.
    pub level: Level,
    /// Its name.
    pub title: &'static str,
    /// What it finds.
    pub what: &'static str,
    /// Why that is wrong.
    pub why: &'static str,
    /// A text it finds.
    pub example: &'static str,
    /// What to write instead.
    pub instead: &'static str,
}

macro_rules! rules {
    ($($rule:ident $id:literal $level:ident $title:literal $what:literal $why:literal $example:literal $instead:literal;)*) => {
        /// A formal defect of a report.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Rule {
            $(#[doc = $title] $rule,)*
        }

        /// Every rule, in the order `yifa explain` lists them.
        pub const RULES: &[Explanation] = &[
            $(Explanation {
                rule: Rule::$rule, id: $id, level: Level::$level, title: $title, what: $what, why: $why, example: $example, instead: $instead,
            },)*
        ];
    };
}

rules! {
    SkippedOrdinal "skipped_ordinal" Error "序号跳号"
        "同一组序号中间缺号，如“一是”之后直接“三是”。"
        "读者无法判断是漏写了一项，还是编号有误。"
        "一是抓学习。三是抓宣传。" "一是抓学习。二是抓宣传。";
    DuplicateOrdinal "duplicate_ordinal" Error "序号重复"
        "同一组序号中同一个号出现两次。"
        "引用“第二项”时会指向两处。"
        "（二）普法宣传（二）矛盾化解" "（二）普法宣传（三）矛盾化解";
    MalformedOrdinal "malformed_ordinal" Error "序号残缺"
        "序号缺括号或标点、顿号重复、“一”误作横线，或“一是”误作“一、是”。"
        "层次序数写法不全，无法辨认层级。"
        "（一加强组织领导" "（一）加强组织领导";
    HeadingNoOrdinal "heading_no_ordinal" Error "标题缺序号"
        "同级标题有序号，这一个没有。"
        "层次断开，目录和引用无从对应。"
        "存在的问题（前后标题为“一、”“三、”）" "二、存在的问题";
    LevelSkip "level_skip" Error "层级跳级"
        "“一、”之下越过“（一）”直接用“1.”；“（一）”之下直接用“（1）”只作提示。"
        "层次序数应依次使用“一、”“（一）”“1.”“（1）”。"
        "一、主要成效 1.加强领导" "一、主要成效（一）加强领导";
    LevelFormat "level_format" Error "序号格式不规范"
        "序号后的标点不对，如“1、”“（一）、”。"
        "公文层次序数为“一、”“（一）”“1.”“（1）”。"
        "1、自觉接受监督" "1.自觉接受监督";
    Placeholder "placeholder" Error "占位符未替换"
        "正文里留有 X、XX、×× 等模板占位符。"
        "模板未填写完整即成文。"
        "调解纠纷X件" "调解纠纷35件";
    MalformedDocno "malformed_docno" Error "发文字号残缺"
        "发文字号的六角括号不成对或年份、序号粘连。"
        "发文字号由机关代字、年份、发文顺序号组成，年份用六角括号括入。"
        "某府发〔20235号" "某府发〔2023〕5号";
    BracketMismatch "bracket_mismatch" Error "括号或引号不配对"
        "括号、书名号或引号只有一半。"
        "说明范围不清，常是漏字或误删所致。"
        "发放资料（宣传册、单页等共300份。" "发放资料（宣传册、单页等）共300份。";
    TitleNoYear "title_no_year" Error "标题缺年度"
        "年度报告的标题没有写年度。"
        "年度报告按年报送和公开，标题不写年度就无法归档和比对。"
        "某镇关于法治政府建设情况的报告" "某镇关于2023年度法治政府建设情况的报告";
    OddApprox "odd_approx" Error "概数用法不当"
        "个位数后面接“余”，或“近”与“余”同用。"
        "“余”只用在整十、整百等数之后；“近”是不足，“余”是超过。"
        "集中学法4余次" "集中学法4次";
    MissingUnit "missing_unit" Error "数字缺量词"
        "数字之后没有量词。"
        "数字不带量词，数的是什么说不清。"
        "全乡47公职人员参加考试" "全乡47名公职人员参加考试";
    YearMismatch "year_mismatch" Error "年度前后不一"
        "标题年度与正文所报年度不同。"
        "常是沿用上一年文稿未改，所列数字因此存疑。"
        "2023年度……现将2022年工作报告如下" "2023年度……现将2023年工作报告如下";
    RateMismatch "rate_mismatch" Error "比率与分子分母不符"
        "写出的百分比与同句的两个数相除不等。"
        "数字之间互相矛盾，必有一错。"
        "应考100人，实考90人，参考率95%" "应考100人，实考90人，参考率90%";
    MissingPart "missing_part" Error "缺少法定内容"
        "年度报告应有的部分没有写，或只写了一半。"
        "报告内容由督察工作规定列明，缺项的报告会被退回补正。"
        "全文没有党政主要负责人履职情况的部分" "单列一个部分写明党政主要负责人履职情况";
    TitleSplit "title_split" Hint "标题被硬换行断开"
        "标题在词语中间换行。" "发布到网页后标题会断成两段。"
        "某镇2023年度法治政府建设⏎工作报告" "某镇2023年度法治政府建设工作报告";
    TitleMissing "title_missing" Hint "没有标题"
        "正文之前没有标题行。" "公开的报告应有完整标题。"
        "某府〔2025〕26号⏎2025年以来……" "某镇2025年法治政府建设情况报告";
    TitleIncomplete "title_incomplete" Hint "标题缺文种"
        "标题没有“报告”“总结”等文种。" "公文标题由机关、事由和文种组成。"
        "某镇2022年度法治政府建设" "某镇2022年度法治政府建设情况报告";
    HeadingPunct "heading_punct" Hint "标题末尾有标点"
        "独立成行的标题末尾用了冒号或逗号。" "独立成行的标题末尾不用标点。"
        "一、主要成效：" "一、主要成效";
    StraightQuotes "straight_quotes" Hint "引号为西文直引号"
        "中文里用了直引号。" "中文引号为“”。"
        "\"八五\"普法" "“八五”普法";
    MixedPunct "mixed_punct" Hint "标点混用"
        "同一句中日期间隔号有“·”有“.”，或全文中西文标点混用。" "同一文内写法应当一致。"
        "“3·15”“4.15”" "“3·15”“4·15”";
    StraySpace "stray_space" Hint "多余空格"
        "两个汉字之间，或汉字与标点之间有空格。" "常是排版残留，也可能是漏字。"
        "构建 “一把手”负总责" "构建“一把手”负总责";
    PeriodMismatch "period_mismatch" Hint "期间前后不一"
        "标题写上半年，正文写全年，或相反。" "报告期间不清，数字无法核对。"
        "2021年上半年……现将2021年度工作报告如下" "标题与正文写同一期间";
    DocYear "doc_year" Hint "发文字号括号不规范"
        "发文字号的年份没有用六角括号。" "年份应当用六角括号〔〕括入。"
        "某府发[2023]5号" "某府发〔2023〕5号";
}

impl Rule {
    /// The words that explain this rule.
    pub fn explanation(self) -> &'static Explanation {
        // INVARIANT: the list is made beside the enum, in its order; `rules_are_listed_in_order_and_explained` holds it.
        &RULES[self as usize]
    }
}
