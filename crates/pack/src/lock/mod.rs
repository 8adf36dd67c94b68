//! The lock: one hash of the content of every file, so that a result can name the pack that made it.
//!
//! The hash is SHA-256: runs, forecasts and caches are named by it, over packs that other people edit, so two contents
//! with one hash must not happen by accident or on purpose. Line ends do not count (a checkout on Windows has the same
//! hash), nor does `lock.toml` itself.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::files::Files;

/// Name of the lock file.
pub const FILE: &str = "lock.toml";

/// The hash over files given as path and content, lower-case hexadecimal, whatever their order.
#[must_use]
pub fn content_hash<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> String {
    let mut hashes: Vec<(&str, String)> =
        files.into_iter().filter(|(path, _)| *path != FILE).map(|(path, content)| (path, file_hash(content))).collect();
    hashes.sort();
    over(&hashes)
}

/// The text of `lock.toml` for files given as path and content: the pack's hash, then that of each file.
#[must_use]
pub fn lock<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> String {
    let mut hashes: Vec<(&str, String)> =
        files.into_iter().filter(|(path, _)| *path != FILE).map(|(path, content)| (path, file_hash(content))).collect();
    hashes.sort();
    let mut text = String::from("# Written by the tool from the content of every file; edit the files, not this.\n");
    let _ = writeln!(text, "hash = \"{}\"\n\n[files]", over(&hashes));
    for (path, hash) in &hashes {
        let _ = writeln!(text, "\"{path}\" = \"{hash}\"");
    }
    text
}

/// The text of `lock.toml` for a pack as it is now, over the files that are part of the format.
///
/// # Errors
/// What is in the way of reading the files.
pub fn lock_files(files: &dyn Files) -> Result<String, oxus_diag::Diagnostics> {
    let mut problems = oxus_diag::Diagnostics::new();
    let contents = crate::files::contents(files, &mut problems);
    let ((), _) = problems.or_value(())?;
    Ok(lock(contents.iter().map(|(path, content)| (path.as_str(), content.as_slice()))))
}

fn over(hashes: &[(&str, String)]) -> String {
    let mut all = Sha256::new();
    for (path, hash) in hashes {
        // A path holds no line end, so the text parts unambiguously.
        all.update(format!("{hash} {path}\n"));
    }
    hex(&all.finalize())
}

fn file_hash(content: &[u8]) -> String {
    let mut hash = Sha256::new();
    for line in content.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                hash.update(line);
                hash.update(b"\n");
            }
            None => hash.update(line),
        }
    }
    hex(&hash.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
