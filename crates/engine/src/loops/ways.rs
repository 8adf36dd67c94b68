//! The way inside mechanisms from one variable to another, by declared access.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use oxus_kernel::Model;

/// Which mechanism feeds which: it owns what the other reads, or adds to a sum of the other.
pub(super) struct Ways<'m> {
    feeds: BTreeMap<&'m str, BTreeSet<&'m str>>,
}

impl<'m> Ways<'m> {
    pub fn of(model: &'m Model) -> Self {
        let mut owner: BTreeMap<&str, &str> = BTreeMap::new();
        for row in model.plan_rows() {
            owner.extend(row.owns.iter().chain(&row.sums).map(|v| (v.as_str(), row.mechanism.as_str())));
        }
        let mut feeds: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for row in model.plan_rows() {
            for read in row.now.iter().chain(&row.prev) {
                if let Some(&from) = owner.get(read.as_str()) {
                    feeds.entry(from).or_default().insert(&row.mechanism);
                }
            }
            for add in &row.adds {
                if let Some(&to) = owner.get(add.as_str()) {
                    feeds.entry(&row.mechanism).or_default().insert(to);
                }
            }
        }
        Self { feeds }
    }

    /// The mechanisms of the shortest way from one to another, both included, ties by name; the two alone where variables make no way (events
    /// do).
    pub fn between(&self, from: &'m str, to: &'m str) -> Vec<&'m str> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut open = VecDeque::from([from]);
        while let Some(here) = open.pop_front() {
            if here == to {
                break;
            }
            for &next in self.feeds.get(here).into_iter().flatten() {
                if next != from && !before.contains_key(next) {
                    before.insert(next, here);
                    open.push_back(next);
                }
            }
        }
        let mut way = vec![to];
        let mut here = to;
        while here != from {
            match before.get(here) {
                Some(&previous) => here = previous,
                None => return vec![from, to],
            }
            way.push(here);
        }
        way.reverse();
        way
    }
}
