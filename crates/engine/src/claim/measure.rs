//! Measure words of official prose, and what must not follow them for them to be one.

use super::number::{at, is_blank, skip_blanks};

/// How readily a measure word makes a claim of the numeral before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Counts events, people, papers or places: a claim after any numeral.
    Strong,
    /// Also stands in slogans (三个, 四项, 五类): after one Chinese numeral it needs a concrete noun.
    Weak,
    /// Counts only at the end of a clause (2出, 3站), since it begins other words.
    Final,
    /// Money.
    Money,
    /// A share of a hundred.
    Percent,
    /// 百分点.
    Point,
    /// 小时 and 天: a claim when they add up work, else a duration.
    Time,
    /// 分: a score beside 得分 or 平均, else a time.
    Score,
}

/// A measure word found in the text.
#[derive(Debug, Clone)]
pub(crate) struct Measure {
    /// One past its last character, with a bracketed second unit.
    pub end: usize,
    /// Its name as claims carry it.
    pub unit: String,
    /// Its kind.
    pub kind: Kind,
}

use Kind::{Final, Money, Percent, Point, Score, Strong, Time, Weak};

type Row = (&'static str, Kind);

/// The measure words beginning with `c`, longest first.
fn rows(c: char) -> &'static [Row] {
    match c {
        '次' => &[("次", Strong)],
        '人' => &[("人次", Strong), ("人份", Strong), ("人", Strong)],
        '名' => &[("名", Strong)],
        '位' => &[("位", Strong)],
        '户' => &[("户", Strong)],
        '家' => &[("家", Strong)],
        '个' => &[("个百分点", Point), ("个", Weak)],
        '百' => &[("百分点", Point)],
        '大' => &[("大类", Strong)],
        '件' => &[("件套", Strong), ("件", Strong)],
        '起' => &[("起", Strong)],
        '例' => &[("例", Strong)],
        '宗' => &[("宗", Strong)],
        '桩' => &[("桩", Strong)],
        '份' => &[("份", Strong)],
        '册' => &[("册", Strong)],
        '本' => &[("本", Strong)],
        '篇' => &[("篇", Strong)],
        '条' => &[("条", Weak)],
        '幅' => &[("幅", Strong)],
        '块' => &[("块", Strong)],
        '面' => &[("面", Weak)],
        '处' => &[("处", Strong)],
        '所' => &[("所", Strong)],
        '项' => &[("项", Weak)],
        '期' => &[("期", Strong)],
        '批' => &[("批", Strong)],
        '轮' => &[("轮", Strong)],
        '堂' => &[("堂", Strong)],
        '节' => &[("节", Weak)],
        '课' => &[("课时", Strong), ("课", Final)],
        '学' => &[("学时", Strong)],
        '小' => &[("小时", Time)],
        '天' => &[("天", Time)],
        '元' => &[("元", Money)],
        '亩' => &[("亩", Strong)],
        '公' => &[("公里", Strong), ("公斤", Strong), ("公顷", Strong)],
        '平' => &[
            ("平方米", Strong),
            ("平方公里", Strong),
            ("平方千米", Strong),
            ("平米", Strong),
            ("平方", Strong),
        ],
        '立' => &[("立方米", Strong), ("立方", Strong)],
        '千' => &[
            ("千克", Strong),
            ("千米", Strong),
            ("千瓦时", Strong),
            ("千瓦", Strong),
        ],
        '兆' => &[("兆瓦", Strong)],
        '米' => &[("米", Strong)],
        '斤' => &[("斤", Strong)],
        '克' => &[("克", Strong)],
        '吨' => &[("吨", Strong)],
        '升' => &[("升", Strong)],
        '㎡' => &[("㎡", Strong)],
        '㎏' => &[("㎏", Strong)],
        '场' => &[("场", Strong)],
        '台' => &[("台", Strong)],
        '套' => &[("套", Strong)],
        '辆' => &[("辆", Strong)],
        '艘' => &[("艘", Strong)],
        '架' => &[("架", Strong)],
        '部' => &[("部", Strong)],
        '类' => &[("类", Weak)],
        '种' => &[("种", Weak)],
        '票' => &[("票", Strong)],
        '卷' => &[("卷", Strong)],
        '字' => &[("字", Strong)],
        '词' => &[("词条", Strong)],
        '门' => &[("门", Weak)],
        '版' => &[("版", Weak)],
        '集' => &[("集", Strong)],
        '讲' => &[("讲", Final)],
        '幕' => &[("幕", Strong)],
        '出' => &[("出", Final)],
        '顶' => &[("顶", Strong)],
        '盏' => &[("盏", Strong)],
        '支' => &[("支", Strong)],
        '组' => &[("组", Weak)],
        '队' => &[("队", Final)],
        '站' => &[("站", Final)],
        '点' => &[("点次", Strong), ("点位", Strong)],
        '对' => &[("对", Final)],
        '张' => &[("张", Weak)],
        '枚' => &[("枚", Strong)],
        '封' => &[("封", Strong)],
        '只' => &[("只", Strong)],
        '头' => &[("头", Strong)],
        '羽' => &[("羽", Strong)],
        '尾' => &[("尾", Strong)],
        '棵' => &[("棵", Strong)],
        '株' => &[("株", Strong)],
        '间' => &[("间", Strong)],
        '座' => &[("座", Strong)],
        '栋' => &[("栋", Strong)],
        '幢' => &[("幢", Strong)],
        '孔' => &[("孔", Final)],
        '根' => &[("根", Strong)],
        '盘' => &[("盘", Strong)],
        '盒' => &[("盒", Strong)],
        '箱' => &[("箱", Strong)],
        '袋' => &[("袋", Strong)],
        '瓶' => &[("瓶", Strong)],
        '桶' => &[("桶", Strong)],
        '包' => &[("包", Final)],
        '捆' => &[("捆", Strong)],
        '把' => &[("把", Final)],
        '发' => &[("发", Final)],
        '车' => &[("车次", Strong), ("车", Final)],
        '趟' => &[("趟", Strong)],
        '班' => &[("班次", Strong), ("班", Final)],
        '回' => &[("回", Final)],
        '遍' => &[("遍", Strong)],
        '句' => &[("句", Strong)],
        '榜' => &[("榜", Final)],
        '单' => &[("单", Final)],
        '笔' => &[("笔", Strong)],
        '帧' => &[("帧", Strong)],
        '副' => &[("副", Final)],
        '床' => &[("床", Final)],
        '片' => &[("片", Weak)],
        '道' => &[("道", Weak)],
        '伙' => &[("伙", Final)],
        '村' => &[("村次", Strong), ("村", Final)],
        '社' => &[("社区", Final)],
        '倍' => &[("倍", Strong)],
        '分' => &[("分", Score)],
        '%' => &[("%", Percent)],
        '％' => &[("％", Percent)],
        '﹪' => &[("﹪", Percent)],
        '‰' => &[("‰", Percent)],
        _ => &[],
    }
}

/// Characters after a measure word that make another word of it: 部门, 项目, 处理.
fn forbidden(unit: &str) -> &'static str {
    match unit {
        "人" => "民员口才大居社事间格士群家情心文力",
        "名" => "称义誉录单",
        "位" => "于置列居数",
        "户" => "籍主外口",
        "家" => "庭长属访园乡事禽畜",
        "个" => "月多小半季年世学百交周工",
        "件" => "均",
        "起" => "草诉到步源点床义算来",
        "例" => "如会行外子",
        "份" => "额",
        "本" => "级人地年乡镇村街次辖行区月季身着土科届市县部色质报",
        "篇" => "幅章",
        "条" => "例款约线理令规",
        "块" => "状",
        "面" => "对积向貌临试谈世上前",
        "处" => "理置罚于分级长以方在境室",
        "所" => "有以属长在需谓示涉",
        "次" => "要日年序于数品生",
        "期" => "间限末待货满望内",
        "批" => "准评复示发阅",
        "轮" => "流换岗",
        "堂" => "食",
        "节" => "日点假约能气目水省庆前",
        "课" => "堂程题",
        "台" => "账风阶帐",
        "架" => "构设",
        "部" => "门分队署长级委位件落",
        "类" => "型别似",
        "种" => "植子养粮田",
        "票" => "据房决选制否",
        "字" => "画样",
        "门" => "口诊面市槛前类式",
        "版" => "本面块权",
        "集" => "中体市镇团约聚会",
        "顶" => "层",
        "支" => "持部付撑出书委行农援队",
        "组" => "织长建成员团合",
        "张" => "贴家",
        "封" => "闭存山控面",
        "只" => "有要能是跑进",
        "头" => "等部",
        "间" => "隔接断",
        "座" => "谈右",
        "场" => "所地景合面馆",
        "元" => "旦宵素首",
        "套" => "路餐用取",
        "幅" => "度员",
        "笔" => "记试录",
        "片" => "区长面",
        "道" => "路德理",
        "米" => "粉",
        "尾" => "号",
        "根" => "据本治植源",
        "盘" => "活查点",
        "箱" => "体",
        "句" => "话",
        "分" => "管别钟类级布",
        "升" => "级至到",
        "斤" => "斤",
        "克" => "服",
        "卷" => "入",
        "孔" => "雀",
        "遍" => "布及",
        "盒" => "饭",
        "套件" => "",
        _ => "",
    }
}

/// Words that begin like a forbidden pair and are none: 5支队伍, 20人工作专班, 2个小区.
fn permitted(t: &[char], i: usize, unit: &str) -> bool {
    let (first, second, third) = (at(t, i), at(t, i + 1), at(t, i + 2));
    match (unit, first) {
        ("支", '队') => second == '伍',
        ("人", '员') => false,
        ("人", '大') => matches!(second, '会' | '讲' | '规'),
        ("人", '社') => second == '区',
        ("个", '小') => second != '时',
        ("个", '学') => matches!(second, '习' | '校' | '法'),
        ("个", '工') => !(second == '作' && third == '日'),
        ("个", '周') => matches!(second, '边'),
        ("个", '多') => second != '月' && second != '小',
        ("个", '百') => matches!(second, '姓'),
        ("个", '交') => matches!(second, '通' | '办'),
        ("次", '生') => matches!(second, '产' | '态' | '活'),
        ("次", '品') => matches!(second, '牌'),
        ("处", '方') => false,
        ("处", '在') => second == '建' || second == '线',
        ("处", '室') => second == '内' || second == '外',
        ("句", '话') => false,
        ("条", '线') => matches!(second, '索' | '上'),
        ("条", '规') => matches!(second, '定' | '范'),
        ("条", '理') => matches!(second, '论'),
        ("条", '约') => false,
        ("名", '单') => matches!(second, '位' | '身' | '亲'),
        ("场", '面') => matches!(second, '向' | '对'),
        ("场", '地') => matches!(second, '方'),
        ("起", '来') => matches!(second, '信' | '访'),
        ("本", '报') => false,
        ("本", '行') => matches!(second, '政'),
        ("本", '村') => matches!(second, '规'),
        ("个", '年') => matches!(second, '度' | '轻') && third == '人',
        ("家", '事') => second == '业',
        ("家", '家') => false,
        ("期", '内') => matches!(second, '部' | '容'),
        ("人", '心') => matches!(second, '理'),
        ("人", '文') => matches!(second, '艺'),
        ("组", '合') => matches!(second, '格' | '同'),
        ("组", '成') => matches!(second, '员' | '绩'),
        ("批", '发') => matches!(second, '放'),
        ("次", '数') => matches!(second, '字'),
        ("版", '面') => second == '向',
        ("间", '接') => matches!(second, '待'),
        ("张", '家') => matches!(second, '庭'),
        ("户", '主') => matches!(second, '动'),
        ("类", '别') => false,
        ("分", _) => false,
        _ => false,
    }
}

/// Units to which 次 is added for repeated visits: 户次, 家次, 篇次, 点次.
fn takes_times(unit: &str) -> bool {
    matches!(
        unit,
        "人" | "户"
            | "家"
            | "场"
            | "件"
            | "起"
            | "份"
            | "册"
            | "篇"
            | "条"
            | "处"
            | "所"
            | "项"
            | "期"
            | "批"
            | "轮"
            | "堂"
            | "节"
            | "台"
            | "辆"
            | "艘"
            | "组"
            | "队"
            | "站"
            | "个"
            | "课"
            | "幅"
            | "例"
            | "本"
            | "票"
            | "架"
            | "车"
            | "班"
            | "村"
            | "社区"
            | "名"
            | "位"
            | "支"
            | "座"
            | "间"
            | "趟"
            | "部"
            | "张"
            | "块"
    )
}

fn starts_with(t: &[char], i: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(k, c)| at(t, i + k) == c)
}

/// Whether `c` ends a phrase, so that a measure word before it cannot begin another word.
pub(crate) fn is_stop(c: char) -> bool {
    matches!(
        c,
        '\0' | '\n'
            | '\r'
            | '，'
            | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '（'
            | '）'
            | '('
            | ')'
            | '”'
            | '’'
            | '"'
            | '】'
            | '］'
            | ']'
            | '…'
            | '—'
            | '/'
    )
}

/// The measure word at `i` (after blanks), with 次 and a bracketed second unit joined to it.
pub(crate) fn find(t: &[char], i: usize) -> Option<Measure> {
    let start = skip_blanks(t, i);
    if let Some(measure) = ascii(t, start) {
        return Some(measure);
    }
    let (word, kind) = *rows(at(t, start))
        .iter()
        .find(|(word, _)| starts_with(t, start, word))?;
    let (word, kind): (&str, Kind) = (word, kind);
    let mut end = start + word.chars().count();
    let mut unit = if ["％", "﹪"].contains(&word) {
        "%".to_string()
    } else {
        word.to_string()
    };
    let next = at(t, end);
    if next == '次'
        && takes_times(word)
        && (!forbidden("次").contains(at(t, end + 1)) || permitted(t, end + 1, "次"))
    {
        unit.push('次');
        end += 1;
    } else if matches!(next, '/' | '／' | '·') && at(t, end + 1) == '次' && takes_times(word) {
        unit.push_str(if next == '·' { "·次" } else { "/次" });
        end += 2;
    } else if forbidden(word).contains(next) && !permitted(t, end, word) {
        return None;
    }
    let kind = if unit.chars().count() > word.chars().count() {
        Strong
    } else {
        kind
    };
    if kind == Final && !ends_phrase(t, end, word) {
        return None;
    }
    if let Some((close, second)) = bracketed(t, end).filter(|_| kind != Money && kind != Percent) {
        unit.push_str(&second);
        end = close;
    }
    Some(Measure { end, unit, kind })
}

/// Whether a word that counts only at the end of a phrase stands at one; 对 also before married people.
fn ends_phrase(t: &[char], end: usize, word: &str) -> bool {
    let next = at(t, end);
    let mut k = end;
    while is_blank(at(t, k)) {
        k += 1;
    }
    is_stop(at(t, k))
        || matches!(
            (word, next),
            ("对", '夫' | '婆' | '新' | '师' | '帮') | ("出", '戏' | '剧' | '节' | '情')
        )
        || matches!(word, "村" | "社区") && (next.is_ascii_digit() || matches!(next, '和' | '及'))
        || matches!(
            (word, next),
            ("副", '对' | '春')
                | ("把", '刀' | '锁')
                | ("单", '业' | '工')
                | ("队", '伍')
                | ("讲", '党' | '普' | '法')
        )
}

/// A second unit in brackets: （册）, (次), （场次）.
fn bracketed(t: &[char], i: usize) -> Option<(usize, String)> {
    if !matches!(at(t, i), '（' | '(') {
        return None;
    }
    let mut k = i + 1;
    if matches!(at(t, k), '/' | '、') {
        k += 1;
    }
    let (word, _) = rows(at(t, k))
        .iter()
        .find(|(word, _)| starts_with(t, k, word))?;
    k += word.chars().count();
    if at(t, k) == '次' && *word != "次" {
        k += 1;
    }
    matches!(at(t, k), '）' | ')').then(|| (k + 1, t[i..=k].iter().collect()))
}

/// Units in Latin letters: kg, km, m².
fn ascii(t: &[char], i: usize) -> Option<Measure> {
    let unit = [
        ("kg", 2),
        ("KG", 2),
        ("Kg", 2),
        ("km", 2),
        ("KM", 2),
        ("m²", 2),
        ("m2", 2),
    ]
    .into_iter()
    .find(|(word, _)| starts_with(t, i, word))?;
    let end = i + unit.1;
    (!at(t, end).is_ascii_alphanumeric()).then(|| Measure {
        end,
        unit: unit.0.to_string(),
        kind: Strong,
    })
}

/// People named straight after a numeral with no measure word between: 47公职人员.
pub(crate) fn people_noun(t: &[char], i: usize) -> bool {
    const PEOPLE: &[&str] = &[
        "公职人员",
        "工作人员",
        "执法人员",
        "在编人员",
        "人员",
        "干部",
        "党员",
        "村民",
        "居民",
        "群众",
        "网格员",
        "调解员",
        "人民调解员",
        "法律明白人",
        "律师",
        "民警",
        "教师",
        "老师",
        "学生",
        "师生",
        "志愿者",
        "社区矫正对象",
        "矫正对象",
        "安置帮教对象",
        "职工",
        "村干部",
        "专职",
        "兼职",
        "机关干部",
        "镇干部",
        "乡干部",
        "代表",
        "农民工",
        "宣讲员",
        "辅警",
        "信息员",
    ];
    PEOPLE.iter().any(|word| starts_with(t, i, word))
}

/// Places and bodies named straight after a numeral with no measure word between: 11社区法律顾问.
pub(crate) fn body_noun(t: &[char], i: usize) -> bool {
    const BODIES: &[&str] = &[
        "行政村",
        "自然村",
        "村民小组",
        "村（社区）",
        "社区",
        "村居",
        "企业",
        "网格",
        "项目",
        "部门",
        "单位",
        "小区",
    ];
    BODIES.iter().any(|word| starts_with(t, i, word))
}
