//! `oxus compare --regret`: what each lever loses against the best lever of the same scenario and view.

use oxus_engine::compare::regret::{Overall, Table, regret};
use serde_json::json;

use super::fresh::Ground;
use super::saved::head;
use crate::args::{Common, Compare};
use crate::output::failure::Failure;
use crate::output::measure::Measure;
use crate::output::rows::wrap;

/// Columns of a lever's name.
const LEVER: usize = 17;
/// Levers shown in the small print of a world.
const SHOWN: usize = 6;

/// Prints the regret table of every outcome that has a direction of harm.
pub fn run(args: &Compare, common: &Common) -> Result<(), Failure> {
    let ground = Ground::of(args, common)?;
    let tables = regret(&ground.joined, &ground.region).map_err(|e| Failure::of_run(e, ground.sources.clone()))?;
    let (members, draws) = tables.first().map_or((0, 0), |t| (t.members, t.draws));
    if common.json {
        as_json(&ground, &tables);
    } else {
        head(&ground, members);
        for (id, title) in levers(&ground, &tables) {
            wrap(&format!("{id}  {title}"), 78).iter().for_each(|line| println!("{line}"));
        }
        let whole = !args.outcome.is_empty();
        let (told, still): (Vec<&Table>, Vec<&Table>) = tables.iter().partition(|table| whole || moved(table));
        told.iter().for_each(|table| show(&ground, table));
        if !still.is_empty() {
            let titles: Vec<String> = still.iter().map(|t| Measure::of(&ground.region, &t.outcome, &t.entity).title).collect();
            println!();
            wrap(&format!("No lever loses more than chance in: {}.", titles.join("; ")), 78).iter().for_each(|line| println!("{line}"));
        }
        legend();
    }
    super::few_draws(draws, members, common);
    Ok(())
}

/// Ids and titles of what the tables name.
fn levers(ground: &Ground, tables: &[Table]) -> Vec<(String, String)> {
    let Some(table) = tables.first() else { return Vec::new() };
    let names = table.levers.iter().chain(&table.worlds);
    let parts = names.flat_map(|name| name.split(['+', '@'])).map(|part| part.split('=').next().unwrap_or(part));
    let mut found: Vec<(String, String)> = Vec::new();
    for id in parts {
        let scenario = ground.region.scenarios.get(id).map(|s| s.title.clone());
        let title = scenario.or_else(|| ground.region.views.get(id).map(|v| v.title.clone()));
        if let Some(title) = title.filter(|_| !found.iter().any(|f| f.0 == id)) {
            found.push((id.to_owned(), title));
        }
    }
    found
}

/// Whether some lever loses by more than chance in some world.
fn moved(table: &Table) -> bool {
    table.cells.iter().flatten().any(|cell| cell.regret > cell.monte_carlo)
}

/// Levers by largest regret, then mean.
fn order(table: &Table) -> Vec<usize> {
    let mut order: Vec<usize> = (0..table.levers.len()).collect();
    let key = |n: &usize| (table.overall[*n].largest, table.overall[*n].mean);
    order.sort_by(|a, b| key(a).0.total_cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
    order
}

fn show(ground: &Ground, table: &Table) {
    let measure = Measure::of(&ground.region, &table.outcome, &table.entity);
    let worse = if table.more_is_worse { "more is worse" } else { "less is worse" };
    println!();
    wrap(&format!("{} ({worse}), to {}", measure.title, ground.horizon), 78).iter().for_each(|line| println!("{line}"));
    println!("{:<LEVER$}{:>21}{:>21}  {:<18}", "", "largest regret", "mean regret", "largest in");
    let order = order(table);
    for &lever in &order {
        println!("{}", line(table, &measure, lever));
    }
    for (world, cells) in table.worlds.iter().zip(&table.cells) {
        let mut best: Vec<usize> = (0..cells.len()).collect();
        best.sort_by(|&a, &b| cells[a].regret.total_cmp(&cells[b].regret));
        let told = best.iter().take(SHOWN).map(|&n| {
            let cell = &cells[n];
            let share = 100.0 * cell.by_draw.best;
            format!("{} {} (best in {share:.0} % of draws)", table.levers[n], measure.level(cell.level))
        });
        let more = cells.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!("; {more} more") } else { String::new() };
        let text = format!("{world}: {}{more}", told.collect::<Vec<_>>().join("; "));
        for (n, line) in wrap(&text, 74).iter().enumerate() {
            println!("  {}{line}", if n == 0 { "" } else { "  " });
        }
    }
    wrap(&bottom_line(table, &measure, &order), 78).iter().for_each(|line| println!("{line}"));
}

fn amount(measure: &Measure, x: f64, half_width: f64) -> String {
    // the best itself has no interval: it is compared with itself
    if x == 0.0 && half_width == 0.0 { "0".to_owned() } else { measure.interval(x, half_width).trim_start_matches('+').to_owned() }
}

fn line(table: &Table, measure: &Measure, lever: usize) -> String {
    let Overall { mean, monte_carlo, largest, largest_monte_carlo, world } = table.overall[lever];
    let name = format!("  {}", table.levers[lever]);
    let name = if name.chars().count() > LEVER { format!("{name}\n{:<LEVER$}", "") } else { format!("{name:<LEVER$}") };
    let place = if largest > 0.0 { table.worlds[world].as_str() } else { "" };
    format!("{name}{:>21}{:>21}  {place}", amount(measure, largest, largest_monte_carlo), amount(measure, mean, monte_carlo))
}

/// The lever of least largest regret, and which others it cannot be told from.
fn bottom_line(table: &Table, measure: &Measure, order: &[usize]) -> String {
    let Some((&first, others)) = order.split_first() else { return String::new() };
    let least = table.overall[first];
    let near: Vec<&str> = others
        .iter()
        .filter(|&&n| table.overall[n].largest - table.overall[n].largest_monte_carlo <= least.largest)
        .map(|&n| table.levers[n].as_str())
        .collect();
    let told = amount(measure, least.largest, least.largest_monte_carlo);
    let text = format!("Least largest regret: {} ({told} at worst)", table.levers[first]);
    match near.len() {
        0 => format!("{text}, clearly."),
        n if n == others.len() => format!("{text}; chance alone could put any of the others first."),
        _ => format!("{text}; within chance of it: {}.", near.join(", ")),
    }
}

fn legend() {
    println!();
    let text = "Regret: mean loss beyond that of the best lever of the same scenario and view, in the same futures, with its 95 % Monte Carlo interval, clustered by draw. Scenarios and views count alike in the mean. Best in: share of the draws in which no lever loses less, had the draw been known. A lever's cost is not in the table.";
    wrap(text, 78).iter().for_each(|line| println!("{line}"));
}

fn as_json(ground: &Ground, tables: &[Table]) {
    let list = tables.iter().map(|table| {
        let measure = Measure::of(&ground.region, &table.outcome, &table.entity);
        let levers = table.levers.iter().enumerate().map(|(n, lever)| {
            let worlds = table.worlds.iter().zip(&table.cells).map(|(world, cells)| {
                let cell = &cells[n];
                json!({ "world": world, "level": cell.level, "regret": cell.regret, "monte_carlo": cell.monte_carlo,
                    "known_draw": { "mean": cell.by_draw.mean, "monte_carlo": cell.by_draw.monte_carlo, "q90": cell.by_draw.high,
                        "largest": cell.by_draw.most, "best_in": cell.by_draw.best } })
            });
            let o = table.overall[n];
            json!({ "lever": lever, "mean": o.mean, "mean_monte_carlo": o.monte_carlo, "largest": o.largest,
                "largest_monte_carlo": o.largest_monte_carlo, "largest_in": table.worlds[o.world], "worlds": worlds.collect::<Vec<_>>() })
        });
        json!({ "outcome": table.outcome, "entity": table.entity, "title": measure.title, "unit": measure.unit,
            "worse": if table.more_is_worse { "higher" } else { "lower" }, "members": table.members, "draws": table.draws,
            "levers": levers.collect::<Vec<_>>(), "least_largest_first": order(table).into_iter().map(|n| &table.levers[n]).collect::<Vec<_>>() })
    });
    let document = json!({
        "pack": ground.region.identity.id, "as_of": ground.region.identity.as_of.to_string(), "horizon": ground.horizon.to_string(),
        "runs": ground.joined.folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>(), "tables": list.collect::<Vec<_>>(),
    });
    println!("{document:#}");
}
