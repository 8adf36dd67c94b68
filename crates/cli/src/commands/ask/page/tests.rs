//! The page on the smallest pack, with rows made by hand: `page.txt` is what it prints.

use std::path::Path;

use super::*;
use crate::commands::ask::levels::History;

fn row(case: &str, entity: &str, (baseline, scenario, monte_carlo): (f64, f64, f64)) -> Row {
    Row {
        case: case.into(),
        outcome: "gas-lost".into(),
        entity: entity.into(),
        horizon: "2014-12".into(),
        title: "Gas not delivered".into(),
        unit: "bcm".into(),
        baseline,
        scenario,
        difference: scenario - baseline,
        monte_carlo,
        spread: (0.0, 1.0),
        runs_saved: 2.0,
        runs_saved_ceiling: None,
        sign_agreement: 0.9,
        likelihood: None,
        confidence: "moderate".into(),
        confidence_because: "two of three numbers are estimated".into(),
        worse: Some(true),
        quantiles: [(0.0, baseline, 2.0 * baseline), (0.0, scenario, 2.0 * baseline)],
    }
}

fn chances(case: &str, (baseline, scenario, monte_carlo): (f64, f64, f64)) -> Row {
    let words = |p: f64| oxus_analysis::Likelihood::of(p).words().to_owned();
    Row {
        outcome: "peace".into(),
        title: "A quiet year".into(),
        unit: "probability".into(),
        likelihood: Some((words(baseline), words(scenario))),
        confidence: "low".into(),
        ..row(case, "", (baseline, scenario, monte_carlo))
    }
}

fn level(outcome: &str, entity: &str, now: Option<f64>, history: Option<f64>) -> Level {
    let history = history.map(|value| History { series: "growth".into(), period: "2012".into(), value });
    Level { outcome: outcome.into(), entity: entity.into(), now, history }
}

fn with(rows: &[Row], levels: &[Level], check: impl Fn(&Page<'_>)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/diag/minimal");
    let region = oxus_pack::read(&oxus_pack::Folder::new(folder)).region.expect("the smallest pack");
    let horizon = Month::parse("2014-12").expect("a month");
    check(&Page { question: &region.questions["q01"], region: &region, rows, levels, members: 8, horizon, caution: None });
}

#[test]
fn the_page_is_the_golden_one() {
    let mut rows = Vec::new();
    for (case, k) in [("S001", 2.0), ("S001=0.5", 1.4), ("S001@officials", 1.001)] {
        rows.push(row(case, "AAA", (1.5, 1.5 * k, 0.2)));
        rows.push(row(case, "BBB", (1200.0, 1200.0 + k, 20.0)));
        rows.push(chances(case, (0.4, 0.4 + (k - 1.0) / 8.0, 0.06)));
    }
    let levels = [level("gas-lost", "AAA", Some(1.25), Some(1.1)), level("gas-lost", "BBB", None, None)];
    with(&rows, &levels, |page| {
        let text = format!("{}{}{}", page.head(), page.table().text, page.foot());
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/commands/ask/page/page.txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&golden, &text).expect("written");
        }
        assert_eq!(text, std::fs::read_to_string(&golden).expect("page.txt"));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
    });
}

#[test]
fn many_rows_keep_to_a_page_and_say_what_is_left_out() {
    let rows: Vec<Row> = (1..=40)
        .map(|n| Row { outcome: format!("o{n}"), title: format!("Outcome {n}"), ..row("S001", "", (100.0, 100.0 + f64::from(n), 0.5)) })
        .collect();
    with(&rows, &[], |page| {
        let table = page.table();
        let lines = page.head().lines().count() + table.text.lines().count() + page.foot().lines().count();
        assert!(lines <= LINES, "{lines} lines");
        assert_eq!(table.shown.len(), ROWS);
        assert_eq!(table.shown[0].outcome, "o40", "the largest change in deviations comes first");
        assert!(table.text.contains("28 of 40 rows are left out: `oxus ask q01 --all`"), "{}", table.text);
    });
}

#[test]
fn what_does_not_move_is_shown_as_within_chance() {
    let rows = [row("S001", "AAA", (10.0, 10.1, 3.0)), row("S001=0.5", "AAA", (10.0, 10.0, 3.0))];
    with(&rows, &[], |page| {
        assert!(page.head().contains("none of these cases moves"));
        let table = page.table();
        assert!(table.text.contains("S001 10.1 (~+0.100)"), "{}", table.text);
    });
}

#[test]
fn every_outcome_that_moves_stands_on_the_page_before_more_entities_of_one() {
    let names: Vec<String> = (1..=30).map(|n| format!("E{n:02}")).collect();
    let mut rows: Vec<Row> = names.iter().map(|name| row("S001", name, (100.0, 150.0, 0.5))).collect();
    rows.push(Row { outcome: "plots".into(), title: "Plots found".into(), ..row("S001", "", (100.0, 101.0, 0.5)) });
    rows.push(chances("S001", (0.4, 0.41, 0.1)));
    with(&rows, &[], |page| {
        let table = page.table();
        assert!(table.text.contains("Plots found") && table.text.contains("S001 101 (+1.00)"), "{}", table.text);
        assert!(table.text.contains("No clear change in any case, at the baseline's: A quiet year 40 %."), "{}", table.text);
        assert_eq!(table.shown.len(), ROWS);
    });
}
