//! Dispatch against OR-Tools, and what makes it independent of history.

use std::path::PathBuf;

use oxus_numerics::network_simplex::{Arc, MaxFlow};
use proptest::prelude::*;

use crate::energy::dispatch::{Deal, Dispatcher, Month, Shape, Stages};
use crate::energy::reach::Reach;

fn table(name: &str) -> Vec<Vec<String>> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../tests/reference/network_flow", name].iter().collect();
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.lines().skip(1).map(|l| l.split(',').map(str::to_owned).collect()).collect()
}

struct Reference {
    shape: Shape,
    month: Month,
    /// Number of each of our edges in the reference's list.
    arc: Vec<usize>,
    /// Worth that the reference gives one unit of each contract.
    penalty: Vec<i64>,
}

/// The reference network in our terms: one seller; a field is a node of its own, so that its cost of production is an edge's.
fn reference() -> Reference {
    let arcs = table("central_asia_arcs.csv");
    let number = |row: &[String], i: usize| row[i].parse::<i64>().unwrap();
    let nodes = table("central_asia_nodes.csv").len();
    let (mut ends, mut caps, mut costs, mut arc, mut fields) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in arcs.iter().filter(|r| r[5] == "prod" || r[5] == "pipe") {
        let (from, to) = (number(row, 1) as usize, number(row, 2) as usize);
        let from = if row[5] == "prod" {
            fields.push(number(row, 3));
            nodes + fields.len() - 1
        } else {
            from
        };
        ends.push([from, to]);
        caps.push(number(row, 3));
        costs.push(number(row, 4) as f64);
        arc.push(number(row, 0) as usize);
    }
    let mut penalties: Vec<i64> = arcs.iter().filter(|r| r[5] == "shed").map(|r| number(r, 4)).collect();
    penalties.sort_unstable();
    let mut deals = Vec::new();
    let (mut penalty, mut demand) = (Vec::new(), Vec::new());
    for row in arcs.iter().filter(|r| r[5] == "shed") {
        let place = penalties.iter().position(|p| *p == number(row, 4)).unwrap();
        let to = number(row, 2) as usize;
        deals.push(Deal { from: to, to, pool: 0, priority: 9 - (place * 9 / penalties.len()) as i64 });
        penalty.push(number(row, 4));
        demand.push(number(row, 3));
    }
    let all = nodes + fields.len();
    let keys = |n: usize, salt: u64| (0..n as u64).map(|i| oxus_random::mix64(salt, i)).collect::<Vec<_>>();
    let keys = [keys(ends.len(), 1), keys(all, 2), keys(deals.len(), 3)];
    let mut intact = caps;
    intact.extend(std::iter::repeat_n(0, nodes));
    intact.extend(fields);
    intact.extend(std::iter::repeat_n(0, all + deals.len()));
    intact.extend(&demand);
    let month = Month { intact, edge_cost: costs, home_first: vec![false], ..Month::default() };
    Reference { shape: Shape { ends, pool_of: vec![0; all], pools: 1, deals, keys }, month, arc, penalty }
}

impl Reference {
    /// The reference's objective of a flow of ours, and the demand shed.
    fn cost(&self, flow: &[i64]) -> (i64, i64) {
        let transport: i64 = self.month.edge_cost.iter().zip(flow).map(|(c, f)| *c as i64 * f).sum();
        let shed = |k: usize| self.month.intact[self.shape.free(k)] - flow[self.shape.free(k)];
        let penalties: i64 = (0..self.penalty.len()).map(|k| self.penalty[k] * shed(k)).sum();
        (transport + penalties, (0..self.penalty.len()).map(shed).sum())
    }
}

#[test]
fn cost_equals_or_tools_on_the_reference_network() {
    let mut r = reference();
    let mut dispatcher = Dispatcher::new(r.shape.clone(), 1).unwrap();
    let mut stages = Stages::default();
    dispatcher.month(0, 0, &r.month, &mut stages).unwrap();
    assert_eq!(r.cost(dispatcher.flow(&stages, 3)), (849_445, 5), "the intact network, by OR-Tools, HiGHS and networkx");
    let rows = table("central_asia_n1.csv");
    assert_eq!(rows.len(), 36);
    for row in rows {
        let [arc, cost, shed] = [0, 1, 2].map(|i| row[i].parse::<i64>().unwrap());
        let edge = r.arc.iter().position(|a| *a == arc as usize).unwrap();
        r.month.technical = vec![(edge, 0)];
        dispatcher.month(0, 0, &r.month, &mut stages).unwrap();
        // Nineteen penalties fall into nine priorities here; in none of these outages does that change what is shed.
        assert_eq!(r.cost(dispatcher.flow(&stages, 3)), (cost, shed), "outage of {arc}");
    }
}

#[test]
fn answers_do_not_depend_on_what_was_solved_before() {
    let r = reference();
    let fresh = |technical: Vec<(usize, i64)>| {
        let mut d = Dispatcher::new(r.shape.clone(), 1).unwrap();
        let mut stages = Stages::default();
        d.month(0, 0, &Month { technical, ..r.month.clone() }, &mut stages).unwrap();
        d.flow(&stages, 3).to_vec()
    };
    let mut used = Dispatcher::new(r.shape.clone(), 1).unwrap();
    let mut stages = Stages::default();
    for first in 0..r.shape.ends.len() {
        for second in [0, 7, 19, 33] {
            let technical = vec![(first, 0), (second, r.month.intact[second] / 2)];
            let month = Month { technical: technical.clone(), ..r.month.clone() };
            used.month(0, 0, &month, &mut stages).unwrap();
            assert_eq!(used.flow(&stages, 3), fresh(technical), "outages {first}, {second}");
        }
    }
}

#[test]
fn an_outage_that_does_not_bind_is_not_solved_again() {
    let mut r = reference();
    let mut dispatcher = Dispatcher::new(r.shape.clone(), 1).unwrap();
    let mut stages = Stages::default();
    dispatcher.month(0, 0, &r.month, &mut stages).unwrap();
    assert_eq!(dispatcher.solves, 1);
    let idle = (0..r.shape.ends.len()).find(|e| dispatcher.flow(&stages, 3)[*e] == 0).unwrap();
    r.month.technical = vec![(idle, 0)];
    dispatcher.month(0, 0, &r.month, &mut stages).unwrap();
    assert_eq!(dispatcher.solves, 1, "the same month again, without an idle line");
    let busy = (0..r.shape.ends.len()).find(|e| dispatcher.flow(&stages, 3)[*e] > 0).unwrap();
    r.month.technical = vec![(busy, 0)];
    dispatcher.month(0, 0, &r.month, &mut stages).unwrap();
    assert_eq!(dispatcher.solves, 2);
}

proptest! {
    #[test]
    fn what_a_contract_can_get_is_the_maximum_flow(
        ends in prop::collection::vec((0_usize..7, 0_usize..7, 0_i64..20), 1..25),
        broken in any::<prop::sample::Index>(),
        (from, to) in (0_usize..7, 0_usize..7).prop_filter("two nodes", |(a, b)| a != b),
        asked in prop::collection::vec((0_i64..25, 0_i64..25), 4),
    ) {
        let deal = Deal { from, to, pool: 0, priority: 1 };
        let keys = [vec![0; ends.len()], vec![0; 7], vec![0]];
        let shape = Shape { ends: ends.iter().map(|e| [e.0, e.1]).collect(), pool_of: vec![0; 7], pools: 1, deals: vec![deal], keys };
        let by_numerics = |caps: &[i64]| {
            let arcs: Vec<Arc> = ends.iter().zip(caps).map(|(e, c)| Arc { from: e.0, to: e.1, lower: 0, upper: *c, cost: 0 }).collect();
            MaxFlow::new(7, &arcs).unwrap().solve(from, to).unwrap()
        };
        let mut caps: Vec<i64> = ends.iter().map(|e| e.2).collect();
        let mut reach = Reach::default();
        // what is asked changes, capacities stay and change: whatever is remembered of the last question, the answer is the maximum flow
        let mut limited = |caps: &[i64], (firm, free): (i64, i64)| {
            let mut bound = vec![0; shape.arcs()];
            bound[..caps.len()].copy_from_slice(caps);
            (bound[shape.firm(0)], bound[shape.free(0)]) = (firm, free);
            reach.limit_intact(&shape, &mut bound);
            (bound[shape.firm(0)], bound[shape.free(0)])
        };
        let whole = by_numerics(&caps);
        for (firm, free) in &asked {
            let kept = (*firm).min(whole);
            prop_assert_eq!(limited(&caps, (*firm, *free)), (kept, (*free).min(whole - kept)));
        }
        let half: Vec<i64> = caps.iter().map(|c| (c + 1) / 2).collect();
        let less = by_numerics(&half);
        for (firm, free) in &asked {
            let kept = (*firm).min(less);
            prop_assert_eq!(limited(&half, (*firm, *free)), (kept, (*free).min(less - kept)));
        }
        limited(&caps, (0, 0));
        let edge = broken.index(ends.len());
        caps[edge] /= 2;
        let left = by_numerics(&caps);
        prop_assert_eq!(reach.flow(&shape, 0, &caps, i64::MAX), left);
        prop_assert_eq!(reach.flow(&shape, 0, &caps, 3), left.min(3));
        prop_assert!(left == whole || reach.touched(0, &[(edge, caps[edge])]));
    }
}
