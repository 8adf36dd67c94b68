//! `oxus discover`: under which conditions a saved run goes wrong, in words.

mod text;

use oxus_diag::{Diagnostic, codes};
use oxus_engine::discover::{Asked, Bad, DiscoverError, discover};
use oxus_pack::Region;
use oxus_pack::region::BadIf;

use crate::args::{Common, Discover, Worse};
use crate::output::failure::{Failure, print};
use crate::pack;

/// Share of the futures that count as going wrong when nothing else is said.
const WORST: f64 = 0.1;

/// Reads the run, looks for boxes and prints them.
pub fn run(args: &Discover, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    let asked = Asked {
        folder: args.run.clone(),
        outcome: args.outcome.clone(),
        entity: args.entity.clone(),
        case: args.case.clone(),
        difference: args.difference,
        horizon: args.horizon.clone(),
        bad: bad(args, &region)?,
        observed: args.observe.clone(),
        most_inputs: args.inputs as usize,
        density: args.density,
        boxes: args.boxes as usize,
        resamples: args.resamples,
        seed: args.seed,
    };
    let report = discover(&asked).map_err(|error| match error {
        DiscoverError::Problems(problems) => Failure::Problems(problems, oxus_diag::Sources::new()),
        DiscoverError::Store(error) => Failure::of(
            Diagnostic::error(codes::E009, format!("the run folder {} cannot be read: {error}", args.run.display()))
                .help("`oxus run` makes run folders, under `runs/` unless `--out` says otherwise"),
        ),
    })?;
    if common.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| Failure::of(Diagnostic::error(codes::X001, e.to_string())))?;
        println!("{text}");
    } else {
        print!("{}", text::text(&region, &report));
    }
    Ok(())
}

/// What goes wrong: as asked; else whether it happens at all, or the worst tenth.
fn bad(args: &Discover, region: &Region) -> Result<Bad, Failure> {
    let outcome = region.outcomes.get(&args.outcome);
    let higher = match (args.worse, outcome.map(|o| o.bad_if)) {
        (Some(worse), _) => worse == Worse::Higher,
        (None, Some(BadIf::Higher) | None) => true,
        (None, Some(BadIf::Lower)) => false,
        (None, Some(BadIf::Either)) => {
            let problem = Diagnostic::error(codes::E006, format!("the pack does not say which way `{}` is worse", args.outcome));
            return Err(Failure::of(problem.expected("`--worse higher` or `--worse lower`")));
        }
    };
    let happens = outcome.is_some_and(|o| matches!(o.fold, oxus_pack::region::Fold::AnyAbove(_) | oxus_pack::region::Fold::RunAbove { .. }));
    Ok(match (args.worse_than, args.worst, higher) {
        (Some(x), _, true) => Bad::Above(x),
        (Some(x), _, false) => Bad::Below(x),
        (None, None, true) if happens && !args.difference => Bad::Above(0.5),
        (None, None, false) if happens && !args.difference => Bad::Below(0.5),
        (None, share, true) => Bad::Highest(share.unwrap_or(WORST)),
        (None, share, false) => Bad::Lowest(share.unwrap_or(WORST)),
    })
}
