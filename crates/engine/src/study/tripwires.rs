//! Tripwires: which published figure, by which month, moves the odds of an outcome.
//!
//! Observables are what the `observation` mechanism publishes, and prices. Half of the draws choose the rules (see [`oxus_analysis::tripwire`]), the other
//! half judges them; only rules that hold there, with false-discovery control over all that were judged, are reported. Futures in which it is too late in the
//! month of the rule, because the outcome has happened, count on neither side.

use oxus_analysis::Sketch;
use oxus_analysis::false_discovery::benjamini_hochberg;
use oxus_analysis::tripwire::{Figures, Held, Rule, best_rule, price, tried};
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::{Kind, Model};
use oxus_pack::region::{BadIf, Fold, Outcome, Region};
use oxus_units::Month;

use crate::case::Case;
use crate::draws::{Draw, Gather};
use crate::ensemble::{CHUNK, Design, Ensemble, Watch};
use crate::outcome::Outcomes;
use crate::run::RunError;

/// Futures that choose rules, at most: what more of them add is less than their memory.
const MOST_TRAINING: u32 = 4_096;
/// Months that a rule must leave before the end of the period.
const LEAST_LEFT: i32 = 6;
/// Rules judged for each one asked for.
const JUDGED: usize = 4;
/// Share of the futures that an outcome without yes and no calls its worst.
const WORST: f64 = 0.2;
/// False-discovery rate at which a rule holds.
const RATE: f64 = 0.05;
/// Least rise of the chance where a rule fires, a share: less is no news to act on.
const LEAST_RISE: f64 = 0.05;
/// Correlation of two rules' alarms past which they are one rule.
const SAME: f64 = 0.8;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The case whose futures are watched.
    pub case: Case,
    /// Outcome id.
    pub outcome: &'a str,
    /// Entity, empty where the outcome has one number.
    pub entity: &'a str,
    /// End of the period.
    pub horizon: Month,
    /// Members, for both halves.
    pub design: Design,
    /// Most tripwires to report.
    pub top: usize,
}

/// What is warned of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Danger {
    /// It happens, not having happened yet.
    Happens,
    /// The number at the end of the period lies in its worst fifth.
    Worst,
    /// What is still to come of a sum lies in its worst fifth.
    WorstToCome,
}

/// One rule that holds.
#[derive(Clone, Debug)]
pub struct Tripwire {
    /// Variable watched.
    pub variable: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Entity watched.
    pub entity: String,
    /// Month in which it is looked at.
    pub month: Month,
    /// The threshold.
    pub rule: Rule,
    /// Where the outcome starts to count as its worst; `None` for what happens or not.
    pub worst: Option<f64>,
    /// On held-out futures.
    pub figures: Figures,
    /// p-value adjusted for all the rules that were judged.
    pub adjusted_p: f64,
    /// Median of the months from the look to the outcome, over held-out futures in which the rule fires and it happens; to the end of the period where
    /// an outcome has no month.
    pub lead: f64,
}

/// Tripwires of one outcome.
#[derive(Clone, Debug)]
pub struct Found {
    /// Entity, empty where the outcome has one number.
    pub entity: String,
    /// What is warned of.
    pub danger: Danger,
    /// In the order of what they told on the training futures.
    pub tripwires: Vec<Tripwire>,
    /// Observables, months looked at, rules searched, rules judged.
    pub searched: Searched,
    /// Futures that chose the rules.
    pub training: u32,
    /// Futures that judged them.
    pub held_out: u32,
    /// Chance of the outcome over all training futures (of what happens or not).
    pub chance: f64,
}

/// Size of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searched {
    /// Observed numbers (a variable of an entity).
    pub observables: usize,
    /// Months.
    pub months: usize,
    /// Thresholds tried on all of them.
    pub rules: usize,
    /// Rules that went to the held-out futures.
    pub judged: usize,
}

/// An observable with the positions of its values, month by month.
struct Observable {
    variable: usize,
    entity: u32,
    cells: Vec<usize>,
}

/// A rule on its way from one half to the other.
struct Candidate {
    observable: usize,
    month: usize,
    rule: Rule,
    worst: Option<f64>,
    held: Held,
    leads: Sketch,
}

/// What is measured of every member.
struct Setup {
    danger: Danger,
    /// Position of the outcome's number.
    at: usize,
    /// Positions of the same number at the months of the rules.
    so_far: Vec<usize>,
    /// Position of the month in which it happens first.
    first: Option<usize>,
    more_is_worse: bool,
    months: Vec<Month>,
    observables: Vec<Observable>,
}

/// Variables that the public sees: all that `observation` publishes but its flags, and prices.
fn published(model: &Model) -> Vec<usize> {
    let observed = |v: &usize| {
        let spec = model.spec(*v);
        let (owner, _) = model.owner(*v);
        let shown = matches!(spec.kind, Kind::Price) || owner == "observation";
        shown && !matches!(spec.kind, Kind::Modifier(_)) && !model.is_sum(*v)
    };
    (0..model.variable_names().count()).filter(observed).collect()
}

/// Junes and Decembers between the start and the end of the period: figures are published for half-years.
fn months(model: &Model, horizon: Month) -> Vec<Month> {
    let first = model.world().first();
    let all = (0..model.world().months()).map(|t| first.plus(t as i32));
    all.filter(|m| m.month().is_multiple_of(6) && m.since(first) >= 5 && horizon.since(*m) >= LEAST_LEFT).collect()
}

/// Finds tripwires of an outcome.
///
/// # Errors
/// Those of [`Outcomes::resolve`] and [`Ensemble::prepare`]; `E003` an outcome of several numbers; `A045` too few members for two halves; `A046` an
/// outcome that always or never happens.
pub fn tripwires(region: &Region, asked: &Asked<'_>, watch: &dyn Watch) -> Result<Found, RunError> {
    let to_horizon = u32::try_from(asked.horizon.since(region.identity.origin)).unwrap_or(1);
    let model = super::shortened(region, to_horizon)?;
    let mut outcomes = Outcomes::resolve(region, &model, &[asked.outcome.to_owned()], &[asked.horizon])?;
    let at = outcomes.cell(asked.outcome, asked.entity, asked.horizon).map_err(|problem| refuse(*problem))?;
    let Some(outcome) = region.outcomes.get(asked.outcome) else { return Err(refuse(open(asked.outcome))) };
    let training = training_draws(asked.design).map_err(|problem| refuse(*problem))?;
    let setup = setup(&model, &mut outcomes, outcome, at, asked.horizon);
    let cases = Ensemble::prepare(region, &model, std::slice::from_ref(&asked.case))?;
    let ensemble = Ensemble { model: &model, cases, design: asked.design, outcomes, thin: 0, timed: false };
    let split = training * asked.design.replicates / CHUNK;
    let width = ensemble.outcomes.cells.len();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    ensemble.run_chunks(0..split, watch, |chunk| {
        let whole = chunk.values.chunks_exact(width).enumerate().filter(|(i, _)| !chunk.is_lost(chunk.first + *i as u32));
        rows.extend(whole.map(|(_, row)| row.to_vec()));
    });
    let mut candidates = search(&setup, &rows, asked.top * JUDGED);
    let chance = rows.iter().filter(|r| r[at] > 0.5).count() as f64 / rows.len().max(1) as f64;
    if setup.months.is_empty() || !is_open(&setup, &rows) {
        return Err(refuse(open(asked.outcome)));
    }
    let mut held_out = 0;
    let all: Vec<usize> = (0..width).collect();
    let mut gather = Gather::new(asked.design.replicates, width);
    let mut judge = |draw: &Draw| {
        held_out += draw.values[0].len() as u32;
        candidates.iter_mut().for_each(|c| c.add(&setup, draw));
    };
    ensemble.run_chunks(split..ensemble.chunks(), watch, |chunk| gather.chunk(&chunk, width, &all, &mut judge));
    gather.close(&mut judge);
    let searched = Searched {
        observables: setup.observables.len(),
        months: setup.months.len(),
        rules: setup.observables.len() * setup.months.len() * tried(),
        judged: candidates.len(),
    };
    let tripwires = holding(&model, &setup, candidates, asked);
    let entity = ensemble.outcomes.cells[at].entity.clone();
    Ok(Found { entity, danger: setup.danger, tripwires, searched, training: rows.len() as u32, held_out, chance })
}

fn refuse(problem: Diagnostic) -> RunError {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    RunError::Problems(problems)
}

fn open(outcome: &str) -> Diagnostic {
    Diagnostic::error(codes::A046, format!("there is nothing to be warned of: `{outcome}` ends alike in almost all training futures"))
        .expected("an outcome that happens in some futures and not in others, with half a year before the end of the period")
        .help("choose another `--horizon`, `--case` or outcome, or more futures with `--members`")
}

/// Half of the draws, at a whole chunk.
fn training_draws(design: Design) -> Result<u32, Box<Diagnostic>> {
    let replicates = design.replicates.max(1);
    let whole = (1..=CHUNK).find(|n| (n * replicates).is_multiple_of(CHUNK)).unwrap_or(CHUNK);
    let half = (design.draws / 2).min(MOST_TRAINING / replicates) / whole * whole;
    if half > 0 {
        return Ok(half);
    }
    let least = 2 * whole * replicates;
    let problem = Diagnostic::error(codes::A045, "too few futures to choose rules on one half and judge them on the other")
        .found(format!("{} futures", design.members()))
        .expected(format!("at least {least}: {} more", least.saturating_sub(design.members())))
        .help(format!("add `--members {}`", (2 * least).max(2048)));
    Err(Box::new(problem))
}

fn setup(model: &Model, outcomes: &mut Outcomes, outcome: &Outcome, at: usize, horizon: Month) -> Setup {
    let danger = match (outcome.fold, outcome.window) {
        (Fold::AnyAbove(_) | Fold::RunAbove { .. }, _) => Danger::Happens,
        (Fold::Sum | Fold::MonthsAbove(_), None) => Danger::WorstToCome,
        _ => Danger::Worst,
    };
    let months = months(model, horizon);
    let so_far = if outcome.window.is_none() && danger != Danger::Worst { outcomes.earlier(at, model, &months) } else { Vec::new() };
    let first = outcomes.watch_first(at);
    let mut observables = Vec::new();
    for variable in published(model) {
        for entity in 0..model.axis_of(variable).len() as u32 {
            let from = outcomes.watch(model, variable, entity, &months);
            observables.push(Observable { variable, entity, cells: (from..from + months.len()).collect() });
        }
    }
    Setup { danger, at, so_far, first, more_is_worse: outcome.bad_if != BadIf::Lower, months, observables }
}

impl Setup {
    /// What counts of a member from a month on: 1 or 0 for what happens, NaN where it is too late; else the number, turned so that more is worse.
    fn counts(&self, value: &dyn Fn(usize) -> f64, month: usize) -> f64 {
        let (end, so_far) = (value(self.at), self.so_far.get(month).map(|&at| value(at)));
        match self.danger {
            Danger::Happens if so_far.is_some_and(|x| x > 0.5) => f64::NAN,
            Danger::Happens => end,
            Danger::Worst | Danger::WorstToCome => (end - so_far.unwrap_or(0.0)) * if self.more_is_worse { 1.0 } else { -1.0 },
        }
    }

    /// Where the number starts to count as its worst: the quantile of the training futures; `None` for what happens or not.
    fn worst(&self, counts: &[f64]) -> Option<f64> {
        if self.danger == Danger::Happens {
            return None;
        }
        let mut sorted = counts.to_vec();
        sorted.sort_by(f64::total_cmp);
        let rank = ((1.0 - WORST) * sorted.len().saturating_sub(1) as f64).round() as usize;
        sorted.get(rank).copied()
    }
}

fn happens(counts: f64, worst: Option<f64>) -> bool {
    counts > worst.unwrap_or(0.5)
}

/// Whether the outcome is open in some month: both ends in at least twenty training futures.
fn is_open(setup: &Setup, rows: &[Vec<f64>]) -> bool {
    (0..setup.months.len()).any(|month| {
        let counts: Vec<f64> = rows.iter().map(|row| setup.counts(&|at| row[at], month)).filter(|x| !x.is_nan()).collect();
        let worst = setup.worst(&counts);
        let hits = counts.iter().filter(|x| happens(**x, worst)).count();
        let least = oxus_analysis::tripwire::LEAST_SIDE;
        hits >= least && counts.len() - hits >= least
    })
}

/// The best rule of every observable on the training futures, those that pay for the search, most telling first, one of each kind of alarm.
fn search(setup: &Setup, rows: &[Vec<f64>], most: usize) -> Vec<Candidate> {
    // the choice of a month and a threshold is paid for here, the choice among observables on the held-out futures
    let rules = setup.months.len() * tried();
    let mut found: Vec<(f64, Candidate, Vec<f64>)> = Vec::new();
    for month in 0..setup.months.len() {
        let counts: Vec<f64> = rows.iter().map(|row| setup.counts(&|at| row[at], month)).collect();
        let worst = setup.worst(&counts);
        let happens: Vec<bool> = counts.iter().map(|x| happens(*x, worst)).collect();
        for (o, observable) in setup.observables.iter().enumerate() {
            let values: Vec<f64> =
                rows.iter().zip(&counts).map(|(row, c)| if c.is_nan() { f64::NAN } else { row[observable.cells[month]] }).collect();
            let futures = values.iter().filter(|x| !x.is_nan()).count();
            let Some(rule) = best_rule(&values, &happens) else { continue };
            let gain = rule.information - price(rules, futures);
            if gain > 0.0 {
                let alarms = values.iter().map(|x| f64::from(u8::from(!x.is_nan() && rule.fires(*x)))).collect();
                let candidate = Candidate { observable: o, month, rule, worst, held: Held::default(), leads: Sketch::default() };
                found.push((gain, candidate, alarms));
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<(f64, Candidate, Vec<f64>)> = Vec::new();
    for next in found {
        let twin = |c: &(f64, Candidate, Vec<f64>)| c.1.observable == next.1.observable || correlation(&c.2, &next.2) > SAME;
        if chosen.len() < most && !chosen.iter().any(twin) {
            chosen.push(next);
        }
    }
    chosen.into_iter().map(|c| c.1).collect()
}

/// Pearson's correlation; 0 where one side does not vary.
fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len().max(1) as f64;
    let (a, b) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut cross, mut left, mut right) = (0.0, 0.0, 0.0);
    for (p, q) in x.iter().zip(y) {
        cross += (p - a) * (q - b);
        left += (p - a) * (p - a);
        right += (q - b) * (q - b);
    }
    if left > 0.0 && right > 0.0 { cross / (left * right).sqrt() } else { 0.0 }
}

impl Candidate {
    /// Adds a draw of held-out futures.
    fn add(&mut self, setup: &Setup, draw: &Draw) {
        let observed = setup.observables[self.observable].cells[self.month];
        let mut futures = Vec::new();
        for member in 0..draw.values[0].len() {
            let value = |at: usize| draw.values[at][member];
            let counts = setup.counts(&value, self.month);
            if counts.is_nan() {
                continue;
            }
            let (fires, happens) = (self.rule.fires(value(observed)), happens(counts, self.worst));
            futures.push((fires, happens));
            if let (true, true, Some(first)) = (fires, happens, setup.first) {
                self.leads.add(value(first));
            }
        }
        self.held.add(futures.into_iter());
    }
}

/// The rules that hold on the held-out futures.
fn holding(model: &Model, setup: &Setup, candidates: Vec<Candidate>, asked: &Asked<'_>) -> Vec<Tripwire> {
    let figures: Vec<Option<Figures>> = candidates.iter().map(|c| c.held.figures()).collect();
    let adjusted = benjamini_hochberg(&figures.iter().map(|f| f.map_or(f64::NAN, |f| f.p)).collect::<Vec<_>>());
    let origin = model.world().first();
    let judged = candidates.into_iter().zip(figures).zip(adjusted);
    let holding = judged.filter_map(|((c, figures), p)| {
        let figures = figures.filter(|f| p < RATE && f.odds_interval.0 > 1.0 && f.chance_fired >= f.chance + LEAST_RISE)?;
        let observable = &setup.observables[c.observable];
        let (spec, axis) = (model.spec(observable.variable), model.axis_of(observable.variable));
        let month = setup.months[c.month];
        let lead = c.leads.quantile(0.5).map_or(f64::from(asked.horizon.since(month)), |first| first.round() - f64::from(month.since(origin)));
        let worst = c.worst.map(|x| if setup.more_is_worse { x } else { -x });
        Some(Tripwire {
            variable: spec.name,
            about: spec.about,
            unit: spec.unit,
            entity: axis.entities[observable.entity as usize].clone(),
            month,
            rule: c.rule,
            worst,
            figures,
            adjusted_p: p,
            lead,
        })
    });
    holding.take(asked.top).collect()
}
