//! The pages through the real server: `yifa serve` on a copy of the demonstration, and clients that send what browsers send.

#[path = "../support/mod.rs"]
mod support;

mod client;
mod door;
