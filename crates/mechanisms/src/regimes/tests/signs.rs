//! Each effect that the mechanism codes moves what it should, the way it should; indices keep their bounds.

use super::*;

const MONTHS: usize = 36;

fn hazard(harness: Harness) -> f64 {
    last(&harness, "regimes.irregular_exit_hazard", 0)
}

fn sign(change: f64, raises: bool, what: &str) {
    assert!(if raises { change > 1e-9 } else { change < -1e-9 }, "{what}: {change}");
}

#[test]
fn covariates_move_the_hazard() {
    let quiet = || bench(MONTHS).parameter("regimes.constant", -12.0).parameter("regimes.death_log_rate_60", -60.0);
    let base = hazard(quiet());
    for (name, value, raises) in [
        ("polity", 0.0, true),
        ("polity", -9.0, false),
        ("faction", 1.0, true),
        ("protests", 1.0, true),
        ("years_since_conflict", 0.0, true),
        ("population_growth", 0.05, true),
    ] {
        sign(hazard(quiet().parameter(&format!("regimes.{name}"), value)) - base, raises, name);
    }
    for (variable, value, raises) in [
        ("unrest.level", 2.0, true),
        ("unrest.deaths", 10.0, true),
        ("finance.growth", -0.05, true),
        ("finance.output", 1.3, false),
        ("finance.distress", 0.6, true),
        ("energy.rents", 0.0, true),
    ] {
        sign(hazard(quiet().patch(later(variable, value, MONTHS))) - base, raises, variable);
    }
    sign(hazard(quiet().patch(shift("regimes.irregular_exit.log_hazard", &["A"], 0.5, MONTHS))) / base - 1.5, true, "the shift of links");
    sign(hazard(quiet().patch(shift("regimes.patronage.target", &["A"], 0.15, MONTHS))) - base, false, "patronage");
    // growing capture lifts the hazard above that without growth
    let still = hazard(quiet().parameter("regimes.capture_growth", 0.0));
    sign(hazard(quiet().parameter("regimes.capture_growth", 0.02)) - still, true, "capture");
}

#[test]
fn recent_conflict_is_forgotten_after_five_years() {
    let months = 72;
    let quiet = || bench(months).parameter("regimes.constant", -12.0).parameter("regimes.death_log_rate_60", -60.0);
    let (paths, _) =
        quiet().parameter("regimes.years_since_conflict", 2.0).parameter("regimes.capture_growth", 0.0).run(&["regimes.irregular_exit_hazard"]);
    let at = |month: usize| paths[0][month][0][0];
    // two years lie behind at the origin: 36 months less the first month's own count
    assert!(at(34) > 1.5 * at(35) && (at(35) / at(36) - 1.0).abs() < 1e-12, "{} {} {}", at(34), at(35), at(36));
}

#[test]
fn the_end_of_base_rents_raises_the_hazard() {
    let (paths, _) = calm(24)
        .parameter("regimes.constant", -12.0)
        .parameter("regimes.base_rents", 0.05)
        .parameter("regimes.capture_growth", 0.0)
        .run(&["regimes.irregular_exit_hazard"]);
    let ratio = paths[0][18][0][0] / paths[0][17][0][0];
    // July 2014: exp(1.0 x 0.05)
    assert!((ratio - oxus_math::exp(0.05)).abs() < 1e-6, "{ratio}");
}

#[test]
fn indices_follow_their_targets() {
    let value = |harness: Harness, name: &str| last(&harness, name, 0);
    for name in ["corruption", "criminalisation", "service_quality", "repression", "patronage"] {
        let (variable, modifier) = (format!("regimes.{name}"), format!("regimes.{name}.target"));
        let base = value(calm(MONTHS), &variable);
        sign(value(calm(MONTHS).patch(shift(&modifier, &["A"], 0.1, MONTHS)), &variable) - base, true, name);
        sign(value(calm(MONTHS).patch(shift(&modifier, &["A"], -0.1, MONTHS)), &variable) - base, false, name);
    }
    for (name, variable, with, raises) in [
        ("regimes.service_quality", "energy.service", 0.5, false),
        ("regimes.service_quality", "finance.public_spending", 0.7, false),
        ("regimes.repression", "unrest.level", 2.0, true),
        ("regimes.patronage", "energy.rents", 0.3, true),
    ] {
        sign(value(calm(MONTHS).patch(later(variable, with, MONTHS)), name) - value(calm(MONTHS), name), raises, name);
    }
}

#[test]
fn indices_rest_at_the_origin_when_nothing_changes_and_stay_within_bounds() {
    let names = ["regimes.corruption", "regimes.criminalisation", "regimes.service_quality", "regimes.repression", "regimes.patronage"];
    let (paths, run) = calm(MONTHS).run(&names);
    no_failure(&run);
    for (path, origin) in paths.iter().zip([0.8, 0.5, 0.4, 0.5, 0.8]) {
        // relaxation to the value itself: rounding of one addition a month
        assert!(path.iter().flatten().flatten().all(|x| (x - origin).abs() < 1e-12));
    }
    let wild = names.iter().fold(calm(MONTHS), |h, n| h.patch(shift(&format!("{n}.target"), &["A"], 9.0, MONTHS)));
    let (paths, run) = wild.run(&names);
    no_failure(&run);
    assert!(paths.iter().flatten().flatten().flatten().all(|x| (0.0..=1.0).contains(x)));
}
