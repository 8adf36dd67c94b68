//! Diagnostic codes: each has a page, a fixture and a use; nothing is left over.

use std::collections::BTreeSet;

use super::{Problem, lines, reasons};
use crate::tree::Tree;

const CATALOGUE: &str = "crates/diag/src/codes.rs";
const PAGES: &str = "crates/diag/src/codes/";
const FIXTURES: &str = "tests/diag/";
const SETTINGS: &str = "xtask/tidy.toml";

pub(super) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(text) = tree.text(CATALOGUE) else {
        return vec![Problem::error(CATALOGUE, 0, "this file is missing")];
    };
    let codes: BTreeSet<&str> = listed(text).collect();
    if codes.is_empty() {
        problems.push(Problem::error(CATALOGUE, 0, "no codes found in `catalogue! { … }`"));
    }
    problems.extend(pages(tree, &codes));
    problems.extend(fixtures(tree, &codes));
    problems.extend(uses(tree, &codes));
    problems
}

/// The codes of `catalogue! { … }`, one a line.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.lines().skip_while(|line| !line.starts_with("catalogue!")).skip(1);
    inside.take_while(|line| *line != "}").filter_map(|line| line.trim().strip_suffix(',')).filter(|word| is_code(word))
}

fn is_code(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 4 && b"PUCMSEAX".contains(&bytes[0]) && bytes[1..].iter().all(u8::is_ascii_digit)
}

fn pages(tree: &Tree, codes: &BTreeSet<&str>) -> Vec<Problem> {
    let pages: BTreeSet<&str> = tree.under(PAGES, ".md").filter_map(|(path, _)| path.strip_prefix(PAGES)?.strip_suffix(".md")).collect();
    let missing = codes.difference(&pages).map(|code| format!("{code} has no page {PAGES}{code}.md"));
    let extra = pages.difference(codes).map(|page| format!("the page {PAGES}{page}.md has no code"));
    missing.chain(extra).map(|what| Problem::error(CATALOGUE, 0, what)).collect()
}

/// Fixtures against codes, with the exceptions of the settings (`[no-fixture]`).
fn fixtures(tree: &Tree, codes: &BTreeSet<&str>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let without: BTreeSet<String> = reasons(tree, SETTINGS, "no-fixture", &mut problems).into_iter().collect();
    let present = tree.folders_in(FIXTURES);
    for code in codes.iter().filter(|code| !present.contains(*code) && !without.contains(**code)) {
        let what = format!("{code} has no fixture {FIXTURES}{code}/ (or a reason in {SETTINGS} [no-fixture])");
        problems.push(Problem::error(CATALOGUE, 0, what));
    }
    // Folders in lower case are what fixtures share, such as a smallest pack that is in order.
    let named_as_codes = present.iter().filter(|folder| folder.starts_with(|c: char| c.is_ascii_uppercase()));
    for folder in named_as_codes.filter(|folder| !codes.contains(*folder)) {
        problems.push(Problem::error(&format!("{FIXTURES}{folder}"), 0, "there is no such diagnostic code"));
    }
    for name in &without {
        if !codes.contains(name.as_str()) {
            problems.push(Problem::error(SETTINGS, 0, format!("{name} is no diagnostic code")));
        } else if present.contains(name.as_str()) {
            problems.push(Problem::error(SETTINGS, 0, format!("{name} has a fixture now: drop it from [no-fixture]")));
        }
    }
    problems
}

/// Codes that no crate raises.
fn uses(tree: &Tree, codes: &BTreeSet<&str>) -> Vec<Problem> {
    let mut idle = codes.clone();
    for (path, text) in tree.under("crates/", ".rs") {
        if !path.starts_with("crates/diag/") {
            idle.retain(|code| !lines(text).any(|(_, line)| line.contains(code)));
        }
    }
    idle.iter().map(|code| Problem::warning(CATALOGUE, 0, format!("{code} is raised nowhere"))).collect()
}
