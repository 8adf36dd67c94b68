//! Settings on members that the search has not seen, under every view.

use oxus_analysis::PairedSummary;
use oxus_analysis::pareto::{largest_regret, non_dominated};

use super::search::{Space, Tried};
use super::{Objective, Setting, World};
use crate::ensemble::Design;
use crate::run::RunError;

/// Settings that are judged, at most.
const JUDGED: usize = 12;
/// Strengths are given to this.
const GRID: f64 = 0.05;

/// Simulates what no other setting beats in training on held-out members and under every view; what is beaten there leaves.
pub(super) fn judge(world: &World<'_>, objectives: &[Objective], space: &Space, tried: &[Tried]) -> Result<Vec<Setting>, RunError> {
    let chosen = chosen(tried);
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let outcomes: Vec<String> = objectives.iter().map(|o| o.outcome.clone()).collect();
    let under = |view: Option<&str>, design: Design| -> Result<Vec<Vec<PairedSummary>>, RunError> {
        let mut cases = vec![world.with(&[], view)];
        cases.extend(chosen.iter().map(|s| world.with(&space.named(s), view)));
        let simulated = world.simulate(&cases, &outcomes, design)?;
        let of = |k: usize| objectives.iter().filter_map(|o| simulated.difference(k + 1, o)).collect();
        Ok((0..chosen.len()).map(of).collect())
    };
    let pooled = under(None, world.search.held_out)?;
    // a view's mean needs no interval, so that one replicate of each draw does
    let one = Design { replicates: 1, ..world.search.held_out };
    let views = world.search.views.iter().map(|v| under(Some(v), one)).collect::<Result<Vec<_>, _>>()?;
    let gains = |differences: &[PairedSummary]| -> Vec<f64> {
        differences.iter().zip(objectives).zip(&space.units).map(|((d, o), unit)| -o.harm * d.difference / unit).collect()
    };
    let everywhere = |k: usize| std::iter::once(&pooled).chain(&views).flat_map(|v| gains(&v[k])).collect::<Vec<f64>>();
    let all: Vec<Vec<f64>> = (0..chosen.len()).map(everywhere).collect();
    let regrets = largest_regret(&all);
    let held: Vec<Vec<f64>> = pooled.iter().map(|d| gains(d)).collect();
    let mut front: Vec<Setting> = non_dominated(&held)
        .into_iter()
        .map(|k| Setting {
            strengths: space.named(&chosen[k]).into_iter().filter(|s| s.1 > 0.0).collect(),
            effort: chosen[k].iter().sum(),
            by_view: views.iter().map(|v| v[k].iter().map(|d| d.difference).collect()).collect(),
            worsens: worsened(&pooled[k], objectives),
            differences: pooled[k].clone(),
            regret: regrets[k],
        })
        .collect();
    front.sort_by(|a, b| a.worsens.len().cmp(&b.worsens.len()).then(a.regret.total_cmp(&b.regret)));
    Ok(front)
}

/// Safeguards that are worse by more than chance.
fn worsened(differences: &[PairedSummary], objectives: &[Objective]) -> Vec<usize> {
    let worse = |i: &usize| objectives[*i].safeguard && objectives[*i].harm * differences[*i].difference > differences[*i].monte_carlo;
    (0..objectives.len()).filter(worse).collect()
}

/// Settings on the grid of strengths that no other beats in training: the best on each objective, the best in all, then those farthest from what is taken.
fn chosen(tried: &[Tried]) -> Vec<Vec<f64>> {
    let gains: Vec<Vec<f64>> = tried.iter().map(|t| t.gains.clone()).collect();
    let front = non_dominated(&gains);
    let grid = |k: usize| -> Vec<f64> { tried[k].strengths.iter().map(|s| (s / GRID).floor() * GRID).collect() };
    let best_by = |value: &dyn Fn(usize) -> f64| front.iter().copied().max_by(|&a, &b| value(a).total_cmp(&value(b)));
    let objectives = gains.first().map_or(0, Vec::len);
    let mut taken: Vec<usize> = (0..objectives).filter_map(|i| best_by(&|k| gains[k][i])).collect();
    taken.extend(best_by(&|k| gains[k].iter().sum()));
    taken.sort_unstable();
    taken.dedup();
    while taken.len() < JUDGED.min(front.len()) {
        let apart = |a: usize, b: usize| gains[a].iter().zip(&gains[b]).map(|(x, y)| (x - y).powi(2)).sum::<f64>();
        let nearest = |k: usize| taken.iter().map(|&t| apart(k, t)).fold(f64::INFINITY, f64::min);
        let left = front.iter().copied().filter(|k| !taken.contains(k));
        let Some(next) = left.max_by(|&a, &b| nearest(a).total_cmp(&nearest(b))) else { break };
        taken.push(next);
    }
    let mut settings: Vec<Vec<f64>> = taken.into_iter().map(grid).collect();
    settings.sort_by(|a, b| a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal));
    settings.dedup();
    settings
}
