//! Reading the reference tables of `tests/reference` in tests.

use std::path::PathBuf;

/// The path of a file in `tests/reference`.
pub(crate) fn path(relative: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../tests/reference", relative].iter().collect()
}

/// The rows of a CSV file with a header line, as strings.
pub(crate) fn rows(relative: &str) -> Vec<csv::StringRecord> {
    let path = path(relative);
    csv::Reader::from_path(&path)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        .records()
        .map(|r| r.expect("reference rows are well formed"))
        .collect()
}

/// Field `column` of a row as a number.
pub(crate) fn field<T: std::str::FromStr>(row: &csv::StringRecord, column: usize) -> T
where
    T::Err: std::fmt::Debug,
{
    row[column].trim().parse().expect("reference fields are numbers")
}

/// A JSON file.
pub(crate) fn json(relative: &str) -> serde_json::Value {
    let path = path(relative);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).expect("reference files are JSON")
}

/// A JSON number.
pub(crate) fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("a number, not {value}"))
}

/// A JSON array of numbers.
pub(crate) fn array(value: &serde_json::Value) -> Vec<f64> {
    value.as_array().unwrap_or_else(|| panic!("an array, not {value}")).iter().map(number).collect()
}

/// Fails unless two numbers differ by at most `tolerance`.
#[track_caller]
pub(crate) fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected} within {tolerance:e}");
}
