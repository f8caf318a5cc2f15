//! Problems of the township's own work: forms, steps, tables, texts and the data folder (P2xx–P6xx).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[];
