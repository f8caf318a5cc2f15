//! The stand-alone verifier, built on first use.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::{Ran, YIFA};

/// The stand-alone verifier. Cargo names only the binaries of the package under test, so it is built on first use.
pub fn verifier() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(YIFA).parent().unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        // Both packages are named so that dependencies have the features they were already built with.
        cargo.args(["build", "--quiet", "--offline", "-p", "yifa", "-p", "engine", "--bin", "yifa-verify"]);
        cargo.arg("--target-dir").arg(folder.parent().unwrap());
        if folder.file_name().unwrap() == "release" {
            cargo.arg("--release");
        }
        let built = Ran::of(cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap());
        assert_eq!(built.code, Some(0), "{}", built.err);
        folder.join(format!("yifa-verify{}", std::env::consts::EXE_SUFFIX))
    })
}

/// Runs the stand-alone verifier in a folder.
pub fn yifa_verify<A: AsRef<OsStr>>(folder: &Path, args: &[A]) -> Ran {
    Ran::of(Command::new(verifier()).args(args).current_dir(folder).output().unwrap())
}
