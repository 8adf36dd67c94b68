//! The base is reproduced; each cost acts with its sign; goods passed on; closures of 2009 and 2010; lanes and runs.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_units::Month;
use proptest::prelude::*;

use super::DEFINITION;
use super::equations as eq;
use crate::harness::Harness;

/// Central values of the pack.
const CENTRE: [(&str, f64); 25] = [
    ("theta", 5.0),
    ("common_tariff", 0.10),
    ("own_tariff", 0.05),
    ("partner_growth", 0.0),
    ("border_cost", 0.5),
    ("transport_capital", 0.5),
    ("clearance", 0.10),
    ("customs_union", 0.0),
    ("carve_out", 0.0),
    ("province_start", 0.0),
    ("province_shift", 0.0),
    ("firms_start", 100.0),
    ("variety", 0.7),
    ("tolerance", 0.02),
    ("closure_months", 3.0),
    ("disruption_deaths", 80.0),
    ("disruption_usual", 10.0),
    ("disruption_months", 6.0),
    ("disruption_cost", 0.15),
    ("lines", 0.85),
    ("control_saved", 0.04),
    ("route_sensitivity", 6.0),
    ("transport_share", 0.4),
    ("transport_gain", 0.08),
    ("firms_entry", 0.12),
];

/// A hub `H` between the power `P` with its province `X` and the states `K` (in the union with the power `R`) and `U`; a rest `W`.
const ECONOMIES: [&str; 6] = ["H", "K", "U", "P", "R", "W"];
/// Flows by `[from][to]`, goods passed on already with their last buyers.
const FLOWS: [[f64; 6]; 6] = [
    [5000.0, 300.0, 300.0, 90.0, 200.0, 300.0],
    [800.0, 140_000.0, 1500.0, 15_000.0, 10_000.0, 40_000.0],
    [200.0, 800.0, 60_000.0, 1000.0, 1400.0, 2500.0],
    [1200.0, 9500.0, 2800.0, 6.5e6, 52_000.0, 2.0e6],
    [1800.0, 15_500.0, 2600.0, 45_000.0, 1.7e6, 450_000.0],
    [1100.0, 17_000.0, 6000.0, 1.7e6, 240_000.0, 5.5e7],
];
const PASSED: [(&str, f64); 2] = [("K", 2000.0), ("U", 800.0)];

fn world(first: &str, months: usize) -> World {
    let mut world = World::new(Month::parse(first).expect("a month"), months);
    let ids = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let state = world.add_axis("state", ids(&["H", "K", "U"]));
    let power = world.add_axis("power", ids(&["P", "R"]));
    let province = world.add_axis("province", ids(&["X", "H1"]));
    world.add_map(province, state, vec![None, Some(0)]);
    world.add_map(province, power, vec![Some(0), None]);
    let border = world.add_axis("border", ids(&["H-K", "H-U"]));
    let pairs: Vec<String> = ["P", "R"].iter().flat_map(|p| ["H", "K", "U"].map(|s| format!("{p}.{s}"))).collect();
    let power_state = world.add_axis("power_state", pairs);
    world.add_map(power_state, power, (0..6).map(|i| Some(i / 3)).collect());
    world.add_map(power_state, state, (0..6).map(|i| Some(i % 3)).collect());
    let economy = world.add_axis("economy", ids(&ECONOMIES));
    world.add_map(economy, state, vec![Some(0), Some(1), Some(2), None, None, None]);
    world.add_map(economy, power, vec![None, None, None, Some(0), Some(1), None]);
    world.add_number(economy, "union", vec![0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
    world.add_axis("goods", ids(&["fuel", "goods"]));
    for (name, part) in [("trade.fuel", 0.4), ("trade.goods", 0.6)] {
        let cells = (0..36).map(|c| (c as u32 % 6, c as u32 / 6, FLOWS[c / 6][c % 6] * part)).collect();
        world.add_relation(name, economy, economy, cells);
    }
    let pair = world.add_axis("trade_pair", (0..36).map(|c| format!("{}.{}", ECONOMIES[c / 6], ECONOMIES[c % 6])).collect());
    let re_export = world.add_axis("re_export", PASSED.iter().map(|(to, _)| format!("H.P.{to}")).collect());
    for (name, values) in [("hub", [0.0, 0.0]), ("origin", [3.0, 3.0]), ("destination", [1.0, 2.0]), ("group", [1.0, 1.0])] {
        world.add_number(re_export, name, values.to_vec());
    }
    world.add_number(re_export, "value", PASSED.iter().map(|p| p.1).collect());
    let both = |a: u32, b: u32, via: u32, share: f64| [(a * 6 + b, via, share), (b * 6 + a, via, share)];
    world.add_relation("trade-border", pair, border, [both(0, 1, 0, 1.0), both(0, 4, 0, 0.95), both(0, 2, 1, 1.0)].concat());
    let through = [both(3, 0, 0, 0.95), both(3, 1, 0, 0.7), both(3, 2, 0, 0.7), both(0, 2, 1, 0.6)].concat();
    world.add_relation("trade-province", pair, province, through);
    world
}

fn bench(months: usize) -> Harness {
    surroundings(Harness::new(world("2013-01", months), DEFINITION))
        .parameter_of("trade.customs_union", "K", 1.0)
        .parameter_of("trade.province_start", "X", 13_000.0)
        .parameter_of("trade.province_shift", "X", 0.3)
}

fn surroundings(harness: Harness) -> Harness {
    let harness = harness
        .given("drivers.growth", "power", "1/yr", 0.0)
        .given("finance.output", "state", "1", 1.0)
        .given("finance.gdp", "state", "million USD@2012/yr", 10_000.0)
        .given("finance.loans_stock", "state", "million USD@2012", 1000.0)
        .given("regimes.border_closed", "border", "1", 0.1)
        .given("unrest.province_deaths", "province", "deaths/month", 0.0);
    let harness = CENTRE.iter().fold(harness, |h, (name, value)| h.parameter(&format!("trade.{name}"), *value));
    harness.parameter("trade.firms_exit", 0.07)
}

fn change(target: Target, entity: &str, op: Op, value: f64, (from, to): (usize, usize), months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target,
        entities: vec![entity.into()],
        op,
        schedule: Schedule::constant(value, from, to, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

fn set(variable: &str, entity: &str, value: f64, span: (usize, usize), months: usize) -> Patch {
    change(Target::Variable(variable.into()), entity, Op::Set, value, span, months)
}

fn parameter(name: &str, entity: &str, value: f64, months: usize) -> Patch {
    change(Target::Parameter(format!("trade.{name}")), entity, Op::Set, value, (6, months - 1), months)
}

/// Values of one entity over the months.
fn path(harness: &Harness, variable: &str, entity: usize) -> Vec<f64> {
    let (paths, run) = harness.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths[0].iter().map(|month| month[entity][0]).collect()
}

fn last(harness: &Harness, variable: &str, entity: usize) -> f64 {
    *path(harness, variable, entity).last().expect("months")
}

const M: usize = 18;

#[test]
fn the_base_is_what_was_observed() {
    let harness = bench(3);
    let near = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-8, "{found} against {expected}"); // tolerance of the solver 1e-9
    near(last(&harness, "trade.exports", 1), FLOWS[1][3]);
    // mirror figure: what is kept and what is passed on; the last buyers' own imports are without it
    near(last(&harness, "trade.imports", 0), FLOWS[3][0] + 2800.0);
    near(last(&harness, "trade.imports", 1), FLOWS[3][1] - 2000.0);
    near(last(&harness, "trade.re_exports", 0), 2800.0);
    let total: f64 = (0..6).filter(|o| *o != 0).map(|o| FLOWS[0][o] + FLOWS[o][0]).sum::<f64>() + 2800.0;
    near(last(&harness, "trade.total", 0), total);
    near(last(&harness, "trade.share", 0), (FLOWS[0][3] + FLOWS[3][0] + 2800.0) / total);
    near(last(&harness, "trade.province_exports", 0), 13_000.0);
    assert_eq!(last(&harness, "trade.province_exports", 1), 0.0);
    assert!(last(&harness, "trade.real_income", 0).abs() < 1e-9);
}

#[test]
fn each_cost_and_demand_acts_with_its_sign() {
    // pairs: 0 P.H, 1 P.K, 2 P.U, 3 R.H, 4 R.K, 5 R.U
    for (what, entity, value, watched, at, sign) in [
        ("trade.cost.log", "P.K", 0.1, "trade.exports", 1, -1.0),
        ("trade.cost.log", "P.K", 0.1, "trade.imports", 1, -1.0),
        ("trade.cost.log", "P.K", 0.1, "trade.real_income", 1, -1.0),
        ("trade.cost.log", "P.K", 0.1, "trade.share", 4, 1.0),
        ("trade.cost_at_home.log", "H", 0.1, "trade.total", 0, -1.0),
        ("trade.cost_at_home.log", "H", 0.1, "trade.re_exports", 0, -1.0),
        ("trade.demand.log", "P.U", 0.3, "trade.imports", 2, 1.0),
        ("trade.demand.log", "P.U", 0.3, "trade.imports", 5, -1.0),
        ("trade.re_exports.log", "H", 0.3, "trade.re_exports", 0, 1.0),
        ("trade.firms.log_rate", "H", 0.5, "trade.chinese_firms", 0, 1.0),
        ("finance.loans_stock", "H", 9000.0, "trade.total", 0, 1.0),
        ("finance.output", "K", 1.2, "trade.imports", 1, 1.0),
        ("drivers.growth", "P", 0.1, "trade.share", 1, 1.0),
        ("drivers.growth", "R", -0.1, "trade.share", 0, 1.0),
        ("regimes.border_closed", "H-K", 1.0, "trade.re_exports", 0, -1.0),
        ("unrest.province_deaths", "H1", 200.0, "trade.re_exports", 0, -1.0),
        ("unrest.province_deaths", "X", 100.0, "trade.imports", 1, -1.0),
    ] {
        let base = last(&bench(M), watched, at);
        let moved = last(&bench(M).patch(set(what, entity, value, (3, M - 1), M)), watched, at);
        assert!((moved - base) * sign > 1e-4 * base.abs().max(0.1), "{what} of {entity} on {watched}: {base} to {moved}");
    }
}

/// July 2009: 197 dead in one month in the province through which the power's goods leave.
#[test]
fn riots_in_the_province_lower_its_exports_for_a_year_and_no_longer() {
    let months = 36;
    // the riots touch a sixth of the customer's trade: a fine tolerance, so that the next quarter sees them
    let bench = |months| bench(months).parameter("trade.tolerance", 0.002);
    let riots = bench(months).patch(set("unrest.province_deaths", "X", 197.0, (6, 6), months));
    for (variable, entity) in [("trade.imports", 1), ("trade.province_exports", 0)] {
        let (calm, hit) = (path(&bench(months), variable, entity), path(&riots, variable, entity));
        assert_eq!(calm[5], hit[5], "nothing before");
        // the costs of a quarter are looked at when the next begins
        assert!(hit[9] < 0.9 * calm[9], "{variable}: {} against {}", hit[9], calm[9]);
        assert!(hit[35] > 0.97 * calm[35], "{variable}: {} against {}", hit[35], calm[35]);
    }
}

/// April to May 2010: the border between the hub and its best customer shut.
#[test]
fn a_closed_border_lowers_what_the_hub_passes_on() {
    let months = 36;
    let shut = bench(months).patch(set("regimes.border_closed", "H-K", 1.0, (6, 9), months));
    let (open, hit) = (path(&bench(months), "trade.re_exports", 0), path(&shut, "trade.re_exports", 0));
    assert!(hit[9] < 0.9 * open[9], "{} against {}", hit[9], open[9]);
    assert!((hit[35] / open[35] - 1.0).abs() < 0.02, "{} against {}", hit[35], open[35]);
    // goods find other ways: the customer's purchases from the power fall by less than the hub loses
    let (before, after) = (path(&bench(months), "trade.imports", 1), path(&shut, "trade.imports", 1));
    assert!(after[9] > before[9], "what the hub does not carry comes straight: {} against {}", after[9], before[9]);
}

#[test]
fn entry_to_the_union_costs_the_bazaars_and_a_carve_out_saves_some() {
    let base = bench(M);
    let entry = || bench(M).patch(parameter("customs_union", "H", 1.0, M));
    let carved = entry().patch(parameter("carve_out", "H", 1.0, M));
    let passed = |h: &Harness| last(h, "trade.re_exports", 0);
    assert!(passed(&entry()) < 0.9 * passed(&base), "{} against {}", passed(&entry()), passed(&base));
    assert!(passed(&carved) > passed(&entry()));
    // trade turns from outsiders to members
    assert!(last(&entry(), "trade.share", 3) > last(&base, "trade.share", 3));
    assert!(last(&entry(), "trade.imports", 0) < last(&base, "trade.imports", 0));
    assert_eq!(last(&entry(), "trade.union_entry", 0), 1.0);
    // a member that leaves pays its neighbours' inner border again
    let exit = bench(M).patch(parameter("customs_union", "K", 0.0, M));
    assert!(last(&exit, "trade.share", 4) < last(&base, "trade.share", 4));
}

#[test]
fn every_parameter_has_an_effect() {
    let months = 18;
    let stirred = || {
        bench(months)
            .patch(set("regimes.border_closed", "H-K", 0.9, (2, 9), months))
            .patch(set("unrest.province_deaths", "X", 90.0, (3, 4), months))
            .patch(set("finance.loans_stock", "K", 5000.0, (3, 17), months))
            .patch(set("finance.output", "K", 1.1, (3, 17), months))
            .patch(parameter("customs_union", "H", 1.0, months))
    };
    let names = ["trade.exports", "trade.imports", "trade.re_exports", "trade.province_exports", "trade.chinese_firms", "trade.total"];
    let base = stirred().run(&names).0;
    for (name, value) in CENTRE.iter().chain(&[("firms_exit", 0.07)]) {
        let harness = match *name {
            "province_start" => stirred().parameter_of("trade.province_start", "X", 14_000.0),
            "province_shift" => stirred().parameter_of("trade.province_shift", "X", 0.5),
            "carve_out" => stirred().parameter("trade.carve_out", 0.5),
            "customs_union" => stirred().parameter_of("trade.customs_union", "U", 1.0),
            "partner_growth" => stirred().parameter("trade.partner_growth", 0.05),
            "tolerance" => stirred().parameter("trade.tolerance", 9.0),
            _ => stirred().parameter(&format!("trade.{name}"), value * 1.3),
        };
        assert!(harness.run(&names).0 != base, "{name} does nothing");
    }
}

#[test]
fn a_region_without_a_base_of_trade_runs() {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), 4);
    for axis in ["state", "power", "province", "border", "power_state", "economy", "goods"] {
        let one = if axis.starts_with('e') || axis == "goods" { vec![] } else { vec!["A".to_owned()] };
        world.add_axis(axis, one);
    }
    let harness = surroundings(Harness::new(world, DEFINITION));
    assert_eq!(last(&harness, "trade.total", 0), 0.0);
}

#[test]
fn two_runs_are_the_same_bits_and_lanes_do_not_meet() {
    let months = 40;
    let harness = || bench(months).patch(set("regimes.border_closed", "H-K", 0.8, (6, 20), months));
    let names = ["trade.exports", "trade.total", "trade.real_income"];
    let (one, two) = (harness().run(&names).0, harness().run(&names).0);
    assert_eq!(one, two);
    assert!(one.iter().flatten().flatten().all(|cells| cells.iter().all(|c| c.to_bits() == cells[0].to_bits())), "equal lanes stay equal");
    assert_eq!(one[0][0][0].len(), LANES);
}

proptest! {
    #[test]
    fn disruption_is_a_share_that_deaths_raise(before in 0.0..1.0_f64, deaths in 0.0..2000.0_f64, more in 0.1..50.0_f64) {
        let after = eq::disruption(before, deaths, 80.0, 6.0);
        prop_assert!((0.0..=1.0).contains(&after));
        prop_assert!(eq::disruption(before, deaths + more, 80.0, 6.0) >= after);
        prop_assert!(eq::disruption(before, 0.0, 80.0, 6.0) <= before);
        let felt = eq::felt(deaths, 10.0);
        prop_assert!(felt >= 0.0 && felt <= deaths && eq::felt(deaths + more, 10.0) > felt);
    }

    #[test]
    fn costs_have_their_signs(added in 0.0..5e4_f64, lines in 0.0..1.0_f64, own in 0.0..0.3_f64, common in 0.0..0.3_f64, kappa in 1.0..12.0_f64) {
        prop_assert!(eq::transport(added, 5000.0, 0.1) <= 0.0);
        prop_assert!(eq::transport(added + 1.0, 5000.0, 0.1) < eq::transport(added, 5000.0, 0.1));
        let tariff = eq::tariff(1.0, lines, common, own);
        prop_assert!(tariff * (common - own) >= 0.0 && tariff == -eq::tariff(-1.0, lines, common, own));
        // ways that have not changed cost nothing; one that becomes dearer costs less than its share of the rise
        prop_assert!(eq::over_ways(eq::way(0.7, kappa, 0.0, 0.0) + eq::way(0.3, kappa, 0.0, 0.0), kappa).abs() < 1e-15);
        let dearer = eq::over_ways(0.7 + eq::way(0.3, kappa, common, 0.0), kappa);
        prop_assert!(dearer >= 0.0 && dearer <= 0.3 * common + 1e-15);
    }

    #[test]
    fn firms_follow_the_closed_form(entry in 0.0..0.3_f64, exit in 0.0..0.3_f64) {
        let after = (0..12).fold(100.0, |n, _| eq::firms(n, entry, 0.0, exit));
        // twelve exponentials
        prop_assert!((after / (100.0 * oxus_math::exp(entry - exit)) - 1.0).abs() < 1e-13);
    }
}
