//! 依法：乡镇法治政府建设工作台。

mod ambient;
mod append;
mod folder;
mod projection;
mod query;
mod refused;
mod sets;
mod storage;

fn main() {}
