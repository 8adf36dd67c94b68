//! Equations against closed forms.

use proptest::prelude::*;

use super::super::equations::*;

proptest! {
    #[test]
    fn closures_lose_their_union_and_no_month_more_than_itself(gaps in proptest::collection::vec((0.0..3.0_f64, 0.01..4.0_f64), 1..12)) {
        let mut time = 0.0;
        let incidents: Vec<(f64, f64)> = gaps.iter().map(|(gap, length)| { time += gap; (time, *length) }).collect();
        let months = (time + 5.0) as usize + 1;
        let (mut until, mut total) = (f64::NEG_INFINITY, 0.0);
        for month in 0..months {
            let (start, end) = (month as f64, month as f64 + 1.0);
            let mut lost = (until.min(end) - start).max(0.0);
            for (t, length) in incidents.iter().filter(|i| i.0 >= start && i.0 < end) {
                lost += close(&mut until, *t, *length, end);
            }
            prop_assert!((0.0..=1.0 + 1e-12).contains(&lost), "{lost}");
            total += lost;
        }
        // the measure of the union, counted afresh
        let (mut covered, mut reach) = (0.0, f64::NEG_INFINITY);
        for (t, length) in incidents {
            covered += (t + length - t.max(reach)).max(0.0);
            reach = reach.max(t + length);
        }
        // a dozen additions of numbers below 100
        prop_assert!((total - covered).abs() < 1e-11, "{total} against {covered}");
    }

    #[test]
    fn margins_are_positive_exactly_where_the_event_happens(ln_hazard in -8.0..2.0, u in 0.0001..0.9999) {
        let happens = u < 1.0 - f64::exp(-f64::exp(ln_hazard));
        prop_assert!((ln_hazard - threshold(u).ln() > 0.0) == happens || (u - 1.0 + f64::exp(-f64::exp(ln_hazard))).abs() < 1e-12);
    }

    #[test]
    fn targets_stay_within_their_scale(base in 0.0..1.0, weight in 0.0..1.0, x in 0.0..50.0, shift in -3.0..3.0) {
        for t in [
            acceptance_base(base, &[(weight, shift), (-weight, 0.5)]),
            acceptance_target(base, weight, x, weight, shift, shift),
            index_target(base, shift),
            image_target(base, &[(weight, shift)], weight, x, shift),
        ] {
            prop_assert!((0.0..=1.0).contains(&t));
        }
    }
}

#[test]
fn kinds_come_in_their_shares() {
    let shares = [0.45, 0.3, 0.15, 0.3];
    let n = 120_000;
    let mut counts = [0.0; 4];
    (0..n).for_each(|i| counts[draw_kind((f64::from(i) + 0.5) / f64::from(n), &shares)] += 1.0);
    for (count, share) in counts.iter().zip(shares) {
        // even spacing misses each boundary by at most one point
        assert!((count / f64::from(n) - share / 1.2).abs() < 2.0 / f64::from(n));
    }
}

#[test]
fn hushed_prices_matter_where_nothing_is_disclosed() {
    let effect = |transparency, ln_price| ln_price_effect(0.2, 1.0, transparency, ln_price);
    assert!(effect(0.0, 0.7) > effect(0.5, 0.7) && effect(1.0, 0.7).abs() < 1e-15 && effect(0.3, 0.0).abs() < 1e-15);
    assert!((effect(0.0, 0.7) - 0.14).abs() < 1e-15);
    assert!((ln_site_effect(1.5, 0.2, 0.35, 1.0) - 0.65).abs() < 1e-15);
    assert!((output(1.0, 1.0, 0.25) - 0.75).abs() < 1e-15 && output(1.0, 0.0, 0.0) == 0.0 && output(0.0, 1.0, 0.0) == 0.0);
}
