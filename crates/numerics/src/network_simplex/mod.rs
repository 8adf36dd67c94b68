//! Minimum-cost flow by the primal network simplex method, exact in integers.
//!
//! A basis is a spanning tree hung from an artificial root. It is kept *strongly feasible* (from every node a positive amount can be sent to
//! the root along the tree), which rules out cycling. The entering arc is the most violating one of the first block of arcs that has any;
//! the leaving arc is the last blocking arc of the cycle, walked in the direction of its flow from the apex.
//!
//! Sources: Cunningham, "A network simplex method", Mathematical Programming 11 (1976); Ahuja, Magnanti and Orlin, *Network Flows* (1993),
//! chapter 11. Oracle: `tests/reference/network_flow` (OR-Tools, HiGHS, networkx).
//!
//! Re-solving starts from the tree of the last optimum. Changed costs leave that tree feasible. Changed bounds or supplies may not: then one
//! pass from the leaves to the root sets each tree arc that no longer fits to its nearest bound and hangs what was below it from the root by
//! an artificial arc, which the following pivots drive out. Nothing is allocated after [`Solver::new`].
//!
//! Limits: at most 2^20 nodes and 2^21 arcs; bounds, supplies and costs within ±2^40. Inside these no sum can overflow 64 bits (the artificial
//! cost is at most 2^60, a potential at most 2^61); total cost is a 128-bit sum.

mod max_flow;
mod pivot;
mod tree;

#[cfg(test)]
mod tests;

pub use max_flow::MaxFlow;

use tree::Tree;

/// Largest number of nodes of a network.
pub const MAX_NODES: usize = 1 << 20;
/// Largest number of arcs of a network.
pub const MAX_ARCS: usize = 1 << 21;
/// Largest magnitude of a bound, a supply or a unit cost.
pub const MAX_MAGNITUDE: i64 = 1 << 40;

/// A directed arc that carries an integer flow between `lower` and `upper` at `cost` per unit.
///
/// Parallel arcs, self-loops, floors (`lower > 0`) and negative lower bounds or costs are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arc {
    /// Node the flow leaves.
    pub from: usize,
    /// Node the flow enters.
    pub to: usize,
    /// Least flow.
    pub lower: i64,
    /// Greatest flow.
    pub upper: i64,
    /// Cost of one unit.
    pub cost: i64,
}

/// Why a network could not be built or solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// More nodes or arcs than the method is made for.
    #[error("the network has {nodes} nodes and {arcs} arcs; at most {MAX_NODES} and {MAX_ARCS} are supported")]
    TooBig {
        /// Nodes given.
        nodes: usize,
        /// Arcs given.
        arcs: usize,
    },
    /// A node number that is not in the network.
    #[error("node {node} does not exist; the network has {nodes} nodes, numbered from 0")]
    NoSuchNode {
        /// The number given.
        node: usize,
        /// How many nodes there are.
        nodes: usize,
    },
    /// An arc number that is not in the network.
    #[error("arc {arc} does not exist; the network has {arcs} arcs, numbered from 0")]
    NoSuchArc {
        /// The number given.
        arc: usize,
        /// How many arcs there are.
        arcs: usize,
    },
    /// A lower bound above the upper bound.
    #[error("arc {arc} must carry at least {lower} and at most {upper}")]
    BoundsCrossed {
        /// The arc.
        arc: usize,
        /// Its lower bound.
        lower: i64,
        /// Its upper bound.
        upper: i64,
    },
    /// A bound, supply, capacity or cost beyond [`MAX_MAGNITUDE`].
    #[error("{what} {index} is {value}; magnitudes up to {MAX_MAGNITUDE} are supported, so rescale the unit")]
    TooLarge {
        /// Which quantity: "lower bound of arc", "supply of node", ...
        what: &'static str,
        /// Arc or node number.
        index: usize,
        /// Value given.
        value: i64,
    },
    /// Supplies that do not sum to zero.
    #[error("supplies sum to {total}, not 0; add an arc for surplus or shortage")]
    Unbalanced {
        /// The sum of supplies.
        total: i64,
    },
    /// No flow meets all supplies and bounds.
    #[error("no flow satisfies all supplies and bounds: at least {shortfall} units cannot be routed (first at node {node})")]
    Infeasible {
        /// Least total amount that cannot be routed.
        shortfall: i64,
        /// Lowest-numbered node where an amount is left over or missing.
        node: usize,
    },
    /// A floor in a maximum-flow problem, which starts from no flow.
    #[error("arc {arc} must carry at least {lower}; a maximum flow is defined here for lower bounds of 0")]
    FloorInMaxFlow {
        /// The arc.
        arc: usize,
        /// Its lower bound.
        lower: i64,
    },
    /// A maximum flow was asked for between a node and itself.
    #[error("source and sink are the same node, {node}")]
    SameTerminals {
        /// The node.
        node: usize,
    },
}

/// What a solve found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Optimum {
    /// Total cost, the sum of cost times flow over all arcs.
    pub cost: i128,
    /// Pivots made, a measure of work.
    pub pivots: u64,
}

/// Where an arc stands relative to the basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i8)]
enum Place {
    /// Out of the tree, flow at the upper bound.
    AtUpper = -1,
    /// In the tree.
    Basic = 0,
    /// Out of the tree, flow at the lower bound.
    AtLower = 1,
}

/// A minimum-cost flow problem with the basis of its last solve.
///
/// Among several optimal flows the one returned depends on the basis the solve starts from. Where results must not depend on history, call
/// [`Solver::forget_basis`] or [`Solver::copy_basis_from`] first.
#[derive(Clone, Debug)]
pub struct Solver {
    nodes: usize,
    arcs: usize,
    supply: Vec<i64>,
    // One entry per arc, then one artificial arc per node.
    // End nodes, from and to; small numbers, since pricing reads them all the time.
    ends: Vec<[u32; 2]>,
    lower: Vec<i64>,
    upper: Vec<i64>,
    cost: Vec<i64>,
    flow: Vec<i64>,
    place: Vec<Place>,
    tree: Tree,
    potential: Vec<i64>,
    // Whether the costs of the artificial arcs are those for the present costs.
    artificial_priced: bool,
    // Scratch, kept so that a re-solve allocates nothing.
    excess: Vec<i64>,
    order: Vec<usize>,
    // Arcs that a search for the entering arc looks at together, and where the next search begins.
    block: usize,
    next_block: usize,
}

/// Upper bound of artificial arcs: above every amount that can meet in one node.
const ARTIFICIAL_CAPACITY: i64 = 1 << 62;

impl Solver {
    /// A problem over nodes `0..supplies.len()`, where `supplies[v]` is what node `v` sends out net (negative: takes in).
    ///
    /// # Errors
    /// A network beyond the limits, an arc to a node that does not exist, or crossed bounds. Balance is checked by [`Solver::solve`].
    pub fn new(supplies: &[i64], arcs: &[Arc]) -> Result<Self, NetworkError> {
        let (nodes, count) = (supplies.len(), arcs.len());
        if nodes > MAX_NODES || count > MAX_ARCS {
            return Err(NetworkError::TooBig { nodes, arcs: count });
        }
        let all = count + nodes;
        let mut solver = Solver {
            nodes,
            arcs: count,
            supply: vec![0; nodes],
            ends: vec![[0; 2]; all],
            lower: vec![0; all],
            upper: vec![ARTIFICIAL_CAPACITY; all],
            cost: vec![0; all],
            flow: vec![0; all],
            place: vec![Place::AtLower; all],
            tree: Tree::new(nodes + 1),
            potential: vec![0; nodes + 1],
            artificial_priced: false,
            excess: vec![0; nodes + 1],
            order: Vec::with_capacity(nodes + 1),
            // About sqrt(arcs) balances the cost of searching against the number of pivots.
            block: count.isqrt().max(16).min(count),
            next_block: 0,
        };
        for (node, &amount) in supplies.iter().enumerate() {
            solver.set_supply(node, amount)?;
        }
        for (index, arc) in arcs.iter().enumerate() {
            for node in [arc.from, arc.to] {
                if node >= nodes {
                    return Err(NetworkError::NoSuchNode { node, nodes });
                }
            }
            solver.ends[index] = [arc.from as u32, arc.to as u32];
            solver.set_bounds(index, arc.lower, arc.upper)?;
            solver.set_cost(index, arc.cost)?;
        }
        solver.forget_basis();
        Ok(solver)
    }

    /// Sets what `node` sends out net.
    ///
    /// # Errors
    /// No such node, or an amount beyond [`MAX_MAGNITUDE`].
    pub fn set_supply(&mut self, node: usize, amount: i64) -> Result<(), NetworkError> {
        if node >= self.nodes {
            return Err(NetworkError::NoSuchNode { node, nodes: self.nodes });
        }
        within_limits("supply of node", node, amount)?;
        self.supply[node] = amount;
        Ok(())
    }

    /// Sets the least and greatest flow of `arc`; both 0 closes it.
    ///
    /// # Errors
    /// No such arc, crossed bounds, or a bound beyond [`MAX_MAGNITUDE`].
    pub fn set_bounds(&mut self, arc: usize, lower: i64, upper: i64) -> Result<(), NetworkError> {
        self.check_arc(arc)?;
        within_limits("lower bound of arc", arc, lower)?;
        within_limits("upper bound of arc", arc, upper)?;
        if lower > upper {
            return Err(NetworkError::BoundsCrossed { arc, lower, upper });
        }
        self.lower[arc] = lower;
        self.upper[arc] = upper;
        Ok(())
    }

    /// Sets the cost of one unit on `arc`.
    ///
    /// # Errors
    /// No such arc, or a cost beyond [`MAX_MAGNITUDE`].
    pub fn set_cost(&mut self, arc: usize, cost: i64) -> Result<(), NetworkError> {
        self.check_arc(arc)?;
        within_limits("cost of arc", arc, cost)?;
        self.cost[arc] = cost;
        self.artificial_priced = false;
        Ok(())
    }

    /// Sets the greatest flow of all arcs at once, in their order.
    ///
    /// # Errors
    /// Those of [`Solver::set_bounds`], and [`NetworkError::NoSuchArc`] for a list of another length; nothing is changed then.
    pub fn set_upper_bounds(&mut self, upper: &[i64]) -> Result<(), NetworkError> {
        self.check_all("upper bound of arc", upper)?;
        let crossed = upper.iter().zip(&self.lower).position(|(upper, lower)| lower > upper);
        if let Some(arc) = crossed {
            return Err(NetworkError::BoundsCrossed { arc, lower: self.lower[arc], upper: upper[arc] });
        }
        self.upper[..self.arcs].copy_from_slice(upper);
        Ok(())
    }

    /// Sets the cost of one unit on all arcs at once, in their order.
    ///
    /// # Errors
    /// Those of [`Solver::set_cost`], and [`NetworkError::NoSuchArc`] for a list of another length; nothing is changed then.
    pub fn set_costs(&mut self, cost: &[i64]) -> Result<(), NetworkError> {
        self.check_all("cost of arc", cost)?;
        self.cost[..self.arcs].copy_from_slice(cost);
        self.artificial_priced = false;
        Ok(())
    }

    fn check_all(&self, what: &'static str, values: &[i64]) -> Result<(), NetworkError> {
        if values.len() != self.arcs {
            return Err(NetworkError::NoSuchArc { arc: values.len().max(self.arcs) - 1, arcs: values.len().min(self.arcs) });
        }
        match values.iter().position(|value| !(-MAX_MAGNITUDE..=MAX_MAGNITUDE).contains(value)) {
            None => Ok(()),
            Some(index) => Err(NetworkError::TooLarge { what, index, value: values[index] }),
        }
    }

    /// Drops the basis of the last solve: the next one starts from artificial arcs only.
    pub fn forget_basis(&mut self) {
        self.place[..self.arcs].fill(Place::AtLower);
        self.place[self.arcs..].fill(Place::Basic);
        self.tree.star(self.arcs);
        self.next_block = 0;
    }

    /// Takes over the basis of `other`, a solver for a network of the same size, so that the next solve starts where `other` ended.
    ///
    /// Returns false, and changes nothing, when the sizes or the end nodes of arcs differ. Copying allocates nothing.
    #[must_use]
    pub fn copy_basis_from(&mut self, other: &Solver) -> bool {
        let same = self.nodes == other.nodes && self.ends[..self.arcs] == other.ends[..other.arcs];
        if same {
            self.place.copy_from_slice(&other.place);
            self.tree.copy_from(&other.tree);
            self.next_block = other.next_block;
        }
        same
    }

    /// Finds a flow of least cost, starting from the basis of the last solve.
    ///
    /// # Errors
    /// [`NetworkError::Unbalanced`] or [`NetworkError::Infeasible`]; after either, flows and potentials are not a solution, but changing the
    /// problem and solving again is fine.
    pub fn solve(&mut self) -> Result<Optimum, NetworkError> {
        let pivots = self.optimise()?;
        let cost = (0..self.arcs).map(|a| i128::from(self.cost[a]) * i128::from(self.flow[a])).sum();
        Ok(Optimum { cost, pivots })
    }

    /// As [`Solver::solve`], for those who want the flows and not what they cost; returns the pivots made.
    ///
    /// # Errors
    /// Those of [`Solver::solve`].
    pub fn optimise(&mut self) -> Result<u64, NetworkError> {
        let total: i64 = self.supply.iter().sum();
        if total != 0 {
            return Err(NetworkError::Unbalanced { total });
        }
        if !self.artificial_priced {
            self.price_artificial_arcs();
            self.artificial_priced = true;
        }
        self.restore_flows();
        self.restore_potentials();
        let pivots = self.pivot_to_optimum();
        self.check_feasible()?;
        Ok(pivots)
    }

    /// The flow on each arc at the last optimum.
    pub fn flows(&self) -> &[i64] {
        &self.flow[..self.arcs]
    }

    /// The potential of `node` relative to `reference` at the last optimum: the change of total cost per extra unit supplied at `node` and
    /// taken at `reference` (the price at `node` is its negative). Not unique where the basis is degenerate.
    ///
    /// # Errors
    /// No such node.
    pub fn potential(&self, node: usize, reference: usize) -> Result<i64, NetworkError> {
        for n in [node, reference] {
            if n >= self.nodes {
                return Err(NetworkError::NoSuchNode { node: n, nodes: self.nodes });
            }
        }
        Ok(self.potential[node] - self.potential[reference])
    }

    /// Cost of one more unit on `arc`, all else adjusted: `cost - potential(from) + potential(to)`.
    ///
    /// At the optimum it is at least 0 where flow can rise and at most 0 where flow can fall (complementary slackness).
    ///
    /// # Errors
    /// No such arc.
    pub fn reduced_cost(&self, arc: usize) -> Result<i64, NetworkError> {
        self.check_arc(arc)?;
        Ok(self.reduced(arc))
    }

    fn reduced(&self, arc: usize) -> i64 {
        let [from, to] = self.ends(arc);
        self.cost[arc] - self.potential[from] + self.potential[to]
    }

    fn ends(&self, arc: usize) -> [usize; 2] {
        self.ends[arc].map(|node| node as usize)
    }

    fn check_arc(&self, arc: usize) -> Result<(), NetworkError> {
        if arc < self.arcs { Ok(()) } else { Err(NetworkError::NoSuchArc { arc, arcs: self.arcs }) }
    }

    fn check_feasible(&self) -> Result<(), NetworkError> {
        // What is left over at some nodes is missing at others, so each unit is counted on two artificial arcs.
        let (mut unrouted, mut first) = (0_i64, None);
        for node in 0..self.nodes {
            let amount = self.flow[self.arcs + node];
            if amount > 0 {
                first = first.or(Some(node));
            }
            unrouted += amount;
        }
        match first {
            None => Ok(()),
            Some(node) => Err(NetworkError::Infeasible { shortfall: unrouted / 2, node }),
        }
    }
}

fn within_limits(what: &'static str, index: usize, value: i64) -> Result<(), NetworkError> {
    if (-MAX_MAGNITUDE..=MAX_MAGNITUDE).contains(&value) { Ok(()) } else { Err(NetworkError::TooLarge { what, index, value }) }
}
