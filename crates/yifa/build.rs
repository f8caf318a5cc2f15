//! Builds `src/storage/gather.c`, which needs the header of the SQLite it is linked with, and packs what is shipped.

use std::fs::{File, read, read_dir};
use std::io::Write;
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;

fn main() {
    let source = "src/storage/gather.c";
    // What is embedded is looked at again when a file comes or goes, which the compiler would not notice.
    for path in [source, "../../definitions", "../../laws"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo tells where to build"));
    pack(&out.join("shipped.zip"));
    if std::env::var_os("CARGO_CFG_UNIX").is_none() {
        return;
    }
    let header = std::env::var_os("DEP_SQLITE3_INCLUDE").expect("libsqlite3-sys tells where its header is");
    cc::Build::new().file(source).include(header).cargo_metadata(false).compile("gather");
    println!("cargo::rustc-link-search=native={}", out.display());
    // Whole, because nothing in Rust calls it: it makes itself known.
    println!("cargo::rustc-link-lib=static:+whole-archive=gather");
}

/// Packs the definitions and the shapes of laws, the same bytes whoever builds it: in order, without times.
fn pack(to: &Path) {
    let mut archive = zip::ZipWriter::new(File::create(to).expect("a file in OUT_DIR"));
    for root in ["laws", "definitions"] {
        let mut files = Vec::new();
        list(&Path::new("../..").join(root), root, &mut files);
        files.sort();
        for (name, path) in files {
            archive.start_file(name, SimpleFileOptions::default()).expect("a name");
            archive.write_all(&read(&path).expect("a file of the project")).expect("room in OUT_DIR");
        }
    }
    archive.finish().expect("room in OUT_DIR");
}

fn list(folder: &Path, name: &str, files: &mut Vec<(String, PathBuf)>) {
    for item in read_dir(folder).expect("a folder of the project") {
        let path = item.expect("an item of it").path();
        let name = format!("{name}/{}", path.file_name().expect("its name").to_str().expect("an ASCII name"));
        if path.is_dir() {
            list(&path, &name, files);
        } else {
            files.push((name, path));
        }
    }
}
