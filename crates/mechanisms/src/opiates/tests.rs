//! Mass balance, shares of the logit, the reservoir's closed form, signs, the threshold, determinism.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_math::exp;
use oxus_units::Month;
use proptest::prelude::*;

use super::DEFINITION;
use super::equations as eq;
use crate::harness::Harness;

/// A source `A`, a neighbour `B`, a far state `C`; powers `P` (with the watched province `X`) and `Q`. Ways: out, to X, to Q.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let ids = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let state = world.add_axis("state", ids(&["A", "B", "C"]));
    let power = world.add_axis("power", ids(&["P", "Q"]));
    let province = world.add_axis("province", ids(&["X", "Y"]));
    let route = world.add_axis("route", ids(&["out", "to-x", "to-q"]));
    world.add_map(province, power, vec![Some(0), None]);
    world.add_map(province, state, vec![None, Some(1)]);
    world.add_map(route, power, vec![None, Some(0), Some(1)]);
    world.add_map(route, province, vec![None, Some(0), None]);
    let steps = vec![(0, 0, 1.0), (1, 0, 1.0), (1, 1, 2.0), (2, 0, 1.0), (2, 1, 2.0), (2, 2, 3.0)];
    world.add_relation("route-order", route, state, steps);
    world
}

const CENTRE: [(&str, f64); 29] = [
    ("inventory", 2.0),
    ("usual_harvest", 0.0),
    ("seizure_start", 0.05),
    ("local_share", 0.08),
    ("margin", 5.0),
    ("capture_start", 0.5),
    ("officers", 1000.0),
    ("trained", 0.0),
    ("share", 0.3),
    ("effort_rate", 0.0),
    ("heroin_per_opium", 0.075),
    ("elasticity", 3.0),
    ("route_months", 12.0),
    ("price_response", 0.4),
    ("capture_months", 24.0),
    ("capture_revenue", 0.2),
    ("capture_seizure", 2.0),
    ("training_effect", 0.5),
    ("training_years", 4.0),
    ("addiction_months", 36.0),
    ("addiction_elasticity", 0.6),
    ("crime_months", 24.0),
    ("link_start", 0.05),
    ("link_months", 12.0),
    ("flood", 2.0),
    ("link_threshold", 0.4),
    ("steepness", 6.0),
    ("effort_months", 36.0),
    ("effort_effect", 1.0),
];
/// The usual harvest, and what sets out from it.
const HARVEST: f64 = 5000.0;
const EXPORTS: f64 = 0.075 * HARVEST;

fn bench(months: usize, harvest: f64) -> Harness {
    let harness = Harness::new(world(months), DEFINITION).given("drivers.opium_potential", "state", "t/yr", harvest);
    let harness = CENTRE.iter().fold(harness, |h, (name, value)| h.parameter(&format!("opiates.{name}"), *value));
    let harness = harness.parameter("opiates.reach_months", 12.0);
    let harness = harness.parameter_of("opiates.usual_harvest", "A", HARVEST).parameter_of("opiates.local_share", "A", 0.0);
    harness.parameter_of("opiates.share", "out", 0.4).parameter_of("opiates.effort_rate", "P", 0.5)
}

fn patch(variable: &str, entity: &str, value: f64, months: usize) -> Patch {
    Patch {
        origin: format!("test of {variable}"),
        target: Target::Variable(variable.into()),
        entities: vec![entity.into()],
        op: Op::Set,
        schedule: Schedule::path(&[(0, value)], 0, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// The harvest of the bench goes to every state; only the source may have one.
fn still(months: usize) -> Harness {
    let zero = |state| patch("drivers.opium_potential", state, 0.0, months);
    bench(months, HARVEST).patch(zero("B")).patch(zero("C"))
}

fn last(harness: &Harness, variable: &str, entity: usize) -> f64 {
    let (paths, run) = harness.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0].last().expect("months")[entity][0]
}

#[test]
fn nothing_is_lost_on_the_way() {
    let months = 132;
    let shifted = still(months)
        .patch(patch("opiates.interdiction.logit", "B", 1.0, months))
        .patch(patch("opiates.route_cost.log", "to-q", 0.3, months))
        .patch(patch("drivers.opium_potential", "A", 1.7 * HARVEST, months));
    let names = ["opiates.exports", "opiates.seized", "opiates.consumed", "opiates.arrivals", "opiates.elsewhere", "opiates.stock", "opiates.flow"];
    let (paths, _) = shifted.run(&names);
    let total = |v: usize, t: usize, lane: usize| paths[v][t].iter().map(|e| e[lane]).sum::<f64>();
    for t in 0..months {
        for lane in 0..LANES {
            let (out, found) = (total(0, t, lane), (1..5).map(|v| total(v, t, lane)).sum::<f64>());
            // a dozen additions of numbers of the size of the exports
            assert!((out - found).abs() < 1e-13 * out, "month {t}: {out} sets out, {found} is found");
            assert!((total(6, t, lane) - out).abs() < 1e-13 * out);
            if t > 0 {
                // heroin over heroin per tonne of opium is what left the stores
                let (before, after) = (total(5, t - 1, lane), total(5, t, lane));
                let balance = before + (1.7 * HARVEST - out / 0.075) / 12.0;
                assert!((after - balance).abs() < 1e-12 * after, "stores: {after} against {balance}");
            }
        }
    }
}

#[test]
fn stores_follow_the_closed_form_and_rest_at_the_origin() {
    let months = 60;
    let harness = still(months).patch(patch("drivers.opium_potential", "A", 2.0 * HARVEST, months));
    let (paths, _) = harness.run(&["opiates.stock"]);
    for (t, cells) in paths[0].iter().enumerate() {
        let expected = eq::stock_after(2.0 * HARVEST, 2.0 * HARVEST, 2.0, t as u32 + 1);
        // 60 roundings of one unit in the last place
        assert!((cells[0][0] - expected).abs() < 1e-12 * expected, "month {t}");
    }
    for (variable, entity, value) in [("opiates.exports", 0, EXPORTS), ("opiates.addiction", 0, 1.0), ("opiates.crime", 0, 1.0)] {
        assert!((last(&still(months), variable, entity) - value).abs() < 1e-10 * value, "{variable} rests");
    }
    assert_eq!(last(&still(months), "opiates.addiction", 1), 0.0, "no way ends in Y");
}

#[test]
fn shares_are_those_of_the_logit() {
    let months = 24;
    // without habit, capture and effort the only costs are the shift and the losses in B, equal for both ways through B
    let harness =
        still(months).parameter("opiates.route_months", 1.0).parameter("opiates.capture_seizure", 0.0).parameter("opiates.effort_rate", 0.0);
    let harness = harness.patch(patch("opiates.route_cost.log", "to-x", 0.2, months)).patch(patch("opiates.interdiction.logit", "C", 1.0, months));
    let (paths, _) = harness.run(&["opiates.share", "opiates.seizure_share"]);
    let (share, seized) = (&paths[0][months - 1], &paths[1][months - 1]);
    let risk = -(1.0 - seized[2][0]).ln() + (1.0 - 0.05_f64).ln();
    let weights = [0.4, 0.3 * (-3.0 * 0.2_f64).exp(), 0.3 * (-3.0 * risk).exp()];
    let total: f64 = weights.iter().sum();
    for (cells, weight) in share.iter().zip(weights) {
        // an exponential and a logarithm, each within 2.1 units in the last place
        assert!((cells[0] - weight / total).abs() < 1e-14, "{} against {}", cells[0], weight / total);
    }
    // independence of irrelevant alternatives: the ratio of two ways does not feel the third
    assert!((share[2][0] / share[0][0] - weights[2] / weights[0]).abs() < 1e-13);
}

#[test]
fn each_input_moves_what_is_coded() {
    let months = 60;
    // entities: states A 0, B 1, C 2; province X 0
    let cases: [(&str, &str, f64, &str, usize, bool); 12] = [
        ("drivers.opium_potential", "A", 2.0 * HARVEST, "opiates.province_arrivals", 0, true),
        ("drivers.opium_potential", "A", 2.0 * HARVEST, "opiates.addiction", 0, true),
        ("drivers.opium_potential", "A", 2.0 * HARVEST, "opiates.revenue", 1, true),
        ("drivers.opium_potential", "A", 2.0 * HARVEST, "opiates.capture", 1, true),
        ("opiates.province_arrivals", "X", 300.0, "opiates.addiction", 0, true),
        ("opiates.province_arrivals", "X", 300.0, "opiates.crime", 0, true),
        ("opiates.interdiction.logit", "B", 1.0, "opiates.seized", 1, true),
        ("opiates.interdiction.logit", "B", 1.0, "opiates.province_arrivals", 0, false),
        ("opiates.capture.target", "B", 0.3, "opiates.seizure_share", 1, false),
        ("opiates.route_cost.log", "to-x", 0.3, "opiates.crime", 0, false),
        ("opiates.separatist_link.target", "X", 0.3, "opiates.separatist_link", 0, true),
        ("opiates.separatist_link", "X", 0.3, "opiates.effort_chance", 0, true),
    ];
    for (variable, entity, value, watch, at, raises) in cases {
        let change = last(&still(months).patch(patch(variable, entity, value, months)), watch, at) - last(&still(months), watch, at);
        assert!(change * if raises { 1.0 } else { -1.0 } > 1e-3, "{variable} on {watch}: {change}");
    }
    let trained = still(months).parameter_of("opiates.trained", "B", 500.0);
    assert!(last(&trained, "opiates.seizure_share", 1) > last(&still(months), "opiates.seizure_share", 1) + 1e-3);
    let cheaper = |p| {
        last(
            &still(months).patch(patch("drivers.opium_potential", "A", 2.0 * HARVEST, months)).parameter("opiates.price_response", p),
            "opiates.revenue",
            1,
        )
    };
    assert!(cheaper(0.8) < cheaper(0.2), "prices fall as more passes");
}

#[test]
fn a_larger_effort_takes_a_flood_or_ties_to_separatists() {
    let months = 120;
    let share = |make: &dyn Fn() -> Harness| {
        let begun = |seed| {
            let (paths, _) = make().seed(seed).run(&["opiates.effort"]);
            (0..LANES).filter(|&lane| paths[0].iter().any(|m| m[0][lane] > 0.5)).count()
        };
        (0..12).map(begun).sum::<usize>() as f64 / (12 * LANES) as f64
    };
    let calm = share(&|| still(months));
    let flood = share(&|| still(months).patch(patch("drivers.opium_potential", "A", 3.0 * HARVEST, months)));
    let ties = share(&|| still(months).patch(patch("opiates.separatist_link.target", "X", 0.6, months)));
    // 96 runs of ten years: a rate of 0.5 a year at and above the threshold leaves few without, Hill (1/8)^6 far below it next to none
    assert!(calm < 0.03 && flood > 0.85 && ties > 0.85, "{calm}, {flood}, {ties}");
    let hindered = share(&|| {
        still(months).patch(patch("opiates.separatist_link.target", "X", 0.6, months)).patch(patch("opiates.effort.logit", "P", -4.0, months))
    });
    assert!(hindered < ties - 0.3, "{hindered}");
    // the effort is what raises seizures: without an effect it changes nothing
    let flooded =
        |effect| still(months).parameter("opiates.effort_effect", effect).patch(patch("opiates.effort", "P", 1.0, months)).run(&["opiates.seized"]).0;
    let (with, without) = (flooded(1.0), flooded(0.0));
    assert!(with[0][months - 1][1][0] > without[0][months - 1][1][0] * 1.3);
}

#[test]
fn an_effort_ends_when_the_alarm_is_over() {
    let months = 120;
    let brief = Patch { schedule: Schedule::path(&[(0, 1.0)], 0, 0, months), ..patch("opiates.effort", "P", 1.0, months) };
    let (paths, _) =
        still(months).patch(brief).parameter("opiates.effort_months", 3.0).parameter("opiates.effort_rate", 0.0).run(&["opiates.effort"]);
    assert!(paths[0][0][0].iter().all(|x| *x == 1.0) && paths[0][months - 1][0].iter().all(|x| *x == 0.0));
}

#[test]
fn two_runs_are_the_same_bits() {
    let make = || still(60).patch(patch("opiates.separatist_link.target", "X", 0.5, 60));
    let names = ["opiates.effort", "opiates.share", "opiates.revenue", "opiates.addiction"];
    assert_eq!(make().run(&names).0, make().run(&names).0);
}

proptest! {
    #[test]
    fn a_flow_is_split_whole(flow in 0.0..1e3_f64, seized in 0.0..0.999_f64, used in 0.0..1.0_f64) {
        let (taken, consumed, on) = eq::through(flow, seized, used);
        prop_assert!(taken >= 0.0 && consumed >= 0.0 && on >= -1e-12 * flow);
        prop_assert!((taken + consumed + on - flow).abs() <= 4.0 * f64::EPSILON * flow);
    }

    #[test]
    fn the_threshold_is_monotone_and_one_half_at_one(x in 0.0..5.0_f64, d in 0.001..1.0_f64, n in 0.5..20.0_f64) {
        prop_assert!(eq::hill(x + d, n) >= eq::hill(x, n));
        prop_assert!((0.0..=1.0).contains(&eq::hill(x, n)) && (eq::hill(1.0, n) - 0.5).abs() < 1e-15);
        prop_assert!(eq::onset(x, 0.5, d) > eq::onset(x, 0.5, 0.0) || x == 0.0);
        prop_assert!((eq::onset(x, 1.0, 0.0) - (1.0 - exp(-x / 12.0))).abs() < 1e-14);
        prop_assert!(eq::alarm(x, 2.0, 0.0, 0.4) <= eq::alarm(x + d, 2.0, 0.0, 0.4));
        prop_assert!(eq::alarm(0.0, 2.0, x, 0.4) < eq::alarm(0.0, 2.0, x + d, 0.4));
    }

    #[test]
    fn costs_drive_ways_away(share in 0.01..1.0_f64, e in 0.1..6.0_f64, c in -1.0..1.0_f64, d in 0.01..1.0_f64, q in 0.0..0.9_f64) {
        prop_assert!(eq::weight(share, e, c + d) < eq::weight(share, e, c));
        prop_assert!(eq::risk(q + 0.05) > eq::risk(q));
        prop_assert!((exp(-eq::risk(q)) - (1.0 - q)).abs() < 1e-14);
    }
}
