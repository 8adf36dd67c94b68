//! `oxus run`: the baseline and its cases on the same futures; the outcome table.

use std::path::{Path, PathBuf};

use oxus_diag::{Diagnostic, Diagnostics, Sources, codes, did_you_mean};
use oxus_engine::run::{Finished, Request};
use oxus_engine::store::{RunRecord, read_record};
use oxus_engine::until::Rule;
use oxus_engine::{Case, Design};
use oxus_kernel::Model;
use oxus_pack::Region;
use oxus_units::Month;

use crate::args::{Common, Run};
use crate::output::failure::{Failure, print};
use crate::output::number::plain;
use crate::output::progress::Progress;
use crate::output::rows::{levels, rows, text, wrap};
use crate::pack;

/// Runs, or verifies a run.
pub fn run(args: &Run, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    let model = match oxus_engine::model(&region) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    threads(args.threads)?;
    if let Some(folder) = &args.verify {
        return verify(folder, &region, &model, sources, common);
    }
    let horizon = horizon(args.horizon.as_deref(), &region)?;
    let request = match request(args, &region, horizon) {
        Ok(request) => request,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let (rule, request) = until(args.until.as_deref(), args.at_most, request, horizon)?;
    let progress = Progress::new(request.design.members());
    let finished = oxus_engine::run::run_until(&region, &model, &request, rule.as_ref(), &progress);
    progress.end();
    let finished = finished.map_err(|error| Failure::of_run(error, sources))?;
    show(&region, &finished, &request, horizon, common);
    stopped(&finished, common);
    if args.timings {
        timings(&finished);
    }
    Ok(())
}

/// Most futures of a run with a rule to stop, if no other number is asked for.
const AT_MOST: u32 = 20_000;

/// The rule to stop, if one is asked for, and the request made large enough for it and with its outcome.
pub fn until(rule: Option<&str>, at_most: Option<u32>, mut request: Request, horizon: Month) -> Result<(Option<Rule>, Request), Failure> {
    let Some(text) = rule else { return Ok((None, request)) };
    let rule = Rule::parse(text, horizon).map_err(|problem| Failure::of(*problem))?;
    request.design.draws = at_most.unwrap_or(AT_MOST).div_ceil(request.design.replicates.max(1));
    if !request.outcomes.is_empty() && !request.outcomes.contains(&rule.outcome) {
        request.outcomes.push(rule.outcome.clone());
    }
    Ok((Some(rule), request))
}

/// Tells how a rule to stop ended the run; a warning where it did not.
pub fn stopped(finished: &Finished<'_>, common: &Common) {
    let Some(stopped) = &finished.stopped else { return };
    let (binary, rule) = (stopped.rule.points, &stopped.rule);
    let width = |x: f64| match x {
        x if x.is_infinite() => "not known yet".to_owned(),
        x if binary => format!("{:.2} pt", 100.0 * x),
        x => plain(x),
    };
    let looks: Vec<String> = stopped.looks.iter().map(|(n, w)| format!("{n}: {}", width(*w))).collect();
    if stopped.met {
        let text = format!(
            "Stopped at {} futures: {rule} holds. Half-widths at the looks: {}. The width asked for, {}, is the interval to quote: the ± of the table was chosen for being narrow.",
            finished.members,
            looks.join(", "),
            width(rule.width)
        );
        wrap(&text, 78).iter().for_each(|line| eprintln!("{line}"));
        return;
    }
    let last = stopped.looks.last().map_or(f64::INFINITY, |l| l.1);
    let needed = stopped
        .needed()
        .map_or_else(|| "the outcome moved in too few draws to say how many more".to_owned(), |n| format!("about {n:.0} futures take it there"));
    let problem = Diagnostic::warning(codes::A044, format!("the interval is wider than asked for after {} futures", finished.members))
        .found(format!("± {}", width(last)))
        .expected(format!("`{rule}`"))
        .help(format!("{needed}: raise `--at-most`, or ask for a wider interval"));
    warn(problem, common);
}

/// Prints one warning.
pub fn warn(problem: Diagnostic, common: &Common) {
    let mut problems = Diagnostics::new();
    problems.push(problem);
    print(problems, &Sources::new(), common);
}

/// Uses as many threads as asked for.
pub fn threads(n: Option<usize>) -> Result<(), Failure> {
    let Some(n) = n else { return Ok(()) };
    oxus_engine::ensemble::use_threads(n).map_err(|e| Failure::of(Diagnostic::error(codes::E002, format!("cannot use {n} threads: {e}"))))
}

/// The end of the period shown: as asked, or the pack's second horizon (a few years out), or its last.
pub fn horizon(asked: Option<&str>, region: &Region) -> Result<Month, Failure> {
    let horizons = &region.identity.defaults.horizons;
    match asked {
        None => Ok(horizons.get(1).or(horizons.last()).copied().unwrap_or(region.identity.last)),
        Some(text) => {
            let (first, last) = (region.identity.origin, region.identity.last);
            match Month::parse(text) {
                Ok(month) if first < month && month <= last => Ok(month),
                _ => Err(Failure::of(
                    Diagnostic::error(codes::U004, "the horizon is not a month of the run")
                        .found(format!("`{text}`"))
                        .expected(format!("a month after {first} and up to {last}, such as `2016-12`")),
                )),
            }
        }
    }
}

/// The design from members, draws, replicates and the pack's defaults.
pub fn design(region: &Region, members: Option<u32>, draws: Option<u32>, replicates: Option<u32>, seed: Option<u64>) -> Design {
    let defaults = &region.identity.defaults;
    let replicates = replicates.unwrap_or(defaults.replicates);
    let draws = draws.or(members.map(|m| m.div_ceil(replicates.max(1)))).unwrap_or(defaults.draws);
    Design { seed: seed.unwrap_or(defaults.seed), draws, replicates }
}

/// The id of a view of the pack, if one is asked for.
pub fn view<'a>(asked: Option<&'a str>, region: &Region) -> Result<Option<&'a str>, Failure> {
    match asked.filter(|v| !region.views.contains_key(*v)) {
        None => Ok(asked),
        Some(unknown) => Err(Failure::of(
            Diagnostic::error(codes::E001, format!("the pack has no view `{unknown}`"))
                .expected("a view of the pack (`oxus explain views` lists them)")
                .help_maybe(did_you_mean(unknown, region.views.keys().map(String::as_str))),
        )),
    }
}

/// Outcomes to measure: those named, all (an empty list), or the pack's headline outcomes.
pub fn outcomes(named: &[String], all: bool, region: &Region) -> Vec<String> {
    let headlines = || region.outcomes.values().filter(|o| o.headline).map(|o| o.id.clone()).collect();
    match (named, all) {
        (_, true) => Vec::new(),
        (list, _) if !list.is_empty() => list.to_vec(),
        _ => headlines(),
    }
}

/// The baseline and the cases asked for (the pack's default scenarios, if none), each once, under a view where one is given.
pub fn cases(asked: &[String], view: Option<&str>, region: &Region) -> Result<Vec<Case>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let named = if asked.is_empty() { region.identity.defaults.scenarios.iter().map(|n| n.id.clone()).collect() } else { asked.to_vec() };
    let mut cases: Vec<Case> = Vec::new();
    for text in std::iter::once("baseline".to_owned()).chain(named) {
        let text = match view {
            Some(view) if !text.contains('@') => format!("{text}@{view}"),
            _ => text,
        };
        match Case::parse(&text, region) {
            Ok(case) if cases.contains(&case) => {}
            Ok(case) => cases.push(case),
            Err(found) => problems.extend(found),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(cases) }
}

fn request(args: &Run, region: &Region, horizon: Month) -> Result<Request, Diagnostics> {
    let asked: Vec<String> = args.scenario.iter().chain(&args.case).cloned().collect();
    let cases = cases(&asked, args.view.as_deref(), region)?;
    let outcomes = outcomes(&args.outcome, args.all, region);
    let mut horizons = region.identity.defaults.horizons.clone();
    if !horizons.contains(&horizon) {
        horizons.push(horizon);
    }
    let design = design(region, args.members, args.draws, args.replicates, args.seed);
    let mut request = Request { cases, outcomes, horizons, design, thin: args.keep_every, timed: args.timings, folder: None };
    if !args.no_save {
        request.folder = Some(args.out.clone().unwrap_or_else(|| default_folder(region, &request)));
    }
    Ok(request)
}

/// `runs/<cases>-<short hash of the request>`, with a number behind it when that exists.
pub fn default_folder(region: &Region, request: &Request) -> PathBuf {
    let names: Vec<String> = request.cases.iter().skip(1).map(ToString::to_string).collect();
    let name = if names.is_empty() { "baseline".to_owned() } else { names.join("-") };
    let safe: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    let key = format!("{} {:?} {:?} {:?} {}", region.content_hash, request.cases, request.outcomes, request.design, request.thin);
    let base = Path::new("runs").join(format!("{safe}-{:08x}", oxus_engine::short_hash(&key)));
    if !base.exists() {
        return base;
    }
    let numbered = |n: u32| base.with_file_name(format!("{}-{n}", base.file_name().map_or_else(String::new, |f| f.to_string_lossy().into_owned())));
    (2..).map(numbered).find(|p| !p.exists()).unwrap_or(base)
}

fn show(region: &Region, finished: &Finished<'_>, request: &Request, horizon: Month, common: &Common) {
    let rows = rows(region, finished, horizon);
    if common.json {
        let document = serde_json::json!({
            "pack": region.identity.id, "as_of": region.identity.as_of.to_string(), "horizon": horizon.to_string(),
            "members": finished.members, "lost": finished.summary.lost_members, "draws": finished.ensemble.design.draws,
            "replicates": request.design.replicates, "seed": request.design.seed, "seconds": finished.elapsed.as_secs_f64(),
            "folder": request.folder.as_ref().map(|f| f.display().to_string()), "rows": rows,
            "stopped": finished.stopped.as_ref().map(|s| serde_json::json!({
                "rule": s.rule.to_string(), "met": s.met, "half_width": s.rule.width,
                "looks": s.looks.iter().map(|(n, w)| serde_json::json!({ "members": n, "half_width": w })).collect::<Vec<_>>(),
            })),
        });
        println!("{document:#}");
        return;
    }
    println!("{}, as known on {} (historical)", region.identity.title, region.identity.as_of);
    let Design { seed, .. } = request.design;
    let asked = finished.ensemble.design.members();
    let (draws, replicates) = (finished.ensemble.design.draws, request.design.replicates);
    println!("{} futures of {draws} draws x {replicates}, seed {seed}, {} to {horizon}", finished.members, region.identity.origin.plus(1));
    for case in finished.ensemble.cases.iter().skip(usize::from(finished.ensemble.cases.len() > 1)) {
        let name = case.case.to_string();
        println!();
        for line in wrap(&case_title(region, &case.case), 78) {
            println!("{line}");
        }
        let own: Vec<_> = rows.iter().filter(|r| r.case == name).collect();
        print!("{}", if finished.ensemble.cases.len() == 1 { levels(&own) } else { text(&own) });
    }
    println!();
    if finished.ensemble.cases.len() > 1 {
        legend();
    }
    if finished.summary.lost_members > 0 {
        println!("{} futures could not be simulated and left every case.", finished.summary.lost_members);
    }
    if finished.members < asked {
        eprintln!("stopped after {} of {asked} futures; what is shown and saved is whole for those.", finished.members);
        eprintln!("The same command computes the rest; finished futures come out the same bit for bit.");
    }
    if let Some(folder) = &request.folder {
        eprintln!("saved in {} ({:.1} s)", folder.display(), finished.elapsed.as_secs_f64());
    }
}

fn legend() {
    println!("difference: mean over the same futures, with its 95 % Monte Carlo interval;");
    println!("draws: 10-90 % of the differences across parameter draws; chances in words of");
    println!("ICD 203. Confidence is stated apart from likelihood.");
}

fn case_title(region: &Region, case: &Case) -> String {
    let titles: Vec<String> = case
        .parts
        .iter()
        .filter_map(|(id, s)| region.scenarios.get(id).map(|x| (id, s, x)))
        .map(|(id, s, x)| if *s == 1.0 { format!("{id} {}", x.title) } else { format!("{id} {} (strength {s})", x.title) })
        .collect();
    let view = case.view.as_ref().and_then(|v| region.views.get(v)).map_or_else(String::new, |v| format!(", as seen by: {}", v.title));
    if titles.is_empty() { format!("Baseline{view}") } else { format!("{}, against the baseline{view}", titles.join("; with ")) }
}

fn timings(finished: &Finished<'_>) {
    let runs = f64::from(finished.members) * finished.ensemble.cases.len() as f64;
    let total: f64 = finished.stages.iter().map(|s| s.1.as_secs_f64()).sum();
    eprintln!("\n{:<20}{:>14}{:>9}", "stage", "ms per future", "share");
    for (name, time) in &finished.stages {
        eprintln!("{name:<20}{:>14.4}{:>8.1} %", 1e3 * time.as_secs_f64() / runs, 100.0 * time.as_secs_f64() / total);
    }
    eprintln!("{:<20}{:>14.4}", "one core, all", 1e3 * total / runs);
    eprintln!("{:<20}{:>14.4}", "wall clock", 1e3 * finished.elapsed.as_secs_f64() / runs);
}

/// Recomputes a run from its record and compares the hashes of all tables.
fn verify(folder: &Path, region: &Region, model: &Model, sources: Sources, common: &Common) -> Result<(), Failure> {
    let record: RunRecord = read_record(folder).map_err(|e| Failure::file(folder, e))?;
    let mut problems = Diagnostics::new();
    if record.pack_hash != region.content_hash {
        problems.push(
            Diagnostic::error(codes::E005, "the run was made from another pack, or from another state of this one")
                .found(format!("content {}", region.content_hash))
                .expected(format!("content {}", record.pack_hash)),
        );
        return Err(Failure::Problems(problems, sources));
    }
    let mut cases = Vec::new();
    for text in &record.cases {
        match Case::parse(text, region) {
            Ok(case) => cases.push(case),
            Err(found) => problems.extend(found),
        }
    }
    let horizons = record.horizons.iter().filter_map(|h| Month::parse(h).ok()).collect();
    let scratch = folder.with_file_name(format!(".verify-{}", std::process::id()));
    let design = Design { seed: record.seed, draws: record.draws, replicates: record.replicates };
    let request =
        Request { cases, outcomes: record.outcomes.clone(), horizons, design, thin: record.thin, timed: false, folder: Some(scratch.clone()) };
    if problems.has_errors() {
        return Err(Failure::Problems(problems, sources));
    }
    let progress = Progress::new(design.members());
    let again = oxus_engine::run::run(region, model, &request, &progress);
    progress.end();
    // the copy has served its purpose whatever the comparison says
    let _ = std::fs::remove_dir_all(&scratch);
    let again = again.map_err(|e| Failure::of_run(e, sources))?.record.map(|r| r.tables).unwrap_or_default();
    let different: Vec<&String> = record.tables.iter().filter(|(name, hash)| again.get(*name) != Some(*hash)).map(|(name, _)| name).collect();
    if common.json {
        println!("{:#}", serde_json::json!({ "run": folder.display().to_string(), "tables": record.tables.len(), "different": different }));
    } else if different.is_empty() {
        println!("{}: all {} tables are the same bit for bit", folder.display(), record.tables.len());
    }
    if different.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = different.iter().map(|s| s.as_str()).collect();
    let mut problem = Diagnostic::error(codes::E005, format!("{} differs from what this version computes", folder.display()));
    problem = problem.found(format!("other content in: {}", names.join(", ")));
    if record.engine != env!("CARGO_PKG_VERSION") {
        problem = problem.note(format!("the run was made by version {}, this is {}", record.engine, env!("CARGO_PKG_VERSION")));
    }
    Err(Failure::of(problem))
}
