//! The equations of the outside world, scalar and pure.

use oxus_math::{exp, ln};
use oxus_numerics::mean_reversion::{OuStep, ou_step};

/// One month, in years.
pub const MONTH: f64 = 1.0 / 12.0;

/// Log of the oil price a month later: an exact step of the log Ornstein-Uhlenbeck process of Schwartz, J. Finance 52 (1997), model 1.
///
/// `level` is the price (USD/bbl, above 0) whose logarithm the process reverts to, `speed` per year, `volatility` per root of a year.
/// Oracle: the closed-form moments of the transition (tests).
#[inline(always)]
pub fn oil_log(now: f64, level: f64, speed: f64, volatility: f64, z: f64) -> f64 {
    ou_step(now, ln(level), OuStep::new(speed, volatility, MONTH), z)
}

/// Log of the gas netback a month later: contracts follow the price of oil with a delay (years) and an elasticity, with shocks of their own.
///
/// `base` is the log netback at the origin and `oil_rise` the log of the oil price less that at the origin.
#[inline(always)]
pub fn netback_log(now: f64, base: f64, elasticity: f64, oil_rise: f64, delay: f64, volatility: f64, z: f64) -> f64 {
    ou_step(now, base + elasticity * oil_rise, OuStep::new(1.0 / delay, volatility, MONTH), z)
}

/// A standard normal that shares the part `loading` (in `[-1, 1]`) with a common one.
#[inline(always)]
pub fn shared_normal(loading: f64, common: f64, own: f64) -> f64 {
    loading * common + (1.0 - loading * loading).max(0.0).sqrt() * own
}

/// Growth of a power, annualised: trend, shift of it, effect of an oil price above its own recent past, deviation.
#[inline(always)]
pub fn power_growth(trend: f64, shift: f64, by_oil: f64, oil_gap: f64, deviation: f64) -> f64 {
    trend + shift + by_oil * oil_gap + deviation
}

/// Points in time of a path, months after the origin.
pub const KNOTS: [f64; 5] = [0.0, 12.0, 24.0, 48.0, 84.0];

/// Where a path lies between two of its [`KNOTS`]: the position of the first of the two and the weight of the second.
pub fn place_on_path(months: f64) -> (usize, f64) {
    let last = KNOTS.len() - 1;
    if months >= KNOTS[last] {
        return (last - 1, 1.0);
    }
    let at = KNOTS.iter().rposition(|&k| k <= months).unwrap_or(0);
    (at, (months - KNOTS[at]).max(0.0) / (KNOTS[at + 1] - KNOTS[at]))
}

/// A planned path with multiplicative noise: `(1 - weight) before + weight after`, times `exp(noise)`; zero stays zero.
#[inline(always)]
pub fn on_path(before: f64, after: f64, weight: f64, noise: f64) -> f64 {
    ((1.0 - weight) * before + weight * after).max(0.0) * exp(noise)
}

/// A deviation that fades: an exact step of an Ornstein-Uhlenbeck process around 0.
#[inline(always)]
pub fn fading(now: f64, speed: f64, volatility: f64, z: f64) -> f64 {
    ou_step(now, 0.0, OuStep::new(speed, volatility, MONTH), z)
}

/// The world interest rate from its shadow: never below zero (Black, J. Finance 50 (1995)).
#[inline(always)]
pub fn rate_from_shadow(shadow: f64) -> f64 {
    shadow.max(0.0)
}
