//! `oxus sense`: what the variance of outcomes rests on.

mod text;

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_engine::study::sense::{Asked, FEWEST_ROWS, sense};

use crate::args::{Common, Of, Sense};
use crate::commands::run::{cases, horizon, outcomes, threads};
use crate::output::failure::{Failure, print};
use crate::output::progress::Progress;
use crate::pack;

/// Resamples of the intervals: their ends are then known to some 2 %.
const RESAMPLES: u32 = 1000;

/// Screens, estimates and prints.
pub fn run(args: &Sense, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    let named = args.scenario.clone().into_iter().collect::<Vec<_>>();
    let mut cases = match cases(&named, args.view.as_deref(), &region) {
        Ok(cases) => cases,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    cases.truncate(if args.of == Of::Level { 1 } else { 2 });
    if args.of == Of::Difference && cases.len() < 2 {
        let problem = Diagnostic::error(codes::E002, "the baseline does not differ from itself");
        return Err(Failure::of(problem.help("name a `--scenario`, or analyse the baseline's own level: `--of level`")));
    }
    let asked = Asked {
        cases,
        outcomes: outcomes(&args.outcome, false, &region),
        horizon: horizon(args.horizon.as_deref(), &region)?,
        seed: args.seed.unwrap_or(region.identity.defaults.seed),
        trajectories: args.trajectories,
        rows: args.rows,
        // in brief, outcome after outcome, claims are not told
        leaders: if args.outcome.is_empty() { args.leaders.min(2) as usize } else { args.leaders as usize },
        claims: if args.outcome.is_empty() { 0 } else { args.leaders as usize },
        resamples: RESAMPLES,
    };
    let progress = Progress::new(0);
    let report = sense(&region, &asked, &progress);
    progress.end();
    let report = match report {
        Ok(report) => report,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    if common.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| Failure::of(Diagnostic::error(codes::X001, e.to_string())))?;
        println!("{text}");
    } else {
        print!("{}", text::text(&region, &report, args.outcome.is_empty()));
    }
    warn(args.rows, common)
}

/// Says so when an interval means nothing.
fn warn(rows: u32, common: &Common) -> Result<(), Failure> {
    if rows >= FEWEST_ROWS {
        return Ok(());
    }
    let mut problems = Diagnostics::new();
    problems.push(
        Diagnostic::warning(codes::A013, format!("{rows} base rows are too few for intervals"))
            .expected(format!("at least {FEWEST_ROWS}, better 256 or more"))
            .help(format!("`--rows {}`", FEWEST_ROWS.max(256))),
    );
    if common.strict {
        return Err(Failure::Problems(problems, oxus_diag::Sources::new()));
    }
    print(problems, &oxus_diag::Sources::new(), common);
    Ok(())
}
