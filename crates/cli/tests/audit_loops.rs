//! `oxus audit` and `oxus loops` as a user types them.

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

fn narrow(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
    }
}

#[test]
fn the_arithmetic_of_the_report_is_told_on_80_columns() {
    let text = said(&["audit"]);
    narrow(&text);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["does not hold: at 13.2 % a year China passes a level United States about 2025; 2035 cannot be true", "holds: 66.7 % and 33.3 %"] {
        assert!(flat.contains(part), "no `{part}` in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&said(&["audit", "--json"])).expect("JSON");
    let findings = json["findings"].as_array().expect("a list");
    assert!(findings.iter().any(|f| f["id"] == "D16" && f["verdict"] == "does-not-hold"));
    assert!(json["contradictions"].is_null());
}

#[test]
fn departures_and_contradictions_are_listed() {
    let text = said(&["audit", "--departures", "--contradictions"]);
    narrow(&text);
    for part in ["Strengths set by hand", "What the source leaves open", "Q117", "growth-calms-the-region", "III.C"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    let json: serde_json::Value = serde_json::from_str(&said(&["audit", "--contradictions", "--json"])).expect("JSON");
    assert!(json["findings"].is_null() && !json["contradictions"]["pairs"].as_array().expect("a list").is_empty());
}

#[test]
fn a_pack_without_arithmetic_says_so() {
    let minimal = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/diag/minimal");
    let output = oxus(&["audit", &minimal.to_string_lossy()]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains("E010") && errors.contains("audit.toml"), "{errors}");
}

#[test]
fn loops_are_listed_with_links_and_claims() {
    let output = oxus(&["loops", "--members", "16", "--top", "5"]);
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // sixteen futures are two draws: one unstable draw would be half of them, and says so
    assert!(output.status.success() || errors.contains("A005"), "{errors}");
    narrow(&text);
    assert!(text.contains("Spectral radius") && (text.contains("reinforcing") || text.contains("balancing")), "{text}");
    assert!(text.contains("(in ") && text.contains(" by "), "steps name mechanisms and links:\n{text}");
}

#[test]
fn loops_in_other_forms() {
    let dot = String::from_utf8(oxus(&["loops", "--members", "8", "--dot"]).stdout).expect("text");
    assert!(dot.contains("digraph loops {") && dot.contains("style=dashed") && dot.trim_end().ends_with('}'), "{dot}");
    let json: serde_json::Value = serde_json::from_slice(&oxus(&["loops", "--members", "8", "--json"]).stdout).expect("JSON");
    let nodes = json["nodes"].as_array().expect("a list").len();
    assert_eq!(json["gains"].as_array().map(Vec::len), Some(nodes));
    let radius = json["stability"]["median"].as_f64().expect("a number");
    assert!(radius.is_finite() && radius >= 0.0);
}

#[test]
fn what_cannot_be_measured_is_refused() {
    for (arguments, part) in [(vec!["loops", "--view", "chinese-publik"], "chinese-public"), (vec!["loops", "--members", "0"], "members")] {
        let output = oxus(&arguments);
        assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains(part), "{arguments:?}");
    }
}
