//! `oxus compare --tornado`: what moves one outcome most, one uncertain number at a time.

use std::path::Path;

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_engine::outcome::split_name;
use oxus_engine::store::read_record;
use oxus_engine::study::tornado::{Asked, Bar, Sort, Tornado, tornado};
use oxus_engine::{Case, Design};
use oxus_pack::Region;
use oxus_units::Month;
use serde_json::json;

use crate::args::{Common, Compare};
use crate::commands::run::{design, horizon, threads};
use crate::output::failure::{Failure, print};
use crate::output::measure::Measure;
use crate::output::number::plain;
use crate::output::progress::Progress;
use crate::output::rows::wrap;
use crate::pack;

/// Half the width of the bars.
const HALF: usize = 20;

/// Moves the numbers and prints the bars.
pub fn run(args: &Compare, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    let [text] = args.outcome.as_slice() else {
        let problem = Diagnostic::error(codes::E003, "a tornado is of one outcome");
        return Err(Failure::of(
            problem
                .found(format!("{} of them", args.outcome.len()))
                .expected("`--outcome OUTCOME`, with the entity in brackets where it has several"),
        ));
    };
    let (outcome, entity) = split_name(text);
    let case = case(args, &region)?;
    let levers = parsed(args.levers(), &region)?;
    let design = match args.runs.as_slice() {
        [] => design(&region, args.members, args.draws, args.replicates, args.seed),
        [run, ..] => of_run(run, &region)?,
    };
    let asked = Asked { case, outcome, entity, horizon: horizon(args.horizon.as_deref(), &region)?, design, top: args.top.into(), levers };
    let progress = Progress::new(design.members());
    let found = tornado(&region, &asked, &progress);
    progress.end();
    let found = found.map_err(|error| Failure::of_run(error, sources))?;
    if common.json {
        as_json(&region, &asked, &found);
    } else {
        let title = format!("{}, as known on {} (historical)", region.identity.title, region.identity.as_of);
        let measure = Measure::of(&region, outcome, &found.entity);
        print!("{title}\n{}", page(&measure, &asked, &found, region.identity.origin.plus(1)));
    }
    if found.stopped {
        eprintln!("stopped after {} of {} futures; the bars are whole for those.", found.members, design.members());
    }
    super::few_draws(found.draws, found.members, common);
    Ok(())
}

/// The one case in which numbers vary.
fn case(args: &Compare, region: &Region) -> Result<Case, Failure> {
    match args.case.as_slice() {
        [] => Ok(Case::default()),
        [one] => Ok(parsed(std::slice::from_ref(one), region)?.remove(0)),
        several => Err(Failure::of(
            Diagnostic::error(codes::E001, "a tornado is of one case").found(several.join(", ")).expected("one `--case`, or none for the baseline"),
        )),
    }
}

fn parsed(texts: &[String], region: &Region) -> Result<Vec<Case>, Failure> {
    let mut problems = Diagnostics::new();
    let mut found = Vec::new();
    for text in texts {
        match Case::parse(text, region) {
            Ok(case) => found.push(case),
            Err(list) => problems.extend(list),
        }
    }
    if problems.has_errors() { Err(Failure::Problems(problems, oxus_diag::Sources::new())) } else { Ok(found) }
}

/// The futures of a saved run.
fn of_run(folder: &Path, region: &Region) -> Result<Design, Failure> {
    let record = read_record(folder).map_err(|e| Failure::file(folder, e))?;
    if record.pack_hash != region.content_hash {
        return Err(Failure::of(
            Diagnostic::error(codes::A040, format!("{} was made from another pack, or from another state of this one", folder.display()))
                .found(record.pack)
                .expected(format!("{} {}, as it is now", region.identity.id, region.identity.version)),
        ));
    }
    Ok(Design { seed: record.seed, draws: record.draws, replicates: record.replicates })
}

/// The page: what is moved, the bars, how to read them.
fn page(measure: &Measure, asked: &Asked<'_>, found: &Tornado, first: Month) -> String {
    let mut out = String::new();
    let mut paragraph = |text: &str| wrap(text, 78).iter().for_each(|line| out += &format!("{line}\n"));
    paragraph(&format!("{}, {first} to {}, case {}", measure.title, asked.horizon, asked.case));
    paragraph(&format!("{} futures of {} draws, seed {}; mean {}", found.members, found.draws, asked.design.seed, measure.level(found.level)));
    let left = if found.left > 0 { format!("; {} in groups that move it were not taken apart", found.left) } else { String::new() };
    paragraph(&format!(
        "{} of {} uncertain numbers and links are moved alone: those left by screening in {} groups that were moved together{left}.",
        found.moved, found.varying, found.groups
    ));
    let longest = found.bars.iter().flat_map(|b| [b.low.difference.abs(), b.high.difference.abs()]).fold(0.0, f64::max);
    for bar in &found.bars {
        out += &format!("\n{}\n  {}\n", head(measure, bar), drawing(bar, longest));
        wrap(&ends(measure, bar), 74).iter().for_each(|line| out += &format!("    {line}\n"));
    }
    out.push('\n');
    wrap(LEGEND, 78).iter().for_each(|line| out += &format!("{line}\n"));
    out
}

const LEGEND: &str = "Bar: change of the mean from | in the same futures with the number at its 10 % (-) or 90 % quantile (#), = where both are; all else equal. Swing: high less low. ±: 95 % Monte Carlo interval, clustered by draw. Draws: 10-90 % of the swing over draws. ~: a swing within chance.";

fn head(measure: &Measure, bar: &Bar) -> String {
    let unclear = bar.swing.difference.abs() <= bar.swing.monte_carlo;
    let name = format!("{}{}", if unclear { "~" } else { "" }, bar.name);
    let swing = format!("swing {}", measure.interval(bar.swing.difference, bar.swing.monte_carlo));
    let room = 79_usize.saturating_sub(name.chars().count());
    if swing.chars().count() < room { format!("{name}{swing:>room$}") } else { format!("{name}\n{swing:>79}") }
}

/// The bar, `-` towards the lower value's end, `#` towards the higher value's.
fn drawing(bar: &Bar, longest: f64) -> String {
    let length = |x: f64| if longest > 0.0 { (x / longest * HALF as f64).round() as i64 } else { 0 };
    let (low, high) = (length(bar.low.difference), length(bar.high.difference));
    let within = |at: i64, end: i64| if at > 0 { (1..=end).contains(&at) } else { (end..=-1).contains(&at) };
    let half = HALF as i64;
    let cell = |at: i64| match (at, within(at, low), within(at, high)) {
        (0, _, _) => '|',
        (_, true, true) => '=',
        (_, true, false) => '-',
        (_, false, true) => '#',
        _ => ' ',
    };
    (-half..=half).map(cell).collect::<String>().trim_end().to_owned()
}

fn ends(measure: &Measure, bar: &Bar) -> String {
    let at = |x: f64| match bar.sort {
        Sort::Lever if x == 0.0 => "off".to_owned(),
        Sort::Lever => "on".to_owned(),
        _ => plain(x),
    };
    let end = |x: f64, p: &oxus_analysis::PairedSummary| {
        format!("at {}: {} ({})", at(x), measure.level(p.scenario), measure.interval(p.difference, p.monte_carlo))
    };
    let sides = if bar.sort == Sort::Lever {
        end(bar.values.1, &bar.high)
    } else {
        format!("{}; {}", end(bar.values.0, &bar.low), end(bar.values.1, &bar.high))
    };
    format!("{sides}; draws {}", measure.spread(bar.swing.spread))
}

fn as_json(region: &Region, asked: &Asked<'_>, found: &Tornado) {
    let measure = Measure::of(region, asked.outcome, &found.entity);
    let side = |p: &oxus_analysis::PairedSummary| json!({ "mean": p.scenario, "difference": p.difference, "monte_carlo": p.monte_carlo, "spread": p.spread });
    let bars = found.bars.iter().map(|bar| {
        let sort = match bar.sort {
            Sort::Number => "number",
            Sort::Link => "link",
            Sort::Lever => "lever",
        };
        json!({ "name": bar.name, "sort": sort, "values": bar.values, "low": side(&bar.low),
            "high": side(&bar.high), "swing": { "difference": bar.swing.difference, "monte_carlo": bar.swing.monte_carlo,
                "spread": bar.swing.spread, "sign_agreement": bar.swing.sign_agreement } })
    });
    let document = json!({
        "pack": region.identity.id, "as_of": region.identity.as_of.to_string(), "horizon": asked.horizon.to_string(),
        "case": asked.case.to_string(), "outcome": asked.outcome, "entity": found.entity, "title": measure.title, "unit": measure.unit,
        "members": found.members, "draws": found.draws, "seed": asked.design.seed, "mean": found.level, "varying": found.varying,
        "moved": found.moved, "groups": found.groups, "not_taken_apart": found.left, "bars": bars.collect::<Vec<_>>(),
    });
    println!("{document:#}");
}

#[cfg(test)]
mod tests;
