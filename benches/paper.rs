//! Paper: the annual report of the demonstration as Word document and as PDF, a volume of sixty pages, and three hundred volumes
//! by one press, each beside what nobody gets under: composing alone, zipping the same bytes, an empty page.
//!
//! The press is the one built beside this bench (`cargo build --release -p pdf`), or the one `YIFA_PDF` names.

mod row;

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use engine::definition::Definitions;
use engine::paper::{Paper, Work};
use row::Wanted;
use yifa::annual::{Annual, Composed};
use yifa::folder::Folder;
use yifa::papers::annual::{alone, paper as annual_paper};
use yifa::papers::press::{PLACE, Press};
use yifa::papers::record::{Case, called_in, closed};
use yifa::render::docx;
use yifa::sets::Sets;
use yifa::storage::{Db, params};

const YEAR: i16 = 2023;
const REGISTER: &str = "mediation_case";
/// A volume that has as many pages as one gets.
const LONG: usize = 60;

fn main() {
    // The press is found where the environment says, which a program cannot change for itself.
    if std::env::var_os(PLACE).is_none() {
        let exe = std::env::current_exe().unwrap();
        let press = exe.parent().unwrap().join("../yifa-pdf");
        if !press.is_file() {
            println!("no press beside this bench: cargo build --release -p pdf");
            return;
        }
        let ran = Command::new(&exe).args(std::env::args_os().skip(1)).env(PLACE, press).status().unwrap();
        assert!(ran.success());
        return;
    }
    let quick = row::is_quick();
    let scratch = tempfile::TempDir::new().unwrap();
    let path = scratch.path().join("demo");
    let made = Command::new(env!("CARGO_BIN_EXE_yifa")).arg("demo").arg(&path).arg("--no-serve").output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let folder = Folder::open(&path).unwrap();
    let db = folder.reader().unwrap();
    let sets = Sets::load(&db).unwrap();
    let set = &sets.current().unwrap().set;
    let bench = Bench { folder: &folder, db: &db, sets: &sets, set, rounds: if quick { 2 } else { 20 } };
    let mut press = Press::start(&folder).unwrap();
    bench.report(&mut press);
    bench.volume(&mut press);
    drop(press);
    bench.batch(if quick { 10 } else { 300 });
}

struct Bench<'b> {
    folder: &'b Folder,
    db: &'b Db,
    sets: &'b Sets,
    set: &'b Definitions,
    rounds: usize,
}

impl Bench<'_> {
    /// How long each of several rounds takes, in milliseconds; the first is warm.
    fn rounds(&self, mut work: impl FnMut()) -> Vec<f64> {
        work();
        let round = |_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1e3
        };
        (0..self.rounds).map(round).collect()
    }

    fn composed(&self) -> (Composed, Paper) {
        let composed = Annual::of(YEAR).compose(self.folder, self.db, self.sets).unwrap();
        let paper = annual_paper(self.folder, self.db, self.set, &composed, None).unwrap();
        (composed, paper)
    }

    fn report(&self, press: &mut Press) {
        let (_, paper) = self.composed();
        let town = &self.folder.config.town;
        let document = docx::render(&paper, town).unwrap();
        let work = alone(paper.clone(), town);
        let pages = press.set(&work).unwrap().pages;
        let parts = unzipped(&document);

        row::head_of_times(&format!(
            "the annual report: {pages} pages, {} KB of XML",
            parts.iter().map(Vec::len).sum::<usize>() / 1000
        ));
        row::times("composing it from the ledger", self.rounds(|| drop(self.composed())), None, Wanted::Nothing);
        let zipping = self.rounds(|| drop(zipped(&parts)));
        let floor = row::times("floor: zipping the same bytes", zipping, None, Wanted::Nothing);
        let writing = self.rounds(|| drop(docx::render(&paper, town).unwrap()));
        row::times("DOCX", writing, Some(floor), Wanted::Most(100.0));
        let setting = self.rounds(|| drop(press.set(&empty()).unwrap()));
        let floor = row::times("floor: an empty page by the press", setting, None, Wanted::Nothing);
        let setting = self.rounds(|| drop(press.set(&work).unwrap()));
        // What is wanted is said of thirty pages.
        row::times("PDF", setting, Some(floor), Wanted::Most((700.0 * pages as f64 / 30.0).round()));
        let begun = Instant::now();
        let pdf = Press::start(self.folder).unwrap().set(&work).unwrap();
        row::times(
            "PDF, by a press that has yet to find its fonts",
            vec![begun.elapsed().as_secs_f64() * 1e3],
            Some(floor),
            Wanted::Nothing,
        );
        row::head("its size");
        row::number("DOCX", document.len() as f64 / 1e3, "KB", Wanted::Nothing);
        row::number("PDF", pdf.bytes.len() as f64 / 1e3, "KB", Wanted::Nothing);
    }

    fn records(&self) -> Vec<String> {
        let sql =
            "SELECT id FROM record WHERE town_id = $1 AND register = $2 AND opened >= $3 ORDER BY opened, first_idx";
        self.db.rows(sql, params![REGISTER, format!("{YEAR}-01-01")], |row| row.get(0)).unwrap()
    }

    fn work(&self, id: &str) -> Work {
        let case = Case::open(self.db, self.sets, self.set, REGISTER, id).unwrap();
        case.print(self.folder, self.db, self.set, None, &closed, &called_in(self.db)).unwrap().work
    }

    /// As many papers of several records behind one cover as fill sixty pages.
    fn volume(&self, press: &mut Press) {
        let mut long = Work::default();
        for id in self.records() {
            let work = self.work(&id);
            if long.papers.is_empty() {
                long = work;
            } else {
                let behind = long.papers.len() - 1;
                long.papers.extend(work.papers.into_iter().skip(1));
                let contents = work.contents.into_iter().map(|mut one| {
                    one.paper = one.paper.map(|at| at + behind);
                    one
                });
                long.contents.extend(contents);
            }
            if press.set(&long).unwrap().pages >= LONG {
                break;
            }
        }
        let pages = press.set(&long).unwrap().pages;
        row::head_of_times(&format!("a volume of {} papers, {pages} pages", long.papers.len()));
        let times = self.rounds(|| drop(press.set(&long).unwrap()));
        row::times("PDF with its contents", times, None, Wanted::Most(1500.0));
    }

    fn batch(&self, wanted: usize) {
        let ids: Vec<String> = self.records().into_iter().take(wanted).collect();
        let begun = Instant::now();
        let papers: usize = ids.iter().map(|id| self.work(id).papers.len()).sum();
        let composing = ids.len() as f64 / begun.elapsed().as_secs_f64();
        let mut press = Press::start(self.folder).unwrap();
        let floor = 1e3 / self.rounds(|| drop(press.set(&empty()).unwrap())).into_iter().fold(f64::MAX, f64::min);
        let (mut pages, mut bytes, mut early) = (0, 0, (0.0, 0.0));
        let begun = Instant::now();
        for (nth, id) in ids.iter().enumerate() {
            let pdf = press.set(&self.work(id)).unwrap();
            (pages, bytes) = (pages + pdf.pages, bytes + pdf.bytes.len());
            if nth + 1 == ids.len().div_ceil(6) {
                early = memories();
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        let late = memories();
        row::head(&format!("{} volumes: {papers} papers, {pages} pages, {} MB", ids.len(), bytes / 1_000_000));
        row::rate("volumes; floor: an empty page for each", ids.len() as f64 / seconds, floor, "/s", Wanted::Nothing);
        row::number("volumes composed and not printed", composing, "/s", Wanted::Nothing);
        row::number("pages", pages as f64 / seconds, "/s", Wanted::Nothing);
        let sixth = ids.len().div_ceil(6);
        for (what, early, late) in [("yifa", early.0, late.0), ("the press", early.1, late.1)] {
            row::number(&format!("memory of {what} after {sixth}"), early, "MB", Wanted::Nothing);
            row::number(&format!("memory of {what} after all"), late, "MB", Wanted::Most((early * 1.1).ceil()));
        }
    }
}

/// A page with nothing on it.
fn empty() -> Work {
    Work { title: "空".into(), author: "乡".into(), papers: vec![Paper::default()], contents: Vec::new() }
}

/// The resident memory of this process and of its press, in megabytes.
fn memories() -> (f64, f64) {
    let own = std::process::id();
    let is_ours = |path: &Path| {
        let stat = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
        // The parent stands second behind the name in brackets.
        stat.contains("(yifa-pdf)")
            && stat.rsplit(')').next().unwrap_or_default().split(' ').nth(2) == Some(&own.to_string())
    };
    let all: Vec<PathBuf> = std::fs::read_dir("/proc").unwrap().flatten().map(|item| item.path()).collect();
    let press = all.iter().find(|path| is_ours(path));
    (resident(Path::new("/proc/self")), press.map_or(0.0, |path| resident(path)))
}

fn resident(process: &Path) -> f64 {
    let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1e3
}

fn unzipped(document: &[u8]) -> Vec<Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(document)).unwrap();
    let mut parts = Vec::new();
    for nth in 0..zip.len() {
        let mut part = Vec::new();
        zip.by_index(nth).unwrap().read_to_end(&mut part).unwrap();
        parts.push(part);
    }
    parts
}

fn zipped(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (nth, part) in parts.iter().enumerate() {
        zip.start_file(nth.to_string(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(part).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
