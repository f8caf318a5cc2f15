//! The ledger as tables meet it (台账): what an import asks of it, and what goes out of it into a file. The command line
//! and the pages say the same here, each in its own words around it.

pub mod export;
pub mod import;
pub mod mapped;
pub mod visible;
pub mod wording;
