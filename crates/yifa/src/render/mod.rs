//! A composed document becomes text somebody reads: HTML or plain text. Pure: document in, string out.

// The command that writes reports is built beside this; until it calls in here, only the tests do.

pub mod html;
mod source;
#[cfg(test)]
mod tests;
pub mod text;
