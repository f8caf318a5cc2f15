//! 依法：乡镇法治政府建设工作台。Where people, disks and networks meet the engine.
//!
//! A library only so that benches and tests can reach what the one binary is made of.

/// Judging a step makes and frees hundreds of small things; the C library takes a fifth longer over all of it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod accounts;
pub mod acts;
pub mod ambient;
pub mod annual;
pub mod apart;
pub mod append;
pub mod asking;
pub mod attachment;
pub mod bundle;
pub mod checking;
pub mod cli;
pub mod county;
pub mod demo;
pub mod docx;
pub mod export;
pub mod folder;
pub mod law_texts;
pub mod ledger;
pub mod logs;
pub mod mirror;
pub mod moving;
pub mod numbers;
pub mod page;
pub mod papers;
pub mod pdf;
pub mod policy;
pub mod projection;
pub mod query;
pub mod rebuild;
pub mod refused;
pub mod render;
pub mod sets;
pub mod show;
pub mod statement;
pub mod storage;
pub mod table;
pub mod text;
pub mod trace;
pub mod verify;
pub mod versions;
pub mod web;
pub mod witness;
