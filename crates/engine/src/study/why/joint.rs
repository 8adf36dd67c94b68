//! Redundant causes: steps that are not necessary alone and necessary together.

use oxus_analysis::discovery::benjamini_hochberg;
use oxus_analysis::necessity::ShareGone;
use oxus_diag::Diagnostics;

use super::arms::{ARMS, CASE, Values};
use super::candidates::Candidates;
use super::single::{Gone, Tests, control, gone};
use super::{Question, RATE};
use crate::ensemble::{Design, Watch};

/// Pairs that are cut together at most.
pub(super) const MOST_PAIRS: usize = 15;
/// Steps among which a set is looked for.
const SET_OF: usize = 8;
/// Members in which a set is looked for; what is found is tested in all.
const PILOT: u32 = 96;
/// A step with at least this share is necessary alone.
const NECESSARY: f64 = 0.9;
/// Share of a response above which one step passes the other on.
pub(super) const PASSES: f64 = 0.5;
/// What a set must add to the share of its best member.
const WORTH: f64 = 0.1;

/// Two steps cut together.
pub(super) struct Pair {
    pub steps: [usize; 2],
    pub together: Gone,
    /// What goes with both less what goes with each alone, as a share of the effect.
    pub beyond: ShareGone,
    /// Smallest false-discovery rate at which that counts.
    pub q: f64,
    /// Share of each step's response that goes, as in [`Tests::goes`].
    pub goes: Vec<f64>,
}

impl Pair {
    /// Whether the two are redundant: more goes with both than with each, beyond chance, and what goes with both counts.
    pub fn is_redundant(&self) -> bool {
        self.q <= RATE
            && self.beyond.share > 0.0
            && self.beyond.excludes_zero()
            && self.together.share.share > 0.0
            && self.together.share.excludes_zero()
    }
}

/// A set of steps cut together.
pub(super) struct Set {
    pub steps: Vec<usize>,
    pub together: Gone,
    pub goes: Vec<f64>,
}

/// All joint tests.
#[derive(Default)]
pub(super) struct Joint {
    pub pairs: Vec<Pair>,
    pub set: Option<Set>,
}

/// Cuts pairs, and looks for the smallest set of steps that are not necessary alone.
pub(super) fn test(question: &Question<'_>, cell: usize, candidates: &Candidates, tests: &Tests, watch: &dyn Watch) -> Result<Joint, Diagnostics> {
    let partial = partial(candidates, tests);
    let pairs = choose(candidates, tests, &partial);
    let set = search(question, cell, candidates, tests, &partial, watch)?;
    let mut groups: Vec<Vec<usize>> = pairs.iter().map(|p| p.to_vec()).collect();
    groups.extend(set.iter().cloned());
    if groups.is_empty() {
        return Ok(Joint::default());
    }
    let arms = groups.iter().map(|steps| candidates.arm(question, steps)).collect::<Result<Vec<_>, _>>()?;
    let values = question.futures().run(&candidates.followed, &arms, true, watch);
    let goes = |arm: usize| (0..candidates.list.len()).map(|s| candidates.followed_at(s).map_or(f64::NAN, |at| values.goes(arm, at))).collect();
    let mut found = Vec::new();
    for (k, &steps) in pairs.iter().enumerate() {
        let alone = |step: usize, member: usize| tests.values.value(member, ARMS + step, cell);
        // (case - both) - (case - one) - (case - other)
        let beyond = values.totals_of(question.asked.design, cell, |m| {
            alone(steps[0], m) + alone(steps[1], m) - values.value(m, ARMS + k, cell) - values.value(m, CASE, cell)
        });
        let together = gone(question, &values, ARMS + k, cell);
        found.push(Pair { steps, together, beyond: ShareGone::of(&beyond), q: f64::NAN, goes: goes(k) });
    }
    let p: Vec<f64> = found.iter().map(|pair| pair.beyond.p).collect();
    for (pair, q) in found.iter_mut().zip(benjamini_hochberg(&p)) {
        pair.q = q;
    }
    let set = set.map(|steps| {
        let mut together = gone(question, &values, ARMS + pairs.len(), cell);
        control(std::iter::once(&mut together));
        Set { steps, together, goes: goes(pairs.len()) }
    });
    control(found.iter_mut().map(|pair| &mut pair.together));
    Ok(Joint { pairs: found, set })
}

/// Steps that respond and are not necessary alone, strongest first; of those that pass on one another's response the one that comes first.
fn partial(candidates: &Candidates, tests: &Tests) -> Vec<usize> {
    let several = candidates.entries() > 1;
    let mut steps: Vec<usize> = (0..candidates.list.len())
        .filter(|&s| (several || s >= candidates.entries()) && tests.gone[s].testable && tests.gone[s].share.share.abs() < NECESSARY)
        .collect();
    steps.sort_by(|&a, &b| candidates.response(b).total_cmp(&candidates.response(a)).then(a.cmp(&b)));
    steps
}

/// Whether one of the two passes on most of the other's response.
pub(super) fn serial(tests: &Tests, a: usize, b: usize) -> bool {
    tests.goes[a][b] > PASSES || tests.goes[b][a] > PASSES
}

fn choose(candidates: &Candidates, tests: &Tests, partial: &[usize]) -> Vec<[usize; 2]> {
    let mut pairs = Vec::new();
    for (n, &a) in partial.iter().enumerate() {
        pairs.extend(partial[n + 1..].iter().filter(|&&b| !serial(tests, a, b)).map(|&b| [a, b]));
    }
    let strength = |pair: &[usize; 2]| candidates.response(pair[0]).min(candidates.response(pair[1]));
    pairs.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then(a.cmp(b)));
    pairs.truncate(MOST_PAIRS);
    pairs
}

/// Backward elimination in the pilot: all cut, then given back one by one, weakest first, while nine tenths of what goes still goes.
fn search(
    question: &Question<'_>,
    cell: usize,
    candidates: &Candidates,
    tests: &Tests,
    partial: &[usize],
    watch: &dyn Watch,
) -> Result<Option<Vec<usize>>, Diagnostics> {
    let mut set: Vec<usize> = Vec::new();
    for &step in partial {
        // a step that passes on another's response stands for it
        if set.len() < SET_OF && !set.iter().any(|&other| serial(tests, step, other)) {
            set.push(step);
        }
    }
    if set.len() < 3 {
        return Ok(None);
    }
    let replicates = question.asked.design.replicates.max(1);
    let pilot = Design { draws: PILOT.div_ceil(replicates).min(question.asked.design.draws), ..question.asked.design };
    let shares = |groups: &[Vec<usize>]| -> Result<Vec<f64>, Diagnostics> {
        let arms = groups.iter().map(|steps| candidates.arm(question, steps)).collect::<Result<Vec<_>, _>>()?;
        let futures = super::arms::Futures { design: pilot, ..question.futures() };
        let values: Values = futures.run(&candidates.followed, &arms, false, watch);
        Ok((0..groups.len()).map(|k| ShareGone::of(&values.totals(pilot, ARMS + k, cell)).share).collect())
    };
    let mut first = vec![set.clone()];
    first.extend(set.iter().map(|s| vec![*s]));
    let found = shares(&first)?;
    let (all, best) = (found[0], found[1..].iter().copied().fold(0.0, f64::max));
    if all.is_nan() || all < best + WORTH {
        return Ok(None);
    }
    let mut at = set.len();
    while at > 0 && set.len() > 1 {
        at -= 1;
        let mut less = set.clone();
        less.remove(at);
        if shares(std::slice::from_ref(&less))?[0] >= NECESSARY * all {
            set = less;
        }
    }
    Ok((set.len() > 2).then_some(set))
}
