//! Manifests: every dependency has its reason in a comment, and is used.

use super::{Problem, lines, reasons};
use crate::tree::Tree;

const SETTINGS: &str = "xtask/tidy.toml";

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let excused = reasons(tree, SETTINGS, "unmentioned", &mut problems);
    for (path, text) in tree.under("", "Cargo.toml") {
        let dependencies = dependencies(text);
        for dependency in dependencies.iter().filter(|dependency| !dependency.has_reason) {
            let what = format!("`{}` has no reason: put it in a comment on the same line", dependency.name);
            problems.push(Problem::error(path, dependency.line, what));
        }
        let folder = path.trim_end_matches("Cargo.toml");
        if !folder.is_empty() {
            problems.extend(unused(tree, path, folder, &dependencies, &excused));
        }
    }
    problems
}

struct Dependency<'a> {
    name: &'a str,
    line: usize,
    /// A comment on the line or above it, or the entry points to the workspace's, which has one.
    has_reason: bool,
}

/// The entries of every dependency table, read line by line because comments are not part of the TOML tree.
fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut above = "";
    for (number, line) in lines(text) {
        let bare = line.trim();
        if let Some(header) = bare.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            inside = header.ends_with("dependencies");
            if let Some((_, name)) = header.split_once("dependencies.") {
                let has_reason = bare.contains('#') || above.starts_with('#');
                found.push(Dependency { name, line: number, has_reason });
            }
        } else if let Some(name) = key(line).filter(|_| inside) {
            let inherited = bare.contains("workspace = true");
            let ours = name.starts_with("oxus-");
            let has_reason = inherited || ours || comment(bare).is_some() || above.starts_with('#');
            found.push(Dependency { name, line: number, has_reason });
        }
        above = bare;
    }
    found
}

/// The name at the start of `name = …` or `name.workspace = …`; none for the lines of a list.
fn key(line: &str) -> Option<&str> {
    let (left, _) = line.split_once('=')?;
    let name = left.trim_end().split('.').next()?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    is_name.then_some(name)
}

/// The comment at the end of an entry. Strings in manifests hold no `#`.
fn comment(line: &str) -> Option<&str> {
    line.split_once('#').map(|(_, comment)| comment.trim()).filter(|comment| comment.len() > 5)
}

/// Dependencies that no source file of the crate mentions.
fn unused(tree: &Tree, manifest: &str, folder: &str, dependencies: &[Dependency<'_>], excused: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for dependency in dependencies {
        let name = dependency.name.replace('-', "_");
        let mentioned = tree.under(folder, ".rs").any(|(_, text)| text.contains(&name));
        if !mentioned && !excused.iter().any(|excuse| excuse == dependency.name) {
            let what = format!("`{}` is mentioned in no source file of the crate: drop it", dependency.name);
            problems.push(Problem::error(manifest, dependency.line, what));
        }
    }
    problems
}
