//! `oxus compare`: scenarios, levers, views and saved runs side by side on the same futures.

mod fresh;
mod levers;
mod regret;
mod saved;
mod tornado;
mod views;

use oxus_diag::{Diagnostic, codes};

use crate::args::{Common, Compare};
use crate::output::failure::Failure;

/// Fewest draws for a 95 % interval over draws: with fewer, a normal interval is too narrow by a twentieth and more.
const LEAST_DRAWS: u64 = 30;

/// Compares what the command line asks for.
pub fn run(args: &Compare, common: &Common) -> Result<(), Failure> {
    if args.tornado {
        return tornado::run(args, common);
    }
    if args.regret {
        return regret::run(args, common);
    }
    if levers::asked(args) {
        return levers::run(args, common);
    }
    match &args.views {
        // a page of its own, in which every view has its own baseline; a run is saved when one is asked for
        Some(views) if args.levers().is_empty() && args.out.is_none() && args.until.is_none() => views::run(args, views, common),
        None if args.runs.is_empty() && args.case.is_empty() && args.levers().is_empty() => Err(Failure::of(nothing())),
        _ => saved::run(args, common),
    }
}

fn nothing() -> Diagnostic {
    Diagnostic::error(codes::E008, "there is nothing to compare")
        .expected("saved runs, `--scenarios`, `--levers`, `--views`, or `--tornado` with an outcome")
        .help("`oxus compare --scenarios S001,S003` sets two scenarios beside the baseline")
}

/// A warning where there are too few draws for the intervals shown, with how many are missing.
fn few_draws(draws: u64, members: u64, common: &Common) {
    if draws >= LEAST_DRAWS || draws == 0 {
        return;
    }
    let each = members.div_ceil(draws);
    let problem = Diagnostic::warning(codes::A045, "too few draws for the 95 % intervals over draws: they are too narrow, or missing")
        .found(format!("{draws} draws ({members} futures)"))
        .expected(format!("{LEAST_DRAWS} draws: {} more", LEAST_DRAWS - draws))
        .help(format!("ask for at least `--members {}`", LEAST_DRAWS * each));
    super::run::warn(problem, common);
}
