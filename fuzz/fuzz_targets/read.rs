//! Reads packs made of arbitrary bytes: whatever is in the files, problems are reported and nothing panics.
//!
//! The input is cut at NUL bytes; each piece is a line with a path and then that file's content. Files that the input does not
//! name come from the minimal pack, so that the checks between files are reached. Seeds: `corpus.sh`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use oxus_diag::{Style, render};
use oxus_pack::{Memory, read};

/// The files of `tests/diag/minimal`.
const MINIMAL: &[(&str, &str)] = &[
    ("pack.toml", include_str!("../../tests/diag/minimal/pack.toml")),
    ("places/states.csv", include_str!("../../tests/diag/minimal/places/states.csv")),
    ("places/provinces.csv", include_str!("../../tests/diag/minimal/places/provinces.csv")),
    ("places/borders.csv", include_str!("../../tests/diag/minimal/places/borders.csv")),
    ("places/adjacency.csv", include_str!("../../tests/diag/minimal/places/adjacency.csv")),
    ("places/kinship.csv", include_str!("../../tests/diag/minimal/places/kinship.csv")),
    ("actors/powers.csv", include_str!("../../tests/diag/minimal/actors/powers.csv")),
    ("actors/groups.csv", include_str!("../../tests/diag/minimal/actors/groups.csv")),
    ("actors/companies.csv", include_str!("../../tests/diag/minimal/actors/companies.csv")),
    ("actors/organisations.toml", include_str!("../../tests/diag/minimal/actors/organisations.toml")),
    ("sites/sites.csv", include_str!("../../tests/diag/minimal/sites/sites.csv")),
    ("networks/gas.toml", include_str!("../../tests/diag/minimal/networks/gas.toml")),
    ("series/growth.toml", include_str!("../../tests/diag/minimal/series/growth.toml")),
    ("series/growth.csv", include_str!("../../tests/diag/minimal/series/growth.csv")),
    ("parameters/finance.toml", include_str!("../../tests/diag/minimal/parameters/finance.toml")),
    ("claims/claims.toml", include_str!("../../tests/diag/minimal/claims/claims.toml")),
    ("links/links.toml", include_str!("../../tests/diag/minimal/links/links.toml")),
    ("views/officials.toml", include_str!("../../tests/diag/minimal/views/officials.toml")),
    ("scenarios/S001.toml", include_str!("../../tests/diag/minimal/scenarios/S001.toml")),
    ("outcomes.toml", include_str!("../../tests/diag/minimal/outcomes.toml")),
    ("questions.toml", include_str!("../../tests/diag/minimal/questions.toml")),
    ("references.json", include_str!("../../tests/diag/minimal/references.json")),
];

fuzz_target!(|data: &[u8]| {
    let mut files = Memory::from_pairs(MINIMAL);
    for piece in data.split(|&byte| byte == 0) {
        let end = piece.iter().position(|&byte| byte == b'\n').unwrap_or(piece.len());
        let (path, content) = piece.split_at(end);
        if let Ok(path) = std::str::from_utf8(path) {
            files.insert(path, content.get(1..).unwrap_or_default());
        }
    }
    let found = read(&files);
    assert_eq!(found.region.is_none(), found.diagnostics.has_errors());
    let _text = render(&found.diagnostics.into_sorted(), &found.sources, Style::plain());
});
