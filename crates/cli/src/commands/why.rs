//! `oxus why`: what carries the difference between a case and the baseline.

mod log;
mod page;

use oxus_diag::{Diagnostic, Diagnostics, Sources, codes, did_you_mean};
use oxus_engine::store::{RunRecord, read_record};
use oxus_engine::study::why::{self, Asked};
use oxus_engine::{Case, Design};
use oxus_pack::Region;
use serde::Serialize;

use crate::args::{Common, Why, WhyMode};
use crate::commands::run::{design, horizon, threads};
use crate::output::failure::{Failure, print};
use crate::output::progress::Progress;
use crate::pack;

/// Futures unless asked otherwise.
const MEMBERS: u32 = 400;

/// Explains and prints.
pub fn run(args: &Why, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    let (asked, sources) = asked(args, &region, sources)?;
    // what comes after the horizon is not simulated
    let months = u32::try_from(asked.horizon.since(region.identity.origin)).unwrap_or(0);
    let model = match oxus_engine::study::shortened(&region, months) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    if let Some((draw, replicate)) = args.future {
        let log = match why::future(&region, &model, &asked, draw, replicate) {
            Ok(log) => log,
            Err(problems) => return Err(Failure::Problems(problems, sources)),
        };
        return show(common, &log, || log::text(&region, &asked, &log));
    }
    if args.mode == WhyMode::Genealogy {
        let progress = Progress::new(asked.design.members());
        let found = why::genealogy(&region, &model, &asked, &progress);
        progress.end();
        return match found {
            Ok(found) => show(common, &found, || page::genealogy(&found)),
            Err(problems) => Err(Failure::Problems(problems, sources)),
        };
    }
    let progress = Progress::new(why::planned(&asked));
    let report = why::why(&region, &model, &asked, &progress);
    progress.end();
    let report = match report {
        Ok(report) => report,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    if u64::from(asked.design.members()) > report.effect.members {
        eprintln!("{} of {} futures compared; what is shown is whole for those.", report.effect.members, asked.design.members());
    }
    if args.dot {
        print!("{}", why::dot(&report));
        return Ok(());
    }
    show(common, &report, || page::text(&report, args.all))
}

fn show(common: &Common, found: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
    if common.json {
        let json = serde_json::to_string_pretty(found).map_err(|e| Failure::of(Diagnostic::error(codes::X001, e.to_string())))?;
        println!("{json}");
    } else {
        print!("{}", text());
    }
    Ok(())
}

/// The question: from a run folder's record, or from the pack's defaults.
fn asked(args: &Why, region: &Region, sources: Sources) -> Result<(Asked, Sources), Failure> {
    let record = args.run.as_deref().map(|folder| read_record(folder).map_err(|e| Failure::file(folder, e))).transpose()?;
    let (baseline, case) = match cases(args, record.as_ref(), region) {
        Ok(cases) => cases,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    record.as_ref().map_or(Ok(()), |record| same_pack(record, region))?;
    let horizon = horizon(args.horizon.as_deref(), region)?;
    let design = match &record {
        Some(r) => {
            let draws = args.members.map_or(r.draws, |m| m.div_ceil(r.replicates.max(1)).min(r.draws));
            Design { seed: args.seed.unwrap_or(r.seed), draws, replicates: r.replicates }
        }
        None => design(region, Some(args.members.unwrap_or(MEMBERS)), None, None, args.seed),
    };
    let asked = Asked { baseline, case, outcome: args.outcome.clone(), entity: args.entity.clone(), horizon, design, budget: args.steps as usize };
    Ok((asked, sources))
}

fn same_pack(record: &RunRecord, region: &Region) -> Result<(), Failure> {
    if record.pack_hash == region.content_hash {
        return Ok(());
    }
    Err(Failure::of(
        Diagnostic::error(codes::E005, "the run was made from another pack, or from another state of this one")
            .found(format!("content {}", region.content_hash))
            .expected(format!("content {}", record.pack_hash))
            .help("run the case again, or leave the run folder out"),
    ))
}

/// Baseline and case; the baseline takes on the view of the case.
fn cases(args: &Why, record: Option<&RunRecord>, region: &Region) -> Result<(Case, Case), Diagnostics> {
    let known: Vec<&str> = match record {
        Some(r) => r.cases.iter().map(String::as_str).filter(|c| !c.starts_with("baseline")).collect(),
        None => Vec::new(),
    };
    let text = match (&args.case, record) {
        (Some(asked), Some(_)) if !known.contains(&asked.as_str()) => return Err(no_case(asked, &known)),
        (Some(asked), _) => asked.clone(),
        (None, Some(_)) => match known.first() {
            Some(first) => (*first).to_owned(),
            None => return Err(no_case("", &known)),
        },
        (None, None) => region.identity.defaults.scenarios.first().map_or_else(|| "baseline".to_owned(), |n| n.id.clone()),
    };
    let case = Case::parse(&text, region).map_err(|found| {
        let mut problems = Diagnostics::new();
        problems.extend(found);
        problems
    })?;
    Ok((Case { view: case.view.clone(), parts: Vec::new() }, case))
}

fn no_case(asked: &str, known: &[&str]) -> Diagnostics {
    let found = if asked.is_empty() { "the baseline alone".to_owned() } else { format!("`{asked}`") };
    let expected = if known.is_empty() { "a run with a case beside its baseline".to_owned() } else { format!("one of {}", known.join(", ")) };
    let mut problems = Diagnostics::new();
    problems.push(
        Diagnostic::error(codes::A035, "the run does not have this case")
            .found(found)
            .expected(expected)
            .help_maybe(did_you_mean(asked, known.iter().copied())),
    );
    problems
}
