use std::fs;
use std::path::PathBuf;

use oxus_diag::{Diagnostics, Sources};

use super::{Entry, Files, Folder, MAX_FILE, MAX_FILES, Memory, load};

/// An empty folder of the test's own, deleted at its end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("oxus-pack-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn codes(problems: &Diagnostics) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code.id()).collect()
}

/// Files that exist only in a listing; reading one fails the test.
struct Listed(Vec<Entry>);

impl Files for Listed {
    fn list(&self, _: &mut Diagnostics) -> Vec<Entry> {
        self.0.clone()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        panic!("{path} is read although the listing refuses it")
    }
}

#[test]
fn what_is_too_large_is_refused_from_the_listing() {
    let huge = |bytes| Listed(vec![Entry { path: "series/raw.csv".to_owned(), bytes }]);
    for files in [huge(2 << 30), huge(MAX_FILE + 1)] {
        let mut problems = Diagnostics::new();
        let loaded = load(&files, &mut Sources::new(), &mut problems);
        assert_eq!(codes(&problems), ["P002"]);
        assert!(loaded.broken.contains("series/raw.csv"));
    }
    let many = |count: usize, bytes| Listed((0..count).map(|n| Entry { path: format!("series/s{n}.csv"), bytes }).collect());
    for files in [many(MAX_FILES + 1, 1), many(9, MAX_FILE)] {
        let mut problems = Diagnostics::new();
        assert!(load(&files, &mut Sources::new(), &mut problems).files.is_empty());
        assert_eq!(codes(&problems), ["P002"]);
    }
}

#[test]
fn a_folder_that_is_not_there_or_is_a_file_is_reported() {
    let root = Temporary::new("nothing");
    fs::write(root.join("file"), "x").unwrap();
    for path in [root.join("nowhere"), root.join("file")] {
        let mut problems = Diagnostics::new();
        assert!(Folder::new(path).list(&mut problems).is_empty());
        assert_eq!(codes(&problems), ["P001"]);
    }
}

#[test]
fn nothing_outside_the_folder_is_read() {
    let root = Temporary::new("outside");
    fs::write(root.join("secret.toml"), "x = 1").unwrap();
    fs::create_dir(root.join("pack")).unwrap();
    fs::write(root.join("pack/pack.toml"), "id = \"a\"").unwrap();
    let pack = Folder::new(root.join("pack"));
    assert!(pack.read("../secret.toml").is_err());
    assert!(pack.read(root.join("secret.toml").to_str().unwrap()).is_err());
    assert_eq!(pack.read("pack.toml").unwrap(), b"id = \"a\"");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_pack_only() {
    use std::os::unix::fs::symlink;

    let root = Temporary::new("links");
    fs::write(root.join("secret.csv"), "x").unwrap();
    let pack = root.join("pack");
    fs::create_dir_all(pack.join("series")).unwrap();
    fs::write(pack.join("series/a.csv"), "entity,period,value\n").unwrap();
    symlink("a.csv", pack.join("series/inside.csv")).unwrap();
    symlink("../../secret.csv", pack.join("series/outside.csv")).unwrap();
    symlink("nowhere.csv", pack.join("series/dangling.csv")).unwrap();
    symlink("..", pack.join("series/loop")).unwrap();
    let mut problems = Diagnostics::new();
    let files = Folder::new(&pack).list(&mut problems);
    let paths: Vec<&str> = files.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["series/a.csv", "series/inside.csv"]);
    assert_eq!(codes(&problems), ["P003", "P003", "P003"]);
}

#[test]
fn memory_and_folder_give_the_same_pack() {
    let pairs = [("pack.toml", "id = \"a\"\r\n"), ("places/states.csv", "\u{feff}id\nKAZ\n"), ("README.md", "notes")];
    let root = Temporary::new("same");
    fs::create_dir(root.join("places")).unwrap();
    for (path, content) in pairs {
        fs::write(root.join(path), content).unwrap();
    }
    let both: [&dyn Files; 2] = [&Memory::from_pairs(&pairs), &Folder::new(&root.0)];
    let read = both.map(|files| {
        let (mut sources, mut problems) = (Sources::new(), Diagnostics::new());
        let loaded = load(files, &mut sources, &mut problems);
        assert_eq!(codes(&problems), [""; 0]);
        let texts: Vec<String> = loaded.files.values().map(|&id| sources.text(id).to_owned()).collect();
        (loaded.files.into_keys().collect::<Vec<_>>(), texts, loaded.hash)
    });
    assert_eq!(read[0], read[1]);
    assert_eq!(read[0].1[1], "id\nKAZ\n", "the byte order mark is not part of the text");
}
