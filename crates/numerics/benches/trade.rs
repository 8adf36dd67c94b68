//! Trade in general equilibrium: 44 economies from a cold start, beside the same equations in NumPy where `python3` has it; the size of a region.
//!
//! `cargo bench -p oxus-numerics --bench trade`. Another interpreter: `OXUS_PYTHON=/path/to/python3`.

#![allow(clippy::print_stderr, reason = "a benchmark says what it compared")]

use std::process::Command;

use divan::{Bencher, black_box};
use oxus_numerics::trade::{Deficits, HatAlgebra};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/trade_ge");
const THETA: f64 = 4.0;

fn main() {
    beside_numpy();
    divan::main();
}

/// Names and flows of the 44 economies.
fn table() -> (Vec<String>, Vec<f64>) {
    let mut reader = csv::Reader::from_path(format!("{FOLDER}/wiod44_2010.csv")).expect("the reference file is in the repository");
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("reference rows are well formed")).collect();
    let mut names: Vec<String> = rows.iter().map(|r| r[0].to_owned()).collect();
    names.dedup();
    // sorted by exporter, then importer
    (names, rows.iter().map(|r| r[2].parse().expect("reference fields are numbers")).collect())
}

/// All trade of China with others dearer by a tenth.
fn problem() -> HatAlgebra<f64> {
    let (names, flows) = table();
    let (n, china) = (names.len(), names.iter().position(|n| n == "CHN").expect("China is in the table"));
    assert_eq!((n, flows.len()), (44, 44 * 44));
    let mut solver = HatAlgebra::new(n, &[THETA], &flows, Deficits::Multiplicative).expect("a valid base");
    for k in (0..n).filter(|k| *k != china) {
        solver.cost_factors_mut()[china * n + k] = oxus_math::pow(1.1, -THETA);
        solver.cost_factors_mut()[k * n + china] = oxus_math::pow(1.1, -THETA);
    }
    solver
}

/// Runs the peer in the same minute and compares answers.
fn beside_numpy() {
    let python = std::env::var("OXUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/trade_numpy.py");
    let peer = Command::new(&python).arg(script).arg(format!("{FOLDER}/wiod44_2010.csv")).output();
    let text = match peer {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        _ => {
            eprintln!("peer skipped: `{python}` with NumPy is not here (set OXUS_PYTHON)");
            return;
        }
    };
    let mut lines = text.lines();
    let time = lines.next().unwrap_or_default().to_owned();
    let expected: Vec<f64> = lines.next().unwrap_or_default().split(' ').map(|x| x.parse().expect("a number")).collect();
    let mut solver = problem();
    let iterations = solver.solve().expect("it converges");
    let worst = solver.factor_prices().iter().zip(&expected).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
    // both clear markets to 1e-13, the peer by small steps
    assert!(worst < 1e-10, "factor prices differ by {worst:e}");
    eprintln!("NumPy, 44 economies: {time} ms; the same prices to {worst:.0e}; here {iterations} Newton steps");
}

#[divan::bench]
fn economies_44(bencher: Bencher) {
    let mut solver = problem();
    bencher.bench_local(|| {
        solver.forget();
        black_box(solver.solve())
    });
}

/// Fifteen economies and three groups in eight lanes, as inside a simulation: a year of growth, from the last solution.
#[divan::bench]
fn region_eight_lanes(bencher: Bencher) {
    let (_, all) = table();
    let flows: Vec<f64> = (0..3 * 15 * 15).map(|k| all[(k / 15 % 15) * 44 + k % 15] * [0.2, 0.5, 0.3][k / 225]).collect();
    let mut solver = HatAlgebra::<[f64; 8]>::new(15, &[4.0, 5.0, 3.0], &flows, Deficits::Multiplicative).expect("a valid base");
    solver.tolerance = 1e-9;
    let mut year = 0_i32;
    bencher.bench_local(|| {
        year = (year + 1) % 11;
        for (i, size) in solver.sizes_mut().iter_mut().enumerate() {
            *size = std::array::from_fn(|l| 1.0 + 0.01 * f64::from(year) * ((i + l) % 9) as f64);
        }
        black_box(solver.solve_lanes())
    });
}
