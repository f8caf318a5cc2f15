//! A composed document becomes text somebody reads: HTML or plain text. Pure: document in, string out.

pub mod html;
pub mod lines;
mod source;
#[cfg(test)]
mod tests;
pub mod text;
