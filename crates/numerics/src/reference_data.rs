//! Reading the reference tables of `tests/reference` in tests.

use std::path::PathBuf;

/// The path of a file in `tests/reference`.
pub(crate) fn path(relative: &str) -> PathBuf {
    [
        env!("CARGO_MANIFEST_DIR"),
        "../../tests/reference",
        relative,
    ]
    .iter()
    .collect()
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
    row[column]
        .trim()
        .parse()
        .expect("reference fields are numbers")
}
