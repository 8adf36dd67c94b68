//! Whatever is done to a pack, reading it reports problems and never panics.

mod common;

use std::sync::LazyLock;

use oxus_diag::{Style, render};
use oxus_pack::{Memory, read};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// Values put in place of others: wrong types, extremes, half-written tables.
const VALUES: &[&str] = &[
    "",
    "0",
    "-1",
    "1e308",
    "-1e308",
    "nan",
    "inf",
    "9223372036854775807",
    "\"\"",
    "\"x\"",
    "\"2013-13\"",
    "[]",
    "[[]]",
    "{}",
    "true",
    "1979-05-27",
    "{ value = 1 }",
    "{ normal = { mean = 1 } }",
    "{ mixture = [] }",
    "{ series = \"growth\", at = \"origin\" }",
    "\"((((\"",
    "\"a.b.c\"",
    "[1, \"x\", {}]",
    "{ value = { uniform = { low = 2, high = 1 } }, status = \"assumed\", reason = \"r\" }",
];

/// One change of one file; positions are taken modulo what is there.
#[derive(Clone, Debug)]
enum Mutation {
    Byte { at: usize, to: u8 },
    DeleteLine { at: usize },
    RepeatLine { at: usize },
    SwapLines { a: usize, b: usize },
    Value { at: usize, to: usize },
    Cell { line: usize, cell: usize, to: usize },
    Cut { at: usize },
    Drop,
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, to)| Mutation::Byte { at, to }),
        any::<usize>().prop_map(|at| Mutation::DeleteLine { at }),
        any::<usize>().prop_map(|at| Mutation::RepeatLine { at }),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Mutation::SwapLines { a, b }),
        (any::<usize>(), 0..VALUES.len()).prop_map(|(at, to)| Mutation::Value { at, to }),
        (any::<usize>(), any::<usize>(), 0..VALUES.len()).prop_map(|(line, cell, to)| Mutation::Cell { line, cell, to }),
        any::<usize>().prop_map(|at| Mutation::Cut { at }),
        Just(Mutation::Drop),
    ]
}

fn apply(content: &[u8], mutation: &Mutation) -> Option<Vec<u8>> {
    if content.is_empty() {
        return Some(Vec::new());
    }
    let mut bytes = content.to_vec();
    let text = String::from_utf8_lossy(content).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let count = lines.len();
    match *mutation {
        Mutation::Byte { at, to } => {
            let length = bytes.len();
            bytes[at % length] = to;
            return Some(bytes);
        }
        Mutation::Cut { at } => {
            bytes.truncate(at % bytes.len());
            return Some(bytes);
        }
        Mutation::Drop => return None,
        Mutation::DeleteLine { at } => drop(lines.remove(at % count)),
        Mutation::RepeatLine { at } => lines.insert(at % count, lines[at % count].clone()),
        Mutation::SwapLines { a, b } => lines.swap(a % count, b % count),
        Mutation::Value { at, to } => {
            // The next line from `at` on that sets a key.
            if let Some(line) = (0..count).map(|n| (at % count + n) % count).find(|&n| lines[n].contains(" = ")) {
                let key = lines[line].split(" = ").next().unwrap_or_default().to_owned();
                lines[line] = format!("{key} = {}", VALUES[to]);
            }
        }
        Mutation::Cell { line, cell, to } => {
            let mut cells: Vec<&str> = lines[line % count].split(',').collect();
            let width = cells.len();
            cells[cell % width] = VALUES[to];
            let changed = cells.join(",");
            lines[line % count] = changed;
        }
    }
    Some(lines.join("\n").into_bytes())
}

fn mutated(pack: &Memory, changes: &[(usize, Mutation)]) -> Memory {
    let mut files = pack.clone();
    let paths: Vec<String> = pack.iter().map(|(path, _)| path.to_owned()).collect();
    for (file, mutation) in changes {
        let path = &paths[file % paths.len()];
        if let Some(content) = files.remove(path)
            && let Some(content) = apply(&content, mutation)
        {
            files.insert(path.clone(), content);
        }
    }
    files
}

/// The shipped pack but for its frozen forecasts, which are large and are not read.
static SHIPPED: LazyLock<Memory> = LazyLock::new(|| {
    let mut files = common::memory(&common::root().join("packs/central-asia"));
    let forecasts: Vec<String> = files.iter().map(|(path, _)| path.to_owned()).filter(|path| path.starts_with("forecasts/")).collect();
    forecasts.iter().for_each(|path| drop(files.remove(path)));
    files
});

/// Cases asked for from outside (`PROPTEST_CASES`), or the library's own number.
fn asked() -> u32 {
    ProptestConfig::default().cases
}

/// Reads, and prints what was found: a span outside its text would show there.
fn survives(files: &Memory) {
    let found = read(files);
    assert_eq!(found.region.is_none(), found.diagnostics.has_errors());
    let _ = render(&found.diagnostics.into_sorted(), &found.sources, Style::plain());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: asked().max(400), ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_minimal_pack_never_panics(changes in prop::collection::vec((any::<usize>(), mutation()), 1..6)) {
        survives(&mutated(&common::minimal(), &changes));
    }
}

/// A large pack: fewer cases, each with more changes. The macro would put the number asked for from outside in place of this one.
#[test]
fn the_mutated_shipped_pack_never_panics() {
    let config = ProptestConfig { cases: (asked() / 500).max(12), max_shrink_iters: 50, ..ProptestConfig::default() };
    let changes = prop::collection::vec((any::<usize>(), mutation()), 20..60);
    let mut runner = TestRunner::new(config);
    let found = runner.run(&changes, |changes| {
        survives(&mutated(&SHIPPED, &changes));
        Ok(())
    });
    found.unwrap_or_else(|error| panic!("{error}"));
}
