//! The pages through the real server: `yifa serve` on a copy of the demonstration, and clients that send what browsers send.

// The commands it also runs are for the other tests.
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;

mod ask;
mod check;
mod client;
mod door;
mod register;
mod record;
mod draft;
mod filled;
mod form;
mod figures;
mod home;
mod report;
mod trace;
mod admin;
mod client;
mod door;
mod journal;
mod ops;
