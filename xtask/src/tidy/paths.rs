//! Paths: those that documents name exist; those of one machine appear nowhere.

use super::{Problem, lines};
use crate::tree::Tree;

/// A line that carries this mark and a reason after it may name a path of a machine.
const ALLOW: &str = concat!("tidy: ", "allow-path");

/// A folder that never was part of the repository and once stood beside it.
const SIBLING: &str = concat!("sha", "red/");

/// Folders of the repository whose paths documents name, whether or not they exist yet.
const FOLDERS: [&str; 9] = ["crates", "docs", "packs", "tests", "benches", "xtask", "web", ".ci", ".cargo"];

/// Beginnings of paths that hold on one machine only.
const MACHINE: [&str; 6] = [
    "/work/", // tidy: allow-path this is the list that is looked for
    "/home/", // tidy: allow-path as above
    "/root/", // tidy: allow-path as above
    "/tmp/",  // tidy: allow-path as above
    "/farm/", // tidy: allow-path as above
    "C:\\",   // tidy: allow-path as above
];

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.texts() {
        problems.extend(machine_paths(path, text));
        if is_document(path) {
            problems.extend(named_paths(tree, path, text));
        }
    }
    problems
}

/// The documents that describe the repository. Pages inside packs and references describe their own folders.
fn is_document(path: &str) -> bool {
    path.ends_with(".md") && (!path.contains('/') || path.starts_with("docs/"))
}

fn machine_paths(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, line) in lines(text) {
        if let Some((_, reason)) = line.split_once(ALLOW) {
            if reason.trim().len() < 5 {
                problems.push(Problem::error(path, number, format!("`{ALLOW}` without a reason")));
            }
            continue;
        }
        if let Some(found) = MACHINE.iter().find(|start| begins_path(line, start)) {
            problems.push(Problem::error(path, number, format!("`{found}` is a path of one machine")));
        }
        if begins_path(line, SIBLING) {
            let what = format!("`{SIBLING}` is no folder of this repository: copy the fact here, with its source");
            problems.push(Problem::error(path, number, what));
        }
    }
    problems
}

/// Whether `line` has a path that begins with `start`: not the middle of a longer path, word or address.
fn begins_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let climbs = line[..at].ends_with("../") || line[..at].ends_with("./");
        climbs || !before.is_some_and(|c| c.is_alphanumeric() || "_-./}:~$".contains(c))
    })
}

fn named_paths(tree: &Tree, path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut in_block = false;
    for (number, line) in lines(text) {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            for missing in code_spans(line).filter(|span| is_repository_path(span) && !tree.exists(without_place(span))) {
                problems.push(Problem::error(path, number, format!("`{missing}` does not exist")));
            }
            for missing in link_targets(line).filter(|target| !tree.exists(&resolve(path, target))) {
                problems.push(Problem::error(path, number, format!("the link to {missing} leads nowhere")));
            }
        }
    }
    problems
}

/// What stands between single backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// A literal path that begins in one of our folders, or a document at the root.
fn is_repository_path(span: &str) -> bool {
    let literal = span.chars().all(|c| c.is_ascii_alphanumeric() || "._-/:".contains(c));
    let root_document = span.strip_suffix(".md").is_some_and(|name| name.bytes().all(|b| b.is_ascii_uppercase()));
    let in_folder = span.split_once('/').is_some_and(|(first, _)| FOLDERS.contains(&first));
    literal && (in_folder || (root_document && !span.starts_with('.')))
}

/// `src/lib.rs:12` without the line.
fn without_place(span: &str) -> &str {
    span.split_once(':').map_or(span, |(path, _)| path)
}

/// The relative targets of `[text](target)`.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let targets = targets.filter_map(|target| target.split('#').next());
    targets.filter(|target| !target.is_empty() && !target.contains(':') && !target.contains(' '))
}

/// A target relative to the folder of the document.
fn resolve(document: &str, target: &str) -> String {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}
