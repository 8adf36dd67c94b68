//! Tests of observation: moments of thinning, the calendar year, identities, signs, bounds.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_random::{Key, Stream};
use oxus_units::Month;
use proptest::prelude::*;

use super::{DEFINITION, equations as eq};
use crate::harness::Harness;

mod indices;
mod yearbook;

/// States A and B, a site and a gas contract of A, its pairs with three powers.
fn world(months: usize) -> World {
    let mut world = World::new(Month::parse("2013-01").expect("a month"), months);
    let state = world.add_axis("state", vec!["A".into(), "B".into()]);
    let site = world.add_axis("site", vec!["mine".into()]);
    let contract = world.add_axis("gas.contract", vec!["sale".into()]);
    world.add_map(site, state, vec![Some(0)]);
    world.add_map(contract, state, vec![Some(0)]);
    let power = world.add_axis("power", ["CHN", "RUS", "USA"].map(String::from).to_vec());
    let pair = world.add_axis("power_state", ["CHN.A", "RUS.A", "USA.A"].map(String::from).to_vec());
    world.add_map(pair, state, vec![Some(0); 3]);
    world.add_map(pair, power, vec![Some(0), Some(1), Some(2)]);
    world
}

fn bench(months: usize) -> Harness {
    let pairs =
        [("trade.exports", "million USD@2012/yr", 100.0), ("trade.imports", "million USD@2012/yr", 500.0), ("influence.un_agreement", "1", 0.6)];
    let h = surroundings(world(months));
    let h = pairs.into_iter().fold(h, |h, (name, unit, value)| h.given(name, "power_state", unit, value));
    let parameters = [("reporter_start", 0.0), ("reporter_retained", 0.2), ("reporter_change", 0.0)];
    parameters.into_iter().fold(h, |h, (name, value)| h.parameter(&format!("observation.{name}"), value))
}

/// The bench without valuations by coders.
fn quiet(months: usize) -> Harness {
    let indices = ["political_corruption", "rule_of_law", "polyarchy", "polity2", "political_stability"];
    indices.into_iter().fold(bench(months), |h, index| h.parameter(&format!("observation.{index}_chance"), 0.0))
}

/// What others hold, and the parameters, apart from those of pairs.
fn surroundings(world: World) -> Harness {
    let given = [
        ("unrest.protests_state", "state", "events/month", 10.0),
        ("communities.incidents", "site", "events/month", 5.0),
        ("unrest.deaths_state", "state", "deaths/month", 4.0),
        ("unrest.deaths_communal", "state", "deaths/month", 6.0),
        ("unrest.deaths_armed", "state", "deaths/month", 9.0),
        ("insurgency.incursion_deaths", "state", "deaths/month", 1.0),
        ("finance.growth", "state", "1/yr", 0.05),
        ("finance.remittances", "state", "1", 0.3),
        ("finance.debt", "state", "1", 0.4),
        ("regimes.irregular_exits", "state", "1", 0.0),
        ("energy.gas.delivered", "gas.contract", "bcm", 2.5),
        ("finance.inflation", "state", "1/yr", 0.08),
        ("finance.gdp", "state", "million USD@2012/yr", 12_000.0),
        ("finance.real_value", "state", "1", 0.0),
        ("forces.spending", "state", "million USD@2012/yr", 240.0),
        ("regimes.leader_exits", "state", "1", 0.0),
        ("drivers.oil_price", "world", "USD/bbl", 110.0),
        ("regimes.corruption", "state", "index", 0.5),
        ("regimes.patronage", "state", "index", 0.5),
        ("unrest.level", "state", "index", 0.5),
    ];
    let h = given.into_iter().fold(Harness::new(world, DEFINITION), |h, (name, axis, unit, value)| h.given(name, axis, unit, value));
    let parameters = [
        ("press_freedom", 0.4),
        ("press_freedom_at_origin", 0.4),
        ("freedom_elasticity", 0.5),
        ("incident_coverage", 0.7),
        ("record_least", 2.0),
        ("record_state", 0.2),
        ("record_communal", 0.3),
        ("record_armed", 0.6),
        ("counting_sigma", 0.3),
        ("low_factor", 0.5),
        ("high_factor", 2.0),
        ("index_persistence", 0.9),
        ("political_corruption_start", 0.85),
        ("political_corruption_slope", 1.0),
        ("political_corruption_chance", 0.2),
        ("political_corruption_sigma", 0.025),
        ("rule_of_law_start", 0.2),
        ("rule_of_law_slope", -0.9),
        ("rule_of_law_chance", 0.1),
        ("rule_of_law_sigma", 0.026),
        ("polyarchy_start", 0.25),
        ("polyarchy_slope", -0.5),
        ("polyarchy_chance", 0.2),
        ("polyarchy_sigma", 0.035),
        ("polity2_start", -6.0),
        ("polity2_slope", -15.0),
        ("polity2_chance", 0.1),
        ("polity2_sigma", 3.0),
        ("political_stability_start", -0.5),
        ("political_stability_slope", -0.2),
        ("political_stability_chance", 1.0),
        ("political_stability_sigma", 0.28),
    ];
    let h = h.parameter("finance.world_inflation", 0.02);
    parameters.into_iter().fold(h, |h, (name, value)| h.parameter(&format!("observation.{name}"), value))
}

fn patch(target: &str, op: Op, value: f64, from: usize, to: usize, months: usize) -> Patch {
    Patch {
        origin: "test".into(),
        target: Target::Variable(target.into()),
        entities: vec!["A".into()],
        op,
        schedule: Schedule::constant(value, from, to, months),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

/// Mean over lanes of a variable of A in a month, over several seeds.
fn mean(h: impl Fn() -> Harness, variable: &str, month: usize, seeds: u64) -> f64 {
    let of = |seed| {
        let (paths, run) = h().seed(seed).run(&[variable]);
        assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
        paths[0][month][0].iter().sum::<f64>()
    };
    (0..seeds).map(of).sum::<f64>() / (seeds * LANES as u64) as f64
}

#[test]
fn thinning_has_the_moments_of_the_binomial() {
    let (n, share, trials) = (12.0, 0.3, 40_000);
    let mut stream = Stream::new(Key::new(3, 0, 0), 1, 1, 0);
    let seen: Vec<f64> = (0..trials).map(|_| eq::thin(n, share, || stream.uniform())).collect();
    let count = f64::from(trials);
    let mean = seen.iter().sum::<f64>() / count;
    let variance = seen.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    let expected = n * share * (1.0 - share);
    // four standard errors: of a mean, and of a variance of a nearly normal variable
    assert!((mean - n * share).abs() < 4.0 * (expected / count).sqrt(), "{mean}");
    assert!((variance - expected).abs() < 4.0 * expected * (2.0 / count).sqrt(), "{variance} {expected}");
}

#[test]
fn at_the_freedom_of_the_origin_protests_are_counted_in_full_and_set_back_in_january() {
    let (paths, _) = bench(24).run(&["observation.protests", "observation.gas_exports"]);
    for month in 0..24 {
        let so_far = (month % 12 + 1) as f64;
        assert_eq!(paths[0][month][0], [10.0 * so_far; LANES]);
        assert_eq!(paths[1][month][0], [2.5 * so_far; LANES]);
        assert_eq!(paths[1][month][1], [0.0; LANES], "B sells nothing");
    }
}

#[test]
fn less_freedom_thins_by_the_stated_share() {
    let h = || bench(12).parameter_of("observation.press_freedom", "A", 0.1);
    let seeds = 40;
    // (0.1 / 0.4)^0.5 = 0.5 of 120 protests; 0.7 * 0.1^0.5 of 60 incidents
    for (variable, n, share) in [("observation.protests", 120.0, 0.5), ("observation.incidents_reported", 60.0, 0.7 * 0.1_f64.sqrt())] {
        let got = mean(h, variable, 11, seeds);
        let error = (n * share * (1.0 - share) / (seeds * LANES as u64) as f64).sqrt();
        // four standard errors of the mean of binomial counts
        assert!((got - n * share).abs() < 4.0 * error, "{variable}: {got}");
    }
}

#[test]
fn the_dead_are_recorded_by_kind_above_the_least() {
    let seeds = 60;
    let got = mean(|| bench(12), "observation.conflict_deaths", 11, seeds);
    let kinds = [(4.0, 0.2), (6.0, 0.3), (10.0, 0.6)];
    let expected: f64 = kinds.iter().map(|(d, p)| 12.0 * d * p).sum();
    let variance: f64 = kinds.iter().map(|(d, p): &(f64, f64)| 12.0 * d * d * p * (1.0 - p)).sum();
    // four standard errors of the mean
    assert!((got - expected).abs() < 4.0 * (variance / (seeds * LANES as u64) as f64).sqrt(), "{got} {expected}");
    assert_eq!(mean(|| bench(12).parameter("observation.record_least", 11.0), "observation.conflict_deaths", 11, 1), 0.0);
}

#[test]
fn intervals_enclose_the_best_figure_whose_mean_is_the_truth() {
    let (paths, _) = bench(24).run(&["observation.deaths_low", "observation.deaths_best", "observation.deaths_high"]);
    for month in 0..24 {
        for lane in 0..LANES {
            let [low, best, high] = [0, 1, 2].map(|k| paths[k][month][0][lane]);
            assert!(low < best && best < high);
        }
    }
    let seeds = 40;
    let got = mean(|| bench(12), "observation.deaths_best", 11, seeds);
    // twelve months of 20 dead, each with a log-normal error of deviation 0.3; four standard errors
    let error = 20.0 * ((0.09_f64.exp() - 1.0) * 12.0 / (seeds * LANES as u64) as f64).sqrt();
    assert!((got - 240.0).abs() < 4.0 * error, "{got}");
}

#[test]
fn identities_hold() {
    let months = 24;
    let jump = patch("finance.growth", Op::Set, -0.03, 6, 11, months);
    let exit = patch("regimes.irregular_exits", Op::Set, 1.0, 4, 4, months);
    let h = bench(months).patch(jump).patch(exit);
    let (p, _) = h.run(&["observation.growth", "observation.remittances", "observation.debt", "observation.irregular_exit"]);
    let year = 100.0 * ((1.05_f64.ln() * 0.5 + 0.97_f64.ln() * 0.5).exp() - 1.0);
    // twelve months of running means: rounding
    assert!((p[0][11][0][0] - year).abs() < 1e-10, "{} {year}", p[0][11][0][0]);
    assert!((p[0][23][0][0] - 5.0).abs() < 1e-10, "the second year forgets the first");
    assert!((p[1][11][0][0] - 30.0).abs() < 1e-10 && (p[2][11][0][0] - 40.0).abs() < 1e-10);
    let exits: Vec<f64> = [3, 4, 11, 12].iter().map(|&m| p[3][m][0][0]).collect();
    assert_eq!(exits, [0.0, 1.0, 1.0, 0.0]);
}

#[test]
fn fewer_reporters_show_less_and_more_never_more_than_happened() {
    let months = 12;
    let shifted =
        |by: f64| mean(|| bench(months).patch(patch("observation.coverage.log_rate", Op::Add, by, 0, 11, months)), "observation.protests", 11, 4);
    assert!(shifted(-0.7) < 120.0);
    assert_eq!(shifted(0.7), 120.0);
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let run = || bench(24).parameter("observation.press_freedom", 0.2).seed(9).run(&["observation.protests", "observation.deaths_best"]).0;
    let bits = |p: Vec<Vec<Vec<[f64; LANES]>>>| p.into_iter().flatten().flatten().flatten().map(f64::to_bits).collect::<Vec<_>>();
    assert_eq!(bits(run()), bits(run()));
}

proptest! {
    #[test]
    fn reported_shares_are_shares_and_rise_with_freedom(a in 0.0..1.0_f64, b in 0.0..1.0_f64, e in 0.0..2.0_f64, shift in -3.0..3.0_f64) {
        let at = |f: f64| eq::coverage(f, 0.5, e, shift);
        prop_assert!((0.0..=1.0).contains(&at(a)));
        prop_assert!(at(a.max(b)) >= at(a.min(b)));
    }

    #[test]
    fn thinning_is_monotone_in_number_and_share(n in 0_u32..60, more in 0_u32..20, p in 0.0..1.0_f64, q in 0.0..1.0_f64, seed in 0_u64..1000) {
        let seen = |n: u32, share: f64| {
            let mut stream = Stream::new(Key::new(seed, 0, 0), 1, 1, 0);
            eq::thin(f64::from(n), share, || stream.uniform())
        };
        prop_assert!(seen(n, p.min(q)) <= seen(n + more, p.max(q)));
        prop_assert!(seen(n, p) <= f64::from(n));
    }
}
