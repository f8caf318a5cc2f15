//! Paper (公文、文书): what is printed, signed and sent, as every renderer reads it.

//!
//! The arrow: a record and the [`Papers`](crate::definition::Papers) of its register → [`work`] → [`Work`] → a renderer.
//! A report becomes a [`Paper`] in the crate that renders it.

mod compose;
mod model;

pub use compose::{Filling, Made, made, paper, work};
pub use model::{Align, Annex, Block, Cell, Grid, Head, Imprint, Listed, Paper, Row, Run, Signed, Style, Work};
