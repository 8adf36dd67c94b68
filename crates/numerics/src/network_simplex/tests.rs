//! Agreement with `tests/reference/network_flow` and with an independent solver on small random networks.

use proptest::prelude::*;

use super::*;
use crate::reference_data::{field, rows};

struct Instance {
    supplies: Vec<i64>,
    arcs: Vec<Arc>,
    kinds: Vec<String>,
}

fn instance(name: &str) -> Instance {
    let nodes = rows(&format!("network_flow/{name}_nodes.csv"));
    let arcs = rows(&format!("network_flow/{name}_arcs.csv"));
    Instance {
        supplies: nodes.iter().map(|r| field(r, 2)).collect(),
        arcs: arcs.iter().map(|r| Arc { from: field(r, 1), to: field(r, 2), lower: 0, upper: field(r, 3), cost: field(r, 4) }).collect(),
        kinds: arcs.iter().map(|r| r[5].to_owned()).collect(),
    }
}

impl Instance {
    fn max_flow(&self) -> MaxFlow {
        let arcs: Vec<Arc> =
            (0..self.arcs.len()).map(|a| Arc { upper: if self.kinds[a] == "shed" { 0 } else { self.arcs[a].upper }, ..self.arcs[a] }).collect();
        MaxFlow::new(self.supplies.len(), &arcs).unwrap()
    }

    fn shed(&self, flows: &[i64]) -> i64 {
        (0..flows.len()).filter(|&a| self.kinds[a] == "shed").map(|a| flows[a]).sum()
    }
}

/// Bounds, conservation and complementary slackness: together they prove optimality.
fn assert_optimal(solver: &Solver, supplies: &[i64], arcs: &[Arc]) {
    let mut net = vec![0_i64; supplies.len()];
    for (index, (arc, &flow)) in arcs.iter().zip(solver.flows()).enumerate() {
        assert!(arc.lower <= flow && flow <= arc.upper, "arc {index}: {flow}");
        net[arc.from] += flow;
        net[arc.to] -= flow;
        let reduced = solver.reduced_cost(index).unwrap();
        assert!(flow == arc.upper || reduced >= 0, "arc {index}: {reduced}");
        assert!(flow == arc.lower || reduced <= 0, "arc {index}: {reduced}");
    }
    assert_eq!(net, supplies);
}

#[test]
fn costs_and_flows_equal_or_tools() {
    for (name, cost, shed, unique) in [("central_asia", 849_445, 5, true), ("random50", 17_575_577, 0, true), ("random500", 239_167_557, 266, false)]
    {
        let case = instance(name);
        let mut solver = Solver::new(&case.supplies, &case.arcs).unwrap();
        let found = solver.solve().unwrap();
        assert_eq!(found.cost, cost, "{name}");
        assert_eq!(case.shed(solver.flows()), shed, "{name}");
        assert_optimal(&solver, &case.supplies, &case.arcs);
        if unique {
            for row in rows(&format!("network_flow/{name}_base_flows.csv")) {
                let arc: usize = field(&row, 0);
                assert_eq!(solver.flows()[arc], field::<i64>(&row, 1), "{name} arc {arc}");
            }
        }
    }
}

#[test]
fn potentials_equal_highs_where_the_basis_is_not_degenerate() {
    // Two of the 27 basic arcs sit at a bound, so at most the potentials of nodes beyond them may differ.
    let case = instance("central_asia");
    let mut solver = Solver::new(&case.supplies, &case.arcs).unwrap();
    solver.solve().unwrap();
    let equal =
        rows("network_flow/central_asia_base_duals.csv").iter().filter(|r| solver.potential(field(r, 0), 0).unwrap() == field::<i64>(r, 1)).count();
    assert!(equal >= 26, "{equal} of 28");
}

#[test]
fn every_outage_warm_from_the_base_and_from_the_last_outage() {
    for name in ["central_asia", "random50", "random500"] {
        let case = instance(name);
        let mut base = Solver::new(&case.supplies, &case.arcs).unwrap();
        base.solve().unwrap();
        let mut from_base = base.clone();
        let mut from_last = base.clone();
        let mut delivery = case.max_flow();
        for row in rows(&format!("network_flow/{name}_n1.csv")) {
            let outage: usize = field(&row, 0);
            let cost: i128 = field(&row, 1);
            let mut arcs = case.arcs.clone();
            arcs[outage].upper = 0;

            assert!(from_base.copy_basis_from(&base));
            from_base.set_bounds(outage, 0, 0).unwrap();
            assert_eq!(from_base.solve().unwrap().cost, cost, "{name} {outage}");
            assert_optimal(&from_base, &case.supplies, &arcs);
            from_base.set_bounds(outage, 0, case.arcs[outage].upper).unwrap();

            from_last.set_bounds(outage, 0, 0).unwrap();
            assert_eq!(from_last.solve().unwrap().cost, cost, "{name} {outage}");
            assert_optimal(&from_last, &case.supplies, &arcs);
            from_last.set_bounds(outage, 0, case.arcs[outage].upper).unwrap();

            // A tie could move shed about at equal cost; none of these outages has such a tie.
            assert_eq!(case.shed(from_base.flows()), field::<i64>(&row, 2), "{name} {outage}");
            delivery.set_capacity(outage, 0).unwrap();
            assert_eq!(delivery.solve(0, 1).unwrap(), field::<i64>(&row, 3), "{name} {outage}");
            delivery.set_capacity(outage, case.arcs[outage].upper).unwrap();
        }
    }
}

#[test]
fn floors_force_flow_and_can_make_a_problem_infeasible() {
    let arc = |from, to, lower, upper, cost| Arc { from, to, lower, upper, cost };
    // Two routes from 0 to 2; the dear one carries at least 3.
    let arcs = [arc(0, 2, 0, 10, 1), arc(0, 1, 3, 10, 5), arc(1, 2, 0, 10, 5)];
    let mut solver = Solver::new(&[8, 0, -8], &arcs).unwrap();
    assert_eq!(solver.solve().unwrap().cost, 5 + 30);
    assert_eq!(solver.flows(), [5, 3, 3]);
    solver.set_bounds(2, 0, 1).unwrap();
    let error = solver.solve().unwrap_err();
    assert_eq!(error, NetworkError::Infeasible { shortfall: 2, node: 1 });
    solver.set_bounds(1, 0, 10).unwrap();
    assert_eq!(solver.solve().unwrap().cost, 8);
}

#[test]
fn mistakes_are_errors() {
    let arc = Arc { from: 0, to: 1, lower: 0, upper: 5, cost: 1 };
    let bad = |supplies: &[i64], arc: Arc| Solver::new(supplies, &[arc]).unwrap_err();
    assert_eq!(bad(&[1], arc), NetworkError::NoSuchNode { node: 1, nodes: 1 });
    assert_eq!(bad(&[1, -1], Arc { lower: 6, ..arc }), NetworkError::BoundsCrossed { arc: 0, lower: 6, upper: 5 });
    assert!(matches!(bad(&[1, -1], Arc { cost: i64::MIN, ..arc }), NetworkError::TooLarge { .. }));
    let mut solver = Solver::new(&[2, -1], &[arc]).unwrap();
    assert_eq!(solver.solve(), Err(NetworkError::Unbalanced { total: 1 }));
    assert_eq!(solver.set_cost(7, 0), Err(NetworkError::NoSuchArc { arc: 7, arcs: 1 }));
    assert!(!solver.copy_basis_from(&Solver::new(&[0, 0, 0], &[arc]).unwrap()));
    assert_eq!(solver.set_costs(&[0, 0]), Err(NetworkError::NoSuchArc { arc: 1, arcs: 1 }));
    assert!(matches!(solver.set_costs(&[i64::MIN]), Err(NetworkError::TooLarge { index: 0, .. })));
    assert_eq!(solver.set_upper_bounds(&[-1]), Err(NetworkError::BoundsCrossed { arc: 0, lower: 0, upper: -1 }));
    let mut empty = Solver::new(&[], &[]).unwrap();
    assert_eq!(empty.solve().unwrap().cost, 0);
    let mut flow = MaxFlow::new(2, &[arc]).unwrap();
    assert_eq!(flow.solve(1, 1), Err(NetworkError::SameTerminals { node: 1 }));
    assert_eq!(flow.solve(0, 1), Ok(5));
    assert_eq!((flow.flow(0), flow.flow(1)), (Some(5), None));
}

#[test]
fn extreme_magnitudes_do_not_overflow() {
    let big = MAX_MAGNITUDE;
    let arcs: Vec<Arc> = (0..50).map(|v| Arc { from: v, to: v + 1, lower: -big, upper: big, cost: if v % 2 == 0 { big } else { -big } }).collect();
    let mut supplies = vec![0; 51];
    (supplies[0], supplies[50]) = (big, -big);
    let mut solver = Solver::new(&supplies, &arcs).unwrap();
    assert_eq!(solver.solve().unwrap().cost, 0);
    assert_optimal(&solver, &supplies, &arcs);
}

/// Least cost by successive shortest paths (Bellman-Ford), or `None` if infeasible: shares nothing with the simplex.
fn by_shortest_paths(supplies: &[i64], arcs: &[Arc]) -> Option<i128> {
    let n = supplies.len();
    let mut excess = supplies.to_vec();
    let mut cost = 0_i128;
    // Residual arcs (from, to, room, cost), forward and backward side by side.
    let mut residual: Vec<(usize, usize, i64, i64)> = Vec::new();
    for a in arcs {
        let start = if a.cost < 0 { a.upper } else { a.lower };
        cost += i128::from(start) * i128::from(a.cost);
        excess[a.from] -= start;
        excess[a.to] += start;
        residual.push((a.from, a.to, a.upper - start, a.cost));
        residual.push((a.to, a.from, start - a.lower, -a.cost));
    }
    while let Some(source) = (0..n).find(|&v| excess[v] > 0) {
        let mut distance = vec![i64::MAX; n];
        let mut via = vec![usize::MAX; n];
        distance[source] = 0;
        for _ in 0..n {
            for (e, &(u, v, room, c)) in residual.iter().enumerate() {
                if room > 0 && distance[u] < i64::MAX && distance[u] + c < distance[v] {
                    distance[v] = distance[u] + c;
                    via[v] = e;
                }
            }
        }
        let sink = (0..n).filter(|&v| excess[v] < 0 && distance[v] < i64::MAX).min_by_key(|&v| distance[v])?;
        let (mut v, mut amount) = (sink, excess[source].min(-excess[sink]));
        while v != source {
            amount = amount.min(residual[via[v]].2);
            v = residual[via[v]].0;
        }
        v = sink;
        while v != source {
            let e = via[v];
            residual[e].2 -= amount;
            residual[e ^ 1].2 += amount;
            v = residual[e].0;
        }
        cost += i128::from(amount) * i128::from(distance[sink]);
        excess[source] -= amount;
        excess[sink] += amount;
    }
    excess.iter().all(|&e| e == 0).then_some(cost)
}

prop_compose! {
    fn small_network()(n in 2_usize..9)(
        flows in prop::collection::vec((0..n, 0..n, -2_i64..4, 0_i64..12, -6_i64..20), 1..30),
        supplies in prop::collection::vec(-6_i64..7, n),
    ) -> (Vec<i64>, Vec<Arc>) {
        let mut supplies = supplies;
        let total: i64 = supplies.iter().sum();
        supplies[0] -= total;
        let arcs = flows
            .into_iter()
            .map(|(from, to, lower, width, cost)| Arc { from, to, lower, upper: lower + width, cost })
            .collect();
        (supplies, arcs)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn agrees_with_shortest_paths_cold_and_warm(
        (supplies, arcs) in small_network(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), -2_i64..4, 0_i64..12, -6_i64..20), 1..12),
    ) {
        let mut arcs = arcs;
        let mut warm = Solver::new(&supplies, &arcs).unwrap();
        for step in 0..=changes.len() {
            let found = warm.solve();
            let mut cold = Solver::new(&supplies, &arcs).unwrap();
            match by_shortest_paths(&supplies, &arcs) {
                Some(cost) => {
                    prop_assert_eq!(found.unwrap().cost, cost);
                    assert_optimal(&warm, &supplies, &arcs);
                    prop_assert_eq!(cold.solve().unwrap().cost, cost);
                }
                None => {
                    // The least shortfall is a property of the problem, so both starts report the same.
                    let shortfall = |e| match e {
                        Err(NetworkError::Infeasible { shortfall, .. }) => shortfall,
                        other => panic!("expected infeasible, got {other:?}"),
                    };
                    prop_assert_eq!(shortfall(found), shortfall(cold.solve()));
                }
            }
            if let Some((index, lower, width, cost)) = changes.get(step) {
                let a = index.index(arcs.len());
                arcs[a] = Arc { lower: *lower, upper: lower + width, cost: *cost, ..arcs[a] };
                if step % 2 == 0 {
                    warm.set_bounds(a, arcs[a].lower, arcs[a].upper).unwrap();
                    warm.set_cost(a, *cost).unwrap();
                } else {
                    // all at once; the floor first, under the highest bound, so that they do not cross on the way
                    warm.set_bounds(a, arcs[a].lower, MAX_MAGNITUDE).unwrap();
                    warm.set_upper_bounds(&arcs.iter().map(|arc| arc.upper).collect::<Vec<_>>()).unwrap();
                    warm.set_costs(&arcs.iter().map(|arc| arc.cost).collect::<Vec<_>>()).unwrap();
                }
            }
        }
    }

    #[test]
    fn amounts_near_the_limits_scale_exactly((supplies, arcs) in small_network()) {
        // Bounds reach 15 x 2^36 and costs 19 x 2^35, just inside the limits; overflow would panic here or change the cost.
        let (amount, price) = (1_i64 << 36, 1_i64 << 35);
        let large: Vec<Arc> = arcs
            .iter()
            .map(|a| Arc { lower: a.lower * amount, upper: a.upper * amount, cost: a.cost * price, ..*a })
            .collect();
        let scaled: Vec<i64> = supplies.iter().map(|s| s * amount).collect();
        let Ok(mut solver) = Solver::new(&scaled, &large) else {
            // The node that balances the others can have too large a supply.
            prop_assume!(false);
            return Ok(());
        };
        let found = solver.solve().ok().map(|o| o.cost);
        let expected = by_shortest_paths(&supplies, &arcs);
        prop_assert_eq!(found, expected.map(|c| c * i128::from(amount) * i128::from(price)));
    }

    #[test]
    fn maximum_flow_equals_minimum_cost_with_a_return_arc((supplies, arcs) in small_network()) {
        let n = supplies.len();
        let arcs: Vec<Arc> = arcs
            .into_iter()
            .map(|a| Arc { lower: 0, upper: a.upper.max(0), cost: 0, ..a })
            .collect();
        let mut circulation = arcs.clone();
        circulation.push(Arc { from: n - 1, to: 0, lower: 0, upper: 1000, cost: -1 });
        let mut solver = Solver::new(&vec![0; n], &circulation).unwrap();
        let cost = solver.solve().unwrap().cost;
        let total = MaxFlow::new(n, &arcs).unwrap().solve(0, n - 1).unwrap();
        prop_assert_eq!(i128::from(total), -cost);
    }
}
