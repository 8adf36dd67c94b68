//! `cargo xtask tidy`: every check, every problem, one exit status.

mod codes;
mod layers;
mod manifests;
mod marks;
mod paths;
mod sizes;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::time::Instant;

use crate::tree::Tree;

/// Something to put right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// The file, relative to the root.
    path: String,
    /// Its line, from 1; 0 for the whole file.
    line: usize,
    /// What is wrong and what to do.
    what: String,
    /// Whether it only warns.
    warning: bool,
}

impl Problem {
    fn error(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into(), warning: false }
    }

    fn warning(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { warning: true, ..Self::error(path, line, what) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.warning { "warning" } else { "error" };
        match self.line {
            0 => write!(out, "{word}: {}: {}", self.path, self.what),
            line => write!(out, "{word}: {}:{line}: {}", self.path, self.what),
        }
    }
}

/// A check: the repository in, problems out.
type Check = fn(&Tree) -> Vec<Problem>;

const CHECKS: [Check; 6] = [layers::check, sizes::check, codes::check, paths::check, marks::check, manifests::check];

/// Runs every check and prints every problem; whether there was no error.
pub(crate) fn run(root: &Path) -> bool {
    let start = Instant::now();
    let tree = match Tree::load(root) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("error: {error}");
            return false;
        }
    };
    let mut problems: Vec<Problem> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    problems.sort();
    problems.sort_by_key(|problem| !problem.warning);
    for problem in &problems {
        println!("{problem}");
    }
    let warnings = problems.iter().filter(|problem| problem.warning).count();
    let errors = problems.len() - warnings;
    println!("tidy: {errors} errors, {warnings} warnings in {:.2} s", start.elapsed().as_secs_f64());
    errors == 0
}

/// A TOML file of the tree as a table, or the problem with it.
fn table(tree: &Tree, path: &str) -> Result<toml::Table, Problem> {
    let text = tree.text(path).ok_or_else(|| Problem::error(path, 0, "this file is missing"))?;
    text.parse().map_err(|error: toml::de::Error| Problem::error(path, 0, error.message()))
}

/// A table of names and reasons, `section` of `file`; every reason has to say something.
fn reasons(tree: &Tree, file: &str, section: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    let all = match table(tree, file) {
        Ok(all) => all,
        Err(problem) => {
            problems.push(problem);
            return Vec::new();
        }
    };
    let Some(entries) = all.get(section).and_then(toml::Value::as_table) else {
        return Vec::new();
    };
    for (name, reason) in entries {
        if reason.as_str().is_none_or(|reason| reason.trim().len() < 10) {
            problems.push(Problem::error(file, 0, format!("[{section}] {name}: give the reason in a few words")));
        }
    }
    entries.keys().cloned().collect()
}

/// The numbered lines of a text.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index + 1, line))
}
