//! The ladder of responses as an ordered logit, and what moves it.

use oxus_math::{ln, logistic, logit};

/// Rungs above "none": statement, demarche, money, police or border aid, deployment.
pub const RUNGS: usize = 5;

/// Thresholds of the ladder, log odds, not falling from rung to rung.
pub type Thresholds = [f64; RUNGS];

/// Thresholds from the first one and the gaps above it; `restraint` (0 where negative) is spread evenly over the gaps, so that it holds back
/// deeds and not words. Gaps below 0 count as 0.
#[inline(always)]
pub fn thresholds(first: f64, gaps: [f64; RUNGS - 1], restraint: f64) -> Thresholds {
    let each = restraint.max(0.0) / (RUNGS - 1) as f64;
    let mut out = [first; RUNGS];
    for (rung, gap) in gaps.iter().enumerate() {
        out[rung + 1] = out[rung] + gap.max(0.0) + each;
    }
    out
}

/// Thresholds with the first one moved by `by`, never above the second.
#[inline(always)]
pub fn with_first(mut at: Thresholds, by: f64) -> Thresholds {
    at[0] = (at[0] + by).min(at[1]);
    at
}

/// Probabilities of rung 0 (none) to 5 at the readiness `eta`: `P(level >= j) = logistic(eta - k_j)`.
///
/// Source: McCullagh (1980), proportional odds. Oracle: statsmodels' `OrderedModel` (tests).
pub fn probabilities(eta: f64, at: &Thresholds) -> [f64; RUNGS + 1] {
    let reached = |rung: usize| if rung == 0 { 1.0 } else { logistic(eta - at[rung - 1]) };
    std::array::from_fn(|level| if level == RUNGS { reached(RUNGS) } else { reached(level) - reached(level + 1) })
}

/// The rung that a draw reaches, given as the log odds of a uniform number `u`: the highest `j` with `u < P(level >= j)`.
#[inline(always)]
pub fn level(eta: f64, at: &Thresholds, draw: f64) -> usize {
    at.iter().map(|k| usize::from(draw < eta - k)).sum()
}

/// How far, in log odds, the draw was from falling short of a rung.
#[inline(always)]
pub fn margin(eta: f64, threshold: f64, uniform: f64) -> f64 {
    eta - threshold - logit(uniform)
}

/// Salience of deaths above what is usual: `max(0, ln((d + floor) / (usual + floor)))`.
#[inline(always)]
pub fn salience_of_deaths(deaths: f64, usual: f64, floor: f64) -> f64 {
    // no branch around the logarithm: that of one is zero exactly
    ln((deaths.max(usual) + floor) / (usual + floor))
}

/// What is remembered of a peak: the larger of what is left of it and what is new.
#[inline(always)]
pub fn remembered(before: f64, kept: f64, new: f64) -> f64 {
    (before * kept).max(new)
}

/// Exposure of a power in a state: `ln(1 + million USD / 1000)` of its sites, loans and a year's trade.
#[inline(always)]
pub fn exposure(sites: f64, loans: f64, trade: f64) -> f64 {
    ln(1.0 + (sites + loans + trade).max(0.0) / 1000.0)
}

/// What holds deeds back: `norm_weight norm - capacity_weight capacity`, relieved by the share `relief` where the power thinks again.
#[inline(always)]
pub fn restraint(norm: f64, norm_weight: f64, capacity: f64, capacity_weight: f64, relief: f64) -> f64 {
    (norm_weight * norm * (1.0 - relief.clamp(0.0, 1.0)) - capacity_weight * capacity).max(0.0)
}
