//! Templates and readings in, documents and problems out.

mod annual;
mod editing;
mod reading;
mod stub;
mod writing;
