//! What may lie between a shock and an outcome: the declared ports and the links, searched from both ends.

use std::collections::{BTreeMap, VecDeque};

use oxus_kernel::{KindId, Model};

/// Where a change enters, or what passes it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Variable(usize),
    Link(usize),
    Kind(usize),
    Mechanism(usize),
}

/// The declared graph.
pub(super) struct Paths {
    after: BTreeMap<Node, Vec<Node>>,
    before: BTreeMap<Node, Vec<Node>>,
    /// Sums that some mechanism adds to, not links alone.
    added: Vec<usize>,
}

impl Paths {
    pub fn of(model: &Model) -> Self {
        let mut paths = Self { after: BTreeMap::new(), before: BTreeMap::new(), added: Vec::new() };
        let variable = |name: &String| model.variable(name).map(Node::Variable);
        let kind = |name: &String| model.kind(name).map(|k| Node::Kind(k.index()));
        for row in model.plan_rows() {
            let Some(at) = model.mechanism(&row.mechanism) else { continue };
            let here = Node::Mechanism(at);
            let own: Vec<Node> = row.owns.iter().filter_map(variable).collect();
            for from in row.now.iter().chain(&row.prev).chain(&row.sums).filter_map(variable).chain(row.hears.iter().filter_map(kind)) {
                paths.join(from, here);
            }
            for to in own.iter().copied().chain(row.adds.iter().filter_map(variable)).chain(row.emits.iter().filter_map(kind)) {
                paths.join(here, to);
            }
            // what it wrote last month it may read this month
            own.into_iter().for_each(|v| paths.join(v, here));
            paths.added.extend(row.adds.iter().filter_map(|name| model.variable(name)));
        }
        for (at, link) in model.links().iter().enumerate().filter(|(_, l)| !l.pairs.is_empty()) {
            paths.join(Node::Variable(link.from), Node::Link(at));
            paths.join(Node::Link(at), Node::Variable(link.to));
        }
        paths
    }

    fn join(&mut self, from: Node, to: Node) {
        self.after.entry(from).or_default().push(to);
        self.before.entry(to).or_default().push(from);
    }

    /// Everything that a change at these nodes may reach, with the number of joints on the shortest way.
    pub fn downstream(&self, of: &[Node]) -> BTreeMap<Node, usize> {
        search(&self.after, of)
    }

    /// Everything that may change this node, with the number of joints on the shortest way.
    pub fn upstream(&self, of: Node) -> BTreeMap<Node, usize> {
        search(&self.before, &[of])
    }

    /// Whether a sum is fed by mechanisms, not by links alone.
    pub fn is_added_to(&self, sum: usize) -> bool {
        self.added.contains(&sum)
    }
}

fn search(edges: &BTreeMap<Node, Vec<Node>>, from: &[Node]) -> BTreeMap<Node, usize> {
    let mut found: BTreeMap<Node, usize> = from.iter().map(|n| (*n, 0)).collect();
    let mut open: VecDeque<Node> = from.iter().copied().collect();
    while let Some(here) = open.pop_front() {
        let next = found[&here] + 1;
        for &to in edges.get(&here).into_iter().flatten() {
            found.entry(to).or_insert_with(|| {
                open.push_back(to);
                next
            });
        }
    }
    found
}

/// Event kind by its position.
pub(super) fn kind(model: &Model, at: usize) -> Option<KindId> {
    model.kind_names().nth(at).and_then(|name| model.kind(name))
}
