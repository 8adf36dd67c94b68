//! Stopping when an interval is narrow enough: a fixed-width sequential rule (Chow and Robbins 1965, Ann. Math. Stat. 36), looked at only when the
//! number of draws has doubled, so that there are few looks at which a variance that is small by chance can stop the run.
//!
//! The promise is the width asked for: the estimate, plus or minus `width`. The half-width in the tables is smaller than that when the run stops,
//! and is an interval chosen for being narrow: by the test of coverage below it holds the truth a little less often than it says.

use crate::paired::Paired;

/// Draws of the first look: with fewer, a normal interval is too narrow, and rare outcomes have not been seen.
pub const FIRST_DRAWS: u32 = 64;
/// Draws in which a number that is no chance must have moved before its variance is believed.
pub const LEAST_MOVED: u64 = 10;

/// Half-width that the rule looks at: the Monte Carlo half-width; of a chance at least `3 / draws`, the rule of three (Hanley and Lippman-Hand 1983,
/// JAMA 249), because an outcome that never happened yet has no variance. Infinite for another number that moved in too few draws.
pub fn half_width(paired: &Paired, binary: bool) -> f64 {
    let Some(summary) = paired.summary() else { return f64::INFINITY };
    match summary.monte_carlo {
        h if h.is_nan() => f64::INFINITY,
        h if binary => h.max(3.0 / summary.draws as f64),
        _ if paired.moved() < LEAST_MOVED => f64::INFINITY,
        h => h,
    }
}

/// Numbers of draws at which to look: multiples of `whole` draws, doubling from the first with at least [`FIRST_DRAWS`], then `most`.
pub fn looks(whole: u32, most: u32) -> Vec<u32> {
    let whole = whole.max(1);
    let first = whole.saturating_mul(FIRST_DRAWS.div_ceil(whole));
    let mut looks: Vec<u32> = std::iter::successors(Some(first), |n| n.checked_mul(2)).take_while(|n| *n < most).collect();
    looks.push(most);
    looks
}

#[cfg(test)]
mod tests;
