//! The strongest elementary cycles of a gain graph, by bounded depth-first search.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A directed step between nodes; several may join the same two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Node it leaves.
    pub from: usize,
    /// Node it reaches.
    pub to: usize,
    /// Size of the effect at `to` of one unit at `from`; only the modulus counts here.
    pub gain: f64,
}

/// The `most` elementary cycles of at most `longest` steps with the largest product of gains in modulus, the largest first; each a list of
/// positions in `steps`, starting at its lowest node. Ties go by the list.
///
/// Exhaustive but for branches that cannot beat what is found: a path is dropped when its product times the largest gain to the power of the
/// steps left is too small. Steps without gain, or with one that is not finite, are no steps. Oracle: brute force over all subsets of small
/// graphs in the tests.
pub fn strongest(nodes: usize, steps: &[Step], longest: usize, most: usize) -> Vec<Vec<usize>> {
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for (i, step) in steps.iter().enumerate() {
        if step.gain.is_finite() && step.gain != 0.0 {
            leaving[step.from].push(i);
        }
    }
    for list in &mut leaving {
        list.sort_by(|&a, &b| steps[b].gain.abs().total_cmp(&steps[a].gain.abs()).then(a.cmp(&b)));
    }
    let best = leaving.iter().flatten().map(|&i| steps[i].gain.abs()).fold(0.0, f64::max);
    // the most that so many further steps can multiply a product by
    let bounds: Vec<f64> = std::iter::successors(Some(1.0), |b| Some(b * best.max(1.0))).take(longest).collect();
    let mut search =
        Search { steps, leaving: &leaving, bounds: &bounds, most, found: BinaryHeap::new(), path: Vec::new(), on_path: vec![false; nodes] };
    if longest > 0 && most > 0 {
        for root in 0..nodes {
            search.from(root, root, 1.0, longest);
        }
    }
    let mut found: Vec<Found> = search.found.into_iter().map(|Reverse(f)| f).collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|f| f.path).collect()
}

/// Ordered by gain, then against the list, so that the greatest comes first with ties by the list.
#[derive(PartialEq)]
struct Found {
    gain: f64,
    path: Vec<usize>,
}

impl Eq for Found {}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.gain.total_cmp(&other.gain).then_with(|| other.path.cmp(&self.path))
    }
}

struct Search<'a> {
    steps: &'a [Step],
    leaving: &'a [Vec<usize>],
    bounds: &'a [f64],
    most: usize,
    found: BinaryHeap<Reverse<Found>>,
    path: Vec<usize>,
    on_path: Vec<bool>,
}

impl Search<'_> {
    fn from(&mut self, root: usize, node: usize, product: f64, left: usize) {
        self.on_path[node] = true;
        for at in 0..self.leaving[node].len() {
            let i = self.leaving[node][at];
            let step = self.steps[i];
            let gain = product * step.gain.abs();
            if gain * self.bounds[left - 1] < self.floor() {
                break;
            }
            if step.to == root {
                self.path.push(i);
                self.keep(gain);
                self.path.pop();
            } else if step.to > root && left > 1 && !self.on_path[step.to] {
                self.path.push(i);
                self.from(root, step.to, gain, left - 1);
                self.path.pop();
            }
        }
        self.on_path[node] = false;
    }

    fn floor(&self) -> f64 {
        if self.found.len() < self.most { 0.0 } else { self.found.peek().map_or(0.0, |f| f.0.gain) }
    }

    fn keep(&mut self, gain: f64) {
        self.found.push(Reverse(Found { gain, path: self.path.clone() }));
        if self.found.len() > self.most {
            self.found.pop();
        }
    }
}
