//! Tests of insurgency: conservation, the linear equilibrium, signs, bounds, events.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_units::Month;
use proptest::prelude::*;

use super::{DEFINITION, equations as eq};
use crate::harness::Harness;

/// Two republics (two provinces each; B1 touches the sanctuary C) and a power's province; one movement of A and B, one group of the power.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let names = |n: &[&str]| n.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let state = world.add_axis("state", names(&["A", "B", "C"]));
    let power = world.add_axis("power", names(&["P"]));
    let province = world.add_axis("province", names(&["a1", "a2", "b1", "b2", "c1", "p1"]));
    let group = world.add_axis("group", names(&["m-A", "m-B", "x-P", "local-A"]));
    world.add_map(province, state, vec![Some(0), Some(0), Some(1), Some(1), Some(2), None]);
    world.add_map(province, power, vec![None, None, None, None, None, Some(0)]);
    world.add_map(group, state, vec![Some(0), Some(1), None, Some(0)]);
    world.add_number(province, "population", vec![1e6, 3e6, 2e6, 2e6, 5e6, 2e7]);
    world.add_text(group, "group", names(&["m", "m", "x", "local"]));
    world.add_text(group, "home", names(&["A", "B", "P", "A"]));
    world.add_text(group, "sanctuary", names(&["C", "elsewhere", "elsewhere", "A"]));
    world.add_relation("adjacency-international", province, province, vec![(0, 4, 1.0), (4, 0, 1.0)]);
    world
}

const CENTRAL: &[(&str, f64)] = &[
    ("size", 400.0),
    ("home_share", 0.1),
    ("recruitment", 0.2),
    ("abroad_share", 0.8),
    ("attrition_abroad", 0.17),
    ("attrition_home", 0.15),
    ("return_rate", 0.3),
    ("exit_push", 1.2),
    ("rebel_pull", 0.4),
    ("permeability_base", 0.5),
    ("detection_base", 0.3),
    ("enforcement", 0.6),
    ("convictions_per_arrest", 2.0),
    ("incursion_rate", 0.6),
    ("permeability_months", 12.0),
    ("permeability_effect", 2.5),
    ("abroad_elasticity", 0.8),
    ("abroad_floor", 20.0),
    ("fellow_weight", 0.2),
    ("launch_elasticity", 0.3),
    ("incursion_exponent", 2.2),
    ("incursion_least", 1.0),
    ("incursion_most", 300.0),
    ("border_weight", 2.0),
    ("outside_permeability", 0.2),
    ("outside_detection", 0.7),
    ("outside_enforcement", 1.0),
    ("foothold", 1.0),
];

/// Surroundings at rest: the forces of the origin, a third of C in rebel hands.
fn bench(months: usize) -> Harness {
    let mut h = Harness::new(world(months), DEFINITION)
        .given("drivers.foreign_forces", "state", "1", 1.0)
        .given("contested_state.control", "state", "1", 0.7)
        .given("contested_state.rebel_strength", "state", "1", 0.5);
    for (name, value) in CENTRAL {
        h = h.parameter(&format!("insurgency.{name}"), *value);
    }
    h
}

fn patch(target: &str, op: Op, entities: &[&str], value: f64, months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target: Target::Variable(target.into()),
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, 1, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Sum over months, entities and lanes.
fn total(h: &Harness, variable: &str) -> f64 {
    let (paths, run) = h.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0].iter().flatten().flatten().sum()
}

/// Checks that raising `cause` moves the sum of `effect` up (`sign` 1) or down (-1).
fn moves(cause: Patch, effect: &str, sign: f64) {
    let months = 60;
    let (base, moved) = (total(&bench(months), effect), total(&bench(months).patch(cause), effect));
    assert!((moved - base) * sign > 0.0, "{effect}: {base} to {moved}, expected sign {sign}");
}

#[test]
fn the_monthly_step_settles_at_the_linear_equilibrium() {
    let months = 1200;
    let (paths, _) = bench(months).parameter("insurgency.incursion_rate", 0.0).run(&["insurgency.abroad", "insurgency.home"]);
    let returning = eq::return_hazard(0.3, 0.5, 0.0);
    let (abroad, home) = eq::equilibrium(0.2 * 400.0 / 12.0, 0.8, returning, 0.17, 0.15 + 0.6 * 0.3, 0.3);
    // hazards of 0.3 a year leave exp(-30) of the start after a century; the rest is rounding of 1200 sums
    assert!((paths[0][months - 1][0][0] / abroad - 1.0).abs() < 1e-9, "{} {abroad}", paths[0][months - 1][0][0]);
    assert!((paths[1][months - 1][0][0] / home - 1.0).abs() < 1e-9, "{} {home}", paths[1][months - 1][0][0]);
}

#[test]
fn persons_are_conserved_without_recruits_and_losses() {
    let h = bench(120)
        .parameter("insurgency.recruitment", 0.0)
        .parameter("insurgency.attrition_abroad", 0.0)
        .parameter("insurgency.attrition_home", 0.0)
        .parameter("insurgency.enforcement", 0.0)
        .parameter("insurgency.detection_base", 0.0);
    let (paths, _) = h.run(&["insurgency.abroad", "insurgency.home", "insurgency.returns"]);
    let first = 360.0;
    let mut arrived = 0.0;
    for month in 0..120 {
        let (abroad, home) = (paths[0][month][0][0], paths[1][month][0][0]);
        arrived += paths[2][month][0][0];
        // detection is at least 1e-9 of those who cross, so up to 4e-7 persons are caught; the rest is rounding
        assert!((abroad + home - 400.0).abs() < 1e-6, "{month}: {abroad} {home}");
        assert!((first - abroad - arrived).abs() < 1e-6);
    }
    assert!(arrived > 100.0, "the test would hold if nobody moved: {arrived}");
}

#[test]
fn presence_adds_up_to_those_at_home_and_follows_border_and_foothold() {
    let (paths, _) = bench(24).parameter_of("insurgency.foothold", "b2", 3.0).run(&["insurgency.presence", "insurgency.home", "insurgency.active"]);
    let (presence, home, active) = (&paths[0][23], &paths[1][23], &paths[2][23]);
    let sum = |x: &[[f64; LANES]]| x.iter().map(|v| v[0]).sum::<f64>();
    // sums of a few shares: rounding only
    assert!((sum(presence) / sum(home) - 1.0).abs() < 1e-12);
    assert!((active[0][0] - home[0][0] - home[3][0]).abs() < 1e-9);
    assert!((presence[5][0] / home[2][0] - 1.0).abs() < 1e-12, "a group of a power is in the power's province");
    assert!((presence[3][0] / presence[2][0] - 3.0).abs() < 1e-12, "foothold");
    // a1 has a million people and touches C: m-A counts it twice, local-A once
    let expected = home[0][0] * 2.0 / 5.0 + home[3][0] * 1.0 / 4.0;
    assert!((presence[0][0] / expected - 1.0).abs() < 1e-12);
}

#[test]
fn the_exit_of_foreign_forces_sends_home_or_holds_by_the_sign_of_its_parameter() {
    let months = 60;
    let gone = |push: f64| {
        let h = bench(months).parameter("insurgency.exit_push", push);
        let (base, _) = h.run(&["insurgency.returns"]);
        let (left, _) = h.patch(patch("drivers.foreign_forces", Op::Set, &[], 0.0, months)).run(&["insurgency.returns"]);
        let sum = |p: &[Vec<Vec<[f64; LANES]>>], g: usize| p[0].iter().map(|m| m[g][0]).sum::<f64>();
        (0..4).map(|g| sum(&left, g) - sum(&base, g)).collect::<Vec<_>>()
    };
    let (push, hold) = (gone(1.0), gone(-1.0));
    assert!(push[..3].iter().all(|d| *d > 0.0), "{push:?}");
    assert!(hold[..3].iter().all(|d| *d < 0.0), "{hold:?}");
    assert!(push[3] == 0.0 && hold[3] == 0.0, "a local group has no theatre abroad");
}

#[test]
fn direct_effects_have_their_signs() {
    let m = 60;
    let add = |target: &str, value: f64| patch(target, Op::Add, &[], value, m);
    moves(add("insurgency.return.log_rate", 0.5), "insurgency.home", 1.0);
    moves(add("insurgency.return.log_rate", 0.5), "insurgency.returns", 1.0);
    moves(add("insurgency.recruitment.log_rate", 0.5), "insurgency.abroad", 1.0);
    moves(add("insurgency.attrition.log_rate", 0.5), "insurgency.abroad", -1.0);
    moves(add("insurgency.attrition.log_rate", 0.5), "insurgency.active", -1.0);
    moves(add("insurgency.permeability.target", 0.2), "insurgency.returns", 1.0);
    moves(add("insurgency.permeability.target", 0.2), "insurgency.incursions", 1.0);
    moves(add("insurgency.detection.logit", 0.5), "insurgency.active", -1.0);
    moves(add("insurgency.detection.logit", 0.5), "insurgency.convictions", 1.0);
    moves(add("insurgency.enforcement.log", 0.5), "insurgency.convictions", 1.0);
    moves(add("insurgency.enforcement.log", 0.5), "insurgency.presence", -1.0);
    moves(add("insurgency.incursion.log_rate", 0.5), "insurgency.incursion_deaths", 1.0);
    moves(add("insurgency.abroad", 300.0), "insurgency.incursions", 1.0);
    moves(patch("contested_state.control", Op::Set, &["C"], 0.1, m), "insurgency.incursions", 1.0);
    moves(patch("contested_state.rebel_strength", Op::Scale, &["C"], 2.0, m), "insurgency.recruits", 1.0);
}

#[test]
fn incursions_come_at_their_rate_and_their_dead_are_the_events_sizes() {
    let months = 600;
    let rate = 0.6;
    // at rest: no elasticity, so that the rate is that of the parameter
    let build = || bench(months).parameter("insurgency.abroad_elasticity", 0.0);
    let (mut events, mut dead, mut sizes) = (0.0, 0.0, 0.0);
    for seed in 0..4 {
        let (paths, run) = build().seed(seed).run(&["insurgency.incursions", "insurgency.incursion_deaths"]);
        events += paths[0].iter().flatten().flatten().sum::<f64>();
        dead += paths[1].iter().flatten().flatten().sum::<f64>();
        sizes += run.events.iter().flatten().map(|e| e.size).sum::<f64>();
    }
    let expected = rate * 50.0 * 3.0 * LANES as f64 * 4.0;
    // four standard errors of a Poisson count
    assert!((events - expected).abs() < 4.0 * expected.sqrt(), "{events} against {expected}");
    assert_eq!(dead, sizes);
    assert!(dead >= events, "each has at least one dead");
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let run = || bench(120).seed(7).run(&["insurgency.abroad", "insurgency.incursion_deaths"]).0;
    let bits = |p: Vec<Vec<Vec<[f64; LANES]>>>| p.into_iter().flatten().flatten().flatten().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(run()), bits(run()));
}

proptest! {
    #[test]
    fn leaving_takes_no_more_than_there_is(stock in 0.0..1e6_f64, first in 0.0..1e4_f64, second in 0.0..1e4_f64) {
        let (a, b) = eq::leave(stock, first, second);
        prop_assert!(a >= 0.0 && b >= 0.0);
        // shares of one total: rounding of a sum
        prop_assert!(a + b <= stock * (1.0 + 1e-15));
    }

    #[test]
    fn an_index_stays_within_its_ends(x in 0.0..=1.0_f64, target in -3.0..3.0_f64, months in 0.1..100.0_f64) {
        let y = eq::relax(x, target, months);
        prop_assert!((0.0..=1.0).contains(&y));
    }

    #[test]
    fn more_fighters_and_open_borders_never_lower_the_rate(a in 0.01..100.0_f64, b in 0.01..100.0_f64, o in -1.0..1.0_f64, q in -1.0..1.0_f64) {
        let at = |reach: f64, opened: f64| eq::ln_incursion_rate(0.2, reach, 0.8, opened, 2.5, 0.0);
        prop_assert!(at(a.max(b), o.max(q)) >= at(a.min(b), o.min(q)));
    }
}
