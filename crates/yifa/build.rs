//! Builds `src/storage/gather.c`, which needs the header of the SQLite it is linked with.

fn main() {
    let source = "src/storage/gather.c";
    // What is embedded is looked at again when a file comes or goes, which the compiler would not notice.
    for path in [source, "../../definitions", "../../laws"] {
        println!("cargo::rerun-if-changed={path}");
    }
    if std::env::var_os("CARGO_CFG_UNIX").is_none() {
        return;
    }
    let header = std::env::var_os("DEP_SQLITE3_INCLUDE").expect("libsqlite3-sys tells where its header is");
    let out = std::env::var("OUT_DIR").expect("cargo tells where to build");
    cc::Build::new().file(source).include(header).cargo_metadata(false).compile("gather");
    println!("cargo::rustc-link-search=native={out}");
    // Whole, because nothing in Rust calls it: it makes itself known.
    println!("cargo::rustc-link-lib=static:+whole-archive=gather");
}
