//! `oxus fit` as a user types it.
//!
//! `BLESS=1 cargo test -p oxus-cli --test fit` writes the page printed now into `tests/golden/fit.txt`: read the difference before keeping it.

use std::path::Path;
use std::process::{Command, Output};

fn oxus(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(std::env::temp_dir()).output().expect("the program starts")
}

fn said(arguments: &[&str]) -> String {
    let output = oxus(arguments);
    assert!(output.status.success(), "oxus {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_page_is_as_it_was_read() {
    let page = said(&["fit", "--only", "growth-trend", "--only", "oil-reversion", "--only", "irregular-exit", "--only", "powers-growth"]);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/fit.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().expect("a folder")).expect("a folder");
        std::fs::write(&golden, &page).expect("written");
    }
    let kept = std::fs::read_to_string(&golden).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(page, kept);
}

#[test]
fn all_fits_fit_on_80_columns_and_twice_the_same() {
    let text = said(&["fit"]);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
    }
    assert_eq!(text, said(&["fit"]));
    for part in ["the data do not tell", "growth-trend:", "regimes.inverted_u_effect", "lag-1 autocorrelation", "condition number"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
}

#[test]
fn the_same_as_json_and_in_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fits.json");
    let text = said(&["fit", "--only", "growth-trend", "--json", "--report", &file.to_string_lossy()]);
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rows = json["fit"]["fits"][0]["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), rows[0]["years"][1].as_i64()), (6, Some(2011)));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&std::fs::read_to_string(&file).expect("written")).expect("JSON"), json);
}

#[test]
fn later_knowledge_may_be_looked_at_and_not_written() {
    let text = said(&["fit", "--only", "growth-trend", "--cut-off", "2013-12"]);
    assert!(text.contains("2003-2012"), "{text}");
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia");
    let output = oxus(&["fit", &pack.to_string_lossy(), "--cut-off", "2013-12", "--write"]);
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("A065"));
}
