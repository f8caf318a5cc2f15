//! The workbench in a browser (网页): pages and forms over the same folder, policy and writer as the command line.
//!
//! A request becomes a [`Visit`](visit::Visit) (who, what was asked, a reader of the database), a plain function of the
//! route table turns it into an [`Answer`](answer::Answer). Only `server` and what is around it (`listen`, `connections`, `send`) know HTTP and run asynchronously; a page is a
//! function that can be read from top to bottom. Everything works without scripts; `assets/yifa.js` removes reloads.
//!
//! The browser is not trusted: every id, choice and number it sends is looked up again, and who may do what is asked of
//! [`policy`](crate::policy) each time. Whoever holds a session's cookie is that person until the session ends.

mod admin;
pub mod answer;
mod ask;
mod assets;
mod chart;
mod check;
mod connections;
mod definitions;
mod door;
mod dues;
mod feed;
mod figures;
pub mod form;
mod given;
mod glossary;
mod his;
mod home;
mod journal;
pub mod layout;
mod limits;
pub mod listen;
mod metrics;
mod ops;
pub mod places;
mod questions;
mod reason;
mod record;
mod register;
mod report;
pub mod routes;
mod send;
pub mod server;
mod sessions;
pub mod site;
mod sniff;
mod statements;
mod tables;
pub mod towns;
mod trace;
pub mod visit;
mod witnessed;
