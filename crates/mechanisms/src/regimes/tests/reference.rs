//! The fitted hazard against statsmodels, the shipped coefficients against the fit, death against the closed form.

use std::path::PathBuf;

use oxus_numerics::hazard::{Binary, Link, cloglog_inverse, gompertz_survival};
use proptest::prelude::*;
use toml::{Table, Value};

use crate::regimes::equations as eq;

fn read(path: &str) -> String {
    let full: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../..", path].iter().collect();
    std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{}: {e}", full.display()))
}

fn rows(path: &str) -> Vec<Vec<f64>> {
    read(path).lines().skip(1).map(|l| l.split(',').map(|x| x.parse().expect("a number")).collect()).collect()
}

/// Numbers after the keys of one object of `fit.json`, in its order.
fn numbers(key: &str) -> Vec<f64> {
    let text = read("tests/reference/irregular_exit/fit.json");
    let start = text.find(&format!("\"{key}\"")).expect("the key");
    let object = &text[start..start + text[start..].find('}').expect("an end")];
    object.lines().skip(1).filter_map(|l| l.split(':').nth(1)).map(|x| x.trim().trim_end_matches(',').parse().expect("a number")).collect()
}

fn covariates(r: &[f64]) -> eq::Covariates {
    eq::Covariates { polity: r[0], faction: r[1], ln_income: oxus_math::ln(r[2]), conflict: r[3], unrest: r[4], growth: 0.0 }
}

fn coefficients(b: &[f64]) -> eq::Coefficients {
    eq::Coefficients { constant: b[0], inverted_u: b[1], faction: b[2], income: b[3], conflict: b[4], unrest: b[5], growth: 0.0 }
}

#[test]
fn fitted_probabilities_are_those_of_statsmodels() {
    let c = coefficients(&numbers("coefficients"));
    for r in rows("tests/reference/irregular_exit/predictions.csv") {
        let p = cloglog_inverse(eq::predictor(&c, &covariates(&r)));
        // both sides evaluate one exponential of a sum of six terms: a few units in the last place, times the size of the predictor
        assert!((p / r[5] - 1.0).abs() < 1e-12, "{p} against {}", r[5]);
    }
}

#[test]
fn the_fit_is_reproduced_on_the_panel() {
    let (mut design, mut events) = (Vec::new(), Vec::new());
    for r in rows("tests/reference/irregular_exit/panel.csv") {
        let unit = |i: usize| {
            let mut c = [0.0; 6];
            c[i] = 1.0;
            eq::predictor(&coefficients(&c), &covariates(&r[2..]))
        };
        for month in 0..r[0] as usize {
            design.push(1.0);
            design.extend((1..6).map(unit));
            events.push(month < r[1] as usize);
        }
    }
    assert_eq!((events.len(), events.iter().filter(|e| **e).count()), (38_780, 64));
    let fit = Binary { design: &design, columns: 6, events: &events, link: Link::ComplementaryLogLog, ridge: &[] }.fit().expect("the fit settles");
    for (i, (b, se)) in numbers("coefficients").iter().zip(&numbers("standard_errors")).enumerate() {
        // the panel is stored with nine digits
        assert!((fit.coefficients[i] / b - 1.0).abs() < 1e-6, "coefficient {i}: {} against {b}", fit.coefficients[i]);
        assert!((fit.standard_errors[i] / se - 1.0).abs() < 1e-5, "error {i}: {} against {se}", fit.standard_errors[i]);
    }
}

/// The pack, as a table of parameters.
fn pack() -> Table {
    read("packs/central-asia/parameters/regimes.toml").parse().expect("the file parses")
}

fn float(v: &Value) -> Option<f64> {
    v.as_float().or_else(|| v.as_integer().map(|i| i as f64))
}

fn mean(table: &Table, key: &str) -> f64 {
    table[key]["value"]["normal"]["mean"].as_float().expect("a mean")
}

#[test]
fn the_pack_holds_the_fit_and_implies_the_history_of_the_region() {
    let table = pack();
    let names = ["constant", "inverted_u_effect", "faction_effect", "income_effect", "conflict_effect", "unrest_effect"];
    let b: Vec<f64> = names.iter().map(|n| mean(&table, n)).collect();
    for (shipped, fitted) in b.iter().zip(numbers("coefficients")) {
        // `oxus fit` writes two digits of the error: at most half a hundredth off here
        assert!((shipped - fitted).abs() <= 0.005 + 1e-12, "{shipped} against {fitted}");
    }
    let polity = read("packs/central-asia/series/polity2.csv");
    let of = |key: &str, state: &str| {
        table[key].get(state).and_then(|t| t.get("value")).and_then(float).unwrap_or_else(|| float(&table[key]["value"]).expect("a number"))
    };
    let mut total = 0.0;
    for (state, income) in [("KAZ", 12_300.0), ("KGZ", 1_165.0), ("TJK", 951.0), ("TKM", 6_676.0), ("UZB", 2_284.0)] {
        let line = polity.lines().find(|l| l.starts_with(&format!("{state},2012"))).expect("a row");
        let score: f64 = line.rsplit(',').next().expect("a value").parse().expect("a number");
        let x = eq::Covariates {
            polity: score,
            faction: of("faction", state),
            ln_income: oxus_math::ln(income),
            conflict: f64::from(of("years_since_conflict", state) < 5.0),
            unrest: of("protests", state),
            growth: 0.0,
        };
        let year = 12.0 * cloglog_inverse(eq::predictor(&coefficients(&b), &x));
        assert!((0.002..0.10).contains(&year), "{state}: {year}");
        total += year;
    }
    // three exits in twenty-two years: the exact 95 per cent interval of a Poisson rate is 0.028 to 0.40 a year
    assert!((0.028..0.40).contains(&total), "{total} a year in the five republics");
}

proptest! {
    #[test]
    fn twelve_months_of_death_are_a_year_of_gompertz(age in 30.0..95.0_f64, log_rate in -6.0..-3.0_f64, slope in 0.0..0.15_f64) {
        let survived: f64 = (0..12).map(|m| 1.0 - cloglog_inverse(oxus_math::ln(eq::Mortality::new(log_rate, slope).hazard(age + f64::from(m) / 12.0)))).product();
        let closed = gompertz_survival(eq::gompertz_level(log_rate, slope), slope, age, 1.0);
        // twelve products of numbers near 1, each rounded once, and ages rounded in the last place under a slope of 0.15
        prop_assert!((survived - closed).abs() < 1e-13);
    }

    #[test]
    fn a_hazard_happens_with_its_probability(u in 0.0..1.0_f64, hazard in 0.0..3.0_f64) {
        prop_assert_eq!(eq::happens(u, hazard), u < -oxus_math::exp_m1(-hazard));
    }

    #[test]
    fn regimes_in_between_fall_most_often(polity in -10.0..10.0_f64) {
        prop_assert!(eq::inverted_u(polity) <= eq::inverted_u(0.0) && eq::inverted_u(polity) >= 0.0);
        prop_assert!((eq::inverted_u(polity) - eq::inverted_u(-polity)).abs() < 1e-15);
    }

    #[test]
    fn a_shift_only_worsens_a_succession(u in 0.001..0.999_f64, v in 0.001..0.999_f64, p in 0.0..1.0_f64, q in 0.0..1.0_f64, s in 0.0..4.0_f64) {
        let phase = |a: f64, b: f64| eq::manner(p, a, q, b, [u, v]).phase();
        prop_assert!(phase(s, 0.0) >= phase(0.0, 0.0) && phase(0.0, s) >= phase(0.0, 0.0));
    }
}
