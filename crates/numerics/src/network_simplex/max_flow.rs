//! Maximum flow by shortest augmenting paths in level graphs (Dinic 1970).

use super::{Arc, MAX_ARCS, MAX_NODES, NetworkError, within_limits};

/// A maximum-flow problem over fixed arcs with changeable capacities; re-solving allocates nothing.
///
/// Oracle: `tests/reference/network_flow` (OR-Tools `SimpleMaxFlow`).
#[derive(Clone, Debug)]
pub struct MaxFlow {
    nodes: usize,
    capacity: Vec<i64>,
    // Arc a has the residual arcs 2a (forward) and 2a + 1 (backward).
    head: Vec<usize>,
    residual: Vec<i64>,
    // Residual arcs sorted by tail: those of node v are at[first[v]..first[v + 1]].
    first: Vec<usize>,
    at: Vec<usize>,
    level: Vec<usize>,
    next: Vec<usize>,
    queue: Vec<usize>,
    path: Vec<usize>,
}

const UNSEEN: usize = usize::MAX;

impl MaxFlow {
    /// A problem over nodes `0..nodes`; upper bounds are the capacities, costs do not matter.
    ///
    /// # Errors
    /// A network beyond the limits, an arc to a node that does not exist, a negative capacity, or a lower bound
    /// other than 0.
    pub fn new(nodes: usize, arcs: &[Arc]) -> Result<Self, NetworkError> {
        if nodes > MAX_NODES || arcs.len() > MAX_ARCS {
            return Err(NetworkError::TooBig { nodes, arcs: arcs.len() });
        }
        let mut first = vec![0; nodes + 1];
        let mut head = Vec::with_capacity(2 * arcs.len());
        for (index, arc) in arcs.iter().enumerate() {
            for node in [arc.from, arc.to] {
                if node >= nodes {
                    return Err(NetworkError::NoSuchNode { node, nodes });
                }
                first[node + 1] += 1;
            }
            if arc.lower != 0 {
                return Err(NetworkError::FloorInMaxFlow { arc: index, lower: arc.lower });
            }
            head.extend([arc.to, arc.from]);
        }
        for v in 0..nodes {
            first[v + 1] += first[v];
        }
        let (mut free, mut at) = (first.clone(), vec![0; head.len()]);
        for (index, arc) in arcs.iter().enumerate() {
            for (tail, residual_arc) in [(arc.from, 2 * index), (arc.to, 2 * index + 1)] {
                at[free[tail]] = residual_arc;
                free[tail] += 1;
            }
        }
        let mut problem = MaxFlow {
            nodes,
            capacity: vec![0; arcs.len()],
            residual: vec![0; head.len()],
            head,
            first,
            at,
            level: vec![UNSEEN; nodes],
            next: vec![0; nodes],
            queue: Vec::with_capacity(nodes),
            path: Vec::with_capacity(nodes),
        };
        for (index, arc) in arcs.iter().enumerate() {
            problem.set_capacity(index, arc.upper)?;
        }
        Ok(problem)
    }

    /// Sets the capacity of `arc`; 0 closes it.
    ///
    /// # Errors
    /// No such arc, a negative capacity, or one beyond [`super::MAX_MAGNITUDE`].
    pub fn set_capacity(&mut self, arc: usize, capacity: i64) -> Result<(), NetworkError> {
        let arcs = self.capacity.len();
        if arc >= arcs {
            return Err(NetworkError::NoSuchArc { arc, arcs });
        }
        within_limits("capacity of arc", arc, capacity)?;
        if capacity < 0 {
            return Err(NetworkError::BoundsCrossed { arc, lower: 0, upper: capacity });
        }
        self.capacity[arc] = capacity;
        Ok(())
    }

    /// The largest amount that can go from `source` to `sink`.
    ///
    /// # Errors
    /// No such node, or the two are the same.
    pub fn solve(&mut self, source: usize, sink: usize) -> Result<i64, NetworkError> {
        for node in [source, sink] {
            if node >= self.nodes {
                return Err(NetworkError::NoSuchNode { node, nodes: self.nodes });
            }
        }
        if source == sink {
            return Err(NetworkError::SameTerminals { node: source });
        }
        for (arc, &capacity) in self.capacity.iter().enumerate() {
            self.residual[2 * arc] = capacity;
            self.residual[2 * arc + 1] = 0;
        }
        let mut total = 0;
        while self.build_levels(source, sink) {
            self.next.copy_from_slice(&self.first[..self.nodes]);
            self.path.clear();
            while self.extend_path(source, sink) {
                total += self.augment();
            }
        }
        Ok(total)
    }

    /// The flow on `arc` after [`MaxFlow::solve`]; `None` if there is no such arc.
    pub fn flow(&self, arc: usize) -> Option<i64> {
        self.residual.get(2 * arc + 1).copied()
    }

    /// Labels nodes with their distance to the sink; false when the source cannot reach it.
    ///
    /// Distances are taken backwards so that the search for paths, which starts at the source, meets few dead ends.
    fn build_levels(&mut self, source: usize, sink: usize) -> bool {
        self.level.fill(UNSEEN);
        self.level[sink] = 0;
        self.queue.clear();
        self.queue.push(sink);
        let mut taken = 0;
        while taken < self.queue.len() {
            let node = self.queue[taken];
            taken += 1;
            for &arc in &self.at[self.first[node]..self.first[node + 1]] {
                // The arc that leads from the other end to this node.
                let from = self.head[arc];
                if self.residual[arc ^ 1] > 0 && self.level[from] == UNSEEN {
                    self.level[from] = self.level[node] + 1;
                    if from == source {
                        return true;
                    }
                    self.queue.push(from);
                }
            }
        }
        false
    }

    /// Extends the path to the sink over falling distances; dead ends are never tried again in this phase. False when there is no path left.
    fn extend_path(&mut self, source: usize, sink: usize) -> bool {
        let mut node = self.path.last().map_or(source, |&arc| self.head[arc]);
        while node != sink {
            if self.next[node] < self.first[node + 1] {
                let arc = self.at[self.next[node]];
                let to = self.head[arc];
                if self.residual[arc] > 0 && self.level[to] != UNSEEN && self.level[to] + 1 == self.level[node] {
                    self.path.push(arc);
                    node = to;
                } else {
                    self.next[node] += 1;
                }
            } else {
                let Some(arc) = self.path.pop() else {
                    return false;
                };
                node = self.head[arc ^ 1];
                self.next[node] += 1;
            }
        }
        true
    }

    /// Sends what the path can take, and cuts the path back to before its first full arc.
    fn augment(&mut self) -> i64 {
        let amount = self.path.iter().map(|&arc| self.residual[arc]).min().unwrap_or(0);
        let mut kept = self.path.len();
        for (place, &arc) in self.path.iter().enumerate().rev() {
            self.residual[arc] -= amount;
            self.residual[arc ^ 1] += amount;
            if self.residual[arc] == 0 {
                kept = place;
            }
        }
        self.path.truncate(kept);
        amount
    }
}
