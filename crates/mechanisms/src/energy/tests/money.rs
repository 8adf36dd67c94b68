//! Prices, revenue, rents, dependence; the replay of 2009.

use oxus_kernel::{Op, Patch, Schedule, Target};

use super::bench::{calm, two_buyers, world};

/// Russian purchases of Turkmen gas, 45 a year in 2008 and 10 from 2009 on, beside a new buyer that takes 0, 0, 3.5 and 15.5.
#[test]
fn replay_of_2009_when_russian_purchases_fell_from_45_to_10() {
    let mut network = two_buyers();
    network.nodes[0] = ("field", "AAA", 75.0, 0.0);
    network.edges[1].3 = 30.0;
    network.edges[3].3 = 50.0;
    network.deals = vec![("new", "field", "abroad", "AAA", "CHN", 15.5, 250.0), ("russia", "field", "market", "AAA", "RUS", 45.0, 150.0)];
    network.ramp = vec![("russia", vec![1.0, 10.0 / 45.0, 10.0 / 45.0, 10.0 / 45.0]), ("new", vec![0.0, 0.0, 3.5 / 15.5, 1.0])];
    let networks = [network];
    let bench = calm(world(48, &networks), &networks);
    let (paths, run) = bench.run(&["energy.gas.delivered", "energy.revenue", "energy.buyer_dependence", "energy.rents"]);
    assert!(run.failures.iter().all(Option::is_none));
    let year = |v: usize, e: usize, y: usize| (12 * y..12 * y + 12).map(|t| paths[v][t][e][0]).sum::<f64>();
    // volumes: whole solver units, so a year is within 12 halves of a millionth
    assert!((year(0, 1, 0) - 45.0).abs() < 1e-5 && (year(0, 1, 1) - 10.0).abs() < 1e-5);
    // revenue nets the tariff of 5: 45 x 145, 10 x 145, then 10 x 145 + 3.5 x 230 and 10 x 145 + 15.5 x 230 million dollars
    for (y, expected) in [45.0 * 145.0, 10.0 * 145.0, 10.0 * 145.0 + 3.5 * 230.0, 10.0 * 145.0 + 15.5 * 230.0].into_iter().enumerate() {
        assert!((year(1, 0, y) / expected - 1.0).abs() < 1e-6, "year {y}: {} against {expected}", year(1, 0, y));
    }
    // more than three quarters of the revenue is gone, as the volume is
    assert!(year(1, 0, 1) < 0.25 * year(1, 0, 0));
    // one buyer at first; by the end of the fourth year the new one is the largest, at 3565 of 5015 when books have settled
    assert_eq!(paths[2][23][0][0], 1.0);
    let last = paths[2][47][0][0];
    assert!((0.55..0.75).contains(&last), "{last}");
    assert!(paths[3][23][0][0] < 0.6 * paths[3][0][0][0] && paths[3][47][0][0] > paths[3][23][0][0]);
}

fn set(variable: &str, schedule: Schedule) -> Patch {
    let target = Target::Variable(variable.to_owned());
    Patch { origin: "shock".to_owned(), target, entities: Vec::new(), op: Op::Set, schedule, strength: 1.0, order: 0, span: None }
}

#[test]
fn oil_indexed_prices_follow_with_a_lag_of_nine_months() {
    let mut network = two_buyers();
    network.indexed_to = "oil";
    let networks = [network];
    let shock = set("drivers.oil_price", Schedule::constant(50.0, 6, 23, 24));
    let (paths, _) = calm(world(24, &networks), &networks).parameter("energy.oil_slope", 0.8).patch(shock).run(&["energy.gas.price"]);
    let price: Vec<f64> = paths[0].iter().map(|m| m[0][0]).collect();
    assert_eq!(price[..7], [300.0; 7], "the month of the fall itself is not yet past");
    for (n, p) in price[7..15].iter().enumerate() {
        let mean = 100.0 - 50.0 * (n as f64 + 1.0) / 9.0;
        assert!((p - 300.0 * (1.0 + 0.8 * (mean / 100.0 - 1.0))).abs() < 1e-9);
    }
    assert!(price[15..].iter().all(|p| (p - 180.0).abs() < 1e-9));
}

#[test]
fn russian_prices_follow_the_netback_and_fixed_ones_nothing() {
    for (follows, expected) in [("russia", 200.0), ("fixed", 300.0)] {
        let mut network = two_buyers();
        network.indexed_to = follows;
        let networks = [network];
        let bench = calm(world(1, &networks), &networks).patch(set("drivers.gas_netback", Schedule::constant(200.0, 0, 0, 1)));
        assert!((bench.run(&["energy.gas.price"]).0[0][0][0][0] - expected).abs() < 1e-9);
    }
}

#[test]
fn a_buyer_that_asks_too_little_pays_for_the_floor() {
    let networks = [two_buyers()];
    let bench = calm(world(1, &networks), &networks).parameter("gas.contract.take_or_pay", 0.8);
    let bench = bench.parameter("energy.gas.offtake", 0.5);
    let (paths, _) = bench.run(&["energy.revenue", "energy.gas.nominated", "energy.gas.delivered"]);
    assert_eq!([0, 1].map(|k| paths[2][0][k][0]), [1.0, 0.5]);
    // delivered nets of tariffs, and 0.3 of the ramp at the full price
    let expected = 1.0 * 280.0 + 0.5 * 95.0 + 0.3 * (2.0 * 300.0 + 1.0 * 100.0);
    assert!((paths[0][0][0][0] - expected).abs() < 1e-9);
}

#[test]
fn rents_are_revenue_less_cost_over_gdp() {
    let networks = [two_buyers()];
    let (paths, _) = calm(world(60, &networks), &networks).parameter("energy.gas.production_cost", 30.0).run(&["energy.rents"]);
    let expected = (24.0 * (280.0 - 30.0) + 12.0 * (95.0 - 30.0)) / 10_000.0;
    assert!((paths[0][0][0][0] - expected).abs() < 1e-9, "from the first month, as planned");
    assert!((paths[0][59][0][0] - expected).abs() < 1e-9);
    assert_eq!(paths[0][59][1][0], 0.0);
}
