//! One autoregression of order one for several short series with own means.

use super::{EstimateError, least_squares};

/// A fitted autoregression.
#[derive(Clone, Debug, PartialEq)]
pub struct Autoregression {
    /// Coefficient on the value of the year before, least squares.
    pub raw: f64,
    /// The same with its small-sample bias taken out.
    pub persistence: f64,
    /// Standard error of `persistence`: that of `raw` (equal variances), stretched as the correction stretches it.
    pub error: f64,
    /// Standard deviation of the innovations.
    pub innovation: f64,
    /// Pairs of years.
    pub pairs: usize,
    /// What is left of each pair, series after series.
    pub residuals: Vec<f64>,
}

/// Fits `x_t = mean_i (1 - persistence) + persistence x_(t-1) + e` to pairs of values of several series.
///
/// With a mean of its own, a series of T pairs has `raw` below the truth by `(1 + 3 phi) / T` (Kendall, Biometrika 41, 1954; Marriott and Pope, ibid.);
/// of N series with one coefficient only the part `(1 + phi) / T` of the means stays (Nickell, Econometrica 49, 1981), the rest, `2 phi / T`, falls
/// with N. Both are added back at the estimate.
///
/// # Errors
/// As [`least_squares()`].
pub fn autoregression(series: &[Vec<(f64, f64)>]) -> Result<Autoregression, EstimateError> {
    let n = series.len();
    let pairs: usize = series.iter().map(Vec::len).sum();
    if n == 0 || pairs <= n + 1 {
        return Err(EstimateError::TooFew { rows: pairs, parameters: n + 1 });
    }
    let (mut design, mut y) = (Vec::with_capacity(pairs * (n + 1)), Vec::with_capacity(pairs));
    for (i, pairs) in series.iter().enumerate() {
        for &(before, now) in pairs {
            design.push(before);
            design.extend((0..n).map(|j| f64::from(u8::from(i == j))));
            y.push(now);
        }
    }
    let fit = least_squares(&design, n + 1, &y)?;
    let (raw, length) = (fit.coefficients[0], pairs as f64 / n as f64);
    let stretch = 1.0 + 1.0 / length + 2.0 / pairs as f64;
    Ok(Autoregression {
        raw,
        persistence: raw * stretch + 1.0 / length,
        error: fit.classical[0] * stretch,
        innovation: fit.deviation,
        pairs,
        residuals: fit.residuals,
    })
}
