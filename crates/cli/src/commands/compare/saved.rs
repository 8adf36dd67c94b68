//! `oxus compare RUN…` and `--scenarios`: every case against its reference, outcome by outcome.

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_engine::compare::{Compared, differences};
use oxus_engine::confidence::confidence;
use serde_json::json;

use super::fresh::Ground;
use crate::args::{Common, Compare};
use crate::output::failure::Failure;
use crate::output::measure::Measure;
use crate::output::rows::wrap;

/// Columns of a case's name.
const CASE: usize = 22;

/// Compares the cases of saved runs, or of a run made now.
pub fn run(args: &Compare, common: &Common) -> Result<(), Failure> {
    let ground = Ground::of(args, common)?;
    if let Some(against) = args.against.as_deref().filter(|a| !ground.joined.cases.iter().any(|c| c == a)) {
        let known = ground.joined.cases.iter().map(String::as_str);
        return Err(Failure::of(
            Diagnostic::error(codes::E001, format!("the runs have no case `{against}`"))
                .expected(format!("one of {}", ground.joined.cases.join(", ")))
                .help_maybe(did_you_mean(against, known)),
        ));
    }
    let rows = differences(&ground.joined, args.against.as_deref()).map_err(|e| Failure::of_run(e, ground.sources.clone()))?;
    let Some(first) = rows.first().map(|r| r.paired) else {
        return Err(Failure::of(Diagnostic::error(codes::E008, "the runs have no case to set beside another").expected("two cases or more")));
    };
    if common.json {
        as_json(&ground, &rows);
    } else {
        show(&ground, &rows, !args.outcome.is_empty());
    }
    super::few_draws(first.draws, first.members, common);
    Ok(())
}

/// The title lines of every comparison.
pub fn head(ground: &Ground, members: u64) {
    let (identity, design) = (&ground.region.identity, ground.joined.design());
    println!("{}, as known on {} (historical)", identity.title, identity.as_of);
    let (draws, replicates, seed) = (design.draws, design.replicates, design.seed);
    println!("{members} futures of {draws} draws x {replicates}, seed {seed}, {} to {}", identity.origin.plus(1), ground.horizon);
    if ground.joined.folders.len() > 1 {
        let folders: Vec<String> = ground.joined.folders.iter().map(|f| f.display().to_string()).collect();
        wrap(&format!("runs: {}", folders.join(", ")), 78).iter().for_each(|line| println!("{line}"));
    }
}

fn clear(row: &Compared) -> bool {
    row.paired.difference.abs() > row.paired.monte_carlo
}

/// Rows of one outcome and entity.
fn outcome(rows: &[Compared]) -> impl Iterator<Item = &[Compared]> {
    rows.chunk_by(|a, b| (&a.column.outcome, &a.column.entity) == (&b.column.outcome, &b.column.entity))
}

fn show(ground: &Ground, rows: &[Compared], whole: bool) {
    head(ground, rows.first().map_or(0, |r| r.paired.members));
    titles(ground);
    println!("\n{:<CASE$}{:>9}{:>20}{:>20}{:>8}", "", "level", "difference (95 %)", "draws 10-90 %", "agree");
    let mut still = Vec::new();
    for block in outcome(rows) {
        let measure = Measure::of(&ground.region, &block[0].column.outcome, &block[0].column.entity);
        if whole || block.iter().any(clear) {
            block_of(ground, &measure, block);
        } else {
            still.push(format!("{} {}", measure.title, measure.level(block[0].paired.baseline)));
        }
    }
    if !still.is_empty() {
        println!();
        let text = format!("No case moves these by more than chance (level of the reference): {}.", still.join("; "));
        wrap(&text, 78).iter().for_each(|line| println!("{line}"));
    }
    println!();
    println!("level: mean of the case; difference: mean over the same futures from the case");
    println!("named in the title line, with its 95 % Monte Carlo interval, clustered by draw;");
    println!("draws: 10-90 % of the differences of the draws (spread); agree: share of the");
    println!("draws that moved which agree on the direction; ~ within chance. Confidence is");
    println!("stated apart from likelihood.");
}

/// Each scenario, lever and view of the cases, once.
fn titles(ground: &Ground) {
    let mut seen: Vec<&str> = Vec::new();
    for case in &ground.joined.cases {
        for id in case.split(['+', '@']).map(|part| part.split('=').next().unwrap_or(part)) {
            let scenario = ground.region.scenarios.get(id).map(|s| s.title.as_str());
            let title = scenario.or_else(|| ground.region.views.get(id).map(|v| v.title.as_str()));
            if let Some(title) = title.filter(|_| !seen.contains(&id)) {
                seen.push(id);
                wrap(&format!("{id}  {title}"), 78).iter().for_each(|line| println!("{line}"));
            }
        }
    }
}

fn block_of(ground: &Ground, measure: &Measure, block: &[Compared]) {
    let reference = &block[0].reference;
    let at = format!("{reference} {}", measure.level(block[0].paired.baseline));
    println!();
    let lines = wrap(&measure.title, 78 - at.chars().count().min(40));
    for (n, line) in lines.iter().enumerate() {
        let room = 79_usize.saturating_sub(line.chars().count());
        println!("{line}{}", if n == 0 { format!("{at:>room$}") } else { String::new() });
    }
    for row in block {
        println!("{}", line_of(measure, row));
        if row.reference != *reference {
            println!("    against {} {}", row.reference, measure.level(row.paired.baseline));
        }
    }
    let words: Vec<String> = std::iter::once((reference, block[0].paired.baseline))
        .chain(block.iter().map(|r| (&r.column.case, r.paired.scenario)))
        .filter_map(|(case, x)| Some(format!("{case} {}", measure.words(x)?)))
        .collect();
    let lowest = block.iter().map(|r| confidence(&ground.region, &ground.model, &r.column.outcome, &r.paired)).min_by_key(|c| c.0);
    let confidence = lowest.map_or_else(String::new, |(level, because)| format!("confidence {}: {because}", level.word()));
    let text = if words.is_empty() { confidence } else { format!("{}; {confidence}", words.join(", ")) };
    wrap(&text, 74).iter().for_each(|line| println!("    {line}"));
}

fn line_of(measure: &Measure, row: &Compared) -> String {
    let p = &row.paired;
    let case = format!("  {}{}", if clear(row) { "" } else { "~" }, row.column.case);
    let unmoved = p.difference == 0.0 && p.spread == (0.0, 0.0) && p.monte_carlo == 0.0;
    let agree = if p.sign_agreement.is_finite() { format!("{:.0} %", 100.0 * p.sign_agreement) } else { "–".into() };
    let difference = if unmoved { "none in any draw".to_owned() } else { measure.interval(p.difference, p.monte_carlo) };
    let spread = if unmoved { String::new() } else { measure.spread(p.spread) };
    let level = measure.level(p.scenario);
    // a long name has its own line
    let name = if case.chars().count() > CASE { format!("{case}\n{:<CASE$}", "") } else { format!("{case:<CASE$}") };
    format!("{name}{level:>9}{difference:>20}{spread:>20}{agree:>8}")
}

fn as_json(ground: &Ground, rows: &[Compared]) {
    let list = rows.iter().map(|row| {
        let measure = Measure::of(&ground.region, &row.column.outcome, &row.column.entity);
        let (level, because) = confidence(&ground.region, &ground.model, &row.column.outcome, &row.paired);
        let p = &row.paired;
        json!({
            "case": row.column.case, "reference": row.reference, "outcome": row.column.outcome, "entity": row.column.entity,
            "horizon": row.column.horizon, "title": measure.title, "unit": measure.unit, "baseline": p.baseline, "scenario": p.scenario,
            "difference": p.difference, "monte_carlo": p.monte_carlo, "spread": p.spread, "runs_saved": p.runs_saved,
            "sign_agreement": p.sign_agreement, "clear": clear(row), "likelihood": measure.words(p.baseline).zip(measure.words(p.scenario)),
            "confidence": level.word(), "confidence_because": because,
        })
    });
    let design = ground.joined.design();
    let document = json!({
        "pack": ground.region.identity.id, "as_of": ground.region.identity.as_of.to_string(), "horizon": ground.horizon.to_string(),
        "runs": ground.joined.folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>(), "cases": ground.joined.cases,
        "members": rows.first().map_or(0, |r| r.paired.members), "draws": rows.first().map_or(0, |r| r.paired.draws),
        "seed": design.seed, "rows": list.collect::<Vec<_>>(),
    });
    println!("{document:#}");
}
