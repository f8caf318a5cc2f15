//! Lists as somebody would make them who looks at every record, and what the list says beside them.

use engine::definition::{FieldRef, Register};
use engine::record::{Rows, Rules, VOID, apply};
use yifa::projection::{grams, number_key};
use yifa::query::list::{Asked, Cursor, Sort, SortBy, ids, page, total};
use yifa::sets::Sets;
use yifa::storage::log::entries_of;
use yifa::storage::{Db, params};

use crate::town::Seed;

/// A record as its entries have it.
pub struct Known {
    /// Its id.
    pub id: String,
    /// Its register's id.
    pub register: String,
    first: u64,
    rows: Rows,
}

/// Every record, derived from its entries alone.
pub fn every(db: &Db, sets: &Sets) -> Vec<Known> {
    let sql = "SELECT DISTINCT record FROM entry WHERE town_id = $1 AND record <> '' ORDER BY record";
    let all: Vec<String> = db.rows(sql, params![], |row| row.get(0)).unwrap();
    let known = |id: String| {
        let (entries, _) = entries_of(db, &id).unwrap();
        let register = sets.opened_under(entries[0].index, entries[0].act.register().unwrap()).unwrap();
        let calendar = &sets.current().unwrap().set.calendar;
        let rows = apply(Rules { register, figures: &[], calendar }, &entries);
        Known { id, register: register.id.value.clone(), first: entries[0].index, rows }
    };
    all.into_iter().map(known).collect()
}

impl Known {
    /// The villages it touches.
    pub fn villages(&self) -> &[String] {
        &self.rows.villages
    }

    /// The values of fields and references by `step.field`.
    fn values(&self) -> Vec<(String, String)> {
        let fields = self.rows.fields.iter().map(|row| (row.field.clone(), row.value.clone()));
        fields.chain(self.rows.links.iter().map(|row| (row.by.clone(), row.to.clone()))).collect()
    }

    fn texts(&self, register: &Register) -> Vec<String> {
        let mut texts = vec![self.rows.head.title.clone()];
        texts.extend(self.rows.head.number.clone());
        let searched = |at: &str| register.field(&FieldRef::parse(at, "")).is_some_and(|field| field.search);
        texts.extend(self.rows.fields.iter().filter(|row| searched(&row.field)).map(|row| row.value.clone()));
        texts.iter().map(|text| grams::signs(text).collect()).collect()
    }

    /// Whether it is what is asked for, looked at on its own.
    fn is_asked_for(&self, asked: &Asked<'_>) -> bool {
        let head = &self.rows.head;
        let (values, texts) = (self.values(), self.texts(asked.register));
        let touches = |village: &str| self.rows.villages.iter().any(|own| own == village);
        let holds = |piece: &str| {
            let signs: String = grams::signs(piece).collect();
            signs.is_empty() || texts.iter().any(|text| text.contains(&signs))
        };
        self.register == asked.register.id.value
            && asked.scope.is_none_or(|scope| scope.iter().any(|village| touches(village)))
            && asked.state.is_none_or(|state| head.state == state)
            && asked.year.is_none_or(|year| head.opened.unwrap().year() == year)
            && asked.village.is_none_or(touches)
            && (asked.fields.is_empty() || head.state != VOID)
            && asked.fields.iter().all(|wanted| values.contains(wanted))
            && asked.search.is_none_or(|text| text.split_whitespace().all(holds))
    }

    fn key(&self, by: SortBy) -> (String, u64) {
        let head = &self.rows.head;
        let key = match by {
            SortBy::Opened => head.opened.unwrap().to_string(),
            SortBy::Number => head.number.as_deref().map_or_else(String::new, number_key),
            SortBy::Title => head.title.clone(),
            SortBy::Changed => format!("{:019}", head.last_entry),
        };
        (key, self.first)
    }
}

/// Asks for lists of every register there are records of, and looks at each record for every one.
pub fn hold(db: &Db, sets: &Sets, dice: &mut Seed, times: usize, seed: u64) {
    let every = every(db, sets);
    let set = &sets.current().unwrap().set;
    for _ in 0..times {
        let one = &every[dice.below(every.len() as u64) as usize];
        // Defined as it was opened, and found under the set in force: registers here keep their fields.
        let register = set.register(&one.register).unwrap();
        let like: &Known = {
            let same: Vec<&Known> = every.iter().filter(|other| other.register == one.register).collect();
            same[dice.below(same.len() as u64) as usize]
        };
        let villages: Vec<String> = one.villages().iter().chain(like.villages()).cloned().collect();
        let search = searched(like, register, dice);
        let filters =
            |(at, _): &(String, String)| register.field(&FieldRef::parse(at, "")).is_some_and(|field| field.filter);
        let mut fields: Vec<(String, String)> = one.values().into_iter().filter(filters).collect();
        while fields.len() > dice.below(4) as usize {
            fields.swap_remove(dice.below(fields.len() as u64) as usize);
        }
        let mut asked = Asked::all(register);
        let mut is = |of: u64| dice.below(of) == 0;
        asked.scope = is(3).then_some(&villages[..]);
        asked.state = is(3).then_some(one.rows.head.state.as_str());
        asked.year = is(3).then(|| one.rows.head.opened.unwrap().year());
        asked.village = villages.first().filter(|_| is(4)).map(String::as_str);
        asked.fields = if is(2) { &fields } else { &[] };
        asked.search = is(3).then_some(search.as_str());
        let by = [SortBy::Opened, SortBy::Number, SortBy::Title, SortBy::Changed][dice.below(4) as usize];
        asked.sort = Sort { by, descending: dice.below(2) == 0 };
        check(db, &every, &asked, 1 + dice.below(9) as usize, seed);
    }
}

/// Some of the signs of a record, or of somebody else's sealed name.
fn searched(known: &Known, register: &Register, dice: &mut Seed) -> String {
    let texts = known.texts(register);
    let mut pieces = Vec::new();
    for _ in 0..1 + dice.below(2) {
        let text: Vec<char> = texts[dice.below(texts.len() as u64) as usize].chars().collect();
        let from = dice.below(text.len() as u64) as usize;
        let to = (from + 1 + dice.below(4) as usize).min(text.len());
        pieces.push(text[from..to].iter().collect::<String>());
    }
    if dice.below(8) == 0 {
        pieces.push(dice.of(&["赵某甲", "界址", "、", "无此"]).to_owned())
    }
    pieces.join(dice.of(&[" ", "　", "， "]))
}

/// What the list says, page by page there and back, and what looking at every record says.
fn check(db: &Db, every: &[Known], asked: &Asked<'_>, limit: usize, seed: u64) {
    let mut wanted: Vec<&Known> = every.iter().filter(|known| known.is_asked_for(asked)).collect();
    wanted.sort_by_key(|known| known.key(asked.sort.by));
    if asked.sort.descending {
        wanted.reverse();
    }
    let wanted: Vec<&str> = wanted.iter().map(|known| known.id.as_str()).collect();
    let said = format!(
        "seed {seed}: {} {:?}",
        asked.register.id.value,
        (asked.scope, asked.state, asked.year, asked.village, asked.fields, asked.search, asked.sort, limit)
    );
    assert_eq!(total(db, asked).unwrap(), wanted.len() as u64, "{said}");
    let mut exported = Vec::new();
    ids(db, asked, |id| {
        exported.push(id.to_owned());
        Ok(())
    })
    .unwrap();
    assert_eq!(exported, wanted, "{said}");
    let (mut cursor, mut read, mut pages): (Option<Cursor>, Vec<String>, Vec<Vec<String>>) = Default::default();
    loop {
        let page = page(db, asked, cursor.as_ref(), limit).unwrap();
        assert_eq!(page.total, wanted.len() as u64, "{said}");
        assert_eq!(page.previous.is_some(), cursor.is_some(), "{said}");
        let ids: Vec<String> = page.rows.into_iter().map(|row| row.id).collect();
        read.extend(ids.iter().cloned());
        pages.push(ids);
        // Through an address and back.
        let Some(next) = page.next else {
            cursor = page.previous;
            break;
        };
        cursor = Some(Cursor::parse(&next.to_string()).unwrap());
    }
    assert_eq!(read, wanted, "{said}");
    pages.pop();
    while let Some(before) = cursor {
        let page = page(db, asked, Some(&before), limit).unwrap();
        let ids: Vec<String> = page.rows.into_iter().map(|row| row.id).collect();
        assert_eq!(Some(ids), pages.pop(), "{said}");
        assert!(page.next.is_some(), "{said}");
        cursor = page.previous;
    }
    assert!(pages.is_empty(), "{said}");
}
