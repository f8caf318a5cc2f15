//! When a claim that differs from a figure may be about something else, so that nothing is held against it.

use super::Claim;
use super::context::{begins, has};
use super::measure::is_stop;
use super::phrase::{Hit, Phrases, REACH};

/// How many claims beside one are looked at.
const BESIDE: usize = 6;

/// Words that leave a phrase as wide as it is; longer ones stand before those they begin with.
const NEUTRAL: &[&str] = &[
    "今年以来",
    "一年来",
    "截至目前",
    "截至年底",
    "本年度",
    "年度内",
    "年度",
    "全年度",
    "全年",
    "年内",
    "今年",
    "我街道",
    "全街道",
    "街道",
    "我乡",
    "我镇",
    "全乡",
    "全镇",
    "本乡",
    "本镇",
    "乡镇",
    "乡村两级",
    "镇村两级",
    "镇村",
    "乡政府",
    "镇政府",
    "人民政府",
    "党委政府",
    "政府",
    "乡党委",
    "镇党委",
    "党工委",
    "党委",
    "各级",
    "各村",
    "辖区内",
    "辖区",
    "人民调解委员会",
    "人民调解组织",
    "调委会",
    "组织开展",
    "组织",
    "开展",
    "召开",
    "举办",
    "举行",
    "发放",
    "提供",
    "进行",
    "完成",
    "实现",
    "办理",
    "参加",
    "参与",
    "受理",
    "调解",
    "调处",
    "达到",
    "共计",
    "合计",
    "总计",
    "累计",
    "总共",
    "一共",
    "先后",
    "各类",
    "各种",
    "各项",
    "其中",
    "通过",
    "积极",
    "认真",
    "扎实",
    "深入",
    "持续",
    "大力",
    "切实",
    "不断",
    "有效",
    "依法",
    "及时",
    "全面",
    "目前",
    "截至",
    "现有",
    "共有",
    "建有",
    "设有",
    "下辖",
    "以来",
    "期间",
    "负责",
    "相关",
    "业务",
    "工作",
    "活动",
    "情况",
    "普遍",
    "群众",
    "广泛",
    "集中",
    "左右",
    "以上",
    "大型",
    "党委理论学习",
    "理论学习",
    "理论",
    "集体",
    "落实",
    "推进",
    "干部职工",
    "今年来",
    "聘请",
    "聘任",
    "选聘",
    "配备",
    "建立",
    "设立",
    "成立",
    "播放",
    "放映",
    "接待",
    "达成",
    "制作",
    "签订",
];

/// Single characters that do the same.
const PARTICLES: &str = "乡镇辖年月日共计总累合达到为约有的其已近超逾均由在对向与和及等了并是各内中全于以从还又再就都也仅会一二三四五六七八九十";

/// Words that make a clause about the whole township.
const WHOLE: &[&str] = &["我乡", "我镇", "全乡", "全镇", "我街道", "全街道", "下辖", "辖"];

/// Bodies within the township: what a sentence says of one of them is not said of the whole.
const BODIES: &[&str] = &[
    "司法所",
    "派出所",
    "法庭",
    "法院",
    "检察院",
    "综治中心",
    "网格员",
    "执法队",
    "监管所",
    "调解室",
    "工作室",
    "学校",
    "企业",
    "服务站",
    "工作站",
    "执法人员",
    "诉前",
    "委派调解",
    "委托调解",
];

/// Whether the words around a claim say more, or less, than what its figure counts.
pub(crate) fn is_doubtful(
    t: &[char],
    claims: &[Claim],
    hits: &[Option<Hit<'_>>],
    nth: usize,
    phrases: &Phrases<'_>,
) -> bool {
    let (claim, Some(hit)) = (&claims[nth], &hits[nth]) else { return true };
    let words = Words::of(t, claims, nth, hit, phrases);
    let before: Vec<char> = t[words.sentence..hit.from.max(words.sentence)].to_vec();
    hit.part
        || is_one_of_several(t, claims, hits, nth, phrases)
        // 受理纠纷288件，主动调解97件，合计385件: the sum is not of what the clause before has counted already.
        || hit.from < claim.clause.start && nth > 0 && claims[nth - 1].start >= hit.from
        || is_a_body(&before, &words)
        // 排查隐患30处，化解率98%; 审查合同37份，涉及金额…: a rate and an amount are those of what the sentence is about.
        || matches!(claim.unit.as_str(), "%" | "元") && !before.is_empty() && phrases.matter(hit.figure, &before).is_empty()
        || says_more(&words, hit, phrases)
}

/// What is said around a claim.
struct Words {
    /// Where its sentence begins, or where looking back ends.
    sentence: usize,
    /// From the claim before it, or from where its phrase was looked for.
    before: Vec<char>,
    /// Up to the next stop.
    after: Vec<char>,
}

impl Words {
    fn of(t: &[char], claims: &[Claim], nth: usize, hit: &Hit<'_>, phrases: &Phrases<'_>) -> Words {
        let claim = &claims[nth];
        let end = claim.start + claim.text.chars().count();
        let last = nth.checked_sub(1).map_or(0, |k| claims[k].start + claims[k].text.chars().count());
        let from = hit.from.max(claim.start.saturating_sub(REACH)).min(claim.start);
        // 参加培训3批41人次 shares its words with the claim before; 书面协议88件、口头协议114件 does not.
        let own = from.max(last);
        let from = if phrases.of(hit.figure, &t[own..claim.start]).is_empty() { from } else { own };
        let stop = t[end..].iter().take(REACH).position(|c| is_stop(*c)).unwrap_or(0);
        let next = claims.get(nth + 1).map_or(t.len(), |claim| claim.start).max(end);
        let back = claim.start.saturating_sub(REACH);
        let sentence = t[back..claim.start].iter().rposition(|c| matches!(c, '。' | '；' | '\n'));
        Words {
            sentence: sentence.map_or(back, |k| back + k + 1),
            before: t[from..claim.start].to_vec(),
            after: t[end..(end + stop).min(next)].to_vec(),
        }
    }

    fn is_whole(&self) -> bool {
        WHOLE.iter().any(|word| has(&self.before, word))
    }
}

/// 发放宣传单5000份，发放宣传册8000册，共发放宣传资料13000份: only the one that adds up is the figure.
fn is_one_of_several(
    t: &[char],
    claims: &[Claim],
    hits: &[Option<Hit<'_>>],
    nth: usize,
    phrases: &Phrases<'_>,
) -> bool {
    let Some(hit) = &hits[nth] else { return false };
    let words = Words::of(t, claims, nth, hit, phrases);
    let sum = ["共", "合计", "总计", "累计"].iter().any(|word| has(&words.before, word));
    let mut near = nth.saturating_sub(BESIDE)..(nth + BESIDE).min(claims.len());
    !sum && near.any(|k| {
        // A sentence that begins before the other claim holds both; 辖9个行政村、1个社区 counts villages only once.
        let reach = claims[k].start.abs_diff(claims[nth].start) <= REACH && claims[k].start >= words.sentence;
        k != nth
            && reach
            && hits[k].as_ref().is_some_and(|other| {
                let own = Words::of(t, claims, k, other, phrases);
                other.figure.id == hit.figure.id && !says_more(&own, other, phrases)
            })
    })
}

/// 司法所积极履职，调解矛盾纠纷12起.
fn is_a_body(before: &[char], words: &Words) -> bool {
    !words.is_whole() && BODIES.iter().any(|body| has(before, body))
}

/// Whether words are left that neither the figure's phrases nor common ones explain.
fn says_more(words: &Words, hit: &Hit<'_>, phrases: &Phrases<'_>) -> bool {
    let percent = hit.figure.units.iter().any(|unit| unit == "%");
    // 我乡6个行政村法律顾问覆盖率…: what follows is said about all of them.
    let counted_first = words.is_whole() && phrases.of(hit.figure, &words.after).iter().any(|place| place.start == 0);
    let mut around = words.before.clone();
    let after = if counted_first { &[] } else { words.after.as_slice() };
    around.extend(after);
    let mut left: Vec<Option<char>> = around.iter().copied().map(Some).collect();
    // 参考率、合格率均达100%: rates of the same matter share a figure.
    let places = match percent {
        true => phrases.matter(hit.figure, &around),
        false => phrases.of(hit.figure, &around),
    };
    for place in places {
        left[place].fill(None);
    }
    left.split(Option::is_none)
        .map(|run| unexplained(&run.iter().flatten().copied().collect::<Vec<_>>()))
        .sum::<usize>()
        > 0
}

/// How many characters of a run are of no common word.
fn unexplained(mut run: &[char]) -> usize {
    let mut left = 0;
    while let Some(first) = run.first() {
        let known = NEUTRAL.iter().find(|word| begins(run, word)).map(|word| word.chars().count());
        left +=
            usize::from(known.is_none() && ('\u{4e00}'..='\u{9fff}').contains(first) && !PARTICLES.contains(*first));
        run = &run[known.unwrap_or(1)..];
    }
    left
}
