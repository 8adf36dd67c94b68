use oxus_random::{Key, Stream};

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/fit");

fn reference() -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(format!("{FOLDER}/reference.json")).unwrap()).unwrap()
}

/// Columns of a CSV file of the reference.
fn columns(file: &str) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(format!("{FOLDER}/{file}")).unwrap();
    let rows: Vec<Vec<f64>> = text.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().unwrap()).collect()).collect();
    (0..rows[0].len()).map(|c| rows.iter().map(|row| row[c]).collect()).collect()
}

fn numbers(v: &serde_json::Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

#[track_caller]
fn near(found: &[f64], expected: &serde_json::Value, tolerance: f64) {
    let expected = if expected.is_array() { numbers(expected) } else { vec![expected.as_f64().unwrap()] };
    assert_eq!(found.len(), expected.len());
    for (a, b) in found.iter().zip(&expected) {
        assert!((a - b).abs() <= tolerance * b.abs().max(1e-3), "{a} is not {b}");
    }
}

/// Standard normal numbers of a fixed seed.
fn normals(seed: u64, n: usize) -> Vec<f64> {
    let mut stream = Stream::new(Key::new(seed, 0, 0), 1, 1, 0);
    (0..n).map(|_| oxus_math::normal_quantile(stream.uniform())).collect()
}

#[test]
fn regressions_agree_with_statsmodels() {
    let (data, expected) = (columns("regression.csv"), reference());
    let y = &data[3];
    for (name, intercepts) in [("common", 1), ("own", 3)] {
        let k = 2 + intercepts;
        let mut design = Vec::new();
        for i in 0..y.len() {
            design.extend([data[1][i], data[2][i]]);
            design.extend((0..intercepts).map(|g| f64::from(u8::from(intercepts == 1 || data[0][i] == g as f64))));
        }
        let fit = least_squares(&design, k, y).unwrap();
        let r = &expected[name];
        // two ways of solving one well-conditioned problem
        near(&fit.coefficients, &r["coefficients"], 1e-9);
        near(&fit.classical, &r["classical"], 1e-9);
        near(&fit.errors, &r["hc3"], 1e-9);
        near(&[fit.deviation], &r["deviation"], 1e-9);
        near(&[fit.condition], &r["condition"], 1e-7);
        near(&[fit.explained], &r["explained"], 1e-9);
        near(&fit.correlation, &r["correlation"], 1e-7);
    }
}

#[test]
fn means_drawn_together_agree_with_statsmodels() {
    let r = &reference()["shrink"];
    let (means, errors) = (numbers(&r["means"]), numbers(&r["errors"]));
    let s = shrink(&means, &errors).unwrap();
    near(&[s.between], &r["between"], 1e-9);
    near(&[s.centre], &r["centre"], 1e-9);
    near(&[s.centre_error], &r["centre_error"], 1e-9);
    for i in 0..means.len() {
        assert!((s.means[i] - means[i]) * (s.centre - means[i]) >= 0.0 && (s.means[i] - means[i]).abs() <= (s.centre - means[i]).abs());
        assert!(s.errors[i] < errors[i] + s.centre_error, "drawing together never leaves more doubt than both");
    }
    // one mean for all: no variance between, everything at the centre
    let same = shrink(&[1.0, 1.1, 0.9, 1.0], &[0.5; 4]).unwrap();
    assert_eq!((same.between, same.shares[0]), (0.0, 1.0));
    assert!(same.means.iter().all(|m| (m - 1.0).abs() < 1e-12));
}

#[test]
fn autoregression_agrees_and_its_correction_takes_the_bias_out() {
    let data = columns("autoregression.csv");
    let pairs = |series: &[f64]| series.windows(2).map(|w| (w[0], w[1])).collect::<Vec<_>>();
    let fit = autoregression(&data.iter().map(|s| pairs(s)).collect::<Vec<_>>()).unwrap();
    let r = &reference()["autoregression"];
    near(&[fit.raw], &r["raw"], 1e-9);
    near(&[fit.innovation], &r["innovation"], 1e-9);
    // T = 13 pairs, N = 4 series
    let stretch = 1.0 + 1.0 / 13.0 + 2.0 / 52.0;
    near(&[fit.error / stretch], &r["error"], 1e-9);
    assert!((fit.persistence - (fit.raw * stretch + 1.0 / 13.0)).abs() < 1e-12);
    for (n, truth) in [(1, 0.4), (1, 0.7), (5, 0.4), (5, 0.7)] {
        let trials = 2000;
        let (mut raw, mut corrected) = (0.0, 0.0);
        for trial in 0..trials {
            let z = normals(1000 * n as u64 + trial, n * 40);
            let series: Vec<Vec<(f64, f64)>> = (0..n)
                .map(|i| {
                    let mut x = vec![0.0];
                    for z in &z[40 * i..40 * (i + 1)] {
                        x.push(truth * x[x.len() - 1] + z);
                    }
                    pairs(&x[x.len() - 13..])
                })
                .collect();
            let fit = autoregression(&series).unwrap();
            raw += fit.raw / trials as f64;
            corrected += fit.persistence / trials as f64;
        }
        // first order in 1/T: what is left is of order 1/T², 0.02 at 12 pairs, 0.04 near a unit root
        assert!((corrected - truth).abs() < 0.05 && (corrected - truth).abs() < 0.45 * (raw - truth).abs(), "{n} {truth}: {raw} {corrected}");
    }
}

#[test]
fn one_factor_agrees_with_principal_axes() {
    let data = columns("factor.csv");
    let values: Vec<f64> = (0..data[0].len()).flat_map(|i| data.iter().map(move |c| c[i])).collect();
    let fit = one_factor(&values, 4).unwrap();
    let r = &reference()["factor"];
    near(&fit.correlation, &r["correlation"], 1e-9);
    // principal axes stop where progress is slow
    near(&fit.loadings, &r["loadings"], 1e-5);
    assert!(fit.errors.iter().all(|e| *e > 0.0 && *e < 0.5));
    assert!(matches!(one_factor(&[1.0; 20], 4), Err(EstimateError::Constant)));
}

#[test]
fn counts_agree_with_quadrature() {
    let data = columns("counts.csv");
    let expected = reference();
    let r = &expected["counts_without_memory"];
    let series: Vec<Vec<Option<f64>>> = data.iter().map(|c| c.iter().copied().map(Some).collect()).collect();
    let (sigma, rates) = (r["sigma"].as_f64().unwrap(), numbers(&r["rates"]));
    // Gauss-Hermite on 120 nodes leaves 4e-5 where counts are large; a trapezoid rule of 4,001 points agrees with the grid to 2e-7
    near(&[yearly_counts::at(&series, &rates, sigma, 0.0)], &r["log_likelihood"], 1e-4);
    let pair = &expected["counts_two_years"];
    let counts: Vec<Option<f64>> = numbers(&pair["counts"]).into_iter().map(Some).collect();
    let at = |key: &str| pair[key].as_f64().unwrap();
    near(&[yearly_counts::at(&[counts], &[at("rate")], at("sigma"), at("persistence"))], &pair["log_likelihood"], 1e-3);
    let fit = yearly_counts(&series).unwrap();
    assert!(fit.log_likelihood >= r["log_likelihood"].as_f64().unwrap() - 1e-4, "memory can only help");
    assert!(fit.log_likelihood > fit.poisson + 20.0 && fit.sigma_error > 0.05 && fit.sigma_error < 1.0);
}

#[test]
fn counts_of_a_known_process_are_recovered() {
    let (sigma, persistence, rate) = (0.8, 0.6, 8.0);
    let series: Vec<Vec<Option<f64>>> = (0..8)
        .map(|s| {
            let z = normals(77 + s, 60);
            let mut stream = Stream::new(Key::new(99 + s, 0, 0), 1, 1, 0);
            let mut effect = sigma * z[0];
            (0..60)
                .map(|t| {
                    effect = if t == 0 { effect } else { persistence * effect + sigma * (1.0_f64 - persistence * persistence).sqrt() * z[t] };
                    let mean = rate * (effect - 0.5 * sigma * sigma).exp();
                    Some(f64::from(oxus_math::poisson_quantile(stream.uniform(), mean) as u32))
                })
                .collect()
        })
        .collect();
    let fit = yearly_counts(&series).unwrap();
    assert!((fit.sigma - sigma).abs() < 3.0 * fit.sigma_error && fit.sigma_error < 0.15, "{fit:?}");
    assert!((fit.persistence - persistence).abs() < 3.0 * fit.persistence_error && fit.persistence_error < 0.15, "{fit:?}");
}

#[test]
fn residuals_are_told() {
    let values = [1.0, -1.0, 1.0, -1.0, 5.0];
    let told = residuals(&values, &[false, true, true, true, false]).unwrap();
    assert_eq!(told.at, 4);
    assert!((told.autocorrelation + 1.0).abs() < 1e-12 && (told.largest - 5.0 / (29.0_f64 / 5.0).sqrt()).abs() < 1e-12);
    assert!(residuals(&[1.0, 2.0], &[false, true]).unwrap().autocorrelation.is_nan());
    assert!(residuals(&[0.0], &[false]).is_none() && residuals(&[], &[]).is_none());
}

#[test]
fn what_cannot_be_estimated_is_an_error() {
    assert!(matches!(least_squares(&[1.0, 2.0, 2.0, 4.0, 3.0, 6.0], 2, &[1.0, 2.0, 3.0]), Err(EstimateError::Collinear(1))));
    assert!(matches!(least_squares(&[1.0], 1, &[1.0]), Err(EstimateError::TooFew { .. })));
    assert!(matches!(least_squares(&[1.0, f64::NAN, 2.0], 1, &[1.0, 2.0, 3.0]), Err(EstimateError::NotFinite(1))));
    assert!(matches!(shrink(&[1.0, 2.0, 3.0], &[0.1, 0.0, 0.1]), Err(EstimateError::NotFinite(1))));
    assert!(matches!(yearly_counts(&[vec![Some(1.5); 6]]), Err(EstimateError::NotCount(0))));
    assert!(matches!(yearly_counts(&[vec![Some(0.0); 6]]), Err(EstimateError::Constant)));
    assert!(matches!(autoregression(&[vec![(1.0, 2.0)]]), Err(EstimateError::TooFew { .. })));
}
