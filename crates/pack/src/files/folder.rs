use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use oxus_diag::{Diagnostic, Diagnostics, codes};

use super::{Entry, Files, MAX_FILE, MAX_FILES};

/// Deepest folder of a pack: `series/` and the like are at depth 1; more is left for what people keep beside them.
const MAX_DEPTH: usize = 6;

/// A pack in a folder on disk.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`; whether it exists is found out when it is listed.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl Files for Folder {
    fn list(&self, problems: &mut Diagnostics) -> Vec<Entry> {
        let mut walk = Walk { files: Vec::new(), seen: 0, problems };
        match self.root.canonicalize() {
            Ok(root) if root.is_dir() => walk.folder(&root, &root, "", 0),
            Ok(_) => walk.problems.push(
                Diagnostic::error(codes::P001, format!("`{}` is not a folder", self.root.display())).expected("a folder that holds `pack.toml`"),
            ),
            Err(error) => walk.problems.push(
                Diagnostic::error(codes::P001, format!("the pack `{}` cannot be opened", self.root.display()))
                    .found(error.to_string())
                    .help("check the path; a pack is a folder that holds `pack.toml`"),
            ),
        }
        walk.files
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let root = self.root.canonicalize().map_err(|error| error.to_string())?;
        let file = root.join(path).canonicalize().map_err(|error| error.to_string())?;
        if !file.starts_with(&root) {
            return Err("it lies outside the pack".to_owned());
        }
        let file = fs::File::open(file).map_err(|error| error.to_string())?;
        let mut content = Vec::new();
        // One byte more than allowed shows a file that grew since it was listed.
        file.take(MAX_FILE + 1).read_to_end(&mut content).map_err(|error| error.to_string())?;
        if content.len() as u64 > MAX_FILE { Err("it grew while it was read".to_owned()) } else { Ok(content) }
    }
}

struct Walk<'p> {
    files: Vec<Entry>,
    /// Files and folders seen, so that a tree without files ends too.
    seen: usize,
    problems: &'p mut Diagnostics,
}

impl Walk<'_> {
    /// Adds the files below `dir`, whose path inside the pack is `prefix` (empty, or ending in `/`).
    fn folder(&mut self, root: &Path, dir: &Path, prefix: &str, depth: usize) {
        let listed = fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut children = match listed {
            Ok(children) => children,
            Err(error) => return self.cannot_read(prefix, &error.to_string()),
        };
        children.sort_by_key(fs::DirEntry::file_name);
        for child in children {
            // Past the limit the loader reports the number; going on would only take time.
            self.seen += 1;
            if self.seen > 2 * MAX_FILES {
                return;
            }
            let Ok(name) = child.file_name().into_string() else {
                self.cannot_read(prefix, "a file name is not valid Unicode");
                continue;
            };
            if !name.starts_with('.') {
                self.child(root, &child.path(), &format!("{prefix}{name}"), depth);
            }
        }
    }

    fn child(&mut self, root: &Path, file: &Path, path: &str, depth: usize) {
        let about = match fs::symlink_metadata(file) {
            Ok(about) => about,
            Err(error) => return self.cannot_read(path, &error.to_string()),
        };
        if about.is_dir() {
            if depth >= MAX_DEPTH {
                return self.cannot_read(path, "folders are nested too deeply");
            }
            return self.folder(root, file, &format!("{path}/"), depth + 1);
        }
        let about = if about.is_symlink() {
            let inside = file.canonicalize().is_ok_and(|target| target.starts_with(root) && target.is_file());
            match fs::metadata(file) {
                Ok(about) if inside => about,
                _ => return self.refused_link(path),
            }
        } else {
            about
        };
        if about.is_file() {
            self.files.push(Entry { path: path.to_owned(), bytes: about.len() });
        } else {
            self.cannot_read(path, "it is not a regular file");
        }
    }

    fn refused_link(&mut self, path: &str) {
        self.problems.push(
            Diagnostic::error(codes::P003, format!("`{path}` is a link that leaves the pack"))
                .expected("a file, or a link to a file inside the pack")
                .help("copy the file into the pack"),
        );
    }

    fn cannot_read(&mut self, path: &str, why: &str) {
        let path = if path.is_empty() { "the pack" } else { path };
        self.problems.push(Diagnostic::error(codes::P001, format!("`{path}` cannot be read")).found(why));
    }
}
