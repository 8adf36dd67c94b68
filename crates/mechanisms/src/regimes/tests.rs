//! Reference fit, signs, succession, neighbours, borders, determinism; the bench they share.

mod borders;
mod exits;
mod reference;
mod signs;

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_units::Month;

use super::DEFINITION;
use crate::harness::Harness;

/// Values of the test region: round, chance and slow drifts off unless a test turns them on.
const CENTRE: [(&str, f64); 64] = [
    ("constant", -6.0),
    ("inverted_u_effect", 0.9),
    ("faction_effect", 0.7),
    ("income_effect", -0.3),
    ("conflict_effect", 0.7),
    ("unrest_effect", 0.3),
    ("growth_effect", -0.5),
    ("rents_effect", -1.0),
    ("patronage_effect", -0.5),
    ("capture_effect", 0.5),
    ("distress_effect", 0.5),
    ("shock_effect", 1.1),
    ("shock_probability", 0.3),
    ("shock_months", 6.0),
    ("conflict_deaths", 25.0),
    ("death_log_rate_60", -4.8),
    ("death_slope", 0.1),
    ("successor_age", 55.0),
    ("successor_age_sd", 10.0),
    ("violent_probability", 0.03),
    ("contested_after_vote", 0.1),
    ("contested_after_death", 0.3),
    ("contested_after_overthrow", 0.6),
    ("managed_months", 2.0),
    ("contested_months", 6.0),
    ("violent_months", 9.0),
    ("duration_sigma", 0.6),
    ("corruption_months", 60.0),
    ("criminalisation_months", 60.0),
    ("service_months", 12.0),
    ("repression_months", 6.0),
    ("patronage_months", 24.0),
    ("capture_months", 36.0),
    ("dispute_months", 12.0),
    ("service_energy", 0.3),
    ("service_spending", 0.15),
    ("repression_unrest", 0.05),
    ("patronage_rents", 0.3),
    ("capture_growth", 0.005),
    ("capture_new", 0.25),
    ("dispute_service", 0.5),
    ("closure_rate", 0.25),
    ("closure_dispute", 3.0),
    ("closure_crisis", 0.5),
    ("closure_months", 1.5),
    ("closure_sigma", 0.9),
    ("polity", -3.0),
    ("faction", 0.0),
    ("protests", 0.2),
    ("population_growth", 0.0),
    ("years_since_conflict", 99.0),
    ("tenure", 10.0),
    ("age", 60.0),
    ("vote_year", 0.0),
    ("vote_month", 4.0),
    ("vote_interval", 5.0),
    ("turnover", 0.1),
    ("turnover_later", 0.1),
    ("base_rents", 0.0),
    ("base_rents_until", 2014.5),
    ("corruption", 0.8),
    ("criminalisation", 0.5),
    ("service_quality", 0.4),
    ("dispute", 0.4),
];
const INDICES: [(&str, f64); 3] = [("repression", 0.5), ("patronage", 0.8), ("family_capture", 0.5)];

/// Three states in a row: A touches B, B touches C.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let state = world.add_axis("state", vec!["A".into(), "B".into(), "C".into()]);
    let border = world.add_axis("border", vec!["A-B".into(), "B-C".into()]);
    world.add_relation("borders", state, state, vec![(0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (2, 1, 1.0)]);
    world.add_relation("border-state", border, state, vec![(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0), (1, 2, 1.0)]);
    world.add_number(state, "gdp", vec![10_000.0; 3]);
    world.add_number(state, "population", vec![5e6; 3]);
    world
}

fn bench(months: usize) -> Harness {
    let harness = Harness::new(world(months), DEFINITION)
        .given("unrest.level", "state", "index", 0.5)
        .given("unrest.deaths", "state", "deaths/month", 0.0)
        .given("finance.growth", "state", "1/yr", 0.05)
        .given("finance.output", "state", "index", 1.0)
        .given("finance.distress", "state", "1", 0.1)
        .given("finance.public_spending", "state", "index", 1.0)
        .given("energy.rents", "state", "1", 0.1)
        .given("energy.service", "state", "1", 0.9)
        .given("contested_state.collapse", "state", "1", 0.0);
    CENTRE.iter().chain(&INDICES).fold(harness, |h, (name, value)| h.parameter(&format!("regimes.{name}"), *value))
}

/// The same without overthrows and deaths of their own accord.
fn calm(months: usize) -> Harness {
    bench(months).parameter("regimes.constant", -60.0).parameter("regimes.death_log_rate_60", -60.0)
}

fn change(target: Target, entities: &[&str], op: Op, value: f64, from: usize, to: usize, months: usize) -> Patch {
    Patch {
        origin: format!("test {target:?} {entities:?} {from}"),
        target,
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, from, to, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Holds a variable of another mechanism at another value from the second month on.
fn later(variable: &str, value: f64, months: usize) -> Patch {
    change(Target::Variable(variable.into()), &["A"], Op::Set, value, 1, months - 1, months)
}

/// Shifts a modifier from the start.
fn shift(variable: &str, entities: &[&str], by: f64, months: usize) -> Patch {
    change(Target::Variable(variable.into()), entities, Op::Add, by, 0, months - 1, months)
}

/// Imposes one event in state A.
fn impose(kind: &str, month: usize, months: usize) -> Patch {
    change(Target::Event(kind.into()), &["A"], Op::Add, 1.0, month, month, months)
}

fn no_failure(run: &oxus_kernel::Run) {
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
}

/// Mean over lanes of one variable of one entity in the last month.
fn last(harness: &Harness, variable: &str, entity: usize) -> f64 {
    let (paths, run) = harness.run(&[variable]);
    no_failure(&run);
    paths[0].last().expect("months")[entity].iter().sum::<f64>() / LANES as f64
}
