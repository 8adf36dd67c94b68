//! Scores of forecasts against what happened. All are negatively oriented: lower is better.
//!
//! A score is *proper* when the forecaster's expectation of it is lowest for the distribution the forecaster believes in, so that hedging does not pay
//! (Gneiting and Raftery, JASA 102, 2007). Ensembles are plain slices in any order. Oracle of all of them: `tests/reference/scoring`.

pub mod baselines;
mod binary;
mod bootstrap;
mod categorical;
mod ensemble;
mod interval;
mod multivariate;
mod parametric;
mod pit;

pub use binary::{Bin, Murphy, area_under_curve, brier, calibration_error, log_score, murphy, reliability_bins};
pub use bootstrap::{LEAST_BLOCKS, MeanInterval, block_bootstrap};
pub use categorical::ranked_probability;
pub use ensemble::{Weighted, crps, crps_fair, crps_threshold_weighted, dawid_sebastiani, quantile};
pub use interval::{covers, interval_score, quantile_score};
pub use multivariate::{energy_score, variogram_score};
pub use parametric::{crps_normal, log_score_normal};
pub use pit::Pit;

#[cfg(test)]
mod tests;

/// Why a score could not be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// Nothing to score, or too little.
    #[error("{what} has {given} values; at least {least} are needed")]
    TooFew {
        /// Which input.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many are needed.
        least: usize,
    },
    /// A number that is not finite, or outside the domain.
    #[error("{what} has a value that is not {expected} (number {})", at + 1)]
    Domain {
        /// Which input.
        what: &'static str,
        /// Position.
        at: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// Lengths that do not fit.
    #[error("{what} has {given} values, not {expected}")]
    Length {
        /// Which input.
        what: &'static str,
        /// Its length.
        given: usize,
        /// The length needed.
        expected: usize,
    },
}

/// Refuses an input that is too short or holds what is not a finite number.
fn finite(what: &'static str, values: &[f64], least: usize) -> Result<(), ScoreError> {
    if values.len() < least {
        return Err(ScoreError::TooFew { what, given: values.len(), least });
    }
    within(what, values, "a finite number", f64::is_finite)
}

fn within(what: &'static str, values: &[f64], expected: &'static str, good: impl Fn(f64) -> bool) -> Result<(), ScoreError> {
    match values.iter().position(|x| !good(*x)) {
        Some(at) => Err(ScoreError::Domain { what, at, expected }),
        None => Ok(()),
    }
}

fn same_length(what: &'static str, given: usize, expected: usize) -> Result<(), ScoreError> {
    if given == expected { Ok(()) } else { Err(ScoreError::Length { what, given, expected }) }
}
