//! Saved runs side by side, regret, stop rules and tornados on the shipped region: each against another way to the same numbers.

mod common;

use common::{model, on_threads, region, request};
use oxus_engine::compare::regret::{Grid, NO_LEVER, regret};
use oxus_engine::compare::{Joined, differences};
use oxus_engine::run::{RunError, run, run_until};
use oxus_engine::study::{shortened, tornado, tripwires};
use oxus_engine::until::Rule;
use oxus_engine::{Case, Design, Unwatched};
use oxus_units::Month;

const OUTCOMES: [&str; 3] = ["irregular-exit-any", "deaths", "gas-to-china-lost"];

fn month(text: &str) -> Month {
    Month::parse(text).expect("a month")
}

/// A small request of the first two years.
fn small(region: &oxus_pack::Region, cases: &[&str], draws: u32) -> oxus_engine::run::Request {
    let mut small = request(region, cases, draws);
    small.outcomes = OUTCOMES.map(str::to_owned).to_vec();
    small.horizons = vec![month("2013-12"), month("2014-12")];
    small
}

#[test]
fn joined_runs_are_one_run() {
    let region = region();
    let model = shortened(&region, 24).expect("a model");
    let here = tempfile::tempdir().expect("a folder");
    let mut folders = Vec::new();
    // three replicates: draws run across the borders of chunks
    let design = Design { seed: 7, draws: 100, replicates: 3 };
    let mut whole = None;
    for (name, cases) in [("all", vec!["baseline", "S001", "S008"]), ("a", vec!["baseline", "S001"]), ("b", vec!["baseline", "S008"])] {
        let mut request = small(&region, &cases, 1);
        (request.design, request.folder) = (design, Some(here.path().join(name)));
        let finished = on_threads(2, &region, &model, &request);
        folders.push(here.path().join(name));
        whole = whole.or(Some(finished));
    }
    let whole = whole.expect("the first run");
    let rows = |folders: &[std::path::PathBuf]| {
        let mut joined = Joined::open(folders, &region).unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(joined.cases, ["baseline", "S001", "S008"]);
        joined.retain(|c| c.horizon == "2014-12");
        differences(&joined, None).unwrap_or_else(|e| panic!("{e:?}"))
    };
    let (one, two) = (rows(&folders[..1]), rows(&folders[1..]));
    assert_eq!(one.len(), 2 * whole.ensemble.outcomes.cells.len() / 2);
    for (a, b) in one.iter().zip(&two) {
        assert_eq!((&a.column, &a.reference), (&b.column, &b.reference));
        // runs saved can be infinite or not a number: compare what is written
        assert_eq!(format!("{:?}", a.paired), format!("{:?}", b.paired));
        let cell = whole
            .ensemble
            .outcomes
            .cells
            .iter()
            .position(|c| (&c.outcome, &c.entity, c.horizon.to_string()) == (&a.column.outcome, &a.column.entity, a.column.horizon.clone()));
        let case = whole.ensemble.cases.iter().position(|c| c.case.to_string() == a.column.case).expect("a case");
        let row = whole.summary.row(case, cell.expect("a cell")).expect("members");
        assert_eq!(format!("{:?}", row.paired), format!("{:?}", a.paired), "{:?}", a.column);
    }
}

#[test]
fn runs_of_other_futures_are_refused_with_what_differs() {
    let region = region();
    let model = shortened(&region, 24).expect("a model");
    let here = tempfile::tempdir().expect("a folder");
    let folders: Vec<_> = [(1, 8), (2, 8), (1, 16)]
        .into_iter()
        .map(|(seed, draws)| {
            let mut request = small(&region, &["baseline"], draws);
            let folder = here.path().join(format!("{seed}-{draws}"));
            (request.design.seed, request.folder) = (seed, Some(folder.clone()));
            on_threads(1, &region, &model, &request);
            folder
        })
        .collect();
    let refused = |a: usize, b: usize| match Joined::open(&[folders[a].clone(), folders[b].clone()], &region) {
        Err(RunError::Problems(problems)) => problems.into_sorted().remove(0),
        _ => panic!("the runs differ"),
    };
    let seed = refused(0, 1);
    assert_eq!((seed.code.id(), seed.found.as_deref(), seed.expected.as_deref()), ("A040", Some("seed 2"), Some("seed 1")));
    assert_eq!(refused(0, 2).found.as_deref(), Some("draws 16, futures simulated 32"));
}

#[test]
fn a_run_that_stops_is_a_run_of_that_size() {
    let region = region();
    let model = shortened(&region, 24).expect("a model");
    let here = tempfile::tempdir().expect("a folder");
    let mut request = small(&region, &["baseline", "S001"], 1_000);
    request.folder = Some(here.path().join("stopped"));
    let rule = Rule::parse("mc interval of irregular-exit-any < 20 pt", month("2014-12")).expect("a rule");
    let finished = run_until(&region, &model, &request, Some(&rule), &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    let stopped = finished.stopped.expect("a rule was given");
    assert!(stopped.met && stopped.looks.len() == 1, "{stopped:?}");
    assert_eq!((finished.members, finished.ensemble.design.draws), (256, 128));
    request.design.draws = 128;
    request.folder = Some(here.path().join("plain"));
    let plain = run(&region, &model, &request, &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(finished.record, plain.record, "same record, same hashes of all tables");
    // a width that cannot be reached: all futures, and the rule says that it was not met
    request.folder = None;
    let narrow = Rule { width: 1e-9, ..rule };
    let finished = run_until(&region, &model, &request, Some(&narrow), &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    let stopped = finished.stopped.expect("a rule was given");
    assert!(!stopped.met && finished.members == 256 && stopped.needed().is_some_and(|n| n > 1e6), "{stopped:?}");
}

#[test]
fn regret_is_that_of_the_members_in_the_table() {
    let region = region();
    let model = shortened(&region, 24).expect("a model");
    let here = tempfile::tempdir().expect("a folder");
    let cases = ["baseline", "S008", "S008+S064", "S008+S067", "S001", "S001+S064", "S001+S067"];
    let mut request = small(&region, &cases, 40);
    request.folder = Some(here.path().join("run"));
    let finished = on_threads(2, &region, &model, &request);
    let mut joined = Joined::open(&[here.path().join("run")], &region).unwrap_or_else(|e| panic!("{e:?}"));
    joined.retain(|c| c.horizon == "2014-12" && c.outcome == "gas-to-china-lost");
    let tables = regret(&joined, &region).unwrap_or_else(|e| panic!("{e:?}"));
    let [table] = tables.as_slice() else { panic!("one outcome") };
    assert_eq!(
        (table.worlds.as_slice(), table.levers.as_slice()),
        (&["S008".to_owned(), "S001".to_owned()][..], &[NO_LEVER.to_owned(), "S064".to_owned(), "S067".to_owned()][..])
    );
    let cell =
        finished.ensemble.outcomes.cells.iter().position(|c| c.outcome == "gas-to-china-lost" && c.horizon == month("2014-12")).expect("a cell");
    let mean = |case: &str| {
        let at = finished.ensemble.cases.iter().position(|c| c.case.to_string() == case).expect("a case");
        finished.summary.row(at, cell).expect("members").paired.scenario
    };
    for (w, world) in table.worlds.iter().enumerate() {
        let means: Vec<f64> = [world.clone(), format!("{world}+S064"), format!("{world}+S067")].iter().map(|c| mean(c)).collect();
        let least = means.iter().copied().fold(f64::INFINITY, f64::min);
        for (l, level) in means.iter().enumerate() {
            let found = &table.cells[w][l];
            // sums in another order: a few units in the last place of the level
            let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * (1.0 + level.abs());
            assert!(close(found.level, *level) && close(found.regret, level - least), "{world} {l}: {found:?}");
            assert!(found.by_draw.mean >= found.regret - 1e-12, "knowing the draw, the best is never worse: {found:?}");
            assert!(found.by_draw.most >= found.by_draw.high - 0.01 * found.by_draw.high.abs());
        }
        let best: f64 = table.cells[w].iter().map(|c| c.by_draw.best).sum();
        assert!((best - 1.0).abs() < 1e-9, "in every draw something is best");
    }
    for (l, overall) in table.overall.iter().enumerate() {
        let regrets: Vec<f64> = table.cells.iter().map(|row| row[l].regret).collect();
        assert_eq!(overall.largest, regrets.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        assert!((overall.mean - regrets.iter().sum::<f64>() / 2.0).abs() < 1e-9);
    }
    // spares on the line help where the line is attacked
    assert!(table.overall[1].largest < table.overall[0].largest);
}

#[test]
fn a_grid_with_holes_is_refused() {
    let region = region();
    let of = |cases: &[&str]| Grid::of(&cases.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(), &region);
    let holes = of(&["baseline", "S001", "S001+S064", "S003", "S003+S067"]).expect_err("holes");
    assert!(
        holes.code.id() == "A041" && holes.found.as_deref().is_some_and(|f| f.contains("S067 in S001") && f.contains("S064 in S003")),
        "{holes:?}"
    );
    assert_eq!(of(&["baseline", "S001"]).expect_err("no lever").code.id(), "A041");
    let grid = of(&["baseline", "S064", "baseline@authors", "S064@authors"]).expect("a grid");
    assert_eq!(
        (grid.worlds, grid.levers),
        (vec!["baseline".to_owned(), "baseline@authors".to_owned()], vec![NO_LEVER.to_owned(), "S064".to_owned()])
    );
}

#[test]
fn bars_are_the_differences_of_arms() {
    let region = region();
    let asked = tornado::Asked {
        case: Case::default(),
        outcome: "gas-to-china-lost",
        entity: "",
        horizon: month("2013-12"),
        design: Design { seed: 3, draws: 64, replicates: 2 },
        top: 3,
        levers: vec![Case::parse("S064", &region).expect("a lever")],
    };
    let found = tornado::tornado(&region, &asked, &Unwatched).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!((found.bars.len(), found.members, found.draws), (4, 128, 64));
    for bar in &found.bars {
        let swing = bar.high.scenario - bar.low.scenario;
        assert!((bar.swing.difference - swing).abs() <= 1e-12 * (1.0 + found.level.abs()), "{bar:?}");
        assert_eq!(bar.low.baseline, found.level);
        assert!(bar.values.0 <= bar.values.1 || bar.sort == tornado::Sort::Lever, "{bar:?}");
    }
    assert!(found.bars.windows(2).all(|w| w[0].swing.difference.abs() >= w[1].swing.difference.abs()), "longest first");
    let lever = found.bars.iter().find(|b| b.sort == tornado::Sort::Lever).expect("the lever");
    // a lever's bar is what a run of the lever says
    let model = model(&region);
    let mut request = request(&region, &["baseline", "S064"], 64);
    (request.design, request.outcomes, request.horizons) = (asked.design, vec!["gas-to-china-lost".into()], vec![month("2013-12")]);
    let finished = on_threads(2, &region, &model, &request);
    let row = finished.summary.row(1, 0).expect("members").paired;
    assert_eq!(format!("{row:?}"), format!("{:?}", lever.high));
    assert_eq!(lever.low.difference, 0.0);
}

#[test]
fn tripwires_hold_on_other_draws_and_do_not_depend_on_threads() {
    let region = region();
    let asked = tripwires::Asked {
        case: Case::default(),
        outcome: "deaths",
        entity: "",
        horizon: month("2014-12"),
        design: Design { seed: 3, draws: 256, replicates: 4 },
        top: 5,
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| tripwires::tripwires(&region, &asked, &Unwatched)).unwrap_or_else(|e| panic!("{e:?}"))
    };
    let found = on(2);
    assert_eq!(format!("{found:?}"), format!("{:?}", on(1)));
    assert_eq!((found.training, found.held_out), (512, 512));
    for wire in &found.tripwires {
        let f = &wire.figures;
        assert!(f.odds_interval.0 > 1.0 && wire.adjusted_p < 0.05 && f.chance_fired > f.chance && f.chance_silent < f.chance, "{wire:?}");
        assert!((0.0..=1.0).contains(&f.hit_rate) && f.false_alarms < f.hit_rate && wire.lead >= 6.0, "{wire:?}");
        assert!(month("2013-06") <= wire.month && wire.month <= month("2014-06"));
    }
}
