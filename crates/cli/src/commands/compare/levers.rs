//! `oxus compare --levers`: protective levers, and at which strengths, that do well against a case in every future and view.

use oxus_engine::study::levers::{Found, MOVED, Search, Setting, search};
use oxus_engine::{Case, Design};
use oxus_pack::Region;
use oxus_pack::region::Across;
use serde_json::json;

use crate::args::{Common, Compare};
use crate::commands::run::{cases, horizon, threads};
use crate::output::failure::{Failure, print};
use crate::output::measure::Measure;
use crate::output::progress::Progress;
use crate::output::rows::wrap;
use crate::pack;

/// Draws on which strengths are chosen, each of one replicate.
const TRAINING: u32 = 64;
/// Draws on which they are judged, each of two replicates.
const JUDGED: u32 = 128;
/// Effort when none is stated: two levers at full strength.
const EFFORT: f64 = 2.0;
/// Simulations for each direction of trade-off.
const EVALUATIONS: u32 = 50;
/// Directions besides one for each objective and an even one.
const DIRECTIONS: u32 = 3;

/// Searches and shows.
pub fn run(args: &Compare, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (mut region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    threads(args.threads)?;
    let horizon = horizon(args.horizon.as_deref(), &region)?;
    let against = match cases(&args.case, None, &region) {
        Ok(cases) => cases.last().cloned().unwrap_or_default(),
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let seed = args.seed.unwrap_or(region.identity.defaults.seed);
    let asked = Search {
        against,
        objectives: args.outcome.clone(),
        levers: args.levers.clone().unwrap_or_default(),
        budget: args.budget.unwrap_or(EFFORT),
        training: Design { seed, draws: TRAINING, replicates: 1 },
        // the next seed: none of these futures was seen in the search
        held_out: Design { seed: seed.wrapping_add(1), draws: args.members.map_or(JUDGED, |m| m.div_ceil(2)), replicates: 2 },
        directions: DIRECTIONS,
        evaluations: EVALUATIONS,
        views: args.views.clone().filter(|named| !named.is_empty()).unwrap_or_else(|| region.views.keys().cloned().collect()),
        horizon,
    };
    region.identity.last = horizon.min(region.identity.last);
    let model = match oxus_engine::model(&region) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let progress = Progress::counting(asked.simulations(), "simulations");
    let found = search(&region, &model, &asked, &progress);
    progress.end();
    let found = found.map_err(|error| Failure::of_run(error, sources))?;
    if common.json {
        println!("{:#}", as_json(&region, &asked, &found));
    } else {
        print!("{}", page(&region, &asked, &found));
    }
    Ok(())
}

fn paragraph(out: &mut String, text: &str, indent: usize) {
    for (n, line) in wrap(text, 79 - indent).iter().enumerate() {
        let lead = if n == 0 { indent.saturating_sub(2) } else { indent };
        *out += &format!("{:lead$}{line}\n", "");
    }
}

/// The page: what is bettered, what each lever does alone, what no setting beats.
fn page(region: &Region, asked: &Search, found: &Found) -> String {
    let mut out = String::new();
    let identity = &region.identity;
    out += &format!("{}, as known on {} (historical)\n", identity.title, identity.as_of);
    let title = asked.against.parts.iter().filter_map(|p| region.scenarios.get(&p.0)).map(|s| s.title.clone()).collect::<Vec<_>>().join("; ");
    paragraph(&mut out, &format!("Protective levers against {} {title}, {} to {}", asked.against, identity.origin.plus(1), asked.horizon), 2);
    paragraph(&mut out, &effort(asked, found), 2);
    let measures: Vec<Measure> = found.objectives.iter().map(|o| Measure::of(region, &o.outcome, o.entity.as_deref().unwrap_or_default())).collect();
    out += "\nObjectives, less harm being better\n";
    for (n, (objective, measure)) in found.objectives.iter().zip(&measures).enumerate() {
        let best =
            found.screened.iter().min_by(|a, b| (objective.harm * a.effects[n].difference).total_cmp(&(objective.harm * b.effects[n].difference)));
        let alone = best.filter(|s| objective.harm * s.effects[n].difference < -s.effects[n].monte_carlo);
        let alone = alone.map_or("no lever alone betters it clearly".to_owned(), |s| {
            format!("{} at most by one lever ({})", measure.difference(s.effects[n].difference), s.lever)
        });
        let level = found.screened.first().map_or(String::new(), |s| format!("{} without levers; ", measure.level(s.effects[n].baseline)));
        let several = region.outcomes.get(&objective.outcome).is_some_and(|o| o.over == Across::Each && o.entities.len() != 1);
        let mean = if several && objective.entity.is_none() { ", mean over its entities" } else { "" };
        let kept = if objective.safeguard { format!("{mean} [safeguard]") } else { mean.to_owned() };
        paragraph(&mut out, &format!("{:>2}  {}{kept}: {level}{alone}", n + 1, measure.title), 6);
    }
    if found.front.is_empty() {
        paragraph(&mut out, "\nNo protective lever that can be combined with the case betters any of these by more than chance.", 2);
        return out;
    }
    out += "\nSettings that no other beats on unseen futures, least regret first\n";
    for setting in &found.front {
        out += &row(&measures, asked, setting);
    }
    out += "\nLevers\n";
    let named: std::collections::BTreeSet<&String> = found.front.iter().flat_map(|s| s.strengths.iter().map(|l| &l.0)).collect();
    for lever in named.into_iter().filter_map(|id| region.scenarios.get(id)) {
        let cost = lever.lever.as_ref().and_then(|l| l.cost.clone()).map_or(String::new(), |c| format!("; costs {c}"));
        paragraph(&mut out, &format!("{}  {}{cost}", lever.id, lever.title), 6);
    }
    out.push('\n');
    paragraph(&mut out, LEGEND, 2);
    out
}

const LEGEND: &str = "Numbers of a setting: the objectives in order, difference from the case without levers with its 95 % Monte Carlo interval, then the lowest and the highest under the views. Regret: the most that a setting falls short of the best one, over all views and objectives, in units of what the best single lever gains. A budget of effort is not one of money: costs are as the pack words them.";

fn effort(asked: &Search, found: &Found) -> String {
    format!(
        "Strengths of at most {MOVED} of {} levers chosen on {} futures in {} simulations; judged on {} others and under {} views; effort at most {} (a lever at full strength is 1)",
        found.screened.len(),
        asked.training.members(),
        found.evaluations,
        asked.held_out.members(),
        asked.views.len(),
        asked.budget
    )
}

fn name(setting: &Setting) -> String {
    Case { view: None, parts: setting.strengths.iter().map(|(id, s)| (id.clone(), (s * 100.0).round() / 100.0)).collect() }.to_string()
}

fn row(measures: &[Measure], asked: &Search, setting: &Setting) -> String {
    let mut out = String::from("\n");
    paragraph(&mut out, &format!("{} (effort {:.2}, regret {:.2})", name(setting), setting.effort, setting.regret), 4);
    for (n, (difference, measure)) in setting.differences.iter().zip(measures).enumerate() {
        let of_views = || setting.by_view.iter().map(|v| v[n]);
        let (low, high) = (of_views().fold(f64::INFINITY, f64::min), of_views().fold(f64::NEG_INFINITY, f64::max));
        let views =
            if asked.views.is_empty() { String::new() } else { format!(", views {} to {}", measure.difference(low), measure.difference(high)) };
        let worse = if setting.worsens.contains(&n) { "; WORSE, a safeguard" } else { "" };
        let chance = if difference.difference.abs() <= difference.monte_carlo { "~" } else { "" };
        paragraph(&mut out, &format!("{:>2}  {chance}{}{views}{worse}", n + 1, measure.interval(difference.difference, difference.monte_carlo)), 8);
    }
    out
}

fn as_json(region: &Region, asked: &Search, found: &Found) -> serde_json::Value {
    let objectives = found.objectives.iter().map(|o| json!({ "outcome": o.outcome, "entity": o.entity, "safeguard": o.safeguard, "harm": o.harm }));
    let settings = found.front.iter().map(|s| {
        let differences = s.differences.iter().map(|d| json!({ "difference": d.difference, "monte_carlo": d.monte_carlo, "spread": d.spread }));
        json!({ "levers": s.strengths, "effort": s.effort, "regret": s.regret, "worsens": s.worsens,
                "differences": differences.collect::<Vec<_>>(), "by_view": s.by_view })
    });
    let screened = found.screened.iter().map(|s| {
        let effects = s.effects.iter().map(|d| json!({ "difference": d.difference, "monte_carlo": d.monte_carlo }));
        json!({ "lever": s.lever, "gain": s.gain, "effects": effects.collect::<Vec<_>>() })
    });
    json!({
        "pack": region.identity.id, "against": asked.against.to_string(), "horizon": asked.horizon.to_string(), "budget": asked.budget,
        "views": asked.views, "evaluations": found.evaluations, "training": asked.training.members(), "held_out": asked.held_out.members(),
        "objectives": objectives.collect::<Vec<_>>(), "screened": screened.collect::<Vec<_>>(), "settings": settings.collect::<Vec<_>>(),
    })
}

/// Whether a search is asked for: levers without names, or a budget.
pub fn asked(args: &Compare) -> bool {
    args.budget.is_some() || args.levers.as_ref().is_some_and(Vec::is_empty)
}
