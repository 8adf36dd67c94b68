//! The commands as a new user types them.

use std::path::{Path, PathBuf};
use std::process::Command;

fn oxus(arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(folder).output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "oxus {}: {errors}", arguments.join(" "));
    String::from_utf8(output.stdout).expect("text")
}

fn reference(path: &str) -> String {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference").join(path).to_string_lossy().into_owned()
}

#[test]
fn run_prints_a_table_of_80_columns_saves_and_verifies() {
    let here = tempfile::tempdir().expect("a folder");
    let text = oxus(&["run", "--members", "40", "--out", "runs/first"], here.path());
    assert!(text.contains("S001") && text.contains("against the baseline"), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "longer than 80 columns: {line}");
    }
    for file in ["run.json", "log.json", "plan.json", "outcomes.parquet", "series.parquet", "inputs.parquet", "failures.parquet"] {
        assert!(here.path().join("runs/first").join(file).is_file(), "{file}");
    }
    assert!(oxus(&["run", "--verify", "runs/first"], here.path()).contains("the same bit for bit"));
}

#[test]
fn every_question_is_answered_on_a_page() {
    let here = tempfile::tempdir().expect("a folder");
    for question in oxus(&["ask"], here.path()).lines().filter_map(|l| l.trim().split("  ").next()).filter(|q| q.starts_with('q')) {
        let text = oxus(&["ask", question, "--members", "24", "--quick"], here.path());
        assert!(text.contains("Bottom line"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{question}: longer than a page is wide: {line}");
        }
        // a page of about sixty lines; the effects of a two-by-two design stand below it
        let lines = text.split("effect of").next().unwrap_or_default().lines().count();
        assert!(lines <= 66, "{question}: {lines} lines:\n{text}");
    }
}

#[test]
fn everything_can_be_explained() {
    let here = tempfile::tempdir().expect("a folder");
    for (what, part) in [
        ("plan", "finance"),
        ("C005", "How to fix"),
        ("parameters.finance.growth_trend", "precedence"),
        ("unrest.protests", "owned by          unrest"),
        ("M041", "Claim M041"),
        ("S001", "Scenario S001"),
        ("gas-interruption", "Outcome"),
        ("series.gdp_growth", "publisher"),
        ("scenarios", "S075"),
        ("codes", "U001"),
    ] {
        let text = oxus(&["explain", what], here.path());
        assert!(text.contains(part), "explain {what}:\n{text}");
    }
}

#[test]
fn json_is_json() {
    let here = tempfile::tempdir().expect("a folder");
    for arguments in [
        vec!["run", "--members", "8", "--no-save", "--json"],
        vec!["check", "--json"],
        vec!["ask", "1", "--members", "8", "--quick", "--json"],
        vec!["explain", "plan", "--json"],
    ] {
        let text = oxus(&arguments, here.path());
        serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|e| panic!("oxus {}: {e}", arguments.join(" ")));
    }
}

#[test]
fn methods_agree_with_the_references() {
    let here = tempfile::tempdir().expect("a folder");
    let (nodes, arcs) = (reference("network_flow/central_asia_nodes.csv"), reference("network_flow/central_asia_arcs.csv"));
    let found = oxus(&["method", "flow", "--nodes", &nodes, "--arcs", &arcs, "--outages"], here.path());
    let expected = std::fs::read_to_string(reference("network_flow/central_asia_n1.csv")).expect("the reference");
    // integers: costs, shed and largest deliveries of all single outages are equal
    assert_eq!(found.split_whitespace().collect::<Vec<_>>(), expected.split_whitespace().collect::<Vec<_>>());
    let panel = reference("hazard/panel.csv");
    let arguments = ["method", "hazard", "--panel", &panel, "--event", "event", "--columns", "anocracy,x,unrest,growth,log_tenure"];
    let found = oxus(&arguments, here.path());
    let constant: f64 = found.lines().nth(1).and_then(|l| l.split(',').nth(1)).and_then(|x| x.parse().ok()).expect("a coefficient");
    // statsmodels 0.15.0, GLM with complementary log-log link; both iterate to about 1e-10
    assert!((constant - -5.182172007492656).abs() < 1e-8, "{constant}");
    let (parameters, shocks) = (reference("debt/params.json"), reference("debt/shocks_z.csv"));
    let fan = oxus(&["method", "debt", "--parameters", &parameters, "--shocks", &shocks], here.path());
    assert_eq!(fan.lines().count(), 12, "a header and eleven years");
}

#[test]
fn decisions_agree_with_the_references() {
    let here = tempfile::tempdir().expect("a folder");
    let cell = |text: &str, row: usize, column: usize| -> String {
        text.lines().nth(row).and_then(|l| l.split(',').nth(column)).expect("a cell").to_owned()
    };
    let number = |text: &str, row: usize, column: usize| -> f64 { cell(text, row, column).parse().expect("a number") };
    // KTAB's own export has the same layout: every line is compared
    for name in ["eu", "dummyData_3Dim"] {
        let actors = reference(&format!("collective_decision/ktab_{name}_turn0.csv"));
        let found = oxus(&["method", "decide", "--actors", &actors, "--observers"], here.path());
        let expected = std::fs::read_to_string(reference(&format!("collective_decision/ktab_{name}_turn0_observer_pce.csv"))).expect("the reference");
        assert_eq!(found.lines().count(), expected.lines().count());
        for row in 1..expected.lines().count() {
            assert_eq!((cell(&found, row, 0), cell(&found, row, 1)), (cell(&expected, row, 0), cell(&expected, row, 1)));
            // products of up to ten ratios
            assert!((number(&found, row, 2) - number(&expected, row, 2)).abs() < 1e-12);
        }
    }
    let cars = reference("collective_decision/eu_car_emission_1994.csv");
    let found = oxus(&["method", "decide", "--actors", &cars], here.path());
    assert_eq!(cell(&found, 1, 0), "compromise_mean");
    // published with the example; ten roundings
    assert!((number(&found, 1, 2) - 7.389955686853766).abs() < 1e-13);
    assert!((number(&found, 2, 2) - 7.0).abs() < 1e-13);
    let rounds = oxus(&["method", "decide", "--actors", &cars, "--rounds", "2", "--reading", "own"], here.path());
    assert_eq!(rounds.lines().count(), 21, "a header and two rounds of ten actors");
    let votes = reference("collective_decision/eec_1958.csv");
    let found = oxus(&["method", "decide", "--game", &votes, "--quota", "12"], here.path());
    let fractions: Vec<String> = (1..=6).map(|row| cell(&found, row, 8)).collect();
    assert_eq!(fractions, ["7/30", "7/30", "7/30", "3/20", "3/20", "0/1"]);
    let json = oxus(&["method", "decide", "--game", &votes, "--quota", "12", "--json"], here.path());
    assert!(serde_json::from_str::<serde_json::Value>(&json).expect("JSON")[5]["swings"] == 0.0);
}
