//! Allocation and causes: conservation, sums, cut-offs, winter diversion, hydropower.

use oxus_kernel::{LANES, Op, Patch, Schedule, Target};

use super::bench::{Network, calm, calm_beside, two_buyers, world};
use crate::harness::Harness;

const WINTER: [f64; 12] = [1.5, 1.4, 1.2, 1.0, 0.8, 0.7, 0.6, 0.7, 0.8, 1.0, 1.1, 1.2];

/// Everything at once: outages, cut-offs, cold winters, a field too small for January, a line too small for its contract.
fn troubled(months: usize) -> (Harness, [Network<'static>; 1]) {
    let mut network = two_buyers();
    network.nodes[0].2 = 58.0;
    network.edges[3].3 = 11.8;
    network.season = Some(WINTER);
    let networks = [network];
    let bench = calm(world(months, &networks), &networks)
        .parameter("energy.gas.failure_rate", 3.0)
        .parameter("energy.gas.repair_days", 15.0)
        .parameter("energy.gas.cold_sd", 0.1)
        .parameter("gas.contract.take_or_pay", 0.4)
        .parameter("energy.home_first", 0.6)
        .parameter("energy.cutoff_rate", 1.0)
        .parameter("energy.unpaid", 0.2)
        .parameter("energy.cutoff_arrears", 0.2);
    (bench, networks)
}

#[test]
fn causes_add_up_to_unmet_and_unmet_to_nominated() {
    let months = 180;
    let names = ["nominated", "delivered", "unmet", "unmet_outage", "unmet_attack", "unmet_decision", "unmet_shortage"];
    let names: Vec<String> = names.iter().map(|n| format!("energy.gas.{n}")).collect();
    let hit = Patch {
        origin: "attack".to_owned(),
        target: Target::Event("energy.attack_outage".to_owned()),
        entities: vec!["east".to_owned()],
        op: Op::Add,
        schedule: Schedule::constant(50.0, 60, 60, months),
        strength: 1.0,
        order: 0,
        span: None,
    };
    let (paths, run) = troubled(months).0.patch(hit).run(&names.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(run.failures.iter().all(Option::is_none), "{:?}", run.failures);
    let mut seen = [false; 4];
    for t in 0..months {
        for k in 0..2 {
            for lane in 0..LANES {
                let at = |v: usize| paths[v][t][k][lane];
                // each is a whole number of solver units over 1e6: a few units in the last place of a double
                assert!((at(0) - at(1) - at(2)).abs() < 1e-12);
                assert!((at(3) + at(4) + at(5) + at(6) - at(2)).abs() < 1e-12);
                (0..4).for_each(|c| seen[c] |= at(3 + c) > 0.0);
            }
        }
    }
    assert_eq!(seen, [true; 4], "outage, attack, decision, shortage all occur");
}

#[test]
fn what_flows_in_flows_out_and_lines_hold_it() {
    let months = 120;
    let (bench, networks) = troubled(months);
    let (paths, _) = bench.run(&["energy.gas.flow", "energy.gas.available", "energy.gas.delivered", "energy.gas.domestic_unmet"]);
    for t in 0..months {
        for lane in 0..LANES {
            let flow = |e: usize| paths[0][t][e][lane];
            for (e, edge) in networks[0].edges.iter().enumerate() {
                // capacity of whole days is rounded down to a solver unit
                assert!(flow(e) <= edge.3 / 12.0 * paths[1][t][e][lane] + 1e-6);
            }
            assert!((flow(1) + flow(2) - paths[2][t][0][lane]).abs() < 1e-9);
            assert!((flow(3) - paths[2][t][1][lane]).abs() < 1e-9);
            assert!(flow(0) + flow(1) + flow(2) + flow(3) <= 58.0 / 12.0 + 1e-6);
            assert!(paths[3][t][1][lane] >= 0.0);
        }
    }
}

#[test]
fn nothing_is_short_while_nothing_goes_wrong() {
    let networks = [two_buyers()];
    let (paths, _) = calm(world(12, &networks), &networks).run(&["energy.gas.delivered_share", "energy.service", "energy.gas.domestic_unmet"]);
    assert!(paths[0].iter().flatten().chain(&paths[1].iter().map(|m| m[0]).collect::<Vec<_>>()).all(|c| *c == [1.0; LANES]));
    assert!(paths[2].iter().flatten().all(|c| *c == [0.0; LANES]));
}

/// A winter in which 5 a year is missing: who goes without, with home first or last.
fn short_january(home_first: f64) -> (f64, f64, f64, f64) {
    let mut network = two_buyers();
    network.nodes[0].2 = 62.0;
    network.season = Some(WINTER);
    let networks = [network];
    let bench = calm(world(1, &networks), &networks).parameter("energy.home_first", home_first);
    let names = ["energy.gas.domestic_unmet", "energy.gas.unmet", "energy.gas.unmet_decision", "energy.gas.unmet_shortage"];
    let (paths, _) = bench.run(&names);
    let sum = |v: usize| paths[v][0].iter().map(|c| c[0]).sum::<f64>();
    (sum(0), sum(1), sum(2), sum(3))
}

#[test]
fn home_first_moves_the_shortage_to_exports_as_a_decision() {
    let missing = (24.0 * 1.5 + 24.0 + 12.0 - 62.0) / 12.0;
    let (home, exports, decision, shortage) = short_january(0.0);
    assert!((home - missing).abs() < 1e-5 && exports == 0.0 && decision == 0.0 && shortage == 0.0, "{home} {exports}");
    let (home, exports, decision, shortage) = short_january(1.0);
    assert!(home == 0.0 && (exports - missing).abs() < 1e-5 && (decision - missing).abs() < 1e-5 && shortage == 0.0);
}

#[test]
fn the_lower_priority_goes_without_first_and_floors_last() {
    let mut network = two_buyers();
    network.nodes[0].2 = 48.0;
    let networks = [network];
    let bench = calm(world(1, &networks), &networks).parameter("energy.home_first", 1.0);
    // 12 a year are missing: the second contract (12) loses all
    let (paths, _) = bench.run(&["energy.gas.delivered"]);
    assert_eq!([0, 1].map(|k| paths[0][0][k][0]), [2.0, 0.0]);
    // with a floor of a half it keeps 6, and the first loses them
    let bench = calm(world(1, &networks), &networks).parameter("energy.home_first", 1.0).parameter("gas.contract.take_or_pay", 0.5);
    let (paths, _) = bench.run(&["energy.gas.delivered"]);
    assert_eq!([0, 1].map(|k| paths[0][0][k][0]), [1.5, 0.5]);
}

#[test]
fn a_seller_sells_only_what_it_has() {
    // BBB has gas to spare at the market, but the contract is AAA's: exchange moves molecules, not ownership
    let mut network = two_buyers();
    network.nodes[0].2 = 48.0;
    network.nodes[2].2 = 100.0;
    let networks = [network];
    let (paths, _) = calm(world(1, &networks), &networks).parameter("energy.home_first", 1.0).run(&["energy.gas.delivered"]);
    assert_eq!([0, 1].map(|k| paths[0][0][k][0]), [2.0, 0.0]);
}

#[test]
fn cut_offs_follow_their_hazard_and_are_decisions() {
    let networks = [two_buyers()];
    let months = 240;
    let cuts = |id: &str, value: f64, given: f64| {
        let bench = calm_beside(world(months, &networks), &networks, given)
            .parameter("energy.cutoff_rate", 0.3)
            .parameter("energy.cutoff_dispute", 1.0)
            .parameter("energy.cutoff_whole", 0.7)
            .parameter(id, value);
        let (paths, run) = bench.run(&["energy.gas.unmet", "energy.gas.unmet_decision"]);
        assert_eq!(paths[0], paths[1], "nothing else happens");
        let kind = bench.model().kind("energy.cutoff").unwrap();
        run.events.iter().flatten().filter(|e| e.kind == kind).count() as f64
    };
    let base = cuts("energy.attack_hit", 0.0, 0.0);
    // 2 contracts, 8 members, 20 years at 0.3 a year less the time cut off (about 3 %): 96; five standard deviations of a Poisson count
    assert!((base - 93.0).abs() < 50.0, "{base}");
    assert!(cuts("energy.cutoff_rate", 0.9, 0.0) > base);
    assert!(cuts("energy.cutoff_dispute", 1.0, 1.0) > base);
    assert!(cuts("energy.unpaid", 0.2, 0.0) == base, "arrears alone do nothing while they have no effect");
}

#[test]
fn arrears_bring_cut_offs_on_and_cut_offs_settle_arrears() {
    let networks = [two_buyers()];
    let run = |effect: f64, settled: f64| {
        let bench = calm(world(240, &networks), &networks)
            .parameter("energy.cutoff_rate", 0.3)
            .parameter("energy.unpaid", 0.3)
            .parameter("energy.cutoff_arrears", effect)
            .parameter("energy.arrears_settled_cut", settled);
        let (paths, run) = bench.run(&["energy.arrears"]);
        let mean = paths[0].iter().map(|m| m[1].iter().sum::<f64>()).sum::<f64>() / (240.0 * LANES as f64);
        (run.events.iter().flatten().count(), mean)
    };
    let (few, _) = run(0.0, 0.5);
    let (many, settled) = run(0.5, 0.5);
    let (_, unsettled) = run(0.5, 0.0);
    assert!(many > few);
    assert!(settled < unsettled);
    // without cut-offs arrears settle at 0.3 / 0.1 = 3 months of bills; cut-offs also stop the bills
    assert!(unsettled < 3.0);
}

#[test]
fn dry_years_empty_reservoirs_and_darken_winters() {
    let power = Network {
        commodity: "electricity",
        nodes: vec![("dam", "AAA", 12.0, 0.0), ("city", "AAA", 0.0, 11.0)],
        edges: vec![("grid", "dam", "city", 20.0, 100.0, 1.0, "grid", "P1")],
        season: Some(WINTER),
        ..Network::default()
    };
    let networks = [power];
    let months = 120;
    let bench = |hydro: f64| calm(world(months, &networks), &networks).parameter("energy.hydro_share", hydro).parameter("energy.inflow_sd", 0.2);
    let (paths, _) = bench(0.9).run(&["energy.reservoir", "energy.service"]);
    let (dry, _) = bench(0.0).run(&["energy.reservoir", "energy.service"]);
    let mut cells: Vec<(f64, f64)> = Vec::new();
    for t in (0..months).filter(|t| t % 12 == 0) {
        for lane in 0..LANES {
            cells.push((paths[0][t][0][lane], paths[1][t][0][lane]));
            assert!(dry[1][t][0][lane] < 1.0, "January is short even in a normal year");
        }
    }
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = |c: &[(f64, f64)]| c.iter().map(|x| x.1).sum::<f64>() / c.len() as f64;
    let half = cells.len() / 2;
    assert!(mean(&cells[..half]) < mean(&cells[half..]));
    assert!(cells[0].0 < -0.05 && cells[cells.len() - 1].0 > 0.05);
}

#[test]
fn investment_grows_a_corridor() {
    let mut network = two_buyers();
    network.deals[1].5 = 16.0;
    network.nodes[0].2 = 70.0;
    let networks = [network];
    let months = 120;
    let grow = Patch {
        origin: "investment".to_owned(),
        target: Target::Variable("energy.investment.log".to_owned()),
        entities: vec!["south".to_owned()],
        op: Op::Add,
        schedule: Schedule::constant(0.3, 0, months - 1, months),
        strength: 1.0,
        order: 0,
        span: None,
    };
    let (paths, _) = calm(world(months, &networks), &networks).patch(grow).run(&["energy.gas.delivered", "energy.expansion"]);
    let south: Vec<f64> = (0..months).map(|t| paths[0][t][1][0]).collect();
    assert!(south.windows(2).all(|w| w[1] >= w[0]) && south[0] < 1.1 && (south[119] - 16.0 / 12.0).abs() < 1e-6);
    let expected = oxus_math::exp(0.3) - (oxus_math::exp(0.3) - 1.0) * (0..120).fold(1.0, |gap: f64, _| gap * (1.0 - 1.0 / 24.0));
    assert!((paths[1][119][2][0] - expected).abs() < 1e-12);
}
