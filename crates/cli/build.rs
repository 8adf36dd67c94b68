//! Copies the built-in region to where the binary takes it in, without its frozen forecasts: they are large, and no command reads them there.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const PACK: &str = "../../packs/central-asia";
const LEFT_OUT: &str = "forecasts";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed={PACK}");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| io::Error::other("cargo gives OUT_DIR to a build script"))?;
    let target = out.join("pack");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    copy(Path::new(PACK), &target)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, name) = entry.map(|e| (e.path(), e.file_name()))?;
        if name == LEFT_OUT {
            continue;
        }
        if entry.is_dir() { copy(&entry, &to.join(name))? } else { fs::copy(&entry, to.join(name)).map(|_| ())? }
    }
    Ok(())
}
