//! Marks of unfinished work: none without a reason.

use super::{Problem, lines};
use crate::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.texts().filter(|(path, _)| is_checked(path)) {
        for (number, line) in lines(text) {
            problems.extend(line_problems(line).map(|what| Problem::error(path, number, what)));
        }
    }
    problems
}

fn is_checked(path: &str) -> bool {
    [".rs", ".toml", ".md", ".js", ".sh"].iter().any(|end| path.ends_with(end)) || path.starts_with(".ci/")
}

/// The marks, put together so that this file does not carry them.
fn line_problems(line: &str) -> impl Iterator<Item = String> + '_ {
    let macros = [concat!("to", "do!"), concat!("un", "implemented!")];
    let unfinished = macros.into_iter().filter(move |name| {
        line.match_indices(name).any(|(at, _)| !ends_in_word(&line[..at]) && line[at + name.len()..].starts_with(['(', '[', '{']))
    });
    let unfinished = unfinished.map(|name| format!("`{name}` is unfinished work: finish it or return a diagnostic"));
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let bare =
        words.into_iter().filter(move |word| line.match_indices(word).any(|(at, _)| !ends_in_word(&line[..at]) && is_bare(&line[at + word.len()..])));
    let bare = bare.map(|word| format!("{word} without a reason: write `{word}(why, or an issue)`"));
    let ignored = line.contains(concat!("#[", "ignore]"));
    let ignored = ignored.then(|| concat!("`#[", "ignore]` without a reason: write `#[ignore = \"why\"]`").to_owned());
    unfinished.chain(bare).chain(ignored)
}

fn ends_in_word(before: &str) -> bool {
    before.chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

/// Whether nothing that follows the word says why: `(reason)` or ` #12`.
fn is_bare(after: &str) -> bool {
    if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return false;
    }
    let reason = after.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or("", |(reason, _)| reason);
    let issue = after.trim_start_matches([' ', ':']).strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    reason.trim().len() < 3 && !issue
}
