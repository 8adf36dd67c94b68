//! Does the baseline look like the region? Its years 2013-2015 against the range of 2003-2012, and its decade against the decade before
//! (prior predictive check: Gelman et al. 2013, Bayesian Data Analysis, chapter 6). Run with `--nocapture` to read the comparison.
#![allow(clippy::print_stdout)] // the comparison is there to be read

mod common;

use common::{model, on_threads, region, request};
use oxus_pack::Region;
use oxus_pack::region::{Across, BadIf, Fold, Name, Outcome};
use oxus_units::{Month, Unit};

/// A quantity that both the model and a series have: variable, series, factor from the model's monthly mean to the series' yearly value.
struct Compared {
    name: &'static str,
    variable: &'static str,
    series: &'static str,
    factor: f64,
    /// What the yearly value is.
    sort: Sort,
    states: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq)]
enum Sort {
    /// A rate: the mean over the months.
    Rate,
    /// A level that moves slowly: where it stood at the edge of its range in 2012, it may go on by as much as it once moved in a year.
    Level,
    /// A count of events: a mean of a third of an event a year is no contradiction of a decade without one.
    Count,
    /// Deaths: so heavy-tailed that a mean is not typical of anything; the median over futures is compared.
    Deaths,
}

const FIVE: &[&str] = &["KAZ", "KGZ", "TJK", "TKM", "UZB"];

const COMPARED: [Compared; 6] = [
    Compared { name: "growth, % a year", variable: "finance.growth", series: "gdp_growth", factor: 100.0, sort: Sort::Rate, states: FIVE },
    Compared {
        name: "remittances, % of GDP",
        variable: "finance.remittances",
        series: "remittances",
        factor: 100.0,
        sort: Sort::Level,
        states: &["KGZ", "TJK"],
    },
    Compared {
        name: "government debt, % of GDP",
        variable: "finance.debt",
        series: "government_debt",
        factor: 100.0,
        sort: Sort::Level,
        states: FIVE,
    },
    Compared {
        name: "deaths in political violence",
        variable: "unrest.deaths",
        series: "political_violence_deaths_best",
        factor: 1.0,
        sort: Sort::Deaths,
        states: FIVE,
    },
    Compared { name: "protests", variable: "unrest.protests_state", series: "protests", factor: 1.0, sort: Sort::Count, states: FIVE },
    Compared { name: "irregular exits", variable: "regimes.irregular_exits", series: "irregular_exit", factor: 1.0, sort: Sort::Count, states: FIVE },
];

/// Adds an outcome for each quantity: its sum or mean over the `window` months before the horizon, state by state.
fn add_outcomes(region: &mut Region, window: u32) {
    let template: Outcome = region.outcomes.values().next().expect("the pack has outcomes").clone();
    region.outcomes.clear();
    for c in &COMPARED {
        let mut outcome = template.clone();
        outcome.id = c.series.to_owned();
        outcome.of = Name { id: c.variable.to_owned(), span: template.span };
        outcome.entities = c.states.iter().map(|s| Name { id: (*s).to_owned(), span: template.span }).collect();
        outcome.over = Across::Each;
        outcome.fold = Fold::Mean;
        outcome.window = Some(window);
        outcome.bad_if = BadIf::Either;
        outcome.unit = Unit::parse(unit_of(c.variable)).expect("a unit");
        region.outcomes.insert(outcome.id.clone(), outcome);
    }
}

fn unit_of(variable: &str) -> &'static str {
    match variable {
        "finance.growth" => "1/yr",
        "unrest.deaths" => "deaths/month",
        "unrest.protests_state" => "events/month",
        "regimes.irregular_exits" => "share",
        _ => "share of GDP",
    }
}

fn history(region: &Region, series: &str, state: &str) -> Vec<f64> {
    let values = region.series[series].values.get(state).map_or(&[][..], Vec::as_slice);
    values.iter().filter(|o| o.period.months() == 12 && (2003..=2012).contains(&o.period.first().year())).map(|o| o.value).collect()
}

/// Yearly value of a monthly mean.
fn yearly(c: &Compared, monthly_mean: f64) -> f64 {
    c.factor * monthly_mean * if matches!(c.sort, Sort::Rate | Sort::Level) { 1.0 } else { 12.0 }
}

#[test]
fn the_first_years_lie_in_the_range_of_the_last_decade() {
    let mut region = region();
    add_outcomes(&mut region, 36);
    let model = model(&region);
    let mut request = request(&region, &["baseline"], 250);
    request.horizons = vec![Month::parse("2015-12").expect("a month")];
    let finished = on_threads(2, &region, &model, &request);
    println!("{:<30}{:<6}{:>10}{:>24}{:>14}", "2013-2015 a year", "", "model", "years 2003-2012", "mean");
    let mut outside = Vec::new();
    for (k, cell) in finished.ensemble.outcomes.cells.iter().enumerate() {
        let c = COMPARED.iter().find(|c| c.series == cell.outcome).expect("one of ours");
        let row = finished.summary.row(0, k).expect("members");
        let model = yearly(c, if c.sort == Sort::Deaths { row.baseline[3] } else { row.paired.baseline });
        let years = history(&region, c.series, &cell.entity);
        if years.len() < 5 {
            continue;
        }
        let (low, high) = years.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), y| (l.min(*y), h.max(*y)));
        let slack = match c.sort {
            Sort::Rate => 0.0,
            Sort::Level => years.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f64::max),
            Sort::Count | Sort::Deaths => 1.0 / 3.0,
        };
        let inside = low - slack <= model && model <= high + slack;
        let mean = years.iter().sum::<f64>() / years.len() as f64;
        println!("{:<30}{:<6}{model:>10.2}{:>12.2} to {high:>8.2}{mean:>14.2}{}", c.name, cell.entity, low, if inside { "" } else { "  outside" });
        if !inside {
            outside.push(format!("{} {}: {model:.2} outside {low:.2} to {high:.2}", c.name, cell.entity));
        }
    }
    assert!(outside.is_empty(), "the baseline leaves the range of history:\n{}", outside.join("\n"));
}

#[test]
fn the_decade_before_is_a_possible_decade() {
    let mut region = region();
    add_outcomes(&mut region, 120);
    let model = model(&region);
    let mut request = request(&region, &["baseline"], 250);
    request.horizons = vec![Month::parse("2022-12").expect("a month")];
    let finished = on_threads(2, &region, &model, &request);
    let (mut covered, mut all) = (0, 0);
    for (k, cell) in finished.ensemble.outcomes.cells.iter().enumerate() {
        let c = COMPARED.iter().find(|c| c.series == cell.outcome).expect("one of ours");
        let years = history(&region, c.series, &cell.entity);
        if years.len() < 5 {
            continue;
        }
        let mean = years.iter().sum::<f64>() / years.len() as f64;
        let quantiles = finished.summary.row(0, k).expect("members").baseline;
        let (low, high) = (yearly(c, quantiles[0]), yearly(c, quantiles[6]));
        // half a bucket of the sketch
        let inside = low - 0.005 * low.abs() <= mean && mean <= high + 0.005 * high.abs();
        println!(
            "{:<30}{:<6}history {mean:>9.2}   model 95 %: {low:>9.2} to {high:>9.2}{}",
            c.name,
            cell.entity,
            if inside { "" } else { "  not covered" }
        );
        all += 1;
        covered += usize::from(inside);
    }
    // 27 pairs: with true coverage 0.95, fewer than 22 has probability below 1 % (binomial)
    assert!(covered as f64 >= 0.8 * f64::from(all as u32), "{covered} of {all} decades covered");
}

/// Turkmen gas to China and Russia: the years that the series have are 2008 to 2012, from the cut of 2009 to the peak before it.
#[test]
fn turkmen_gas_lies_in_the_range_of_its_sales() {
    let mut region = region();
    add_outcomes(&mut region, 36);
    let mut gas = region.outcomes.values().next().expect("an outcome").clone();
    gas.id = "gas".into();
    gas.of.id = "energy.gas.delivered".into();
    gas.entities = ["tkm-chn", "tkm-rus"].map(|c| Name { id: c.into(), span: gas.span }).to_vec();
    gas.over = Across::Sum;
    gas.unit = Unit::parse("bcm").expect("a unit");
    region.outcomes = [(gas.id.clone(), gas)].into();
    let model = model(&region);
    let mut request = request(&region, &["baseline"], 50);
    request.horizons = vec![Month::parse("2015-12").expect("a month")];
    let finished = on_threads(2, &region, &model, &request);
    let delivered = 12.0 * finished.summary.row(0, 0).expect("members").paired.baseline;
    let sold = |year: i32| -> f64 {
        let of = |series: &str| {
            let values = region.series[series].values.get("TKM").map_or(&[][..], Vec::as_slice);
            values.iter().find(|o| o.period.first().year() == year).map_or(0.0, |o| o.value)
        };
        of("gas_exports_china") + of("gas_exports_russia")
    };
    let years: Vec<f64> = (2008..=2011).map(sold).collect();
    let (low, high) = years.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), y| (l.min(*y), h.max(*y)));
    println!("Turkmen gas to China and Russia, bcm a year: model {delivered:.1}, 2008-2011 {low:.1} to {high:.1}");
    assert!(low > 0.0 && low <= delivered && delivered <= high, "{delivered} outside {low} to {high}");
}
