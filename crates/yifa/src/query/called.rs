//! What many records are called, and which posts many people hold, each asked at once (批量查名称).

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use anyhow::Result;
use engine::day::Day;

use super::owner::{HELD_BY, POST, day, text};
use crate::storage::{Db, Value};

/// So many ids in one statement. Always as many, so that one prepared statement serves all pages.
const AT_ONCE: usize = 64;

/// The places of the ids behind the town and one more value.
static PLACES: LazyLock<String> =
    LazyLock::new(|| (3..3 + AT_ONCE).map(|nth| format!("${nth}")).collect::<Vec<_>>().join(", "));

/// A record as others refer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its register.
    pub register: String,
    /// Its number, if numbered.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// The state it is in.
    pub state: String,
    /// The villages it touches.
    pub villages: Vec<String>,
    /// Of a post, who holds it.
    pub holder: Option<String>,
    /// Index of its first entry.
    pub first: u64,
}

impl Named {
    /// Its number, or else its title.
    pub fn called(&self) -> &str {
        self.number.as_deref().unwrap_or(&self.title)
    }
}

/// What a record is called at the head of its own page: as officials name a case, by its number and what it is about.
/// Elsewhere, in a list or a sentence, its number or else its title is enough ([`Named::called`]).
pub fn in_full(number: Option<&str>, title: &str) -> String {
    number.map_or_else(|| title.to_owned(), |number| format!("{number} {title}"))
}

/// Records by their ids; what is no record is left out.
pub fn named(db: &Db, ids: &BTreeSet<String>) -> Result<HashMap<String, Named>> {
    let mut found: HashMap<String, Named> = HashMap::new();
    let sql = format!(
        "SELECT r.id, r.register, r.number, r.title, r.state, CASE WHEN r.register = $2 THEN r.body ELSE '' END, \
         r.first_idx \
         FROM record r WHERE r.town_id = $1 AND r.id IN ({}) ORDER BY r.id",
        *PLACES
    );
    for ids in chunks(ids) {
        db.each(&sql, &bound(POST, &ids), |row| {
            let holder = text(row.get_ref(5)?.as_str()?, "appoint", "person");
            let named = Named {
                register: row.get(1)?,
                number: row.get(2)?,
                title: row.get(3)?,
                state: row.get(4)?,
                villages: Vec::new(),
                holder,
                first: row.get::<i64>(6)? as u64,
            };
            found.insert(row.get(0)?, named);
            Ok(())
        })?;
    }
    let sql = format!(
        "SELECT v.record, v.village FROM record_village v WHERE v.town_id = $1 AND v.village <> $2 AND v.record IN ({}) \
         ORDER BY v.record, v.village",
        *PLACES
    );
    for ids in chunks(ids) {
        db.each(&sql, &bound("", &ids), |row| {
            if let Some(named) = found.get_mut(row.get_ref(0)?.as_str()?) {
                named.villages.push(row.get(1)?);
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// A post somebody held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// What it is called.
    pub role: String,
    from: Day,
    /// The first day on which it was over.
    ended: Option<Day>,
}

/// The posts of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posts(HashMap<String, Vec<Post>>);

impl Posts {
    /// Reads them.
    pub fn load(db: &Db, people: &BTreeSet<String>) -> Result<Posts> {
        let sql = format!(
            "SELECT l.target, r.title, r.body FROM link l JOIN record r ON r.town_id = l.town_id AND r.id = l.record \
             WHERE l.town_id = $1 AND l.named_by = $2 AND r.state <> 'void' AND l.target IN ({}) \
             ORDER BY l.target, l.record",
            *PLACES
        );
        let mut posts: HashMap<String, Vec<Post>> = HashMap::new();
        for people in chunks(people) {
            db.each(&sql, &bound(HELD_BY, &people), |row| {
                let body = row.get_ref(2)?.as_str()?;
                let from = day(body, "appoint", "from").unwrap_or(Day::MIN);
                let post = Post { role: row.get(1)?, from, ended: day(body, "end", "on") };
                posts.entry(row.get(0)?).or_default().push(post);
                Ok(())
            })?;
        }
        Ok(Posts(posts))
    }

    /// What somebody was on a day.
    pub fn on(&self, person: &str, day: Day) -> Vec<&str> {
        let held = |post: &&Post| post.from <= day && post.ended.is_none_or(|ended| day < ended);
        self.0.get(person).into_iter().flatten().filter(held).map(|post| post.role.as_str()).collect()
    }
}

fn chunks(ids: &BTreeSet<String>) -> Vec<Vec<&String>> {
    let ids: Vec<&String> = ids.iter().collect();
    ids.chunks(AT_ONCE).map(<[_]>::to_vec).collect()
}

/// One value and the ids; what places are left over repeat the last.
fn bound(value: &str, ids: &[&String]) -> Vec<Value<'static>> {
    let last = ids.last().copied();
    let ids = ids.iter().copied().chain(last.into_iter().cycle()).take(AT_ONCE);
    std::iter::once(value.to_owned()).chain(ids.cloned()).map(Value::from).collect()
}
