//! Every fixture of `tests/diag/P*` and `U*`: the smallest change of the minimal pack that shows a code, and what is printed.
//!
//! A fixture is a folder with `expected.txt` and a `fixture.toml` of edits (`[[edit]] file, old, new`), files to `remove`, and, for what only a
//! folder on disk can show, `sizes` of files full of nothing and `links`. Other files of the folder are laid over the pack.
//! `BLESS=1 cargo test -p oxus-pack --test diag` writes what is printed now into `expected.txt`: read the difference before keeping it.

mod common;

use std::fs;
use std::path::Path;

use oxus_diag::{Style, render};
use oxus_pack::{Files, Folder, Memory, Read, read};

#[test]
fn the_minimal_pack_has_no_problem() {
    let found = read(&common::minimal());
    let text = render(&found.diagnostics.clone().into_sorted(), &found.sources, Style::plain());
    assert_eq!(text, "");
    let region = found.region.unwrap();
    assert_eq!((region.states.len(), region.links.len(), region.outcomes.len()), (2, 2, 2));
}

#[test]
fn every_fixture_prints_what_it_should() {
    let folder = common::root().join("tests/diag");
    let mut names: Vec<String> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.starts_with(['P', 'U']));
    names.sort();
    assert!(names.len() > 40, "the fixtures are not where they are looked for");
    let mut failed = Vec::new();
    for name in names {
        let found = run(&folder.join(&name), &name);
        let shows = found.diagnostics.iter().any(|problem| problem.code.id() == name);
        let text = render(&found.diagnostics.into_sorted(), &found.sources, Style::plain());
        let expected = folder.join(&name).join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &text).unwrap();
        }
        if !shows {
            failed.push(format!("{name} does not show its code:\n{text}"));
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(text.as_str()) {
            failed.push(format!("{name} prints something else than expected.txt:\n{text}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn run(fixture: &Path, name: &str) -> Read {
    let mut files = common::minimal();
    for (path, content) in common::memory(fixture).iter() {
        if !matches!(path, "expected.txt" | "fixture.toml") {
            files.insert(path, content);
        }
    }
    let text = fs::read_to_string(fixture.join("fixture.toml")).unwrap_or_default();
    let change: toml::Table = text.parse().unwrap();
    for edit in change.get("edit").and_then(toml::Value::as_array).into_iter().flatten() {
        let field = |key: &str| edit[key].as_str().unwrap();
        let before = String::from_utf8(files.remove(field("file")).unwrap()).unwrap();
        assert_eq!(before.matches(field("old")).count(), 1, "{name}: `{}` stands once in {}", field("old"), field("file"));
        files.insert(field("file"), before.replace(field("old"), field("new")));
    }
    for path in change.get("remove").and_then(toml::Value::as_array).into_iter().flatten() {
        files.remove(path.as_str().unwrap()).unwrap();
    }
    if change.contains_key("sizes") || change.contains_key("links") {
        return read(&on_disk(&files, &change, name));
    }
    read(&files)
}

/// The files in a folder, with large files and links.
fn on_disk(files: &Memory, change: &toml::Table, name: &str) -> Folder {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (path, content) in files.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    for (path, size) in change.get("sizes").and_then(toml::Value::as_table).into_iter().flatten() {
        let file = fs::File::create(folder.join(path)).unwrap();
        file.set_len(u64::try_from(size.as_integer().unwrap()).unwrap()).unwrap();
    }
    for (path, target) in change.get("links").and_then(toml::Value::as_table).into_iter().flatten() {
        link(target.as_str().unwrap(), &folder.join(path));
    }
    let folder = Folder::new(folder);
    assert!(!folder.list(&mut oxus_diag::Diagnostics::new()).is_empty());
    folder
}

#[cfg(unix)]
fn link(target: &str, at: &Path) {
    std::os::unix::fs::symlink(target, at).unwrap();
}

#[cfg(not(unix))]
fn link(_: &str, at: &Path) {
    panic!("links are tested on Unix only: {}", at.display());
}
