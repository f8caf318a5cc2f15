//! Steps that never stop coming, for `tests/failover/run`: four people record villages until SIGTERM.
//!
//! `stream FOLDER` says `sent ID` before a step is handed in for the first time and `done ID` when it is acknowledged. What
//! was not answered is handed in again under the same id, as somebody does who sends his form once more.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use engine::act::{Act, Taken};
use engine::value::{Fields, Value};
use yifa::ambient::{Ambient, System, today};
use yifa::append::{Draft, Writer};
use yifa::folder::{Folder, console};

const PEOPLE: usize = 4;

fn main() -> Result<()> {
    let path: PathBuf = std::env::args_os().nth(1).context("stream FOLDER")?.into();
    let folder = Folder::open(&path)?;
    let actor = console(&folder.config)?;
    let writer = Writer::start(folder, Box::new(System))?;
    let over = Arc::new(AtomicBool::new(false));
    let ends = over.clone();
    std::thread::spawn(move || wait_for_the_end(&ends));
    std::thread::scope(|scope| {
        for _ in 0..PEOPLE {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let id = System.id();
                    say("sent", &id.to_string());
                    let draft = Draft {
                        id: Some(id),
                        actor,
                        act: village(&id.to_string()),
                        sealed: Fields::new(),
                        based_on: None,
                    };
                    while let Err(error) = writer.append(vec![draft.clone()]) {
                        eprintln!("{error:#}");
                    }
                    say("done", &id.to_string());
                }
            });
        }
    });
    writer.stop()
}

fn village(name: &str) -> Act {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut taken = Taken { register: "village".to_owned(), step: "found".to_owned(), ..Taken::default() };
    for (field, value) in [("on", today().to_string().as_str()), ("name", name), ("code", "0")] {
        taken.fields.insert(field.to_owned(), text(value));
    }
    Act::Step(taken)
}

fn say(word: &str, id: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever listens may be gone; the steps go on.
    let _ = writeln!(out, "{word} {id}").and_then(|()| out.flush());
}

fn wait_for_the_end(over: &AtomicBool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("a signal");
        end.recv().await;
    });
    over.store(true, Ordering::Relaxed);
}
