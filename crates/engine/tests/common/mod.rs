//! The shipped region, read from the repository.
#![allow(dead_code)] // each test file uses its part

use std::path::PathBuf;

use oxus_engine::run::{Finished, Request, run};
use oxus_engine::{Case, Design, Unwatched, Watch};
use oxus_kernel::Model;
use oxus_pack::{Folder, Region};

/// Reads the region; a test cannot go on without it.
pub fn region() -> Region {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia");
    let read = oxus_pack::read(&Folder::new(root));
    let text = oxus_diag::render(&read.diagnostics, &read.sources, oxus_diag::Style::plain());
    read.region.unwrap_or_else(|| panic!("the shipped region does not read:\n{text}"))
}

/// Its model.
pub fn model(region: &Region) -> Model {
    oxus_engine::model(region).unwrap_or_else(|p| panic!("the shipped region does not plan: {}", p.into_sorted()[0].headline))
}

/// A request of these cases over so many draws of two replicates.
pub fn request(region: &Region, cases: &[&str], draws: u32) -> Request {
    Request {
        cases: cases.iter().map(|c| Case::parse(c, region).unwrap_or_else(|p| panic!("{}", p[0].headline))).collect(),
        outcomes: Vec::new(),
        horizons: region.identity.defaults.horizons.clone(),
        design: Design { seed: 20_130_227, draws, replicates: 2 },
        thin: 50,
        timed: false,
        folder: None,
    }
}

/// Runs it on so many threads.
pub fn on_threads<'m>(threads: usize, region: &Region, model: &'m Model, request: &Request) -> Finished<'m> {
    watched(threads, region, model, request, &Unwatched)
}

/// Runs it on so many threads under a watch.
pub fn watched<'m>(threads: usize, region: &Region, model: &'m Model, request: &Request, watch: &dyn Watch) -> Finished<'m> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| run(region, model, request, watch)).unwrap_or_else(|e| panic!("the run failed: {e:?}"))
}
