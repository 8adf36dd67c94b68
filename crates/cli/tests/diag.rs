//! Every fixture of `tests/diag/` that is a command line: what a user types, on which pack, and what standard error says.
//!
//! A fixture is a folder with `expected.txt` and a `fixture.toml`: `command` (the arguments), `pack` (`central-asia` or `minimal`, copied to the folder
//! `pack` beside the command), `[[edit]]` of files of that copy (`file`, `old`, which stands there once, `new`) and `status` (1, unless it says
//! otherwise). The other files of the fixture are laid over the folder in which the command runs.
//! Places in the shipped pack are shown without their line, and notes on its futures without their measured numbers and months, which move with every
//! change of that pack; words of 64 hexadecimal digits are hashes.
//! `BLESS=1 cargo test -p oxus-cli --test diag` writes what is printed now into `expected.txt`: read the difference before keeping it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Families whose fixtures are command lines; those of the others are packs that are read (`crates/pack/tests/diag.rs`).
const FAMILIES: [char; 6] = ['A', 'C', 'E', 'M', 'S', 'X'];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_command_says_what_it_should() {
    let folder = root().join("tests/diag");
    let mut names: Vec<String> =
        fs::read_dir(&folder).expect("fixtures").map(|e| e.expect("an entry").file_name().into_string().expect("text")).collect();
    names.retain(|name| name.starts_with(FAMILIES));
    names.sort();
    assert!(names.len() > 20, "the fixtures are not where they are looked for");
    let failed: Vec<String> = names.iter().filter_map(|name| run(&folder.join(name), name).err()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn run(fixture: &Path, name: &str) -> Result<(), String> {
    let text = fs::read_to_string(fixture.join("fixture.toml")).map_err(|e| format!("{name}: fixture.toml: {e}"))?;
    let settings: toml::Table = text.parse().map_err(|e| format!("{name}: fixture.toml: {e}"))?;
    let here = tempfile::tempdir().expect("a folder");
    let shipped = match settings.get("pack").and_then(toml::Value::as_str) {
        None => true,
        Some("minimal") => {
            copy(&root().join("tests/diag/minimal"), &here.path().join("pack"));
            false
        }
        Some(pack) => {
            copy(&root().join("packs").join(pack), &here.path().join("pack"));
            true
        }
    };
    copy(fixture, here.path());
    for edit in settings.get("edit").and_then(toml::Value::as_array).into_iter().flatten() {
        let field = |key: &str| edit[key].as_str().expect("text");
        let path = here.path().join("pack").join(field("file"));
        let before = fs::read_to_string(&path).map_err(|e| format!("{name}: {}: {e}", field("file")))?;
        if before.matches(field("old")).count() != 1 {
            return Err(format!("{name}: `{}` does not stand once in {}", field("old"), field("file")));
        }
        fs::write(&path, before.replace(field("old"), field("new"))).expect("written");
    }
    let arguments: Vec<&str> = settings["command"].as_array().expect("a list").iter().filter_map(toml::Value::as_str).collect();
    let output = Command::new(env!("CARGO_BIN_EXE_oxus")).args(&arguments).current_dir(here.path()).output().expect("the program starts");
    let said = normal(&String::from_utf8_lossy(&output.stderr), shipped);
    let status = settings.get("status").and_then(toml::Value::as_integer).unwrap_or(1);
    if output.status.code().map(i64::from) != Some(status) {
        return Err(format!("{name} ends with {:?} and not {status}:\n{said}", output.status.code()));
    }
    // a failed future is told by its code within the diagnostic of the run
    if ![format!("[{name}]"), format!("({name})")].iter().any(|code| said.contains(code.as_str()))
        || said.contains("panicked")
        || said.contains("X001")
    {
        return Err(format!("{name} does not show its code:\n{said}"));
    }
    let expected = fixture.join("expected.txt");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&expected, &said).expect("written");
    }
    let kept = fs::read_to_string(&expected).unwrap_or_default();
    if kept == said { Ok(()) } else { Err(format!("{name} says something else than expected.txt:\n{said}")) }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").filter_map(Result::ok) {
        let target = to.join(entry.file_name());
        // frozen forecasts are large, and no pack is read with them
        if entry.file_name() == "forecasts" {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// The text without what moves for reasons of its own: separators of paths, hashes, blanks at line ends and, of the shipped pack, line numbers.
fn normal(text: &str, shipped: bool) -> String {
    let mut out = String::new();
    for line in text.replace("\r\n", "\n").lines() {
        let line = if shipped { without_numbers(line) } else { line.trim_end().to_owned() };
        let note = shipped && line.starts_with("= note:");
        let words: Vec<&str> = line.split(' ').map(|word| plain(word, note)).collect();
        out += words.join(" ").trim_end();
        out.push('\n');
    }
    out.trim_end().to_owned() + "\n"
}

/// A word, or what it is where it moves: a hash; in a note on futures of the shipped pack, a measured number or a month.
fn plain(word: &str, note: bool) -> &str {
    let bare = word.trim_end_matches([',', ';']);
    let month = bare.len() == 7 && bare.as_bytes()[4] == b'-' && bare.bytes().enumerate().all(|(n, b)| n == 4 || b.is_ascii_digit());
    match () {
        () if word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit()) => "<hash>",
        () if note && month => "<month>",
        () if note && bare.contains('.') && bare.parse::<f64>().is_ok() => "<number>",
        () => word,
    }
}

/// A line of a rendered diagnostic without its line number and the indent that makes room for it.
fn without_numbers(line: &str) -> String {
    let bare = line.trim();
    if let Some(place) = bare.strip_prefix("--> ") {
        let file = place.split(':').next().unwrap_or(place);
        return format!("--> {}", file.replace('\\', "/"));
    }
    let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.strip_prefix(" |") {
        Some(code) if digits.len() < bare.len() => format!("|{}", code.trim_end()),
        _ => bare.to_owned(),
    }
}
