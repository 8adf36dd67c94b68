//! Restoring a basis and pivoting it to the optimum.

use super::{Place, Solver};

impl Solver {
    /// Gives artificial arcs a cost above that of any path of real arcs, so that they carry flow only if they must.
    pub(super) fn price_artificial_arcs(&mut self) {
        let largest = self.cost[..self.arcs].iter().map(|c| c.abs()).max().unwrap_or(0);
        let price = largest * self.nodes as i64 + 1;
        self.cost[self.arcs..].fill(price);
    }

    /// Computes the flows that the basis implies under present bounds and supplies, and repairs the basis where they do not fit.
    pub(super) fn restore_flows(&mut self) {
        self.excess[..self.nodes].copy_from_slice(&self.supply);
        self.excess[self.nodes] = 0;
        for arc in 0..self.arcs {
            let amount = match self.place[arc] {
                Place::Basic => continue,
                Place::AtLower => self.lower[arc],
                Place::AtUpper => self.upper[arc],
            };
            self.flow[arc] = amount;
            if amount != 0 {
                let [from, to] = self.ends(arc);
                self.excess[from] -= amount;
                self.excess[to] += amount;
            }
        }
        self.flow[self.arcs..].fill(0);

        let root = self.tree.root();
        self.order.clear();
        let mut next = self.tree.next_below(root, root);
        while let Some(node) = next {
            self.order.push(node);
            next = self.tree.next_below(node, root);
        }
        // Children before parents: what a subtree has over must pass through the arc above it.
        for position in (0..self.order.len()).rev() {
            self.settle(self.order[position]);
        }
    }

    /// Sends the excess of `node` over its tree arc; what does not fit goes to the root by an artificial arc that takes the place of the tree arc.
    fn settle(&mut self, node: usize) {
        let (arc, upward, over) = (self.tree.arc[node], self.tree.upward[node], self.excess[node]);
        if arc >= self.arcs {
            return self.settle_artificial(node, over);
        }
        let wanted = if upward { over } else { -over };
        let (lower, upper) = (self.lower[arc], self.upper[arc]);
        // Strong feasibility: some more can be sent from the node to the root.
        let fits = if upward { lower <= wanted && wanted < upper } else { lower < wanted && wanted <= upper };
        let amount = wanted.clamp(lower, upper);
        let moved = if upward { amount } else { -amount };
        self.flow[arc] = amount;
        self.excess[self.tree.parent[node]] += moved;
        if !fits {
            self.place[arc] = if amount == lower { Place::AtLower } else { Place::AtUpper };
            let artificial = self.arcs + node;
            self.tree.detach(node);
            self.tree.attach(node, self.tree.root(), artificial, true);
            self.place[artificial] = Place::Basic;
            self.settle_artificial(node, over - moved);
        }
    }

    /// Points the artificial arc of `node` the way its flow goes; towards the root when there is none.
    fn settle_artificial(&mut self, node: usize, over: i64) {
        let (artificial, root) = (self.arcs + node, self.tree.root());
        let upward = over >= 0;
        self.ends[artificial] = if upward { [node, root] } else { [root, node] }.map(|node| node as u32);
        self.tree.upward[node] = upward;
        self.flow[artificial] = over.abs();
    }

    /// Computes depths and potentials from the root down: tree arcs have reduced cost 0.
    ///
    /// In the order in which flows were restored: what was hung from the root since then still comes after its parent.
    pub(super) fn restore_potentials(&mut self) {
        self.potential[self.tree.root()] = 0;
        for &node in &self.order {
            let (parent, cost) = (self.tree.parent[node], self.cost[self.tree.arc[node]]);
            let step = if self.tree.upward[node] { cost } else { -cost };
            self.potential[node] = self.potential[parent] + step;
            self.tree.depth[node] = self.tree.depth[parent] + 1;
        }
    }

    /// Pivots until no arc violates optimality; returns the number of pivots.
    pub(super) fn pivot_to_optimum(&mut self) -> u64 {
        let mut pivots = 0;
        while let Some(entering) = self.find_entering() {
            self.pivot(entering);
            pivots += 1;
        }
        pivots
    }

    /// The most violating arc of the first block, from where the last search ended, that has one.
    ///
    /// Artificial arcs are never candidates: one that has left the basis carries no flow and is not needed again.
    fn find_entering(&mut self) -> Option<usize> {
        let arcs = self.arcs;
        if arcs == 0 {
            return None;
        }
        let potential = &self.potential[..];
        let (mut start, mut seen) = (self.next_block, 0);
        while seen < arcs {
            let end = (start + self.block).min(arcs).min(start + arcs - seen);
            let (mut worst, mut found) = (0, None);
            let arcs_of_block = self.cost[start..end].iter().zip(&self.place[start..end]).zip(&self.ends[start..end]);
            for (offset, ((cost, place), [from, to])) in arcs_of_block.enumerate() {
                let violation = (cost - potential[*from as usize] + potential[*to as usize]) * *place as i64;
                if violation < worst {
                    (worst, found) = (violation, Some(start + offset));
                }
            }
            seen += end - start;
            start = if end == arcs { 0 } else { end };
            if found.is_some() {
                self.next_block = start;
                return found;
            }
        }
        None
    }

    /// Brings `entering` into the basis: pushes flow round its cycle until an arc blocks, which leaves.
    fn pivot(&mut self, entering: usize) {
        // Flow is pushed tail -> head over the entering arc, then head -> apex -> tail through the tree.
        let [from, to] = self.ends(entering);
        let (tail, head) = if self.place[entering] == Place::AtUpper { (to, from) } else { (from, to) };
        let apex = self.apex(tail, head);
        let mut amount = self.upper[entering] - self.lower[entering];
        let mut blocking = None;
        // The last blocking arc counts: on the way down to the tail that is the one nearest the tail (and before the entering arc),
        // on the way up from the head the one nearest the apex (and after it).
        let mut node = tail;
        while node != apex {
            let room = self.room(node, false);
            if room < amount {
                amount = room;
                blocking = Some((node, tail, head));
            }
            node = self.tree.parent[node];
        }
        node = head;
        while node != apex {
            let room = self.room(node, true);
            if room <= amount {
                amount = room;
                blocking = Some((node, head, tail));
            }
            node = self.tree.parent[node];
        }
        self.push_round_cycle(entering, tail, head, apex, amount);
        match blocking {
            None => {
                self.place[entering] = match self.place[entering] {
                    Place::AtUpper => Place::AtLower,
                    _ => Place::AtUpper,
                };
            }
            Some((top, inside, outside)) => self.exchange(entering, top, inside, outside),
        }
    }

    /// The lowest common ancestor of two nodes.
    fn apex(&self, mut a: usize, mut b: usize) -> usize {
        let depth = &self.tree.depth;
        while a != b {
            if depth[a] >= depth[b] {
                a = self.tree.parent[a];
            } else {
                b = self.tree.parent[b];
            }
        }
        a
    }

    /// How much more can pass between `node` and its parent, towards the parent if `up`.
    fn room(&self, node: usize, up: bool) -> i64 {
        let arc = self.tree.arc[node];
        if self.tree.upward[node] == up { self.upper[arc] - self.flow[arc] } else { self.flow[arc] - self.lower[arc] }
    }

    fn push_round_cycle(&mut self, entering: usize, tail: usize, head: usize, apex: usize, amount: i64) {
        if amount == 0 {
            return;
        }
        self.flow[entering] += if self.place[entering] == Place::AtUpper { -amount } else { amount };
        for (start, up) in [(tail, false), (head, true)] {
            let mut node = start;
            while node != apex {
                let along = self.tree.upward[node] == up;
                self.flow[self.tree.arc[node]] += if along { amount } else { -amount };
                node = self.tree.parent[node];
            }
        }
    }

    /// Swaps the arc above `top` for `entering`, whose end `inside` lies below `top` and whose end `outside` does not.
    fn exchange(&mut self, entering: usize, top: usize, inside: usize, outside: usize) {
        let leaving = self.tree.arc[top];
        let upward = self.ends(entering)[0] == inside;
        let shift = if upward { self.reduced(entering) } else { -self.reduced(entering) };
        self.place[leaving] = if self.flow[leaving] == self.lower[leaving] { Place::AtLower } else { Place::AtUpper };
        self.place[entering] = Place::Basic;
        self.tree.rehang(top, inside, outside, entering, upward);
        let mut next = Some(inside);
        while let Some(node) = next {
            self.potential[node] += shift;
            self.tree.depth[node] = self.tree.depth[self.tree.parent[node]] + 1;
            next = self.tree.next_below(node, inside);
        }
    }
}
