//! Solutions of dispatch remembered with all that they depend on, so that a hit is always right.

/// Solutions kept on a shelf.
const ROOM: usize = 16;

/// An optimum, and the bounds for which it is one.
///
/// A bound may differ from the one solved for where that was slack and the new one still holds the flow: all reduced costs keep the signs
/// that make the flow optimal (complementary slackness).
#[derive(Clone, Debug, Default)]
struct Kept {
    flow: Vec<i64>,
    /// Whether the bound holds the flow back.
    tight: Vec<bool>,
    /// Costs of the edges, and the pools that put home first.
    cost: Vec<i64>,
    first: Vec<bool>,
}

/// The arc at which the last look at a solution failed, with its flow: likely to fail again, and asked without touching the solution.
#[derive(Clone, Copy, Debug)]
struct Culprit {
    arc: usize,
    flow: i64,
    tight: bool,
}

fn fits(flow: i64, tight: bool, bound: i64) -> bool {
    (bound == flow) | ((bound > flow) & !tight)
}

impl Kept {
    fn replace(&mut self, bound: &[i64], cost: &[i64], first: &[bool], flow: &[i64]) {
        self.tight.clear();
        self.tight.extend(flow.iter().zip(bound).map(|(f, b)| f >= b));
        self.flow.clear();
        self.flow.extend_from_slice(flow);
        self.cost.clear();
        self.cost.extend_from_slice(cost);
        self.first.clear();
        self.first.extend_from_slice(first);
    }

    fn culprit(&self, arc: usize) -> Culprit {
        Culprit { arc, flow: self.flow[arc], tight: self.tight[arc] }
    }

    /// The first arc whose bound does not fit.
    fn misfit(&self, bound: &[i64]) -> Option<usize> {
        let mut cells = self.flow.iter().zip(&self.tight).zip(bound);
        cells.position(|((flow, tight), bound)| !fits(*flow, *tight, *bound))
    }
}

/// The last solutions of one month of the run.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    kept: Vec<Kept>,
    culprits: Vec<Option<Culprit>>,
    next: usize,
}

impl Shelf {
    /// The optimal flow for these bounds of arcs, costs of edges and pools that put home first, if it is known.
    pub fn find(&mut self, bound: &[i64], cost: &[i64], first: &[bool]) -> Option<&[i64]> {
        for (culprit, kept) in self.culprits.iter_mut().zip(&self.kept) {
            if culprit.is_none_or(|c| fits(c.flow, c.tight, bound[c.arc])) {
                match kept.misfit(bound) {
                    Some(arc) => *culprit = Some(kept.culprit(arc)),
                    None if kept.cost == cost && kept.first == first => return Some(&kept.flow),
                    None => (),
                }
            }
        }
        None
    }

    /// Remembers an optimum in place of the oldest.
    pub fn keep(&mut self, bound: &[i64], cost: &[i64], first: &[bool], flow: &[i64]) {
        if self.kept.len() < ROOM {
            self.kept.push(Kept::default());
            self.culprits.push(None);
        }
        self.kept[self.next].replace(bound, cost, first, flow);
        self.culprits[self.next] = None;
        self.next = (self.next + 1) % ROOM;
    }
}
