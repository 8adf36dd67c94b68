//! Agreement with `tests/reference/debt`.

use serde_json::Value;

use super::*;
use crate::linear::covariance_factor;
use crate::reference_data::{array, field, json, near, number, rows};

const PATHS: usize = 1000;
const YEARS: usize = 10;

fn base(p: &Value) -> Conditions {
    let b = |name: &str| number(&p["base"][name]);
    Conditions {
        domestic_rate: b("i_d"),
        foreign_rate: b("i_f"),
        depreciation: b("e"),
        growth: b("g"),
        inflation: b("pi"),
        primary_balance: b("pb"),
        other_flows: b("of"),
        foreign_share: b("alpha"),
    }
}

fn model(reaction: f64) -> FanModel {
    let p = json("debt/params.json");
    let four = |v: &Value| -> [f64; SHOCKS] { array(v).try_into().unwrap() };
    let corr: Vec<f64> = p["corr"].as_array().unwrap().iter().flat_map(array).collect();
    FanModel {
        start: number(&p["base"]["d0"]),
        base: base(&p),
        persistence: four(&p["ar"]),
        factor: covariance_factor(&four(&p["sd"]), &corr).unwrap().try_into().unwrap(),
        reaction,
    }
}

/// All paths, path by path.
fn paths(reaction: f64) -> Vec<Vec<f64>> {
    let normals: Vec<f64> = rows("debt/shocks_z.csv").iter().flat_map(|r| (2..6).map(|c| field(r, c)).collect::<Vec<f64>>()).collect();
    let model = model(reaction);
    let all: Vec<Vec<f64>> = normals
        .chunks(YEARS * SHOCKS)
        .map(|z| {
            let mut debt = vec![0.0; YEARS + 1];
            model.path(z, &mut debt).unwrap();
            debt
        })
        .collect();
    assert_eq!(all.len(), PATHS);
    all
}

#[test]
fn deterministic_path_and_decomposition() {
    let reference = json("debt/debt_reference.json");
    let reference = &reference["deterministic"];
    let p = json("debt/params.json");
    let conditions = base(&p);
    let mut debt = number(&p["base"]["d0"]);
    // The same operations in the same order as NumPy's: equal to a rounding or two.
    near(stabilising_primary_balance(debt, conditions.factor(), conditions.other_flows), number(&reference["debt_stabilising_pb_at_d0"]), 1e-15);
    let path = array(&reference["path"]);
    for (year, expected) in reference["decomposition"].as_array().unwrap().iter().enumerate() {
        near(debt, path[year], 1e-15);
        let found = conditions.decompose(debt);
        let next = conditions.step(debt);
        near(found.real_interest, number(&expected["real_interest"]), 1e-15);
        near(found.growth, number(&expected["growth"]), 1e-15);
        near(found.exchange_rate, number(&expected["fx"]), 1e-15);
        near(found.primary_deficit, number(&expected["primary_deficit"]), 1e-15);
        near(found.other_flows, number(&expected["other"]), 1e-15);
        near(found.total(), next - debt, 1e-15);
        debt = next;
    }
    near(debt, 0.4938163891346045, 1e-15);
}

#[test]
fn first_hundred_paths() {
    let found = paths(0.0);
    let path = crate::reference_data::path("debt/paths_first100.csv");
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count(), 100);
    for (debt, line) in found.iter().zip(text.lines()) {
        for (d, expected) in debt.iter().zip(line.split(',')) {
            near(*d, expected.parse().unwrap(), 1e-12);
        }
    }
}

#[test]
fn fans_with_and_without_reaction() {
    let reference = json("debt/debt_reference.json");
    let probabilities = array(&reference["probs"]);
    for (tag, reaction) in [("no_reaction", 0.0), ("reaction_0.05", 0.05)] {
        let run = &reference["runs"][tag];
        let all = paths(reaction);
        for year in 0..=YEARS {
            let mut values: Vec<f64> = all.iter().map(|d| d[year]).collect();
            let above = share_above(&values, 0.60).unwrap();
            assert_eq!(above, number(&run["prob_above_0_60"][year]));
            for (k, &p) in probabilities.iter().enumerate() {
                near(quantile(&mut values, p).unwrap(), number(&run["quantiles"][k][year]), 1e-12);
            }
        }
        let rises: Vec<f64> = all.iter().map(|d| d[5] - d[0]).collect();
        assert_eq!(share_above(&rises, 0.0).unwrap(), number(&run["prob_rising_5y"]));
        for (debt, expected) in all.iter().zip(array(&run["first5_final"])) {
            near(debt[YEARS], expected, 1e-12);
        }
    }
}

#[test]
fn commission_identity() {
    let reference = json("debt/debt_reference.json");
    let cases = reference["ec_cases"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    for c in cases {
        let v = |name: &str| number(&c[name]);
        let found = ec_step(v("d"), v("i"), v("n"), v("ex"), v("exl"), v("pb"), v("sf"), v("s"));
        near(found / v("out"), 1.0, 1e-13);
    }
}

#[test]
fn steady_state_is_where_steps_lead() {
    let conditions = Conditions { growth: 0.05, ..base(&json("debt/params.json")) };
    let factor = conditions.factor();
    let level = steady_state(factor, conditions.primary_balance, conditions.other_flows).unwrap();
    near(conditions.step(level), level, 1e-14);
    let mut debt = 0.9;
    for _ in 0..4000 {
        debt = conditions.step(debt);
    }
    // The distance shrinks by the factor each step; 4000 steps leave rounding only, magnified by 1 / (1 - factor).
    near(debt, level, 1e-12);
    assert_eq!(steady_state(1.0, -0.01, 0.0), None);
}

#[test]
fn mistakes_are_errors() {
    let m = model(0.0);
    assert!(m.path(&[0.0; 7], &mut [0.0; 2]).is_err());
    assert!(m.path(&[0.0; 8], &mut [0.0; 2]).is_err());
    assert_eq!(quantile(&mut [], 0.5), Err(DebtError::Empty));
    assert_eq!(quantile(&mut [1.0], 1.5), Err(DebtError::Probability(1.5)));
    assert_eq!(quantile(&mut [1.0, f64::NAN], 0.5), Err(DebtError::NotANumber(1)));
}
