//! Back-tests of the shipped region: nothing leaks, what is frozen is what is scored, gaps stay gaps.

use std::fs;
use std::path::PathBuf;

use oxus_pack::{Memory, Region};
use oxus_units::Month;

use super::backtest::{BackTest, Detail, Settings, backtest};
use super::compare::share;
use super::forecast::{Forecast, forecast};
use super::frozen::{Edition, Frozen, ObservedValue, edition, freeze, score};
use super::replay::{Found, replays};
use super::target::Targets;
use crate::case::Case;
use crate::ensemble::{Design, Unwatched};
use crate::run::RunError;

const CUT_OFF: i32 = 2007;
const DESIGN: Design = Design { seed: 3, draws: 6, replicates: 4 };

/// The files of the shipped pack, the rows of its series changed by `alter(series, entity, year, value)`.
fn region_with(alter: &dyn Fn(&str, &str, i32, f64) -> f64) -> Region {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs/central-asia");
    let mut memory = Memory::default();
    for folder in fs::read_dir(&root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.file_name().unwrap() != "forecasts") {
        let files = if folder.is_dir() { fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect() } else { vec![folder] };
        for file in files {
            let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            let text = fs::read_to_string(&file).unwrap();
            let series = path.strip_prefix("series/").and_then(|p| p.strip_suffix(".csv"));
            memory.insert(path.clone(), series.map_or(text.clone(), |series| altered(series, &text, alter)));
        }
    }
    let read = oxus_pack::read(&memory);
    read.region.unwrap_or_else(|| panic!("{}", oxus_diag::to_json(&read.diagnostics.into_sorted(), &read.sources)))
}

fn altered(series: &str, text: &str, alter: &dyn Fn(&str, &str, i32, f64) -> f64) -> String {
    let mut out = String::new();
    for (i, line) in text.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        match (i, cells.as_slice()) {
            (1.., [entity, period, value]) => {
                let value = alter(series, entity, period[..4].parse().unwrap(), value.parse().unwrap());
                out += &format!("{entity},{period},{value}\n");
            }
            _ => out += &format!("{line}\n"),
        }
    }
    out
}

fn shipped() -> Region {
    region_with(&|_, _, _, value| value)
}

/// Another value of the same kind: halved, or for a score that may be negative or a yes or no, turned round.
fn other(value: f64) -> f64 {
    if value == 0.0 {
        1.0
    } else if value == 1.0 {
        0.0
    } else {
        0.5 * value
    }
}

fn settings(origins: &[i32], views: &[&str]) -> Settings {
    Settings { origins: origins.to_vec(), horizon: 2, views: views.iter().map(|v| (*v).to_owned()).collect(), design: DESIGN, resamples: 200 }
}

fn run(region: &Region, origins: &[i32], views: &[&str]) -> BackTest {
    backtest(region, &settings(origins, views), &Unwatched).unwrap_or_else(|_| panic!("the back-test runs"))
}

/// The futures from the cut-off, and everything that a forecast there is compared with but the value itself.
fn made_at_the_cut_off(region: &Region) -> (Vec<Forecast>, BackTest) {
    let month = |year| Month::new(year, 12).unwrap();
    let earlier = region.earlier(month(CUT_OFF), month(CUT_OFF + 2));
    let model = crate::model(&earlier.region).unwrap();
    let targets = Targets::of(region, &model, &|_| false);
    let found = forecast(&earlier.region, &model, &[Case::default()], &targets, DESIGN, &Unwatched);
    (found.unwrap_or_else(|_| panic!("the forecast runs")), run(region, &[CUT_OFF], &[]))
}

#[test]
fn nothing_after_the_cut_off_changes_a_byte_of_a_forecast() {
    let (forecasts, test) = made_at_the_cut_off(&shipped());
    let later = region_with(&|_, _, year, value| if year > CUT_OFF { other(value) } else { value });
    let (forecasts_later, test_later) = made_at_the_cut_off(&later);
    assert_eq!(forecasts, forecasts_later);
    assert_eq!(test.chosen, test_later.chosen);
    let units = |t: &BackTest| t.scored.iter().map(|s| (s.target, s.entity.clone(), s.horizon, s.unit.to_bits())).collect::<Vec<_>>();
    let common: Vec<_> = units(&test).into_iter().filter(|u| units(&test_later).contains(u)).collect();
    assert!(common.len() * 10 > test.scored.len() * 9, "{} of {}", common.len(), test.scored.len());
    let probabilities = |t: &BackTest| {
        t.scored
            .iter()
            .filter_map(|s| match s.detail {
                Detail::Event(score) => Some((s.target, s.entity.clone(), s.horizon, score.probability.to_bits())),
                Detail::Number(_) => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(probabilities(&test), probabilities(&test_later));
    // the values forecast are others, so that the test would see a difference
    assert_ne!(test.scored, test_later.scored);
}

#[test]
fn nothing_after_the_last_value_compared_changes_a_byte_of_the_scores() {
    let test = run(&shipped(), &[CUT_OFF], &[]);
    let later = region_with(&|_, _, year, value| if year > CUT_OFF + 2 { other(value) } else { value });
    let test_later = run(&later, &[CUT_OFF], &[]);
    // only whether a series ever changes is asked of its whole length
    let both = |s: &&super::backtest::Scored| test_later.scored.iter().any(|o| o.target == s.target && o.entity == s.entity);
    for scored in test.scored.iter().filter(both) {
        assert!(test_later.scored.contains(scored), "{scored:?}");
    }
}

#[test]
fn what_was_known_at_the_cut_off_matters() {
    let (forecasts, _) = made_at_the_cut_off(&shipped());
    let before = region_with(&|series, _, year, value| if year == CUT_OFF && series == "gdp_growth" { value + 1.0 } else { value });
    let (forecasts_before, _) = made_at_the_cut_off(&before);
    assert_ne!(forecasts, forecasts_before);
}

#[test]
fn an_earlier_region_holds_no_later_observation() {
    let region = shipped();
    let origin = Month::new(2004, 12).unwrap();
    let earlier = region.earlier(origin, Month::new(2009, 12).unwrap());
    assert!(earlier.missing.is_empty(), "{:?}", earlier.missing);
    assert!(earlier.region.series.values().flat_map(|s| s.values.values()).flatten().all(|seen| seen.period.last() <= origin));
    assert!(
        earlier
            .region
            .networks
            .values()
            .flat_map(|n| n.contracts.values())
            .all(|c| { c.valid_to == Some(origin) || c.nominated.keys().all(|year| *year <= 2004) })
    );
    // parameters whose data reach further are named, not hidden
    assert!(earlier.later.len() > 10 && earlier.anew.contains("finance.growth_trend"));
    // Afghan growth starts in 2003, too late for a mean; protests are counted everywhere
    assert!(earlier.later.contains(&"finance.growth_trend".to_owned()) && !earlier.later.contains(&"unrest.protest_rate".to_owned()));
    assert!(region.earlier(Month::new(1989, 12).unwrap(), origin).missing.contains(&"regimes.polity/KAZ".to_owned()));
}

#[test]
fn started_at_its_own_origin_the_region_is_itself() {
    let region = shipped();
    let earlier = region.earlier(region.identity.origin, region.identity.last).region;
    // values at the origin are read the same way; what is estimated anew may differ
    for (id, parameter) in region.parameters.iter().filter(|(id, p)| !p.at_origin.is_empty() && !region.restart.parameters.contains_key(*id)) {
        for (entity, number) in &parameter.entities {
            assert_eq!(earlier.parameters[id].entities[entity].value, number.value, "{id}/{entity}");
        }
    }
}

#[test]
fn back_tests_score_every_series_that_the_model_measures() {
    let test = run(&shipped(), &[2004, 2007], &["authors"]);
    let rows = test.rows(200, 1).unwrap();
    assert!(rows.iter().filter(|r| r.horizon.is_none()).count() > 15);
    for row in &rows {
        assert!(row.model.is_finite() && row.baseline.is_finite() && row.forecasts > 0, "{row:?}");
        assert!(row.coverage.is_none_or(|c| (0.0..=1.0).contains(&c)));
        assert!(row.pit.as_ref().is_none_or(|p| (p.iter().sum::<f64>() - 1.0).abs() < 1e-9));
    }
    assert!(rows.iter().any(|r| r.series == "conflict_deaths: onset" && r.event));
    assert_eq!(test.view_rows(200, 1).unwrap().len(), 1);
    assert!(test.scored.iter().all(|s| s.entity != "AFG"));
    assert!(test.left_out.contains(&"external_debt".to_owned()) && test.left_out.contains(&"coup_event".to_owned()));
    assert!(test.reliability().unwrap().is_some());
}

#[test]
fn origins_that_leave_nothing_are_refused() {
    let code = |origin| match backtest(&shipped(), &settings(&[origin], &[]), &Unwatched) {
        Err(RunError::Problems(problems)) => problems.into_sorted()[0].code.to_string(),
        _ => "none".to_owned(),
    };
    assert_eq!(code(2012), "A052");
    assert_eq!(code(1989), "A051");
}

#[test]
fn a_frozen_forecast_is_read_as_it_was_written() {
    let region = shipped();
    let design = Design { seed: 1, draws: 2, replicates: 4 };
    let frozen = freeze(&region, Edition::Strict, 2014, design, &Unwatched).unwrap_or_else(|_| panic!("it runs"));
    assert_eq!(frozen, freeze(&region, Edition::Strict, 2014, design, &Unwatched).unwrap_or_else(|_| panic!("it runs")));
    let text = frozen.csv();
    let rows = text.lines().enumerate().skip(1).map(|(i, line)| {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        (i + 1, cells.try_into().unwrap())
    });
    let back = Frozen::read(rows).unwrap();
    assert_eq!(back.cells.len(), frozen.cells.len());
    assert!(back.cells.iter().all(|cell| frozen.cells.contains(cell)));
    assert!(frozen.cells.iter().all(|c| c.values.len() == 8 && (2013..=2014).contains(&c.period)));
    assert_eq!(frozen.views_table().len() % 8, 0);
    // the day it is made on and the machine are not in it
    assert!(text.starts_with("series,entity,period,draw,value\n"));
}

#[test]
fn gaps_are_counted_and_rows_that_do_not_fit_refused() {
    let cell = |entity: &str, period| super::frozen::FrozenCell { series: "x".into(), entity: entity.into(), period, values: vec![1.0, 2.0, 4.0] };
    let frozen = Frozen { cells: vec![cell("KAZ", 2013), cell("KAZ", 2014), cell("KGZ", 2013)], left_out: Vec::new() };
    let value = |entity: &str, period, value| ObservedValue { line: 2, series: "x".into(), entity: entity.into(), period, value };
    let rows = score(&frozen, &[value("KAZ", 2013, 2.0), value("KAZ", 2020, 9.0)], 100, 1).unwrap();
    assert_eq!((rows[0].compared, rows[0].missing), (1, 2));
    // E|X - 2| - E|X - X'| / 2 = 1 - (1 + 3 + 2) / 9
    assert!((rows[0].score.mean - (1.0 - 6.0 / 9.0)).abs() < 1e-15);
    let code = |list: &[ObservedValue]| score(&frozen, list, 100, 1).unwrap_err().into_sorted()[0].code.to_string();
    assert_eq!(code(&[value("UZB", 2013, 1.0)]), "A053");
    assert_eq!(code(&[value("KAZ", 2013, 1.0), value("KAZ", 2013, 1.0)]), "A053");
    assert_eq!(code(&[value("KAZ", 2030, 1.0)]), "A053");
    let row = |draw: &str| (2, ["x", "KAZ", "2013", draw, "1"].map(str::to_owned));
    assert!(Frozen::read([row("0"), row("2")].into_iter()).is_err());
    assert!(Frozen::read([row("0"), row("0")].into_iter()).is_err());
    assert!(Frozen::read(std::iter::empty()).is_err());
}

#[test]
fn the_strict_edition_leaves_out_later_works() {
    let mut region = shipped();
    let strict = edition(&region, Edition::Strict).unwrap_or_else(|_| panic!("every number has a stand-in"));
    let changed: Vec<&String> = region
        .parameters
        .keys()
        .filter(|id| {
            let values =
                |r: &Region| r.parameters[*id].entities.values().chain(&r.parameters[*id].default).map(|n| n.value.clone()).collect::<Vec<_>>();
            values(&region) != values(&strict)
        })
        .collect();
    assert!(changed.iter().all(|id| region.restart.strict.contains_key(*id)) && changed.len() >= 5, "{changed:?}");
    region.restart.strict.remove("communities.incident_by_price");
    let problems = edition(&region, Edition::Strict).unwrap_err().into_sorted();
    assert_eq!(problems[0].code.to_string(), "A055");
}

#[test]
fn a_share_is_never_certain() {
    assert_eq!(share(&[0.0; 9], 0.5), 0.05);
    assert_eq!(share(&[1.0; 9], 0.5), 0.95);
}

#[test]
fn replays_answer_to_their_shocks() {
    let found = replays(&shipped(), Design { seed: 2, draws: 16, replicates: 4 }, &Unwatched).unwrap_or_else(|_| panic!("they run"));
    assert_eq!(found.len(), 4);
    let median = |id: &str, series: &str, entity: &str| {
        let replay = found.iter().find(|r| r.id == id).unwrap();
        let check = replay.checks.iter().find(|c| c.series == series && c.entity == entity).unwrap();
        (check.without[1], check.with[1])
    };
    let (without, with) = median("remittances-2009", "remittances", "TJK");
    assert!(with < without, "{with} {without}");
    let (without, with) = median("turkmen-gas-2009", "gdp_growth", "TKM");
    assert!(with < without, "{with} {without}");
    assert!(found.iter().flat_map(|r| &r.checks).all(|c| c.found != Found::Unknown));
}
