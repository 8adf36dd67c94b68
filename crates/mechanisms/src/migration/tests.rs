//! The linear stock's closed form, rest at the origin, signs, bounds, determinism.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_math::ln;
use oxus_units::{Month, Unit};
use proptest::prelude::*;

use super::DEFINITION;
use super::equations as eq;
use crate::harness::Harness;

/// States `A` and `B`; the sender `P` owns a mine in `A` (200 foreign staff) and a works (not counted), `Q` owns a mine in `B`.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let ids = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let state = world.add_axis("state", ids(&["A", "B"]));
    let power = world.add_axis("power", ids(&["P", "Q"]));
    let site = world.add_axis("site", ids(&["mine", "works", "other"]));
    world.add_map(site, state, vec![Some(0), Some(0), Some(1)]);
    world.add_map(site, power, vec![Some(0), Some(0), Some(1)]);
    world.add_text(site, "kind", ids(&["mine", "works", "mine"]));
    world.add_number(site, "employees", vec![500.0, 1000.0, 800.0]);
    world.add_number(site, "foreign_staff_share", vec![0.4, 0.5, 0.5]);
    world.add_profile(site, "valid", vec![vec![1.0; months]; 3]);
    world
}

const CENTRE: [(&str, f64); 24] = [
    ("sender", 0.0),
    ("workers_start", 10_000.0),
    ("jobs", 8.0),
    ("stay_months", 20.0),
    ("blur", 1.3),
    ("quality_start", 0.2),
    ("quality_months", 24.0),
    ("anxiety_start", 0.5),
    ("anxiety_sensitivity", 0.15),
    ("anxiety_months", 12.0),
    ("mobilisation_start", 0.2),
    ("mobilisation_slope", 5.0),
    ("mobilisation_months", 6.0),
    ("discrimination_start", 0.4),
    ("discrimination_slope", 0.6),
    ("discrimination_months", 12.0),
    ("prosecution_rate", 3.0),
    ("extortion_share", 0.1),
    ("abroad_start", 500_000.0),
    ("return_rate", 0.6),
    ("entry_elasticity", 1.0),
    ("rouble_elasticity", 0.5),
    ("income_elasticity", 0.5),
    ("departure_part", 0.5),
];
const LOANS: f64 = 10.0;

fn bench(months: usize) -> Harness {
    let harness = Harness::new(world(months), DEFINITION)
        .given("finance.loans_disbursed", "state", "million USD@2012/month", LOANS)
        .given("finance.host_income", "state", "1", 0.0)
        .given("drivers.migrant_entry", "world", "1", 1.0)
        .given("drivers.rouble", "world", "1", 0.0);
    let harness = CENTRE.iter().fold(harness, |h, (name, value)| h.parameter(&format!("migration.{name}"), *value));
    harness.parameter_of("migration.sender", "P", 1.0)
}

fn patch(variable: &str, entity: &str, value: f64, from: usize, months: usize) -> Patch {
    Patch {
        origin: format!("test of {variable}"),
        target: Target::Variable(variable.into()),
        entities: vec![entity.into()],
        op: Op::Set,
        schedule: Schedule::path(&[(from as i64, value)], from, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

fn last(harness: &Harness, variable: &str, entity: usize) -> f64 {
    let (paths, run) = harness.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0].last().expect("months")[entity][0]
}

#[test]
fn nothing_moves_while_nothing_changes() {
    let months = 60;
    for (variable, value) in [
        ("migration.chinese_workers", 10_000.0),
        ("migration.anxiety", 0.5),
        ("migration.mobilisation", 0.2),
        ("migration.discrimination", 0.4),
        ("migration.prosecutions", 0.25),
        ("migration.abroad", 500_000.0),
        ("migration.returnees", 25_000.0),
    ] {
        // 60 roundings; logistic(logit(x)) costs a few more
        assert!((last(&bench(months), variable, 0) / value - 1.0).abs() < 1e-11, "{variable}");
    }
}

#[test]
fn workers_follow_loans_by_the_closed_form() {
    let months = 72;
    // loans seen at the origin are those of the bench; they treble from the first month on
    let harness = bench(months).patch(patch("finance.loans_disbursed", "A", 3.0 * LOANS, 0, months));
    let (paths, _) = harness.run(&["migration.chinese_workers"]);
    let first = paths[0][0][0][0];
    let settled = 10_000.0 - 8.0 * 12.0 * LOANS - 200.0;
    let inflow = (settled + 8.0 * 12.0 * 3.0 * LOANS + 200.0) / 20.0;
    for (t, cells) in paths[0].iter().enumerate().skip(1) {
        let expected = eq::stock_after(first, inflow, 1.0 / 20.0, t as u32);
        // 72 roundings of one unit in the last place
        assert!((cells[0][0] / expected - 1.0).abs() < 1e-13, "month {t}: {} against {expected}", cells[0][0]);
    }
    assert!((first - 10_000.0).abs() < 1e-9, "loans are read a month late");
}

#[test]
fn migrants_abroad_follow_the_closed_form() {
    let months = 48;
    let harness = bench(months).patch(patch("drivers.migrant_entry", "world", 0.5, 0, months));
    let (paths, _) = harness.run(&["migration.abroad", "migration.returnees", "migration.departures"]);
    let (inflow, rate) = eq::turnover(0.6, 500_000.0, 0.5, ln(0.5));
    for (t, cells) in paths[0].iter().enumerate() {
        let expected = eq::stock_after(500_000.0, inflow, rate, t as u32 + 1);
        assert!((cells[0][0] / expected - 1.0).abs() < 1e-13, "month {t}");
    }
    // with an elasticity of one, half the rules keep half the migrants in the end
    assert!((inflow / rate - 250_000.0).abs() < 1e-6);
    for t in 1..months {
        let balance = paths[0][t - 1][0][0] + paths[2][t][0][0] - paths[1][t][0][0];
        // persons are conserved: three roundings
        assert!((paths[0][t][0][0] - balance).abs() < 1e-9);
    }
    assert!(paths[1][0][0][0] > 25_000.0 * 1.3, "more return at once");
}

#[test]
fn only_staff_of_the_senders_sites_counts() {
    let months = 24;
    // an opening mine of the sender brings its staff; B's mine belongs to another power
    let mut opening = world(months);
    let site = opening.find("site").expect("an axis");
    let later = (0..months).map(|t| f64::from(u8::from(t >= 2))).collect();
    opening.add_profile(site, "valid", vec![later, vec![1.0; months], vec![1.0; months]]);
    let harness = CENTRE.iter().fold(
        Harness::new(opening, DEFINITION)
            .given("finance.loans_disbursed", "state", "million USD@2012/month", LOANS)
            .given("finance.host_income", "state", "1", 0.0)
            .given("drivers.migrant_entry", "world", "1", 1.0)
            .given("drivers.rouble", "world", "1", 0.0),
        |h, (name, value)| h.parameter(&format!("migration.{name}"), *value),
    );
    let (paths, _) = harness.parameter_of("migration.sender", "P", 1.0).run(&["migration.chinese_workers"]);
    let expected = eq::stock_after(10_000.0, 10_200.0 / 20.0, 1.0 / 20.0, months as u32 - 2);
    assert!((paths[0][months - 1][0][0] / expected - 1.0).abs() < 1e-13);
    assert!((paths[0][months - 1][1][0] - 10_000.0).abs() < 1e-8);
}

#[test]
fn each_input_moves_what_is_coded() {
    let months = 60;
    let cases: [(&str, &str, f64, &str, bool); 13] = [
        ("finance.loans_disbursed", "A", 40.0, "migration.anxiety", true),
        ("finance.loans_disbursed", "A", 40.0, "migration.extortion", true),
        ("migration.data_quality.target", "A", 0.5, "migration.anxiety", false),
        ("migration.data_quality.target", "A", 0.5, "migration.perceived", false),
        ("migration.anxiety.target", "A", 0.2, "migration.mobilisation", true),
        ("migration.anxiety.target", "A", 0.2, "migration.discrimination", true),
        ("migration.mobilisation.target", "A", 0.3, "migration.prosecutions", true),
        ("migration.discrimination.target", "A", 0.3, "migration.discrimination", true),
        ("migration.workers.log_rate", "A", -0.3, "migration.chinese_workers", false),
        ("drivers.migrant_entry", "world", 0.6, "migration.abroad", false),
        ("drivers.rouble", "world", -0.4, "migration.abroad", false),
        ("finance.host_income", "A", 0.3, "migration.abroad", true),
        ("drivers.rouble", "world", -0.4, "migration.departures", false),
    ];
    for (variable, entity, value, watch, raises) in cases {
        let change = last(&bench(months).patch(patch(variable, entity, value, 1, months)), watch, 0) - last(&bench(months), watch, 0);
        assert!(change * if raises { 1.0 } else { -1.0 } > 1e-3, "{variable} on {watch}: {change}");
    }
    // where feelings are weaker the same workers stir less
    let with = |sensitivity| {
        let harness = bench(months).parameter("migration.anxiety_sensitivity", sensitivity);
        last(&harness.patch(patch("finance.loans_disbursed", "A", 40.0, 1, months)), "migration.anxiety", 0)
    };
    assert!(with(0.05) < with(0.20) - 1e-3);
}

#[test]
fn indices_stay_within_bounds_under_any_shift() {
    let months = 60;
    for value in [-5.0, 5.0] {
        let shift = |name: &str| patch(&format!("migration.{name}.target"), "A", value, 0, months);
        let harness = ["anxiety", "mobilisation", "discrimination", "data_quality"].iter().fold(bench(months), |h, n| h.patch(shift(n)));
        let (paths, run) = harness.run(&["migration.anxiety", "migration.mobilisation", "migration.discrimination", "migration.data_quality"]);
        assert!(run.failures.iter().all(Option::is_none));
        assert!(paths.iter().flatten().all(|m| m[0].iter().all(|x| (0.0..=1.0).contains(x))));
    }
}

#[test]
fn two_runs_are_the_same_bits() {
    let make = || bench(60).patch(patch("drivers.rouble", "world", -0.3, 3, 60));
    let names = ["migration.chinese_workers", "migration.anxiety", "migration.returnees"];
    let (first, second) = (make().run(&names).0, make().run(&names).0);
    assert_eq!(first, second);
    assert!(first[0][59][0].iter().all(|x| x.to_bits() == first[0][59][0][LANES - 1].to_bits()), "nothing here is drawn");
}

#[test]
fn units_are_units() {
    let jobs = Unit::parse("persons yr/(million USD@2012)").expect("a unit");
    let workers = Unit::parse("million USD@2012/yr").expect("a unit").times(&jobs).expect("a product");
    assert!(workers.converts_to(&Unit::parse("persons").expect("a unit")).is_ok());
}

proptest! {
    #[test]
    fn data_lower_what_is_believed(stock in 1.0..1e6_f64, blur in 0.1..3.0_f64, q in 0.0..0.9_f64, d in 0.01..0.1_f64) {
        prop_assert!(eq::perceived(stock, blur, q + d) < eq::perceived(stock, blur, q));
        prop_assert!((eq::perceived(stock, blur, 1.0) - stock).abs() < 1e-9 * stock);
    }

    #[test]
    fn politics_rises_with_anxiety(m in 0.01..0.9_f64, slope in 0.1..10.0_f64, c in -0.5..0.5_f64, d in 0.01..0.3_f64) {
        prop_assert!(eq::mobilisation_target(m, slope, c + d, 0.0) > eq::mobilisation_target(m, slope, c, 0.0));
        prop_assert!((eq::mobilisation_target(m, slope, 0.0, 0.0) - m).abs() < 1e-14);
    }

    #[test]
    fn a_stock_stays_positive_and_reaches_its_rest(s in 0.0..1e6_f64, inflow in 0.0..1e4_f64, rate in 0.01..1.0_f64) {
        prop_assert!(eq::stock(s, inflow, rate) >= 0.0);
        let far = eq::stock_after(s, inflow, rate, 4000);
        prop_assert!((far - inflow / rate).abs() <= 1e-9 * (1.0 + inflow / rate));
    }
}
