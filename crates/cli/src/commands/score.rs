//! `oxus score`: back-tests, a frozen forecast and its scores, replays of past shocks.

mod freeze;
mod observed;
mod replays;
mod text;

use std::io::IsTerminal;

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_engine::Design;
use oxus_engine::study::score::backtest::{BackTest, Settings, backtest};
use oxus_pack::Region;
use serde_json::json;

use crate::args::{Common, Score};
use crate::commands::run::{threads, view};
use crate::output::failure::{Failure, print};
use crate::output::progress::Progress;
use crate::pack;

/// Resamples of the bootstrap: the ends of a 95 % interval stand on 50 of them.
const RESAMPLES: u32 = 2000;

/// Replicates of chance for each draw of the parameters, as in runs of the shipped region.
const REPLICATES: u32 = 4;

/// Does what was asked for.
pub fn run(args: &Score, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    if let Some(table) = &args.observed {
        return observed::run(table, args, &region, common);
    }
    if let Some(folder) = &args.freeze {
        return freeze::run(folder, args, &region, sources, common);
    }
    let design = design(args, &region);
    if args.replays {
        return replays::run(&region, sources, design, common);
    }
    let settings = Settings { origins: origins(args), horizon: args.horizon, views: views(args, &region)?, design, resamples: RESAMPLES };
    let progress = Progress::new(design.members() * settings.origins.len() as u32);
    let found = backtest(&region, &settings, &progress);
    progress.end();
    let test = found.map_err(|error| Failure::of_run(error, sources))?;
    known_series(args, &test)?;
    show(args, common, &region, &settings, &test)
}

fn design(args: &Score, region: &Region) -> Design {
    let replicates = REPLICATES.min(args.members);
    Design { seed: args.seed.unwrap_or(region.identity.defaults.seed), draws: args.members / replicates, replicates }
}

fn origins(args: &Score) -> Vec<i32> {
    let mut origins = args.origins.clone();
    origins.sort_unstable();
    origins.dedup();
    origins
}

fn views(args: &Score, region: &Region) -> Result<Vec<String>, Failure> {
    let Some(asked) = &args.views else { return Ok(Vec::new()) };
    if asked.is_empty() {
        return Ok(region.views.keys().cloned().collect());
    }
    let mut names: Vec<String> = Vec::new();
    for name in asked {
        names.extend(view(Some(name), region)?.map(str::to_owned).filter(|n| !names.contains(n)));
    }
    Ok(names)
}

fn known_series(args: &Score, test: &BackTest) -> Result<(), Failure> {
    let names = || test.targets.iter().map(|t| t.name.as_str());
    match args.series.iter().find(|s| !names().any(|n| n == s.as_str())) {
        Some(series) => Err(Failure::of(
            Diagnostic::error(codes::E003, format!("`{series}` is not scored"))
                .expected(format!("one of {}", names().collect::<Vec<_>>().join(", ")))
                .help_maybe(did_you_mean(series, names())),
        )),
        None => Ok(()),
    }
}

fn show(args: &Score, common: &Common, region: &Region, settings: &Settings, test: &BackTest) -> Result<(), Failure> {
    let internal = |e: oxus_analysis::scoring::ScoreError| Failure::of(Diagnostic::error(codes::A050, e.to_string()));
    let mut rows = test.rows(settings.resamples, settings.design.seed).map_err(internal)?;
    rows.retain(|r| args.series.is_empty() || args.series.contains(&r.series));
    let views = test.view_rows(settings.resamples, settings.design.seed).map_err(internal)?;
    let reliability = test.reliability().map_err(internal)?;
    if common.json {
        let starts: Vec<_> = (test.starts.iter())
            .map(|s| json!({ "origin": s.origin, "borrowed": s.borrowed, "estimated_anew": s.anew, "estimated_on_later_data": s.later }))
            .collect();
        let forecasts: Vec<_> = (test.scored.iter())
            .map(|s| {
                json!({ "series": test.targets[s.target].name, "entity": s.entity, "origin": s.origin, "horizon": s.horizon, "observed": s.observed,
                    "unit": s.unit, "baseline": s.baseline, "model": s.views[0] })
            })
            .collect();
        let all = json!({
            "pack": region.identity.id, "members": settings.design.members(), "seed": settings.design.seed, "origins": settings.origins,
            "rows": rows, "verdicts": rows.iter().map(|r| r.verdict()).collect::<Vec<_>>(), "views": views, "reliability": reliability,
            "constant": test.constant, "left_out": test.left_out, "starts": starts, "forecasts": forecasts,
        });
        println!("{all:#}");
        return Ok(());
    }
    let page = text::Page { region, settings, test, rows: &rows, views: &views, reliability: reliability.as_ref(), all: args.all };
    print!("{}", page.text(std::io::stdout().is_terminal()));
    Ok(())
}
