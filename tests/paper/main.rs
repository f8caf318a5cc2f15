//! Papers as they come out of the real binary, the real press and LibreOffice, measured with a ruler.
//!
//! `cargo test -p yifa --features paper --test paper`; it wants `yifa-pdf` (`cargo build --release -p pdf`, or where `YIFA_PDF`
//! says), poppler-utils, LibreOffice Writer and the fonts fonts-noto-cjk and fonts-lxgw-wenkai on the machine.
//! The measures are those of GB/T 9704-2012; lengths are millimetres unless a name says points.

// The commands it also runs are for the other tests.
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;

mod document;
mod office;
mod order;
mod press;
mod records;
mod refused;
mod report;
mod ruler;
mod volume;
