//! Predictive distributions of one year of one entity, scored: the model's, and those of the baselines.

use oxus_analysis::scoring::baselines::{best_of_events, climatology_of_events};
use oxus_analysis::scoring::{Pit, ScoreError, brier, covers, crps, interval_score, log_score, quantile};
use oxus_diag::{Diagnostic, Diagnostics, codes};

/// Share of futures inside the interval that is scored.
pub(super) const INSIDE: f64 = 0.8;

/// Scores of one ensemble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberScore {
    /// Continuous ranked probability score, in the series' unit.
    pub crps: f64,
    /// Score of the central 80 % interval.
    pub interval: f64,
    /// Whether that interval held the value.
    pub covered: bool,
    /// Where the value stands among the members.
    pub pit: Pit,
}

impl NumberScore {
    /// Scores members against the value.
    pub(super) fn of(members: &[f64], observed: f64) -> Result<Self, ScoreError> {
        let tail = 0.5 * (1.0 - INSIDE);
        let (low, high) = (quantile(members, tail)?, quantile(members, 1.0 - tail)?);
        Ok(Self {
            crps: crps(members, observed)?,
            interval: interval_score(low, high, 1.0 - INSIDE, observed)?,
            covered: covers((low, high), observed),
            pit: Pit::of(members, observed)?,
        })
    }
}

/// Scores of one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventScore {
    /// The probability.
    pub probability: f64,
    /// Brier score.
    pub brier: f64,
    /// Logarithmic score.
    pub log: f64,
}

impl EventScore {
    pub(super) fn of(probability: f64, happened: bool) -> Result<Self, ScoreError> {
        Ok(Self { probability, brier: brier(probability, happened)?, log: log_score(probability, happened)? })
    }
}

/// Share of members at or above a threshold, never 0 or 1: `(k + 1/2) / (n + 1)`, so that no member can make a score infinite.
pub(super) fn share(members: &[f64], threshold: f64) -> f64 {
    let k = members.iter().filter(|x| **x >= threshold).count() as f64;
    (k + 0.5) / (members.len() as f64 + 1.0)
}

/// Baselines of what happens or not, from all entities' pasts up to the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EventBaseline {
    /// The entity's own share of years.
    Own,
    /// The share of all entities' years.
    Pooled,
    /// The regression on regime, income and recent conflict.
    Regression,
}

impl EventBaseline {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Own => "climatology",
            Self::Pooled => "climatology of all",
            Self::Regression => "Polity logit",
        }
    }
}

/// A regression's probability for an entity (position) after a year, from data up to that year alone.
pub(super) type Regress<'a> = &'a dyn Fn(usize, i32) -> Option<f64>;

/// Pasts of all entities: by entity the years in order, each with whether it happened.
pub(super) struct Pasts {
    /// Last year of each.
    pub origin: i32,
    /// Happened, by entity; the last value is that of the origin.
    pub entities: Vec<Vec<bool>>,
}

impl Pasts {
    /// Probability of each baseline for an entity `horizon` years after `back` years before the origin; `None` where data are too few.
    fn probabilities(&self, entity: usize, back: usize, regress: Regress<'_>) -> Option<[f64; 3]> {
        let own = self.entities[entity].len().checked_sub(back).filter(|n| *n >= 1).map(|n| &self.entities[entity][..n])?;
        let all: Vec<bool> = self.entities.iter().flat_map(|past| past[..past.len().saturating_sub(back)].iter().copied()).collect();
        let regression = regress(entity, self.origin - back as i32);
        let pooled = climatology_of_events(&all);
        Some([climatology_of_events(own), pooled, regression.unwrap_or(pooled)])
    }

    /// The baseline that would have done best in the past, and its probability for each entity at the origin.
    pub(super) fn choose(&self, horizon: usize, regress: Regress<'_>) -> Result<(EventBaseline, Vec<f64>), ScoreError> {
        let mut forecasts = vec![Vec::new(); 3];
        let mut happened = Vec::new();
        for (entity, past) in self.entities.iter().enumerate() {
            // forecasts made at least three years into the series, for years up to the origin
            for back in (horizon..past.len().saturating_sub(2)).rev() {
                let Some(list) = self.probabilities(entity, back, regress) else { continue };
                for (forecast, p) in forecasts.iter_mut().zip(list) {
                    forecast.push(p);
                }
                happened.push(past[past.len() - 1 - back + horizon]);
            }
        }
        let best = best_of_events(&forecasts, &happened)?;
        let chosen = [EventBaseline::Own, EventBaseline::Pooled, EventBaseline::Regression][best];
        let now = (0..self.entities.len()).map(|e| self.probabilities(e, 0, regress).map_or(0.5, |list| list[best]));
        Ok((chosen, now.collect()))
    }
}

/// A score that cannot be computed on checked data is a fault of ours or of the table; it ends the command.
pub(super) fn refuse(error: &ScoreError, what: &str) -> Diagnostics {
    let mut problems = Diagnostics::new();
    problems.push(Diagnostic::error(codes::A050, format!("{what} cannot be scored: {error}")));
    problems
}
