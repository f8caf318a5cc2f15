//! What was written, in what order, by whom: bytes, not law.
