//! Tables of back-tests: series by horizon, series as a whole, views against the pooled default.

use std::collections::{BTreeMap, BTreeSet};

use oxus_analysis::scoring::{Bin, MeanInterval, Murphy, ScoreError, block_bootstrap, murphy, reliability_bins};
use serde::Serialize;

use super::backtest::{BackTest, Detail, Scored};

/// Bins of the transform's histogram.
pub const PIT_BINS: usize = 5;

/// Scores of one series at one horizon, or over all.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Series, or event read from one.
    pub series: String,
    /// Whether it happens or not.
    pub event: bool,
    /// Horizon in years; `None` over all.
    pub horizon: Option<i32>,
    /// Forecasts.
    pub forecasts: usize,
    /// Entities.
    pub entities: usize,
    /// Of events, how many happened.
    pub happened: usize,
    /// Mean score of the model: CRPS in yearly changes, or Brier.
    pub model: f64,
    /// Mean score of the baseline.
    pub baseline: f64,
    /// `1 - model / baseline`; `None` where the baseline is perfect.
    pub skill: Option<f64>,
    /// Model less baseline with its interval from resampled countries; below zero is better.
    pub difference: MeanInterval,
    /// Share of 80 % intervals that held the value (numbers).
    pub coverage: Option<f64>,
    /// Mean score of the 80 % intervals, in yearly changes (numbers).
    pub interval_score: Option<f64>,
    /// Shares of the transform's histogram, not randomised (numbers).
    pub pit: Option<Vec<f64>>,
    /// Mean logarithmic score (events).
    pub log_score: Option<f64>,
    /// Baselines compared with, in the order of origins (of one horizon).
    pub baselines: Vec<String>,
}

impl Row {
    /// Better, worse, or not to be told apart.
    pub fn verdict(&self) -> Verdict {
        match self.difference.sign() {
            1 => Verdict::Loses,
            -1 => Verdict::Beats,
            _ => Verdict::Open,
        }
    }
}

/// How the model stands against the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The interval lies below zero.
    Beats,
    /// The interval lies above zero.
    Loses,
    /// The interval holds zero, or there is none.
    Open,
}

/// A view against the pooled default.
#[derive(Clone, Debug, Serialize)]
pub struct ViewRow {
    /// The view.
    pub view: String,
    /// View less pooled default, mean over all forecasts of numbers (CRPS in yearly changes).
    pub numbers: Option<MeanInterval>,
    /// The same of events (Brier).
    pub events: Option<MeanInterval>,
}

impl ViewRow {
    /// Whether the past separates the view from the pooled default.
    pub fn separated(&self) -> bool {
        [&self.numbers, &self.events].into_iter().flatten().any(|m| m.sign() != 0)
    }
}

/// All events of a back-test as one reliability diagram.
#[derive(Clone, Debug, Serialize)]
pub struct Reliability {
    /// Bins of equal width.
    pub bins: Vec<Bin>,
    /// Decomposition of the Brier score over them.
    pub murphy: Murphy,
}

impl BackTest {
    /// One row for each series, over all horizons, and one for each series and horizon.
    ///
    /// # Errors
    /// None on scores that are finite.
    pub fn rows(&self, resamples: u32, seed: u64) -> Result<Vec<Row>, ScoreError> {
        let mut rows = Vec::new();
        for (t, target) in self.targets.iter().enumerate() {
            let all: Vec<&Scored> = self.scored.iter().filter(|s| s.target == t).collect();
            if all.is_empty() {
                continue;
            }
            let horizons: BTreeSet<i32> = all.iter().map(|s| s.horizon).collect();
            rows.push(self.row(t, None, &all, resamples, seed)?);
            for h in horizons {
                let part: Vec<&Scored> = all.iter().copied().filter(|s| s.horizon == h).collect();
                rows.push(self.row(t, Some(h), &part, resamples, seed)?);
            }
            debug_assert!(rows.iter().all(|r| r.event == target.event || r.series != target.name));
        }
        Ok(rows)
    }

    fn row(&self, t: usize, horizon: Option<i32>, part: &[&Scored], resamples: u32, seed: u64) -> Result<Row, ScoreError> {
        let n = part.len() as f64;
        let name = format!("{}/{}", self.targets[t].name, horizon.map_or_else(|| "all".to_owned(), |h| h.to_string()));
        let mean = |f: &dyn Fn(&Scored) -> f64| part.iter().map(|s| f(s)).sum::<f64>() / n;
        let (model, baseline) = (mean(&|s| s.views[0]), mean(&|s| s.baseline));
        let mut pit = vec![0.0; PIT_BINS];
        let (mut covered, mut interval, mut log) = (0.0, 0.0, 0.0);
        for scored in part {
            match scored.detail {
                Detail::Number(score) => {
                    covered += f64::from(u8::from(score.covered)) / n;
                    interval += score.interval / scored.unit / n;
                    pit.iter_mut().zip(score.pit.spread(PIT_BINS)).for_each(|(total, x)| *total += x / n);
                }
                Detail::Event(score) => log += score.log / n,
            }
        }
        let event = self.targets[t].event;
        let number = |x: f64| (!event).then_some(x);
        Ok(Row {
            series: self.targets[t].name.clone(),
            event,
            horizon,
            forecasts: part.len(),
            entities: part.iter().map(|s| s.entity.as_str()).collect::<BTreeSet<_>>().len(),
            happened: if event { part.iter().filter(|s| s.observed > 0.0).count() } else { 0 },
            model,
            baseline,
            skill: (baseline > 0.0).then(|| 1.0 - model / baseline),
            difference: block_bootstrap(&blocks(part, &|s| s.views[0] - s.baseline), resamples, seed, &name)?,
            coverage: number(covered),
            interval_score: number(interval),
            pit: (!event).then_some(pit),
            log_score: event.then_some(log),
            baselines: self.chosen.iter().filter(|((at, _, h), _)| *at == t && Some(*h) == horizon).map(|(_, name)| name.clone()).collect(),
        })
    }

    /// Each view against the pooled default.
    ///
    /// # Errors
    /// None on scores that are finite.
    pub fn view_rows(&self, resamples: u32, seed: u64) -> Result<Vec<ViewRow>, ScoreError> {
        let of = |v: usize, event: bool| {
            let part: Vec<&Scored> = self.scored.iter().filter(|s| self.targets[s.target].event == event).collect();
            let name = format!("view {}/{event}", self.views[v]);
            (!part.is_empty()).then(|| block_bootstrap(&blocks(&part, &|s| s.views[v] - s.views[0]), resamples, seed, &name)).transpose()
        };
        (1..self.views.len()).map(|v| Ok(ViewRow { view: self.views[v].clone(), numbers: of(v, false)?, events: of(v, true)? })).collect()
    }

    /// Reliability of all probabilities of events; `None` without any.
    ///
    /// # Errors
    /// None on probabilities.
    pub fn reliability(&self) -> Result<Option<Reliability>, ScoreError> {
        let pairs = self.scored.iter().filter_map(|s| match s.detail {
            Detail::Event(score) => Some((score.probability, s.observed > 0.0)),
            Detail::Number(_) => None,
        });
        let (probabilities, happened): (Vec<f64>, Vec<bool>) = pairs.unzip();
        if probabilities.is_empty() {
            return Ok(None);
        }
        let bins = reliability_bins(&probabilities, &happened, 5)?;
        Ok(Some(Reliability { murphy: murphy(&bins)?, bins }))
    }
}

/// Values by entity: the blocks that are resampled.
fn blocks(part: &[&Scored], value: &dyn Fn(&Scored) -> f64) -> Vec<Vec<f64>> {
    let mut by_entity: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for scored in part {
        by_entity.entry(&scored.entity).or_default().push(value(scored));
    }
    by_entity.into_values().collect()
}
