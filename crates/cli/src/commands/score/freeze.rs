//! `oxus score --freeze`: the forecast of the as-of day, in two editions.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use oxus_diag::{Diagnostic, Sources, codes};
use oxus_engine::Design;
use oxus_engine::study::score::frozen::{Edition, Frozen, freeze};
use oxus_pack::Region;
use oxus_units::Date;
use serde_json::json;

use super::design;
use crate::args::{Common, Score};
use crate::output::failure::Failure;
use crate::output::progress::Progress;
use crate::output::rows::wrap;

/// What every frozen forecast of this product has to say of itself.
const STATEMENT: &str = "the makers knew 2013-2022: not out of sample";

/// Simulates and writes `<as-of>[-reconstructed].csv`, `.parquet` and `.json`; nothing is overwritten.
pub(super) fn run(folder: &Path, args: &Score, region: &Region, sources: Sources, common: &Common) -> Result<(), Failure> {
    let made = made(args)?;
    let design = design(args, region);
    let name = |which: Edition| match which {
        Edition::Strict => region.identity.as_of.to_string(),
        Edition::Reconstructed => format!("{}-{}", region.identity.as_of, which.name()),
    };
    let editions = [Edition::Strict, Edition::Reconstructed];
    for path in editions.iter().map(|e| folder.join(format!("{}.csv", name(*e)))) {
        if path.exists() {
            let problem = Diagnostic::error(codes::A054, format!("{} exists already", path.display()));
            return Err(Failure::of(problem.help("a frozen forecast stands for what was said on a day: choose another folder, or move it away")));
        }
    }
    fs::create_dir_all(folder).map_err(|e| Failure::file(folder, e))?;
    let mut sources = Some(sources);
    let mut written = Vec::new();
    for which in editions {
        let progress = Progress::new(design.members());
        let found = freeze(region, which, args.through, design, &progress);
        progress.end();
        let frozen = found.map_err(|error| Failure::of_run(error, sources.take().unwrap_or_default()))?;
        let stamp = stamp(region, which, &frozen, design, made);
        write(folder, &name(which), &frozen, &stamp)?;
        written.push((name(which), frozen, stamp));
    }
    if common.json {
        let list: Vec<_> = written.into_iter().map(|(_, _, stamp)| stamp).collect();
        println!("{:#}", json!(list));
        return Ok(());
    }
    for (name, frozen, _) in &written {
        let draws = frozen.cells.first().map_or(0, |c| c.values.len());
        println!("{}: {} cells of {draws} draws", folder.join(format!("{name}.csv")).display(), frozen.cells.len());
    }
    println!("made on {made}; {STATEMENT}");
    if let Some((_, frozen, _)) = written.first() {
        for line in wrap(&format!("Left out, because no variable measures them: {}.", frozen.left_out.join(", ")), 78) {
            println!("{line}");
        }
    }
    Ok(())
}

/// The day stated, or today by the clock (UTC).
fn made(args: &Score) -> Result<Date, Failure> {
    if let Some(text) = &args.made {
        return Date::parse(text).map_err(|e| Failure::of(Diagnostic::error(codes::U004, format!("--made {text}: {e}"))));
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let today = Date::new(1970, 1, 1).and_then(|day| day.plus_days(i64::try_from(seconds / 86_400).unwrap_or(0)));
    today.ok_or_else(|| Failure::of(Diagnostic::error(codes::U004, "the clock gives no day").help("state it: `--made YYYY-MM-DD`")))
}

fn stamp(region: &Region, which: Edition, frozen: &Frozen, design: Design, made: Date) -> serde_json::Value {
    let mut years: Vec<i32> = frozen.cells.iter().map(|c| c.period).collect();
    years.sort_unstable();
    years.dedup();
    let mut series: Vec<&str> = frozen.cells.iter().map(|c| c.series.as_str()).collect();
    series.dedup();
    json!({
        "as_of": region.identity.as_of.to_string(),
        "edition": which.name(),
        "literature": match which {
            Edition::Strict => "none that appeared after the as-of day",
            Edition::Reconstructed => "as in the pack, later works included",
        },
        "made_on": made.to_string(),
        "statement": STATEMENT,
        "engine": env!("CARGO_PKG_VERSION"),
        "pack": format!("{} {}", region.identity.id, region.identity.version),
        "pack_hash": region.content_hash,
        "seed": design.seed,
        "draws": design.members(),
        "years": years,
        "series": series,
        "left_out": frozen.left_out,
        "values": "five significant digits; a draw is a member: parameters and chance",
        "parquet": "one row for each year, country and draw, a column for each series (layout of the VIEWS prediction challenge)",
    })
}

fn write(folder: &Path, name: &str, frozen: &Frozen, stamp: &serde_json::Value) -> Result<(), Failure> {
    let save = |ending: &str, text: String| {
        let path = folder.join(format!("{name}.{ending}"));
        fs::write(&path, text).map_err(|e| Failure::file(&path, e))
    };
    let path = folder.join(format!("{name}.parquet"));
    frozen.views_table().write(&path).map_err(|e| Failure::file(&path, e))?;
    save("json", format!("{stamp:#}\n"))?;
    save("csv", frozen.csv())
}
