//! What a search betters: outcomes with a bad direction, safeguards always among them.

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::{self, BadIf};

use super::World;
use crate::case::Case;
use crate::outcome::split_name;
use crate::run::RunError;

/// Objectives taken when none is named, besides safeguards.
const CHOSEN: usize = 2;

/// One number to better.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// Outcome id.
    pub outcome: String,
    /// The entity asked for; `None` for an outcome's only number, or for the mean over its entities.
    pub entity: Option<String>,
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

/// The objectives of a search: those named, or the headline outcomes that the case worsens most, relative to their level; then safeguards.
pub(super) fn choose(world: &World<'_>) -> Result<Vec<Objective>, RunError> {
    let region = world.region;
    let safeguards: Vec<String> = region.outcomes.values().filter(|o| o.safeguard).map(|o| o.id.clone()).collect();
    if safeguards.is_empty() {
        let problem = Diagnostic::error(codes::A070, "the pack marks no outcome as a safeguard, so levers cannot be searched");
        return Err(refuse(
            problem.help("mark what may never be traded away, rights and deaths by the state, with `safeguard = true` in outcomes.toml"),
        ));
    }
    let named = !world.search.objectives.is_empty();
    let wanted: Vec<(String, Option<String>)> = if named {
        let split = world.search.objectives.iter().map(|name| split_name(name));
        split.map(|(outcome, entity)| (outcome.to_owned(), (!entity.is_empty()).then(|| entity.to_owned()))).collect()
    } else {
        region.outcomes.values().filter(|o| o.headline && !o.safeguard && harm(o).is_some()).map(|o| (o.id.clone(), None)).collect()
    };
    let all: Vec<(String, Option<String>)> = wanted.into_iter().chain(safeguards.into_iter().map(|id| (id, None))).collect();
    let ids: Vec<String> = all.iter().map(|o| o.0.clone()).collect();
    let base = Case { view: world.search.against.view.clone(), parts: Vec::new() };
    let simulated = world.simulate(&[base, world.search.against.clone()], &ids, world.search.training)?;
    let mut chosen: Vec<(f64, Objective)> = Vec::new();
    for (id, entity) in all {
        let Some(outcome) = region.outcomes.get(&id) else { continue };
        let Some(harm) = harm(outcome) else {
            let problem = Diagnostic::error(codes::A070, format!("outcome `{id}` has no bad direction, so it cannot be bettered"));
            return Err(refuse(problem.expected("an outcome with `bad_if = \"higher\"` or `\"lower\"`")));
        };
        let objective = Objective { outcome: id, entity, harm, safeguard: outcome.safeguard };
        let Some(found) = simulated.difference(1, &objective) else {
            let problem = Diagnostic::error(codes::E003, format!("outcome `{}` has no such entity", objective.outcome));
            return Err(refuse(problem.found(format!("`{}`", objective.entity.unwrap_or_default()))));
        };
        let clear = found.difference.abs() > found.monte_carlo;
        let level = found.baseline.abs().max(found.scenario.abs()).max(1e-9);
        chosen.push((if clear { harm * found.difference / level } else { 0.0 }, objective));
    }
    let (mut goals, guards): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|(_, o)| !o.safeguard);
    if !named {
        goals.sort_by(|a, b| b.0.total_cmp(&a.0));
        goals.truncate(CHOSEN);
    }
    Ok(goals.into_iter().chain(guards).map(|(_, objective)| objective).collect())
}
