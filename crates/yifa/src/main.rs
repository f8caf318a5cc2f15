//! 依法：乡镇法治政府建设工作台。

mod ambient;
mod append;
mod folder;
mod export;
mod projection;
mod query;
mod rebuild;
mod refused;
mod sets;
mod storage;
mod verify;

fn main() {}
