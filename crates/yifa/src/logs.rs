//! What the running program says to whoever keeps the machine: to standard error, one line each, with the id of the
//! request (运行日志). No value of a record, no name, no password and no token is ever in it.

use std::io::IsTerminal;

use clap::ValueEnum;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// For a program.
    Json,
    /// For people.
    Text,
}

/// The environment variable that says how much is told.
const LEVEL: &str = "YIFA_LOG";

/// Begins to write lines; `usual` is how much, where the environment does not say.
pub fn begin(form: Option<Form>, usual: &str) {
    let terminal = std::io::stderr().is_terminal();
    let form = form.unwrap_or(if terminal { Form::Text } else { Form::Json });
    let said = std::env::var(LEVEL).ok().and_then(|level| level.parse::<Targets>().ok());
    let filter = said.or_else(|| usual.parse().ok()).unwrap_or_default();
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    let lines = match form {
        Form::Json => lines.json().flatten_event(true).boxed(),
        Form::Text => lines.with_ansi(terminal).boxed(),
    };
    let begun = registry().with(lines.with_filter(filter)).try_init();
    // Begun already, it goes on as it was.
    drop(begun);
    // What a panic says may hold what it stumbled over; where it happened is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "panicked");
    }));
}
