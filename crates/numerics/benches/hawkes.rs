//! Hawkes likelihood, gradient, fits and simulation on the 18429 events of the reference. Values are checked before timing.
//!
//! The fit at a fixed decay runs beside the same fit in NumPy, numba and SciPy where `python3` has them.
//! `cargo bench -p oxus-numerics --bench hawkes`. Another interpreter: `OXUS_PYTHON=/path/to/python3`.

#![allow(clippy::print_stderr, reason = "a benchmark says what it compared")]

use std::process::Command;
use std::time::Instant;

use divan::{Bencher, black_box};
use oxus_numerics::hawkes::{Events, Model, fit_fixed_decay, fit_free_decay, gradient, log_likelihood, simulate};
use oxus_random::{Key, Stream};

fn main() {
    beside_numba();
    divan::main();
}

/// Runs the peer in the same minute and compares maxima.
fn beside_numba() {
    let python = std::env::var("OXUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/hawkes_numba.py");
    let peer = Command::new(&python).arg(script).arg(format!("{FOLDER}/events12.csv")).output();
    let text = match peer {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        _ => {
            eprintln!("peer skipped: `{python}` with NumPy, numba and SciPy is not here (set OXUS_PYTHON)");
            return;
        }
    };
    let mut lines = text.lines();
    let time = lines.next().unwrap_or_default().to_owned();
    let expected: f64 = lines.next().unwrap_or_default().parse().expect("a number");
    let (times, components) = data();
    let events = Events::new(&times, &components, 12, 6000.0).expect("valid events");
    let mut best = f64::INFINITY;
    let mut found = f64::NAN;
    for _ in 0..3 {
        let start = Instant::now();
        found = fit_fixed_decay(&events, 1.5).expect("the fit settles").log_likelihood;
        best = best.min(start.elapsed().as_secs_f64());
    }
    // the peer stops on a flat top: it may be lower, never higher than rounding
    assert!(found >= expected - 1e-6 && found - expected < 1e-2, "{found} {expected}");
    eprintln!(
        "fit at a fixed decay, best of three: NumPy, numba and SciPy {time} ms, here {:.1} ms; log-likelihood {expected:.4} and {found:.4}",
        1e3 * best
    );
}

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/hawkes");
const LOG_LIKELIHOOD: f64 = -38_246.740_284_579_8;

fn data() -> (Vec<f64>, Vec<usize>) {
    csv::Reader::from_path(format!("{FOLDER}/events12.csv"))
        .expect("the reference file is in the repository")
        .deserialize::<(f64, usize)>()
        .map(|row| row.expect("reference rows are well formed"))
        .unzip()
}

fn truth() -> Model {
    let text = std::fs::read_to_string(format!("{FOLDER}/params12.json")).expect("the reference file is in the repository");
    let p: serde_json::Value = serde_json::from_str(&text).expect("reference files are JSON");
    let numbers = |v: &serde_json::Value| -> Vec<f64> {
        let list = v.as_array().into_iter().flatten();
        list.filter_map(serde_json::Value::as_f64).collect()
    };
    let rows = p["A"].as_array().into_iter().flatten();
    let branching = rows.flat_map(numbers).collect();
    Model::new(numbers(&p["mu"]), branching, 1.5).expect("the reference parameters are valid")
}

fn check(found: f64, expected: f64) {
    assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
}

#[divan::bench]
fn likelihood(bencher: Bencher) {
    let ((times, components), model) = (data(), truth());
    let events = Events::new(&times, &components, 12, 6000.0).expect("valid events");
    check(log_likelihood(&events, &model).expect("12 components"), LOG_LIKELIHOOD);
    bencher.bench_local(|| log_likelihood(black_box(&events), black_box(&model)));
}

#[divan::bench]
fn likelihood_and_gradient(bencher: Bencher) {
    let ((times, components), model) = (data(), truth());
    let events = Events::new(&times, &components, 12, 6000.0).expect("valid events");
    let found = gradient(&events, &model).expect("12 components");
    check(found.log_likelihood, LOG_LIKELIHOOD);
    check(found.decay, 15.137_668_335_156_736);
    bencher.bench_local(|| gradient(black_box(&events), black_box(&model)));
}

#[divan::bench(sample_count = 20)]
fn fit_at_fixed_decay(bencher: Bencher) {
    let (times, components) = data();
    let events = Events::new(&times, &components, 12, 6000.0).expect("valid events");
    let fit = fit_fixed_decay(&events, 1.5).expect("the fit settles");
    check(fit.log_likelihood, -38_196.976_614_467_94);
    bencher.bench_local(|| fit_fixed_decay(black_box(&events), 1.5));
}

#[divan::bench(sample_count = 10)]
fn fit_with_decay(bencher: Bencher) {
    let (times, components) = data();
    let events = Events::new(&times, &components, 12, 6000.0).expect("valid events");
    let fit = fit_free_decay(&events, 0.2, 6.0).expect("the fit settles");
    check(fit.log_likelihood, -38_196.839_801_883_42);
    bencher.bench_local(|| fit_free_decay(black_box(&events), 0.2, 6.0));
}

#[divan::bench]
fn simulation(bencher: Bencher) {
    let model = truth();
    let mut replicate = 0;
    bencher.bench_local(|| {
        replicate += 1;
        let mut stream = Stream::new(Key::new(1, 0, replicate), 1, 1, 0);
        simulate(black_box(&model), 6000.0, 1_000_000, &mut stream)
    });
}
