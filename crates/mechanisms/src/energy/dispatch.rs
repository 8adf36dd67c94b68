//! Dispatch of one commodity: who gets what, month by month, as a least-cost circulation.
//!
//! Every state is a pool. What its fields produce leaves the pool, flows along the edges, and comes back to the pool of the state that
//! sells it: at home as domestic demand, abroad as a contract. So each seller sells what it produces and no more, while the network may
//! exchange molecules on the way (swaps), and the whole is a minimum-cost circulation in integers, solved by the network simplex method.
//! All sellers outside the states share one pool. A contract is limited to what can be carried between its ends ([`super::reach`]).
//!
//! Serving is worth `rank * step`, with `step` above the sum of all transport costs: no cost of transport outweighs serving one more
//! unit, and a higher rank goes before a lower one. A tiny extra cost, hashed from the arc's name, makes the optimum unique, so that
//! the answer does not depend on the basis from which the solver starts.

use oxus_kernel::LANES;
use oxus_numerics::network_simplex::{Arc, NetworkError, Solver};
use oxus_random::mix64;

use super::reach::Reach;

/// Transport costs are compared in tenths of a dollar a unit.
const COST_UNITS: f64 = 10.0;
/// Rank of domestic demand where exports go first, of the free part of a contract of priority 9, of its firm part, and of domestic
/// demand where home goes first. Priorities 1 to 9 add 8 to 0.
const HOME_LAST: i64 = 1;
const FREE: i64 = 2;
const FIRM: i64 = 12;
const HOME_FIRST: i64 = 21;

/// A contract as dispatch sees it.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    /// Node where the volume is handed in; only the tariff depends on it.
    pub from: usize,
    /// Node where it is handed over.
    pub to: usize,
    /// Pool of the seller.
    pub pool: usize,
    /// 1 (served first) to 9.
    pub priority: i64,
}

/// The shape of a network: what does not change within a run.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// End nodes of the edges.
    pub ends: Vec<[usize; 2]>,
    /// Pool of each node.
    pub pool_of: Vec<usize>,
    /// Number of pools.
    pub pools: usize,
    /// Contracts.
    pub deals: Vec<Deal>,
    /// Stable keys of edges, nodes and contracts.
    pub keys: [Vec<u64>; 3],
}

impl Shape {
    /// Arc of an edge.
    pub fn edge(&self, e: usize) -> usize {
        e
    }

    /// Arc of a node's supply.
    pub fn supply(&self, n: usize) -> usize {
        self.ends.len() + n
    }

    /// Arc of a node's domestic demand.
    pub fn home(&self, n: usize) -> usize {
        self.ends.len() + self.pool_of.len() + n
    }

    /// Arc of the part of a contract under its take-or-pay floor.
    pub fn firm(&self, k: usize) -> usize {
        self.ends.len() + 2 * self.pool_of.len() + k
    }

    /// Arc of the part of a contract above its floor.
    pub fn free(&self, k: usize) -> usize {
        self.firm(k) + self.deals.len()
    }

    /// Number of arcs.
    pub fn arcs(&self) -> usize {
        self.ends.len() + 2 * (self.pool_of.len() + self.deals.len())
    }

    /// Volume of a contract that a flow delivers.
    pub fn delivered(&self, flow: &[i64], k: usize) -> i64 {
        flow[self.firm(k)] + flow[self.free(k)]
    }

    fn solver(&self) -> Result<Solver, NetworkError> {
        let n = self.pool_of.len();
        let arc = |from, to| Arc { from, to, lower: 0, upper: 0, cost: 0 };
        let mut arcs: Vec<Arc> = self.ends.iter().map(|e| arc(e[0], e[1])).collect();
        arcs.extend(self.pool_of.iter().enumerate().map(|(v, p)| arc(n + p, v)));
        arcs.extend(self.pool_of.iter().enumerate().map(|(v, p)| arc(v, n + p)));
        for _ in 0..2 {
            arcs.extend(self.deals.iter().map(|d| arc(d.to, n + d.pool)));
        }
        Solver::new(&vec![0; n + self.pools], &arcs)
    }

    /// A number for each arc that depends on names only.
    fn hashes(&self) -> Vec<u64> {
        let [edges, nodes, deals] = &self.keys;
        let kinds = [edges, nodes, nodes, deals, deals];
        kinds.iter().enumerate().flat_map(|(kind, keys)| keys.iter().map(move |k| mix64(*k, kind as u64))).collect()
    }
}

/// What one member's month asks of the network, in solver units.
#[derive(Clone, Debug, Default)]
pub(super) struct Month {
    /// Upper bound of every arc, nothing broken and nothing cut.
    pub intact: Vec<i64>,
    /// Transport cost of every edge.
    pub edge_cost: Vec<f64>,
    /// Edges with technical outages: arc and bound left.
    pub technical: Vec<(usize, i64)>,
    /// Edges that were attacked: arc and bound left after technical outages and attacks.
    pub attacked: Vec<(usize, i64)>,
    /// Contracts cut off: arc and bound left.
    pub cut: Vec<(usize, i64)>,
    /// By pool: whether home goes before exports.
    pub home_first: Vec<bool>,
}

/// Where the flows of one month stand as causes are let in one after the other: intact, with technical outages, with attacks, with
/// decisions. Read with [`Dispatcher::flow`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stages {
    month: usize,
    /// By stage: the stage and lane whose optimum holds.
    at: [(usize, usize); 4],
}

/// A network with its solvers, the optima it remembers and its buffers.
#[derive(Clone, Debug)]
pub(super) struct Dispatcher {
    shape: Shape,
    hashes: Vec<u64>,
    /// One solver each for the intact network, the broken one, and where home goes first: each starts near its next optimum.
    solvers: [Held; 3],
    /// The last optimum of each month, stage and lane: the next case of the same members meets most of them again, and in calm months the
    /// lanes of a block share theirs.
    kept: Vec<[Shelf; 4]>,
    home_first: Vec<i64>,
    export_first: Vec<i64>,
    /// Costs of the edges as given, and in tenths of a dollar.
    edge_cost: Vec<f64>,
    units: Vec<i64>,
    /// Worth of one rank, and number of binary digits kept for the extra cost that makes optima unique.
    step: i64,
    digits: u32,
    priced: bool,
    bound: Vec<i64>,
    tariffs: Tariffs,
    reach: Reach,
    /// No flow at all, for members that failed.
    nothing: Vec<i64>,
    /// Solves made so far, a measure of work.
    pub solves: u64,
}

/// The optima of one month and stage, by lane.
#[derive(Clone, Debug, Default)]
struct Shelf {
    /// The sum over the bounds of each, which tells most that differ apart; side by side, since all of them are looked at.
    sums: [i64; LANES],
    kept: [Kept; LANES],
}

impl Shelf {
    fn answers(&self, lane: usize, sum: i64, bound: &[i64], units: &[i64], first: &[bool]) -> bool {
        self.sums[lane] == sum && self.kept[lane].answers(bound, units, first)
    }
}

/// An optimum with all that it depends on, so that a match is always right.
#[derive(Clone, Debug, Default)]
struct Kept {
    bound: Vec<i64>,
    /// Costs of the edges, and the pools that put home first.
    units: Vec<i64>,
    first: Vec<bool>,
    flow: Vec<i64>,
}

impl Kept {
    fn answers(&self, bound: &[i64], units: &[i64], first: &[bool]) -> bool {
        self.bound == bound && self.units == units && self.first == first
    }

    fn replace(&mut self, bound: &[i64], units: &[i64], first: &[bool], flow: &[i64]) {
        let copy = |to: &mut Vec<i64>, from: &[i64]| {
            to.clear();
            to.extend_from_slice(from);
        };
        copy(&mut self.bound, bound);
        copy(&mut self.units, units);
        copy(&mut self.flow, flow);
        self.first.clear();
        self.first.extend_from_slice(first);
    }
}

impl Dispatcher {
    /// Prepares the solver of a network for a run of `months`.
    ///
    /// # Errors
    /// A network beyond the solver's limits.
    pub fn new(shape: Shape, months: usize) -> Result<Self, NetworkError> {
        let arcs = shape.arcs();
        let held = Held { solver: shape.solver()?, bound: vec![0; arcs], cost: vec![0; arcs], solved_for: None };
        Ok(Self {
            hashes: shape.hashes(),
            solvers: [held.clone(), held.clone(), held],
            kept: vec![Default::default(); months],
            nothing: vec![0; arcs],
            home_first: Vec::with_capacity(arcs),
            export_first: vec![0; arcs],
            edge_cost: Vec::with_capacity(shape.ends.len()),
            units: Vec::with_capacity(shape.ends.len()),
            step: 1,
            digits: 0,
            priced: false,
            bound: Vec::with_capacity(arcs),
            tariffs: Tariffs::default(),
            reach: Reach::default(),
            solves: 0,
            shape,
        })
    }

    /// Solves the month of one lane stage by stage; the lanes of a block in their order. A stage is solved again only where it can differ: an
    /// optimum that still fits within smaller bounds is still the optimum, and a higher worth of demand that is met changes nothing.
    ///
    /// # Errors
    /// Volumes or costs beyond the solver's limits.
    pub fn month(&mut self, t: usize, lane: usize, month: &Month, stages: &mut Stages) -> Result<(), NetworkError> {
        self.price(&month.edge_cost)?;
        self.bound.clear();
        self.bound.extend_from_slice(&month.intact);
        let shape = &self.shape;
        self.reach.limit_intact(shape, &mut self.bound);
        *stages = Stages { month: t, at: [(0, self.intact(t, lane)?); 4] };
        for (stage, changes) in [(1, &month.technical), (2, &month.attacked), (3, &month.cut)] {
            stages.at[stage] = stages.at[stage - 1];
            let (before, held) = stages.at[stage - 1];
            let flow = &self.kept[t][before].kept[held].flow;
            let mut stale = false;
            for &(arc, left) in changes {
                self.bound[arc] = left.min(self.bound[arc]);
                stale |= flow[arc] > left;
            }
            if stage < 3 && !changes.is_empty() {
                stale |= limit_deals(&self.shape, &mut self.reach, &mut self.bound, changes, flow);
            }
            let home = stage == 3 && self.home_short(month, self.flow(stages, 2));
            if stale || home {
                if stage == 3 {
                    self.decided(t, lane, &month.home_first)?;
                } else {
                    self.solve(t, stage, lane, BROKEN, &[])?;
                }
                stages.at[stage] = (stage, lane);
            }
        }
        Ok(())
    }

    /// Flow of every arc at a stage, 0 to 3; the last is what happens. Holds until the next month is solved.
    pub fn flow(&self, stages: &Stages, stage: usize) -> &[i64] {
        let (stage, lane) = stages.at[stage];
        let flow = self.kept.get(stages.month).map_or(&[][..], |kept| &kept[stage].kept[lane].flow);
        if flow.is_empty() { &self.nothing } else { flow }
    }

    /// The lane whose intact month is this one: this lane's as it was in the last case, one before it in the block, or a new solution.
    fn intact(&mut self, t: usize, lane: usize) -> Result<usize, NetworkError> {
        let (shelf, sum) = (&self.kept[t][0], self.sum());
        let same = |j: &usize| shelf.answers(*j, sum, &self.bound, &self.units, &[]);
        // not the lanes that come after: they may be solved anew within this month
        match (0..=lane).rev().find(same) {
            Some(found) => Ok(found),
            None => self.solve_anew(t, 0, lane, INTACT, &[], sum).map(|()| lane),
        }
    }

    /// Transport from where each contract is handed in to where it is handed over, by the cheapest open way, dollars a unit.
    pub fn tariffs(&mut self, month: &Month) -> &[f64] {
        self.tariffs.of(&self.shape, month)
    }

    /// Whether a pool that puts home first is short at home, so that its allocation matters.
    fn home_short(&self, month: &Month, flow: &[i64]) -> bool {
        let short = |v: usize| flow[self.shape.home(v)] < month.intact[self.shape.home(v)];
        self.shape.pool_of.iter().enumerate().any(|(v, p)| month.home_first[*p] && short(v))
    }

    /// Solves where some pools may put home first.
    fn decided(&mut self, t: usize, lane: usize, first: &[bool]) -> Result<(), NetworkError> {
        let (low, high) = (self.worth(HOME_LAST), self.worth(HOME_FIRST));
        self.home_first.clear();
        self.home_first.extend_from_slice(&self.export_first);
        for (v, _) in self.shape.pool_of.iter().enumerate().filter(|(_, p)| first[**p]) {
            self.home_first[self.shape.home(v)] += low - high;
        }
        self.solve(t, 3, lane, HOME, first)
    }

    fn worth(&self, rank: i64) -> i64 {
        (rank * self.step) << self.digits
    }

    /// Costs of all arcs where exports go first; kept while the edges' costs stay as they are.
    fn price(&mut self, edge_cost: &[f64]) -> Result<(), NetworkError> {
        let units = |c: &f64| (c * COST_UNITS).round() as i64;
        if self.priced && self.edge_cost == edge_cost {
            return Ok(());
        }
        self.priced = false;
        self.edge_cost.clear();
        self.edge_cost.extend_from_slice(edge_cost);
        self.units.clear();
        self.units.extend(edge_cost.iter().map(units));
        let step = self.units.iter().fold(1_i64, |a, b| a.saturating_add(b.saturating_abs()));
        let Some(digits) = digits(step) else {
            return Err(NetworkError::TooLarge { what: "sum of costs, at edge", index: 0, value: step });
        };
        (self.step, self.digits) = (step, digits);
        let tie = |h: u64| (h >> (64 - (digits - 7))) as i64;
        let shape = &self.shape;
        for (arc, cost) in self.export_first.iter_mut().enumerate() {
            *cost = tie(self.hashes[arc]);
        }
        for (e, u) in self.units.iter().enumerate() {
            self.export_first[shape.edge(e)] += u << digits;
        }
        for v in 0..shape.pool_of.len() {
            self.export_first[shape.home(v)] -= (HOME_LAST * step) << digits;
        }
        for (k, deal) in shape.deals.iter().enumerate() {
            let place = 9 - deal.priority.clamp(1, 9);
            self.export_first[shape.firm(k)] -= ((FIRM + place) * step) << digits;
            self.export_first[shape.free(k)] -= ((FREE + place) * step) << digits;
        }
        self.priced = true;
        Ok(())
    }

    /// Makes sure that the optimum for the present bounds is kept.
    fn solve(&mut self, t: usize, stage: usize, lane: usize, who: usize, first: &[bool]) -> Result<(), NetworkError> {
        let sum = self.sum();
        if self.kept[t][stage].answers(lane, sum, &self.bound, &self.units, first) {
            return Ok(());
        }
        self.solve_anew(t, stage, lane, who, first, sum)
    }

    /// Solves for the present bounds, whose sum is `sum`. The solver of a stage starts from the basis of the stage before, if that was solved
    /// for this month: the two differ by little.
    fn solve_anew(&mut self, t: usize, stage: usize, lane: usize, who: usize, first: &[bool], sum: i64) -> Result<(), NetworkError> {
        self.solves += 1;
        let cost = if who == HOME { &self.home_first } else { &self.export_first };
        let (before, solver) = self.solvers.split_at_mut(who);
        let solver = &mut solver[0];
        if let Some(near) = before.iter().rev().find(|held| held.solved_for == Some(t)) {
            solver.start_from(near);
        }
        solver.solved_for = Some(t);
        let flow = solver.solve(&self.bound, cost)?;
        let shelf = &mut self.kept[t][stage];
        shelf.sums[lane] = sum;
        shelf.kept[lane].replace(&self.bound, &self.units, first, flow);
        Ok(())
    }

    fn sum(&self) -> i64 {
        self.bound.iter().fold(0, |sum, bound| sum.wrapping_add(*bound))
    }
}

/// Solvers: exports go first in the intact and in the broken network; home goes first in the pools that say so.
const INTACT: usize = 0;
const BROKEN: usize = 1;
const HOME: usize = 2;

/// A solver and the bounds and costs that it holds.
#[derive(Clone, Debug)]
struct Held {
    solver: Solver,
    bound: Vec<i64>,
    cost: Vec<i64>,
    /// Month of its last problem.
    solved_for: Option<usize>,
}

impl Held {
    /// Takes over the basis of another solver of the same network.
    fn start_from(&mut self, near: &Held) {
        let same = self.solver.copy_basis_from(&near.solver);
        debug_assert!(same, "internal: the solvers are of one network");
    }

    fn solve(&mut self, bound: &[i64], cost: &[i64]) -> Result<&[i64], NetworkError> {
        if self.bound != bound {
            self.solver.set_upper_bounds(bound)?;
            self.bound.copy_from_slice(bound);
        }
        if self.cost != cost {
            self.solver.set_costs(cost)?;
            self.cost.copy_from_slice(cost);
        }
        self.solver.optimise()?;
        Ok(self.solver.flows())
    }
}

/// Limits the contracts on whose ways something changed; whether one of them carried more than is left.
fn limit_deals(shape: &Shape, reach: &mut Reach, bound: &mut [i64], changes: &[(usize, i64)], flow: &[i64]) -> bool {
    let mut stale = false;
    for k in 0..shape.deals.len() {
        let asked = bound[shape.firm(k)] + bound[shape.free(k)];
        if asked > 0 && reach.touched(k, changes) {
            let limit = reach.flow(shape, k, bound, asked);
            limit_deal(shape, bound, k, limit);
            stale |= flow[shape.firm(k)] > bound[shape.firm(k)] || flow[shape.free(k)] > bound[shape.free(k)];
        }
    }
    stale
}

/// Lowers the bounds of a contract to what can be carried; the part above the floor goes first.
pub(super) fn limit_deal(shape: &Shape, bound: &mut [i64], k: usize, limit: i64) {
    let (firm, free) = (shape.firm(k), shape.free(k));
    bound[firm] = bound[firm].min(limit);
    bound[free] = bound[free].min(limit - bound[firm]);
}

/// Number of binary digits kept for the extra cost that makes optima unique, where a rank is worth `step`.
fn digits(step: i64) -> Option<u32> {
    // 21 ranks of one step each, in numbers up to 2^40
    let largest = (HOME_FIRST + 1).checked_mul(step)?;
    let free = 39_u32.checked_sub(64 - largest.leading_zeros())?;
    (free >= 12).then_some(free.min(24))
}

/// Cheapest ways, recomputed only when a cost changes or an edge opens or closes.
#[derive(Clone, Debug, Default)]
struct Tariffs {
    cost: Vec<f64>,
    open: Vec<bool>,
    by_deal: Vec<f64>,
    distance: Vec<f64>,
}

impl Tariffs {
    fn of(&mut self, shape: &Shape, month: &Month) -> &[f64] {
        let open = |e: usize| month.intact[shape.edge(e)] > 0;
        // all edges are looked at, which is faster than to stop at the first that differs
        let same = self.open.iter().zip(&month.intact).fold(true, |same, (open, bound)| same & (*open == (*bound > 0)));
        if !same || self.cost != month.edge_cost || self.by_deal.len() != shape.deals.len() {
            self.cost.clone_from(&month.edge_cost);
            self.open.clear();
            self.open.extend((0..shape.ends.len()).map(open));
            self.by_deal.clear();
            for deal in &shape.deals {
                let way = self.cheapest(shape, deal);
                self.by_deal.push(way);
            }
        }
        &self.by_deal
    }

    /// Bellman and Ford's method; 0 where there is no open way (then little can be delivered, by exchange alone).
    fn cheapest(&mut self, shape: &Shape, deal: &Deal) -> f64 {
        self.distance.clear();
        self.distance.resize(shape.pool_of.len(), f64::INFINITY);
        self.distance[deal.from] = 0.0;
        for _ in 1..shape.pool_of.len() {
            let mut changed = false;
            for (e, [from, to]) in shape.ends.iter().enumerate() {
                let through = self.distance[*from] + self.cost[e].max(0.0);
                if self.open[e] && through < self.distance[*to] {
                    self.distance[*to] = through;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        let found = self.distance[deal.to];
        if found.is_finite() { found } else { 0.0 }
    }
}
