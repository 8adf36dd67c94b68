//! Chains from the shock to the outcome: which step passes on to which, by how much of the next one's response goes when it is cut.
//!
//! Of two steps, the one whose cut takes more of the other's response comes first. A joint from one step to another is direct unless a third
//! between them explains it: what the first passes to the third and the third to the last is each at least three quarters of what the first
//! passes to the last (the data-processing inequality as ARACNE uses it; Margolin et al. 2006, BMC Bioinformatics 7:S7). A chain is as strong as its
//! weakest joint; the strongest chain comes first, and each further one passes a step that those before do not.

use oxus_analysis::necessity::{Causation, ShareGone};
use oxus_diag::Diagnostics;

use super::Question;
use super::arms::{ARMS, BASE};
use super::candidates::{Candidate, Candidates};
use super::joint::{Joint, PASSES};
use super::report::Verdict;
use super::single::{Tests, pairs};
use crate::ensemble::Watch;

/// Chains reported.
pub(super) const MOST: usize = 3;
/// A joint weaker than this is none.
const WEAKEST: f64 = 0.05;
/// What a step between must pass on of a joint to explain it.
const EXPLAINS: f64 = 0.75;

/// One chain.
pub(super) struct Route {
    /// Steps in order.
    pub steps: Vec<usize>,
    /// Strength of its weakest joint.
    pub weakest: f64,
    /// What stays of the effect with the steps of other routes cut; `None` when there is no other.
    pub alone: Option<Alone>,
}

/// A chain alone.
pub(super) struct Alone {
    /// Steps cut.
    pub cut: Vec<usize>,
    /// Share of the effect that stays.
    pub stays: ShareGone,
    /// For outcomes that happen or not: of the futures in which it does not happen in the baseline, the share in which the chain alone brings
    /// it about.
    pub sufficiency: Option<Causation>,
}

/// Joints between steps; the last column is the outcome.
struct Joints {
    strength: Vec<Vec<f64>>,
    outcome: usize,
}

/// Finds chains and runs each alone.
pub(super) fn test(
    question: &Question<'_>,
    cell: usize,
    candidates: &Candidates,
    tests: &Tests,
    joint: &Joint,
    watch: &dyn Watch,
) -> Result<Vec<Route>, Diagnostics> {
    let steps = carrying(candidates, tests, joint);
    let joints = Joints::of(candidates, tests, joint, &steps);
    let mut routes = joints.routes(&steps, &starts(candidates, tests));
    let others: Vec<Vec<usize>> = routes.iter().map(|route| others(candidates, tests, &steps, &route.steps)).collect();
    if others.iter().all(Vec::is_empty) {
        return Ok(routes);
    }
    let arms = others.iter().map(|cut| candidates.arm(question, cut)).collect::<Result<Vec<_>, _>>()?;
    let values = question.futures().run(&candidates.followed, &arms, false, watch);
    let design = question.asked.design;
    for (k, (route, cut)) in routes.iter_mut().zip(others).enumerate().filter(|(_, (_, cut))| !cut.is_empty()) {
        let run = ARMS + k;
        let totals = values.totals_of(design, cell, |m| values.value(m, run, cell) - values.value(m, BASE, cell));
        let rises = totals.iter().map(|t| t.whole).sum::<f64>() > 0.0;
        let binary = question.outcomes.cells[cell].binary;
        let sufficiency = binary.then(|| Causation::sufficiency(&pairs(&values, run, BASE, cell, rises))).flatten();
        route.alone = Some(Alone { cut, stays: ShareGone::of(&totals), sufficiency });
    }
    Ok(routes)
}

/// Parts of the shock that carry the effect; a shock of one part is all of it.
fn starts(candidates: &Candidates, tests: &Tests) -> Vec<usize> {
    let parts = candidates.entries();
    (0..parts).filter(|&s| parts == 1 || tests.gone[s].verdict() == Verdict::Carries).collect()
}

/// Steps that carry the effect alone, or together with others.
fn carrying(candidates: &Candidates, tests: &Tests, joint: &Joint) -> Vec<usize> {
    let redundant = joint.pairs.iter().filter(|p| p.is_redundant()).flat_map(|p| p.steps);
    let of_set = joint.set.iter().filter(|s| s.together.verdict() == Verdict::Carries).flat_map(|s| s.steps.iter().copied());
    let inner = (candidates.entries()..candidates.list.len()).filter(|&s| tests.gone[s].verdict() == Verdict::Carries);
    let single = starts(candidates, tests).into_iter().chain(inner);
    let mut steps: Vec<usize> = single.chain(redundant).chain(of_set).collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// Steps on other routes: those that neither pass on to a step of this one nor are passed on by one.
fn others(candidates: &Candidates, tests: &Tests, steps: &[usize], route: &[usize]) -> Vec<usize> {
    let of_shock = |s: usize| s < candidates.entries();
    let inner = || route.iter().copied().filter(|&s| !of_shock(s));
    if inner().next().is_none() {
        // nothing tells which steps lie on a way without steps
        return Vec::new();
    }
    let passes = |a: usize, b: usize| tests.goes[a][b] > PASSES;
    let other = |&s: &usize| {
        if route.contains(&s) {
            return false;
        }
        if of_shock(s) {
            return true;
        }
        !inner().any(|r| passes(s, r) || passes(r, s))
    };
    steps.iter().copied().filter(other).collect()
}

impl Joints {
    fn of(candidates: &Candidates, tests: &Tests, joint: &Joint, steps: &[usize]) -> Self {
        let outcome = candidates.list.len();
        let mut strength = vec![vec![0.0; outcome + 1]; outcome + 1];
        let set = |at: &mut f64, x: f64| *at = if x.is_finite() { at.max(x.min(1.0)) } else { *at };
        for &a in steps {
            for &b in steps.iter().filter(|&&b| b != a) {
                set(&mut strength[a][b], tests.goes[a][b]);
            }
            set(&mut strength[a][outcome], tests.gone[a].share.share);
        }
        // what goes with both stands for each of two redundant steps
        let groups = joint.pairs.iter().filter(|p| p.is_redundant()).map(|p| (p.steps.as_slice(), &p.together, &p.goes));
        let groups = groups.chain(joint.set.iter().map(|s| (s.steps.as_slice(), &s.together, &s.goes)));
        for (members, together, goes) in groups {
            for &a in members.iter().filter(|a| steps.contains(a)) {
                // what another of them passes on by itself is that one's, not this one's
                let of_another = |b: usize| members.iter().any(|&m| m != a && tests.goes[m][b] > PASSES);
                for &b in steps.iter().filter(|&&b| !members.contains(&b) && !of_another(b)) {
                    set(&mut strength[a][b], goes[b]);
                }
                set(&mut strength[a][outcome], together.share.share);
            }
        }
        let mut joints = Self { strength, outcome };
        joints.orient(candidates, steps);
        joints.reduce(steps);
        joints
    }

    /// One direction between two steps, the stronger; nothing leads back to the shock.
    fn orient(&mut self, candidates: &Candidates, steps: &[usize]) {
        for &a in steps {
            for &b in steps.iter().filter(|&&b| b > a) {
                let (ab, ba) = (self.strength[a][b], self.strength[b][a]);
                // of a tie the one that stands further from the outcome comes first
                let forward = if ab == ba { candidates.distance(a) >= candidates.distance(b) } else { ab > ba };
                let (x, y) = if forward { (b, a) } else { (a, b) };
                self.strength[x][y] = 0.0;
            }
        }
        self.strength.iter_mut().flatten().filter(|x| **x < WEAKEST).for_each(|x| *x = 0.0);
    }

    /// Takes away joints that a step between explains.
    fn reduce(&mut self, steps: &[usize]) {
        let whole = self.strength.clone();
        let ends = || steps.iter().copied().chain(std::iter::once(self.outcome));
        let mut explained = Vec::new();
        for &a in steps {
            for b in ends().filter(|&b| b != a && whole[a][b] > 0.0) {
                let least = EXPLAINS * whole[a][b];
                if steps.iter().any(|&c| c != a && c != b && whole[a][c] >= least && whole[c][b] >= least) {
                    explained.push((a, b));
                }
            }
        }
        for (a, b) in explained {
            self.strength[a][b] = 0.0;
        }
    }

    fn routes(&self, steps: &[usize], starts: &[usize]) -> Vec<Route> {
        let mut routes: Vec<Route> = Vec::new();
        let mut found: Vec<(Vec<usize>, f64)> = Vec::new();
        for &via in steps {
            let into = starts.iter().filter_map(|&s| self.widest(s, via, steps)).reduce(wider);
            let out = self.widest(via, self.outcome, steps);
            if let (Some((mut way, w1)), Some((rest, w2))) = (into, out) {
                way.extend_from_slice(&rest[1..]);
                way.pop();
                let twice = way.iter().enumerate().any(|(n, s)| way[..n].contains(s));
                if !twice {
                    found.push((way, w1.min(w2)));
                }
            }
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(b.0.len().cmp(&a.0.len())).then(a.0.cmp(&b.0)));
        for (way, weakest) in found {
            let new = way.iter().any(|s| !routes.iter().any(|r| r.steps.contains(s)));
            if new && routes.len() < MOST {
                routes.push(Route { steps: way, weakest, alone: None });
            }
        }
        routes
    }

    /// The way whose weakest joint is strongest, of several the shortest.
    fn widest(&self, from: usize, to: usize, steps: &[usize]) -> Option<(Vec<usize>, f64)> {
        if from == to {
            return Some((vec![from], 1.0));
        }
        let mut best: Vec<Option<(f64, Vec<usize>)>> = vec![None; self.outcome + 1];
        best[from] = Some((1.0, vec![from]));
        let mut open = vec![from];
        while let Some(here) = open.pop() {
            let Some((width, way)) = best[here].clone() else { continue };
            for next in steps.iter().copied().chain(std::iter::once(self.outcome)) {
                let reached = width.min(self.strength[here][next]);
                if reached > 0.0 && !way.contains(&next) && best[next].as_ref().is_none_or(|b| b.0 < reached) {
                    best[next] = Some((reached, [way.as_slice(), &[next]].concat()));
                    open.push(next);
                }
            }
        }
        best[to].take().map(|(width, way)| (way, width))
    }
}

fn wider(a: (Vec<usize>, f64), b: (Vec<usize>, f64)) -> (Vec<usize>, f64) {
    if b.1 > a.1 { b } else { a }
}

impl Candidates {
    /// Joints to the outcome; a part of the shock is the farthest.
    fn distance(&self, step: usize) -> usize {
        match &self.list[step] {
            Candidate::Entry(_) => usize::MAX,
            Candidate::Part(part) => part.distance,
        }
    }
}
