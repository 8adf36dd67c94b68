//! Tests of communities: equations, ratios recovered, closures, licences, signs, pairing.

// std's functions check ours; paths are `[variable][month][entity][lane]`, which indices name better than nested iterators
#![allow(clippy::disallowed_methods, clippy::needless_range_loop)]

mod equations;
mod process;
mod signs;

use oxus_kernel::{Definition, Emit, Event, LANES, Mechanism, Op, Patch, Ports, Schedule, Step, Target, World};
use oxus_random::mix64;
use oxus_units::Month;

use super::DEFINITION;
use crate::harness::Harness;

/// Sites: two of power X and two of somebody else in state A, one of X and one of the state's own in B; odd ones produce.
pub(super) const SITES: [(&str, &str, u32, Option<u32>); 6] =
    [("x0", "X", 0, Some(0)), ("x1", "X", 0, Some(0)), ("c0", "C", 0, None), ("c1", "C", 0, None), ("x2", "X", 1, Some(0)), ("b0", "B", 1, None)];

pub(super) fn world(months: usize) -> World {
    world_of(months, 1)
}

/// The same sites several times over; copies have a number in their name.
pub(super) fn world_of(months: usize, copies: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let sites: Vec<_> = (0..copies).flat_map(|c| SITES.map(|s| (if c == 0 { s.0.to_owned() } else { format!("{}-{c}", s.0) }, s))).collect();
    let state = world.add_axis("state", vec!["A".into(), "B".into()]);
    let power = world.add_axis("power", vec!["X".into(), "Y".into()]);
    let province = world.add_axis("province", vec!["p".into(), "q".into()]);
    let site = world.add_axis("site", sites.iter().map(|s| s.0.clone()).collect());
    let pair = world.add_axis("power_state", ["X.A", "X.B", "Y.A", "Y.B"].map(str::to_owned).to_vec());
    for into in [state, province] {
        world.add_map(site, into, sites.iter().map(|s| Some(s.1.2)).collect());
    }
    world.add_map(site, power, sites.iter().map(|s| s.1.3).collect());
    world.add_map(province, state, vec![Some(0), Some(1)]);
    world.add_map(pair, state, vec![Some(0), Some(1), Some(0), Some(1)]);
    world.add_map(pair, power, vec![Some(0), Some(0), Some(1), Some(1)]);
    world.add_text(site, "kind", vec!["mine".into(); sites.len()]);
    world.add_text(site, "owner", sites.iter().map(|s| s.1.1.to_owned()).collect());
    world.add_number(site, "foreign_staff_share", [0.3, 0.3, 0.1, 0.1, 0.3, 0.0].repeat(copies));
    world.add_profile(site, "producing", (0..sites.len()).map(|i| vec![f64::from(u8::from(i % 2 == 1)); months]).collect());
    world
}

/// Central values of the pack, by name.
const CENTRAL: &[(&str, f64)] = &[
    ("exposure_mine", 1.0),
    ("exposure_oilfield", 0.8),
    ("exposure_gasfield", 0.4),
    ("exposure_refinery", 0.7),
    ("exposure_works", 0.5),
    ("exposure_base", 0.1),
    ("exposure_post", 0.2),
    ("exposure_hub", 0.5),
    ("usual_acceptance", 0.5),
    ("acceptance_by_benefit", 0.3),
    ("acceptance_by_harm", 0.25),
    ("acceptance_by_opacity", 0.15),
    ("acceptance_by_outreach", 0.2),
    ("acceptance_by_tied", 0.15),
    ("acceptance_by_wage_gap", 0.15),
    ("acceptance_by_capture", 0.15),
    ("acceptance_by_incidents", 0.2),
    ("acceptance_months", 12.0),
    ("index_months", 18.0),
    ("memory_months", 18.0),
    ("tied_by_staff", 1.0),
    ("wage_gap_by_staff", 0.3),
    ("wage_gap_by_tied", 0.3),
    ("capture_by_family", 0.6),
    ("incident_by_acceptance", 1.5),
    ("incident_by_producing", 0.35),
    ("incident_by_price", 0.2),
    ("price_hushed", 0.5),
    ("complaint_share", 0.45),
    ("blockade_share", 0.25),
    ("assault_share", 0.17),
    ("stoppage_share", 0.14),
    ("blockade_days", 5.0),
    ("stoppage_days", 8.0),
    ("days_sigma", 0.8),
    ("harmed_mean", 2.0),
    ("attack_hits", 0.45),
    ("licence_loss", 0.02),
    ("revocation_share", 0.4),
    ("review_irregular", 0.6),
    ("review_succession", 0.3),
    ("review_ratio", 5.0),
    ("review_months", 24.0),
    ("suspension_months", 4.0),
    ("revocation_months", 36.0),
    ("recovery_sigma", 0.6),
    ("image_months", 36.0),
    ("image_by_benefit", 0.2),
    ("image_by_harm", 0.2),
    ("image_by_opacity", 0.15),
    ("image_by_outreach", 0.15),
    ("image_by_capture", 0.2),
    ("image_by_incidents", 0.15),
    ("local_benefit_at_origin", 0.5),
    ("environment_harm_at_origin", 0.5),
    ("opacity_at_origin", 0.5),
    ("outreach_at_origin", 0.5),
    ("wage_gap_at_origin", 0.4),
    ("elite_capture_at_origin", 0.5),
    ("incident_rate", 0.3),
    ("owner_ratio", 1.0),
    ("image_at_origin", 0.5),
];

pub(super) fn harness(months: usize) -> Harness {
    harness_in(world(months))
}

pub(super) fn harness_in(world: World) -> Harness {
    let h =
        Harness::new(world, DEFINITION).given("regimes.family_capture", "state", "index", 0.4).given("drivers.oil_price", "world", "USD/bbl", 100.0);
    CENTRAL.iter().fold(h, |h, (name, value)| h.parameter(&format!("communities.{name}"), *value))
}

pub(super) fn patch(target: Target, op: Op, entities: &[&str], value: f64, from: usize, to: usize, months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target,
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, from, to, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

pub(super) fn add(variable: &str, entities: &[&str], value: f64, months: usize) -> Patch {
    patch(Target::Variable(variable.into()), Op::Add, entities, value, 1, months - 1, months)
}

/// Sum of a variable over months and lanes for each entity, over several seeds.
pub(super) fn totals(build: impl Fn() -> Harness, variable: &str, seeds: u64) -> Vec<f64> {
    let mut sums = Vec::new();
    for seed in 0..seeds {
        let (paths, run) = build().seed(seed).run(&[variable]);
        assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
        sums.resize(paths[0][0].len(), 0.0);
        for month in &paths[0] {
            for (sum, cell) in sums.iter_mut().zip(month) {
                *sum += cell.iter().sum::<f64>();
            }
        }
    }
    sums
}

/// Emits what communities hear: in month 6 an irregular exit in state A, in month 12 a succession there, every other month an attack in p.
struct Surroundings {
    exit: Emit,
    succession: Emit,
    attack: Emit,
}

impl Mechanism for Surroundings {
    type Memory = ();

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            exit: ports.emit("regimes.irregular_exit", "state"),
            succession: ports.emit("regimes.succession", "state"),
            attack: ports.emit("unrest.foreign_attack", "province"),
        }
    }

    fn start(&self, _: &mut Step<'_>, (): &mut ()) {}

    fn step(&self, step: &mut Step<'_>, (): &mut ()) {
        let month = step.month();
        let due = [(self.exit, month == 6, 1), (self.succession, month == 12, 2), (self.attack, month.is_multiple_of(2), 3)];
        for lane in 0..LANES {
            for (emit, _, salt) in due.iter().filter(|d| d.1) {
                if step.muted(emit, 0) {
                    continue;
                }
                let event = Event {
                    kind: emit.kind(),
                    entity: 0,
                    id: mix64(*salt, month as u64),
                    parent: None,
                    time: month as f64 + 0.5,
                    size: 1.0,
                    margin: f64::INFINITY,
                    but_for: Default::default(),
                };
                step.emit(lane, event);
            }
        }
    }
}

pub(super) const SURROUNDINGS: Definition = Definition::of::<Surroundings>("surroundings", "events of other mechanisms");

/// Keeps only these kinds of the surroundings' events.
pub(super) fn surrounded(months: usize, kinds: &[&str]) -> Harness {
    let off = ["regimes.irregular_exit", "regimes.succession", "unrest.foreign_attack"].into_iter().filter(|k| !kinds.contains(k));
    let h = harness(months).with(SURROUNDINGS);
    off.fold(h, |h, kind| h.patch(patch(Target::Event(kind.into()), Op::Off, &[], 1.0, 0, months - 1, months)))
}
