//! What the running program says to whoever keeps the machine: to standard error, one line each, with the id of the
//! request (运行日志). No value of a record, no name, no password and no token is ever in it.

use std::io::IsTerminal;

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

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
    let filter = EnvFilter::try_from_env(LEVEL).unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let begun = match form {
        Form::Json => lines.json().flatten_event(true).try_init(),
        Form::Text => lines.with_ansi(terminal).try_init(),
    };
    // Begun already, it goes on as it was.
    drop(begun);
    // What a panic says may hold what it stumbled over; where it happened is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "panicked");
    }));
}
