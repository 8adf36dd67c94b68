//! Tests of unrest: equations against closed forms, the process against `(I - A)^-1 mu`, pairing, knock-outs, signs, bounds, history.

// std's functions check ours; paths are `[variable][month][entity][lane]`, which indices name better than nested iterators
#![allow(clippy::disallowed_methods, clippy::needless_range_loop)]

mod equations;
mod history;
mod process;
mod signs;

use oxus_kernel::{Event, LANES, Op, Patch, PhiloxNoise, Recording, Run, Schedule, Target, World};
use oxus_random::Key;
use oxus_units::Month;

use super::DEFINITION;
use super::ports::KINDS;
use crate::harness::Harness;

/// Two states of two provinces each and a province of no state; p, q, r, s, x in a chain, q and r across the border, p and s kin.
pub(super) fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let state = world.add_axis("state", vec!["A".into(), "B".into()]);
    let province = world.add_axis("province", ["p", "q", "r", "s", "x"].map(str::to_owned).to_vec());
    world.add_map(province, state, vec![Some(0), Some(0), Some(1), Some(1), None]);
    world.add_number(province, "population", vec![1e6, 3e6, 2e6, 2e6, 5e6]);
    let both = |pairs: &[(u32, u32, f64)]| pairs.iter().flat_map(|&(a, b, w)| [(a, b, w), (b, a, w)]).collect::<Vec<_>>();
    world.add_relation("adjacency", province, province, both(&[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 4, 1.0)]));
    world.add_relation("adjacency-international", province, province, both(&[(1, 2, 1.0), (3, 4, 1.0)]));
    world.add_relation("kinship", province, province, both(&[(0, 3, 0.5)]));
    world
}

/// Central values of the pack, by name; rates are those of the test.
const CENTRAL: &[(&str, f64)] = &[
    ("protest_rate", 6.0),
    ("communal_rate", 2.0),
    ("attack_rate", 4.0),
    ("foreign_attack_rate", 1.0),
    ("local_protest_rate", 0.0),
    ("local_communal_rate", 0.0),
    ("local_attack_rate", 0.0),
    ("local_foreign_attack_rate", 0.0),
    ("protests_at_origin", 6.0),
    ("elsewhere_deaths", 0.0),
    ("attack_least", 2.0),
    ("grievance_at_origin", 0.4),
    ("outside_repression", 0.8),
    ("outside_repression_at_origin", 0.8),
    ("presence_floor", 20.0),
    ("decay", 2.0),
    ("spread_neighbours", 0.2),
    ("spread_border", 0.02),
    ("spread_kin", 0.02),
    ("severity_power", 0.3),
    ("participants_median", 350.0),
    ("participants_sigma", 1.4),
    ("attack_exponent", 2.4),
    ("attack_most", 300.0),
    ("communal_exponent", 1.45),
    ("communal_most", 2000.0),
    ("communal_contained", 0.1),
    ("repression_exponent", 1.5),
    ("repression_least", 5.0),
    ("repression_most", 1000.0),
    ("lethal_protest", 0.03),
    ("lethal_communal", 0.3),
    ("lethal_by_repression", 2.0),
    ("lethal_by_size", 0.4),
    ("deterrence_effect", 0.5),
    ("deterrence_months", 4.0),
    ("deterrence_by_repression", 1.0),
    ("grievance_months", 24.0),
    ("grievance_effect", 1.0),
    ("grievance_by_repression", 0.3),
    ("grievance_by_deaths", 0.2),
    ("memory_months", 60.0),
    ("year_sigma", 1.0),
    ("year_persistence", 0.4),
    ("armed_year_sigma", 0.7),
    ("presence_elasticity", 0.7),
    ("control_effect", 0.5),
];

/// Central branching matrix, `[receiver][source]`.
pub(super) const OFFSPRING: [[f64; 4]; 4] =
    [[0.25, 0.06, 0.01, 0.02], [0.015, 0.28, 0.005, 0.01], [0.01, 0.025, 0.25, 0.075], [0.005, 0.015, 0.01, 0.1]];

pub(super) fn harness(months: usize, offspring: [[f64; 4]; 4]) -> Harness {
    harness_in(world(months), offspring)
}

pub(super) fn harness_in(world: World, offspring: [[f64; 4]; 4]) -> Harness {
    let mut h = Harness::new(world, DEFINITION)
        .given("regimes.repression", "state", "index", 0.5)
        .given("insurgency.presence", "province", "persons", 50.0)
        .given("contested_state.control", "state", "share", 0.7);
    for (name, value) in CENTRAL {
        h = h.parameter(&format!("unrest.{name}"), *value);
    }
    for (to, row) in KINDS.iter().zip(offspring) {
        for (from, value) in KINDS.iter().zip(row) {
            h = h.parameter(&format!("unrest.{to}_by_{from}"), value);
        }
    }
    h
}

/// No feedback from events to rates, and no chance of years: the pure exciting process.
pub(super) fn pure(mut h: Harness) -> Harness {
    for name in ["deterrence_effect", "deterrence_by_repression", "grievance_effect", "year_sigma", "year_persistence", "armed_year_sigma"] {
        h = h.parameter(&format!("unrest.{name}"), 0.0);
    }
    h
}

pub(super) fn patch(target: Target, op: Op, entities: &[&str], value: f64, from: usize, months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target,
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, from, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

pub(super) fn add(variable: &str, entities: &[&str], value: f64, from: usize, months: usize) -> Patch {
    patch(Target::Variable(variable.into()), Op::Add, entities, value, from, months)
}

/// Sum of a variable over months, entities and lanes, over several seeds.
pub(super) fn total(build: impl Fn() -> Harness, variable: &str, seeds: u64) -> f64 {
    (0..seeds)
        .map(|seed| {
            let (paths, run) = build().seed(seed).run(&[variable]);
            assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
            paths[0].iter().flatten().flatten().sum::<f64>()
        })
        .sum()
}

/// Runs a block by hand: any keys for the lanes, any events silenced; no feedback.
pub(super) fn by_hand(months: usize, keys: [Key; LANES], silence: Vec<u64>) -> Run {
    let h = pure(harness(months, OFFSPRING));
    let model = h.model();
    let mut block = h.block(&model);
    block.set_keys(keys);
    block.trace([true; LANES]);
    block.silence(silence);
    block.run(&[], &Recording::default(), &PhiloxNoise)
}

/// An event without its place in the arena of links.
pub(super) fn fingerprint(e: &Event) -> (u64, u32, u64, u64) {
    (e.id, e.entity, e.time.to_bits(), e.size.to_bits())
}
