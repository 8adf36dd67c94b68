//! Stirling's error and the deviance: the parts of gamma and beta densities that lose no digits for large parameters.
//!
//! C. Loader, "Fast and accurate computation of binomial probabilities" (2000); the same two functions serve the Poisson, gamma and beta densities.

use crate::exponential::exp;
use crate::logarithm::{ln, ln_1p};

pub(crate) const HALF_LN_2PI: f64 = 0.918_938_533_204_672_8;
/// From here Stirling's series has double precision with eight terms.
pub(crate) const SERIES_FROM: f64 = 10.0;
/// B(2k) / (2k (2k - 1)): the coefficients of Stirling's series in odd powers of 1/x.
const STIRLING: [f64; 8] =
    [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360_360.0, 1.0 / 156.0, -3617.0 / 122_400.0];

/// Stirling's series for `x >= SERIES_FROM`.
pub(crate) fn stirling_series(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    inverse * STIRLING.iter().rev().fold(0.0, |sum, c| sum * square + c)
}

/// `ln gamma(x + 1) - (x + 1/2) ln x + x - ln(2 pi)/2` for `x > 0`.
pub(crate) fn stirling_error(x: f64) -> f64 {
    let mut x = x;
    let mut sum = 0.0;
    while x < SERIES_FROM {
        sum += (x + 0.5) * ln_1p(1.0 / x) - 1.0;
        x += 1.0;
    }
    sum + stirling_series(x)
}

/// The deviance `x ln(x/m) + m - x` for positive `x`, `m`, without cancellation when they are close.
pub(crate) fn deviance(x: f64, m: f64) -> f64 {
    let difference = x - m;
    if difference.abs() >= 0.1 * (x + m) {
        let ratio = x / m;
        // The ratio of a shape to a tiny argument may overflow.
        let ln_ratio = if ratio.is_normal() { ln(ratio) } else { ln(x) - ln(m) };
        return x * ln_ratio + m - x;
    }
    let v = difference / (x + m);
    let v2 = v * v;
    let mut sum = difference * v;
    let mut power = 2.0 * x * v;
    let mut odd = 3.0;
    loop {
        power *= v2;
        let next = sum + power / odd;
        if next == sum {
            return sum;
        }
        sum = next;
        odd += 2.0;
    }
}

/// `x^a e^-x / gamma(a + 1)` for positive `a` and `x`: the Poisson density at `a`, extended to real `a`.
pub(crate) fn poisson_density(a: f64, x: f64) -> f64 {
    exp(-stirling_error(a) - deviance(a, x)) / (std::f64::consts::TAU * a).sqrt()
}

/// `x^a y^b / B(a, b)` for positive `a`, `b` and `x + y = 1`.
pub(crate) fn beta_kernel(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let n = a + b;
    let correction = stirling_error(n) - stirling_error(a) - stirling_error(b);
    exp(correction - deviance(a, n * x) - deviance(b, n * y)) * (a / n * b / std::f64::consts::TAU).sqrt()
}
