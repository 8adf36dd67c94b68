//! Global sensitivity analysis: which inputs the variance of an output rests on.
//!
//! - [`designs`]: where to evaluate: Saltelli blocks, Morris trajectories, the curves of eFAST.
//! - [`sobol`]: first-order, total and second-order indices of Saltelli blocks, with bootstrap intervals.
//! - [`morris`]: elementary effects and their summaries, for screening many inputs.
//! - [`efast`]: first-order and total indices from frequencies.
//!
//! An input may be a group of inputs that move together, and it may be chance itself: for a stochastic model the name of the noise (the replicate)
//! is one more input, whose index is the share of the variance that no knowledge of the other inputs removes (Saltelli, Annoni, Azzini, Campolongo,
//! Ratto and Tarantola 2010, Comput. Phys. Commun. 181:259-270; for noise as an input, Marrel, Iooss, Da Veiga and Ribatet 2012, Stat. Comput. 22:833-847).
//! Oracle: SALib 1.6.0 on saved samples (`tests/reference/sensitivity_discovery`); closed forms of the function of Ishigami and Homma.

pub mod designs;
pub mod efast;
pub mod morris;
pub mod sobol;

use oxus_random::Stream;
use serde::Serialize;

/// 97.5 % quantile of the standard normal.
const Z: f64 = 1.959_963_984_540_054;

/// An estimate with the half-width of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Index {
    /// The estimate.
    pub value: f64,
    /// 1.96 times its bootstrap standard deviation; NaN without resamples.
    pub half_width: f64,
}

impl Index {
    /// The estimate with an interval from its values on resamples.
    pub fn of(value: f64, resampled: &[f64]) -> Self {
        Self { value, half_width: Z * deviation(resampled) }
    }

    /// How many times as many rows bring the half-width down to `target` (it falls with their square root); at least 1.
    pub fn times_for(&self, target: f64) -> f64 {
        (self.half_width / target * (self.half_width / target)).max(1.0)
    }
}

/// Why nothing can be estimated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SensitivityError {
    /// The rows are not those of the design.
    #[error("{0}")]
    Layout(String),
    /// Every output is the same.
    #[error("the output is {0} in every row: there is no variance to explain")]
    NoVariance(f64),
    /// An output is not a number.
    #[error("the output of row {0} is not a finite number")]
    NotFinite(usize),
}

/// Refuses outputs that are not finite, or all the same.
fn usable(y: &[f64]) -> Result<(), SensitivityError> {
    if let Some(row) = y.iter().position(|v| !v.is_finite()) {
        return Err(SensitivityError::NotFinite(row + 1));
    }
    match y.first() {
        Some(first) if y.iter().all(|v| v == first) => Err(SensitivityError::NoVariance(*first)),
        Some(_) => Ok(()),
        None => Err(SensitivityError::Layout("there are no rows".into())),
    }
}

/// A whole number below n: the high part of a product of 64-bit words (bias below n / 2^64).
fn below(stream: &mut Stream, n: u64) -> u64 {
    ((u128::from(stream.next_u64()) * u128::from(n)) >> 64) as u64
}

/// Mean of a slice.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Sample standard deviation (n - 1); NaN for fewer than two values.
fn deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return f64::NAN;
    }
    let centre = mean(values);
    (values.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

#[cfg(test)]
mod tests;
