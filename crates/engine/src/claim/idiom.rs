//! One Chinese numeral and a measure word: when it counts (召开会议两次) and when it is an idiom (一件事一次办).

use super::context::{ends, has};
use super::measure::{Kind, Measure, is_stop};
use super::number::{at, chinese_digit, is_blank};

/// Verbs after which one Chinese numeral counts work done.
const VERBS: &[&str] = &[
    "开展", "召开", "举办", "组织", "举行", "聘请", "建成", "建立", "设立", "成立", "配备", "新增", "打造", "办理",
    "调解", "调处", "化解", "发放", "制作", "编印", "发布", "受理", "查处", "立案", "培养", "创建", "完成", "新建",
    "培育", "选派", "选聘", "印发", "出台", "修订", "拍摄", "推送", "参加", "组建", "增设", "建设", "安装", "设置",
    "收到", "接到", "处置", "处理", "承办", "提供", "走访", "邀请", "指派", "派驻", "引进", "录用", "招录", "招聘",
    "落实", "配置", "购置", "购买", "移送", "上报", "报送", "刊发", "制定", "进行", "讲授", "授课", "旁听", "观看",
    "集中", "先后", "累计", "共计", "合计", "分别", "约谈", "通报", "整改", "拆除", "收缴", "侦破", "破获", "抓获",
    "救助", "帮扶", "挽回", "追回", "罚款", "配齐", "有效", "成功", "参与", "列席", "清理", "废止", "审查", "审核",
    "委派", "起草", "编发", "更新", "绘制", "投入", "评选", "获评", "荣获", "获得", "荣立", "创成", "涉及", "现有",
    "辖有", "下辖",
];

/// Nouns concrete enough that a weak measure word before them counts: 十个村委会, 建成两个广场.
const PLACES: &[&str] = &[
    "村委",
    "居委",
    "行政村",
    "自然村",
    "社区",
    "科室",
    "站所",
    "村（社区）",
    "村民小组",
    "村（居",
    "村居",
    "党支部",
    "派出所",
];

const NOUNS: &[&str] = &[
    "村",
    "站",
    "所",
    "室",
    "中心",
    "部门",
    "单位",
    "企业",
    "网格",
    "小区",
    "学校",
    "广场",
    "公园",
    "长廊",
    "阵地",
    "基地",
    "点",
    "案件",
    "案例",
    "纠纷",
    "项目",
    "问题",
    "小组",
    "工作组",
    "支部",
    "队伍",
    "栏",
    "平台",
    "文件",
    "合同",
    "专班",
    "专题",
    "工作室",
    "调委会",
    "宣传片",
    "视频",
    "文化墙",
    "示范",
    "驿站",
    "法庭",
    "窗口",
    "街区",
    "队",
];

/// Whether one Chinese numeral at `start` with `measure` counts something.
/// `words` is the clause before it.
pub(crate) fn counts(t: &[char], words: &[char], start: usize, measure: &Measure) -> bool {
    let c = t[start];
    let end = measure.end;
    let next = at(t, end);
    let previous = words.last().copied().unwrap_or('\0');
    // A measure is counted with 两; 二次 and 二期 are ordinals. 零 counts only where a sentence says nothing happened.
    if c == '二' {
        return false;
    }
    // 两名副镇长 and 三位村医 are people; no place is named so.
    let people = matches!(measure.unit.as_str(), "名" | "位");
    if !people && is_place_name(t, end) || is_doubled(t, start, end) {
        return false;
    }
    if "第每逐另又再这那某任同统唯单其上下头末首末".contains(previous) && previous != '\0' || ends(words, "进一")
    {
        return false;
    }
    // 三个“…” and 两项《…》 announce a slogan or list.
    if matches!(next, '“' | '"' | '‘' | '—' | '+' | '联') || chinese_digit(next).is_some() {
        return false;
    }
    // “稳定、发展、生态、强边”四件大事 names policies.
    if measure.unit == "件" && next == '大' && at(t, end + 1) == '事' {
        return false;
    }
    if measure.unit == "次" && (matches!(next, '性' | '办' | '告' | '通' | '跑' | '成') || previous == '跑') {
        return false;
    }
    // 一支队伍管执法 and 一枚印章管审批 name reforms.
    if c == '一' && (end..end + 4).any(|k| at(t, k) == '管') {
        return false;
    }
    // 打造一支过硬队伍 praises and does not count.
    if c == '一' && measure.unit == "支" {
        let ahead = &t[end..t.len().min(end + 8)];
        if ["过硬", "素质", "铁军", "带不走", "本领", "高水平", "强有力", "专业化"].iter().any(|word| has(ahead, word))
        {
            return false;
        }
    }
    let closes = closes_phrase(t, end);
    let verb =
        VERBS.iter().any(|verb| ends(words, verb)) || "了共计有各为达仅请设".contains(previous) && previous != '\0';
    match measure.kind {
        Kind::Money | Kind::Percent | Kind::Point => true,
        Kind::Time | Kind::Score | Kind::Final => false,
        Kind::Strong => strong(t, words, c, measure, closes, verb),
        Kind::Weak => weak(t, words, c, measure, closes, verb),
    }
}

fn strong(t: &[char], words: &[char], c: char, measure: &Measure, closes: bool, verb: bool) -> bool {
    let unit = measure.unit.as_str();
    let next = at(t, measure.end);
    if c == '零' || c == '〇' {
        return closes && words.len() >= 2;
    }
    match unit {
        // 一起 is also "together", 一批 and 一处 are also "some".
        "起" => {
            let ahead = &t[measure.end..t.len().min(measure.end + 10)];
            let ahead = &ahead[..ahead.iter().position(|c| is_stop(*c)).unwrap_or(ahead.len())];
            (c != '一' || verb) && ["纠纷", "案件", "积案", "事件", "事故", "警情"].iter().any(|word| ends(ahead, word))
                || has(words, "纠纷")
                || has(words, "案")
                || has(words, "事件")
                || has(words, "事故")
                || has(words, "信访")
                || verb && !closes && c != '一'
                || c != '一' && closes
        }
        "家" if c == '一' => verb && !closes && next != '人',
        "批" => c != '一' && (closes || verb) || closes && verb,
        "部" | "所" | "处" | "门" | "面" | "台" | "轮" | "位" | "人" | "户" | "本" | "头" | "块" | "期" | "倍"
        | "亩" | "字" | "票" | "卷" => closes && has_action(words) || verb,
        "次" | "场" | "场次" | "堂" | "件" => {
            if c == '一' {
                closes && words.len() >= 2 && !matches!(words.last(), Some('有' | '是' | '了')) || verb
            } else {
                true
            }
        }
        "公里" | "米" | "千米" | "平方米" | "元" => verb,
        "名" | "份" | "篇" | "册" | "例" | "宗" => closes || verb || has_action(words) || c != '一',
        _ => closes && words.len() >= 2 || verb,
    }
}

fn weak(t: &[char], words: &[char], c: char, measure: &Measure, closes: bool, verb: bool) -> bool {
    let ahead: &[char] = {
        let limit = t.len().min(measure.end + 12);
        let slice = &t[measure.end..limit];
        let stop = slice.iter().position(|c| is_stop(*c)).unwrap_or(slice.len());
        &slice[..stop]
    };
    let starts = |word: &str| word.chars().count() <= ahead.len() && word.chars().zip(ahead).all(|(a, b)| a == *b);
    if c != '一' && PLACES.iter().any(|word| starts(word)) {
        return true;
    }
    if closes {
        return has_action(words)
            && words.len() >= 4
            && (c != '一' || matches!(measure.unit.as_str(), "个" | "条" | "张" | "面" | "项" | "节"));
    }
    // 建成一个广场、两个公园: the verb serves the whole list.
    let listed = c != '一'
        && words.last() == Some(&'、')
        && has_action(words)
        && ["广场", "公园", "长廊", "驿站", "工作室", "调委会", "宣传栏", "支部", "学校", "小区"]
            .iter()
            .any(|word| has(ahead, word));
    if listed {
        return true;
    }
    matches!(measure.unit.as_str(), "个" | "张" | "面" | "条")
        && verb
        && NOUNS.iter().any(|word| has(ahead, word))
        && !ahead.contains(&'的')
}

/// Whether the clause before holds a verb of work.
fn has_action(words: &[char]) -> bool {
    VERBS.iter().any(|verb| has(words, verb))
}

/// Whether nothing but a bracket or the end of the phrase follows.
fn closes_phrase(t: &[char], mut i: usize) -> bool {
    while is_blank(at(t, i)) {
        i += 1;
    }
    for word in ["以上", "左右", "以内"] {
        if word.chars().enumerate().all(|(k, c)| at(t, i + k) == c) {
            i += 2;
        }
    }
    is_stop(at(t, i)) && !matches!(at(t, i), '”' | '’' | '"')
}

/// 三台县, 八户村, 五棵松社区: the numeral belongs to a place.
fn is_place_name(t: &[char], end: usize) -> bool {
    let ends_place = |k: usize| {
        matches!(at(t, k), '镇' | '乡' | '县' | '路' | '山' | '湾' | '坪' | '街' | '桥' | '店' | '寨' | '沟')
            || at(t, k) == '村'
                && !matches!(at(t, k + 1), '民' | '居' | '委' | '（' | '级' | '干' | '规' | '均' | '开' | '建')
    };
    ends_place(end)
        || matches!(at(t, end + 1), '镇' | '乡' | '县' | '村' | '街')
            && !"乡镇行自山贫后各农试示村个建在到建".contains(at(t, end))
            && !matches!(at(t, end + 2), '级' | '民' | '干' | '规' | '居')
            && at(t, end) != '\0'
            && !is_stop(at(t, end))
}

/// 一村一顾问, 一人一策, 一件事一次办: the numeral 一 stands twice.
fn is_doubled(t: &[char], start: usize, end: usize) -> bool {
    if t[start] != '一' {
        return false;
    }
    (end..end + 3).any(|k| at(t, k) == '一')
        || (1..=4).any(|back| {
            start >= back
                && t[start - back] == '一'
                && (back == 2 || back == 1 || t[start - back..start].iter().all(|c| !is_stop(*c)) && back <= 3)
        })
}
