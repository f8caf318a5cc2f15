//! What breaks: processes killed at any moment, full and read-only disks, folders half copied or of another version.

// Accounts and backups are for the other tests.
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;

mod disk;
mod folder;
mod kill;
mod moving;
