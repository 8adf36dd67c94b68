//! Tests of the coded indices: the origin's value, slopes, bounds, rare valuations, memory of errors.

use super::*;
use crate::observation::measured as eq;

/// Index, what it measures, its value at the origin in the bench, slope there, bounds.
type Case = (&'static str, &'static str, f64, f64, (f64, f64));

const CASES: [Case; 5] = [
    ("political_corruption", "regimes.corruption", 0.85, 1.0, (0.0, 1.0)),
    ("rule_of_law", "regimes.patronage", 0.2, -0.9, (0.0, 1.0)),
    ("polyarchy", "regimes.patronage", 0.25, -0.5, (0.0, 1.0)),
    ("polity2", "regimes.patronage", -6.0, -15.0, (-10.0, 10.0)),
    ("political_stability", "unrest.level", -0.5, -0.2, (-2.5, 2.5)),
];

fn december(h: &Harness, index: &str, year: usize) -> [f64; LANES] {
    let (paths, run) = h.run(&[&format!("observation.{index}")]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0][12 * year + 11][0]
}

#[test]
fn without_change_or_valuation_the_last_value_stays() {
    for (index, _, start, _, _) in CASES {
        for year in 0..3 {
            assert_eq!(december(&quiet(36), index, year), [start; LANES], "{index}");
        }
    }
}

#[test]
fn what_is_measured_moves_the_index_by_the_slope() {
    for (index, measured, start, slope, _) in CASES {
        let h = quiet(12).patch(patch(measured, Op::Set, 0.6, 3, 11, 12));
        let moved = start + slope * (0.6 - 0.5);
        let expected = if index == "polity2" { moved.round() } else { moved };
        // a difference and a product
        assert!((december(&h, index, 0)[0] - expected).abs() < 1e-12, "{index}");
        assert_eq!((december(&h, index, 0)[0] > start), slope > 0.0, "{index}: the sign of the slope");
    }
}

#[test]
fn values_are_written_at_the_ends_of_quarters() {
    let h = quiet(12).patch(patch("regimes.corruption", Op::Set, 0.6, 3, 11, 12));
    let (p, _) = h.run(&["observation.political_corruption"]);
    let at = |month: usize| p[0][month][0][0];
    assert_eq!((at(2), at(3), at(4)), (0.85, 0.85, 0.85));
    assert!((at(5) - 0.95).abs() < 1e-12);
}

#[test]
fn indices_keep_within_their_scales_and_polity_in_whole_points() {
    for (index, measured, _, _, (low, high)) in CASES {
        for (value, wild) in [(0.0, 5.0), (1.0, 5.0)] {
            let h = quiet(48)
                .parameter(&format!("observation.{index}_chance"), 1.0)
                .parameter(&format!("observation.{index}_sigma"), wild)
                .patch(patch(measured, Op::Set, value, 0, 47, 48));
            for x in december(&h, index, 3) {
                assert!((low..=high).contains(&x) && (index != "polity2" || x.fract() == 0.0), "{index} {x}");
            }
        }
    }
}

#[test]
fn errors_have_the_moments_of_rare_valuations_that_persist() {
    let (chance, sigma, persistence, years) = (0.3, 0.02, 0.9, 3);
    let mut values = Vec::new();
    for seed in 0..150 {
        let h = quiet(12 * years)
            .parameter("observation.polyarchy_start", 0.5)
            .parameter("observation.polyarchy_chance", chance)
            .parameter("observation.polyarchy_sigma", sigma)
            .parameter("observation.index_persistence", persistence)
            .seed(seed);
        values.extend(december(&h, "polyarchy", years - 1).map(|x| x - 0.5));
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|x| x * x).sum::<f64>() / n;
    let fourth = values.iter().map(|x| x.powi(4)).sum::<f64>() / n;
    let expected: f64 = (0..years as i32).map(|k| chance * sigma * sigma * (persistence * persistence).powi(k)).sum();
    // four standard errors, of the mean and of the mean square
    assert!(mean.abs() < 4.0 * (expected / n).sqrt(), "{mean}");
    assert!((square - expected).abs() < 4.0 * ((fourth - square * square) / n).sqrt(), "{square} {expected}");
    let still = values.iter().filter(|x| **x == 0.0).count() as f64 / n;
    let untouched = (1.0_f64 - chance).powi(years as i32);
    assert!((still - untouched).abs() < 4.0 * (untouched * (1.0 - untouched) / n).sqrt(), "{still} {untouched}");
}

#[test]
fn the_same_seed_values_the_same() {
    let run = || bench(24).seed(4).run(&["observation.polity2", "observation.political_stability"]).0;
    let bits = |p: Vec<Vec<Vec<[f64; LANES]>>>| p.into_iter().flatten().flatten().flatten().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(run()), bits(run()));
}

proptest! {
    #[test]
    fn a_coded_index_is_within_its_scale_and_follows_its_slope(start in 0.0..1.0_f64, slope in -3.0..3.0_f64, change in 0.0..1.0_f64, error in -9.0..9.0_f64) {
        let at = |c: f64| eq::coded(start, slope, c, error, (0.0, 1.0));
        prop_assert!((0.0..=1.0).contains(&at(change)));
        prop_assert!((at(change) - at(0.0)) * slope >= 0.0);
    }
}
