//! scoringrules, properscoring, scikit-learn and SciPy on saved forecasts.
//!
//! Tolerances: 1e-12 for each value (some forty terms of size 10, rounded; the files hold 15 digits), 1e-13 for means and sums of probabilities.

use std::path::PathBuf;

use super::*;
use oxus_math::{normal_cdf, normal_quantile};

fn text(file: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../tests/reference/scoring", file].iter().collect();
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Rows of numbers and, where the file has one, its header.
fn table(file: &str, header: bool) -> (Vec<String>, Vec<Vec<f64>>) {
    let text = text(file);
    let mut lines = text.lines();
    let names = if header { lines.next().unwrap().split(',').map(str::to_owned).collect() } else { Vec::new() };
    (names, lines.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect())
}

/// Expected values and mean of a column.
fn column(name: &str) -> (Vec<f64>, f64) {
    let (names, rows) = table("per_observation.csv", true);
    let at = names.iter().position(|n| n == name).unwrap();
    let scores: serde_json::Value = serde_json::from_str(&text("scores.json")).unwrap();
    (rows.iter().map(|r| r[at]).collect(), scores["means"][name].as_f64().unwrap())
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "found {found}, expected {expected}");
}

#[track_caller]
fn agree(name: &str, found: &[f64]) {
    let (expected, mean) = column(name);
    assert_eq!(found.len(), expected.len());
    for (f, e) in found.iter().zip(&expected) {
        near(*f, *e, 1e-12);
    }
    near(found.iter().sum::<f64>() / found.len() as f64, mean, 1e-13);
}

#[test]
fn ensembles() {
    let (_, rows) = table("ensemble.csv", true);
    let (_, weights) = table("ensemble_weights.csv", true);
    let each = |score: &dyn Fn(&[f64], f64) -> f64| rows.iter().map(|r| score(&r[3..], r[0])).collect::<Vec<_>>();
    agree("crps_nrg", &each(&|e, y| crps(e, y).unwrap()));
    agree("ps_crps_ensemble", &each(&|e, y| crps(e, y).unwrap()));
    agree("crps_fair", &each(&|e, y| crps_fair(e, y).unwrap()));
    agree("twcrps_tail", &each(&|e, y| crps_threshold_weighted(e, y, (1.0, f64::INFINITY)).unwrap()));
    agree("dss_ensemble", &each(&|e, y| dawid_sebastiani(e, y).unwrap()));
    agree("rank", &each(&|e, y| 40.0 * Pit::of(e, y).unwrap().middle()));
    let weighted: Vec<f64> = rows.iter().zip(&weights).map(|(r, w)| Weighted { members: &r[3..], weights: w }.crps(r[0]).unwrap()).collect();
    agree("crps_nrg_weighted", &weighted);
}

#[test]
fn normals_and_quantiles() {
    let (_, rows) = table("ensemble.csv", true);
    let each = |score: &dyn Fn(f64, f64, f64) -> f64| rows.iter().map(|r| score(r[1], r[2], r[0])).collect::<Vec<_>>();
    agree("crps_normal", &each(&|m, s, y| crps_normal(m, s, y).unwrap()));
    agree("logs_normal", &each(&|m, s, y| log_score_normal(m, s, y).unwrap()));
    agree("pit", &each(&|m, s, y| normal_cdf((y - m) / s)));
    let at = |p: f64| normal_quantile(p);
    agree("interval_90", &each(&|m, s, y| interval_score(m + s * at(0.05), m + s * at(0.95), 0.1, y).unwrap()));
    agree("quantile_0.9", &each(&|m, s, y| quantile_score(m + s * at(0.9), 0.9, y).unwrap()));
}

#[test]
fn probabilities() {
    let (_, rows) = table("binary.csv", true);
    let (p, y): (Vec<f64>, Vec<bool>) = rows.iter().map(|r| (r[0], r[1] == 1.0)).unzip();
    let scores: serde_json::Value = serde_json::from_str(&text("scores.json")).unwrap();
    let expected = |path: &str| scores.pointer(path).unwrap().as_f64().unwrap();
    let mean = |score: &dyn Fn(f64, bool) -> f64| p.iter().zip(&y).map(|(p, y)| score(*p, *y)).sum::<f64>() / p.len() as f64;
    near(mean(&|p, y| brier(p, y).unwrap()), expected("/binary/brier"), 1e-13);
    near(mean(&|p, y| log_score(p, y).unwrap()), expected("/binary/log_score_mean"), 1e-13);
    near(area_under_curve(&p, &y).unwrap().unwrap(), expected("/binary/auc"), 1e-15);
    let bins = reliability_bins(&p, &y, 10).unwrap();
    for (k, bin) in bins.iter().enumerate() {
        assert_eq!(bin.forecasts as f64, expected(&format!("/binary/murphy/bin_counts/{k}")));
        assert_eq!(bin.happened as f64, expected(&format!("/binary/murphy/bin_obs/{k}")));
        near(bin.mean_probability, expected(&format!("/binary/murphy/bin_mean_p/{k}")), 1e-13);
    }
    let parts = murphy(&bins).unwrap();
    near(parts.reliability, expected("/binary/murphy/reliability"), 1e-13);
    near(parts.resolution, expected("/binary/murphy/resolution"), 1e-13);
    near(parts.uncertainty, expected("/binary/murphy/uncertainty"), 1e-13);
    near(calibration_error(&bins).unwrap(), expected("/binary/ece"), 1e-13);
}

#[test]
fn categories_and_vectors() {
    let scores: serde_json::Value = serde_json::from_str(&text("scores.json")).unwrap();
    let (_, rows) = table("categorical.csv", true);
    let found: Vec<f64> = rows.iter().map(|r| ranked_probability(&r[..5], r[5] as usize).unwrap()).collect();
    for (f, e) in found.iter().zip(scores["categorical"]["rps_first5"].as_array().unwrap()) {
        near(*f, e.as_f64().unwrap(), 1e-12);
    }
    near(found.iter().sum::<f64>() / 200.0, scores["categorical"]["rps_mean"].as_f64().unwrap(), 1e-13);
    let (_, members) = table("multivariate_members.csv", false);
    let (_, observed) = table("multivariate_obs.csv", false);
    let (_, expected) = table("multivariate.csv", true);
    let mut totals = [0.0; 2];
    for (case, (y, e)) in observed.iter().zip(&expected).enumerate() {
        let ensemble: Vec<f64> = members[25 * case..25 * (case + 1)].concat();
        let found = [energy_score(&ensemble, y).unwrap(), variogram_score(&ensemble, y, 0.5).unwrap()];
        for k in 0..2 {
            near(found[k], e[k], 1e-12);
            totals[k] += found[k] / 30.0;
        }
    }
    near(totals[0], scores["multivariate"]["energy"].as_f64().unwrap(), 1e-13);
    near(totals[1], scores["multivariate"]["variogram_p05"].as_f64().unwrap(), 1e-13);
}
