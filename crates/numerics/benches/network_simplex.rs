//! Minimum-cost flow: cold solves, and outages re-solved from the base optimum. Costs are checked against the reference before timing.

use divan::{Bencher, black_box, counter::ItemsCount};
use oxus_numerics::network_simplex::{Arc, MaxFlow, Solver};

fn main() {
    divan::main();
}

const NAMES: [&str; 3] = ["central_asia", "random50", "random500"];

fn rows(name: &str, table: &str) -> Vec<csv::StringRecord> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/network_flow");
    csv::Reader::from_path(format!("{folder}/{name}_{table}.csv"))
        .expect("the reference file is in the repository")
        .records()
        .map(|r| r.expect("reference rows are well formed"))
        .collect()
}

fn number<T: std::str::FromStr>(row: &csv::StringRecord, column: usize) -> T {
    row[column].parse().ok().expect("reference fields are numbers")
}

fn problem(name: &str, keep_shed: bool) -> (Vec<i64>, Vec<Arc>) {
    let supplies = rows(name, "nodes").iter().map(|r| number(r, 2)).collect();
    let arcs = rows(name, "arcs")
        .iter()
        .map(|r| Arc {
            from: number(r, 1),
            to: number(r, 2),
            lower: 0,
            upper: if keep_shed || &r[5] != "shed" { number(r, 3) } else { 0 },
            cost: number(r, 4),
        })
        .collect();
    (supplies, arcs)
}

fn outages(name: &str) -> Vec<(usize, i128, i64)> {
    rows(name, "n1").iter().map(|r| (number(r, 0), number(r, 1), number(r, 3))).collect()
}

#[divan::bench(args = NAMES)]
fn cold(bencher: Bencher, name: &str) {
    let (supplies, arcs) = problem(name, true);
    let mut solver = Solver::new(&supplies, &arcs).expect("the instance is valid");
    let cost = solver.solve().expect("the instance is feasible").cost;
    let expected = match name {
        "central_asia" => 849_445,
        "random50" => 17_575_577,
        _ => 239_167_557,
    };
    assert_eq!(cost, expected, "{name}");
    bencher.bench_local(|| {
        solver.forget_basis();
        black_box(solver.solve())
    });
}

/// One iteration is every outage once (one item each), from the basis of the intact network.
#[divan::bench(args = NAMES, sample_count = 20)]
fn outage_warm(bencher: Bencher, name: &str) {
    let (supplies, arcs) = problem(name, true);
    let mut base = Solver::new(&supplies, &arcs).expect("the instance is valid");
    base.solve().expect("the instance is feasible");
    let mut solver = base.clone();
    let cases = outages(name);
    let mut one = |outage: usize| {
        assert!(solver.copy_basis_from(&base));
        solver.set_bounds(outage, 0, 0).expect("the arc exists");
        let found = solver.solve();
        solver.set_bounds(outage, 0, arcs[outage].upper).expect("the arc exists");
        found.expect("shed arcs keep it feasible").cost
    };
    for &(outage, cost, _) in &cases {
        assert_eq!(one(outage), cost, "{name} without arc {outage}");
    }
    bencher.counter(ItemsCount::new(cases.len())).bench_local(|| {
        for case in &cases {
            black_box(one(case.0));
        }
    });
}

/// As `outage_warm`, from an empty basis.
#[divan::bench(args = NAMES, sample_count = 5)]
fn outage_cold(bencher: Bencher, name: &str) {
    let (supplies, arcs) = problem(name, true);
    let mut solver = Solver::new(&supplies, &arcs).expect("the instance is valid");
    let cases = outages(name);
    let mut one = |outage: usize| {
        solver.forget_basis();
        solver.set_bounds(outage, 0, 0).expect("the arc exists");
        let found = solver.solve();
        solver.set_bounds(outage, 0, arcs[outage].upper).expect("the arc exists");
        found.expect("shed arcs keep it feasible").cost
    };
    bencher.counter(ItemsCount::new(cases.len())).bench_local(|| {
        for case in &cases {
            black_box(one(case.0));
        }
    });
}

#[divan::bench(args = NAMES, sample_count = 5)]
fn outage_max_flow(bencher: Bencher, name: &str) {
    let (supplies, arcs) = problem(name, false);
    let mut problem = MaxFlow::new(supplies.len(), &arcs).expect("the instance is valid");
    let cases = outages(name);
    let mut one = |outage: usize| {
        problem.set_capacity(outage, 0).expect("the arc exists");
        let found = problem.solve(0, 1);
        problem.set_capacity(outage, arcs[outage].upper).expect("the arc exists");
        found.expect("source and sink exist")
    };
    for &(outage, _, flow) in &cases {
        assert_eq!(one(outage), flow, "{name} without arc {outage}");
    }
    bencher.counter(ItemsCount::new(cases.len())).bench_local(|| {
        for case in &cases {
            black_box(one(case.0));
        }
    });
}
