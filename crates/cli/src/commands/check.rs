//! `oxus check`: every problem of a pack at once, from syntax to the plan.

use oxus_diag::Diagnostics;
use oxus_engine::{Case, Ensemble};
use oxus_pack::Region;

use crate::args::{Check, Common};
use crate::output::failure::{Failure, print};
use crate::pack;

/// Reads the pack, plans the model, resolves links, outcomes and every scenario.
pub fn run(args: &Check, common: &Common) -> Result<(), Failure> {
    let folder = args.folder.as_deref().or(common.pack.as_deref());
    let read = pack::read(folder);
    let mut problems = read.diagnostics;
    let Some(region) = read.region else { return Err(Failure::Problems(problems, read.sources)) };
    problems.extend(modelled(&region).into_sorted());
    let counts = problems.counts();
    if counts.errors > 0 || (common.strict && counts.warnings > 0) {
        return Err(Failure::Problems(problems, read.sources));
    }
    print(problems, &read.sources, common);
    if common.json {
        let summary = serde_json::json!({
            "pack": region.identity.id, "version": region.identity.version, "hash": region.content_hash,
            "warnings": counts.warnings, "parameters": region.parameters.len(), "claims": region.claims.len(), "links": region.links.len(),
            "series": region.series.len(), "scenarios": region.scenarios.len(), "outcomes": region.outcomes.len(),
        });
        println!("{summary:#}");
    } else {
        println!("{} {} is sound: {}", region.identity.id, region.identity.version, inventory(&region));
        println!("warnings: {}; content {}", counts.warnings, &region.content_hash[..12.min(region.content_hash.len())]);
    }
    Ok(())
}

/// Problems that only the mechanisms can see.
pub fn modelled(region: &Region) -> Diagnostics {
    let model = match oxus_engine::model(region) {
        Ok(model) => model,
        Err(problems) => return problems,
    };
    let mut problems = Diagnostics::new();
    let horizons = &region.identity.defaults.horizons;
    if let Err(found) = oxus_engine::Outcomes::resolve(region, &model, &[], horizons) {
        problems.extend(found.into_sorted());
    }
    for id in region.scenarios.keys() {
        let case = Case { view: None, parts: vec![(id.clone(), 1.0)] };
        if let Err(found) = Ensemble::prepare(region, &model, &[case]) {
            problems.extend(found.into_sorted());
        }
    }
    problems
}

fn inventory(region: &Region) -> String {
    format!(
        "{} states, {} provinces, {} sites,\n{} networks, {} series, {} parameters, {} claims, {} links,\n{} scenarios and levers, {} outcomes, {} questions",
        region.states.len(),
        region.provinces.len(),
        region.sites.len(),
        region.networks.len(),
        region.series.len(),
        region.parameters.len(),
        region.claims.len(),
        region.links.len(),
        region.scenarios.len(),
        region.outcomes.len(),
        region.questions.len()
    )
}
