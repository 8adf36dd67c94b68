//! A chunk of 256 futures of the shipped region in two cases, and what surrounds it: reading the pack, planning, drawing.
//! Before anything is timed, two runs of the chunk are compared bit for bit.

use std::sync::OnceLock;

use divan::{Bencher, black_box};
use oxus_engine::ensemble::{CHUNK, Ensemble};
use oxus_engine::{Case, Design, Outcomes};
use oxus_kernel::Model;
use oxus_pack::{Folder, Region};

fn root() -> Folder {
    Folder::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/central-asia"))
}

fn region() -> &'static Region {
    static REGION: OnceLock<Region> = OnceLock::new();
    REGION.get_or_init(|| oxus_pack::read(&root()).region.expect("the shipped region reads"))
}

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| oxus_engine::model(region()).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline)))
}

fn ensemble() -> Ensemble<'static> {
    let cases = [Case::default(), Case { view: None, parts: vec![("S001".into(), 1.0)] }];
    let prepared = Ensemble::prepare(region(), model(), &cases).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
    let horizons = &region().identity.defaults.horizons;
    let outcomes = Outcomes::resolve(region(), model(), &[], horizons).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline));
    Ensemble { model: model(), cases: prepared, design: Design { seed: 1, draws: CHUNK / 4, replicates: 4 }, outcomes, thin: 0, timed: false }
}

fn main() {
    let ensemble = ensemble();
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&ensemble.chunk(0).values), bits(&ensemble.chunk(0).values), "a chunk is a pure function of its index");
    divan::main();
}

/// 256 futures in two cases, all outcomes, on one core: divide by 512 for a future.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn chunk_of_256_futures_in_two_cases(bencher: Bencher) {
    let ensemble = ensemble();
    bencher.bench_local(|| black_box(ensemble.chunk(0)));
}

/// Reading and checking the pack.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_the_pack() {
    black_box(oxus_pack::read(&root()));
}

/// Planning the mechanisms over the region and resolving its links.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn plan_the_model() {
    black_box(oxus_engine::model(region()).is_ok());
}

/// All numbers and link strengths of one draw.
#[divan::bench]
fn realise_one_draw(bencher: Bencher) {
    let ensemble = ensemble();
    let mut draw = 0;
    bencher.bench_local(|| {
        draw += 1;
        let case = &ensemble.cases[0];
        black_box((case.quantities().draw(1, draw), case.beliefs().draw(1, draw)))
    });
}
