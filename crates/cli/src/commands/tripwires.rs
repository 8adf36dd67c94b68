//! `oxus tripwires`: which early observation moves the odds of an outcome most.

use oxus_diag::Diagnostics;
use oxus_engine::Case;
use oxus_engine::outcome::split_name;
use oxus_engine::study::tripwires::{Asked, Danger, Found, Tripwire, tripwires};
use oxus_pack::Region;
use oxus_units::Month;
use serde_json::json;

use super::run::{design, horizon, threads};
use crate::args::{Common, Tripwires};
use crate::output::failure::{Failure, print};
use crate::output::measure::Measure;
use crate::output::number::{chance, plain};
use crate::output::progress::Progress;
use crate::output::rows::wrap;
use crate::pack;

/// A list shorter than this says that it is.
const HOPED: usize = 3;

/// Finds tripwires and prints those that hold.
pub fn run(args: &Tripwires, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    let case = Case::parse(&args.case, &region).map_err(|found| {
        let mut problems = Diagnostics::new();
        problems.extend(found);
        Failure::Problems(problems, sources.clone())
    })?;
    let (outcome, entity) = split_name(&args.outcome);
    let design = design(&region, Some(args.members), None, None, args.seed);
    let asked = Asked { case, outcome, entity, horizon: horizon(args.horizon.as_deref(), &region)?, design, top: args.top.into() };
    let progress = Progress::new(design.members());
    let found = tripwires(&region, &asked, &progress);
    progress.end();
    let found = found.map_err(|error| Failure::of_run(error, sources))?;
    if common.json {
        as_json(&region, &asked, &found);
    } else {
        let title = format!("{}, as known on {} (historical)", region.identity.title, region.identity.as_of);
        let measure = Measure::of(&region, asked.outcome, &found.entity);
        print!("{title}\n{}", page(&measure, &asked, &found, region.identity.origin.plus(1)));
    }
    Ok(())
}

/// The page: what is warned of, how the search was done, the rules that hold.
fn page(measure: &Measure, asked: &Asked<'_>, found: &Found, first: Month) -> String {
    let mut out = String::new();
    paragraph(&mut out, &format!("Tripwires for \"{}\", {first} to {}, case {}", measure.title, asked.horizon, asked.case));
    paragraph(&mut out, &danger(found, measure));
    let s = found.searched;
    let search = format!(
        "{} figures in {} months, {} rules searched on {} futures; {} judged on {} others of other draws.",
        s.observables, s.months, s.rules, found.training, s.judged, found.held_out
    );
    paragraph(&mut out, &search);
    out.push('\n');
    for (n, wire) in found.tripwires.iter().enumerate() {
        for (line, text) in wrap(&sentence(found, measure, wire), 75).iter().enumerate() {
            out += &format!("{}{text}\n", if line == 0 { format!("{:>2}. ", n + 1) } else { "    ".to_owned() });
        }
        out.push('\n');
    }
    match found.tripwires.len() {
        0 => out += "None found that holds on held-out futures.\n",
        1 => out += "Only one found that holds on held-out futures.\n",
        n if n < HOPED.min(asked.top) => out += &format!("Only {n} found that hold on held-out futures.\n"),
        _ => {}
    }
    if !found.tripwires.is_empty() {
        let legend = "Figures are those of the held-out futures; in brackets 95 % intervals, clustered by draw. Hits: share of the futures with the outcome in which the alarm sounds; false alarms: share of those without. Counts of a year start anew in January. A sign to look for in the model's futures, not a cause.";
        paragraph(&mut out, legend);
    }
    out
}

fn paragraph(out: &mut String, text: &str) {
    wrap(text, 78).iter().for_each(|line| *out += &format!("{line}\n"));
}

fn danger(found: &Found, measure: &Measure) -> String {
    match found.danger {
        Danger::Happens => {
            format!("Chance over all futures {}; futures in which it has happened before the look are left out.", measure.chance(found.chance))
        }
        Danger::Worst => format!("Warned of: the worst fifth of the futures of \"{}\" at the end.", measure.title),
        Danger::WorstToCome => format!("Warned of: the worst fifth of what is still to come of \"{}\" after the look.", measure.title),
    }
}

/// One tripwire as a sentence.
fn sentence(found: &Found, measure: &Measure, wire: &Tripwire) -> String {
    let f = &wire.figures;
    let about = wire.about.trim_end_matches('.');
    let unit = if matches!(wire.unit, "1" | "index") { String::new() } else { format!(" {}", wire.unit) };
    let entity = if wire.entity == "world" { String::new() } else { format!("{}: ", wire.entity) };
    let stands = if wire.rule.above { "above" } else { "at or below" };
    let what = match (found.danger, wire.worst) {
        (Danger::Happens, _) | (_, None) => "the chance".to_owned(),
        (Danger::WorstToCome, Some(worst)) => format!("the chance of more than {} to come", measure.level(worst)),
        (Danger::Worst, Some(worst)) => format!("the chance of the worst fifth (beyond {})", measure.level(worst)),
    };
    let (low, high) = f.chance_fired_interval;
    let lead = if wire.lead == 1.0 { "1 month".to_owned() } else { format!("{:.0} months", wire.lead) };
    format!(
        "{entity}{about} ({}): if it stands {stands} {}{unit} in {}, {what} goes from {} to {} ({:.0} to {:.0} %; {}). Odds x {} ({} to {}). Hits {:.0} %, false alarms {:.0} %, lead {lead}.",
        wire.variable,
        plain(wire.rule.threshold),
        wire.month,
        chance(f.chance, false),
        chance(f.chance_fired, false),
        100.0 * low,
        100.0 * high,
        oxus_analysis::Likelihood::of(f.chance_fired).words(),
        plain(f.odds_ratio),
        plain(f.odds_interval.0),
        plain(f.odds_interval.1),
        100.0 * f.hit_rate,
        100.0 * f.false_alarms,
    )
}

fn as_json(region: &Region, asked: &Asked<'_>, found: &Found) {
    let measure = Measure::of(region, asked.outcome, &found.entity);
    let wires = found.tripwires.iter().map(|wire| {
        let f = &wire.figures;
        json!({
            "variable": wire.variable, "entity": wire.entity, "month": wire.month.to_string(), "above": wire.rule.above,
            "threshold": wire.rule.threshold, "unit": wire.unit, "about": wire.about, "worst_beyond": wire.worst, "futures": f.futures,
            "draws": f.draws, "fires_in": f.fires, "chance": f.chance, "chance_fired": f.chance_fired,
            "chance_fired_95": f.chance_fired_interval, "chance_silent": f.chance_silent, "odds_ratio": f.odds_ratio,
            "odds_ratio_95": f.odds_interval, "adjusted_p": wire.adjusted_p, "hit_rate": f.hit_rate, "false_alarms": f.false_alarms,
            "lead_months": wire.lead,
        })
    });
    let s = found.searched;
    let document = json!({
        "pack": region.identity.id, "as_of": region.identity.as_of.to_string(), "horizon": asked.horizon.to_string(),
        "case": asked.case.to_string(), "outcome": asked.outcome, "entity": found.entity, "title": measure.title,
        "warned_of": match found.danger { Danger::Happens => "happens", Danger::Worst => "worst fifth", Danger::WorstToCome => "worst fifth to come" },
        "training": found.training, "held_out": found.held_out, "seed": asked.design.seed,
        "searched": { "observables": s.observables, "months": s.months, "rules": s.rules, "judged": s.judged },
        "tripwires": wires.collect::<Vec<_>>(),
    });
    println!("{document:#}");
}

#[cfg(test)]
mod tests;
