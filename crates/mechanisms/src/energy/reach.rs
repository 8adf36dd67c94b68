//! How much of a contract the network can carry physically, from where it is handed in to where it is handed over.
//!
//! Dispatch lets sellers exchange molecules. Without a limit a broken line would be bridged by exchanges between contracts that nobody
//! arranges within a month; so a contract is served at most by what the lines between its two ends can carry: a maximum flow by
//! augmenting ways (Ford and Fulkerson), over the few edges that lie between. Oracle: `MaxFlow` of `oxus_numerics`.

use super::dispatch::{Shape, limit_deal};

/// Limits of contracts; those of the intact network are kept while its capacities stay as they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    capacity: Vec<i64>,
    /// Limits found so far with these capacities.
    limit: Vec<Option<i64>>,
    open: Vec<bool>,
    /// By contract: edges on some way from its start to its end.
    between: Vec<Vec<usize>>,
    /// By contract: edges of one way from its start to its end. Mostly they carry all of it, and no flow need be sought.
    way: Vec<Vec<usize>>,
    left: Vec<i64>,
    via: Vec<Option<(usize, bool)>>,
    seen: [Vec<bool>; 2],
}

impl Reach {
    /// Lowers the bounds of all contracts to what the intact network can carry. The first bounds of arcs are the edges'.
    pub fn limit_intact(&mut self, shape: &Shape, bound: &mut [i64]) {
        let deals = shape.deals.len();
        if self.capacity != bound[..shape.ends.len()] || self.limit.len() != deals {
            self.capacity.clear();
            self.capacity.extend_from_slice(&bound[..shape.ends.len()]);
            self.limit.clear();
            self.limit.resize(deals, None);
            let same = self.open.len() == self.capacity.len() && self.open.iter().zip(&self.capacity).all(|(open, c)| *open == (*c > 0));
            if !same {
                self.open.clear();
                self.open.extend(self.capacity.iter().map(|c| *c > 0));
                for list in [&mut self.between, &mut self.way] {
                    list.resize_with(deals, Vec::new);
                }
                (0..deals).for_each(|k| self.find_between(shape, k));
            }
        }
        for k in 0..deals {
            let asked = bound[shape.firm(k)] + bound[shape.free(k)];
            if asked == 0 || self.carries(k, bound, asked) {
                continue;
            }
            let limit = match self.limit[k] {
                Some(limit) => limit,
                None => {
                    let limit = self.flow(shape, k, bound, i64::MAX);
                    *self.limit[k].insert(limit)
                }
            };
            limit_deal(shape, bound, k, limit);
        }
    }

    /// Whether the way at hand carries all that is asked.
    fn carries(&self, k: usize, bound: &[i64], asked: i64) -> bool {
        !self.way[k].is_empty() && self.way[k].iter().all(|e| bound[*e] >= asked)
    }

    /// Whether one of these arcs lies on a way of the contract.
    pub fn touched(&self, k: usize, changes: &[(usize, i64)]) -> bool {
        changes.iter().any(|(arc, _)| self.between[k].binary_search(arc).is_ok())
    }

    /// Edges that can be reached from the contract's start and from which its end can be reached.
    fn find_between(&mut self, shape: &Shape, k: usize) {
        let deal = &shape.deals[k];
        for (seen, start) in self.seen.iter_mut().zip([deal.from, deal.to]) {
            seen.clear();
            seen.resize(shape.pool_of.len(), false);
            seen[start] = true;
        }
        loop {
            let mut changed = false;
            for (_, [from, to]) in shape.ends.iter().enumerate().filter(|(e, _)| self.open[*e]) {
                for (side, a, b) in [(0, *from, *to), (1, *to, *from)] {
                    if self.seen[side][a] && !self.seen[side][b] {
                        self.seen[side][b] = true;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let (open, seen) = (&self.open, &self.seen);
        let lies = |e: &usize| open[*e] && seen[0][shape.ends[*e][0]] && seen[1][shape.ends[*e][1]];
        self.between[k].clear();
        self.between[k].extend((0..shape.ends.len()).filter(lies));
    }

    /// Maximum flow between the ends of a contract, no more than `enough`. Where both ends are one node there is no limit.
    pub fn flow(&mut self, shape: &Shape, k: usize, bound: &[i64], enough: i64) -> i64 {
        let (from, to) = (shape.deals[k].from, shape.deals[k].to);
        if from == to || self.carries(k, bound, enough) {
            return enough;
        }
        self.left.resize(2 * shape.ends.len(), 0);
        for &e in &self.between[k] {
            (self.left[2 * e], self.left[2 * e + 1]) = (bound[e], 0);
        }
        let mut total = 0;
        while total < enough && self.search(shape, k, from, to) {
            if total == 0 {
                self.remember(shape, k);
            }
            let mut room = enough - total;
            self.walk(shape, from, to, |left| room = room.min(*left), |_| ());
            self.walk(shape, from, to, |left| *left -= room, |back| *back += room);
            total += room;
        }
        total
    }

    /// Search for a way with room, by passes over the edges between.
    fn search(&mut self, shape: &Shape, k: usize, from: usize, to: usize) -> bool {
        self.via.clear();
        self.via.resize(shape.pool_of.len(), None);
        loop {
            let mut changed = false;
            for &e in &self.between[k] {
                let [a, b] = shape.ends[e];
                for (forward, u, v) in [(true, a, b), (false, b, a)] {
                    let reached = u == from || self.via[u].is_some();
                    if reached && v != from && self.via[v].is_none() && self.left[2 * e + usize::from(!forward)] > 0 {
                        self.via[v] = Some((e, forward));
                        changed = true;
                    }
                }
            }
            if self.via[to].is_some() || !changed {
                return self.via[to].is_some();
            }
        }
    }

    /// Remembers the way just found. The first of a search goes along its edges and never against them.
    fn remember(&mut self, shape: &Shape, k: usize) {
        let (from, mut v) = (shape.deals[k].from, shape.deals[k].to);
        self.way[k].clear();
        while v != from
            && let Some((e, _)) = self.via[v]
        {
            self.way[k].push(e);
            v = shape.ends[e][0];
        }
    }

    /// Visits the room along the way found, and the room against it.
    fn walk(&mut self, shape: &Shape, from: usize, to: usize, mut along: impl FnMut(&mut i64), mut against: impl FnMut(&mut i64)) {
        let mut v = to;
        while v != from {
            let Some((e, forward)) = self.via[v] else {
                return;
            };
            along(&mut self.left[2 * e + usize::from(!forward)]);
            against(&mut self.left[2 * e + usize::from(forward)]);
            v = shape.ends[e][usize::from(!forward)]; // where the way came from
        }
    }
}
