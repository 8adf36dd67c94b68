//! Stochastic debt paths from given standard normals, their quantiles and threshold probabilities.

use super::{Conditions, debt_factor, debt_step};

/// Number of shocks per period, in the order growth, inflation, depreciation, primary balance.
pub const SHOCKS: usize = 4;

/// Why a fan could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum DebtError {
    /// A slice whose length does not fit the others.
    #[error("{what} needs {expected} numbers, {given} were given")]
    Length {
        /// Which slice.
        what: &'static str,
        /// Length expected.
        expected: usize,
        /// Length given.
        given: usize,
    },
    /// No values to summarise.
    #[error("no values to take a quantile or a share of")]
    Empty,
    /// A probability outside 0 to 1.
    #[error("probability {0} is not between 0 and 1")]
    Probability(f64),
    /// A value that is not a number.
    #[error("value {0} is not a number")]
    NotANumber(usize),
}

/// Debt under correlated AR(1) shocks around base conditions, with a fiscal reaction to debt.
///
/// Shocks follow `u_t = persistence * u_{t-1} + L z_t` with `u_0 = 0`. The primary balance is its base, plus its shock, plus `reaction` times the
/// excess of debt at the start of the period over debt at the start of the path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FanModel {
    /// Debt at the start.
    pub start: f64,
    /// Base conditions, the same in every period.
    pub base: Conditions,
    /// AR(1) coefficient of each shock.
    pub persistence: [f64; SHOCKS],
    /// Lower Cholesky factor of the innovations' covariance, row-major, from [`crate::linear::covariance_factor`].
    pub factor: [f64; SHOCKS * SHOCKS],
    /// Response of the primary balance to debt.
    pub reaction: f64,
}

impl FanModel {
    /// Writes one path, periods 0 to n, from `SHOCKS * n` standard normals (period by period).
    ///
    /// # Errors
    /// Lengths that do not fit.
    pub fn path(&self, normals: &[f64], debt: &mut [f64]) -> Result<(), DebtError> {
        let periods = normals.len() / SHOCKS;
        if !normals.len().is_multiple_of(SHOCKS) {
            return Err(DebtError::Length { what: "the normals of a path", expected: periods * SHOCKS, given: normals.len() });
        }
        if debt.len() != periods + 1 {
            return Err(DebtError::Length { what: "a debt path", expected: periods + 1, given: debt.len() });
        }
        let base = &self.base;
        let mut shock = [0.0; SHOCKS];
        debt[0] = self.start;
        for (period, z) in normals.chunks_exact(SHOCKS).enumerate() {
            for i in 0..SHOCKS {
                let row = &self.factor[i * SHOCKS..=i * SHOCKS + i];
                let innovation: f64 = row.iter().zip(z).map(|(l, z)| l * z).sum();
                shock[i] = self.persistence[i] * shock[i] + innovation;
            }
            let at_start = debt[period];
            let balance = base.primary_balance + shock[3] + self.reaction * (at_start - self.start);
            let factor = debt_factor(
                base.domestic_rate,
                base.foreign_rate,
                base.depreciation + shock[2],
                base.growth + shock[0],
                base.inflation + shock[1],
                base.foreign_share,
            );
            debt[period + 1] = debt_step(at_start, factor, balance, base.other_flows);
        }
        Ok(())
    }
}

/// The `probability` quantile of `values` by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996); sorts `values`.
///
/// # Errors
/// No values, a NaN, or a probability outside 0 to 1.
pub fn quantile(values: &mut [f64], probability: f64) -> Result<f64, DebtError> {
    if values.is_empty() {
        return Err(DebtError::Empty);
    }
    if !(0.0..=1.0).contains(&probability) {
        return Err(DebtError::Probability(probability));
    }
    if let Some(at) = values.iter().position(|v| v.is_nan()) {
        return Err(DebtError::NotANumber(at));
    }
    values.sort_unstable_by(f64::total_cmp);
    let position = probability * (values.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(values.len() - 1);
    let weight = position - below as f64;
    Ok(values[below] + (values[above] - values[below]) * weight)
}

/// The share of `values` above `threshold`.
///
/// # Errors
/// No values.
pub fn share_above(values: &[f64], threshold: f64) -> Result<f64, DebtError> {
    if values.is_empty() {
        return Err(DebtError::Empty);
    }
    let count = values.iter().filter(|v| **v > threshold).count();
    Ok(count as f64 / values.len() as f64)
}
