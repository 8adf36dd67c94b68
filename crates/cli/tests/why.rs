//! `oxus why` as a user types it.

use std::path::Path;
use std::process::{Command, Output};

fn oxus_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(folder).output().expect("the program starts")
}

fn said(arguments: &[&str]) -> String {
    let output = oxus_in(&std::env::temp_dir(), arguments);
    assert!(output.status.success(), "oxus {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn narrow(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
    }
}

const SMALL: [&str; 6] = ["--members", "96", "--steps", "8", "--horizon", "2014-12"];

#[test]
fn chains_are_told_with_claims_and_nothing_beyond_the_model() {
    let text = said(&[&["why", "--outcome", "afghan-control"], SMALL.as_slice()].concat());
    narrow(&text);
    for part in ["Strongest chain", "carries the effect in this model", "Not confirmed in this model", "M109", "n.191", "statements about this"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    assert!(!text.contains("causes"), "{text}");
}

#[test]
fn a_saved_run_gives_the_same_effect() {
    let here = tempfile::tempdir().expect("a folder");
    let run = ["run", "--outcome", "afghan-control", "--members", "96", "--horizon", "2014-12", "--out", "saved", "--json"];
    let output = oxus_in(here.path(), &run);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let why = oxus_in(here.path(), &["why", "saved", "--outcome", "afghan-control", "--horizon", "2014-12", "--steps", "4", "--json"]);
    assert!(why.status.success(), "{}", String::from_utf8_lossy(&why.stderr));
    let report: serde_json::Value = serde_json::from_slice(&why.stdout).expect("JSON");
    // the same members with the same bits, though the months after the horizon are not simulated
    assert_eq!(table["rows"][0]["difference"], report["effect"]["difference"]);
    assert_eq!(table["rows"][0]["monte_carlo"], report["effect"]["monte_carlo"]);
}

#[test]
fn one_future_is_a_dated_log() {
    let arguments = ["why", "--outcome", "afghan-control", "--horizon", "2014-12", "--future", "3,1"];
    let text = said(&arguments);
    narrow(&text);
    assert!(text.contains("Future 3,1") && text.contains("events in one of the two alone"), "{text}");
    let log: serde_json::Value = serde_json::from_str(&said(&[arguments.as_slice(), &["--json"]].concat())).expect("JSON");
    let events = log["events"].as_array().expect("a list");
    assert!(events.iter().all(|e| e["month"].as_str().is_some_and(|m| m <= "2014-12")));
    assert!(events.windows(2).all(|w| w[0]["time"].as_f64() <= w[1]["time"].as_f64()), "by time");
}

#[test]
fn the_graph_has_shock_and_outcome() {
    let dot = said(&[&["why", "--outcome", "afghan-control", "--dot"], SMALL.as_slice()].concat());
    assert!(dot.contains("digraph why") && dot.contains("Afghan government control"), "{dot}");
}
