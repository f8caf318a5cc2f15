//! Every route × every role × records that are not theirs: one policy for all doors, and nothing leaks through any of them.

use std::collections::BTreeMap;

use rusqlite::Connection;
use yifa::demo::accounts::ACCOUNTS;
use yifa::web::routes::{Door, Method, ROUTES, Route};

use crate::client::{Client, Page, Served};

/// A record with all that an address may name of it.
struct Specimen {
    register: String,
    record: String,
    number: String,
    step: &'static str,
    entry: String,
    hash: String,
}

impl Specimen {
    /// The first record of a register whose number holds some words, with a file if it has one.
    fn of(db: &Connection, register: &str, words: &str, step: &'static str) -> Specimen {
        let sql = "SELECT id, coalesce(number, title), first_idx FROM record \
                   WHERE register = ?1 AND instr(coalesce(number, title), ?2) > 0 ORDER BY opened, id LIMIT 1";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?));
        let (record, number, first): (String, String, i64) =
            db.query_row(sql, [register, words], read).unwrap_or_else(|_| panic!("a {register} of {words}"));
        let sql = "SELECT p.body FROM entry e JOIN payload p ON p.idx = e.idx WHERE e.record = ?1 ORDER BY e.idx";
        let mut statement = db.prepare(sql).unwrap();
        let bodies: Vec<String> =
            statement.query_map([&record], |row| row.get(0)).unwrap().map(|body| body.unwrap()).collect();
        let is_hash = |word: &&str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = bodies.iter().flat_map(|body| body.split('"')).find(is_hash).unwrap_or(&"0".repeat(64)).to_owned();
        Specimen { register: register.to_owned(), record, number, step, entry: first.to_string(), hash }
    }

    /// The address of a route on this record.
    fn address(&self, route: &Route, more: &BTreeMap<&str, String>) -> String {
        let mut address = String::new();
        for piece in route.path.split_inclusive(['/', '{', '}']) {
            let name = piece.trim_end_matches('}');
            match piece.ends_with('}') {
                false => address.push_str(piece.trim_end_matches('{')),
                true => address.push_str(match name {
                    "register" => &self.register,
                    "record" => &self.record,
                    "step" => self.step,
                    "entry" => &self.entry,
                    "hash" => &self.hash,
                    name => more.get(name).unwrap_or_else(|| panic!("say what stands for {{{name}}} of {}", route.path)),
                }),
            }
        }
        address
    }
}

fn ask(client: &mut Client, route: &Route, address: &str) -> Page {
    match route.method {
        Method::Get => client.get(address),
        Method::Post => client.post(address, &[]),
    }
}

fn about_a_record(route: &Route) -> bool {
    route.path.contains("{record}")
}
