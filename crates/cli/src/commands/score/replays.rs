//! `oxus score --replays`: shocks of the past, and whether the answer holds what happened.

use oxus_diag::Sources;
use oxus_engine::Design;
use oxus_engine::study::score::replay::{Checked, Found, Replayed, replays};
use oxus_pack::Region;
use serde_json::json;

use crate::args::Common;
use crate::output::failure::Failure;
use crate::output::number::plain;
use crate::output::progress::Progress;
use crate::output::rows::wrap;

/// Runs and prints the replays.
pub(super) fn run(region: &Region, sources: Sources, design: Design, common: &Common) -> Result<(), Failure> {
    let progress = Progress::new(2 * design.members() * region.restart.replays.len() as u32);
    let found = replays(region, design, &progress);
    progress.end();
    let found = found.map_err(|error| Failure::of_run(error, sources))?;
    if common.json {
        println!("{:#}", json!({ "pack": region.identity.id, "members": design.members(), "seed": design.seed, "replays": found }));
    } else {
        print!("{}", text(region, design, &found));
    }
    Ok(())
}

fn text(region: &Region, design: Design, found: &[Replayed]) -> String {
    let mut out = format!("{}: shocks of the past\n", region.identity.title);
    out += &format!("{} futures with and without each shock, seed {}\n", design.members(), design.seed);
    if found.is_empty() {
        return out + "the pack has none (`[replays]` in backtest.toml)\n";
    }
    for replay in found {
        out += &format!("\n{}\n", replay.title);
        for line in wrap(&replay.note, 76) {
            out += &format!("  {line}\n");
        }
        out += &format!("  {:<28}{:>9}{:>17}{:>17}\n", "", "happened", "without", "with the shock");
        for check in &replay.checks {
            out += &row(check);
        }
    }
    let checks: Vec<&Checked> = found.iter().flat_map(|r| &r.checks).collect();
    let count = |f: Found| checks.iter().filter(|c| c.found == f).count();
    out += &format!(
        "\nOf {} values {} lie inside the 80 % interval with the shock, {} in the tails,\n{} beyond.\n",
        checks.len(),
        count(Found::Inside),
        count(Found::Tail),
        count(Found::Outside)
    );
    out + "Ranges hold 80 % of the futures. beyond: fewer than one future in a hundred.\n"
}

fn row(check: &Checked) -> String {
    let name = format!("{}, {} {}", check.series, check.entity, check.year);
    let range = |x: [f64; 3]| format!("{} to {}", plain(x[0]), plain(x[2]));
    let observed = check.observed.map_or_else(|| "no value".to_owned(), plain);
    let word = match check.found {
        Found::Inside => "",
        Found::Tail => "tail",
        Found::Outside => "beyond",
        Found::Unknown => "",
    };
    // a long name takes a line of its own
    let (head, name) = if name.len() > 28 { (format!("  {name}\n"), String::new()) } else { (String::new(), name) };
    let line = format!("  {name:<28}{observed:>9}{:>17}{:>17} {word}", range(check.without), range(check.with));
    format!("{head}{}\n", line.trim_end())
}
