//! Papers (公文、文书): what is printed, signed and sent, derived from entries and nothing else.

pub mod annual;
pub mod press;
pub mod record;
