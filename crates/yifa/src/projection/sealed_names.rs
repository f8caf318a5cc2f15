//! Finding a record by the whole name of somebody whose name is sealed (封存姓名的检索).
//!
//! A sealed name stands in no search: the pairs of its signs would spell it. Kept is a digest of each whole name under
//! the folder's own key, beside the sealed value and gone with it: whoever knows the name finds the record, and nobody
//! reads a name out of the table.

use std::collections::BTreeSet;

use anyhow::Result;
use engine::definition::Register;
use engine::value::{Fields, Value};

use super::bits::Bits;
use super::grams::signs;
use crate::sets::sha256;
use crate::storage::{Db, params};

/// One sign is no whole name.
const SHORTEST: usize = 2;

/// The sealed fields of a register that hold names to be found.
pub fn fields(register: &Register) -> BTreeSet<&str> {
    let fields = register.steps.iter().flat_map(|step| &step.fields);
    fields.filter(|field| field.personal && field.search).map(|field| field.id.value.as_str()).collect()
}

/// The digests of the names in a sealed value: names stand apart by whatever is no letter; `·` joins the parts of one.
pub fn digests(key: &str, value: &Value) -> BTreeSet<String> {
    let texts = match value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::List(texts) => texts,
        _ => &[],
    };
    texts.iter().flat_map(|text| names(text)).map(|name| sha256(&format!("{key}name{name}"))).collect()
}

fn names(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(|sign: char| !sign.is_alphanumeric() && sign != '·');
    pieces.map(|piece| signs(piece).collect::<String>()).filter(|name| name.chars().count() >= SHORTEST)
}

/// Keeps the names of an entry that was just written.
pub fn write(db: &Db, key: &str, register: &Register, index: u64, sealed: &Fields) -> Result<()> {
    if sealed.is_empty() {
        return Ok(());
    }
    let fields = fields(register);
    let values = sealed.iter().filter(|(field, _)| fields.contains(field.as_str()));
    for digest in values.flat_map(|(_, value)| digests(key, value)).collect::<BTreeSet<_>>() {
        put(db, index, &digest)?;
    }
    Ok(())
}

/// Keeps one.
pub fn put(db: &Db, index: u64, digest: &str) -> Result<()> {
    let sql = "INSERT INTO sealed_name (town_id, idx, digest) VALUES ($1, $2, $3)";
    db.run(sql, params![index as i64, digest])?;
    Ok(())
}

/// What is kept of an entry.
pub fn read(db: &Db, index: u64) -> Result<BTreeSet<String>> {
    let sql = "SELECT digest FROM sealed_name WHERE town_id = $1 AND idx = $2 ORDER BY digest";
    Ok(db.rows(sql, params![index as i64], |row| row.get(0))?.into_iter().collect())
}

/// The records of a register in which every name of a text was sealed; none where the text holds none.
pub fn found(db: &Db, key: &str, register: &Register, text: &str) -> Result<Bits> {
    let mut all: Option<Bits> = None;
    if fields(register).is_empty() {
        return Ok(Bits::default());
    }
    for digest in digests(key, &Value::Text(text.to_owned())) {
        let sql = "SELECT DISTINCT r.first_idx FROM sealed_name n \
                   JOIN entry e ON e.town_id = n.town_id AND e.idx = n.idx \
                   JOIN record r ON r.town_id = e.town_id AND r.id = e.record \
                   WHERE n.town_id = $1 AND n.digest = $2 AND r.register = $3 ORDER BY r.first_idx";
        let one: Bits = db.rows(sql, params![digest, register.id.value], |row| row.get(0))?.into_iter().collect();
        all = Some(match all {
            None => one,
            Some(mut all) => {
                all.keep(&one);
                all
            }
        });
    }
    Ok(all.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_apart_by_whatever_is_no_letter() {
        let check = |text: &str, expect: &[&str]| assert_eq!(names(text).collect::<Vec<_>>(), expect, "{text}");
        check("廖某甲、廖某乙", &["廖某甲", "廖某乙"]);
        check("张三（云溪村），李四；王五 赵六", &["张三", "云溪村", "李四", "王五", "赵六"]);
        check("买买提·艾力", &["买买提艾力"]);
        check("甲、乙", &[]);
        check("ＡＢＣ公司", &["abc公司"]);
    }

    #[test]
    fn a_digest_is_of_the_whole_name_and_of_this_folder() {
        let of = |key: &str, text: &str| digests(key, &Value::Text(text.to_owned()));
        assert_eq!(of("k", "张三、李四"), of("k", "李四，张三"));
        assert!(of("k", "张三").is_disjoint(&of("k", "张三丰")));
        assert!(of("k", "张三").is_disjoint(&of("l", "张三")));
        assert_eq!(digests("k", &Value::Int(3)), BTreeSet::new());
    }
}
