//! `oxus method trade` against the reference, and what it says to files that cannot be used.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn oxus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(["method", "trade"]).args(arguments).output().expect("the program starts")
}

fn reference(file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/trade_ge");
    folder.join(file).to_string_lossy().into_owned()
}

/// A table of numbers by row name and column.
fn table(text: &str) -> BTreeMap<(String, String), f64> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut cells = BTreeMap::new();
    for row in reader.records().map(|r| r.expect("a row")) {
        for (column, cell) in header.iter().zip(&row).skip(1) {
            if let Ok(value) = cell.parse() {
                cells.insert((row[0].to_owned(), column.to_owned()), value);
            }
        }
    }
    cells
}

fn answer(arguments: &[&str]) -> BTreeMap<(String, String), f64> {
    let output = oxus(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    table(&String::from_utf8(output.stdout).expect("text"))
}

#[test]
fn both_closures_agree_with_numpy() {
    let flows = reference("synthetic_ca12__ca_customs_union__numpy_bilateral.csv");
    let expected = table(&fs::read_to_string(reference("synthetic_ca12__ca_customs_union__numpy_country.csv")).expect("the reference"));
    let compare = |found: &BTreeMap<(String, String), f64>, column: &str, of: &str| {
        let ours = found.iter().filter(|((_, c), _)| c == column);
        let worst = ours.map(|((name, _), x)| (x / expected[&(name.clone(), of.to_owned())] - 1.0).abs()).fold(0.0, f64::max);
        // as the tests of the method: the reference is good to some 1e-12
        assert!(worst < 1e-10, "{of}: {worst:e}");
    };
    for (deficits, prefix) in [("additive", "dek_add"), ("multiplicative", "dek_mul")] {
        let found = answer(&["--flows", &flows, "--sigma", "5", "--deficits", deficits]);
        assert_eq!(found.len(), 12 * 4);
        for (column, of) in [("factor_price", "w"), ("price_index", "P"), ("real_factor_price", "real_wage"), ("welfare", "welfare")] {
            compare(&found, column, &format!("{prefix}_{of}"));
        }
    }
    let here = tempfile::tempdir().expect("a folder");
    let economies = here.path().join("economies.csv");
    fs::write(&economies, economies_of(Path::new(&reference("synthetic_ca12.csv")))).expect("a file");
    let economies = economies.to_string_lossy();
    let found = answer(&["--flows", &flows, "--economies", &economies, "--closure", "shares-fixed", "--reference", "ROW"]);
    compare(&found, "price", "A_price");
    compare(&found, "inward_after", "A_P1");
    compare(&found, "outward_after", "A_Pi1");
}

/// Output and expenditure by country from the pairs of the reference's input.
fn economies_of(path: &Path) -> String {
    let mut reader = csv::Reader::from_path(path).expect("the reference");
    let (mut output, mut spending) = (BTreeMap::new(), BTreeMap::new());
    for row in reader.records().map(|r| r.expect("a row")) {
        output.insert(row[0].to_owned(), row[4].to_owned());
        spending.insert(row[1].to_owned(), row[5].to_owned());
    }
    let rows = output.iter().map(|(name, y)| format!("{name},{y},{}\n", spending[name]));
    format!("country,Y,E\n{}", rows.collect::<String>())
}

#[test]
fn json_and_pairs() {
    let flows = reference("synthetic_ca12__ca_customs_union__numpy_bilateral.csv");
    let output = oxus(&["--flows", &flows, "--bilateral", "--json"]);
    let pairs: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(pairs.as_array().map(Vec::len), Some(144));
    assert!(pairs[1]["after"].is_number() && pairs[1]["exporter"].is_string());
}

#[test]
fn files_that_cannot_be_used_are_refused_with_a_reason() {
    let here = tempfile::tempdir().expect("a folder");
    let file = here.path().join("pairs.csv");
    let head = "exporter,importer,X0,K0,K1\n";
    let good = "A,A,9,1,1\nA,B,1,1,1\nB,A,1,1,1\nB,B,9,1,1\n";
    for (text, arguments, part) in [
        (format!("{head}{good}"), vec!["--sigma", "1"], "above 1"),
        (format!("{head}A,A,9,1,1\nA,B,1,1,1\nB,B,9,1,1\n"), vec![], "no row for the pair B, A"),
        (format!("{head}{good}A,B,1,1,1\n"), vec![], "stands twice"),
        (format!("{head}A,A,x,1,1\nA,B,1,1,1\nB,A,1,1,1\nB,B,9,1,1\n"), vec![], "not a number"),
        (format!("{head}A,A,9,1,1\nA,B,-1,1,1\nB,A,1,1,1\nB,B,9,1,1\n"), vec![], "below 0"),
        (format!("{head}A,A,0,1,1\nA,B,0,1,1\nB,A,1,1,1\nB,B,9,1,1\n"), vec![], "`A` sells nothing"),
        ("exporter,importer,X0,K0\nA,A,1,1\n".to_owned(), vec![], "no column `K1`"),
        (format!("{head}A,A,9,1,1\n"), vec![], "at least two economies"),
        (format!("{head}{good}"), vec!["--closure", "shares-fixed"], "--economies"),
    ] {
        fs::write(&file, text).expect("a file");
        let path = file.to_string_lossy();
        let output = oxus(&[vec!["--flows", &*path], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains("E009") && said.contains(part), "{part}: {said}");
    }
}
