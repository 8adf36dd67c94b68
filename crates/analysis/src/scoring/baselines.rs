//! What a forecast must beat: simple predictive distributions from the series' own past, and the choice among them before each origin.
//!
//! Every baseline is an ensemble, so that it is scored exactly as the model is. Source of the methods: Hyndman and Athanasopoulos, *Forecasting:
//! Principles and Practice* (3rd ed., 2021), sections 5.2 and 5.5.

use oxus_math::normal_quantile;
use serde::Serialize;

use super::{ScoreError, crps, finite};

/// Fewest past values with a baseline: three changes tell of their size.
pub const LEAST_HISTORY: usize = 4;

/// Members of an ensemble made from a normal distribution: its quantiles at the middles of as many equal parts.
const NORMAL_MEMBERS: usize = 200;

/// A baseline of a number. The past is yearly, without gaps, the last value being that of the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// The last value, with the past one-year changes, both ways, times the root of the horizon.
    LastValue,
    /// The past values themselves.
    Climatology,
    /// The last value and the mean past change for each year, with the other changes' deviations times the root of the horizon.
    Drift,
    /// A first-order autoregression, least squares, normal errors.
    Ar1,
}

impl Baseline {
    /// All of them; of two equally good ones the earlier is chosen.
    pub const ALL: [Self; 4] = [Self::LastValue, Self::Climatology, Self::Drift, Self::Ar1];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::LastValue => "last value",
            Self::Climatology => "climatology",
            Self::Drift => "drift",
            Self::Ar1 => "AR(1)",
        }
    }

    /// Members of the predictive distribution `horizon` years ahead, kept within `bounds`.
    ///
    /// # Errors
    /// Fewer than [`LEAST_HISTORY`] values, values that are not finite, a horizon of 0.
    pub fn members(self, past: &[f64], horizon: usize, bounds: (f64, f64)) -> Result<Vec<f64>, ScoreError> {
        finite("the past", past, LEAST_HISTORY)?;
        if horizon == 0 {
            return Err(ScoreError::Domain { what: "the horizon", at: 0, expected: "at least one year" });
        }
        let (last, years) = (past[past.len() - 1], horizon as f64);
        let changes: Vec<f64> = past.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let mean_change = changes.iter().sum::<f64>() / changes.len() as f64;
        let members: Vec<f64> = match self {
            Self::LastValue => changes.iter().flat_map(|c| [last + years.sqrt() * c, last - years.sqrt() * c]).collect(),
            Self::Climatology => past.to_vec(),
            Self::Drift => changes.iter().map(|c| last + years * mean_change + years.sqrt() * (c - mean_change)).collect(),
            Self::Ar1 => Autoregression::of(past).members(last, horizon),
        };
        Ok(members.into_iter().map(|x| x.clamp(bounds.0, bounds.1)).collect())
    }
}

/// `x' = level + slope (x - level) + e`.
struct Autoregression {
    level: f64,
    slope: f64,
    variance: f64,
}

impl Autoregression {
    /// Least squares of a series on its lag; the slope is kept in 0 to 1, where 1 is a walk without drift. A constant series stays what it is.
    fn of(past: &[f64]) -> Self {
        let (lag, now) = (&past[..past.len() - 1], &past[1..]);
        let n = lag.len() as f64;
        let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
        let (lag_mean, now_mean) = (mean(lag), mean(now));
        let (mut spread, mut common) = (0.0, 0.0);
        for (x, y) in lag.iter().zip(now) {
            spread += (x - lag_mean) * (x - lag_mean);
            common += (x - lag_mean) * (y - now_mean);
        }
        let slope = if spread > 0.0 { (common / spread).clamp(0.0, 1.0) } else { 0.0 };
        let level = if slope < 1.0 { (now_mean - slope * lag_mean) / (1.0 - slope) } else { lag_mean };
        let residual = |(x, y): (&f64, &f64)| {
            let e = y - level - slope * (x - level);
            e * e
        };
        let variance = lag.iter().zip(now).map(residual).sum::<f64>() / (n - 2.0).max(1.0);
        Self { level, slope, variance }
    }

    fn members(&self, last: f64, horizon: usize) -> Vec<f64> {
        let (mut mean, mut variance) = (last, 0.0);
        for _ in 0..horizon {
            mean = self.level + self.slope * (mean - self.level);
            variance = self.slope * self.slope * variance + self.variance;
        }
        let sd = f64::sqrt(variance);
        (0..NORMAL_MEMBERS).map(|i| mean + sd * normal_quantile((i as f64 + 0.5) / NORMAL_MEMBERS as f64)).collect()
    }
}

/// Years of the past that tell the size of a yearly change.
const RECENT: usize = 10;

/// Typical size of a yearly change: mean absolute change of the last ten years, `None` for a series that did not move in them.
pub fn scale(past: &[f64]) -> Option<f64> {
    let past = &past[past.len().saturating_sub(RECENT + 1)..];
    let n = past.len().saturating_sub(1);
    let total: f64 = past.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    (n > 0 && total > 0.0).then(|| total / n as f64)
}

/// A baseline on the whole past, or on the last years alone: after a break the older past misleads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Candidate {
    /// The baseline.
    pub baseline: Baseline,
    /// Whether it sees the last [`WINDOW`] values alone.
    pub recent: bool,
}

/// Values that a recent candidate sees.
pub const WINDOW: usize = 5;

impl Candidate {
    /// All of them; of two equally good ones the earlier is chosen.
    pub const ALL: [Self; 8] = {
        let mut all = [Self { baseline: Baseline::LastValue, recent: false }; 8];
        let mut i = 0;
        while i < 8 {
            all[i] = Self { baseline: Baseline::ALL[i % 4], recent: i >= 4 };
            i += 1;
        }
        all
    };

    /// Its name in tables.
    pub fn name(self) -> String {
        let years = if self.recent { " of 5 years" } else { "" };
        format!("{}{years}", self.baseline.name())
    }

    /// Members of the predictive distribution, as [`Baseline::members`].
    ///
    /// # Errors
    /// As [`Baseline::members`].
    pub fn members(self, past: &[f64], horizon: usize, bounds: (f64, f64)) -> Result<Vec<f64>, ScoreError> {
        let seen = if self.recent { &past[past.len().saturating_sub(WINDOW)..] } else { past };
        self.baseline.members(seen, horizon, bounds)
    }
}

/// The baseline that would have done best in the past: forecasts from every earlier year, scored on years up to the last, both from `pasts` alone.
///
/// Each past is one entity's, yearly, without gaps, ending at the origin; scores are in units of the entity's [`scale`] and are averaged over all.
/// Returns the mean scaled CRPS of each candidate too, `None` where nothing could be scored; the choice is then the last value.
///
/// # Errors
/// Values that are not finite, a horizon of 0.
pub fn choose(pasts: &[&[f64]], horizon: usize, bounds: (f64, f64)) -> Result<(Candidate, Option<[f64; 8]>), ScoreError> {
    let (mut totals, mut count) = ([0.0; 8], 0_u32);
    for past in pasts {
        let Some(unit) = scale(past) else { continue };
        for origin in LEAST_HISTORY..=past.len().saturating_sub(horizon) {
            count += 1;
            for (total, candidate) in totals.iter_mut().zip(Candidate::ALL) {
                *total += crps(&candidate.members(&past[..origin], horizon, bounds)?, past[origin + horizon - 1])? / unit;
            }
        }
    }
    if count == 0 {
        return Ok((Candidate::ALL[0], None));
    }
    let means = totals.map(|t| t / f64::from(count));
    let best = (0..means.len()).min_by(|a, b| means[*a].total_cmp(&means[*b])).unwrap_or(0);
    Ok((Candidate::ALL[best], Some(means)))
}

/// Chance of what happens or not, from the share of past years: `(k + 1/2) / (n + 1)`, never 0 or 1 (Jeffreys' prior).
pub fn climatology_of_events(happened: &[bool]) -> f64 {
    (happened.iter().filter(|y| **y).count() as f64 + 0.5) / (happened.len() as f64 + 1.0)
}

/// Picks the smallest mean Brier score among named forecasts, the earlier of equals; positions of the list.
///
/// # Errors
/// Probabilities outside 0 to 1 or lengths that differ.
pub fn best_of_events(forecasts: &[Vec<f64>], happened: &[bool]) -> Result<usize, ScoreError> {
    let mut best = (f64::INFINITY, 0);
    for (at, probabilities) in forecasts.iter().enumerate() {
        super::same_length("the forecasts", probabilities.len(), happened.len())?;
        let mut total = 0.0;
        for (p, y) in probabilities.iter().zip(happened) {
            total += super::brier(*p, *y)?;
        }
        if total < best.0 {
            best = (total, at);
        }
    }
    Ok(best.1)
}
