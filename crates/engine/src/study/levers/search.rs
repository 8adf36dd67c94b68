//! The search for strengths: COBYLA on augmented Chebyshev distances, one for each direction of trade-off.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use cobyla::{RhoBeg, StopTols, minimize};
use oxus_math::ln;
use oxus_random::{hash64, scrambled_uniform};
use rayon::prelude::*;

use super::screen::units;
use super::{MOVED, Objective, Screened, Search, World};
use crate::ensemble::Watch;
use crate::run::RunError;

/// Weight of the sum of gains beside the worst gain; it breaks ties between settings that are equal in the worst.
const AUGMENTED: f64 = 0.05;
/// First step of the search in strength.
const STEP: f64 = 0.4;

/// Levers that are moved, and units of gains.
pub(super) struct Space {
    /// Levers, the most useful alone first.
    pub levers: Vec<String>,
    /// What the best single lever gains on each objective.
    pub units: Vec<f64>,
}

/// A setting that was simulated on training members.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    /// Strength of each lever of the space.
    pub strengths: Vec<f64>,
    /// Gain on each objective in its unit.
    pub gains: Vec<f64>,
}

impl Space {
    /// The levers that better something clearly, as many as are moved, each of which can be combined with those before it.
    pub(super) fn of(world: &World<'_>, objectives: &[Objective], screened: &[Screened]) -> Self {
        let mut levers: Vec<String> = Vec::new();
        for lever in screened.iter().filter(|s| s.gain > 0.0) {
            if levers.len() == MOVED {
                break;
            }
            levers.push(lever.lever.clone());
            let together: Vec<(String, f64)> = levers.iter().map(|l| (l.clone(), 1.0)).collect();
            if world.runs(&world.with(&together, None)).is_err() {
                levers.pop();
            }
        }
        Self { levers, units: units(screened, objectives) }
    }

    /// Levers with their strengths.
    pub(super) fn named(&self, strengths: &[f64]) -> Vec<(String, f64)> {
        self.levers.iter().cloned().zip(strengths.iter().copied()).collect()
    }
}

/// Everything that the search simulated, in the order of its directions.
pub(super) fn tried(world: &World<'_>, objectives: &[Objective], space: &Space, watch: &dyn Watch) -> Result<Vec<Tried>, RunError> {
    if space.levers.is_empty() {
        return Ok(Vec::new());
    }
    let problem: Mutex<Option<RunError>> = Mutex::new(None);
    let outcomes: Vec<String> = objectives.iter().map(|o| o.outcome.clone()).collect();
    let without = world.simulate(std::slice::from_ref(&world.search.against), &outcomes, world.search.training)?;
    let goal = Goal { world, objectives, space, outcomes, without: objectives.iter().filter_map(|o| without.level(o)).collect() };
    let weights = weights(objectives.len(), world.search.directions, world.search.training.seed);
    let (done, total) = (AtomicU32::new(1), world.search.simulations());
    let go_on = || watch.progress(done.fetch_add(1, Ordering::Relaxed).min(total), total);
    let all: Vec<Vec<Tried>> = weights.par_iter().map(|w| direction(&goal, w, &problem, &go_on)).collect();
    match problem.into_inner() {
        Ok(None) => Ok(all.into_iter().flatten().collect()),
        Ok(Some(error)) => Err(error),
        Err(_) => Ok(Vec::new()),
    }
}

/// One for each objective, an even one, and further ones spread over the simplex.
fn weights(objectives: usize, more: u32, seed: u64) -> Vec<Vec<f64>> {
    let n = objectives as f64;
    let lean = |at: usize| (0..objectives).map(|i| if i == at { 0.7 } else { 0.3 / (n - 1.0).max(1.0) }).collect();
    let mut weights: Vec<Vec<f64>> = (0..objectives).map(lean).collect();
    weights.push(vec![1.0 / n; objectives]);
    for k in 0..more {
        let draws: Vec<f64> = (0..objectives).map(|i| -ln(scrambled_uniform(seed, hash64("study.levers") ^ i as u64, k))).collect();
        let total: f64 = draws.iter().sum();
        weights.push(draws.iter().map(|d| d / total).collect());
    }
    weights
}

fn direction(goal: &Goal<'_>, weights: &[f64], problem: &Mutex<Option<RunError>>, go_on: &(dyn Fn() -> bool + Sync)) -> Vec<Tried> {
    let n = goal.space.levers.len();
    let Search { budget, evaluations, .. } = *goal.world.search;
    let tried: Mutex<Vec<Tried>> = Mutex::new(Vec::new());
    let cost = |x: &[f64], _: &mut ()| -> f64 {
        if !go_on() {
            return f64::MAX;
        }
        let strengths: Vec<f64> = x.iter().map(|s| s.clamp(0.0, 1.0)).collect();
        match goal.gains(&strengths) {
            Ok(gains) => {
                // nothing gains more than the budget's worth of best levers
                let worst = gains.iter().zip(weights).map(|(g, w)| w * (budget - g)).fold(f64::NEG_INFINITY, f64::max);
                let value = worst - AUGMENTED * gains.iter().sum::<f64>();
                if let Ok(mut tried) = tried.lock() {
                    tried.push(Tried { strengths, gains });
                }
                value
            }
            Err(error) => {
                if let Ok(mut problem) = problem.lock() {
                    problem.get_or_insert(error);
                }
                f64::MAX
            }
        }
    };
    let within = |x: &[f64], _: &mut ()| budget - x.iter().sum::<f64>();
    let start = vec![(budget / n as f64).min(1.0); n];
    let constraints: Vec<&dyn cobyla::Func<()>> = vec![&within];
    let stop = StopTols { xtol_abs: vec![0.02; n], ..StopTols::default() };
    // The best point it returns is among those tried; why it stopped does not matter.
    let _ = minimize(cost, &start, &vec![(0.0, 1.0); n], &constraints, (), evaluations as usize, RhoBeg::All(STEP), Some(stop));
    let over = |t: &Tried| t.strengths.iter().sum::<f64>() > budget + 1e-9;
    tried.into_inner().map(|list| list.into_iter().filter(|t| !over(t)).collect()).unwrap_or_default()
}

/// What strengths are measured by.
struct Goal<'a> {
    world: &'a World<'a>,
    objectives: &'a [Objective],
    space: &'a Space,
    outcomes: Vec<String>,
    /// Level of each objective without levers.
    without: Vec<f64>,
}

impl Goal<'_> {
    /// Gains of a setting on training members, each in its unit.
    fn gains(&self, strengths: &[f64]) -> Result<Vec<f64>, RunError> {
        let case = self.world.with(&self.space.named(strengths), None);
        let simulated = self.world.simulate(&[case], &self.outcomes, self.world.search.training)?;
        let gain =
            |(i, o): (usize, &Objective)| simulated.level(o).map_or(f64::NAN, |level| -o.harm * (level - self.without[i]) / self.space.units[i]);
        Ok(self.objectives.iter().enumerate().map(gain).collect())
    }
}
