//! Each step cut alone.

use oxus_analysis::discovery::benjamini_hochberg;
use oxus_analysis::necessity::{Causation, ShareGone};
use oxus_diag::Diagnostics;

use super::Question;
use super::RATE;
use super::arms::{ARMS, Arm, BASE, CASE, Values};
use super::candidates::Candidates;
use super::report::Verdict;
use crate::ensemble::Watch;

/// Share of the members that may fail in an arm before its step counts as not testable.
const MOST_FAILED: f64 = 0.01;

/// What goes when steps are cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone {
    pub share: ShareGone,
    /// Smallest false-discovery rate at which it counts.
    pub q: f64,
    /// For outcomes that happen or not.
    pub probability: Option<Causation>,
    pub testable: bool,
}

impl Gone {
    pub fn verdict(&self) -> Verdict {
        let counts = self.testable && self.q <= RATE && self.share.excludes_zero();
        match (counts, self.share.share > 0.0) {
            (false, _) => Verdict::NotConfirmed,
            (true, true) => Verdict::Carries,
            (true, false) => Verdict::WorksAgainst,
        }
    }
}

/// All single tests.
pub(super) struct Tests {
    /// By candidate.
    pub gone: Vec<Gone>,
    /// All links that respond cut together, and those that are not tested one by one.
    pub links: [Option<Gone>; 2],
    /// `[step cut][step watched]`: share of the watched step's response that goes; NaN for a part of the shock as the watched one.
    pub goes: Vec<Vec<f64>>,
    /// Whether cutting the step changes the outcome or any followed part in any future.
    pub matters: Vec<bool>,
    /// Outcomes of baseline, case and every cut.
    pub values: Values,
}

/// Cuts every candidate alone, and links together.
///
/// # Errors
/// Those of [`oxus_kernel::Model::resolve`].
pub(super) fn test(question: &Question<'_>, cell: usize, candidates: &Candidates, watch: &dyn Watch) -> Result<Tests, Diagnostics> {
    let steps = candidates.list.len();
    let mut arms: Vec<Arm> = (0..steps).map(|s| candidates.arm(question, &[s])).collect::<Result<_, _>>()?;
    let mut next = arms.len();
    let together = candidates.links_together().map(|arm| {
        arms.push(arm?);
        next += 1;
        Some(ARMS + next - 1)
    });
    let values = question.futures().run(&candidates.followed, &arms, true, watch);
    let links = together.map(|run| run.map(|run| gone(question, &values, run, cell)));
    let mut gone: Vec<Gone> = (0..steps).map(|s| gone(question, &values, ARMS + s, cell)).collect();
    control(gone.iter_mut());
    let goes: Vec<Vec<f64>> =
        (0..steps).map(|cut| (0..steps).map(|seen| candidates.followed_at(seen).map_or(f64::NAN, |at| values.goes(cut, at))).collect()).collect();
    let matters = (0..steps)
        .map(|cut| {
            let others = (0..steps).filter(|&seen| seen != cut).any(|seen| goes[cut][seen].abs() > 0.0);
            others || (0..values.members()).any(|m| values.value(m, ARMS + cut, cell) != values.value(m, CASE, cell))
        })
        .collect();
    Ok(Tests { gone, links, goes, matters, values })
}

/// What goes in one run.
pub(super) fn gone(question: &Question<'_>, values: &Values, run: usize, cell: usize) -> Gone {
    let totals = values.totals(question.asked.design, run, cell);
    let share = ShareGone::of(&totals);
    let tested: f64 = totals.iter().map(|t| t.members).sum();
    let whole = (0..values.members()).filter(|&m| !(values.value(m, BASE, cell).is_nan() || values.value(m, CASE, cell).is_nan())).count() as f64;
    let rises = totals.iter().map(|t| t.whole).sum::<f64>() > 0.0;
    let probability = question.outcomes.cells[cell].binary.then(|| Causation::necessity(&pairs(values, CASE, run, cell, rises))).flatten();
    Gone { share, q: f64::NAN, probability, testable: whole - tested <= MOST_FAILED * whole }
}

/// Whether the outcome happens (does not happen, where the case makes it rarer) in two runs, over the members that came through both.
pub(super) fn pairs(values: &Values, with: usize, without: usize, cell: usize, rises: bool) -> Vec<(bool, bool)> {
    let happens = |x: f64| (x > 0.5) == rises;
    let both = (0..values.members()).map(|m| (values.value(m, with, cell), values.value(m, without, cell)));
    both.filter(|p| !(p.0.is_nan() || p.1.is_nan())).map(|p| (happens(p.0), happens(p.1))).collect()
}

/// Puts the false-discovery rates over a family of tests.
pub(super) fn control<'g>(family: impl Iterator<Item = &'g mut Gone>) {
    let mut family: Vec<&mut Gone> = family.collect();
    let p: Vec<f64> = family.iter().map(|g| if g.testable { g.share.p } else { f64::NAN }).collect();
    for (gone, q) in family.iter_mut().zip(benjamini_hochberg(&p)) {
        gone.q = q;
    }
}
