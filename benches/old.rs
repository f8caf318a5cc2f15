//! The township of thirty years an old machine has to serve: 75,000 entries through the real writer. It prints where the
//! folder is; what an old machine makes of it is measured from outside (docs/speed.md).

mod row;
mod town;

use std::time::Instant;

use town::Town;

fn main() {
    let (years, entries) = if row::is_quick() { (1, 20) } else { (30, 2_500) };
    let path = row::kept(&format!("old-{years}-{entries}"), town::shipped(), include_str!("town.rs"), |path| {
        let begun = Instant::now();
        let mut town = Town::found(path, 1996, 1);
        for year in 1996..1996 + years {
            let work = town.year(year, entries);
            town.enter(work);
        }
        town.stop();
        println!("made in {:.0} s", begun.elapsed().as_secs_f64());
    });
    println!("{}", path.display());
}
