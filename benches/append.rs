//! Durable appends with everything applied, beside the fewest an honest disk allows: one bare row for each commit.

mod floor;
mod row;
mod town;

use std::time::Instant;

use engine::day::Day;
use floor::Turn;
use journal::id::Id;
use row::Wanted;
use rusqlite::Connection;
use town::Town;
use yifa::append::Draft;

/// The disk is shared and changes its mind within seconds: work and floor take turns in slices this short.
const TURNS: usize = 20;

fn main() {
    let quick = row::is_quick();
    let folder = tempfile::tempdir_in(row::data()).unwrap();
    let (grouped, single, commits) = if quick { (20, 3, 2) } else { (2_000, 200, 300) };
    let mut town = Town::found(&folder.path().join("town"), 2023, 1);
    // A year of work before, so that the trees have some depth.
    let before = grouped * TURNS;
    let work = town.year(2023, before);
    town.enter(work);
    // Busy days: a night's rest between two of them costs a commit that is not full.
    let mut work = Work::keep(town.work(2024, 60, (grouped + single) * TURNS));
    let rows_before = rows(&town);
    let (mut group_turns, mut single_turns, mut used) = (Vec::new(), Vec::new(), 0.0);
    let mut floor_before = floor::commits(folder.path(), commits);
    for _ in 0..TURNS {
        let processor = row::processor();
        let rate = town.waiting(work.next(grouped));
        used += row::processor() - processor;
        let between = floor::commits(folder.path(), commits);
        group_turns.push(Turn { rate, floor: (floor_before + between) / 2.0 });
        let rate = one_by_one(&town, work.next(single));
        floor_before = floor::commits(folder.path(), commits);
        single_turns.push(Turn { rate, floor: (floor_before + between) / 2.0 });
    }
    let per = (rows(&town) - rows_before) as f64 / ((grouped + single) * TURNS) as f64;
    town.stop();
    row::head("append: turn of the middle ratio among 20");
    row::number("rows of state kept for each entry", per, "rows", Wanted::Nothing);
    row::number("processor time for each entry, grouped", used * 1e6 / before as f64, "µs", Wanted::Nothing);
    let middle = floor::middle(group_turns);
    row::rate("64 waiting, grouped", middle.rate, middle.floor, "/s", Wanted::Least(1.5));
    let middle = floor::middle(single_turns);
    row::rate("one writer, each waits for its commit", middle.rate, middle.floor, "/s", Wanted::Least(0.6));
}

/// Work kept as it would come over a line, so that only what is handed in next lies about in memory as drafts: freeing
/// a hundred thousand of them in another order than they were made costs more than handing them in.
struct Work(std::vec::IntoIter<(Day, String)>);

impl Work {
    fn keep(work: Vec<(Day, Draft)>) -> Work {
        let text = |draft: Draft| serde_json::to_string(&(draft.act, draft.sealed)).unwrap();
        Work(work.into_iter().map(|(day, draft)| (day, text(draft))).collect::<Vec<_>>().into_iter())
    }

    fn next(&mut self, count: usize) -> Vec<(Day, Draft)> {
        let draft = |text: String| {
            let (act, sealed) = serde_json::from_str(&text).unwrap();
            Draft { id: None, actor: Id::new(1, 42), act, sealed, based_on: None }
        };
        self.0.by_ref().take(count).map(|(day, text)| (day, draft(text))).collect()
    }
}

/// Entries a second, each waited for before the next is handed in.
fn one_by_one(town: &Town, work: Vec<(Day, Draft)>) -> f64 {
    let count = work.len();
    let begun = Instant::now();
    for (day, draft) in work {
        town.on(day, vec![draft]);
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

/// How many rows the tables hold, the floor's aside.
fn rows(town: &Town) -> u64 {
    let db = Connection::open(town.folder.path.join("journal.db")).unwrap();
    let tables = "entry payload sealed tile record record_village field link fact due flag question facet";
    let count = |table: &str| db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
    tables.split(' ').map(|table| count(table).unwrap() as u64).sum()
}
