//! A forecast from the pack's own origin, kept as a table, and its scores once values are known.

use std::collections::{BTreeMap, BTreeSet};

use oxus_analysis::scoring::{MeanInterval, block_bootstrap};
use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::Model;
use oxus_pack::region::{Cite, Number, Region, Status};
use serde::Serialize;

use super::compare::{EventScore, NumberScore, refuse, share};
use super::forecast::forecast;
use super::target::{Target, Targets};
use crate::case::Case;
use crate::ensemble::{Design, Watch};
use crate::run::RunError;
use crate::store::{Field, Table};

/// Which knowledge a frozen forecast uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edition {
    /// No literature that appeared after the as-of day.
    Strict,
    /// The pack as it is.
    Reconstructed,
}

impl Edition {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Reconstructed => "reconstructed",
        }
    }
}

/// A forecast as a table: one cell for each series, entity and year, with a value for each draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frozen {
    /// Cells in the order of series, entity, year.
    pub cells: Vec<FrozenCell>,
    /// Series of the pack that the model does not forecast.
    pub left_out: Vec<String>,
}

/// One series of one entity in one year.
#[derive(Clone, Debug, PartialEq)]
pub struct FrozenCell {
    /// Series.
    pub series: String,
    /// Entity.
    pub entity: String,
    /// Year.
    pub period: i32,
    /// Values by draw.
    pub values: Vec<f64>,
}

/// The region of an edition.
///
/// # Errors
/// `A055` numbers that rest on later works and have no stand-in.
pub fn edition(region: &Region, edition: Edition) -> Result<Region, Diagnostics> {
    let mut own = region.clone();
    if edition == Edition::Reconstructed {
        return Ok(own);
    }
    let mut open = Vec::new();
    for (id, parameter) in &mut own.parameters {
        let later = parameter.entities.values().chain(&parameter.default).any(|number| rests_on_later(region, number));
        match region.restart.strict.get(id) {
            Some(stricter) => {
                for number in parameter.entities.values_mut().chain(&mut parameter.default) {
                    number.value = stricter.value.clone();
                }
            }
            None if later => open.push(id.clone()),
            None => {}
        }
    }
    if open.is_empty() {
        return Ok(own);
    }
    let mut problems = Diagnostics::new();
    problems.push(
        Diagnostic::error(codes::A055, format!("the strict edition of {} has numbers that rest on later works", region.identity.as_of))
            .found(open.join(", "))
            .help("state under `[strict]` of `backtest.toml` what could be judged without them"),
    );
    Err(problems)
}

/// Whether a number's size comes from a work of a year after the as-of day. Data sets are not meant: what they describe ends there.
fn rests_on_later(region: &Region, number: &Number) -> bool {
    let year = region.identity.as_of.month().year();
    let later = |cite: &Cite| match cite {
        Cite::Work(cited) => {
            let work = region.references.get(&cited.work.id);
            work.is_some_and(|w| w.kind != "dataset" && w.year.is_some_and(|y| y > year))
        }
        Cite::Claim(_) => false,
    };
    number.status == Status::Literature && number.evidence.cites.iter().any(later)
}

/// The forecast of an edition from the pack's own origin, for years up to `last`; a draw of the table is a member.
///
/// # Errors
/// `A055`; those of a run.
pub fn freeze(region: &Region, which: Edition, last: i32, design: Design, watch: &dyn Watch) -> Result<Frozen, RunError> {
    let mut own = edition(region, which)?;
    if let Some(end) = oxus_units::Month::new(last, 12).filter(|m| *m < own.identity.last) {
        own.identity.last = end;
    }
    let model: Model = crate::model(&own)?;
    // a series that says nothing of its own is left out, a state that cannot be started earlier is not
    let without = |id: &str| own.series.contains_key(id) && own.restart.without.contains_key(id);
    let targets = Targets::of(&own, &model, &without);
    let forecasts = forecast(&own, &model, &[Case::default()], &targets, design, watch)?;
    let mut frozen = Frozen { left_out: targets.left_out.clone(), ..Frozen::default() };
    let Some(found) = forecasts.first() else { return Ok(frozen) };
    for (t, e) in targets.cells() {
        let target: &Target = &targets.list[t];
        for &period in &found.years {
            let values = found.members((t, e), period).unwrap_or_default().iter().map(|x| rounded(*x)).collect();
            frozen.cells.push(FrozenCell { series: target.series.clone(), entity: target.entities[e].0.clone(), period, values });
        }
    }
    Ok(frozen)
}

/// Five significant digits: a table of draws is as exact as that, and a tenth as long.
fn rounded(x: f64) -> f64 {
    format!("{x:.4e}").parse().unwrap_or(x)
}

impl Frozen {
    /// The long table `series,entity,period,draw,value`.
    pub fn csv(&self) -> String {
        let mut out = String::from("series,entity,period,draw,value\n");
        for cell in &self.cells {
            let head = format!("{},{},{}", cell.series, cell.entity, cell.period);
            for (draw, value) in cell.values.iter().enumerate() {
                out += &format!("{head},{draw},{value}\n");
            }
        }
        out
    }

    /// The layout of the VIEWS prediction competition: one row for each year, entity and draw, one column for each series, NaN where it has none.
    ///
    /// Source: Hegre et al., "The 2023/24 VIEWS Prediction Challenge", J. Peace Res. (2025): index by time, unit and draw, outcomes as columns.
    pub fn views_table(&self) -> Table {
        let series: BTreeSet<&str> = self.cells.iter().map(|c| c.series.as_str()).collect();
        let mut fields = vec![("year", Field::Whole), ("country_iso3", Field::Text), ("draw", Field::Whole)];
        fields.extend(series.iter().map(|s| (*s, Field::Real)));
        let mut table = Table::new(&fields);
        let mut index: BTreeMap<(i32, &str), BTreeMap<&str, &[f64]>> = BTreeMap::new();
        for cell in &self.cells {
            index.entry((cell.period, &cell.entity)).or_default().insert(&cell.series, &cell.values);
        }
        for ((year, entity), columns) in index {
            let draws = columns.values().map(|v| v.len()).max().unwrap_or(0);
            for draw in 0..draws {
                let row = table.row().whole(u32::try_from(year).unwrap_or(0)).text(entity).whole(draw as u32);
                for s in &series {
                    row.real(columns.get(s).and_then(|v| v.get(draw)).copied().unwrap_or(f64::NAN));
                }
            }
        }
        table
    }

    /// Reads the long table, given its rows `(series, entity, period, draw, value)` with their lines.
    ///
    /// # Errors
    /// `A054` with the line: a period that is no year, a draw that is missing or stands twice, a value that is not finite; a table without rows.
    pub fn read(rows: impl Iterator<Item = (usize, [String; 5])>) -> Result<Self, Diagnostic> {
        let mut cells: BTreeMap<(String, String, i32), Vec<(u32, f64)>> = BTreeMap::new();
        for (line, [series, entity, period, draw, value]) in rows {
            let wrong = |what: &str| Diagnostic::error(codes::A054, format!("line {line}: {what}"));
            let period: i32 = period.parse().map_err(|_| wrong(&format!("the period `{period}` is no year")))?;
            let draw: u32 = draw.parse().map_err(|_| wrong(&format!("the draw `{draw}` is no whole number from 0")))?;
            let value: f64 = value.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| wrong(&format!("`{value}` is no finite number")))?;
            cells.entry((series, entity, period)).or_default().push((draw, value));
        }
        let mut frozen = Self::default();
        for ((series, entity, period), mut list) in cells {
            list.sort_by_key(|v| v.0);
            if let Some(at) = list.iter().enumerate().position(|(i, v)| v.0 as usize != i) {
                let what = format!("draw {at} of {series}, {entity}, {period} is missing or stands twice");
                return Err(Diagnostic::error(codes::A054, what).expected("draws 0, 1, 2, … without holes"));
            }
            frozen.cells.push(FrozenCell { series, entity, period, values: list.into_iter().map(|v| v.1).collect() });
        }
        if frozen.cells.is_empty() {
            return Err(Diagnostic::error(codes::A054, "the forecast has no rows"));
        }
        Ok(frozen)
    }
}

/// A value of the table of what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservedValue {
    /// Line of the table.
    pub line: usize,
    /// Series.
    pub series: String,
    /// Entity.
    pub entity: String,
    /// Year.
    pub period: i32,
    /// Value.
    pub value: f64,
}

/// Scores of one series of a frozen forecast.
#[derive(Clone, Debug, Serialize)]
pub struct FrozenRow {
    /// Series.
    pub series: String,
    /// Whether it happens or not.
    pub event: bool,
    /// Values compared.
    pub compared: usize,
    /// Cells of the forecast for which no value was given.
    pub missing: usize,
    /// Mean CRPS in the series' unit, or Brier score, with its interval from resampled countries.
    pub score: MeanInterval,
    /// Mean score of the 80 % intervals (numbers).
    pub interval_score: Option<f64>,
    /// Share of 80 % intervals that held the value (numbers).
    pub coverage: Option<f64>,
    /// Mean of the transform, 0.5 without bias (numbers).
    pub pit: Option<f64>,
    /// Mean logarithmic score (events).
    pub log_score: Option<f64>,
}

/// Scores a frozen forecast on observed values; what has no value is counted, never filled.
///
/// # Errors
/// `A053` rows that do not fit the forecast; `A050` what cannot be scored.
pub fn score(frozen: &Frozen, observed: &[ObservedValue], resamples: u32, seed: u64) -> Result<Vec<FrozenRow>, Diagnostics> {
    let given = fitting(frozen, observed)?;
    let mut by_series: BTreeMap<&str, Vec<(&FrozenCell, Option<f64>)>> = BTreeMap::new();
    for cell in &frozen.cells {
        let value = given.get(&(cell.series.as_str(), cell.entity.as_str(), cell.period)).copied();
        by_series.entry(&cell.series).or_default().push((cell, value));
    }
    let mut rows = Vec::new();
    for (series, cells) in by_series {
        let known: Vec<(&FrozenCell, f64)> = cells.iter().filter_map(|(cell, value)| Some((*cell, (*value)?))).collect();
        if known.is_empty() {
            continue;
        }
        rows.push(row(series, &known, cells.len() - known.len(), resamples, seed).map_err(|e| refuse(&e, series))?);
    }
    Ok(rows)
}

fn row(
    series: &str,
    known: &[(&FrozenCell, f64)],
    missing: usize,
    resamples: u32,
    seed: u64,
) -> Result<FrozenRow, oxus_analysis::scoring::ScoreError> {
    let n = known.len() as f64;
    let event = known.iter().all(|(cell, value)| cell.values.iter().chain([value]).all(|x| *x == 0.0 || *x == 1.0));
    let mut blocks: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let (mut interval, mut covered, mut pit, mut log) = (0.0, 0.0, 0.0, 0.0);
    for (cell, value) in known {
        let score = if event {
            let score = EventScore::of(share(&cell.values, 0.5), *value > 0.0)?;
            log += score.log / n;
            score.brier
        } else {
            let score = NumberScore::of(&cell.values, *value)?;
            interval += score.interval / n;
            covered += f64::from(u8::from(score.covered)) / n;
            pit += score.pit.middle() / n;
            score.crps
        };
        blocks.entry(&cell.entity).or_default().push(score);
    }
    let number = |x: f64| (!event).then_some(x);
    Ok(FrozenRow {
        series: series.to_owned(),
        event,
        compared: known.len(),
        missing,
        score: block_bootstrap(&blocks.into_values().collect::<Vec<_>>(), resamples, seed, series)?,
        interval_score: number(interval),
        coverage: number(covered),
        pit: number(pit),
        log_score: event.then_some(log),
    })
}

/// Observed values by cell, every row of which is one of the forecast.
fn fitting<'a>(frozen: &'a Frozen, observed: &'a [ObservedValue]) -> Result<BTreeMap<(&'a str, &'a str, i32), f64>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let series: BTreeSet<&str> = frozen.cells.iter().map(|c| c.series.as_str()).collect();
    let entities: BTreeSet<(&str, &str)> = frozen.cells.iter().map(|c| (c.series.as_str(), c.entity.as_str())).collect();
    let mut given = BTreeMap::new();
    for row in observed {
        let wrong = |what: String| Diagnostic::error(codes::A053, format!("line {}: {what}", row.line));
        if !series.contains(row.series.as_str()) {
            let near = did_you_mean(&row.series, series.iter().copied());
            problems.push(wrong(format!("the forecast has no series `{}`", row.series)).help_maybe(near));
        } else if !entities.contains(&(row.series.as_str(), row.entity.as_str())) {
            let of: Vec<&str> = entities.iter().filter(|e| e.0 == row.series).map(|e| e.1).collect();
            problems.push(wrong(format!("the forecast of `{}` has no `{}`", row.series, row.entity)).expected(format!("one of {}", of.join(", "))));
        } else if given.insert((row.series.as_str(), row.entity.as_str(), row.period), row.value).is_some() {
            problems.push(wrong(format!("{}, {}, {} stands twice", row.series, row.entity, row.period)));
        }
    }
    let common = frozen.cells.iter().any(|c| given.contains_key(&(c.series.as_str(), c.entity.as_str(), c.period)));
    if !problems.has_errors() && !common {
        problems.push(Diagnostic::error(codes::A053, "the table has no value of a year that is forecast"));
    }
    if problems.has_errors() { Err(problems) } else { Ok(given) }
}
