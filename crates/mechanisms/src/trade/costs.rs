//! From closures, violence, roads and customs regimes to the appeal of every source of goods.

use oxus_kernel::LANES;
use oxus_math::{dispatch, exp};
use oxus_numerics::trade::HatAlgebra;

use super::base::{Base, Weights};
use super::equations as eq;
use super::ports::World;
use crate::rows::Row;

/// What the equilibrium depends on, beside the base: each a list of rows, one number for each lane.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Log size of each economy.
    pub size: Vec<Row>,
    /// Log cost at home of each state.
    pub home: Vec<Row>,
    /// Log cost, log demand of each power and state.
    pub cost: Vec<Row>,
    pub demand: Vec<Row>,
    /// Log cost of each border, of each province, for what crosses it.
    pub border: Vec<Row>,
    pub province: Vec<Row>,
    /// Membership of the customs union, part of the goods carved out, shift of the log odds of the way through, of each state.
    pub member: Vec<Row>,
    pub carved: Vec<Row>,
    pub passing: Vec<Row>,
}

impl Inputs {
    /// No change against the base.
    pub fn base(base: &Base) -> Self {
        let rows = |length: usize| vec![[0.0; LANES]; length];
        let (states, pairs) = (base.economy_of.len(), base.pairs.len());
        let mut inputs = Self {
            size: rows(base.n),
            home: rows(states),
            cost: rows(pairs),
            demand: rows(pairs),
            border: rows(base.borders),
            province: rows(base.provinces),
            member: rows(states),
            carved: rows(states),
            passing: rows(states),
        };
        for (member, economy) in inputs.member.iter_mut().zip(&base.economy_of) {
            *member = [economy.map_or(0.0, |e| base.union[e]); LANES];
        }
        inputs
    }

    /// Which lanes differ from `used` by more than the tolerance in any cost, each weighed by its part in the trade of the state it touches.
    pub fn moved(&self, used: &Self, weights: &Weights, tolerance: &Row) -> [bool; LANES] {
        let mut most = [0.0_f64; LANES];
        let mut compare = |now: &[Row], used: &[Row], weights: Option<&[f64]>| {
            for (i, (now, used)) in now.iter().zip(used).enumerate() {
                let weight = weights.map_or(1.0, |w| w[i]);
                for lane in 0..LANES {
                    most[lane] = most[lane].max(weight * (now[lane] - used[lane]).abs());
                }
            }
        };
        compare(&self.home, &used.home, None);
        compare(&self.member, &used.member, None);
        compare(&self.carved, &used.carved, None);
        compare(&self.cost, &used.cost, Some(&weights.pair));
        compare(&self.demand, &used.demand, Some(&weights.pair));
        compare(&self.border, &used.border, Some(&weights.border));
        compare(&self.province, &used.province, Some(&weights.province));
        std::array::from_fn(|lane| most[lane] > tolerance[lane])
    }

    /// Whether any lane's membership of the customs union differs from the base.
    fn customs_changed(&self, base: &Base) -> bool {
        let mut states = self.member.iter().zip(&base.economy_of);
        states.any(|(member, economy)| economy.is_some_and(|e| member.iter().any(|m| *m != base.union[e])))
    }

    /// Takes over the lanes flagged, sizes included.
    pub fn take(&mut self, from: &Self, lanes: [bool; LANES]) {
        let copy = |to: &mut Vec<Row>, from: &Vec<Row>| {
            for (to, from) in to.iter_mut().zip(from) {
                for lane in (0..LANES).filter(|l| lanes[*l]) {
                    to[lane] = from[lane];
                }
            }
        };
        copy(&mut self.size, &from.size);
        copy(&mut self.home, &from.home);
        copy(&mut self.cost, &from.cost);
        copy(&mut self.demand, &from.demand);
        copy(&mut self.border, &from.border);
        copy(&mut self.province, &from.province);
        copy(&mut self.member, &from.member);
        copy(&mut self.carved, &from.carved);
        copy(&mut self.passing, &from.passing);
    }
}

dispatch! {
    /// Exponentials of a list, in its place.
    fn exp_in_place(values: &mut [f64]) {
        for x in values {
            *x = exp(*x);
        }
    }
}

/// Parameters by lane, read at the start of a run.
#[derive(Clone, Debug, Default)]
pub struct Constants {
    pub world: Vec<World>,
    pub variety: Row,
    pub theta: Vec<Row>,
    pub common_tariff: Vec<Row>,
    pub own_tariff: Vec<Row>,
    pub clearance: Vec<Row>,
}

/// Log cost of every ordered pair, `[from][to]`, without tariffs.
pub fn pair_costs(base: &Base, inputs: &Inputs, constants: &Constants, costs: &mut [Row]) {
    let n = base.n;
    costs.fill([0.0; LANES]);
    let add = |cell: &mut Row, by: &Row, share: f64| (0..LANES).for_each(|lane| cell[lane] += share * by[lane]);
    for (s, economy) in base.economy_of.iter().enumerate() {
        let Some(e) = *economy else { continue };
        for other in (0..n).filter(|o| *o != e) {
            add(&mut costs[e * n + other], &inputs.home[s], 1.0);
            add(&mut costs[other * n + e], &inputs.home[s], 1.0);
        }
    }
    for (pair, cost) in base.pairs.iter().zip(&inputs.cost) {
        if let Some((state, power)) = *pair {
            add(&mut costs[state * n + power], cost, 1.0);
            add(&mut costs[power * n + state], cost, 1.0);
        }
    }
    for (cell, border, share) in &base.over {
        add(&mut costs[*cell], &inputs.border[*border], *share);
    }
    for (cell, province, share) in &base.through {
        add(&mut costs[*cell], &inputs.province[*province], *share);
    }
    if !inputs.customs_changed(base) {
        return;
    }
    for from in 0..n {
        for to in (0..n).filter(|to| *to != from) {
            if base.state_of[from].is_some() || base.state_of[to].is_some() {
                for lane in 0..LANES {
                    let (a, b) = (member(base, inputs, from, lane), member(base, inputs, to, lane));
                    let joint = a * b - base.union[from] * base.union[to];
                    costs[from * n + to][lane] -= joint * constants.world[lane].control_saved;
                }
            }
        }
    }
}

/// Membership of an economy now.
fn member(base: &Base, inputs: &Inputs, economy: usize, lane: usize) -> f64 {
    base.state_of[economy].map_or(base.union[economy], |s| inputs.member[s][lane])
}

/// Log tariff of the union on what `to` buys from `from`.
fn tariff(base: &Base, inputs: &Inputs, constants: &Constants, (group, from, to): (usize, usize, usize), lane: usize) -> f64 {
    let Some(s) = base.state_of[to] else { return 0.0 };
    let outside = |m: f64, seller: f64| m * (1.0 - seller);
    let entered = outside(member(base, inputs, to, lane), member(base, inputs, from, lane)) - outside(base.union[to], base.union[from]);
    let kept = 1.0 - inputs.carved[s][lane];
    eq::tariff(entered, constants.world[lane].lines * kept, constants.common_tariff[group][lane], constants.own_tariff[s][lane])
}

/// Weights of the ways of goods passed on, and the sum over all ways of each cell that has some.
pub fn ways(base: &Base, inputs: &Inputs, constants: &Constants, costs: &[Row], weights: &mut [Row], sums: &mut [Row]) {
    let n = base.n;
    for (i, p) in base.passed.iter().enumerate() {
        let direct: f64 = base.passed.iter().filter(|q| same(p, q)).fold(1.0, |rest, q| rest - q.share).max(0.0);
        for lane in 0..LANES {
            let (world, into) = (&constants.world[lane], (p.group, p.origin, p.destination));
            let straight = costs[p.origin * n + p.destination][lane] + tariff(base, inputs, constants, into, lane);
            sums[i][lane] = eq::way(direct, world.route_sensitivity, straight, 0.0);
            let enters = costs[p.origin * n + p.hub][lane] + tariff(base, inputs, constants, (p.group, p.origin, p.hub), lane);
            let leaves = costs[p.hub * n + p.destination][lane];
            let (lost, shift) = base.state_of[p.hub].map_or((0.0, 0.0), |s| {
                let entry = (inputs.member[s][lane] - base.union[p.hub]) * (1.0 - inputs.carved[s][lane]);
                (constants.clearance[s][lane] * world.lines * entry, inputs.passing[s][lane])
            });
            weights[i][lane] = eq::way(p.share, world.route_sensitivity, enters + leaves + lost, shift);
        }
    }
    for (i, p) in base.passed.iter().enumerate() {
        for (q, weight) in base.passed.iter().zip(weights.iter()).filter(|(q, _)| same(p, q)) {
            debug_assert!(q.share >= 0.0);
            (0..LANES).for_each(|lane| sums[i][lane] += weight[lane]);
        }
    }
}

fn same(p: &super::base::Passed, q: &super::base::Passed) -> bool {
    (p.group, p.origin, p.destination) == (q.group, q.origin, q.destination)
}

/// Writes cost factors and sizes of the solver.
pub fn hand_over(base: &Base, inputs: &Inputs, constants: &Constants, costs: &[Row], sums: &[Row], solver: &mut HatAlgebra<Row>) {
    let n = base.n;
    let customs = inputs.customs_changed(base);
    let shifts = solver.cost_factors_mut();
    for group in 0..base.groups {
        for from in 0..n {
            for to in 0..n {
                let cell = base.cell(group, from, to);
                let (theta, cost, size) = (&constants.theta[group], &costs[from * n + to], &inputs.size[from]);
                shifts[cell] = std::array::from_fn(|lane| constants.variety[lane] * size[lane] - theta[lane] * cost[lane]);
                if customs && from != to {
                    for lane in 0..LANES {
                        shifts[cell][lane] -= theta[lane] * tariff(base, inputs, constants, (group, from, to), lane);
                    }
                }
            }
        }
    }
    for (p, sum) in base.passed.iter().zip(sums) {
        let cell = base.cell(p.group, p.origin, p.destination);
        for lane in 0..LANES {
            let world = &constants.world[lane];
            let over = eq::over_ways(sum[lane], world.route_sensitivity);
            shifts[cell][lane] = world.variety * inputs.size[p.origin][lane] - constants.theta[p.group][lane] * over;
        }
    }
    for (pair, demand) in base.pairs.iter().zip(&inputs.demand) {
        let Some((state, power)) = *pair else { continue };
        for group in 0..base.groups {
            let cell = base.cell(group, power, state);
            (0..LANES).for_each(|lane| shifts[cell][lane] += demand[lane]);
        }
    }
    exp_in_place(shifts.as_flattened_mut());
    for (size, log) in solver.sizes_mut().iter_mut().zip(&inputs.size) {
        *size = std::array::from_fn(|lane| exp(log[lane]));
    }
}
