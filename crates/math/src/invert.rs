//! Inversion of distribution functions.

use crate::exponential::exp;
use crate::logarithm::ln;

/// Maps a float to an integer of the same order.
fn order(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

fn from_order(order: i64) -> f64 {
    f64::from_bits((if order < 0 { i64::MIN.wrapping_sub(order) } else { order }) as u64)
}

/// The float half way between two floats in the order of floats (so that tiny numbers are reached as fast as others).
fn middle(low: f64, high: f64) -> f64 {
    let (low, high) = (order(low), order(high));
    from_order((low >> 1) + (high >> 1) + (low & high & 1))
}

/// The smallest float in `[low, high]` at which the increasing function `f` reaches `target`; `high` if it does not.
///
/// Bisection over the floats themselves: at most 64 evaluations, exact to the last bit for a monotone `f`, deterministic.
pub fn smallest_reaching(f: impl Fn(f64) -> f64, target: f64, low: f64, high: f64) -> f64 {
    if f(low) >= target {
        return low;
    }
    let (mut low, mut high) = (low, high);
    loop {
        let x = middle(low, high);
        if x <= low || x >= high {
            return high;
        }
        if f(x) >= target {
            high = x;
        } else {
            low = x;
        }
    }
}

/// Solves `cdf(x) = p` on the positive axis by Newton's method in `ln x`, kept inside a shrinking bracket by bisection.
///
/// `evaluate` returns the distribution function and its density on `(0, end)`.
pub(crate) fn positive_quantile(evaluate: impl Fn(f64) -> (f64, f64), p: f64, start: f64, end: f64) -> f64 {
    /// Newton doubles the digits each time; bisection from the full range needs 64.
    const MAX_EVALUATIONS: usize = 100;
    /// Step of Newton's method, relative to the nearer end, after which the next would be lost in rounding.
    const CONVERGED: f64 = 1e-9;
    let (mut low, mut high) = (0.0, end);
    let mut x = if start > low && start < high { start } else { middle(low, high) };
    for _ in 0..MAX_EVALUATIONS {
        let (value, density) = evaluate(x);
        if value == p {
            return x;
        }
        if value < p {
            low = x;
        } else {
            high = x;
        }
        // Below the median ln F is close to linear in ln x; above, F itself is the better function.
        let newton = if value > 0.0 && value < 0.5 { x * exp(-value * ln(value / p) / (x * density)) } else { x - (value - p) / density };
        let next = if newton > low && newton < high { newton } else { middle(low, high) };
        // Newton squares the error: after a step this small what is left lies below the rounding of the distribution function. A bisection
        // says nothing of the kind and goes on to the last digits.
        let enough = if next == newton { CONVERGED * x.min(end - x) } else { 2.0 * f64::EPSILON * x };
        if (next - x).abs() <= enough {
            return next;
        }
        x = next;
    }
    x
}
