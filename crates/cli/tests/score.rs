//! `oxus score` and `oxus method score` as a user types them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn reference(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/reference/scoring").join(file)
}

fn oxus(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_oxus")).args(arguments).current_dir(folder).output().expect("the program starts")
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = oxus(folder, &[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn method_score_gives_the_means_of_the_reference() {
    let here = tempfile::tempdir().expect("a folder");
    let expected: Value = serde_json::from_str(&fs::read_to_string(reference("scores.json")).expect("read")).expect("JSON");
    let near = |found: &Value, path: &str| {
        let (found, expected) = (found.as_f64().expect("a number"), expected.pointer(path).and_then(Value::as_f64).expect("a number"));
        // means of 150 to 400 scores, summed in another order
        assert!((found - expected).abs() < 1e-12, "{path}: {found} {expected}");
    };
    let (ensemble, weights) = (reference("ensemble.csv"), reference("ensemble_weights.csv"));
    let (ensemble, weights) = (ensemble.to_str().expect("text"), weights.to_str().expect("text"));
    let found = json(here.path(), &["method", "score", "--ensemble", ensemble, "--weights", weights, "--above", "1"]);
    for (column, path) in [("crps", "crps_nrg"), ("crps_fair", "crps_fair"), ("crps_weighted", "crps_nrg_weighted"), ("crps_above", "twcrps_tail")] {
        near(&found[0][column], &format!("/means/{path}"));
    }
    let found = json(here.path(), &["method", "score", "--normal", ensemble, "--inside", "0.9"]);
    for (column, path) in [("crps", "crps_normal"), ("log_score", "logs_normal"), ("interval", "interval_90"), ("pit", "pit")] {
        near(&found[0][column], &format!("/means/{path}"));
    }
    let binary = reference("binary.csv");
    let found = json(here.path(), &["method", "score", "--binary", binary.to_str().expect("text")]);
    near(&found[0]["brier"], "/binary/brier");
    near(&found[0]["area_under_curve"], "/binary/auc");
    near(&found[0]["resolution"], "/binary/murphy/resolution");
    let each = oxus(here.path(), &["method", "score", "--binary", binary.to_str().expect("text"), "--each"]);
    assert_eq!(String::from_utf8_lossy(&each.stdout).lines().count(), 401);
}

#[test]
fn a_forecast_is_frozen_stamped_and_scored() {
    let here = tempfile::tempdir().expect("a folder");
    let freeze = ["score", "--freeze", "out", "--members", "8", "--through", "2013", "--made", "2026-01-02"];
    let output = oxus(here.path(), &freeze);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| fs::read_to_string(here.path().join("out").join(name)).expect("written");
    let stamp: Value = serde_json::from_str(&read("2013-02-27.json")).expect("JSON");
    assert_eq!(stamp["made_on"], "2026-01-02");
    assert_eq!(stamp["edition"], "strict");
    assert!(stamp["statement"].as_str().expect("text").contains("not out of sample"));
    assert!(here.path().join("out/2013-02-27-reconstructed.parquet").exists());
    assert_ne!(read("2013-02-27.csv"), read("2013-02-27-reconstructed.csv"));
    assert!(!oxus(here.path(), &freeze).status.success(), "nothing is overwritten");
    fs::write(here.path().join("seen.csv"), "series,entity,period,value\ngdp_growth,KAZ,2013,6.0\ninflation,KGZ,2013,6.6\n").expect("written");
    let found = json(here.path(), &["score", "--observed", "seen.csv", "--forecast", "out/2013-02-27.csv"]);
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0]["compared"].as_u64(), rows[0]["missing"].as_u64()), (Some(1), Some(5)));
}

#[test]
fn back_tests_name_losses_and_limits_within_80_columns() {
    let here = tempfile::tempdir().expect("a folder");
    let output = oxus(here.path(), &["score", "--origins", "2007,2010", "--horizon", "2", "--members", "40", "--views", "authors", "--all"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for part in ["gdp_growth", "cannot be told", "AFG is not scored", "estimated on later data", "Views against the pooled default", "against"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains('\u{1b}'), "no colour where it is piped");
    let again =
        oxus(here.path(), &["score", "--origins", "2007,2010", "--horizon", "2", "--members", "40", "--views", "authors", "--all", "--threads", "1"]);
    assert_eq!(output.stdout, again.stdout);
    assert!(!oxus(here.path(), &["score", "--series", "gdp_grwth", "--members", "8", "--origins", "2010"]).status.success());
}
