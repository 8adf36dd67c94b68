//! The ladder against statsmodels, signs, memory, events, determinism.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_units::Month;
use proptest::prelude::*;

use super::DEFINITION;
use super::equations::{self as eq, RUNGS};
use crate::harness::Harness;

/// Central values of the pack, with the same will everywhere.
const CENTRE: [(&str, f64); 48] = [
    ("memory", 3.0),
    ("deaths_floor", 5.0),
    ("deaths_weight", 0.8),
    ("own_weight", 1.5),
    ("attack_weight", 2.0),
    ("exit_weight", 1.5),
    ("gas_weight", 3.0),
    ("home_weight", 0.5),
    ("drugs_weight", 1.0),
    ("concern_weight", 2.0),
    ("public_weight", 2.0),
    ("attention_weight", 2.0),
    ("exposure_weight", 0.5),
    ("norm_weight", 6.0),
    ("capacity_weight", 2.0),
    ("rethink", 0.0),
    ("rethink_from", 0.2),
    ("first_step", 2.5),
    ("gap_demarche", 1.5),
    ("gap_money", 1.0),
    ("gap_aid", 0.5),
    ("gap_deployment", 3.0),
    ("mind_months", 6.0),
    ("norm_months", 60.0),
    ("concern_events", 0.1),
    ("concern_home", 0.05),
    ("concern_vacuum", 0.15),
    ("attention_vacuum", 0.15),
    ("candour", 0.4),
    ("erosion", 0.05),
    ("business_pull", 0.05),
    ("plan", 0.5),
    ("engagement_months", 24.0),
    ("pressure_weight", 0.5),
    ("pressure_own", 0.1),
    ("concern_at_origin", 0.4),
    ("public_at_origin", 0.3),
    ("norm_at_origin", 0.8),
    ("attention_at_origin", 0.3),
    ("coherence_at_origin", 0.4),
    ("vacuum", 1.0),
    ("will", 0.0),
    ("near_home", 1.0),
    ("engagement_at_origin", 0.3),
    ("pressure_at_origin", 0.2),
    ("lender", 0.0),
    ("deaths_usual", 1.0),
    ("war_here", 0.0),
];

/// Two powers, two states; P owns a site and buys gas of A and has a province of its own.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let states = world.add_axis("state", vec!["A".into(), "B".into()]);
    let powers = world.add_axis("power", vec!["P".into(), "Q".into()]);
    let pairs = world.add_axis("power_state", ["P.A", "P.B", "Q.A", "Q.B"].map(String::from).to_vec());
    world.add_map(pairs, states, (0..4).map(|i| Some(i % 2)).collect());
    world.add_map(pairs, powers, (0..4).map(|i| Some(i / 2)).collect());
    let provinces = world.add_axis("province", ["A-1", "B-1", "P-1"].map(String::from).to_vec());
    world.add_map(provinces, states, vec![Some(0), Some(1), None]);
    world.add_map(provinces, powers, vec![None, None, Some(0)]);
    let sites = world.add_axis("site", vec!["mine".into()]);
    world.add_map(sites, states, vec![Some(0)]);
    world.add_map(sites, powers, vec![Some(0)]);
    world.add_number(sites, "value", vec![800.0]);
    let contracts = world.add_axis("gas.contract", vec!["a-p".into()]);
    world.add_map(contracts, states, vec![Some(0)]);
    world.add_text(contracts, "buyer", vec!["P".into()]);
    world
}

fn bench(months: usize) -> Harness {
    let harness = Harness::new(world(months), DEFINITION)
        .given("unrest.deaths", "state", "deaths/month", 1.0)
        .given("unrest.province_deaths", "province", "deaths/month", 0.0)
        .given("unrest.foreign_attacks", "province", "events/month", 0.0)
        .given("communities.staff_harmed", "site", "persons/month", 0.0)
        .given("regimes.irregular_exits", "state", "1", 0.0)
        .given("energy.gas.unmet_attack", "gas.contract", "bcm", 0.0)
        .given("energy.gas.nominated", "gas.contract", "bcm", 2.0)
        .given("drivers.foreign_forces", "state", "1", 1.0)
        .given("forces.expedition", "power", "1", 0.3)
        .given("finance.loans_stock", "state", "million USD@2012", 1000.0)
        .given("trade.exports", "power_state", "million USD@2012/yr", 500.0)
        .given("trade.imports", "power_state", "million USD@2012/yr", 500.0)
        .given("influence.index", "power_state", "1", 0.4)
        .given("opiates.effort", "power", "1", 0.0);
    CENTRE.iter().fold(harness, |h, (name, value)| h.parameter(&format!("doctrine.{name}"), *value))
}

/// A value held between two months for one entity.
fn held(variable: &str, entity: &str, value: f64, (from, to): (usize, usize), months: usize) -> Patch {
    Patch {
        origin: format!("test of {variable}"),
        target: Target::Variable(variable.into()),
        entities: vec![entity.into()],
        op: Op::Set,
        schedule: Schedule::constant(value, from, to, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Mean rung of P in A over months 6 to 11 and shares of months at each rung, over 40 seeds.
fn ladder(make: impl Fn() -> Harness) -> (f64, [f64; RUNGS + 1]) {
    let (mut sum, mut counts, mut n) = (0.0, [0.0; RUNGS + 1], 0.0);
    for seed in 0..40 {
        let (paths, run) = make().seed(seed).run(&["doctrine.level"]);
        assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
        for level in paths[0][6..12].iter().flat_map(|m| m[0]) {
            sum += level;
            counts[level as usize] += 1.0;
            n += 1.0;
        }
    }
    (sum / n, counts.map(|c| c / n))
}

const YEAR: (usize, usize) = (0, 11);

#[test]
fn probabilities_agree_with_statsmodels() {
    let text = include_str!("../../../../tests/reference/ordered_logit/probabilities.csv");
    let mut cases = 0;
    for line in text.lines().skip(1) {
        let x: Vec<f64> = line.split(',').map(|v| v.parse().expect("a number")).collect();
        let at: [f64; RUNGS] = x[1..6].try_into().expect("five thresholds");
        let p = eq::probabilities(x[0], &at);
        // the reference's README gives the reason for the tolerance
        assert!(p.iter().zip(&x[6..12]).all(|(a, b)| (a - b).abs() < 1e-14), "{p:?} against {:?}", &x[6..12]);
        cases += 1;
    }
    assert_eq!(cases, 60);
}

#[test]
fn the_drawn_ladder_has_the_probabilities_of_its_equation() {
    let make = || bench(12).parameter("doctrine.will", 3.0).parameter("doctrine.norm_at_origin", 0.2);
    let (_, shares) = ladder(make);
    let restraint = eq::restraint(0.2, 6.0, 0.3, 2.0, 0.0);
    let expected = eq::probabilities(3.0, &eq::thresholds(2.5, [1.5, 1.0, 0.5, 3.0], restraint));
    let n = 40.0 * 6.0 * LANES as f64;
    for (got, p) in shares.iter().zip(expected) {
        // five standard errors of a share of independent draws
        assert!((got - p).abs() < 5.0 * (p * (1.0 - p) / n).sqrt() + 1e-3, "{shares:?} against {expected:?}");
    }
}

#[test]
fn each_event_and_stake_moves_the_ladder_as_coded() {
    let open = || bench(12).parameter("doctrine.will", 1.0);
    let (base, _) = ladder(open);
    let up: Vec<(&str, f64)> = vec![
        ("deaths", ladder(|| open().patch(held("unrest.deaths", "A", 300.0, YEAR, 12))).0),
        ("staff", ladder(|| open().patch(held("communities.staff_harmed", "mine", 3.0, YEAR, 12))).0),
        ("attacks on foreigners", ladder(|| open().patch(held("unrest.foreign_attacks", "A-1", 1.0, YEAR, 12))).0),
        ("irregular exit", ladder(|| open().patch(held("regimes.irregular_exits", "A", 1.0, YEAR, 12))).0),
        ("gas lost to attacks", ladder(|| open().patch(held("energy.gas.unmet_attack", "a-p", 1.0, YEAR, 12))).0),
        ("unrest at home", ladder(|| open().patch(held("unrest.province_deaths", "P-1", 100.0, YEAR, 12))).0),
        ("trade", ladder(|| open().patch(held("trade.exports", "P.A", 20_000.0, YEAR, 12))).0),
        ("loans", ladder(|| open().parameter_of("doctrine.lender", "P", 1.0).patch(held("finance.loans_stock", "A", 20_000.0, YEAR, 12))).0),
        ("drugs", ladder(|| open().patch(held("opiates.effort", "P", 1.0, YEAR, 12))).0),
        ("concern", ladder(|| open().patch(held("doctrine.concern.target", "P", 0.5, YEAR, 12))).0),
        ("attention", ladder(|| open().patch(held("doctrine.attention.target", "P", 0.5, YEAR, 12))).0),
        ("response", ladder(|| open().patch(held("doctrine.response.logit", "P.A", 1.0, YEAR, 12))).0),
        ("vacuum", ladder(|| open().parameter_of("doctrine.war_here", "B", 1.0).patch(held("drivers.foreign_forces", "B", 0.0, YEAR, 12))).0),
        ("capacity", ladder(|| open().patch(held("forces.expedition", "P", 1.0, YEAR, 12))).0),
        ("norm", ladder(|| open().parameter("doctrine.norm_at_origin", 0.2)).0),
    ];
    for (name, mean) in up {
        assert!(mean > base + 1e-3, "{name}: {mean} against {base}");
    }
    let quiet = ladder(|| open().patch(held("trade.exports", "P.A", 0.0, YEAR, 12)).patch(held("trade.imports", "P.A", 0.0, YEAR, 12))).0;
    assert!(quiet < base, "less at stake, less done");
}

#[test]
fn the_norm_holds_back_deeds_and_not_words() {
    let at = |norm: f64| {
        let restraint = eq::restraint(norm, 6.0, 0.3, 2.0, 0.0);
        eq::probabilities(4.0, &eq::thresholds(2.5, [1.5, 1.0, 0.5, 3.0], restraint))
    };
    let (strict, loose) = (at(0.9), at(0.1));
    assert!((strict[0] - loose[0]).abs() < 1e-15, "something is said in any case");
    assert!(strict[1] > loose[1] && strict[3] + strict[4] + strict[5] < loose[3] + loose[4] + loose[5]);
}

#[test]
fn an_attack_on_the_gas_line_opens_the_way_to_troops_only_past_its_threshold() {
    let crisis = |share: f64, rethink: f64| {
        let make = || {
            bench(12).parameter("doctrine.will", 6.0).parameter("doctrine.gas_weight", 0.0).parameter("doctrine.rethink", rethink).patch(held(
                "energy.gas.unmet_attack",
                "a-p",
                2.0 * share,
                YEAR,
                12,
            ))
        };
        ladder(make).1[5]
    };
    let (none, small, large) = (crisis(0.5, 0.0), crisis(0.1, 0.8), crisis(0.5, 0.8));
    assert_eq!(none, small, "below the threshold nothing changes");
    assert!(large > none + 0.05, "{none} {large}");
}

#[test]
fn private_worry_runs_ahead_of_the_public_line() {
    let left = bench(48).parameter_of("doctrine.war_here", "B", 1.0).patch(held("drivers.foreign_forces", "B", 0.0, (0, 47), 48));
    let (paths, _) = left.run(&["doctrine.concern", "doctrine.public_line", "doctrine.engagement", "doctrine.attention"]);
    let rise = |v: usize| paths[v][47][0][0] - paths[v][0][0][0];
    assert!(rise(0) > 0.08 && rise(1) > 0.02 && rise(1) < 0.6 * rise(0), "{} {}", rise(0), rise(1));
    assert!(rise(2) > 0.01 && rise(3) > 0.08);
}

#[test]
fn incidents_wear_down_the_norm_and_business_pulls_policy_apart() {
    let (paths, _) = bench(48).run(&["doctrine.non_interference", "doctrine.coherence", "doctrine.pressure"]);
    let harmed = bench(48).patch(held("communities.staff_harmed", "mine", 5.0, (0, 47), 48));
    let (hit, _) = harmed.run(&["doctrine.non_interference", "doctrine.coherence", "doctrine.pressure"]);
    let grown = bench(48).patch(held("trade.exports", "P.A", 30_000.0, (1, 47), 48)).patch(held("influence.index", "P.A", 0.8, (1, 47), 48));
    let (grown, _) = grown.run(&["doctrine.non_interference", "doctrine.coherence", "doctrine.pressure"]);
    assert!(hit[0][47][0][0] < paths[0][47][0][0] - 0.01 && hit[2][47][0][0] > paths[2][47][0][0] + 0.05);
    assert!(grown[1][47][0][0] < paths[1][47][0][0] - 0.01 && grown[2][47][0][0] > paths[2][47][0][0] + 0.05);
}

#[test]
fn deeds_are_events_and_the_highest_rung_stands() {
    let (mut deeds, mut with_margin) = (0, 0);
    for seed in 0..20 {
        let (paths, run) = bench(24).parameter("doctrine.will", 3.5).seed(seed).run(&["doctrine.level", "doctrine.highest"]);
        for lane in 0..LANES {
            for pair in 0..4 {
                let levels: Vec<f64> = paths[0].iter().map(|m| m[pair][lane]).collect();
                let of_pair = run.events[lane].iter().filter(|e| e.entity as usize == pair);
                let events: Vec<(usize, f64)> = of_pair.map(|e| (e.time as usize, e.size)).collect();
                let expected: Vec<(usize, f64)> = levels.iter().copied().enumerate().filter(|(_, l)| *l >= 2.0).collect();
                assert_eq!(events, expected);
                assert_eq!(paths[1][23][pair][lane], levels.iter().copied().fold(0.0, f64::max));
                deeds += events.len();
            }
            with_margin += run.events[lane].iter().filter(|e| e.margin > 0.0).count();
        }
    }
    assert!(deeds > 100 && with_margin == deeds);
}

#[test]
fn deeds_can_be_imposed_and_forbidden() {
    let mut sent = held("x", "P.A", 5.0, (4, 4), 24);
    (sent.target, sent.op) = (Target::Event("doctrine.response".into()), Op::Add);
    let (paths, run) = bench(24).patch(sent.clone()).run(&["doctrine.level", "doctrine.highest", "doctrine.engagement"]);
    assert!(run.events.iter().all(|l| l.iter().any(|e| e.size == 5.0 && e.entity == 0)));
    assert!(paths[0][4][0].iter().all(|l| *l == 5.0) && paths[1][23][0].iter().all(|h| *h == 5.0));
    assert!(paths[2][23][0][0] > 0.33, "engagement lasts: {}", paths[2][23][0][0]);
    let mut off = held("x", "P.A", 1.0, (0, 23), 24);
    (off.target, off.op) = (Target::Event("doctrine.response".into()), Op::Off);
    let (paths, run) = bench(24).parameter("doctrine.will", 6.0).patch(off).run(&["doctrine.level"]);
    assert!(run.events.iter().flatten().all(|e| e.entity != 0) && paths[0].iter().all(|m| m[0].iter().all(|l| *l <= 1.0)));
    assert!(run.events.iter().flatten().any(|e| e.entity == 1));
}

#[test]
fn two_runs_are_the_same_bits() {
    let harness = bench(60).parameter("doctrine.will", 2.5).patch(held("unrest.deaths", "B", 50.0, (5, 9), 60));
    let names = ["doctrine.level", "doctrine.concern", "doctrine.engagement", "doctrine.pressure"];
    assert_eq!(harness.run(&names).0, harness.run(&names).0);
}

proptest! {
    #[test]
    fn thresholds_never_fall(first in -3.0..5.0_f64, gaps in proptest::array::uniform4(-1.0..3.0_f64), restraint in -3.0..8.0_f64, by in -3.0..3.0_f64) {
        let at = eq::with_first(eq::thresholds(first, gaps, restraint), by);
        prop_assert!(at.windows(2).all(|w| w[0] <= w[1]));
        let p = eq::probabilities(1.0, &at);
        prop_assert!(p.iter().all(|x| *x >= 0.0) && (p.iter().sum::<f64>() - 1.0).abs() < 1e-15 * 8.0);
    }

    #[test]
    fn a_draw_reaches_a_rung_with_its_probability(eta in -12.0..12.0_f64, first in -2.0..6.0_f64, gaps in proptest::array::uniform4(0.0..3.0_f64), u in 1e-9..1.0_f64) {
        prop_assume!(u < 1.0);
        let at = eq::thresholds(first, gaps, 1.0);
        let draw = oxus_math::logit(u);
        let level = eq::level(eta, &at, draw);
        for (j, k) in at.iter().enumerate() {
            // a draw within rounding of the probability may fall on either side of it
            let reached = oxus_math::logistic(eta - k);
            prop_assert!((level > j) == (u < reached) || (u - reached).abs() < 1e-14);
        }
        prop_assert!(eq::level(eta + 0.5, &at, draw) >= level);
    }

    #[test]
    fn salience_and_exposure_are_monotone(d in 0.0..500.0_f64, usual in 0.0..100.0_f64, floor in 0.1..20.0_f64, more in 0.1..100.0_f64) {
        let at = |d| eq::salience_of_deaths(d, usual, floor);
        prop_assert!(at(d) >= 0.0 && at(d + more) >= at(d));
        prop_assert!(eq::exposure(d + more, 0.0, 0.0) > eq::exposure(d, 0.0, 0.0));
        prop_assert!(eq::restraint(0.8, 6.0, 0.3, 2.0, 0.5) < eq::restraint(0.8, 6.0, 0.3, 2.0, 0.0));
    }
}
