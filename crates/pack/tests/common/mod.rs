//! Packs of the repository, in memory.

use std::fs;
use std::path::{Path, PathBuf};

use oxus_pack::Memory;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files below a folder.
pub fn memory(folder: &Path) -> Memory {
    let mut files = Memory::default();
    add(folder, folder, &mut files);
    files
}

fn add(root: &Path, folder: &Path, files: &mut Memory) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            add(root, &path, files);
        } else {
            let inside = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(inside, fs::read(&path).unwrap());
        }
    }
}

/// The pack that the fixtures are changes of.
pub fn minimal() -> Memory {
    memory(&root().join("tests/diag/minimal"))
}
