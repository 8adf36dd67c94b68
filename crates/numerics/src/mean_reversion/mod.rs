//! Mean-reverting processes: Ornstein-Uhlenbeck, its exponential (Schwartz 1997, model 1), and AR(1) with correlated shocks.
//!
//! `dX = speed (level - X) dt + volatility dW`. Over any time step the transition is normal with known mean and variance, so simulation is
//! exact whatever the step, and the likelihood of an evenly spaced series is that of a linear regression on its lag.
//!
//! Sources: Uhlenbeck and Ornstein, Phys. Rev. 36 (1930); Schwartz, "The stochastic behavior of commodity prices", J. Finance 52 (1997).
//! Oracle: the closed-form moments; `tests/reference/mean_reversion` (statsmodels) for the fit.

mod fit;

#[cfg(test)]
mod tests;

pub use fit::{MeanReversionError, OuFit, fit_ou, step_correlated_ar1};

use oxus_math::{exp, exp_m1};

/// What one time step does to an Ornstein-Uhlenbeck process; made once, used every step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OuStep {
    /// Share of the distance from the level that remains: `exp(-speed dt)`.
    pub persistence: f64,
    /// Standard deviation of the shock: `volatility sqrt((1 - exp(-2 speed dt)) / (2 speed))`.
    pub deviation: f64,
}

impl OuStep {
    /// The step of length `dt`, at `speed` per unit of time and `volatility` per root of it. A speed of 0 gives a random walk.
    #[inline(always)]
    pub fn new(speed: f64, volatility: f64, dt: f64) -> Self {
        let x = -2.0 * speed * dt;
        let time = if x == 0.0 { dt } else { dt * (exp_m1(x) / x) };
        OuStep { persistence: exp(-speed * dt), deviation: volatility * time.sqrt() }
    }
}

/// One exact step of an Ornstein-Uhlenbeck process from `x`, driven by standard normal `z`.
#[inline(always)]
pub fn ou_step(x: f64, level: f64, step: OuStep, z: f64) -> f64 {
    level + (x - level) * step.persistence + step.deviation * z
}

/// One step of AR(1) deviations: `persistence * x + shock`.
#[inline(always)]
pub fn ar1_step(x: f64, persistence: f64, shock: f64) -> f64 {
    persistence * x + shock
}

/// Mean and variance of a process at a later time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// Mean.
    pub mean: f64,
    /// Variance.
    pub variance: f64,
}

/// Moments of an Ornstein-Uhlenbeck process `dt` after it was at `x`.
pub fn ou_moments(x: f64, level: f64, speed: f64, volatility: f64, dt: f64) -> Moments {
    let step = OuStep::new(speed, volatility, dt);
    Moments { mean: ou_step(x, level, step, 0.0), variance: step.deviation * step.deviation }
}

/// The level towards which the logarithm of a price reverts in Schwartz's model 1: `mean_log - volatility^2 / (2 speed)`.
///
/// The price follows `dS = speed (mean_log - ln S) S dt + volatility S dW`, and its logarithm an Ornstein-Uhlenbeck process.
#[inline(always)]
pub fn schwartz_log_level(mean_log: f64, speed: f64, volatility: f64) -> f64 {
    mean_log - volatility * volatility / (2.0 * speed)
}

/// Moments of a price `dt` after it was at `price`, when its logarithm is an Ornstein-Uhlenbeck process with level `log_level`.
///
/// Domain: `price > 0`.
pub fn log_ou_moments(price: f64, log_level: f64, speed: f64, volatility: f64, dt: f64) -> Moments {
    let log = ou_moments(oxus_math::ln(price), log_level, speed, volatility, dt);
    let mean = exp(log.mean + 0.5 * log.variance);
    Moments { mean, variance: mean * mean * exp_m1(log.variance) }
}
