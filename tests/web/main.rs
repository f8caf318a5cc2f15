//! The pages through the real server: `yifa serve` on a copy of the demonstration, and clients that send what browsers send.

// The commands it also runs are for the other tests.
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;

mod admin;
mod ask;
mod check;
mod client;
mod county;
mod door;
mod draft;
mod figures;
mod filled;
mod form;
mod home;
mod journal;
mod limits;
mod matrix;
mod meeting;
mod mirror;
mod next;
mod ops;
mod papers;
mod questions;
mod record;
mod register;
mod report;
mod statements;
mod superior;
mod tables;
mod trace;
mod turns;
