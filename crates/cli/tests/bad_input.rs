//! What users get wrong: each gives a coded error with a place and a way out on standard error, exit status 1, and no panic.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn pack() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").filter_map(Result::ok) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn oxus(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(folder).output().expect("the program starts")
}

/// The text on standard error of a command that must fail.
fn refused(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "exit status; standard error:\n{text}");
    assert!(!text.contains("panicked") && !text.contains("X001"), "{text}");
    text
}

/// Checks the shipped pack after one change.
fn after(change: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("pack");
    copy(&pack(), &root);
    change(&root);
    refused(&oxus(&["check", "pack"], folder.path()))
}

fn edit(path: PathBuf, change: impl FnOnce(String) -> String) {
    let text = fs::read_to_string(&path).expect("a file");
    let changed = change(text.clone());
    assert_ne!(text, changed, "the edit found its place in {}", path.display());
    fs::write(path, changed).expect("written");
}

fn shows(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[test]
fn a_missing_file() {
    let text = after(|root| fs::remove_file(root.join("places/provinces.csv")).expect("removed"));
    shows(&text, &["error[P", "provinces"]);
}

#[test]
fn a_wrong_unit() {
    let text = after(|root| edit(root.join("networks/gas.toml"), |t| t.replacen("unit = \"bcm/yr\"", "unit = \"USD/yr\"", 1)));
    shows(&text, &["error[U", "networks/gas.toml", "expected"]);
}

#[test]
fn an_unknown_id() {
    let text = after(|root| edit(root.join("scenarios/disorderly-exit.toml"), |t| t.replacen("drivers.foreign_forces", "drivers.foreign_force", 1)));
    shows(&text, &["error[C007]", "scenarios/disorderly-exit.toml", "did you mean `drivers.foreign_forces`"]);
}

#[test]
fn a_negative_capacity() {
    let text = after(|root| edit(root.join("networks/gas.toml"), |t| t.replacen("capacity = { value = ", "capacity = { value = -", 1)));
    shows(&text, &["error[P", "networks/gas.toml", "capacity"]);
}

#[test]
fn a_nan_in_a_series() {
    let text = after(|root| {
        edit(root.join("series/gdp_growth.csv"), |t| {
            let mut lines: Vec<String> = t.lines().map(str::to_owned).collect();
            let cut = lines[3].rfind(',').expect("a comma");
            lines[3].replace_range(cut + 1.., "NaN");
            lines.join("\n") + "\n"
        });
    });
    shows(&text, &["error[P", "series/gdp_growth.csv:4"]);
}

#[test]
fn events_that_breed_more_than_one_event() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("pack");
    copy(&pack(), &root);
    edit(root.join("parameters/unrest.toml"), |t| {
        let at = t.find("[protest_by_protest]").expect("the parameter");
        let value = at + t[at..].find("value = ").expect("its value");
        let end = value + t[value..].find('\n').expect("its end");
        format!("{}value = 1.2{}", &t[..value], &t[end..])
    });
    let text = refused(&oxus(&["run", "pack", "--members", "16", "--no-save"], folder.path()));
    shows(&text, &["E007", "M001"]);
}

#[test]
fn a_file_of_two_gigabytes() {
    let text = after(|root| {
        let file = fs::File::create(root.join("series/huge.csv")).expect("a file");
        file.set_len(2 << 30).expect("sparse");
    });
    shows(&text, &["error[P", "huge.csv"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_pack() {
    let text = after(|root| std::os::unix::fs::symlink("/etc/hostname", root.join("series/outside.csv")).expect("a link"));
    shows(&text, &["error[P", "outside.csv"]);
}

#[test]
fn names_that_the_command_line_gets_wrong() {
    let here = tempfile::tempdir().expect("a folder");
    for (arguments, parts) in [
        (vec!["run", "--scenario", "S00l", "--no-save"], vec!["E001", "did you mean"]),
        (vec!["run", "--case", "S001=2", "--no-save"], vec!["E006", "from 0 to 1"]),
        (vec!["run", "--outcome", "irregular-exits", "--no-save"], vec!["E003", "irregular-exit"]),
        (vec!["run", "--members", "0", "--no-save"], vec!["E002"]),
        (vec!["run", "--horizon", "2030-12", "--no-save"], vec!["U004"]),
        (vec!["run", "nowhere", "--no-save"], vec!["error[P"]),
        (vec!["explain", "drivers.oil_prise"], vec!["E010", "drivers.oil_price"]),
        (vec!["ask", "99"], vec!["E003"]),
        (vec!["method", "flow", "--nodes", "a.csv", "--arcs", "b.csv"], vec!["E009", "a.csv"]),
        (vec!["method", "decide", "--actors", "a.csv"], vec!["E009", "a.csv"]),
    ] {
        let text = refused(&oxus(&arguments, here.path()));
        shows(&text, &parts);
    }
    assert_eq!(fs::read_dir(here.path()).expect("a folder").count(), 0, "nothing was written");
}

#[test]
fn decisions_that_cannot_be_taken() {
    let here = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| fs::write(here.path().join(name), text).expect("a file");
    put("same.csv", "actor,capability,position,salience\na,1,0.5,1\nb,1,0.5,1\n");
    put("weak.csv", "actor,capability,position,salience\na,1,0.5,1\nb,-1,0.2,1\n");
    put("word.csv", "actor,capability,position,salience\na,1,0.5,1\nb,x,0.2,1\n");
    put("short.csv", "actor,capability,positon,salience\na,1,0.5,1\n");
    put("votes.csv", "player,votes\na,2\nb,1\n");
    put("part.csv", "player,votes\na,2.5\n");
    for (arguments, parts) in [
        (vec!["--actors", "same.csv", "--rounds", "3"], vec!["E009", "nothing to bargain"]),
        (vec!["--actors", "weak.csv"], vec!["E009", "capability of actor 1"]),
        (vec!["--actors", "word.csv"], vec!["E009", "line 3", "`capability`"]),
        (vec!["--actors", "short.csv"], vec!["E009", "no column `position`", "positon"]),
        (vec!["--actors", "same.csv", "--election", "conditonal"], vec!["E006", "did you mean", "conditional"]),
        (vec!["--game", "votes.csv", "--quota", "4"], vec!["E009", "between 1 and the sum"]),
        (vec!["--game", "votes.csv", "--quota", "2,2"], vec!["E009", "quotas"]),
        (vec!["--game", "part.csv", "--quota", "2"], vec!["E009", "line 2", "2.5"]),
    ] {
        let full: Vec<&str> = ["method", "decide"].into_iter().chain(arguments).collect();
        shows(&refused(&oxus(&full, here.path())), &parts);
    }
}
