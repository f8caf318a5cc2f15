//! What breaks: processes killed at any moment, full and read-only disks, folders half copied or of another version.

#[path = "../support/mod.rs"]
mod support;

mod disk;
mod folder;
mod kill;
