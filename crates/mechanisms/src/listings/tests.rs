//! Signal detection against the printed table, the stock against its closed form, signs, pairs of benefit and harm, bounds, determinism.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_math::exp;
use oxus_units::Month;
use proptest::prelude::*;

use super::DEFINITION;
use super::equations as eq;
use crate::harness::Harness;

const CENTRE: [(&str, f64); 39] = [
    ("persons", 1300.0),
    ("organisations", 46.0),
    ("persons_per_organisation", 26.2),
    ("prevalence", 0.3),
    ("sensitivity", 1.2),
    ("standard", 0.5),
    ("breadth", 0.6),
    ("review_base", 0.05),
    ("review_by_public", 0.3),
    ("review_months", 24.0),
    ("review_sensitivity", 2.0),
    ("review_criterion", 1.0),
    ("review_before", 0.5),
    ("review_cases", 0.5),
    ("exit", 0.03),
    ("convention", 1.0),
    ("precedence", 0.5),
    ("swift_transfer", 1.0),
    ("refuge_duty", 1.0),
    ("transfer_rate", 0.05),
    ("transfer_speed_up", 1.0),
    ("refusal_under_duty", 0.9),
    ("public_base", 0.1),
    ("public_months", 12.0),
    ("dissent_repression", 2.0),
    ("plots_per_attack", 2.0),
    ("violent_pool", 1500.0),
    ("watch_capacity", 400.0),
    ("found", 0.2),
    ("submissions", 100.0),
    ("domestic_check", 0.3),
    ("power_submissions", 50.0),
    ("power_domestic_check", 0.1),
    ("member", 1.0),
    ("dissent_share", 0.3),
    ("power_dissent_share", 0.4),
    ("presence", 0.1),
    ("applications", 300.0),
    ("refusal_usual", 0.4),
];

fn bench(months: usize) -> Harness {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    world.add_axis("state", vec!["A".into(), "B".into()]);
    world.add_axis("power", vec!["P".into()]);
    let harness = Harness::new(world, DEFINITION).given("regimes.repression", "state", "index", 0.5).given(
        "unrest.attacks_state",
        "state",
        "events/month",
        0.2,
    );
    let harness = CENTRE.iter().fold(harness, |h, (name, value)| h.parameter(&format!("listings.{name}"), *value));
    harness.parameter_of("listings.member", "B", 0.0).parameter_of("listings.submissions", "B", 0.0)
}

fn hold(variable: &str, entity: &str, value: f64, months: usize) -> Patch {
    Patch {
        origin: format!("test of {variable}"),
        target: Target::Variable(variable.into()),
        entities: vec![entity.into()],
        op: Op::Set,
        schedule: Schedule::constant(value, 0, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

fn last(harness: &Harness, variable: &str) -> f64 {
    let (paths, run) = harness.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0].last().expect("months")[0][0]
}

/// Phi from Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.1 (printed to 15 places, here to 10).
#[test]
fn rates_are_those_of_the_printed_normal_table() {
    for (x, phi) in [(0.5, 0.691_462_461_3), (1.0, 0.841_344_746_1), (1.5, 0.933_192_798_7), (2.0, 0.977_249_868_1)] {
        // criterion 0: half of the unlinked are kept off
        let pass = eq::pass(x, 0.5, 0.5);
        assert!((pass.linked - phi).abs() < 5e-11 && (pass.unlinked - 0.5).abs() < 1e-15, "{pass:?}");
        assert!((pass.dissent - eq::pass(0.5 * x, 0.5, 1.0).linked).abs() < 1e-15);
        // a standard of Phi(1) puts the criterion at 1
        assert!((eq::pass(x + 1.0, 0.841_344_746_068_542_9, 0.0).linked - phi).abs() < 5e-11);
        assert!((eq::struck(x, 0.0).1 - (1.0 - phi)).abs() < 5e-11 && eq::struck(x, 0.0).0 == 0.5);
    }
    let blind = eq::pass(0.0, 0.8, 1.0);
    assert!((blind.linked - 0.2).abs() < 1e-14 && blind.linked == blind.unlinked && blind.dissent == blind.linked, "{blind:?}");
}

#[test]
fn the_list_follows_the_closed_form_and_its_steady_state() {
    let months = 120;
    let harness = bench(months).parameter("listings.review_by_public", 0.0);
    let (paths, _) = harness.run(&["listings.persons", "listings.wrongful", "listings.new", "listings.wrongful_rate", "listings.delisted"]);
    let (rates, strikes) = (eq::pass(1.2, 0.5, 0.6), eq::struck(2.0, 1.0));
    let (before, cases) = (0.05 * 0.5, 0.05 * 0.5);
    let inflow = |submissions: f64, dissent: f64, check: f64| {
        let (right, wrong) = eq::listed(submissions, dissent, 0.3, rates);
        (right * (1.0 - before * strikes.1), wrong * (1.0 - check * 0.5) * (1.0 - before * strikes.0))
    };
    let (a, p) = (inflow(100.0, 0.3, 0.3), inflow(50.0, 0.4, 0.1));
    let (right, wrong) = (a.0 + p.0, a.1 + p.1);
    let hazards = (0.03 + cases * strikes.1, 0.03 + cases * strikes.0);
    let start = 1300.0 / (right + wrong);
    for (month, cells) in paths[0].iter().enumerate() {
        let t = (month / 3 + 1) as f64 / 4.0; // a step covers the quarter that it opens
        let path = |flow: f64, hazard: f64| flow * start * exp(-hazard * t) + flow / hazard * (1.0 - exp(-hazard * t));
        let (rightful, wrongful) = (path(right, hazards.0), path(wrong, hazards.1));
        // 40 steps, each with a few roundings of numbers near a thousand
        assert!((cells[0][0] - rightful - wrongful).abs() < 1e-9 && (paths[1][month][0][0] - wrongful).abs() < 1e-9, "month {month}");
        assert!((paths[3][month][0][0] - 1000.0 * wrong / (right + wrong)).abs() < 1e-9);
    }
    assert!((paths[2][0][0][0] - right - wrong).abs() < 1e-9);
    assert!((eq::stock_after(5.0, right, hazards.0, 2000.0) - eq::steady(right, hazards.0)).abs() < 1e-9);
    assert_eq!(eq::stock_after(5.0, 2.0, 0.0, 3.0), 11.0);
}

#[test]
fn each_cause_moves_its_effect_the_stated_way() {
    let months = 60;
    let base = |variable: &str| last(&bench(months), variable);
    let patched = |variable: &str, of: &str, value: f64| bench(months).patch(hold(variable, of, value, months));
    let up = [
        (patched("listings.submission.log_rate", "A", 0.5), "listings.persons"),
        (patched("listings.submission.log_rate", "A", 0.5), "listings.organisations"),
        (patched("listings.criterion.target", "world", 0.3), "listings.wrongful_rate"),
        (patched("listings.repression_use.logit", "A", 1.0), "listings.wrongful"),
        (patched("regimes.repression", "A", 0.8), "listings.dissent"),
        (patched("listings.review.target", "world", 0.5), "listings.delisted"),
        (patched("listings.disclosure.target", "world", 0.5), "listings.public_knowledge"),
        (patched("listings.disclosure.target", "world", 0.5), "listings.review"),
        (patched("listings.transfer.log_rate", "A", 0.5), "listings.transfers"),
        (patched("listings.transfer.log_rate", "A", 0.5), "listings.wrongful_transfers"),
        (patched("unrest.attacks_state", "A", 1.0), "listings.detected"),
        (bench(months).parameter("listings.precedence", 1.0), "listings.wrongful"),
        (bench(months).parameter("listings.sensitivity", 2.0), "listings.detected"),
    ];
    for (change, variable) in up {
        assert!(last(&change, variable) > base(variable) + 1e-6, "{variable}");
    }
    let down = [
        (patched("listings.standard.logit", "world", 1.0), "listings.wrongful_rate"),
        (patched("listings.review.target", "world", 0.5), "listings.wrongful"),
        (patched("listings.disclosure.target", "world", 0.5), "listings.wrongful"),
        (bench(months).parameter("listings.swift_transfer", 0.0), "listings.transfers"),
        (bench(months).parameter("listings.refuge_duty", 0.0), "listings.refused_refuge"),
        (bench(months).parameter("listings.watch_capacity", 100.0), "listings.detected"),
    ];
    for (change, variable) in down {
        assert!(last(&change, variable) < base(variable) - 1e-6, "{variable}");
    }
}

/// The two sides of the list move together under the standard of evidence, and apart under review: what separates the two levers.
#[test]
fn benefit_and_harm_are_traded_by_the_standard_but_not_by_review() {
    let months = 120;
    let both = |harness: &Harness| (last(harness, "listings.wrongful"), last(harness, "listings.detected"));
    // with room to follow everybody, so that the length of the list costs nothing
    let roomy = || bench(months).parameter("listings.watch_capacity", 1e6);
    let (wrong, found) = both(&roomy());
    let (strict_wrong, strict_found) = both(&roomy().patch(hold("listings.standard.logit", "world", 2.0, months)));
    assert!(strict_wrong < wrong && strict_found < found, "a higher standard alone costs detection");
    // with services that can follow a third of the list, a review that strikes wrongful entries frees them for the others
    let (wrong, found) = both(&bench(months));
    let (reviewed_wrong, reviewed_found) = both(&bench(months).patch(hold("listings.review.target", "world", 0.9, months)));
    assert!(reviewed_wrong < 0.6 * wrong && reviewed_found > found, "{reviewed_wrong} of {wrong}, {reviewed_found} against {found}");
}

#[test]
fn the_origin_holds_the_given_list_and_non_members_nothing() {
    let (paths, _) = bench(1).run(&["listings.persons", "listings.rightful_by_state", "listings.refused_refuge", "listings.organisations"]);
    // a quarter of some entries after the origin
    assert!((paths[0][0][0][0] - 1300.0).abs() < 30.0 && (paths[3][0][0][0] - 46.0).abs() < 1.5);
    assert!(paths[1][0][1][0] == 0.0 && paths[2][0][1][0] == 0.0);
}

#[test]
fn two_runs_are_the_same_bits() {
    let names = ["listings.persons", "listings.wrongful_rate", "listings.detected", "listings.transfers"];
    let (paths, _) = bench(132).run(&names);
    assert_eq!(paths, bench(132).run(&names).0);
    assert!(paths[0][131][0].iter().all(|x| *x == paths[0][131][0][0]) && paths[0][131][0].len() == LANES, "nothing here is chance");
}

proptest! {
    #[test]
    fn rates_are_probabilities_in_order(d in 0.0..4.0_f64, standard in 0.01..0.99_f64, breadth in 0.0..1.0_f64, more in 0.001..0.5_f64) {
        let pass = eq::pass(d, standard, breadth);
        prop_assert!((0.0..=1.0).contains(&pass.linked) && pass.unlinked <= pass.dissent && pass.dissent <= pass.linked);
        prop_assert!((pass.unlinked - (1.0 - standard)).abs() < 1e-12);
        let strict = eq::pass(d, (standard + more).min(0.999), breadth);
        prop_assert!(strict.linked <= pass.linked && strict.unlinked <= pass.unlinked);
        prop_assert!(eq::pass(d, standard, (breadth + more).min(1.0)).dissent >= pass.dissent);
        let (wrong, right) = eq::struck(d, more);
        prop_assert!(wrong >= right);
    }

    #[test]
    fn entries_add_up_and_stocks_stay(s in 0.0..1e4_f64, u in 0.0..1.0_f64, pi in 0.0..1.0_f64, stock in 0.0..1e4_f64, h in 0.0..2.0_f64) {
        let all = eq::Pass { linked: 1.0, unlinked: 1.0, dissent: 1.0 };
        let (right, wrong) = eq::listed(s, u, pi, all);
        prop_assert!((right + wrong - s).abs() <= 1e-9 * s.max(1.0), "whoever is submitted is listed where everybody passes");
        let after = eq::stock_after(stock, s, h, 1.0);
        prop_assert!(after >= 0.0 && after <= stock + s + 1e-9);
    }

    #[test]
    fn found_plots_are_a_part_of_the_plots(plots in 0.0..100.0_f64, t in 0.0..5e3_f64, pool in 1.0..1e4_f64, n in 0.0..1e4_f64, cap in 1.0..1e4_f64, f in 0.0..1.0_f64) {
        let found = eq::detected(plots, t, pool, t + n, cap, f);
        prop_assert!(found >= 0.0 && found <= plots);
        prop_assert!(eq::detected(plots, t, pool, t + n + 100.0, cap, f) <= found);
        prop_assert!((0.0..=1.0).contains(&eq::refusal(f, 0.9, n)));
    }
}
