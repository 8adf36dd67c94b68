//! Estimation of an Ornstein-Uhlenbeck process from an evenly spaced series, and correlated shocks.

use oxus_math::ln;

/// Why a process could not be fitted or used.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum MeanReversionError {
    /// Fewer values than a regression of two coefficients and a variance needs.
    #[error("a series of {0} values is too short: at least 4 are needed")]
    TooShort(usize),
    /// A value that is not finite.
    #[error("value {0} is not a finite number")]
    NotFinite(usize),
    /// A time step that is not positive and finite.
    #[error("the time step must be positive and finite, not {0}")]
    TimeStep(f64),
    /// A series that does not vary.
    #[error("the series does not vary, so nothing can be estimated from it")]
    Constant,
    /// A series whose lag coefficient is outside (0, 1).
    #[error("the series does not revert to a mean: its lag coefficient is {0}, not between 0 and 1; model its differences instead")]
    NotReverting(f64),
    /// Slices whose lengths do not fit.
    #[error("{expected} numbers are expected, {given} were given")]
    Length {
        /// Length expected.
        expected: usize,
        /// Length given.
        given: usize,
    },
}

/// A fitted Ornstein-Uhlenbeck process, with its discrete form `x' = intercept + slope x + e`.
///
/// Standard errors are from the observed information at the maximum (conditional on the first value), carried to `speed`, `level` and
/// `volatility` by the delta method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OuFit {
    /// Speed of reversion per unit of time.
    pub speed: f64,
    /// Level reverted to.
    pub level: f64,
    /// Volatility per root of time.
    pub volatility: f64,
    /// Standard error of `speed`.
    pub speed_error: f64,
    /// Standard error of `level`.
    pub level_error: f64,
    /// Standard error of `volatility`.
    pub volatility_error: f64,
    /// Intercept of the regression on the lag.
    pub intercept: f64,
    /// Slope of the regression on the lag.
    pub slope: f64,
    /// Variance of its residuals (divided by their number).
    pub residual_variance: f64,
    /// Log-likelihood, conditional on the first value.
    pub log_likelihood: f64,
}

/// Fits an Ornstein-Uhlenbeck process to values `dt` apart by maximum likelihood, conditional on the first.
///
/// The speed is biased upwards in short series, by about 4 / (length of the series in time) (Tang and Chen, J. Econometrics 149, 2009).
///
/// # Errors
/// A series that is too short, not finite or constant, or whose slope on its lag is not between 0 and 1.
pub fn fit_ou(series: &[f64], dt: f64) -> Result<OuFit, MeanReversionError> {
    if series.len() < 4 {
        return Err(MeanReversionError::TooShort(series.len()));
    }
    if let Some(at) = series.iter().position(|x| !x.is_finite()) {
        return Err(MeanReversionError::NotFinite(at));
    }
    if !(dt > 0.0 && dt.is_finite()) {
        return Err(MeanReversionError::TimeStep(dt));
    }
    let n = (series.len() - 1) as f64;
    let lag = &series[..series.len() - 1];
    let now = &series[1..];
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let (lag_mean, now_mean) = (mean(lag), mean(now));
    let (mut spread, mut common) = (0.0, 0.0);
    for (x, y) in lag.iter().zip(now) {
        spread += (x - lag_mean) * (x - lag_mean);
        common += (x - lag_mean) * (y - now_mean);
    }
    if spread == 0.0 {
        return Err(MeanReversionError::Constant);
    }
    let slope = common / spread;
    let intercept = now_mean - slope * lag_mean;
    let residual_variance = lag
        .iter()
        .zip(now)
        .map(|(x, y)| {
            let e = (y - now_mean) - slope * (x - lag_mean);
            e * e
        })
        .sum::<f64>()
        / n;
    if !(slope > 0.0 && slope < 1.0) {
        return Err(MeanReversionError::NotReverting(slope));
    }
    if residual_variance == 0.0 {
        return Err(MeanReversionError::Constant);
    }
    let log_likelihood = -0.5 * n * (ln(2.0 * std::f64::consts::PI * residual_variance) + 1.0);
    Ok(continuous(Regression { n, intercept, slope, residual_variance, lag_mean, spread }, dt, log_likelihood))
}

/// A regression of a series on its lag.
struct Regression {
    n: f64,
    intercept: f64,
    slope: f64,
    residual_variance: f64,
    lag_mean: f64,
    spread: f64,
}

/// Carries the regression's estimates and errors over to continuous time.
fn continuous(r: Regression, dt: f64, log_likelihood: f64) -> OuFit {
    let b = r.slope;
    let speed = -ln(b) / dt;
    let level = r.intercept / (1.0 - b);
    let left = (1.0 - b) * (1.0 + b);
    let volatility = (2.0 * speed * r.residual_variance / left).sqrt();

    // Covariance of intercept and slope; the variance estimate is independent of both.
    let var_slope = r.residual_variance / r.spread;
    let var_intercept = r.residual_variance / r.n + r.lag_mean * r.lag_mean * var_slope;
    let covariance = -r.lag_mean * var_slope;
    let var_residual = 2.0 * r.residual_variance * r.residual_variance / r.n;

    let (by_intercept, by_slope) = (1.0 / (1.0 - b), level / (1.0 - b));
    let level_variance = by_intercept * by_intercept * var_intercept + by_slope * by_slope * var_slope + 2.0 * by_intercept * by_slope * covariance;
    // ln volatility = (ln speed + ln residual_variance - ln(1 - b²) + ln 2) / 2.
    let log_by_slope = 0.5 * (-1.0 / (b * dt * speed) + 2.0 * b / left);
    let log_by_residual = 0.5 / r.residual_variance;
    let volatility_error = volatility * (log_by_slope * log_by_slope * var_slope + log_by_residual * log_by_residual * var_residual).sqrt();
    OuFit {
        speed,
        level,
        volatility,
        speed_error: var_slope.sqrt() / (b * dt),
        level_error: level_variance.sqrt(),
        volatility_error,
        intercept: r.intercept,
        slope: b,
        residual_variance: r.residual_variance,
        log_likelihood,
    }
}

/// One step of several AR(1) deviations with correlated shocks: `x = persistence x + L z`, with L from [`crate::linear::covariance_factor`].
///
/// # Errors
/// Lengths that do not fit.
pub fn step_correlated_ar1(x: &mut [f64], persistence: &[f64], factor: &[f64], normals: &[f64]) -> Result<(), MeanReversionError> {
    let order = x.len();
    for (expected, given) in [(order, persistence.len()), (order * order, factor.len()), (order, normals.len())] {
        if expected != given {
            return Err(MeanReversionError::Length { expected, given });
        }
    }
    for i in 0..order {
        let row = &factor[i * order..=i * order + i];
        let shock = row.iter().zip(normals).map(|(l, z)| l * z).sum();
        x[i] = super::ar1_step(x[i], persistence[i], shock);
    }
    Ok(())
}
