//! Results depend on region, mechanisms and request alone: not on threads, chunks, interruption or other cases of the run.

mod common;

use std::sync::atomic::{AtomicU32, Ordering};

use common::{model, on_threads, region, request, watched};
use oxus_engine::Watch;
use oxus_engine::ensemble::CHUNK;
use oxus_engine::store::read_record;

#[test]
fn threads_do_not_show() {
    let region = region();
    let model = model(&region);
    let folder = tempfile::tempdir().expect("a folder");
    let mut request = request(&region, &["baseline", "S001"], 300);
    let mut tables = Vec::new();
    for threads in [1, 2, 8] {
        let to = folder.path().join(format!("run-{threads}"));
        request.folder = Some(to.clone());
        let finished = on_threads(threads, &region, &model, &request);
        let record = finished.record.expect("a folder was asked for");
        assert_eq!(read_record(&to).expect("a record"), record, "the record on disk is the one returned");
        tables.push(record.tables);
    }
    assert_eq!(tables[0], tables[1]);
    assert_eq!(tables[0], tables[2]);
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok).map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 3, "no temporary folder stays: {left:?}");
}

struct StopAfter(AtomicU32);

impl Watch for StopAfter {
    fn progress(&self, done: u32, _: u32) -> bool {
        self.0.store(done, Ordering::SeqCst);
        false
    }
}

#[test]
fn an_interrupted_run_keeps_what_it_finished() {
    let region = region();
    let model = model(&region);
    let all = request(&region, &["baseline", "S001"], 200);
    let watch = StopAfter(AtomicU32::new(0));
    let stopped = watched(1, &region, &model, &all, &watch);
    assert_eq!((stopped.members, watch.0.load(Ordering::SeqCst)), (CHUNK, CHUNK));
    let short = request(&region, &["baseline", "S001"], CHUNK / 2);
    let whole = on_threads(1, &region, &model, &short);
    for cell in 0..whole.ensemble.outcomes.cells.len() {
        assert_eq!(format!("{:?}", stopped.summary.row(1, cell)), format!("{:?}", whole.summary.row(1, cell)));
    }
}

#[test]
fn further_cases_change_nothing() {
    let region = region();
    let model = model(&region);
    let pair = on_threads(2, &region, &model, &request(&region, &["baseline", "S001"], 20));
    let more = on_threads(2, &region, &model, &request(&region, &["baseline", "S008", "S001", "S001+S042=0.5"], 20));
    for cell in 0..pair.ensemble.outcomes.cells.len() {
        assert_eq!(format!("{:?}", pair.summary.row(1, cell)), format!("{:?}", more.summary.row(2, cell)));
    }
}

#[test]
fn a_lever_at_strength_zero_is_the_baseline() {
    let region = region();
    let model = model(&region);
    let levers: Vec<String> = region.scenarios.values().filter(|s| s.lever.is_some()).map(|s| format!("{}=0", s.id)).collect();
    let cases: Vec<&str> = std::iter::once("baseline").chain(levers.iter().map(String::as_str)).collect();
    let finished = on_threads(2, &region, &model, &request(&region, &cases, 8));
    for (case, name) in cases.iter().enumerate().skip(1) {
        for (k, cell) in finished.ensemble.outcomes.cells.iter().enumerate() {
            let row = finished.summary.row(case, k).expect("members").paired;
            assert_eq!(row.difference, 0.0, "{name} moves {}", cell.outcome);
        }
    }
}

/// Levers that answer a scenario and do nothing by themselves.
const ANSWERS: [(&str, &str); 1] = [("S062", "S011")];

#[test]
fn every_scenario_and_lever_has_an_effect() {
    let region = region();
    let model = model(&region);
    let beside: Vec<String> = ANSWERS.iter().map(|(lever, to)| format!("{to}+{lever}")).collect();
    let ids = std::iter::once("baseline").chain(region.scenarios.keys().map(String::as_str)).chain(beside.iter().map(String::as_str));
    let ids: Vec<&str> = ids.collect();
    let finished = on_threads(2, &region, &model, &request(&region, &ids, 16));
    let at = |id: &str| ids.iter().position(|i| *i == id).expect("a case of the request");
    let rows = |case: usize| {
        let of_cell = |k| finished.summary.row(case, k).map(|r| format!("{:?}", r.paired));
        (0..finished.ensemble.outcomes.cells.len()).map(of_cell).collect::<Vec<_>>()
    };
    for (case, id) in ids.iter().enumerate().skip(1) {
        let answers = ANSWERS.iter().any(|(lever, _)| lever == id);
        let moved = (0..finished.ensemble.outcomes.cells.len())
            .any(|k| finished.summary.row(case, k).is_some_and(|r| r.paired.spread != (0.0, 0.0) || r.paired.difference != 0.0));
        assert!(moved || answers, "{id} changes no outcome in any future");
    }
    for ((lever, to), both) in ANSWERS.iter().zip(&beside) {
        assert_ne!(rows(at(to)), rows(at(both)), "{lever} changes nothing beside {to}");
    }
}
