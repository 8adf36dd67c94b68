//! Shocks of the past, given as they were known: does what the model answers contain what happened?

use oxus_analysis::scoring::{Pit, quantile};
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::{Region, Replay, Scenario};
use oxus_units::Month;
use serde::Serialize;

use super::compare::refuse;
use super::forecast::forecast;
use super::past::value;
use super::target::Targets;
use crate::case::Case;
use crate::ensemble::{Design, Watch};
use crate::run::RunError;

/// Years after the origin that are simulated.
const YEARS: i32 = 3;

/// One value that followed a shock, with the futures of both arms.
#[derive(Clone, Debug, Serialize)]
pub struct Checked {
    /// Series.
    pub series: String,
    /// Entity.
    pub entity: String,
    /// Year.
    pub year: i32,
    /// What happened; `None` where the series has no value.
    pub observed: Option<f64>,
    /// 10 %, 50 % and 90 % of the futures without the shock.
    pub without: [f64; 3],
    /// The same with it.
    pub with: [f64; 3],
    /// Share of the futures with the shock below what happened, ties counted half.
    pub place: Option<f64>,
    /// Where that is.
    pub found: Found,
}

/// Where what happened lies among the futures with the shock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    /// Inside the 80 % interval.
    Inside,
    /// Outside it, and some futures in a hundred lie beyond.
    Tail,
    /// Fewer than one future in a hundred lies beyond.
    Outside,
    /// Nothing was observed.
    Unknown,
}

/// A replay with its checks.
#[derive(Clone, Debug, Serialize)]
pub struct Replayed {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// What is imposed and what is not.
    pub note: String,
    /// Checks in the order of the pack.
    pub checks: Vec<Checked>,
}

/// Runs every replay of the pack, with and without its shock, on the same futures.
///
/// # Errors
/// `A051` a region that cannot be started; `A053` a check on a series or entity that is not forecast; those of a run.
pub fn replays(region: &Region, design: Design, watch: &dyn Watch) -> Result<Vec<Replayed>, RunError> {
    let mut done = Vec::new();
    for (at, (id, replay)) in region.restart.replays.iter().enumerate() {
        let part = PartOf { at: at as u32, of: region.restart.replays.len() as u32, watch };
        done.push(one(region, id, replay, design, &part)?);
    }
    Ok(done)
}

fn one(region: &Region, id: &str, replay: &Replay, design: Design, watch: &dyn Watch) -> Result<Replayed, RunError> {
    let own = region.identity.origin.year();
    let months = Month::new(replay.origin, 12).zip(Month::new((replay.origin + YEARS).min(own), 12));
    let Some((origin, last)) = months.filter(|(origin, last)| origin < last) else {
        let problem = Diagnostic::error(codes::A052, format!("replay `{id}` starts at the end of {}", replay.origin)).at(replay.span, "");
        return Err(single(problem));
    };
    let earlier = region.earlier(origin, last);
    if !earlier.missing.is_empty() {
        let problem = Diagnostic::error(codes::A051, format!("replay `{id}` cannot be started at the end of {}", replay.origin));
        return Err(single(problem.at(replay.span, "").found(super::backtest::listed(&earlier.missing))));
    }
    let plain = earlier.region;
    let mut shocked = plain.clone();
    for network in shocked.networks.values_mut() {
        for (name, contract) in &mut network.contracts {
            if let Some(came) = replay.contracts.iter().find(|c| c.id == *name).and_then(|_| region.networks[&network.commodity].contracts.get(name))
            {
                contract.nominated.clone_from(&came.nominated);
            }
        }
    }
    let scenario = Scenario {
        id: id.to_owned(),
        title: replay.title.clone(),
        claims: Vec::new(),
        narrative: replay.note.clone(),
        lever: None,
        interventions: replay.interventions.clone(),
        span: replay.span,
    };
    shocked.scenarios.insert(id.to_owned(), scenario);
    let case = Case { view: None, parts: vec![(id.to_owned(), 1.0)] };
    let model = crate::model(&plain)?;
    let targets = Targets::of(region, &model, &|_| false);
    let halves = [Half { second: false, watch }, Half { second: true, watch }];
    let without = forecast(&plain, &model, &[Case::default()], &targets, design, &halves[0])?;
    let with = forecast(&shocked, &crate::model(&shocked)?, &[case], &targets, design, &halves[1])?;
    let mut checks = Vec::new();
    for check in &replay.checks {
        let place = targets.list.iter().position(|t| t.series == check.series.id);
        let cell = place.and_then(|t| Some((t, targets.list[t].entities.iter().position(|(e, _)| *e == check.entity)?)));
        let arms = cell.and_then(|cell| Some((without.first()?.members(cell, check.year)?, with.first()?.members(cell, check.year)?)));
        let Some((before, after)) = arms else {
            let what = format!("replay `{id}` looks at {} of {} in {}, which is not forecast", check.series, check.entity, check.year);
            return Err(single(Diagnostic::error(codes::A053, what).at(check.series.span, "")));
        };
        let observed = region.series.get(&check.series.id).and_then(|s| value(s, &check.entity, check.year));
        let checked = checked(check, observed, before, after).map_err(|e| RunError::Problems(refuse(&e, &check.series.id)))?;
        checks.push(checked);
    }
    Ok(Replayed { id: id.to_owned(), title: replay.title.clone(), note: replay.note.clone(), checks })
}

fn checked(
    check: &oxus_pack::region::ReplayCheck,
    observed: Option<f64>,
    before: &[f64],
    after: &[f64],
) -> Result<Checked, oxus_analysis::scoring::ScoreError> {
    let three = |members: &[f64]| Ok([quantile(members, 0.1)?, quantile(members, 0.5)?, quantile(members, 0.9)?]);
    let with = three(after)?;
    let place = observed.map(|y| Pit::of(after, y)).transpose()?;
    let found = match (observed, place) {
        (Some(y), _) if with[0] <= y && y <= with[2] => Found::Inside,
        (Some(_), Some(pit)) if pit.up_to >= 0.01 && pit.below <= 0.99 => Found::Tail,
        (Some(_), _) => Found::Outside,
        (None, _) => Found::Unknown,
    };
    Ok(Checked {
        series: check.series.id.clone(),
        entity: check.entity.clone(),
        year: check.year,
        observed,
        without: three(before)?,
        with,
        place: place.map(Pit::middle),
        found,
    })
}

fn single(problem: Diagnostic) -> RunError {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    RunError::Problems(problems)
}

/// Progress of one replay of several.
struct PartOf<'w> {
    at: u32,
    of: u32,
    watch: &'w dyn Watch,
}

impl Watch for PartOf<'_> {
    fn progress(&self, done: u32, of: u32) -> bool {
        self.watch.progress(self.at * of + done, self.of * of)
    }
}

/// Progress of one arm of two.
struct Half<'w> {
    second: bool,
    watch: &'w dyn Watch,
}

impl Watch for Half<'_> {
    fn progress(&self, done: u32, of: u32) -> bool {
        self.watch.progress(u32::from(self.second) * of + done, 2 * of)
    }
}
