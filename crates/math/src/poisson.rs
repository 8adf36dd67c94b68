//! The Poisson distribution.

use crate::exponential::exp;
use crate::gamma::gamma_q;
use crate::normal::normal_quantile;

/// Up to this mean the probabilities are summed from zero; above, the incomplete gamma function is faster. `e^-mean` stays far from underflow.
const SUM_UP_TO: f64 = 32.0;

/// Sums probabilities from zero while `keep_going(k, sum)`; returns the last k and its sum. A sum that no longer changes counts as 1.
fn accumulate(mean: f64, keep_going: impl Fn(f64, f64) -> bool) -> (f64, f64) {
    let mut k = 0.0;
    let mut term = exp(-mean);
    let mut sum = term;
    while keep_going(k, sum) {
        k += 1.0;
        term *= mean / k;
        let next = sum + term;
        if next == sum && k > mean {
            return (k, 1.0);
        }
        sum = next;
    }
    (k, sum)
}

/// The chance that a Poisson variable of the given mean is at most `k`.
///
/// Absolute error below 1e-14 for means up to 32, 1e-12 above. `k` below zero gives 0, a mean of zero 1, a negative or infinite mean NaN. Oracle: mpmath.
pub fn poisson_cdf(k: f64, mean: f64) -> f64 {
    if k.is_nan() || mean.is_nan() || mean < 0.0 || mean == f64::INFINITY {
        f64::NAN
    } else if k < 0.0 {
        0.0
    } else if mean == 0.0 || k == f64::INFINITY {
        1.0
    } else if mean <= SUM_UP_TO {
        let whole = k.floor();
        accumulate(mean, |k, _| k < whole).1
    } else {
        gamma_q(k.floor() + 1.0, mean)
    }
}

/// The quantile function of a Poisson variable: the smallest whole `k` with `poisson_cdf(k, mean) >= u`.
///
/// Exact with respect to [`poisson_cdf`], with which it shares its arithmetic. `u <= 0` gives 0, `u >= 1` infinity (0 for a mean of zero), a negative
/// or infinite mean or a NaN gives NaN. Increasing in `u` and in the mean, so that common random numbers stay paired. Oracle: scipy.
pub fn poisson_quantile(u: f64, mean: f64) -> f64 {
    if u.is_nan() || mean.is_nan() || mean < 0.0 || mean == f64::INFINITY {
        return f64::NAN;
    }
    if mean == 0.0 || u <= 0.0 {
        return 0.0;
    }
    if u >= 1.0 {
        return f64::INFINITY;
    }
    if mean <= SUM_UP_TO {
        return accumulate(mean, |_, sum| sum < u).0;
    }
    // Cornish and Fisher's expansion is within one or two of the answer; walk the rest.
    let z = normal_quantile(u);
    let mut k = (mean + z * mean.sqrt() + (z * z - 1.0) / 6.0).floor().max(0.0);
    while poisson_cdf(k, mean) < u {
        k += 1.0;
    }
    while k > 0.0 && poisson_cdf(k - 1.0, mean) >= u {
        k -= 1.0;
    }
    k
}
