//! Sensitivity of the shipped region: rows are members of a run, groups hold every input once, indices behave as shares of a variance do.

mod common;

use oxus_engine::study::sense::{Asked, CHANCE, Found, Kind, Report, Table, sense};
use oxus_engine::{Case, Design, Unwatched};
use oxus_pack::Region;
use oxus_units::Month;

fn asked(region: &Region, cases: &[&str], outcome: &str) -> Asked {
    Asked {
        cases: cases.iter().map(|c| Case::parse(c, region).unwrap_or_else(|p| panic!("{}", p[0].headline))).collect(),
        outcomes: vec![outcome.into()],
        horizon: Month::parse("2013-12").expect("a month"),
        seed: 20_130_227,
        trajectories: 1,
        rows: 32,
        leaders: 2,
        claims: 2,
        resamples: 50,
    }
}

fn study(region: &Region, asked: &Asked) -> Report {
    sense(region, asked, &Unwatched).unwrap_or_else(|p| panic!("{}", p.into_sorted()[0].headline))
}

fn share<'f>(found: &'f Found, name: &str) -> &'f oxus_engine::study::sense::Share {
    found.shares.iter().find(|s| s.name == name).unwrap_or_else(|| panic!("no {name}"))
}

/// The mean over A and B is the mean over draws 0 to 63 of an ordinary run with one replicate: the same uniforms, the same chance, the same bits but for
/// the order of the sum.
#[test]
fn rows_are_members_of_a_run() {
    let region = common::region();
    let asked = asked(&region, &["baseline", "S001"], "afghan-control");
    let found = study(&region, &asked);
    let model = common::model(&region);
    let mut request = common::request(&region, &["baseline", "S001"], 64);
    request.design = Design { seed: asked.seed, draws: 64, replicates: 1 };
    request.outcomes = asked.outcomes.clone();
    request.horizons = vec![asked.horizon];
    let run = common::on_threads(2, &region, &model, &request);
    let row = run.summary.row(1, 0).expect("members");
    let (ours, theirs) = (found.outcomes[0].mean, row.paired.difference);
    assert!((ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-300), "{ours} is not {theirs}");
}

#[test]
fn groups_by_evidence_hold_every_input_once_and_the_study_does_not_depend_on_threads() {
    let region = common::region();
    let asked = asked(&region, &["baseline"], "deaths");
    let report = study(&region, &asked);
    let found = &report.outcomes[0];
    let of = |table: Table| found.shares.iter().filter(|s| s.table == table).map(|s| s.inputs).sum::<usize>();
    assert_eq!(of(Table::Evidence) + of(Table::Chance), report.inputs);
    assert!(found.leaders.len() <= report.inputs && found.leaders.windows(2).all(|w| w[0].mu_star.value >= w[1].mu_star.value));
    assert!(found.leaders.iter().any(|l| l.input.kind == Kind::Chance), "events move deaths");
    assert!(share(found, CHANCE).total.value > 0.0);
    // the total index of a group is a mean square: never below zero, nor above what it can be in so few rows
    assert!(found.shares.iter().all(|s| s.total.value >= 0.0));
    let knowable = found.knowable.value;
    assert!((knowable + found.chance.value - 1.0).abs() < 1e-12);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let again = pool.install(|| study(&region, &asked));
    assert_eq!(format!("{:?}", again.outcomes), format!("{:?}", report.outcomes));
}

#[test]
fn what_cannot_be_studied_is_refused() {
    let region = common::region();
    let refused = |asked: &Asked| {
        let problems = sense(&region, asked, &Unwatched).err().unwrap_or_else(|| panic!("it was studied"));
        let first = problems.into_sorted().remove(0);
        (first.code.id().to_owned(), first.headline)
    };
    let none = Asked { rows: 0, ..asked(&region, &["baseline"], "deaths") };
    assert_eq!(refused(&none).0, "E002");
    let unknown = asked(&region, &["baseline"], "death");
    assert_eq!(refused(&unknown).0, "E003");
    // the year in which China overtakes lies beyond 2013 in every future
    let flat = asked(&region, &["baseline"], "overtaken");
    assert_eq!(refused(&flat).0, "A011");
}
