//! Moments, signs, interventions and pairing of the outside world.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target, World};
use oxus_units::Month;

use super::DEFINITION;
use super::equations::*;
use crate::harness::Harness;

const MONTHS: usize = 132;

fn world(months: usize) -> World {
    let mut world = World::new("2013-01".parse::<Month>().unwrap(), months);
    let powers = ["CHN", "RUS", "USA"].map(str::to_owned).to_vec();
    let states = ["AFG", "KGZ"].map(str::to_owned).to_vec();
    let (power, state) = (world.add_axis("power", powers), world.add_axis("state", states));
    assert!(world.map(power, state).is_none());
    world
}

/// A bench with round parameters; no noise unless the test asks for it.
fn bench(months: usize) -> Harness {
    let zero = [
        "oil_volatility",
        "oil_common",
        "netback_volatility",
        "rouble_volatility",
        "migrant_entry_volatility",
        "world_rate_volatility",
        "growth_deviation",
        "growth_common",
        "rouble_growth",
        "foreign_forces_volatility",
        "security_funding_volatility",
        "opium_volatility",
        "growth_oil",
        "rouble_oil",
        "growth_persistence",
    ];
    let values = [
        ("oil_start", 110.0),
        ("oil_level", 110.0),
        ("oil_speed", 0.2),
        ("oil_memory", 1.0),
        ("netback_start", 240.0),
        ("netback_elasticity", 0.8),
        ("netback_delay", 0.75),
        ("rouble_speed", 0.7),
        ("migrant_entry_speed", 0.5),
        ("world_rate_start", 0.005),
        ("world_rate_level", 0.03),
        ("world_rate_speed", 0.3),
        ("growth_start", 0.04),
        ("growth_trend", 0.04),
        ("foreign_forces_start", 1.0),
        ("foreign_forces_year_1", 0.7),
        ("foreign_forces_year_2", 0.1),
        ("foreign_forces_year_4", 0.08),
        ("foreign_forces_year_7", 0.02),
        ("foreign_forces_speed", 1.0),
        ("security_funding_start", 1.0),
        ("security_funding_year_1", 0.8),
        ("security_funding_year_2", 0.5),
        ("security_funding_year_4", 0.4),
        ("security_funding_year_7", 0.3),
        ("security_funding_speed", 1.0),
        ("opium_start", 3700.0),
        ("opium_level", 5000.0),
        ("opium_speed", 1.0),
    ];
    let bench = zero.iter().fold(Harness::new(world(months), DEFINITION), |b, name| b.parameter(&format!("drivers.{name}"), 0.0));
    values.iter().fold(bench, |b, (name, value)| b.parameter(&format!("drivers.{name}"), *value))
}

type Path = Vec<Vec<[f64; LANES]>>;

fn path(bench: &Harness, variable: &str) -> Path {
    let (mut paths, run) = bench.run(&[variable]);
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    paths.remove(0)
}

fn patch(variable: &str, entities: &[&str], op: Op, value: f64, from: usize, to: usize) -> Patch {
    Patch {
        origin: "test".to_owned(),
        target: Target::Variable(variable.to_owned()),
        entities: entities.iter().map(|e| (*e).to_owned()).collect(),
        op,
        schedule: Schedule::constant(value, from, to, MONTHS),
        strength: 1.0,
        order: 0,
        span: None,
    }
}

fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}

#[test]
fn oil_has_the_moments_of_the_exact_transition() {
    let (level, speed, volatility): (f64, f64, f64) = (90.0, 0.3, 0.29);
    let mut ends = Vec::new();
    for seed in 0..400 {
        let bench = bench(36)
            .parameter("drivers.oil_level", level)
            .parameter("drivers.oil_speed", speed)
            .parameter("drivers.oil_volatility", volatility)
            .parameter("drivers.oil_common", 0.4)
            .seed(seed);
        ends.extend(path(&bench, "drivers.oil_price")[35][0].map(f64::ln));
    }
    // Closed form of Schwartz's model 1 after three years.
    let expected = oxus_numerics::mean_reversion::ou_moments(110f64.ln(), level.ln(), speed, volatility, 3.0);
    let (mean, sd) = mean_sd(&ends);
    let n = ends.len() as f64;
    // Four standard errors of a mean and of a standard deviation of normals.
    assert!((mean - expected.mean).abs() < 4.0 * (expected.variance / n).sqrt());
    assert!((sd - expected.variance.sqrt()).abs() < 4.0 * (expected.variance / (2.0 * n)).sqrt());
}

#[test]
fn calendar_year_growth_has_the_annual_estimates() {
    let mut first = Vec::new();
    let mut pairs = Vec::new();
    for seed in 0..200 {
        let bench = bench(MONTHS)
            .parameter("drivers.growth_deviation", 0.03)
            .parameter("drivers.growth_persistence", 0.45)
            .parameter("drivers.growth_common", 0.6)
            .seed(seed);
        let growth = path(&bench, "drivers.growth");
        for lane in 0..LANES {
            let year = |y: usize, e: usize| (0..12).map(|m| growth[12 * y + m][e][lane]).sum::<f64>() / 12.0;
            // the start is known, so the first years vary less
            first.push(year(9, 1));
            pairs.push((year(9, 0), year(9, 1)));
        }
    }
    let (mean, sd) = mean_sd(&first);
    let n = first.len() as f64;
    // Four standard errors.
    assert!((mean - 0.04).abs() < 4.0 * 0.03 / n.sqrt());
    assert!((sd - 0.03).abs() < 4.0 * 0.03 / (2.0 * n).sqrt(), "{sd}");
    let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
    let ((ma, sa), (mb, sb)) = (mean_sd(&a), mean_sd(&b));
    let r = a.iter().zip(&b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / (n - 1.0) / (sa * sb);
    // Two loadings of 0.6 on one factor; four standard errors of a correlation of 0.36.
    assert!((r - 0.36).abs() < 4.0 * (1.0 - 0.36 * 0.36) / n.sqrt(), "{r}");
}

#[test]
fn shocks_of_the_rouble_have_variance_one_and_come_with_growth() {
    let (mut rouble, mut growth) = (Vec::new(), Vec::new());
    for seed in 0..200 {
        let bench = bench(1)
            .parameter("drivers.growth_deviation", 0.03)
            .parameter("drivers.rouble_volatility", 0.1)
            .parameter_of("drivers.rouble_growth", "RUS", 0.5)
            .seed(seed);
        rouble.extend(path(&bench, "drivers.rouble")[0][0]);
        growth.extend(path(&bench, "drivers.growth")[0][1]);
    }
    let ((mr, sr), (mg, sg)) = (mean_sd(&rouble), mean_sd(&growth));
    let n = rouble.len() as f64;
    let expected = oxus_numerics::mean_reversion::OuStep::new(0.7, 0.1, MONTH).deviation;
    // Four standard errors.
    assert!((sr - expected).abs() < 4.0 * expected / (2.0 * n).sqrt());
    let r = rouble.iter().zip(&growth).map(|(x, y)| (x - mr) * (y - mg)).sum::<f64>() / (n - 1.0) / (sr * sg);
    assert!((r - 0.5).abs() < 4.0 * 0.75 / n.sqrt(), "{r}");
}

#[test]
fn a_cheaper_barrel_lowers_gas_growth_and_the_rouble() {
    let plain = bench(36).parameter_of("drivers.growth_oil", "RUS", 0.17).parameter("drivers.rouble_oil", 0.3);
    let cheap = bench(36).parameter_of("drivers.growth_oil", "RUS", 0.17).parameter("drivers.rouble_oil", 0.3).patch(patch(
        "drivers.oil_price",
        &[],
        Op::Scale,
        0.5,
        6,
        131,
    ));
    let end = |b: &Harness, v: &str, t: usize, e: usize| path(b, v)[t][e][0];
    assert!(end(&cheap, "drivers.gas_netback", 35, 0) < 0.7 * end(&plain, "drivers.gas_netback", 35, 0));
    assert!(end(&cheap, "drivers.growth", 12, 1) < end(&plain, "drivers.growth", 12, 1) - 0.02);
    // nobody else is moved, and the effect on growth fades as the price becomes usual
    assert_eq!(end(&cheap, "drivers.growth", 12, 0), end(&plain, "drivers.growth", 12, 0));
    assert!(end(&cheap, "drivers.growth", 35, 1) > end(&cheap, "drivers.growth", 12, 1));
    // three years later most of elasticity x log change has come through
    let fall = end(&cheap, "drivers.rouble", 35, 0) - end(&plain, "drivers.rouble", 35, 0);
    assert!(fall < 0.8 * 0.3 * 0.5f64.ln() && fall > 0.3 * 0.5f64.ln());
}

#[test]
fn an_added_shock_does_not_pile_up() {
    let base = bench(MONTHS).parameter("drivers.growth_persistence", 0.6).parameter("drivers.growth_deviation", 0.03);
    let hit = bench(MONTHS).parameter("drivers.growth_persistence", 0.6).parameter("drivers.growth_deviation", 0.03).patch(patch(
        "drivers.growth",
        &["RUS"],
        Op::Add,
        -0.1,
        6,
        29,
    ));
    let (a, b) = (path(&base, "drivers.growth"), path(&hit, "drivers.growth"));
    for t in 0..MONTHS {
        let expected = if (6..=29).contains(&t) { -0.1 } else { 0.0 };
        for lane in 0..LANES {
            assert!((b[t][1][lane] - a[t][1][lane] - expected).abs() < 1e-15);
            assert_eq!(b[t][0][lane], a[t][0][lane]);
        }
    }
}

#[test]
fn a_shift_of_growth_moves_it_one_for_one() {
    let growth = |shift| {
        let bench = bench(2).patch(patch("drivers.growth.target", &["CHN"], Op::Add, shift, 0, 1));
        path(&bench, "drivers.growth")[1][0][0]
    };
    assert!((growth(-0.02) - 0.02).abs() < 1e-15);
}

#[test]
fn paths_pass_their_knots_and_hold_after() {
    let forces = path(&bench(MONTHS), "drivers.foreign_forces");
    for (month, value) in [(12, 0.7), (24, 0.1), (48, 0.08), (84, 0.02), (MONTHS, 0.02)] {
        assert!((forces[month - 1][0][0] - value).abs() < 1e-14);
    }
    assert!((forces[17][0][0] - 0.4).abs() < 1e-14);
    let noisy = path(&bench(MONTHS).parameter("drivers.foreign_forces_volatility", 0.3), "drivers.foreign_forces");
    assert!(noisy.iter().flatten().flatten().all(|x| *x >= 0.0));
    let none = path(&bench(24).parameter("drivers.opium_level", 0.0).parameter("drivers.opium_start", 0.0), "drivers.opium_potential");
    assert!(none.iter().flatten().flatten().all(|x| *x == 0.0));
}

#[test]
fn the_rate_stays_at_or_above_zero_and_finds_its_level() {
    let bench = bench(MONTHS).parameter("drivers.world_rate_volatility", 0.03);
    let rate = path(&bench, "drivers.world_rate");
    assert!(rate.iter().flatten().flatten().all(|x| *x >= 0.0));
    assert!(rate.iter().flatten().flatten().any(|x| *x == 0.0));
    let quiet = path(&self::bench(MONTHS), "drivers.world_rate")[MONTHS - 1][0][0];
    let expected = 0.03 + (0.005 - 0.03) * (-0.3f64 * 11.0).exp();
    assert!((quiet - expected).abs() < 1e-12);
}

#[test]
fn equal_keys_give_equal_bits() {
    let all = ["drivers.oil_price", "drivers.growth", "drivers.rouble", "drivers.foreign_forces", "drivers.opium_potential"];
    let noisy = || bench(60).parameter("drivers.oil_volatility", 0.3).parameter("drivers.growth_deviation", 0.03).seed(9);
    assert_eq!(noisy().run(&all).0, noisy().run(&all).0);
    // another mechanism's parameter moves nothing here: shocks are keyed by name
    assert_eq!(path(&noisy(), "drivers.oil_price"), path(&noisy().parameter("drivers.rouble_volatility", 0.2), "drivers.oil_price"));
}
