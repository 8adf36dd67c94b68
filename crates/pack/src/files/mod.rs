//! Where a pack's files come from: a folder on disk, or memory.
//!
//! Reading is behind the small trait [`Files`], so that the built-in pack, the tests and the fuzzer use the same reader
//! as a folder. A pack is untrusted input: limits on sizes and numbers are checked from the listing, before any content
//! is read, and nothing outside the folder is ever opened.

mod folder;
mod load;
mod memory;

use oxus_diag::Diagnostics;

pub use folder::Folder;
pub(crate) use load::{contents, load};
pub use memory::Memory;

/// Largest file read, bytes. The largest series of a region is far below; what is larger is not a pack file.
pub const MAX_FILE: u64 = 8 << 20;
/// Largest pack read, bytes over all files.
pub const MAX_PACK: u64 = 64 << 20;
/// Largest number of files in a pack.
pub const MAX_FILES: usize = 2000;

/// One file of a pack, as listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Path inside the pack, with `/`, such as `places/states.csv`.
    pub path: String,
    /// Size, bytes, without having read it.
    pub bytes: u64,
}

/// The files of one pack.
pub trait Files {
    /// All files, in any order; what cannot be listed is reported and left out.
    fn list(&self, problems: &mut Diagnostics) -> Vec<Entry>;

    /// The content of one listed file, at most [`MAX_FILE`] bytes.
    ///
    /// # Errors
    /// A sentence about why it cannot be read, in lower case.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

#[cfg(test)]
mod tests;
