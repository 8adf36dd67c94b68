//! Closed forms of the equations.

use proptest::prelude::*;

use crate::energy::equations::*;

#[test]
fn fifths_are_the_conditional_means_of_a_normal() {
    // (phi(a) - phi(b)) / 0.2 from oxus-math's quantiles, which are checked against libm; 1e-9 covers the ten digits written down
    let phi = |p: f64| {
        let x = oxus_math::normal_quantile(p);
        oxus_math::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt()
    };
    let edges = [0.0, phi(0.2), phi(0.4), phi(0.6), phi(0.8), 0.0];
    for (i, mean) in FIFTHS.iter().enumerate() {
        let expected = (edges[i] - edges[i + 1]) / 0.2;
        assert!((mean - expected).abs() < 1e-9, "{i}: {mean} {expected}");
    }
    assert_eq!((fifth(0.05), fifth(0.5), fifth(0.999)), (FIFTHS[0], 0.0, FIFTHS[4]));
}

#[test]
fn a_linear_reservoir_keeps_water_and_settles_where_release_equals_inflow() {
    let (mut stored, mut in_, mut out) = (0.0, 0.0, 0.0);
    for _ in 0..2000 {
        let released = release(stored, 14.0);
        stored = next_stored(stored, -0.2, released);
        in_ += 0.8 / 12.0;
        out += released / 12.0;
    }
    // sums of 2000 terms of order one: rounding below 1e-10
    assert!((stored - (in_ - out)).abs() < 1e-10);
    assert!((release(stored, 14.0) - 0.8).abs() < 1e-12);
    assert!((stored + 0.2 * 14.0 / 12.0).abs() < 1e-12);
}

#[test]
fn arrears_settle_at_what_comes_in_over_what_is_paid() {
    let mut arrears = 5.0;
    (0..500).for_each(|_| arrears = next_arrears(arrears, 0.2, 0.1));
    assert!((arrears - 2.0).abs() < 1e-12);
    assert!(next_arrears(2.0, 0.2, 0.6) < next_arrears(2.0, 0.2, 0.1));
}

#[test]
fn prices_follow_their_index() {
    assert_eq!(indexed_price(300.0, 112.0, 112.0, 0.8), 300.0);
    assert!((indexed_price(300.0, 56.0, 112.0, 0.8) - 180.0).abs() < 1e-12);
    assert_eq!(indexed_price(300.0, 0.0, 112.0, 2.0), 0.0);
    assert_eq!(take_or_pay_due(10.0, 0.8, 5.0, 2.0), 6.0);
    assert_eq!(take_or_pay_due(10.0, 0.8, 9.0, 2.0), 0.0);
}

#[test]
fn hazards_rise_with_stress_arrears_dispute_and_shift() {
    let base = ln_cutoff_rate(0.5, 0.0, 0.0, 0.0, [1.0, 0.3, 1.0], 0.0);
    for other in [(0.4, 0.0, 0.0, 0.0), (0.0, 2.0, 0.0, 0.0), (0.0, 0.0, 0.5, 0.0), (0.0, 0.0, 0.0, 0.1)] {
        assert!(ln_cutoff_rate(0.5, other.0, other.1, other.2, [1.0, 0.3, 1.0], other.3) > base);
    }
    assert_eq!(ln_cutoff_rate(0.0, 1.0, 1.0, 1.0, [1.0; 3], 1.0), f64::NEG_INFINITY);
    assert!((oxus_math::exp(ln_outage_rate(0.35, 1000.0, 0.0)) - 0.35 / 12.0).abs() < 1e-15);
}

proptest! {
    #[test]
    fn masks_count_the_days_in_common(from in 0_i64..200, len in 0_i64..120, start in 0_i64..200, days in 28_u32..32) {
        let until = from + len;
        let common = (start..start + i64::from(days)).filter(|d| (from..until).contains(d)).count() as u32;
        prop_assert_eq!(day_mask(from, until, start, days).count_ones(), common);
    }

    #[test]
    fn volumes_survive_counting(volume in 0.0_f64..1e5) {
        // half a solver unit either way
        prop_assert!((to_volume(to_units(volume)) - volume).abs() <= 0.5 / UNITS_PER_VOLUME + 1e-9);
    }

    #[test]
    fn capacity_falls_with_days_out(units in 0_i64..1_000_000_000, out in 0_u32..31) {
        prop_assert!(capacity_left(units, out + 1, 31) <= capacity_left(units, out, 31));
        prop_assert_eq!(capacity_left(units, 0, 31), units);
        prop_assert_eq!(capacity_left(units, 31, 31), 0);
    }

    #[test]
    fn factors_stay_within_their_bounds(season in 0.0_f64..3.0, severity in -1.4_f64..1.4, sd in 0.0_f64..1.0, hydro in 0.0_f64..1.0, stored in -1.0_f64..1.0) {
        prop_assert!(demand_factor(season, severity, sd) >= 0.0);
        prop_assert!(demand_factor(season, severity + 0.1, sd) >= demand_factor(season, severity, sd));
        prop_assert!(water_factor(hydro, release(stored, 6.0)) >= 0.0);
        prop_assert!(release(stored + 0.1, 6.0) >= release(stored, 6.0));
    }
}
