//! Which protective levers, at which strengths, do well against a case: for every future, under every worldview, within a budget of effort.
//!
//! 1. *Screen*: each lever alone at full strength, paired with the case without it; levers that better no objective are left out.
//! 2. *Search*: strengths that minimise an augmented Chebyshev distance from what could be gained (Wierzbicki 1980), in several directions of trade-off,
//!    by COBYLA (Powell 1994), on training members.
//! 3. *Judge*: what no other setting beats is simulated on other members and under every view; settings are ordered by their largest regret.
//!
//! Objectives that the pack marks as safeguards (rights, deaths by the state) are always among the objectives, and a setting that worsens one says so.

mod judge;
mod objective;
mod screen;
mod search;

use oxus_analysis::PairedSummary;
use oxus_diag::Diagnostics;
use oxus_kernel::Model;
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::ensemble::{Design, Ensemble, Watch};
use crate::outcome::Outcomes;
use crate::run::RunError;
use crate::summary::Summary;

pub use objective::Objective;
pub use screen::Screened;

/// Most levers that a search moves; those that better the objectives most.
pub const MOVED: usize = 10;
/// Directions searched whatever is asked for, about: one for each objective and an even one.
const DIRECTIONS: u32 = 5;

/// What to search for.
#[derive(Clone, Debug)]
pub struct Search {
    /// What the levers act against.
    pub against: Case,
    /// Outcomes to better; safeguards are added. Empty: the headline outcomes that the case worsens most, see [`screen`].
    pub objectives: Vec<String>,
    /// Levers to choose from; empty: all protective ones.
    pub levers: Vec<String>,
    /// Most effort in all: the sum of strengths, a lever at full strength being 1.
    pub budget: f64,
    /// Members on which strengths are chosen.
    pub training: Design,
    /// Members on which they are judged.
    pub held_out: Design,
    /// Directions of trade-off besides one for each objective.
    pub directions: u32,
    /// Simulations for each direction.
    pub evaluations: u32,
    /// Views under which settings are judged.
    pub views: Vec<String>,
    /// End of the period.
    pub horizon: Month,
}

impl Search {
    /// Simulations of cases at most, but for screening and judging, which count as one each.
    pub fn simulations(&self) -> u32 {
        2 + self.evaluations * (self.directions + DIRECTIONS)
    }
}

/// One setting of levers.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Levers and strengths, those above 0.
    pub strengths: Vec<(String, f64)>,
    /// Effort: the sum of strengths.
    pub effort: f64,
    /// For each objective, the paired difference from the case without levers on held-out members.
    pub differences: Vec<PairedSummary>,
    /// For each view and objective, the mean difference.
    pub by_view: Vec<Vec<f64>>,
    /// Largest regret over views and objectives, in units of what the best single lever gains.
    pub regret: f64,
    /// Safeguards that it worsens by more than their Monte Carlo interval (places in the objectives).
    pub worsens: Vec<usize>,
}

/// What a search found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Objectives, safeguards last.
    pub objectives: Vec<Objective>,
    /// What each lever does alone.
    pub screened: Vec<Screened>,
    /// Settings that no other beats on held-out members, least regret first.
    pub front: Vec<Setting>,
    /// Simulations of the search.
    pub evaluations: usize,
}

/// Searches.
///
/// # Errors
/// `A070` no safeguard in the pack, or an objective without a bad direction; problems of the cases.
pub fn search(region: &Region, model: &Model, search: &Search, watch: &dyn Watch) -> Result<Found, RunError> {
    let candidates = screen::candidates(region, &search.levers)?;
    let world = World { region, model, search };
    let objectives = objective::choose(&world)?;
    let total = search.simulations();
    let screened = screen::screen(&world, &objectives, &candidates)?;
    if !watch.progress(1, total) {
        return Ok(Found { objectives, screened, front: Vec::new(), evaluations: 0 });
    }
    let space = search::Space::of(&world, &objectives, &screened);
    let tried = search::tried(&world, &objectives, &space, watch)?;
    if !watch.progress(total - 1, total) {
        return Ok(Found { objectives, screened, front: Vec::new(), evaluations: tried.len() });
    }
    let front = judge::judge(&world, &objectives, &space, &tried)?;
    watch.progress(total, total);
    Ok(Found { objectives, screened, front, evaluations: tried.len() })
}

/// What every part of a search reads.
struct World<'a> {
    region: &'a Region,
    model: &'a Model,
    search: &'a Search,
}

impl World<'_> {
    /// The case with levers, under a view.
    fn with(&self, strengths: &[(String, f64)], view: Option<&str>) -> Case {
        let mut case = self.search.against.clone();
        case.parts.extend(strengths.iter().filter(|s| s.1 > 0.0).cloned());
        if let Some(view) = view {
            case.view = Some(view.to_owned());
        }
        case
    }

    /// Whether the case can be run at all: two levers may set the same thing.
    fn runs(&self, case: &Case) -> Result<(), Diagnostics> {
        Ensemble::prepare(self.region, self.model, std::slice::from_ref(case)).map(|_| ())
    }

    /// Simulates cases, the first being what the others are compared with.
    fn simulate(&self, cases: &[Case], outcomes: &[String], design: Design) -> Result<Simulated, RunError> {
        let outcomes = Outcomes::resolve(self.region, self.model, outcomes, &[self.search.horizon])?;
        let cases = Ensemble::prepare(self.region, self.model, cases)?;
        let ensemble = Ensemble { model: self.model, cases, design, outcomes, thin: 0, timed: false };
        let (recorded, months) = (ensemble.outcomes.recording.cells.len(), self.model.world().months());
        let mut summary = Summary::new(&ensemble.outcomes.cells, ensemble.cases.len(), months, recorded, design);
        ensemble.run(&crate::ensemble::Unwatched, |chunk| summary.add(&chunk));
        summary.finish();
        let cells = ensemble.outcomes.cells.iter().map(|c| (c.outcome.clone(), c.entity.clone())).collect();
        Ok(Simulated { summary, cells })
    }
}

/// Results of some cases.
struct Simulated {
    summary: Summary,
    /// Outcome and entity of each cell.
    cells: Vec<(String, String)>,
}

impl Simulated {
    /// The difference of a case from the first on an objective: the mean over its entities. Its interval is the mean of theirs, which is at least
    /// as wide as that of the mean.
    fn difference(&self, case: usize, objective: &Objective) -> Option<PairedSummary> {
        let of = |c: &(usize, &(String, String))| c.1.0 == objective.outcome && objective.entity.as_ref().is_none_or(|e| *e == c.1.1);
        let cells: Vec<usize> = self.cells.iter().enumerate().filter(of).map(|c| c.0).collect();
        let rows: Vec<PairedSummary> = cells.iter().filter_map(|&c| self.summary.row(case, c)).map(|row| row.paired).collect();
        let first = *rows.first()?;
        let mean = |value: &dyn Fn(&PairedSummary) -> f64| rows.iter().map(value).sum::<f64>() / rows.len() as f64;
        Some(PairedSummary {
            baseline: mean(&|r| r.baseline),
            scenario: mean(&|r| r.scenario),
            difference: mean(&|r| r.difference),
            monte_carlo: mean(&|r| r.monte_carlo),
            spread: (mean(&|r| r.spread.0), mean(&|r| r.spread.1)),
            ..first
        })
    }

    /// The mean of an objective in the first case.
    fn level(&self, objective: &Objective) -> Option<f64> {
        self.difference(0, objective).map(|d| d.scenario)
    }
}

#[cfg(test)]
mod tests;
