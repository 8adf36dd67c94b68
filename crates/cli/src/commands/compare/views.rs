//! `oxus compare --views`: the same cases and seeds, seen by each worldview.

use oxus_analysis::PairedSummary;
use oxus_diag::{Diagnostic, codes};
use oxus_engine::run::Request;
use oxus_engine::study::views::{Compared, Comparison, compare};
use oxus_pack::Region;
use oxus_units::Month;
use serde_json::json;

use crate::args::{Common, Compare};
use crate::commands::run::{cases, design, horizon, outcomes, threads, view};
use crate::output::failure::{Failure, print};
use crate::output::number::{plain, points, signed};
use crate::output::progress::Progress;
use crate::output::rows::wrap;
use crate::pack;

/// How many of the widest disagreements stand at the top.
const WIDEST: usize = 5;

/// Runs every case under every view and prints where they differ.
pub fn run(args: &Compare, named: &[String], common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    let views = asked(named, &region)?;
    let horizon = horizon(args.horizon.as_deref(), &region)?;
    let cases = match cases(&args.case, None, &region) {
        Ok(cases) => cases,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let request = Request {
        cases,
        outcomes: outcomes(&args.outcome, args.all, &region),
        horizons: vec![horizon],
        design: design(&region, args.members, None, None, args.seed),
        thin: 0,
        timed: false,
        folder: None,
    };
    let model = match oxus_engine::model(&region) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let progress = Progress::new(request.design.members() * views.len() as u32);
    let found = compare(&region, &model, &request, &views, &progress);
    progress.end();
    let found = found.map_err(|error| Failure::of_run(error, sources))?;
    if common.json {
        as_json(&region, &found, &request, horizon)
    } else {
        show(&region, &found, &request, horizon)
    }
    Ok(())
}

/// The views asked for, or all of the pack.
fn asked(named: &[String], region: &Region) -> Result<Vec<String>, Failure> {
    let mut views: Vec<String> = Vec::new();
    for name in named {
        if let Some(name) = view(Some(name), region)?
            && !views.iter().any(|v| v == name)
        {
            views.push(name.to_owned());
        }
    }
    if named.is_empty() {
        views = region.views.keys().cloned().collect();
    }
    match views.as_slice() {
        [_, _, ..] => Ok(views),
        few => Err(Failure::of(
            Diagnostic::error(codes::E008, "a comparison of views needs two of them")
                .found(few.first().map_or_else(|| "a pack without views".to_owned(), |one| format!("`{one}` alone")))
                .expected("two views or more, joined by commas, or `--views` without names for all of the pack")
                .help("`oxus explain views` lists them; `oxus run --view NAME` runs one"),
        )),
    }
}

fn title(region: &Region, row: &Compared) -> String {
    let outcome = region.outcomes.get(&row.outcome);
    let mut title = outcome.map_or_else(|| row.outcome.clone(), |o| o.title.clone());
    if !row.entity.is_empty() && !title.contains(&row.entity) {
        title += &format!(" [{}]", row.entity);
    }
    match outcome {
        Some(o) if !row.binary && !matches!(o.unit.to_string().as_str(), "1" | "index" | "events" | "share") => format!("{title}, {}", o.unit),
        _ => title,
    }
}

fn level(row: &Compared, x: f64) -> String {
    if row.binary { format!("{:.1} %", 100.0 * x) } else { plain(x) }
}

fn difference(row: &Compared, x: f64) -> String {
    if row.binary { format!("{} pt", points(x)) } else { signed(x) }
}

/// Rows with the widest disagreement first: opposite clear signs before anything else, then by range over noise.
fn widest(found: &Comparison) -> Vec<&Compared> {
    let mut rows: Vec<&Compared> = found.rows.iter().filter(|r| r.disagreement.range > 0.0).collect();
    rows.sort_by(|a, b| {
        let key = |r: &Compared| (r.disagreement.in_sign(), r.disagreement.range_in_intervals);
        key(b).0.cmp(&key(a).0).then(key(b).1.total_cmp(&key(a).1))
    });
    rows
}

fn show(region: &Region, found: &Comparison, request: &Request, horizon: Month) {
    let alone = request.cases.len() == 1;
    println!("{}, as known on {} (historical)", region.identity.title, region.identity.as_of);
    println!("{} futures under each of {} views, seed {}, to {horizon}", found.members, found.views.len(), request.design.seed);
    println!("\nWhere the views disagree most{}", if alone { " (levels)" } else { " (differences from each view's own baseline)" });
    let top = widest(found);
    if top.is_empty() {
        println!("  nowhere: every view gives the same numbers");
    }
    for row in top.iter().take(WIDEST) {
        let d = row.disagreement;
        let name = |at: usize| found.views.get(at).map_or("", String::as_str);
        let value = |at: usize| if alone { level(row, row.views[at].baseline) } else { difference(row, row.views[at].difference) };
        let sign = if d.in_sign() { "; opposite signs" } else { "" };
        let case = if alone { String::new() } else { format!("{}: ", row.case) };
        let text = format!(
            "{case}{}: {} {}, {} {} ({:.1} intervals apart{sign})",
            title(region, row),
            name(d.lowest),
            value(d.lowest),
            name(d.highest),
            value(d.highest),
            d.range_in_intervals
        );
        for (i, line) in wrap(&text, 74).iter().enumerate() {
            println!("  {}{line}", if i == 0 { "- " } else { "  " });
        }
    }
    let mut case = "";
    for row in &found.rows {
        if row.case != case {
            case = &row.case;
            println!("\n{case}\n{}", "-".repeat(case.chars().count()));
        }
        wrap(&title(region, row), 78).iter().for_each(|l| println!("{l}"));
        if !alone && row.views.iter().all(|p| p.difference == 0.0 && p.spread == (0.0, 0.0)) {
            println!("    no difference in any draw under any view");
            continue;
        }
        for (name, p) in found.views.iter().zip(&row.views) {
            println!("{}", line(row, name, p, alone));
        }
        if !alone {
            let d = row.disagreement;
            println!("    {} up, {} down, {} within their interval of none", d.plus, d.minus, d.unclear);
        }
    }
    println!();
    if !alone {
        println!("Columns: view; baseline and case as that view has them; mean difference with its");
        println!("95 % Monte Carlo interval; share of the draws that agree on its sign.");
    }
    println!("All views run on the same seeds. Intervals apart: the range over the half-width");
    println!("of a difference of two independent estimates, which makes it a lower bound.");
}

fn line(row: &Compared, view: &str, p: &PairedSummary, alone: bool) -> String {
    if alone {
        return format!("    {view:<24}{:>14}", level(row, p.baseline));
    }
    let interval = if row.binary { format!("{:.1}", 100.0 * p.monte_carlo) } else { plain(p.monte_carlo) };
    let agree = if p.sign_agreement.is_finite() { format!("{:.0} %", 100.0 * p.sign_agreement) } else { "–".into() };
    let (a, b, d) = (level(row, p.baseline), level(row, p.scenario), difference(row, p.difference));
    format!("    {view:<20}{a:>12}{b:>12}{:>22}{agree:>8}", format!("{d} ± {interval}"))
}

fn as_json(region: &Region, found: &Comparison, request: &Request, horizon: Month) {
    let rows = found.rows.iter().map(|row| {
        let views = found.views.iter().zip(&row.views).map(|(view, p)| {
            json!({ "view": view, "baseline": p.baseline, "scenario": p.scenario, "difference": p.difference, "monte_carlo": p.monte_carlo,
                "spread": p.spread, "sign_agreement": p.sign_agreement, "runs_saved": p.runs_saved })
        });
        json!({ "case": row.case, "outcome": row.outcome, "entity": row.entity, "horizon": row.horizon.to_string(), "title": title(region, row),
            "binary": row.binary, "views": views.collect::<Vec<_>>(), "disagreement": row.disagreement,
            "opposite_signs": row.disagreement.in_sign() })
    });
    let order = widest(found).into_iter().map(|r| json!({ "case": r.case, "outcome": r.outcome, "entity": r.entity }));
    let document = json!({
        "pack": region.identity.id, "as_of": region.identity.as_of.to_string(), "horizon": horizon.to_string(), "members": found.members,
        "seed": request.design.seed, "views": found.views, "rows": rows.collect::<Vec<_>>(), "widest_first": order.collect::<Vec<_>>(),
    });
    println!("{document:#}");
}
