//! What a search betters: outcomes with a bad direction, safeguards always among them.

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::{self, BadIf};

use super::World;
use crate::case::Case;
use crate::run::RunError;

/// Objectives taken when none is named, besides safeguards.
const CHOSEN: usize = 2;

/// One number to better.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome combines entities.
    pub entity: String,
    /// 1 where more is worse, -1 where less is.
    pub harm: f64,
    /// Whether the pack has it always among the objectives.
    pub safeguard: bool,
}

fn refuse(problem: Diagnostic) -> RunError {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    RunError::Problems(problems)
}

fn harm(outcome: &region::Outcome) -> Option<f64> {
    match outcome.bad_if {
        BadIf::Higher => Some(1.0),
        BadIf::Lower => Some(-1.0),
        BadIf::Either => None,
    }
}

/// The objectives of a search: those named (all their entities), or the headline outcomes that the case worsens most in their own spread; then safeguards.
pub(super) fn choose(world: &World<'_>) -> Result<Vec<Objective>, RunError> {
    let region = world.region;
    let safeguards: Vec<String> = region.outcomes.values().filter(|o| o.safeguard).map(|o| o.id.clone()).collect();
    if safeguards.is_empty() {
        let problem = Diagnostic::error(codes::A070, "the pack marks no outcome as a safeguard, so levers cannot be searched");
        return Err(refuse(problem.help("mark what may never be traded away, rights and deaths by the state, with `safeguard = true` in outcomes.toml")));
    }
    let named = !world.search.objectives.is_empty();
    let wanted: Vec<String> = if named {
        world.search.objectives.clone()
    } else {
        region.outcomes.values().filter(|o| o.headline && !o.safeguard && harm(o).is_some()).map(|o| o.id.clone()).collect()
    };
    let all: Vec<String> = wanted.iter().chain(&safeguards).cloned().collect();
    let base = Case { view: world.search.against.view.clone(), parts: Vec::new() };
    let simulated = world.simulate(&[base, world.search.against.clone()], &all, world.search.training)?;
    let mut chosen: Vec<(f64, Objective)> = Vec::new();
    for (cell, (id, entity)) in simulated.cells.iter().enumerate() {
        let Some(outcome) = region.outcomes.get(id) else { continue };
        let Some(harm) = harm(outcome) else {
            let problem = Diagnostic::error(codes::A070, format!("outcome `{id}` has no bad direction, so it cannot be bettered"));
            return Err(refuse(problem.expected("an outcome with `bad_if = \"higher\"` or `\"lower\"`")));
        };
        let objective = Objective { outcome: id.clone(), entity: entity.clone(), harm, safeguard: outcome.safeguard };
        let Some(row) = simulated.summary.row(1, cell) else { continue };
        let spread = (row.case[5] - row.case[1]).max(row.baseline[5] - row.baseline[1]).max(1e-9);
        let clear = row.paired.difference.abs() > row.paired.monte_carlo;
        chosen.push((if clear { harm * row.paired.difference / spread } else { 0.0 }, objective));
    }
    let (mut goals, guards): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|(_, o)| !o.safeguard);
    if !named {
        goals.sort_by(|a, b| b.0.total_cmp(&a.0));
        goals.truncate(CHOSEN);
    }
    Ok(goals.into_iter().chain(guards).map(|(_, objective)| objective).collect())
}
