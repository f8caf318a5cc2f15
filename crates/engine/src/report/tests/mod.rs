//! Templates and readings in, documents and problems out.

mod annual;
mod reading;
mod stub;
mod writing;
