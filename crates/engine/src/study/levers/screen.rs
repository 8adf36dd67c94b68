//! Each lever alone at full strength: what it does to every objective.

use oxus_analysis::PairedSummary;
use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_pack::region::Region;

use super::{Objective, World};
use crate::run::RunError;

/// What a lever does alone.
#[derive(Clone, Debug)]
pub struct Screened {
    /// Lever.
    pub lever: String,
    /// Difference of each objective from the case without it.
    pub effects: Vec<PairedSummary>,
    /// Gains: the clear betterings of the objectives, in units of the best lever's.
    pub gain: f64,
}

/// Levers to choose from: those named, or all protective ones.
///
/// # Errors
/// `E001` an unknown lever, `A070` one that is not protective.
pub(super) fn candidates(region: &Region, named: &[String]) -> Result<Vec<String>, Diagnostics> {
    let offered = || region.scenarios.values().filter(|s| s.lever.as_ref().is_some_and(|l| l.protective)).map(|s| s.id.as_str());
    if named.is_empty() {
        return Ok(offered().map(str::to_owned).collect());
    }
    let mut problems = Diagnostics::new();
    for id in named {
        match region.scenarios.get(id).map(|s| s.lever.as_ref()) {
            Some(Some(lever)) if lever.protective => {}
            Some(_) => problems.push(
                Diagnostic::error(codes::A070, format!("`{id}` is not a protective lever and is not offered to a search"))
                    .expected("a lever with `protective = true` (`oxus explain scenarios` lists them)"),
            ),
            None => problems.push(
                Diagnostic::error(codes::E001, format!("unknown lever `{id}`"))
                    .expected("a protective lever of the pack")
                    .help_maybe(did_you_mean(id, offered())),
            ),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(named.to_vec()) }
}

/// Simulates every candidate that the case does not contain already and can be combined with it.
pub(super) fn screen(world: &World<'_>, objectives: &[Objective], candidates: &[String]) -> Result<Vec<Screened>, RunError> {
    let held = |id: &String| world.search.against.parts.iter().any(|p| p.0 == *id);
    let alone = |id: &String| world.with(&[(id.clone(), 1.0)], None);
    let levers: Vec<&String> = candidates.iter().filter(|id| !held(id) && world.runs(&alone(id)).is_ok()).collect();
    let mut cases = vec![world.search.against.clone()];
    cases.extend(levers.iter().map(|id| alone(id)));
    let outcomes: Vec<String> = objectives.iter().map(|o| o.outcome.clone()).collect();
    let simulated = world.simulate(&cases, &outcomes, world.search.training)?;
    let mut screened: Vec<Screened> = Vec::new();
    for (k, lever) in levers.into_iter().enumerate() {
        let effects: Option<Vec<PairedSummary>> = objectives.iter().map(|o| simulated.difference(k + 1, o)).collect();
        if let Some(effects) = effects {
            screened.push(Screened { lever: lever.clone(), effects, gain: 0.0 });
        }
    }
    let units = units(&screened, objectives);
    for lever in &mut screened {
        let gains = lever.effects.iter().zip(objectives).zip(&units).map(|((e, o), unit)| clear_gain(e, o) / unit);
        lever.gain = gains.sum();
    }
    screened.sort_by(|a, b| b.gain.total_cmp(&a.gain));
    Ok(screened)
}

/// The bettering of an objective, 0 where it is a worsening or within chance.
fn clear_gain(effect: &PairedSummary, objective: &Objective) -> f64 {
    let gain = -objective.harm * effect.difference;
    if gain > effect.monte_carlo { gain } else { 0.0 }
}

/// What the best single lever gains on each objective; 1 where none gains, so that dividing by it does no harm.
pub(super) fn units(screened: &[Screened], objectives: &[Objective]) -> Vec<f64> {
    let best = |i: usize| screened.iter().map(|s| clear_gain(&s.effects[i], &objectives[i])).fold(0.0, f64::max);
    (0..objectives.len()).map(best).map(|b| if b > 0.0 { b } else { 1.0 }).collect()
}
