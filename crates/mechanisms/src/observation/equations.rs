//! The equations of observation as plain functions of numbers.

use oxus_math::{exp, exp_m1, ln, ln_1p};

/// Share of events that is reported: `(freedom / reference)^elasticity exp(shift)`, between 0 and 1.
///
/// Freedoms are limited to 0.001 from below. Events beyond the coverage of the reference cannot be added, hence the limit of 1.
pub fn coverage(freedom: f64, reference: f64, elasticity: f64, shift: f64) -> f64 {
    let ratio = freedom.max(1e-3) / reference.max(1e-3);
    exp(elasticity * ln(ratio) + shift).clamp(0.0, 1.0)
}

/// Number of `n` events that is reported, each with probability `share` on its own: binomial thinning, by one uniform an event.
///
/// Event number `i` always meets the `i`-th uniform, so that the result never falls when `n` or `share` rises and cases stay paired.
/// Source: Steutel and van Harn, Ann. Probab. 7 (1979). Oracle: mean `n share` and variance `n share (1 - share)` (tests).
pub fn thin(n: f64, share: f64, mut uniform: impl FnMut() -> f64) -> f64 {
    if share >= 1.0 {
        return n;
    }
    let whole = n.round() as u64;
    (0..whole).filter(|_| uniform() < share).count() as f64
}

/// The dead of one kind in a month as a file of conflict events has them: all or none. None below `least`.
#[inline(always)]
pub fn recorded(deaths: f64, least: f64, probability: f64, u: f64) -> f64 {
    if deaths >= least && u < probability { deaths } else { 0.0 }
}

/// Factor of the error of a count with mean 1: `exp(sigma z - sigma^2 / 2)`.
#[inline(always)]
pub fn count_error(sigma: f64, z: f64) -> f64 {
    exp(sigma * z - 0.5 * sigma * sigma)
}

/// Mean after one more value: `mean + (x - mean) / n`, `n` counting the new one.
#[inline(always)]
pub fn running_mean(mean: f64, x: f64, n: f64) -> f64 {
    mean + (x - mean) / n
}

/// Log rate a year of an annualised rate of growth, which is limited to -0.99 from below.
#[inline(always)]
pub fn log_rate(growth: f64) -> f64 {
    ln_1p(growth.max(-0.99))
}

/// Percent a year of a log rate a year.
#[inline(always)]
pub fn percent(log_rate: f64) -> f64 {
    100.0 * exp_m1(log_rate)
}
