//! Disputes and closures.

use super::*;

#[test]
fn disputes_rise_with_shortage_on_either_side_and_with_links() {
    let months = 24;
    let dispute = |harness: Harness, border: usize| last(&harness, "regimes.dispute", border);
    let base = dispute(calm(months), 0);
    assert!((base - 0.4).abs() < 1e-12);
    let dark = || calm(months).patch(later("energy.service", 0.5, months));
    assert!(dispute(dark(), 0) > base + 0.05, "A is short of heat and light");
    assert!((dispute(dark(), 1) - base).abs() < 1e-12, "B-C does not touch A");
    let linked = calm(months).patch(shift("regimes.dispute.target", &["B-C"], 0.15, months));
    assert!(dispute(linked, 1) > base + 0.05);
}

fn closed(harness: Harness, months: usize) -> f64 {
    let (paths, run) = harness.run(&["regimes.border_closed"]);
    no_failure(&run);
    paths[0].iter().map(|m| m[0].iter().sum::<f64>()).sum::<f64>() / (months * LANES) as f64
}

#[test]
fn closures_last_as_long_as_stated_and_come_more_often_in_disputes() {
    let months = 240;
    let mean = |dispute: f64| {
        let harness = |seed| {
            calm(months)
                .parameter("regimes.dispute", dispute)
                .parameter("regimes.closure_sigma", 0.0)
                .parameter("regimes.closure_months", 2.0)
                .seed(seed)
        };
        (0..20).map(|seed| closed(harness(seed), months)).sum::<f64>() / 20.0
    };
    let p = -oxus_math::exp_m1(-0.25 / 12.0);
    // a renewal of open months (mean 1/p, the last of them the first closed one) and two closed months
    let expected = 2.0 / (1.0 / p + 1.0);
    let error = expected * (1.0 / (20.0 * 8.0 * 20.0 * 0.25_f64)).sqrt();
    assert!((mean(0.5) - expected).abs() < 5.0 * error, "{} against {expected}", mean(0.5));
    assert!(mean(0.9) > 1.5 * mean(0.5));
}

#[test]
fn an_overthrow_closes_the_borders_of_its_state_only() {
    let harness = calm(12)
        .parameter("regimes.closure_rate", 0.0)
        .parameter("regimes.closure_crisis", 1.0)
        .parameter("regimes.closure_sigma", 0.0)
        .patch(impose("regimes.irregular_exit", 4, 12));
    let (paths, _) = harness.run(&["regimes.border_closed"]);
    for lane in 0..LANES {
        let at = |month: usize, border: usize| paths[0][month][border][lane];
        assert_eq!([at(3, 0), at(4, 0), at(5, 0), at(6, 0)], [0.0, 1.0, 0.5, 0.0], "one month and a half");
        assert_eq!(at(4, 1), 0.0);
    }
}
