//! The runs that a comparison reads: those named, or one that is run and saved now.

use std::path::PathBuf;

use oxus_diag::{Diagnostic, Diagnostics, Sources, codes, did_you_mean};
use oxus_engine::compare::Joined;
use oxus_engine::compare::regret::{Grid, directed};
use oxus_engine::outcome::split_name;
use oxus_engine::run::{Request, run_until};
use oxus_kernel::Model;
use oxus_pack::Region;
use oxus_units::Month;

use crate::args::{Common, Compare};
use crate::commands::run::{cases, default_folder, design, horizon, outcomes, stopped, threads, until, view};
use crate::output::failure::{Failure, print};
use crate::output::progress::Progress;
use crate::pack;

/// What a comparison works on.
pub struct Ground {
    /// The region.
    pub region: Region,
    /// Its model.
    pub model: Model,
    /// The runs, with the columns asked for.
    pub joined: Joined,
    /// End of the period shown.
    pub horizon: Month,
    /// Texts of the pack.
    pub sources: Sources,
}

impl Ground {
    /// Opens the runs named, or runs the cases asked for and saves them.
    pub fn of(args: &Compare, common: &Common) -> Result<Self, Failure> {
        let loaded = pack::load(None, common)?;
        let (region, sources) = (loaded.region, loaded.sources);
        print(loaded.warnings, &sources, common);
        threads(args.threads)?;
        let model = match oxus_engine::model(&region) {
            Ok(model) => model,
            Err(problems) => return Err(Failure::Problems(problems, sources)),
        };
        let mut end = horizon(args.horizon.as_deref(), &region)?;
        let folders = if args.runs.is_empty() { vec![simulate(args, &region, &model, end, &sources, common)?] } else { args.runs.clone() };
        let mut joined = Joined::open(&folders, &region).map_err(|e| Failure::of_run(e, sources.clone()))?;
        let measured = joined.horizons();
        if !measured.contains(&end) {
            let list: Vec<String> = measured.iter().map(ToString::to_string).collect();
            match (measured.last(), &args.horizon) {
                (Some(last), None) => end = *last,
                _ => return Err(Failure::of(unmeasured(end, &list))),
            }
        }
        select(&mut joined, &args.outcome, end, &region).map_err(|problem| Failure::of(*problem))?;
        Ok(Self { region, model, joined, horizon: end, sources })
    }
}

fn unmeasured(asked: Month, measured: &[String]) -> Diagnostic {
    Diagnostic::error(codes::U004, "the runs do not all measure outcomes at this horizon")
        .found(format!("`{asked}`"))
        .expected(if measured.is_empty() { "runs with a horizon in common".to_owned() } else { format!("one of {}", measured.join(", ")) })
}

/// Leaves the outcomes asked for (all, if none) at the horizon.
fn select(joined: &mut Joined, asked: &[String], end: Month, region: &Region) -> Result<(), Box<Diagnostic>> {
    let end = end.to_string();
    for text in asked {
        let (outcome, entity) = split_name(text);
        let of: Vec<_> = joined.columns.iter().filter(|c| c.outcome == outcome && c.horizon == end).collect();
        if of.is_empty() {
            let mut measured: Vec<&str> = joined.columns.iter().map(|c| c.outcome.as_str()).collect();
            measured.sort_unstable();
            measured.dedup();
            let known = region.outcomes.contains_key(outcome);
            let headline = if known { format!("the runs do not measure `{outcome}`") } else { format!("unknown outcome `{outcome}`") };
            let problem = Diagnostic::error(codes::E003, headline)
                .expected(format!("one of the {} outcomes that the runs measure", measured.len()))
                .help_maybe(did_you_mean(outcome, measured.into_iter()))
                .help(if known { format!("run again with `--outcome {outcome}`") } else { "`oxus explain outcomes` lists them".to_owned() });
            return Err(Box::new(problem));
        }
        if !entity.is_empty() && !of.iter().any(|c| c.entity == entity) {
            let mut list: Vec<&str> = of.iter().map(|c| c.entity.as_str()).collect();
            list.sort_unstable();
            list.dedup();
            let problem = Diagnostic::error(codes::E003, format!("outcome `{outcome}` has no entity `{entity}`"))
                .expected(format!("one of {}", list.join(", ")))
                .help_maybe(did_you_mean(entity, list.iter().copied()));
            return Err(Box::new(problem));
        }
    }
    let wanted: Vec<(&str, &str)> = asked.iter().map(|text| split_name(text)).collect();
    joined.retain(|c| c.horizon == end && (wanted.is_empty() || wanted.iter().any(|(o, e)| *o == c.outcome && (e.is_empty() || *e == c.entity))));
    Ok(())
}

/// Every lever in every scenario under every view, with the baselines that they are set against.
fn grid(args: &Compare, region: &Region) -> Result<Vec<String>, Failure> {
    let mut views = vec![String::new()];
    if let Some(named) = &args.views {
        let names: Vec<String> = if named.is_empty() { region.views.keys().cloned().collect() } else { named.clone() };
        for name in &names {
            view(Some(name), region)?;
        }
        views = names.iter().map(|name| format!("@{name}")).collect();
    }
    let mut worlds = args.case.clone();
    if worlds.is_empty() {
        worlds.push("baseline".to_owned());
        if args.regret {
            worlds.extend(region.identity.defaults.scenarios.iter().map(|n| n.id.clone()));
        }
    }
    let mut list = Vec::new();
    for view in &views {
        for world in &worlds {
            let (parts, own) = world.split_once('@').map_or((world.as_str(), None), |(p, v)| (p, Some(v)));
            let view = own.map_or_else(|| view.clone(), |v| format!("@{v}"));
            if !view.is_empty() {
                list.push(format!("baseline{view}"));
            }
            list.push(format!("{parts}{view}"));
            for lever in args.levers() {
                list.push(if parts == "baseline" { format!("{lever}{view}") } else { format!("{parts}+{lever}{view}") });
            }
        }
    }
    if let Some(against) = &args.against {
        list.push(against.clone());
    }
    Ok(list)
}

/// Every lever named is one of the pack.
fn levers(args: &Compare, region: &Region) -> Result<(), Failure> {
    for text in args.levers() {
        let id = text.split('=').next().unwrap_or(text);
        if region.scenarios.get(id).is_none_or(|s| s.lever.is_none()) {
            let known = region.scenarios.values().filter(|s| s.lever.is_some()).map(|s| s.id.as_str());
            let headline = if region.scenarios.contains_key(id) {
                format!("`{id}` is a scenario, not a lever")
            } else {
                format!("the pack has no lever `{id}`")
            };
            return Err(Failure::of(
                Diagnostic::error(codes::E001, headline)
                    .expected("a lever of the pack (`oxus explain scenarios` lists them)")
                    .help_maybe(did_you_mean(id, known)),
            ));
        }
    }
    Ok(())
}

fn simulate(args: &Compare, region: &Region, model: &Model, horizon: Month, sources: &Sources, common: &Common) -> Result<PathBuf, Failure> {
    levers(args, region)?;
    let cases = cases(&grid(args, region)?, None, region).map_err(|problems: Diagnostics| Failure::Problems(problems, sources.clone()))?;
    let named: Vec<String> = args.outcome.iter().map(|text| split_name(text).0.to_owned()).collect();
    if args.regret {
        // before anything is simulated
        let written: Vec<String> = cases.iter().map(ToString::to_string).collect();
        Grid::of(&written, region).map_err(|problem| Failure::of(*problem))?;
        directed(&named.iter().map(String::as_str).collect::<Vec<_>>(), region).map_err(|problem| Failure::of(*problem))?;
    }
    let request = Request {
        cases,
        outcomes: outcomes(&named, args.all, region),
        horizons: vec![horizon],
        design: design(region, args.members, args.draws, args.replicates, args.seed),
        thin: 0,
        timed: false,
        folder: None,
    };
    let (rule, mut request) = until(args.until.as_deref(), args.at_most, request, horizon)?;
    let folder = args.out.clone().unwrap_or_else(|| default_folder(region, &request));
    request.folder = Some(folder.clone());
    let progress = Progress::new(request.design.members());
    let finished = run_until(region, model, &request, rule.as_ref(), &progress);
    progress.end();
    let finished = finished.map_err(|error| Failure::of_run(error, sources.clone()))?;
    stopped(&finished, common);
    if !common.json {
        eprintln!("saved in {}", folder.display());
    }
    Ok(folder)
}
