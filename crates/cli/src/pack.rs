//! The pack a command works on: a folder, or the built-in region.

use std::path::Path;

use include_dir::{Dir, include_dir};
use oxus_diag::{Diagnostics, Sources};
use oxus_pack::{Folder, Memory, Read, Region};

use crate::args::Common;
use crate::output::failure::Failure;

// the build script leaves out what a run does not read
static BUILT_IN: Dir<'_> = include_dir!("$OUT_DIR/pack");

/// A region with the texts its places point into.
pub struct Loaded {
    /// The region.
    pub region: Region,
    /// Its texts.
    pub sources: Sources,
    /// Warnings.
    pub warnings: Diagnostics,
}

/// Reads the pack at `folder`, or the built-in one.
pub fn read(folder: Option<&Path>) -> Read {
    match folder {
        Some(folder) => oxus_pack::read(&Folder::new(folder)),
        None => {
            let mut memory = Memory::default();
            add(&BUILT_IN, &mut memory);
            oxus_pack::read(&memory)
        }
    }
}

fn add(dir: &Dir<'_>, memory: &mut Memory) {
    for file in dir.files() {
        // paths inside a pack are written with `/` on every system
        memory.insert(file.path().to_string_lossy().replace('\\', "/"), file.contents());
    }
    for inner in dir.dirs() {
        add(inner, memory);
    }
}

/// Reads the pack and refuses to go on with errors (with warnings too, under `--strict`).
pub fn load(folder: Option<&Path>, common: &Common) -> Result<Loaded, Failure> {
    let Read { region, diagnostics, sources } = read(folder.or(common.pack.as_deref()));
    match region {
        Some(region) if !(common.strict && diagnostics.counts().warnings > 0) => Ok(Loaded { region, sources, warnings: diagnostics }),
        _ => Err(Failure::Problems(diagnostics, sources)),
    }
}
