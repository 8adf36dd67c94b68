//! The equations of the yearbook and of the coded indices as plain functions of numbers.

use oxus_math::exp;

use crate::monthly::MONTHS;

/// Sum over `count` months, the last of them `back` months before the origin, of what grows at the log `rate` a year and is 1 at the origin.
pub fn before_origin(rate: f64, back: usize, count: usize) -> f64 {
    (back..back + count).map(|month| exp(-rate * month as f64 / MONTHS)).sum()
}

/// Mean of the twelve months up to and with the origin of what grows at the log `rate` a year, against the origin.
///
/// Yearly figures of the origin are means of a year, the model's months start from its end: dividing by this joins the two.
/// Oracle: from such a mean to that of the next twelve months is exactly `exp(rate)` (tests).
pub fn year_before(rate: f64) -> f64 {
    before_origin(rate, 0, 12) / MONTHS
}

/// Percent by which `now` exceeds `before`, which is positive.
#[inline(always)]
pub fn rise(now: f64, before: f64) -> f64 {
    100.0 * (now / before - 1.0)
}

/// Percent that `part` is of `whole`; 0 of nothing.
#[inline(always)]
pub fn percent_of(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { 100.0 * part / whole } else { 0.0 }
}

/// Imports as published: the partner's figure where `own` is 0, and the part `retained` of it where the importer's own statistics (1) are shown.
#[inline(always)]
pub fn shown(mirror: f64, own: f64, retained: f64) -> f64 {
    mirror * (1.0 - own * (1.0 - retained))
}

/// Error of a coded index a year later: what persists of it, and a new valuation by `sigma z` in the years in which coders make one.
#[inline(always)]
pub fn valued(error: f64, persistence: f64, anew: bool, sigma: f64, z: f64) -> f64 {
    persistence * error + if anew { sigma * z } else { 0.0 }
}

/// A coded index: last observed value, `slope` times the change of what it measures, error; kept within its scale.
#[inline(always)]
pub fn coded(start: f64, slope: f64, change: f64, error: f64, (low, high): (f64, f64)) -> f64 {
    (start + slope * change + error).max(low).min(high)
}
