//! Openings and leaves read as entries, and the definitions that were adopted.

use engine::act::{Act, Entry};
use engine::day::Day;
use engine::definition::{self, Definitions};
use engine::recount::Adopted;
use journal::entry::Leaf;
use journal::hash::sha256;
use journal::opening::{Opening, Shown};

/// An entry out of its leaf and what is disclosed of it.
pub fn entry(index: u64, leaf: &Leaf, opening: &Opening) -> Result<Entry, String> {
    let closed = opening.fields().iter().filter(|field| matches!(field, Shown::Closed(_))).count();
    let mut payload = opening.payload().map_err(|error| format!("内容不合格式：{error}"))?;
    // Personal values are closed, each counted in `sizes`; figures never needed them. Anything else that is closed
    // could hide what a figure counts.
    let personal = payload["sizes"].as_object().map_or(0, |sizes| sizes.len());
    if closed != personal {
        return Err(format!("遮盖了 {closed} 项，而个人信息只有 {personal} 项：有别的内容被遮盖"));
    }
    payload.as_object_mut().map(|object| object.shift_remove("sealed"));
    let act: Act = serde_json::from_value(payload).map_err(|error| format!("内容不合格式：{error}"))?;
    let actor = leaf.actor.map_or_else(String::new, |actor| actor.to_string());
    let recorded = day_of(leaf.recorded_at).ok_or("时刻超出日历")?;
    Ok(Entry { index, id: leaf.id.to_string(), recorded, actor, act })
}

/// The civil day of a moment in the township's time (UTC+8 all year).
pub fn day_of(millis: i64) -> Option<Day> {
    let days = (millis + 8 * 3_600_000).div_euclid(86_400_000);
    Day::new(1970, 1, 1)?.plus_days(i32::try_from(days).ok()?)
}

/// The definition sets that entries adopted, in their order, each with the entry's index.
pub fn sets(entries: &[Entry]) -> Result<Vec<(u64, Definitions)>, String> {
    let mut sets = Vec::new();
    for entry in entries {
        if let Act::Adopt { files, .. } = &entry.act {
            let set = definition::check(files, &|text| sha256(text.as_bytes()).to_hex())
                .map_err(|problems| format!("第 {} 条采用的定义有 {} 处问题", entry.index, problems.len()))?;
            sets.push((entry.index, set));
        }
    }
    Ok(sets)
}

/// The same, lent.
pub fn lent(sets: &[(u64, Definitions)]) -> Vec<Adopted<'_>> {
    sets.iter().map(|(index, set)| (*index, set)).collect()
}
