//! Whole days in a real browser: Debian's Chromium, driven by chromedriver, on the real server.
//!
//! `cargo test -p yifa --features browser --test browser`; it wants `chromium` and `chromedriver` on the machine, and
//! axe-core where `YIFA_AXE` says (`.ci/run` brings both). Pictures of what was seen lie in `target/browser/`.

// The commands it also runs are for the other tests.
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;

// Clients without a browser are for the other tests.
#[allow(dead_code)]
#[path = "../web/client.rs"]
mod client;

mod accessible;
mod browser;
mod days;
