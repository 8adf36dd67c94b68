//! Functions of sigmoid shape and the logit.

use crate::exponential::{exp, exp_m1};
use crate::logarithm::ln_1p;

/// The hyperbolic tangent.
///
/// Within 3 ulp; keeps the sign of zero; NaN gives NaN. Oracle: `libm::tanh`.
#[inline(always)]
pub fn tanh(x: f64) -> f64 {
    let t = exp_m1(-2.0 * x.abs());
    (-t / (t + 2.0)).copysign(x)
}

/// The logistic function `1 / (1 + e^-x)`.
///
/// Within 3 ulp over the whole range, also where the result is tiny. Oracle: `1/(1 + e^-x)` from `libm`, in the form that does not cancel.
#[inline(always)]
pub fn logistic(x: f64) -> f64 {
    let e = exp(-x.abs());
    let numerator = if x < 0.0 { e } else { 1.0 };
    numerator / (1.0 + e)
}

/// The logit `ln(p / (1 - p))`, the inverse of [`logistic`].
///
/// Within 3 ulp of the double `p`, near 1/2 too. 0 and 1 give the infinities, anything outside `[0, 1]` NaN. Oracle: mpmath.
#[inline(always)]
pub fn logit(p: f64) -> f64 {
    // ln(1 + (1 - 2 q)/q) with q the smaller of p and 1 - p; the numerator is exact where it could cancel.
    let smaller = if p < 0.5 { p } else { 1.0 - p };
    ln_1p((2.0 * p - 1.0).abs() / smaller).copysign(p - 0.5)
}

/// Rational saturation `3 z / sqrt(8 + z^2)`: 1 at 1, slope about 1 at zero, limits -3 and 3.
///
/// The response of a link to its standardised source: linear for ordinary deviations, bounded in a crisis, without a transcendental function.
/// Infinity gives NaN.
#[inline(always)]
pub fn saturate(z: f64) -> f64 {
    3.0 * z / (8.0 + z * z).sqrt()
}
