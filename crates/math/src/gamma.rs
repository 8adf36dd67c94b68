//! The logarithm of the gamma function and the incomplete gamma functions.

use crate::exponential::exp;
use crate::invert::positive_quantile;
use crate::logarithm::ln;
use crate::normal::normal_quantile;
use crate::prefix::{HALF_LN_2PI, SERIES_FROM, poisson_density, stirling_series};

/// Terms until a series or continued fraction must have converged: it takes some `10 sqrt(a)`, so this is enough for `a` up to 1e9.
const MAX_TERMS: usize = 500_000;
/// Lentz's stand-in for zero.
const TINY: f64 = 1e-300;

/// Logarithm of the gamma function, for `x > 0`.
///
/// Error below `1e-14 max(1, |ln gamma(x)|)` (absolute near the zeros 1 and 2). Zero gives infinity, a negative number NaN. Method: Stirling's series,
/// after the recurrence `gamma(x + 1) = x gamma(x)` for small `x`. Oracle: mpmath.
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 || x == f64::INFINITY {
        return f64::INFINITY;
    }
    let mut shifted = x;
    let mut product = 1.0;
    while shifted < SERIES_FROM {
        product *= shifted;
        shifted += 1.0;
    }
    (shifted - 0.5) * ln(shifted) - shifted + HALF_LN_2PI + stirling_series(shifted) - ln(product)
}

/// The lower incomplete gamma ratio and the upper one, `(P, Q)`, for positive finite arguments.
fn ratios(a: f64, x: f64) -> (f64, f64) {
    if x < a + 1.0 {
        let p = (poisson_density(a, x) * series(a, x)).min(1.0);
        (p, 1.0 - p)
    } else {
        let q = (poisson_density(a, x) * a * continued_fraction(a, x)).min(1.0);
        (1.0 - q, q)
    }
}

/// `sum of x^n / ((a + 1) ... (a + n))`, NIST Digital Library of Mathematical Functions 8.11.4.
fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut divisor = a;
    for _ in 0..MAX_TERMS {
        divisor += 1.0;
        term *= x / divisor;
        sum += term;
        if term < sum * (0.25 * f64::EPSILON) {
            break;
        }
    }
    sum
}

/// `Q(a, x) gamma(a) / (x^a e^-x)`, DLMF 8.9.2 in even form, by the modified method of Lentz (Thompson and Barnett 1986).
fn continued_fraction(a: f64, x: f64) -> f64 {
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for i in 1..MAX_TERMS {
        let i = i as f64;
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / non_zero(numerator * d + b);
        c = non_zero(b + numerator / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

pub(crate) fn non_zero(x: f64) -> f64 {
    if x.abs() < TINY { TINY } else { x }
}

/// The regularised lower incomplete gamma function `P(a, x)`: the distribution function at `x` of a gamma variable with shape `a` and scale 1.
///
/// Domain `a > 0`; `x <= 0` gives 0. Relative error below 1e-13 for `a` up to 1e6 where the result is at most 1/2, absolute otherwise.
/// A shape that is not positive gives NaN. Oracle: mpmath.
pub fn gamma_p(a: f64, x: f64) -> f64 {
    edge(a, x).unwrap_or_else(|| ratios(a, x).0)
}

/// The regularised upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`.
///
/// As [`gamma_p`]; the relative error holds in the upper tail, `x > a + 1`. Oracle: mpmath.
pub fn gamma_q(a: f64, x: f64) -> f64 {
    edge(a, x).map_or_else(|| ratios(a, x).1, |p| 1.0 - p)
}

/// `P(a, x)` where no formula is needed.
fn edge(a: f64, x: f64) -> Option<f64> {
    if a.is_nan() || x.is_nan() || a <= 0.0 || a == f64::INFINITY {
        Some(f64::NAN)
    } else if x <= 0.0 {
        Some(0.0)
    } else if x == f64::INFINITY {
        Some(1.0)
    } else {
        None
    }
}

/// The `x` with `P(a, x) = p`: the quantile function of a gamma variable with shape `a` and scale 1.
///
/// Domain `a > 0`, `0 <= p <= 1` (else NaN). `P(a, result)` is within 1e-13 of `p`, relatively so in the lower tail.
/// Method: Wilson and Hilferty's approximation, or the leading power of `x`, refined by bracketed Newton steps. Oracle: mpmath.
pub fn gamma_p_inverse(a: f64, p: f64) -> f64 {
    if a.is_nan() || a <= 0.0 || a == f64::INFINITY || !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    if p == 0.0 {
        return 0.0;
    }
    if p == 1.0 {
        return f64::INFINITY;
    }
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + normal_quantile(p) * ninth.sqrt();
    let wilson_hilferty = a * root * root * root;
    // P(a, x) is about x^a / gamma(a + 1) for small x.
    let leading = exp((ln(p) + ln_gamma(a + 1.0)) / a);
    let start = if root <= 0.0 || leading < 0.2 * (a + 1.0) { leading } else { wilson_hilferty };
    let evaluate = |x: f64| (ratios(a, x).0, poisson_density(a, x) * a / x);
    positive_quantile(evaluate, p, start, f64::MAX)
}
