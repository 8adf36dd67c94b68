//! One run from request to result: prepare, simulate, fold, write.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::Model;
use oxus_pack::region::Region;
use oxus_units::Month;

use crate::case::Case;
use crate::ensemble::{CHUNK, Design, Ensemble, Watch};
use crate::outcome::Outcomes;
use crate::store::{RunLog, RunRecord, RunWriter, StoreError};
use crate::summary::{MOST_LOST, Summary};
use crate::until::{Rule, Stop, Stopped};

/// What a user asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Cases, the baseline first.
    pub cases: Vec<Case>,
    /// Outcome ids; empty means all of the pack.
    pub outcomes: Vec<String>,
    /// Ends of the periods over which outcomes are measured.
    pub horizons: Vec<Month>,
    /// Members.
    pub design: Design,
    /// Every this many members keeps its path and events (0: none).
    pub thin: u32,
    /// Whether to time the stages.
    pub timed: bool,
    /// Where the run folder goes; `None` writes nothing.
    pub folder: Option<PathBuf>,
}

/// A finished run.
pub struct Finished<'m> {
    /// Cases, outcomes and design.
    pub ensemble: Ensemble<'m>,
    /// Folded results.
    pub summary: Summary,
    /// Members simulated; fewer than asked for after an interruption.
    pub members: u32,
    /// Time by stage, summed over threads: links, mechanisms in order, bookkeeping.
    pub stages: Vec<(String, Duration)>,
    /// Wall time of the simulation.
    pub elapsed: Duration,
    /// Record of the run folder, if one was written.
    pub record: Option<RunRecord>,
    /// What a rule to stop saw, if one was given.
    pub stopped: Option<Stopped>,
}

/// Why a run did not end well.
#[derive(Debug)]
pub enum RunError {
    /// Problems of the request, or of its members.
    Problems(Diagnostics),
    /// The run folder could not be written.
    Store(StoreError),
}

impl From<Diagnostics> for RunError {
    fn from(problems: Diagnostics) -> Self {
        Self::Problems(problems)
    }
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn refuse(problem: Diagnostic) -> RunError {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    RunError::Problems(problems)
}

/// Runs a request for as many members as its design has; see [`run_until`].
///
/// # Errors
/// Those of [`run_until`].
pub fn run<'m>(region: &Region, model: &'m Model, request: &Request, watch: &dyn Watch) -> Result<Finished<'m>, RunError> {
    run_until(region, model, request, None, watch)
}

/// Runs a request, with a rule until it is met or the design is done. A run that stops early is bit for bit a run of that size. Results depend on region, mechanisms and request alone: not on threads, time or place.
///
/// # Errors
/// Problems of the request; `E002` no members, `E004` the folder exists, `E007` more than 0.1 % of the members failed.
pub fn run_until<'m>(region: &Region, model: &'m Model, request: &Request, rule: Option<&Rule>, watch: &dyn Watch) -> Result<Finished<'m>, RunError> {
    if request.design.members() == 0 {
        let problem = Diagnostic::error(codes::E002, "a run of no members shows nothing");
        return Err(refuse(problem.expected("at least one draw and one replicate")));
    }
    if let Some(folder) = request.folder.as_deref().filter(|f| f.exists()) {
        let problem = Diagnostic::error(codes::E004, format!("the run folder {} exists already", folder.display()));
        return Err(refuse(problem.help("choose another `--out`, or remove the folder")));
    }
    let outcomes = Outcomes::resolve(region, model, &request.outcomes, &request.horizons)?;
    let mut stop = rule.map(|rule| Stop::new(rule, &outcomes, request)).transpose().map_err(|problem| refuse(*problem))?;
    let cases = Ensemble::prepare(region, model, &request.cases)?;
    let mut ensemble = Ensemble { model, cases, design: request.design, outcomes, thin: request.thin, timed: request.timed };
    let (recorded, months) = (ensemble.outcomes.recording.cells.len(), model.world().months());
    let mut summary = Summary::new(&ensemble.outcomes.cells, ensemble.cases.len(), months, recorded, request.design);
    let mut writer = request.folder.as_deref().map(RunWriter::create).transpose()?;
    let mut times = vec![Duration::ZERO; model.mechanism_names().count() + 2];
    let (start, mut broken, mut members, mut chunk) = (Instant::now(), None, 0, 0);
    for look in stop.as_ref().map_or_else(|| vec![request.design.draws], Stop::looks) {
        let asked = Design { draws: look, ..request.design }.members();
        let to = asked.div_ceil(CHUNK);
        members = ensemble.run_chunks(chunk..to, watch, |chunk| {
            summary.add(&chunk);
            stop.iter_mut().for_each(|s| s.add(&chunk));
            for (total, part) in times.iter_mut().zip(&chunk.timings) {
                *total += *part;
            }
            if let (Some(writer), None) = (&mut writer, &broken) {
                broken = writer.add(&ensemble, &chunk).err();
            }
        });
        chunk = to;
        if members < asked || stop.as_mut().is_some_and(|s| s.narrow(members)) {
            break;
        }
    }
    if let Some(error) = broken {
        return Err(error.into());
    }
    summary.finish();
    let elapsed = start.elapsed();
    let stopped = stop.map(|stop| stop.end(&mut ensemble.design, members));
    too_many_lost(&summary, &ensemble)?;
    let stages = stages(model, request.timed, &times);
    let record = match (writer, request.folder.as_deref()) {
        (Some(writer), Some(folder)) => {
            let log = log(elapsed, &stages, rule);
            Some(finish(writer, folder, region, request, &ensemble, &summary, members, &log)?)
        }
        _ => None,
    };
    Ok(Finished { ensemble, summary, members, stages, elapsed, record, stopped })
}

fn log(elapsed: Duration, stages: &[(String, Duration)], rule: Option<&Rule>) -> RunLog {
    RunLog {
        seconds: elapsed.as_secs_f64(),
        threads: rayon::current_num_threads(),
        machine: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        stages: stages.iter().map(|(name, time)| (name.clone(), time.as_secs_f64())).collect(),
        until: rule.map(ToString::to_string),
    }
}

fn stages(model: &Model, timed: bool, times: &[Duration]) -> Vec<(String, Duration)> {
    if !timed {
        return Vec::new();
    }
    let names = std::iter::once("links").chain(model.mechanism_names()).chain(std::iter::once("bookkeeping"));
    names.map(str::to_owned).zip(times.iter().copied()).collect()
}

fn too_many_lost(summary: &Summary, ensemble: &Ensemble<'_>) -> Result<(), RunError> {
    if summary.lost_share() <= MOST_LOST {
        return Ok(());
    }
    let all = summary.members + summary.lost_members;
    let mut problem = Diagnostic::error(codes::E007, format!("{} of {all} members failed", summary.lost_members))
        .expected("at most 0.1 %, so that what remains is no biased sample");
    let mut places: Vec<String> = Vec::new();
    for lost in &summary.lost {
        let place = format!("{} ({})", lost.failure.place, lost.failure.code);
        if !places.contains(&place) && places.len() < 6 {
            let month = ensemble.model.world().first().plus(lost.failure.month as i32);
            problem = problem.note(format!("{place}: {} in {month}, case {}", lost.failure.reason, ensemble.cases[lost.case].case));
            places.push(place);
        }
    }
    Err(refuse(problem.help("look at the parameters of the mechanisms named: their tails reach where the model does not hold")))
}

#[allow(clippy::too_many_arguments)]
fn finish(
    writer: RunWriter,
    folder: &Path,
    region: &Region,
    request: &Request,
    ensemble: &Ensemble<'_>,
    summary: &Summary,
    members: u32,
    log: &RunLog,
) -> Result<RunRecord, StoreError> {
    let record = RunRecord {
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        pack: format!("{} {}", region.identity.id, region.identity.version),
        pack_hash: region.content_hash.clone(),
        seed: request.design.seed,
        draws: ensemble.design.draws,
        replicates: request.design.replicates,
        members,
        cases: ensemble.cases.iter().map(|c| c.case.to_string()).collect(),
        outcomes: request.outcomes.clone(),
        horizons: request.horizons.iter().map(ToString::to_string).collect(),
        thin: request.thin,
        tables: std::collections::BTreeMap::new(),
    };
    writer.finish(folder, ensemble, summary, record, log)
}
