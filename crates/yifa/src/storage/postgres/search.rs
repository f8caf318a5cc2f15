//! The search: each record's words as text, and the different ones among them in an index (检索).
//!
//! The index finds records that have all the words; the text then tells whether they stand side by side. Words of the
//! index begin with a mark of their town, so that no town's search goes through another's.

use std::collections::BTreeSet;

use anyhow::Result;

use super::Connection;
use crate::projection::grams::{Asked, Piece};
use crate::storage::{Value, params};

/// What only this engine has.
pub(super) const CREATE: &str = "
CREATE TABLE search (
  town_id   BIGINT   NOT NULL,
  first_idx BIGINT   NOT NULL,
  words     TEXT     NOT NULL,
  lexemes   TSVECTOR NOT NULL,
  PRIMARY KEY (town_id, first_idx)
);
CREATE INDEX search_lexemes ON search USING gin (lexemes);
";

/// A town's mark, of six signs: few towns share one, and a search asks for its town besides.
fn mark(town: i64) -> String {
    format!("{:06x}", town.rem_euclid(0xff_fffb))
}

/// PostgreSQL keeps no more than a megabyte of different words of a text.
const MOST: usize = 30_000;

impl Connection {
    pub(in crate::storage) fn put_words(&self, town: i64, first: i64, words: &str, known: bool) -> Result<()> {
        if words.is_empty() {
            return match known {
                true => self.run("DELETE FROM search WHERE town_id = $1 AND first_idx = $2", town, params![first]),
                false => Ok(()),
            };
        }
        let mark = mark(town);
        let different: BTreeSet<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        let lexemes: String = different.into_iter().take(MOST).map(|word| format!("{mark}{word} ")).collect();
        self.run(
            "INSERT INTO search (town_id, first_idx, words, lexemes) VALUES ($1, $2, $3, CAST($4 AS tsvector)) \
             ON CONFLICT (town_id, first_idx) DO UPDATE SET words = excluded.words, lexemes = excluded.lexemes",
            town,
            params![first, words, lexemes],
        )
    }

    pub(in crate::storage) fn found(&self, town: i64, asked: &Asked, each: &mut dyn FnMut(i64)) -> Result<()> {
        let mark = mark(town);
        let mut index = Vec::new();
        let mut runs = Vec::new();
        for piece in asked.pieces() {
            match piece {
                Piece::Sign(sign) => index.push(format!("{mark}{sign}:*")),
                Piece::Run(words) => {
                    index.extend(words.iter().map(|word| format!("{mark}{word}")));
                    runs.push(words.join(" "));
                }
            }
        }
        let beside: String = (3..3 + runs.len()).map(|nth| format!(" AND strpos(words, ${nth}) > 0")).collect();
        let sql = format!(
            "SELECT first_idx FROM search WHERE town_id = $1 AND lexemes @@ CAST($2 AS tsquery){beside} ORDER BY first_idx"
        );
        let index = index.join(" & ");
        let values: Vec<Value<'_>> = std::iter::once(index.into()).chain(runs.into_iter().map(Value::from)).collect();
        self.each(&sql, town, &values, &mut |row| {
            each(row.get(0)?);
            Ok(())
        })
    }

    pub(in crate::storage) fn words(&self, town: i64, each: &mut dyn FnMut(i64, i64, &[u8])) -> Result<()> {
        let sql = "SELECT first_idx, words FROM search WHERE town_id = $1 ORDER BY first_idx";
        self.each(sql, town, &[], &mut |row| {
            let first = row.get(0)?;
            let words = row.get_ref(1)?.as_str()?.split(' ').filter(|word| !word.is_empty());
            words.enumerate().for_each(|(nth, word)| each(first, nth as i64, word.as_bytes()));
            Ok(())
        })
    }
}
