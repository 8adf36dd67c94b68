//! The spanning tree of a basis: parents, the arcs to them, and ordered child lists.

/// Marks the absence of a node.
pub(super) const NONE: usize = usize::MAX;

/// A rooted tree over nodes `0..n`; the root is node `n - 1`.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Parent of each node; `NONE` for the root.
    pub(super) parent: Vec<usize>,
    /// Arc that joins each node to its parent.
    pub(super) arc: Vec<usize>,
    /// Whether that arc points from the node to its parent.
    pub(super) upward: Vec<bool>,
    /// Number of arcs to the root.
    pub(super) depth: Vec<u32>,
    first_child: Vec<usize>,
    next_sibling: Vec<usize>,
    previous_sibling: Vec<usize>,
}

impl Tree {
    /// Room for `n` nodes, none attached.
    pub(super) fn new(n: usize) -> Self {
        Tree {
            parent: vec![NONE; n],
            arc: vec![NONE; n],
            upward: vec![true; n],
            depth: vec![0; n],
            first_child: vec![NONE; n],
            next_sibling: vec![NONE; n],
            previous_sibling: vec![NONE; n],
        }
    }

    pub(super) fn root(&self) -> usize {
        self.parent.len() - 1
    }

    /// Hangs every node `v` directly from the root by arc `first_arc + v`, pointing up.
    pub(super) fn star(&mut self, first_arc: usize) {
        let root = self.root();
        self.first_child.fill(NONE);
        self.depth.fill(0);
        for v in (0..root).rev() {
            self.attach(v, root, first_arc + v, true);
            self.depth[v] = 1;
        }
    }

    pub(super) fn copy_from(&mut self, other: &Tree) {
        self.parent.copy_from_slice(&other.parent);
        self.arc.copy_from_slice(&other.arc);
        self.upward.copy_from_slice(&other.upward);
        self.depth.copy_from_slice(&other.depth);
        self.first_child.copy_from_slice(&other.first_child);
        self.next_sibling.copy_from_slice(&other.next_sibling);
        self.previous_sibling.copy_from_slice(&other.previous_sibling);
    }

    /// Hangs detached `node` under `parent`.
    pub(super) fn attach(&mut self, node: usize, parent: usize, arc: usize, upward: bool) {
        let eldest = self.first_child[parent];
        self.parent[node] = parent;
        self.arc[node] = arc;
        self.upward[node] = upward;
        self.next_sibling[node] = eldest;
        self.previous_sibling[node] = NONE;
        if eldest != NONE {
            self.previous_sibling[eldest] = node;
        }
        self.first_child[parent] = node;
    }

    /// Takes `node` and what is below it out of its parent's children.
    pub(super) fn detach(&mut self, node: usize) {
        let (before, after) = (self.previous_sibling[node], self.next_sibling[node]);
        if before == NONE {
            self.first_child[self.parent[node]] = after;
        } else {
            self.next_sibling[before] = after;
        }
        if after != NONE {
            self.previous_sibling[after] = before;
        }
    }

    /// Cuts the subtree of `top` from its parent, re-roots it at `inside` and hangs that under `outside` by `arc`.
    pub(super) fn rehang(&mut self, top: usize, inside: usize, outside: usize, arc: usize, upward: bool) {
        let (mut node, mut parent, mut link, mut up) = (inside, outside, arc, upward);
        loop {
            let (old_parent, old_link, old_up) = (self.parent[node], self.arc[node], self.upward[node]);
            self.detach(node);
            self.attach(node, parent, link, up);
            if node == top {
                return;
            }
            // The path from `inside` to `top` is walked once, turning each arc on it around.
            (parent, node, link, up) = (node, old_parent, old_link, !old_up);
        }
    }

    /// The node after `node` in the preorder walk of the subtree of `top`.
    pub(super) fn next_below(&self, node: usize, top: usize) -> Option<usize> {
        if self.first_child[node] != NONE {
            return Some(self.first_child[node]);
        }
        let mut at = node;
        while at != top {
            if self.next_sibling[at] != NONE {
                return Some(self.next_sibling[at]);
            }
            at = self.parent[at];
        }
        None
    }
}
