//! The equations of unrest as plain functions of numbers.

use oxus_math::{exp, ln, logistic, pow};

/// Smallest crowd that counts as a protest, persons: the definition of the Mass Mobilization Protest Data (Clark and Regan), on which the
/// rates are estimated.
pub const LEAST_PARTICIPANTS: f64 = 50.0;
/// Crowd from which a single protest makes a revolt, persons (definition of S018 and S019).
pub const REVOLT_PARTICIPANTS: f64 = 10_000.0;
/// Protests within the window from which they make a revolt.
pub const REVOLT_PROTESTS: usize = 5;
/// Length of the window of a revolt, 30 days, in months of 30.436875 days.
pub const REVOLT_WINDOW: f64 = 30.0 / 30.436_875;
/// Calm that must come before a revolt, 90 days, in months.
pub const REVOLT_CALM: f64 = 90.0 / 30.436_875;

/// Quantile of a power law on `[low, high]` with density proportional to `x^-exponent`.
///
/// `u` in (0, 1), `exponent` above 1, `0 < low <= high`. Source: Clauset, Young and Gleditsch, J. Conflict Resolution 51 (2007), for the
/// form; truncation by inversion of the conditional distribution. Oracle: the distribution function inverted by hand (tests).
#[inline(always)]
pub fn power_law_quantile(u: f64, exponent: f64, low: f64, high: f64) -> f64 {
    power_law_quantile_kept(u, exponent, low, high, power_law_kept(exponent, low, high))
}

/// Part of the untruncated power law above `low` that lies below `high`: `1 - (low / high)^(exponent - 1)`.
#[inline(always)]
pub fn power_law_kept(exponent: f64, low: f64, high: f64) -> f64 {
    1.0 - pow(low / high, exponent - 1.0)
}

/// [`power_law_quantile`] with [`power_law_kept`] at hand.
#[inline(always)]
pub fn power_law_quantile_kept(u: f64, exponent: f64, low: f64, high: f64, kept: f64) -> f64 {
    (low * pow(1.0 - u * kept, -1.0 / (exponent - 1.0))).min(high)
}

/// Number of offspring: the quantile of a Poisson variable at `u`. Most events have none, which `exp(-mean) >= 1 - mean` tells without an
/// exponential; the allowance is that of [`oxus_math::poisson_cdf`].
pub fn offspring(u: f64, mean: f64) -> u64 {
    if u < 1.0 - mean - 1e-12 { 0 } else { oxus_math::poisson_quantile(u, mean) as u64 }
}

/// Mean of `X^power` for the power law of [`power_law_quantile`].
pub fn power_law_moment(power: f64, exponent: f64, low: f64, high: f64) -> f64 {
    if low >= high {
        return pow(low, power);
    }
    let k = exponent - 1.0;
    let scale = k * pow(low, k) / (1.0 - pow(low / high, k));
    let d = power - k;
    // the integral of x^(d-1); its limit where d vanishes is a logarithm
    let integral = if d.abs() < 1e-9 { ln(high / low) } else { (pow(high, d) - pow(low, d)) / d };
    scale * integral
}

/// Weight of an event as a source of others, by its size: `size^power` over the mean of that, so that the mean weight is 1 and the
/// branching matrix alone decides on stability (marked Hawkes process; Ogata, JASA 83 (1988), for the productivity law).
#[inline(always)]
pub fn power_law_mark(size: f64, power: f64, mean: f64) -> f64 {
    pow(size, power) / mean
}

/// The same for a log-normal size, by its normal score: `exp(power sigma z - (power sigma)^2 / 2)`, mean 1.
#[inline(always)]
pub fn log_normal_mark(z: f64, power: f64, sigma: f64) -> f64 {
    let s = power * sigma;
    exp(s * z - 0.5 * s * s)
}

/// Chance that the state's answer to an event kills: `logistic(logit(base) + by_repression (repression - reference) + by_size ln(ratio) +
/// shift)`, with the size of the event relative to the usual one.
#[inline(always)]
pub fn lethal_probability(base_logit: f64, by_repression: f64, repression_rise: f64, by_size: f64, ln_size_ratio: f64, shift: f64) -> f64 {
    logistic(base_logit + by_repression * repression_rise + by_size * ln_size_ratio + shift)
}

/// Next year's log effect of a first-order autoregression with stationary deviation `sigma`: `rho e + sqrt(1 - rho^2) sigma z`.
#[inline(always)]
pub fn year_effect(last: f64, rho: f64, sigma: f64, z: f64) -> f64 {
    rho * last + (1.0 - rho * rho).max(0.0).sqrt() * sigma * z
}

/// Effect of the year before the first, read off the count of that year: `ln((count + 1/2) / (rate + 1/2))`, the half keeping a year
/// without events finite (Anscombe's correction for counts).
pub fn first_year_effect(count: f64, rate: f64) -> f64 {
    ln((count + 0.5) / (rate + 0.5))
}

/// Part of the way to its target that something with a time constant of `months` goes in a month, at most the whole.
#[inline(always)]
pub fn speed(months: f64) -> f64 {
    (1.0 / months).min(1.0)
}

/// One month of relaxation to a target: `x + (target - x) speed`.
#[inline(always)]
pub fn relax(x: f64, target: f64, speed: f64) -> f64 {
    x + (target - x) * speed
}

/// Target of grievance in [0, 1]: its base, plus repression above its level at the origin, plus the remembered dead (per million, half
/// of the effect at ten), plus what links add. Davenport, Annu. Rev. Polit. Sci. 10 (2007): repression silences at once and embitters
/// over years.
#[inline(always)]
pub fn grievance_target(base: f64, by_repression: f64, repression_rise: f64, by_deaths: f64, remembered: f64, shift: f64) -> f64 {
    (base + by_repression * repression_rise + by_deaths * remembered / (remembered + 10.0) + shift).clamp(0.0, 1.0)
}

/// Log rate taken off protest by lethal answers of the last months: `effect x / (1 + x)`, bounded by `effect`.
#[inline(always)]
pub fn deterrence(effect: f64, recent: f64) -> f64 {
    effect * recent / (1.0 + recent)
}

/// Level of unrest: `ln(1 + events of the last twelve months per million persons)`.
#[inline(always)]
pub fn level(events: f64, millions: f64) -> f64 {
    ln(1.0 + events / millions)
}

/// Immigrants of a kind for a total of `total` events where each triggers `own` of its own kind: `total (1 - own)`; what other kinds and
/// other places send comes on top.
pub fn background(total: f64, own: f64) -> f64 {
    total * (1.0 - own)
}

/// Log odds of a share, kept finite: shares are read as lying in [0.001, 0.999].
#[inline(always)]
pub fn log_odds(share: f64) -> f64 {
    let s = share.clamp(0.001, 0.999);
    ln(s / (1.0 - s))
}
