//! Where an outcome stood: the last observation of the series behind it, and the model's first month.

use oxus_engine::run::Finished;
use oxus_pack::Region;
use oxus_pack::region::{Fold, Outcome, Series};
use oxus_units::{Month, Unit};
use serde::Serialize;

/// Level of one outcome for one entity before the cases part.
#[derive(Debug, Serialize)]
pub struct Level {
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where outcomes combine entities.
    pub entity: String,
    /// Median of the baseline in the first month; `None` for what is counted from there on.
    pub now: Option<f64>,
    /// Last observation.
    pub history: Option<History>,
}

/// The last observation of a series by the as-of day.
#[derive(Debug, Serialize)]
pub struct History {
    /// Series id.
    pub series: String,
    /// Period described.
    pub period: String,
    /// Value in the unit of the outcome.
    pub value: f64,
}

/// Levels of all outcomes of a run at a horizon.
pub fn levels(region: &Region, finished: &Finished<'_>, horizon: Month) -> Vec<Level> {
    let outcomes = &finished.ensemble.outcomes;
    let cells = outcomes.cells.iter().filter(|cell| cell.horizon == horizon);
    let level = |cell: &oxus_engine::outcome::Cell| {
        let outcome = region.outcomes.get(&cell.outcome)?;
        let entity = alone(outcome, &cell.entity);
        let (now, history) = (now(finished, outcome, entity), observed(region, outcome, entity));
        Some(Level { outcome: cell.outcome.clone(), entity: cell.entity.clone(), now, history })
    };
    cells.filter_map(level).collect()
}

/// The entity of a number; outcomes of one entity do not name it.
fn alone<'a>(outcome: &'a Outcome, entity: &'a str) -> &'a str {
    match outcome.entities.as_slice() {
        [one] if entity.is_empty() => &one.id,
        _ => entity,
    }
}

/// Median of the baseline in the first month, for levels of one entity; what is counted up to the horizon starts from nothing.
fn now(finished: &Finished<'_>, outcome: &Outcome, entity: &str) -> Option<f64> {
    let model = finished.ensemble.model;
    let variable = model.variable(&outcome.of.id)?;
    if !matches!(outcome.fold, Fold::Last | Fold::Mean | Fold::Max) {
        return None;
    }
    let entity = model.axis_of(variable).position(entity)?;
    let cell = finished.ensemble.outcomes.recording.cells.iter().position(|&(v, e)| v == variable && e as usize == entity)?;
    let unit = Unit::parse(model.spec(variable).unit).ok().filter(|unit| unit.dimension() == outcome.unit.dimension())?;
    Some(unit.factor() / outcome.unit.factor() * finished.summary.path(0, cell, 0)[3])
}

/// The last value of the series that observes the outcome's variable, where both have one dimension.
fn observed(region: &Region, outcome: &Outcome, entity: &str) -> Option<History> {
    // a yearly sum is one thing, whether something happened by the horizon another
    if matches!(outcome.fold, Fold::FirstMonthAbove(_) | Fold::MonthsAbove(_) | Fold::AnyAbove(_) | Fold::RunAbove { .. }) {
        return None;
    }
    let series = region.series.values().find(|s| observes(s, &outcome.of.id) && s.values.contains_key(entity))?;
    let last = series.values.get(entity)?.iter().rfind(|x| x.observable_from <= region.identity.as_of.month())?;
    let factor = if series.unit.dimension() == outcome.unit.dimension() { series.unit.factor() / outcome.unit.factor() } else { return None };
    Some(History { series: series.id.clone(), period: last.period.to_string(), value: factor * last.value })
}

/// Whether a series is of this variable, or of what is observed of it (`observation.growth` of `finance.growth`).
fn observes(series: &Series, variable: &str) -> bool {
    let plain = |name: &str| name.split_once('.').map_or(name.to_owned(), |(_, rest)| rest.to_owned());
    series.variable.as_ref().is_some_and(|v| v.id == variable || (v.id.starts_with("observation.") && plain(&v.id) == plain(variable)))
}
