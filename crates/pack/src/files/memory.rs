use std::collections::BTreeMap;

use oxus_diag::Diagnostics;

use super::{Entry, Files};

/// A pack in memory: the built-in region, tests, the fuzzer.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// The files given as pairs of path and content; a later pair replaces an earlier one of the same path.
    #[must_use]
    pub fn from_pairs<P: AsRef<str>, C: AsRef<[u8]>>(pairs: &[(P, C)]) -> Self {
        let own = |(path, content): &(P, C)| (path.as_ref().to_owned(), content.as_ref().to_vec());
        Self { files: pairs.iter().map(own).collect() }
    }

    /// Puts a file in, in place of one with the same path.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files.remove(path)
    }

    /// Paths and contents, in the order of paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

impl Files for Memory {
    fn list(&self, _: &mut Diagnostics) -> Vec<Entry> {
        let entry = |(path, content): (&String, &Vec<u8>)| Entry { path: path.clone(), bytes: content.len() as u64 };
        self.files.iter().map(entry).collect()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.files.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }
}
