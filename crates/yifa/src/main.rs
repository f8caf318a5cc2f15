//! 依法：乡镇法治政府建设工作台。

mod ambient;
mod append;
#[expect(dead_code, reason = "the command line calls it once it is here")]
mod demo;
mod folder;
mod projection;
mod refused;
mod sets;
mod storage;

fn main() {}
