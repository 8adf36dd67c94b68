//! File sizes: a file is read in one sitting.

use super::Problem;
use crate::tree::Tree;

/// No Rust file is longer.
const MOST: usize = 1000;
/// Files above this are listed.
const LONG: usize = 600;
/// The median Rust file is shorter.
const MEDIAN: usize = 250;

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut sizes: Vec<(usize, &str)> = tree.under("", ".rs").map(|(path, text)| (text.lines().count(), path)).collect();
    sizes.sort_unstable();
    let mut problems = Vec::new();
    for &(lines, path) in &sizes {
        if lines > MOST {
            problems.push(Problem::error(path, 0, format!("{lines} lines, above {MOST}: split it")));
        } else if lines > LONG {
            problems.push(Problem::warning(path, 0, format!("{lines} lines, above {LONG}: think of splitting it")));
        }
    }
    match sizes.get(sizes.len() / 2) {
        Some((median, _)) if *median >= MEDIAN => {
            let what = format!("the median Rust file has {median} lines; the house keeps it under {MEDIAN}");
            problems.push(Problem::error("crates", 0, what));
        }
        _ => {}
    }
    problems
}
