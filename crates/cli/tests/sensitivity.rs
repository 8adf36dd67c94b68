//! `oxus method sobol`, `morris`, `prim` and `cart` against the reference; `oxus sense` and `oxus discover` as a user types them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn oxus(arguments: &[&str], here: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(here).output().expect("the program starts")
}

fn said(arguments: &[&str], here: &Path) -> String {
    let output = oxus(arguments, here);
    assert!(output.status.success(), "oxus {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn narrow(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
    }
}

fn reference(file: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/sensitivity_discovery");
    folder.join(file).to_string_lossy().into_owned()
}

/// Rows of a CSV by column name.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let row = |r: csv::StringRecord| header.iter().zip(&r).map(|(h, c)| (h.to_owned(), c.to_owned())).collect();
    reader.records().map(|r| row(r.expect("a row"))).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

#[test]
fn indices_of_files_are_those_of_salib() {
    let here = tempfile::tempdir().expect("a folder");
    let expected: serde_json::Value = serde_json::from_str(&fs::read_to_string(reference("salib.json")).expect("the reference")).expect("JSON");
    let found = table(&said(&["method", "sobol", "--runs", &reference("ishigami_sobol.csv"), "--second-order", "--resamples", "20"], here.path()));
    assert_eq!(found.len(), 3 + 3 + 3);
    for (of, key) in [("first", "S1"), ("total", "ST")] {
        for (j, row) in found.iter().filter(|r| r["index"] == of).enumerate() {
            // as the tests of the method
            assert!((number(row, "value") - expected["ishigami_sobol"][key][j].as_f64().expect("a number")).abs() < 1e-12);
        }
    }
    assert!(found.iter().any(|r| r["of"] == "x1 x x3" && number(r, "value") > 0.2));
    let found = table(&said(&["method", "morris", "--runs", &reference("ishigami_morris.csv")], here.path()));
    for (j, row) in found.iter().enumerate() {
        let theirs = expected["ishigami_morris"]["mu_star"][j].as_f64().expect("a number");
        assert!((number(row, "mu_star") - theirs).abs() < 1e-12);
    }
}

#[test]
fn a_design_printed_is_a_design_read() {
    let here = tempfile::tempdir().expect("a folder");
    fs::write(here.path().join("inputs.csv"), "name,low,high\na,0,1\nb,-2,2\n").expect("a file");
    for (method, rows) in [("sobol", "--rows"), ("morris", "--trajectories")] {
        let points = said(&["method", method, "--design", "inputs.csv", rows, "64"], here.path());
        let runs: String = points
            .lines()
            .enumerate()
            .map(|(i, line)| match i {
                0 => format!("{line},y\n"),
                _ => {
                    let x: Vec<f64> = line.split(',').map(|c| c.parse().expect("a number")).collect();
                    format!("{line},{}\n", 3.0 * x[0] + x[1])
                }
            })
            .collect();
        fs::write(here.path().join("runs.csv"), runs).expect("a file");
        let found = table(&said(&["method", method, "--runs", "runs.csv"], here.path()));
        // 3 a has variance 9/12, b on (-2, 2) has 16/12: shares 0.36 and 0.64 (0.2 is five standard errors of 64 rows); effects 3 and 4 exactly
        let column = if method == "sobol" { "value" } else { "mu_star" };
        let value = |k: usize| number(&found[k], column);
        if method == "sobol" {
            assert!((value(1) - 0.36).abs() < 0.2 && (value(3) - 0.64).abs() < 0.2, "{found:?}");
        } else {
            assert!((value(0) - 3.0).abs() < 1e-9 && (value(1) - 4.0).abs() < 1e-9, "{found:?}");
        }
    }
}

#[test]
fn boxes_and_trees_of_files() {
    let here = tempfile::tempdir().expect("a folder");
    let rows = reference("discovery.csv");
    let steps = table(&said(&["method", "prim", "--rows", &rows, "--trajectory"], here.path()));
    assert_eq!(steps.len(), 55, "with the category, as EMA Workbench");
    assert_eq!(steps.last().map(|s| (s["rows"].as_str(), s["of_interest"].as_str())), Some(("180", "171")));
    let boxes = table(&said(&["method", "prim", "--rows", &rows, "--boxes", "2", "--resamples", "5"], here.path()));
    assert!(boxes.iter().any(|r| r["box"] == "1" && r["input"] == "youth_unemp" && number(r, "reproduced_coverage") > 0.5));
    assert!(boxes.iter().any(|r| r["box"] == "2"));
    let json: serde_json::Value = serde_json::from_str(&said(&["method", "cart", "--rows", &rows, "--json"], here.path())).expect("JSON");
    assert!(json[0]["density"].as_f64() > Some(0.9) && json[0]["rule"].as_str().is_some_and(|r| r.contains("youth_unemp >")));
    let nodes = table(&said(&["method", "cart", "--rows", &rows, "--nodes", "--depth", "1"], here.path()));
    assert_eq!((nodes.len(), nodes[0]["input"].as_str()), (3, "youth_unemp"));
}

#[test]
fn files_that_cannot_be_used_are_refused_with_a_reason() {
    let here = tempfile::tempdir().expect("a folder");
    let path = here.path().join("runs.csv");
    for (text, arguments, code, part) in [
        ("x,y\n1,2\n3,4\n", vec!["sobol", "--runs"], "A010", "not base rows"),
        ("x,y\n1,2\n3,4\n4,nan\n", vec!["sobol", "--runs"], "E009", "not a finite number"),
        ("x,y\n1,2\n1,4\n", vec!["morris", "--runs"], "A010", "moves 0 inputs"),
        ("x,y\n1,0\n2,3\n", vec!["prim", "--rows"], "E009", "outcomes are 0, 1 or a share"),
        ("x,y\n1,0\n2,0\n", vec!["cart", "--rows"], "A012", "none of 2 rows"),
        ("x,y\n1,0\n2,1\n", vec!["cart", "--outcome", "z", "--rows"], "E009", "no column `z`"),
    ] {
        fs::write(&path, text).expect("a file");
        let output = oxus(&[vec!["method"], arguments, vec!["runs.csv"]].concat(), here.path());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.contains(code) && said.contains(part), "{code} {part}: {said}");
    }
}

#[test]
fn sense_tells_on_80_columns_and_as_json() {
    let here = tempfile::tempdir().expect("a folder");
    fn ask<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["sense"], more, &["--horizon", "2013-12", "--rows", "8", "--trajectories", "1", "--leaders", "1"]].concat()
    }
    let output = oxus(&ask(&["--outcome", "deaths", "--of", "level"]), here.path());
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && errors.contains("A013"), "{errors}");
    narrow(&text);
    for part in ["chance (events and shocks)", "by what it rests on", "assumed numbers (", "leading inputs", "too few for an interval", "--rows"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&said(&ask(&["--outcome", "afghan-control", "--json"]), here.path())).expect("JSON");
    assert_eq!(json["case"], "S001");
    let shares = json["outcomes"][0]["shares"].as_array().expect("a list");
    assert!(shares.iter().any(|s| s["table"] == "evidence" && s["first"]["half_width"].is_number()));
    let brief = said(&ask(&["--of", "level"]), here.path());
    narrow(&brief);
    assert!(brief.contains("of the rest"));
    let wrong = oxus(&ask(&["--outcome", "death"]), here.path());
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("deaths"), "a near miss is named");
}

#[test]
fn discover_tells_on_80_columns_and_as_json() {
    let here = tempfile::tempdir().expect("a folder");
    let run = ["run", "--scenario", "S001", "--draws", "96", "--replicates", "1", "--horizon", "2016-12", "--out", "r", "--keep-every", "0"];
    said(&run, here.path());
    let ask = ["discover", "r", "--outcome", "remittances", "--entity", "TJK", "--worst", "20%", "--resamples", "5"];
    let text = said(&ask, here.path());
    narrow(&text);
    for part in ["Going wrong: below", "held out", "they need not cause it"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&said(&[&ask[..], &["--json"]].concat(), here.path())).expect("JSON");
    assert!(json["rows"][0].as_u64() > json["rows"][1].as_u64() && json["above"] == false);
    let early = said(&["discover", "r", "--outcome", "deaths", "--worst", "20%", "--observe", "2014-12", "--resamples", "2"], here.path());
    narrow(&early);
    assert!(early.contains("by 2014-12: deaths"), "what is known of deaths in 2014 goes along with those in 2016:\n{early}");
    for (arguments, code, part) in [
        (vec!["discover", "r", "--outcome", "remittance"], "E003", "remittances"),
        (vec!["discover", "r", "--outcome", "remittances"], "E003", "--entity"),
        (vec!["discover", "r", "--outcome", "deaths", "--case", "S002"], "E001", "S001"),
        (vec!["discover", "r", "--outcome", "deaths", "--worse-than", "1e9"], "A012", "none of"),
        (vec!["discover", "nothing", "--outcome", "deaths"], "E009", "nothing"),
    ] {
        let output = oxus(&arguments, here.path());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && errors.contains(code) && errors.contains(part), "{code} {part}: {errors}");
    }
}
