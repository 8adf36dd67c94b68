//! Prints digests of a small run of the shipped region: the same text in debug and release builds, on every machine.
#![allow(clippy::print_stdout)]

use oxus_engine::run::{Request, run};
use oxus_engine::{Case, Design, Unwatched};
use oxus_pack::Folder;
use oxus_random::mix64;

fn main() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/central-asia");
    let read = oxus_pack::read(&Folder::new(root));
    let Some(region) = read.region else {
        println!("the region does not read: {} problems", read.diagnostics.counts().errors);
        return;
    };
    let Ok(model) = oxus_engine::model(&region) else {
        println!("the region does not plan");
        return;
    };
    let cases = ["baseline", "S001", "S008+S064=0.5"].iter().filter_map(|c| Case::parse(c, &region).ok()).collect();
    let design = Design { seed: 7, draws: 8, replicates: 2 };
    let horizons = region.identity.defaults.horizons.clone();
    let request = Request { cases, outcomes: Vec::new(), horizons, design, thin: 0, timed: false, folder: None };
    match run(&region, &model, &request, &Unwatched) {
        Ok(finished) => {
            for case in 0..finished.ensemble.cases.len() {
                let rows = (0..finished.ensemble.outcomes.cells.len()).filter_map(|k| finished.summary.row(case, k));
                let digest = rows.fold(0, |d, r| mix64(mix64(d, r.paired.scenario.to_bits()), r.paired.difference.to_bits()));
                println!("{} {digest:016x}", finished.ensemble.cases[case].case);
            }
        }
        Err(error) => println!("{error:?}"),
    }
}
