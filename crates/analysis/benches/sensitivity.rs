//! Sensitivity indices and scenario discovery beside SALib and EMA Workbench: the same outputs, the same rows, in one run.
//!
//! `OXUS_PYTHON=/path/to/python3 cargo bench -p oxus-analysis --bench sensitivity`, where that interpreter has SALib 1.6, ema_workbench 2.5 and
//! scikit-learn (`pip install SALib ema_workbench scikit-learn`); without them the peers are skipped.

#![allow(clippy::print_stderr, reason = "a benchmark says what it compared")]

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use divan::{Bencher, black_box};
use oxus_analysis::scenario_discovery::cart::{self, grow};
use oxus_analysis::scenario_discovery::prim::{Search, Settings, Step};
use oxus_analysis::scenario_discovery::{Column, Inputs};
use oxus_analysis::sensitivity::designs::Saltelli;
use oxus_analysis::sensitivity::sobol::Blocks;
use serde_json::Value;

const ROWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/sensitivity_discovery/discovery.csv");
const INPUTS: usize = 12;
const BASE: u32 = 4096;
const RESAMPLES: u32 = 100;

fn main() {
    beside_peers();
    divan::main();
}

/// Outputs of a smooth function with interplay at 4,096 x 26 points.
fn outputs() -> Vec<f64> {
    let names: Vec<String> = (0..INPUTS).map(|j| format!("x{j}")).collect();
    let points = Saltelli::new(names.iter().map(String::as_str), 1, BASE, true).points();
    let value = |x: &[f64]| {
        let waves: f64 = x.iter().enumerate().map(|(j, u)| oxus_math::sin_turns(*u) * (1.0 + j as f64) / 12.0).sum();
        waves + x[0] * x[0] + 2.0 * x[3] * x[7]
    };
    points.chunks_exact(INPUTS).map(value).collect()
}

/// The numeric columns of the reference rows.
fn rows() -> (Inputs, Vec<f64>) {
    let mut reader = csv::Reader::from_path(ROWS).expect("the reference file is in the repository");
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("reference rows are well formed")).collect();
    let numbers = |j: usize| records.iter().map(|r| r[j].parse().expect("a number")).collect::<Vec<f64>>();
    let columns = (0..6).map(|j| (names[j].clone(), Column::Numeric(numbers(j)))).collect();
    (Inputs::new(columns).expect("rows"), numbers(names.len() - 1))
}

fn boxes(inputs: &Inputs, y: &[f64]) -> Vec<Step> {
    Search::new(inputs, y, Settings::default()).expect("usable rows").trajectory()
}

/// Milliseconds, the middle of seven.
fn milliseconds<T>(mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            1e3 * start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[3]
}

/// Runs the peers in the same minute, checks that they answer the same, and says how long each took.
fn beside_peers() {
    let (y, (inputs, outcome)) = (outputs(), rows());
    let file = std::env::temp_dir().join(format!("oxus-sensitivity-{}.txt", std::process::id()));
    let text = y.iter().fold(String::new(), |mut text, v| {
        let _ = writeln!(text, "{v}");
        text
    });
    std::fs::write(&file, text).expect("the temporary folder can be written");
    let python = std::env::var("OXUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/sensitivity.py");
    let peer = Command::new(&python).arg(script).arg(&file).arg(INPUTS.to_string()).arg(RESAMPLES.to_string()).arg(ROWS).output();
    // a leftover in the temporary folder does no harm
    let _ = std::fs::remove_file(&file);
    let peer: Value = match peer {
        Ok(output) if output.status.success() => serde_json::from_slice(&output.stdout).expect("the peer prints JSON"),
        _ => {
            eprintln!("peers skipped: `{python}` with SALib, ema_workbench and scikit-learn is not here (set OXUS_PYTHON)");
            return;
        }
    };
    let blocks = Blocks::from_rows(&y, INPUTS, true).expect("a layout");
    let found = blocks.indices(RESAMPLES, 1).expect("usable outputs");
    let worst = |key: &str, ours: Vec<f64>| {
        let theirs = peer[key].as_array().expect("a list");
        ours.iter().zip(theirs).map(|(a, b)| (a - b.as_f64().expect("a number")).abs()).fold(0.0, f64::max)
    };
    let indices = worst("S1", found.first.iter().map(|i| i.value).collect()).max(worst("ST", found.total.iter().map(|i| i.value).collect()));
    assert!(indices < 1e-12, "indices differ by {indices:e}");
    let steps = boxes(&inputs, &outcome);
    let counts: Vec<u64> = peer["prim_n"].as_array().expect("a list").iter().filter_map(Value::as_u64).collect();
    assert_eq!(steps.iter().map(|s| s.n as u64).collect::<Vec<_>>(), counts, "rows of every box");
    let tree = grow(&inputs, &outcome, cart::Settings { leaf: 150, depth: 100 }).expect("a tree");
    assert_eq!(Some(tree.nodes.len() as u64), peer["cart_nodes"].as_u64(), "nodes of the tree");
    for (what, key, ours) in [
        ("Sobol' indices, 12 inputs x 4,096 rows, second order, 100 resamples", "sobol_ms", milliseconds(|| blocks.indices(RESAMPLES, 1))),
        ("first PRIM box, 3,000 rows x 6 inputs, 82 steps", "prim_ms", milliseconds(|| boxes(&inputs, &outcome))),
        ("CART, 3,000 rows x 6 inputs", "cart_ms", milliseconds(|| grow(&inputs, &outcome, cart::Settings { leaf: 150, depth: 100 }))),
    ] {
        let theirs = peer[key].as_f64().expect("a time");
        eprintln!("{what}: peer {theirs:.1} ms, here {ours:.2} ms, {:.0} times faster", theirs / ours);
    }
}

#[divan::bench]
fn sobol_with_100_resamples(bencher: Bencher) {
    let blocks = Blocks::from_rows(&outputs(), INPUTS, true).expect("a layout");
    bencher.bench_local(|| black_box(blocks.indices(RESAMPLES, 1)));
}

#[divan::bench]
fn saltelli_points(bencher: Bencher) {
    let names: Vec<String> = (0..INPUTS).map(|j| format!("x{j}")).collect();
    bencher.bench_local(|| black_box(Saltelli::new(names.iter().map(String::as_str), 1, BASE, true).points()));
}

#[divan::bench]
fn prim_first_box(bencher: Bencher) {
    let (inputs, y) = rows();
    bencher.bench_local(|| black_box(boxes(&inputs, &y)));
}

#[divan::bench]
fn cart_tree(bencher: Bencher) {
    let (inputs, y) = rows();
    bencher.bench_local(|| black_box(grow(&inputs, &y, cart::Settings { leaf: 150, depth: 100 })));
}
