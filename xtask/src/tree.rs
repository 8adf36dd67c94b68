//! The files of the repository, in memory, so that every check is a function of data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Folders that are never part of the repository, for trees that are no Git checkout.
const SKIPPED: [&str; 4] = [".git", "target", "runs", "node_modules"];

/// Paths relative to the root, with `/`, and the texts of the files that are text.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    paths: BTreeSet<String>,
    texts: BTreeMap<String, String>,
}

impl Tree {
    /// Reads what Git tracks or would track; without Git, everything but build output.
    pub(crate) fn load(root: &Path) -> Result<Self, String> {
        let mut tree = Self::default();
        for path in listed_by_git(root).map_or_else(|| walk(root), Ok)? {
            // A tracked file that was deleted but not yet committed is gone.
            let Ok(bytes) = std::fs::read(root.join(&path)) else {
                continue;
            };
            if let Ok(text) = String::from_utf8(bytes) {
                tree.texts.insert(path.clone(), text);
            }
            tree.paths.insert(path);
        }
        if tree.paths.is_empty() {
            return Err(format!("no files found under {}", root.display()));
        }
        Ok(tree)
    }

    /// A tree made of literals.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let texts = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(), texts: texts.collect() }
    }

    /// The text of a file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Every text file, in the order of paths.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Text files under a folder (`""` for all) whose names end in `end`.
    pub(crate) fn under<'a>(&'a self, folder: &'a str, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts().filter(move |(path, _)| path.starts_with(folder) && path.ends_with(end))
    }

    /// Whether a file or folder exists.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let inside = format!("{path}/");
        path.is_empty() || self.paths.contains(path) || self.has_prefix(&inside)
    }

    /// The names of the folders directly inside `folder` (which ends in `/`, or is empty).
    pub(crate) fn folders_in(&self, folder: &str) -> BTreeSet<&str> {
        let inside = self.paths.iter().filter_map(|path| path.strip_prefix(folder));
        inside.filter_map(|rest| rest.split_once('/').map(|(name, _)| name)).collect()
    }

    fn has_prefix(&self, prefix: &str) -> bool {
        self.paths.range(prefix.to_owned()..).next().is_some_and(|path| path.starts_with(prefix))
    }
}

/// Tracked files and new ones that are not ignored; `None` outside a Git checkout.
fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(root: &Path) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(root.join(&folder)).map_err(|error| format!("{folder}: {error}"))?;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !SKIPPED.contains(&name.as_str()) => folders.push(path),
                Ok(kind) if kind.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    Ok(found)
}
