//! 依法：乡镇法治政府建设工作台。
mod table;

fn main() {}
