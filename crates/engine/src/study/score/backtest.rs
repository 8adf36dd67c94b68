//! Rolling-origin back-tests: at each origin the region is started with what was known then, and later values are compared with its futures.

use std::collections::{BTreeMap, BTreeSet};

use oxus_analysis::scoring::baselines;
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::{Earlier, Region};
use oxus_units::Month;

use super::compare::{EventScore, NumberScore, Pasts, refuse, share};
use super::forecast::{Forecast, forecast};
use super::past::{run_up_to, value};
use super::target::{Target, Targets};
use crate::case::Case;
use crate::ensemble::{Design, Watch};
use crate::run::RunError;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Years at whose ends forecasts start.
    pub origins: Vec<i32>,
    /// Longest horizon, years.
    pub horizon: i32,
    /// Worldviews scored beside the pooled default.
    pub views: Vec<String>,
    /// Members.
    pub design: Design,
    /// Resamples of the bootstrap.
    pub resamples: u32,
}

/// One forecast against one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Position of the target in [`BackTest::targets`], or of an event among them.
    pub target: usize,
    /// Entity.
    pub entity: String,
    /// Origin, year.
    pub origin: i32,
    /// Horizon, years.
    pub horizon: i32,
    /// What happened.
    pub observed: f64,
    /// Size of a yearly change of the entity before the origin, by which scores of numbers are divided; 1 for events.
    pub unit: f64,
    /// Score that is compared: CRPS over `unit`, or Brier, of the baseline and of each view, the pooled default first.
    pub baseline: f64,
    /// The same of each view.
    pub views: Vec<f64>,
    /// Details of the pooled default.
    pub detail: Detail,
}

/// Further scores of the pooled default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Detail {
    /// Of a number.
    Number(NumberScore),
    /// Of an event.
    Event(EventScore),
}

/// What is scored: a series, or an event read from one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scoreable {
    /// Name in tables: the series, or the series with what is asked of it.
    pub name: String,
    /// Whether it happens or not.
    pub event: bool,
}

/// All back-tests.
#[derive(Clone, Debug, Default)]
pub struct BackTest {
    /// What is scored.
    pub targets: Vec<Scoreable>,
    /// Forecasts with their scores, by origin, target, entity, horizon.
    pub scored: Vec<Scored>,
    /// Baseline chosen before each origin, by target, origin and horizon.
    pub chosen: BTreeMap<(usize, i32, i32), String>,
    /// Series and entities without any change up to 2012, which leave the count.
    pub constant: BTreeSet<String>,
    /// Series that no variable measures.
    pub left_out: Vec<String>,
    /// Forecasts without a baseline: too short a past, or a gap before the origin. By target.
    pub unscored: BTreeMap<usize, u32>,
    /// Values after the origin that the series does not have. By target.
    pub unobserved: BTreeMap<usize, u32>,
    /// What could not be known at each origin.
    pub starts: Vec<Start>,
    /// Views scored, the pooled default (empty name) first.
    pub views: Vec<String>,
}

/// How the region was started at an origin.
#[derive(Clone, Debug)]
pub struct Start {
    /// Year.
    pub origin: i32,
    /// Values taken from the mean of others.
    pub borrowed: Vec<String>,
    /// Parameters estimated anew.
    pub anew: Vec<String>,
    /// Parameters estimated on later data and used as they are.
    pub later: Vec<String>,
}

/// Runs the back-tests. Results depend on the pack and the settings alone, and at each origin on no observation after it but the value forecast.
///
/// # Errors
/// `A051` a region that cannot be started at an origin, `A052` an origin without later values; those of a run.
pub fn backtest(region: &Region, settings: &Settings, watch: &dyn Watch) -> Result<BackTest, RunError> {
    let without = |entity: &str| region.restart.without.contains_key(entity);
    let last = region.identity.origin.year();
    let mut test = BackTest { views: std::iter::once(String::new()).chain(settings.views.iter().cloned()).collect(), ..BackTest::default() };
    for (at, &origin) in settings.origins.iter().enumerate() {
        let end = last.min(origin + settings.horizon);
        let (earlier, month) = start(region, origin, end)?;
        test.starts.push(Start {
            origin,
            borrowed: earlier.borrowed.clone(),
            anew: earlier.anew.iter().cloned().collect(),
            later: earlier.later.clone(),
        });
        let cut = crate::model(&earlier.region)?;
        let targets = Targets::of(region, &cut, &without);
        test.name_targets(region, &targets);
        let cases: Vec<Case> = test.views.iter().map(|v| Case { view: Some(v.clone()).filter(|v| !v.is_empty()), parts: Vec::new() }).collect();
        let part = PartOf { at: at as u32, of: settings.origins.len() as u32, watch };
        let forecasts = forecast(&earlier.region, &cut, &cases, &targets, settings.design, &part)?;
        if !watch.progress(settings.design.members() * (at as u32 + 1), settings.design.members() * settings.origins.len() as u32) {
            // stopped: what is left of this origin is not whole
            break;
        }
        let round = Round { whole: region, known: &earlier.region, month, origin, end, forecasts: &forecasts };
        round.score(&targets, &mut test).map_err(RunError::Problems)?;
    }
    Ok(test)
}

fn start(region: &Region, origin: i32, end: i32) -> Result<(Earlier, Month), Diagnostics> {
    let mut problems = Diagnostics::new();
    let own = region.identity.origin;
    let (Some(month), Some(last)) = (Month::new(origin, 12), Month::new(end, 12)) else {
        problems.push(Diagnostic::error(codes::A052, format!("{origin} is no year of a forecast")));
        return Err(problems);
    };
    if month >= own {
        problems.push(
            Diagnostic::error(codes::A052, format!("a back-test from the end of {origin} has no later value to be compared with"))
                .expected(format!("origins before {}, the pack's own", own.year()))
                .help("`oxus score --freeze` writes the forecast from the pack's own origin; `oxus score --observed FILE` scores it"),
        );
        return Err(problems);
    }
    let earlier = region.earlier(month, last);
    if earlier.missing.is_empty() {
        return Ok((earlier, month));
    }
    problems.push(
        Diagnostic::error(codes::A051, format!("the region cannot be started at the end of {origin}: no value was known"))
            .found(listed(&earlier.missing))
            .help("choose a later origin, or state the values in `backtest.toml` (`statistic = \"stated\"`)"),
    );
    Err(problems)
}

/// Parameters of missing values, the first few by name.
pub(super) fn listed(missing: &[String]) -> String {
    const NAMED: usize = 6;
    let names: BTreeSet<&str> = missing.iter().map(|name| name.split('/').next().unwrap_or(name)).collect();
    let first: Vec<&str> = names.iter().copied().take(NAMED).collect();
    match names.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// One origin.
struct Round<'a> {
    whole: &'a Region,
    known: &'a Region,
    month: Month,
    origin: i32,
    end: i32,
    forecasts: &'a [Forecast],
}

impl BackTest {
    /// Series first, then the events read from the series of the dead.
    fn name_targets(&mut self, region: &Region, targets: &Targets) {
        self.left_out.clone_from(&targets.left_out);
        self.targets = targets.list.iter().map(|t| Scoreable { name: t.series.clone(), event: t.event }).collect();
        if let Some(conflict) = &region.restart.conflict {
            for what in ["onset", "continuation"] {
                self.targets.push(Scoreable { name: format!("{}: {what}", conflict.series), event: true });
            }
        }
    }
}

impl Round<'_> {
    fn score(&self, targets: &Targets, test: &mut BackTest) -> Result<(), Diagnostics> {
        for (t, target) in targets.list.iter().enumerate() {
            for horizon in 1..=self.end - self.origin {
                let refuse = |e| refuse(&e, &target.series);
                if target.event { self.events(t, target, horizon, test) } else { self.numbers(t, target, horizon, test) }.map_err(refuse)?;
            }
        }
        let Some(conflict) = &self.whole.restart.conflict else { return Ok(()) };
        let Some(t) = targets.list.iter().position(|t| t.series == conflict.series.id) else { return Ok(()) };
        for horizon in 1..=self.end - self.origin {
            for (going_on, at) in [(false, targets.list.len()), (true, targets.list.len() + 1)] {
                let asked = Conflict { t, at, going_on, threshold: conflict.threshold };
                self.conflict(&asked, &targets.list[t], horizon, test).map_err(|e| refuse(&e, &conflict.series.id))?;
            }
        }
        Ok(())
    }

    fn observed(&self, target: &Target, entity: &str, horizon: i32) -> Option<f64> {
        value(self.whole.series.get(&target.series)?, entity, self.origin + horizon)
    }

    fn past(&self, target: &Target, entity: &str) -> Vec<f64> {
        debug_assert!(self.known.identity.origin == self.month, "internal: baselines read the cut series");
        self.known.series.get(&target.series).map(|s| run_up_to(s, entity, self.origin)).unwrap_or_default()
    }

    fn numbers(&self, t: usize, target: &Target, horizon: i32, test: &mut BackTest) -> Result<(), oxus_analysis::scoring::ScoreError> {
        let pasts: Vec<Vec<f64>> = target.entities.iter().map(|(e, _)| self.past(target, e)).collect();
        let long: Vec<&[f64]> = pasts.iter().map(Vec::as_slice).filter(|p| p.len() >= baselines::LEAST_HISTORY).collect();
        let (chosen, _) = baselines::choose(&long, horizon as usize, target.bounds)?;
        test.chosen.insert((t, self.origin, horizon), chosen.name());
        let typical = median(long.iter().filter_map(|p| baselines::scale(p)).collect());
        for (e, (entity, _)) in target.entities.iter().enumerate() {
            let Some(observed) = self.observed(target, entity, horizon) else {
                *test.unobserved.entry(t).or_default() += 1;
                continue;
            };
            let past = &pasts[e];
            let (Some(unit), true) = (unit(baselines::scale(past), typical), past.len() >= baselines::LEAST_HISTORY) else {
                *test.unscored.entry(t).or_default() += 1;
                continue;
            };
            if self.constant(target, entity) {
                test.constant.insert(format!("{} of {entity}", target.series));
                continue;
            }
            let baseline = chosen.members(past, horizon as usize, target.bounds)?;
            let mut scores = Vec::new();
            for forecast in self.forecasts {
                let members = forecast.members((t, e), self.origin + horizon).unwrap_or_default();
                scores.push(NumberScore::of(members, observed)?);
            }
            test.scored.push(Scored {
                target: t,
                entity: entity.clone(),
                origin: self.origin,
                horizon,
                observed,
                unit,
                baseline: NumberScore::of(&baseline, observed)?.crps / unit,
                views: scores.iter().map(|s| s.crps / unit).collect(),
                detail: Detail::Number(scores[0]),
            });
        }
        Ok(())
    }

    /// Whether the whole history of an entity is one value: then nothing can be told from it.
    fn constant(&self, target: &Target, entity: &str) -> bool {
        let list = self.whole.series.get(&target.series).and_then(|s| s.values.get(entity));
        list.is_none_or(|list| list.iter().all(|seen| seen.value == list[0].value))
    }

    fn events(&self, t: usize, target: &Target, horizon: i32, test: &mut BackTest) -> Result<(), oxus_analysis::scoring::ScoreError> {
        let happened: Vec<Vec<bool>> = target.entities.iter().map(|(e, _)| self.past(target, e).iter().map(|x| *x > 0.0).collect()).collect();
        let pasts = Pasts { origin: self.origin, entities: happened };
        let regress = super::regression::of(self.known, &target.series);
        let entity = |e: usize, year: i32| regress.probability(self.known, &target.entities[e].0, year);
        let (chosen, probabilities) = pasts.choose(horizon as usize, &entity)?;
        test.chosen.insert((t, self.origin, horizon), chosen.name().to_owned());
        for (e, (entity, _)) in target.entities.iter().enumerate() {
            let Some(observed) = self.observed(target, entity, horizon) else {
                *test.unobserved.entry(t).or_default() += 1;
                continue;
            };
            if pasts.entities[e].is_empty() {
                *test.unscored.entry(t).or_default() += 1;
                continue;
            }
            let at = Place { target: t, entity, horizon, observed: observed > 0.0 };
            self.push(&at, (t, e), 0.5, probabilities[e], test)?;
        }
        Ok(())
    }

    /// The chance that a state with few dead at the origin has many, or one with many still has.
    fn conflict(&self, asked: &Conflict, target: &Target, horizon: i32, test: &mut BackTest) -> Result<(), oxus_analysis::scoring::ScoreError> {
        let mut entities = Vec::new();
        let mut happened = Vec::new();
        for (e, (entity, _)) in target.entities.iter().enumerate() {
            let past = self.past(target, entity);
            if past.last().is_some_and(|dead| (*dead >= asked.threshold) == asked.going_on) {
                entities.push((e, entity));
            }
            // years after one of the same kind, over all entities: what followed peace, or violence
            happened.push(past.windows(2).filter(|w| (w[0] >= asked.threshold) == asked.going_on).map(|w| w[1] >= asked.threshold).collect());
        }
        if entities.is_empty() {
            return Ok(());
        }
        let pasts = Pasts { origin: self.origin, entities: happened };
        let (chosen, probabilities) = pasts.choose(1, &|_, _| None)?;
        test.chosen.insert((asked.at, self.origin, horizon), chosen.name().to_owned());
        for (e, entity) in entities {
            let Some(observed) = self.observed(target, entity, horizon) else {
                *test.unobserved.entry(asked.at).or_default() += 1;
                continue;
            };
            let at = Place { target: asked.at, entity, horizon, observed: observed >= asked.threshold };
            self.push(&at, (asked.t, e), asked.threshold, probabilities[e], test)?;
        }
        Ok(())
    }

    fn push(
        &self,
        at: &Place<'_>,
        cell: (usize, usize),
        threshold: f64,
        baseline: f64,
        test: &mut BackTest,
    ) -> Result<(), oxus_analysis::scoring::ScoreError> {
        let mut scores = Vec::new();
        for forecast in self.forecasts {
            let members = forecast.members(cell, self.origin + at.horizon).unwrap_or_default();
            scores.push(EventScore::of(share(members, threshold), at.observed)?);
        }
        test.scored.push(Scored {
            target: at.target,
            entity: at.entity.to_owned(),
            origin: self.origin,
            horizon: at.horizon,
            observed: f64::from(u8::from(at.observed)),
            unit: 1.0,
            baseline: EventScore::of(baseline, at.observed)?.brier,
            views: scores.iter().map(|s| s.brier).collect(),
            detail: Detail::Event(scores[0]),
        });
        Ok(())
    }
}

/// Size of a yearly change by which scores are divided: the entity's own, at least a quarter of the median entity's, so that one which hardly moved
/// before the origin does not decide the mean.
fn unit(own: Option<f64>, typical: Option<f64>) -> Option<f64> {
    let floor = typical.map(|x| 0.25 * x);
    match (own, floor) {
        (Some(own), Some(floor)) => Some(own.max(floor)),
        (own, _) => own.or(typical),
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (n > 0).then(|| 0.5 * (values[(n - 1) / 2] + values[n / 2]))
}

/// Onset or continuation of conflict.
struct Conflict {
    /// Target of the series of the dead.
    t: usize,
    /// Position of the event.
    at: usize,
    going_on: bool,
    threshold: f64,
}

/// Where an event's score belongs.
struct Place<'a> {
    target: usize,
    entity: &'a str,
    horizon: i32,
    observed: bool,
}

/// Progress of one origin of several.
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
