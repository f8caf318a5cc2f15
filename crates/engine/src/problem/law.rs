//! Problems of law, citations and calendar (P1xx).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[];
